//! Names a visitor without revealing who it is. The host (the web team's code on the page) gives a text, the option
//! `visitorKey`, such as an account number. Only a hash of that text is used in names of storage keys, locks and channels.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The number of bytes of the hash that are used. Two visitors have the same with a probability of 2⁻¹²⁸.
const BYTES: usize = 16;

/// The name of a visitor: hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VisitorName(String);

impl VisitorName {
    /// The name of the visitor with this key. The origin of the page is a part of what is hashed, so that the names of two
    /// websites cannot be compared. `None` if the key is empty.
    pub(crate) fn new(origin: &str, visitor_key: &str) -> Option<Self> {
        if visitor_key.is_empty() {
            return None;
        }
        let hash = Sha256::new()
            .chain_update("pipit visitorKey\n")
            .chain_update(origin)
            .chain_update("\n")
            .chain_update(visitor_key)
            .finalize();
        let mut name = String::new();
        for byte in hash.iter().take(BYTES) {
            // Writing into a text cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        Some(Self(name))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_depends_on_key_and_origin_and_does_not_contain_the_key() {
        let name = |origin, key| VisitorName::new(origin, key).unwrap();
        let mia = name("https://shop.example", "mia@fernhill.example");
        assert_eq!(mia.as_str().len(), 2 * BYTES);
        assert!(mia.as_str().chars().all(|it| it.is_ascii_hexdigit()));
        assert_eq!(mia, name("https://shop.example", "mia@fernhill.example"));
        assert_ne!(mia, name("https://blog.example", "mia@fernhill.example"));
        assert_ne!(mia, name("https://shop.example", "Mia@fernhill.example"));
    }

    #[test]
    fn an_empty_key_names_nobody() {
        assert_eq!(VisitorName::new("https://shop.example", ""), None);
    }
}
