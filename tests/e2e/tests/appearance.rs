//! The widget's appearance: every state fits on every screen and passes axe-core, and the host's options for position,
//! theme and accent have their effect.

use std::process::Command;

use pipit_e2e::{
    Capability, Machine, PSEUDO_LOCALE, SIZES, TestServer, Visitor, is_unsupported, tour,
};
use serde_json::json;

/// The preferences of visitors' systems. `cargo xtask gallery --check` checks all of them on all screens.
const PREFERENCES: [(&str, &str); 3] = [
    ("prefers-color-scheme", "light"),
    ("prefers-color-scheme", "dark"),
    ("forced-colors", "active"),
];

/// A preference that changes with each commit, so that the tests of some commits together check all of them.
fn preference_of_commit() -> (&'static str, &'static str) {
    let commit = Command::new("git").args(["rev-parse", "HEAD"]).output();
    let first = commit
        .ok()
        .and_then(|output| output.stdout.first().copied());
    PREFERENCES[usize::from(first.unwrap_or_default()) % PREFERENCES.len()]
}

/// The texts and labels of the widget that are not in the pseudo-locale, although they do not come from outside.
async fn untranslated_texts(visitor: &Visitor) -> Vec<String> {
    let script = "const texts = [];
        const add = (element, text) => {
            const isForeign = element.closest('.bubble, bdi, [lang=\"\"], .avatar, .badge, .time, .position, [part=launcher]');
            if (/[a-z]/i.test(text ?? '') && !isForeign && !text.includes('é')) texts.push(text);
        };
        const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) add(walk.currentNode.parentElement, walk.currentNode.data);
        for (const element of seen) for (const name of ['aria-label', 'placeholder', 'title']) {
            if (element.localName !== 'dialog' && !element.matches('.list')) add(element, element.getAttribute(name));
        }
        return texts";
    let texts = visitor.script(script, "*").await;
    serde_json::from_value(texts).expect("a list of texts")
}

/// Checks all states on a machine. `prefers` is a preference of the visitor's system.
async fn check_every_state(language: &str, machine: Machine, prefers: Option<(&str, &str)>) {
    let size = machine.size;
    let server = TestServer::in_language(language).await;
    let agent = server.agent().await;
    let visitor = server.visitor_with_machine(&machine).await;
    let machine_of_the_page =
        "return [matchMedia('(prefers-color-scheme: dark)').matches, innerWidth, innerHeight,
        getComputedStyle(document.documentElement).fontSize]";
    assert_eq!(
        visitor.browser.script(machine_of_the_page, vec![]).await,
        json!([
            machine.dark,
            size.0,
            size.1,
            format!("{}px", machine.text_size)
        ])
    );
    if let Some(prefers) = prefers
        && !is_unsupported(Capability::ChangingPreferences)
    {
        visitor.browser.set_preferences(&[prefers]).await;
    }
    tour(&server, &visitor, &agent, async |state| {
        visitor.wait_until_still().await;
        if language == PSEUDO_LOCALE {
            let untranslated = untranslated_texts(&visitor).await;
            assert!(untranslated.is_empty(), "{state}: {untranslated:?}");
        }
        let outside = visitor.overflowing_parts().await;
        assert!(outside.is_empty(), "{state} at {size:?}: {outside:?}");
        let small = visitor.small_targets().await;
        assert!(small.is_empty(), "{state} at {size:?}: {small:?}");
        let violations = visitor.axe_violations().await;
        assert!(
            violations.is_empty(),
            "{state} at {size:?}: {violations:#?}"
        );
    })
    .await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_fits_on_a_desktop() {
    let desktop = Machine::with_screen((1280, 800));
    check_every_state("en", desktop, Some(preference_of_commit())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_fits_on_a_dark_tablet_in_a_language_with_long_words() {
    let tablet = Machine {
        dark: true,
        ..Machine::with_screen((768, 1024))
    };
    check_every_state(PSEUDO_LOCALE, tablet, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_fits_on_a_phone_from_right_to_left() {
    let phone = Machine::with_screen((390, 844));
    check_every_state("ar", phone, Some(preference_of_commit())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_fits_on_the_smallest_phone() {
    check_every_state("en", Machine::with_screen((320, 568)), None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_fits_with_text_twice_as_large() {
    let phone = Machine {
        text_size: 32,
        ..Machine::with_screen((390, 844))
    };
    check_every_state("en", phone, None).await;
}

fn page(body: &str, attributes: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><title>A page</title><style>html {{ font-size: 62.5% }}</style>
        </head><body>{body}<script src=\"/pipit/pipit.js\" data-session-endpoint=\"/session\" {attributes}></script>
        </body></html>"
    )
}

async fn visitor_of(body: &str, attributes: &str) -> (TestServer, Visitor) {
    let server = TestServer::with_page(&page(body, attributes)).await;
    let visitor = server.visitor().await;
    (server, visitor)
}

/// The left and top edges, width and height of an element, in px.
async fn place(visitor: &Visitor, css: &str) -> [i32; 4] {
    visitor.find(css).await;
    visitor.wait_until_still().await;
    let script = "const box = seen[0].getBoundingClientRect(); return [box.x, box.y, box.width, box.height].map(Math.round)";
    let place = visitor.script(script, css).await;
    serde_json::from_value(place).expect("four numbers")
}

async fn style(visitor: &Visitor, css: &str, property: &str) -> String {
    visitor.find(css).await;
    visitor.wait_until_still().await;
    let script = format!("return getComputedStyle(seen[0]).getPropertyValue('{property}')");
    let value = visitor.script(&script, css).await;
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_root_font_of_the_page_does_not_shrink_the_text() {
    let (_world, visitor) = visitor_of("", "").await;
    visitor.open_panel().await;
    assert_eq!(style(&visitor, ".welcome p", "font-size").await, "15px");
    assert_eq!(style(&visitor, ".field", "font-size").await, "16px");
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn launcher_and_panel_are_on_the_side_that_the_host_sets() {
    let (_world, visitor) = visitor_of("", "data-side=\"left\"").await;
    let [x, ..] = place(&visitor, ".launcher").await;
    assert_eq!(x, 20);
    visitor.open_panel().await;
    let [x, ..] = place(&visitor, ".panel").await;
    assert_eq!(x, 20);
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inline_the_panel_fills_its_element_and_nothing_floats() {
    let body = "<p>Before</p><style>#chat { width: 420px; height: 520px }</style><div id=\"chat\"></div><p>After</p>";
    let (_world, visitor) = visitor_of(body, "data-mode=\"inline\" data-target=\"#chat\"").await;
    let [_, _, width, height] = place(&visitor, ".panel").await;
    assert_eq!((width, height), (420, 520));
    visitor.wait_until_gone("launcher").await;
    visitor.wait_until_gone("close").await;
    assert_eq!(
        visitor.focused_part().await,
        "body",
        "the page's focus is its own"
    );
    visitor.start().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    assert_eq!(visitor.axe_violations().await, Vec::<String>::new());
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_page_mode_the_panel_fills_the_window() {
    let (_world, visitor) = visitor_of("", "data-mode=\"page\"").await;
    assert_eq!(place(&visitor, ".panel").await, [0, 0, 1280, 800]);
    assert!(visitor.overflowing_parts().await.is_empty());
    visitor.wait_until_gone("launcher").await;
    visitor.wait_until_gone("close").await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hosts_theme_and_accent_are_applied_and_legible() {
    for (accent, theme) in [
        ("#ffd400", "light"),
        ("rgb(10 20 90)", "dark"),
        ("#fff", "dark"),
    ] {
        let attributes = format!("data-theme=\"{theme}\" data-accent=\"{accent}\"");
        let server = TestServer::with_page(&page("", &attributes)).await;
        let other = Machine {
            dark: theme != "dark",
            ..Machine::with_screen(SIZES[0])
        };
        let visitor = server.visitor_with_machine(&other).await;
        visitor.open_panel().await;
        assert_eq!(style(&visitor, ".pipit", "color-scheme").await, theme);
        assert_eq!(
            visitor.axe_violations().await,
            Vec::<String>::new(),
            "{accent}"
        );
        visitor.browser.close().await;
    }
    let (_world, visitor) = visitor_of("", "data-accent=\"#ffd400\" data-theme=\"light\"").await;
    visitor.open_panel().await;
    visitor.type_text("hello").await;
    let fill = style(&visitor, "[part~=send]", "background-color").await;
    assert_eq!(fill, "rgb(255, 212, 0)", "the host's own, where it can be");
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_with_reduced_motion() {
    if is_unsupported(Capability::ChangingPreferences) {
        return;
    }
    let server = TestServer::start().await;
    server
        .set_network_fault("requestEngagement", json!({ "black_hole": "in" }), Some(1))
        .await;
    let visitor = server.visitor().await;
    visitor
        .browser
        .set_preferences(&[("prefers-reduced-motion", "reduce")])
        .await;
    visitor.start_chat().await;
    visitor.find(".dots").await;
    let moving = "return root.getAnimations().length";
    assert_eq!(visitor.script(moving, "*").await, json!(0));
    visitor.browser.set_preferences(&[]).await;
    // Without the preference the dots move again, which shows that the check above can fail.
    let read = async || visitor.script(moving, "*").await;
    visitor
        .browser
        .wait_until_equal("the dots move", json!(3), read)
        .await;
    visitor.browser.close().await;
}
