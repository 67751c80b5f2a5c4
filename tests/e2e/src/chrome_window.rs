//! Commands to Firefox's own window, whose code Firefox calls *chrome*: page size, preferences, network.

use serde_json::{Value, json};

use crate::Browser;

impl Browser {
    /// Sets the size of all pages in the window, in px. It is independent of the window's size.
    pub(crate) async fn resize_pages(&self, (width, height): (u32, u32)) {
        let script = "
            const style = gBrowser.tabpanels.style;
            for (const [side, length] of [['width', arguments[0]], ['height', arguments[1]]])
                for (const name of [side, `min-${side}`, `max-${side}`]) style.setProperty(name, `${length}px`);";
        self.in_chrome(script, vec![json!(width), json!(height)])
            .await;
    }

    /// Sets a preference of the browser to a whole number.
    pub(crate) async fn set_preference(&self, name: &str, value: u32) {
        let script = "Services.prefs.setIntPref(...arguments)";
        self.in_chrome(script, vec![json!(name), json!(value)])
            .await;
    }

    /// Restores the default of a preference.
    pub(crate) async fn clear_preference(&self, name: &str) {
        let script = "Services.prefs.clearUserPref(...arguments)";
        self.in_chrome(script, vec![json!(name)]).await;
    }

    /// Switches Firefox's *work offline* on or off.
    pub(crate) async fn set_work_offline(&self, offline: bool) {
        let script = "Services.io.offline = arguments[0]";
        self.in_chrome(script, vec![json!(offline)]).await;
    }

    /// Sets the medium for which the current page is drawn, such as `print`. The empty text restores the screen.
    pub(crate) async fn override_medium(&self, medium: &str) {
        let script = "gBrowser.selectedBrowser.browsingContext.mediumOverride = arguments[0]";
        self.in_chrome(script, vec![json!(medium)]).await;
    }

    /// Runs the body of a function in Firefox's own window.
    async fn in_chrome(&self, script: &str, arguments: Vec<Value>) {
        self.driver_command("moz/context", json!({ "context": "chrome" }))
            .await;
        self.script(script, arguments).await;
        self.driver_command("moz/context", json!({ "context": "content" }))
            .await;
    }
}
