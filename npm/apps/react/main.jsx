// A React page in StrictMode, which mounts each component twice. A button adds and removes a chat. The page shows the chat's state.
// The e2e tests use it (`tests/e2e/tests/apps.rs`).

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
  const [hasChat, setHasChat] = useState(true);
  return (
    <>
      <button id="toggle" onClick={() => setHasChat(!hasChat)}>{hasChat ? "Without a chat" : "With a chat"}</button>
      {hasChat && <Chat />}
    </>
  );
}

createRoot(document.querySelector("#app")).render(<StrictMode><App /></StrictMode>);
