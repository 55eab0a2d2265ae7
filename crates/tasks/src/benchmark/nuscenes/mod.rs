//! nuScenes: spatial questions about street scenes, made from the annotation by the rules of NuScenes-SpatialQA.

mod reading;
mod wording;

use super::{Benchmark, Loaded};
use crate::Draw;
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use chronotope_ask::Form;
use chronotope_formats::import::{ImportSettings, Importer as _, NuScenes as Scenes};
use chronotope_world::World;
use chronotope_world::catalogue::Entry;
use reading::{Instance, Placed, Rows, apart, bearing_deg, ground_distance};
use std::collections::BTreeMap;
use std::path::Path;

/// Generated questions over nuScenes scenes: distances, sizes, bearings, sides, what is closer, what would be where after a turn, counts, ways, speeds,
/// times, for things and for the camera where its way is known.
///
/// DATA is a folder of `scene-NNNN.csv[.gz]` or one such file. The truths come from a reading of those rows of its own. Each type has several
/// wordings, drawn by a seed; things are named by their number in the World. What is too close to tell is not asked: sides at least 15° from
/// the edge of a sector, comparisons by at least a tenth and 10 cm.
#[derive(Clone, Copy, Debug)]
pub struct NuScenes {
    /// Which questions are drawn, and in which words.
    pub seed: u64,
}

/// Items of each type for each scene.
const ITEMS: usize = 25;
/// Tries for each of them.
const TRIES: usize = 60;

impl Benchmark for NuScenes {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "nuscenes",
            about: "spatial questions over street scenes, made from the annotation",
            source: "tasks/src/benchmark/nuscenes/mod.rs",
            paper: Some("Tian et al., NuScenes-SpatialQA, 2025; Caesar et al., nuScenes, CVPR 2020"),
            example: "chronotope eval nuscenes ../shared/data/nuscenes_mini",
        }
    }

    fn metric(&self) -> &'static str {
        "tolerance"
    }

    fn reads(&self) -> &'static str {
        "rule recovery: questions and truths were made from the same boxes; not to be compared with systems that saw pixels"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let imported = Scenes.import(data, &ImportSettings::default())?;
        let (mut items, mut files) = (Vec::new(), Vec::new());
        for world in &imported.worlds {
            let sources: Vec<&Path> =
                world.tables().sources.iter().map(|source| Path::new(source.uri.as_str())).collect();
            let Some(boxes) = sources.first() else { continue };
            let rows = Rows::read(boxes, sources.get(1).copied())?;
            items.extend(Street::new(world, rows).items(self.seed));
            files.extend(sources.into_iter().map(Path::to_owned));
        }
        let notes = imported.faults.named().iter().map(ToString::to_string).collect();
        Ok(Loaded { items, files, notes })
    }
}

/// What a question of a type asks, before it is put into words.
struct Asks {
    /// The wordings of the type; `{a}` and so on stand for `words`.
    wordings: &'static [&'static str],
    words: Vec<(&'static str, String)>,
    options: Vec<String>,
    form: Form,
    truth: Truth,
}

impl Asks {
    fn number(wordings: &'static [&'static str], unit: &'static str, truth: f64) -> Asks {
        let form = Form::Number { unit: Some(unit).filter(|unit| !unit.is_empty()), decimals: None };
        Asks { wordings, words: Vec::new(), options: Vec::new(), form, truth: Truth::Number(truth) }
    }

    fn yes_no(wordings: &'static [&'static str], truth: bool) -> Asks {
        let truth = Truth::Text(if truth { "yes" } else { "no" }.into());
        Asks { wordings, words: Vec::new(), options: Vec::new(), form: Form::Words, truth }
    }

    /// A choice among these, of which one is right.
    fn choice(wordings: &'static [&'static str], options: &[&str], right: usize) -> Asks {
        let lettered =
            options.iter().zip('A'..).map(|(option, letter)| format!("{letter}. {option}")).collect();
        let truth = Truth::Text(char::from(b'A' + right as u8).to_string());
        Asks { wordings, words: Vec::new(), options: lettered, form: Form::Letter, truth }
    }

    fn with(mut self, key: &'static str, word: impl Into<String>) -> Asks {
        self.words.push((key, word.into()));
        self
    }

    fn item(self, id: String, group: &str, scene: &World, draw: &mut Draw) -> Item {
        let wording = self.wordings[draw.below(self.wordings.len())];
        let question = self
            .words
            .iter()
            .fold(wording.to_owned(), |text, (key, word)| text.replace(&format!("{{{key}}}"), word));
        let mut letters = question.chars();
        let capital: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
        Item {
            id,
            group: group.to_owned(),
            subsets: Vec::new(),
            scene: Scene::World(scene.clone()),
            question: capital + letters.as_str(),
            program: None,
            options: self.options,
            form: self.form,
            asked_at: None,
            media: std::sync::Arc::default(),
            truth: self.truth,
        }
    }
}

/// A scene with the names of its things.
struct Street {
    world: World,
    rows: Rows,
    /// What each instance is called, by its token.
    names: BTreeMap<String, String>,
}

type Maker = fn(&Street, &mut Draw) -> Option<Asks>;

/// Types of questions, by name.
const TYPES: &[(&str, Maker)] = &[
    ("bearing", Street::bearing),
    ("closer", Street::closer),
    ("compass", Street::compass),
    ("count", Street::count),
    ("dimension", Street::dimension),
    ("direction", Street::direction),
    ("distance", Street::distance),
    ("ego closer", Street::ego_closer),
    ("ego direction", Street::ego_direction),
    ("ego distance", Street::ego_distance),
    ("ego view", Street::in_view),
    ("larger", Street::larger),
    ("moving", Street::moving),
    ("path", Street::path),
    ("situational", Street::situational),
    ("speed", Street::speed),
    ("time", Street::time),
];

impl Street {
    fn new(world: &World, rows: Rows) -> Street {
        let tables = world.tables();
        let mut names = BTreeMap::new();
        for (token, instance) in &rows.instances {
            let track = tables.tracks.iter().find(|track| track.source_key == *token);
            let identity = track.and_then(|track| tables.identities.iter().find(|row| row.track == track.id));
            if let (Some(identity), Some(noun)) = (identity, wording::noun(&instance.category)) {
                names.insert(token.clone(), format!("{noun} {}", identity.entity.0));
            }
        }
        Street { world: world.clone(), rows, names }
    }

    fn items(&self, seed: u64) -> Vec<Item> {
        let scene = &self.world.record().name;
        let mut items = Vec::new();
        for (group, make) in TYPES {
            let mut draw = Draw::new(seed, &format!("{scene} {group}"));
            let mut asked = Vec::new();
            for _ in 0..ITEMS {
                let Some(asks) = (0..TRIES).find_map(|_| make(self, &mut draw)) else { break };
                let id = format!("{scene}/{group}/{}", asked.len()).replace(' ', "-");
                let item = asks.item(id, group, &self.world, &mut draw);
                if !asked.iter().any(|before: &Item| before.question == item.question) {
                    asked.push(item);
                }
            }
            items.append(&mut asked);
        }
        items
    }

    /// A keyframe.
    fn keyframe(&self, draw: &mut Draw) -> usize {
        draw.below(self.rows.times_us.len())
    }

    /// The time of a keyframe, in words.
    fn when(&self, keyframe: usize, draw: &mut Draw) -> String {
        let unit = ["s", "seconds"][draw.below(2)];
        format!("{} {unit}", self.rows.times_us[keyframe] as f64 / 1e6)
    }

    /// Something that can be named.
    fn thing(&self, draw: &mut Draw) -> Option<(&str, &Instance)> {
        let (token, name) = self.names.iter().nth(draw.below(self.names.len()))?;
        Some((name, &self.rows.instances[token]))
    }

    /// Something else that is annotated at a keyframe.
    fn at(&self, keyframe: usize, but: &[&str], draw: &mut Draw) -> Option<(&str, Placed)> {
        let (name, instance) = self.thing(draw)?;
        let placed = instance.boxes.get(&keyframe)?;
        (!but.contains(&name)).then_some((name, *placed))
    }

    /// A vehicle, which has a front.
    fn vehicle(&self, keyframe: usize, draw: &mut Draw) -> Option<(&str, Placed)> {
        let (name, instance) = self.thing(draw)?;
        let placed = instance.boxes.get(&keyframe)?;
        instance.category.starts_with("vehicle.").then_some((name, *placed))
    }

    fn distance(&self, draw: &mut Draw) -> Option<Asks> {
        let keyframe = self.keyframe(draw);
        let (a, of) = self.at(keyframe, &[], draw)?;
        let (b, to) = self.at(keyframe, &[a], draw)?;
        let t = self.when(keyframe, draw);
        Some(
            Asks::number(wording::DISTANCE, "m", apart(of.middle, to.middle))
                .with("a", a)
                .with("b", b)
                .with("t", t),
        )
    }

    fn dimension(&self, draw: &mut Draw) -> Option<Asks> {
        let (a, instance) = self.thing(draw)?;
        let size = instance.boxes.values().next()?.size;
        // a few are fitted anew on the way; those have no one size
        instance.boxes.values().all(|placed| placed.size == size).then_some(())?;
        let side = draw.below(3);
        let (wordings, unit) = wording::DIMENSION[side][draw.below(2)];
        let metres = size[side];
        Some(Asks::number(wordings, unit, if unit == "cm" { 100.0 * metres } else { metres }).with("a", a))
    }

    fn bearing(&self, draw: &mut Draw) -> Option<Asks> {
        let keyframe = self.keyframe(draw);
        let (b, from) = self.vehicle(keyframe, draw)?;
        let (a, to) = self.at(keyframe, &[b], draw)?;
        let deg = bearing_deg(from.middle, from.yaw, to.middle);
        let t = self.when(keyframe, draw);
        (deg.abs() < 175.0)
            .then(|| Asks::number(wording::BEARING, "deg", deg).with("a", a).with("b", b).with("t", t))
    }

    fn direction(&self, draw: &mut Draw) -> Option<Asks> {
        let keyframe = self.keyframe(draw);
        let (b, from) = self.vehicle(keyframe, draw)?;
        let (a, to) = self.at(keyframe, &[b], draw)?;
        let deg = bearing_deg(from.middle, from.yaw, to.middle);
        let t = self.when(keyframe, draw);
        let asks = if draw.below(2) == 0 {
            Asks::choice(wording::LEFT_OR_RIGHT, &["left", "right"], left_or_right(deg)?)
        } else {
            Asks::choice(wording::FOUR_SIDES, &wording::SIDES, quarter(deg)?)
        };
        Some(asks.with("a", a).with("b", b).with("t", t))
    }

    fn situational(&self, draw: &mut Draw) -> Option<Asks> {
        let keyframe = self.keyframe(draw);
        let (b, from) = self.vehicle(keyframe, draw)?;
        let (a, to) = self.at(keyframe, &[b], draw)?;
        let (words, turn) = wording::TURNS[draw.below(wording::TURNS.len())];
        let deg = bearing_deg(from.middle, from.yaw + turn.to_radians(), to.middle);
        let t = self.when(keyframe, draw);
        let asks = Asks::choice(wording::SITUATIONAL, &wording::SIDES, quarter(deg)?);
        Some(asks.with("a", a).with("b", b).with("t", t).with("turn", words))
    }

    fn closer(&self, draw: &mut Draw) -> Option<Asks> {
        let keyframe = self.keyframe(draw);
        let (c, to) = self.at(keyframe, &[], draw)?;
        let (a, first) = self.at(keyframe, &[c], draw)?;
        let (b, second) = self.at(keyframe, &[c, a], draw)?;
        let far = [apart(first.middle, to.middle), apart(second.middle, to.middle)];
        let right = clearly_less(far[0], far[1])?;
        let t = self.when(keyframe, draw);
        let asks = Asks::choice(wording::CLOSER, &[a, b], right);
        Some(asks.with("a", a).with("b", b).with("c", c).with("t", t))
    }

    fn larger(&self, draw: &mut Draw) -> Option<Asks> {
        let ((a, first), (b, second)) = (self.thing(draw)?, self.thing(draw)?);
        let fixed = |instance: &Instance| {
            let size = instance.boxes.values().next()?.size;
            instance.boxes.values().all(|placed| placed.size == size).then_some(size)
        };
        let side = [0, 2][draw.below(2)];
        let sizes = [fixed(first)?[side], fixed(second)?[side]];
        let less = clearly_less(sizes[0], sizes[1]).filter(|_| a != b)?;
        let wordings = if side == 0 { wording::LONGER } else { wording::TALLER };
        Some(Asks::choice(wordings, &[a, b], 1 - less).with("a", a).with("b", b))
    }

    fn compass(&self, draw: &mut Draw) -> Option<Asks> {
        let keyframe = self.keyframe(draw);
        let (b, from) = self.at(keyframe, &[], draw)?;
        let (a, to) = self.at(keyframe, &[b], draw)?;
        let east = bearing_deg(from.middle, 0.0, to.middle);
        let eighth = (east / 45.0).round();
        let clear = (east - eighth * 45.0).abs() < 12.5;
        let word = wording::COMPASS[eighth.rem_euclid(8.0) as usize];
        let t = self.when(keyframe, draw);
        let asks = Asks {
            truth: Truth::Text(word.into()),
            ..Asks::yes_no(wording::IN_WHICH_COMPASS_DIRECTION, true).with("a", a).with("b", b).with("t", t)
        };
        clear.then_some(asks)
    }

    fn count(&self, draw: &mut Draw) -> Option<Asks> {
        let keyframe = self.keyframe(draw);
        let (category, nouns) = wording::NOUNS[draw.below(wording::NOUNS.len())];
        let of = |instance: &&Instance| instance.category == category;
        let all = self.rows.instances.values().filter(of);
        let n = all.clone().filter(|instance| instance.boxes.contains_key(&keyframe)).count();
        let t = self.when(keyframe, draw);
        (all.count() > 0).then(|| Asks::number(wording::COUNT, "", n as f64).with("as", nouns.1).with("t", t))
    }

    /// A thing, two keyframes with all between them annotated, its path in metres between these and the time in seconds.
    fn way(&self, draw: &mut Draw) -> Option<(&str, usize, usize, f64, f64)> {
        let (a, instance) = self.thing(draw)?;
        let (from, n) = (self.keyframe(draw), 1 + draw.below(8));
        let boxes: Option<Vec<&Placed>> =
            (from..=from + n).map(|keyframe| instance.boxes.get(&keyframe)).collect();
        let length = boxes?.windows(2).map(|pair| apart(pair[0].middle, pair[1].middle)).sum::<f64>();
        let seconds = (self.rows.times_us.get(from + n)? - self.rows.times_us[from]) as f64 / 1e6;
        Some((a, from, from + n, length, seconds))
    }

    fn path(&self, draw: &mut Draw) -> Option<Asks> {
        let (a, from, to, length, _) = self.way(draw)?;
        let (t, u) = (self.when(from, draw), self.when(to, draw));
        (length > 0.5)
            .then(|| Asks::number(wording::PATH, "m", length).with("a", a).with("t", t).with("u", u))
    }

    fn speed(&self, draw: &mut Draw) -> Option<Asks> {
        let (a, from, to, length, seconds) = self.way(draw)?;
        let (t, u) = (self.when(from, draw), self.when(to, draw));
        let (wordings, unit, factor) = wording::SPEED[draw.below(2)];
        (length > 0.5 * seconds).then(|| {
            Asks::number(wordings, unit, factor * length / seconds).with("a", a).with("t", t).with("u", u)
        })
    }

    /// Not where it just starts or stops.
    fn moving(&self, draw: &mut Draw) -> Option<Asks> {
        let (a, instance) = self.thing(draw)?;
        let keyframe = 1 + self.keyframe(draw);
        let placed =
            |keyframe: usize| Some((instance.boxes.get(&keyframe)?, *self.rows.times_us.get(keyframe)?));
        let speed = |from: usize| {
            let ((p, t), (q, u)) = (placed(from)?, placed(from + 1)?);
            Some(apart(p.middle, q.middle) / ((u - t) as f64 / 1e6))
        };
        let (before, after) = (speed(keyframe - 1)?, speed(keyframe)?);
        let moves = before.min(after) > 1.0;
        let t = self.when(keyframe, draw);
        (moves || before.max(after) < 0.1)
            .then(|| Asks::yes_no(wording::MOVING, moves).with("a", a).with("t", t))
    }

    fn time(&self, draw: &mut Draw) -> Option<Asks> {
        let (a, instance) = self.thing(draw)?;
        let (wordings, keyframe) = if draw.below(2) == 0 {
            (wording::FIRST_SEEN, instance.boxes.keys().next())
        } else {
            (wording::LAST_SEEN, instance.boxes.keys().next_back())
        };
        Some(Asks::number(wordings, "s", self.rows.times_us[*keyframe?] as f64 / 1e6).with("a", a))
    }

    /// A keyframe and where the camera is.
    fn camera(&self, draw: &mut Draw) -> Option<(usize, [f64; 3], f64)> {
        let keyframe = self.keyframe(draw);
        let picture = self.rows.camera_at(*self.rows.times_us.get(keyframe)?)?;
        Some((keyframe, picture.eye, picture.yaw()))
    }

    /// In the picture as a whole and before everything else, or wholly outside of it.
    fn in_view(&self, draw: &mut Draw) -> Option<Asks> {
        let keyframe = self.keyframe(draw);
        let picture = self.rows.camera_at(*self.rows.times_us.get(keyframe)?)?;
        let (a, of) = self.at(keyframe, &[], draw)?;
        let t = self.when(keyframe, draw);
        let hull = |of: &Placed| -> Option<[f64; 4]> {
            let corners: Option<Vec<[f64; 2]>> = of.corners().iter().map(|c| picture.pixel(*c)).collect();
            let ends = |k: usize, corners: &[[f64; 2]]| {
                let all = corners.iter().map(|c| c[k]);
                (all.clone().fold(f64::INFINITY, f64::min), all.fold(f64::NEG_INFINITY, f64::max))
            };
            let corners = corners?;
            let ((left, right), (top, bottom)) = (ends(0, &corners), ends(1, &corners));
            Some([left, right, top, bottom])
        };
        let depth = |of: &Placed| picture.seen(of.middle)[2];
        let visible = match hull(&of) {
            // a metre behind the lens, or past an edge by 50 pixels
            None => of.corners().iter().all(|c| picture.seen(*c)[2] < -1.0).then_some(false)?,
            Some([left, right, top, bottom]) => {
                let outside = right < -50.0 || left > 1650.0 || bottom < -50.0 || top > 950.0;
                let inside = left > 0.0 && right < 1600.0 && top > 0.0 && bottom < 900.0;
                let covered =
                    self.rows.instances.values().filter_map(|other| other.boxes.get(&keyframe)).any(
                        |other| {
                            let apart =
                                |[l, r, t, b]: [f64; 4]| l > right || r < left || t > bottom || b < top;
                            *other != of
                                && depth(other) < depth(&of) + 3.0
                                && hull(other).is_none_or(|hull| !apart(hull))
                                && depth(other) > -10.0
                        },
                    );
                if outside { false } else { (inside && !covered).then_some(true)? }
            }
        };
        Some(Asks::yes_no(wording::IN_VIEW, visible).with("a", a).with("t", t))
    }

    fn ego_direction(&self, draw: &mut Draw) -> Option<Asks> {
        let (keyframe, eye, yaw) = self.camera(draw)?;
        let (a, to) = self.at(keyframe, &[], draw)?;
        let deg = bearing_deg(eye, yaw, to.middle);
        let t = self.when(keyframe, draw);
        let asks = if draw.below(2) == 0 {
            Asks::choice(wording::EGO_LEFT_OR_RIGHT, &["left", "right"], left_or_right(deg)?)
        } else {
            Asks::choice(wording::EGO_FOUR_SIDES, &wording::SIDES, quarter(deg)?)
        };
        Some(asks.with("a", a).with("t", t))
    }

    fn ego_distance(&self, draw: &mut Draw) -> Option<Asks> {
        let (keyframe, eye, _) = self.camera(draw)?;
        let (a, to) = self.at(keyframe, &[], draw)?;
        let far = ground_distance(eye, &to);
        let t = self.when(keyframe, draw);
        (far > 1.0).then(|| Asks::number(wording::EGO_DISTANCE, "m", far).with("a", a).with("t", t))
    }

    fn ego_closer(&self, draw: &mut Draw) -> Option<Asks> {
        let (keyframe, eye, _) = self.camera(draw)?;
        let (a, first) = self.at(keyframe, &[], draw)?;
        let (b, second) = self.at(keyframe, &[a], draw)?;
        let right = clearly_less(ground_distance(eye, &first), ground_distance(eye, &second))?;
        let t = self.when(keyframe, draw);
        Some(Asks::choice(wording::EGO_CLOSER, &[a, b], right).with("a", a).with("b", b).with("t", t))
    }
}

/// 0 where the first is less, 1 where the second is; none where they are within a tenth or 10 cm of each other.
fn clearly_less(a: f64, b: f64) -> Option<usize> {
    let clear = |small: f64, large: f64| large > small * 1.1 && large > small + 0.1;
    if clear(a, b) { Some(0) } else { clear(b, a).then_some(1) }
}

/// 0 left, 1 right; none within 15° of straight ahead or behind.
fn left_or_right(deg: f64) -> Option<usize> {
    (15.0..165.0).contains(&deg.abs()).then_some(usize::from(deg < 0.0))
}

/// Which of [`wording::SIDES`]; none within 15° of the edge between two.
fn quarter(deg: f64) -> Option<usize> {
    let quarter = (deg / 90.0).round();
    let clear = (deg - quarter * 90.0).abs() < 30.0;
    clear.then(|| quarter.rem_euclid(4.0) as usize)
}

#[cfg(test)]
#[expect(clippy::print_stderr, reason = "data tests say whether they ran")]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn load(seed: u64) -> Option<Loaded> {
        let root = std::env::var_os("CHRONOTOPE_DATA")
            .map_or_else(|| "../../../shared/data".into(), std::path::PathBuf::from);
        let folder = root.join("nuscenes_mini");
        let found = folder.exists();
        eprintln!("data test {}: questions over nuscenes", if found { "run" } else { "skipped" });
        found.then(|| NuScenes { seed }.load(&folder).expect("as released"))
    }

    #[test]
    fn sectors_have_margins_and_left_is_positive() {
        assert_eq!([0.0, 80.0, -179.0, -90.0].map(quarter), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!([40.0, -50.0].map(quarter), [None, None]);
        assert_eq!([20.0, -100.0, 5.0].map(left_or_right), [Some(0), Some(1), None]);
        assert_eq!(
            [(1.0, 1.05), (1.0, 2.0), (3.0, 2.0)].map(|(a, b)| clearly_less(a, b)),
            [None, Some(0), Some(1)]
        );
    }

    /// The same seed draws the same questions, another one others, every type is there, and in all its wordings.
    #[test]
    fn questions_are_drawn_by_seed_from_every_type() {
        let Some(first) = load(0) else { return };
        let questions = |loaded: &Loaded| loaded.items.iter().map(|i| i.question.clone()).collect::<Vec<_>>();
        assert_eq!(questions(&first), questions(&load(0).expect("there")));
        assert_ne!(questions(&first), questions(&load(1).expect("there")));
        let groups: BTreeSet<&str> = first.items.iter().map(|i| i.group.as_str()).collect();
        assert_eq!(groups.len(), TYPES.len());
        let ids: BTreeSet<&str> = first.items.iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids.len(), first.items.len());
        assert!(first.items.iter().all(|i| !i.question.contains(['{', '}'])), "a blank was left");
        for start in ["How far apart", "At ", "What distance", "How far is"] {
            assert!(
                first.items.iter().any(|i| i.group == "distance" && i.question.starts_with(start)),
                "{start}"
            );
        }
    }
}
