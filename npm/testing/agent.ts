// An agent for tests: signs in, takes the visitor's conversation, and says what the test wants. The client is `crates/agent` as WASM.

import { AgentClient } from "kit-glue";
import { type Duration, milliseconds } from "./duration";
import { loadKit } from "./kit";
import { Sandbox } from "./sandbox";

/** What every message to an agent has. Ids are texts, because JavaScript rounds numbers above 2^53. */
interface MessageBase {
  readonly engagementId?: string;
  readonly clientId?: string;
  readonly senderId?: string;
  readonly senderType?: string;
  readonly destinationId?: string;
  readonly sequenceNumber?: string;
  /** Further members, with the names of the API. */
  readonly [member: string]: unknown;
}

/** A message of the chat server to an agent, with the members that the API gives it. */
export type AgentMessage =
  /** A text that a participant wrote. */
  | (MessageBase & { readonly type: "ChatPostMessage"; readonly body: string; readonly richText?: boolean })
  /** What the visitor is doing, with the text that is typed and not sent. */
  | (MessageBase & { readonly type: "ChatActivitySignal"; readonly mode?: string; readonly sneakPreview?: string })
  /** The offer of a conversation. */
  | (MessageBase & { readonly type: "ChatEngagementAssignment"; readonly engagementId: string })
  | (MessageBase & { readonly type: "ChatEngagementParticipantAdded"; readonly name?: string; readonly role?: string })
  | (MessageBase & { readonly type: "ChatDisconnectNotification"; readonly reason?: string; readonly role?: string })
  | (MessageBase & { readonly type: "ChatConfigChangeNotification" | "ChatSystemError" });

/** How an agent of a sandbox signs in. */
export interface SandboxSignIn {
  /** The sandbox, or its address, such as `http://127.0.0.1:8461`. */
  sandbox: Sandbox | string | URL;
  /** The agent's account; by default the sandbox's first agent, 12. */
  account?: number;
  /** How long `accept` and `sees` wait. By default 15 s. */
  waitLimit?: Duration;
}

/** How an agent of a real site signs in. */
export interface SiteSignIn {
  /** The address of the chat server, such as `https://chat.example.com`. */
  chatServer: string;
  siteName: string;
  pool?: string;
  account: string;
  /** A token of `agentTokens`, which a server of yours must ask for. */
  token: string;
  waitLimit?: Duration;
}

/** What an agent can wait for. */
export type Sight =
  /** A message that was sent. */
  | "message"
  /** A text that the visitor has typed and not sent. */
  | "preview"
  /** That the visitor types. */
  | "typing"
  /** That somebody has left, or that the conversation has ended. */
  | "end";

/** A file for `sendFile`. The sandbox makes its content up. */
export interface SentFile {
  name: string;
  type?: string;
  /** In bytes. */
  size?: number;
}

/** An agent who is signed in. The agent polls until `signOut`, with one poll at a time. */
export class Agent {
  readonly #client: AgentClient;
  #isSignedOut = false;

  private constructor(client: AgentClient) {
    this.#client = client;
  }

  /** Signs an agent in, who is available for up to three conversations. An earlier session of the same account ends. */
  static async signIn(options: SandboxSignIn | SiteSignIn): Promise<Agent> {
    await loadKit();
    const client = "sandbox" in options ? await signInAtSandbox(options) : await signInAtSite(options);
    if (options.waitLimit !== undefined) {
      client.setWaitLimit(milliseconds(options.waitLimit));
    }
    const agent = new Agent(client);
    if ("sandbox" in options && options.sandbox instanceof Sandbox) {
      options.sandbox.addAgent(agent);
    }
    return agent;
  }

  /** The agent's account. */
  get account(): string {
    return this.#client.account();
  }

  /** Waits for a visitor, takes the conversation, and returns the id of the engagement. */
  accept(): Promise<string> {
    return this.#client.accept();
  }

  /** Waits for a visitor, and declines the conversation. */
  decline(): Promise<string> {
    return this.#client.decline();
  }

  /** Says a plain text. */
  say(text: string): Promise<void> {
    return this.#client.say(text);
  }

  /** Says something in HTML. */
  sayHtml(html: string): Promise<void> {
    return this.#client.sayHtml(html);
  }

  /** Shows the visitor that the agent is typing, or has stopped. */
  typing(isTyping = true): Promise<void> {
    return this.#client.setTyping(isTyping);
  }

  /** Looks at the conversation, or away. While the agent looks away, the visitor's client sends no preview. */
  looks(hasFocus = true): Promise<void> {
    return this.#client.setFocus(hasFocus);
  }

  /**
   * Waits until the agent sees something, and returns its message: `await agent.sees("message", "Hello")`. `text` is the whole text, or a
   * regular expression; without it any text will do. A message is taken once: the next call waits for the next one.
   *
   * @throws Error after the limit. It lists what was seen instead.
   */
  async sees(sight: Sight, text?: string | RegExp): Promise<AgentMessage> {
    const expected = text === undefined ? NAMES[sight] : `${NAMES[sight]} ${text instanceof RegExp ? text : JSON.stringify(text)}`;
    const isExpected = (message: AgentMessage) => {
      const seen = textOf(sight, message);
      return seen !== undefined && fits(seen, text);
    };
    return (await this.#client.waitFor(expected, isExpected as (message: unknown) => boolean)) as AgentMessage;
  }

  /** Sends the visitor a file. Only at a sandbox. */
  sendFile({ name, type = "application/octet-stream", size = 1_024 }: SentFile): Promise<void> {
    return this.#client.sendFile(name, type, size);
  }

  /** Puts the conversation back into the queue. */
  transferToQueue(): Promise<void> {
    return this.#client.transferToQueue();
  }

  /** Asks another agent, who must be signed in, into the conversation. Only at a sandbox. */
  conference(other: Agent | number): Promise<void> {
    return this.#client.conference(Number(other instanceof Agent ? other.account : other));
  }

  /** Ends the conversation, and makes room for another one. */
  async conclude(): Promise<void> {
    await this.#client.conclude();
    await this.#client.release();
  }

  /** Signs the agent off. */
  async signOut(): Promise<void> {
    if (!this.#isSignedOut) {
      this.#isSignedOut = true;
      await this.#client.signOut();
    }
  }

  /** All messages from now on, until the agent signs off: `for await (const message of agent.messages())`. `sees` does not see them. */
  async *messages(): AsyncGenerator<AgentMessage, void, void> {
    while (!this.#isSignedOut) {
      try {
        yield (await this.#client.nextMessage()) as AgentMessage;
      } catch (error) {
        if (!this.#isSignedOut) {
          throw error;
        }
      }
    }
  }
}

const NAMES: Record<Sight, string> = { message: "the message", preview: "the preview", typing: "the visitor to type", end: "the end of the conversation" };

function signInAtSandbox({ sandbox, account = 12 }: SandboxSignIn): Promise<AgentClient> {
  return AgentClient.signInAtSandbox(sandbox instanceof Sandbox ? sandbox.url : String(sandbox), account);
}

function signInAtSite({ chatServer, siteName, pool, account, token }: SiteSignIn): Promise<AgentClient> {
  return AgentClient.signIn(chatServer, siteName, pool, account, token);
}

/** The text of a message that shows what is waited for; `undefined` if it shows something else. */
function textOf(sight: Sight, message: AgentMessage): string | undefined {
  switch (sight) {
    case "message":
      return message.type === "ChatPostMessage" ? message.body : undefined;
    case "preview":
      return message.type === "ChatActivitySignal" ? message.sneakPreview || undefined : undefined;
    case "typing":
      return message.type === "ChatActivitySignal" && message.mode === "RESPONDING" ? message.mode : undefined;
    case "end":
      return message.type === "ChatDisconnectNotification" ? (message.reason ?? "") : undefined;
  }
}

function fits(seen: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) {
    return true;
  }
  return wanted instanceof RegExp ? wanted.test(seen) : seen === wanted;
}
