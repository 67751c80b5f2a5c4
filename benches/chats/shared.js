// What the chats of this directory share: the style sheet of a panel, and the request that sends a message.

/** The style sheet of the launcher, the panel, the messages and the composer. */
export const PANEL_CSS = `
  :host { all: initial; font: 15px/1.4 system-ui, sans-serif; color: #1c2624 }
  button { font: inherit; border: 0; border-radius: 999px; background: #1f6f5c; color: #fff; cursor: pointer }
  .launcher { position: fixed; inset: auto 20px 20px auto; width: 60px; height: 60px; font-size: 24px }
  .panel { position: fixed; inset: auto 20px 96px auto; width: 384px; height: 560px; display: flex; flex-direction: column;
    border-radius: 20px; background: #fff; box-shadow: 0 8px 40px #0003; overflow: hidden }
  h2 { margin: 0; padding: 16px 20px; font-size: 16px; border-bottom: 1px solid #e4e9e8 }
  .list { flex: 1; padding: 16px; overflow: auto }
  .chunk { content-visibility: auto; contain-intrinsic-size: auto 1300px }
  .row { margin: 4px 0 4px auto; width: fit-content; max-width: 75%; padding: 8px 14px; border-radius: 16px;
    background: #1f6f5c; color: #fff; overflow-wrap: anywhere }
  form { display: flex; gap: 8px; padding: 12px; border-top: 1px solid #e4e9e8 }
  textarea { flex: 1; font: inherit; height: 24px; padding: 8px 14px; border: 1px solid #9aa; border-radius: 20px; resize: none }
  form button { padding: 0 16px }
`;

/** Gives a document or a shadow root a style sheet. */
export function adoptStyles(root, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}

/** Sends a message of the visitor to the bench's server. Its answer is not used. */
export function postMessage(text) {
  return fetch("/post", { method: "POST", body: JSON.stringify({ text }) });
}
