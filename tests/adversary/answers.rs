//! Broken answers, for each operation of the visitor. `breakage.rs` lists the ways; the tests say what the visitor sees.

use serde_json::{Value, json};

use super::Scene;
use super::agent::Agent;
use super::breakage::{Breakage, Leaves, all};
use pipit_e2e::wait_for;

/// What the panel shows, read by one script.
const READ_PANEL: &str = "
    const root = document.querySelector('pipit-chat').shadowRoot;
    const seen = css => [...root.querySelectorAll(css)].filter(it => it.getClientRects().length);
    const texts = css => seen(css).map(it => it.textContent.trim());
    return {
        messages: seen('[part~=message]').map(it => [it.part.contains('message-visitor') ? '>' : '<',
            it.querySelector('.bubble').textContent, it.querySelector('[part~=state]')?.textContent.trim() ?? ''].join(' ').trim()),
        list: texts('.list').join(),
        failed: texts('[part~=failed] h3').join(),
        canTryAgain: seen('[part~=try-again]').length > 0,
        banner: texts('[part~=banner]').join(),
    }";

/// The headlines of a start that did not succeed.
const FAILED_START: [&str; 5] = [
    "We couldn't open the chat",
    "The chat service gave an unexpected answer",
    "We can't reach the chat service",
    "The chat service has a problem",
    "The chat service took too long to answer",
];

/// The notice in the place of a message that may have been lost.
const GAP: &str = "Something may be missing here";

impl Scene {
    async fn panel(&self) -> Value {
        self.visitor.browser.script(READ_PANEL, vec![]).await
    }

    /// What the panel shows when everything that has happened so far is drawn: the widget draws with the next frame.
    async fn drawn_panel(&self) -> Value {
        let two_frames = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => done()))";
        self.visitor.browser.script_async(two_frames, vec![]).await;
        self.panel().await
    }

    /// Waits until the panel is in order, as `check` says, and returns what it shows.
    async fn wait_for_panel(&self, what: &str, check: impl Fn(&Value) -> bool) -> Value {
        wait_for(what, || async {
            let panel = self.panel().await;
            check(&panel).then_some(panel)
        })
        .await
    }

    /// Starts a chat with an agent.
    async fn chat(&self, agent: &Agent) -> Value {
        assert_eq!(self.call("open()").await, Value::Null);
        assert_eq!(self.call("startChat()").await, Value::Null);
        self.wait_for_state("a place in the queue", &["queued"])
            .await;
        let engagement = self.server.newest_engagement().await;
        agent.accept(&engagement).await;
        self.wait_for_state("an agent", &["chatting"]).await;
        engagement
    }
}

/// Collects the faults of all cases, so that one run shows all of them.
#[derive(Default)]
struct Report(Vec<String>);

impl Report {
    fn add(&mut self, case: &Breakage, faults: impl IntoIterator<Item = String>) {
        self.0.extend(
            faults
                .into_iter()
                .map(|fault| format!("{}: {fault}", case.name)),
        );
    }

    fn expect(&mut self, case: &Breakage, is_right: bool, what: &str, panel: &Value) {
        self.add(case, (!is_right).then(|| format!("{what}, but: {panel}")));
    }

    fn finish(self) {
        assert!(
            self.0.is_empty(),
            "{} faults:\n{}",
            self.0.len(),
            self.0.join("\n")
        );
    }
}

/// Starts a chat again and again, each time with another broken answer of this operation.
async fn check_starts(operation: &'static str) {
    let scene = Scene::start("").await;
    assert_eq!(scene.call("open()").await, Value::Null);
    let mut report = Report::default();
    for case in all() {
        scene.proxy.break_next(operation, case);
        assert_eq!(
            scene.call("startChat()").await,
            Value::Null,
            "{}",
            case.name
        );
        let state = scene.wait_for_state(case.name, &["queued", "failed"]).await;
        let panel = scene.drawn_panel().await;
        let is_started = state == "queued";
        match case.leaves {
            Leaves::Everything => report.expect(&case, is_started, "the chat starts", &panel),
            Leaves::Nothing => report.expect(&case, !is_started, "the chat does not start", &panel),
            Leaves::Unstated => {}
        }
        if is_started {
            assert_eq!(scene.call("endChat()").await, Value::Null);
            scene.wait_for_state("the end", &["ended", "idle"]).await;
        } else {
            let headline = panel["failed"].as_str().unwrap_or_default();
            let has_way = panel["canTryAgain"] == json!(true)
                || panel["list"].to_string().contains("contact us another way");
            let is_told = FAILED_START.contains(&headline) && has_way;
            report.expect(&case, is_told, "a headline and a way to go on", &panel);
        }
        report.add(&case, scene.faults().await);
    }
    scene.call("startChat()").await;
    scene.wait_for_state("a chat after all", &["queued"]).await;
    report.finish();
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_session_is_told_and_can_be_tried_again() {
    check_starts("session").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_start_is_told_and_can_be_tried_again() {
    check_starts("requestEngagement").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_broke_is_never_lost_unseen_and_never_doubled() {
    let scene = Scene::start("").await;
    let agent = Agent::log_on(&scene.server).await;
    scene.chat(&agent).await;
    let mut report = Report::default();
    for (number, case) in all().into_iter().enumerate() {
        let text = format!("message {number}.");
        scene.proxy.break_next("postMessage", case);
        scene.call(&format!("send('{text}')")).await;
        let of_text = |panel: &Value| {
            let messages = panel["messages"].as_array().cloned().unwrap_or_default();
            let of_text = messages
                .iter()
                .filter_map(Value::as_str)
                .filter(|it| it.contains(&text));
            of_text.map(str::to_owned).collect::<Vec<_>>()
        };
        // Known are: sent (no state, or *Sent*), not sure, not delivered.
        let is_settled = |panel: &Value| {
            !scene.proxy.is_planned()
                && of_text(panel)
                    .first()
                    .is_some_and(|message| !message.contains("Sending"))
        };
        let panel = scene.wait_for_panel(case.name, is_settled).await;
        let shown = of_text(&panel).join(" | ");
        let is_known =
            !shown.contains("May not have been delivered") && !shown.contains("Not delivered");
        match case.leaves {
            Leaves::Everything => {
                report.expect(&case, is_known, "the message is sent", &json!(shown));
            }
            Leaves::Nothing => {
                report.expect(&case, !is_known, "the visitor is told", &json!(shown));
            }
            Leaves::Unstated => {}
        }
        if !is_known {
            scene.visitor.send_again().await;
            // A message that is *not delivered* can only be removed.
            let is_settled = |panel: &Value| {
                let unsettled = ["Not ", "Sending"];
                of_text(panel)
                    .first()
                    .is_none_or(|it| !unsettled.iter().any(|state| it.contains(state)))
            };
            scene
                .wait_for_panel(
                    &format!("{}: the button was pressed", case.name),
                    is_settled,
                )
                .await;
        }
        report.expect(
            &case,
            of_text(&scene.panel().await).len() <= 1,
            "the message is shown once",
            &json!(shown),
        );
        report.add(&case, scene.faults().await);
    }
    report.finish();
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_broken_poll_is_shown_or_its_absence_is() {
    let scene = Scene::start("").await;
    let agent = Agent::log_on(&scene.server).await;
    let engagement = scene.chat(&agent).await;
    let mut report = Report::default();
    for (number, case) in all().into_iter().enumerate() {
        let gaps_before = gap_count(&scene.panel().await);
        scene.proxy.break_next("getMessages", case);
        let text = format!("answer {number}.");
        agent.post(&engagement, &text).await;
        let taken = || async { (!scene.proxy.is_planned()).then_some(()) };
        wait_for(&format!("{}: the poll breaks", case.name), taken).await;
        let next = format!("next {number}.");
        agent.post(&engagement, &next).await;
        let has = |panel: &Value, text: &str| panel["list"].to_string().contains(text);
        let panel = scene
            .wait_for_panel(case.name, |panel| has(panel, &next))
            .await;
        let is_shown = has(&panel, &text);
        let is_gap_shown = gap_count(&panel) > gaps_before || has(&panel, "could not be read");
        if case.leaves == Leaves::Everything {
            report.expect(
                &case,
                is_shown && !is_gap_shown,
                "the message is shown",
                &panel["list"],
            );
        }
        report.expect(
            &case,
            is_shown || is_gap_shown,
            "the gap is shown",
            &json!(next),
        );
        let is_single = panel["list"].to_string().matches(&text).count() <= 1;
        report.expect(
            &case,
            is_single,
            "the message is shown once",
            &panel["list"],
        );
        report.add(&case, scene.faults().await);
    }
    report.finish();
    scene.end().await;
}

fn gap_count(panel: &Value) -> usize {
    panel["list"].to_string().matches(GAP).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_answers_to_typing_change_nothing_and_an_end_is_an_end() {
    let scene = Scene::start("").await;
    let agent = Agent::log_on(&scene.server).await;
    let mut report = Report::default();
    let mut draft = String::new();
    for case in all() {
        scene.chat(&agent).await;
        scene.proxy.break_next("activity", case);
        scene.visitor.type_text("a").await;
        // The next conversation begins with the draft of the one before.
        draft += "a";
        let taken = || async { (!scene.proxy.is_planned()).then_some(()) };
        wait_for(&format!("{}: a report of typing", case.name), taken).await;
        scene.proxy.break_next("concludeEngagement", case);
        assert_eq!(scene.state().await, "chatting", "{}", case.name);
        assert_eq!(scene.visitor.draft().await, draft, "{}", case.name);
        assert_eq!(scene.call("endChat()").await, Value::Null, "{}", case.name);
        scene.wait_for_state(case.name, &["ended"]).await;
        let taken = || async { (!scene.proxy.is_planned()).then_some(()) };
        wait_for(&format!("{}: a report of the end", case.name), taken).await;
        report.add(&case, scene.faults().await);
    }
    report.finish();
    scene.end().await;
}
