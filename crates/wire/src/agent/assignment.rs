//! The message `ChatEngagementAssignment` and the objects inside it. The server sends this message to an agent to offer
//! an *engagement*, which is one chat at the server. The *site* is the customer's installation of Oracle B2C Service;
//! *another site* is any other website.
//!
//! In the tables below, the word before each JSON name, such as `maybe`, is the member's mode. The module `object`
//! explains the modes. In short: `maybe` may be absent; `twin` must be present, and is a number that is sent twice, as
//! `name` and as the text `nameString`; `maybe_twin` is a twin that may be absent; and `flat` means that the members of
//! the type stand directly in this object. `wire_enum!` adds the variant `Unknown`, which holds any text that is not in
//! its list. `default_object!` implements `Default`. The attribute `proptest` tells the property tests which values to
//! generate for a member.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. INFERRED: our assumption.

use super::envelope::Envelope;
use crate::consumer::CustomField;
use crate::object::{default_object, wire_enum, wire_object};
use crate::{AccountId, ClientId, EngagementId, QueueId};

wire_enum! {
    /// The channel through which the visitor requested the engagement (PAGE 004).
    pub enum RequestSource {
        /// The API's own value UNKNOWN. (`Unknown` holds texts that are not in this list.)
        UnknownSource = "UNKNOWN",
        /// A standard chat page of the site.
        Standard = "STANDARD",
        /// A custom page of the site.
        Custom = "CUSTOM",
        /// A proactive offer, that is, an invitation to chat.
        Proactive = "PROACTIVE",
        /// A proactive offer on another site.
        Sproactive = "SPROACTIVE",
        /// The SOAP interface.
        WsApi = "WS_API",
        /// A link that is shown under conditions.
        ConditionalLink = "CONDITIONAL_LINK",
        /// A conditional link on another site.
        SyndicatedConditionalLink = "SYNDICATED_CONDITIONAL_LINK",
        /// The chat REST API.
        RestApi = "REST_API",
        /// The conditional chat of Oracle's inlay (a widget for web pages).
        InlayConditionalChat = "INLAY_CONDITIONAL_CHAT",
        /// The embedded chat of Oracle's inlay.
        InlayEmbeddedChat = "INLAY_EMBEDDED_CHAT",
        /// The proactive offer of Oracle's inlay.
        InlayProactiveChat = "INLAY_PROACTIVE_CHAT",
        /// Apple Business Chat.
        MessagingAppleBusinessChat = "MESSAGING_APPLE_BUSINESS_CHAT",
        /// Facebook Messenger.
        MessagingFacebookMessenger = "MESSAGING_FACEBOOK_MESSENGER",
        /// Google Business Messages.
        MessagingGoogleBusinessMessages = "MESSAGING_GOOGLE_BUSINESS_MESSAGES",
        /// Instagram.
        MessagingInstagramDirect = "MESSAGING_INSTAGRAM_DIRECT",
        /// SMS.
        MessagingSms = "MESSAGING_SMS",
        /// Twitter.
        MessagingTwitterDirect = "MESSAGING_TWITTER_DIRECT",
        /// WeChat.
        MessagingWechat = "MESSAGING_WECHAT",
        /// WhatsApp.
        MessagingWhatsapp = "MESSAGING_WHATSAPP",
    }
}

wire_enum! {
    /// Who started the engagement (PAGE 004).
    pub enum InitiationType {
        /// The visitor.
        ConsumerStandard = "CONSUMER_STANDARD",
        /// The visitor, who has chosen the agent.
        ConsumerTargeted = "CONSUMER_TARGETED",
        /// The agent.
        AgentInitiated = "AGENT_INITIATED",
    }
}

wire_object! {
    /// A medium (a means of communication) of a participant, who is the visitor or an agent (PAGE 004).
    pub struct Medium {
        /// The type of the medium. The reference lists no values.
        pub kind: Option<String> = maybe "type",
        /// The reasons why the participant cannot use the medium.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub environment_error_list: Option<Vec<String>> = maybe "environmentErrorList",
        /// Whether the medium starts by itself, without an action of the participant.
        pub auto_initiate: Option<bool> = maybe "autoInitiate",
    }
}

wire_object! {
    /// The visitor's data (PAGE 004). Some of the data, such as the name and the question, comes from the backend that
    /// created the visitor's session.
    pub struct ContactInfo {
        /// The values of fields that the site has added to its records. PAGE 004 prints an empty list. INFERRED: the form
        /// of the elements.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<CustomField>> = maybe "customFields",
        /// The visitor's given name.
        pub first_name: Option<String> = maybe "firstName",
        /// The visitor's family name.
        pub last_name: Option<String> = maybe "lastName",
        /// The visitor's e-mail address.
        pub email_address: Option<String> = maybe "emailAddress",
        /// The id of the interface, which is the site in one language and design.
        pub interface_id: Option<i32> = maybe "interfaceId",
        /// The language of the interface.
        pub interface_language_code: Option<String> = maybe "interfaceLanguageCode",
        /// The id of the visitor's contact record.
        pub contact_id: Option<i64> = maybe_twin "contactId",
        /// The id of the visitor's organization record.
        pub org_id: Option<i64> = maybe_twin "orgId",
        /// The id of the visitor's session at the customer portal (the site's web pages). INFERRED: this is
        /// not the session of the chat.
        pub session_id: Option<String> = maybe "sessionId",
        /// The visitor's question.
        pub question: Option<String> = maybe "question",
        /// The id of the product that the visitor asks about.
        pub product_id: Option<i64> = maybe_twin "productId",
        /// The id of the category that the visitor asks about.
        pub category_id: Option<i64> = maybe_twin "categoryId",
        /// The id of the queue in which the engagement waited.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// The name of the visitor's browser.
        pub browser: Option<String> = maybe "browser",
        /// The `User-Agent` header of the visitor's browser.
        pub user_agent: Option<String> = maybe "userAgent",
        /// The visitor's IP address.
        pub ip_address: Option<String> = maybe "ipAddress",
        /// The visitor's operating system.
        pub operating_system: Option<String> = maybe "operatingSystem",
        /// Whether the agent can offer co-browsing, in which the agent sees the web page that the visitor sees.
        pub co_browse_enabled: Option<bool> = maybe "coBrowseEnabled",
        /// The id of the visitor. The reference does not describe it further.
        pub visitor_id: Option<String> = maybe "visitorId",
        /// The id of the engagement engine, the Oracle product that makes proactive offers.
        pub engagement_engine_id: Option<String> = maybe "engagementEngineId",
        /// The address of the web page on which the visitor started the chat.
        pub referrer_url: Option<String> = maybe "referrerUrl",
        /// The id of the visitor's session at the engagement engine.
        pub engagement_engine_session_id: Option<String> = maybe "engagementEngineSessionId",
        /// Whether the premium form of co-browsing is supported. The API uses a number for this flag.
        pub co_browse_premium_supported: Option<i32> = maybe "coBrowsePremiumSupported",
        /// The media that the visitor can use.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub media_list: Option<Vec<Medium>> = maybe "mediaList",
        /// An id from an older product. The reference does not describe it further.
        pub estara_fsguid: Option<String> = maybe "estaraFsguid",
    }
}

wire_object! {
    /// What the server knows about the agent (PAGE 004).
    pub struct AgentInfo {
        /// The agent's client id, which identifies the agent's connection to the server from logon to logoff.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The agent's name.
        pub name: Option<String> = maybe "name",
        /// The id of the agent's account.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// The id of the agent's profile, which is a set of permissions.
        pub profile_id: Option<i64> = maybe_twin "profileId",
        /// The id of the agent's group.
        pub group_id: Option<i32> = maybe "groupId",
        /// The agent's status. The reference lists no values.
        pub status: Option<String> = maybe "status",
        /// The agent's subtype. The reference lists no values.
        pub sub_type_id: Option<i32> = maybe "subTypeId",
        /// The media that the agent can use.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub media_list: Option<Vec<Medium>> = maybe "mediaList",
    }
}

wire_object! {
    /// The server offers an engagement to an agent, who accepts or declines it (PAGE 004).
    pub struct ChatEngagementAssignment {
        /// The visitor's data.
        pub contact_info: Option<ContactInfo> = maybe "contactInfo",
        /// The agent to whom the engagement is offered.
        pub agent_info: Option<AgentInfo> = maybe "agentInfo",
        /// The id of the engagement that is offered.
        pub engagement_id: EngagementId = twin "engagementId",
        /// When the engagement was created, in ms since 1970.
        pub engagement_create_time: Option<i64> = maybe_twin "engagementCreateTime",
        /// When an agent first accepted the engagement, in ms since 1970.
        pub engagement_first_engaged_time: Option<i64> = maybe_twin "engagementFirstEngagedTime",
        /// The time for which agents have taken part in the engagement so far, in s.
        pub seconds_engaged: Option<i64> = maybe_twin "secondsEngaged",
        /// The id of the queue in which the engagement waited.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// The role that is offered to the agent. The reference lists no values. INFERRED: the values are those of
        /// `assignmentType` in the request `assignmentAcknowledgement`.
        pub kind: Option<String> = maybe "type",
        /// The channel through which the engagement was requested.
        pub request_source: Option<RequestSource> = maybe "requestSource",
        /// The id of the incident (the record of a support request) that the engagement belongs to.
        pub incident_id: Option<i64> = maybe_twin "incidentId",
        /// Who started the engagement.
        pub initiation_type: Option<InitiationType> = maybe "initiationType",
        /// The id of the asynchronous request that the engagement belongs to. The reference does not describe it
        /// further.
        pub async_request_id: Option<String> = maybe "asyncRequestId",
        /// The id of the consumer, which is the API's word for the visitor. The reference does not describe the id
        /// further.
        pub consumer_id: Option<String> = maybe "consumerId",
        /// The message's sender, destination, visibility and sequence number.
        pub envelope: Envelope = flat,
    }
}

default_object!(Medium, ContactInfo, AgentInfo);
