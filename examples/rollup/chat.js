// Puts the chat on the page. A build without the plugin leaves the files of the package out: `pipit-chat copy-assets` has put them into
// the directory `pipit` beside the page. With the plugin, `assetBase` is not needed, and does no harm where the files are copied too.

import { createChat } from "pipit-chat";

const assetBase = document.documentElement.dataset.assetBase;
createChat({ sessionEndpoint: "/session", ...(assetBase && { assetBase }) });
