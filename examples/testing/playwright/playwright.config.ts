// Playwright starts the page and the sandbox (a chat server for tests), and ends them after the tests.

import { defineConfig } from "@playwright/test";

// A browser of your system. Without it, Playwright uses its own: `npx playwright install chromium`.
const executablePath = process.env.CHROMIUM_PATH;

export default defineConfig({
  testDir: ".",
  timeout: 20_000,
  outputDir: "../test-results",
  reporter: "list",
  // All tests share one sandbox, and each of them resets it.
  workers: 1,
  use: {
    baseURL: "http://localhost:5199",
    launchOptions: executablePath ? { executablePath } : {},
  },
  webServer: [
    { command: "npm run page", url: "http://localhost:5199", cwd: ".." },
    { command: "npm run sandbox", url: "http://127.0.0.1:8461/sandbox/state", cwd: "..", gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 } },
  ],
});
