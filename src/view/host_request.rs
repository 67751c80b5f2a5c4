//! What the panel sends to the host's server: a message that the visitor leaves, a rating, or the transcript. The page's
//! TypeScript (`npm/host-request.ts`) knows the address.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What has happened to a request so far.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum RequestStatus {
    NotSent,
    Sending,
    Sent,
    Failed,
}

/// What is sent. The text is the name of the option that has the address.
#[derive(Clone, Copy)]
pub(crate) enum HostRequest {
    Message,
    Rating,
    Transcript,
}

impl HostRequest {
    fn option(self) -> &'static str {
        match self {
            Self::Message => "messageEndpoint",
            Self::Rating => "ratingEndpoint",
            Self::Transcript => "transcriptEndpoint",
        }
    }
}

/// Calls the TypeScript function `sendToHost` with the name of the option and the body of the request. Returns
/// [`RequestStatus::Sent`] if the promise that the function returns is fulfilled, otherwise [`RequestStatus::Failed`].
pub(crate) async fn send_to_host(
    function: Option<&Function>,
    request: HostRequest,
    body: &str,
) -> RequestStatus {
    let result = function.and_then(|function| {
        let option = request.option().into();
        function
            .call2(&JsValue::UNDEFINED, &option, &body.into())
            .ok()
    });
    match result {
        Some(promise) if JsFuture::from(Promise::resolve(&promise)).await.is_ok() => {
            RequestStatus::Sent
        }
        _ => RequestStatus::Failed,
    }
}
