//! Pages whose style sheets affect every element. Launcher and open panel must look the same as on a plain page.

use pipit_e2e::{Capability, Engine, TestServer, Visitor, is_unsupported};
use serde_json::Value;

/// The hostile pages: name, attributes of `<html>`, style sheet, body.
const PAGES: [(&str, &str, &str, &str); 7] = [
    // The reset of Bootstrap.
    (
        "bootstrap",
        "",
        "*, ::before, ::after { box-sizing: border-box }
         body { margin: 0; font: 400 1rem/1.5 serif; color: #212529; background: #fff; -webkit-text-size-adjust: 100%; -webkit-tap-highlight-color: #0000 }
         h2, h3 { margin: 0 0 .5rem; font-weight: 500; line-height: 1.2 } p { margin: 0 0 1rem }
         button { border-radius: 0; text-transform: none; margin: 0; font: inherit } svg { vertical-align: middle }
         [role=button], button:not(:disabled) { cursor: pointer } dialog { padding: 9px }",
        "",
    ),
    // The preflight of Tailwind.
    (
        "preflight",
        "",
        "*, ::before, ::after, ::backdrop { box-sizing: border-box; margin: 0; padding: 0; border: 0 solid #e5e7eb }
         html, :host { line-height: 1.5; tab-size: 4; font-family: ui-sans-serif, sans-serif; font-feature-settings: 'ss01' }
         h2, h3 { font-size: inherit; font-weight: inherit } svg, img { display: block; vertical-align: middle }
         button, textarea { font: inherit; letter-spacing: inherit; color: inherit; background: none }",
        "",
    ),
    ("unset", "", "* { all: unset !important }", ""),
    (
        "inherited",
        "",
        "html { font-size: 62.5% }
         * { letter-spacing: 3px; word-spacing: 9px; text-transform: uppercase; text-indent: 20px; line-height: 3; color: red;
             font-style: italic; font-weight: 900; text-align: center; white-space: pre; visibility: visible; cursor: wait;
             direction: rtl; text-shadow: 1px 1px red }",
        "",
    ),
    ("small-root", "", "html { font-size: 62.5% } body { font-size: 1.6rem }", ""),
    ("rtl", "dir=rtl", "body { direction: rtl }", ""),
    (
        "banners",
        "",
        "aside { position: fixed; inset: auto 0 0; block-size: 90%; background: #fff; z-index: 2147483647 }",
        "<aside>We value your cookies</aside><aside>Our newsletter</aside>",
    ),
];

const ZOOMED: [(&str, &str, &str, &str); 1] =
    [("zoomed", "", "html { zoom: 1.3 } body { zoom: 1.1 }", "")];

/// The smallest difference of a colour channel that counts (0 to 255). Smaller ones come from rounding at the edges of letters
/// and corners.
const DIFFERENT: u8 = 24;

/// The share of a part's pixels that may differ.
fn tolerance(part: &str) -> f64 {
    match Engine::of_this_run() {
        // WebKit draws the edge of the launcher's icon in one of two ways, with and without a layer of its own. That is 3 % of
        // the pixels for the bubble.
        Engine::WebKit if part != "panel" => 0.035,
        _ => 0.001,
    }
}

fn page(html: &str, style: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en {html}><head><meta charset=utf-8>\
         <script>sessionStorage.clear()</script><style>{style}</style></head><body>{body}\
         <script src=\"/pipit/pipit.js\" data-session-endpoint=\"/session\"></script></body></html>"
    )
}

/// A picture, and the area of a part of the widget in it.
struct Picture {
    width: usize,
    pixels: Vec<u8>,
    place: [i64; 4],
}

impl Picture {
    async fn of(visitor: &Visitor, part: &str) -> Self {
        visitor.wait_until_still().await;
        let place =
            "const [{ left, top, width, height }] = seen.map(it => it.getBoundingClientRect());
            return [left, top, width, height].map(Math.round)";
        let place = visitor.script(place, &format!("[part~={part}]")).await;
        let png = visitor.browser.screenshot().await;
        let mut reader = png::Decoder::new(std::io::Cursor::new(png))
            .read_info()
            .expect("it is a PNG");
        let size = reader.output_buffer_size().expect("it has a size");
        let mut pixels = vec![0; size];
        let info = reader.next_frame(&mut pixels).expect("it can be read");
        let of_pixel = info.color_type.samples();
        let pixels = pixels.chunks_exact(of_pixel);
        Self {
            width: usize::try_from(info.width).expect("it is not that wide"),
            pixels: pixels
                .flat_map(|pixel| pixel.iter().take(3).copied())
                .collect(),
            place: serde_json::from_value(place).expect("a part has a place"),
        }
    }

    /// The rows of pixels of the part.
    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let place = self
            .place
            .map(|it| usize::try_from(it).expect("it is in the window"));
        let [left, top, width, height] = place;
        let row = move |y: usize| {
            self.pixels
                .get((y * self.width + left) * 3..)?
                .get(..width * 3)
        };
        (top..top + height).filter_map(row)
    }

    /// The share of pixels that differ.
    fn differs(&self, other: &Self) -> f64 {
        assert_eq!(self.place, other.place, "left, top, width and height");
        let pairs = self.rows().zip(other.rows());
        let (mut count, mut different) = (0_u32, 0_u32);
        for (ours, theirs) in pairs {
            for (a, b) in ours.chunks_exact(3).zip(theirs.chunks_exact(3)) {
                count += 1;
                different += u32::from(a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > DIFFERENT));
            }
        }
        assert!(count > 1_000, "there is something to compare");
        f64::from(different) / f64::from(count)
    }
}

/// Pictures of the launcher, of the panel, and of the launcher while the panel is open.
async fn pictures(visitor: &Visitor) -> [Picture; 3] {
    visitor.part("launcher").await;
    let closed = Picture::of(visitor, "launcher").await;
    // The page opens the panel, so that the pictures show neither hover nor focus.
    let open = "Pipit.open().then(arguments[0], arguments[0])";
    assert_eq!(
        visitor.browser.script_async(open, vec![]).await,
        Value::Null
    );
    visitor
        .wait_for_text(".welcome h3", "Hello! How can we help?")
        .await;
    let [panel, launcher] = [
        Picture::of(visitor, "panel").await,
        Picture::of(visitor, "launcher").await,
    ];
    [closed, panel, launcher]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_looks_the_same_on_hostile_pages() {
    looks_as_on_a_plain_page(&PAGES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zoom_of_the_page_does_not_change_the_widget() {
    if !is_unsupported(Capability::ReportingZoom) {
        looks_as_on_a_plain_page(&ZOOMED).await;
    }
}

async fn looks_as_on_a_plain_page(pages: &[(&str, &str, &str, &str)]) {
    let server = TestServer::with_page(&page("", "", "")).await;
    for (name, html, style, body) in pages {
        server.serve(&format!("{name}.html"), &page(html, style, body));
    }
    let visitor = server.visitor().await;
    let plain = pictures(&visitor).await;
    let mut wrong = Vec::new();
    for (name, ..) in pages {
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        let here = pictures(&visitor).await;
        for (part, (plain, here)) in ["closed", "panel", "open"]
            .iter()
            .zip(plain.iter().zip(&here))
        {
            if plain.place != here.place {
                wrong.push(format!(
                    "{name}, {part}: {:?}, not {:?}",
                    here.place, plain.place
                ));
            } else if plain.differs(here) > tolerance(part) {
                wrong.push(format!(
                    "{name}, {part}: {:.4} of the pixels",
                    plain.differs(here)
                ));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    visitor.browser.close().await;
}
