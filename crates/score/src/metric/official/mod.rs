//! Scores exactly as a benchmark's own code gives them, where a better definition stands beside: `NAME/official`, in catalogues `NAME-official`.
//! Each says how they differ.

mod mra;
mod mvbench;
mod next_gqa;
mod ost_bench;
mod spar_bench;
mod spatial_rgpt;
mod stare;
mod temp_compass;
mod tomato;
mod v_star;
mod view_spatial;
mod vsi_bench;

pub use mra::OfficialMra;
pub use mvbench::OfficialMvBench;
pub use next_gqa::OfficialNextGqa;
pub use ost_bench::OfficialOstBench;
pub use spar_bench::OfficialSparBench;
pub use spatial_rgpt::OfficialSpatialRgpt;
pub use stare::OfficialStare;
pub use temp_compass::OfficialTempCompass;
pub use tomato::OfficialTomato;
pub use v_star::OfficialVStar;
pub use view_spatial::OfficialViewSpatial;
pub use vsi_bench::OfficialVsiBench;

use crate::datum::Datum;

/// What was replied: a text or number, or of a row of a file its field.
fn reply(said: &Datum) -> String {
    const FIELDS: [&str; 7] = ["prediction", "pred", "response", "output", "completion", "result", "answer"];
    match said {
        Datum::Record(_) => {
            FIELDS.iter().find_map(|name| said.field(name)).map_or_else(String::new, Datum::to_string)
        }
        said => said.to_string(),
    }
}
