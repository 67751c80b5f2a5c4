// What the deployment of the frame allows: which pages may embed it, and to which servers it may send. Both lists are in
// `frame.html`, where `cargo xtask bundle` writes them, so that no embedding page can change them.

import type { Options } from "./contract";
import { PipitError } from "./error";

export interface FramePolicy {
  /** The origin of the frame's own files; `null` in a sandboxed frame. */
  readonly ownOrigin: string;
  /** The other origins whose pages may embed the frame. */
  readonly origins: readonly string[];
  /** The origins of the chat servers that an embedding page may name. */
  readonly chatServers: readonly string[];
}

/** How the origin of a sandboxed page is serialized. It says nothing about who the page is from. */
const OPAQUE = "null";

/**
 * Whether an option crosses to the chat in the frame. The others stay on the embedding page: it makes the requests that they
 * stand for itself, with its own origin and cookies, and answers the frame's questions about them; see `frame-host.ts`. An
 * option that is missing here is a type error.
 */
const CROSSES: Record<keyof Options, boolean> = {
  sessionEndpoint: false,
  getSession: false,
  jwt: false,
  uploadEndpoint: false,
  messageEndpoint: false,
  availability: false,
  queueId: false,
  beforeSend: false,
  beforeRender: false,
  target: false,
  load: false,
  mode: false,
  site: true,
  pool: true,
  baseUrl: true,
  allowedHosts: true,
  surveyBase: true,
  surveyTemplate: true,
  absentLimitSeconds: true,
  title: true,
  theme: true,
  accent: true,
  side: true,
  form: true,
  prefill: true,
  consent: true,
  locale: true,
  words: true,
  uploadTypes: true,
  uploadMaxBytes: true,
  whenClosed: true,
  whenNoAgents: true,
  messageForm: true,
  sound: true,
  titleCount: true,
  contact: true,
};

/** Whether the chat in the frame takes this option from the page around it. */
export const crosses = (name: string): boolean => Object.hasOwn(CROSSES, name) && CROSSES[name as keyof Options];

/** The lists of this document. */
export function documentPolicy(): FramePolicy {
  const listed = (name: string) => {
    const meta = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`);
    return (meta?.content ?? "").split(/\s+/).filter(Boolean);
  };
  return { ownOrigin: self.origin, origins: listed("pipit-frame-origins"), chatServers: listed("pipit-chat-servers") };
}

/** Whether a page of this origin may embed the frame. An opaque origin never may, even if somebody lists `null`. */
export function mayEmbed({ ownOrigin, origins }: FramePolicy, origin: string): boolean {
  return ownOrigin !== OPAQUE && origin !== OPAQUE && [ownOrigin, ...origins].includes(origin);
}

/** Says on one line which origin is missing from the list, and how to add it. */
export function embedderProblem({ ownOrigin }: FramePolicy, origin: string): string {
  if (ownOrigin === OPAQUE) {
    return "Pipit does not run in a sandboxed frame: without an origin of its own it cannot tell who embeds it.";
  }
  if (origin === OPAQUE) {
    return "Pipit's frame may not be embedded by a page without an origin of its own, such as a sandboxed one.";
  }
  return `Pipit's frame at ${ownOrigin} may not be embedded by ${origin}. If that is your page, build the widget's files with \`cargo xtask bundle --frame-origins ${origin}\`.`;
}

/**
 * The options as the chat in the frame takes them.
 *
 * @throws PipitError `E_OPTION` for one that is not passed, and for a chat server that the deployment does not list.
 */
export function optionsFromPage<T extends object>(policy: FramePolicy, embedder: string, options: T): T {
  for (const [name, value] of Object.entries(options)) {
    if (!crosses(name)) {
      throw new PipitError("E_OPTION", `the frame does not take the option \`${name}\` from the page around it.`);
    }
    const isAllowed = (server: string) => embedder === policy.ownOrigin || policy.chatServers.includes(server);
    const refused = serversIn(name, value).find((server) => !isAllowed(server));
    if (refused !== undefined) {
      throw new PipitError("E_OPTION", `the option \`${name}\` names a chat server that this deployment of the frame does not list. ${listIt(refused)}`);
    }
  }
  return options;
}

/** The origins of the chat servers that an option names. */
function serversIn(name: string, value: unknown): string[] {
  if (name === "baseUrl" && value !== undefined && value !== null) {
    return [originOf(String(value))];
  }
  if (name === "allowedHosts" && value) {
    return [value].flat().map((host) => originOfHost(String(host)));
  }
  return [];
}

/**
 * `fetch` for the chat in the frame. No request carries cookies. A page of another origin cannot make the frame send
 * anything to the frame's own origin, nor, where the deployment lists chat servers, to any other server.
 */
export function restrictedFetch(policy: FramePolicy, embedder: string): typeof fetch {
  const pageFetch = self.fetch;
  return async (input, init) => {
    const request = new Request(input, { ...init, credentials: "omit" });
    const problem = requestProblem(policy, embedder, new URL(".", location.href).href, request);
    if (problem) {
      console.error(problem);
      throw new TypeError(problem);
    }
    return pageFetch(request);
  };
}

/** Why a request may not be made; nothing where it may. `directory` is where the widget's files are. */
export function requestProblem(policy: FramePolicy, embedder: string, directory: string, request: { url: string; method: string }): string | undefined {
  const { ownOrigin, chatServers } = policy;
  const origin = originOf(request.url);
  const isReading = request.method === "GET";
  const isFileOfWidget = isReading && request.url.startsWith(directory);
  if (embedder === ownOrigin || isFileOfWidget || chatServers.includes(origin)) {
    return undefined;
  }
  if (origin !== ownOrigin && (isReading || chatServers.length === 0)) {
    return undefined;
  }
  return `Pipit's frame does not send to ${origin} for a page of ${embedder}. ${listIt(origin)}`;
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

/** The origin of what `allowedHosts` lists: a host, with or without a port. Plain http is for this machine alone. */
function originOfHost(host: string): string {
  const isThisMachine = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/i.test(host);
  return originOf(`${isThisMachine ? "http" : "https"}://${host}`);
}

const listIt = (origin: string) => `If it is yours, build the widget's files with \`cargo xtask bundle --chat-servers ${origin}\`.`;
