//! A clip whose truth is known: things move about on a street, and what is true of them is written beside it.
//!
//!     cargo run -p chronotope --example make_clip -- clip.mp4 clip.truth.json
//!
//! `make demo` watches this clip, asks the questions of the second file, and prints the answers beside the truth.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

const WIDTH_PX: usize = 640;
const HEIGHT_PX: usize = 480;
const RATE_FPS: f64 = 25.0;
const DURATION_S: f64 = 8.0;

type Rgb = [f64; 3];

/// Something that moves along a straight line at constant speed, made of painted rectangles.
struct Thing {
    name: &'static str,
    width_px: f64,
    height_px: f64,
    /// Left edge at time 0, and how fast it goes to the right.
    left_px: f64,
    right_px_per_s: f64,
    top_px: f64,
    /// Rectangles in shares of its box (left, top, right, bottom), each with its colour, from back to front.
    parts: &'static [([f64; 4], Rgb)],
}

const THINGS: [Thing; 3] = [
    Thing {
        name: "the red car",
        width_px: 96.0,
        height_px: 44.0,
        left_px: -96.0 - 110.0, // comes into the picture after one second
        right_px_per_s: 110.0,
        top_px: 352.0,
        parts: &[
            ([0.00, 0.35, 1.00, 0.85], [196.0, 38.0, 44.0]),
            ([0.18, 0.00, 0.78, 0.40], [170.0, 30.0, 36.0]),
            ([0.24, 0.08, 0.46, 0.36], [186.0, 214.0, 228.0]),
            ([0.51, 0.08, 0.73, 0.36], [186.0, 214.0, 228.0]),
            ([0.12, 0.70, 0.28, 1.00], [26.0, 26.0, 28.0]),
            ([0.72, 0.70, 0.88, 1.00], [26.0, 26.0, 28.0]),
        ],
    },
    Thing {
        name: "the white van",
        width_px: 128.0,
        height_px: 62.0,
        left_px: 640.0 + 2.0 * 160.0, // after two seconds, from the right
        right_px_per_s: -160.0,
        top_px: 262.0,
        parts: &[
            ([0.00, 0.00, 1.00, 0.86], [232.0, 232.0, 226.0]),
            ([0.05, 0.12, 0.24, 0.46], [96.0, 128.0, 148.0]),
            ([0.30, 0.50, 1.00, 0.58], [52.0, 96.0, 160.0]),
            ([0.12, 0.74, 0.26, 1.00], [26.0, 26.0, 28.0]),
            ([0.74, 0.74, 0.88, 1.00], [26.0, 26.0, 28.0]),
        ],
    },
    Thing {
        name: "the person",
        width_px: 26.0,
        height_px: 68.0,
        left_px: 120.0, // there from the start, and there at the end
        right_px_per_s: 42.0,
        top_px: 148.0,
        parts: &[
            ([0.26, 0.00, 0.74, 0.24], [222.0, 178.0, 148.0]),
            ([0.00, 0.24, 1.00, 0.62], [232.0, 158.0, 34.0]),
            ([0.10, 0.62, 0.46, 1.00], [38.0, 52.0, 108.0]),
            ([0.54, 0.62, 0.90, 1.00], [38.0, 52.0, 108.0]),
        ],
    },
];

impl Thing {
    /// Its box at a time: left, top, right, bottom in pixels, also outside of the picture.
    fn box_at(&self, t_s: f64) -> [f64; 4] {
        let left_px = self.left_px + self.right_px_per_s * t_s;
        [left_px, self.top_px, left_px + self.width_px, self.top_px + self.height_px]
    }

    /// From when to when any of it is in the picture, within the clip.
    fn visible_s(&self) -> (f64, f64) {
        let at_s = |left_px: f64| (left_px - self.left_px) / self.right_px_per_s;
        let (one, other) = (at_s(-self.width_px), at_s(WIDTH_PX as f64));
        (one.min(other).max(0.0), one.max(other).min(DURATION_S))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let clip = arguments.next().unwrap_or_else(|| "clip.mp4".into());
    let truth = arguments.next().unwrap_or_else(|| "clip.truth.json".into());
    write_clip(&clip)?;
    fs::write(&truth, serde_json::to_string_pretty(&truth_of(&clip))? + "\n")?;
    let said = format!("{} and {}", clip.display(), truth.display());
    Ok(writeln!(std::io::stdout(), "{said}")?)
}

/// Paints every picture and has FFmpeg make an MP4 of them.
fn write_clip(path: &Path) -> Result<(), Box<dyn Error>> {
    let size = format!("{WIDTH_PX}x{HEIGHT_PX}");
    let rate = RATE_FPS.to_string();
    let mut ffmpeg = Command::new("ffmpeg")
        .args([
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", &size, "-r", &rate, "-i", "-",
        ])
        .args(["-c:v", "libx264", "-threads", "1", "-crf", "16", "-pix_fmt", "yuv420p"])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()?;
    let mut pictures = ffmpeg.stdin.take().ok_or("FFmpeg has no standard input")?;
    let street = street();
    for n in 0..(DURATION_S * RATE_FPS) as usize {
        let mut picture = street.clone();
        for thing in &THINGS {
            paint(&mut picture, thing, n as f64 / RATE_FPS);
        }
        pictures.write_all(&picture.iter().map(|value| value.round() as u8).collect::<Vec<u8>>())?;
    }
    drop(pictures);
    let ended = ffmpeg.wait()?;
    if ended.success() { Ok(()) } else { Err(format!("FFmpeg ended with {ended}").into()) }
}

/// The street without anything on it: grass, pavement, two lanes; grainy, as real ones are.
fn street() -> Vec<f64> {
    let mut picture = Vec::with_capacity(WIDTH_PX * HEIGHT_PX * 3);
    for y in 0..HEIGHT_PX {
        for x in 0..WIDTH_PX {
            let stripe = (336..340).contains(&y) && x % 64 < 36;
            let kerb = (236..240).contains(&y) || (420..424).contains(&y);
            let (colour, grain): (Rgb, f64) = match y {
                _ if stripe => ([206.0, 204.0, 190.0], 10.0),
                _ if kerb => ([150.0, 148.0, 142.0], 12.0),
                0..180 => ([92.0, 124.0, 74.0], 34.0),
                180..240 => ([168.0, 162.0, 152.0], 16.0),
                240..424 => ([82.0, 84.0, 88.0], 14.0),
                _ => ([92.0, 124.0, 74.0], 34.0),
            };
            // coarse grain and fine grain
            let shade = grain * (grain_at(x / 6, y / 6) + 0.5 * grain_at(x + 4099, y)) - 0.75 * grain;
            picture.extend(colour.map(|value| (value + shade).clamp(0.0, 255.0)));
        }
    }
    picture
}

/// A number in 0..1 that looks random and depends on the place only (the finaliser of SplitMix64).
fn grain_at(x: usize, y: usize) -> f64 {
    let mut z = (x as u64) << 32 | y as u64;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Paints a thing; a pixel that an edge crosses gets its share of the colour, so that motion is smooth.
fn paint(picture: &mut [f64], thing: &Thing, t_s: f64) {
    let [left_px, top_px, ..] = thing.box_at(t_s);
    for ([left, top, right, bottom], colour) in thing.parts {
        let (left, right) = (left_px + left * thing.width_px, left_px + right * thing.width_px);
        let (top, bottom) = (top_px + top * thing.height_px, top_px + bottom * thing.height_px);
        for y in top.max(0.0) as usize..bottom.ceil().clamp(0.0, HEIGHT_PX as f64) as usize {
            for x in left.max(0.0) as usize..right.ceil().clamp(0.0, WIDTH_PX as f64) as usize {
                let share = covered(left, right, x) * covered(top, bottom, y);
                for (channel, value) in colour.iter().enumerate() {
                    let pixel = &mut picture[(y * WIDTH_PX + x) * 3 + channel];
                    *pixel += share * (value - *pixel);
                }
            }
        }
    }
}

/// How much of the pixel that begins at `at` lies between two edges.
fn covered(from: f64, to: f64, at: usize) -> f64 {
    (to.min(at as f64 + 1.0) - from.max(at as f64)).clamp(0.0, 1.0)
}

/// What is true of the clip, and questions with their true answers.
///
/// A thing counts from when any of it is in the picture; a detector needs a part of some size, hence the tolerances.
fn truth_of(clip: &Path) -> Value {
    let things = THINGS.map(|thing| {
        let (from_s, to_s) = thing.visible_s();
        let boxes = (0..=DURATION_S as usize).map(|t_s| json!({"t_s": t_s, "box_px": thing.box_at(t_s as f64)}));
        json!({"name": thing.name, "visible_s": [from_s, to_s], "left_top_right_bottom": boxes.collect::<Vec<_>>()})
    });
    let first_new = THINGS.iter().map(|thing| thing.visible_s().0).filter(|from_s| *from_s > 0.0);
    let first_new_s = first_new.fold(DURATION_S, f64::min);
    let n_at = |t_s: f64| {
        THINGS.iter().filter(|thing| (thing.visible_s().0..thing.visible_s().1).contains(&t_s)).count()
    };
    let n_most = (0..(DURATION_S * RATE_FPS) as usize).map(|n| n_at(n as f64 / RATE_FPS)).max();
    json!({
        "video": clip,
        "width_px": WIDTH_PX,
        "height_px": HEIGHT_PX,
        "rate_fps": RATE_FPS,
        "duration_s": DURATION_S,
        "things": things,
        "questions": [
            {"question": "How many moving objects are there?", "truth": {"value": THINGS.len()}},
            {"question": "How many moving objects are there at 0.5 s?", "truth": {"value": n_at(0.5)}},
            {"question": "What is the largest number of moving objects at the same time?", "truth": {"value": n_most}},
            {"question": "When does the second moving object appear?",
             "truth": {"value": first_new_s, "unit": "s", "tolerance": 0.5}},
            {"question": "Does the camera move?", "truth": {"value": false}},
            {"question": "How many people are there?",
             "truth": {"status": "unknown", "text": "unknown: motion alone tells no labels"}},
        ],
    })
}
