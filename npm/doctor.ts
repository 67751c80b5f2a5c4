// The command `doctor`: checks whether anything on this page would keep the chat from working, and says in plain words what to do. The
// script is loaded when a host (the web team's code on the page) calls the command. It tries what a chat does, and at the end starts
// the panel. The table of all problems is in `doctor-problems.ts`; the files `doctor-*.ts` have the checks.

import type { AssetSource, InternalChat } from "./chat-internals";
import type { Finding, Findings, Options } from "./contract";
import { checkBrowser, checkFiles, checkFrame, checkOptions, checkPage, checkPlace, checkPolicy, checkStorage, PATIENCE_MS, withOptionsOfText, withTimeout } from "./doctor-page";
import { type CheckName, checkOf, type CheckResult, codeOf, type Problem, type ProblemName } from "./doctor-problems";
import { takePolicyFix, watchPolicy } from "./doctor-request";
import { withReport } from "./doctor-report";
import { checkAvailability, checkPageFetch, checkServer, checkSession } from "./doctor-service";
import type { PipitError } from "./error";

/** One check. `options` has the options of the text `config`, too. `source` fetches the widget's files. */
type Check = (chat: InternalChat, options: Options, source: AssetSource, problems: readonly ProblemName[]) => CheckResult | Promise<CheckResult>;

/** The checks, in the order in which they run. `checkFrame` uses the result of `checkPolicy`, and three others that of `checkSession`. */
const CHECKS: Record<CheckName, Check> = {
  page: checkPage,
  options: checkOptions,
  browser: checkBrowser,
  policy: checkPolicy,
  files: (chat, _, source) => checkFiles(chat, source),
  frame: (chat, _, source) => checkFrame(chat, source),
  storage: checkStorage,
  session: (_, options) => checkSession(options),
  server: (_, options) => checkServer(options),
  fetch: (_, options) => checkPageFetch(options),
  availability: checkAvailability,
  panel: checkPanel,
  place: checkPlace,
};

/** Runs all checks, one after the other. If the chat is not on the page, nothing else can be checked. */
export async function runDoctor(chat: InternalChat, source: AssetSource): Promise<Findings> {
  const stopWatching = watchPolicy();
  const findings: Finding[] = [];
  const problems: ProblemName[] = [];
  for (const [check, run] of Object.entries(CHECKS) as [CheckName, Check][]) {
    const options = withOptionsOfText(chat) ?? chat.options;
    // A check that breaks counts as a problem of the panel, because it is not known what the check would have found.
    const result = await Promise.resolve().then(() => run(chat, options, source, problems)).catch((error: unknown): Problem => ["panel-failed", `The check \`${check}\` broke: ${error}`, "See the console."]);
    if (typeof result === "string") {
      findings.push(Object.freeze({ check, isFine: true, message: result }));
    } else {
      const [problem, message, fix] = result;
      problems.push(problem);
      findings.push(Object.freeze({ check: checkOf(problem), isFine: false, problem, message, fix }));
    }
    if (check === "page" && typeof result !== "string") {
      break;
    }
  }
  stopWatching();
  return withReport(chat, findings, source.loaderUrl);
}

/**
 * Starts the panel as a chat does, if it is not there yet, and has it read all options. `problems` are those that earlier checks have
 * found: what they explain is not reported a second time.
 */
async function checkPanel(chat: InternalChat, _: Options, __: AssetSource, problems: readonly ProblemName[]): Promise<CheckResult> {
  // This command needs the whole panel, and changes nothing.
  const failure = await withTimeout(chat.transcript(), PATIENCE_MS, new Error("it has not loaded within 10 s")).then((value) => (value instanceof Error ? value : undefined), (error: PipitError) => error);
  const fix = await takePolicyFix();
  if (!failure) {
    return "The panel can be started.";
  }
  const code = "code" in failure ? failure.code : "E_NOT_LOADED";
  const known = problems.find((name) => codeOf(name) === code);
  if (known) {
    return `The panel cannot be started, because of the problem \`${known}\`.`;
  }
  if (code === "E_OPTION") {
    return ["option-refused", failure.message, "Correct it; docs/embed.md lists the options."];
  }
  return ["panel-failed", `The panel cannot be started: ${failure.message}`, fix ?? "See the console."];
}
