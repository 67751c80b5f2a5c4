//! [`Texts`]: looks up the texts of one locale (a language, perhaps with a region) and fills in their placeholders.

use js_sys::Object;
use yew::AttrValue;

use super::intl::TimeFormats;
use super::isolate::{isolated, may_reverse_order};
use super::text_key::TextKey;
use super::text_sources::TextSources;
use super::{intl, template};

/// The texts of one locale.
pub(crate) struct Texts {
    /// The locale's language tag, such as `de-AT`. `Intl` accepts it.
    pub(super) tag: String,
    /// The title that the host has set; `None` for the default title.
    title: Option<String>,
    sources: TextSources,
    /// The locale's formats of times.
    pub(super) time_formats: TimeFormats,
}

impl Texts {
    /// Creates the texts of the locale with this tag; `None` means English. `language` is the content of the file with
    /// the locale's texts; without it, the texts are English. `host_texts` are the texts of the option `words`, by
    /// which the web page replaces single texts. This function does not check them; [`super::check`] does.
    ///
    /// # Errors
    /// The tag is not a language tag. The message names the option `locale`.
    pub(crate) fn new(
        tag: Option<&str>,
        language: Option<Object>,
        host_texts: Option<Object>,
        title: Option<String>,
    ) -> Result<Self, String> {
        let tag = tag.unwrap_or("en");
        if !intl::is_language_tag(tag) {
            let message = "the option `locale` is not a language tag: ";
            return Err([message, tag].concat());
        }
        Ok(Self {
            tag: tag.to_owned(),
            title,
            sources: TextSources::new(host_texts, language),
            time_formats: TimeFormats::default(),
        })
    }

    /// The locale as a value of the HTML attribute `lang`.
    pub(crate) fn tag(&self) -> AttrValue {
        AttrValue::from(self.tag.clone())
    }

    /// The direction in which the language is written, as a value of the HTML attribute `dir`. Arabic and Hebrew are the
    /// only right-to-left languages that have a language file.
    pub(crate) fn direction(&self) -> &'static str {
        if is_of_language(&self.tag, "ar") || is_of_language(&self.tag, "he") {
            "rtl"
        } else {
            "ltr"
        }
    }

    /// The title of the panel.
    pub(crate) fn title(&self) -> AttrValue {
        match &self.title {
            Some(title) => AttrValue::from(title.clone()),
            None => self.get(TextKey::Title),
        }
    }

    /// A text as it is written; its placeholders are not filled.
    pub(crate) fn get(&self, key: TextKey) -> AttrValue {
        self.sources.find(&[key.as_str()])
    }

    /// A text with its placeholders filled; `values` are pairs of a placeholder's name and its value.
    pub(crate) fn format(&self, key: TextKey, values: &[(&str, &str)]) -> AttrValue {
        self.fill(&self.get(key), values)
    }

    /// The form of a text for a number: the form for exactly this number, otherwise the form for its plural category,
    /// otherwise the text without a form. The number replaces the placeholder `{count}`.
    pub(crate) fn plural(&self, key: TextKey, number: u32) -> AttrValue {
        let form_key = |form: &str| [key.as_str(), ".", form].concat();
        let exact_form = form_key(&number.to_string());
        let category_form = form_key(&intl::plural_category(&self.tag, number));
        let text = self
            .sources
            .find(&[&exact_form, &category_form, key.as_str()]);
        self.fill(&text, &[("count", &intl::number(&self.tag, number))])
    }

    /// Fills the placeholders of a text. A value that may reverse the reading order of the sentence is put into a
    /// Unicode isolate. In a right-to-left language every value is put into an isolate, because there Latin letters and
    /// digits can change the order too.
    fn fill(&self, text: &str, values: &[(&str, &str)]) -> AttrValue {
        let is_rtl = self.direction() == "rtl";
        let value = |name: &str| {
            let pair = values.iter().find(|(known, _)| *known == name);
            let value = pair.map_or("", |(_, value)| value);
            if is_rtl || may_reverse_order(value) {
                isolated(value)
            } else {
                value.to_owned()
            }
        };
        AttrValue::from(template::fill(text, value))
    }
}

/// Whether a tag such as `de-AT` belongs to a language such as `de`.
fn is_of_language(tag: &str, language: &str) -> bool {
    let rest = tag.strip_prefix(language);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(tag: &str) -> Texts {
        Texts {
            tag: tag.to_owned(),
            title: None,
            sources: TextSources::default(),
            time_formats: TimeFormats::default(),
        }
    }

    #[test]
    fn only_arabic_and_hebrew_are_written_from_right_to_left() {
        assert_eq!(texts("ar").direction(), "rtl");
        assert_eq!(texts("he-IL").direction(), "rtl");
        assert_eq!(texts("de").direction(), "ltr");
        // `arn` is another language (Mapudungun), whose tag only begins like the tag of Arabic.
        assert_eq!(texts("arn").direction(), "ltr");
    }

    #[test]
    fn a_name_is_isolated_if_it_may_reverse_the_order_of_the_sentence() {
        let joined = |tag, name| texts(tag).format(TextKey::AgentJoined, &[("name", name)]);
        assert_eq!(joined("en", "Ada"), "Ada joined");
        assert_eq!(joined("en", "נועה"), "\u{2068}נועה\u{2069} joined");
        assert_eq!(joined("he", "Ada"), "\u{2068}Ada\u{2069} joined");
    }
}
