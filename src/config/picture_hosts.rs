//! The option `pictureHosts`: the hosts whose pictures are shown in the messages that link to them. Without the option, no
//! picture is shown, because a request for a picture tells its host who reads the message, and when.

use std::rc::Rc;

use web_sys::Url;

/// The ends of file names that are pictures. A browser can show each of them, and none of them can contain a script.
const PICTURE_TYPES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "avif"];

/// The hosts, each as the browser writes it: in lower case, with the port if it is not the usual one. A clone shares them.
#[derive(Clone, Default)]
pub(crate) struct PictureHosts(Rc<[String]>);

impl PictureHosts {
    pub(crate) fn new(option: Option<Vec<String>>) -> Self {
        // The browser writes a host in its own form, and leaves out the usual port.
        let in_browsers_form =
            |host: String| Some(Url::new(&["https://", host.trim()].concat()).ok()?.host());
        let hosts = option.unwrap_or_default().into_iter();
        Self(
            hosts
                .filter_map(in_browsers_form)
                .filter(|host| !host.is_empty())
                .collect(),
        )
    }

    /// Whether a picture may be fetched from this address: its host is in the option, and its scheme is https, or http on
    /// this machine.
    pub(crate) fn allow(&self, url: &Url) -> bool {
        let is_local = matches!(url.hostname().as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let is_safe = url.protocol() == "https:" || is_local && url.protocol() == "http:";
        is_safe && self.0.contains(&url.host())
    }
}

/// Whether a file with this name is a picture.
pub(crate) fn is_picture_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(start, end)| {
        !start.is_empty() && PICTURE_TYPES.contains(&end.to_ascii_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::is_picture_name;

    #[test]
    fn the_end_of_the_name_says_whether_a_file_is_a_picture() {
        for name in ["a.png", "two.parts.JPG", "/files/1/ä.webp", "x.y/z.avif"] {
            assert!(is_picture_name(name), "{name}");
        }
        // A drawing in SVG may contain scripts and other addresses.
        for name in ["", "png", ".png", "a.png.exe", "a.svg", "a.png/", "a.png "] {
            assert!(!is_picture_name(name), "{name}");
        }
    }
}
