//! Cases 2, 7, 11 and 14: events, the focus and selected text.

use std::fs;
use std::path::Path;

use pipit_e2e::{Capability, SIZES, TestServer, Visitor, is_unsupported};
use serde_json::json;

use super::{page_of, wait_for_value};

/// The elements of a page in which a visitor types while the panel opens: a name, the HTML of the element, and a script
/// that gives it the focus and returns nothing.
const TEXT_FIELDS: [(&str, &str, &str); 7] = [
    (
        "password",
        "<input type=\"password\" class=\"typed\">",
        "document.querySelector('.typed').focus()",
    ),
    (
        "textarea",
        "<textarea class=\"typed\"></textarea>",
        "document.querySelector('.typed').focus()",
    ),
    (
        "editable",
        "<div class=\"typed\" contenteditable>&nbsp;</div>",
        "document.querySelector('.typed').focus()",
    ),
    (
        "text-only",
        "<div class=\"typed\" contenteditable=\"plaintext-only\">&nbsp;</div>",
        "document.querySelector('.typed').focus()",
    ),
    (
        "frame",
        "<iframe srcdoc=\"<input class=typed>\"></iframe>",
        "const frame = document.querySelector('iframe'); frame.focus();
         frame.contentDocument.querySelector('.typed').focus()",
    ),
    (
        "shadow",
        "<div id=\"outer\"></div>",
        "const outer = document.querySelector('#outer');
         const inner = document.createElement('div');
         outer.attachShadow({ mode: 'open' }).append(inner);
         const field = document.createElement('input');
         field.className = 'typed';
         inner.attachShadow({ mode: 'open' }).append(field);
         field.focus()",
    ),
    (
        "closed-shadow",
        "<x-field></x-field>",
        "const field = document.createElement('input');
         field.className = 'typed';
         window.closedRoot = document.querySelector('x-field').attachShadow({ mode: 'closed' });
         closedRoot.append(field);
         field.focus()",
    ),
];

/// Returns what the visitor has typed into the page's element of the class `typed`.
const TYPED_TEXT: &str = "const roots = [document, window.closedRoot, document.querySelector('#outer')?.shadowRoot.firstChild.shadowRoot,
        document.querySelector('iframe')?.contentDocument];
    const typed = roots.map(root => root?.querySelector('.typed')).find(element => element);
    return (typed.value ?? typed.textContent).trim()";

/// Serves a page for each of [`TEXT_FIELDS`].
async fn serve_text_fields() -> TestServer {
    let page = page_of("02-opened-while-typing");
    let server = TestServer::with_page(&page).await;
    for (name, html, _) in TEXT_FIELDS {
        let (before, _) = page.split_once("<form>").expect("the page has a form");
        server.serve(
            &format!("{name}.html"),
            &format!("{before}{html}</body></html>"),
        );
    }
    server
}

/// Focuses a field, and opens the panel by code while the visitor types.
async fn open_while_typing(visitor: &Visitor, focus: &str) {
    visitor.part("launcher").await;
    visitor.browser.script(focus, vec![]).await;
    visitor.browser.type_keys("half of ").await;
    let open = "Pipit.open().then(() => { window.isOpened = true })";
    visitor.browser.script(open, vec![]).await;
    wait_for_value(visitor, "return window.isOpened ?? false", json!(true)).await;
    visitor.part("panel").await;
    visitor.wait_until_still().await;
}

/// Forgets the open panel and the conversation. Without this function, the next page of the tab would have both.
async fn forget_chat(visitor: &Visitor) {
    let forget = "Pipit.destroy(); sessionStorage.clear()";
    visitor.browser.script(forget, vec![]).await;
}

/// Opens the page of a field, and opens the panel by code while the visitor types into the field. Checks that the field
/// gets every character.
async fn type_while_the_panel_opens(
    server: &TestServer,
    visitor: &Visitor,
    (name, _, focus): (&str, &str, &str),
) {
    let url = format!("{}/{name}.html", server.site());
    visitor.browser.open_page(&url).await;
    open_while_typing(visitor, focus).await;
    visitor.browser.type_keys("a secret").await;
    wait_for_value(visitor, TYPED_TEXT, json!("half of a secret")).await;
    assert_eq!(visitor.draft().await, "", "{name}");
    visitor
        .wait_for_text("[part~=announcer] p", "The chat is open")
        .await;
    forget_chat(visitor).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_opens_by_code_leaves_the_caret_where_the_visitor_types() {
    let server = serve_text_fields().await;
    let visitor = server.visitor().await;
    for field in TEXT_FIELDS {
        type_while_the_panel_opens(&server, &visitor, field).await;
    }
    open_by_a_button(&server, &visitor).await;
    visitor.browser.close().await;
}

/// Opens the panel by a button of the page. The panel takes the focus, because the visitor has asked for it.
async fn open_by_a_button(server: &TestServer, visitor: &Visitor) {
    let page = page_of("02-opened-while-typing");
    let button = "<button type=button id=help>Help</button></form>
        <script>help.onclick = () => Pipit.open()</script>";
    server.serve("button.html", &page.replacen("</form>", button, 1));
    let url = format!("{}/button.html", server.site());
    visitor.browser.open_page(&url).await;
    visitor.part("launcher").await;
    let help = visitor.browser.element("#help").await;
    help.click().await.expect("the button can be clicked");
    visitor.wait_for_focus("field").await;
    forget_chat(visitor).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_loads_slowly_does_not_take_the_caret_from_a_field() {
    let server = serve_text_fields().await;
    let visitor = server.visitor().await;
    let url = format!("{}/password.html", server.site());
    visitor.browser.open_page(&url).await;
    visitor.part("launcher").await;
    let delay = "const { fetch } = window;
        const released = new Promise(release => { window.release = release });
        window.fetch = async (...request) => {
            if (`${request[0]}`.includes('widget_bg')) await released;
            return fetch(...request);
        }";
    visitor.browser.script(delay, vec![]).await;
    visitor.click("launcher").await;
    visitor.browser.script(TEXT_FIELDS[0].2, vec![]).await;
    visitor.browser.type_keys("half of ").await;
    visitor.browser.script("release()", vec![]).await;
    visitor.part("panel").await;
    visitor.wait_until_still().await;
    visitor.browser.type_keys("a secret").await;
    wait_for_value(&visitor, TYPED_TEXT, json!("half of a secret")).await;
    assert_eq!(visitor.draft().await, "");
    visitor.browser.close().await;
}

/// The screen of a phone.
const PHONE: (u32, u32) = SIZES[1];

/// Returns whether the panel is modal.
const IS_MODAL: &str =
    "return !!document.querySelector('pipit-chat').shadowRoot.querySelector(':modal')";

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_a_panel_that_opens_by_code_is_a_strip_until_the_visitor_touches_it() {
    let server = serve_text_fields().await;
    let visitor = server.visitor_with_screen(PHONE).await;
    for field in TEXT_FIELDS {
        if ["password", "editable", "frame"].contains(&field.0) {
            type_while_the_panel_opens(&server, &visitor, field).await;
        }
    }
    let url = format!("{}/password.html", server.site());
    visitor.browser.open_page(&url).await;
    open_while_typing(&visitor, TEXT_FIELDS[0].2).await;
    wait_for_value(&visitor, IS_MODAL, json!(false)).await;
    let is_strip = "const { height } = seen[0].getBoundingClientRect(); return height < 100";
    let read = async || visitor.script(is_strip, ".panel").await;
    visitor
        .browser
        .wait_until_equal("the strip", json!(true), read)
        .await;
    visitor.click("header").await;
    wait_for_value(&visitor, IS_MODAL, json!(true)).await;
    let focused = visitor.part_focused_at_opening("field").await;
    visitor.wait_for_focus(focused).await;
    visitor.browser.close().await;
}

/// Listeners that pages have for events outside of their own parts, as variants of the page of case 7. Each takes the
/// focus away from the widget, or closes something, if it gets an event of the widget.
const TRAPS: [(&str, &str); 5] = [
    ("focusin", "document.addEventListener('focusin', event => { if (!modal.contains(event.target)) input.focus() })"),
    ("focusout", "document.addEventListener('focusout', event => { if (!modal.contains(event.target)) input.focus() })"),
    ("window", "addEventListener('focusin', event => { if (!modal.contains(event.target)) input.focus() })"),
    ("press", "for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click'])
        document.addEventListener(type, event => { if (!modal.contains(event.target)) { event.preventDefault(); input.focus() } })"),
    ("keys", "for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input'])
        document.body.addEventListener(type, event => { event.preventDefault(); input.focus() })"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_traps_the_focus_leaves_the_widget_alone() {
    let page = page_of("07-focus-trap");
    let server = TestServer::with_page(&page).await;
    let (before, _) = page.split_once("<script>").expect("the page has a script");
    for (name, trap) in TRAPS {
        let script = format!(
            "<script>const modal = document.querySelector('#modal');
            const input = modal.querySelector('input');
            {trap}</script></body></html>"
        );
        server.serve(&format!("{name}.html"), &format!("{before}{script}"));
    }
    let visitor = server.visitor().await;
    let own_page = ("", "");
    for (name, _) in [own_page].iter().chain(&TRAPS) {
        let file = if name.is_empty() {
            String::new()
        } else {
            format!("{name}.html")
        };
        let url = format!("{}/{file}", server.site());
        visitor.browser.open_page(&url).await;
        visitor.open_panel().await;
        let field = visitor.find(".composer .field").await;
        visitor.browser.click_centre(&field).await;
        visitor.browser.type_keys("hello").await;
        let draft = async || visitor.draft().await;
        visitor
            .browser
            .wait_until_equal(name, "hello".to_owned(), draft)
            .await;
        let taken = "return document.querySelector('#modal input').value";
        wait_for_value(&visitor, taken, json!("")).await;
        forget_chat(&visitor).await;
    }
    visitor.browser.close().await;
}

/// Sends so many messages that the list of messages can be scrolled.
async fn fill_the_list(visitor: &Visitor) {
    visitor.start_chat().await;
    let send = "return Promise.all(Array.from({ length: 30 }, (_, index) => Pipit.send(`message ${index}`)))
        .then(() => true)";
    visitor.browser.script(send, vec![]).await;
    let scrolled = "return seen[0].scrollTop > 200";
    let read = async || visitor.script(scrolled, ".list").await;
    visitor
        .browser
        .wait_until_equal("a list that scrolls", json!(true), read)
        .await;
}

/// Listeners of pages that scroll in the browser's place, as variants of the page of case 11.
const SCROLLERS: [(&str, &str); 3] = [
    (
        "document",
        "document.addEventListener('wheel', event => { event.preventDefault(); scrollBy(0, event.deltaY) }, { passive: false })",
    ),
    (
        "body",
        "addEventListener('DOMContentLoaded', () => document.body.addEventListener('wheel',
            event => { event.preventDefault(); scrollBy(0, event.deltaY) }, { passive: false }))",
    ),
    (
        "touch",
        "addEventListener('touchmove', event => event.preventDefault(), { passive: false });
         addEventListener('wheel', event => event.preventDefault(), { passive: false })",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_the_wheel_does_not_take_it_from_the_messages() {
    let page = page_of("11-smooth-scrolling");
    let server = TestServer::with_page(&page).await;
    let (before, rest) = page.split_once("<script>").expect("the page has a script");
    let (_, after) = rest.split_once("</script>").expect("the script ends");
    for (name, script) in SCROLLERS {
        let page = format!("{before}<script>{script}</script>{after}");
        server.serve(&format!("{name}.html"), &page);
    }
    let visitor = server.visitor().await;
    fill_the_list(&visitor).await;
    let can_wheel = !is_unsupported(Capability::Wheel);
    for path in ["", "document.html", "body.html", "touch.html"] {
        visitor
            .browser
            .open_page(&format!("{}/{path}", server.site()))
            .await;
        // The conversation and the open panel are there again.
        visitor.wait_until_still().await;
        let scrolled = async || {
            visitor
                .script("return seen[0]?.scrollTop > 200", ".list")
                .await
        };
        visitor
            .browser
            .wait_until_equal(path, json!(true), scrolled)
            .await;
        if can_wheel {
            wheel_over_the_list(&visitor).await;
        }
        let dispatch = "const events = [new WheelEvent('wheel', { deltaY: -60, bubbles: true, composed: true, cancelable: true }),
                new Event('touchmove', { bubbles: true, composed: true, cancelable: true })];
            events.forEach(event => seen[0].querySelector('.bubble').dispatchEvent(event));
            return events.some(event => event.defaultPrevented)";
        assert_eq!(
            visitor.script(dispatch, ".list").await,
            json!(false),
            "{path}"
        );
        assert_eq!(
            visitor.browser.script("return scrollY", vec![]).await,
            json!(0),
            "{path}"
        );
    }
    visitor.browser.close().await;
}

/// Turns the wheel over the messages, and checks that they scroll.
async fn wheel_over_the_list(visitor: &Visitor) {
    let read_top = "return Math.round(seen[0].scrollTop)";
    let top = visitor.script(read_top, ".list").await;
    let place = "const box = seen[0].getBoundingClientRect();
        return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]";
    let place = visitor.script(place, ".list").await;
    let at = |index: usize| place.get(index).and_then(serde_json::Value::as_i64);
    let (x, y) = (at(0).expect("a place"), at(1).expect("a place"));
    visitor.browser.turn_wheel((x, y), -60).await;
    let moved = async || visitor.script(read_top, ".list").await != top;
    visitor
        .browser
        .wait_until_equal("the list has scrolled", true, moved)
        .await;
}

/// Types of events whose listeners on a page would react to what happens in the widget.
const EVENT_TYPES: &str = "['click', 'dblclick', 'auxclick', 'contextmenu', 'mousedown', 'mouseup', 'mousemove', 'mouseover', 'mouseout',
    'pointerdown', 'pointerup', 'pointermove', 'pointerover', 'pointerout', 'pointercancel', 'touchstart', 'touchmove', 'touchend', 'wheel',
    'focusin', 'focusout', 'keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'compositionstart', 'compositionupdate',
    'compositionend', 'copy', 'cut', 'paste', 'dragstart', 'dragover', 'drop', 'selectstart']";

#[tokio::test(flavor = "multi_thread")]
async fn events_of_the_widget_stay_in_it_and_those_of_slotted_content_do_not() {
    let page = page_of("14-text-that-cannot-be-selected");
    let script = format!(
        "<script>
        window.reached = [];
        for (const type of {EVENT_TYPES}) {{
            for (const target of [window, document, document.documentElement])
                target.addEventListener(type, event => {{ if (event.target.localName === 'pipit-chat') reached.push(type) }});
            document.addEventListener(type, event => {{ if (event.target.id === 'slotted') slotted.add(type) }});
        }}
        window.slotted = new Set();
        document.addEventListener('pipit-widget-opened', () => {{ window.hasOpened = true }});
        </script></head>"
    );
    let server = TestServer::with_page(&page.replacen("</head>", &script, 1)).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    // The press of the launcher has reached the page, because the panel's code was not loaded yet.
    visitor.browser.script("window.reached = []", vec![]).await;
    let slot = "const input = document.createElement('input');
        input.id = 'slotted';
        input.slot = 'header';
        document.querySelector('pipit-chat').append(input)";
    visitor.browser.script(slot, vec![]).await;
    visitor.type_text("hello").await;
    let dispatch = format!(
        "for (const type of {EVENT_TYPES}) for (const element of [...seen, document.querySelector('#slotted')])
            element.dispatchEvent(new Event(type, {{ bubbles: true, composed: true, cancelable: true }}));
        return reached"
    );
    let reached = visitor.script(&dispatch, ".field, .launcher, .list").await;
    assert_eq!(reached, json!([]));
    let missing = format!("return {EVENT_TYPES}.filter(type => !slotted.has(type))");
    wait_for_value(&visitor, &missing, json!([])).await;
    wait_for_value(&visitor, "return window.hasOpened", json!(true)).await;
    visitor.browser.close().await;
}

/// What pages do so that no text can be selected or copied, as variants of the page of case 14.
const UNSELECTABLE: [(&str, &str); 5] = [
    ("all", "<style>* { user-select: none !important; -webkit-user-select: none !important }</style>"),
    ("html", "<style>html { user-select: none; -webkit-user-select: none; -webkit-touch-callout: none }</style>"),
    ("element", "<style>pipit-chat { user-select: none; -webkit-user-select: none; pointer-events: none }</style>"),
    (
        "handlers",
        "<script>for (const type of ['selectstart', 'copy', 'contextmenu', 'mousedown', 'dragstart'])
            document.addEventListener(type, event => event.preventDefault())</script>",
    ),
    (
        "attributes",
        "<script>addEventListener('DOMContentLoaded', () => {
            document.body.onselectstart = document.body.oncopy = document.body.oncontextmenu = () => false })</script>",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn text_of_messages_can_be_selected_whatever_the_page_forbids() {
    let page = page_of("14-text-that-cannot-be-selected");
    let server = TestServer::with_page(&page).await;
    for (name, head) in UNSELECTABLE {
        server.serve(
            &format!("{name}.html"),
            &page.replacen("</head>", &format!("{head}</head>"), 1),
        );
    }
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    visitor.send_message("selectable").await;
    for path in [
        "",
        "all.html",
        "html.html",
        "element.html",
        "handlers.html",
        "attributes.html",
    ] {
        visitor
            .browser
            .open_page(&format!("{}/{path}", server.site()))
            .await;
        visitor.wait_for_last_message("> selectable").await;
        visitor.wait_until_still().await;
        let bubble = visitor.find(".bubble").await;
        visitor.browser.double_click(&bubble).await;
        let selected = "const root = document.querySelector('pipit-chat').shadowRoot;
            return `${root.getSelection?.() ?? getSelection()}`.trim() || `${getSelection()}`.trim()";
        wait_for_value(&visitor, selected, json!("selectable")).await;
    }
    visitor.browser.close().await;
}

/// A library that takes events or the focus from what is outside of its own elements.
struct Library {
    /// The paths of its scripts in `npm/node_modules`.
    scripts: &'static [&'static str],
    /// The statements that start it.
    start: &'static str,
}

/// The most used libraries for dialogs, focus traps and smooth scrolling that work without a build. They run with their
/// defaults. The exceptions are focus-trap and a11y-dialog: they listen in the capture phase, so the page has to name the
/// widget, as docs/embed.md says.
const LIBRARIES: [Library; 5] = [
    Library {
        scripts: &["bootstrap/dist/js/bootstrap.bundle.min.js"],
        start: "new bootstrap.Modal('#modal').show()",
    },
    Library {
        scripts: &["a11y-dialog/dist/a11y-dialog.min.js"],
        start: "document.querySelector('pipit-chat').setAttribute('data-a11y-dialog-ignore-focus-trap', '');
            new A11yDialog(document.querySelector('#modal')).show()",
    },
    Library {
        scripts: &["micromodal/dist/micromodal.min.js"],
        start: "MicroModal.show('modal')",
    },
    Library {
        scripts: &[
            "tabbable/dist/index.umd.min.js",
            "focus-trap/dist/focus-trap.umd.min.js",
        ],
        start: "focusTrap.createFocusTrap(['#modal', 'pipit-chat'], { tabbableOptions: { getShadowRoot: true } }).activate()",
    },
    Library {
        scripts: &["lenis/dist/lenis.min.js"],
        start: "window.lenis = new Lenis({ autoRaf: true })",
    },
];

/// Serves the page of a library: the page of case 11, which can be scrolled, with a dialog.
fn serve_library(server: &TestServer, number: usize, library: &Library) {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../npm/node_modules");
    let serve_script = |(index, path): (usize, &&str)| {
        let script = fs::read_to_string(modules.join(path)).expect("the library is installed");
        let name = format!("library-{number}-{index}.js");
        server.serve(&name, &script);
        format!("<script src=\"/{name}\"></script>")
    };
    let scripts = library.scripts.iter().enumerate();
    let tags: String = scripts.map(serve_script).collect();
    let page = page_of("07-focus-trap");
    let (before, _) = page.split_once("<div id").expect("the page has a modal");
    let page = format!(
        "{before}<style>body {{ min-height: 4000px }}</style>
        <div id=\"modal\" class=\"modal\" tabindex=\"-1\"><div class=\"modal-dialog\"><input></div></div>
        {tags}</body></html>"
    );
    server.serve(&format!("library-{number}.html"), &page);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_used_libraries_leave_the_widget_alone() {
    let server = TestServer::with_page(&page_of("11-smooth-scrolling")).await;
    let visitor = server.visitor().await;
    for (number, library) in LIBRARIES.iter().enumerate() {
        serve_library(&server, number, library);
        let url = format!("{}/library-{number}.html", server.site());
        visitor.browser.open_page(&url).await;
        visitor.part("launcher").await;
        visitor.browser.script(library.start, vec![]).await;
        visitor.open_panel().await;
        let field = visitor.find(".composer .field").await;
        visitor.browser.click_centre(&field).await;
        visitor.browser.type_keys("hello").await;
        let draft = async || visitor.draft().await;
        visitor
            .browser
            .wait_until_equal(library.start, "hello".to_owned(), draft)
            .await;
        let dispatch = "const event = new WheelEvent('wheel', { deltaY: 60, bubbles: true, composed: true, cancelable: true });
            seen[0].dispatchEvent(event);
            return event.defaultPrevented";
        let is_taken = visitor.script(dispatch, ".list").await;
        assert_eq!(is_taken, json!(false), "{}", library.start);
        forget_chat(&visitor).await;
    }
    visitor.browser.close().await;
}
