//! After a conversation: the survey, what was said to keep, and the next one.

use pipit_engine::{Conclusion, Failure, SurveyLink};
use yew::{Callback, Html, html};

use super::save::{Format, save};
use super::{Link, icon};
use crate::locale::{self, Word, Words};

/// The conversation's last word: how it was.
pub(crate) fn survey(words: &Words, conclusion: &Conclusion) -> Html {
    let question = locale::survey_title(conclusion);
    html! {
        <>
            { conclusion.survey.as_ref().map_or_else(Html::default, |survey| survey_card(words, question, survey)) }
            if conclusion.survey_by_mail {
                <p part="survey-by-mail" class="note">{ words.say(Word::SurveyByMail) }</p>
            }
        </>
    }
}

/// What can be done now.
pub(crate) fn concluded(link: &Link, title: &str, start: &Callback<()>) -> Html {
    let words = link.words();
    let keep = {
        let (link, title) = (link.clone(), title.to_owned());
        Callback::from(move |_| save(&link, &title, Format::Page))
    };
    html! {
        <div class="foot">
            <button part="save" class="button" type="button" onclick={keep}>
                { words.say(Word::SaveTranscript) }
            </button>
            <button part="start" class="button" type="button" onclick={start.reform(|_| ())}>
                { words.say(Word::NewChat) }
            </button>
        </div>
    }
}

fn survey_card(words: &Words, question: Word, survey: &SurveyLink) -> Html {
    html! {
        <div part="survey" class="card">
            <h3>{ words.say(question) }</h3>
            <p>{ words.say(Word::SurveyMore) }</p>
            <a part="survey-link" class="button main" href={survey.url().to_owned()} target="_blank"
                rel="noopener noreferrer">{ words.say(Word::OpenSurvey) }</a>
        </div>
    }
}

/// `is_beside`: there are messages, and the card stands below them.
pub(crate) fn failed(
    link: &Link,
    failure: &Failure,
    is_beside: bool,
    start: &Callback<()>,
) -> Html {
    let words = link.words();
    let told = locale::failure(failure);
    html! {
        <div part="failed" class={if is_beside { "card beside" } else { "card" }} role="alert">
            <div class="head-line">{ icon::warning() }<h3>{ words.say(told.title) }</h3></div>
            <p>{ words.say(told.more) }</p>
            if failure.can_try_again() {
                <button part="try-again" class="button main" type="button"
                    onclick={start.reform(|_| ())}>{ words.say(Word::TryAgain) }</button>
            }
        </div>
    }
}
