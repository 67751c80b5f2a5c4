//! A file that an agent sends: its name, its size, and the address from which it can be downloaded.
//!
//! The file is downloaded from the *service site* (the customer's site with its help pages), at the address
//! `getTempFile` with five parameters. Oracle's public documentation names only the message and this address.
//! It does not say what the parameters are.
//!
//! FOUND: seen in Oracle's own clients or answers. INFERRED: our assumption.

use std::rc::Rc;

use pipit_untrusted_text::{changed_by, clean_file_name, clean_name};
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
    /// The file's size in bytes; `None` if the message contains no usable size.
    pub bytes: Option<u64>,
    /// The address from which the file can be downloaded: https, or http on this machine. `None` if the web
    /// page with the widget has not configured the service site, if a part of the address is missing or empty,
    /// or if the address is not safe.
    pub url: Option<Rc<str>>,
}

impl SharedFile {
    /// The file that a message names. Files and surveys are on the same service site, so `template` has its address.
    pub(crate) fn new(from: Rc<str>, file: FileAttachment, template: &SurveyTemplate) -> Self {
        let url = template
            .base
            .as_deref()
            .and_then(|base| download_url(base, &file));
        Self {
            from,
            name: file.user_file_name.unwrap_or_default().into(),
            bytes: file.file_size.and_then(|bytes| u64::try_from(bytes).ok()),
            url: url.map(Rc::from),
        }
    }

    /// This file with clean names.
    pub(crate) fn bounded(self) -> Self {
        Self {
            from: changed_by(clean_name, self.from),
            name: changed_by(clean_file_name, self.name),
            ..self
        }
    }

    /// Returns this file, without its address if the address is not safe. Must be called for every file
    /// that is read from storage, because the storage may contain anything.
    pub(crate) fn without_unsafe_url(self) -> Self {
        let url = self.url.filter(|url| is_safe(url));
        Self { url, ..self }
    }
}

/// The file's address at the service site; `None` if one of the five parameters is missing or empty, or if the
/// address is not safe. The service site needs all five parameters (FOUND). Their values are the members of
/// the message (INFERRED).
fn download_url(base: &str, file: &FileAttachment) -> Option<String> {
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
