// Tests how the command `doctor` judges the header `frame-ancestors` of `frame.html`, the page of the widget's iframe.

import { equal, match } from "node:assert/strict";
import { test } from "node:test";
import { ancestorsProblem } from "../frame-ancestors";

/** The origin of `frame.html`. */
const OWN = "https://shop.example";
/** An origin that `frame.html` lists. */
const BLOG = "https://blog.example";

test("a header that allows exactly the own origin and the listed ones has no problem", () => {
  for (const header of [
    `frame-ancestors 'self' ${BLOG}`,
    `frame-ancestors ${BLOG} 'SELF'`,
    `default-src 'none';  Frame-Ancestors   'self'   ${BLOG}  ;`,
    `frame-ancestors ${OWN} ${BLOG}:443`,
    `frame-ancestors ${OWN}/ ${BLOG}/path`,
    "frame-ancestors shop.example HTTPS://BLOG.EXAMPLE",
    // The first directive of a policy counts.
    `frame-ancestors 'self' ${BLOG}; frame-ancestors *`,
    // All policies of a header apply, so the narrow one decides.
    `frame-ancestors *, frame-ancestors 'self' ${BLOG}`,
    `default-src 'self', frame-ancestors 'self' ${BLOG}`,
  ]) {
    equal(ancestorsProblem(header, OWN, [BLOG]), undefined, header);
  }
  equal(ancestorsProblem("frame-ancestors 'self'", OWN, []), undefined);
  equal(ancestorsProblem("frame-ancestors 'self' http://[::1]:8080", OWN, ["http://[::1]:8080"]), undefined);
  equal(ancestorsProblem("frame-ancestors 127.0.0.1:8460", "http://127.0.0.1:8460", []), undefined);
});

test("a header without the directive has a problem", () => {
  for (const header of ["", "default-src 'self'", "x-frame-ancestors 'self'", "frame-ancestors-x 'self'", "default-src frame-ancestors"]) {
    match(ancestorsProblem(header, OWN, []) ?? "", /comes without `frame-ancestors`/, header);
  }
});

test("a header that refuses an allowed origin has a problem, which names the origin", () => {
  for (const [header, refused] of [
    ["frame-ancestors", OWN],
    ["frame-ancestors 'none'", OWN],
    [`frame-ancestors ${BLOG}`, OWN],
    ["frame-ancestors 'self'", BLOG],
    ["frame-ancestors 'self' http://blog.example:443", BLOG],
    ["frame-ancestors 'self' https://blog.example:8443", BLOG],
    ["frame-ancestors 'self' https://*.blog.example", BLOG],
    ["frame-ancestors 'self' https://blog.example.evil.test", BLOG],
    ["frame-ancestors self https://blog.example", OWN],
    [`frame-ancestors 'self' ${BLOG}, frame-ancestors 'self'`, BLOG],
  ] as const) {
    match(ancestorsProblem(header, OWN, [BLOG]) ?? "", new RegExp(`does not have ${refused},`), header);
  }
});

test("a header that allows further pages has a problem, which names the source", () => {
  for (const source of ["*", "https:", "http:", "https://*", "https://*.example", "*.example", "https://other.test", "other.test", "https://blog.example:*", "https://shop.example:8443", "data:"]) {
    const problem = ancestorsProblem(`frame-ancestors 'self' ${BLOG} ${source}`, OWN, [BLOG]) ?? "";
    equal(problem.includes(` has ${source}, so more pages`), true, `${source}: ${problem}`);
  }
  match(ancestorsProblem(`frame-ancestors *, frame-ancestors 'self' ${BLOG} https:`, OWN, [BLOG]) ?? "", / has \*,/);
});
