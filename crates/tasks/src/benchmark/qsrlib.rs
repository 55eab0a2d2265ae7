//! QSRlib's test data: qualitative relations of boxes in the plane.

use super::{Benchmark, Loaded};
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use crate::lines::{file_of, files_of, plain_name, stem};
use chronotope_ask::Form;
use chronotope_formats::import::text_of;
use chronotope_world::catalogue::Entry;
use chronotope_world::time::NS_PER_S;
use chronotope_world::{
    Clock, EntityId, Known, Label, Origin, Pose, ReferenceFrame, Sample, Scale, Source, SourceId, SourceKind,
    Time, Track, World, WorldBuilder,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Boxes of three objects over 600 frames, and their relations in six calculi.
///
/// DATA holds `NAME.csv[.gz]` (frame, object, x, y, w, l; centres and full sizes) and `NAME_CALCULUS.csv[.gz]` (frame; objects; relation) for
/// rcc8, rcc5, ra, cardir, argd and tpcc. Boxes stand on a plane with y to the north, in a unit of its own; frame n is second n.
#[derive(Clone, Copy, Debug)]
pub struct Qsrlib;

/// QSRlib's names of the calculi, and how the engine is asked for them.
const CALCULI: [(&str, &str); 6] = [
    ("rcc8", "calculus: rcc8"),
    ("rcc5", "calculus: rcc5"),
    ("ra", "calculus: rectangle"),
    ("cardir", "calculus: compass"),
    ("argd", "calculus: near, limits: [10, 20, 30]"),
    ("tpcc", "calculus: tpcc"),
];

impl Benchmark for Qsrlib {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "qsrlib",
            about: "qualitative relations of boxes in six calculi",
            source: "tasks/src/benchmark/qsrlib.rs",
            paper: Some(
                "Gatsoulis et al., QSRlib: A software library for online acquisition of qualitative spatial relations, 2016",
            ),
            example: "chronotope eval qsrlib ../shared/data/qsrlib",
        }
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn reads(&self) -> &'static str {
        "the labels are QSRlib's own, computed from the same boxes"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let calculus = |name: &str| {
            let (_, calculus) = name.strip_suffix(".csv")?.rsplit_once('_')?;
            CALCULI.into_iter().find(|(known, _)| *known == calculus)
        };
        let expected = "the files of QSRlib: data2_rcc8.csv beside data2.csv";
        if data.is_file() && calculus(plain_name(data)).is_none() {
            return Err(Error::input(data, expected, "a file of another name"));
        }
        let files = files_of(data, |name| calculus(name).is_some(), expected)?;
        let mut worlds: BTreeMap<String, (World, BTreeMap<String, EntityId>)> = BTreeMap::new();
        let (mut items, mut read) = (Vec::new(), Vec::new());
        for file in files {
            let group = stem(&file).to_owned();
            let Some((set, calculus)) = group.rsplit_once('_') else { continue };
            let Some((_, how)) = CALCULI.into_iter().find(|(known, _)| *known == calculus) else { continue };
            if !worlds.contains_key(set) {
                let folder = file.parent().unwrap_or(data);
                let boxes = file_of(folder, &[&format!("{set}.csv")], "the boxes")?;
                worlds.insert(set.to_owned(), world_of(set, &boxes)?);
                read.push(boxes);
            }
            let (world, things) = &worlds[set];
            for (n, line) in
                text_of(&file)?.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty())
            {
                let program = program(line, things, how);
                let Some((program, relation)) = program else {
                    return Err(Error::Line {
                        line: n + 1,
                        expected: "frame; two or three objects of the boxes; relation".into(),
                        found: line.chars().take(80).collect(),
                        path: file,
                    });
                };
                items.push(Item {
                    id: format!("{group}/{n}"),
                    group: group.clone(),
                    subsets: Vec::new(),
                    scene: Scene::World(world.clone()),
                    question: format!("Which relation of {calculus} holds: {line}?").replace(relation, "…"),
                    program: Some(program),
                    options: Vec::new(),
                    form: Form::Words,
                    asked_at: None,
                    media: std::sync::Arc::default(),
                    truth: Truth::Text(relation.to_owned()),
                });
            }
            read.push(file);
        }
        Ok(Loaded { items, files: read, notes: Vec::new() })
    }
}

fn program<'a>(line: &'a str, things: &BTreeMap<String, EntityId>, how: &str) -> Option<(String, &'a str)> {
    let fields: Vec<&str> = line.split(';').map(str::trim).collect();
    let [frame, objects, relation] = fields[..] else { return None };
    let second: u32 = frame.parse().ok()?;
    let ids: Option<Vec<String>> = objects
        .split(',')
        .map(|name| things.get(name.trim()).map(|id| format!("entity({})", id.0)))
        .collect();
    let program = match ids?.as_slice() {
        [a, b] => format!("relation({a}, {b}, {how}, at: {second} s, in: world(plane))"),
        [a, b, c] => format!("relation({a}, {b}, {how}, third: {c}, at: {second} s, in: world(plane))"),
        _ => return None,
    };
    Some((program, relation))
}

/// The objects of a file of boxes, with their numbers.
fn world_of(set: &str, file: &Path) -> Result<(World, BTreeMap<String, EntityId>), Error> {
    let mut builder = WorldBuilder::new(set);
    let source = builder.source(Source {
        id: SourceId(0),
        kind: SourceKind::Annotation,
        uri: file.display().to_string(),
        sha256: None,
        record_from_source: Some(Clock::SAME),
        derived_from: None,
        settings: "format=qsrlib".to_owned(),
        known: Known::ALWAYS,
    });
    let plane = builder.reference_frame(ReferenceFrame::World("plane".into()), Scale::Own("plane".into()));
    let mut tracks = BTreeMap::new();
    let mut things = BTreeMap::new();
    for (n, line) in text_of(file)?.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        let fault = || Error::Line {
            line: n + 1,
            expected: "frame,object,x,y,w,l".into(),
            found: line.chars().take(80).collect(),
            path: file.to_owned(),
        };
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [frame, object, x, y, w, l] = fields[..] else { return Err(fault()) };
        let number = |text: &str| text.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(fault);
        let frame: u32 = frame.parse().map_err(|_no_number| fault())?;
        let (x, y, w, l) = (number(x)?, number(y)?, number(w)?, number(l)?);
        let track = *tracks.entry(object.to_owned()).or_insert_with(|| {
            let track = builder.track(Track::new(source, object, Known::ALWAYS));
            things.insert(object.to_owned(), builder.entity_of(track, "annotated", Known::ALWAYS));
            builder.label(Label::new(track, object, "name", Known::ALWAYS));
            track
        });
        let mut sample =
            Sample::new(source, Some(track), Time(i64::from(frame) * NS_PER_S), Origin::Annotated);
        sample.pose = Some(Pose {
            reference_frame: plane,
            position: [x, y, 0.0],
            rotation: Some([1.0, 0.0, 0.0, 0.0]),
            extent: Some([w, l, 0.0]),
        });
        sample.known = Known::ALWAYS;
        builder.sample(sample);
    }
    let world = builder.build().map_err(|fault| Error::World { fault, path: file.to_owned() })?;
    Ok((world, things))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_becomes_a_program() {
        let things = BTreeMap::from([("o1".to_owned(), EntityId(0)), ("o2".to_owned(), EntityId(4))]);
        let (asked, truth) = program("7;o1,o2;d,<", &things, "calculus: rectangle").expect("three fields");
        assert_eq!(asked, "relation(entity(0), entity(4), calculus: rectangle, at: 7 s, in: world(plane))");
        assert_eq!(truth, "d,<");
        assert!(program("7;o1,o9;dc", &things, "calculus: rcc8").is_none());
    }
}
