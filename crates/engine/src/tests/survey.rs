//! Tests of the survey that is offered at the end. The server supplies two surveys, *completed* and *cancelled*. The
//! reason for the end, and whether an agent had joined, decide which of the two is offered, if any. A [`Bench`] runs an
//! engine, and lets the test play the server, the web page and the clock.

use pipit_wire::consumer::Operation::RequestEngagement;
use serde_json::{Value, json};

use super::Bench;
use super::body::{ANA, concluded, engagement};
use crate::{Command, Conclusion, FormAnswers, Options, SurveyTemplate, Warning};

/// All documented reasons for an end, and one that the API does not document. `TRANSFERRED_TO_QUEUE` is left out,
/// because the chat continues after it.
const REASONS: [&str; 9] = [
    "NONE",
    "AGENT_CONCLUDED",
    "END_USER_CONCLUDED",
    "QUEUE_TIMEOUT",
    "IDLE_TIMEOUT",
    "EJECTED",
    "NO_AGENTS_AVAILABLE",
    "PARTICIPANT_LEFT",
    "NEVER_SEEN",
];

/// The address of the survey that is offered; empty if no survey is offered.
fn url(conclusion: &Conclusion) -> &str {
    conclusion.survey.as_ref().map_or("", |link| link.url())
}

/// A conversation that an agent has concluded, on a page that has configured this template of the address. The answer
/// to `requestEngagement` had the members of `surveys` in place of its usual members of the same names.
fn concluded_with(survey: SurveyTemplate, surveys: &Value) -> Bench {
    let mut bench = Bench::with(Options {
        survey,
        ..Options::default()
    });
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench.answer(RequestEngagement, 200, &engagement(surveys));
    bench.receive(&[ANA, &concluded("AGENT_CONCLUDED")]);
    bench
}

fn template_with_base(base: &str) -> SurveyTemplate {
    SurveyTemplate {
        base: Some(base.to_owned()),
        ..SurveyTemplate::default()
    }
}

// In the addresses of the next two tests, 5 is followed by the survey's id, 6 by the table (223: chats), 7 by the
// engagement id, and 12 by the authentication.
#[test]
fn the_address_of_the_completed_survey_has_exact_ids_and_encoded_parts() {
    let mut bench = Bench::chatting();
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    assert_eq!(
        url(bench.conclusion()),
        "https://help.example/ci/documents/detail/5/8/6/223/7/9007199254740993/12/com%20plete"
    );
    assert_eq!(bench.conclusion().engagement_id.0, 9_007_199_254_740_993);
}

#[test]
fn leaving_the_queue_offers_the_cancelled_survey() {
    let mut bench = Bench::queued();
    bench.command(Command::End);
    assert_eq!(
        url(bench.conclusion()),
        "https://help.example/ci/documents/detail/5/7/6/223/7/9007199254740993/12/ca%2Fncel%3D"
    );
}

#[test]
fn the_survey_depends_on_the_reason_and_on_whether_an_agent_joined() {
    let offered = |has_agent: bool| {
        REASONS.map(|reason| {
            let mut bench = if has_agent {
                Bench::chatting()
            } else {
                Bench::queued()
            };
            bench.receive(&[&concluded(reason)]);
            let conclusion = bench.conclusion();
            assert_eq!(
                (conclusion.reason.as_str(), conclusion.agent.is_some()),
                (reason, has_agent)
            );
            match url(conclusion) {
                "" => "-",
                // The completed survey has the id 8.
                url if url.contains("/5/8/") => "completed",
                _ => "cancelled",
            }
        })
    };
    let (completed, cancelled, none) = ("completed", "cancelled", "-");
    // In the order of `REASONS`.
    assert_eq!(
        offered(true),
        [
            none, completed, completed, none, cancelled, none, none, cancelled, none
        ]
    );
    assert_eq!(
        offered(false),
        [
            none, completed, cancelled, none, cancelled, none, none, cancelled, none
        ]
    );
}

#[test]
fn a_survey_is_offered_only_with_an_id_and_an_authentication() {
    for (members, is_offered) in [
        (json!({}), true),
        (
            json!({"completedSurveyId": 0, "completedSurveyIdString": "0"}),
            false,
        ),
        (json!({"completedSurveyAuth": ""}), false),
        (json!({"completedSurveyAuth": null}), false),
        (
            json!({"completedSurveyId": null, "completedSurveyIdString": null}),
            false,
        ),
        // The greatest id.
        (
            json!({"completedSurveyIdString": "9223372036854775807"}),
            true,
        ),
    ] {
        let bench = concluded_with(template_with_base("https://help.example"), &members);
        assert_eq!(bench.conclusion().survey.is_some(), is_offered, "{members}");
        assert!(bench.warnings.is_empty(), "{members}");
    }
}

#[test]
fn the_conclusion_says_whether_a_survey_is_sent_by_mail() {
    for (members, is_announced) in [
        (json!({}), false),
        (
            json!({"sendSurveyId": 9, "sendSurveyAuth": "x", "sendSurveyDelay": 60}),
            true,
        ),
        (json!({"sendSurveyId": 0, "sendSurveyAuth": "x"}), false),
        (json!({"sendSurveyId": 9, "sendSurveyAuth": ""}), false),
        // The API does not document the members of a survey that is sent by mail. `sendSurvey…` above is our assumption, so
        // other members with `survey` in their names, such as these, count too.
        (
            json!({"delayedSurveyIdString": "9", "delayedSurveyAuth": "x"}),
            true,
        ),
    ] {
        let bench = concluded_with(template_with_base("https://help.example"), &members);
        assert_eq!(bench.conclusion().survey_by_mail, is_announced, "{members}");
    }
}

#[test]
fn a_survey_address_may_be_https_or_http_on_this_machine() {
    for base in [
        "https://help.example",
        "https://help.example:8443/",
        "https://help.example/portal",
        "http://localhost",
        "http://localhost:8461",
        "http://127.0.0.1:8461/",
        "http://[::1]:8461",
    ] {
        let bench = concluded_with(template_with_base(base), &json!({}));
        let start = format!("{}/ci/documents", base.trim_end_matches('/'));
        assert!(url(bench.conclusion()).starts_with(&start), "{base}");
    }
}

#[test]
fn an_unsafe_address_gives_no_link_and_a_warning() {
    for base in [
        "",
        "help.example",
        "//help.example",
        "http://help.example",
        "http://localhost.evil.com",
        "http://evil.com/localhost",
        "http://evil.com#localhost",
        "http://localhost@evil.com",
        "https://localhost@evil",
        "https://help.example:x@evil",
        "http://localhost:80:80",
        "http://localhost\\.evil.com",
        "https://",
        "https:///evil.com",
        "javascript:alert(1)//",
        "javascript://localhost/%0aalert(1)//",
        "data:text/html,https://help.example",
        " https://help.example",
        "https://help.ex\nample",
        "\u{1}https://help.example",
    ] {
        let bench = concluded_with(template_with_base(base), &json!({}));
        assert_eq!(bench.conclusion().survey, None, "{base:?}");
        assert_eq!(bench.warnings, [Warning::SurveyAddressRefused], "{base:?}");
    }
}

#[test]
fn without_a_base_no_link_is_offered() {
    let bench = concluded_with(SurveyTemplate::default(), &json!({}));
    assert_eq!(bench.conclusion().survey, None);
    assert_eq!(bench.warnings, [Warning::SurveyAddressRefused]);
}

#[test]
fn a_template_is_filled_once_and_unknown_names_stay() {
    let survey = SurveyTemplate {
        base: None,
        template: "https://s.example/?chat={engagement_id}&a={auth}&n={name}{".to_owned(),
    };
    let bench = concluded_with(survey, &json!({"completedSurveyAuth": "{survey_id}&b=1"}));
    assert_eq!(
        url(bench.conclusion()),
        "https://s.example/?chat=9007199254740993&a=%7Bsurvey_id%7D%26b%3D1&n={name}{"
    );
}
