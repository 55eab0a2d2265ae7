//! World on disk: the bundle.
