//! The faults of the world, beside those of single requests.

use pipit_engine::{Input, TabMode};
use pipit_switchboard::{Config, PoolAddress};
use pipit_wire::vocabulary::SneakPreviewState;

use crate::fault::Fault;
use crate::page::{MOST_LAG_MS, PageNo};
use crate::server::{FORBIDDEN_HOST, Held, OTHER_HOST};
use crate::world::{World, note};

/// There are never more tabs than this, closed ones included.
const MOST_TABS: usize = 8;

impl World {
    /// The next fault of the world strikes.
    pub(crate) fn trouble(&mut self) {
        let Some(fault) = self.weather.strike_world(&mut self.chance) else {
            return;
        };
        let Some(number) = self.any_page() else {
            return;
        };
        let runs = self.page(number).runs();
        if !runs && matches!(fault, Fault::Frozen | Fault::Woken | Fault::Crash) {
            return;
        }
        note!(self, "{fault:?}");
        self.struck(fault);
        match fault {
            Fault::Offline => {
                self.network.offline_until = self.now + self.chance.between(500, 60_000);
                self.cut_off();
            }
            Fault::Restart => self.restart(),
            Fault::Wiped => {
                self.restart();
                self.server.wipe();
                self.wiped_sessions();
            }
            Fault::Migration => self.migrate(),
            Fault::Frozen => {
                let most = self.chance.pick(&[5_000, 60_000, 600_000]);
                let for_ms = self.chance.between(1_000, most.unwrap_or(5_000));
                self.freeze(number, for_ms);
            }
            Fault::Reload => self.reload(number),
            Fault::Crash => self.page_mut(number).is_dying = true,
            Fault::TabOpened
                if self.tab_mode == TabMode::Shared && self.pages.len() < MOST_TABS =>
            {
                self.open();
            }
            Fault::TabClosed if self.open_pages().len() > 1 => self.close(number),
            Fault::ClockJump => self.jump(),
            Fault::LateTimers => {
                self.page_mut(number).lag_ms = self.chance.between(5, MOST_LAG_MS);
            }
            Fault::Woken => self.engine(number, Input::Wake),
            Fault::PreviewSwitched => self.switch_preview(),
            Fault::AgentAway => {
                let for_ms = self.chance.between(1_000, 300_000);
                self.clerk_goes_away(for_ms);
            }
            _ => {}
        }
    }

    /// A tab that is open; half of the time the one that leads.
    fn any_page(&mut self) -> Option<PageNo> {
        let open = self.open_pages();
        let any = self.chance.pick(&open);
        let leading = self.leading().or(any);
        self.chance.either(leading, any)
    }

    /// The server is gone for a while; the polls that it held are lost.
    fn restart(&mut self) {
        self.server.down_until = self.now + self.chance.between(200, 20_000);
        let now = self.server_now();
        let gone: Vec<Held> = std::mem::take(&mut self.server.held);
        self.abandon(gone, now);
        self.cut_off();
    }

    fn migrate(&mut self) {
        self.pools += 1;
        let domain = self
            .chance
            .pick(&[None, Some(OTHER_HOST), Some(FORBIDDEN_HOST)]);
        let to = PoolAddress {
            pool: format!("{}:1", 297 + self.pools),
            domain: domain.flatten().map(str::to_owned),
            port: None,
        };
        let now = self.server_now();
        self.server.board.migrate(to, now);
    }

    fn jump(&mut self) {
        let by_ms = self.chance.between(0, 7_200_000).cast_signed();
        self.browser.wall_skew_ms += self.chance.either(by_ms, -by_ms);
    }

    fn switch_preview(&mut self) {
        let state = match self.server.board.config().sneak_preview_state {
            SneakPreviewState::Enabled => SneakPreviewState::Disabled,
            _ => SneakPreviewState::Enabled,
        };
        let config = Config {
            sneak_preview_state: state,
            ..self.server.board.config().clone()
        };
        self.server.board.configure(config);
    }

    /// What the server has forgotten is at no agent and will be at none.
    fn wiped_sessions(&mut self) {
        for text in self.witness.texts.values_mut() {
            text.session = None;
        }
    }
}
