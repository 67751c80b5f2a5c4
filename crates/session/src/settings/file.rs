//! The format of the TOML file. Every key is optional here; the module `settings` knows which are required, because a
//! variable can give them, too.

use serde::Deserialize;

/// The content of the file.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SettingsFile {
    pub(super) listen_address: Option<String>,
    pub(super) port: Option<u64>,
    pub(super) metrics_address: Option<String>,
    pub(super) metrics_port: Option<u64>,
    pub(super) b2c_site: Option<String>,
    pub(super) b2c_user: Option<String>,
    pub(super) timeout_seconds: Option<u64>,
    pub(super) allowed_origins: Option<Vec<String>>,
    pub(super) custom_fields: Option<Vec<String>>,
    pub(super) queues: Option<Vec<i64>>,
    pub(super) chats_per_minute: Option<u64>,
    pub(super) chats_per_minute_in_all: Option<u64>,
    pub(super) proxies: Option<u64>,
    pub(super) login: LoginTable,
}

/// The table `[login]`: at most one of its two tables may be there.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LoginTable {
    pub(super) token: Option<TokenTable>,
    pub(super) headers: Option<HeadersTable>,
}

/// The table `[login.token]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenTable {
    /// The name of the cookie that has the token.
    pub(super) cookie: Option<String>,
    /// The name of the header that has the token.
    pub(super) header: Option<String>,
    pub(super) algorithm: String,
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    #[serde(default)]
    pub(super) members: MemberNames,
}

/// The table `[login.headers]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadersTable {
    /// The addresses or networks of the proxies that are believed.
    pub(super) from: Vec<String>,
    pub(super) members: MemberNames,
}

/// Where each member of a signed-in visitor is found: the name of a claim or of a header.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct MemberNames {
    /// Where the id of the contact record is.
    pub contact_id: Option<String>,
    /// Where the given name is.
    pub first_name: Option<String>,
    /// Where the family name is.
    pub last_name: Option<String>,
    /// Where the e-mail address is.
    pub email_address: Option<String>,
}

impl MemberNames {
    /// All names that are set.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let all = [
            &self.contact_id,
            &self.first_name,
            &self.last_name,
            &self.email_address,
        ];
        all.into_iter().filter_map(Option::as_deref)
    }
}

impl SettingsFile {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// A sentence that names the line. It does not quote the line, which could have a password by mistake.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let message = error.message();
            if ["password", "secret", "login_key"].iter().any(|word| {
                let unknown = message.split('`').nth(1).unwrap_or_default();
                unknown.to_lowercase().contains(word)
            }) {
                return format!(
                    "line {line}: a secret does not belong into the file, which is copied and shared. Set the variable \
                     B2C_PASSWORD or LOGIN_KEY instead"
                );
            }
            format!("line {line}: {message}")
        })
    }
}
