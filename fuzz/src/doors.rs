//! The doors through which anybody's bytes come in, each as a function that holds what must be true of any bytes: no panic,
//! what is accepted can be said again, errors name their place. The seeded mutator of `crates/chronotope/tests/it/hostile.rs`
//! includes this file too, so that the normal test run and the fuzzer knock in the same way.

use chronotope::ask::ask;
use chronotope::ask::program::{self, answer_json, json::from_json, run_program};
use chronotope::formats::detections::{FileDetections, FileSettings};
use chronotope::formats::export::{EXPORTERS, ExportSettings};
use chronotope::formats::import::{self, ImportSettings};
use chronotope::remember::bundle;
use chronotope::world::{World, join, text};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use twox_hash::XxHash3_64;

/// Every target: its name, and the door that it knocks at.
pub const DOORS: &[(&str, Door)] = &[
    ("bundle", bundle),
    ("detections", detections),
    ("import-coco", |bytes| import("coco", bytes)),
    ("import-euroc", |bytes| import("euroc", bytes)),
    ("import-kitti", |bytes| import("kitti", bytes)),
    ("import-kitti-detections", |bytes| import("kitti-detections", bytes)),
    ("import-kitti-poses", |bytes| import("kitti-poses", bytes)),
    ("import-mot", |bytes| import("mot", bytes)),
    ("import-nuscenes", |bytes| import("nuscenes", bytes)),
    ("import-tum", |bytes| import("tum", bytes)),
    ("import-vsi-bench", |bytes| import("vsi-bench", bytes)),
    ("import-youtube-vis", |bytes| import("youtube-vis", bytes)),
    ("program", program),
    ("program-json", program_json),
    ("question", question),
    ("text", text),
];

/// Takes any bytes; gives the text of the error where they are refused.
pub type Door = fn(&[u8]) -> Result<(), String>;

/// The door of this name.
pub fn door(name: &str) -> Option<Door> {
    DOORS.iter().find(|(own, _)| *own == name).map(|(_, door)| *door)
}

/// A street in text form: two clocks, revisions, pixels and metres, facts, events, a homography.
pub const STREET: &str = r#"record "crossing" utc 1767225600
source video "crossing.mp4"
camera front 640x480 lens 500 500 320 240
world street m
coverage front [0, 10) car, person from 8 px
coverage [0, 10) all labels recall 0.9 sampled

car 1 "taxi" in street gap 1 speed 30
  colour "red"
  colour "blue" [3, 5)
  0: (1, 2, 0) size (4.2, 1.8, 1.5) yaw 90
  2: (1, 12, 0) sd 0.1

person 2 through front
  0.5: box (100, 50, 20, 60) score 0.9 visible 0.4 frame 12
  [1, 3): box (110, 50, 20, 60) predicted

fact 2 "sits in" 1 [0, 2)
fact "room" "room size" number 24.5 "m²"
event "opens" [1, 2) agent 2 patient 1
transform world(street) from image(front) always homography 1 0 0 0 1 0 0 0 1 sd 0.05
revision 2

car 1 in street during [3, 10) because "re-identified after 1 s"
  3: (1, 17, 0)
"#;

/// A timeless room in text form.
pub const ROOM: &str = "record \"room\"\nworld room m\ncoverage always all labels\n\
    chair 1 in room\n  always: (0, 0, 0.5) size (0.5, 0.5, 1)\n\
    table 2 in room\n  always: (2, 0, 0.4) size (2, 1, 0.8) yaw 45\n\
    sofa 3 in room\n  always: (0, 3, 0.4) size (2, 1, 0.8)\n";

/// Both of them, and the two joined.
pub fn worlds() -> &'static [World] {
    static WORLDS: OnceLock<Vec<World>> = OnceLock::new();
    WORLDS.get_or_init(|| {
        let world = |given: &str| text::parse(given).expect("valid");
        let (street, room) = (world(STREET), world(ROOM));
        vec![join(&[street.clone(), room.clone()]), street, room]
    })
}

/// The text form: what parses is printed, and the print is read back as the same.
pub fn text(bytes: &[u8]) -> Result<(), String> {
    let given = String::from_utf8_lossy(bytes);
    let world = text::parse(&given).map_err(|error| {
        let error = error.to_string();
        assert!(error.starts_with("line ") || error.starts_with("table "), "no place is named: {error}");
        error
    })?;
    // what the text form has no words for is an error that says so
    let printed = text::print(&world).map_err(|error| error.to_string())?;
    let again =
        text::parse(&printed).unwrap_or_else(|error| panic!("cannot be read back: {error}\n{printed}"));
    let twice = text::print(&again).expect("printed once");
    assert_eq!(printed, twice, "prints otherwise");
    Ok(())
}

/// A program as text: what parses is printed and read back, as JSON too, and runs on every World.
pub fn program(bytes: &[u8]) -> Result<(), String> {
    let given = String::from_utf8_lossy(bytes);
    let parsed = program::parse(&given).map_err(|error| error.to_string())?;
    let printed = program::print(&parsed);
    let again =
        program::parse(&printed).unwrap_or_else(|error| panic!("cannot be read back: {error}: {printed}"));
    assert_eq!(program::print(&again), printed, "prints otherwise");
    let json = program::json::to_json(&parsed);
    from_json(&json).unwrap_or_else(|error| panic!("cannot be read back from JSON: {error}: {json}"));
    run_everywhere(&parsed);
    Ok(())
}

/// A program as JSON: what is read is written as text that is read as the same.
pub fn program_json(bytes: &[u8]) -> Result<(), String> {
    let json: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let parsed = from_json(&json).map_err(|error| error.to_string())?;
    let printed = program::print(&parsed);
    // a tree may be deeper than text may be nested
    let again = program::parse(&printed).map_err(|error| error.to_string())?;
    assert_eq!(program::print(&again), printed, "prints otherwise");
    run_everywhere(&parsed);
    Ok(())
}

fn run_everywhere(parsed: &program::Program) {
    for world in worlds() {
        // words that do not fit a World are refused
        if let Ok(answered) = run_program(world, parsed, false) {
            answer_json(world, None, &answered, &json!({}));
        }
    }
}

/// A question in English, with the lines after the first as options: always an answer.
pub fn question(bytes: &[u8]) -> Result<(), String> {
    let given = String::from_utf8_lossy(bytes);
    let mut lines = given.lines();
    let question = lines.next().unwrap_or_default();
    let options: Vec<String> = lines.take(6).map(str::to_owned).collect();
    for world in worlds() {
        let asked = ask(world, question, &options).unwrap_or_else(|error| panic!("rows in memory: {error}"));
        answer_json(world, Some(question), &asked.answered, &json!({}));
    }
    Ok(())
}

/// A file of detections.
pub fn detections(bytes: &[u8]) -> Result<(), String> {
    let path = scratch("detections");
    fs::write(&path, bytes).expect("a scratch file can be written");
    let found =
        FileDetections::read(&path, &FileSettings::default()).map_err(|error| named(&error.to_string()))?;
    for picture in found.at_rate(25.0, Some(50), [640, 480]) {
        for found in &picture.detections {
            assert!(found.box_px.left.is_finite() && found.score.is_none_or(f64::is_finite), "{found:?}");
        }
    }
    Ok(())
}

/// A file of annotations through the importer of this name: its Worlds are asked, printed and exported; what its own exporter writes
/// is read back and written as the same bytes.
pub fn import(name: &str, bytes: &[u8]) -> Result<(), String> {
    let importer = import::by_name(name).expect("a name in the catalogue");
    let path = scratch(name);
    fs::write(&path, bytes).expect("a scratch file can be written");
    let settings = ImportSettings::default();
    let imported = importer.import(&path, &settings).map_err(|error| named(&error.to_string()))?;
    for world in imported.worlds.iter().take(2) {
        // what a World holds that the text form has no words for is an error
        text::print(world).ok();
        for exporter in EXPORTERS {
            let written = exported(*exporter, world);
            if exporter.entry().name != name {
                continue;
            }
            let Some(first) = written else { continue };
            fs::write(&path, &first).expect("a scratch file can be written");
            let again = importer.import(&path, &settings).unwrap_or_else(|error| {
                panic!("what was exported is not read back: {error}\n{}", String::from_utf8_lossy(&first))
            });
            assert!(
                again.faults.is_empty(),
                "what was exported has faults: {}\n{}",
                again.faults,
                String::from_utf8_lossy(&first)
            );
            let second = exported(*exporter, &again.worlds[0]);
            assert_eq!(
                second.as_deref().map(String::from_utf8_lossy),
                Some(String::from_utf8_lossy(&first)),
                "written otherwise"
            );
        }
    }
    Ok(())
}

fn exported(exporter: &dyn chronotope::formats::export::Exporter, world: &World) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    // a World that cannot be said in a format is an error
    exporter.export(world, &ExportSettings::default(), &mut out).ok()?;
    Some(out)
}

/// A bundle from an archive of [`pack`], with its checksums made right: every row of every table is read, and checked.
pub fn bundle(bytes: &[u8]) -> Result<(), String> {
    let folder = scratch("bundle");
    fs::remove_dir_all(&folder).ok(); // left by the last input, or not there
    fs::create_dir_all(folder.join("parts")).expect("a scratch folder can be made");
    unpack(bytes, &folder);
    let world = bundle::open(&folder).map_err(|error| named_bundle(&error.to_string()))?;
    for n in 0..world.store().bounds().len() {
        world.store().chunk(n).map_err(|error| named_bundle(&error.to_string()))?;
    }
    bundle::check(&folder);
    if let Ok(asked) = ask(&world, "How many cars are there?", &[]) {
        answer_json(&world, None, &asked.answered, &json!({}));
    }
    join(&[world.clone(), world]);
    Ok(())
}

/// In a part of an archive, sixteen of these stand for the checksum of what lies before its tail.
const SEAL: [u8; 16] = *b"@@@@@@@@@@@@@@@@";

/// A bundle as one piece of bytes: for each file its name, a line end, its length in four bytes (little-endian), its bytes. The checksums of
/// small parts are left open, so that [`unpack`] can make them right whatever the bytes have become.
pub fn pack(folder: &Path) -> Vec<u8> {
    let mut out = Vec::new();
    let mut add = |name: &str, bytes: &[u8]| {
        out.extend_from_slice(name.as_bytes());
        out.push(b'\n');
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        out.extend_from_slice(bytes);
    };
    let manifest = fs::read(folder.join("world.json")).expect("a bundle");
    add("world.json", &manifest);
    let manifest: Value = serde_json::from_slice(&manifest).expect("a manifest");
    for part in manifest["tables"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(_, table)| table["parts"].as_array())
        .flatten()
    {
        let name = part["file"].as_str().expect("a name");
        let mut bytes = fs::read(folder.join("parts").join(name)).expect("a part");
        let data = bytes.len() - part["tail_bytes"].as_u64().expect("a length") as usize;
        let hash = xxh3(&bytes[..data]);
        if let Some(at) = bytes.windows(16).position(|window| window == hash.as_bytes()) {
            bytes[at..at + 16].copy_from_slice(&SEAL);
        }
        add(&format!("parts/{name}"), &bytes);
    }
    out
}

/// Writes the files of an archive, with lengths and checksums as the manifest must have them. Names that are no plain file are left out.
pub fn unpack(bytes: &[u8], folder: &Path) {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().take(200).position(|byte| *byte == b'\n').filter(|_| files.len() < 40) {
        let name = String::from_utf8_lossy(&rest[..end]).into_owned();
        let Some((length, tail)) = rest[end + 1..].split_first_chunk::<4>() else { break };
        let (file, tail) = tail.split_at((u32::from_le_bytes(*length) as usize).min(tail.len()));
        files.push((name, file.to_vec()));
        rest = tail;
    }
    let mut manifest = files
        .iter()
        .find(|(name, _)| name == "world.json")
        .map(|(_, bytes)| bytes.clone())
        .unwrap_or_default();
    if let Ok(mut json) = serde_json::from_slice::<Value>(&manifest) {
        let tables = json.get_mut("tables").and_then(Value::as_object_mut);
        let parts =
            tables.into_iter().flatten().filter_map(|(_, table)| table.get_mut("parts")?.as_array_mut());
        for part in parts.flatten() {
            let Some(name) = part.get("file").and_then(Value::as_str).map(|name| format!("parts/{name}"))
            else {
                continue;
            };
            let Some((_, file)) = files.iter_mut().find(|(own, _)| *own == name) else { continue };
            let tail =
                part.get("tail_bytes").and_then(Value::as_u64).unwrap_or(0).min(file.len() as u64) as usize;
            let data = file.len() - tail;
            let hash = xxh3(&file[..data]);
            if let Some(at) = file.windows(16).position(|window| window == SEAL) {
                file[at..at + 16].copy_from_slice(hash.as_bytes());
            }
            part["bytes"] = json!(file.len());
            part["tail_xxh3"] = json!(xxh3(&file[data..]));
        }
        let unsealed = "0000000000000000";
        if json.get("xxh3").is_some() {
            json["xxh3"] = json!(unsealed);
        }
        let text = json.to_string();
        manifest = text.replacen(unsealed, &xxh3(text.as_bytes()), 1).into_bytes();
    }
    for (name, bytes) in files {
        let plain = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        };
        let inner =
            name.strip_prefix("parts/").filter(|inner| plain(inner) && *inner != ".." && *inner != ".");
        if let Some(inner) = inner {
            fs::write(folder.join("parts").join(inner), bytes).ok(); // too long a name
        }
    }
    fs::write(folder.join("world.json"), manifest).expect("a scratch file can be written");
}

fn xxh3(bytes: &[u8]) -> String {
    format!("{:016x}", XxHash3_64::oneshot(bytes))
}

/// An error of a file must name the file.
fn named(error: &str) -> String {
    assert!(error.contains("chronotope-fuzz-"), "no file is named: {error}");
    error.to_owned()
}

/// An error of a bundle must name the bundle, or the table.
fn named_bundle(error: &str) -> String {
    assert!(error.contains("chronotope-fuzz-") || error.contains("table "), "no place is named: {error}");
    error.to_owned()
}

/// A path of this process and thread, in memory where the system has such a folder.
fn scratch(name: &str) -> PathBuf {
    thread_local! {
        static THREAD: u32 = {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            COUNT.fetch_add(1, Ordering::Relaxed)
        };
    }
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    let root = ROOT.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let above = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let root = above.join(format!("chronotope-fuzz-{}", std::process::id()));
        fs::create_dir_all(&root).expect("a scratch folder can be made");
        root
    });
    THREAD.with(|n| root.join(format!("{name}-{n}")))
}
