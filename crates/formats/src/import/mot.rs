//! MOTChallenge: boxes of people in pictures, with identities (truth, results) or without (detections).
//!
//! Source: Milan et al., *MOT16: A Benchmark for Multi-Object Tracking*, 2016, section 4 and table 5 (9 columns);
//! Leal-Taixé et al., *MOTChallenge 2015*, table 4 (10 columns); <https://motchallenge.net/instructions>.

use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::{self, Lines, Parsed, SourceFile, number, whole};
use super::record::{self, DEFAULT_TOLERANCE_S, MAX_FRAME_INDEX, PictureClock};
use super::trajectory::Decimals;
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    BoxPx, ObserverId, Origin, Pose, ReferenceFrame, Sample, Scale, SourceId, Span, Time, World, WorldBuilder,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// MOTChallenge files.
///
/// A row is `picture, id, left, top, width, height` in pixels and then
/// - with 9 columns (MOT16 and later, truth): consider flag, class, visibility;
/// - with 10 columns (MOT15, results, detections): score, and x, y, z in metres on the ground, −1 where unknown;
/// - with 7 columns: score.
///
/// The first good row says how many columns the file has. Picture n (from 1) is shown at (n − 1) / rate; the rate is
/// `--fps`, else `frameRate` of the `seqinfo.ini`; without either only the order is known. Id −1 is a detection without a
/// track. An id is an entity; only considered pedestrians count: rows with consider flag (or score) 0 or another class
/// go to tracks of their own that are marked `ignored`. Metres lie in `world(ground)`. A score of −1 beside an identity is
/// no score.
///
/// **Coverage** is complete over `seqLength` pictures where a `seqinfo.ini` says how many, or else from the first to the
/// last row where no picture between is without rows; where all picture numbers are a multiple of a step apart (keyframes),
/// it is complete at the pictures with rows and says nothing of those between. Tracks are interpolated across at most 1 s.
///
/// **Labels**: a file `NAME.labels.csv` beside `NAME.txt`, with the heading `id,label` and a row for each id, says what the ids are where
/// they are no pedestrians (the exporter writes it); coverage is then of these labels.
///
/// A folder is a sequence (`gt/gt.txt` or `gt.txt`), or holds sequences or files `NAME.txt[.gz]` with `NAME.seqinfo.ini`.
#[derive(Clone, Copy, Debug)]
pub struct Mot;

/// What takes the place of the extension in the name of the file that says what the ids are.
pub(crate) const LABELS: &str = "labels.csv";

/// The classes of MOT16 to MOT20, from 1.
const CLASSES: [&str; 13] = [
    "pedestrian",
    "person on vehicle",
    "car",
    "bicycle",
    "motorbike",
    "non motorized vehicle",
    "static person",
    "distractor",
    "occluder",
    "occluder on the ground",
    "occluder full",
    "reflection",
    "crowd",
];

/// Whose words the labels are.
const VOCABULARY: &str = "motchallenge";

impl Importer for Mot {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "mot",
            about: "boxes of people with identities, truth, results or detections",
            source: "formats/src/import/mot.rs",
            paper: Some(
                "Milan et al., MOT16: A Benchmark for Multi-Object Tracking, 2016; MOTChallenge 2015",
            ),
            example: "chronotope import mot MOT17-02/gt/gt.txt -o street.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        if path.is_dir() {
            return sequences(path).is_ok_and(|found| !found.is_empty());
        }
        is_mot(head)
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let found = sequences(path)?;
        if found.is_empty() {
            return Err(Error::input(path, "a MOTChallenge file or sequence folder", "neither"));
        }
        let mut faults = Faults::default();
        let mut worlds = Vec::new();
        for sequence in record::pick(found, |s| &s.name, settings)? {
            let (world, broken) = import_sequence(&sequence, settings)?;
            worlds.push(world);
            faults.append(broken);
        }
        Ok(Imported { worlds, faults })
    }
}

/// The first line is a row of MOTChallenge: 7, 9 or 10 numbers between commas, the first two of them whole.
fn is_mot(head: &[u8]) -> bool {
    let line = head.split(|&b| b == b'\n').map(|l| l.trim_ascii()).find(|l| !l.is_empty());
    let Some(line) = line.and_then(|l| std::str::from_utf8(l).ok()) else {
        return false;
    };
    let columns: Vec<&str> = line.split(',').collect();
    matches!(columns.len(), 7 | 9 | 10) && parse(line, columns.len()).is_ok()
}

/// Boxes and scores of a file as a detector's output, with the picture's number from 0; ids are not looked at, rows to be left out are.
#[allow(clippy::type_complexity)] // a row of three
pub(crate) fn detections(path: &Path) -> Result<(Vec<(u32, BoxPx, Option<f64>)>, Faults), Error> {
    let Table { read: Parsed { rows, faults, .. }, columns, .. } = read_table(path, None)?;
    let considered = rows.into_iter().filter(|row| columns != 9 || row.seventh != 0.0);
    Ok((considered.map(|row| (row.frame_index, row.box_px, score_of(&row, columns))).collect(), faults))
}

/// A sequence on disk.
struct Sequence {
    name: String,
    rows: PathBuf,
    info: Option<PathBuf>,
}

/// The sequences of a file or folder, sorted by name.
fn sequences(path: &Path) -> Result<Vec<Sequence>, Error> {
    let mut found = Vec::new();
    if path.is_dir() {
        collect(path, 3, &mut found)?;
        found.sort_by(|a, b| a.name.cmp(&b.name));
    } else {
        found.push(sequence_of(path));
    }
    Ok(found)
}

/// Adds the sequences below a folder, at most `depth` folders down.
fn collect(folder: &Path, depth: u32, found: &mut Vec<Sequence>) -> Result<(), Error> {
    for inner in ["gt", "."] {
        if let Some(rows) = input::beside(&folder.join(inner), "gt.txt")
            && is_mot(&input::head(&rows))
        {
            found.push(sequence_of(&rows));
            return Ok(());
        }
    }
    for path in input::listing(folder)? {
        if path.is_dir() && depth > 1 {
            collect(&path, depth - 1, found)?;
        } else if path.is_file() {
            let name = path.to_string_lossy();
            // files beside their seqinfo; a lone folder of other tables is none of ours
            let is_text = name.ends_with(".txt") || name.ends_with(".txt.gz");
            if is_text && sequence_of(&path).info.is_some() && is_mot(&input::head(&path)) {
                found.push(sequence_of(&path));
            }
        }
    }
    Ok(())
}

/// The sequence that a file belongs to: named by its folder where the file is `gt.txt` or `det.txt`.
fn sequence_of(rows: &Path) -> Sequence {
    let stem = input::stem(rows);
    let folder = rows.parent().unwrap_or(Path::new(""));
    let is_inner = ["gt", "det"].iter().any(|n| folder.ends_with(n));
    let sequence_folder = if is_inner { folder.parent().unwrap_or(folder) } else { folder };
    let generic = stem == "gt" || stem == "det";
    let name = match sequence_folder.file_name() {
        Some(name) if generic => name.to_string_lossy().into_owned(),
        _ => stem.clone(),
    };
    let official = generic.then(|| sequence_folder.join("seqinfo.ini"));
    let info = [Some(folder.join(format!("{stem}.seqinfo.ini"))), official];
    let info = info.into_iter().flatten().find(|p| p.is_file());
    Sequence { name, rows: rows.to_owned(), info }
}

/// What the ids are, where a file beside the rows says so.
fn read_labels(rows: &Path) -> Result<BTreeMap<i64, String>, Error> {
    let folder = rows.parent().unwrap_or(Path::new(""));
    let path = folder.join(format!("{}.{LABELS}", input::stem(rows)));
    let mut labels = BTreeMap::new();
    if !path.is_file() {
        return Ok(labels);
    }
    let mut lines = Lines::open(&path)?;
    while let Some((line, text)) = lines.next_line()? {
        let text = text.unwrap_or("").trim();
        if text.is_empty() || line == 1 && text == "id,label" {
            continue;
        }
        let row =
            text.split_once(',').and_then(|(id, label)| Some((id.trim().parse::<i64>().ok()?, label.trim())));
        let Some((id, label)) = row.filter(|(id, label)| *id >= 0 && !label.is_empty()) else {
            let expected = "an id and a label".to_owned();
            return Err(Error::Line { line, expected, found: text.chars().take(40).collect(), path });
        };
        if labels.insert(id, label.to_owned()).is_some_and(|before| before != label) {
            let (expected, found) = ("each id once".to_owned(), format!("id {id} again, as `{label}`"));
            return Err(Error::Line { line, expected, found, path });
        }
    }
    Ok(labels)
}

/// What a `seqinfo.ini` says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct SequenceInfo {
    fps: Option<f64>,
    pictures: Option<u32>,
    picture_px: Option<[u32; 2]>,
}

fn read_info(path: &Path) -> Result<SequenceInfo, Error> {
    let (mut info, mut sides) = (SequenceInfo::default(), [None, None]);
    let mut said = BTreeMap::new();
    let mut lines = Lines::open(path)?;
    while let Some((line, text)) = lines.next_line()? {
        let Some((key, value)) = text.ok().and_then(|t| t.split_once('=')) else {
            continue;
        };
        let key = key.trim().to_ascii_lowercase();
        if ["framerate", "seqlength", "imwidth", "imheight"].contains(&key.as_str())
            && let Some(before) = said.insert(key.clone(), value.trim().to_owned())
            && before != value.trim()
        {
            return Err(Error::Line {
                line,
                expected: format!("{key} once"),
                found: format!("`{before}` and `{}`", value.trim()).chars().take(80).collect(),
                path: path.to_owned(),
            });
        }
        let count = |most: i64| whole(value, &key, 1, most).map(|v| v as u32);
        let read = match key.as_str() {
            "framerate" => number(value, &key).map(|v| info.fps = Some(v).filter(|v| *v > 0.0 && *v <= 1e6)),
            "seqlength" => count(MAX_FRAME_INDEX).map(|v| info.pictures = Some(v)),
            "imwidth" => count(1 << 20).map(|v| sides[0] = Some(v)),
            "imheight" => count(1 << 20).map(|v| sides[1] = Some(v)),
            _ => Ok(()),
        };
        if read.is_err() {
            return Err(Error::Line {
                line,
                expected: format!("{key} as a number above 0"),
                found: value.trim().chars().take(40).collect(),
                path: path.to_owned(),
            });
        }
    }
    if let [Some(width), Some(height)] = sides {
        info.picture_px = Some([width, height]);
    }
    Ok(info)
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    frame_index: u32,
    /// None: a detection.
    id: Option<i64>,
    box_px: BoxPx,
    /// Column 7: consider flag or score.
    seventh: f64,
    class: Option<u16>,
    visibility: Option<f64>,
    ground: Option<[f64; 3]>,
}

fn parse(line: &str, columns: usize) -> Result<Row, RowFault> {
    let mut cells = [""; 10];
    let mut n = 0;
    for cell in line.split(',') {
        if n < 10 {
            cells[n] = cell;
        }
        n += 1;
    }
    if n != columns || !matches!(n, 7 | 9 | 10) {
        let expected = if matches!(columns, 7 | 9 | 10) { columns.to_string() } else { "7, 9 or 10".into() };
        return Err(RowFault::new(format!("{expected} columns"), n));
    }
    let frame_index = whole(cells[0], "picture number", 1, MAX_FRAME_INDEX + 1)? - 1;
    let id = whole(cells[1], "id (or -1)", -1, i64::MAX)?;
    let side = |k: usize, what: &str| number(cells[k], what);
    let sides = [side(2, "left")?, side(3, "top")?, side(4, "width")?, side(5, "height")?];
    let box_px = BoxPx::new(sides[0], sides[1], sides[2], sides[3])
        .filter(|b| b.width > 0.0 && b.height > 0.0)
        .ok_or_else(|| {
            RowFault::new("a width and height above 0", format_args!("{} x {}", sides[2], sides[3]))
        })?;
    let mut row = Row {
        frame_index: frame_index as u32,
        id: (id >= 0).then_some(id),
        box_px,
        seventh: number(cells[6], if columns == 9 { "consider flag" } else { "score" })?,
        class: None,
        visibility: None,
        ground: None,
    };
    if columns == 9 {
        if row.seventh != 0.0 && row.seventh != 1.0 {
            return Err(RowFault::new("a consider flag of 0 or 1", row.seventh));
        }
        row.class = Some(whole(cells[7], "class", 0, u16::MAX as i64)? as u16);
        let visibility = number(cells[8], "visibility")?;
        if !(0.0..=1.0).contains(&visibility) && visibility != -1.0 {
            return Err(RowFault::new("a visibility from 0 to 1 (or -1)", visibility));
        }
        row.visibility = Some(visibility).filter(|v| *v >= 0.0);
    } else if columns == 10 {
        let ground = [number(cells[7], "x")?, number(cells[8], "y")?, number(cells[9], "z")?];
        row.ground = (ground != [-1.0; 3]).then_some(ground);
    }
    Ok(row)
}

/// The good rows of a file, its number of columns, and how its numbers are written.
struct Table {
    read: Parsed<Row>,
    columns: usize,
    /// Digits after the point per column, from `left` on.
    decimals: [Decimals; 8],
}

/// Reads a file; a picture beyond the last one (where a sequence says how many there are) is a fault.
fn read_table(path: &Path, pictures: Option<u32>) -> Result<Table, Error> {
    let (mut columns, mut decimals, mut seen) = (0, [Decimals::default(); 8], HashSet::new());
    let read = input::rows(path, "7, 9 or 10 columns (MOTChallenge)", |text| {
        let n = if columns == 0 { text.split(',').count() } else { columns };
        let row = parse(text, n)?;
        if let Some(pictures) = pictures.filter(|n| row.frame_index >= *n) {
            let expected = format!("a picture number up to seqLength ({pictures})");
            return Err(RowFault::new(expected, u64::from(row.frame_index) + 1));
        }
        if let Some(id) = row.id
            && !seen.insert((row.frame_index, id))
        {
            let twice = format!("a second row of id {id} in picture {}", u64::from(row.frame_index) + 1);
            return Err(RowFault::new("one row per picture and id", twice));
        }
        columns = n;
        decimals.iter_mut().zip(text.split(',').skip(2)).for_each(|(digits, cell)| digits.add(cell));
        Ok(Some(row))
    })?;
    Ok(Table { read, columns, decimals })
}

fn import_sequence(sequence: &Sequence, settings: &ImportSettings) -> Result<(World, Faults), Error> {
    let info = sequence.info.as_deref().map_or(Ok(SequenceInfo::default()), read_info)?;
    let labels = read_labels(&sequence.rows)?;
    let Table { read, columns, decimals } = read_table(&sequence.rows, info.pictures)?;
    let Parsed { rows, faults, layout } = read;
    let clock = PictureClock::new(settings, info.fps);
    let mut builder = WorldBuilder::new(sequence.name.clone());
    // a result file that gives no scores writes -1
    let no_scores = columns == 10 && rows.iter().any(|r| r.id.is_some() && r.seventh == -1.0);
    let words = format!(
        "format=mot columns={columns}{}{} {}{}",
        if no_scores { " no-score=-1" } else { "" },
        decimal_words(&decimals[..columns - 2]),
        clock.word(),
        layout.words(),
    );
    let file = SourceFile::new(&sequence.rows)?;
    let source = record::annotation_source(&mut builder, &file, record::clock_row(clock), words);
    layout.keep_heading(&mut builder, source);
    let picture_px = info.picture_px.or(settings.picture_px);
    let observer = record::camera(&mut builder, source, &sequence.name, picture_px, None);
    let ground = rows
        .iter()
        .any(|r| r.ground.is_some())
        .then(|| builder.reference_frame(ReferenceFrame::World("ground".into()), Scale::Metre));
    let tolerance_ns = record::tolerance_ns(settings, DEFAULT_TOLERANCE_S, clock.step_s());
    let of_things =
        rows.iter().filter_map(|row| Some((row.id?, kind_of(row, columns), clock.time(row.frame_index))));
    let things =
        record::add_things(&mut builder, source, VOCABULARY, of_things, |track, id, (class, ignored)| {
            (track.observer, track.tolerance_ns, track.ignored) =
                (Some(observer), Some(tolerance_ns), ignored);
            labels.get(&id).cloned().unwrap_or_else(|| class_name(class.unwrap_or(1)))
        });
    let looked_for: BTreeSet<String> = labels.into_values().collect();
    let looked_for = if looked_for.is_empty() {
        vec!["pedestrian".into(), "person".into()]
    } else {
        looked_for.into_iter().collect()
    };
    add_coverage(&mut builder, (source, observer), &rows, info.pictures, clock, looked_for);
    for row in &rows {
        let t = clock.time(row.frame_index);
        let track = row.id.map(|id| things.tracks[&(id, kind_of(row, columns))]);
        let origin = if track.is_some() { Origin::Annotated } else { Origin::Observed };
        let mut sample = Sample::new(source, track, t, origin);
        sample.observer = Some(observer);
        sample.frame_index = Some(row.frame_index);
        sample.box_px = Some(row.box_px);
        sample.visibility = row.visibility;
        sample.score = score_of(row, columns);
        sample.pose = row.ground.zip(ground).map(|(position, reference_frame)| Pose {
            reference_frame,
            position,
            rotation: None,
            extent: None,
        });
        builder.sample(sample);
    }
    Ok((record::build(builder, &sequence.rows)?, faults))
}

/// ` decimals=2,2,any,…`: digits per column from `left` on, where not all columns are written with as few as needed.
fn decimal_words(columns: &[Decimals]) -> String {
    if columns.iter().all(|digits| digits.fixed().is_none()) {
        return String::new();
    }
    let word = |digits: &Decimals| digits.fixed().map_or("any".to_owned(), |n| n.to_string());
    format!(" decimals={}", columns.iter().map(word).collect::<Vec<_>>().join(","))
}

/// What of a row decides its track, beside the id: its class and whether it is left out.
type Kind = (Option<u16>, bool);

fn kind_of(row: &Row, columns: usize) -> Kind {
    let considered =
        if columns == 9 { row.seventh == 1.0 && row.class == Some(1) } else { row.seventh != 0.0 };
    (row.class, !considered)
}

/// The score of a row: column 7 where it is one. A consider flag is no score, but where it says that another class than
/// pedestrian is considered, 1 is kept, so that the file can be written back.
fn score_of(row: &Row, columns: usize) -> Option<f64> {
    if columns == 9 {
        return (row.seventh == 1.0 && row.class != Some(1)).then_some(1.0);
    }
    let absent = columns == 10 && row.id.is_some() && row.seventh == -1.0;
    (!absent).then_some(row.seventh)
}

/// The English name of a class.
fn class_name(class: u16) -> String {
    CLASSES
        .get((class as usize).wrapping_sub(1))
        .map_or_else(|| format!("class {class}"), |n| (*n).to_owned())
}

/// The number of a class by its name.
pub(crate) fn class_number(name: &str) -> Option<u16> {
    let own = CLASSES.iter().position(|n| *n == name).map(|i| i as u16 + 1);
    own.or_else(|| name.strip_prefix("class ")?.parse().ok())
}

fn add_coverage(
    builder: &mut WorldBuilder,
    (source, observer): (SourceId, ObserverId),
    rows: &[Row],
    pictures: Option<u32>,
    clock: PictureClock,
    labels: Vec<String>,
) {
    let shown: BTreeSet<u32> = rows.iter().map(|r| r.frame_index).collect();
    let (Some(&first), Some(&last)) = (shown.first(), shown.last()) else {
        return;
    };
    let step = shown.iter().zip(shown.iter().skip(1)).map(|(a, b)| b - a).fold(0, gcd);
    let all = match pictures {
        Some(n) if step <= 1 => Some((0, n - 1)),
        _ if shown.len() as u64 == last as u64 - first as u64 + 1 => Some((first, last)),
        _ => None,
    };
    let (from, to) = all.unwrap_or((first, last));
    let end: Time = if all.is_some() { clock.time(to + 1) } else { clock.time(to) + 1 };
    let span = Span::between(clock.time(from), end);
    record::add_coverage(builder, source, Some(observer), span, labels, all.is_some());
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::{Scratch, data};
    use std::collections::BTreeMap;

    fn import(text: &str, settings: &ImportSettings) -> Result<Imported, Error> {
        let scratch = Scratch::new();
        Mot.import(&scratch.file("a.txt", text.as_bytes()), settings)
    }

    fn at(fps: f64) -> ImportSettings {
        ImportSettings { fps: Some(fps), ..ImportSettings::default() }
    }

    #[test]
    fn only_considered_pedestrians_count() {
        let text = "1,5,0,0,9,9,1,1,0.5\n1,6,0,0,9,9,0,1,1\n2,5,1,0,9,9,0,7,1\n3,7,0,0,9,9,1,3,1\n";
        let world = &import(text, &at(10.0)).expect("valid").worlds[0];
        let rows: Vec<_> = (world.tables().tracks.iter())
            .map(|t| {
                let label = world.labels_of_track(t.id).next().map(|l| l.text.clone()).unwrap_or_default();
                (t.source_key.clone(), t.ignored, label)
            })
            .collect();
        let expected = [
            ("5", false, "pedestrian"),
            ("6", true, "pedestrian"),
            ("5", true, "static person"),
            ("7", true, "car"),
        ];
        assert_eq!(rows, expected.map(|(k, i, l)| (k.to_owned(), i, l.to_owned())));
        assert_eq!(world.entities().count(), 3);
    }

    #[test]
    fn without_a_rate_only_order_is_known() {
        let imported = import("1,1,0,0,9,9,1,-1,-1,-1\n", &ImportSettings::default()).expect("valid");
        let world = &imported.worlds[0];
        assert!(world.record().order_only);
        assert_eq!(world.tables().sources[0].record_from_source, None);
    }

    #[test]
    fn a_detection_has_no_track() {
        let world = &import("3,-1,1,2,3,4,0.5,-1,-1,-1\n", &at(10.0)).expect("valid").worlds[0];
        let samples = world.unassigned().expect("in memory");
        assert_eq!(samples.len(), 1);
        assert_eq!(
            (samples[0].t, samples[0].score, samples[0].origin),
            (Time(200_000_000), Some(0.5), Origin::Observed)
        );
    }

    #[test]
    fn keyframes_cover_their_moments_only() {
        let coverage = |text: &str| {
            let imported = import(text, &at(10.0)).expect("valid");
            imported.worlds[0].coverage().map(|c| (c.complete, c.span.end().0)).collect::<Vec<_>>()
        };
        assert_eq!(coverage("1,1,0,0,9,9,1\n4,1,0,0,9,9,1\n"), [(false, 300_000_001)]);
        assert_eq!(coverage("1,1,0,0,9,9,1\n2,1,0,0,9,9,1\n"), [(true, 200_000_000)]);
    }

    #[test]
    fn broken_rows_are_named_and_good_ones_kept() {
        let text = "\u{feff}1,1,0,0,9,9,1,-1,-1,-1\r\n0,1,0,0,9,9,1,-1,-1,-1\n-5,1,0,0,9,9,1,-1,-1,-1\n2,1.5,0,0,9,9,1,-1,-1,-1\n\
                    2,-2,0,0,9,9,1,-1,-1,-1\n2,1,nan,0,9,9,1,-1,-1,-1\n2,1,0,0,inf,9,1,-1,-1,-1\n2,1,0,0,0,9,1,-1,-1,-1\n\
                    2,1,0,0,-9,9,1,-1,-1,-1\n2,1,0,0,9,9,1,-1,-1\n2,1,0,0,9,9,1,-1,-1,-1,-1\n1,1,0,0,9,9,1,-1,-1,-1\n\
                    99999999999,1,0,0,9,9,1,-1,-1,-1\n2,99999999999999999999,0,0,9,9,1,-1,-1,-1\nhello\n\n\
                    7.0,9223372036854775807,0,0,9,9,1,-1,-1,-1\n";
        let imported = import(text, &at(10.0)).expect("two good rows");
        assert_eq!(imported.faults.count(), 14, "{}", imported.faults);
        assert_eq!(imported.worlds[0].store().bounds()[0].rows, 2);
        let text = imported.faults.to_string();
        assert!(text.contains("a.txt:2: expected picture number as a whole number from 1"), "{text}");
        assert!(text.contains("a.txt:11: expected 10 columns, found 11"), "{text}");
    }

    #[test]
    fn what_holds_no_row_is_an_error() {
        for text in ["", "\n\n", "hello", "1,2,3\n", "\u{0}\u{1}\u{2}", "0 -1 DontCare -1 -1 -10\n"] {
            let error = import(text, &at(10.0)).expect_err("no row").to_string();
            assert!(error.contains("expected") && error.contains("a.txt"), "{error}");
        }
        assert!(import("1,1,0,0,9,9,1\n", &at(0.0)).is_err());
        assert!(Mot.import(Path::new("/nowhere/gt.txt"), &at(1.0)).is_err());
    }

    #[test]
    fn an_official_sequence_folder_is_one_world() {
        let scratch = Scratch::new();
        scratch.file(
            "S-01/seqinfo.ini",
            b"[Sequence]\nname=S-01\nframeRate=25\nseqLength=4\nimWidth=640\nimHeight=480\n",
        );
        scratch.file("S-01/gt/gt.txt", b"2,1,0,0,9,9,1,1,1\n9,1,0,0,9,9,1,1,1\n");
        assert!(Mot.recognises(&scratch.path().join("S-01"), &[]));
        let imported = Mot.import(scratch.path(), &ImportSettings::default()).expect("valid");
        let world = &imported.worlds[0];
        assert_eq!(world.record().name, "S-01");
        assert_eq!(world.tables().observers[0].picture_px, Some([640, 480]));
        let coverage = world.coverage().next().expect("one row");
        assert_eq!((coverage.complete, coverage.span), (true, Span::between(Time(0), Time(160_000_000))));
        assert_eq!(imported.faults.count(), 1, "the row beyond the sequence");
    }

    /// Every file of the data, read a second time by a few independent lines, says what the World says.
    #[test]
    fn worlds_equal_the_files() {
        let Some(folder) = data("import mot", "mot_gt") else { return };
        let imported = Mot.import(&folder, &ImportSettings::default()).expect("valid");
        assert_eq!((imported.worlds.len(), imported.faults.count()), (18, 0));
        let (mut boxes, mut ids, mut people) = (0, 0, 0);
        for world in &imported.worlds {
            let uri = PathBuf::from(&world.tables().sources[0].uri);
            let mut text = String::new();
            std::io::Read::read_to_string(&mut input::open(&uri).expect("there"), &mut text).expect("text");
            let fps = world.tables().sources[0].settings.split("fps=").nth(1).expect("stated");
            let fps: f64 = fps.parse().expect("a number");
            let mut lives: BTreeMap<i64, (f64, f64, f64)> = BTreeMap::new();
            for line in text.lines() {
                boxes += 1;
                let v: Vec<f64> = line.split(',').map(|c| c.parse().expect("a number")).collect();
                if v[6] == 1.0 && v[7] == 1.0 {
                    let t = (v[0] - 1.0) / fps;
                    let life = lives.entry(v[1] as i64).or_insert((t, t, 0.0));
                    *life = (life.0.min(t), life.1.max(t), life.2 + v[4] * v[5]);
                }
            }
            ids += world.entities().count();
            people += lives.len();
            let counted = world.entities().filter(|&e| {
                world.identities_of(e).any(|i| world.track(i.track).is_some_and(|t| !t.ignored))
            });
            let mut seen = 0;
            for entity in counted {
                seen += 1;
                let run = &world.trajectory(entity).expect("in memory").runs[0];
                let key: i64 = world.track(run.track).expect("visible").source_key.parse().expect("a number");
                let area: f64 = run.samples().filter_map(|s| s.box_px).map(BoxPx::area).sum();
                let (from, to, expected) = lives[&key];
                let times = (run.times().next(), run.times().next_back());
                assert_eq!(
                    times,
                    (Some(Time::from_s(from)), Some(Time::from_s(to))),
                    "{} {key}",
                    uri.display()
                );
                assert!((area - expected).abs() < 1e-6 * expected, "{area} {expected}");
            }
            assert_eq!(seen, lives.len(), "{}", uri.display());
        }
        assert_eq!((boxes, ids, people), (179_940, 520, 426));
    }

    #[test]
    fn metres_of_pets_lie_on_the_ground() {
        let Some(folder) = data("import mot pets", "pets09_s2l1") else { return };
        let path = folder.join("gt_every3rd_0001_0067.txt");
        let world = &Mot.import(&path, &at(10.0)).expect("valid").worlds[0];
        assert_eq!(world.entities().count(), 6);
        let row = world.tables().tracks.iter().find(|t| t.source_key == "9").expect("in the file");
        let run = world.run(row.id, Span::ALWAYS).expect("in memory");
        let first = run.samples().next().expect("has rows");
        assert_eq!(first.pose.map(|p| p.position), Some([-4.1554, -7.3591, 0.0]));
        // between keyframes: interpolated, never beyond
        assert!(run.at(Time(100_000_000)).is_some());
        assert!(!world.coverage().next().expect("one row").complete);
    }
}
