// A visitor and an agent talk on the page. Cypress runs the test in the browser, so the agent's requests come from there too.

/// <reference types="cypress" />

import { Agent, Sandbox } from "pipit-chat/testing";

const sandbox = Sandbox.at("http://127.0.0.1:8461");

it("a visitor asks, and the agent answers", () => {
  let agent: Agent;
  cy.wrap(sandbox.reset().then(() => Agent.signIn({ sandbox }))).then((signedIn) => {
    agent = signedIn as unknown as Agent;
  });
  cy.visit(`/?session-endpoint=${sandbox.options.sessionEndpoint}`);
  // The chat is in an open shadow root.
  cy.get("pipit-chat").shadow().contains("button", "Chat").click();
  cy.get("pipit-chat").shadow().find("textarea").type("Where is my order?{enter}");
  cy.then(() => agent.accept());
  cy.then(() => agent.sees("message", "Where is my order?"));
  cy.then(() => agent.say("It is on its way."));
  cy.get("pipit-chat").shadow().contains("It is on its way.");
  cy.then(() => agent.signOut());
});
