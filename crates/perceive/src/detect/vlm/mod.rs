//! A chat model as detector: it is asked where named things are in chosen pictures; between these, things are followed by optical flow.
//!
//! ```text
//! video ──survey──▶ which pictures to ask about (budget, shots, change)
//!       ──ask─────▶ boxes (any convention) ──check──▶ score: how often a second ask agrees
//!       ──follow──▶ boxes in the pictures between (flow, corrected to end where the thing was seen next)
//!                    └─▶ Looked: boxes with identities ──▶ `pipeline::watch` ──▶ rows
//! ```
//!
//! What is written is what was asked: a thing begins and ends at pictures that were asked about, its boxes between them are marked as
//! interpolated, and coverage holds from one asked picture to the next, as sampled.

mod ask;
mod choose;
mod follow;
mod link;

pub use ask::{Asker, Convinced};
pub use choose::{PictureBudget, Survey, choose, survey};

use super::{DetectedPicture, Detection};
use crate::Error;
use crate::track::{Decision, Link, Match, Reason, Stage, Tracked};
use crate::video::{Settings as VideoSettings, Size, Video};
use chronotope_models::Chat;
use chronotope_models::boxes::{Convention, Rung};
use chronotope_world::{BoxPx, Span, Time};
use follow::Follower;
use link::Linker;
use std::collections::BTreeMap;

/// How a chat model is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct VlmSettings {
    /// Names of the things to look for.
    pub find: Vec<String>,
    /// How many pictures are asked about.
    pub budget: PictureBudget,
    /// Share of the asked pictures that are asked about twice, 0 to 1.
    pub check: f64,
    /// Longest side of the pictures shown, in pixels.
    pub shown_px: u32,
    /// What the model's numbers mean; none: found out with one drawn picture, asked first.
    pub declared: Option<Convention>,
    /// First moment of the video to look at.
    pub from: Option<Time>,
    /// First moment not to look at.
    pub to: Option<Time>,
}

impl Default for VlmSettings {
    fn default() -> VlmSettings {
        VlmSettings {
            find: Vec::new(),
            budget: PictureBudget::PerMinute(20.0),
            check: 0.25,
            shown_px: 1000,
            declared: None,
            from: None,
            to: None,
        }
    }
}

/// What a chat model saw in a video.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// Names that were asked for.
    pub find: Vec<String>,
    /// Boxes by picture.
    by_picture: BTreeMap<u32, Vec<LookedBox>>,
    /// Between which times of the video it was looked for all names: from one asked picture to the next of the same shot.
    pub spans: Vec<Span>,
    /// What the asking was like.
    pub report: LookReport,
    /// How the detector is named in the record.
    pub name: String,
    /// What decides what is found: words for the record.
    pub words: String,
    /// Why it ended before its end, and what would help.
    pub stopped: Option<chronotope_models::Error>,
    /// End of the last picture that was asked about.
    pub until: Option<Time>,
}

/// What the asking was like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookReport {
    /// Pictures that were to be asked about.
    pub n_planned: u32,
    /// Pictures that were answered.
    pub n_asked: u32,
    /// Pictures whose answers could not be read.
    pub n_unread: u32,
    /// Why, of the first ones.
    pub unread: Vec<String>,
    /// Boxes that the model gave.
    pub n_boxes: u32,
    /// Boxes that stuck out of the picture and were cut.
    pub n_cut: u32,
    /// Boxes outside of the picture or without area, left out.
    pub n_dropped: u32,
    /// Boxes with names that nobody asked for, left out.
    pub n_not_asked_for: u32,
    /// Second asks, and how many boxes they confirmed of how many.
    pub checks: (u32, u32, u32),
    /// Things that a later picture did not show where they should have been, seen once only.
    pub n_doubted: u32,
    /// What the numbers mean, and how well the drawn picture was found (intersection over union); none where it was not asked.
    pub convinced: Option<Convinced>,
    /// How replies were read, how often.
    pub rungs: BTreeMap<Rung, u32>,
    /// The model's own name.
    pub model: String,
}

/// One box in one picture.
#[derive(Clone, Debug, PartialEq)]
struct LookedBox {
    detection: Detection,
    thing: u64,
    confirmed: bool,
    followed: bool,
    /// How well it fits where the thing was expected.
    similarity: Option<f32>,
}

/// Detections of a picture with what is known of their identity.
pub(crate) struct Given {
    pub(crate) picture: DetectedPicture,
    pub(crate) links: Vec<Option<Link>>,
    pub(crate) matches: Vec<Option<Match>>,
    pub(crate) followed: Vec<bool>,
}

impl Given {
    /// The same in the words of a tracker.
    pub(crate) fn tracked(&self) -> Tracked {
        let decision = |(i, (link, fit)): (usize, (&Option<Link>, &Option<Match>))| {
            let reason = fit.map(Reason::Matched)?;
            Some(Decision { track_id: link.map(|l| l.track_id), detection_idx: Some(i as u32), reason })
        };
        let both = self.links.iter().zip(&self.matches).enumerate();
        Tracked {
            links: self.links.clone(),
            coasting: Vec::new(),
            decisions: both.filter_map(decision).collect(),
        }
    }
}

impl Looked {
    /// What is known of a picture.
    pub(crate) fn picture(&self, t: Time, frame_index: u32) -> Given {
        let boxes = self.by_picture.get(&frame_index).map_or(&[][..], Vec::as_slice);
        let link = |b: &LookedBox| {
            Some(Link { track_id: b.thing, confirmed: b.confirmed, filtered: b.detection.box_px })
        };
        let fit = |b: &LookedBox| {
            b.similarity.map(|similarity| Match { stage: Stage::First, similarity, gain: similarity })
        };
        let detections = boxes.iter().map(|b| b.detection.clone()).collect();
        Given {
            picture: DetectedPicture { t, frame_index, detections },
            links: boxes.iter().map(link).collect(),
            matches: boxes.iter().map(fit).collect(),
            followed: boxes.iter().map(|b| b.followed).collect(),
        }
    }
}

/// Longest side of the pictures in which things are followed, in pixels.
const FOLLOW_PX: u32 = 480;
/// After so many pictures in a row whose replies cannot be read, the model is not asked any more.
const MOST_UNREAD_IN_A_ROW: u32 = 5;

/// Looks at a video with a chat model. `progress` is told the number of asked pictures and of planned ones; false: stop here.
///
/// A model that fails on the way ends it: what was gathered until then is given, with the error as [`Looked::stopped`]. A reply that
/// cannot be read is counted, and the next picture is asked about.
///
/// # Errors
/// The video cannot be read, or not twice (a pipe, a live source).
pub fn look(
    video: &str,
    settings: &VlmSettings,
    chat: &dyn Chat,
    progress: &mut dyn FnMut(u32, u32) -> bool,
) -> Result<Looked, Error> {
    let seen = survey(video, settings.from, settings.to)?;
    let asker = Asker::new(chat, settings);
    let spare = u32::from(settings.declared.is_none());
    let chosen = choose(&seen, settings.budget, settings.check, spare);
    let mut out = Looked {
        find: settings.find.clone(),
        name: format!("vlm:{}", chat.model()),
        words: asker.words(),
        ..Looked::default()
    };
    out.report.n_planned = chosen.len() as u32;
    out.words += &format!(" pictures={} twice={}", chosen.len(), settings.check);
    let convinced = match asker.convince() {
        Ok(convinced) => convinced,
        Err(error) => {
            out.stopped = Some(error);
            return Ok(out);
        }
    };
    let declared = settings.declared.or(convinced.as_ref().and_then(|c| c.convention));
    out.report.convinced = convinced;

    let mut reader = Video::open_with(video, VideoSettings { threads: 1, ..VideoSettings::default() })?;
    let info = reader.info().clone();
    let source_px = [info.width, info.height];
    let mut follower: Option<Follower> = None;
    let mut linker = Linker::default();
    let mut unread_in_a_row = 0;
    let (mut last_good, mut n_told, mut n_done): (Option<Time>, u32, u32) = (None, 0, 0);
    let Some(last) = chosen.last().copied() else { return Ok(out) };
    while let Some(picture) = reader.next_picture()? {
        let (t, frame_index) = (picture.t(), picture.frame_index());
        if frame_index < chosen[0] {
            continue;
        }
        if frame_index > last {
            break;
        }
        let grey = picture.gray(Size::Within(FOLLOW_PX, FOLLOW_PX))?;
        let scale = [f64::from(grey.width) / info.width as f64, f64::from(grey.height) / info.height as f64];
        if seen.is_cut(frame_index) {
            linker.close_all();
            follower = None;
            last_good = None;
        }
        let follower = follower.get_or_insert_with(|| Follower::new(grey.width, grey.height));
        let moved = follower.push(&grey.data, &linker.places(scale)).map_err(|e| flow_error(video, &e))?;
        linker.moved(t, frame_index, &moved, scale, source_px);
        if chosen.binary_search(&frame_index).is_err() {
            continue;
        }
        let nth = n_done;
        n_done += 1;
        let shown = picture.rgb(Size::Within(settings.shown_px, settings.shown_px))?;
        let asked = asker.ask(&shown, t, declared, asks_twice(nth, settings.check), source_px);
        let asked = match asked {
            Ok(asked) => asked,
            Err(error) if error.is_service() => {
                out.stopped = Some(error);
                break;
            }
            Err(error) => Err(error.to_string()),
        };
        match asked {
            Err(why) => {
                out.report.n_unread += 1;
                unread_in_a_row += 1;
                if out.report.unread.len() < 5 {
                    out.report.unread.push(format!("{:.2} s: {why}", t.as_s()));
                }
                if unread_in_a_row >= MOST_UNREAD_IN_A_ROW {
                    out.stopped = Some(chronotope_models::Error::Reply {
                        expected: "boxes in one of several pictures in a row",
                        found: why,
                        address: chat.address(),
                    });
                    break;
                }
            }
            Ok(asked) => {
                unread_in_a_row = 0;
                out.report.take(&asked);
                linker.seen(t, frame_index, &asked.found, source_px);
                out.spans.extend(last_good.and_then(|before| Span::new(before, t)));
                last_good = Some(t);
                let end = seen.end_of(frame_index);
                out.until = Some(end);
                // the last one of a shot is looked at for as long as it is shown
                if frame_index == last || seen.next_chosen_is_cut_off(&chosen, frame_index) {
                    out.spans.extend(Span::new(t, end));
                }
                n_told += 1;
            }
        }
        if !progress(n_told + out.report.n_unread, out.report.n_planned) {
            out.stopped = Some(chronotope_models::Error::Cancelled { address: chat.address() });
            break;
        }
    }
    if let (Some(_), Some(t), Some(end)) = (&out.stopped, last_good, out.until)
        && out.spans.last().is_none_or(|span| span.start() < t)
    {
        out.spans.extend(Span::new(t, end));
    }
    let score = asker.scores();
    let (boxes, n_doubted) = linker.finish(&score);
    out.report.n_doubted = n_doubted;
    out.report.checks = asker.checks();
    for (frame_index, b) in boxes {
        out.by_picture.entry(frame_index).or_default().push(b);
    }
    if let Some((rung, _)) = out.report.rungs.iter().max_by_key(|(_, n)| **n) {
        out.words += &format!(" rung={}", rung.name());
    }
    if !out.report.model.is_empty() {
        out.words += &format!(" said={}", out.report.model.replace(' ', "_"));
    }
    Ok(out)
}

impl LookReport {
    fn take(&mut self, asked: &ask::Asked) {
        self.n_asked += 1;
        self.n_boxes += asked.n_boxes;
        self.n_cut += asked.n_cut;
        self.n_dropped += asked.n_dropped;
        self.n_not_asked_for += asked.n_not_asked_for;
        *self.rungs.entry(asked.rung).or_default() += 1;
        self.model.clone_from(&asked.model);
    }
}

/// Whether the picture of this number is asked about twice, so that the share comes out evenly.
fn asks_twice(nth: u32, share: f64) -> bool {
    let share = share.clamp(0.0, 1.0);
    (f64::from(nth + 1) * share).floor() > (f64::from(nth) * share).floor()
}

fn flow_error(video: &str, error: &opencv::Error) -> Error {
    Error::Setting {
        setting: "size of the pictures",
        expected: "one in which optical flow can be computed".to_owned(),
        found: format!("{error}: {video}"),
    }
}

/// The part of a box within the picture, and which share of it that is.
fn inside(b: BoxPx, picture_px: [u32; 2]) -> (Option<BoxPx>, f64) {
    let clipped = b.clip(f64::from(picture_px[0]), f64::from(picture_px[1]));
    let share = clipped.map_or(0.0, |c| c.area() / b.area().max(f64::MIN_POSITIVE));
    (clipped, share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_that_is_asked_twice_comes_out_evenly() {
        let n = |share: f64| (0..20).filter(|&k| asks_twice(k, share)).count();
        assert_eq!([n(0.0), n(0.25), n(0.5), n(1.0), n(7.0)], [0, 5, 10, 20, 20]);
    }
}
