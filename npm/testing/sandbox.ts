// The sandbox, a chat server for tests: one that listens on an address (`npx pipit-sandbox`), or one in the page.

import { SandboxServer } from "kit-glue";
import { type Duration, milliseconds } from "./duration";
import { loadKit } from "./kit";
import { PageClock, realDelay } from "./page-clock";
import { PageFetch } from "./page-fetch";
import { playScript } from "./play";
import type { Visitor } from "./visitor";

/** The address of the sandbox in the page. Names that end in `.invalid` never exist (RFC 2606), so nothing can reach a real server. */
const DOMAIN = "pipit-sandbox.invalid";

/** After this many turns of the event loop without a request or an answer, nothing happens any more until time passes. */
const QUIET_TURNS = 4;

/** An agent of a sandbox. */
export interface AgentAccount {
  account: number;
  /** The user name of the agent; by default the number of the account. The password is `demo`. */
  user?: string;
  /** The name that visitors see. */
  name: string;
  /** What the agent says when joining a conversation. */
  greeting?: string;
  /** Who answers: the test (`human`, the default), the sandbox with the visitor's own words, or the sandbox with `replies`. */
  kind?: "human" | "echo" | "scripted";
  /** The texts of a scripted agent, one for each message of the visitor. */
  replies?: string[];
  /** The text of a script (docs/scripts.md), whose agent a scripted agent plays in place of `replies`. */
  script?: string;
}

/** The options of a sandbox. They have the names of the config file, which docs/sandbox.md describes. */
export interface SandboxConfig {
  /** The number from which session ids are computed. */
  seed?: number;
  /** Whether requests that the API's reference does not allow are refused. True by default. */
  strict?: boolean;
  agents?: AgentAccount[];
  oddities?: { large_ids?: boolean };
  /** The settings of the chat server, such as `{ sneak_preview_state: "DISABLED" }`. */
  settings?: Record<string, unknown>;
}

/** The options of `Sandbox.inPage`. */
export interface InPageConfig extends SandboxConfig {
  /** The time of the sandbox's clock at the start: by default the time of the page, with what earlier sandboxes have advanced. */
  start?: Date | number;
}

/** A fault of the network, as docs/sandbox.md describes it under *Switches*. */
export type NetworkFault =
  | "drop_before"
  | "drop_after"
  | "cut"
  | "close"
  | { delay_ms: number }
  | { black_hole: "in" | "out" }
  | { refuse: { status: number; retry_after?: number } }
  | { somebody_else: { sends: "html" | "json" | "text" | "empty" | "no_content" | "redirect"; processed?: boolean } };

/** What a sandbox needs of an agent. */
export interface SignedIn {
  signOut(): Promise<void>;
}

/** A chat server for tests. */
export class Sandbox {
  /** The agents who have signed in at this sandbox by this object. */
  readonly #agents = new Set<SignedIn>();
  /** The address of the sandbox, without a slash at the end. */
  readonly url: string;

  protected constructor(url: string) {
    this.url = url.replace(/\/+$/, "");
  }

  /** The sandbox that listens on this address, such as `http://127.0.0.1:8461`. */
  static at(url: string | URL): Sandbox {
    return new Sandbox(String(url));
  }

  /**
   * Starts a sandbox in the page, which needs no server. From now on requests of this page to the sandbox's address are answered by the
   * sandbox, and the page's timers follow `advance`. The page has one sandbox at a time.
   */
  static async inPage(config: InPageConfig = {}): Promise<InPageSandbox> {
    return InPageSandbox.start(config);
  }

  /** The options for `createChat` with which a chat uses this sandbox. */
  get options(): { sessionEndpoint: string } {
    return { sessionEndpoint: `${this.url}/session` };
  }

  /** Changes settings of the chat server, such as `{ sneak_preview_state: "DISABLED" }`. */
  async configure(settings: Record<string, unknown>): Promise<void> {
    await this.#post("config", settings);
  }

  /** Lets the next calls of an operation fail with a status, or with a result of the server. `times` is 1 by default. */
  async fail(operation: string, failure: { status: number } | { resultType: string }, times = 1): Promise<void> {
    await this.#post("fault", { operation, ...failure, times });
  }

  /** Makes the network bad for the next calls of an operation. `times` is 1 by default. */
  async breakNetwork(operation: string, fault: NetworkFault, times = 1): Promise<void> {
    await this.#post("network", { operation, fault, times });
  }

  /** Returns the state of the server: sessions, queue and engagements. */
  async state(): Promise<Record<string, unknown>> {
    return this.#request("state", {});
  }

  /** Ends all conversations, logs all agents off, cancels all faults and restores the settings. */
  async reset(): Promise<void> {
    await this.#post("reset", {});
  }

  /** Signs all agents off who have signed in with this object as their `sandbox`. */
  async signOutAgents(): Promise<void> {
    const agents = [...this.#agents];
    this.#agents.clear();
    await Promise.all(agents.map((agent) => agent.signOut()));
  }

  /** Remembers an agent for `signOutAgents`. Called by `Agent.signIn`. */
  addAgent(agent: SignedIn): void {
    this.#agents.add(agent);
  }

  async #post(name: string, body: object): Promise<void> {
    await this.#request(name, { method: "POST", body: JSON.stringify(body) });
  }

  async #request(name: string, init: RequestInit): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/sandbox/${name}`, init);
    const answer = (await response.json()) as { message?: string };
    if (!response.ok) {
      throw new Error(`The sandbox refuses ${name}: ${answer.message ?? response.status}`);
    }
    return answer as Record<string, unknown>;
  }
}

/** A sandbox in the page. */
export class InPageSandbox extends Sandbox {
  static #running: InPageSandbox | undefined;
  readonly #server: SandboxServer;
  readonly #fetch: PageFetch;
  readonly #clock: PageClock;

  private constructor(server: SandboxServer) {
    super(`https://${DOMAIN}`);
    this.#server = server;
    this.#fetch = new PageFetch(server, this.url);
    this.#clock = new PageClock();
  }

  /** See `Sandbox.inPage`. */
  static async start({ start = PageClock.dateNow(), ...config }: InPageConfig): Promise<InPageSandbox> {
    await loadKit();
    if (InPageSandbox.#running) {
      throw new Error("This page has a sandbox already. Close it first: await sandbox.close().");
    }
    const sandbox = new InPageSandbox(SandboxServer.start(config, DOMAIN, undefined, Number(start)));
    sandbox.#fetch.install();
    sandbox.#clock.install();
    InPageSandbox.#running = sandbox;
    return sandbox;
  }

  /** The time of the sandbox's clock. It passes only by `advance`. */
  now(): Date {
    return new Date(this.#server.now());
  }

  /**
   * Lets time pass for the sandbox and for the page: `await sandbox.advance("35s")`. What is due happens in its order: polls end, time-outs
   * strike, timers of the page fire. Resolves when nothing happens any more until more time passes.
   *
   * @throws RangeError if `duration` is no duration.
   */
  async advance(duration: Duration): Promise<void> {
    let remaining = milliseconds(duration);
    await this.settle();
    while (remaining > 0) {
      remaining -= this.#step(remaining);
      await this.settle();
    }
    this.#clock.rearm();
  }

  /**
   * Plays a conversation of a file (docs/scripts.md). The sandbox plays the agents, the server and the faults, and lets time pass;
   * `visitor` is your page, or `visitorOf(chat)`.
   *
   * @throws Error that names the line of the row that failed, and says what was seen instead.
   */
  async play(script: string, visitor: Visitor = {}): Promise<void> {
    const play = this.#server.play(script, visitor.watch !== undefined);
    await playScript(play, visitor, {
      now: () => this.#server.now(),
      settle: () => this.settle(),
      step: (limit) => this.#step(limit),
      setOffline: (isOffline) => this.#fetch.setOffline(isOffline),
    });
    this.#clock.rearm();
  }

  /** Moves the clocks to the next thing that is due, at most by `limit` ms. Returns by how many ms. */
  #step(limit: number): number {
    const now = this.#server.now();
    const untilNext = Math.min((this.#server.nextWake() ?? Number.POSITIVE_INFINITY) - now, this.#clock.untilNextTimer());
    // At least 1 ms, so that timers without a delay that follow each other do not stop the clock.
    const step = Math.min(limit, Math.max(1, Math.ceil(untilNext)));
    this.#server.setTime(now + step);
    this.#clock.skip(step);
    return step;
  }

  /** Waits until the requests that were sent are answered, or held by the sandbox. No time passes. */
  async settle(): Promise<void> {
    let before: number;
    do {
      before = this.#fetch.activity;
      await this.#quiet();
      await locksAreAnswered();
      await this.#quiet();
    } while (this.#fetch.activity !== before);
  }

  /** Waits until no request is sent and none is answered. */
  async #quiet(): Promise<void> {
    let quiet = 0;
    while (quiet < QUIET_TURNS) {
      const before = this.#fetch.activity;
      await nextTurn();
      quiet = this.#fetch.activity === before ? quiet + 1 : 0;
    }
  }

  /** Signs the agents off, ends all polls, and gives the page its own `fetch` and timers back. */
  async close(): Promise<void> {
    if (InPageSandbox.#running === this) {
      // An agent whose session has ended cannot sign off, and need not.
      await this.signOutAgents().catch(() => {});
      this.#server.stop();
      await realDelay(0);
      this.#fetch.uninstall();
      this.#clock.uninstall();
      InPageSandbox.#running = undefined;
    }
  }
}

/**
 * Resolves when the browser has answered what the page has asked about its locks until now. A chat asks whether its tab still leads when
 * much time has passed, and does nothing before the answer.
 */
async function locksAreAnswered(): Promise<void> {
  // Node.js and pages without HTTPS have no locks.
  const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;
  await locks?.query();
}

/** Resolves in a later turn of the event loop. A timer would wait for 4 ms if many follow each other. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
