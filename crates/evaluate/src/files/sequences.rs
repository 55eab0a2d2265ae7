//! Sequences: tracks as MOT text, paths as TUM or KITTI text, bundles, and folders of them.

use super::ScoreSettings;
use super::form::{self, Form};
use crate::error::Error;
use chronotope_formats::export::{self, ExportSettings};
use chronotope_formats::import::ImportSettings;
use chronotope_formats::open;
use chronotope_formats::twice::poses_twice;
use chronotope_score::{
    ClassedBox, Datum, Path as Poses, Posed, Row, TrackedBox, Tracks, without_distractors,
};
use chronotope_world::{BoxPx, World};
use nalgebra::{Matrix3, Rotation3, UnitQuaternion, Vector3};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What becomes of predictions that lie on things of a MOTChallenge truth which are no pedestrians.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Distractors {
    /// As [`Distractors::Mot20`] where the truth's path names `MOT20`, else as [`Distractors::Mot17`].
    #[default]
    ByName,
    /// Taken away on a person on a vehicle, a static person, a distractor and a reflection.
    Mot17,
    /// On a vehicle without a motor too.
    Mot20,
    /// They stay, and every class of the truth counts (`DO_PREPROC` off).
    Off,
}

impl Distractors {
    /// The classes; none: every class counts.
    fn classes(self, truth: &Path) -> Option<&'static [u32]> {
        const MOT20: &[u32] = &[2, 7, 8, 12, 6];
        match self {
            Distractors::Off => None,
            Distractors::Mot17 => Some(&MOT20[..4]),
            Distractors::Mot20 => Some(MOT20),
            Distractors::ByName if truth.to_string_lossy().contains("MOT20") => Some(MOT20),
            Distractors::ByName => Some(&MOT20[..4]),
        }
    }
}

/// Hands the sequences of two sources to `add`, by name; two single ones belong together whatever they are called.
pub(super) fn joined(
    truth: &Path,
    said: &Path,
    form: Form,
    settings: &ScoreSettings,
    add: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let (truths, mut predictions) = (sequences(truth)?, sequences(said)?);
    if let ([(name, one)], 1, false) =
        (&truths.iter().collect::<Vec<_>>()[..], predictions.len(), truth.is_dir() && !is_bundle(truth))
    {
        let other = predictions.into_values().next().unwrap_or_else(|| said.to_owned());
        let (one, other) = pair(one, Some(&other), form, settings)?;
        return add(&Row { id: name, group: name, truth: &one, prediction: other.as_ref() });
    }
    for (name, one) in &truths {
        let (one, other) = pair(one, predictions.remove(name).as_deref(), form, settings)?;
        add(&Row { id: name, group: name, truth: &one, prediction: other.as_ref() })?;
    }
    if predictions.is_empty() {
        return Ok(());
    }
    let first: Vec<String> = predictions.keys().take(3).map(|name| format!("`{name}`")).collect();
    Err(Error::UnknownIds { path: said.to_owned(), n: predictions.len() as u64, first: first.join(", ") })
}

/// The sequences of a source: itself, or those of a folder: `NAME.txt[.gz]`, `NAME/gt/gt.txt`, `NAME/gt.txt`, `NAME.world`.
fn sequences(source: &Path) -> Result<BTreeMap<String, PathBuf>, Error> {
    if !source.is_dir() || is_bundle(source) {
        return Ok([(stem(source), source.to_owned())].into());
    }
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(source).map_err(|fault| Error::read(source, fault))? {
        let path = entry.map_err(|fault| Error::read(source, fault))?.path();
        let name = stem(&path);
        let inside = [path.join("gt/gt.txt"), path.join("gt.txt")];
        let file = if is_bundle(&path) {
            Some(path)
        } else if path.is_dir() {
            inside.into_iter().find(|file| file.is_file())
        } else {
            let text = path.to_string_lossy();
            (text.ends_with(".txt") || text.ends_with(".txt.gz")).then(|| path.clone())
        };
        if let Some(file) = file {
            found.insert(name, file);
        }
    }
    if found.is_empty() {
        return Err(Error::row(source, 0, "sequences NAME.txt, NAME/gt/gt.txt or NAME.world", "none"));
    }
    Ok(found)
}

fn is_bundle(path: &Path) -> bool {
    path.join("world.json").is_file()
}

/// The name of a sequence: its file's, without endings.
fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    [".gz", ".txt", ".world"]
        .iter()
        .fold(name.as_str(), |name, ending| name.strip_suffix(ending).unwrap_or(name))
        .to_owned()
}

/// MOTChallenge's class of pedestrians.
const PEDESTRIAN: u32 = 1;

const EACH_ONCE: &str = "each identity at most once in a picture";

/// Truth and prediction of one sequence.
fn pair(
    truth: &Path,
    said: Option<&Path>,
    form: Form,
    settings: &ScoreSettings,
) -> Result<(Datum, Option<Datum>), Error> {
    let read = |path: &Path| text(path, form);
    if form == Form::Path {
        let said = said.map(|said| poses(said, &read(said)?)).transpose()?;
        return Ok((poses(truth, &read(truth)?)?, said));
    }
    let annotated = boxes(truth, &read(truth)?, true)?;
    let tracks = |boxes: Vec<ClassedBox>, path: &Path| {
        let boxes = boxes.into_iter().filter(|one| one.counts).map(|one| one.tracked);
        Tracks::new(boxes.collect()).map_err(|twice| Error::row(path, 0, EACH_ONCE, twice.to_string()))
    };
    let said = match said {
        None => None,
        Some(said) => {
            let mut found = boxes(said, &read(said)?, false)?;
            for one in &mut found {
                one.counts = true;
            }
            Some(tracks(found, said)?)
        }
    };
    let (truth, said) = match (settings.distractors.classes(truth), said) {
        (None, said) => (tracks(annotated, truth)?, said),
        (Some(classes), said) => {
            let nothing = Tracks::default();
            let (truth, kept) =
                without_distractors(&annotated, said.as_ref().unwrap_or(&nothing), PEDESTRIAN, classes)
                    .map_err(|twice| Error::row(truth, 0, EACH_ONCE, twice.to_string()))?;
            (truth, said.map(|_| kept))
        }
    };
    Ok((Datum::Tracks(Arc::new(truth)), said.map(|said| Datum::Tracks(Arc::new(said)))))
}

/// The text of a source; a file without anything in it has no rows.
fn text(path: &Path, form: Form) -> Result<String, Error> {
    match form::of(path) {
        Ok(Some(_)) if form::head(path)?.trim_ascii().is_empty() => Ok(String::new()),
        Ok(Some(found)) if found == form => String::from_utf8(form::bytes(path)?)
            .map_err(|fault| Error::row(path, 0, "UTF-8 text", fault.to_string())),
        _ => exported(path, form),
    }
}

/// A bundle or another source that can be opened, in the words of the text form.
fn exported(path: &Path, form: Form) -> Result<String, Error> {
    let worlds: Vec<World> = open::open(path, &ImportSettings::default())?.worlds;
    let name = if form == Form::Path { "tum" } else { "mot" };
    let mut bytes = Vec::new();
    let exporter = export::by_name(name).ok_or_else(|| Error::row(path, 0, "an exporter", name))?;
    exporter
        .export_all(&worlds, &ExportSettings::default(), &mut bytes)
        .map_err(|fault| Error::Export { path: path.to_owned(), fault })?;
    String::from_utf8(bytes).map_err(|fault| Error::row(path, 0, "UTF-8 text", fault.to_string()))
}

/// Farthest that a box lies from the picture's corner, and its longest side: areas and their sums are numbers.
const MOST_PX: f64 = 1e9;

/// Farthest that a pose lies from the origin: squares and their sums are numbers.
const MOST_WAY: f64 = 1e100;

/// Boxes of MOT text in the order of their pictures. Of a truth a flag of 0 says that the row does not count; of nine columns the eighth is
/// the class, else all are pedestrians.
fn boxes(path: &Path, text: &str, is_truth: bool) -> Result<Vec<ClassedBox>, Error> {
    let (mut boxes, mut lines) = (Vec::new(), HashMap::new());
    for (line, cells) in numbers(path, text)? {
        let [frame, id, left, top, width, height, ref others @ ..] = cells[..] else {
            return Err(Error::row(
                path,
                line,
                "at least 6 columns: picture, id, left, top, width, height",
                format!("{}", cells.len()),
            ));
        };
        let whole = |v: f64, what: &str| {
            (v >= 0.0 && v <= f64::from(u32::MAX) && v.fract() == 0.0).then_some(v as u64).ok_or_else(|| {
                Error::row(path, line, format!("{what} as a whole number from 0"), v.to_string())
            })
        };
        let class = match others {
            [_, class, _] if is_truth && (1.0..=13.0).contains(class) && class.fract() == 0.0 => {
                *class as u32
            }
            [_, class, _] if is_truth => {
                return Err(Error::row(
                    path,
                    line,
                    "a class from 1 to 13 in the 8th of 9 columns",
                    class.to_string(),
                ));
            }
            _ => PEDESTRIAN,
        };
        let counts = others.first() != Some(&0.0);
        let (frame_index, id) = (whole(frame, "a picture")? as u32, whole(id, "an identity")?);
        let within = [left, top, width, height].iter().all(|number| number.abs() <= MOST_PX);
        let box_px = BoxPx::new(left, top, width, height).filter(|_| within).ok_or_else(|| {
            Error::row(
                path,
                line,
                "a box of numbers within 1e9 with sizes from 0",
                format!("{left:?}, {top:?}, {width:?}, {height:?}"),
            )
        })?;
        if let Some(first) = lines.insert((frame_index, id), line) {
            return Err(Error::row(
                path,
                line,
                EACH_ONCE,
                format!("{id} again in picture {frame_index}, first in line {first}"),
            ));
        }
        boxes.push(ClassedBox { tracked: TrackedBox { frame_index, id, box_px }, class, counts });
    }
    Ok(boxes)
}

/// Poses of TUM text (`t x y z qx qy qz qw`) or KITTI's (twelve numbers, the rows of a 3 × 4 matrix; picture n at n / 10 s).
fn poses(path: &Path, text: &str) -> Result<Datum, Error> {
    let (mut poses, mut rows, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for (line, n) in numbers(path, text)? {
        let pose = match n[..] {
            [t_s, x, y, z, qx, qy, qz, qw] => Posed::of(t_s, [x, y, z], [qw, qx, qy, qz])
                .ok_or_else(|| Error::row(path, line, "a quaternion", "zeros"))?,
            [a, b, c, x, d, e, f, y, g, h, i, z] => {
                let matrix = Matrix3::new(a, b, c, d, e, f, g, h, i);
                let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix(&matrix));
                Posed { t_s: poses.len() as f64 / 10.0, position: Vector3::new(x, y, z), rotation }
            }
            _ => return Err(Error::row(path, line, "8 columns (TUM) or 12 (KITTI)", n.len().to_string())),
        };
        if let Some(far) = pose.position.iter().find(|at| at.abs() > MOST_WAY) {
            return Err(Error::row(path, line, "a position within 1e100", far.to_string()));
        }
        let [qx, qy, qz, qw] = pose.rotation.coords.into();
        rows.push(((pose.t_s + 0.0).to_bits() as i64, pose.position.into(), [qw, qx, qy, qz]));
        lines.push(line);
        poses.push(pose);
    }
    if let Some((first, second)) = poses_twice(&rows).first() {
        let found = format!("another pose of {} s, first in line {}", poses[*second].t_s, lines[*first]);
        return Err(Error::row(path, lines[*second], "one pose per time", found));
    }
    Ok(Datum::Path(Arc::new(Poses::new(poses))))
}

/// The numbers of each line, commas or blanks between them; `#` begins a comment.
fn numbers(path: &Path, text: &str) -> Result<Vec<(u64, Vec<f64>)>, Error> {
    let mut rows = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let cells = line.split(|c: char| c == ',' || c.is_ascii_whitespace()).filter(|cell| !cell.is_empty());
        let number = |(column, cell): (u32, &str)| {
            let number = cell.parse::<f64>().ok().filter(|number| number.is_finite());
            number.ok_or_else(|| {
                Error::row(
                    path,
                    i as u64 + 1,
                    format!("a finite number in column {column}"),
                    format!("`{}`", cell.chars().take(40).collect::<String>()),
                )
            })
        };
        rows.push((i as u64 + 1, (1..).zip(cells).map(number).collect::<Result<_, _>>()?));
    }
    Ok(rows)
}
