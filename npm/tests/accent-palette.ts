// Tests that text on the accent (the colour that the web team chooses) and text in the accent's colour are readable, whatever the
// accent is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { accentRule } from "../accent-palette";

/** The least contrast of text that WCAG 2 demands at level AA. */
const READABLE_CONTRAST = 4.5;

/** The luminance of WCAG 2, written independently of the tested code: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: number[]): number {
  const [red, green, blue] = colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: number[], other: number[]): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Returns the colours of a CSS rule. Each name has two colours: first the colour in the light scheme, then in the dark scheme. */
function coloursOf(rule: string): Record<string, [number[], number[]]> {
  const found = [...rule.matchAll(/--([a-z-]+):light-dark\(rgb\(([\d,]+)\),rgb\(([\d,]+)\)\)/g)];
  const numbers = (list: string) => list.split(",").map(Number);
  return Object.fromEntries(found.map(([, name, light, dark]) => [name, [numbers(light!), numbers(dark!)]]));
}

/** The least contrast of an outline to the colours beside it that WCAG 2 demands at level AA. */
const VISIBLE_CONTRAST = 3;

/** The style sheets of the panel. */
const STYLES = "../src/view/style";

/** Returns the colours of a custom property in `tokens.css`: first of the light scheme, then of the dark scheme. */
function tokenOf(name: string): [number[], number[]] {
  const tokens = readFileSync(`${STYLES}/tokens.css`, "utf8");
  const [, light, dark = light] = new RegExp(`--${name}: (?:light-dark\\()?(#\\w+)(?:, (#\\w+)\\))?;`).exec(tokens)!;
  const parse = (text: string) => {
    const digits = text.length < 5 ? text.replace(/\w/g, "$&$&") : text;
    return [1, 3, 5].map((start) => parseInt(digits.slice(start, start + 2), 16));
  };
  return [parse(light!), parse(dark!)];
}

/** Accents of all hues, 216 of them, and the default accent. */
const ACCENTS = [0, 51, 102, 153, 204, 255].flatMap((red, _, steps) => steps.flatMap((green) => steps.map((blue) => `rgb(${red}, ${green}, ${blue})`)));

/** The backgrounds of text in `src/view/style/tokens.css`: first of the light scheme, then of the dark scheme. */
const BACKGROUNDS = [
  [[255, 255, 255], [244, 246, 246], [238, 242, 241]],
  [[21, 26, 25], [29, 36, 35], [34, 43, 41]],
];

test("text on every accent and text in its colour are readable in both colour schemes", () => {
  // 18 of the 256 values of each part: 0, 15, … 255.
  const steps = Array.from({ length: 18 }, (_, index) => index * 15);
  for (const red of steps) {
    for (const green of steps) {
      for (const blue of steps) {
        const accent = `rgb(${red}, ${green}, ${blue})`;
        const colours = coloursOf(accentRule(accent)!);
        // The index of a scheme is 0 for light and 1 for dark.
        BACKGROUNDS.forEach((backgrounds, scheme) => {
          const colour = (name: string) => colours[name]![scheme]!;
          // `on-accent` is the colour of text on the accent. `accent-ink` is the accent as a text colour, and `soft` one of its backgrounds.
          const pairs = [[colour("on-accent"), colour("accent")], ...[...backgrounds, colour("soft")].map((background) => [colour("accent-ink"), background])];
          for (const [text, background] of pairs) {
            const ratio = contrast(text!, background!);
            assert.ok(ratio >= READABLE_CONTRAST, `${accent}, ${scheme ? "dark" : "light"}: ${text} on ${background} has ${ratio}`);
          }
        });
      }
    }
  }
});

test("the outline of the focus is seen on every ground, whatever the accent is", () => {
  // Buttons and links are on the panel, on cards and menus, on agents' messages, on banners and on avatars.
  const grounds = ["surface", "raised", "above", "them", "warn-soft", "good-soft"].map((name) => [name, tokenOf(name)] as const);
  for (const accent of ["#1f6f5c", ...ACCENTS]) {
    const colours = coloursOf(accentRule(accent)!);
    for (const scheme of [0, 1]) {
      const colour = (name: string) => colours[name]![scheme]!;
      for (const [name, ground] of [...grounds, ["soft", colours["soft"]!] as const]) {
        const ratio = contrast(colour("accent-ink"), ground[scheme]!);
        assert.ok(ratio >= VISIBLE_CONTRAST, `${accent} on ${name}, ${scheme ? "dark" : "light"}: ${ratio}`);
      }
      // A link in the visitor's own message has an outline in the colour of its text, see the next test.
      const ratio = contrast(colour("on-accent"), colour("accent"));
      assert.ok(ratio >= VISIBLE_CONTRAST, `${accent} on itself, ${scheme ? "dark" : "light"}: ${ratio}`);
    }
  }
});

test("on the accent the outline of the focus has the colour of the text", () => {
  const css = readFileSync(`${STYLES}/transcript.css`, "utf8");
  assert.match(css, /\.mine a:focus-visible \{\s*outline-color: currentcolor;/);
});

test("text on a light accent is almost black, and not a shade of the accent that looks disabled", () => {
  for (const accent of ["#ffff00", "#fff", "#ffd400", "#9fe8ff"]) {
    for (const parts of coloursOf(accentRule(accent)!)["on-accent"]!) {
      assert.ok(Math.max(...parts) <= 17, `${accent}: ${parts}`);
    }
  }
});

test("an accent on which white or dark text is readable does not change in the light scheme", () => {
  for (const [accent, parts] of [["#1f6f5c", [31, 111, 92]], ["#ffd400", [255, 212, 0]], ["#00c", [0, 0, 204]]] as const) {
    assert.deepEqual(coloursOf(accentRule(accent)!)["accent"]![0], parts);
  }
});

test("no rule is made from a text that is not a colour", () => {
  for (const text of ["", "blue", "#12", "#12345g", "rgb(1, 2)", "rgb(256, 0, 0)", "rgb(1,2,3);background:url(/x)"]) {
    assert.equal(accentRule(text), undefined, text);
  }
});
