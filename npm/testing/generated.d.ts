// The types of the two modules that `xtask/src/test_kit.rs` makes from `crates/test-kit`: the script that wasm-bindgen writes, and the
// compressed WASM.

declare module "kit-glue" {
  /** An answer of the sandbox. */
  export interface Answer {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: Uint8Array<ArrayBuffer>;
    /** Whether a planned fault has ended the connection after the body. */
    readonly isCutOff: boolean;
  }

  /** A request that the sandbox has. */
  export interface Exchange {
    answered(): Promise<Answer>;
    /** Tells the sandbox that the client has closed the connection. */
    hangUp(): void;
  }

  /** What a script demands next: one of the members. */
  export interface Turn {
    readonly visitor?: Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;
    readonly offline?: boolean;
    readonly untilMs?: number;
    readonly done?: boolean;
  }

  /** A script that is being played; `crates/test-kit/src/script_play.rs`. */
  export interface ScriptPlay {
    nextTurn(): Turn;
    saw(sight: unknown): void;
    proceed(): boolean;
    failure(text: string): string;
  }

  /** A sandbox without a network. Times are in ms since 1970. */
  export class SandboxServer {
    private constructor();
    static start(config: unknown, domain: string, port: number | undefined, nowMs: number): SandboxServer;
    send(method: string, path: string, headers: [string, string][], body: Uint8Array): Exchange;
    now(): number;
    setTime(nowMs: number): void;
    nextWake(): number | undefined;
    play(script: string, sees: boolean): ScriptPlay;
    stop(): void;
  }

  /** An agent who is logged on; `crates/test-kit/src/agent_client.rs`. */
  export class AgentClient {
    private constructor();
    static signInAtSandbox(apiUrl: string, account: number): Promise<AgentClient>;
    static signIn(baseUrl: string, site: string, pool: string | undefined, account: string, token: string): Promise<AgentClient>;
    account(): string;
    setWaitLimit(limitMs: number): void;
    accept(): Promise<string>;
    decline(): Promise<string>;
    say(text: string): Promise<void>;
    sayHtml(html: string): Promise<void>;
    setTyping(isTyping: boolean): Promise<void>;
    setFocus(hasFocus: boolean): Promise<void>;
    transferToQueue(): Promise<void>;
    conference(account: number): Promise<void>;
    sendFile(name: string, contentType: string, size: number): Promise<void>;
    conclude(): Promise<void>;
    release(): Promise<void>;
    signOut(): Promise<void>;
    waitFor(expected: string, isExpected: (message: unknown) => boolean): Promise<unknown>;
    nextMessage(): Promise<unknown>;
  }

  /** Instantiates the WASM. Must be called once before anything else. */
  export default function init(source: { module_or_path: Response }): Promise<unknown>;
}

declare module "kit-wasm" {
  /** The WASM, compressed by gzip. */
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
