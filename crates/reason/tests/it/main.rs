//! Tests of exact computing on data from outside.

mod grid_paths;
