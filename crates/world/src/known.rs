//! When something was known: the second clock of every row.

use crate::time::Time;

/// When a row was known, apart from when it was so (*valid* time; databases call *known* the transaction time).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Known {
    /// The commit that wrote the row; 0 before the first commit.
    pub revision: u64,
    /// Record time of the newest observation that the row rests on.
    pub at: Time,
}

impl Known {
    /// Known always, from the first revision: what a timeless scene says.
    pub const ALWAYS: Known = Known { revision: 0, at: Time::MIN };

    /// Known at this record time, in revision 0 (the writer stamps the revision at commit).
    pub fn at(at: Time) -> Known {
        Known { revision: 0, at }
    }
}

/// Which rows a reader sees: those known by a revision, and by a moment of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// The newest visible revision (`as_of`).
    pub as_of: u64,
    /// The newest visible record time (`asked_at`).
    pub asked_at: Time,
}

impl View {
    /// Everything.
    pub const NEWEST: View = View { as_of: u64::MAX, asked_at: Time::MAX };

    /// The reader sees a row known then.
    pub fn sees(self, known: Known) -> bool {
        known.revision <= self.as_of && known.at <= self.asked_at
    }

    /// The reader sees a row known then and closed (superseded) by the revision `closed`, if any.
    pub fn sees_open(self, known: Known, closed: Option<u64>) -> bool {
        self.sees(known) && closed.is_none_or(|revision| revision > self.as_of)
    }
}

impl Default for View {
    fn default() -> View {
        View::NEWEST
    }
}
