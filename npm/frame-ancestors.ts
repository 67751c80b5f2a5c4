// Judges the directive `frame-ancestors` of `frame.html`, the page of the widget's iframe. The directive is part of the headers with
// which the file's server sends the file, and says which pages may embed it. `frame.html` itself contains a list of these pages, too.
// The header takes effect earlier than the list, and covers old browsers; the list works without the header. Both have to agree.

/** A source of the directive, such as `https://*.shop.example:8443`, without its path. */
interface HostSource {
  /** The scheme with its colon; undefined if the source has none. */
  readonly scheme: string | undefined;
  /** The host; begins with `*.` if it stands for all hosts below a domain. Empty if the source has a scheme only. */
  readonly host: string;
  /** The port; empty for the default port of the scheme, and `*` for any port. */
  readonly port: string;
}

/**
 * Returns what is wrong with the directive; undefined if exactly the file's own origin and the listed origins may embed the file.
 *
 * @param header The value of the header `Content-Security-Policy`; empty if there is none. It may contain several policies, separated
 * by commas. A page may embed the file only if all of them allow it.
 * @param ownOrigin The origin of the file.
 * @param listed The other origins whose pages may embed the file.
 */
export function ancestorsProblem(header: string, ownOrigin: string, listed: readonly string[]): string | undefined {
  const directives = header.split(",").map(ancestorSources).filter((sources) => sources !== undefined);
  if (directives.length === 0) {
    return "frame.html comes without `frame-ancestors`, so every site may show it.";
  }
  const allowed = [ownOrigin, ...listed];
  const refused = allowed.find((origin) => !directives.every((sources) => sources.some((source) => covers(source, origin, ownOrigin))));
  if (refused !== undefined) {
    return `The header \`frame-ancestors\` of frame.html does not have ${refused}, so the browser does not show the frame there.`;
  }
  /** The first source of each directive that lets further pages embed the file. One directive without such a source is enough. */
  const tooWide = directives.map((sources) => sources.find((source) => !isOneOf(source, allowed, ownOrigin)));
  return tooWide.includes(undefined) ? undefined : `The header \`frame-ancestors\` of frame.html has ${tooWide[0]}, so more pages may show the frame than the file lists.`;
}

/** Returns the sources of the directive in a policy; undefined if the policy has no such directive. */
function ancestorSources(policy: string): string[] | undefined {
  const directives = policy.split(";").map((directive) => directive.trim().split(/\s+/));
  // If a policy has a directive twice, only the first one counts.
  const directive = directives.find(([name]) => name?.toLowerCase() === "frame-ancestors");
  return directive?.slice(1);
}

/** Whether a source allows pages of an origin. The keyword `'none'` allows none. */
function covers(source: string, origin: string, ownOrigin: string): boolean {
  if (source === "*") {
    return true;
  }
  if (source.toLowerCase() === "'self'") {
    return origin === ownOrigin;
  }
  const parsed = parseSource(source);
  if (!parsed || !URL.canParse(origin)) {
    return false;
  }
  const page = new URL(origin);
  const scheme = parsed.scheme ?? new URL(ownOrigin).protocol;
  // A source with http also stands for https.
  const isScheme = page.protocol === scheme || (scheme === "http:" && page.protocol === "https:");
  if (!isScheme || parsed.host === "") {
    return isScheme;
  }
  const isHost = parsed.host.startsWith("*.") ? page.hostname.endsWith(parsed.host.slice(1)) : page.hostname === parsed.host;
  return isHost && (parsed.port === "*" || page.port === parsed.port);
}

/** Whether a source allows no other pages than those of the allowed origins. */
function isOneOf(source: string, allowed: readonly string[], ownOrigin: string): boolean {
  if (/^'(self|none)'$/i.test(source)) {
    return true;
  }
  const parsed = parseSource(source);
  const isPattern = !parsed || parsed.host === "" || parsed.host.startsWith("*.") || parsed.port === "*";
  return !isPattern && allowed.some((origin) => covers(source, origin, ownOrigin));
}

/** Parses a source with a scheme or a host. Returns undefined for `*`, and for a text that is no such source. */
function parseSource(source: string): HostSource | undefined {
  const schemeOnly = /^([a-z][a-z\d+.-]*:)$/i.exec(source);
  if (schemeOnly?.[1]) {
    return { scheme: schemeOnly[1].toLowerCase(), host: "", port: "" };
  }
  const parts = /^(?:([a-z][a-z\d+.-]*:)\/\/)?((?:\*\.)?(?:[a-z\d_-]+\.)*[a-z\d_-]+|\[[\da-f:]+\])(?::(\d+|\*))?(?:\/.*)?$/i.exec(source.toLowerCase());
  if (!parts) {
    return undefined;
  }
  const [, scheme, host = "", port = ""] = parts;
  const defaultPort = scheme === "http:" ? "80" : "443";
  return { scheme, host, port: scheme !== undefined && port === defaultPort ? "" : port };
}
