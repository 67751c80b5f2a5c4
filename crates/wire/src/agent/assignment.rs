//! `ChatEngagementAssignment`: the server has routed an engagement to the agent. PAGE 004.

use super::Tail;
use crate::consumer::CustomField;
use crate::object::{default_object, wire_enum, wire_object};
use crate::{AccountId, ClientId, EngagementId, QueueId};

wire_enum! {
    /// Where an engagement came from. PAGE 004.
    pub enum RequestSource {
        /// The page's own value UNKNOWN; texts outside the list are `Unknown`.
        UnknownSource = "UNKNOWN",
        /// A chat page.
        Standard = "STANDARD",
        /// A custom page.
        Custom = "CUSTOM",
        /// An offer.
        Proactive = "PROACTIVE",
        /// A syndicated offer.
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
        /// The inlay's offer.
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
    /// Who began. PAGE 004.
    pub enum InitiationType {
        /// The visitor.
        ConsumerStandard = "CONSUMER_STANDARD",
        /// The visitor, to somebody.
        ConsumerTargeted = "CONSUMER_TARGETED",
        /// The agent.
        AgentInitiated = "AGENT_INITIATED",
    }
}

wire_object! {
    /// A medium that a participant can use. PAGE 004.
    pub struct Medium {
        /// Its type.
        pub kind: Option<String> = maybe "type",
        /// What stands in its way.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub environment_error_list: Option<Vec<String>> = maybe "environmentErrorList",
        /// Whether it starts by itself.
        pub auto_initiate: Option<bool> = maybe "autoInitiate",
    }
}

wire_object! {
    /// Who the visitor is, as far as the session knows. PAGE 004.
    pub struct ContactInfo {
        /// Printed as an empty list; its elements are INFERRED.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<CustomField>> = maybe "customFields",
        /// Given name.
        pub first_name: Option<String> = maybe "firstName",
        /// Family name.
        pub last_name: Option<String> = maybe "lastName",
        /// E-mail address.
        pub email_address: Option<String> = maybe "emailAddress",
        /// The interface.
        pub interface_id: Option<i32> = maybe "interfaceId",
        /// Its language.
        pub interface_language_code: Option<String> = maybe "interfaceLanguageCode",
        /// The contact's record.
        pub contact_id: Option<i64> = maybe_twin "contactId",
        /// The organization's record.
        pub org_id: Option<i64> = maybe_twin "orgId",
        /// The portal's session, not the chat's (INFERRED).
        pub session_id: Option<String> = maybe "sessionId",
        /// The question.
        pub question: Option<String> = maybe "question",
        /// The product.
        pub product_id: Option<i64> = maybe_twin "productId",
        /// The category.
        pub category_id: Option<i64> = maybe_twin "categoryId",
        /// The queue.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// The browser.
        pub browser: Option<String> = maybe "browser",
        /// The browser's own description.
        pub user_agent: Option<String> = maybe "userAgent",
        /// The address.
        pub ip_address: Option<String> = maybe "ipAddress",
        /// The system.
        pub operating_system: Option<String> = maybe "operatingSystem",
        /// Whether co-browsing can be offered.
        pub co_browse_enabled: Option<bool> = maybe "coBrowseEnabled",
        /// The visitor's id.
        pub visitor_id: Option<String> = maybe "visitorId",
        /// The engagement engine's id.
        pub engagement_engine_id: Option<String> = maybe "engagementEngineId",
        /// The page.
        pub referrer_url: Option<String> = maybe "referrerUrl",
        /// The engagement engine's session.
        pub engagement_engine_session_id: Option<String> = maybe "engagementEngineSessionId",
        /// A number, though it says yes or no.
        pub co_browse_premium_supported: Option<i32> = maybe "coBrowsePremiumSupported",
        /// The visitor's media.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub media_list: Option<Vec<Medium>> = maybe "mediaList",
        /// An older product's id.
        pub estara_fsguid: Option<String> = maybe "estaraFsguid",
    }
}

wire_object! {
    /// Who the agent is. PAGE 004.
    pub struct AgentInfo {
        /// The agent's client.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The agent's name.
        pub name: Option<String> = maybe "name",
        /// The agent's account.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
        /// The agent's profile.
        pub profile_id: Option<i64> = maybe_twin "profileId",
        /// The agent's group.
        pub group_id: Option<i32> = maybe "groupId",
        /// A text without a list.
        pub status: Option<String> = maybe "status",
        /// A number without a list.
        pub sub_type_id: Option<i32> = maybe "subTypeId",
        /// The agent's media.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub media_list: Option<Vec<Medium>> = maybe "mediaList",
    }
}

wire_object! {
    /// The server has routed an engagement to the agent. PAGE 004.
    pub struct ChatEngagementAssignment {
        /// The visitor.
        pub contact_info: Option<ContactInfo> = maybe "contactInfo",
        /// The agent.
        pub agent_info: Option<AgentInfo> = maybe "agentInfo",
        /// The engagement.
        pub engagement_id: EngagementId = twin "engagementId",
        /// In ms since 1970.
        pub engagement_create_time: Option<i64> = maybe_twin "engagementCreateTime",
        /// In ms since 1970.
        pub engagement_first_engaged_time: Option<i64> = maybe_twin "engagementFirstEngagedTime",
        /// In s.
        pub seconds_engaged: Option<i64> = maybe_twin "secondsEngaged",
        /// The queue.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// A text without a list; INFERRED that of `assignmentType`.
        pub kind: Option<String> = maybe "type",
        /// Where it came from.
        pub request_source: Option<RequestSource> = maybe "requestSource",
        /// The incident it belongs to.
        pub incident_id: Option<i64> = maybe_twin "incidentId",
        /// Who began.
        pub initiation_type: Option<InitiationType> = maybe "initiationType",
        /// The asynchronous request it belongs to.
        pub async_request_id: Option<String> = maybe "asyncRequestId",
        /// The consumer's id.
        pub consumer_id: Option<String> = maybe "consumerId",
        /// Its place.
        pub tail: Tail = flat,
    }
}

default_object!(Medium, ContactInfo, AgentInfo);
