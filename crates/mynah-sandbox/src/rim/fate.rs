//! What faults do to one call or event.

use std::time::Duration;

use crate::fault::{Effect, Refusal};
use crate::journal::Verdict;

/// Nothing waits longer for others to overtake it.
pub(crate) const LONGEST_REORDER: Duration = Duration::from_secs(1);

/// When something leaves, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// At once.
    Now,
    /// After a while.
    Later(Duration),
    /// When so many others have left.
    Behind(u32),
    /// Never: it is lost.
    Lost,
    /// Never, and nothing else happens either while this fault stands.
    Stalled(u64),
}

/// The faults of one call or event, in one piece.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) fate: Fate,
    pub(crate) twice: bool,
    pub(crate) forged: bool,
    pub(crate) refusal: Option<Refusal>,
}

impl From<&[Effect]> for Trouble {
    fn from(effects: &[Effect]) -> Self {
        let mut trouble = Self {
            fate: Fate::Now,
            twice: false,
            forged: false,
            refusal: None,
        };
        for effect in effects {
            match *effect {
                Effect::Delay(delay) => trouble.fate = Fate::Later(delay),
                Effect::Reorder { behind } => trouble.fate = Fate::Behind(behind),
                Effect::Drop => trouble.fate = Fate::Lost,
                Effect::Stall(fault) => trouble.fate = Fate::Stalled(fault),
                Effect::Duplicate => trouble.twice = true,
                Effect::Forge => trouble.forged = true,
                Effect::Refuse(refusal) => trouble.refusal = Some(refusal),
                // Sockets see to this themselves.
                Effect::Close => {}
            }
        }
        trouble
    }
}

impl Trouble {
    /// Whether it happens at all.
    pub(crate) fn lets_happen(&self) -> bool {
        self.refusal.is_none() && !matches!(self.fate, Fate::Stalled(_))
    }

    /// What the journal says about it.
    pub(crate) fn verdict(&self) -> (Verdict, &'static str) {
        match self.fate {
            Fate::Now if self.twice => (Verdict::Ok, "fault: twice"),
            Fate::Now => (Verdict::Ok, ""),
            Fate::Later(_) => (Verdict::Delayed, "fault: delayed"),
            Fate::Behind(_) => (Verdict::Delayed, "fault: out of order"),
            Fate::Lost => (Verdict::Dropped, "fault: lost"),
            Fate::Stalled(_) => (Verdict::Dropped, "fault: half-open"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_one_call_come_together() {
        let late = Duration::from_millis(5);
        let trouble = Trouble::from(&[Effect::Delay(late), Effect::Duplicate][..]);
        assert_eq!(trouble.fate, Fate::Later(late));
        assert!(trouble.twice && !trouble.forged && trouble.refusal.is_none());
        let trouble = Trouble::from(&[Effect::Delay(late), Effect::Drop][..]);
        assert_eq!(trouble.fate, Fate::Lost);
    }
}
