//! Carries out the faults that do not belong to a single request. Examples: the browser goes offline, the server
//! restarts, a page freezes.

use pipit_engine::{Input, TabMode};
use pipit_switchboard::{Config, PoolAddress};
use pipit_wire::vocabulary::SneakPreviewState;

use super::World;
use crate::fault::Fault;
use crate::ids::PageIndex;
use crate::page::MAX_TIMER_LAG_MS;
use crate::server::{FORBIDDEN_HOST, HOST_AFTER_MIGRATION};

/// The maximum number of pages in one simulated run, closed ones included.
const MAX_PAGES: usize = 8;

impl World {
    /// Draws a fault and the page that it strikes, and carries the fault out. Does nothing if the world has no fault of
    /// this kind, or if the fault needs a running page and the page is frozen.
    pub(super) fn strike_world(&mut self) {
        let Some(fault) = self.fault_plan.draw_for_world(&mut self.chance) else {
            return;
        };
        let Some(index) = self.draw_open_page() else {
            return;
        };
        // A frozen page processes no input until it resumes, and its freeze cannot be extended.
        let is_running = self.page(index).is_running();
        if !is_running && matches!(fault, Fault::Frozen | Fault::Woken | Fault::Crash) {
            return;
        }
        // Writes the fault into the log of the simulated run.
        note!(self, "{fault:?}");
        self.record_fault(fault);
        match fault {
            Fault::Offline => {
                self.network.offline_until = self.now + self.chance.between(500, 60_000);
                self.break_open_connections();
            }
            Fault::Restart => self.restart_server(),
            Fault::Wiped => {
                self.restart_server();
                self.server.wipe();
                self.forget_accepting_sessions();
            }
            Fault::Migration => self.migrate(),
            Fault::Frozen => {
                // The maximum is drawn before the length, so that short freezes are frequent.
                let longest_ms = self.chance.pick(&[5_000, 60_000, 600_000]);
                let for_ms = self.chance.between(1_000, longest_ms.unwrap_or(5_000));
                self.freeze_page(index, for_ms);
            }
            Fault::Reload => self.reload_page(index),
            Fault::Crash => self.page_mut(index).crashes_after_next_effect = true,
            Fault::TabOpened
                if self.tab_mode == TabMode::Shared && self.pages.len() < MAX_PAGES =>
            {
                self.open_page();
            }
            Fault::TabCopied
                if self.tab_mode != TabMode::Shared
                    && self.page(index).storage.head.is_some()
                    && self.pages.len() < MAX_PAGES =>
            {
                self.copy_page(index);
            }
            Fault::TabClosed if self.open_pages().len() > 1 => self.close_page(index),
            Fault::ClockJump => self.set_wall_clock(),
            Fault::LateTimers => {
                self.page_mut(index).timer_lag_ms = self.chance.between(5, MAX_TIMER_LAG_MS);
            }
            // The page reports to the engine that it may have been frozen, although it has not been.
            Fault::Woken => self.engine_input(index, Input::Wake),
            Fault::PreviewSwitched => self.switch_preview(),
            Fault::AgentAway => {
                let for_ms = self.chance.between(1_000, 300_000);
                self.send_agent_away(for_ms);
            }
            // A tab cannot be opened or closed now; the fault counts as struck all the same. The faults of requests and
            // sessions are not drawn here.
            _ => {}
        }
    }

    /// Draws an open page: half of the time the page that leads (if a page leads), and otherwise any page.
    fn draw_open_page(&mut self) -> Option<PageIndex> {
        let open = self.open_pages();
        let any_page = self.chance.pick(&open);
        let leader = self.leader().or(any_page);
        self.chance.either(leader, any_page)
    }

    /// Restarts the server: it does not answer for up to 20 s, and loses the polls that it holds.
    fn restart_server(&mut self) {
        self.server.down_until = self.now + self.chance.between(200, 20_000);
        let lost_polls = std::mem::take(&mut self.server.held_polls);
        self.abandon_polls(lost_polls);
        self.break_open_connections();
    }

    /// Moves the site (the customer's account at the chat service) to another pool (group of chat servers), and perhaps
    /// to another host, which the options of the web page allow or forbid.
    fn migrate(&mut self) {
        self.migration_count += 1;
        let domain = self
            .chance
            .pick(&[None, Some(HOST_AFTER_MIGRATION), Some(FORBIDDEN_HOST)]);
        let address = PoolAddress {
            // The pools are `297:1` at the beginning, then `298:1`, `299:1` and so on.
            pool: format!("{}:1", 297 + self.migration_count),
            domain: domain.flatten().map(str::to_owned),
            port: None,
        };
        let now = self.server_now();
        self.server.switchboard.migrate(address, now);
    }

    /// Sets the browser's wall clock forward or back by up to 2 h. Without locks, the tab that began to lead later by the
    /// wall clock goes on, so the clock is only set forward.
    fn set_wall_clock(&mut self) {
        let by_ms = self.chance.between(0, 7_200_000).cast_signed();
        self.browser.wall_skew_ms += match self.tab_mode {
            TabMode::Claimed => by_ms,
            TabMode::Shared | TabMode::Alone => self.chance.either(by_ms, -by_ms),
        };
    }

    /// Switches the site's sneak preview on or off. A sneak preview shows the agent what the visitor is typing.
    fn switch_preview(&mut self) {
        let state = match self.server.switchboard.config().sneak_preview_state {
            SneakPreviewState::Enabled => SneakPreviewState::Disabled,
            _ => SneakPreviewState::Enabled,
        };
        let config = Config {
            sneak_preview_state: state,
            ..self.server.switchboard.config().clone()
        };
        self.server.switchboard.configure(config);
    }

    /// Records that the server has lost all messages, so that no check demands that an agent reads them. The `session`
    /// of a text is the session in which the server has accepted it.
    fn forget_accepting_sessions(&mut self) {
        for text in self.witness.texts.values_mut() {
            text.session = None;
        }
    }
}
