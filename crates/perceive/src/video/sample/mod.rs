//! Which pictures to look at.
