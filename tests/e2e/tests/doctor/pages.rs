//! Pages for the command `doctor`, with the problems that it has to find on each.

use pipit_e2e::TestServer;

use super::unusual_server::UnusualServer;

/// A page, and what `doctor` finds on it.
pub(crate) struct Page {
    /// The names of the problems, in their order.
    pub(crate) problems: Vec<&'static str>,
    /// A part of the message or of the remedy of the first problem.
    pub(crate) says: &'static str,
    pub(crate) html: String,
}

/// A page with this HTML in its head and its body.
fn page(problems: &[&'static str], says: &'static str, head: &str, body: &str) -> Page {
    Page {
        problems: problems.to_vec(),
        says,
        html: format!("<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"),
    }
}

/// The tag of the loader with an endpoint for sessions.
const TAG: &str = "<script src=/pipit/pipit.js data-session-endpoint=/session></script>";

/// A page with the loader, and a script before it.
fn after_script(problems: &[&'static str], says: &'static str, script: &str) -> Page {
    page(problems, says, &format!("<script>{script}</script>"), TAG)
}

/// A page with the loader, and these options.
fn with_options(problems: &[&'static str], says: &'static str, options: &str) -> Page {
    let script = format!("<script>window.Pipit = {{ config: {{ {options} }} }}</script>");
    page(
        problems,
        says,
        &script,
        "<script src=/pipit/pipit.js></script>",
    )
}

/// A page with the loader, whose Content-Security-Policy has one more directive.
fn with_policy(problems: &[&'static str], says: &'static str, directive: &str, body: &str) -> Page {
    let head = format!("<meta http-equiv=Content-Security-Policy content=\"{directive}\">");
    page(problems, says, &head, body)
}

/// A page with the npm package, whose files are at another address.
fn with_files_at(problems: &[&'static str], says: &'static str, address: &str) -> Page {
    let body = format!(
        "<script type=module>import {{ createChat }} from '/npm/index.js';
         const chat = createChat({{ sessionEndpoint: '/session', assetBase: '{address}' }});
         window.ask = () => chat.doctor();</script>"
    );
    page(problems, says, "", &body)
}

/// A page whose session comes from this endpoint.
fn with_endpoint(problems: &[&'static str], says: &'static str, address: &str) -> Page {
    let tag = format!("<script src=/pipit/pipit.js data-session-endpoint={address}></script>");
    page(problems, says, "", &tag)
}

/// A page whose chat server is at this address.
fn with_server(problems: &[&'static str], says: &'static str, address: &str) -> Page {
    let tag = TAG.replace("data-", &format!("data-base-url={address} data-"));
    page(problems, says, "", &tag)
}

#[allow(clippy::too_many_lines, reason = "it is a table")]
pub(crate) fn pages(server: &TestServer, unusual: &UnusualServer, session: &str) -> Vec<Page> {
    let other = |path: &str| format!("{}/{path}", unusual.origin);
    let nowhere = "http://127.0.0.1:1";
    server.serve_modified_copy("changed", "widget_bg.wasm", b"x");
    let refused = |says, options: &str| {
        with_options(
            &["option-refused"],
            says,
            &format!("sessionEndpoint: '/session', {options}"),
        )
    };
    let expired = format!("e.{}.e", "eyJleHAiOjF9");
    vec![
        // Pages without a problem.
        page(&[], "", "", TAG),
        with_options(&[], "", &format!("getSession: () => ({session})")),
        with_options(&[], "", &format!("getSession: async () => JSON.stringify({session})")),
        page(&[], "", "", "<script type=module>import { createChat } from '/npm/index.js';
            const chat = createChat({ sessionEndpoint: '/session', locale: 'de' });
            window.ask = () => chat.doctor();</script>"),
        with_options(&[], "", "sessionEndpoint: '/session', whenClosed: 'hide', availability: () => 'closed'"),
        with_options(&[], "", "sessionEndpoint: '/session', mode: 'page'"),
        // The chat is not on the page.
        page(&["not-on-page"], "#nowhere", "", &TAG.replace("data-", "data-target=#nowhere data-")),
        page(&["destroyed"], "createChat", "", &format!("{TAG}<script>window.ask = async () => {{
            const {{ chat }} = document.querySelector('pipit-chat'); await chat.destroy(); return chat.doctor(); }}</script>")),
        // The options, as the loader, the panel's script and the WASM read them.
        refused("`titel`", "titel: 'Fernhill'"),
        refused("`theme`", "theme: 'blue'"),
        refused("`accent`", "accent: 'reddish'"),
        refused("`contact`", "contact: [{ text: 'us', href: 'javascript:alert(1)' }]"),
        refused("messageEndpoint", "whenClosed: 'form', availability: () => 'open'"),
        refused("`nope`", "words: { nope: 'x' }"),
        refused("{nobody}", "words: { launcher: '{nobody}' }"),
        refused("`form`", "form: [{ label: 'x' }]"),
        refused("`keepEndedMinutes`", "keepEndedMinutes: 'long'"),
        refused("`absentLimitSeconds`", "absentLimitSeconds: -1"),
        page(&["option-refused"], "`titel`", "", r#"<pipit-chat session-endpoint=/session config='{"titel":"x"}'></pipit-chat><script src=/pipit/pipit.js></script>"#),
        page(&["config-unreadable"], "JSON", "", "<pipit-chat session-endpoint=/session config='[object Object]'></pipit-chat><script src=/pipit/pipit.js></script>"),
        // The browser.
        after_script(&["browser-too-old"], "light-dark", "const { supports } = CSS; CSS.supports = (...given) => !`${given}`.includes('light-dark') && supports.apply(CSS, given)"),
        after_script(&["browser-too-old"], "<dialog>", "delete window.HTMLDialogElement"),
        after_script(&["browser-too-old"], "constructable style sheets", "window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor') }"),
        after_script(&["wasm-missing"], "Lockdown", "delete window.WebAssembly"),
        with_policy(&["wasm-blocked"], "'wasm-unsafe-eval'", "script-src 'self' 'unsafe-inline'; frame-src 'none'", TAG),
        // The files.
        with_policy(&["file-blocked-by-policy", "session-blocked-by-policy"], "connect-src 'self'", "connect-src 'none'", TAG),
        with_files_at(&["file-blocked-by-cors"], "Access-Control-Allow-Origin", &other("hidden")),
        with_files_at(&["file-unreachable"], "127.0.0.1:1", nowhere),
        with_files_at(&["file-missing"], "404", "/nowhere"),
        with_files_at(&["file-is-page"], "web page", &other("page")),
        with_files_at(&["file-type"], "application/wasm", &other("octets")),
        page(&["file-changed"], "another hash", "", &TAG.replace("/pipit/", "/changed/")),
        // The frame.
        with_policy(&["wasm-blocked", "frame-unlisted"], "'wasm-unsafe-eval'", "script-src http: 'unsafe-inline'; frame-src http:", &TAG.replace("/pipit/pipit.js", &format!("{}/pipit/pipit.js", server.other_origin()))),
        page(&["frame-header"], "frame-ancestors", "", TAG),
        after_script(&["storage-blocked"], "stores nothing", "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no') } })"),
        // Sessions.
        with_options(&["session-source-missing"], "sessionEndpoint", ""),
        with_options(&["session-function-failed"], "not signed in", "getSession: () => { throw new Error('not signed in') }"),
        with_options(&["session-function-failed"], "not signed in", "getSession: async () => { throw new Error('not signed in') }"),
        with_policy(&["session-blocked-by-policy"], "connect-src http://127.0.0.1:", "connect-src 'self'", &TAG.replace("=/session", &format!("={}", other("empty")))),
        with_endpoint(&["session-blocked-by-cors"], "Access-Control-Allow-Headers: Content-Type", &other("hidden")),
        with_endpoint(&["session-unreachable"], "127.0.0.1:1", nowhere),
        with_endpoint(&["session-redirected"], "sign-in", &other("moved")),
        with_endpoint(&["session-refused"], "405", "/nowhere"),
        with_endpoint(&["session-refused"], "500", &other("refused")),
        with_endpoint(&["session-is-page"], "web page", &other("page")),
        with_endpoint(&["session-unreadable"], "channelToken", &other("empty")),
        with_options(&["session-unreadable"], "channelToken", "getSession: () => undefined"),
        with_options(&["session-unreadable"], "channelToken", "getSession: () => ({ jwt: 'a.b.c', sessionServerResponse: '{' })"),
        with_options(&["session-is-page"], "sign-in page", "getSession: async () => '<html>'"),
        with_options(&["session-expired"], "over", &format!("getSession: () => ({{ jwt: '{expired}' }})")),
        with_endpoint(&["clock-wrong"], "clock", &other("clock")),
        // The chat server.
        with_options(&["server-unnamed"], "address and site", "getSession: () => 'a.b.c'"),
        with_options(&["server-unnamed"], "site", "getSession: () => ({ jwt: 'a.b.c', domain: '127.0.0.1' })"),
        with_policy(&["server-blocked-by-policy"], "connect-src http://127.0.0.1:", "connect-src 'self'", TAG),
        with_server(&["server-blocked-by-cors"], "Access-Control-Allow-Headers: Content-Type, SessionId, Authorization", &other("hidden")),
        with_server(&["server-unreachable"], "127.0.0.1:1", nowhere),
        with_server(&["server-redirected"], "baseUrl", &other("moved")),
        with_server(&["server-refused"], "500", &other("refused")),
        with_server(&["server-is-other"], "web page", &other("page")),
        with_server(&["server-is-other"], "something else", &other("empty")),
        after_script(
            &["fetch-breaks-requests"],
            "traceparent",
            "const { fetch: original } = window; window.fetch = (input, init) => {
                const request = new Request(input, init);
                if (!request.url.startsWith(location.origin)) request.headers.set('traceparent', '1');
                return original(request) }",
        ),
        with_options(&["availability-unknown"], "neither", "sessionEndpoint: '/session', whenClosed: 'hide', availability: () => 'maybe'"),
        with_options(&["availability-unknown"], "baseUrl", "sessionEndpoint: '/session', whenClosed: 'hide'"),
        page(&["panel-failed"], "no", "<meta http-equiv=Content-Security-Policy content=\"frame-src 'none'\">
            <script>WebAssembly.compile = WebAssembly.compileStreaming = async () => { throw new WebAssembly.CompileError('no') }</script>", TAG),
        // The launcher.
        page(&["chat-hidden"], "show", "", &format!("{TAG}<script>window.ask = async () => {{ await Pipit.hide(); return Pipit.doctor() }}</script>")),
        page(&["launcher-hidden"], "display: none", "<style>pipit-chat { display: none !important }</style>", TAG),
        page(&["launcher-outside"], "--pipit-offset", "<style>pipit-chat { --pipit-offset-block: -500px }</style>", TAG),
        page(&["launcher-covered"], "div#cookies", "<style>pipit-chat { --pipit-z-index: 1 }
            #cookies { position: fixed; inset: auto 0 0; height: 200px; z-index: 2147483647 }</style>", &format!("{TAG}<div id=cookies>Cookies?</div>")),
    ]
}
