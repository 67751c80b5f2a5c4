// The script of the page. The chat is in a file of its own.

import "./chat.js";

document.querySelector("h1").dataset.script = "loaded";
