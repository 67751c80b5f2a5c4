//! The faults of the world, beside those of single requests.

use pipit_switchboard::{Config, PoolAddress};
use pipit_wire::vocabulary::SneakPreviewState;

use crate::fault::Fault;
use crate::server::{FORBIDDEN_HOST, Held, OTHER_HOST};
use crate::tab::MOST_LAG_MS;
use crate::world::{World, note};

impl World {
    /// The next fault of the world strikes.
    pub(crate) fn trouble(&mut self) {
        let Some(fault) = self.weather.strike_world(&mut self.chance) else {
            return;
        };
        if self.tab.is_frozen() && matches!(fault, Fault::Frozen | Fault::Woken | Fault::Crash) {
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
                self.freeze(for_ms);
            }
            Fault::Reload => self.reload(),
            Fault::Crash => self.tab.is_dying = true,
            Fault::ClockJump => self.jump(),
            Fault::LateTimers => self.tab.lag_ms = self.chance.between(5, MOST_LAG_MS),
            Fault::Woken => self.input(pipit_engine::Input::Wake),
            Fault::PreviewSwitched => self.switch_preview(),
            Fault::AgentAway => {
                let for_ms = self.chance.between(1_000, 300_000);
                self.clerk_goes_away(for_ms);
            }
            _ => {}
        }
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
        self.tab.wall_skew_ms += self.chance.either(by_ms, -by_ms);
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
