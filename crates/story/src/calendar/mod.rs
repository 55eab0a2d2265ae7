//! Time in words: dates, hours, zones, durations and frequencies, on the calendar with its leap days and clock changes.
//!
//! ```text
//! "29 February 2024 at 3 pm Europe/Berlin" ──read──▶ Within: from 15:00:00, one hour long at that precision
//! "three days ago", "next Monday"          ──read──▶ Within: counted from the `now` that the caller gives
//! "two hours and a half"                   ──read──▶ Lasts
//! "every second week", "twice a day"       ──read──▶ Repeats
//! ```
//!
//! Dates are Gregorian, computed by `jiff` on the IANA zones that it carries; nothing reads the machine's clock or zone.
//! A wording that is not known gives none, never a guess: "03/04/2024" may be March or April.

mod arithmetic;
mod words;

pub use arithmetic::answer;
pub use words::{Repeats, SOME_DAY, TimeWords, Within, read};
