//! What the browser tests share: a widget in a shadow root, and a `fetch` that the test replaces.

#![allow(
    dead_code,
    clippy::panic,
    reason = "each test uses only a part of it; a panic fails the test"
)]

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, Event, EventInit, HtmlElement, HtmlTextAreaElement, KeyboardEvent,
    KeyboardEventInit, ShadowRoot, ShadowRootInit, ShadowRootMode, Window,
};

pub(crate) fn window() -> Window {
    web_sys::window().expect("tests run in a page")
}

fn document() -> Document {
    window().document().expect("a window has a document")
}

/// A JavaScript function with this body, whose first argument is `it`.
pub(crate) fn function(body: &str) -> Function {
    Function::new_with_args("it", body)
}

/// An object with these members.
pub(crate) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &JsValue::from(*name), value).expect("a plain object takes members");
    }
    object.into()
}

/// Replaces the `fetch` of the page until it is dropped.
pub(crate) struct Fetch(JsValue);

impl Fetch {
    pub(crate) fn replaced_by(body: &str) -> Self {
        let page = window();
        let own = Reflect::get(&page, &"fetch".into()).expect("a page has fetch");
        Reflect::set(&page, &"fetch".into(), &function(body)).expect("fetch can be replaced");
        Self(own)
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        Reflect::set(&window(), &"fetch".into(), &self.0).expect("fetch can be put back");
    }
}

/// The files of the widget's style sheet.
const STYLES: [&str; 12] = [
    include_str!("../../src/view/style/launcher.css"),
    include_str!("../../src/view/style/tokens.css"),
    include_str!("../../src/view/style/base.css"),
    include_str!("../../src/view/style/panel.css"),
    include_str!("../../src/view/style/header.css"),
    include_str!("../../src/view/style/transcript.css"),
    include_str!("../../src/view/style/file.css"),
    include_str!("../../src/view/style/cards.css"),
    include_str!("../../src/view/style/form.css"),
    include_str!("../../src/view/style/composer.css"),
    include_str!("../../src/view/style/modes.css"),
    include_str!("../../src/view/style/comfort.css"),
];

/// Mounts a widget whose options are wrong. Returns the error as the host reads it, with the prefix that the page adds.
pub(crate) async fn mount_error(options: &[(&str, JsValue)]) -> String {
    let place = document().create_element("div").expect("an element");
    let result = match pipit::mount(&place, &object(options), function("")) {
        Ok(()) => JsFuture::from(load_conversation_part()).await.map(drop),
        Err(error) => Err(error),
    };
    let error = result.expect_err("the options are wrong");
    assert_eq!(member(&error, "code"), "E_OPTION");
    ["Pipit: ", &member(&error, "message")].concat()
}

/// A text that an object has.
pub(crate) fn member(object: &JsValue, name: &str) -> String {
    let member = Reflect::get(object, &name.into()).expect("an object");
    member.as_string().expect("a text")
}

/// Loads the conversation part of the mounted widget.
fn load_conversation_part() -> Promise {
    let loading = pipit::call("load", &JsValue::NULL);
    loading.expect("there is a panel").unchecked_into()
}

/// A mounted widget.
pub(crate) struct Widget(ShadowRoot);

impl Widget {
    /// A widget as on a first visit: nothing is stored.
    pub(crate) fn mounted(options: &JsValue) -> Self {
        // The test before may have left a widget, which would store its conversation again.
        pipit::call("destroy", &JsValue::NULL).expect("it can be destroyed at any time");
        let kept = window().session_storage().ok().flatten();
        // Some tests make the storage fail.
        if let Some(storage) = kept {
            let _ = storage.clear();
        }
        Self::mounted_after_reload(options)
    }

    /// A widget as after a reload of the page. The page has no locks, so that the widgets of earlier tests are not other tabs
    /// to this one. The widget before learns that its page is left: without that, the stored conversation would count as
    /// that of another tab that still runs.
    pub(crate) fn mounted_after_reload(options: &JsValue) -> Self {
        function("dispatchEvent(new PageTransitionEvent('pagehide'))")
            .call0(&JsValue::NULL)
            .expect("an event can be dispatched");
        let widget = Self::mounted_without_conversation(options);
        // The test sees in the page whether it was loaded.
        let _ = load_conversation_part();
        widget
    }

    /// A widget whose conversation part is not loaded.
    pub(crate) fn mounted_without_conversation(options: &JsValue) -> Self {
        let none = Object::new();
        let is_set = Reflect::set(&none, &"configurable".into(), &true.into());
        assert_eq!(is_set, Ok(true));
        Object::define_property(&window().navigator(), &"locks".into(), &none);
        let host = document().create_element("div").expect("an element");
        document()
            .body()
            .expect("a body")
            .append_child(&host)
            .expect("it is added");
        let root = host
            .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
            .expect("a root");
        let frame = document().create_element("div").expect("an element");
        frame.set_class_name("pipit floating");
        root.append_child(&frame).expect("it is added");
        let report = "(window.reported ??= []).push([name, payload])";
        let report = Function::new_with_args("name, payload", report);
        pipit::mount(&frame, options, report).expect("the options can be read");
        Self(root)
    }

    /// Opens the panel, as the launcher does for the visitor, after what was drawn before has gone.
    pub(crate) async fn open(&self) {
        next_frame().await;
        pipit::call("open", &true.into()).expect("the panel opens");
        self.wait_for(".panel").await;
    }

    /// Adds the style sheet, for tests that measure positions.
    pub(crate) fn styled(self) -> Self {
        let adopt = "const sheet = new CSSStyleSheet(); sheet.replaceSync(text); it.adoptedStyleSheets.push(sheet)";
        let adopted = Function::new_with_args("it, text", adopt).call2(
            &JsValue::NULL,
            &self.0,
            &STYLES.concat().into(),
        );
        adopted.expect("it is CSS");
        self
    }

    /// The element whose shadow root has the widget.
    pub(crate) fn host(&self) -> Element {
        self.0.host()
    }

    /// Takes the widget off the page.
    pub(crate) fn remove(self) {
        self.0.host().remove();
    }

    /// Waits for an element that matches.
    pub(crate) async fn wait_for(&self, css: &str) -> Element {
        wait_until(css, || self.0.query_selector(css).ok().flatten()).await
    }

    /// The element that matches now.
    pub(crate) fn element(&self, css: &str) -> Option<Element> {
        self.0.query_selector(css).ok().flatten()
    }

    /// The texts of all elements that match now.
    pub(crate) fn texts(&self, css: &str) -> Vec<String> {
        let found = self.0.query_selector_all(css).expect("it is CSS");
        let found = (0..found.length()).filter_map(|index| found.get(index)?.text_content());
        found.collect()
    }

    pub(crate) fn count(&self, css: &str) -> u32 {
        self.0
            .query_selector_all(css)
            .map_or(0, |list| list.length())
    }

    pub(crate) async fn click(&self, css: &str) {
        let element: HtmlElement = self
            .wait_for(css)
            .await
            .dyn_into()
            .expect("an HTML element");
        element.click();
    }

    /// Starts a chat by the command of the page, as soon as the conversation part is loaded.
    pub(crate) async fn start_chat(&self) {
        wait_until("the start of a chat", || {
            pipit::call("startChat", &JsValue::UNDEFINED).ok()
        })
        .await;
    }

    /// Waits until the first element that matches has exactly this text.
    pub(crate) async fn wait_for_text(&self, css: &str, text: &str) {
        wait_until(&format!("{css}: {text}"), || {
            let element = self.0.query_selector(css).ok().flatten()?;
            (element.text_content()?.trim() == text).then_some(())
        })
        .await;
    }

    pub(crate) async fn field(&self) -> HtmlTextAreaElement {
        self.wait_for("textarea")
            .await
            .dyn_into()
            .expect("a text field")
    }

    /// Types a text into the composer.
    pub(crate) async fn type_text(&self, text: &str) {
        let field = self.field().await;
        field.set_value(text);
        let init = EventInit::new();
        init.set_bubbles(true);
        let event = Event::new_with_event_init_dict("input", &init).expect("an event");
        field.dispatch_event(&event).expect("it is dispatched");
    }

    /// Presses Enter in the composer. `alter` can add modifier keys.
    pub(crate) async fn press_enter(&self, alter: impl Fn(&KeyboardEventInit)) {
        let init = KeyboardEventInit::new();
        init.set_key("Enter");
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(true);
        alter(&init);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init);
        let event = event.expect("an event");
        self.field()
            .await
            .dispatch_event(&event)
            .expect("it is dispatched");
    }
}

/// Waits until `look` returns a value, for 600 frames at most, which are ten seconds. Frames are counted because some tests
/// break the clocks of the page.
pub(crate) async fn wait_until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = look() {
            return found;
        }
        next_frame().await;
    }
    panic!("waited in vain for: {what}")
}

/// Waits until the page draws its next frame.
pub(crate) async fn next_frame() {
    let promise = Promise::new(&mut |resolve, _| {
        window()
            .request_animation_frame(&resolve)
            .expect("a page draws frames");
    });
    JsFuture::from(promise).await.expect("a frame comes");
}
