//! MOTChallenge files from a World.
//!
//! Source: <https://motchallenge.net/instructions>; columns as in [`crate::import::Mot`].

use super::rows::{self, Row};
use super::{Companion, Error, ExportSettings, Exporter};
use crate::import::layout;
use crate::import::trajectory;
use crate::import::{MOT_LABELS as LABELS, mot_class_number};
use chronotope_world::catalogue::Entry;
use chronotope_world::{ReferenceFrame, Scale, World};
use std::collections::BTreeMap;
use std::io::Write;

/// MOTChallenge rows: the picture's number from 1, the entity's id (the track's where it shows none, −1 without a track), the box in pixels of the
/// source, then 10 columns with the score and metres on the ground, unless an imported file had 9 or 7.
///
/// Column 7 is the score, 1 where there is none, 0 for tracks that are to be ignored. An imported file's own ids are written where
/// identities still agree with them.
#[derive(Clone, Copy, Debug)]
pub struct Mot;

impl Exporter for Mot {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "mot",
            about: "boxes with identities, for MOTChallenge's scorers",
            source: "formats/src/export/mot.rs",
            paper: Some("Milan et al., MOT16: A Benchmark for Multi-Object Tracking, 2016"),
            example: "chronotope export mot street.world -o street.txt",
        }
    }

    fn export(&self, world: &World, settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let columns = rows::setting(world, "mot", "columns").unwrap_or("10");
        let no_score = rows::setting(world, "mot", "no-score").map_or(1.0, |_| -1.0);
        let decimals = rows::setting(world, "mot", "decimals").unwrap_or_default();
        let mut digits = [None; 8];
        digits.iter_mut().zip(decimals.split(',')).for_each(|(own, word)| *own = word.parse::<usize>().ok());
        let cell = |column: usize, value: f64| trajectory::print(value, digits[column]);
        let labels = rows::first_labels(world);
        let mut out = rows::laid_out(world, "mot", out);
        write!(out, "{}", layout::heading(world))?;
        for (frame_index, id, row) in rows::picture_rows(world, settings, "mot")?.rows {
            let Some(b) = row.sample.box_px else { continue };
            let id = id.map_or("-1".to_owned(), |id| id.to_string());
            let picture = frame_index as u64 + 1;
            write!(out, "{picture},{id}")?;
            for (column, side) in [b.left, b.top, b.width, b.height].into_iter().enumerate() {
                write!(out, ",{}", cell(column, side))?;
            }
            let track = row.sample.track.and_then(|t| world.track(t));
            let ignored = track.is_some_and(|t| t.ignored);
            match (row.sample.score, ignored) {
                (Some(score), _) => write!(out, ",{}", cell(4, score))?,
                (None, true) => write!(out, ",{}", cell(4, 0.0))?,
                (None, false) => write!(out, ",{}", cell(4, no_score))?,
            }
            match columns {
                "9" => {
                    let label = row.sample.track.and_then(|t| labels.get(&t));
                    let class = label.and_then(|text| mot_class_number(text)).unwrap_or(1);
                    writeln!(out, ",{class},{}", cell(6, row.sample.visibility.unwrap_or(-1.0)))?;
                }
                "7" => writeln!(out)?,
                _ => {
                    let [x, y, z] = on_ground(world, &row).unwrap_or([-1.0; 3]);
                    writeln!(out, ",{},{},{}", cell(5, x), cell(6, y), cell(7, z))?;
                }
            }
        }
        Ok(out.finish()?)
    }

    fn companion(&self, world: &World, settings: &ExportSettings) -> Result<Option<Companion>, Error> {
        labels_of_ids(world, settings)
    }
}

/// Which id is what: labels that the format's columns cannot say, one id per line; none where all are pedestrians or a column says the class.
fn labels_of_ids(world: &World, settings: &ExportSettings) -> Result<Option<Companion>, Error> {
    if rows::setting(world, "mot", "columns").is_some_and(|columns| columns == "9") {
        return Ok(None);
    }
    let labels = rows::first_labels(world);
    let mut of: BTreeMap<String, &str> = BTreeMap::new();
    for (_, id, row) in rows::picture_rows(world, settings, "mot")?.rows {
        if let (Some(id), Some(label)) = (id, row.sample.track.and_then(|t| labels.get(&t))) {
            of.entry(id.to_string()).or_insert(label);
        }
    }
    if of.values().all(|label| *label == "pedestrian") {
        return Ok(None);
    }
    let mut ids: Vec<(&String, &str)> = of.iter().map(|(id, label)| (id, *label)).collect();
    ids.sort_by_key(|(id, _)| (id.len(), (*id).clone()));
    let mut text = String::from("id,label\n");
    for (id, label) in ids {
        // a label is one line without the marks of a table
        let plain: String =
            label.chars().map(|c| if c == ',' || c == '"' || c.is_control() { ' ' } else { c }).collect();
        text.push_str(&format!("{id},{}\n", plain.trim()));
    }
    let why = "the format has no column for labels and means pedestrians".to_owned();
    Ok(Some(Companion { extension: LABELS, text, why }))
}

/// Metres in a world, where the sample has them.
fn on_ground(world: &World, row: &Row) -> Option<[f64; 3]> {
    let pose = row.sample.pose?;
    let frame = world.reference_frame(pose.reference_frame)?;
    let metric = frame.scale == Scale::Metre && matches!(frame.reference_frame, ReferenceFrame::World(_));
    metric.then_some(pose.position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use crate::import::{self, ImportSettings, Importer};

    fn text_of(path: &std::path::Path) -> String {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut import::input::open(path).expect("there"), &mut text)
            .expect("text");
        text
    }

    fn written(world: &World) -> String {
        let mut out = Vec::new();
        Mot.export(world, &ExportSettings::default(), &mut out).expect("exports");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn what_was_read_is_written_back() {
        let scratch = Scratch::new();
        for text in [
            "2,7,1.5,2,3,4,1,1,0.25\n1,7,1,2,3,4,0,1,1\n1,8,1,2,3,4,0,7,1\n1,9,1,2,3,4,1,3,-1\n3,7,1,2,3,4,0,4,1\n",
            "1,7,1,2,3,4,1,-4.5,2,0\n1,8,1,2,3,4,0,-1,-1,-1\n2,-1,1,2,3,4,0.5,-1,-1,-1\n2,-1,1,2,3,4,-1,-1,-1,-1\n",
            "1,7,1,2,3,4,-1,-1,-1,-1\n2,8,1,2,3,4,0.5,-1,-1,-1\n",
            "1,-1,1,2,3,4,0.5\n",
            // more digits than a double holds are written with as few as needed
            "1,-1,1000000.000009,1,2,3,0.00000040\n",
            "1,7,1.50,2.00,3.25,4.75,1,-1,-1,-1\r\n2,7,1.00,2.00,3.00,4.00,1,-1,-1,-1",
            "# made by hand\n1,7,1,2,3,4,1,1,0.500000\r".trim_end_matches('\r'),
        ] {
            let path = scratch.file("a.txt", text.as_bytes());
            let imported = import::Mot.import(&path, &ImportSettings::default()).expect("valid");
            assert!(imported.faults.is_empty(), "{}", imported.faults);
            assert_eq!(written(&imported.worlds[0]), text);
        }
    }

    #[test]
    fn labels_that_have_no_column_stand_in_a_file_of_their_own_and_come_back() {
        let world = chronotope_world::text::parse(
            "record \"street\"\ncamera cam 640x360\ncoverage cam [0, 2) \"moving object\"\n\"moving object\" 1 through cam gap 2\n  0: box (10, 100, 60, 40) frame 0\n  1: box (20, 100, 60, 40) frame 1\n",
        )
        .expect("valid");
        let companion =
            Mot.companion(&world, &ExportSettings::default()).expect("fits").expect("no pedestrian");
        assert_eq!(companion.text, "id,label\n1,moving object\n");
        let scratch = Scratch::new();
        let path = scratch.file("a.txt", written(&world).as_bytes());
        scratch.file("a.labels.csv", companion.text.as_bytes());
        let settings = ImportSettings { fps: Some(1.0), ..ImportSettings::default() };
        let back = import::Mot.import(&path, &settings).expect("valid").worlds.remove(0);
        assert_eq!(back.tables().labels[0].text, "moving object");
        assert_eq!(back.tables().coverage[0].labels, ["moving object"]);
        let again = Mot.companion(&back, &ExportSettings::default()).expect("fits");
        assert_eq!(again.map(|c| c.text), Some(companion.text));
        let broken = scratch.file("b.txt", written(&world).as_bytes());
        scratch.file("b.labels.csv", b"id,label\nx,car\n");
        assert!(import::Mot.import(&broken, &settings).is_err());
    }

    #[test]
    fn every_file_of_the_data_is_written_back_byte_by_byte() {
        let Some(folder) = data("export mot", ".") else { return };
        let files = [
            "mot15/TUD-Campus/gt.txt",
            "mot15/TUD-Campus/test.txt",
            "mot15/TUD-Campus/det.txt",
            "mot15/iotest/motchallenge.txt",
            "pets09_s2l1/gt_every3rd_0001_0067.txt",
            "pets09_s2l1/det_0001_0200.txt",
        ];
        let mut paths: Vec<_> = files.iter().map(|f| folder.join(f)).collect();
        let imported = import::Mot.import(&folder.join("mot_gt"), &ImportSettings::default()).expect("valid");
        paths.extend(imported.worlds.iter().map(|w| w.tables().sources[0].uri.clone().into()));
        assert_eq!(paths.len(), 24);
        for path in paths {
            let world =
                import::Mot.import(&path, &ImportSettings::default()).expect("valid").worlds.remove(0);
            let (was, is) = (text_of(&path), written(&world));
            let first = was.lines().zip(is.lines()).find(|(was, is)| was != is);
            assert!(was == is, "{}: {first:?}", path.display());
        }
    }

    #[test]
    fn two_tracks_of_one_thing_have_its_number() {
        use chronotope_world::{
            BoxPx, Identity, IdentityId, Known, Origin, Sample, Span, Time, Track, WorldBuilder,
        };
        let mut b = WorldBuilder::new("watched");
        let source = b.source(chronotope_world::Source {
            id: chronotope_world::SourceId(0),
            kind: chronotope_world::SourceKind::Perception,
            uri: "tracker".into(),
            sha256: None,
            record_from_source: None,
            derived_from: None,
            settings: String::new(),
            known: Known::ALWAYS,
        });
        let entity = b.entity();
        for (key, frame_index) in [("12", 1), ("31", 0)] {
            let track = b.track(Track::new(source, key, Known::ALWAYS));
            b.identity(Identity {
                id: IdentityId(0),
                track,
                span: Span::ALWAYS,
                entity,
                confidence: None,
                reason: "tracked".into(),
                known: Known::ALWAYS,
                closed: None,
            });
            for (track, score) in [(Some(track), None), (None, Some(0.5))] {
                let mut s = Sample::new(source, track, Time(frame_index as i64), Origin::Observed);
                (s.frame_index, s.box_px, s.score) =
                    (Some(frame_index), BoxPx::new(1.0, 2.0, 3.0, 4.0), score);
                b.sample(s);
            }
        }
        // by picture; boxes that no track took stay out of a tracker's result
        assert_eq!(written(&b.build().expect("valid")), "1,0,1,2,3,4,1,-1,-1,-1\n2,0,1,2,3,4,1,-1,-1,-1\n");
    }
}
