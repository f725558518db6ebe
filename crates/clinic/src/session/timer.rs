//! When a session must end: idle time, absolute limit, and how old the last proof of identity may be.
//!
//! Pure over monotonic time: a wall clock set back or forward changes nothing.

use std::time::{Duration, Instant};

pub const MAX_IDLE: Duration = Duration::from_secs(15 * 60);
pub const ABSOLUTE_LIMIT: Duration = Duration::from_secs(12 * 3600);
/// The warning shows this long before an idle lock.
pub const IDLE_WARNING: Duration = Duration::from_secs(30);
pub const STEP_UP_AFTER: Duration = Duration::from_secs(5 * 60);

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    User,
    Idle,
    Limit,
    OsLock,
    Suspend,
}

impl LockReason {
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Idle => "idle",
            Self::Limit => "limit",
            Self::OsLock => "os_lock",
            Self::Suspend => "suspend",
        }
    }
}

/// What the clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    Open,
    Warn { left: Duration },
    Lock(LockReason),
}

/// Times of one session.
#[derive(Debug, Clone)]
pub struct SessionTimer {
    began: Instant,
    active: Instant,
    /// `None`: the last proof counts no more.
    proved: Option<Instant>,
    idle_limit: Duration,
}

impl SessionTimer {
    pub fn start(idle_limit: Duration) -> Self {
        let now = Instant::now();
        Self { began: now, active: now, proved: Some(now), idle_limit: idle_limit.min(MAX_IDLE) }
    }

    /// The person did something.
    pub fn touch(&mut self) {
        self.active = Instant::now();
    }

    /// The person proved again who they are.
    pub fn proved(&mut self) {
        self.proved = Some(Instant::now());
        self.touch();
    }

    /// Asks for a factor at the next step-up, however new the last proof is.
    pub fn forget_proof(&mut self) {
        self.proved = None;
    }

    pub fn needs_step_up(&self) -> bool {
        self.needs_step_up_at(Instant::now())
    }

    fn needs_step_up_at(&self, now: Instant) -> bool {
        self.proved.is_none_or(|proved| now.saturating_duration_since(proved) > STEP_UP_AFTER)
    }

    pub fn set_idle_limit(&mut self, limit: Duration) {
        self.idle_limit = limit.min(MAX_IDLE);
    }

    pub fn idle_limit(&self) -> Duration {
        self.idle_limit
    }

    pub fn idle_left(&self) -> Duration {
        self.idle_limit.saturating_sub(self.active.elapsed())
    }

    pub fn session_left(&self) -> Duration {
        ABSOLUTE_LIMIT.saturating_sub(self.began.elapsed())
    }

    pub fn tick(&self) -> Tick {
        self.tick_at(Instant::now())
    }

    fn tick_at(&self, now: Instant) -> Tick {
        let idle = now.saturating_duration_since(self.active);
        if now.saturating_duration_since(self.began) >= ABSOLUTE_LIMIT {
            Tick::Lock(LockReason::Limit)
        } else if idle >= self.idle_limit {
            Tick::Lock(LockReason::Idle)
        } else if idle + IDLE_WARNING.min(self.idle_limit / 2) >= self.idle_limit {
            Tick::Warn { left: self.idle_limit - idle }
        } else {
            Tick::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warns_then_locks_and_activity_starts_over() {
        let timer = SessionTimer::start(Duration::from_secs(300));
        let at = |seconds| timer.tick_at(timer.active + Duration::from_secs(seconds));
        assert_eq!(at(0), Tick::Open);
        assert_eq!(at(269), Tick::Open);
        assert_eq!(at(270), Tick::Warn { left: Duration::from_secs(30) });
        assert_eq!(at(300), Tick::Lock(LockReason::Idle));
    }

    #[test]
    fn the_longest_idle_limit_is_fifteen_minutes_and_a_day_ends() {
        let mut timer = SessionTimer::start(Duration::from_secs(9999));
        assert_eq!(timer.idle_limit(), MAX_IDLE);
        timer.active = timer.began + ABSOLUTE_LIMIT;
        assert_eq!(timer.tick_at(timer.began + ABSOLUTE_LIMIT), Tick::Lock(LockReason::Limit));
    }

    #[test]
    fn a_proof_is_good_for_five_minutes_and_activity_does_not_renew_it() {
        let mut timer = SessionTimer::start(Duration::from_secs(300));
        let began = timer.began;
        assert!(!timer.needs_step_up_at(began + STEP_UP_AFTER));
        timer.touch();
        assert!(timer.needs_step_up_at(began + STEP_UP_AFTER + Duration::from_secs(1)));
        timer.forget_proof();
        assert!(timer.needs_step_up_at(began));
        timer.proved();
        assert!(!timer.needs_step_up());
    }
}
