// The rules of the widget's iframe ("the frame", `frame.html`): which pages may embed it, which options it accepts from them, and
// which requests it may send. The panel runs in the frame if the embedding page does not allow WebAssembly. `cargo xtask bundle`
// writes the list of pages and the list of servers into `frame.html`, where no embedding page can change them. `frame-client.ts`
// enforces the rules.

import type { Options } from "./contract";
import { PipitError } from "./error";

/** The origins that the rules trust. */
export interface FramePolicy {
  /** The origin of the frame's own files; the text `null` in a sandboxed frame. */
  readonly ownOrigin: string;
  /** The other origins whose pages may embed the frame. */
  readonly origins: readonly string[];
  /** The origins of the chat servers that an embedding page of another origin may name. */
  readonly chatServers: readonly string[];
}

/** The serialized origin of every sandboxed page. It does not identify the page's site. */
const OPAQUE = "null";

/**
 * Whether an option is passed to the chat in the frame. All other options stay on the embedding page, where `frame-host.ts` uses
 * them for the frame. If an option that stays there is an address, as `sessionEndpoint` is, the page itself sends the request, with
 * the page's origin and cookies. The compiler reports an option that is missing here.
 */
const CROSSES: Record<keyof Options, boolean> = {
  sessionEndpoint: false,
  getSession: false,
  jwt: false,
  uploadEndpoint: false,
  messageEndpoint: false,
  ratingEndpoint: false,
  transcriptEndpoint: false,
  onRating: false,
  availability: false,
  queueId: false,
  beforeSend: false,
  beforeRender: false,
  target: false,
  dialogs: false,
  load: false,
  mode: false,
  site: true,
  pool: true,
  baseUrl: true,
  allowedHosts: true,
  surveyBase: true,
  surveyTemplate: true,
  visitorKey: true,
  keepEndedMinutes: true,
  absentLimitSeconds: true,
  idleLimitSeconds: true,
  queueLimitSeconds: true,
  title: true,
  logo: true,
  teamName: true,
  hours: true,
  replyTime: true,
  starters: true,
  agentAvatars: true,
  pictureHosts: true,
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

/** Whether the chat in the frame accepts this option from the embedding page. False for a name that is no option. */
export const crosses = (name: string): boolean => Object.hasOwn(CROSSES, name) && CROSSES[name as keyof Options];

/** Reads the policy of the frame in which this script runs, from the `<meta>` elements of `frame.html`. */
export function documentPolicy(): FramePolicy {
  const readList = (name: string) => {
    const meta = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`);
    return (meta?.content ?? "").split(/\s+/).filter(Boolean);
  };
  return { ownOrigin: self.origin, origins: readList("pipit-frame-origins"), chatServers: readList("pipit-chat-servers") };
}

/** Whether a page of this origin may embed the frame. A sandboxed page may not, and no page may embed a sandboxed frame. */
export function mayEmbed({ ownOrigin, origins }: FramePolicy, origin: string): boolean {
  return ownOrigin !== OPAQUE && origin !== OPAQUE && [ownOrigin, ...origins].includes(origin);
}

/**
 * Returns why a page of this origin may not embed the frame. If the list of origins can contain this origin, the text also says how to
 * add it.
 */
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
 * Checks the options that an embedding page has sent, and returns them. `embedder` is that page's origin.
 *
 * @throws PipitError `E_OPTION` for an option that has to stay on the page, and for a chat server that the policy does not list. A
 * page of the frame's own origin may name any chat server.
 */
export function optionsFromPage<T extends object>(policy: FramePolicy, embedder: string, options: T): T {
  for (const [name, value] of Object.entries(options)) {
    if (!crosses(name)) {
      throw new PipitError("E_OPTION", `the frame does not take the option \`${name}\` from the page around it.`);
    }
    const isAllowed = (server: string) => embedder === policy.ownOrigin || policy.chatServers.includes(server);
    const refusedServer = serversIn(name, value).find((server) => !isAllowed(server));
    if (refusedServer !== undefined) {
      throw new PipitError("E_OPTION", `the option \`${name}\` names a chat server that this deployment of the frame does not list. ${adviceToList(refusedServer)}`);
    }
  }
  return options;
}

/** Returns the origins of the chat servers that an option names; none for options that name no server. */
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
 * Creates a replacement of `fetch` for the chat in the frame. No request carries cookies. The requests for which `requestProblem`
 * returns a problem are refused. A redirect of anything but a GET is an error, because it would send the body to a server that
 * nobody has checked.
 */
export function restrictedFetch(policy: FramePolicy, embedder: string): typeof fetch {
  const browserFetch = self.fetch;
  return async (input, init) => {
    const request = new Request(input, { ...init, credentials: "omit" });
    const problem = requestProblem(policy, embedder, new URL(".", location.href).href, request);
    if (problem) {
      console.error(problem);
      throw new TypeError(problem);
    }
    return browserFetch(request.method === "GET" ? request : new Request(request, { redirect: "error" }));
  };
}

/**
 * Returns why a request may not be made; undefined if it may. `directory` is the address of the widget's files. Reading means a
 * GET request; sending means any other method.
 *
 * A page of the frame's own origin may cause any request. A page of another origin may cause these:
 * - to a chat server that the policy lists: reading and sending;
 * - to the frame's own origin, unless the policy lists it as a chat server: only reading the widget's files;
 * - to any other origin: only reading. The page's session can name a chat server, which must be listed, too: otherwise the page could
 *   send JSON of its choice, with the frame's origin, to any server.
 */
export function requestProblem(policy: FramePolicy, embedder: string, directory: string, request: { url: string; method: string }): string | undefined {
  const { ownOrigin, chatServers } = policy;
  const origin = originOf(request.url);
  const isReading = request.method === "GET";
  const mayRead = origin !== ownOrigin || request.url.startsWith(directory);
  if (embedder === ownOrigin || chatServers.includes(origin) || (isReading && mayRead)) {
    return undefined;
  }
  return `Pipit's frame does not send to ${origin} for a page of ${embedder}. ${adviceToList(origin)}`;
}

/** Returns the origin of an absolute address. Any other text is returned unchanged; it equals no chat server of the policy. */
function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

/** Returns the origin of a host, with or without a port, from `allowedHosts`: with http for this machine, with https for others. */
function originOfHost(host: string): string {
  const isThisMachine = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/i.test(host);
  return originOf(`${isThisMachine ? "http" : "https"}://${host}`);
}

/** Tells the web team how to add a chat server to the frame's list. */
const adviceToList = (origin: string) => `If it is yours, build the widget's files with \`cargo xtask bundle --chat-servers ${origin}\`.`;
