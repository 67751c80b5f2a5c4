//! Tests of the times that the server reports, and of the member `clientSendTime` of its responses, the time at which the
//! client sent the request.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::read;
use crate::agent::{AgentResponse, GetMessagesResponse};
use crate::{ClientSendTime, ServiceTime, WireObject, WireValue};

/// The time that a JSON value is read as. `None` if the value is not a time.
fn read_time(value: &Value) -> Option<ServiceTime> {
    ServiceTime::read(value)
}

/// The time of an ISO text, in ms since 1970. `None` if the text is not an ISO time.
fn iso_millis(text: &str) -> Option<i64> {
    match read_time(&Value::from(text))? {
        ServiceTime::Iso(millis) => Some(millis),
        ServiceTime::EpochMillis(_) => None,
    }
}

#[test]
fn numbers_are_milliseconds_since_1970() {
    let expected = Some(ServiceTime::EpochMillis(1_648_136_115_031));
    assert_eq!(read_time(&json!(1_648_136_115_031_i64)), expected);
    assert_eq!(read_time(&json!("1648136115031")), expected);
    assert_eq!(
        ServiceTime::EpochMillis(i64::MAX).write(),
        json!(i64::MAX),
        "exact to the last bit"
    );
}

#[test]
fn iso_texts_are_read_with_and_without_fractions_separators_and_offsets() {
    // 2018-10-16T12:28:46Z.
    let whole_second = 1_539_692_926_000;
    for (text, millis) in [
        ("2018-10-16T12:28:46.544Z", whole_second + 544),
        ("2018-10-16T12:28:46Z", whole_second),
        ("2018-10-16T14:28:46+02:00", whole_second),
        ("2018-10-16T14:28:46.544+02:00", whole_second + 544),
        ("2018-10-16T14:28:46+0200", whole_second),
        ("2018-10-16T14:28:46+02", whole_second),
        ("2018-10-16T08:58:46-03:30", whole_second),
        ("2018-10-16 12:28:46Z", whole_second),
        ("2018-10-16T12:28:46.5Z", whole_second + 500),
        (
            "2018-10-16T12:28:46.544999999999999999999999Z",
            whole_second + 544,
        ),
        // A leap second is read as the first second of the next day.
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("1970-01-01T00:00:00.000Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2000-02-29T00:00:00Z", 951_782_400_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] {
        assert_eq!(iso_millis(text), Some(millis), "{text}");
    }
}

#[test]
fn texts_that_are_not_a_time_are_unreadable() {
    for text in [
        "",
        "now",
        "2021-02-31T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2021-04-31T00:00:00Z",
        "2021-13-01T00:00:00Z",
        "2021-00-01T00:00:00Z",
        "2021-01-00T00:00:00Z",
        "2021-01-01T24:00:00Z",
        "2021-01-01T00:60:00Z",
        "2021-01-01T00:00:61Z",
        // Without a time zone, a text does not name a point in time.
        "2021-01-01T00:00:00",
        "2021-01-01",
        "2021-01-01T00:00:00.12a4Z",
        "2021-01-01T00:00:00Z02:00",
        "2021-01-01T00:00:00Z0200",
        "2021-01-01T00:00:00+0:200",
        "2021-01-01T00:00:00+02:0",
        "2021-1-01T00:00:00Z",
        "2021-01-1T00:00:00Z",
        "021-01-01T00:00:00Z",
        "2021-01-01T0:00:00Z",
        "2021-01-01T00:000:00Z",
        "2021-01-01T00:00:00+99:99",
        "2021-01-01T00:00:00+24:00",
        "2021-01-01T00:00:00+00:60",
        "2021-01-01T00:00:00+",
        "2021-01-01T00:00:00+éé",
        "2021-01-01T00:00:00+2é1",
        "10000-01-01T00:00:00Z",
        "9223372036854775807-01-01T00:00:00Z",
        "2021-9223372036854775807-01T00:00:00Z",
        "2021-01-9223372036854775807T00:00:00Z",
        "2021-01-01T9223372036854775807:00:00Z",
        "99999999999999999999-01-01T00:00:00Z",
    ] {
        assert_eq!(read_time(&Value::from(text)), None, "{text}");
    }
}

#[test]
fn an_unreadable_time_is_kept_unchanged() {
    let text = r#"{"chatSystemError":null,"serviceStartTime":"2021-02-31T00:00:00Z"}"#;
    let answer: AgentResponse = read(text);
    assert_eq!(answer.echo.service_start_time, None);
    assert_eq!(answer.to_value(), super::json(text));
}

/// ISO text is written with milliseconds and in UTC, even if it was read in another form. The time stays the same.
#[test]
fn iso_texts_are_written_in_the_format_of_page_001() {
    for (text, written) in [
        ("2018-10-16T12:28:46.544Z", "2018-10-16T12:28:46.544Z"),
        ("2018-10-16T14:28:46+02:00", "2018-10-16T12:28:46.000Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00.000Z"),
    ] {
        let time = read_time(&Value::from(text)).unwrap();
        assert_eq!(time.write(), Value::from(written));
    }
}

#[test]
fn times_that_iso_text_cannot_express_are_written_as_numbers() {
    let year_minus_one = iso_millis("0000-01-01T00:00:00+02:00").unwrap();
    let year_10_000 = iso_millis("9999-12-31T23:59:60Z").unwrap();
    for millis in [year_minus_one, year_10_000, i64::MAX, i64::MIN] {
        let written = ServiceTime::Iso(millis).write();
        assert_eq!(written, json!(millis));
        assert_eq!(read_time(&written).unwrap().epoch_millis(), millis);
    }
}

proptest! {
    /// Tries times in the years 0 to 9999, which ISO text can express.
    #[test]
    fn written_iso_text_is_read_as_the_same_time(
        millis in -62_167_219_200_000_i64..253_402_300_800_000,
    ) {
        let written = ServiceTime::Iso(millis).write();
        prop_assert!(written.is_string());
        prop_assert_eq!(read_time(&written), Some(ServiceTime::Iso(millis)));
    }

    #[test]
    fn every_time_can_be_written_and_read_again(millis: i64) {
        let written = ServiceTime::Iso(millis).write();
        prop_assert_eq!(read_time(&written).map(|time| time.epoch_millis()), Some(millis));
    }

    /// Tries texts of almost the right form. If one is read as a time, the time must stay the same when it is written
    /// and read again.
    #[test]
    fn texts_of_almost_the_right_form_cause_no_panic(
        text in "[0-9]{1,20}-[0-9]{1,3}-[0-9]{1,3}[T ][0-9]{1,20}:[0-9]{1,3}:[0-9]{1,3}(\\.[0-9]{0,30})?([Z+-].{0,6})?",
    ) {
        if let Some(time) = read_time(&Value::from(text)) {
            let reread = read_time(&time.write());
            prop_assert_eq!(reread.map(|time| time.epoch_millis()), Some(time.epoch_millis()));
        }
    }
}

/// `clientSendTime` as an optional member of a response (PAGE 000, 002, 003). The outer `None` stands for an absent
/// member or the JSON value `null`, the inner `None` for the text `"null"`.
#[test]
fn client_send_time_is_read_in_many_forms() {
    for (member, expected) in [
        (
            r#""clientSendTime":1621872165581"#,
            Some(Some(1_621_872_165_581)),
        ),
        (
            r#""clientSendTime":"1621872165581""#,
            Some(Some(1_621_872_165_581)),
        ),
        (
            r#""clientSendTime":"2018-10-16T12:28:46Z""#,
            Some(Some(1_539_692_926_000)),
        ),
        (r#""clientSendTime":"null""#, Some(None)),
        (r#""clientSendTime":null"#, None),
        (r#""clientId":1"#, None),
    ] {
        let answer: AgentResponse = read(&format!("{{{member}}}"));
        assert_eq!(
            answer.echo.client_send_time,
            expected.map(ClientSendTime),
            "{member}"
        );
    }
}

/// `clientSendTime` as a member of the response to `getMessages` (PAGE 004). This member is written even if the time is
/// not known.
#[test]
fn an_unknown_client_send_time_is_written_as_the_text_null() {
    for text in [
        "{}",
        r#"{"clientSendTime":null}"#,
        r#"{"clientSendTime":"null"}"#,
    ] {
        let answer: GetMessagesResponse = read(text);
        assert_eq!(answer.client_send_time, ClientSendTime(None));
        assert_eq!(answer.to_value()["clientSendTime"], "null");
    }
}
