//! Tests of the second reading of JSON. `tests/unreadable.rs` of the package `pipit` compares it with `JSON.parse` in a
//! browser. A *batch* is an answer to `getMessages`.

use proptest::prelude::*;
use serde_json::{Map, Value, json as object};

use crate::consumer::{GetMessagesResponse, Operation, SystemMessage};
use crate::session::Session;
use crate::tolerant_json::{self, MAX_DEPTH};
use crate::{Fields, ReadError, Refusal, Response, SequenceNumber, UnexpectedBody};

/// The member `v` of an object with this text as its value, by the second reading.
fn value_of(text: &str) -> Value {
    let reading = tolerant_json::read(&format!(r#"{{"v":{text},"end":1}}"#)).unwrap();
    assert!(reading.is_whole, "{text}");
    assert_eq!(reading.members.get("end"), Some(&object!(1)), "{text}");
    reading.members["v"].clone()
}

#[test]
fn texts_are_read_as_json_parse_reads_them_and_made_well_formed() {
    for (text, expected) in [
        (r#""\ud800""#, "\u{fffd}"),
        (r#""\udc00""#, "\u{fffd}"),
        (r#""a\ud83d""#, "a\u{fffd}"),
        (r#""\ud83dx\ude00""#, "\u{fffd}x\u{fffd}"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\uD83D\uDE00""#, "\u{1f600}"),
        (r#""\uffff\ufffe\u0000""#, "\u{ffff}\u{fffe}\0"),
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        // What `JSON.parse` refuses.
        ("\"a\nb\tc\0d\u{1f}\"", "a\nb\tc\0d\u{1f}"),
        (r#""it\'s""#, "it's"),
        (r#""\u12""#, "u12"),
        (r#""\u+123""#, "u+123"),
        (r#""\uééé""#, "uééé"),
    ] {
        assert_eq!(value_of(text), object!(expected), "{text}");
    }
}

#[test]
fn words_and_numbers_are_read_or_count_as_absent() {
    for (text, expected) in [
        ("9007199254740993", object!(9_007_199_254_740_993_i64)),
        ("-1.5e3", object!(-1500.0)),
        ("true", object!(true)),
        ("1e400", Value::Null),
        ("-1e400", Value::Null),
        ("1e99999999999999999999", Value::Null),
        ("NaN", Value::Null),
        ("-Infinity", Value::Null),
        ("undefined", Value::Null),
        ("None", Value::Null),
        ("+1", Value::Null),
        ("0x1F", Value::Null),
    ] {
        assert_eq!(value_of(text), expected, "{text}");
    }
}

#[test]
fn commas_and_blanks_can_be_superfluous_or_missing() {
    for text in [
        "[[1,2,]]",
        "[[,1,,2]]",
        "[[1 2]]",
        "[[1,/*x*/2]]",
        "[[1,//x\n2]]",
        "[[1,\u{0}2\u{feff}]]",
    ] {
        assert_eq!(value_of(text), object!([[1, 2]]), "{text:?}");
    }
    assert_eq!(value_of(r#"{"a":1 "b":2,}"#), object!({"a": 1, "b": 2}));
}

/// What a proxy may add around an answer.
#[test]
fn text_around_the_object_is_ignored() {
    for (before, after) in [
        ("", "\0"),
        ("\u{feff}\u{feff}", "\0\0\0"),
        ("", " // served by proxy 7"),
        ("/* a */ ", "/* b"),
        ("", "<!-- 12 ms -->"),
        ("", "<script src=\"https://proxy.example/x.js\"></script>"),
        ("", "HTTP/1.1 200 OK"),
        ("\0", "}"),
        ("", "{\"clientId\":34}"),
    ] {
        let body = format!("{before}{{\"clientId\":34}}{after}");
        let response = Operation::PostMessage.read_response(200, &body);
        let Response::Answer(members) = response else {
            panic!("{body:?}: {response:?}");
        };
        assert_eq!(members.0["clientId"], 34, "{body:?}");
        let session = format!("{before}{{\"jwt\":\"j\"}}{after}");
        assert_eq!(Session::from_json(&session).unwrap().jwt.reveal(), "j");
    }
    let refusal = Refusal::read(409, "{\"errorCondition\":\"CONFLICT\"}\0");
    assert_eq!(refusal.to_string(), "HTTP 409 CONFLICT");
    let nested = object!({"jwt": "j", "sessionServerResponse": "{\"domain\":\"a.test\"}\0"});
    assert_eq!(
        Session::read(&nested).unwrap().domain.as_deref(),
        Some("a.test")
    );
}

#[test]
fn what_is_deeper_than_the_limit_counts_as_absent() {
    let nested = |depth: usize| "[".repeat(depth) + "1" + &"]".repeat(depth);
    let depth_of = |value: &Value| {
        let mut depth = 0;
        let mut current = value;
        while let Some(inner) = current.get(0) {
            depth += 1;
            current = inner;
        }
        (depth, current.clone())
    };
    // The object around the value is the level 0, and the outermost list the level 1.
    assert_eq!(
        depth_of(&value_of(&nested(MAX_DEPTH))),
        (MAX_DEPTH, object!(1))
    );
    for depth in [MAX_DEPTH + 1, 1_000, 1_000_000] {
        let read = depth_of(&value_of(&nested(depth)));
        assert_eq!(read, (MAX_DEPTH, Value::Null), "{depth}");
    }
    let texts = r#"{"a":["}]",{"b":"\""}]}"#;
    let deep = format!("{}{texts}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert_eq!(depth_of(&value_of(&deep)), (MAX_DEPTH, Value::Null));
    // Nothing is left open on the stack if the end is missing.
    let reading = tolerant_json::read(&(r#"{"v":"#.to_owned() + &"[{\"a\":".repeat(100_000)));
    assert!(!reading.unwrap().is_whole);
}

#[test]
fn only_an_object_is_read() {
    for text in [
        "",
        "[]",
        "\"{}\"",
        "1",
        "<html>{}",
        "/* {} */",
        "// {}",
        "offline {}",
    ] {
        assert_eq!(tolerant_json::read(text), None, "{text}");
    }
}

/// Everything but the list of messages must be whole, because a part of it may mean something else.
#[test]
fn a_cut_answer_is_no_answer_unless_it_has_messages() {
    let start = r#"{"clientId":34,"resultType":"SUCCESS","engagementId":34,"sessionId":"a"#;
    for (operation, body) in [
        (Operation::RequestEngagement, start),
        (Operation::PostMessage, r#"{"clientId":34,"clientRequest"#),
        (Operation::PostMessage, r#"{"clientId":34,"x":nul"#),
        (Operation::Activity, r#"{"clientId":34"#),
        (Operation::GetQueueStats, r#"{"totalAvailableAgents":3"#),
        (Operation::GetMessages, r#"{"clientId":34,"systemMess"#),
        (
            Operation::GetMessages,
            r#"{"clientId":34,"systemMessages":"#,
        ),
    ] {
        let response = operation.read_response(200, body);
        assert_eq!(
            response,
            Response::Unexpected(UnexpectedBody::Other),
            "{body}"
        );
    }
    let cut = Fields::from_json_tolerantly(r#"{"a":1"#);
    assert_eq!(cut, Err(ReadError::NotJson));
}

/// A message with this number and this body, as JSON text.
fn message(number: i64, body: &str) -> String {
    object!({"body": body, "clientId": 35, "messageName": "RNEngagementMessagePostedMessage",
        "sequenceNumber": number})
    .to_string()
}

/// A message of a batch: the body of a posted message, the number of an unreadable one, or a message of another name.
#[derive(Clone, Debug, PartialEq)]
enum Read {
    Body(String),
    Unreadable(Option<i64>),
    OtherName,
}

/// Reads a batch whose list of messages is this text. `None` if it is no answer.
fn read_list(list: &str) -> Option<Vec<Read>> {
    read_batch(&format!(
        r#"{{"clientId":34,"systemMessages":[{list}],"zone":"end"}}"#
    ))
}

fn read_batch(body: &str) -> Option<Vec<Read>> {
    let Response::Answer(members) = Operation::GetMessages.read_response(200, body) else {
        return None;
    };
    let batch: GetMessagesResponse = members.into_object().unwrap();
    let messages = batch.system_messages.into_iter();
    let read = messages.map(|message| match message {
        SystemMessage::MessagePosted(posted) => Read::Body(posted.body),
        SystemMessage::Unreadable(_) => {
            Read::Unreadable(message.stamp().sequence_number.map(|number| number.0))
        }
        // The fault may be in the name.
        SystemMessage::Unknown(_) => Read::OtherName,
        other => panic!("{other:?}"),
    });
    Some(read.collect())
}

/// Each of these stands between two whole messages, and is one unreadable message.
#[test]
fn a_broken_message_costs_only_itself() {
    for (broken, number) in [
        ("null", None),
        ("17", None),
        ("\"text\"", None),
        ("[]", None),
        ("{}", None),
        (
            r#"{"messageName":"RNEngagementMessagePostedMessage","sequenceNumber":2}"#,
            Some(2),
        ),
        (
            r#"{"messageName":"RNEngagementMessagePostedMessage","body":7,"sequenceNumber":2}"#,
            Some(2),
        ),
        (r#"{"body":"x","sequenceNumber":2}"#, Some(2)),
        // The closing quote is missing; a quote is not escaped; the brace, the value or the name is missing.
        (
            r#"{"body":"x,"messageName":"RNEngagementMessagePostedMessage","sequenceNumber":2}"#,
            Some(2),
        ),
        (
            r#"{"body":"say "x"","messageName":"RNEngagementMessagePostedMessage","sequenceNumber": 2}"#,
            Some(2),
        ),
        (
            r#"{"body":"x","messageName":"RNEngagementMessagePostedMessage","sequenceNumber":2"#,
            Some(2),
        ),
        (
            r#""body":"x","messageName":"RNEngagementMessagePostedMessage","sequenceNumber":2}"#,
            Some(2),
        ),
        (
            r#"{"body":,"messageName":"RNEngagementMessagePostedMessage","sequenceNumber":2}"#,
            Some(2),
        ),
        (
            r#"{body:"x","messageName":"RNEngagementMessagePostedMessage","sequenceNumber":2}"#,
            Some(2),
        ),
        (r#"{"files":[{"a":1},{"b":],"sequenceNumber":2}"#, Some(2)),
        (r"{'body':'x'}", None),
        ("@@@@", None),
        ("<b>offline</b>", None),
        (r#"{"body":"x""#, None),
        ("{", None),
        ("{{{[[[", None),
        ("\\", None),
    ] {
        let list = [message(1, "first"), broken.to_owned(), message(3, "last")].join(",");
        let expected = [
            Read::Body("first".to_owned()),
            Read::Unreadable(number),
            Read::Body("last".to_owned()),
        ];
        assert_eq!(read_list(&list).unwrap(), expected, "{broken}");
    }
}

#[test]
fn a_message_with_strange_members_is_read() {
    let deep = "[".repeat(500) + &"]".repeat(500);
    for members in [
        r#""extra":1e400,"body":"x""#.to_owned(),
        r#""sequenceNumber":1e400,"body":"x""#.to_owned(),
        r#""extra":NaN,"body":"x""#.to_owned(),
        format!(r#""extra":{deep},"body":"x""#),
        r#""createdTime":"\ud800","body":"x""#.to_owned(),
        r#""body":"x","body":"x","#.to_owned(),
    ] {
        let strange = format!(r#"{{"messageName":"RNEngagementMessagePostedMessage",{members}}}"#);
        let list = [message(1, "first"), strange, message(3, "last")].join(",");
        let bodies = ["first", "x", "last"].map(|body| Read::Body(body.to_owned()));
        assert_eq!(read_list(&list).unwrap(), bodies, "{members}");
    }
    let lone = r#"{"messageName":"RNEngagementMessagePostedMessage","body":"a\ud83d!"}"#;
    assert_eq!(
        read_list(lone).unwrap(),
        [Read::Body("a\u{fffd}!".to_owned())]
    );
}

/// The last message has no next message behind it. An answer that does not end with a brace is cut, and the engine learns
/// this by an unreadable `null`.
#[test]
fn the_last_message_is_broken_or_cut() {
    let last = r#"{"body":"say "x"","sequenceNumber":2}"#;
    let read = read_list(&format!("{},{last}", message(1, "first"))).unwrap();
    assert_eq!(read[1], Read::Unreadable(Some(2)));
    let first = message(1, "first");
    let cut = format!(r#"{{"systemMessages":[{first},{{"body":"x","sequenceNumber":2"#);
    let Response::Answer(members) = Operation::GetMessages.read_response(200, &cut) else {
        panic!("no answer");
    };
    let batch: GetMessagesResponse = members.into_object().unwrap();
    assert_eq!(
        batch.system_messages[1],
        SystemMessage::Unreadable(Value::Null)
    );
}

/// An answer may be cut right behind a brace, so that it looks as if it ended there.
#[test]
fn an_answer_that_is_cut_behind_a_message_is_cut() {
    let first = message(1, "first");
    let second = message(2, "second");
    for list in [
        first.clone(),
        format!("{first},{second}"),
        format!("{first},\n{second} \n"),
        format!("{first},{{\"messageDataMap\":{{\"a\":\"b\"}}"),
    ] {
        for before in [
            "",
            r#""errorMessages":[],"#,
            r#""errorMessages":[{"message":"x"} ] , "#,
        ] {
            let text = format!(r#"{{{before}"systemMessages":[{list}"#);
            let Response::Answer(members) = Operation::GetMessages.read_response(200, &text) else {
                panic!("no answer: {text}");
            };
            let batch: GetMessagesResponse = members.into_object().unwrap();
            let messages = batch.system_messages;
            assert_eq!(
                messages[0].stamp().sequence_number,
                Some(SequenceNumber(1)),
                "{text}"
            );
            let end = SystemMessage::Unreadable(Value::Null);
            assert_eq!(messages.last(), Some(&end), "{text}");
        }
    }
}

/// In a text whose quotes are not escaped, `"}]` looks like the end of the list.
#[test]
fn what_looks_like_the_end_of_the_list_costs_only_its_message() {
    let name = r#""messageName":"RNEngagementMessagePostedMessage""#;
    for text in [
        r#"say "}] and go on"#,
        r#"say "}]"#,
        r#""}]"#,
        r#"say "}]} and go on"#,
        r#"say "}]}"#,
        r#"say "}],"a":"b"#,
        r#"say "}],"a":"b"}"#,
        r#"say "}],"a":["b"]}"#,
        r#"say "}], "go on"#,
        r#"say "}],"zone":"end"} and go on"#,
        r#"say "}] [{"a":"b"}] and go on"#,
        r#"say "}] "}] "}] and go on"#,
        r#"say "}]{ and go on"#,
        r#"say "}]}{"a":1} and go on"#,
    ] {
        for broken in [
            format!(r#"{{"body":"{text}",{name},"sequenceNumber":2}}"#),
            format!(r#"{{{name},"sequenceNumber":2,"body":"{text}"}}"#),
            format!(r#"{{{name},"body":"{text}","sequenceNumber":2}}"#),
        ] {
            let neighbours = [message(3, "third"), message(4, "last")].join(",");
            let list = [&message(1, "first"), &*broken, &neighbours].join(",");
            let expected = [
                Read::Body("first".to_owned()),
                Read::Unreadable(Some(2)),
                Read::Body("third".to_owned()),
                Read::Body("last".to_owned()),
            ];
            assert_eq!(read_list(&list).unwrap(), expected, "{broken}");
            // Behind the last message, nothing shows where it ends. It may be read in part.
            let list = [&message(1, "first"), &*broken].join(",");
            let read = read_list(&list).unwrap();
            assert_eq!(read[0], expected[0], "{broken}");
            // The last text cannot be told from an answer with a second object behind it.
            let is_marked = matches!(read.last(), Some(Read::Unreadable(_)));
            assert!(
                is_marked || text.ends_with("1} and go on"),
                "{broken}: {read:?}"
            );
        }
    }
}

/// A comma ends the message in front of it, whatever follows.
#[test]
fn a_bracket_behind_a_comma_costs_no_message() {
    let last = message(3, "last");
    let list = format!(
        r#"{},]{{"body":"x","sequenceNumber":2, {last}"#,
        message(1, "first")
    );
    let expected = [
        Read::Body("first".to_owned()),
        Read::Unreadable(Some(2)),
        Read::Body("last".to_owned()),
    ];
    assert_eq!(read_list(&list).unwrap(), expected);
}

/// A fault behind the list costs no message, and what stands behind it is not taken for messages.
#[test]
fn what_is_behind_the_list_costs_no_message() {
    let list = format!("{},{}", message(1, "first"), message(2, "last"));
    let whole = ["first", "last"].map(|body| Read::Body(body.to_owned()));
    for behind in [
        "}",
        r#","zone":"end","#,
        r#","zone":"end""#,
        r#","zone":"e"#,
        r#","zone":"#,
        "",
        ",",
        "]}",
        "}]}",
        "}]",
        r#","errorMessages":[{"code":7}]}"#,
        r#","errorMessages":[]}"#,
        r#","zone":1e400,"tree":{"a":[{}]}}"#,
        "}\0",
        "} // served by proxy 7",
        "}<!-- {} -->",
        "}<script>({})</script>",
        r#"}{"clientId":34}"#,
    ] {
        let body = format!(r#"{{"clientId":34,"systemMessages":[{list}]{behind}"#);
        assert_eq!(read_batch(&body).unwrap(), whole, "{behind}");
        // The answer arrives twice, and the second time it may be cut.
        for twice in [
            format!("{body}{body}"),
            format!("{body}\n{}", &body[..body.len() / 2]),
        ] {
            if behind.starts_with('}') && !behind.contains(']') {
                assert_eq!(read_batch(&twice).unwrap(), whole, "{twice}");
            }
        }
    }
    // The list is not the first one.
    let body = format!(
        r#"{{"clientId":1e400,"errorMessages":[],"others":[{{}}],"systemMessages":[{list}]}}"#
    );
    assert_eq!(read_batch(&body).unwrap(), whole);
    // What cannot be read behind the list may be the end of a message.
    let body = format!(r#"{{"systemMessages":[{list}],%%%,"zone":"end"}}"#);
    let read = read_batch(&body).unwrap();
    assert_eq!(read[..2], whole);
    assert_eq!(read[2..], [Read::Unreadable(None)]);
}

/// A superfluous bracket between two messages costs no message and makes no unreadable one.
#[test]
fn superfluous_brackets_cost_nothing() {
    for between in ["},", "}},", "],", "]", "],[", ",,", " "] {
        let list = format!("{}{between}{}", message(1, "a"), message(2, "b"));
        let bodies = ["a", "b"].map(|body| Read::Body(body.to_owned()));
        assert_eq!(read_list(&list).unwrap(), bodies, "{between}");
    }
}

/// The search for the next message must not read the same text again and again.
#[test]
fn the_work_is_in_proportion_to_the_length() {
    let hostile = [
        "[{\"a\":",
        ",{\"a\":[",
        "{\"messageName\":1,\"a\":[",
        "{\"\\u",
        "/*{\"",
        "{\"a\":\"{",
        "],\"a\":[",
        "]} ",
        "] {\"messageName\":\"x\"",
        "] {\"messageName\":\"x\"},",
    ];
    for part in hostile {
        let list = part.repeat(200_000);
        let started = std::time::Instant::now();
        read_list(&list);
        // Work in proportion to the square of the length takes minutes.
        assert!(started.elapsed().as_secs() < 10, "{part}");
    }
}

/// JSON values of all kinds, at most four levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e15..1e15).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Bodies of messages, with characters that matter to a reader of JSON.
fn bodies() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("([a-z{}\\[\\],:\"\\\\é]|\"\\}\\]){0,12}", 2..5)
}

/// The batch with these bodies, and the places in it where each message begins and ends.
fn batch_of(bodies: &[String]) -> (String, Vec<(usize, usize)>) {
    let mut text = r#"{"clientId":34,"systemMessages":["#.to_owned();
    let mut places = Vec::new();
    for (number, body) in (1..).zip(bodies) {
        if number > 1 {
            text.push(',');
        }
        let start = text.len();
        text.push_str(&message(number, body));
        places.push((start, text.len()));
    }
    text.push_str("]}");
    (text, places)
}

proptest! {
    #[test]
    fn valid_json_is_read_as_serde_json_reads_it(value in any_json(), has_blanks: bool) {
        let object = Map::from_iter([("v".to_owned(), value)]);
        let text = if has_blanks {
            serde_json::to_string_pretty(&object)
        } else {
            serde_json::to_string(&object)
        };
        let text = text.unwrap();
        let reading = tolerant_json::read(&text).unwrap();
        prop_assert!(reading.is_whole);
        prop_assert_eq!(Ok(Fields(reading.members)), Fields::from_json(&text));
    }

    #[test]
    fn no_text_causes_a_crash(text in "\\PC{0,40}|[\\[\\]{}:,\"\\\\ude018/* -]{0,60}") {
        for text in [&text, &format!("{{{text}"), &format!(r#"{{"systemMessages":[{text}]}}"#)] {
            if let Some(reading) = tolerant_json::read(text) {
                // What was read can be written and read again.
                let written = Value::Object(reading.members).to_string();
                prop_assert!(Fields::from_json(&written).is_ok());
            }
            Operation::GetMessages.read_response(200, text);
        }
    }

    /// If one character of a message is missing, or another is in its place, the other messages are read.
    #[test]
    fn the_neighbours_of_a_broken_message_are_read(
        bodies in bodies(),
        which: prop::sample::Index,
        at: prop::sample::Index,
        replacement in prop_oneof![Just(""), Just("\0"), Just("x"), Just("'"), Just("<")],
    ) {
        let (text, places) = batch_of(&bodies);
        let broken = which.index(bodies.len());
        let (start, end) = places[broken];
        let letters: Vec<(usize, char)> = text[start..end].char_indices().collect();
        let (offset, letter) = letters[at.index(letters.len())];
        let mut changed = text;
        changed.replace_range(start + offset..start + offset + letter.len_utf8(), replacement);
        let read = read_batch(&changed).unwrap();
        let mut rest = read.iter();
        for (index, body) in bodies.iter().enumerate() {
            if index != broken {
                let is_there = rest.any(|it| *it == Read::Body(body.clone()));
                prop_assert!(is_there, "{index} of {changed} is not in {read:?}");
            }
        }
        // Something stands in the place of the broken message.
        prop_assert!(read.len() >= bodies.len(), "{read:?}");
    }

    /// The whole messages in front of a cut are read. If something is missing, an unreadable message stands at the end.
    #[test]
    fn the_messages_before_a_cut_are_read(
        bodies in bodies(),
        at: prop::sample::Index,
        before in prop_oneof![Just(""), Just(r#""errorMessages":[],"#), Just(r#""errorMessages":[{"a":"b"}],"#)],
    ) {
        let (text, places) = batch_of(&bodies);
        let text = text.replacen('{', &format!("{{{before}"), 1);
        let places: Vec<(usize, usize)> =
            places.into_iter().map(|(start, end)| (start + before.len(), end + before.len())).collect();
        let list_start = places[0].0;
        let all_cuts = text.char_indices().map(|(index, _)| index);
        let cuts: Vec<usize> = all_cuts.filter(|cut| before.is_empty() || *cut >= list_start).collect();
        let cut = cuts[at.index(cuts.len())];
        let read = read_batch(&text[..cut]);
        prop_assert_eq!(read.is_some(), cut >= list_start, "{}", &text[..cut]);
        let Some(read) = read else {
            return Ok(());
        };
        let whole = places.iter().filter(|(_, end)| *end <= cut).count();
        let expected: Vec<Read> = bodies[..whole].iter().cloned().map(Read::Body).collect();
        prop_assert_eq!(&read[..whole], &expected[..]);
        let is_list_whole = cut == text.len() - 1;
        prop_assert_eq!(read.len(), if is_list_whole { whole } else { whole + 1 });
        let last = read.last().unwrap();
        prop_assert_eq!(matches!(last, Read::Unreadable(_)), !is_list_whole, "{:?}", last);
    }
}
