//! What the panel shows after a conversation: the survey, the buttons that save the transcript and start a new chat,
//! and the card that explains a failure.

use pipit_engine::{Conclusion, Failure, SurveyLink};
use yew::{Callback, Html, MouseEvent, html};

use crate::app::widget_state::WidgetInput;
use crate::locale::{self, TextKey, Texts};
use crate::view::after::save::{TranscriptFormat, save};
use crate::view::context::ViewContext;
use crate::view::frame::icon;

/// The card with the link to the survey, and the note that a survey will be sent by mail. Each of them is shown only if
/// the server offers that survey.
pub(crate) fn render_survey(texts: &Texts, conclusion: &Conclusion) -> Html {
    let title = locale::survey_title_key(conclusion);
    html! {
        <>
            if let Some(survey) = &conclusion.survey {
                { render_survey_card(texts, title, survey) }
            }
            if conclusion.survey_by_mail {
                <p part="survey-by-mail" class="note">{ texts.get(TextKey::SurveyByMail) }</p>
            }
        </>
    }
}

/// The footer after a concluded conversation: one button saves the transcript, the other starts a new chat. `title` is
/// the headline of the saved transcript.
pub(crate) fn render_concluded(
    context: &ViewContext,
    title: &str,
    start_again: &Callback<()>,
) -> Html {
    let texts = &context.texts;
    let save_transcript = Callback::from({
        let context = context.clone();
        let title = title.to_owned();
        move |_| save(&context, &title, TranscriptFormat::Html)
    });
    html! {
        <div class="foot">
            <button part="save" class="button" type="button" onclick={save_transcript}>
                { texts.get(TextKey::SaveTranscript) }
            </button>
            <button part="start" class="button" type="button" onclick={start_again.reform(|_| ())}>
                { texts.get(TextKey::NewChat) }
            </button>
        </div>
    }
}

fn render_survey_card(texts: &Texts, title: TextKey, survey: &SurveyLink) -> Html {
    html! {
        <div part="survey" class="card">
            <h3>{ texts.get(title) }</h3>
            <p>{ texts.get(TextKey::SurveyMore) }</p>
            <a part="survey-link" class="button main" href={survey.url().to_owned()} target="_blank"
                rel="noopener noreferrer">{ texts.get(TextKey::OpenSurvey) }</a>
        </div>
    }
}

/// The host's other ways of contact, with a sentence above them; empty if the host has set none.
pub(crate) fn render_contacts(context: &ViewContext) -> Html {
    let contacts = &context.services.contacts;
    if contacts.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <p>{ context.texts.get(TextKey::OtherWays) }</p>
            { for contacts.iter().map(|contact| match &contact.href {
                Some(href) => html! {
                    <a part="contact" class="button" href={href} lang=""><bdi>{ &contact.text }</bdi></a>
                },
                None => html! { <p part="contact" lang=""><bdi>{ &contact.text }</bdi></p> },
            }) }
        </>
    }
}

/// The card that explains a failure. It has a button that calls `try_again`, unless another try is pointless, the host's
/// other ways of contact, and at the top of the panel a button that leads back to the beginning. With
/// `is_below_messages` the card replaces the composer below the messages; otherwise no message exists, and the card is
/// at the top of the panel.
pub(crate) fn render_failed(
    context: &ViewContext,
    failure: &Failure,
    is_below_messages: bool,
    try_again: &Callback<()>,
) -> Html {
    let texts = &context.texts;
    let failure_text = locale::failure_text(failure);
    let back = Callback::from({
        let context = context.clone();
        move |_: MouseEvent| context.update(WidgetInput::DismissFailure)
    });
    let class = if is_below_messages {
        "card beside"
    } else {
        "card"
    };
    html! {
        <div part="failed" {class}>
            <div class="head-line">{ icon::warning() }<h3>{ texts.get(failure_text.title) }</h3></div>
            <p>{ texts.get(failure_text.detail) }</p>
            if failure.can_try_again() {
                <button part="try-again" class="button main" type="button"
                    onclick={try_again.reform(|_| ())}>{ texts.get(TextKey::TryAgain) }</button>
            }
            { render_contacts(context) }
            if !is_below_messages {
                <button part="back" class="button" type="button" onclick={back}>{ texts.get(TextKey::Back) }</button>
            }
        </div>
    }
}
