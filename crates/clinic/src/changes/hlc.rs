//! Hybrid logical clock of this desk: never goes back, whatever the wall clock does.

use std::time::Duration;

use protocol::{Clock, DeskId};

/// How far ahead of this desk's wall clock another desk's change may be and still move our clock.
const MAX_AHEAD: Duration = Duration::from_secs(600);

/// Source of clocks for changes made here.
pub struct HybridClock {
    desk: DeskId,
    hlc: uhlc::HLC,
    last: u64,
}

impl HybridClock {
    /// `last` is the time of the newest change of this desk, so that a wall clock set back cannot make a clock twice.
    pub fn new(desk: DeskId, last: u64) -> Self {
        let id = uhlc::ID::try_from(&desk.0[..]).unwrap_or_else(|_| uhlc::ID::rand());
        Self { desk, hlc: uhlc::HLCBuilder::new().with_id(id).with_max_delta(MAX_AHEAD).build(), last }
    }

    /// The next clock: greater than every one given before.
    pub fn tick(&mut self) -> Clock {
        let now = self.hlc.new_timestamp().get_time().as_u64();
        self.last = now.max(self.last + 1);
        Clock { time: self.last, desk: self.desk }
    }

    /// Takes note of another desk's clock. False: it is so far ahead that it must not move ours.
    pub fn observe(&mut self, seen: Clock) -> bool {
        let id = uhlc::ID::try_from(&seen.desk.0[..]).unwrap_or_else(|_| uhlc::ID::rand());
        let near = self.hlc.update_with_timestamp(&uhlc::Timestamp::new(uhlc::NTP64(seen.time), id)).is_ok();
        if near {
            self.last = self.last.max(seen.time);
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_clock_set_back_by_years_still_gives_greater_clocks() {
        let desk = DeskId([7; 16]);
        let far = HybridClock::new(desk, 0).tick().time + (5 << 57);
        let mut clock = HybridClock::new(desk, far);
        let first = clock.tick();
        assert!(first.time > far);
        assert!(clock.tick() > first);
    }

    #[test]
    fn a_desk_far_ahead_does_not_drag_ours_along() {
        let mut clock = HybridClock::new(DeskId([7; 16]), 0);
        let now = clock.tick().time;
        assert!(!clock.observe(Clock { time: now + (3600 << 32), desk: DeskId([8; 16]) }));
        assert!(clock.tick().time < now + (60 << 32));
        assert!(clock.observe(Clock { time: now + (5 << 32), desk: DeskId([8; 16]) }));
        assert!(clock.tick().time > now + (5 << 32));
    }
}
