use pipit_switchboard::{Claims, Config, DelayedSurvey, Switchboard};
use pipit_wire::consumer::{ClientRequest, ResultType};
use pipit_wire::{ExceptionCode, SurveyId, WireObject as _};

use crate::floor::START;

#[test]
fn a_token_begins_one_engagement() {
    let mut board = Switchboard::new(Config::default(), 7);
    let claims = Claims::anonymous("once");
    let request = ClientRequest::default();
    let started = board.request_engagement(&claims, &request, START).unwrap();
    assert_eq!(started.result_type, ResultType::Success);
    let refusal = board
        .request_engagement(&claims, &request, START)
        .unwrap_err();
    let code = refusal.error.code();
    assert_eq!(
        (refusal.status, code),
        (403, Some(ExceptionCode::AccessDenied))
    );
}

#[test]
fn the_same_seed_gives_the_same_answers_and_another_other_sessions() {
    let answer = |seed| {
        let mut board = Switchboard::new(Config::default(), seed);
        let claims = Claims::anonymous("once");
        let started = board.request_engagement(&claims, &ClientRequest::default(), START);
        started.unwrap().to_json()
    };
    assert_eq!(answer(7), answer(7));
    assert_ne!(answer(7), answer(8));
}

#[test]
fn the_surveys_of_the_settings_are_told_at_the_start() {
    let config = Config {
        delayed_survey: Some(DelayedSurvey {
            id: 103,
            auth: "later".to_owned(),
            delay_seconds: 600,
        }),
        ..Config::default()
    };
    let mut board = Switchboard::new(config, 7);
    let claims = Claims::anonymous("once");
    let started = board
        .request_engagement(&claims, &ClientRequest::default(), START)
        .unwrap();
    assert_eq!(started.completed_survey().unwrap().id, SurveyId(101));
    assert_eq!(started.cancelled_survey().unwrap().id, SurveyId(102));
    assert_eq!(started.delayed_survey().unwrap().id, SurveyId(103));
    assert_eq!(started.delayed_survey.delay_seconds, Some(600));
}
