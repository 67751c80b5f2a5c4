//! How a session comes about, before the chat server is asked: `establishSessions`, `agentTokens`,
//! `serviceSettings`, and the three shapes in which a page's backend hands a session to the widget.

use serde_json::Value;

use crate::object::{default_object, wire_object};
use crate::{Fields, Secret, WireError, WireObject, WireValue};

/// Path of `establishSessions` on the service site. Needs the Basic credentials of an Oracle user:
/// for servers, never for browsers. FOUND.
pub const ESTABLISH_SESSIONS_PATH: &str =
    "/services/rest/crossChannelServices/latest/establishSessions";

/// Path of `agentTokens` on the service site. FOUND.
pub const AGENT_TOKENS_PATH: &str = "/services/rest/crossChannelServices/latest/agentTokens";

/// Path of `serviceSettings` on the service site. FOUND.
pub const SERVICE_SETTINGS_PATH: &str =
    "/services/rest/crossChannelServices/latest/serviceSettings/1";

/// Header of `establishSessions`: a text of at most 40 characters that says who asks. FOUND.
pub const APPLICATION_CONTEXT_HEADER: &str = "OSvC-CREST-Application-Context";

wire_object! {
    /// What is known of the visitor when the session is made. `requestEngagement` itself takes none
    /// of it. FOUND; all optional.
    pub struct SessionInformation {
        /// Given name.
        pub first_name: Option<String> = maybe "firstName",
        /// Family name.
        pub last_name: Option<String> = maybe "lastName",
        /// E-mail address.
        pub email_address: Option<String> = maybe "emailAddress",
        /// The queue to wait in.
        pub queue_id: Option<i64> = maybe "queueId",
        /// The contact's record.
        pub contact_id: Option<i64> = maybe "contactId",
        /// The organization's record.
        pub organization_id: Option<i64> = maybe "organizationId",
        /// The product asked about.
        pub product_id: Option<i64> = maybe "productId",
        /// The category asked about.
        pub category_id: Option<i64> = maybe "categoryId",
        /// The incident it belongs to.
        pub incident_id: Option<i64> = maybe "incidentId",
        /// The question.
        pub question: Option<String> = maybe "question",
        /// NONE, RESUME or DO_NOT_RESUME.
        pub resume_type: Option<String> = maybe "resumeType",
        /// Browser, system and the like. The table of the page spells it so ...
        #[cfg_attr(test, proptest(value = "None"))]
        pub auxillary_data: Option<Fields> = maybe "auxillaryData",
        /// ... and its sample so.
        #[cfg_attr(test, proptest(value = "None"))]
        pub auxiliary_data: Option<Fields> = maybe "auxiliaryData",
        /// Custom fields.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<crate::consumer::CustomField>> = maybe "customFields",
    }
}
default_object!(SessionInformation);

wire_object! {
    /// Body of `establishSessions`: JSON in a text. FOUND.
    pub struct EstablishSessionsRequest {
        /// A [`SessionInformation`] as JSON text.
        pub session_information: String = required "sessionInformation",
    }
}

wire_object! {
    /// Answer of `establishSessions`: again JSON in a text. FOUND.
    pub struct EstablishSessionsResponse {
        /// The name for the addresses of the chat server.
        pub site_name: String = required "siteName",
        /// The JWT.
        pub channel_token: Secret = required "channelToken",
        /// A [`SessionServer`] as JSON text.
        pub session_server_response: String = required "sessionServerResponse",
    }
}

wire_object! {
    /// Where the chat server is. FOUND.
    pub struct SessionServer {
        /// Its host.
        pub domain: String = required "domain",
        /// Its pool.
        pub pool: Option<String> = maybe "pool",
        /// Its port, where it is not the default one.
        pub port: Option<i64> = maybe "port",
    }
}

wire_object! {
    /// Answer of `agentTokens`. FOUND.
    pub struct AgentTokensResponse {
        /// The Bearer token for `createAutomatedAgentSession`.
        pub session_token: Secret = required "sessionToken",
    }
}

wire_object! {
    /// Answer of `serviceSettings`. FOUND.
    pub struct ServiceSettingsResponse {
        /// The chat server's host.
        pub domain: String = required "domain",
        /// Its pool.
        pub pool: Option<String> = maybe "pool",
        /// Its port; a number here, a text in PAGE 004.
        pub port: Option<i64> = maybe "port",
        /// The name for the addresses.
        pub site_name: String = required "siteName",
        /// Other resources.
        #[cfg_attr(test, proptest(value = "Vec::new()"))]
        pub links: Vec<Value> = defaulted "links",
    }
}

/// A session for one engagement, from whichever of the three shapes it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The token; good for one `requestEngagement`.
    pub jwt: Secret,
    /// The site's name for the addresses, where the shape tells it.
    pub site: Option<String>,
    /// The pool; a site may have none.
    pub pool: Option<String>,
    /// The chat server's host, where the shape tells it.
    pub domain: Option<String>,
    /// The chat server's port, where it is not the default one.
    pub port: Option<u16>,
}

impl Session {
    /// Reads a session from what a page's backend answered:
    /// - the raw answer of `establishSessions` (`siteName`, `channelToken`,
    ///   `sessionServerResponse` with JSON in a text),
    /// - `{jwt, pool}`, as the site's own `authenticateChat` answers,
    /// - `{chatSiteName, jwt, domain, poolId}`, as the Fusion variant answers.
    ///
    /// # Errors
    /// [`WireError::Missing`] when there is no token under any of the names.
    pub fn read(value: &Value) -> Result<Self, WireError> {
        let mut fields = Fields::read(value).ok_or(WireError::NotAnObject)?;
        let jwt = text(&mut fields, &["channelToken", "jwt"]).ok_or(WireError::Missing("jwt"))?;
        let site = text(&mut fields, &["siteName", "chatSiteName", "site"]);
        let mut server = match fields.take::<String>("sessionServerResponse") {
            Some(text) => Fields::from_json(&text)?,
            None => fields.take("sessionServerResponse").unwrap_or(fields),
        };
        Ok(Self {
            jwt: Secret::new(jwt),
            site,
            pool: text(&mut server, &["pool", "poolId"]),
            domain: text(&mut server, &["domain"]),
            port: server
                .take::<i64>("port")
                .and_then(|port| u16::try_from(port).ok())
                .filter(|port| *port != 0),
        })
    }

    /// Reads a session from JSON text.
    ///
    /// # Errors
    /// As [`Session::read`], and [`WireError::NotJson`].
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        Self::read(&serde_json::from_str(text).map_err(|_| WireError::NotJson)?)
    }
}

/// The first of the members that is there and not empty.
fn text(fields: &mut Fields, names: &[&str]) -> Option<String> {
    let mut texts = names.iter().filter_map(|name| fields.take::<String>(name));
    texts.find(|text| !text.is_empty())
}

impl EstablishSessionsRequest {
    /// The body for what is known of the visitor.
    pub fn of(information: &SessionInformation) -> Self {
        Self {
            session_information: information.to_json(),
            unknown: Fields::default(),
        }
    }
}
