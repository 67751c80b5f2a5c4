//! After a conversation: why it is over, the survey, and the next one.

use pipit_engine::{Command, Conclusion, Failure, SurveyLink};
use yew::{Html, html};

use super::Link;
use crate::locale;

pub(crate) fn concluded(link: &Link, conclusion: &Conclusion) -> Html {
    let title = locale::survey_title(conclusion);
    html! {
        <>
            { conclusion.survey.as_ref().map_or_else(Html::default, |survey| survey_card(title, survey)) }
            if conclusion.survey_by_mail {
                <p part="survey-by-mail" class="note">{ locale::SURVEY_BY_MAIL }</p>
            }
            <div class="foot">
                <button part="start" class="button" type="button" onclick={link.on(Command::Start)}>
                    { locale::START_ANEW }
                </button>
            </div>
        </>
    }
}

fn survey_card(title: &'static str, survey: &SurveyLink) -> Html {
    html! {
        <div part="survey" class="card beside">
            <h3>{ title }</h3>
            <p>{ locale::SURVEY_MORE }</p>
            <a class="button main" href={survey.url().to_owned()} target="_blank"
                rel="noopener noreferrer">{ locale::SURVEY_OPEN }</a>
        </div>
    }
}

pub(crate) fn failed(link: &Link, failure: &Failure) -> Html {
    let told = locale::failure(failure);
    html! {
        <div part="failed" class="card beside" role="alert">
            <h3>{ told.title }</h3>
            <p>{ told.more }</p>
            if failure.can_try_again() {
                <button part="try-again" class="button main" type="button"
                    onclick={link.on(Command::Start)}>{ locale::TRY_AGAIN }</button>
            }
        </div>
    }
}
