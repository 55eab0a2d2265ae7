//! Scores exactly as a benchmark's own code gives them, where a better definition stands beside: `NAME/official`, in catalogues `NAME-official`.
//! Each says how they differ.

mod mra;
mod mvbench;
mod next_gqa;
mod view_spatial;
mod vsi_bench;

pub use mra::OfficialMra;
pub use mvbench::OfficialMvBench;
pub use next_gqa::OfficialNextGqa;
pub use view_spatial::OfficialViewSpatial;
pub use vsi_bench::OfficialVsiBench;
