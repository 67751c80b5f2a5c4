//! A visitor on the shop page, the demo page that embeds the widget. The functions find elements in the widget's shadow
//! root, mostly by CSS part; hidden elements count as missing.

use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::{Browser, wait_for};

/// A visitor on the shop page.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The visitor's browser.
    pub browser: Browser,
}

/// The start of every script that inspects the widget. Its variable `seen` contains the widget's visible elements that
/// match the first argument, a CSS selector.
const FIND_VISIBLE: &str = "
    const root = document.querySelector('pipit-chat')?.shadowRoot;
    const seen = [...(root?.querySelectorAll(arguments[0]) ?? [])].filter(it => it.getClientRects().length);
";

impl Visitor {
    pub(crate) fn new(browser: Browser) -> Self {
        Self { browser }
    }

    /// Opens the panel by a click on the launcher.
    pub async fn open_panel(&self) {
        self.click("launcher").await;
        self.part("panel").await;
        // A click may miss an element that is still moving.
        self.wait_until_still().await;
    }

    /// Waits for the iframe in which the panel runs if the page does not allow WebAssembly. All functions apply to the
    /// iframe's document from then on, until [`Self::leave_frame`] is called.
    pub async fn enter_frame(&self) {
        let iframe = self.find("iframe").await;
        iframe
            .enter_frame()
            .await
            .expect("the frame can be entered");
    }

    /// Makes all functions apply to the page again; see [`Self::enter_frame`].
    pub async fn leave_frame(&self) {
        self.browser.leave_frame().await;
    }

    /// Delays the conversation part (the WASM module that the widget loads after its panel), as on a slow network.
    pub async fn delay_conversation_part(&self) {
        let script = "
            const { fetch } = window;
            const released = new Promise(release => window.release = release);
            window.fetch = async (...request) => {
                if (`${request[0]}`.includes('split_conversation')) await released;
                return fetch(...request);
            }";
        self.browser.script(script, vec![]).await;
    }

    /// Ends the delay of the conversation part (the WASM module that the widget loads after its panel).
    pub async fn release_conversation_part(&self) {
        self.browser.script("release()", vec![]).await;
    }

    /// Opens the panel and starts a chat.
    pub async fn start_chat(&self) {
        self.open_panel().await;
        self.start().await;
    }

    /// Starts a chat: by the button *Start chat* or *New chat* of a form or an ended chat; from the welcome, which has no button,
    /// by the command of the page.
    pub async fn start(&self) {
        self.find("[part~=welcome], [part~=start]").await;
        let button = "[part~=start]";
        if self.texts(button).await.is_empty() {
            let start = "document.querySelector('pipit-chat').chat.startChat()";
            self.browser.script(start, vec![]).await;
        } else {
            self.click("start").await;
        }
    }

    /// Reloads the page.
    pub async fn reload(&self) {
        self.browser.reload().await;
        self.part("launcher").await;
    }

    /// Waits for the element with this CSS part, and clicks it. If the widget replaces the element in the meantime, the new
    /// element is clicked.
    pub async fn click(&self, part: &str) {
        let is_clicked = wait_for(part, || async {
            match self.part(part).await.click().await {
                Err(error) if error.is_stale_element_reference() => None,
                result => Some(result.is_ok()),
            }
        })
        .await;
        assert!(is_clicked, "the part {part} can be clicked");
    }

    /// Ends the chat with the menu, and confirms the end.
    pub async fn end_chat(&self) {
        self.click("more").await;
        self.click("end").await;
        self.click("end-confirm").await;
    }

    /// Waits until the server has answered this many posted messages since the page was loaded.
    pub async fn wait_for_posts(&self, count: usize) {
        let script = "return performance.getEntriesByType('resource')
            .filter(it => it.name.includes('/postMessage') && it.responseEnd).length >= arguments[0]";
        let read = async || self.browser.script(script, vec![json!(count)]).await;
        self.browser
            .wait_until_equal("answered posts", json!(true), read)
            .await;
    }

    /// Waits until no animation of the widget is running, apart from endless ones.
    pub async fn wait_until_still(&self) {
        // An animation that a change has just triggered begins one frame later.
        let script = "const done = arguments[arguments.length - 1];
            const count = () => done(document.querySelector('pipit-chat').shadowRoot.getAnimations()
                .filter(it => it.effect.getComputedTiming().endTime < Infinity && it.playState === 'running').length);
            requestAnimationFrame(() => requestAnimationFrame(count))";
        let read = async || self.browser.script_async(script, vec![]).await;
        self.browser
            .wait_until_equal("running animations", json!(0), read)
            .await;
    }

    /// The elements that extend beyond the window, and those whose content is wider than they are. Each is given by its CSS
    /// class, or else by its name and text.
    pub async fn overflowing_parts(&self) -> Vec<String> {
        let outside = "return seen.filter(it => !it.closest('.list, .unseen')).map(it => [it, it.getBoundingClientRect()])
            .filter(([, box]) => box.left < -0.5 || box.top < -0.5
                || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5)
            .map(([it]) => it.getAttribute('class') ?? `${it.localName}: ${it.textContent}`)";
        let wide =
            "return seen.filter(it => it.scrollWidth > it.clientWidth).map(it => it.className)";
        let outside = self.list(outside, "*").await;
        let wide = self
            .list(wide, ".list, .panel, .card, .wait, .header")
            .await;
        [outside, wide].concat()
    }

    /// The buttons, fields and links that are smaller than a pointer needs: 44 px for a finger, otherwise 24 px. Links in a
    /// sentence are left out. Each is given by its CSS part or class, with its size.
    pub async fn small_targets(&self) -> Vec<String> {
        let script = "const least = matchMedia('(pointer: coarse)').matches ? 44 : 24;
            return seen.filter(it => it.checkVisibility() && !it.closest('.unseen') && !it.matches('.bubble:not(.file) a'))
            .map(it => [it, (it.closest('.tick') ?? it).getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < least - 0.5 || box.height < least - 0.5))
            .map(([it, box]) => `${it.getAttribute('part') ?? it.className}: ${box.width} x ${box.height}`)";
        self.list(script, "button, a[href], input, select, textarea, .attach")
            .await
    }

    /// The part that has the focus when the panel opens. On a touch screen it is not the field, which would raise the keyboard.
    pub async fn part_focused_at_opening(&self, field: &'static str) -> &'static str {
        let script = "return matchMedia('(pointer: coarse)').matches";
        if self.browser.script(script, vec![]).await == json!(true) {
            "list"
        } else {
            field
        }
    }

    /// The focused element: in the widget, its CSS part or class; elsewhere, its element name.
    pub async fn focused_part(&self) -> String {
        let script = "const focused = root.activeElement;
            return [focused ? focused.part[0] ?? focused.className : document.activeElement.localName]";
        self.list(script, "*").await.concat()
    }

    /// Waits until this part has the focus; see [`Self::focused_part`].
    pub async fn wait_for_focus(&self, expected: &str) {
        let read = async || self.focused_part().await;
        self.browser
            .wait_until_equal("the focus", expected.to_owned(), read)
            .await;
    }

    /// Closes the panel with the key Escape, and waits until the launcher has the focus.
    pub async fn close_by_escape(&self) {
        self.browser.press(Key::Escape, false).await;
        self.wait_until_gone("panel").await;
        self.wait_for_focus("launcher").await;
    }

    /// Fills in and sends the form for a message, which the panel shows while no agent is available.
    pub async fn leave_message(&self, mail: &str, question: &str) {
        for (index, text) in [mail, question].iter().enumerate() {
            let field = self.find(&format!("[id=ask-{index}]")).await;
            field.send_keys(text).await.expect("the field takes keys");
        }
        self.click("leave-message").await;
    }

    /// Clicks the first button *Send again*.
    pub async fn send_again(&self) {
        let button = self.find("[part~=state] button").await;
        button.click().await.expect("the button can be clicked");
    }

    /// Types into the composer, key by key.
    pub async fn type_text(&self, text: &str) {
        let field = self.find("[part~=composer] textarea").await;
        // WebKit's driver refuses an empty text.
        if text.is_empty() {
            return;
        }
        field
            .send_keys(text)
            .await
            .expect("the composer takes keys");
    }

    /// The text in the composer.
    pub async fn draft(&self) -> String {
        let text = self.script("return seen[0].value", "textarea").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Chooses a file with this content for upload, without the browser's file dialog.
    pub async fn choose_file(&self, name: &str, text: &str) {
        let folder = std::env::temp_dir().join(format!("pipit-files-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the file");
        let path = folder.join(name);
        std::fs::write(&path, text).expect("the file can be written");
        self.choose_file_at(&path).await;
    }

    /// Chooses a file of this machine for upload, without the browser's file dialog.
    pub async fn choose_file_at(&self, path: &std::path::Path) {
        let field = self.find("[part~=attach] input").await;
        // The driver refuses a path with `..`.
        let path = std::fs::canonicalize(path).expect("the file is there");
        let typed = field.send_keys(&path.to_string_lossy()).await;
        typed.expect("the field takes a file");
    }

    /// Types a message, and sends it with the key Enter.
    pub async fn send_message(&self, text: &str) {
        self.type_text(text).await;
        self.type_text(&Key::Enter.to_string()).await;
    }

    /// Waits until one part of this name is visible and has exactly this text.
    pub async fn wait_for_part_text(&self, part: &str, text: &str) {
        self.wait_for_text(&format!("[part~={part}]"), text).await;
    }

    /// Waits until one element that matches is visible and has exactly this text.
    pub async fn wait_for_text(&self, css: &str, text: &str) {
        let read = async || self.texts(css).await;
        self.browser
            .wait_until_equal(css, vec![text.to_owned()], read)
            .await;
    }

    /// Waits until the conversation consists of exactly these messages in this order: the visitor's as `> text`, an
    /// agent's as `< text`.
    pub async fn wait_for_conversation(&self, expected: &[String]) {
        let read = async || self.conversation().await;
        self.browser
            .wait_until_equal("the conversation", expected.to_vec(), read)
            .await;
    }

    /// Waits until this is the newest message; see [`Self::wait_for_conversation`].
    pub async fn wait_for_last_message(&self, expected: &str) {
        let read = async || self.conversation().await.pop();
        self.browser
            .wait_until_equal("the newest message", Some(expected.to_owned()), read)
            .await;
    }

    /// The current messages; see [`Self::wait_for_conversation`].
    pub async fn conversation(&self) -> Vec<String> {
        let script = "return seen.map(it => (it.part.contains('message-visitor') ? '> ' : '< ')
            + it.querySelector('.bubble').textContent)";
        self.list(script, "[part~=message]").await
    }

    /// Waits until exactly these messages are marked *May not have been delivered*.
    pub async fn wait_for_unsure_messages(&self, texts: &[&str]) {
        let script = "return seen.filter(it => it.querySelector('[part~=state]')?.textContent
            .includes('May not have been delivered')).map(it => it.querySelector('.bubble').textContent)";
        let read = async || self.list(script, "[part~=message]").await;
        let expected: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        self.browser
            .wait_until_equal("the unsure messages", expected, read)
            .await;
    }

    /// The texts of all visible elements that match.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        self.list("return seen.map(it => it.textContent.trim())", css)
            .await
    }

    /// Waits until no part of this name is visible.
    pub async fn wait_until_gone(&self, part: &str) {
        let read = async || self.texts(&format!("[part~={part}]")).await.len();
        self.browser
            .wait_until_equal(&format!("{part} gone"), 0, read)
            .await;
    }

    /// Waits for the survey's link and returns its address.
    pub async fn survey_link(&self) -> String {
        let link = self.find("[part~=survey] a").await;
        link.attr("href")
            .await
            .expect("the link is there")
            .expect("the link has an address")
    }

    /// Waits until a part is visible, and returns it.
    pub async fn part(&self, part: &str) -> Element {
        self.find(&format!("[part~={part}]")).await
    }

    /// Waits until an element of the widget matches and is visible, and returns it.
    pub async fn find(&self, css: &str) -> Element {
        let host = self.browser.element("pipit-chat").await;
        wait_for(css, || async {
            let root = host.shadow_root().await.ok()?;
            let element = root.find(Locator::Css(css)).await.ok()?;
            element.is_displayed().await.ok()?.then_some(element)
        })
        .await
    }

    /// Runs the body of a function in the page. Its variable `seen` contains the visible elements that match.
    pub async fn script(&self, body: &str, css: &str) -> Value {
        self.browser
            .script(&format!("{FIND_VISIBLE}{body}"), vec![json!(css)])
            .await
    }

    /// Like [`Self::script`] with further arguments. The first argument is the CSS selector.
    pub async fn script_with(&self, body: &str, arguments: Vec<Value>) -> Value {
        self.browser
            .script(&format!("{FIND_VISIBLE}{body}"), arguments)
            .await
    }

    /// Like [`Self::script`], for a script that returns a list of texts.
    async fn list(&self, body: &str, css: &str) -> Vec<String> {
        let texts = self.script(body, css).await;
        serde_json::from_value(texts).expect("a list of texts")
    }
}
