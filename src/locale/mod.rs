//! Every word the visitor reads. No other file of the widget holds a sentence.
//!
//! A text has a name, its [`Word`], and stands in `en.json`, which is compiled in. The other languages are
//! files with the same names; the loader fetches the one that the visitor reads. Before both come the texts
//! that the host has put in their place.

mod intl;
mod isolate;
#[cfg(test)]
mod languages;
mod phrases;
mod template;
mod texts;
mod word;

use js_sys::Object;
use yew::AttrValue;

pub(crate) use phrases::{activity, delivery, failure, sneak_preview, survey_title};
pub(crate) use texts::check;
pub(crate) use word::{Word, learn};

use isolate::{isolated, may_turn};
use texts::Texts;

/// The words of one locale.
pub(crate) struct Words {
    /// A tag that `Intl` takes, such as `de-AT`.
    tag: String,
    texts: Texts,
}

impl Words {
    /// The words of a locale. `language` is the file of its language, without which it is English; `own`
    /// are the host's, which [`check`] has looked at or will.
    ///
    /// # Errors
    /// Names the option that is wrong.
    pub(crate) fn new(
        tag: Option<&str>,
        language: Option<Object>,
        own: Option<Object>,
    ) -> Result<Self, String> {
        let tag = tag.unwrap_or("en");
        if !intl::is_tag(tag) {
            let told = "Pipit: the option `locale` is not a language tag: ";
            return Err([told, tag].concat());
        }
        Ok(Self {
            tag: tag.to_owned(),
            texts: Texts::new(own, language),
        })
    }

    /// The locale, for `lang`.
    pub(crate) fn tag(&self) -> AttrValue {
        AttrValue::from(self.tag.clone())
    }

    /// Where lines begin, for `dir`.
    pub(crate) fn direction(&self) -> &'static str {
        if is_of(&self.tag, "ar") || is_of(&self.tag, "he") {
            "rtl"
        } else {
            "ltr"
        }
    }

    /// A text without placeholders.
    pub(crate) fn say(&self, word: Word) -> AttrValue {
        self.texts.find(&[word.key()])
    }

    /// A text with its placeholders filled: each value beside the placeholder's name.
    pub(crate) fn say_with(&self, word: Word, values: &[(&str, &str)]) -> AttrValue {
        self.fill(&self.say(word), values)
    }

    /// The form of a text for a number, which stands in it as `{count}`.
    pub(crate) fn count(&self, word: Word, number: u32) -> AttrValue {
        let form = |form: &str| [word.key(), ".", form].concat();
        let exact = form(&number.to_string());
        let category = form(&intl::plural_category(&self.tag, number));
        let text = self.texts.find(&[&exact, &category, word.key()]);
        self.fill(&text, &[("count", &intl::number(&self.tag, number))])
    }

    fn fill(&self, text: &str, values: &[(&str, &str)]) -> AttrValue {
        let is_rtl = self.direction() == "rtl";
        let value = |name: &str| {
            let given = values.iter().find(|(given, _)| *given == name);
            let value = given.map_or("", |(_, value)| value);
            if is_rtl || may_turn(value) {
                isolated(value)
            } else {
                value.to_owned()
            }
        };
        AttrValue::from(template::fill(text, value))
    }
}

/// Whether a tag is of a language.
fn is_of(tag: &str, language: &str) -> bool {
    let rest = tag.strip_prefix(language);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tag: &str) -> Words {
        Words {
            tag: tag.to_owned(),
            texts: Texts::default(),
        }
    }

    #[test]
    fn lines_of_arabic_and_hebrew_begin_at_the_right() {
        assert_eq!(of("ar").direction(), "rtl");
        assert_eq!(of("he-IL").direction(), "rtl");
        assert_eq!(of("de").direction(), "ltr");
        assert_eq!(of("arn").direction(), "ltr");
    }

    #[test]
    fn a_name_is_isolated_where_it_may_run_against_the_sentence() {
        let joined = |tag, name| of(tag).say_with(Word::AgentJoined, &[("name", name)]);
        assert_eq!(joined("en", "Ada"), "Ada joined");
        assert_eq!(joined("en", "נועה"), "\u{2068}נועה\u{2069} joined");
        assert_eq!(joined("he", "Ada"), "\u{2068}Ada\u{2069} joined");
    }
}
