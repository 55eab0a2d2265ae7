//! All samples of a World as one flat table.
//!
//! Source: RFC 4180 (2005); columns as in the bundle's table of samples, with the things and labels joined.

use super::rows;
use super::{Error, ExportSettings, Exporter};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Origin, World};
use std::io::Write;

/// One row per visible sample, in the order in which samples were handed in; an empty cell is not known.
///
/// Times are seconds of the record with all their digits (`-inf` and `inf` for what always held). Pixels are those of the source picture; x, y, z
/// and sizes are in `unit` of `reference_frame`.
#[derive(Clone, Copy, Debug)]
pub struct Csv;

const HEADER: [&str; 29] = [
    "sample",
    "source",
    "track",
    "source_key",
    "entity",
    "label",
    "ignored",
    "t_s",
    "end_s",
    "frame_index",
    "left_px",
    "top_px",
    "width_px",
    "height_px",
    "reference_frame",
    "unit",
    "x",
    "y",
    "z",
    "qw",
    "qx",
    "qy",
    "qz",
    "length",
    "width",
    "height",
    "score",
    "visibility",
    "origin",
];

impl Exporter for Csv {
    fn entry(&self) -> Entry {
        Entry {
            kind: "exporters",
            name: "csv",
            about: "all samples as one flat table with units in the header",
            source: "formats/src/export/csv.rs",
            paper: Some("RFC 4180, 2005"),
            example: "chronotope export csv street.world -o street.csv",
        }
    }

    fn export(&self, world: &World, _settings: &ExportSettings, out: &mut dyn Write) -> Result<(), Error> {
        let labels = rows::DatedLabels::of(world);
        let mut table = ::csv::Writer::from_writer(out);
        table.write_record(HEADER).map_err(written)?;
        let number = |v: Option<f64>| v.map_or(String::new(), |v| v.to_string());
        for row in rows::rows(world)? {
            let s = &row.sample;
            let track = s.track.and_then(|t| world.track(t));
            let frame = s.pose.and_then(|p| world.reference_frame(p.reference_frame));
            let b = s.box_px;
            let position = |k: usize| number(s.pose.map(|p| p.position[k]));
            let rotation = |k: usize| number(s.pose.and_then(|p| p.rotation).map(|q| q[k]));
            let extent = |k: usize| number(s.pose.and_then(|p| p.extent).map(|e| e[k]));
            let text = |v: Option<String>| v.unwrap_or_default();
            let cells: [String; 29] = [
                s.id.0.to_string(),
                s.source.0.to_string(),
                text(s.track.map(|t| t.0.to_string())),
                text(track.map(|t| t.source_key.clone())),
                text(row.entity.map(|e| e.0.to_string())),
                text(s.track.and_then(|track| labels.at(track, s.t)).map(str::to_owned)),
                text(track.map(|t| t.ignored.to_string())),
                s.t.to_string(),
                text(s.end.map(|t| t.to_string())),
                text(s.frame_index.map(|n| n.to_string())),
                number(b.map(|b| b.left)),
                number(b.map(|b| b.top)),
                number(b.map(|b| b.width)),
                number(b.map(|b| b.height)),
                text(frame.map(|f| f.reference_frame.to_string())),
                text(frame.map(|f| f.scale.to_string())),
                position(0),
                position(1),
                position(2),
                rotation(0),
                rotation(1),
                rotation(2),
                rotation(3),
                extent(0),
                extent(1),
                extent(2),
                number(s.score),
                number(s.visibility),
                origin_name(s.origin).to_owned(),
            ];
            table.write_record(&cells).map_err(written)?;
        }
        Ok(table.flush()?)
    }
}

fn written(error: ::csv::Error) -> Error {
    Error::Write(std::io::Error::other(error))
}

fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Observed => "observed",
        Origin::Annotated => "annotated",
        Origin::Interpolated => "interpolated",
        Origin::Predicted => "predicted",
        Origin::Simulated => "simulated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;
    use crate::import::{self, ImportSettings, Importer};

    #[test]
    fn a_row_says_all_of_a_sample() {
        let scratch = Scratch::new();
        let path = scratch.file("a.txt", b"3,7,1.5,2,3,4,1,-4.5,2,0\n3,-1,1,2,3,4,0.5,-1,-1,-1\n");
        let settings = ImportSettings { fps: Some(10.0), ..ImportSettings::default() };
        let world = import::Mot.import(&path, &settings).expect("valid").worlds.remove(0);
        let mut out = Vec::new();
        Csv.export(&world, &ExportSettings::default(), &mut out).expect("exports");
        let text = String::from_utf8(out).expect("text");
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(
            rows[1],
            "0,0,0,7,7,pedestrian,false,0.2,,2,1.5,2,3,4,world(ground),m,-4.5,2,0,,,,,,,,1,,annotated"
        );
        assert_eq!(rows[2], "1,0,,,,,,0.2,,2,1,2,3,4,,,,,,,,,,,,,0.5,,observed");
    }
}
