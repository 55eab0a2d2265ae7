//! Which pictures a model is asked about.

use crate::Error;
use crate::video::sample::SceneScore;
use crate::video::{Settings as VideoSettings, Size, Video};
use chronotope_world::Time;

/// How many pictures may be asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PictureBudget {
    /// So many calls in all, second asks and the drawn picture among them.
    Calls(u32),
    /// So many pictures a minute of video; second asks come on top.
    PerMinute(f64),
}

/// What a video looks like, picture by picture, before anybody is asked.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    first: u32,
    times: Vec<Time>,
    /// How much each picture differs from the one before, as a share of the full range.
    changes: Vec<f64>,
    /// Whether each picture begins a shot.
    cuts: Vec<bool>,
    end: Time,
}

/// Sizes at which pictures are compared.
const COMPARED_PX: (u32, u32) = (96, 54);
/// FFmpeg's score from which on a picture begins a scene; its manual recommends 0.3 to 0.5.
const CUT: f64 = 0.3;
/// A second of stillness weighs as much as a change of so much of the full range: things also come slowly.
const CHANGE_PER_S: f64 = 0.02;
/// More pictures than any video of ours has.
const MOST_PICTURES: usize = 10_000_000;

/// Looks through a video, or a part of it, once.
///
/// # Errors
/// A video that cannot be read, or not again; one without a picture in the part that was asked for.
pub fn survey(video: &str, from: Option<Time>, to: Option<Time>) -> Result<Survey, Error> {
    let mut reader = Video::open_with(video, VideoSettings { threads: 1, ..VideoSettings::default() })?;
    let info = reader.info().clone();
    let open =
        |expected, found: &str| Error::Open { expected, found: found.to_owned(), input: video.to_owned() };
    if !info.seekable || info.kept {
        return Err(open("a file for the detector `vlm`, as it is read twice", "a pipe or a live source"));
    }
    let mut out = Survey::default();
    let mut score = SceneScore::default();
    let mut before: Vec<u8> = Vec::new();
    while let Some(picture) = reader.next_picture()? {
        let t = picture.t();
        if from.is_some_and(|from| t < from) {
            continue;
        }
        if to.is_some_and(|to| t >= to) || out.times.len() >= MOST_PICTURES {
            break;
        }
        let small = picture.rgb(Size::Exact(COMPARED_PX.0, COMPARED_PX.1))?.data;
        if out.times.is_empty() {
            out.first = picture.frame_index();
        }
        let sum: u64 = before.iter().zip(&small).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        out.changes.push(sum as f64 / (255.0 * small.len() as f64));
        out.cuts.push(score.push(&small) >= CUT);
        out.times.push(t);
        before = small;
    }
    let Some(&last) = out.times.last() else {
        return Err(open("a picture in the span that was asked for", "none"));
    };
    let n = out.times.len();
    let nominal = info.rate_hz.filter(|r| *r > 0.0).map_or(40_000_000, |rate| Time::from_s(1.0 / rate).0);
    out.end = last.plus_ns(if n > 1 { last - out.times[n - 2] } else { nominal }.max(1));
    Ok(out)
}

impl Survey {
    /// A shot begins with this picture.
    pub fn is_cut(&self, frame_index: u32) -> bool {
        self.at(frame_index).is_some_and(|i| self.cuts[i])
    }

    /// Until when a picture is shown.
    pub fn end_of(&self, frame_index: u32) -> Time {
        self.at(frame_index).and_then(|i| self.times.get(i + 1)).copied().unwrap_or(self.end)
    }

    /// Whether a shot begins between this chosen picture and the next one.
    pub(super) fn next_chosen_is_cut_off(&self, chosen: &[u32], frame_index: u32) -> bool {
        let next = chosen.partition_point(|&c| c <= frame_index);
        let to = chosen.get(next).copied().unwrap_or(frame_index);
        (frame_index + 1..=to).any(|k| self.is_cut(k))
    }

    /// Length in minutes.
    fn minutes(&self) -> f64 {
        self.times.first().map_or(0.0, |&first| Time(self.end - first).as_s() / 60.0)
    }

    fn at(&self, frame_index: u32) -> Option<usize> {
        let i = frame_index.checked_sub(self.first)? as usize;
        (i < self.times.len()).then_some(i)
    }

    /// First and last position of each shot.
    fn shots(&self) -> Vec<(usize, usize)> {
        let mut out: Vec<(usize, usize)> = Vec::new();
        for i in 0..self.times.len() {
            match out.last_mut() {
                Some(shot) if !self.cuts[i] => shot.1 = i,
                _ => out.push((i, i)),
            }
        }
        out
    }
}

/// Numbers of the pictures to ask about, in order of time.
///
/// Every shot gets one, the longest first where there are fewer asks than shots; the rest is shared by how long shots are and how much
/// changes in them. Within a shot the first and the last picture are asked about, and between them equal steps of time and change. `spare`:
/// calls that go elsewhere; `check`: share of pictures that are asked about twice.
pub fn choose(survey: &Survey, budget: PictureBudget, check: f64, spare: u32) -> Vec<u32> {
    let n = match budget {
        PictureBudget::Calls(calls) => {
            (f64::from(calls.saturating_sub(spare)) / (1.0 + check.clamp(0.0, 1.0))).floor() as usize
        }
        PictureBudget::PerMinute(rate) => {
            (survey.minutes() * rate.clamp(0.0, 6000.0)).ceil().max(2.0) as usize
        }
    };
    let n = n.min(survey.times.len());
    // how much time and change has passed at each picture since its shot began
    let mut passed = vec![0.0; survey.times.len()];
    for i in 1..passed.len() {
        if !survey.cuts[i] {
            let s = Time(survey.times[i] - survey.times[i - 1]).as_s();
            passed[i] = passed[i - 1] + s * CHANGE_PER_S + survey.changes[i];
        }
    }
    let mut shots: Vec<(usize, usize, usize)> = survey.shots().into_iter().map(|(a, b)| (a, b, 0)).collect();
    shots.sort_by(|a, b| passed[b.1].total_cmp(&passed[a.1]).then(a.0.cmp(&b.0)));
    shots.truncate(n.max(1));
    for _ in 0..n {
        // whose steps are longest gets the next
        let step = |shot: &(usize, usize, usize)| match shot.2 {
            0 => f64::INFINITY,
            n if n > shot.1 - shot.0 => -1.0,
            n => passed[shot.1] / n as f64,
        };
        let Some(at) =
            (0..shots.len()).max_by(|&a, &b| step(&shots[a]).total_cmp(&step(&shots[b])).then(b.cmp(&a)))
        else {
            break;
        };
        shots[at].2 += 1;
    }
    let mut out = Vec::with_capacity(n);
    for (first, last, n) in shots {
        let whole = passed[last];
        for k in 0..n {
            let share = if n == 1 { 0.5 } else { k as f64 / (n - 1) as f64 };
            // sums are rounded
            let from = whole * (share - 1e-9);
            let at = first + passed[first..=last].partition_point(|&p| p < from);
            out.push(survey.first + at.min(last) as u32);
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten pictures a second, a cut at each of these.
    fn film(n: usize, cuts: &[usize], changes: impl Fn(usize) -> f64) -> Survey {
        Survey {
            first: 100,
            times: (0..n).map(|i| Time(i as i64 * 100_000_000)).collect(),
            changes: (0..n).map(changes).collect(),
            cuts: (0..n).map(|i| cuts.contains(&i)).collect(),
            end: Time(n as i64 * 100_000_000),
        }
    }

    #[test]
    fn still_shots_are_asked_at_both_ends_and_evenly_between() {
        let film = film(101, &[], |_| 0.0);
        assert_eq!(choose(&film, PictureBudget::Calls(5), 0.0, 0), [100, 125, 150, 175, 200]);
        assert_eq!(choose(&film, PictureBudget::Calls(1), 0.0, 0), [150]);
        assert_eq!(choose(&film, PictureBudget::Calls(6), 0.25, 1).len(), 4);
        assert_eq!(choose(&film, PictureBudget::PerMinute(12.0), 0.25, 1).len(), 3);
        assert!(choose(&film, PictureBudget::Calls(0), 0.0, 0).is_empty());
        assert_eq!(choose(&film, PictureBudget::Calls(9999), 0.0, 0).len(), 101);
    }

    #[test]
    fn where_more_changes_more_is_asked() {
        let film = film(101, &[], |i| if i > 80 { 0.1 } else { 0.0 });
        let chosen = choose(&film, PictureBudget::Calls(11), 0.0, 0);
        assert!(chosen.iter().filter(|&&c| c > 180).count() >= 8, "{chosen:?}");
        assert!(chosen.contains(&100) && chosen.contains(&200), "{chosen:?}");
    }

    #[test]
    fn every_shot_is_asked_about_and_ends_are_known() {
        let film = film(60, &[20, 40], |_| 0.0);
        let chosen = choose(&film, PictureBudget::Calls(6), 0.0, 0);
        assert_eq!(chosen, [100, 119, 120, 139, 140, 159]);
        assert!(film.next_chosen_is_cut_off(&chosen, 119) && !film.next_chosen_is_cut_off(&chosen, 100));
        assert_eq!(choose(&film, PictureBudget::Calls(2), 0.0, 0).len(), 2);
        assert_eq!(film.end_of(159), Time(6_000_000_000));
    }
}
