//! Answers that are not valid JSON. The tolerant reading is compared with `JSON.parse` and `toWellFormed` of the browser:
//! what `JSON.parse` reads, the widget reads, and reads the same. A message that cannot be read at all is a row of the
//! transcript, and its neighbours are shown.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic fails the test"
)]

mod page;
mod server;

use js_sys::{Array, Function};
use pipit_wire::tolerant_json::{self, MAX_DEPTH};
use serde_json::Value;
use server::{FakeServer, posted_message};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The body of a function that makes random texts of objects from a seed. Some are no JSON: a letter of each fourth text
/// is missing, doubled or replaced.
const MAKE_TEXTS: &str = r#"
    let state = seed;
    const random = count => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 2147483648 * count) };
    const pick = list => list[random(list.length)];
    const blank = () => pick(["", "", "", " ", "\n", "\t ", "\r\n"]);
    const parts = ["a", "é", "\u{1f600}", "\ud83d", "\udc00", "\\ud83d", "\\ude00", "\\uD83D\\uDE00", "\\u0000", "\\n", "\\\"", "\\\\", "\\/",
        "\\b\\f\\r\\t", "\\uffff", "{", "}", "[", "]", ",", ":", "/*", "//", "\u2028", "\ufeff", "messageName", " "];
    const text = () => '"' + Array.from({ length: random(5) }, () => pick(parts)).join("") + '"';
    const number = () => pick(["0", "-0", "1", "-1", "9007199254740993", "18446744073709551616", "-9223372036854775809", "1e400", "-1e400", "1e-400",
        "0.1", "1.5e3", "1E+2", "123456789012345680000", "5.0", "2e0", "1e308", "4.9e-324", String(random(1e6))]);
    const value = depth => {
        const kind = random(depth > 5 ? 4 : 7);
        if (kind === 0) return number();
        if (kind === 1) return pick(["true", "false", "null"]);
        if (kind < 4) return text();
        if (kind === 4) { const levels = pick([1, 2, 126, 127, 128, 200, 3000]); return "[".repeat(levels) + number() + "]".repeat(levels); }
        const items = Array.from({ length: random(4) }, () => blank() + (kind === 5 ? "" : text() + blank() + ":" + blank()) + value(depth + 1) + blank());
        return (kind === 5 ? "[" : "{") + items.join(",") + (kind === 5 ? "]" : "}");
    };
    return Array.from({ length: count }, () => {
        const made = blank() + '{"v"' + blank() + ":" + blank() + value(0) + blank() + "}" + blank();
        const letters = [...made];
        const index = random(letters.length);
        return [made, made, made, letters.with(index, pick(["", letters[index] + letters[index], "\0", '"', "}", "]", ","])).join("")][random(4)];
    });
"#;

/// The body of a function that returns what is wrong with our reading, or an empty text. `ours` is undefined if the text
/// was not read, or not to its end. The function returns undefined if the text is no JSON.
const COMPARE: &str = r#"
    let value;
    try { value = JSON.parse(text) } catch { return undefined }
    if (Object.prototype.toString.call(value) !== "[object Object]") return undefined;
    const clean = (value, depth) => {
        if (typeof value === "string") return value.toWellFormed();
        if (typeof value === "number") return Number.isFinite(value) ? value : null;
        if (value === null || typeof value !== "object") return value;
        if (depth > maxDepth) return null;
        if (Array.isArray(value)) return value.map(item => clean(item, depth + 1));
        return new Map(Object.entries(value).map(([name, item]) => [name.toWellFormed(), clean(item, depth + 1)]));
    };
    const isSame = (one, other) => {
        if (typeof one === "number" && typeof other === "number") return Math.abs(one - other) <= Math.abs(one) * 1e-15;
        if (one instanceof Map) return other instanceof Map && one.size === other.size && [...one].every(([name, item]) => other.has(name) && isSame(item, other.get(name)));
        if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((item, index) => isSame(item, other[index]));
        return one === other;
    };
    if (ours === undefined) return "not read: " + text;
    return isSame(clean(value, 0), clean(JSON.parse(ours), 0)) ? "" : "read otherwise: " + text + " as " + ours;
"#;

/// What our readers make of a text, as JSON: first `serde_json` and then the tolerant reading, as the widget does; or the
/// tolerant reading alone.
fn read(text: &str, is_alone: bool) -> JsValue {
    let first = serde_json::from_str::<Value>(text)
        .ok()
        .filter(|_| !is_alone);
    let second = || {
        let reading = tolerant_json::read(text)?;
        reading.is_whole.then_some(Value::Object(reading.members))
    };
    first
        .or_else(second)
        .map_or(JsValue::UNDEFINED, |value| value.to_string().into())
}

#[wasm_bindgen_test]
fn what_json_parse_reads_is_read_alike() {
    let make_texts = Function::new_with_args("seed, count", MAKE_TEXTS);
    let compare = Function::new_with_args("text, ours, maxDepth", COMPARE);
    let max_depth = JsValue::from(u32::try_from(MAX_DEPTH).unwrap_or(u32::MAX));
    let texts = make_texts.call2(&JsValue::NULL, &20_261_128.into(), &6_000.into());
    let mut compared = 0;
    for text in Array::from(&texts.expect("texts are made")).iter() {
        // The text of an answer never has half of a surrogate pair: `Response.text` replaces it, and so does this conversion.
        let text = text.as_string().expect("a text");
        for is_alone in [false, true] {
            let ours = read(&text, is_alone);
            let problem = compare.call3(&JsValue::NULL, &text.as_str().into(), &ours, &max_depth);
            if let Some(problem) = problem.expect("the texts are compared").as_string() {
                assert_eq!(problem, "");
                compared += 1;
            }
        }
    }
    assert!(compared > 8_000, "only {compared} texts were JSON");
}

/// A message of Ana as JSON text.
fn message(number: i64, text: &str) -> String {
    let mut message = posted_message(35, text, false);
    message["sequenceNumber"] = Value::from(number);
    message.to_string()
}

#[wasm_bindgen_test]
async fn a_broken_message_is_one_row_between_its_neighbours() {
    let (server, widget) = FakeServer::with_chat().await;
    let deep = "[".repeat(500) + &"]".repeat(500);
    let list = [
        message(2, "first"),
        message(3, "").replace(r#""body":"""#, r#""body":"half \ud83d pair""#),
        message(4, "").replace(r#""body":"""#, r#""body":"say "what"""#),
        message(5, "large").replace(r#""body""#, r#""size":1e400,"body""#),
        message(6, "deep").replace(r#""body""#, &format!(r#""tree":{deep},"body""#)),
        message(7, "line").replace("line", "two\nlines"),
    ];
    let body = format!(
        "{{\"systemMessages\":[{}]}}\0<!-- proxy -->",
        list.join(",")
    );
    server.answer_poll(&body).await;
    let unreadable = "A message here couldn't be displayed. Please ask the agent to send it again.";
    let expected = [
        "first",
        "half \u{fffd} pair",
        unreadable,
        "large",
        "deep",
        "two\nlines",
    ];
    let rows = ".bubble, .note";
    widget
        .wait_for_text(".row:last-child .bubble", "two\nlines")
        .await;
    // Before the messages are two notices: who has joined, and who sees what is typed.
    assert_eq!(widget.texts(rows)[2..], expected);
    // The row survives a reload of the page.
    let widget = server.reload_widget();
    widget.open().await;
    widget
        .wait_for_text(".row:last-child .bubble", "two\nlines")
        .await;
    assert_eq!(widget.texts(rows)[2..], expected);
}
