//! Cases 20 and 22: a modal dialog or an element in full screen makes everything else on the page unusable. The widget
//! goes along into it, and comes back with its conversation, draft, focus, scroll position and open panel.

use fantoccini::key::Key;
use pipit_e2e::{TestServer, Visitor};
use serde_json::json;

use super::layer::{open, wait_until};
use super::page_of;

/// The dialog of the page of case 20.
const DIALOG: &str = "<dialog id=\"checkout\"><p>Checkout</p><input id=\"card\"></dialog>";

/// The element that goes into full screen on the page of case 22.
const FILM: &str = "<main id=\"video\">A film</main>";

/// A script before the widget's: the browser has no `moveBefore`, which moves an element without losing its state.
const WITHOUT_MOVE_BEFORE: &str = "<script>for (const { prototype } of [Element, Document, DocumentFragment]) delete prototype.moveBefore</script>";

/// A custom element `<x-dialog>` with this HTML in its shadow root. `checkout` is the dialog in it.
fn in_shadow_root(html: &str, content: &str) -> String {
    format!(
        "<x-dialog>{content}</x-dialog><template id=\"parts\">{html}</template><script>
        customElements.define('x-dialog', class extends HTMLElement {{
            connectedCallback() {{
                const root = this.attachShadow({{ mode: 'open' }});
                root.append(parts.content.cloneNode(true));
                window.checkout = root.querySelector('dialog, .film');
            }}
        }})</script>"
    )
}

/// A page with a dialog: its name, what it has before the widget's script, what it has in place of [`DIALOG`], and the
/// scripts that open and close the dialog.
struct Variant {
    name: &'static str,
    head: &'static str,
    dialog: String,
    opens: &'static str,
    closes: &'static str,
}

/// The pages of the first test.
fn variants() -> Vec<Variant> {
    let show = "checkout.showModal()";
    let close = "checkout.close()";
    let usual = |name, head, closes| Variant {
        name,
        head,
        dialog: DIALOG.to_owned(),
        opens: show,
        closes,
    };
    let other = |name, dialog: &str| Variant {
        name,
        head: "",
        dialog: dialog.to_owned(),
        opens: show,
        closes: close,
    };
    vec![
        usual("plain", "", close),
        usual("without-move-before", WITHOUT_MOVE_BEFORE, close),
        other("without-field", "<dialog id=\"checkout\"><p>Please wait</p></dialog>"),
        other("empty", "<dialog id=\"checkout\"></dialog>"),
        usual(
            "transformed",
            "<style>main { transform: translate(300px, 90px) rotate(3deg); filter: grayscale(1); overflow: hidden; height: 60px }
            dialog { transform: scale(.5); filter: blur(1px); will-change: transform }</style>",
            close,
        ),
        usual(
            "grid",
            "<style>dialog { display: grid; overflow: hidden; contain: strict; width: 200px; height: 100px }
            dialog > * { opacity: .2; transform: scale(.5); position: relative; margin: 50px; visibility: hidden }</style>",
            close,
        ),
        // A dialog of several steps shows only one of its children.
        usual("steps", "<style>dialog > :not(p) { display: none !important }</style>", close),
        usual("removed", "", "checkout.remove()"),
        usual("removed-without-move-before", WITHOUT_MOVE_BEFORE, "checkout.remove()"),
        usual("parent-emptied", "", "document.querySelector('main').replaceChildren('new')"),
        usual("body-emptied", "", "document.body.textContent = 'new'"),
        Variant {
            name: "command",
            head: "",
            dialog: format!("{DIALOG}<button id=\"opens\" commandfor=\"checkout\" command=\"show-modal\">Pay</button>"),
            opens: "if ('commandForElement' in opens) opens.click(); else checkout.showModal()",
            closes: "checkout.close('paid')",
        },
        other("form", "<dialog id=\"checkout\"><form method=\"dialog\"><input><button id=\"pay\">Pay</button></form></dialog>"),
        other("closed-by-any", "<dialog id=\"checkout\" closedby=\"any\"><input></dialog>"),
        other("shadow", &in_shadow_root("<dialog><input></dialog>", "")),
        other("slot", &in_shadow_root("<dialog><slot></slot></dialog>", "<p>Checkout</p>")),
        other("named-slot", &in_shadow_root("<dialog><slot name=\"body\"></slot></dialog>", "<p slot=\"body\">Checkout</p>")),
    ]
}

/// Waits until a script is true for the open panel, whose composer contains this text. The script may use the functions
/// of `layer.rs`.
async fn wait_for_panel(visitor: &Visitor, draft: &str, script: &str) {
    let draft = json!(draft);
    let script = format!(
        "return isPanelInWindow() && root.querySelector('textarea').value === {draft} && {script}"
    );
    wait_until(visitor, &script).await;
}

/// Puts the focus into the composer and types. The dialog may be in a shadow root, where `Visitor::type_text` finds none.
async fn type_into_composer(visitor: &Visitor, text: &str) {
    let focus = "(window.chatElement ??= document.querySelector('pipit-chat')).shadowRoot.querySelector('textarea').focus()";
    visitor.browser.script(focus, vec![]).await;
    visitor.browser.type_keys(text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_chat_goes_along_into_a_dialog_and_back() {
    let page = page_of("20-modal-dialog");
    let server = TestServer::with_page(&page).await;
    let variants = variants();
    for Variant {
        name, head, dialog, ..
    } in &variants
    {
        let page = page.replacen(DIALOG, dialog, 1).replacen(
            "<script async",
            &format!("{head}<script async"),
            1,
        );
        server.serve(&format!("{name}.html"), &page);
    }
    let (visitor, agent) = server.start_conversation().await;
    let fill = "return Promise.all(Array.from({ length: 12 }, (_, index) => Pipit.send(`line ${index}`))).then(() => true)";
    visitor.browser.script(fill, vec![]).await;
    for Variant {
        name,
        opens,
        closes,
        ..
    } in &variants
    {
        visitor
            .browser
            .open_page(&format!("{}/{name}.html", server.site()))
            .await;
        visitor.part("message").await;
        let draft = visitor.draft().await + "?";
        visitor.type_text("?").await;
        visitor.wait_until_still().await;
        let prepare = "const chat = window.chatElement = document.querySelector('pipit-chat');
            Object.assign(window, { homeParent: chat.parentNode, homeNext: chat.nextSibling });
            chat.shadowRoot.querySelector('.list').scrollTop = 40";
        visitor.browser.script(prepare, vec![]).await;
        // The event `scroll` comes one frame later.
        visitor.wait_until_still().await;
        visitor.browser.script(opens, vec![]).await;
        let is_scrolled = "Math.round(root.querySelector('.list').scrollTop) === 40";
        wait_for_panel(
            &visitor,
            &draft,
            &format!("isInside(checkout) && {is_scrolled}"),
        )
        .await;
        type_into_composer(&visitor, "!").await;
        visitor.browser.script(closes, vec![]).await;
        let is_home = if *name == "body-emptied" {
            "host.parentNode === document.body"
        } else {
            "host.parentNode === homeParent && host.nextSibling === homeNext"
        };
        let is_focused = "root.activeElement.matches('textarea')";
        wait_for_panel(
            &visitor,
            &format!("{draft}!"),
            &format!("{is_home} && {is_scrolled} && {is_focused}"),
        )
        .await;
        agent.send_message(name).await;
        visitor.wait_for_last_message(&format!("< {name}")).await;
    }
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_can_be_had_in_a_dialog_without_closing_it() {
    let page = page_of("20-modal-dialog");
    let script = "<script async";
    // Many pages close a dialog when the visitor presses something outside of the dialog's box. The launcher is there.
    let outside = "<script>for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
            checkout.addEventListener(type, ({ clientX: x, clientY: y }) => {
                const { left, right, top, bottom } = checkout.getBoundingClientRect();
                if (x < left || x > right || y < top || y > bottom) checkout.close();
            });
        }</script></body>";
    // The same, by what an event's path contains.
    let backdrop = "<script>addEventListener('click', event => { if (!event.target.closest('#checkout > *')) checkout.close() })</script></body>";
    let trap = "<script>addEventListener('focusin', event => { if (checkout.open && !checkout.contains(event.target)) card.focus() })</script></body>";
    let open_at_load = "<script>checkout.showModal()</script></body>";
    let any = DIALOG.replacen("<dialog", "<dialog closedby=\"any\"", 1);
    let server = TestServer::with_page(&page).await;
    let pages = [
        ("plain", page.clone()),
        (
            "without-move-before",
            page.replacen(script, &format!("{WITHOUT_MOVE_BEFORE}{script}"), 1),
        ),
        ("closed-by-any", page.replacen(DIALOG, &any, 1)),
        ("trap", page.replacen("</body>", trap, 1)),
        ("open-at-load", page.replacen("</body>", open_at_load, 1)),
        ("closed-outside", page.replacen("</body>", outside, 1)),
        ("closed-by-backdrop", page.replacen("</body>", backdrop, 1)),
    ];
    let visitor = server.visitor().await;
    for (name, page) in &pages {
        server.serve(&format!("{name}.html"), page);
        open(&visitor, &server, name).await;
        visitor.part("launcher").await;
        visitor
            .browser
            .script("if (!checkout.open) checkout.showModal()", vec![])
            .await;
        wait_until(&visitor, "return isInside(checkout) && isInCorner()").await;
        visitor.open_panel().await;
        type_into_composer(&visitor, name).await;
        wait_for_panel(&visitor, name, "checkout.open").await;
        // Escape in the panel closes the panel. Escape in the dialog closes the dialog.
        visitor.close_by_escape().await;
        wait_until(&visitor, "return checkout.open && isInside(checkout)").await;
        visitor.open_panel().await;
        wait_for_panel(&visitor, name, "checkout.open").await;
        // The launcher closes the panel, too, and opens it again. It replaces its icon, which was pressed.
        for is_open in [false, true] {
            let launcher = visitor.part("launcher").await;
            launcher.click().await.expect("the launcher can be clicked");
            let state = format!(
                "return checkout.open && isInside(checkout) && host.chat.getState().isOpen === {is_open}"
            );
            wait_until(&visitor, &state).await;
        }
        if *name != "trap" {
            visitor.browser.script("card.focus()", vec![]).await;
            visitor.browser.press(Key::Escape, false).await;
            wait_for_panel(
                &visitor,
                name,
                "!checkout.open && host.parentNode === document.body",
            )
            .await;
        }
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_is_in_the_uppermost_of_several_dialogs() {
    let page = page_of("20-modal-dialog");
    let first = "<dialog id=\"first\"><input></dialog>";
    let second = "<dialog id=\"second\"><input></dialog>";
    let server = TestServer::with_page(&page).await;
    let pages = [
        ("first-before", format!("{first}{second}")),
        ("second-before", format!("{second}{first}")),
        (
            "nested",
            first.replacen("</dialog>", &format!("{second}</dialog>"), 1),
        ),
    ];
    let visitor = server.visitor().await;
    for (name, dialogs) in &pages {
        server.serve(&format!("{name}.html"), &page.replacen(DIALOG, dialogs, 1));
        for [inner, outer] in [["second", "first"], ["first", "second"]] {
            for close in ["close()", "remove()"] {
                // An outer dialog takes the one in it along.
                if *name == "nested" && inner == "first" {
                    continue;
                }
                open(&visitor, &server, name).await;
                visitor.part("launcher").await;
                // The second one opens before the widget knows the first one.
                visitor.browser.script("Object.assign(window, { first, second }); first.showModal(); second.showModal()", vec![]).await;
                wait_until(&visitor, "return isInside(second) && isInCorner()").await;
                visitor.open_panel().await;
                type_into_composer(&visitor, "a draft").await;
                visitor
                    .browser
                    .script(&format!("{inner}.{close}"), vec![])
                    .await;
                wait_for_panel(&visitor, "a draft", &format!("isInside({outer})")).await;
                visitor
                    .browser
                    .script(&format!("{outer}.{close}"), vec![])
                    .await;
                wait_for_panel(&visitor, "a draft", "host.parentNode === document.body").await;
            }
        }
    }
    // A dialog that is not shown, because the one around it is closed, does not keep the widget.
    open(&visitor, &server, "nested").await;
    visitor.part("launcher").await;
    visitor
        .browser
        .script("first.showModal(); second.showModal()", vec![])
        .await;
    wait_until(&visitor, "return isInside(second) && isInCorner()").await;
    visitor.browser.script("first.close()", vec![]).await;
    wait_until(
        &visitor,
        "return host.parentNode === document.body && !!box('.launcher').width",
    )
    .await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_with_a_dialog_keep_what_else_holds() {
    let page = page_of("20-modal-dialog");
    let own = "<pipit-chat session-endpoint=\"/session\"></pipit-chat><p>A page</p><dialog id=\"checkout\"><input></dialog>";
    let server = TestServer::with_page(&page).await;
    server.serve(
        "stay.html",
        &page.replacen("<script async", "<script async data-dialogs=\"stay\"", 1),
    );
    server.serve(
        "own.html",
        &page
            .replacen(DIALOG, own, 1)
            .replacen(" data-session-endpoint=\"/session\"", "", 1),
    );
    // A dialog that is no `<dialog>` makes the page's other elements unusable by attributes.
    let inert = "<script>const elements = [...document.body.children];
        window.show = isShown => { for (const element of [...document.body.children]) if (element.localName !== 'main') {
            element.inert = isShown; element.ariaHidden = isShown ? 'true' : null } }</script></body>";
    server.serve("inert.html", &page.replacen("</body>", inert, 1));
    let visitor = server.visitor().await;

    // The option says that the widget stays where it is.
    open(&visitor, &server, "stay").await;
    visitor.open_panel().await;
    visitor.browser.script("checkout.showModal()", vec![]).await;
    let has_settled =
        "return new Promise(done => setTimeout(() => requestAnimationFrame(() => done(true))))";
    wait_until(&visitor, has_settled).await;
    wait_until(&visitor, "return performance.getEntriesByType('resource').some(({ name }) => name.includes('watchers'))").await;
    wait_until(&visitor, has_settled).await;
    let is_outside = "return host.parentNode === document.body && !isPanelInWindow()";
    wait_until(&visitor, is_outside).await;
    visitor.browser.script("checkout.close()", vec![]).await;
    wait_until(&visitor, "return isPanelInWindow()").await;

    // An element of the host comes back to its own place, and its removal still ends its chat.
    open(&visitor, &server, "own").await;
    visitor.open_panel().await;
    type_into_composer(&visitor, "a draft").await;
    for closes in ["checkout.close()", "checkout.remove()"] {
        visitor
            .browser
            .script(
                "window.checkout = document.querySelector('dialog'); checkout.showModal()",
                vec![],
            )
            .await;
        wait_for_panel(&visitor, "a draft", "isInside(checkout)").await;
        visitor.browser.script(closes, vec![]).await;
        wait_for_panel(&visitor, "a draft", "host.nextSibling.localName === 'p'").await;
    }
    visitor.browser.script("window.ended = false; Pipit.on('destroy', () => (window.ended = true)); window.chatElement.remove()", vec![]).await;
    wait_until(&visitor, "return ended && !host.isConnected").await;

    // The launcher can be pressed, and is announced.
    open(&visitor, &server, "inert").await;
    visitor.part("launcher").await;
    visitor.browser.script("show(true)", vec![]).await;
    wait_until(
        &visitor,
        "return isInCorner() && !host.hasAttribute('aria-hidden')",
    )
    .await;
    visitor.open_panel().await;
    type_into_composer(&visitor, "a draft").await;
    visitor
        .browser
        .script("show(false); show(true)", vec![])
        .await;
    wait_for_panel(&visitor, "a draft", "!host.inert").await;

    // A hidden widget stays hidden in a dialog. A destroyed one that is opened again is in the dialog.
    open(&visitor, &server, "index").await;
    visitor.part("launcher").await;
    visitor
        .browser
        .script("Pipit.hide(); checkout.showModal()", vec![])
        .await;
    wait_until(
        &visitor,
        "return isInside(checkout) && !box('.launcher').width",
    )
    .await;
    visitor.browser.script("Pipit.show()", vec![]).await;
    wait_until(&visitor, "return isInCorner()").await;
    visitor
        .browser
        .script(
            "Pipit.destroy(); window.chatElement = undefined; Pipit.open()",
            vec![],
        )
        .await;
    wait_until(
        &visitor,
        "return isInside(checkout) && isPanelInWindow() && document.activeElement === card",
    )
    .await;
    visitor.browser.script("checkout.close()", vec![]).await;
    wait_until(
        &visitor,
        "return host.parentNode === document.body && isPanelInWindow()",
    )
    .await;
    visitor.browser.close().await;
}

/// The pages of the test about full screen: the name, the content, what the page has before the widget's script, and the
/// script that puts an element into full screen.
fn full_screen_pages() -> [(&'static str, String, &'static str, &'static str); 9] {
    let film = || FILM.to_owned();
    let player = "<div id=\"video\"><video></video><div>Controls</div></div>";
    let clipped = "<style>#video { overflow: hidden; transform: scale(.5) }</style>";
    let request = "checkout.requestFullscreen()";
    let whole_page = "(window.checkout = document.documentElement).requestFullscreen()";
    let body = "(window.checkout = document.body).requestFullscreen()";
    let prefixed =
        "(checkout.webkitRequestFullscreen ?? checkout.requestFullscreen).call(checkout)";
    let hidden = "<style>:fullscreen > * { display: none }</style>";
    let in_shadow = in_shadow_root("<div class=\"film\">A film</div>", "");
    let slotted = in_shadow_root("<div class=\"film\"><slot></slot></div>", "A film");
    [
        ("element", film(), "", request),
        ("without-move-before", film(), WITHOUT_MOVE_BEFORE, request),
        ("player", player.to_owned(), clipped, request),
        ("page", film(), "", whole_page),
        ("body", film(), "", body),
        ("prefixed", film(), "", prefixed),
        ("children-hidden", film(), hidden, request),
        ("shadow", in_shadow, "", request),
        ("slot", slotted, "", request),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_goes_along_into_full_screen_and_back() {
    let page = page_of("22-full-screen");
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    for (name, content, head, request) in &full_screen_pages() {
        let starts = format!(
            "{content}<button id=\"starts\">Full screen</button>
            <script>window.checkout ??= document.querySelector('#video'); starts.onclick = () => {{ {request} }}</script>"
        );
        let page = page.replacen(FILM, &starts, 1).replacen(
            "<script async",
            &format!("{head}<script async"),
            1,
        );
        server.serve(&format!("{name}.html"), &page);
        for is_open in [false, true] {
            open(&visitor, &server, name).await;
            wait_until(&visitor, "return isInCorner()").await;
            if is_open {
                visitor.open_panel().await;
                type_into_composer(&visitor, "a draft").await;
            }
            let starts = visitor.browser.element("#starts").await;
            starts.click().await.expect("the button can be clicked");
            let draft = if is_open { "a draft" } else { "" };
            if is_open {
                wait_for_panel(
                    &visitor,
                    draft,
                    "isInside(checkout) && checkout.matches(':fullscreen')",
                )
                .await;
            } else {
                wait_until(
                    &visitor,
                    "return isInside(checkout) && checkout.matches(':fullscreen') && isInCorner()",
                )
                .await;
                visitor
                    .browser
                    .script("return Pipit.open().then(() => true)", vec![])
                    .await;
            }
            type_into_composer(&visitor, "!").await;
            wait_for_panel(
                &visitor,
                &format!("{draft}!"),
                "!!document.fullscreenElement",
            )
            .await;
            visitor
                .browser
                .script("document.exitFullscreen()", vec![])
                .await;
            wait_for_panel(
                &visitor,
                &format!("{draft}!"),
                "!document.fullscreenElement && host.parentNode === document.body",
            )
            .await;
        }
    }
    visitor.browser.close().await;
}
