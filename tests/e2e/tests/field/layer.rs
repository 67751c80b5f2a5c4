//! Cases 9, 16 and 17: where the widget stands on the screen and on paper. Also what a phone's panel does in case 20;
//! `modals.rs` has the other tests of that case.

use pipit_e2e::{Capability, TestServer, Visitor, is_unsupported};
use serde_json::json;

use super::{page_of, wait_for_value};

/// Functions about the launcher and the panel. `isInCorner` and `isPanelInWindow` check the place of a part, and that
/// nothing covers its middle. `isInside` says whether the browser draws the widget inside of an element. The first script
/// on a page stores the widget's element, because a modal element in a shadow root hides it from the document.
const FUNCTIONS: &str = "
    const host = window.chatElement ??= document.querySelector('pipit-chat');
    const root = host?.shadowRoot;
    const box = css => root?.querySelector(css)?.getBoundingClientRect();
    const isHit = ({ x, y, width, height }) => {
        let hit = document.elementFromPoint(x + width / 2, y + height / 2);
        while (hit?.shadowRoot && hit !== host) {
            const inner = hit.shadowRoot.elementFromPoint(x + width / 2, y + height / 2);
            if (inner === hit) break;
            hit = inner;
        }
        return hit === host;
    };
    const isInside = element => {
        for (let node = host; node; node = node.assignedSlot ?? node.parentNode ?? node.host) if (node === element) return true;
        return false;
    };
    const isInCorner = () => {
        const it = box('.launcher');
        const { clientWidth, clientHeight } = document.documentElement;
        // Under the pointer, the launcher is drawn up to 5 % larger, which is 1.5 px on each side.
        const isNear = (one, other) => Math.abs(one - other) < 2;
        return !!it && isNear(it.right, clientWidth - 20) && isNear(it.bottom, innerHeight - 20) && isHit(it);
    };
    const isPanelInWindow = () => {
        const it = box('.panel');
        return !!it?.width && it.left >= 0 && it.top >= 0 && it.right <= innerWidth && it.bottom <= innerHeight && isHit(it);
    };";

/// Waits until the body of a script returns true. The script may use [`FUNCTIONS`].
pub(super) async fn wait_until(visitor: &Visitor, script: &str) {
    wait_for_value(visitor, &format!("{FUNCTIONS}{script}"), json!(true)).await;
}

/// Opens a page of the server. The tab forgets the chat of the page before.
pub(super) async fn open(visitor: &Visitor, server: &TestServer, name: &str) {
    let forget = "document.querySelector('pipit-chat')?.chat.destroy(); sessionStorage.clear()";
    visitor.browser.script(forget, vec![]).await;
    let url = format!("{}/{name}.html", server.site());
    visitor.browser.open_page(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_style_of_the_page_moves_clips_or_covers_launcher_and_panel() {
    let page = page_of("09-containing-block");
    let style = "body { transform: translateZ(0); min-height: 4000px }";
    let tall = "body { min-height: 4000px } ";
    let variants = [
        ("transform", style.to_owned()),
        ("filter", format!("{tall} html {{ filter: grayscale(1) }} body {{ filter: blur(0) }}")),
        ("contain", format!("{tall} html {{ perspective: 500px }} body {{ contain: paint; container-type: inline-size }}")),
        ("will-change", format!("{tall} html, body {{ will-change: transform, filter }}")),
        ("translate", format!("{tall} body {{ translate: 3px; rotate: 1deg; scale: .5; backdrop-filter: blur(1px) }}")),
        ("clip", "html, body { height: 100%; margin: 0; overflow: hidden } body { clip-path: inset(45%); opacity: .1; mix-blend-mode: multiply }".to_owned()),
        ("covered", "body::after { content: ''; position: fixed; inset: 0; z-index: 2147483647; background: #fff }".to_owned()),
    ];
    let server = TestServer::with_page(&page).await;
    for (name, variant) in &variants {
        server.serve(&format!("{name}.html"), &page.replacen(style, variant, 1));
    }
    // A browser without popovers: the widget is where it was before.
    let without = "<script>delete HTMLElement.prototype.popover; delete HTMLElement.prototype.showPopover</script><script async";
    let without = page
        .replacen(style, tall, 1)
        .replacen("<script async", without, 1);
    server.serve("without.html", &without);
    let visitor = server.visitor().await;
    for name in variants.iter().map(|(name, _)| *name).chain(["without"]) {
        open(&visitor, &server, name).await;
        wait_until(&visitor, "return isInCorner()").await;
        visitor.browser.script("scrollTo(0, 2000)", vec![]).await;
        wait_until(&visitor, "return isInCorner()").await;
        visitor.open_panel().await;
        wait_until(&visitor, "return isPanelInWindow()").await;
        visitor.type_text(name).await;
        assert_eq!(visitor.draft().await, name);
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_floating_or_inline_chat_is_printed() {
    if is_unsupported(Capability::PrintMedia) {
        return;
    }
    let page = page_of("16-printing");
    let server = TestServer::with_page(&page).await;
    let inline = "<style>body { height: 600px }</style><script async data-mode=\"inline\" data-target=\"body\"";
    server.serve("inline.html", &page.replacen("<script async", inline, 1));
    // A style that makes every element of the page visible.
    let shown = "<style>* { display: block !important; visibility: visible !important }</style><script async";
    server.serve("shown.html", &page.replacen("<script async", shown, 1));
    let page_mode = "<script async data-mode=\"page\"";
    server.serve("page.html", &page.replacen("<script async", page_mode, 1));
    let visitor = server.visitor().await;
    let is_hidden =
        "return [...root.querySelectorAll('*')].every(it => it.getClientRects().length === 0)";
    for name in ["index", "shown", "inline"] {
        open(&visitor, &server, name).await;
        if name == "inline" {
            visitor.part("panel").await;
        } else {
            visitor.part("launcher").await;
            visitor.browser.set_print_media(true).await;
            wait_until(&visitor, is_hidden).await;
            visitor.browser.set_print_media(false).await;
            visitor.open_panel().await;
        }
        visitor.type_text("a draft").await;
        visitor.browser.set_print_media(true).await;
        wait_until(&visitor, is_hidden).await;
        visitor.browser.set_print_media(false).await;
        visitor.part("panel").await;
        assert_eq!(visitor.draft().await, "a draft");
    }
    // In this mode, the chat is all that there is to print.
    open(&visitor, &server, "page").await;
    visitor.part("panel").await;
    visitor.browser.set_print_media(true).await;
    visitor.part("panel").await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_page_that_is_not_made_for_phones_the_widget_is_readable() {
    if is_unsupported(Capability::Phones) {
        return;
    }
    let page = page_of("17-no-viewport");
    let title = "<title>";
    let variants = [
        ("none", title.to_owned()),
        (
            "fixed",
            format!("<meta name=\"viewport\" content=\"width=1024\">{title}"),
        ),
        (
            "small",
            format!("<meta name=\"viewport\" content=\"width=1200, initial-scale=0.325\">{title}"),
        ),
        (
            "wide",
            format!("<style>body {{ width: 1500px; height: 3000px }}</style>{title}"),
        ),
        (
            "zoomed",
            format!("<style>html {{ zoom: 1.5 }} body {{ height: 3000px }}</style>{title}"),
        ),
        (
            "made-for-phones",
            format!("<meta name=\"viewport\" content=\"width=device-width\">{title}"),
        ),
    ];
    let server = TestServer::with_page(&page).await;
    for (name, variant) in &variants {
        server.serve(&format!("{name}.html"), &page.replacen(title, variant, 1));
    }
    let visitor = server.visitor_with_screen((390, 844)).await;
    let on_screen = "const onScreen = length => length * 390 / innerWidth;";
    for (name, _) in &variants {
        open(&visitor, &server, name).await;
        visitor.part("launcher").await;
        // Some pages become wider than 980 px only after the launcher has appeared. The launcher follows.
        let launcher = format!("{on_screen} return onScreen(box('.launcher').width) > 59");
        wait_until(&visitor, &launcher).await;
        visitor.open_panel().await;
        let panel = format!(
            "{on_screen} const {{ x, y, width, height }} = box('.panel');
            return x === 0 && y === 0 && Math.round(onScreen(width)) === 390 && onScreen(height) > 842"
        );
        wait_until(&visitor, &panel).await;
        // The height of a line of text is about 1.45 times the size of the letters.
        let text = format!(
            "{on_screen} const range = document.createRange();
            const heights = [...root.querySelectorAll('.welcome p')].map(it => (range.selectNodeContents(it),
                range.getClientRects()[0].height));
            return heights.length > 0 && heights.every(it => onScreen(it) > 14)"
        );
        wait_until(&visitor, &text).await;
        let field = format!("{on_screen} return onScreen(box('textarea').height) > 43");
        wait_until(&visitor, &field).await;
        assert_eq!(
            visitor.overflowing_parts().await,
            Vec::<String>::new(),
            "{name}"
        );
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_opens_above_the_sheet_of_a_phone_stays_above_it() {
    let server = TestServer::with_page(&page_of("20-modal-dialog")).await;
    let visitor = server.visitor_with_screen((390, 844)).await;
    visitor.open_panel().await;
    visitor.type_text("a draft").await;
    visitor.browser.script("checkout.showModal()", vec![]).await;
    let is_above = "const { x, y } = card.getBoundingClientRect(); return document.elementFromPoint(x + 2, y + 2) === card";
    wait_until(&visitor, is_above).await;
    visitor.browser.script("checkout.close()", vec![]).await;
    wait_until(&visitor, "return isPanelInWindow()").await;
    visitor.close_by_escape().await;
    // A sheet that is opened in a dialog is modal again after the dialog has closed.
    visitor.browser.script("checkout.showModal()", vec![]).await;
    wait_until(&visitor, "return checkout.contains(host) && isInCorner()").await;
    visitor.open_panel().await;
    visitor.browser.script("checkout.close()", vec![]).await;
    wait_until(&visitor, "return !checkout.contains(host) && isPanelInWindow() && root.querySelector('.panel').matches(':modal')").await;
    assert_eq!(visitor.draft().await, "a draft");
    visitor.browser.close().await;
}
