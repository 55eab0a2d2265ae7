//! Laws and predictions on real movement: KITTI's annotated street, and cameras carried by hand.

use super::benchmarks::data;
use chronotope_ask::program::answer;
use chronotope_formats::import::ImportSettings;
use chronotope_formats::open::open;
use chronotope_reason::motion::polyline::Polyline;
use chronotope_reason::motion::predict::{Model, predict};
use chronotope_world::{EntityId, MemoryStore, Sample, SampleChunk, Time, Value, World};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    files.sort();
    files
}

fn world(path: &Path) -> World {
    let imported = open(path, &ImportSettings::default()).expect("the file is as released");
    imported.worlds.into_iter().next().expect("one World")
}

/// What of each kind is broken, in words.
fn broken(world: &World) -> Vec<String> {
    let told = answer(world, "broken_laws(all())").expect("it runs").answer;
    let Some(Value::List(items)) = told.value else { return Vec::new() };
    items
        .iter()
        .filter_map(|item| if let Value::Text(text) = item { Some(text.clone()) } else { None })
        .collect()
}

/// The World with its samples changed.
fn changed(world: &World, change: impl Fn(&mut Sample, Option<EntityId>)) -> World {
    let shown = |sample: &Sample| {
        let track = sample.track?;
        world.tables().identities.iter().find(|row| row.track == track).map(|row| row.entity)
    };
    let chunks = (0..world.store().bounds().len())
        .map(|n| {
            let chunk = world.store().chunk(n).expect("in memory");
            let rows = (0..chunk.len()).map(|i| {
                let mut row = chunk.row(i);
                let who = shown(&row);
                change(&mut row, who);
                row
            });
            Arc::new(SampleChunk::from_rows(rows.collect()))
        })
        .collect();
    let tables = world.tables().clone();
    World::new(Arc::new(MemoryStore::new("changed".to_owned(), 0, tables, chunks))).seen(world.view())
}

/// Boxes of the annotators, as positions in the order of time; those of whole seconds of sight.
fn paths(world: &World) -> Vec<(EntityId, Polyline)> {
    let mut out = Vec::new();
    for entity in world.entities() {
        let trajectory = world.trajectory(entity).expect("in memory");
        for run in &trajectory.runs {
            let mut of: [Vec<f64>; 3] = Default::default();
            let mut t_ns = Vec::new();
            for sample in run.samples() {
                let Some(pose) = sample.pose else { continue };
                t_ns.push(sample.t.0);
                for (column, v) in of.iter_mut().zip(pose.position) {
                    column.push(v);
                }
            }
            if t_ns.len() >= 20 {
                let [x, y, z] = of;
                out.push((entity, Polyline::joined(t_ns, x, y, z)));
            }
        }
    }
    out
}

/// Annotated streets obey physics but where people stand so close that their boxes meet: at most 2 in a thousand boxes are told to break a
/// law, and none to jump.
#[test]
fn real_streets_break_few_laws() {
    let Some(kitti) = data("laws of physics on KITTI", "kitti_tracking") else { return };
    let (mut told, mut boxes) = (Vec::new(), 0);
    for file in files(&kitti.join("label"), ".txt.gz") {
        let world = world(&file);
        boxes += (0..world.store().bounds().len())
            .map(|n| world.store().chunk(n).expect("in memory").len())
            .sum::<usize>();
        told.extend(broken(&world));
    }
    eprintln!("{} of {boxes} boxes break a law: {told:#?}", told.len());
    assert!(1_000 * told.len() <= 2 * boxes, "{} of {boxes}", told.len());
    assert!(told.iter().all(|words| !words.contains("jumps")), "{told:?}");
}

/// A box put 20 m aside for three pictures is told to jump, a car put into another to overlap, in every sequence that has room for it.
#[test]
fn planted_breaks_are_found() {
    let Some(kitti) = data("planted breaks of the laws of physics on KITTI", "kitti_tracking") else {
        return;
    };
    let (mut jumps, mut overlaps, mut planted) = (0, 0, 0);
    for file in files(&kitti.join("label"), ".txt.gz").into_iter().take(6) {
        let world = world(&file);
        let mut long = paths(&world);
        long.sort_by_key(|(entity, path)| (std::cmp::Reverse(path.len()), *entity));
        let Some(((one, path), rest)) = long.split_first() else { continue };
        let middle = path.t_ns[path.len() / 2];
        let away = changed(&world, |row, who| {
            if who == Some(*one)
                && (0..300_000_000).contains(&(row.t.0 - middle))
                && let Some(pose) = &mut row.pose
            {
                pose.position[0] += 20.0;
            }
        });
        // another that is there then comes to stand in the upper part of the first
        let other = rest.iter().find(|(other, path)| other != one && path.t_ns.contains(&middle));
        planted += 1;
        jumps += usize::from(broken(&away).iter().any(|words| words.contains("jumps")));
        let Some((other, _)) = other else { continue };
        let at = world
            .trajectory(*one)
            .expect("in memory")
            .at(Time(middle))
            .and_then(|moment| moment.pose)
            .expect("it is there");
        let into = changed(&world, |row, who| {
            if who == Some(*other)
                && row.t.0 == middle
                && let (Some(pose), Some(extent)) = (&mut row.pose, at.extent)
            {
                // half above it: y points down
                pose.position = at.position;
                pose.position[1] -= extent[2] * 0.6;
            }
        });
        overlaps += usize::from(broken(&into).iter().any(|words| words.contains("into one another")));
    }
    eprintln!("of {planted} planted jumps {jumps} are found, and {overlaps} overlaps");
    assert_eq!(jumps, planted, "jumps");
    assert!(overlaps + 1 >= planted, "{overlaps} overlaps of {planted}");
}

/// How often the place lies within 1.645 deviations of the one predicted half a second and a second before, per axis: a normal error does 90 %. Asked
/// are the sequences on which the unrest was not fitted. The recording car turns there more than in the others, and its own turns count as
/// those of what it sees: 84 % and 88 %.
#[test]
fn predictions_are_off_as_far_as_they_say() {
    let Some(kitti) = data("predictions on KITTI are off as far as they say", "kitti_tracking") else {
        return;
    };
    const S: i64 = 1_000_000_000;
    for (ahead, least, most) in [(S / 2, 0.80, 0.95), (S, 0.84, 0.95)] {
        let (mut within, mut all) = (0_usize, 0_usize);
        for file in files(&kitti.join("label"), ".txt.gz").into_iter().skip(1).step_by(2) {
            for (_, path) in paths(&world(&file)) {
                for (i, &t) in path.t_ns.iter().enumerate().skip(10).step_by(5) {
                    let Some(now) = path.t_ns[..=i].iter().rposition(|s| t - s >= ahead) else { continue };
                    // seen all the time before and at the moment that is asked for
                    if now < 10 || t - path.t_ns[now] != ahead || path.t_ns[now] - path.t_ns[now - 10] != S {
                        continue;
                    }
                    let until = Time(path.t_ns[now]);
                    let told = predict(&path, until.plus_ns(-S), until, Time(t), Model::Velocity, 3.0);
                    let Some(told) = told else { continue };
                    for (place, at) in told.position.iter().zip([path.x[i], path.y[i], path.z[i]]) {
                        all += 1;
                        within += usize::from((place - at).abs() <= 1.645 * told.deviation);
                    }
                }
            }
        }
        let share = within as f64 / all as f64;
        eprintln!(
            "{} s ahead: {within} of {all} within 1.645 deviations ({:.1} %)",
            ahead as f64 / 1e9,
            100.0 * share
        );
        assert!((least..most).contains(&share), "{share}");
    }
}

/// A camera in the hand does not jump, does not fall freely for long, and does not collide with itself.
#[test]
fn a_carried_camera_obeys_physics() {
    let Some(folder) = data("laws of physics on trajectories", "trajectories") else { return };
    let mut asked = 0;
    for file in
        files(&folder, ".txt.gz").into_iter().filter(|file| file.to_string_lossy().contains("groundtruth"))
    {
        let world = world(&file);
        assert_eq!(broken(&world), Vec::<String>::new(), "{}", file.display());
        let falls = answer(&world, "duration(falls(all()))").expect("it runs").answer;
        if let Some(Value::Number(s)) = falls.value {
            assert!(s.value < 0.5, "{} falls for {} s", file.display(), s.value);
        }
        asked += 1;
    }
    assert!(asked > 0, "the folder holds true paths");
}
