//! Writes the text form.

use super::hidden::visible;
use super::parse::ORIGINS;
use crate::error::Error;
use crate::id::{ObserverId, ReferenceFrameId, SourceId};
use crate::known::Known;
use crate::reference_frame::ReferenceFrame;
use crate::sample::{Origin, Sample};
use crate::span::Span;
use crate::tables::{
    Coverage, Event, Fact, Identity, Label, Observer, Reference, Source, SourceKind, Track, Transform,
    TransformKind,
};
use crate::time::Time;
use crate::value::Scale;
use crate::world::World;
use std::fmt::Write;

/// The text form of what is visible of a World, which parses back to the same rows; reference frames, labels and facts
/// may be numbered anew.
///
/// Samples without a track, and the time at which rows other than samples were known, have no text form and are left out.
/// Reads all samples.
///
/// # Errors
/// Where samples cannot be read.
pub fn print(world: &World) -> Result<String, Error> {
    print_within(world, usize::MAX).map(|(text, _none_left_out)| text)
}

/// The text form without the tracks that follow after `most_bytes` of text, and how many these are. A track that is begun is
/// printed to its end; facts and events may name entities that are left out. [`print`] for what else is left out.
///
/// # Errors
/// Where samples cannot be read.
pub fn print_within(world: &World, most_bytes: usize) -> Result<(String, usize), Error> {
    let mut out = Printer { world, text: String::new(), revision: 0, source: None };
    out.record();
    for row in &world.tables().reference_frames {
        out.world_frame(&row.reference_frame, &row.scale);
    }
    let sources = &world.tables().sources;
    for row in sources {
        // beside others it needs a number to be referred to by
        if !is_implicit(row) || sources.len() > 1 {
            out.source(row);
        }
        for camera in world.tables().observers.iter().filter(|o| o.source == row.id) {
            out.camera(camera);
        }
    }
    for row in world.coverage() {
        out.turn(row.source, row.known);
        out.coverage(&row);
    }
    let mut n_left_out = 0;
    for track in &world.tables().tracks {
        if out.text.len() < most_bytes {
            out.track(track)?;
        } else {
            n_left_out += 1;
        }
    }
    for row in world.facts().filter(|fact| !is_attribute(fact)) {
        out.turn(row.source, row.known);
        out.fact(row);
    }
    for row in world.events() {
        out.turn(row.source, row.known);
        out.event(row);
    }
    for row in world.transforms() {
        out.revise(row.known);
        out.transform(row);
    }
    Ok((out.text, n_left_out))
}

struct Printer<'a> {
    world: &'a World,
    text: String,
    revision: u64,
    source: Option<SourceId>,
}

impl Printer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Says which revision the rows that follow were written by.
    fn revise(&mut self, known: Known) {
        if self.revision != known.revision {
            self.revision = known.revision;
            self.line(&format!("revision {}", known.revision));
        }
    }

    /// Says which source and revision the rows that follow come from.
    fn turn(&mut self, source: SourceId, known: Known) {
        self.revise(known);
        if self.source != Some(source)
            && let Some(row) = self.world.source(source)
        {
            if !is_implicit(row) || self.world.tables().sources.len() > 1 {
                self.line(&format!("by {}", source.0));
            }
            self.source = Some(source);
        }
    }

    fn record(&mut self) {
        let record = self.world.record();
        let mut line = format!("record {}", quoted(&record.name));
        if let Some(utc) = record.utc_start_ns {
            let _ = write!(line, " utc {}", Time(utc));
        }
        if let Some(within) = record.utc_uncertainty_ns {
            let _ = write!(line, " within {}", Time(within));
        }
        if record.order_only {
            line.push_str(" order only");
        }
        self.line(&line);
    }

    fn source(&mut self, row: &Source) {
        self.revise(row.known);
        let kind = match row.kind {
            SourceKind::Video => "video",
            SourceKind::Annotation => "annotation",
            SourceKind::Perception => "perception",
            SourceKind::Simulation => "simulation",
            SourceKind::Text => "text",
            SourceKind::Live => "live",
        };
        let mut line = format!("source {kind} {}", quoted(&row.uri));
        match row.record_from_source {
            None => line.push_str(" clock unknown"),
            Some(c) if c == crate::tables::Clock::SAME => {}
            Some(c) => {
                let _ = write!(line, " clock ({}, {}, {})", c.offset, c.rate, Time(c.uncertainty_ns));
            }
        }
        if let Some(hash) = &row.sha256 {
            let _ = write!(line, " sha256 {}", quoted(hash));
        }
        if let Some(of) = row.derived_from {
            let _ = write!(line, " of {}", of.0);
        }
        if !row.settings.is_empty() {
            let _ = write!(line, " settings {}", quoted(&row.settings));
        }
        self.line(&line);
        self.source = Some(row.id);
    }

    fn camera(&mut self, row: &Observer) {
        self.revise(row.known);
        let mut line = format!("camera {}", name(&row.name));
        if let Some([w, h]) = row.picture_px {
            let _ = write!(line, " {w}x{h}");
        }
        if let Some(lens) = &row.intrinsics {
            let _ = write!(line, " lens {} {} {} {}", lens.fx, lens.fy, lens.cx, lens.cy);
            for k in &lens.distortion {
                let _ = write!(line, " {k}");
            }
        }
        self.line(&line);
    }

    fn world_frame(&mut self, frame: &ReferenceFrame, scale: &Scale) {
        if let ReferenceFrame::World(frame) = frame {
            let unit = match scale {
                Scale::Metre => "m",
                Scale::Pixel => "px",
                Scale::Own(_) => "own",
            };
            self.line(&format!("world {} {unit}", name(frame)));
        }
    }

    fn coverage(&mut self, row: &Coverage) {
        let mut line = "coverage".to_owned();
        if let Some(observer) = row.observer {
            let _ = write!(line, " {}", self.camera_name(observer));
        }
        let _ = write!(line, " {}", span(row.span));
        if row.labels.is_empty() {
            line.push_str(" all labels");
        } else {
            let labels: Vec<String> = row.labels.iter().map(|l| name(l)).collect();
            let _ = write!(line, " {}", labels.join(", "));
        }
        if !row.complete {
            line.push_str(" sampled");
        }
        if let Some(recall) = row.recall {
            let _ = write!(line, " recall {recall}");
        }
        if let Some(px) = row.smallest_px {
            let _ = write!(line, " from {px} px");
        }
        if let Some(b) = row.region_px {
            let _ = write!(line, " within ({}, {}, {}, {})", b.left, b.top, b.width, b.height);
        }
        self.line(&line);
    }

    fn track(&mut self, row: &Track) -> Result<(), Error> {
        if self.world.track(row.id).is_none() {
            return Ok(());
        }
        self.turn(row.source, row.known);
        let labels: Vec<_> = self.world.labels_of_track(row.id).cloned().collect();
        let identities: Vec<Identity> = self.world.entities_of(row.id).cloned().collect();
        // the heading holds what is so all the time, in one vocabulary; the rest stands in lines of its own
        let whole =
            |l: &&Label| l.span == Span::ALWAYS && l.closed.is_none() && l.known.revision == self.revision;
        let words = labels.iter().filter(whole).find(|l| l.vocabulary != "name").map(|l| l.id);
        let vocabulary = labels.iter().find(|l| Some(l.id) == words).map(|l| l.vocabulary.clone());
        let in_heading = |l: &&Label| {
            let own = l.vocabulary == "name" || Some(&l.vocabulary) == vocabulary.as_ref();
            whole(l) && own && (l.score.is_none() || Some(l.id) == words)
        };
        let (heading, further): (Vec<&Label>, Vec<&Label>) = labels.iter().partition(in_heading);
        let (names, kinds): (Vec<_>, Vec<_>) = heading.into_iter().partition(|l| l.vocabulary == "name");
        let run = self.world.run(row.id, Span::ALWAYS)?;
        let frame = run.samples().find_map(|s| s.pose).map(|pose| pose.reference_frame);
        let mut line = kinds.first().map_or("thing".to_owned(), |l| label(&l.text));
        let entity = identities.first().map_or("nobody".to_owned(), |i| i.entity.0.to_string());
        let _ = write!(line, " {entity}");
        for label in names {
            let _ = write!(line, " {}", quoted(&label.text));
        }
        if let Some(frame) = frame {
            line.push_str(&self.in_frame(frame));
        }
        if let Some(observer) = row.observer {
            let _ = write!(line, " through {}", self.camera_name(observer));
        }
        if let Some(observer) = row.carries {
            let _ = write!(line, " carries {}", self.camera_name(observer));
        }
        if let Some(ns) = row.tolerance_ns {
            let _ = write!(line, " gap {}", Time(ns));
        }
        if let Some(speed) = row.max_speed {
            let _ = write!(line, " speed {speed}");
        }
        if let Some(seconds) = row.error_correlation_s {
            let _ = write!(line, " errs_for {seconds}");
        }
        if row.ignored {
            line.push_str(" ignored");
        }
        for track in &row.derived_from {
            let _ = write!(line, " from {}", track.0);
        }
        if row.source_key != identities.first().map_or(String::new(), |i| i.entity.0.to_string()) {
            let _ = write!(line, " key {}", quoted(&row.source_key));
        }
        if let Some(first) = kinds.first() {
            if first.vocabulary != "text" {
                let _ = write!(line, " words {}", name(&first.vocabulary));
            }
            if let Some(score) = first.score {
                let _ = write!(line, " likely {score}");
            }
        }
        for other in kinds.iter().skip(1) {
            let _ = write!(line, " also {}", quoted(&other.text));
        }
        if let Some(first) = identities.first() {
            line.push_str(&identity(first));
        }
        self.text.push('\n');
        self.line(&line);
        for further in identities.iter().skip(1) {
            let mut line = format!("  is {}{}", further.entity.0, identity(further));
            if further.known.revision != self.revision {
                let _ = write!(line, " revision {}", further.known.revision);
            }
            self.line(&line);
        }
        for label in further {
            let mut line = format!("  called {}", quoted(&label.text));
            if label.span != Span::ALWAYS {
                let _ = write!(line, " during {}", span(label.span));
            }
            if label.vocabulary != "text" {
                let _ = write!(line, " words {}", name(&label.vocabulary));
            }
            if let Some(score) = label.score {
                let _ = write!(line, " likely {score}");
            }
            if let Some(revision) = label.closed {
                let _ = write!(line, " until revision {revision}");
            }
            if label.known.revision != self.revision {
                let _ = write!(line, " revision {}", label.known.revision);
            }
            self.line(&line);
        }
        self.attributes(&identities, row);
        for sample in run.samples() {
            self.sample(&sample);
        }
        Ok(())
    }

    /// The attributes of an entity stand at its first track.
    fn attributes(&mut self, identities: &[Identity], row: &Track) {
        let Some(first) = identities.first() else { return };
        let is_first = self.world.identities_of(first.entity).map(|i| i.track).min() == Some(row.id);
        if !is_first {
            return;
        }
        let facts: Vec<Fact> = self
            .world
            .facts()
            .filter(|fact| is_attribute(fact) && fact.subject == Reference::Entity(first.entity))
            .cloned()
            .collect();
        for fact in facts {
            let mut line = format!("  {} {}", name(&fact.predicate), reference(&fact.object));
            if fact.valid != Span::ALWAYS {
                let _ = write!(line, " {}", span(fact.valid));
            }
            self.line(&line);
        }
    }

    fn sample(&mut self, row: &Sample) {
        let mut line = match row.end {
            Some(end) => format!("  {}:", span(Span::between(row.t, end))),
            None => format!("  {}:", row.t),
        };
        if let Some(pose) = row.pose {
            let [x, y, z] = pose.position;
            let _ = write!(line, " ({x}, {y}, {z})");
            if let Some([l, w, h]) = pose.extent {
                let _ = write!(line, " size ({l}, {w}, {h})");
            }
            if let Some([w, x, y, z]) = pose.rotation {
                let yaw = 2.0 * libm::atan2(z, w).to_degrees();
                let degrees = (yaw * 1e9).round() / 1e9;
                let half = degrees.to_radians() / 2.0;
                if [w, x, y, z] == [libm::cos(half), 0.0, 0.0, libm::sin(half)] {
                    let _ = write!(line, " yaw {degrees}");
                } else {
                    let _ = write!(line, " turn ({w}, {x}, {y}, {z})");
                }
            }
            match row.covariance {
                Some([xx, xy, xz, yy, yz, zz]) if [xy, xz, yz] != [0.0; 3] || xx != yy || yy != zz => {
                    let _ = write!(line, " covariance ({xx}, {xy}, {xz}, {yy}, {yz}, {zz})");
                }
                Some([variance, ..]) => {
                    let _ = write!(line, " sd {}", variance.sqrt());
                }
                None => {}
            }
            if let Some([x, y, z]) = row.extent_deviation {
                let _ = write!(line, " size_sd ({x}, {y}, {z})");
            }
        }
        if let Some(probability) = row.existence {
            let _ = write!(line, " exists {probability}");
        }
        if let Some(b) = row.box_px {
            let _ = write!(line, " box ({}, {}, {}, {})", b.left, b.top, b.width, b.height);
        }
        if let Some(score) = row.score {
            let _ = write!(line, " score {score}");
        }
        if let Some(share) = row.visibility {
            let _ = write!(line, " visible {share}");
        }
        if let Some(n) = row.frame_index {
            let _ = write!(line, " frame {n}");
        }
        if let Some(mask) = &row.mask {
            let _ = write!(line, " mask {}", quoted(mask));
        }
        if row.known.at != row.t {
            let _ = write!(line, " known {}", row.known.at);
        }
        if row.origin != Origin::Annotated
            && let Some((name, _)) = ORIGINS.iter().find(|(_, origin)| *origin == row.origin)
        {
            let _ = write!(line, " {name}");
        }
        self.line(&line);
    }

    fn fact(&mut self, row: &Fact) {
        let mut line =
            format!("fact {} {} {}", reference(&row.subject), quoted(&row.predicate), reference(&row.object));
        if row.valid != Span::ALWAYS {
            let _ = write!(line, " {}", span(row.valid));
        }
        line.push_str(&tail(row.confidence, row.closed));
        self.line(&line);
    }

    fn event(&mut self, row: &Event) {
        let mut line = format!("event {} {}", quoted(&row.kind), span(row.span));
        if let Some(parent) = row.parent {
            let _ = write!(line, " part {}", parent.0);
        }
        line.push_str(&tail(row.confidence, row.closed));
        for (role, who) in &row.roles {
            let _ = write!(line, " {} {}", name(role), reference(who));
        }
        self.line(&line);
    }

    fn transform(&mut self, row: &Transform) {
        let frame =
            |id| self.world.reference_frame(id).map_or(String::new(), |f| self.frame(&f.reference_frame));
        let mut line =
            format!("transform {} from {} {}", frame(row.target), frame(row.source), span(row.span));
        match &row.kind {
            TransformKind::Homography(rows) => {
                line.push_str(" homography");
                for v in rows {
                    let _ = write!(line, " {v}");
                }
            }
            TransformKind::Similarity { translation: [x, y, z], rotation: [qw, qx, qy, qz], scale } => {
                let _ = write!(line, " at ({x}, {y}, {z}) turn ({qw}, {qx}, {qy}, {qz}) scale {scale}");
            }
            TransformKind::GeoAnchor { longitude, latitude, height, bearing } => {
                let _ = write!(line, " anchor ({longitude}, {latitude}, {height}, {bearing})");
            }
        }
        if let Some(sd) = row.deviation {
            let _ = write!(line, " sd {sd}");
        }
        self.line(&line);
    }

    fn in_frame(&self, id: ReferenceFrameId) -> String {
        match self.world.reference_frame(id).map(|row| &row.reference_frame) {
            Some(ReferenceFrame::World(frame)) if frame == "main" => String::new(),
            Some(frame) => format!(" in {}", self.frame(frame)),
            None => String::new(),
        }
    }

    fn frame(&self, frame: &ReferenceFrame) -> String {
        match frame {
            ReferenceFrame::World(w) => format!("world({})", name(w)),
            ReferenceFrame::Camera(o) => format!("camera({})", self.camera_name(*o)),
            ReferenceFrame::Image(o) => format!("image({})", self.camera_name(*o)),
            ReferenceFrame::Stage(o, shot) => format!("stage({}, {shot})", self.camera_name(*o)),
            other => other.to_string(),
        }
    }

    fn camera_name(&self, id: ObserverId) -> String {
        self.world.observer(id).map_or_else(|| quoted(&id.to_string()), |o| name(&o.name))
    }
}

/// The source that a text has of itself.
fn is_implicit(row: &Source) -> bool {
    row.kind == SourceKind::Text && row.uri == "text"
}

/// A fact that can stand in the block of its entity.
fn is_attribute(fact: &Fact) -> bool {
    matches!(fact.subject, Reference::Entity(_))
        && matches!(fact.object, Reference::Text(_))
        && fact.known == Known { revision: 0, at: Time::MIN }
        && fact.confidence.is_none()
        && fact.closed.is_none()
        && !RESERVED.contains(&fact.predicate.as_str())
        && fact.source == SourceId(0)
}

/// Words that a line of a block may begin with.
const RESERVED: [&str; 3] = ["is", "called", "always"];

/// Words that a statement begins with: a label of this name is quoted.
const STATEMENTS: [&str; 11] = [
    "record",
    "order",
    "source",
    "camera",
    "world",
    "coverage",
    "fact",
    "event",
    "transform",
    "revision",
    "by",
];

fn label(text: &str) -> String {
    if STATEMENTS.contains(&text) { quoted(text) } else { name(text) }
}

fn identity(row: &Identity) -> String {
    let mut text = String::new();
    if row.span != Span::ALWAYS {
        let _ = write!(text, " during {}", span(row.span));
    }
    if row.reason != "stated" {
        let _ = write!(text, " because {}", quoted(&row.reason));
    }
    text + &tail(row.confidence, row.closed)
}

fn tail(confidence: Option<f64>, closed: Option<u64>) -> String {
    let mut text = confidence.map_or(String::new(), |p| format!(" confidence {p}"));
    if let Some(revision) = closed {
        let _ = write!(text, " until revision {revision}");
    }
    text
}

fn reference(row: &Reference) -> String {
    match row {
        Reference::Entity(e) => e.0.to_string(),
        Reference::Event(e) => format!("event {}", e.0),
        Reference::Observer(o) => format!("observer {}", o.0),
        Reference::Text(text) => quoted(text),
        Reference::Number(n, unit) if unit.is_empty() => format!("number {n}"),
        Reference::Number(n, unit) => format!("number {n} {}", quoted(unit)),
    }
}

fn span(span: Span) -> String {
    span.to_string()
}

/// A name as a word where it can be one.
fn name(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c));
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", visible(&plain))
}
