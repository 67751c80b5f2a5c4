// The entry `pipit-chat/testing` of the npm package: a chat server and agents for the tests of a page with a chat.

export { Agent, type AgentMessage, type SandboxSignIn, type SentFile, type Sight, type SiteSignIn } from "./agent";
export type { Duration } from "./duration";
export { type PlayableChat, type Visitor, type VisitorSight, visitorOf } from "./visitor";
export { type AgentAccount, type InPageConfig, InPageSandbox, type NetworkFault, Sandbox, type SandboxConfig } from "./sandbox";
