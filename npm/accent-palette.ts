// Computes the panel's colours from the accent, the colour that the web team sets by the option `accent`. `wasm-panel.ts` and
// `frame-host.ts` put the CSS rule that `accentRule` returns into a style sheet. Text in these colours stays readable even if the
// accent is very light or very dark. Every contrast in this file is the contrast ratio of WCAG 2
// (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). WCAG 2 asks for a contrast of 4.5 between text and its background at level
// AA, and of 7 at level AAA.

/** Red, green and blue, each from 0 to 255. */
type Colour = readonly number[];

/** The light or the dark colour scheme: its backgrounds, and the limits for colours that are made from the accent. */
interface Scheme {
  /** The backgrounds in `src/view/style/tokens.css`: first the surface (the panel itself), then raised elements, agents' messages. */
  readonly backgrounds: readonly Colour[];
  /** Whether the backgrounds are dark. */
  readonly isDark: boolean;
  /** The least contrast between the surface and a button, which is filled with the accent. */
  readonly fillContrast: number;
  /** The least contrast between text in the accent's colour and each background. */
  readonly textContrast: number;
  /** The share of the accent in the tinted background (for example behind avatars), from 0 to 1. The rest is the surface. */
  readonly tint: number;
}

const LIGHT: Scheme = { backgrounds: ["#ffffff", "#f4f6f6", "#eef2f1"].map(parseColour), isDark: false, fillContrast: 1.25, textContrast: 4.5, tint: 0.12 };
const DARK: Scheme = { backgrounds: ["#151a19", "#1d2423", "#222b29"].map(parseColour), isDark: true, fillContrast: 7.5, textContrast: 7, tint: 0.18 };

const WHITE: Colour = [255, 255, 255];
const DARK_TEXT: Colour = [17, 17, 17];
const BLACK_LIGHTNESS = 0;
const WHITE_LIGHTNESS = 1;

/** Returns the CSS rule with the accent's custom properties; undefined if `parseColour` cannot parse the accent. */
export function accentRule(accent = ""): string | undefined {
  const colour = parseColour(accent.trim());
  if (!colour.length) {
    return undefined;
  }
  const light = shadesOf(colour, LIGHT);
  const dark = shadesOf(colour, DARK);
  const propertyNames = ["accent", "on-accent", "accent-ink", "soft"];
  return `.pipit{${propertyNames.map((name, index) => `--${name}:light-dark(rgb(${light[index]}),rgb(${dark[index]}))`).join(";")}}`;
}

/**
 * Returns four colours in the order of `propertyNames`: the button, text on the button, text in the accent's colour, and the tinted
 * background.
 */
function shadesOf(accent: Colour, { backgrounds, isDark, fillContrast, textContrast, tint }: Scheme): Colour[] {
  const surface = backgrounds[0]!;
  // The lightness that contrasts most with the surface.
  const farthestLightness = isDark ? WHITE_LIGHTNESS : BLACK_LIGHTNESS;
  let fill = shiftLightness(accent, farthestLightness, (shade) => contrast(shade, surface) >= fillContrast);
  let textOnFill = WHITE;
  // In the light scheme, a button whose contrast to white is at least 3 is darkened until white text on it has a contrast of 4.5.
  // Every other button is light, and gets text that is almost black: a shade of a light colour would look as if it were disabled.
  if (!isDark && contrast(fill, WHITE) >= 3) {
    fill = shiftLightness(fill, BLACK_LIGHTNESS, (shade) => contrast(shade, WHITE) >= 4.5);
  } else {
    textOnFill = DARK_TEXT;
  }
  const tinted = accent.map((part, index) => Math.round(part * tint + surface[index]! * (1 - tint)));
  const text = shiftLightness(accent, farthestLightness, (shade) => [...backgrounds, tinted].every((background) => contrast(shade, background) >= textContrast));
  return [fill, textOnFill, text, tinted];
}

/**
 * Moves a colour towards black (goal 0) or white (goal 1) in a hundred equal steps, until `isGoodEnough` accepts the shade. Returns
 * this shade. The colour itself is the first shade that is tried. If no shade is accepted, returns black or white. The hue stays
 * the same.
 */
function shiftLightness(colour: Colour, goal: number, isGoodEnough: (shade: Colour) => boolean): Colour {
  const { hue, saturation, lightness: start } = toHsl(colour);
  let shade = colour;
  for (let step = 1; step <= 100 && !isGoodEnough(shade); step++) {
    shade = fromHsl(hue, saturation, start + ((goal - start) * step) / 100);
  }
  return shade;
}

/** Converts a colour to HSL. The hue is from -1 to 5: red is 0, green is 2, blue is 4. Saturation and lightness are from 0 to 1. */
function toHsl(colour: Colour): { hue: number; saturation: number; lightness: number } {
  const [red, green, blue] = colour.map((part) => part / 255) as [number, number, number];
  const max = Math.max(red, green, blue);
  const min = Math.min(red, green, blue);
  const chroma = max - min;
  const lightness = (max + min) / 2;
  if (!chroma) {
    return { hue: 0, saturation: 0, lightness };
  }
  // A colour that is almost black, grey or white gets a low saturation: `shiftLightness` would otherwise make a bright colour of it.
  const saturation = (chroma / (1 - Math.abs(2 * lightness - 1))) * Math.min(chroma * 10, 1);
  if (max === red) {
    return { hue: (green - blue) / chroma, saturation, lightness };
  }
  if (max === green) {
    return { hue: (blue - red) / chroma + 2, saturation, lightness };
  }
  return { hue: (red - green) / chroma + 4, saturation, lightness };
}

/** Converts HSL to a colour (https://www.w3.org/TR/css-color-4/#hsl-to-rgb). The hue is from -1 to 5, as from `toHsl`. */
function fromHsl(hue: number, saturation: number, lightness: number): Colour {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((offset) => {
    const position = (hue * 2 + offset + 12) % 12;
    return Math.round((lightness - amplitude * Math.max(Math.min(position - 3, 9 - position, 1), -1)) * 255);
  });
}

/** The contrast ratio, from 1 (none) to 21 (black on white). */
function contrast(first: Colour, second: Colour): number {
  const luminances = [luminance(first), luminance(second)];
  return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05);
}

/** The relative luminance of WCAG 2, from 0 to 1. 10.32 and 3294.6 are the constants 0.04045 and 12.92 of WCAG 2, times 255. */
function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => (part < 10.32 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Parses `#rgb`, `#rrggbb`, and `rgb(r, g, b)` with or without its commas. Returns an empty list for any other text. */
function parseColour(text: string): number[] {
  if (/^#([\da-f]{3}){1,2}$/i.test(text)) {
    const digits = text.length < 5 ? text.replace(/\w/g, "$&$&") : text;
    return [1, 3, 5].map((start) => parseInt(digits.slice(start, start + 2), 16));
  }
  const parts = /^rgb\( *(\d+)[, ]+(\d+)[, ]+(\d+) *\)$/.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) ? parts : [];
}
