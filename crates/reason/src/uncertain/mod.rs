//! What may be off: exact probabilities where they are easy, seeded draws of Worlds where they are not.
//!
//! A World says how far off its rows may be: a covariance of a position, a deviation of an extent, a probability that a thing is
//! there at all, the recall of coverage, a probability of a label. [`Doubt::draw`] gives one World that could be the true one; a program that runs on many
//! of them has a distribution of answers (possible worlds by sampling: Jampani et al., *MCDB*, SIGMOD 2008).

mod draw;
mod drawn;
pub mod exact;
mod labels;

pub use draw::Draw;
pub use drawn::Doubt;
