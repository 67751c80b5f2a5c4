//! What happens before the chat server is called: a backend asks the service site for a session, and passes it to the
//! widget. The *service site*, in short *the site*, is the customer's site at Oracle B2C Service. This file declares
//! the site's operations `establishSessions` (creates the session of a visitor), `agentTokens` (creates the token of an
//! agent) and `serviceSettings` (names the chat server). [`Session::read`] reads the three forms in which the backend
//! of the web page that embeds the widget passes a session on. An *engagement* is one chat at the chat server.
//!
//! In the tables below, the word before each JSON name, such as `maybe`, is the member's mode. The module `object`
//! explains the modes. In short: `required` must be present; `maybe` may be absent; and if a `defaulted` member is
//! absent, it has the default of its type. `default_object!` implements `Default` for an object without required
//! members. The attribute `proptest` tells the property tests which values to generate for a member.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.

use serde_json::Value;

use crate::object::{default_object, wire_object};
use crate::{Fields, ReadError, Secret, WireObject, WireValue};

/// Path of `establishSessions` on the service site. The operation needs the Basic credentials of an Oracle user, so
/// only a server may call it, never a browser. (FOUND.)
pub const ESTABLISH_SESSIONS_PATH: &str =
    "/services/rest/crossChannelServices/latest/establishSessions";

/// Path of `agentTokens` on the service site (FOUND).
pub const AGENT_TOKENS_PATH: &str = "/services/rest/crossChannelServices/latest/agentTokens";

/// Path of `serviceSettings` on the service site (FOUND).
pub const SERVICE_SETTINGS_PATH: &str =
    "/services/rest/crossChannelServices/latest/serviceSettings/1";

/// Name of the header of `establishSessions` in which the caller names itself, in at most 40 characters (FOUND).
pub const APPLICATION_CONTEXT_HEADER: &str = "OSvC-CREST-Application-Context";

wire_object! {
    /// What the caller of `establishSessions` knows about the visitor. All members are optional. They can be set only
    /// when the session is created: `requestEngagement` accepts none of them. (FOUND.)
    pub struct SessionInformation {
        /// The visitor's given name.
        pub first_name: Option<String> = maybe "firstName",
        /// The visitor's family name.
        pub last_name: Option<String> = maybe "lastName",
        /// The visitor's e-mail address.
        pub email_address: Option<String> = maybe "emailAddress",
        /// The id of the queue in which the engagement will wait.
        pub queue_id: Option<i64> = maybe "queueId",
        /// The id of the visitor's contact record.
        pub contact_id: Option<i64> = maybe "contactId",
        /// The id of the visitor's organization record.
        pub organization_id: Option<i64> = maybe "organizationId",
        /// The id of the product that the visitor asks about.
        pub product_id: Option<i64> = maybe "productId",
        /// The id of the category that the visitor asks about.
        pub category_id: Option<i64> = maybe "categoryId",
        /// The id of the incident (the record of a support request) that the engagement belongs to.
        pub incident_id: Option<i64> = maybe "incidentId",
        /// The visitor's question.
        pub question: Option<String> = maybe "question",
        /// Whether an earlier engagement is resumed: NONE, RESUME or DO_NOT_RESUME.
        pub resume_type: Option<String> = maybe "resumeType",
        /// Browser, operating system and similar facts. Oracle's documentation spells the name in two ways; this is the
        /// spelling of its table.
        #[cfg_attr(test, proptest(value = "None"))]
        pub auxillary_data: Option<Fields> = maybe "auxillaryData",
        /// The same member in the spelling of Oracle's sample.
        #[cfg_attr(test, proptest(value = "None"))]
        pub auxiliary_data: Option<Fields> = maybe "auxiliaryData",
        /// The values of fields that the site has added to its records.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<crate::consumer::CustomField>> = maybe "customFields",
    }
}
default_object!(SessionInformation);

wire_object! {
    /// Request body of `establishSessions`. Its only member is a text that contains JSON. (FOUND.)
    pub struct EstablishSessionsRequest {
        /// The [`SessionInformation`] as JSON text.
        pub session_information: String = required "sessionInformation",
    }
}

wire_object! {
    /// Response to `establishSessions`. One of its members is a text that contains JSON. (FOUND.)
    pub struct EstablishSessionsResponse {
        /// The site's name in the addresses of the chat server.
        pub site_name: String = required "siteName",
        /// The JWT (a signed token) for `requestEngagement`, the chat server's operation that creates the engagement.
        pub channel_token: Secret = required "channelToken",
        /// The [`SessionServer`] as JSON text.
        pub session_server_response: String = required "sessionServerResponse",
    }
}

wire_object! {
    /// Host, port and pool (a group of chat servers) to use (FOUND).
    pub struct SessionServer {
        /// The host of the chat server.
        pub domain: String = required "domain",
        /// The site's pool. `None` if the site has none.
        pub pool: Option<String> = maybe "pool",
        /// The port of the chat server. `None` means the default port.
        pub port: Option<i64> = maybe "port",
    }
}

wire_object! {
    /// Response to `agentTokens` (FOUND).
    pub struct AgentTokensResponse {
        /// The Bearer token for `createAutomatedAgentSession`, the chat server's operation that logs the agent on.
        pub session_token: Secret = required "sessionToken",
    }
}

wire_object! {
    /// Response to `serviceSettings` (FOUND).
    pub struct ServiceSettingsResponse {
        /// The host of the chat server.
        pub domain: String = required "domain",
        /// The site's pool. `None` if the site has none.
        pub pool: Option<String> = maybe "pool",
        /// The port of the chat server. It is a number here, and a text in the messages of PAGE 004.
        pub port: Option<i64> = maybe "port",
        /// The site's name in the addresses of the chat server.
        pub site_name: String = required "siteName",
        /// Links to other resources of the service site.
        #[cfg_attr(test, proptest(value = "Vec::new()"))]
        pub links: Vec<Value> = defaulted "links",
    }
}

/// A session for one engagement. [`Session::read`] makes it from each of the three forms that a backend can send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The token for `requestEngagement`. It is valid for one request.
    pub jwt: Secret,
    /// The site's name in the addresses of the chat server. `None` if the backend did not send it.
    pub site: Option<String>,
    /// The site's pool. `None` if the site has none.
    pub pool: Option<String>,
    /// The host of the chat server. `None` if the backend did not send it.
    pub domain: Option<String>,
    /// The port of the chat server. `None` means the default port: the backend sent no port between 1 and 65535.
    pub port: Option<u16>,
}

impl Session {
    /// Reads a session from the answer of the backend. The answer is one of:
    /// - the unchanged response to `establishSessions` (`siteName`, `channelToken`, and
    ///   `sessionServerResponse`, which is a text that contains JSON),
    /// - `{jwt, pool}`, the answer of the operation `authenticateChat`, which some websites have,
    /// - `{chatSiteName, jwt, domain, poolId}`, the form for Oracle Fusion, another Oracle product.
    ///
    /// In the last two forms a backend may also send `site` (the site's name), `domain`, `pool` and `port`.
    ///
    /// # Errors
    /// [`ReadError::Missing`] if no member holds a token, [`ReadError::NotAnObject`] if `value` or the JSON in the text
    /// `sessionServerResponse` is not an object, and [`ReadError::NotJson`] if that text is not JSON.
    pub fn read(value: &Value) -> Result<Self, ReadError> {
        Self::take_from(Fields::read(value).ok_or(ReadError::NotAnObject)?)
    }

    /// Does what [`Session::read`] says, with the members of the answer.
    fn take_from(mut fields: Fields) -> Result<Self, ReadError> {
        let jwt =
            take_text(&mut fields, &["channelToken", "jwt"]).ok_or(ReadError::Missing("jwt"))?;
        let site = take_text(&mut fields, &["siteName", "chatSiteName", "site"]);
        let mut server = match fields.take::<String>("sessionServerResponse") {
            Some(text) => Fields::from_json_tolerantly(&text)?,
            // If the member is an object, pool, host and port are read from it. If it is absent or unreadable, they are
            // read from the outer object.
            None => fields.take("sessionServerResponse").unwrap_or(fields),
        };
        Ok(Self {
            jwt: Secret::new(jwt),
            site,
            pool: take_text(&mut server, &["pool", "poolId"]),
            domain: take_text(&mut server, &["domain"]),
            port: server
                .take::<i64>("port")
                .and_then(|port| u16::try_from(port).ok())
                .filter(|port| *port != 0),
        })
    }

    /// Reads a session from JSON text, as [`Session::read`] does from a JSON value.
    ///
    /// # Errors
    /// The errors of [`Session::read`], and [`ReadError::NotJson`].
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        Self::take_from(Fields::from_json_tolerantly(text)?)
    }
}

/// Takes the members with these names, one after the other, until a member holds a text that is not empty. Returns this
/// text, or `None` if no member holds one.
fn take_text(fields: &mut Fields, names: &[&str]) -> Option<String> {
    let mut texts = names.iter().filter_map(|name| fields.take::<String>(name));
    texts.find(|text| !text.is_empty())
}

impl EstablishSessionsRequest {
    /// Makes the request body, with `information` as JSON text in it.
    pub fn of(information: &SessionInformation) -> Self {
        Self {
            session_information: information.to_json(),
            unknown: Fields::default(),
        }
    }
}
