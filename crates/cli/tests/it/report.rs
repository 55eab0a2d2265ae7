//! A report as people see it: in a browser.

use super::{chronotope, stdout_of};
use chronotope::perceive::video::{Encoder, EncoderSettings};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder that goes away with the test.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Scratch {
        let folder = std::env::temp_dir().join(format!("chronotope-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Scratch(folder)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Three seconds of a bright square that crosses a dull ground.
pub(crate) fn clip(path: &Path) {
    let (width, height) = (320_u32, 240_u32);
    let settings = EncoderSettings { rate: (10, 1), ..EncoderSettings::default() };
    let mut encoder = Encoder::create(path, width, height, settings).expect("the clip can be written");
    for k in 0..30_u32 {
        let mut rgb = Vec::with_capacity((3 * width * height) as usize);
        for y in 0..height {
            for x in 0..width {
                let left = 10 + 8 * k;
                let inside = (left..left + 40).contains(&x) && (100..160).contains(&y);
                rgb.extend(if inside { [230, 80, 40] } else { [90 + (x * y % 7) as u8, 100, 110] });
            }
        }
        encoder.push_rgb(&rgb).expect("a picture of the right size");
    }
    encoder.finish().expect("the clip can be finished");
}

#[test]
fn a_report_is_shown_by_a_browser_without_a_script_error() {
    let scratch = Scratch::new("report");
    let (video, world, page) =
        (scratch.path("square.mp4"), scratch.path("square.world"), scratch.path("why.html"));
    clip(Path::new(&video));
    stdout_of(&["--quiet", "watch", &video, "-o", &world]);
    let question = "What is the largest number of moving objects at the same time?";
    let answered = chronotope(&["--quiet", "ask", &world, question, "--report", &page]);
    assert!(answered.status.success(), "{}", String::from_utf8_lossy(&answered.stderr));
    assert!(String::from_utf8_lossy(&answered.stdout).starts_with('1'), "one square moves");

    let shot = scratch.path("why.png");
    let profile = format!("--user-data-dir={}", scratch.path("profile"));
    let browser = |last: &str| {
        Command::new("chromium")
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--hide-scrollbars",
            ])
            .args(["--window-size=1100,1400", &profile, last, &format!("file://{page}")])
            .output()
            .expect("chromium is installed by scripts/setup")
    };
    let dumped = browser("--dump-dom");
    let log = String::from_utf8_lossy(&dumped.stderr);
    assert!(!log.contains("CONSOLE"), "the page logs: {log}");
    let dom = String::from_utf8_lossy(&dumped.stdout);
    for part in
        [question, "Evidence", "Timeline", "How it was computed", "data:image/jpeg;base64,", "data-entity="]
    {
        assert!(dom.contains(part), "{part} is not in the page");
    }
    browser(&format!("--screenshot={shot}"));
    let picture = image::open(&shot).expect("the browser took a screenshot").to_rgb8();
    let colours: BTreeSet<[u8; 3]> = picture.pixels().step_by(7).map(|p| p.0).collect();
    assert!(colours.len() > 50, "the page is blank: {} colours", colours.len());
    // the square of the evidence picture is in the screenshot
    let square = picture.pixels().filter(|p| p.0[0] > 190 && p.0[1] < 120 && p.0[2] < 90).count();
    assert!(square > 500, "the evidence picture does not show the square: {square} pixels");
}
