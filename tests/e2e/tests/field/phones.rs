//! Cases 12 and 15: phones and their keyboards.

use pipit_e2e::{SIZES, TestServer, Visitor, wait_for};
use serde_json::json;

use super::{page_of, wait_for_value};

/// The screen of a phone.
const PHONE: (u32, u32) = SIZES[1];

/// Returns whether the panel is modal.
const IS_MODAL: &str =
    "return !!document.querySelector('pipit-chat').shadowRoot.querySelector(':modal')";

/// Ways in which a page asks for a sign-in while its function `getSession` runs: a name, and the statement that puts the
/// button `button` onto the page of case 12.
const QUESTIONS: [(&str, &str); 4] = [
    (
        "in-the-page",
        "button.id = 'in-flow'; document.body.prepend(button)",
    ),
    (
        "in-the-middle",
        "button.id = 'middle'; document.body.append(button)",
    ),
    (
        "at-the-bottom",
        "button.id = 'bottom'; document.body.append(button)",
    ),
    (
        "modal",
        "const dialog = document.createElement('dialog'); dialog.append(button); document.body.append(dialog);
         dialog.showModal(); button.addEventListener('click', () => dialog.remove())",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_can_ask_for_a_sign_in_while_the_sheet_is_open() {
    let page = page_of("12-sign-in-below-the-sheet");
    let server = TestServer::with_page(&page).await;
    let style = "<style>#middle { position: fixed; inset: 40% }
        #bottom { position: fixed; bottom: 0; left: 0; z-index: 1 }</style></head>";
    for (name, statement) in QUESTIONS {
        let page = page
            .replacen("document.body.append(button)", statement, 1)
            .replacen("</head>", style, 1);
        server.serve(&format!("{name}.html"), &page);
    }
    let visitor = server.visitor_with_screen(PHONE).await;
    for name in [""].into_iter().chain(QUESTIONS.map(|(name, _)| name)) {
        let file = if name.is_empty() {
            String::new()
        } else {
            format!("{name}.html")
        };
        let url = format!("{}/{file}", server.site());
        visitor.browser.open_page(&url).await;
        visitor.open_panel().await;
        visitor.type_text("half a draft").await;
        wait_for_value(&visitor, IS_MODAL, json!(true)).await;
        visitor.start().await;
        click_sign_in(&visitor).await;
        visitor
            .wait_for_part_text("status", "Waiting for an agent")
            .await;
        wait_for_value(&visitor, IS_MODAL, json!(true)).await;
        assert_eq!(visitor.draft().await, "half a draft", "{name}");
        let forget = "Pipit.destroy(); sessionStorage.clear()";
        visitor.browser.script(forget, vec![]).await;
    }
    visitor.browser.close().await;
}

/// Clicks the page's button *Sign in* as soon as nothing covers it.
async fn click_sign_in(visitor: &Visitor) {
    let is_uncovered = "const button = document.querySelector('button');
        if (!button) return false;
        const box = button.getBoundingClientRect();
        return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === button";
    // Between the question and the click the sheet may be drawn again, so a click that meets it is tried again.
    wait_for("a click on the button", || async {
        wait_for_value(visitor, is_uncovered, json!(true)).await;
        let button = visitor.browser.element("button").await;
        button.click().await.ok()
    })
    .await;
}

/// What one keyboard does.
struct Trace {
    name: &'static str,
    /// The text in the composer before the events.
    text: &'static str,
    /// A JavaScript list of the events on the composer: `[type, members]`.
    events: &'static str,
    /// The messages that the visitor has sent afterwards.
    sent: &'static [&'static str],
    /// The text in the composer afterwards.
    draft: &'static str,
}

/// What keyboards and input methods send for the key Enter. The sequences follow the specification of UI Events, and the
/// reports that `source.txt` of case 15 names.
const TRACES: [Trace; 15] = [
    Trace {
        name: "a keyboard on a desk",
        text: "hello",
        events: "[['keydown', { key: 'Enter', keyCode: 13 }]]",
        sent: &["hello"],
        draft: "",
    },
    Trace {
        name: "Shift and Enter on a desk",
        text: "hello",
        events: "[['keydown', { key: 'Enter', keyCode: 13, shiftKey: true }], ['beforeinput', { inputType: 'insertLineBreak' }]]",
        sent: &[],
        draft: "hello\n",
    },
    Trace {
        name: "Android: the key send while a word is composed",
        text: "hello",
        events: "[['keydown', { key: 'Enter', keyCode: 229, isComposing: true }],
            ['beforeinput', { inputType: 'insertLineBreak' }], ['keyup', { key: 'Enter', keyCode: 229 }]]",
        sent: &["hello"],
        draft: "",
    },
    Trace {
        name: "Android: the composition ends before the line break",
        text: "hello",
        events: "[['keydown', { key: 'Enter', keyCode: 229, isComposing: true }],
            ['beforeinput', { inputType: 'insertCompositionText', data: 'hello' }], ['compositionend', { data: 'hello' }],
            ['beforeinput', { inputType: 'insertLineBreak' }], ['keyup', { key: 'Enter', keyCode: 13 }]]",
        sent: &["hello"],
        draft: "",
    },
    Trace {
        name: "Android: a keyboard that names no key",
        text: "hello",
        events: "[['keydown', { key: 'Unidentified', keyCode: 229 }], ['beforeinput', { inputType: 'insertParagraph' }],
            ['keyup', { key: 'Unidentified', keyCode: 229 }]]",
        sent: &["hello"],
        draft: "",
    },
    Trace {
        name: "Android: the key send without a composition",
        text: "hello",
        events: "[['keydown', { key: 'Enter', keyCode: 13 }], ['keyup', { key: 'Enter', keyCode: 13 }]]",
        sent: &["hello"],
        draft: "",
    },
    Trace {
        name: "Android: a letter",
        text: "hello",
        events: "[['keydown', { key: 'Unidentified', keyCode: 229 }], ['beforeinput', { inputType: 'insertCompositionText', data: 'hello' }],
            ['keyup', { key: 'Unidentified', keyCode: 229 }]]",
        sent: &[],
        draft: "hello",
    },
    Trace {
        name: "dictation: a new line without a key",
        text: "hello",
        events: "[['keydown', { key: 'Unidentified', keyCode: 229 }], ['beforeinput', { inputType: 'insertText', data: 'o' }],
            ['keyup', { key: 'Unidentified', keyCode: 229 }], ['beforeinput', { inputType: 'insertLineBreak' }]]",
        sent: &[],
        draft: "hello\n",
    },
    Trace {
        name: "Japanese in Chromium: Enter ends the composition",
        text: "日本",
        events: "[['keydown', { key: 'Enter', keyCode: 229, isComposing: true }],
            ['beforeinput', { inputType: 'insertCompositionText', data: '日本' }], ['compositionend', { data: '日本' }],
            ['keyup', { key: 'Enter', keyCode: 13 }]]",
        sent: &[],
        draft: "日本",
    },
    Trace {
        name: "Japanese in Firefox: the key is called Process",
        text: "日本",
        events: "[['keydown', { key: 'Process', keyCode: 229, isComposing: true }], ['compositionend', { data: '日本' }],
            ['keyup', { key: 'Enter', keyCode: 13 }]]",
        sent: &[],
        draft: "日本",
    },
    Trace {
        name: "Japanese in Safari: the key press follows the composition",
        text: "日本",
        events: "[['compositionend', { data: '日本' }], ['keydown', { key: 'Enter', keyCode: 229 }],
            ['keyup', { key: 'Enter', keyCode: 13 }]]",
        sent: &[],
        draft: "日本",
    },
    Trace {
        name: "Japanese: the next Enter sends",
        text: "日本",
        events: "[['keydown', { key: 'Enter', keyCode: 229, isComposing: true }], ['compositionend', { data: '日本' }],
            ['keyup', { key: 'Enter', keyCode: 13 }], ['keydown', { key: 'Enter', keyCode: 13 }]]",
        sent: &["日本"],
        draft: "",
    },
    Trace {
        name: "Chinese: Enter takes the letters as they are",
        text: "nihao",
        events: "[['keydown', { key: 'Process', keyCode: 229, isComposing: true }],
            ['beforeinput', { inputType: 'insertCompositionText', data: 'nihao' }], ['compositionend', { data: 'nihao' }],
            ['keyup', { key: 'Enter', keyCode: 13 }]]",
        sent: &[],
        draft: "nihao",
    },
    Trace {
        name: "Korean on macOS: a second key press follows",
        text: "안녕",
        events: "[['keydown', { key: 'Enter', keyCode: 229, isComposing: true }], ['compositionend', { data: '녕' }],
            ['keydown', { key: 'Enter', keyCode: 13 }], ['keyup', { key: 'Enter', keyCode: 13 }]]",
        sent: &["안녕"],
        draft: "",
    },
    Trace {
        name: "Korean on Windows: Escape ends the composition",
        text: "안",
        events: "[['keydown', { key: 'Escape', keyCode: 229, isComposing: true }], ['compositionend', { data: '안' }],
            ['keyup', { key: 'Escape', keyCode: 27 }]]",
        sent: &[],
        draft: "안",
    },
];

/// Puts the text `TEXT` into the composer and dispatches the events `EVENTS` on it. As in a browser, a line break is put
/// into the composer only if nothing has prevented its event `beforeinput`.
const PLAY: &str = "const field = seen[0];
    const input = inputType => field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType }));
    field.value = TEXT;
    input('insertText');
    const kinds = { keydown: KeyboardEvent, keyup: KeyboardEvent, beforeinput: InputEvent, compositionend: CompositionEvent };
    for (const [type, members] of EVENTS) {
        const event = new kinds[type](type, { bubbles: true, composed: true, cancelable: true, ...members });
        if (field.dispatchEvent(event) && /LineBreak|Paragraph/.test(members.inputType)) {
            field.value += '\\n';
            input(members.inputType);
        }
    }";

#[tokio::test(flavor = "multi_thread")]
async fn enter_does_what_the_key_says_with_every_input_method() {
    // The chat server would take some of the messages for abuse, because they are equal. Without a session, they wait.
    let never = "<script>window.Pipit = { config: { getSession: () => new Promise(() => {}) } }</script><script async";
    let page = page_of("15-enter-on-android").replacen("<script async", never, 1);
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    let hint = visitor
        .script("return seen[0].getAttribute('enterkeyhint')", ".field")
        .await;
    assert_eq!(hint, json!("send"));
    let mut expected = Vec::new();
    for trace in TRACES {
        let script = PLAY
            .replace("TEXT", &json!(trace.text).to_string())
            .replace("EVENTS", trace.events);
        visitor.script(&script, ".field").await;
        expected.extend(trace.sent.iter().map(|text| format!("> {text}")));
        let state = async || (visitor.conversation().await, visitor.draft().await);
        let expected = (expected.clone(), trace.draft.to_owned());
        visitor
            .browser
            .wait_until_equal(trace.name, expected, state)
            .await;
    }
    visitor.browser.close().await;
}
