//! SQA3D: questions of somebody who stands somewhere in a scanned room.

use super::vsi_bench::with_rows;
use super::{Benchmark, Loaded};
use crate::error::Error;
use crate::item::{Item, Scene, Truth};
use crate::lines::{file_of, rows};
use chronotope_ask::Form;
use chronotope_formats::import::{ImportSettings, Importer as _, VsiBench as Scenes};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    Known, Observer, ObserverId, ObserverKind, ReferenceFrame, ReferenceFrameId, ReferenceFrameRow, Scale,
    Span, Tables, Transform, TransformId, TransformKind, World,
};
use nalgebra::{Rotation3, UnitQuaternion, Vector3};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Situated questions over ScanNet rooms: the pose of the asker is given, the answers are words.
///
/// DATA holds `qa.jsonl`; the boxes of the rooms are VSI-Bench's `meta_*.json[.gz]`, in DATA or in `vsi_bench` beside it. The asker is
/// the one camera of the World, 1.5 m above the floor, level, looking along the stated heading. Most answers are colours, materials
/// and states that boxes do not carry: what counts is how many are answered, and of those how many rightly.
#[derive(Clone, Copy, Debug)]
pub struct Sqa3d;

/// Height of the eye above the floor, which the file does not state.
const EYE_M: f64 = 1.5;

impl Benchmark for Sqa3d {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "sqa3d",
            about: "questions of somebody who stands somewhere in a scanned room",
            source: "tasks/src/benchmark/sqa3d.rs",
            paper: Some("Ma et al., SQA3D: Situated Question Answering in 3D Scenes, ICLR 2023"),
            example: "chronotope eval sqa3d ../shared/data/sqa3d",
        }
    }

    fn metric(&self) -> &'static str {
        "exact-match"
    }

    fn reads(&self) -> &'static str {
        "from boxes and the asker's pose alone: colours, materials and states are not among them; look at the answered ones"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let file = file_of(data, &["qa.jsonl"], "the questions of SQA3D")?;
        let folder = if data.is_file() { data.parent().unwrap_or(data) } else { data };
        let questions: Vec<Row> = rows(&file, "a question of SQA3D as a JSON object")?;
        let beside = folder.parent().unwrap_or(folder).join("vsi_bench");
        let holds_metas = |folder: &Path| {
            std::fs::read_dir(folder).is_ok_and(|entries| {
                entries
                    .filter_map(Result::ok)
                    .any(|entry| entry.file_name().to_string_lossy().starts_with("meta_"))
            })
        };
        let scenes = [folder.to_owned(), beside].into_iter().find(|folder| holds_metas(folder));
        let scenes =
            scenes.ok_or_else(|| Error::input(data, "meta_*.json here or in ../vsi_bench", "none"))?;
        let imported = Scenes.import(&scenes, &ImportSettings::default())?;
        let worlds: BTreeMap<&str, &World> =
            imported.worlds.iter().map(|world| (world.record().name.as_str(), world)).collect();
        let mut items = Vec::new();
        for row in questions {
            let scene = match worlds.get(row.scene_id.as_str()) {
                Some(world) => Scene::World(
                    row.seen_in(world).map_err(|fault| Error::World { fault, path: scenes.clone() })?,
                ),
                None => Scene::None,
            };
            items.push(row.item(scene));
        }
        let asked: std::collections::BTreeSet<&str> = worlds
            .values()
            .flat_map(|world| &world.tables().sources)
            .map(|source| source.uri.as_str())
            .collect();
        let files = std::iter::once(file).chain(asked.into_iter().map(PathBuf::from)).collect();
        Ok(Loaded { items, files, notes: imported.faults.named().iter().map(ToString::to_string).collect() })
    }
}

#[derive(Deserialize)]
struct Row {
    question_id: Value,
    scene_id: String,
    question: String,
    answers: Vec<String>,
    position: Position,
    rotation: Quaternion,
}

#[derive(Deserialize)]
struct Position {
    x: f64,
    y: f64,
    #[serde(default)]
    z: f64,
}

#[derive(Deserialize)]
struct Quaternion {
    #[serde(rename = "_z")]
    z: f64,
    #[serde(rename = "_w")]
    w: f64,
}

/// The first words by which the benchmark groups its questions.
const PREFIXES: [&str; 5] = ["What", "Is", "How", "Can", "Which"];

impl Row {
    fn item(self, scene: Scene) -> Item {
        let first = self.question.split_whitespace().next().unwrap_or_default();
        let group = PREFIXES.into_iter().find(|prefix| prefix.eq_ignore_ascii_case(first)).unwrap_or("Other");
        Item {
            id: self.question_id.as_str().map_or_else(|| self.question_id.to_string(), str::to_owned),
            group: group.to_owned(),
            subsets: Vec::new(),
            scene,
            question: self.question,
            program: None,
            options: Vec::new(),
            form: Form::Spelled,
            asked_at: None,
            media: std::sync::Arc::default(),
            truth: Truth::AnyOf(self.answers),
        }
    }

    /// The room with the asker in it.
    fn seen_in(&self, world: &World) -> Result<World, chronotope_world::Error> {
        // the asker looks along its own −x axis
        let heading = 2.0 * libm::atan2(self.rotation.z, self.rotation.w) + std::f64::consts::PI;
        let ahead = Vector3::new(libm::cos(heading), libm::sin(heading), 0.0);
        let left = Vector3::new(-ahead.y, ahead.x, 0.0);
        // a camera's axes: x right, y down, z forward
        let axes = nalgebra::Matrix3::from_columns(&[-left, -Vector3::z(), ahead]);
        let q = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(axes));
        let eye = [self.position.x, self.position.y, self.position.z + EYE_M];
        with_rows(world, |tables| add_asker(tables, eye, [q.w, q.i, q.j, q.k]))
    }
}

fn add_asker(tables: &mut Tables, eye: [f64; 3], rotation: [f64; 4]) {
    let Some(source) = tables.sources.first().map(|source| source.id) else { return };
    let Some(room) =
        tables.reference_frames.iter().find(|row| !row.reference_frame.is_picture()).map(|row| row.id)
    else {
        return;
    };
    let observer = ObserverId(tables.observers.last().map_or(0, |last| last.id.0 + 1));
    tables.observers.push(Observer {
        id: observer,
        source,
        kind: ObserverKind::Camera,
        name: "asker".to_owned(),
        picture_px: None,
        intrinsics: None,
        known: Known::ALWAYS,
    });
    let frame = ReferenceFrameId(tables.reference_frames.last().map_or(0, |last| last.id.0 + 1));
    let reference_frame = ReferenceFrame::Camera(observer);
    tables.reference_frames.push(ReferenceFrameRow { id: frame, reference_frame, scale: Scale::Metre });
    tables.transforms.push(Transform {
        id: TransformId(tables.transforms.last().map_or(0, |last| last.id.0 + 1)),
        target: room,
        source: frame,
        span: Span::ALWAYS,
        kind: TransformKind::Similarity { translation: eye, rotation, scale: 1.0 },
        deviation: None,
        known: Known::ALWAYS,
    });
}
