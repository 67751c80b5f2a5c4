//! Tests of the conditions under which the response to `requestEngagement` names a survey. The response opens an
//! engagement (a chat) and can name three surveys: one to show if the engagement is completed, one to show if it is
//! cancelled, and a delayed survey, which the server sends by mail later. A survey is named by its id and by an
//! authentication parameter for the survey's address. Oracle's API reference does not name the members of the delayed
//! survey. We assume the names that begin with `sendSurvey`, and accept other names that contain `survey`.

use super::read;
use crate::SurveyId;
use crate::consumer::{RequestEngagementResponse, Survey};

/// A response to `requestEngagement` with these members.
fn response_with(members: &str) -> RequestEngagementResponse {
    read(&format!(r#"{{"resultType":"SUCCESS",{members}}}"#))
}

fn survey(id: i64, auth: &str) -> Survey {
    Survey {
        id: SurveyId(id),
        auth: auth.to_owned(),
    }
}

/// Page 001 of Oracle's API reference says about the id and the authentication parameter: "You will need both."
#[test]
fn a_survey_needs_an_id_and_an_authentication_parameter() {
    for (id, auth, exists) in [
        ("7", r#""$abc""#, true),
        ("7", r#""""#, false),
        ("7", "null", false),
        ("0", r#""$abc""#, false),
        ("null", r#""$abc""#, false),
        ("0", r#""""#, false),
    ] {
        let expected = exists.then(|| survey(7, "$abc"));
        let completed = response_with(&format!(
            r#""completedSurveyId":{id},"completedSurveyAuth":{auth}"#
        ));
        assert_eq!(completed.completed_survey(), expected, "{id} {auth}");
        assert_eq!(completed.cancelled_survey(), None);
        assert_eq!(completed.delayed_survey(), None);

        let cancelled = response_with(&format!(
            r#""cancelledSurveyId":{id},"cancelledSurveyAuth":{auth}"#
        ));
        assert_eq!(cancelled.cancelled_survey(), expected, "{id} {auth}");
        assert_eq!(cancelled.completed_survey(), None);
        assert_eq!(cancelled.delayed_survey(), None);

        let delayed = response_with(&format!(r#""sendSurveyId":{id},"sendSurveyAuth":{auth}"#));
        assert_eq!(delayed.delayed_survey(), expected, "{id} {auth}");
        assert_eq!(delayed.completed_survey(), None);
        assert_eq!(delayed.cancelled_survey(), None);
    }
}

#[test]
fn the_delayed_survey_is_read_under_its_assumed_names() {
    let response = response_with(
        r#""sendSurveyId":7,"sendSurveyIdString":"9007199254740993","sendSurveyAuth":"$abc",
           "sendSurveyDelay":3600"#,
    );
    // The id is read from the text, because a number of this size may have been rounded.
    assert_eq!(
        response.delayed_survey(),
        Some(survey(9_007_199_254_740_993, "$abc"))
    );
    assert_eq!(response.delayed_survey.delay_seconds, Some(3_600));
}

#[test]
fn the_delayed_survey_is_read_under_other_names() {
    for members in [
        r#""delayedSurveyId":7,"delayedSurveyAuth":"$abc","delayedSurveyDelay":60"#,
        r#""delayedSurveyId":6,"delayedSurveyIdString":"7","delayedSurveyAuth":"$abc""#,
        r#""survey_send_id":7,"survey_send_auth":"$abc""#,
        r#""sendSurveyId":7,"delayedSurveyAuth":"$abc""#,
        // The members of the completed and the cancelled survey cannot be read, so they are kept as unknown members.
        // The delayed survey must be found among the other unknown members.
        r#""completedSurveyIdString":"","cancelledSurveyIdString":"none","completedSurveyAuth":[],
           "sentSurveyId":7,"sentSurveyAuth":"$abc""#,
    ] {
        assert_eq!(
            response_with(members).delayed_survey(),
            Some(survey(7, "$abc")),
            "{members}"
        );
    }
}

#[test]
fn a_delayed_survey_needs_an_id_and_an_authentication_parameter_with_survey_in_their_names() {
    for members in [
        r#""engagementId":34"#,
        r#""delayedSurveyId":7"#,
        r#""delayedSurveyAuth":"$abc""#,
        r#""delayedSurveyId":0,"delayedSurveyAuth":"$abc""#,
        r#""delayedId":7,"delayedAuth":"$abc""#,
        // The members of the completed survey cannot be read, and must not count as members of the delayed survey.
        r#""completedSurveyIdString":"x7","completedSurveyAuth":7,"delayedSurveyId":7"#,
    ] {
        assert_eq!(response_with(members).delayed_survey(), None, "{members}");
    }
}
