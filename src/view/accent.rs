//! From one colour of the host's, whatever it is, colours that can be read: by the contrast formula
//! of WCAG 2 (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>).

/// A colour of the screen: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// What the widget draws with, made from one accent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shades {
    /// The ground of what leads on, and of the visitor's messages.
    pub(crate) fill: Colour,
    /// Text on the fill.
    pub(crate) on_fill: Colour,
    /// Text, lines and rings on the panel's own grounds, and on `soft`.
    pub(crate) ink: Colour,
    /// A tinted ground.
    pub(crate) soft: Colour,
}

/// What a text needs.
const TEXT: f64 = 4.5;
/// From here on white on the accent is worth keeping, by making the accent a little darker.
const NEARLY: f64 = 3.0;
/// A fill is at least told from the panel.
const TOLD: f64 = 1.25;
/// In the dark a fill glows.
const GLOW: f64 = 7.5;
/// Where there is room: dark text on a fill, and text of the accent's colour in the dark.
const STRONG: f64 = 7.0;

const WHITE: Colour = Colour([255; 3]);
const BLACK: Colour = Colour([0; 3]);

impl Colour {
    /// The accent of a host that says nothing.
    pub(crate) const DEFAULT: Self = Self([0x1f, 0x6f, 0x5c]);

    /// Reads `#rgb`, `#rrggbb` and `rgb(r, g, b)`, with or without commas.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(hex) = text.strip_prefix('#') {
            return Self::of_hex(hex);
        }
        let inner = text.strip_prefix("rgb(")?.strip_suffix(')')?;
        let mut parts = inner.split([',', ' ']).filter(|part| !part.is_empty());
        let mut next = || parts.next()?.parse().ok();
        let colour = Self([next()?, next()?, next()?]);
        parts.next().is_none().then_some(colour)
    }

    fn of_hex(hex: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = hex
            .chars()
            .map(|digit| u8::try_from(digit.to_digit(16)?).ok())
            .collect();
        match *digits? {
            [r, g, b] => Some(Self([r * 17, g * 17, b * 17])),
            [r, r2, g, g2, b, b2] => Some(Self([r * 16 + r2, g * 16 + g2, b * 16 + b2])),
            _ => None,
        }
    }

    /// As `#rrggbb`.
    pub(crate) fn css(self) -> String {
        let mut css = String::from("#");
        for part in self.0 {
            for digit in [part >> 4, part & 15] {
                css.extend(char::from_digit(digit.into(), 16));
            }
        }
        css
    }

    /// The colours made from this accent.
    pub(crate) fn shades(self, scheme: Scheme) -> Shades {
        let grounds = scheme.grounds();
        let [surface, ..] = grounds;
        let (fill, on_fill) = match scheme {
            Scheme::Light => self.in_the_light(surface),
            Scheme::Dark => self.in_the_dark(surface),
        };
        let soft = self.over(surface, scheme.tint());
        let needed = scheme.needed();
        let ink = self.toward(scheme.far(), |ink| {
            let on = |ground: &Self| ink.contrast(*ground) >= needed;
            grounds.iter().all(on) && on(&soft)
        });
        Shades {
            fill,
            on_fill,
            ink,
            soft,
        }
    }

    /// The accent as it is, if it can be; white on it wherever it nearly can be read.
    fn in_the_light(self, surface: Self) -> (Self, Self) {
        let fill = self.toward(BLACK, |fill| fill.contrast(surface) >= TOLD);
        if fill.contrast(WHITE) >= NEARLY {
            let fill = fill.toward(BLACK, |fill| fill.contrast(WHITE) >= TEXT);
            (fill, WHITE)
        } else {
            (fill, fill.dark_text())
        }
    }

    fn in_the_dark(self, surface: Self) -> (Self, Self) {
        let fill = self.toward(WHITE, |fill| fill.contrast(surface) >= GLOW);
        (fill, fill.dark_text())
    }

    fn dark_text(self) -> Self {
        self.toward(BLACK, |text| text.contrast(self) >= STRONG)
    }

    /// The first colour on the way to black or white that is enough; else black or white itself.
    /// Hue stays, and saturation, as far as the eye can tell that there is one.
    fn toward(self, end: Self, enough: impl Fn(Self) -> bool) -> Self {
        const STEPS: u8 = 100;
        if enough(self) {
            return self;
        }
        let (hue, saturation, from) = self.hsl();
        let to = if end == WHITE { 1.0 } else { 0.0 };
        (1..STEPS)
            .map(|step| from + (to - from) * f64::from(step) / f64::from(STEPS))
            .map(|lightness| Self::of_hsl(hue, saturation, lightness))
            .find(|colour| enough(*colour))
            .unwrap_or(end)
    }

    /// Hue in sixths of the circle; saturation and lightness from 0 to 1.
    fn hsl(self) -> (f64, f64, f64) {
        let [r, g, b] = self.0.map(|part| f64::from(part) / 255.0);
        let (most, least) = (r.max(g).max(b), r.min(g).min(b));
        let chroma = most - least;
        let lightness = f64::midpoint(most, least);
        if chroma == 0.0 {
            return (0.0, 0.0, lightness);
        }
        #[allow(clippy::float_cmp, reason = "it is one of the three")]
        let hue = if most == r {
            (g - b) / chroma
        } else if most == g {
            (b - r) / chroma + 2.0
        } else {
            (r - g) / chroma + 4.0
        };
        let saturation = chroma / (1.0 - (2.0 * lightness - 1.0).abs());
        // A black or white that is a hair off must not turn into a bright colour.
        (hue, saturation * (chroma * 10.0).min(1.0), lightness)
    }

    fn of_hsl(hue: f64, saturation: f64, lightness: f64) -> Self {
        let reach = saturation * lightness.min(1.0 - lightness);
        Self([0.0, 4.0, 2.0].map(|offset| {
            let place = (hue * 2.0 + offset * 2.0).rem_euclid(12.0);
            byte(lightness - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0))
        }))
    }

    /// This colour laid thinly over another.
    fn over(self, ground: Self, share: f64) -> Self {
        let [r, g, b] = self.0;
        let [r2, g2, b2] = ground.0;
        Self([(r, r2), (g, g2), (b, b2)].map(|(on, under)| {
            byte((f64::from(on) * share + f64::from(under) * (1.0 - share)) / 255.0)
        }))
    }

    /// From 1 (none) to 21 (black on white).
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|part| linear(f64::from(part) / 255.0));
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}

impl Scheme {
    /// The panel's own grounds, as in `style/tokens.css`: surface, raised, agents' messages.
    const fn grounds(self) -> [Colour; 3] {
        match self {
            Self::Light => [
                WHITE,
                Colour([0xf4, 0xf6, 0xf6]),
                Colour([0xee, 0xf2, 0xf1]),
            ],
            Self::Dark => [
                Colour([0x15, 0x1a, 0x19]),
                Colour([0x1d, 0x24, 0x23]),
                Colour([0x22, 0x2b, 0x29]),
            ],
        }
    }

    /// The end that is far from the grounds.
    const fn far(self) -> Colour {
        match self {
            Self::Light => BLACK,
            Self::Dark => WHITE,
        }
    }

    /// The contrast of text in the accent's colour.
    const fn needed(self) -> f64 {
        match self {
            Self::Light => TEXT,
            Self::Dark => STRONG,
        }
    }

    const fn tint(self) -> f64 {
        match self {
            Self::Light => 0.12,
            Self::Dark => 0.18,
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies between 0 and 255"
)]
fn byte(part: f64) -> u8 {
    (part * 255.0).round() as u8
}

fn linear(part: f64) -> f64 {
    if part <= 0.04045 {
        part / 12.92
    } else {
        let base = (part + 0.055) / 1.055;
        base * base * fifth_root(base * base)
    }
}

/// By Newton's way; `powf` would bring a library of its own into the WASM.
fn fifth_root(of: f64) -> f64 {
    (0..16).fold(1.0, |root: f64, _| {
        let fourth = root * root * root * root;
        (4.0 * root + of / fourth) / 5.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMES: [Scheme; 2] = [Scheme::Light, Scheme::Dark];

    /// Every 17th step of each part, and colours in between from a counter.
    fn colours() -> impl Iterator<Item = Colour> {
        let grid = (0..16_u16.pow(3)).map(|at| {
            let step = |place: u16| u8::try_from(at / place % 16 * 17).unwrap();
            Colour([step(1), step(16), step(16 * 16)])
        });
        let between = (1..4_000_u32).map(|at| {
            let [r, g, b, _] = at.wrapping_mul(2_654_435_761).to_be_bytes();
            Colour([r, g, b])
        });
        grid.chain(between)
    }

    #[test]
    fn whatever_the_accent_all_text_can_be_read() {
        for (accent, scheme) in colours().flat_map(|it| SCHEMES.map(|scheme| (it, scheme))) {
            let shades = accent.shades(scheme);
            let told = || format!("{} in {scheme:?}: {shades:?}", accent.css());
            assert!(shades.on_fill.contrast(shades.fill) >= TEXT, "{}", told());
            for ground in scheme.grounds().into_iter().chain([shades.soft]) {
                assert!(shades.ink.contrast(ground) >= TEXT, "{}", told());
            }
            let [surface, ..] = scheme.grounds();
            assert!(shades.fill.contrast(surface) >= TOLD, "{}", told());
        }
    }

    #[test]
    fn the_contrast_is_that_of_wcag() {
        let near = |one: &str, two: &str, ratio: f64| {
            let read = |text| Colour::read(text).unwrap();
            let told = read(one).contrast(read(two));
            assert!((told - ratio).abs() < 0.005, "{one} on {two}: {told}");
        };
        near("#000", "#fff", 21.0);
        near("#777", "#fff", 4.478);
        near("#ff0000", "#ffffff", 3.998);
        near("#0000ff", "#ffffff", 8.592);
        near("#123456", "#123456", 1.0);
    }

    #[test]
    fn an_accent_that_reads_well_stays_as_it_is() {
        for accent in [Colour::DEFAULT, Colour([0x22, 0x33, 0xaa])] {
            let shades = accent.shades(Scheme::Light);
            assert_eq!((shades.fill, shades.on_fill), (accent, WHITE));
        }
        let mint = Colour([0x5c, 0xc3, 0xa6]);
        assert_eq!(mint.shades(Scheme::Dark).fill, mint);
    }

    #[test]
    fn grey_stays_grey() {
        for grey in [BLACK, WHITE, Colour([0x88; 3])] {
            for scheme in SCHEMES {
                let Shades { fill, ink, .. } = grey.shades(scheme);
                for Colour([r, g, b]) in [fill, ink] {
                    assert!(r == g && g == b, "{grey:?} in {scheme:?}");
                }
            }
        }
    }

    #[test]
    fn a_colour_keeps_itself_through_hue_and_lightness() {
        for colour in colours() {
            let (hue, saturation, lightness) = colour.hsl();
            let [r, g, b] = colour.0;
            if r.max(g).max(b) - r.min(g).min(b) > 26 {
                assert_eq!(Colour::of_hsl(hue, saturation, lightness), colour);
            }
        }
    }

    #[test]
    fn colours_are_read_as_hosts_write_them() {
        let fern = Some(Colour::DEFAULT);
        for text in ["#1f6f5c", " #1F6F5C ", "rgb(31, 111, 92)", "rgb(31 111 92)"] {
            assert_eq!(Colour::read(text), fern, "{text}");
        }
        assert_eq!(Colour::read("#f0a"), Some(Colour([255, 0, 170])));
        for text in [
            "",
            "#",
            "1f6f5c",
            "#1f6f5",
            "#1f6f5cff",
            "#1f6f5g",
            "green",
            "rgb(1,2)",
            "rgb(1,2,256)",
            "rgb(1,2,3,4)",
            "rgb(1,2,3",
            "#é",
        ] {
            assert_eq!(Colour::read(text), None, "{text}");
        }
        assert_eq!(Colour::DEFAULT.css(), "#1f6f5c");
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let tokens = include_str!("style/tokens.css");
        let [light, dark] = SCHEMES.map(Scheme::grounds);
        for ((name, light), dark) in ["surface", "raised", "them"].iter().zip(light).zip(dark) {
            let short = if light == WHITE {
                "#fff".to_owned()
            } else {
                light.css()
            };
            let token = format!("--{name}: light-dark({short}, {});", dark.css());
            assert!(tokens.contains(&token), "{token}");
        }
    }
}
