//! What the engine alone reaches on each benchmark.

use chronotope_evaluate::{KittiCalibration, Noise, Run, Settings, run};
use chronotope_tasks::Benchmark as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// The folder of data of this name, with the line that the counter of data tests reads.
pub(crate) fn data(test: &str, name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHRONOTOPE_DATA")
        .map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let folder = root.join(name);
    let found = folder.exists();
    eprintln!("data test {}: {test}", if found { "run" } else { "skipped" });
    found.then_some(folder)
}

fn settings() -> Settings {
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Settings {
        limit: None,
        threads,
        means: chronotope_act::Means::default(),
        seed: 0,
        noise: Noise::default(),
        out: None,
    }
}

/// Runs a benchmark; none where its data is not there.
fn answered(benchmark: &str, folder: &str) -> Option<Run> {
    let data = data(&format!("{benchmark} answered by the engine alone"), folder)?;
    let benchmark = chronotope_tasks::by_name(benchmark).expect("listed");
    let strategy = chronotope_act::by_name("exact").expect("listed");
    let loaded = benchmark.load(&data).expect("the files are as released");
    Some(run(benchmark, &loaded, strategy, &settings(), &|_, _| {}).expect("in memory"))
}

/// Prints what came of each type and refuses less than was reached, in percent; `min` is over all items.
fn at_least(run: &Run, least: &[(&str, f64)]) {
    let all = &run.report.all;
    let mut short = Vec::new();
    for (name, score) in &all.by_type {
        eprintln!("{name}: {:.2} % of {}, {} answered", 100.0 * score.score, score.n, score.answered);
    }
    for (name, least) in least {
        let scores = all.by_type.iter().filter(|(group, _)| group.starts_with(name));
        for (group, score) in scores.filter(|(_, score)| 100.0 * score.score < *least) {
            short.push(format!("{group}: {:.2} % of {least} %", 100.0 * score.score));
        }
        assert!(all.by_type.keys().any(|group| group.starts_with(name)), "no type {name}");
    }
    let misses = run.rows.iter().filter(|row| row.score.is_some_and(|score| score < 0.5));
    // wrong answers, and not what was left unanswered
    let most = std::env::var("CHRONOTOPE_MISSES").ok().and_then(|most| most.parse().ok()).unwrap_or(30);
    for row in misses.clone().filter(|row| row.prediction.is_some()).take(most) {
        eprintln!(
            "  {} {}: {} ({}), truth {}",
            row.id,
            row.program,
            row.prediction.as_deref().unwrap_or("–"),
            row.said,
            row.truth
        );
    }
    eprintln!("{} of {} below a half", misses.count(), run.rows.len());
    assert!(short.is_empty(), "{short:?}");
}

#[test]
fn vsi_bench() {
    let Some(run) = answered("vsi-bench", "vsi_bench") else { return };
    // what is missing: a few distances of boxes are a decimal below those of the point clouds that made the truth, and some
    // scenes' own counts are not those of their boxes
    at_least(
        &run,
        &[
            ("object_counting", 99.0),
            ("object_abs_distance", 97.0),
            ("object_rel_distance", 100.0),
            ("object_size_estimation", 99.5),
            ("room_size_estimation", 100.0),
            ("object_rel_direction", 100.0),
        ],
    );
    let order = run.report.all.by_type["obj_appearance_order"];
    assert_eq!(order.answered, 0, "boxes do not tell what was seen first");
}

#[test]
fn stepgame() {
    let Some(run) = answered("stepgame", "stepgame") else { return };
    at_least(&run, &[("corrected_", 100.0)]);
}

#[test]
fn thor_scenes() {
    let Some(run) = answered("thor-scenes", "thor_scenes") else { return };
    at_least(&run, &[("movable", 87.0)]);
    eprintln!("{:?}", run.report.all.values);
}

#[test]
fn grid_paths() {
    let Some(run) = answered("grid-paths", "grid_paths") else { return };
    at_least(&run, &[("", 100.0)]); // every family
}

#[test]
fn sqa3d() {
    let Some(run) = answered("sqa3d", "sqa3d") else { return };
    at_least(&run, &[]);
    eprintln!("{:?} of the answered", run.report.all.overall_answered);
}

#[test]
fn qsrlib() {
    let Some(run) = answered("qsrlib", "qsrlib") else { return };
    at_least(&run, &[("data", 100.0)]);
}

#[test]
fn nuscenes() {
    let Some(run) = answered("nuscenes", "nuscenes_mini") else { return };
    at_least(&run, &[("", 99.0)]); // every type
    assert_eq!(run.report.all.overall_answered, Some(1.0), "what is answered is right");
}

#[test]
fn matres() {
    let Some(run) = answered("matres", "matres") else { return };
    // what follows, follows rightly; most pairs do not follow from the others
    at_least(&run, &[("timebank", 50.0), ("aquaint", 62.0)]);
    assert_eq!(run.report.all.overall_answered, Some(1.0));
}

#[test]
fn vsi_bench_falls_with_noise_and_what_is_missed_is_not_answered() {
    let Some(data) = data("vsi-bench under noise", "vsi_bench") else { return };
    let benchmark = chronotope_tasks::by_name("vsi-bench").expect("listed");
    let strategy = chronotope_act::by_name("exact").expect("listed");
    let loaded = benchmark.load(&data).expect("the files are as released");
    let scored = |noise: &str| {
        let noise_told =
            if noise == "none" { Noise::default() } else { Noise::parse(noise).expect("well-formed") };
        let settings = Settings { noise: noise_told, ..settings() };
        let all = run(benchmark, &loaded, strategy, &settings, &|_, _| {}).expect("in memory").report.all;
        eprintln!("{noise}: {:.1} %, {} answered", 100.0 * all.overall.expect("items"), all.answered);
        (all.overall.expect("items"), all.answered)
    };
    let (exact, shaken, missed) = (scored("none"), scored("centre=0.3"), scored("miss=0.2"));
    assert!(shaken.0 < exact.0 - 0.03 && missed.0 < exact.0 - 0.1, "{exact:?} {shaken:?} {missed:?}");
    // who sees everything a little off answers as much; who misses a fifth cannot
    assert!(shaken.1 + 20 > exact.1 && missed.1 + 200 < exact.1, "{exact:?} {shaken:?} {missed:?}");
}

#[test]
fn answers_over_real_tracks_are_right_as_often_as_they_say() {
    let Some(data) = data("kitti-calibration", "kitti_tracking") else { return };
    let benchmark = KittiCalibration;
    let strategy = chronotope_act::by_name("exact").expect("listed");
    let loaded = benchmark.load(&data).expect("the files are as released");
    let all = run(&benchmark, &loaded, strategy, &settings(), &|_, _| {}).expect("in memory").report.all;
    let calibration = all.calibration.expect("every World is in doubt");
    eprintln!("{} answers, ECE {:.3}, Brier {:.3}", calibration.n, calibration.ece, calibration.brier);
    assert!(calibration.n > 1000 && calibration.without == 0);
    assert!(calibration.ece < 0.05 && calibration.brier < 0.05);
    // a probability tells right answers from wrong ones: always saying the share that is right does worse
    let share = calibration.right;
    assert!(calibration.brier < share * (1.0 - share), "{calibration:?}");
}
