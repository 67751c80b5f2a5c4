//! A file that an agent sends: what the visitor sees of it, and where it can be downloaded.
//!
//! Oracle's public pages name only the message and the site's `getTempFile`. Which members the message
//! has, and that they are the five parameters of that address, is INFERRED.

use std::rc::Rc;

use pipit_wire::consumer::FileAttachment;
use pipit_wire::url::encode_path_segment;

use crate::address::is_safe;
use crate::survey::SurveyTemplate;

/// A file that an agent has sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedFile {
    /// The name of the agent who sent it; empty when it is not known.
    pub from: Rc<str>,
    /// The file's name; may be empty.
    pub name: Rc<str>,
    /// The file's size; `None` when the message does not say it.
    pub bytes: Option<u64>,
    /// Where it can be downloaded: https, or http on this machine. `None` when the service site is not
    /// known, or when the message lacks a part of the address.
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

    /// This file without its address, if that is not safe. Call it for every file that comes from
    /// storage.
    pub(crate) fn without_unsafe_url(self) -> Self {
        let url = self.url.filter(|url| is_safe(url));
        Self { url, ..self }
    }
}

/// The address at the service site. It needs all five parameters. FOUND.
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
        url.push_str(&encode_path_segment(
            &value.filter(|value| !value.is_empty())?,
        ));
    }
    is_safe(&url).then_some(url)
}
