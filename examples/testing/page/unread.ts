// A component of the page: shows how many messages of the chat the visitor has not read.

import type { Chat } from "pipit-chat";

export function showUnread(chat: Chat, output: HTMLOutputElement): void {
  chat.on("unread:changed", ({ count }) => {
    output.textContent = String(count);
  });
}
