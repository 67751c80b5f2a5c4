// A page with all its code in one classic script, built by esbuild. Such a build leaves the package's WASM modules and languages out,
// and has no `import.meta.url`. The build copies the files with `pipit-chat copy-assets`, and this page says where they are.

import { setAssetBase } from "pipit-chat";
import "../plain/main.js";

setAssetBase("pipit");
