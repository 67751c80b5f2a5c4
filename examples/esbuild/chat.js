// Puts the chat on the page. `pipit-chat copy-assets` has put the files of the package beside the page, into the directory `pipit`.

import { createChat } from "pipit-chat";

createChat({ sessionEndpoint: "/session", assetBase: "pipit" });
