//! `cargo xtask gallery`: takes a picture of every state of the widget on several screens, and writes a page that shows
//! them all. `cargo xtask gallery --check` checks every state on the same screens instead: by axe-core, and whether everything
//! fits and is large enough for a pointer.
//!
//! It needs the same environment as the end-to-end tests, and the folder for the pictures in `PIPIT_GALLERY`. Without that
//! folder, it checks.

#![allow(
    clippy::expect_used,
    reason = "the program ends at the first picture that it cannot take"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pipit_e2e::{PSEUDO_LOCALE, TestServer, Visitor, tour};

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

impl Screen {
    /// Whether everything must fit on the screen. A page at 400 % and a phone on its side with its keyboard scroll, which
    /// `tests/accessibility.rs` checks.
    const fn fits_everything(&self) -> bool {
        self.size.1 >= 500
    }
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

const WALKS: [Walk; 8] = [
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
            screen("phone-forced-colours", (390, 844), FORCED),
            screen("small", (320, 568), LIGHT),
            screen("zoom-400", (320, 256), LIGHT),
        ],
    },
    Walk {
        language: "en",
        screens: &[screen("phone-on-its-side", (844, 390), LIGHT)],
    },
    Walk {
        language: "ar",
        screens: &[
            screen("arabic", (1280, 800), LIGHT),
            screen("arabic-dark", (1280, 800), DARK),
            screen("arabic-forced-colours", (1280, 800), FORCED),
        ],
    },
    Walk {
        language: "ar",
        screens: &[
            screen("arabic-phone", (390, 844), DARK),
            screen("arabic-phone-light", (390, 844), LIGHT),
            screen("arabic-phone-forced-colours", (390, 844), FORCED),
        ],
    },
    Walk {
        language: PSEUDO_LOCALE,
        screens: &[screen("pseudo-locale", (1280, 800), LIGHT)],
    },
    Walk {
        language: PSEUDO_LOCALE,
        screens: &[screen("pseudo-locale-phone", (390, 844), LIGHT)],
    },
];

#[tokio::main]
async fn main() {
    let folder = std::env::var_os("PIPIT_GALLERY").map(PathBuf::from);
    if let Some(folder) = &folder {
        fs::create_dir_all(folder).expect("the folder can be made");
    }
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
    let mut problems = Vec::new();
    for walk in &WALKS {
        let is_asked_for = |screen: &Screen| only.as_deref().is_none_or(|only| only == screen.name);
        if walk.screens.iter().any(is_asked_for) {
            states = go(walk, folder.as_deref(), &mut problems).await;
        }
    }
    if let Some(folder) = folder {
        fs::write(folder.join("index.html"), index(&states)).expect("the index can be written");
        println!("{}", folder.join("index.html").display());
    }
    for problem in &problems {
        println!("{problem}");
    }
    assert!(problems.is_empty(), "{} problems", problems.len());
}

/// Takes the pictures of one tour, or checks its states. Returns the names of the states.
async fn go(walk: &Walk, folder: Option<&Path>, problems: &mut Vec<String>) -> Vec<&'static str> {
    let server = TestServer::in_language(walk.language).await;
    let first = walk.screens.first().expect("a walk has a screen");
    let agent = server.agent().await;
    let visitor = server.visitor_with_screen(first.size).await;
    let mut states = Vec::new();
    tour(&server, &visitor, &agent, async |state| {
        for screen in walk.screens {
            apply_screen(&visitor, screen).await;
            if let Some(folder) = folder {
                let picture = visitor.browser.screenshot().await;
                let path = folder.join(file_name(state, screen));
                fs::write(path, picture).expect("the picture can be written");
            } else {
                let found = check(&visitor, screen).await;
                let describe = |problem| format!("{state}, {}: {problem}", screen.name);
                problems.extend(found.into_iter().map(describe));
            }
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

/// Everything that is wrong with the state that the widget is in.
async fn check(visitor: &Visitor, screen: &Screen) -> Vec<String> {
    let mut problems = visitor.axe_violations().await;
    problems.extend(visitor.small_targets().await);
    if screen.fits_everything() {
        problems.extend(visitor.overflowing_parts().await);
    }
    problems
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
