//! Time in words: dates, hours, zones, durations and frequencies, on the calendar with its leap days and clock changes.
//!
//! ```text
//! "29 February 2024 at 3 pm Europe/Berlin" ──read──▶ Within: from 15:00:00, one hour long at that precision
//! "three days ago", "next Monday"          ──read──▶ Within: counted from the `now` that the caller gives
//! "early 2024", "around noon"              ──read──▶ Within: as far as it may reach, and the certain part
//! "on Monday", "summer 2024"               ──read──▶ Either: all that may be meant
//! "two hours and a half"                   ──read──▶ Lasts
//! "every second week", "twice a day"       ──read──▶ Repeats
//! ```
//!
//! Dates are Gregorian, computed by `jiff` on the IANA zones that it carries; nothing reads the machine's clock or zone.
//! A wording that is not known gives none, never a guess; "03/04/2024" gives both that it may be, "early 2024" what it may reach and what it surely holds.

mod arithmetic;
mod day;
mod duration;
mod hour;
mod repeats;
#[cfg(test)]
mod tests;
mod vague;
mod words;

pub(crate) use arithmetic::often_in;
pub use arithmetic::{Reckoned, answer};
pub use repeats::{On, Repeats};
pub use words::{Day, SOME_DAY, TimeWords, Within, read};

/// Whether a word in small letters is the whole name of a day of the week.
pub(crate) fn is_weekday(word: &str) -> bool {
    day::weekday(word).is_some()
}
