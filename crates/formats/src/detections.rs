//! Detections that somebody else's detector wrote to a file.
//!
//! Source: MOTChallenge `det.txt` (Leal-Taixé et al., 2015); COCO results format (<https://cocodataset.org/#format-results>); JSON Lines
//! with one detection per line, described at [`FileDetections`].

use crate::import::input::{self, Lines};
use crate::import::{Error, Faults, RowFault};
use crate::twice::key_twice;
use chronotope_world::catalogue::Entry;
use chronotope_world::{BoxPx, Span, Time};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One thing seen in one picture.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Detection {
    /// Where, in pixels of the source picture.
    pub box_px: BoxPx,
    /// The detector's own score; none where it gives none.
    pub score: Option<f64>,
    /// What, in the detector's vocabulary.
    pub label: String,
}

/// All that a detector said of one picture; an empty list is an observation too.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectedPicture {
    /// Presentation time of the picture.
    pub t: Time,
    /// Number of the picture in its source, from 0.
    pub frame_index: u32,
    /// What was seen, in the detector's order.
    pub detections: Vec<Detection>,
}

/// The detections of a file, picture by picture.
///
/// The format is told from the content:
/// - **MOTChallenge**: rows of 7, 9 or 10 columns; pictures from 1; ids are not looked at; a row of 9 columns whose consider flag is 0 is left
///   out; the label is `pedestrian`.
/// - **COCO results**: a JSON list of `{image_id, category_id, bbox: [left, top, width, height], score}`; `image_id` is the picture's number
///   counted from [`FileSettings::first_picture`]; labels are COCO's 80 names, `category N` beyond them.
/// - **JSON Lines**: `{"frame_index": 0, "box": [left, top, width, height], "score": 0.9, "label": "car"}` per line, with `frame_index` from 0
///   or with `t_s`, seconds of the video; `score` may be left out, `label` too (`thing`).
///
/// Broken rows are counted and named ([`FileDetections::faults`]), the others kept.
#[derive(Clone, Debug, Default)]
pub struct FileDetections {
    by_picture: BTreeMap<u32, Vec<Detection>>,
    /// Sorted by time.
    by_time: Vec<(Time, Detection)>,
    made_at_px: Option<[u32; 2]>,
    labels: BTreeSet<String>,
    faults: Faults,
}

/// What the file does not say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileSettings {
    /// Width and height in pixels of the pictures that the boxes were found in; none: the video's own.
    pub made_at_px: Option<[u32; 2]>,
    /// The label of all detections; none: the file's.
    pub label: Option<String>,
    /// The `image_id` of the first picture in COCO results: usually 0 or 1.
    pub first_picture: u32,
}

/// What `--detector file:` says of itself in the catalogue.
pub const ENTRY: Entry = Entry {
    kind: "detectors",
    name: "file",
    about: "detections of somebody else's detector: MOTChallenge, COCO results or JSON Lines",
    source: "formats/src/detections.rs",
    paper: Some("Leal-Taixé et al., MOTChallenge 2015; Lin et al., Microsoft COCO, 2014"),
    example: "chronotope watch street.mp4 --detector file:det.txt@768x576",
};

/// The path and picture size of `file:PATH[@WxH]` (with or without `file:`).
pub fn parse_argument(argument: &str) -> (PathBuf, Option<[u32; 2]>) {
    let text = argument.strip_prefix("file:").unwrap_or(argument);
    let size = |text: &str| -> Option<[u32; 2]> {
        let (w, h) = text.split_once(['x', '×'])?;
        let (w, h) = (w.parse().ok()?, h.parse().ok()?);
        (w > 0 && h > 0).then_some([w, h])
    };
    match text.rsplit_once('@').and_then(|(path, tail)| Some((path, size(tail)?))) {
        Some((path, size)) => (path.into(), Some(size)),
        None => (text.into(), None),
    }
}

impl FileDetections {
    /// Reads a file, plain or gzip.
    ///
    /// # Errors
    /// A file that cannot be read, or none of whose rows is good. An empty list of COCO results is fine: nothing was seen.
    pub fn read(path: &Path, settings: &FileSettings) -> Result<FileDetections, Error> {
        let mut out = FileDetections { made_at_px: settings.made_at_px, ..FileDetections::default() };
        let head = input::head(path);
        match head.trim_ascii_start().first() {
            Some(b'[') => out.read_coco(path, settings)?,
            Some(b'{') => out.read_json_lines(path, settings)?,
            _ => out.read_mot(path, settings)?,
        }
        out.by_time.sort_by_key(|(t, _)| *t);
        Ok(out)
    }

    /// The rows that were left out.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The labels in the file: what the detector is known to report.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str)
    }

    /// Number of detections.
    pub fn len(&self) -> usize {
        self.by_picture.values().map(Vec::len).sum::<usize>() + self.by_time.len()
    }

    /// Holds no detection.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last picture that a row names; none where rows are dated by time alone.
    pub fn last_frame_index(&self) -> Option<u32> {
        self.by_picture.keys().next_back().copied()
    }

    /// What was seen in one picture of a video, in pixels of that video: boxes are scaled from the stated picture size to `picture_px`.
    ///
    /// `nearest` is the span of times that are nearer to this picture than to another: see [`nearest_span`].
    pub fn picture(&self, frame_index: u32, t: Time, nearest: Span, picture_px: [u32; 2]) -> DetectedPicture {
        let numbered = self.by_picture.get(&frame_index).into_iter().flatten();
        let from = self.by_time.partition_point(|(at, _)| *at < nearest.start());
        let to = self.by_time.partition_point(|(at, _)| *at < nearest.end());
        let dated = self.by_time[from..to].iter().map(|(_, detection)| detection);
        let [sx, sy] = self
            .made_at_px
            .map_or([1.0; 2], |[w, h]| [picture_px[0] as f64 / w as f64, picture_px[1] as f64 / h as f64]);
        let scaled = |d: &Detection| Detection {
            box_px: d.box_px.scaled(sx, sy),
            score: d.score,
            label: d.label.clone(),
        };
        DetectedPicture { t, frame_index, detections: numbered.chain(dated).map(scaled).collect() }
    }

    /// All pictures of a video with this many pictures a second, from the first to `n_pictures` (or the last that a row names), one by one:
    /// for tracking without the video.
    pub fn at_rate(
        &self,
        fps: f64,
        n_pictures: Option<u32>,
        picture_px: [u32; 2],
    ) -> impl Iterator<Item = DetectedPicture> {
        let last_t = self.by_time.last().map_or(0.0, |(t, _)| t.as_s().max(0.0));
        let dated =
            if self.by_time.is_empty() { 0 } else { ((last_t * fps).round() as u32).saturating_add(1) };
        let numbered = self.last_frame_index().map_or(0, |n| n + 1);
        let time = move |k: f64| Time::from_s(k / fps);
        (0..n_pictures.unwrap_or(dated.max(numbered))).map(move |k| {
            let nearest = Span::between(time(k as f64 - 0.5), time(k as f64 + 0.5));
            self.picture(k, time(k as f64), nearest, picture_px)
        })
    }

    fn add(&mut self, when: When, detection: Detection) {
        if !self.labels.contains(&detection.label) {
            self.labels.insert(detection.label.clone());
        }
        match when {
            When::Picture(n) => self.by_picture.entry(n).or_default().push(detection),
            When::Time(t) => self.by_time.push((t, detection)),
        }
    }

    fn read_mot(&mut self, path: &Path, settings: &FileSettings) -> Result<(), Error> {
        let label = settings.label.as_deref().unwrap_or("pedestrian");
        let (rows, faults) = crate::import::mot_detections(path)?;
        self.faults = faults;
        for (frame_index, box_px, score) in rows {
            self.add(When::Picture(frame_index), Detection { box_px, score, label: label.to_owned() });
        }
        Ok(())
    }

    fn read_json_lines(&mut self, path: &Path, settings: &FileSettings) -> Result<(), Error> {
        let mut lines = Lines::open(path)?;
        while let Some((line, text)) = lines.next_line()? {
            match text
                .and_then(|text| if text.trim().is_empty() { Ok(None) } else { read_line(text).map(Some) })
            {
                Ok(Some((when, mut detection))) => {
                    if let Some(label) = &settings.label {
                        detection.label.clone_from(label);
                    }
                    self.add(when, detection);
                }
                Ok(None) => {}
                Err(fault) => self.faults.line(path, line, fault),
            }
        }
        self.some_row(path, "a line {\"frame_index\" or \"t_s\", \"box\", \"score\", \"label\"}")
    }

    fn read_coco(&mut self, path: &Path, settings: &FileSettings) -> Result<(), Error> {
        let items: Vec<Box<RawValue>> = input::json(path, "a list of COCO results")?;
        let nothing = items.is_empty();
        for (n, item) in items.into_iter().enumerate() {
            match read_result(item.get(), settings) {
                Ok((frame_index, detection)) => self.add(When::Picture(frame_index), detection),
                Err(fault) => self.faults.item(path, format!("result {n}"), fault),
            }
        }
        if nothing { Ok(()) } else { self.some_row(path, "a result {image_id, category_id, bbox, score}") }
    }

    fn some_row(&self, path: &Path, expected: &str) -> Result<(), Error> {
        if self.is_empty() {
            let found = self.faults.named().first().map_or_else(|| "none".to_owned(), ToString::to_string);
            return Err(Error::Input {
                expected: format!("at least {expected}"),
                found,
                path: path.to_owned(),
            });
        }
        Ok(())
    }
}

/// The times nearer to this picture than to the one before or after.
pub fn nearest_span(before: Option<Time>, t: Time, after: Option<Time>) -> Span {
    let start = before.map_or(Time::MIN, |before| before + (t - before) / 2);
    let end = after.map_or(Time::MAX, |after| t + (after - t) / 2);
    Span::between(start, end)
}

enum When {
    Picture(u32),
    Time(Time),
}

#[derive(Deserialize)]
struct LineRow {
    frame_index: Option<u32>,
    t_s: Option<f64>,
    #[serde(rename = "box")]
    sides: [f64; 4],
    score: Option<f64>,
    label: Option<String>,
}

fn read_line(text: &str) -> Result<(When, Detection), RowFault> {
    if let Some(twice) = key_twice(text.as_bytes()) {
        return Err(RowFault::new("each key once in an object", twice));
    }
    let row: LineRow = serde_json::from_str(text)
        .map_err(|e| RowFault::new("frame_index (or t_s) and box: [left, top, width, height]", e))?;
    let when = match (row.frame_index, row.t_s) {
        (Some(n), None) if n < u32::MAX => When::Picture(n),
        (None, Some(t_s)) if t_s.abs() < 9e9 => When::Time(Time::from_s(t_s)),
        (n, t) => return Err(RowFault::new("one of frame_index and t_s", format_args!("{n:?} and {t:?}"))),
    };
    let label = row.label.unwrap_or_else(|| "thing".to_owned());
    Ok((when, Detection { box_px: sized_box(row.sides)?, score: row.score, label }))
}

#[derive(Deserialize)]
struct CocoResult {
    image_id: i64,
    category_id: i64,
    bbox: [f64; 4],
    score: Option<f64>,
}

fn read_result(text: &str, settings: &FileSettings) -> Result<(u32, Detection), RowFault> {
    let row: CocoResult =
        serde_json::from_str(text).map_err(|e| RowFault::new("image_id, category_id, bbox and score", e))?;
    let first = settings.first_picture as i64;
    let frame_index =
        row.image_id.checked_sub(first).and_then(|n| u32::try_from(n).ok()).filter(|n| *n < u32::MAX);
    let frame_index =
        frame_index.ok_or_else(|| RowFault::new(format!("an image_id from {first}"), row.image_id))?;
    let label = settings.label.clone().unwrap_or_else(|| category_name(row.category_id));
    Ok((frame_index, Detection { box_px: sized_box(row.bbox)?, score: row.score, label }))
}

fn sized_box(sides: [f64; 4]) -> Result<BoxPx, RowFault> {
    let [left, top, width, height] = sides;
    BoxPx::new(left, top, width, height)
        .filter(|b| b.width > 0.0 && b.height > 0.0)
        .ok_or_else(|| RowFault::new("a box with width and height above 0", format_args!("{sides:?}")))
}

/// COCO's name of a category (2014 to 2017: 80 of the ids 1 to 90 are in use).
pub(crate) fn category_name(id: i64) -> String {
    let known = CATEGORIES.binary_search_by_key(&id, |(id, _)| *id);
    known.map_or_else(|_| format!("category {id}"), |i| CATEGORIES[i].1.to_owned())
}

#[rustfmt::skip]
const CATEGORIES: [(i64, &str); 80] = [
    (1, "person"), (2, "bicycle"), (3, "car"), (4, "motorcycle"), (5, "airplane"), (6, "bus"), (7, "train"), (8, "truck"), (9, "boat"),
    (10, "traffic light"), (11, "fire hydrant"), (13, "stop sign"), (14, "parking meter"), (15, "bench"), (16, "bird"), (17, "cat"),
    (18, "dog"), (19, "horse"), (20, "sheep"), (21, "cow"), (22, "elephant"), (23, "bear"), (24, "zebra"), (25, "giraffe"), (27, "backpack"),
    (28, "umbrella"), (31, "handbag"), (32, "tie"), (33, "suitcase"), (34, "frisbee"), (35, "skis"), (36, "snowboard"), (37, "sports ball"),
    (38, "kite"), (39, "baseball bat"), (40, "baseball glove"), (41, "skateboard"), (42, "surfboard"), (43, "tennis racket"), (44, "bottle"),
    (46, "wine glass"), (47, "cup"), (48, "fork"), (49, "knife"), (50, "spoon"), (51, "bowl"), (52, "banana"), (53, "apple"),
    (54, "sandwich"), (55, "orange"), (56, "broccoli"), (57, "carrot"), (58, "hot dog"), (59, "pizza"), (60, "donut"), (61, "cake"),
    (62, "chair"), (63, "couch"), (64, "potted plant"), (65, "bed"), (67, "dining table"), (70, "toilet"), (72, "tv"), (73, "laptop"),
    (74, "mouse"), (75, "remote"), (76, "keyboard"), (77, "cell phone"), (78, "microwave"), (79, "oven"), (80, "toaster"), (81, "sink"),
    (82, "refrigerator"), (84, "book"), (85, "clock"), (86, "vase"), (87, "scissors"), (88, "teddy bear"), (89, "hair drier"),
    (90, "toothbrush"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};

    fn read(text: &str, settings: &FileSettings) -> Result<FileDetections, Error> {
        let scratch = Scratch::new();
        FileDetections::read(&scratch.file("d.txt", text.as_bytes()), settings)
    }

    #[test]
    fn boxes_are_scaled_to_the_video() {
        let settings = FileSettings { made_at_px: Some([768, 576]), ..FileSettings::default() };
        let read = read("1,-1,100,200,30,60,0.5,-1,-1,-1\n", &settings).expect("valid");
        let picture = read.picture(0, Time(0), Span::ALWAYS, [480, 360]);
        assert_eq!(picture.detections[0].box_px, BoxPx::new(62.5, 125.0, 18.75, 37.5).expect("finite"));
        assert_eq!(
            (picture.detections[0].score, read.labels().collect::<Vec<_>>()),
            (Some(0.5), vec!["pedestrian"])
        );
    }

    #[test]
    fn three_formats_say_the_same() {
        let mot = "3,-1,1,2,3,4,0.5\n";
        let coco = r#"[{"image_id": 2, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}]"#;
        let lines = "{\"frame_index\": 2, \"box\": [1, 2, 3, 4], \"score\": 0.5, \"label\": \"person\"}\n";
        let dated = "{\"t_s\": 0.21, \"box\": [1, 2, 3, 4], \"score\": 0.5, \"label\": \"person\"}\n";
        let settings = FileSettings { label: Some("person".into()), ..FileSettings::default() };
        let pictures = [mot, coco, lines, dated].map(|text| {
            read(text, &settings).expect("valid").at_rate(10.0, None, [9, 9]).collect::<Vec<_>>()
        });
        assert_eq!((pictures[0].len(), pictures[0][2].detections.len()), (3, 1));
        assert!(pictures.iter().all(|p| *p == pictures[0]), "{pictures:?}");
    }

    #[test]
    fn hostile_rows_are_faults() {
        let bad = [
            "{}",
            "{\"frame_index\": -1, \"box\": [1,2,3,4]}",
            "{\"frame_index\": 1, \"t_s\": 1, \"box\": [1,2,3,4]}",
            "{\"frame_index\": 1, \"box\": [1,2,0,4]}",
            "{\"t_s\": 1e99, \"box\": [1,2,3,4]}",
            "{",
            "7",
            "{\"frame_index\": 4294967295, \"box\": [1,2,3,4]}",
        ];
        let text = format!("{{\"frame_index\": 1, \"box\": [1,2,3,4]}}\n{}\n", bad.join("\n"));
        let found = read(&text, &FileSettings::default()).expect("one good row");
        assert_eq!((found.len(), found.faults().count()), (1, bad.len() as u64), "{}", found.faults());
        assert!(read("[]", &FileSettings::default()).expect("nothing was seen").is_empty());
        for text in ["", "{}", "[{}]", "[", "x", &"[".repeat(9999)] {
            assert!(read(text, &FileSettings::default()).is_err(), "{text:.20}");
        }
    }

    #[test]
    fn an_argument_may_state_the_picture_size() {
        assert_eq!(parse_argument("file:a@b/det.txt@768x576"), ("a@b/det.txt".into(), Some([768, 576])));
        assert_eq!(parse_argument("file:a@b/det.txt"), ("a@b/det.txt".into(), None));
        assert_eq!(parse_argument("a@0x5"), ("a@0x5".into(), None));
    }

    #[test]
    fn all_detections_of_pets_are_there() {
        let Some(folder) = data("detect file pets", "pets09_s2l1") else { return };
        let settings = FileSettings { made_at_px: Some([768, 576]), ..FileSettings::default() };
        let found = FileDetections::read(&folder.join("det_0001_0200.txt"), &settings).expect("valid");
        let pictures: Vec<_> = found.at_rate(10.0, None, [480, 360]).collect();
        assert_eq!((pictures.len(), found.len(), found.faults().count()), (200, 1132, 0));
        assert!((pictures[0].detections[0].box_px.left - 649.441 * 0.625).abs() < 1e-9);
    }
}
