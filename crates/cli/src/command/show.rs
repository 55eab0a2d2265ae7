//! `show`: what a source holds.

use std::fmt::Write as _;
use std::path::Path;

use chronotope::formats::open::{SourceForm, form_of};
use chronotope::formats::shown::{source_kind, summary_json, utc};
use chronotope::world::{
    Clock, CoverageSummary, ObserverKind, Source, Span, Spans, Summary, Time, World, summary, text,
};
use serde_json::json;

use super::import::{Known, in_a_line};
use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source;

/// Says what a World, a folder of Worlds, an annotation file, a text World or a video holds.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What to look at
    source: String,
    /// Print the World in text form, which can be read again; long ones are cut
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// Print the text form uncut
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    known: Known,
}

/// Where the text form is cut: some ten thousand lines.
const TEXT_BYTES: usize = 1 << 19;

/// Rows of a kind that are shown; the rest is counted. JSON has all.
const SHOWN: usize = 12;

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        if self.is_video() {
            return self.video(session);
        }
        let worlds = source::each(&self.source, &self.known.settings(), session)?;
        if self.text || self.all {
            return self.as_text(&worlds, session);
        }
        if self.json {
            let worlds =
                worlds.iter().map(summary_json).collect::<Result<Vec<_>, _>>().map_err(Fault::input)?;
            session.json(&json!({ "source": self.source, "worlds": worlds, "video": null }))?;
            return Ok(Outcome::Done);
        }
        match worlds.as_slice() {
            [one] => session.text(&in_words(one)?)?,
            several => {
                session.note(&format!(
                    "{} scenes; --scene NAME or a bundle's own path shows one",
                    several.len()
                ));
                for world in several {
                    session.text(&format!("{}: {}", world.store().name(), in_a_line(world)?))?;
                }
            }
        }
        Ok(Outcome::Done)
    }

    fn as_text(&self, worlds: &[World], session: &Session) -> Result<Outcome, Fault> {
        let [world] = worlds else {
            return Err(Fault::usage(format!("--text: expected one scene, found {}", worlds.len()))
                .hint("--scene NAME, or a bundle's own path, shows one"));
        };
        let most = if self.all { usize::MAX } else { TEXT_BYTES };
        let (printed, n_left_out) = text::print_within(world, most).map_err(Fault::input)?;
        let mut printed = printed.trim_end().to_owned();
        if n_left_out > 0 {
            let cut = format!("cut: {n_left_out} tracks are left out; --all prints them");
            let _ = write!(printed, "\n\n# {cut}");
            session.note(&cut);
        }
        session.text(&printed)?;
        Ok(Outcome::Done)
    }

    fn is_video(&self) -> bool {
        self.source == "-"
            || self.source.contains("://")
            || form_of(Path::new(&self.source)).is_ok_and(|form| form == SourceForm::Video)
    }

    #[cfg(feature = "video")]
    fn video(&self, session: &Session) -> Result<Outcome, Fault> {
        use chronotope::perceive::video::Video;

        if self.text || self.all {
            return Err(Fault::usage("--text: expected a World, found a video")
                .hint(format!("make one with `chronotope watch {}`", self.source)));
        }
        let video = Video::open(&self.source)
            .map_err(|error| if error.is_service() { Fault::service(error) } else { Fault::input(error) })?;
        let info = video.info();
        if self.json {
            let video = json!({
                "container": info.container,
                "codec": info.codec,
                "width_px": info.width,
                "height_px": info.height,
                "decoded_px": info.decoded_size,
                "pixel_aspect": info.pixel_aspect,
                "rate_hz": info.rate_hz,
                "duration_s": info.duration_ns.map(|ns| Time(ns).as_s()),
                "n_pictures": info.n_pictures,
                "seekable": info.seekable,
            });
            session.json(&json!({ "source": self.source, "worlds": [], "video": video }))?;
            return Ok(Outcome::Done);
        }
        let unknown = || "unknown".to_owned();
        let decoded = match info.decoded_size {
            size if size == (info.width, info.height) => String::new(),
            (w, h) => format!(", decoded as {w}x{h} (pixel aspect, rotation)"),
        };
        let rows = [
            ("pictures", format!("{}x{}{decoded}", info.width, info.height)),
            ("codec", format!("{} in {}", info.codec, info.container)),
            ("length", info.duration_ns.map_or_else(unknown, |ns| format!("{} s", rounded(Time(ns).as_s())))),
            (
                "rate",
                info.rate_hz.map_or_else(unknown, |hz| format!("{} pictures/s on average", rounded(hz))),
            ),
            (
                "number",
                info.n_pictures.map_or_else(unknown, |n| format!("{n} pictures as the container says")),
            ),
        ];
        let mut out = format!("video {}", self.source);
        for (name, what) in &rows {
            row(&mut out, name, what);
        }
        session.text(&out)?;
        session.note(&format!("what happens in it: chronotope watch {}", self.source));
        Ok(Outcome::Done)
    }

    #[cfg(not(feature = "video"))]
    fn video(&self, _session: &Session) -> Result<Outcome, Fault> {
        Err(Fault::usage(format!("this build of chronotope cannot read video: {}", self.source)))
    }
}

/// `0 to 2.8 s`, `pictures 0 to 178, their times unknown`, `timeless`.
pub(crate) fn span_in_words(span: Option<Span>, order_only: bool) -> String {
    match span {
        None => "timeless".to_owned(),
        Some(span) if span == Span::ALWAYS => "always".to_owned(),
        Some(span) if order_only => {
            format!("ranks {} to {} (only the order is known)", span.start(), span.end())
        }
        Some(span) => {
            let moment = |t: Time| match t {
                Time::MIN | Time::MAX => "ever".to_owned(),
                t => rounded(t.as_s()),
            };
            format!("{} to {} s", moment(span.start()), moment(span.end()))
        }
    }
}

/// At most three decimals, and none that is zero.
fn rounded(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn row(out: &mut String, name: &str, what: &str) {
    let _ = write!(out, "\n{name:<11}{what}");
}

/// The first rows of a kind under its name, and how many more there are.
fn rows(out: &mut String, name: &str, lines: &[String]) {
    for (i, line) in lines.iter().take(SHOWN).enumerate() {
        row(out, if i == 0 { name } else { "" }, line);
    }
    if lines.len() > SHOWN {
        row(out, "", &format!("and {} more", lines.len() - SHOWN));
    }
}

fn in_words(world: &World) -> Result<String, Fault> {
    let found = summary(world).map_err(Fault::input)?;
    let (tables, record) = (world.tables(), world.record());
    let order_only = record.order_only;
    let span = |span| span_in_words(span, order_only);
    let mut out = world.store().name().to_owned();
    if out.is_empty() {
        "a World without a name".clone_into(&mut out);
    }
    row(&mut out, "record", &format!("{}{}", span(found.span), utc_in_words(world)));
    rows(&mut out, "sources", &tables.sources.iter().map(source_in_words).collect::<Vec<_>>());
    let observers = tables.observers.iter().map(|observer| {
        let kind = match observer.kind {
            ObserverKind::Camera => "",
            ObserverKind::Microphone => " (microphone)",
            ObserverKind::Person => " (person)",
        };
        let size =
            observer.picture_px.map_or(", picture size unknown".to_owned(), |[w, h]| format!(" {w}x{h}"));
        let lens = if observer.intrinsics.is_some() { ", lens known" } else { "" };
        format!("{}  {}{kind}{size}{lens}", observer.id.0, observer.name)
    });
    rows(&mut out, "cameras", &observers.collect::<Vec<_>>());
    let frames =
        tables.reference_frames.iter().map(|row| format!("{} in {}", row.reference_frame, row.scale));
    rows(&mut out, "frames", &frames.collect::<Vec<_>>());
    row(&mut out, "things", &format!("{:>5}", found.n_entities));
    let labels = found.labels.iter().map(|row| {
        let ignored = if row.n_ignored > 0 { format!(", {} ignored", row.n_ignored) } else { String::new() };
        let label = row.label.as_deref().unwrap_or("without a label");
        let when = row.span.map_or(String::new(), |s| format!(", {}", span(Some(s))));
        format!("{:>5}  {label}{ignored}{when}", row.n_entities)
    });
    rows(&mut out, "", &labels.collect::<Vec<_>>());
    let tracks = format!(
        "{} ({} ignored), {} samples ({} without a track)",
        found.n_tracks, found.n_ignored, found.n_samples, found.n_unassigned
    );
    row(&mut out, "tracks", &tracks);
    let coverage: Vec<String> = found.coverage.iter().map(|row| coverage_in_words(world, row)).collect();
    rows(&mut out, "coverage", &coverage);
    if coverage.is_empty() {
        row(&mut out, "coverage", "none: what is not here may have been there all the same");
    }
    let events =
        found.events.iter().map(|row| format!("{:>5}  {}, {}", row.n, row.kind, span(Some(row.span))));
    rows(&mut out, "events", &events.collect::<Vec<_>>());
    let facts = found.facts.iter().map(|(predicate, n)| format!("{n:>5}  {predicate}"));
    rows(&mut out, "facts", &facts.collect::<Vec<_>>());
    rows(&mut out, "revisions", &revisions_in_words(&found));
    Ok(out)
}

/// `; starts 2026-01-01T00:00:00Z ± 0.5 s`.
fn utc_in_words(world: &World) -> String {
    let Some(starts) = utc(world) else { return String::new() };
    let within = world.record().utc_uncertainty_ns;
    let within = within.map_or(String::new(), |ns| format!(" ± {} s", rounded(Time(ns).as_s())));
    format!("; starts {starts}{within}")
}

fn source_in_words(row: &Source) -> String {
    let clock = match row.record_from_source {
        None => ", clock unknown".to_owned(),
        Some(clock) if clock == Clock::SAME => String::new(),
        Some(Clock { offset, rate, uncertainty_ns }) => {
            let within = rounded(Time(uncertainty_ns).as_s());
            format!(", clock {offset} s + {rate} × its own, ± {within} s")
        }
    };
    let from = row.derived_from.map_or(String::new(), |from| format!(", from source {}", from.0));
    let settings = if row.settings.is_empty() { String::new() } else { format!(" ({})", row.settings) };
    let uri = if row.uri.is_empty() { String::new() } else { format!(" {}", row.uri) };
    format!("{}  {}{uri}{clock}{from}{settings}", row.id.0, source_kind(row.kind))
}

fn coverage_in_words(world: &World, row: &CoverageSummary) -> String {
    let labels = if row.labels.is_empty() { "every label".to_owned() } else { row.labels.join(", ") };
    let order_only = world.record().order_only;
    let when = |spans: &Spans| {
        let first: Vec<String> =
            spans.iter().take(4).map(|&span| span_in_words(Some(span), order_only)).collect();
        let more = spans.len().saturating_sub(first.len());
        let more = if more > 0 { format!(" and {more} more spans") } else { String::new() };
        format!("{}{more}", first.join(", "))
    };
    let mut out = format!("{labels}: {}", when(&row.spans));
    match row.observer.and_then(|id| world.observer(id)) {
        Some(camera) => out += &format!(", through {}", camera.name),
        None => out += ", the whole scene",
    }
    if !row.complete {
        out += ", only at the moments that have samples";
    }
    if let Some(b) = row.region_px {
        out += &format!(", within ({}, {}) to ({}, {}) px", b.left, b.top, b.right(), b.bottom());
    }
    if let Some(px) = row.smallest_px {
        out += &format!(", from {px:.0} px");
    }
    match row.recall {
        Some(recall) => out += &format!(", recall {recall}"),
        None => out += ", recall not measured",
    }
    out
}

fn revisions_in_words(found: &Summary) -> Vec<String> {
    let line = |(revision, tables): (&u64, &std::collections::BTreeMap<&str, u64>)| {
        let tables: Vec<String> = tables.iter().map(|(table, n)| format!("{n} {table}")).collect();
        format!("{revision}  {}", tables.join(", "))
    };
    found.revisions.iter().map(line).collect()
}
