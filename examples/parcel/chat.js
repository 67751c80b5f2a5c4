// Puts the chat on the page.

import { createChat } from "pipit-chat";

createChat({ sessionEndpoint: "/session" });
