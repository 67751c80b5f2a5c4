//! Tests of files that agents send. A [`Bench`] runs an engine, and lets the test play the server, the web page and the
//! clock.

use std::rc::Rc;

use serde_json::{Value, json};

use super::Bench;
use crate::{Notice, Options, SharedFile, SurveyTemplate};

/// A conversation in which Ana has sent a file. `base` is the configured address of the service site (the customer's
/// site with its help pages), from which files are loaded. `other_members` replace members of the message about the
/// file.
fn with_file(base: Option<&str>, other_members: &Value) -> Bench {
    let mut bench = Bench::with(Options {
        survey: SurveyTemplate {
            base: base.map(str::to_owned),
            ..SurveyTemplate::default()
        },
        ..Options::default()
    });
    bench.start();
    let mut bench = bench.with_ana();
    // 35 is Ana's client id.
    let mut message = json!({"messageName": "RNEngagementFileAttachmentMessage", "clientId": 35,
        "userFileName": "my plan&.pdf", "localFileName": "php/x7", "contentType": "application/pdf",
        "fileSize": 2048, "createdTime": 1_539_692_940_000_i64, "sequenceNumber": 3});
    for (name, value) in other_members.as_object().unwrap() {
        message[name] = value.clone();
    }
    bench.receive(&[&message.to_string()]);
    bench
}

/// The file of the most recent notice.
fn file(bench: &Bench) -> SharedFile {
    match bench.notices().last() {
        Some(Notice::File(file)) => SharedFile::clone(file),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_has_a_name_a_size_and_an_encoded_address_at_the_service_site() {
    let bench = with_file(Some("https://help.example/"), &json!({}));
    let expected = SharedFile {
        from: "Ana".into(),
        name: "my plan&.pdf".into(),
        bytes: Some(2_048),
        url: Some(Rc::from(
            "https://help.example/ci/oit/getTempFile?contentType=application%2Fpdf&\
             createdTime=1539692940000&fileSize=2048&localFileName=php%2Fx7&userFileName=my%20plan%26.pdf",
        )),
    };
    assert_eq!(file(&bench), expected);
}

#[test]
fn a_reload_keeps_the_file() {
    let mut bench = with_file(Some("https://help.example"), &json!({}));
    let before = file(&bench);
    bench.reload();
    assert_eq!(file(&bench), before);
}

#[test]
fn an_unsafe_address_in_storage_is_dropped() {
    let mut bench = with_file(Some("https://help.example"), &json!({}));
    let snapshot = bench.stored.take().unwrap();
    bench.stored = Some(snapshot.replace("https://help.example", "javascript:alert"));
    bench.reload();
    assert_eq!(file(&bench).url, None);
}

#[test]
fn a_file_has_no_address_if_a_part_is_missing_or_the_site_is_unsafe() {
    for missing in [
        "userFileName",
        "localFileName",
        "contentType",
        "fileSize",
        "createdTime",
    ] {
        let bench = with_file(Some("https://help.example"), &json!({ missing: null }));
        assert_eq!(file(&bench).url, None, "{missing}");
    }
    for base in [None, Some("http://help.example"), Some("javascript:")] {
        assert_eq!(file(&with_file(base, &json!({}))).url, None, "{base:?}");
    }
}

#[test]
fn a_file_with_a_negative_size_has_no_size() {
    let bench = with_file(None, &json!({ "fileSize": -1 }));
    assert_eq!(file(&bench).bytes, None);
}
