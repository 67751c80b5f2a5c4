//! `cargo xtask gallery`: a picture of every state on every kind of screen, and one page with all of
//! them.
//!
//! Needs what the end-to-end tests need, and `PIPIT_GALLERY`, the folder for the pictures.

#![allow(
    clippy::expect_used,
    reason = "without its pictures it has nothing to go on with"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pipit_e2e::{Visitor, World, tour};

/// One walk through all states, on screens between which the panel stays as it is.
struct Walk {
    /// The page's language; the shop's own where it is English.
    language: &'static str,
    screens: &'static [Screen],
}

struct Screen {
    name: &'static str,
    /// In px.
    size: (u32, u32),
    /// What the visitor's system prefers, and what of it.
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
            states = take(walk, &folder).await;
        }
    }
    fs::write(folder.join("index.html"), index(&states)).expect("the index can be written");
    println!("{}", folder.join("index.html").display());
}

/// Takes the pictures of one walk. Returns the names of the states.
async fn take(walk: &Walk, folder: &Path) -> Vec<&'static str> {
    let world = World::in_language(walk.language).await;
    let first = walk.screens.first().expect("a walk has a screen");
    let agent = world.agent().await;
    let visitor = world.visitor_on(first.size).await;
    let mut states = Vec::new();
    tour(&world, &visitor, &agent, async |state| {
        for screen in walk.screens {
            set(&visitor, screen).await;
            let picture = visitor.browser.screenshot().await;
            let file = folder.join(file(state, screen));
            fs::write(file, picture).expect("the picture can be kept");
        }
        // The walk goes on where it began.
        set(&visitor, first).await;
        states.push(state);
    })
    .await;
    agent.browser.close().await;
    visitor.browser.close().await;
    states
}

async fn set(visitor: &Visitor, screen: &Screen) {
    visitor.browser.screen(screen.size).await;
    visitor.browser.prefers(&[screen.prefers]).await;
    visitor.rests().await;
}

fn file(state: &str, screen: &Screen) -> String {
    format!("{state}-{}.png", screen.name)
}

/// All pictures on one page, a row a state.
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
            let (name, file) = (screen.name, file(state, screen));
            let _ = writeln!(
                page,
                "<figure><img loading=\"lazy\" src=\"{file}\" alt=\"{state}, {name}\"><figcaption>{name}</figcaption></figure>"
            );
        }
        page.push_str("</section>\n");
    }
    page
}
