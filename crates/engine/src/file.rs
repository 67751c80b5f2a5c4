//! A file that an agent sends: what the visitor is told of it, and where it can be fetched.
//!
//! Public pages name the message and the site's `getTempFile`, no more: which members the message has,
//! and that they are the five which that address needs, is INFERRED.

use std::rc::Rc;

use pipit_wire::consumer::FileAttachment;
use pipit_wire::url::encode_part;

use crate::survey::{SurveyTemplate, is_safe};

/// A file that an agent has sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedFile {
    /// Of whom; empty where it was not told.
    pub from: Rc<str>,
    /// Its name; may be empty.
    pub name: Rc<str>,
    /// How large it is.
    pub bytes: Option<u64>,
    /// Where it can be fetched: https, or http on this machine. `None` where the service site is not
    /// known, or the message does not tell all that its address needs.
    pub url: Option<Rc<str>>,
}

impl SharedFile {
    pub(crate) fn new(from: Rc<str>, file: FileAttachment, site: &SurveyTemplate) -> Self {
        let url = site.base.as_deref().and_then(|base| address(base, &file));
        Self {
            from,
            name: file.user_file_name.unwrap_or_default().into(),
            bytes: file.file_size.and_then(|bytes| u64::try_from(bytes).ok()),
            url: url.map(Rc::from),
        }
    }

    /// One that was kept; without its address when that is not safe.
    pub(crate) fn again(self) -> Self {
        let url = self.url.filter(|url| is_safe(url));
        Self { url, ..self }
    }
}

/// The address at the service site; all five parameters are needed. FOUND.
fn address(base: &str, file: &FileAttachment) -> Option<String> {
    let created = file.stamp.created_time.as_ref();
    let parameters = [
        ("?contentType=", file.content_type.clone()),
        (
            "&createdTime=",
            created.map(|time| time.epoch_millis().to_string()),
        ),
        ("&fileSize=", file.file_size.map(|bytes| bytes.to_string())),
        ("&localFileName=", file.local_file_name.clone()),
        ("&userFileName=", file.user_file_name.clone()),
    ];
    let mut url = [base.trim_end_matches('/'), "/ci/oit/getTempFile"].concat();
    for (name, value) in parameters {
        url.push_str(name);
        url.push_str(&encode_part(&value.filter(|value| !value.is_empty())?));
    }
    is_safe(&url).then_some(url)
}
