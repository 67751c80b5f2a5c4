//! An agent who uses the desk, the agent's page of the demo. The functions find elements by their attribute
//! `data-test`; they call its value the element's name.

use fantoccini::key::Key;
use serde_json::json;

use crate::Browser;

/// An agent who uses the desk.
#[derive(Clone, Debug)]
pub struct AgentAtDesk {
    /// The agent's browser.
    pub browser: Browser,
}

impl AgentAtDesk {
    pub(crate) fn new(browser: Browser) -> Self {
        Self { browser }
    }

    /// Clicks the element with this name.
    pub async fn click(&self, name: &str) {
        let element = self.browser.element(&selector(name)).await;
        element.click().await.expect("it can be clicked");
    }

    /// Waits until the agent is logged on, whether available or not.
    pub async fn wait_until_logged_on(&self) {
        // The status is "Available", or "Not available" just after the log-on.
        self.wait_for_partial_text("status", "vailable").await;
    }

    /// Waits until no element has this name.
    pub async fn wait_until_gone(&self, name: &str) {
        let script = "return document.querySelectorAll(arguments[0]).length";
        let read = async || {
            self.browser
                .script(script, vec![json!(selector(name))])
                .await
        };
        self.browser
            .wait_until_equal(&format!("{name} gone"), json!(0), read)
            .await;
    }

    /// Accepts the first engagement that is offered.
    pub async fn accept(&self) {
        self.click("accept").await;
    }

    /// Types into the composer, key by key.
    pub async fn type_text(&self, text: &str) {
        let field = self.browser.element(&selector("composer")).await;
        field
            .send_keys(text)
            .await
            .expect("the composer takes keys");
    }

    /// Types a message and sends it by Enter.
    pub async fn send_message(&self, text: &str) {
        self.type_text(text).await;
        self.type_text(&Key::Enter.to_string()).await;
    }

    /// Waits until the selected conversation consists of exactly these messages: the visitor's as `> text`, the agent's
    /// as `< text`.
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

    /// The current messages of the selected conversation; see [`Self::wait_for_conversation`].
    pub async fn conversation(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('[data-test=message]')]
            .filter(it => it.dataset.from !== 'system')
            .map(it => {
                const copy = it.cloneNode(true);
                copy.querySelector('time')?.remove();
                return (it.dataset.from === 'visitor' ? '> ' : '< ') + copy.textContent.trim();
            })";
        let value = self.browser.script(script, vec![]).await;
        serde_json::from_value(value).expect("a list of texts")
    }

    /// Starts to record the texts that the element with this name shows. [`AgentAtDesk::recorded_texts`] returns them.
    pub async fn record_texts(&self, name: &str) {
        let script = "
            const texts = window.recordedTexts = [];
            const record = () => texts.push(document.querySelector(arguments[0])?.textContent ?? '');
            new MutationObserver(record).observe(document.body,
                { subtree: true, childList: true, characterData: true });";
        self.browser
            .script(script, vec![json!(selector(name))])
            .await;
    }

    /// All texts that were recorded since [`AgentAtDesk::record_texts`].
    pub async fn recorded_texts(&self) -> Vec<String> {
        let value = self
            .browser
            .script("return window.recordedTexts", vec![])
            .await;
        serde_json::from_value(value).expect("a list of texts")
    }

    /// The text of the element with this name; empty if there is none.
    pub async fn text(&self, name: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.textContent.trim() ?? ''";
        let value = self
            .browser
            .script(script, vec![json!(selector(name))])
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the element with this name contains this text.
    pub async fn wait_for_partial_text(&self, name: &str, part_of_text: &str) {
        let read = async || self.text(name).await.contains(part_of_text);
        let what = format!("{name} with the text {part_of_text:?}");
        self.browser.wait_until_equal(&what, true, read).await;
    }
}

fn selector(name: &str) -> String {
    format!("[data-test={name}]")
}
