//! Imported street scenes answer counts, times, distances, sizes, speeds and directions as their files have them.
//!
//! What is expected is computed here from the plain rows, by other code than that of the rooms.

#![cfg(all(feature = "perceive", feature = "reason"))]
#![expect(clippy::print_stderr, reason = "data tests say whether they ran, and what came out")]

use chronotope::ask::ask;
use chronotope::ask::program::{parse, run_program};
use chronotope::formats::import::{ImportSettings, by_name};
use chronotope_world::{Answer, EntityId, Status, Value, World};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

#[test]
fn mot_challenge_answers_as_its_files() {
    let Some(root) = data("truth of MOTChallenge", "mot_gt") else { return };
    let mut tally = Tally::default();
    let mut sequences = vec![(root.with_file_name("mot15").join("TUD-Campus/gt.txt"), 25.0, 71)];
    for folder in ["MOT17-val", "MOT20-val", "DANCE-val"] {
        for path in listed(&root.join(folder), ".txt.gz") {
            let about = text(&PathBuf::from(path.to_string_lossy().replace(".txt.gz", ".seqinfo.ini")));
            let field = |key: &str| -> f64 {
                let line = about.lines().find(|line| line.starts_with(key)).expect("stated");
                line.split('=').nth(1).expect("a value").trim().parse().expect("a number")
            };
            sequences.push((path.clone(), field("frameRate"), field("seqLength") as usize));
        }
    }
    for (path, fps, n_pictures) in sequences {
        let settings = ImportSettings { fps: Some(fps), ..ImportSettings::default() };
        let world = imported("mot", &path, &settings).remove(0);
        let mut pictures: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        let mut hidden: BTreeSet<(i64, usize)> = BTreeSet::new();
        for line in text(&path).lines() {
            let cell: Vec<f64> = line.split(',').map(|cell| cell.trim().parse().expect("a number")).collect();
            let person = cell[6] != 0.0 && (cell.len() != 9 || cell[7] == 1.0);
            if person {
                pictures.entry(cell[1] as i64).or_default().push(cell[0] as usize - 1);
                if cell.len() == 9 && cell[8] == 0.0 {
                    hidden.insert((cell[1] as i64, cell[0] as usize - 1));
                }
            }
        }
        for shown in pictures.values_mut() {
            shown.sort_unstable();
        }
        // who is missing for at most a second between two rows is still there: the importer's stated tolerance
        let mut at: BTreeMap<usize, usize> = BTreeMap::new();
        // and who is wholly covered is not seen
        for (id, shown) in &pictures {
            let seen = |picture: &usize| !hidden.contains(&(*id, *picture));
            let mut there: BTreeSet<usize> = shown.iter().copied().filter(seen).collect();
            for pair in shown.windows(2).filter(|pair| (pair[1] - pair[0]) as f64 <= fps && seen(&pair[0])) {
                there.extend(pair[0]..pair[1]);
            }
            for picture in there {
                *at.entry(picture).or_default() += 1;
            }
        }
        let mut s = Scene { name: stem(&path), world: &world, tally: &mut tally };
        s.asks("count", "How many people are there?", pictures.len() as f64);
        let most = at.values().max().copied().unwrap_or(0);
        s.asks("most at once", "How many people are visible at most at once?", most as f64);
        for second in (0..(n_pictures as f64 / fps) as usize).step_by(2) {
            let picture = (second as f64 * fps) as usize;
            let here = at.get(&picture).copied().unwrap_or(0);
            s.asks("count at", &format!("How many people were there at {second} s?"), here as f64);
        }
        for (id, shown) in pictures.iter().step_by(3) {
            let thing = entity(&world, &id.to_string());
            s.runs("first seen", &format!("first_seen({thing})"), shown[0] as f64 / fps);
            s.runs("last seen", &format!("last_seen({thing})"), shown[shown.len() - 1] as f64 / fps);
        }
    }
    tally.check("MOT17, MOT20, DanceTrack, TUD");
}

#[test]
fn kitti_answers_as_its_files() {
    let Some(root) = data("truth of KITTI", "kitti_tracking") else { return };
    let mut tally = Tally::default();
    for world in imported("kitti", &root, &ImportSettings::default()) {
        let name = world.record().name.clone();
        let mut things: BTreeMap<String, Thing> = BTreeMap::new();
        for line in text(&root.join(format!("label/{name}.txt.gz"))).lines() {
            let cell: Vec<&str> = line.split_whitespace().collect();
            if cell[2] == "DontCare" {
                continue;
            }
            let v = |k: usize| -> f64 { cell[k].parse().expect("a number") };
            let thing = things.entry(cell[1].to_owned()).or_default();
            thing.label = cell[2].to_lowercase();
            // the file's bottom centre, raised by half the height: y points down
            let centre = [v(13), v(14) - v(10) / 2.0, v(15)];
            thing.seen.push(Seen {
                picture: v(0) as usize,
                t_s: v(0) / 10.0,
                centre,
                size: [v(12), v(11), v(10)],
            });
        }
        let mut s = Scene { name, world: &world, tally: &mut tally };
        s.counts(
            &things,
            &[("cars", "car"), ("pedestrians", "pedestrian"), ("cyclists", "cyclist"), ("vans", "van")],
        );
        s.moments(&things);
        s.distances(&things);
        for (key, thing) in &things {
            let of = entity(&world, key);
            for (side, k) in [("length", 0), ("width", 1), ("height", 2)] {
                let at = &thing.seen[thing.seen.len() / 2];
                s.runs("size", &format!("size({of}, of: {side}, at: {} s)", at.t_s), at.size[k]);
            }
            if let Some(word) = thing.way(|d| match (d[0].abs() >= d[2].abs(), d[0] >= 0.0, d[2] >= 0.0) {
                (true, true, _) => "right",
                (true, false, _) => "left",
                (false, _, true) => "away",
                (false, _, false) => "towards",
            }) {
                s.says("direction of motion", &format!("motion_direction({of}, in: camera)"), word);
            }
        }
        // the camera rides on a car, and nothing tells how it moves
        for label in ["car", "van", "pedestrian"] {
            if things.values().any(|thing| thing.label == label) {
                for question in
                    [format!("Does a {label} stand still?"), format!("Which {label} is the fastest?")]
                {
                    let told = ask(&world, &question, &[]).expect("it can be asked").answered.answer;
                    assert!(
                        told.text.contains("how camera(0) moves itself"),
                        "{}: {question} {}",
                        s.name,
                        told.text
                    );
                }
            }
        }
        // what there is only one of can be asked for in English
        for label in ["car", "van", "truck", "pedestrian", "cyclist", "tram"] {
            let mut of_it = things.values().filter(|thing| thing.label == label);
            let (Some(only), None) = (of_it.next(), of_it.next()) else { continue };
            let (first, last) = (&only.seen[0], &only.seen[only.seen.len() - 1]);
            s.asks("appears", &format!("When did the {label} appear?"), first.t_s);
            s.leaves(&things, &format!("When did the {label} leave?"), last.t_s);
            if only.seen.iter().all(|seen| seen.size == first.size) {
                s.asks("long", &format!("How long is the {label} in meters?"), first.size[0]);
                s.asks("high", &format!("How high is the {label} in centimeters?"), first.size[2]);
            }
        }
    }
    tally.check("KITTI");
}

#[test]
fn nuscenes_answers_as_its_files() {
    let Some(root) = data("truth of nuScenes", "nuscenes_mini") else { return };
    let mut tally = Tally::default();
    for world in imported("nuscenes", &root, &ImportSettings::default()) {
        let name = world.record().name.clone();
        let mut things: BTreeMap<String, Thing> = BTreeMap::new();
        let mut start = None;
        for line in text(&root.join(format!("{name}.csv.gz"))).lines().skip(1) {
            let cell: Vec<&str> = line.split(',').collect();
            let v = |k: usize| -> f64 { cell[k].parse().expect("a number") };
            let us: i64 = cell[1].parse().expect("whole");
            let from = *start.get_or_insert(us);
            let thing = things.entry(cell[2].to_owned()).or_default();
            thing.label = cell[3].to_owned();
            thing.seen.push(Seen {
                picture: v(0) as usize,
                t_s: (us - from) as f64 / 1e6,
                centre: [v(4), v(5), v(6)],
                size: [v(8), v(7), v(9)],
            });
        }
        let mut s = Scene { name, world: &world, tally: &mut tally };
        let labels = [
            ("people", "human."),
            ("cars", "vehicle.car"),
            ("trucks", "vehicle.truck"),
            ("buses", "vehicle.bus"),
            ("motorcycles", "vehicle.motorcycle"),
            ("barriers", "movable_object.barrier"),
            ("traffic cones", "movable_object.trafficcone"),
            ("vehicles", "vehicle."),
        ];
        s.counts(&things, &labels);
        s.moments(&things);
        s.distances(&things);
        for (key, thing) in &things {
            let of = entity(&world, key);
            let at = &thing.seen[thing.seen.len() / 2];
            s.runs(
                "size",
                &format!("size({of}, of: longest, at: {} s)", at.t_s),
                at.size[0].max(at.size[1]).max(at.size[2]),
            );
            if !thing.unbroken() || thing.seen.len() < 2 {
                continue;
            }
            let steps: Vec<(f64, f64)> = thing
                .seen
                .windows(2)
                .map(|w| (apart(w[0].centre, w[1].centre), w[1].t_s - w[0].t_s))
                .collect();
            let (path, time) = steps.iter().fold((0.0, 0.0), |sum, step| (sum.0 + step.0, sum.1 + step.1));
            s.runs("path length", &format!("path_length({of})"), path);
            s.runs("mean speed", &format!("speed({of}, reduce: mean)"), path / time);
            let top = steps.iter().map(|step| step.0 / step.1).fold(0.0, f64::max);
            s.runs("top speed", &format!("speed({of}, reduce: max)"), top);
            if let Some(word) = thing.way(|d| {
                if d[0] == 0.0 && d[1] == 0.0 {
                    return if d[2] > 0.0 { "up" } else { "down" };
                }
                // eight sectors of 45 degrees around east, north, …
                let sector = (libm::atan2(d[1], d[0]).to_degrees() / 45.0).round() as i32;
                ["east", "northeast", "north", "northwest", "west", "southwest", "south", "southeast"]
                    [sector.rem_euclid(8) as usize]
            }) {
                s.says("direction of motion", &format!("motion_direction({of}, in: world)"), word);
            }
        }
        for (word, label) in
            [("truck", "vehicle.truck"), ("motorcycle", "vehicle.motorcycle"), ("bus", "vehicle.bus.rigid")]
        {
            let mut of_it = things.values().filter(|thing| thing.label == label);
            let (Some(only), None) = (of_it.next(), of_it.next()) else { continue };
            s.asks("appears", &format!("When did the {word} appear?"), only.seen[0].t_s);
            s.leaves(&things, &format!("When did the {word} leave?"), only.seen[only.seen.len() - 1].t_s);
        }
    }
    tally.check("nuScenes");
}

#[test]
fn parked_and_moving_vehicles_are_told_apart() {
    let settings = ImportSettings::default();
    if let Some(root) = data("parked and moving vehicles of nuScenes", "nuscenes_mini") {
        let worlds = imported("nuscenes", &root, &settings).into_iter().map(|world| {
            let path = root.join(format!("{}.csv.gz", world.record().name));
            let places = places(&text(&path), ",", 2, 4, |cell| cell[3].starts_with("vehicle."));
            (world, places)
        });
        tell_parked("nuScenes", "auto", worlds);
    }
    // as seen from the camera, so that what is parked is so where that stands
    if let Some(root) = data("parked and moving vehicles of KITTI", "kitti_tracking") {
        let worlds = imported("kitti", &root, &settings).into_iter().map(|world| {
            let path = root.join(format!("label/{}.txt.gz", world.record().name));
            let vehicle = |cell: &[&str]| matches!(cell[2], "Car" | "Van" | "Truck");
            (world, places(&text(&path), " ", 1, 13, vehicle))
        });
        tell_parked("KITTI", "camera", worlds);
    }
}

/// The places of the things of a table, by their number.
fn places(
    rows: &str,
    between: &str,
    number: usize,
    first: usize,
    wanted: impl Fn(&[&str]) -> bool,
) -> BTreeMap<String, Vec<[f64; 3]>> {
    let mut places: BTreeMap<String, Vec<[f64; 3]>> = BTreeMap::new();
    for line in rows.lines() {
        let cell: Vec<&str> = line.split(between).collect();
        if wanted(&cell) {
            let place = std::array::from_fn(|k| cell[first + k].parse().expect("a number"));
            places.entry(cell[number].to_owned()).or_default().push(place);
        }
    }
    places
}

/// What is parked by a rule that knows no speeds: all of its places lie within 1 m of their middle one. What moves was more than 5 m
/// from where it began.
fn tell_parked(
    name: &str,
    frame: &str,
    worlds: impl Iterator<Item = (World, BTreeMap<String, Vec<[f64; 3]>>)>,
) {
    let [mut right, mut wrong] = [[0; 2]; 2];
    for (world, things) in worlds {
        for (key, places) in things.iter().filter(|(_, places)| places.len() >= 4) {
            let middle: [f64; 3] = std::array::from_fn(|k| {
                let mut along: Vec<f64> = places.iter().map(|place| place[k]).collect();
                along.sort_by(f64::total_cmp);
                along[along.len() / 2]
            });
            let furthest = |from| places.iter().map(|place| apart(from, *place)).fold(0.0, f64::max);
            let moves = match (furthest(middle), furthest(places[0])) {
                (spread, _) if spread <= 1.0 => false,
                (_, way) if way > 5.0 => true,
                _ => continue,
            };
            let answer = answer_of(&world, &format!("exists(moving({}, in: {frame}))", entity(&world, key)));
            let told = answer.status == Status::Answered && (answer.text == "yes") == moves;
            (if told { &mut right } else { &mut wrong })[usize::from(moves)] += 1;
        }
    }
    eprintln!("{name} vehicles, parked and moving: right {right:?}, wrong {wrong:?}");
    assert!((0..2).all(|k| wrong[k] * 20 <= right[k] && right[k] > 0), "{name}: {right:?} {wrong:?}");
}

/// One thing of a file.
#[derive(Default)]
struct Thing {
    label: String,
    seen: Vec<Seen>,
}

/// One row of it.
struct Seen {
    picture: usize,
    t_s: f64,
    centre: [f64; 3],
    /// Length, width, height in metres.
    size: [f64; 3],
}

impl Thing {
    /// Whether it has a row in each picture from its first to its last.
    fn unbroken(&self) -> bool {
        self.seen.windows(2).all(|pair| pair[1].picture == pair[0].picture + 1)
    }

    /// The way from its first to its last place; none for what was seen once. Below a tenth of its length it stood still.
    fn way(&self, word: impl Fn([f64; 3]) -> &'static str) -> Option<&'static str> {
        let (first, last) = (self.seen.first()?, self.seen.last()?);
        if self.seen.len() < 2 {
            return None;
        }
        let longest = last.size.into_iter().fold(0.0, f64::max);
        let d: [f64; 3] = std::array::from_fn(|k| last.centre[k] - first.centre[k]);
        Some(if apart(first.centre, last.centre) < 0.1 * longest { "still" } else { word(d) })
    }
}

fn apart(a: [f64; 3], b: [f64; 3]) -> f64 {
    (0..3).map(|k| (a[k] - b[k]) * (a[k] - b[k])).sum::<f64>().sqrt()
}

/// A World that is asked, and where the results go.
struct Scene<'a> {
    name: String,
    world: &'a World,
    tally: &'a mut Tally,
}

impl Scene<'_> {
    /// How many there are, at most at once, and at some moments, of each kind: the word of the question, the label's start.
    fn counts(&mut self, things: &BTreeMap<String, Thing>, labels: &[(&str, &str)]) {
        let times: BTreeMap<usize, f64> =
            things.values().flat_map(|thing| &thing.seen).map(|seen| (seen.picture, seen.t_s)).collect();
        for (word, label) in labels {
            let of_it: Vec<&Thing> = things.values().filter(|thing| thing.label.starts_with(label)).collect();
            let in_picture =
                |picture: usize| of_it.iter().filter(|t| t.seen.iter().any(|s| s.picture == picture)).count();
            self.asks("count", &format!("How many {word} are there?"), of_it.len() as f64);
            let most = times.keys().map(|&picture| in_picture(picture)).max().unwrap_or(0);
            self.asks("most at once", &format!("How many {word} are visible at most at once?"), most as f64);
            for (&picture, t_s) in times.iter().step_by(7) {
                let question = format!("How many {word} were there at {t_s} s?");
                self.asks("count at", &question, in_picture(picture) as f64);
            }
        }
    }

    fn moments(&mut self, things: &BTreeMap<String, Thing>) {
        for (key, thing) in things {
            let of = entity(self.world, key);
            self.runs("first seen", &format!("first_seen({of})"), thing.seen[0].t_s);
            self.runs("last seen", &format!("last_seen({of})"), thing.seen[thing.seen.len() - 1].t_s);
        }
    }

    /// Between the centres of neighbours in the list that are seen in one picture.
    fn distances(&mut self, things: &BTreeMap<String, Thing>) {
        for ((key_a, a), (key_b, b)) in things.iter().zip(things.iter().skip(1)) {
            let together: Vec<(&Seen, &Seen)> = (a.seen.iter())
                .filter_map(|s| Some((s, b.seen.iter().find(|other| other.picture == s.picture)?)))
                .collect();
            let Some((p, q)) = together.get(together.len() / 2) else { continue };
            let (of, from) = (entity(self.world, key_a), entity(self.world, key_b));
            let program = format!("distance({of}, {from}, at: {} s)", p.t_s);
            self.runs("distance at", &program, apart(p.centre, q.centre));
            let least = together.iter().map(|(p, q)| apart(p.centre, q.centre)).fold(f64::INFINITY, f64::min);
            let nearest = answer_of(self.world, &format!("distance({of}, {from}, reduce: min)"));
            // between two pictures they may have come closer, never less close than in one
            let found = number(&nearest).filter(|d| *d <= least + 1e-6);
            self.tally.note("least distance", found.is_some(), || {
                format!("{}: {key_a} {key_b}: {nearest:?}, at most {least}", self.name)
            });
        }
    }

    /// A question in English whose answer is a number, or a moment in seconds.
    fn asks(&mut self, kind: &str, question: &str, expected: f64) {
        let asked = ask(self.world, question, &[]).expect("rows can be read");
        let program = asked.answered.program.clone();
        self.equals(kind, &format!("{question} [{program}]"), &asked.answered.answer, expected);
    }

    /// When a thing left; one that is there in the last picture has not.
    fn leaves(&mut self, things: &BTreeMap<String, Thing>, question: &str, last_s: f64) {
        let end = things.values().flat_map(|thing| &thing.seen).fold(0.0, |end: f64, seen| end.max(seen.t_s));
        let asked = ask(self.world, question, &[]).expect("rows can be read");
        let answer = asked.answered.answer;
        if last_s == end && answer.text.ends_with("is in view until the end of the record") {
            self.tally.note("stays", answer.status == Status::Unknown, || answer.text.clone());
        } else {
            self.equals("leaves", question, &answer, last_s);
        }
    }

    /// The same as a program.
    fn runs(&mut self, kind: &str, program: &str, expected: f64) {
        let answer = answer_of(self.world, program);
        self.equals(kind, program, &answer, expected);
    }

    fn equals(&mut self, kind: &str, what: &str, answer: &Answer, expected: f64) {
        // moments of the files are whole microseconds, or pictures at a rate
        let right = number(answer).is_some_and(|found| (found - expected).abs() < 1e-6);
        let name = &self.name;
        self.tally.note(kind, right, || {
            format!(
                "{name}: {what}: {} {:?} {:?}, expected {expected}",
                answer.text, answer.value, answer.missing
            )
        });
    }

    /// A program whose answer is a word.
    fn says(&mut self, kind: &str, program: &str, expected: &str) {
        let answer = answer_of(self.world, program);
        let right = matches!(&answer.value, Some(Value::Text(word)) if word.replace('-', "") == expected);
        let name = &self.name;
        self.tally.note(kind, right, || format!("{name}: {program}: {answer:?}, expected {expected}"));
    }
}

fn answer_of(world: &World, program: &str) -> Answer {
    let parsed = parse(program).unwrap_or_else(|error| panic!("{program}: {error}"));
    run_program(world, &parsed, true).unwrap_or_else(|error| panic!("{program}: {error}")).answer
}

fn number(answer: &Answer) -> Option<f64> {
    match &answer.value {
        Some(Value::Number(found)) if answer.status == Status::Answered => Some(found.value),
        Some(Value::Moment(t)) if answer.status == Status::Answered => Some(t.as_s()),
        _ => None,
    }
}

/// Right answers of all, per kind of question.
#[derive(Default)]
struct Tally {
    kinds: BTreeMap<String, (usize, usize)>,
    wrong: Vec<String>,
}

impl Tally {
    fn note(&mut self, kind: &str, right: bool, say: impl FnOnce() -> String) {
        let (n_right, n) = self.kinds.entry(kind.to_owned()).or_default();
        *n += 1;
        *n_right += usize::from(right);
        if !right && *n - *n_right <= 4 {
            self.wrong.push(format!("{kind}: {}", say()));
        }
    }

    /// Prints the table, and fails where an answer is wrong.
    fn check(&self, set: &str) {
        for (kind, (right, n)) in &self.kinds {
            eprintln!("{set} | {kind} | {right} of {n}");
        }
        assert!(self.wrong.is_empty(), "{set}:\n{}", self.wrong.join("\n"));
    }
}

/// The entity that a file's identity became, as a program names it.
fn entity(world: &World, key: &str) -> String {
    let tables = world.tables();
    let track =
        tables.tracks.iter().find(|track| track.source_key == key && !track.ignored).expect("imported");
    let EntityId(id) = tables.identities.iter().find(|row| row.track == track.id).expect("shown").entity;
    format!("entity({id})")
}

fn imported(format: &str, path: &Path, settings: &ImportSettings) -> Vec<World> {
    by_name(format).expect("listed").import(path, settings).expect("it can be imported").worlds
}

/// A file's text, decompressed where its name ends so.
fn text(path: &Path) -> String {
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    if path.extension().is_some_and(|end| end == "gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).expect("gzip of text");
    } else {
        std::io::BufReader::new(file).read_to_string(&mut text).expect("text");
    }
    text
}

fn listed(folder: &Path, end: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.to_string_lossy().ends_with(end)).collect();
    paths.sort_unstable();
    paths
}

fn stem(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The folder of test data with this name, or none with the one line that the counter of data tests reads.
fn data(test: &str, name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHRONOTOPE_DATA")
        .map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let folder = root.join(name);
    let there = folder.exists();
    eprintln!("data test {}: {test}", if there { "run" } else { "skipped" });
    there.then_some(folder)
}
