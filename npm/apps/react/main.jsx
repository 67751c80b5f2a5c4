// A React page in StrictMode, which mounts each component twice. A button adds and removes a chat. Another button draws the
// components again, with new functions in the options. The page shows the chat's state, and the number of messages that were sent.
// The e2e tests use it (`tests/e2e/tests/apps.rs`).

import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { PipitChat, usePipit, usePipitEvent } from "pipit-chat/react";

/** Shows the state of the chat, which another component has put on the page. */
function Status({ drawings }) {
  const { chat, state } = usePipit();
  const [sent, setSent] = useState(0);
  usePipitEvent("message:sent", () => setSent(sent + 1));
  return <output data-drawings={drawings} data-sent={sent} data-unread={state.unread}>{chat && state.state !== "idle" ? state.state : "none"}</output>;
}

function App() {
  const [hasChat, setHasChat] = useState(true);
  const [drawings, setDrawings] = useState(0);
  const [errors, setErrors] = useState(0);
  return (
    <>
      <button id="toggle" onClick={() => setHasChat(!hasChat)}>{hasChat ? "Without a chat" : "With a chat"}</button>
      <button id="draw" onClick={() => setDrawings(drawings + 1)}>Draw again</button>
      <span id="errors">{errors}</span>
      {hasChat && <PipitChat sessionEndpoint="/session" title={`Drawing ${drawings}`} beforeSend={(text) => `${text} ${drawings}`} words={{}} on={{ error: () => setErrors(errors + 1) }} />}
      {hasChat && <Status drawings={drawings} />}
    </>
  );
}

createRoot(document.querySelector("#app")).render(<StrictMode><App /></StrictMode>);
