//! Calibration on KITTI: questions about tracks of real detections, against the annotated truth.

mod fit;
mod items;
mod tracks;

use chronotope_formats::import::{ImportSettings, Importer as _, Kitti, KittiDetections};
use chronotope_tasks::{Benchmark, Error, Loaded};
use chronotope_world::catalogue::Entry;
use fit::Model;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tracks::Sequence;

/// Questions about cars, people and cyclists as AB3DMOT tracks them in the detections of PointRCNN, with the truth of KITTI's
/// annotators.
///
/// DATA has `label/SSSS.txt[.gz]` and `det_pointrcnn/{Car,Pedestrian,Cyclist}_SSSS.txt[.gz]`. Of the sequences in order of their names,
/// the first, third, fifth … are fitted on: how likely a tracked box is a thing, how far its place is off (by range, along and
/// across the line of sight), how long such an error lasts, and which share of things is found. The others are asked about: their
/// Worlds hold tracks with these figures and nothing of the truth, and every answer comes with a probability. The truth is the same
/// program's answer on the annotated World. Places are relative to the recording car, x ahead, y left, z up.
#[derive(Clone, Copy, Debug)]
pub struct KittiCalibration;

impl Benchmark for KittiCalibration {
    fn entry(&self) -> Entry {
        Entry {
            kind: "benchmarks",
            name: "kitti-calibration",
            about: "whether answers over tracks of real detections are right as often as they say",
            source: "evaluate/src/kitti/mod.rs",
            paper: Some(
                "Geiger et al., KITTI, CVPR 2012; Weng et al., AB3DMOT, IROS 2020; Guo et al., ICML 2017",
            ),
            example: "chronotope eval kitti-calibration ../shared/data/kitti_tracking",
        }
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn reads(&self) -> &'static str {
        "from tracks of real detections; how far they are off was fitted on other sequences; see the calibration, not the score"
    }

    fn load(&self, data: &Path) -> Result<Loaded, Error> {
        let (fitted_on, asked) = halves(data)?;
        let mut files = Vec::new();
        let read = |labels: &[PathBuf], files: &mut Vec<PathBuf>| {
            labels.iter().map(|label| sequence(data, label, files)).collect::<Result<Vec<_>, Error>>()
        };
        let (fitted_on, asked) = (read(&fitted_on, &mut files)?, read(&asked, &mut files)?);
        let model = Model::fit(&fitted_on);
        let mut notes = vec![
            format!("fitted on {}", names(&fitted_on)),
            format!("asked about {}", names(&asked)),
            model.to_string(),
        ];
        let mut items = Vec::new();
        for sequence in &asked {
            items.extend(
                items::of(sequence, &model, &mut notes)
                    .map_err(|fault| Error::World { fault, path: data.join("label").join(&sequence.name) })?,
            );
        }
        Ok(Loaded { items, files, notes })
    }
}

fn names(sequences: &[Sequence]) -> String {
    sequences.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The label files to fit on and to ask about: every other one.
fn halves(data: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Error> {
    let folder = data.join("label");
    let refused = |found: String| Error::Input {
        expected: "label/SSSS.txt[.gz] of at least two sequences".into(),
        found,
        path: data.to_owned(),
    };
    let entries = fs::read_dir(&folder).map_err(|fault| refused(fault.to_string()))?;
    let mut labels = BTreeSet::new();
    for entry in entries {
        let path = entry.map_err(|fault| refused(fault.to_string()))?.path();
        let name = path.to_string_lossy();
        if name.ends_with(".txt") || name.ends_with(".txt.gz") {
            labels.insert(path);
        }
    }
    if labels.len() < 2 {
        return Err(refused(format!("{} of them", labels.len())));
    }
    let (fit, ask): (Vec<_>, Vec<_>) = labels.into_iter().enumerate().partition(|(n, _)| n % 2 == 0);
    let paths = |half: Vec<(usize, PathBuf)>| half.into_iter().map(|(_, path)| path).collect();
    Ok((paths(fit), paths(ask)))
}

/// A sequence with its truth and its tracks.
fn sequence(data: &Path, label: &Path, files: &mut Vec<PathBuf>) -> Result<Sequence, Error> {
    let name = label.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let name = name.split('.').next().unwrap_or_default().to_owned();
    let settings = ImportSettings::default();
    let labelled = Kitti.import(label, &settings)?;
    files.push(label.to_owned());
    let mut detected = Vec::new();
    for class in tracks::CLASSES {
        let folder = data.join("det_pointrcnn");
        let plain = folder.join(format!("{class}_{name}.txt"));
        let packed = folder.join(format!("{class}_{name}.txt.gz"));
        let file = if plain.is_file() { plain } else { packed };
        detected.push((class, KittiDetections.import(&file, &settings)?));
        files.push(file);
    }
    let in_memory = |fault| Error::World { fault, path: label.to_owned() };
    Sequence::new(name, &labelled, &detected).map_err(in_memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_about_is_never_fitted_on() {
        let folder = std::env::temp_dir().join(format!("chronotope-kitti-{}", std::process::id()));
        fs::create_dir_all(folder.join("label")).expect("a temporary folder");
        for name in ["0004.txt", "0000.txt.gz", "0006.txt", "0002.txt.gz", "notes.md"] {
            fs::write(folder.join("label").join(name), "").expect("written");
        }
        let (fit, ask) = halves(&folder).expect("four sequences");
        let names = |paths: &[PathBuf]| {
            let name = |p: &PathBuf| p.file_name().map(|n| n.to_string_lossy().into_owned());
            paths.iter().filter_map(name).collect::<Vec<_>>()
        };
        assert_eq!(names(&fit), ["0000.txt.gz", "0004.txt"]);
        assert_eq!(names(&ask), ["0002.txt.gz", "0006.txt"]);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
