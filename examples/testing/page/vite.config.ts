// Serves the page under test.

import { defineConfig } from "vite";

// Vite would bundle the package for development, and lose its WASM modules.
export default defineConfig({ optimizeDeps: { exclude: ["pipit-chat"] } });
