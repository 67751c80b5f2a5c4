//! Case 10: a page that replaces `fetch`. If the replacement breaks requests to the chat server, the chat goes on with the
//! browser's own `fetch`, and the page's console and `doctor()` say why. A replacement that works is used.

use pipit_e2e::TestServer;
use serde_json::json;

use super::page_of;

/// Wraps `fetch` in the page. `$ARGUMENTS` and `$BODY` are those of the replacement; `original` is the browser's `fetch`.
const WRAPPER: &str = "
window.seen = [];
window.warnings = [];
const { warn } = console;
console.warn = (...values) => { warnings.push(values.join(' ')); warn(...values); };
const { fetch: original } = window;
const isForChat = resource => `${resource.url ?? resource}`.includes('/engagement/');
window.fetch = $FUNCTION;
";

/// A replacement of `fetch`.
struct Variant {
    name: &'static str,
    /// The function.
    function: &'static str,
    /// What the warning on the console contains; `None` if the replacement works, so that it stays in use.
    warning: Option<&'static str>,
    /// Whether `doctor()` finds the problem. It cannot find what only the answer to a valid session shows.
    is_found_by_doctor: bool,
}

const VARIANTS: [Variant; 8] = [
    Variant {
        name: "counts",
        function: "(resource, options) => { seen.push(resource.url ?? `${resource}`); return original(resource, options); }",
        warning: None,
        is_found_by_doctor: false,
    },
    Variant {
        name: "other-realm",
        function: "async (resource, options) => {
            seen.push(resource.url ?? `${resource}`);
            window.other ??= document.documentElement.appendChild(document.createElement('iframe'));
            const response = await original(resource, options);
            const { status, headers } = response;
            return new other.contentWindow.Response(await response.arrayBuffer(), { status, headers });
        }",
        warning: None,
        is_found_by_doctor: false,
    },
    Variant {
        name: "looks-alike",
        function: "(resource, options) => {
            seen.push(resource.url ?? `${resource}`);
            const answer = original(resource, options);
            return !isForChat(resource) ? answer : { then: (done, failed) => answer.then(
                ({ ok, status, headers, text }) => done({ ok, status, headers, text: async () => (await answer).text() }), failed) };
        }",
        warning: None,
        is_found_by_doctor: false,
    },
    Variant {
        name: "reads-first",
        function: "async (resource, options) => {
            const request = new Request(resource, options);
            if (isForChat(request)) await request.text();
            return original(request);
        }",
        warning: Some("it breaks them"),
        is_found_by_doctor: true,
    },
    Variant {
        name: "throws",
        function: "(resource, options) => {
            if (isForChat(resource)) throw new Error('not allowed');
            return original(resource, options);
        }",
        warning: Some("it breaks them"),
        is_found_by_doctor: true,
    },
    Variant {
        name: "proxy-with-cookies",
        function: "new Proxy(original, { apply: (target, self, [resource, options]) =>
            target.call(window, resource, { ...options, credentials: 'include' }) })",
        warning: Some("it breaks them"),
        is_found_by_doctor: true,
    },
    Variant {
        name: "no-headers",
        function: "(resource, options) => original(resource, isForChat(resource) ? { ...options, headers: {} } : options)",
        warning: Some("changes the headers"),
        is_found_by_doctor: true,
    },
    Variant {
        name: "header",
        // The page of the case has its own replacement.
        function: "fetch",
        warning: Some("sets the header traceparent"),
        is_found_by_doctor: true,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_fetch_keeps_nobody_from_chatting() {
    let page = page_of("10-wrapped-fetch");
    let script = "<script>";
    let own_wrapper = &page[page.find(script).unwrap_or(0)..page.find("</script>").unwrap_or(0)];
    let server = TestServer::with_page(&page).await;
    for variant in &VARIANTS {
        let wrapper = WRAPPER.replace("$FUNCTION", variant.function);
        let scripts = if variant.name == "header" {
            format!("{script}{{{wrapper}}}</script>{own_wrapper}")
        } else {
            format!("{script}{{{wrapper}}}")
        };
        let text = page.replacen(own_wrapper, &scripts, 1);
        server.serve(&format!("{}.html", variant.name), &text);
    }
    let visitor = server.visitor().await;
    let agent = server.agent().await;
    for variant in &VARIANTS {
        let name = variant.name;
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        let doctor = "const done = arguments[arguments.length - 1];
            Pipit.doctor().then(found => done(found.find(it => it.check === 'fetch')), error => done(`${error}`))";
        visitor.part("launcher").await;
        let finding = visitor.browser.script_async(doctor, vec![]).await;
        assert_eq!(
            finding["isFine"],
            json!(!variant.is_found_by_doctor),
            "{name}: {finding}"
        );
        if variant.is_found_by_doctor {
            let fix = finding["fix"].as_str().unwrap_or_default();
            assert!(fix.contains(&server.api()), "{name}: {finding}");
        }
        visitor.start_chat().await;
        agent.accept().await;
        visitor.send_message(name).await;
        agent.wait_for_last_message(&format!("> {name}")).await;
        agent.send_message("received").await;
        visitor.wait_for_last_message("< received").await;
        // The message reached the agent once, and the visitor sees it as sent.
        let sent = format!("> {name}");
        let shown = agent.conversation().await;
        assert_eq!(
            shown.iter().filter(|it| **it == sent).count(),
            1,
            "{name}: {shown:?}"
        );
        let warnings = visitor
            .browser
            .script("return warnings.filter(it => it.includes('fetch'))", vec![])
            .await;
        let warnings = warnings.as_array().cloned().unwrap_or_default();
        if let Some(warning) = variant.warning {
            assert_eq!(warnings.len(), 1, "{name}: {warnings:?}");
            let line = warnings[0].to_string();
            assert!(line.contains(warning), "{name}: {line}");
            assert!(line.contains(&server.api()), "{name}: {line}");
        } else {
            assert!(warnings.is_empty(), "{name}: {warnings:?}");
            let seen = "return seen.some(url => url.includes('/postMessage'))";
            assert_eq!(
                visitor.browser.script(seen, vec![]).await,
                json!(true),
                "{name}"
            );
        }
        visitor.end_chat().await;
        // An agent can hold only a few engagements.
        agent.click("release").await;
        let forget = "document.querySelector('pipit-chat').chat.destroy(); sessionStorage.clear()";
        visitor.browser.script(forget, vec![]).await;
    }
    agent.browser.close().await;
    visitor.browser.close().await;
}
