// The problems that the command `doctor` can find, in one table. An end-to-end test (`tests/e2e/tests/doctor.rs`) has a page for each
// problem, and checks that each way in which a chat can fail to start is in the table.

import type { ErrorCode } from "./contract";

/**
 * Every problem, by the check that finds it and by the name that it has in a finding. The value is the code with which a chat fails
 * because of the problem, or null if the problem keeps no chat from starting. The checks run in this order.
 */
export const PROBLEMS = {
  page: {
    "not-on-page": "E_TARGET",
    destroyed: "E_DESTROYED",
  },
  options: {
    "option-refused": "E_OPTION",
    "config-unreadable": "E_OPTION",
  },
  browser: {
    "browser-too-old": "E_BROWSER",
  },
  policy: {
    "wasm-missing": "E_WASM_BLOCKED",
    "wasm-blocked": "E_WASM_BLOCKED",
  },
  files: {
    "file-blocked-by-policy": "E_NOT_LOADED",
    "file-blocked-by-cors": "E_NOT_LOADED",
    "file-unreachable": "E_NOT_LOADED",
    "file-missing": "E_NOT_LOADED",
    "file-is-page": "E_NOT_LOADED",
    "file-changed": "E_NOT_LOADED",
    "file-type": null,
  },
  frame: {
    "frame-unlisted": "E_WASM_BLOCKED",
    "frame-header": null,
  },
  storage: {
    "storage-blocked": null,
  },
  session: {
    "session-source-missing": "E_SESSION_MISSING",
    "session-function-failed": "E_SESSION_UNAVAILABLE",
    "session-blocked-by-policy": "E_SESSION_UNAVAILABLE",
    "session-blocked-by-cors": "E_SESSION_UNAVAILABLE",
    "session-unreachable": "E_SESSION_UNAVAILABLE",
    "session-redirected": "E_SESSION_UNAVAILABLE",
    "session-refused": "E_SESSION_UNAVAILABLE",
    "session-is-page": "E_SESSION_UNREADABLE",
    "session-unreadable": "E_SESSION_UNREADABLE",
    "session-expired": "E_SESSION_REJECTED",
    "clock-wrong": null,
  },
  server: {
    "server-unnamed": "E_ADDRESS_MISSING",
    "server-blocked-by-policy": "E_UNREACHABLE",
    "server-blocked-by-cors": "E_UNREACHABLE",
    "server-unreachable": "E_UNREACHABLE",
    "server-redirected": "E_UNREACHABLE",
    "server-refused": "E_SERVER",
    "server-is-other": "E_SERVER",
  },
  fetch: {
    "fetch-breaks-requests": "E_UNREACHABLE",
  },
  availability: {
    "availability-unknown": null,
  },
  panel: {
    "panel-failed": "E_CRASHED",
  },
  place: {
    "chat-hidden": null,
    "launcher-hidden": null,
    "launcher-outside": null,
    "launcher-covered": null,
  },
} as const satisfies Record<string, Record<string, ErrorCode | null>>;

export type CheckName = keyof typeof PROBLEMS;

export type ProblemName = { [Check in CheckName]: keyof (typeof PROBLEMS)[Check] }[CheckName];

/** What is wrong, and what to do about it. */
export type Problem = readonly [name: ProblemName, message: string, fix: string];

/** The result of a check: what is fine, in words, or a problem. */
export type CheckResult = string | Problem;

/** Returns the code with which a chat fails because of a problem. */
export const codeOf = (problem: ProblemName): ErrorCode | null | undefined => Object.values<Record<string, ErrorCode | null>>(PROBLEMS).find((problems) => problem in problems)?.[problem];

/** Returns the name of the check that finds a problem. */
export const checkOf = (problem: ProblemName): string => Object.entries(PROBLEMS).find(([, problems]) => problem in problems)?.[0] ?? "panel";
