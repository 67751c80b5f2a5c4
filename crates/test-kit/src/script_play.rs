//! [`ScriptPlay`]: a script that is played against a sandbox without a network, as an object of JavaScript. It plays the
//! agents, the server and the faults. JavaScript plays the visitor, and moves the clock.

use std::rc::Rc;

use pipit_sandbox::{LocalServer, Performance, Turn};
use pipit_script::{VisitorDeed, VisitorSight, read};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// A script that is being played.
#[wasm_bindgen]
pub struct ScriptPlay(Performance);

#[wasm_bindgen]
impl ScriptPlay {
    /// Performs the next step, unless it is the visitor's, and returns what JavaScript has to do then: an object with the
    /// member `visitor` (a word of the visitor with its members), `offline` (whether the visitor has no network), `untilMs`
    /// (a time until which time may pass), or `done`.
    ///
    /// # Errors
    /// An `Error` that names the line of the step that failed, and says what was seen instead.
    #[wasm_bindgen(js_name = nextTurn)]
    pub fn next_turn(&mut self) -> Result<JsValue, JsError> {
        let turn = match self.0.next_turn().map_err(|text| JsError::new(&text))? {
            Turn::Visitor(1, deed) => TurnObject::Visitor(deed),
            Turn::Visitor(..) => {
                let text = "The visitor of this test has one tab.";
                return Err(JsError::new(&self.0.failure(text)));
            }
            Turn::Offline(is_offline) => TurnObject::Offline(is_offline),
            Turn::Wait { until_ms } => TurnObject::UntilMs(until_ms),
            Turn::Done => TurnObject::Done(true),
        };
        // Maps become objects, and times become numbers.
        let object = turn.serialize(&Serializer::json_compatible());
        object.map_err(|error| JsError::new(&error.to_string()))
    }

    /// Reports what the visitor sees: an object with one member, such as `{message: "Hello"}`.
    ///
    /// # Errors
    /// An `Error` if a script knows no such thing.
    pub fn saw(&mut self, sight: JsValue) -> Result<(), JsError> {
        let sight: VisitorSight = serde_wasm_bindgen::from_value(sight)
            .map_err(|error| JsError::new(&error.to_string()))?;
        self.0.saw(1, sight);
        Ok(())
    }

    /// Lets the agents take what has arrived. Returns whether anything has happened.
    pub fn proceed(&mut self) -> bool {
        self.0.proceed()
    }

    /// The text of the failure of what the visitor was to do.
    pub fn failure(&self, text: String) -> String {
        self.0.failure(text)
    }
}

impl ScriptPlay {
    pub(crate) fn new(text: &str, sees: bool, server: Rc<LocalServer>) -> Result<Self, JsError> {
        let script = read(text)
            .map_err(|error| JsError::new(&format!("The script cannot be read: {error}.")))?;
        let script = if sees {
            script
        } else {
            script.without_sights_of_visitor()
        };
        let performance = Performance::new(script, server);
        Ok(Self(performance.map_err(|text| JsError::new(&text))?))
    }
}

/// What JavaScript has to do next.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum TurnObject {
    Visitor(VisitorDeed),
    Offline(bool),
    UntilMs(i64),
    Done(bool),
}
