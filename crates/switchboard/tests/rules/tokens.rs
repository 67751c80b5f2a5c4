//! Tests of the start of an engagement: tokens, session ids and surveys.

use pipit_switchboard::{Config, ConsumerClaims, DelayedSurveyOffer, Switchboard};
use pipit_wire::consumer::{ClientRequest, ResultType};
use pipit_wire::{ExceptionCode, SurveyId, WireObject as _};

use crate::test_server::START;

#[test]
fn a_token_begins_one_engagement_only() {
    let mut switchboard = Switchboard::new(Config::default(), 7);
    let claims = ConsumerClaims::anonymous("once");
    let request = ClientRequest::default();
    let started = switchboard
        .request_engagement(&claims, &request, START)
        .unwrap();
    assert_eq!(started.result_type, ResultType::Success);
    let refusal = switchboard
        .request_engagement(&claims, &request, START)
        .unwrap_err();
    let code = refusal.error.code();
    assert_eq!(
        (refusal.status, code),
        (403, Some(ExceptionCode::AccessDenied))
    );
}

#[test]
fn the_same_seed_gives_the_same_answers_and_another_seed_gives_other_session_ids() {
    let answer = |seed| {
        let mut switchboard = Switchboard::new(Config::default(), seed);
        let claims = ConsumerClaims::anonymous("once");
        let started = switchboard.request_engagement(&claims, &ClientRequest::default(), START);
        started.unwrap().to_json()
    };
    assert_eq!(answer(7), answer(7));
    assert_ne!(answer(7), answer(8));
}

#[test]
fn the_answer_of_request_engagement_offers_the_configured_surveys() {
    let config = Config {
        delayed_survey: Some(DelayedSurveyOffer {
            id: 103,
            auth: "later".to_owned(),
            delay_seconds: 600,
        }),
        ..Config::default()
    };
    let mut switchboard = Switchboard::new(config, 7);
    let claims = ConsumerClaims::anonymous("once");
    let started = switchboard
        .request_engagement(&claims, &ClientRequest::default(), START)
        .unwrap();
    assert_eq!(started.completed_survey().unwrap().id, SurveyId(101));
    assert_eq!(started.cancelled_survey().unwrap().id, SurveyId(102));
    assert_eq!(started.delayed_survey().unwrap().id, SurveyId(103));
    assert_eq!(started.delayed_survey.delay_seconds, Some(600));
}
