//! What the fuzz targets share: the doors through which anybody's bytes come in, and the seeds of each.

pub mod doors;
pub mod rewards;
pub mod seeds;

use chronotope::score;

/// Writes the seeds of a door into the folder that `CHRONOTOPE_FUZZ_SEEDS` names, and ends the process; else nothing.
pub fn write_seeds_if_asked(door: &str) {
    let Some(folder) = std::env::var_os("CHRONOTOPE_FUZZ_SEEDS") else { return };
    std::fs::create_dir_all(&folder).expect("the folder of seeds can be made");
    for (n, bytes) in seeds::seeds(door).iter().enumerate() {
        let path = std::path::Path::new(&folder).join(format!("seed-{n}"));
        std::fs::write(path, bytes).expect("a seed can be written");
    }
    std::process::exit(0);
}

/// A target that knocks at one door. With `CHRONOTOPE_FUZZ_SEEDS=FOLDER` it writes the door's seeds there instead, and ends.
#[macro_export]
macro_rules! target {
    ($door:literal) => {
        libfuzzer_sys::fuzz_target!(
            init: chronotope_fuzz::write_seeds_if_asked($door),
            |bytes: &[u8]| {
                // refused is fine; what must not be is an assertion of the door
                chronotope_fuzz::doors::door($door).expect("a door")(bytes).ok();
            }
        );
    };
}
