// Deep Chat (npm `deep-chat`), as its documentation embeds it, in the panel of `launcher.js`.

import "deep-chat";

/** Draws the chat into `place`. Returns the functions that the bench calls. */
export function show(place) {
  const chat = document.createElement("deep-chat");
  chat.connect = { url: "/post" };
  chat.style.width = "100%";
  chat.style.height = "100%";
  place.append(chat);
  return {
    receive: (texts) => texts.forEach((text) => chat.addMessage({ text, role: "ai" })),
    destroy: () => chat.remove(),
  };
}
