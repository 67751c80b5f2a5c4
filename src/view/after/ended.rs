//! After a conversation: the survey, what was said to keep, and the next one.

use pipit_engine::{Conclusion, Failure, SurveyLink};
use yew::{Callback, Html, html};

use crate::locale::{self, TextKey, Texts};
use crate::view::after::save::{TranscriptFormat, save};
use crate::view::context::ViewContext;
use crate::view::frame::icon;

/// The conversation's last word: how it was.
pub(crate) fn survey(texts: &Texts, conclusion: &Conclusion) -> Html {
    let question = locale::survey_title(conclusion);
    html! {
        <>
            { conclusion.survey.as_ref().map_or_else(Html::default, |survey| survey_card(texts, question, survey)) }
            if conclusion.survey_by_mail {
                <p part="survey-by-mail" class="note">{ texts.get(TextKey::SurveyByMail) }</p>
            }
        </>
    }
}

/// What can be done now.
pub(crate) fn concluded(context: &ViewContext, title: &str, start: &Callback<()>) -> Html {
    let texts = &context.texts;
    let keep = {
        let (context, title) = (context.clone(), title.to_owned());
        Callback::from(move |_| save(&context, &title, TranscriptFormat::Page))
    };
    html! {
        <div class="foot">
            <button part="save" class="button" type="button" onclick={keep}>
                { texts.get(TextKey::SaveTranscript) }
            </button>
            <button part="start" class="button" type="button" onclick={start.reform(|_| ())}>
                { texts.get(TextKey::NewChat) }
            </button>
        </div>
    }
}

fn survey_card(texts: &Texts, question: TextKey, survey: &SurveyLink) -> Html {
    html! {
        <div part="survey" class="card">
            <h3>{ texts.get(question) }</h3>
            <p>{ texts.get(TextKey::SurveyMore) }</p>
            <a part="survey-link" class="button main" href={survey.url().to_owned()} target="_blank"
                rel="noopener noreferrer">{ texts.get(TextKey::OpenSurvey) }</a>
        </div>
    }
}

/// `is_beside`: there are messages, and the card stands below them.
pub(crate) fn failed(
    context: &ViewContext,
    failure: &Failure,
    is_beside: bool,
    start: &Callback<()>,
) -> Html {
    let texts = &context.texts;
    let told = locale::failure(failure);
    html! {
        <div part="failed" class={if is_beside { "card beside" } else { "card" }} role="alert">
            <div class="head-line">{ icon::warning() }<h3>{ texts.get(told.title) }</h3></div>
            <p>{ texts.get(told.detail) }</p>
            if failure.can_try_again() {
                <button part="try-again" class="button main" type="button"
                    onclick={start.reform(|_| ())}>{ texts.get(TextKey::TryAgain) }</button>
            }
        </div>
    }
}
