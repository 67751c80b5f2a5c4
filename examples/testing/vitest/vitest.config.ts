// Vitest runs the tests in a real browser (browser mode), with the sandbox in the page: there is no server to start.

import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

// A browser of your system. Without it, Playwright uses its own: `npx playwright install chromium`.
const executablePath = process.env.CHROMIUM_PATH;

export default defineConfig({
  root: import.meta.dirname,
  // Vite would bundle the package for development, and lose its WASM modules.
  optimizeDeps: { exclude: ["pipit-chat"] },
  test: {
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright(executablePath ? { launchOptions: { executablePath } } : {}),
      instances: [{ browser: "chromium" }],
    },
  },
});
