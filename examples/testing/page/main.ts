// The page under test: a shop with a chat. Your page has its own; the tests need to know where it gets its sessions.

import { createChat } from "pipit-chat";
import { showUnread } from "./unread";

// In production this is the address of your session endpoint. The tests name the one of the sandbox.
const sessionEndpoint = new URLSearchParams(location.search).get("session-endpoint") ?? "/chat-session";

showUnread(createChat({ sessionEndpoint }), document.querySelector("output")!);
