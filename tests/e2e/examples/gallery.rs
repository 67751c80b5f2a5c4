//! `cargo xtask gallery`: takes a picture of every state of the widget on several screens, and writes a page that shows
//! them all.
//!
//! It needs the same environment as the end-to-end tests, and the folder for the pictures in `PIPIT_GALLERY`.

#![allow(
    clippy::expect_used,
    reason = "the program ends at the first picture that it cannot take"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pipit_e2e::{TestServer, Visitor, tour};

/// One tour through all states. Its screens are similar enough that the panel keeps its state when the screen changes.
struct Walk {
    /// The page's language.
    language: &'static str,
    screens: &'static [Screen],
}

struct Screen {
    name: &'static str,
    /// Width and height, in px.
    size: (u32, u32),
    /// A preference of the visitor's system: its name and value.
    prefers: (&'static str, &'static str),
}

const LIGHT: (&str, &str) = ("prefers-color-scheme", "light");
const DARK: (&str, &str) = ("prefers-color-scheme", "dark");
const FORCED: (&str, &str) = ("forced-colors", "active");

const fn screen(
    name: &'static str,
    size: (u32, u32),
    prefers: (&'static str, &'static str),
) -> Screen {
    Screen {
        name,
        size,
        prefers,
    }
}

const WALKS: [Walk; 5] = [
    Walk {
        language: "en",
        screens: &[
            screen("desktop", (1280, 800), LIGHT),
            screen("desktop-dark", (1280, 800), DARK),
            screen("desktop-forced-colours", (1280, 800), FORCED),
        ],
    },
    Walk {
        language: "en",
        screens: &[screen("tablet", (768, 1024), LIGHT)],
    },
    Walk {
        language: "en",
        screens: &[
            screen("phone", (390, 844), LIGHT),
            screen("phone-dark", (390, 844), DARK),
            screen("small", (320, 568), LIGHT),
        ],
    },
    Walk {
        language: "ar",
        screens: &[screen("arabic", (1280, 800), LIGHT)],
    },
    Walk {
        language: "ar",
        screens: &[screen("arabic-phone", (390, 844), DARK)],
    },
];

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::var_os("PIPIT_GALLERY").expect("PIPIT_GALLERY is set"));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let only = std::env::args().nth(1);
    let names: Vec<_> = WALKS
        .iter()
        .flat_map(|walk| walk.screens)
        .map(|it| it.name)
        .collect();
    assert!(
        only.as_deref().is_none_or(|only| names.contains(&only)),
        "there is no such screen; there are {names:?}"
    );
    let mut states = Vec::new();
    for walk in &WALKS {
        let is_asked_for = |screen: &Screen| only.as_deref().is_none_or(|only| only == screen.name);
        if walk.screens.iter().any(is_asked_for) {
            states = take_pictures(walk, &folder).await;
        }
    }
    fs::write(folder.join("index.html"), index(&states)).expect("the index can be written");
    println!("{}", folder.join("index.html").display());
}

/// Takes the pictures of one tour. Returns the names of the states.
async fn take_pictures(walk: &Walk, folder: &Path) -> Vec<&'static str> {
    let server = TestServer::in_language(walk.language).await;
    let first = walk.screens.first().expect("a walk has a screen");
    let agent = server.agent().await;
    let visitor = server.visitor_with_screen(first.size).await;
    let mut states = Vec::new();
    tour(&server, &visitor, &agent, async |state| {
        for screen in walk.screens {
            apply_screen(&visitor, screen).await;
            let picture = visitor.browser.screenshot().await;
            let path = folder.join(file_name(state, screen));
            fs::write(path, picture).expect("the picture can be written");
        }
        // The tour continues on its first screen.
        apply_screen(&visitor, first).await;
        states.push(state);
    })
    .await;
    agent.browser.close().await;
    visitor.browser.close().await;
    states
}

async fn apply_screen(visitor: &Visitor, screen: &Screen) {
    visitor.browser.set_screen(screen.size).await;
    visitor.browser.set_preferences(&[screen.prefers]).await;
    visitor.wait_until_still().await;
}

fn file_name(state: &str, screen: &Screen) -> String {
    format!("{state}-{}.png", screen.name)
}

/// The page with all pictures. Each state is a row.
fn index(states: &[&str]) -> String {
    let mut page = "<!doctype html><meta charset=\"utf-8\"><title>Pipit: every state</title><style>
body{margin:24px;font:15px/1.4 system-ui,sans-serif;background:#d8dcde}
section{display:flex;gap:16px;overflow-x:auto;padding-block-end:24px}
figure{margin:0;flex:none}img{display:block;height:480px}
</style><h1>Every state on every screen</h1>\n"
        .to_owned();
    for state in states {
        let _ = writeln!(page, "<h2>{state}</h2><section>");
        for screen in WALKS.iter().flat_map(|walk| walk.screens) {
            let (name, file) = (screen.name, file_name(state, screen));
            let _ = writeln!(
                page,
                "<figure><img loading=\"lazy\" src=\"{file}\" alt=\"{state}, {name}\"><figcaption>{name}</figcaption></figure>"
            );
        }
        page.push_str("</section>\n");
    }
    page
}
