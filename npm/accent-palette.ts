// The colours that are made from the host's accent, whatever it is, so that all of it can be read: by the
// contrast formula of WCAG 2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).

type Colour = readonly number[];

/** A scheme's grounds as in `src/view/style`: surface, raised, agents' messages; and how it tints. */
interface Scheme {
  grounds: Colour[];
  /** The end that is far from the grounds. */
  far: number;
  /** The contrast of text in the accent's colour. */
  needed: number;
  tint: number;
}

const LIGHT: Scheme = { grounds: ["#ffffff", "#f4f6f6", "#eef2f1"].map(rgb), far: 0, needed: 4.5, tint: 0.12 };
const DARK: Scheme = { grounds: ["#151a19", "#1d2423", "#222b29"].map(rgb), far: 255, needed: 7, tint: 0.18 };

const WHITE: Colour = [255, 255, 255];

/** The rule that hands the shades of an accent to the style sheets; nothing where it is no colour that we read. */
export function paint(accent = ""): string | undefined {
  const colour = rgb(accent.trim());
  if (!colour.length) {
    return undefined;
  }
  const [light, dark] = [shades(colour, LIGHT), shades(colour, DARK)];
  const names = ["accent", "on-accent", "accent-ink", "soft"];
  return `.pipit{${names.map((name, i) => `--${name}:light-dark(rgb(${light[i]}),rgb(${dark[i]}))`).join(";")}}`;
}

/** Ground, text on it, text on the scheme's own grounds, tinted ground. */
function shades(accent: Colour, scheme: Scheme): Colour[] {
  const { grounds, far, needed, tint } = scheme;
  const surface = grounds[0]!;
  let fill = toward(accent, far, (it) => contrast(it, surface) >= (far ? 7.5 : 1.25));
  let on = WHITE;
  // White on the accent is worth keeping where making it a little darker is enough.
  if (!far && contrast(fill, WHITE) >= 3) {
    fill = toward(fill, 0, (it) => contrast(it, WHITE) >= 4.5);
  } else {
    on = toward(fill, 0, (it) => contrast(it, fill) >= 7);
  }
  const soft = accent.map((part, i) => Math.round(part * tint + surface[i]! * (1 - tint)));
  const ink = toward(accent, far, (it) => [...grounds, soft].every((ground) => contrast(it, ground) >= needed));
  return [fill, on, ink, soft];
}

/** The first colour on the way to black or white that is enough. Hue stays, and saturation, as far as there is one. */
function toward(colour: Colour, end: number, enough: (colour: Colour) => boolean): Colour {
  const parts = colour.map((part) => part / 255);
  const [most, least] = [Math.max(...parts), Math.min(...parts)];
  const [chroma, from] = [most - least, (most + least) / 2];
  const [r, g, b] = parts as [number, number, number];
  const hue = !chroma ? 0 : most === r ? (g - b) / chroma : most === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
  // A black or white that is a hair off must not turn into a bright colour.
  const saturation = chroma && (chroma / (1 - Math.abs(2 * from - 1))) * Math.min(chroma * 10, 1);
  let found = colour;
  for (let step = 1; step <= 100 && !enough(found); step++) {
    const lightness = from + ((end / 255 - from) * step) / 100;
    const reach = saturation * Math.min(lightness, 1 - lightness);
    found = [0, 8, 4].map((offset) => {
      const place = (hue * 2 + offset + 12) % 12;
      return Math.round((lightness - reach * Math.max(Math.min(place - 3, 9 - place, 1), -1)) * 255);
    });
  }
  return found;
}

/** From 1 (none) to 21 (black on white). */
function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** By WCAG 2. */
function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((part) => (part < 10.32 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** Reads `#rgb`, `#rrggbb` and `rgb(r, g, b)`, with or without commas; nothing of all else. */
function rgb(text: string): number[] {
  if (/^#([\da-f]{3}){1,2}$/i.test(text)) {
    const digits = text.length < 5 ? text.replace(/\w/g, "$&$&") : text;
    return [1, 3, 5].map((at) => parseInt(digits.slice(at, at + 2), 16));
  }
  const parts = /^rgb\( *(\d+)[, ]+(\d+)[, ]+(\d+) *\)$/.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) ? parts : [];
}
