// Whatever accent a host has: what is written on it, and in it, can be read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accentRule } from "../accent-palette";

/** What WCAG 2 asks of text. */
const READABLE = 4.5;

/** By WCAG 2, written anew from its text: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: number[]): number {
  const [red, green, blue] = colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: number[], other: number[]): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

/** The colours of a rule by their names, for light and for dark. */
function colours(rule: string): Record<string, [number[], number[]]> {
  const found = [...rule.matchAll(/--([a-z-]+):light-dark\(rgb\(([\d,]+)\),rgb\(([\d,]+)\)\)/g)];
  const numbers = (list: string) => list.split(",").map(Number);
  return Object.fromEntries(found.map(([, name, light, dark]) => [name, [numbers(light!), numbers(dark!)]]));
}

/** What text may stand on, of `src/view/style/tokens.css`. */
const GROUNDS = [
  [[255, 255, 255], [244, 246, 246], [238, 242, 241]],
  [[21, 26, 25], [29, 36, 35], [34, 43, 41]],
];

test("every accent can be read, on it and in it, in light and dark", () => {
  const steps = Array.from({ length: 18 }, (_, i) => i * 15);
  for (const red of steps) {
    for (const green of steps) {
      for (const blue of steps) {
        const accent = `rgb(${red}, ${green}, ${blue})`;
        const made = colours(accentRule(accent)!);
        GROUNDS.forEach((grounds, scheme) => {
          const of = (name: string) => made[name]![scheme]!;
          const pairs = [[of("on-accent"), of("accent")], ...[...grounds, of("soft")].map((ground) => [of("accent-ink"), ground])];
          for (const [text, ground] of pairs) {
            const seen = contrast(text!, ground!);
            assert.ok(seen >= READABLE, `${accent}, ${scheme ? "dark" : "light"}: ${text} on ${ground} has ${seen}`);
          }
        });
      }
    }
  }
});

test("an accent that can be read as it is stays the host's own", () => {
  for (const [accent, parts] of [["#1f6f5c", [31, 111, 92]], ["#ffd400", [255, 212, 0]], ["#00c", [0, 0, 204]]] as const) {
    assert.deepEqual(colours(accentRule(accent)!)["accent"]![0], parts);
  }
});

test("what is no colour paints nothing", () => {
  for (const text of ["", "blue", "#12", "#12345g", "rgb(1, 2)", "rgb(256, 0, 0)", "rgb(1,2,3);background:url(/x)"]) {
    assert.equal(accentRule(text), undefined, text);
  }
});
