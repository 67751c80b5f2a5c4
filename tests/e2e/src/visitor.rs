//! The shop page as a visitor sees it: what is in the widget's shadow root, by its parts.

use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::{Browser, until};

/// A visitor on the shop page.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The visitor's browser.
    pub browser: Browser,
}

/// Finds what is seen of the widget. Hidden parts count as not there.
const SEEN: &str = "
    const root = document.querySelector('pipit-chat')?.shadowRoot;
    const seen = [...(root?.querySelectorAll(arguments[0]) ?? [])].filter(it => it.getClientRects().length);
";

impl Visitor {
    pub(crate) fn new(browser: Browser) -> Self {
        Self { browser }
    }

    /// Opens the panel by the launcher.
    pub async fn open_panel(&self) {
        self.click("launcher").await;
        self.part("panel").await;
        // What still moves may be missed by a click.
        self.rests().await;
    }

    /// From now on the conversation's code does not come, as on a slow network.
    pub async fn holds_conversation(&self) {
        let held = "
            const { fetch } = window;
            const released = new Promise(release => window.release = release);
            window.fetch = async (...asked) => {
                if (`${asked[0]}`.includes('split_conversation')) await released;
                return fetch(...asked);
            }";
        self.browser.script(held, vec![]).await;
    }

    /// It comes after all.
    pub async fn releases_conversation(&self) {
        self.browser.script("release()", vec![]).await;
    }

    /// Opens the panel and starts a chat.
    pub async fn start(&self) {
        self.open_panel().await;
        self.click("start").await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.browser.reload().await;
        self.part("launcher").await;
    }

    /// Presses a part. One that is drawn anew meanwhile, as when the conversation's part comes, is found again.
    pub async fn click(&self, part: &str) {
        let is_pressed = until(part, || async {
            match self.part(part).await.click().await {
                Err(error) if error.is_stale_element_reference() => None,
                pressed => Some(pressed.is_ok()),
            }
        })
        .await;
        assert!(is_pressed, "the part {part} can be pressed");
    }

    /// Ends the chat by the menu, and says yes when asked.
    pub async fn ends_chat(&self) {
        self.click("more").await;
        self.click("end").await;
        self.click("end-confirm").await;
    }

    /// Waits until so many posts have been answered since the page was loaded.
    pub async fn posts_answered(&self, count: usize) {
        let script = "return performance.getEntriesByType('resource')
            .filter(it => it.name.includes('/postMessage') && it.responseEnd).length >= arguments[0]";
        let look = async || self.browser.script(script, vec![json!(count)]).await;
        self.browser.sees("answered posts", json!(true), look).await;
    }

    /// Waits until nothing of the widget moves that comes to an end by itself.
    pub async fn rests(&self) {
        // What has just been changed moves from the next frame on.
        let moving = "const done = arguments[arguments.length - 1];
            const count = () => done(document.querySelector('pipit-chat').shadowRoot.getAnimations()
                .filter(it => it.effect.getComputedTiming().endTime < Infinity && it.playState === 'running').length);
            requestAnimationFrame(() => requestAnimationFrame(count))";
        let look = async || self.browser.script_async(moving, vec![]).await;
        self.browser
            .sees("the widget at rest", json!(0), look)
            .await;
    }

    /// What sticks out of the window, or makes the messages wider than their place; by its classes.
    pub async fn sticks_out(&self) -> Vec<String> {
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

    /// What has the focus: its part or class, or of the page outside its element.
    pub async fn focus(&self) -> String {
        let script = "const at = root.activeElement;
            return [at ? at.part[0] ?? at.className : document.activeElement.localName]";
        self.list(script, "*").await.concat()
    }

    /// Waits until that has the focus.
    pub async fn sees_focus(&self, expected: &str) {
        let look = async || self.focus().await;
        self.browser
            .sees("the focus", expected.to_owned(), look)
            .await;
    }

    /// Closes the panel by Escape: the focus goes back to the launcher.
    pub async fn escapes(&self) {
        self.browser.press(Key::Escape, false).await;
        self.misses("panel").await;
        self.sees_focus("launcher").await;
    }

    /// Fills in the form that is there when nobody is, and sends it.
    pub async fn leaves_message(&self, mail: &str, question: &str) {
        for (index, text) in [mail, question].iter().enumerate() {
            let field = self.find(&format!("[id=ask-{index}]")).await;
            field.send_keys(text).await.expect("the field takes keys");
        }
        self.click("leave-message").await;
    }

    /// Presses the first `Send again`.
    pub async fn sends_again(&self) {
        let button = self.find("[part~=state] button").await;
        button.click().await.expect("the button can be pressed");
    }

    /// Types into the composer, key by key.
    pub async fn types(&self, text: &str) {
        let field = self.find("[part~=composer] textarea").await;
        // WebKit's driver refuses to type nothing.
        if text.is_empty() {
            return;
        }
        field
            .send_keys(text)
            .await
            .expect("the composer takes keys");
    }

    /// What stands in the composer.
    pub async fn draft(&self) -> String {
        let told = self.script("return seen[0].value", "textarea").await;
        told.as_str().unwrap_or_default().to_owned()
    }

    /// Hands a file with this text to the widget's field, as the browser's own dialogue does.
    pub async fn chooses_file(&self, name: &str, text: &str) {
        let folder = std::env::temp_dir().join(format!("pipit-files-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the file");
        let path = folder.join(name);
        std::fs::write(&path, text).expect("the file can be written");
        let field = self.find("[part~=attach] input").await;
        let typed = field.send_keys(&path.to_string_lossy()).await;
        typed.expect("the field takes a file");
    }

    /// Types a message and sends it by Enter.
    pub async fn says(&self, text: &str) {
        self.types(text).await;
        self.types(&Key::Enter.to_string()).await;
    }

    /// Waits until a part is seen with exactly this text.
    pub async fn sees(&self, part: &str, text: &str) {
        self.sees_text(&format!("[part~={part}]"), text).await;
    }

    /// Waits until what matches is seen with exactly this text.
    pub async fn sees_text(&self, css: &str, text: &str) {
        let look = async || self.texts(css).await;
        self.browser.sees(css, vec![text.to_owned()], look).await;
    }

    /// Waits until the conversation is exactly this: each message in order, the visitor's as
    /// `> text`, an agent's as `< text`.
    pub async fn sees_conversation(&self, expected: &[String]) {
        let look = async || self.conversation().await;
        self.browser
            .sees("the conversation", expected.to_vec(), look)
            .await;
    }

    /// Waits until the newest message is this one; see [`Self::sees_conversation`].
    pub async fn sees_last(&self, expected: &str) {
        let look = async || self.conversation().await.pop();
        self.browser
            .sees("the newest message", Some(expected.to_owned()), look)
            .await;
    }

    /// The messages now; see [`Visitor::sees_conversation`].
    pub async fn conversation(&self) -> Vec<String> {
        let script = "return seen.map(it => (it.part.contains('message-visitor') ? '> ' : '< ')
            + it.querySelector('.bubble').textContent)";
        self.list(script, "[part~=message]").await
    }

    /// Waits until the visitor is asked about exactly these messages: it is not known whether they
    /// arrived.
    pub async fn is_asked_about(&self, texts: &[&str]) {
        let script = "return seen.filter(it => it.querySelector('[part~=state]')?.textContent
            .includes('Not sure it arrived')).map(it => it.querySelector('.bubble').textContent)";
        let look = async || self.list(script, "[part~=message]").await;
        let expected: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        self.browser.sees("what is not sure", expected, look).await;
    }

    /// The texts of all that is seen and matches.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        self.list("return seen.map(it => it.textContent.trim())", css)
            .await
    }

    /// Waits until nothing that is seen matches.
    pub async fn misses(&self, part: &str) {
        let look = async || self.texts(&format!("[part~={part}]")).await.len();
        self.browser.sees(&format!("{part} gone"), 0, look).await;
    }

    /// The address of the survey's link, when it is there.
    pub async fn survey_link(&self) -> String {
        let link = self.find("[part~=survey] a").await;
        link.attr("href")
            .await
            .expect("the link is there")
            .expect("the link has an address")
    }

    /// A part, when it is seen.
    pub async fn part(&self, part: &str) -> Element {
        self.find(&format!("[part~={part}]")).await
    }

    /// What matches in the widget, when it is seen.
    pub async fn find(&self, css: &str) -> Element {
        let host = self.browser.element("pipit-chat").await;
        until(css, || async {
            let root = host.shadow_root().await.ok()?;
            let element = root.find(Locator::Css(css)).await.ok()?;
            element.is_displayed().await.ok()?.then_some(element)
        })
        .await
    }

    /// Runs a script's body with `seen`, the elements that match and are seen.
    pub async fn script(&self, body: &str, css: &str) -> Value {
        self.browser
            .script(&format!("{SEEN}{body}"), vec![json!(css)])
            .await
    }

    async fn list(&self, body: &str, css: &str) -> Vec<String> {
        let told = self.script(body, css).await;
        serde_json::from_value(told).expect("a list of texts")
    }
}
