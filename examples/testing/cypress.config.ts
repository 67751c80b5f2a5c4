// Cypress needs the page and the sandbox to run: `npm run page` and `npm run sandbox` in two other terminals.

import { defineConfig } from "cypress";

export default defineConfig({
  e2e: {
    baseUrl: "http://localhost:5199",
    specPattern: "cypress/e2e/*.cy.ts",
    supportFile: false,
  },
});
