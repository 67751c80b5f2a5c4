//! `ChatEngagementAssignment`: the server has routed an engagement to the agent. PAGE 004.

use super::envelope::Envelope;
use crate::consumer::CustomField;
use crate::object::{default_object, wire_enum, wire_object};
use crate::{AccountId, ClientId, EngagementId, QueueId};

wire_enum! {
    /// The channel through which an engagement was requested. PAGE 004.
    pub enum RequestSource {
        /// The page's own value UNKNOWN; texts outside the list are `Unknown`.
        UnknownSource = "UNKNOWN",
        /// A chat page.
        Standard = "STANDARD",
        /// A custom page.
        Custom = "CUSTOM",
        /// A proactive offer.
        Proactive = "PROACTIVE",
        /// A syndicated proactive offer.
        Sproactive = "SPROACTIVE",
        /// The SOAP interface.
        WsApi = "WS_API",
        /// A conditional link.
        ConditionalLink = "CONDITIONAL_LINK",
        /// A syndicated conditional link.
        SyndicatedConditionalLink = "SYNDICATED_CONDITIONAL_LINK",
        /// This API.
        RestApi = "REST_API",
        /// The inlay's conditional chat.
        InlayConditionalChat = "INLAY_CONDITIONAL_CHAT",
        /// The inlay's embedded chat.
        InlayEmbeddedChat = "INLAY_EMBEDDED_CHAT",
        /// The inlay's proactive offer.
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
    /// Who started the engagement. PAGE 004.
    pub enum InitiationType {
        /// The visitor.
        ConsumerStandard = "CONSUMER_STANDARD",
        /// The visitor, who chose the agent.
        ConsumerTargeted = "CONSUMER_TARGETED",
        /// The agent.
        AgentInitiated = "AGENT_INITIATED",
    }
}

wire_object! {
    /// A medium that a participant can use. PAGE 004.
    pub struct Medium {
        /// The type of the medium.
        pub kind: Option<String> = maybe "type",
        /// Why the participant cannot use the medium.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub environment_error_list: Option<Vec<String>> = maybe "environmentErrorList",
        /// Whether the medium starts without an action of the participant.
        pub auto_initiate: Option<bool> = maybe "autoInitiate",
    }
}

wire_object! {
    /// What the session knows about the visitor. PAGE 004.
    pub struct ContactInfo {
        /// Custom fields of the site. The page prints an empty list; the elements are INFERRED.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<CustomField>> = maybe "customFields",
        /// Given name.
        pub first_name: Option<String> = maybe "firstName",
        /// Family name.
        pub last_name: Option<String> = maybe "lastName",
        /// E-mail address.
        pub email_address: Option<String> = maybe "emailAddress",
        /// The interface: a site's language and design.
        pub interface_id: Option<i32> = maybe "interfaceId",
        /// The language of the interface.
        pub interface_language_code: Option<String> = maybe "interfaceLanguageCode",
        /// The record of the contact.
        pub contact_id: Option<i64> = maybe_twin "contactId",
        /// The record of the organization.
        pub org_id: Option<i64> = maybe_twin "orgId",
        /// The session of the customer portal, not of the chat (INFERRED).
        pub session_id: Option<String> = maybe "sessionId",
        /// The visitor's question.
        pub question: Option<String> = maybe "question",
        /// The product asked about.
        pub product_id: Option<i64> = maybe_twin "productId",
        /// The category asked about.
        pub category_id: Option<i64> = maybe_twin "categoryId",
        /// The queue in which the engagement waited.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// The name of the visitor's browser.
        pub browser: Option<String> = maybe "browser",
        /// The `User-Agent` of the browser.
        pub user_agent: Option<String> = maybe "userAgent",
        /// The visitor's IP address.
        pub ip_address: Option<String> = maybe "ipAddress",
        /// The visitor's operating system.
        pub operating_system: Option<String> = maybe "operatingSystem",
        /// Whether the agent can offer co-browsing.
        pub co_browse_enabled: Option<bool> = maybe "coBrowseEnabled",
        /// The id of the visitor.
        pub visitor_id: Option<String> = maybe "visitorId",
        /// The id of the engagement engine.
        pub engagement_engine_id: Option<String> = maybe "engagementEngineId",
        /// The page from which the visitor started the chat.
        pub referrer_url: Option<String> = maybe "referrerUrl",
        /// The session of the engagement engine.
        pub engagement_engine_session_id: Option<String> = maybe "engagementEngineSessionId",
        /// Whether the premium form of co-browsing is supported; a number, although it means yes or no.
        pub co_browse_premium_supported: Option<i32> = maybe "coBrowsePremiumSupported",
        /// The media that the visitor can use.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub media_list: Option<Vec<Medium>> = maybe "mediaList",
        /// An id from an older product.
        pub estara_fsguid: Option<String> = maybe "estaraFsguid",
    }
}

wire_object! {
    /// What the server knows about the agent. PAGE 004.
    pub struct AgentInfo {
        /// The client id of the agent.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The name of the agent.
        pub name: Option<String> = maybe "name",
        /// The account of the agent.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// The profile of the agent.
        pub profile_id: Option<i64> = maybe_twin "profileId",
        /// The group of the agent.
        pub group_id: Option<i32> = maybe "groupId",
        /// The status of the agent, a text without a list of values.
        pub status: Option<String> = maybe "status",
        /// A number without a list of values.
        pub sub_type_id: Option<i32> = maybe "subTypeId",
        /// The media that the agent can use.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub media_list: Option<Vec<Medium>> = maybe "mediaList",
    }
}

wire_object! {
    /// The server has routed an engagement to the agent. PAGE 004.
    pub struct ChatEngagementAssignment {
        /// What the session knows about the visitor.
        pub contact_info: Option<ContactInfo> = maybe "contactInfo",
        /// The agent who gets the engagement.
        pub agent_info: Option<AgentInfo> = maybe "agentInfo",
        /// The engagement that is assigned.
        pub engagement_id: EngagementId = twin "engagementId",
        /// When the engagement was created, in ms since 1970.
        pub engagement_create_time: Option<i64> = maybe_twin "engagementCreateTime",
        /// When an agent first accepted the engagement, in ms since 1970.
        pub engagement_first_engaged_time: Option<i64> = maybe_twin "engagementFirstEngagedTime",
        /// How long agents have been engaged so far, in s.
        pub seconds_engaged: Option<i64> = maybe_twin "secondsEngaged",
        /// The queue in which the engagement waited.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// The role that is offered. A text without a list of values; that it has those of `assignmentType` is
        /// INFERRED.
        pub kind: Option<String> = maybe "type",
        /// The channel through which the engagement was requested.
        pub request_source: Option<RequestSource> = maybe "requestSource",
        /// The incident that the engagement belongs to.
        pub incident_id: Option<i64> = maybe_twin "incidentId",
        /// Who started the engagement.
        pub initiation_type: Option<InitiationType> = maybe "initiationType",
        /// The asynchronous request that the engagement belongs to.
        pub async_request_id: Option<String> = maybe "asyncRequestId",
        /// The id of the consumer.
        pub consumer_id: Option<String> = maybe "consumerId",
        /// Sender, destination, visibility and number.
        pub envelope: Envelope = flat,
    }
}

default_object!(Medium, ContactInfo, AgentInfo);
