//! How a session is created before the chat server is called: the operations `establishSessions`,
//! `agentTokens` and `serviceSettings` of the service site, and the three forms in which a page's backend
//! hands a session to the widget.

use serde_json::Value;

use crate::object::{default_object, wire_object};
use crate::{Fields, Secret, WireError, WireObject, WireValue};

/// Path of `establishSessions` on the service site. It needs the Basic credentials of an Oracle user, so
/// only a server may call it, never a browser. FOUND.
pub const ESTABLISH_SESSIONS_PATH: &str =
    "/services/rest/crossChannelServices/latest/establishSessions";

/// Path of `agentTokens` on the service site. FOUND.
pub const AGENT_TOKENS_PATH: &str = "/services/rest/crossChannelServices/latest/agentTokens";

/// Path of `serviceSettings` on the service site. FOUND.
pub const SERVICE_SETTINGS_PATH: &str =
    "/services/rest/crossChannelServices/latest/serviceSettings/1";

/// Header of `establishSessions`: a text of at most 40 characters that names the caller. FOUND.
pub const APPLICATION_CONTEXT_HEADER: &str = "OSvC-CREST-Application-Context";

wire_object! {
    /// What is known about the visitor when the session is created. `requestEngagement` accepts none of
    /// these members. FOUND; all optional.
    pub struct SessionInformation {
        /// Given name.
        pub first_name: Option<String> = maybe "firstName",
        /// Family name.
        pub last_name: Option<String> = maybe "lastName",
        /// E-mail address.
        pub email_address: Option<String> = maybe "emailAddress",
        /// The queue in which the engagement will wait.
        pub queue_id: Option<i64> = maybe "queueId",
        /// The record of the contact.
        pub contact_id: Option<i64> = maybe "contactId",
        /// The record of the organization.
        pub organization_id: Option<i64> = maybe "organizationId",
        /// The product asked about.
        pub product_id: Option<i64> = maybe "productId",
        /// The category asked about.
        pub category_id: Option<i64> = maybe "categoryId",
        /// The incident that the engagement belongs to.
        pub incident_id: Option<i64> = maybe "incidentId",
        /// The visitor's question.
        pub question: Option<String> = maybe "question",
        /// NONE, RESUME or DO_NOT_RESUME.
        pub resume_type: Option<String> = maybe "resumeType",
        /// Browser, operating system and similar facts, as the table of the page spells the name.
        #[cfg_attr(test, proptest(value = "None"))]
        pub auxillary_data: Option<Fields> = maybe "auxillaryData",
        /// The same member, as the sample of the page spells the name.
        #[cfg_attr(test, proptest(value = "None"))]
        pub auxiliary_data: Option<Fields> = maybe "auxiliaryData",
        /// Custom fields.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<crate::consumer::CustomField>> = maybe "customFields",
    }
}
default_object!(SessionInformation);

wire_object! {
    /// Body of `establishSessions`: JSON inside a text. FOUND.
    pub struct EstablishSessionsRequest {
        /// A [`SessionInformation`] as JSON text.
        pub session_information: String = required "sessionInformation",
    }
}

wire_object! {
    /// Answer of `establishSessions`: JSON inside a text again. FOUND.
    pub struct EstablishSessionsResponse {
        /// The name of the site in the addresses of the chat server.
        pub site_name: String = required "siteName",
        /// The JWT for `requestEngagement`.
        pub channel_token: Secret = required "channelToken",
        /// A [`SessionServer`] as JSON text.
        pub session_server_response: String = required "sessionServerResponse",
    }
}

wire_object! {
    /// Host, port and pool of the chat server. FOUND.
    pub struct SessionServer {
        /// The host of the chat server.
        pub domain: String = required "domain",
        /// The pool of the site; a site may have none.
        pub pool: Option<String> = maybe "pool",
        /// The port of the chat server, if it is not the default one.
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
        /// The host of the chat server.
        pub domain: String = required "domain",
        /// The pool of the site; a site may have none.
        pub pool: Option<String> = maybe "pool",
        /// The port of the chat server: a number here, a text in PAGE 004.
        pub port: Option<i64> = maybe "port",
        /// The name of the site in the addresses of the chat server.
        pub site_name: String = required "siteName",
        /// Links to other resources of the service site.
        #[cfg_attr(test, proptest(value = "Vec::new()"))]
        pub links: Vec<Value> = defaulted "links",
    }
}

/// A session for one engagement, read from any of the three forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The token, which is valid for one `requestEngagement`.
    pub jwt: Secret,
    /// The name of the site in the addresses, if the form has it.
    pub site: Option<String>,
    /// The pool of the site; a site may have none.
    pub pool: Option<String>,
    /// The host of the chat server, if the form has it.
    pub domain: Option<String>,
    /// The port of the chat server, if it is not the default one.
    pub port: Option<u16>,
}

impl Session {
    /// Reads a session from the answer of a page's backend, which is one of:
    /// - the raw answer of `establishSessions` (`siteName`, `channelToken`, and
    ///   `sessionServerResponse` with JSON inside a text),
    /// - `{jwt, pool}`, the answer of the site's own `authenticateChat`,
    /// - `{chatSiteName, jwt, domain, poolId}`, the answer of the Fusion variant.
    ///
    /// # Errors
    /// [`WireError::Missing`] if no member holds a token.
    pub fn read(value: &Value) -> Result<Self, WireError> {
        let mut fields = Fields::read(value).ok_or(WireError::NotAnObject)?;
        let jwt =
            take_text(&mut fields, &["channelToken", "jwt"]).ok_or(WireError::Missing("jwt"))?;
        let site = take_text(&mut fields, &["siteName", "chatSiteName", "site"]);
        let mut server = match fields.take::<String>("sessionServerResponse") {
            Some(text) => Fields::from_json(&text)?,
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

    /// Reads a session from JSON text.
    ///
    /// # Errors
    /// The errors of [`Session::read`], and [`WireError::NotJson`].
    pub fn from_json(text: &str) -> Result<Self, WireError> {
        Self::read(&serde_json::from_str(text).map_err(|_| WireError::NotJson)?)
    }
}

/// Takes the first of these members that holds a text and is not empty.
fn take_text(fields: &mut Fields, names: &[&str]) -> Option<String> {
    let mut texts = names.iter().filter_map(|name| fields.take::<String>(name));
    texts.find(|text| !text.is_empty())
}

impl EstablishSessionsRequest {
    /// Makes the body from what is known about the visitor.
    pub fn of(information: &SessionInformation) -> Self {
        Self {
            session_information: information.to_json(),
            unknown: Fields::default(),
        }
    }
}
