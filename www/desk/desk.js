// The build puts pipit-desk.js and pipit-desk_bg.wasm next to this file.
import init from "./pipit-desk.js";

init();
