//! The desk as an agent sees it.

use fantoccini::key::Key;
use serde_json::json;

use crate::Browser;

/// An agent at the desk.
#[derive(Clone, Debug)]
pub struct AgentAtDesk {
    /// The agent's browser.
    pub browser: Browser,
}

impl AgentAtDesk {
    pub(crate) fn new(browser: Browser) -> Self {
        Self { browser }
    }

    /// Presses what bears this name (`data-test`).
    pub async fn click(&self, name: &str) {
        let element = self.browser.element(&named(name)).await;
        element.click().await.expect("it can be pressed");
    }

    /// Waits until the desk says that it takes visitors.
    pub async fn is_available(&self) {
        self.sees("status", "vailable").await;
    }

    /// Waits until nothing bears this name.
    pub async fn has_none(&self, name: &str) {
        let script = "return document.querySelectorAll(arguments[0]).length";
        let look = async || self.browser.script(script, vec![json!(named(name))]).await;
        self.browser
            .sees(&format!("{name} gone"), json!(0), look)
            .await;
    }

    /// Takes the first visitor that is offered.
    pub async fn accepts(&self) {
        self.click("accept").await;
    }

    /// Types into the composer, key by key.
    pub async fn types(&self, text: &str) {
        let field = self.browser.element(&named("composer")).await;
        field
            .send_keys(text)
            .await
            .expect("the composer takes keys");
    }

    /// Types a message and sends it by Enter.
    pub async fn says(&self, text: &str) {
        self.types(text).await;
        self.types(&Key::Enter.to_string()).await;
    }

    /// Waits until the conversation in front is exactly this: the visitor's messages as `> text`,
    /// the agent's as `< text`.
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

    /// The messages of the conversation in front now.
    pub async fn conversation(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('[data-test=message]')]
            .filter(it => it.dataset.from !== 'system')
            .map(it => (it.dataset.from === 'visitor' ? '> ' : '< ') + it.textContent.trim())";
        let told = self.browser.script(script, vec![]).await;
        serde_json::from_value(told).expect("a list of texts")
    }

    /// Keeps every text that what bears this name shows from now on, for [`AgentAtDesk::kept`].
    pub async fn keeps(&self, name: &str) {
        let script = "
            const texts = window.kept = [];
            const look = () => texts.push(document.querySelector(arguments[0])?.textContent ?? '');
            new MutationObserver(look).observe(document.body,
                { subtree: true, childList: true, characterData: true });";
        self.browser.script(script, vec![json!(named(name))]).await;
    }

    /// Every text kept since [`AgentAtDesk::keeps`].
    pub async fn kept(&self) -> Vec<String> {
        let told = self.browser.script("return window.kept", vec![]).await;
        serde_json::from_value(told).expect("a list of texts")
    }

    /// The text of what bears this name; empty when it is not there.
    pub async fn text(&self, name: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.textContent.trim() ?? ''";
        let told = self.browser.script(script, vec![json!(named(name))]).await;
        told.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until what bears this name holds this text.
    pub async fn sees(&self, name: &str, part_of_text: &str) {
        let look = async || self.text(name).await.contains(part_of_text);
        let what = format!("{name} with the text {part_of_text:?}");
        self.browser.sees(&what, true, look).await;
    }
}

fn named(name: &str) -> String {
    format!("[data-test={name}]")
}
