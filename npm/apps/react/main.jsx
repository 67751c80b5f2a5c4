import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { createChat } from "pipit-chat";

function Chat() {
  const [state, setState] = useState("none");
  useEffect(() => {
    const chat = createChat({ sessionEndpoint: "/session" });
    chat.on("chat:queued", () => setState(chat.getState().state));
    return () => void chat.destroy();
  }, []);
  return <output>{state}</output>;
}

function App() {
  const [isThere, setIsThere] = useState(true);
  return (
    <>
      <button id="toggle" onClick={() => setIsThere(!isThere)}>{isThere ? "Without a chat" : "With a chat"}</button>
      {isThere && <Chat />}
    </>
  );
}

createRoot(document.querySelector("#app")).render(<StrictMode><App /></StrictMode>);
