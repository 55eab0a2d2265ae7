//! Reads the text form.

use super::line::{Line, Token, tokens};
use super::stated::{Place, Stated, Sure, Whose, elsewhere};
use crate::builder::WorldBuilder;
use crate::error::Error;
use crate::id::{CoverageId, EntityId, EventId, FactId, IdentityId, ObserverId, SourceId, TransformId};
use crate::id::{ReferenceFrameId, TrackId};
use crate::known::Known;
use crate::reference_frame::ReferenceFrame;
use crate::sample::{Origin, Pose, Sample};
use crate::shape::BoxPx;
use crate::span::Span;
use crate::tables::{
    Clock, Coverage, Event, Fact, Identity, Intrinsics, Label, Observer, ObserverKind, Reference, Source,
    SourceKind, Track, Transform, TransformKind,
};
use crate::time::Time;
use crate::value::Scale;
use crate::world::World;
use std::collections::BTreeMap;

/// A World from its text form. Linear in the text.
///
/// # Errors
/// The first line that does not parse, with line and column from 1.
pub fn parse(text: &str) -> Result<World, Error> {
    let mut reader = Reader {
        builder: WorldBuilder::new("text"),
        source: None,
        cameras: BTreeMap::new(),
        frames: BTreeMap::new(),
        block: None,
        stated: BTreeMap::new(),
        sure: Sure::default(),
        revision: 0,
    };
    for (i, line) in text.lines().enumerate() {
        let tokens = tokens(line, i + 1)?;
        let indented = line.starts_with([' ', '\t']);
        let mut at = Line {
            tokens: &tokens,
            next: 0,
            number: i + 1,
            end: line.chars().count() + 1,
            clauses: Vec::new(),
            again: None,
        };
        if at.done() {
            continue;
        }
        if indented {
            reader.detail(&mut at)?;
        } else {
            reader.statement(&mut at)?;
        }
        at.finish()?;
    }
    reader.builder.build()
}

/// The track that detail lines belong to.
struct Block {
    track: TrackId,
    entity: Option<EntityId>,
    frame: Option<ReferenceFrameId>,
    observer: Option<ObserverId>,
    /// Where the thing is by the lines so far: time, known, line.
    places: BTreeMap<(Time, Known), Place>,
    /// When the block states without more whose places these are. Nobody's, a reading that was taken back or has a reason of its own, what
    /// is ignored, and what is derived from other tracks may lie elsewhere than another block says.
    states: Option<Span>,
}

/// What a block says of the identity of its track.
struct IdentityPart {
    span: Span,
    reason: String,
    confidence: Option<f64>,
    closed: Option<u64>,
}

impl Default for IdentityPart {
    fn default() -> IdentityPart {
        IdentityPart { span: Span::ALWAYS, reason: "stated".into(), confidence: None, closed: None }
    }
}

impl IdentityPart {
    /// Takes one clause, if one stands next.
    fn read(&mut self, at: &mut Line<'_>) -> Result<bool, Error> {
        if at.take("during") {
            self.span = at.span()?.ok_or_else(|| at.expected("a span `[start, end)`"))?;
        } else if at.take("because") {
            self.reason = at.text("a reason")?;
        } else if at.take("confidence") {
            self.confidence = Some(within(at, 0.0, 1.0, "a confidence from 0 to 1")?);
        } else if at.take("until") {
            if !at.take("revision") {
                return Err(at.expected("`revision`"));
            }
            self.closed = Some(at.whole("the number of a revision")?);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn row(self, track: TrackId, entity: EntityId, known: Known) -> Identity {
        let IdentityPart { span, reason, confidence, closed } = self;
        Identity { id: IdentityId(0), track, span, entity, confidence, reason, known, closed }
    }
}

struct Reader {
    builder: WorldBuilder,
    source: Option<SourceId>,
    cameras: BTreeMap<String, ObserverId>,
    frames: BTreeMap<String, ReferenceFrameId>,
    block: Option<Block>,
    /// Where things are by all blocks so far.
    stated: BTreeMap<Stated, BTreeMap<(Time, Known, Origin), Place>>,
    /// What is stated of coverage and of blocks so far.
    sure: Sure,
    revision: u64,
}

impl Reader {
    fn known(&self) -> Known {
        Known { revision: self.revision, at: Time::MIN }
    }

    fn source(&mut self) -> SourceId {
        let known = self.known();
        *self.source.get_or_insert_with(|| {
            self.builder.source(Source {
                id: SourceId(0),
                kind: SourceKind::Text,
                uri: "text".into(),
                sha256: None,
                record_from_source: Some(Clock::SAME),
                derived_from: None,
                settings: String::new(),
                known,
            })
        })
    }

    fn statement(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        self.block = None;
        let quoted = matches!(at.peek(), Some(Token::Text(_)));
        let start = at.next;
        let word = at.text("a statement or a label")?;
        match word.as_str() {
            _ if quoted => self.block_header(word, at),
            "record" => self.record(at),
            "order" if at.take("only") => {
                self.builder.record().order_only = true;
                Ok(())
            }
            "source" => self.source_line(at),
            "camera" => self.camera(at),
            "world" => self.world_frame(at),
            "coverage" => self.coverage(at),
            "by" => {
                let n = at.whole("the number of a source")?;
                if n >= self.builder.tables().sources.len() as u64 {
                    at.next -= 1;
                    return Err(at.expected("the number of a source introduced above"));
                }
                self.source = Some(SourceId(n));
                Ok(())
            }
            "fact" => self.fact(at),
            "event" => self.event(at),
            "transform" => self.transform(at),
            "revision" => {
                self.revision = at.whole("the number of a revision")?;
                Ok(())
            }
            _ => {
                let label = word.starts_with(|c: char| c.is_alphabetic());
                if !label {
                    at.next = start;
                    return Err(at.expected("a statement or a label"));
                }
                self.block_header(word, at)
            }
        }
    }

    fn record(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        self.builder.record().name = at.text("the record's name")?;
        if at.take("utc") {
            self.builder.record().utc_start_ns = Some(at.time()?.0);
            if at.take("within") {
                self.builder.record().utc_uncertainty_ns = Some(at.time()?.0);
            }
        }
        if at.take("order") {
            if !at.take("only") {
                return Err(at.expected("`only`"));
            }
            self.builder.record().order_only = true;
        }
        Ok(())
    }

    fn source_line(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let known = self.known();
        let kind = at.word(SOURCE_KINDS)?;
        let kind = source_kind(&kind).ok_or_else(|| {
            at.next -= 1;
            at.expected(SOURCE_KINDS)
        })?;
        let uri = at.text("a path or an address")?;
        let mut row = Source {
            id: SourceId(0),
            kind,
            uri,
            sha256: None,
            record_from_source: Some(Clock::SAME),
            derived_from: None,
            settings: String::new(),
            known,
        };
        loop {
            if at.take("clock") {
                row.record_from_source = if at.take("unknown") {
                    None
                } else {
                    let [offset, rate, within] = at.numbers::<3>()?;
                    if rate <= 0.0 || within < 0.0 {
                        return Err(at.expected("a rate above 0 and an uncertainty of 0 or more before this"));
                    }
                    Some(Clock { offset: Time::from_s(offset), rate, uncertainty_ns: Time::from_s(within).0 })
                };
            } else if at.take("sha256") {
                row.sha256 = Some(at.text("a hash")?);
            } else if at.take("of") {
                row.derived_from = Some(SourceId(at.whole("the number of a source")?));
            } else if at.take("settings") {
                row.settings = at.text("settings")?;
            } else {
                break;
            }
        }
        self.source = Some(self.builder.source(row));
        Ok(())
    }

    fn camera(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let source = self.source();
        let name = at.text("the camera's name")?;
        if self.cameras.contains_key(&name) {
            at.next -= 1;
            return Err(at.expected("a name that no other camera has"));
        }
        let sized = at.peek().is_some_and(|token| *token != Token::Word("lens".into()));
        let picture_px = if sized { Some(size(at)?) } else { None };
        let intrinsics = if at.take("lens") {
            let [fx, fy, cx, cy] = [at.number()?, at.number()?, at.number()?, at.number()?];
            if fx <= 0.0 || fy <= 0.0 {
                return Err(at.expected("focal lengths above 0 before this"));
            }
            let mut distortion = Vec::new();
            while let Some(Token::Number(_)) = at.peek() {
                distortion.push(at.number()?);
            }
            Some(Intrinsics { fx, fy, cx, cy, distortion })
        } else {
            None
        };
        let id = self.builder.observer(Observer {
            id: ObserverId(0),
            source,
            kind: ObserverKind::Camera,
            name: name.clone(),
            picture_px,
            intrinsics,
            known: self.known(),
        });
        self.cameras.insert(name, id);
        Ok(())
    }

    fn world_frame(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let name = at.text("the frame's name")?;
        let scale = if at.take("m") {
            Scale::Metre
        } else if at.take("own") {
            Scale::Own(name.clone())
        } else if at.take("px") {
            Scale::Pixel
        } else {
            return Err(at.expected("`m`, `own` or `px`"));
        };
        let frame = ReferenceFrame::World(name.clone());
        if self.builder.tables().find_reference_frame(&frame).is_some_and(|row| row.scale != scale) {
            at.next -= 1;
            return Err(at.expected(format!("the unit that `{name}` has already")));
        }
        let id = self.builder.reference_frame(frame, scale);
        self.frames.insert(name, id);
        Ok(())
    }

    fn coverage(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let source = self.source();
        let observer = match at.peek() {
            Some(Token::Word(name)) if name != "always" => Some(self.camera_named(at)?),
            _ => None,
        };
        let span = at.span()?.ok_or_else(|| at.expected("a span `[start, end)` or `always`"))?;
        if span.start() == span.end() {
            return Err(at.expected("a span that is not empty before this"));
        }
        let mut labels = Vec::new();
        if at.take("all") {
            if !at.take("labels") {
                return Err(at.expected("`labels`"));
            }
        } else {
            labels.push(at.text("a label, or `all labels`")?);
            while at.take_sign(',') {
                labels.push(at.text("a label")?);
            }
        }
        let mut row = Coverage {
            id: CoverageId(0),
            source,
            observer,
            span,
            region_px: None,
            labels,
            smallest_px: None,
            recall: None,
            complete: true,
            known: self.known(),
        };
        loop {
            if at.take("sampled") {
                row.complete = false;
            } else if at.take("recall") {
                row.recall = Some(within(at, f64::MIN_POSITIVE, 1.0, "a recall above 0, up to 1")?);
            } else if at.take("from") {
                row.smallest_px = Some(at.number()?);
                if !at.take("px") {
                    return Err(at.expected("`px`"));
                }
            } else if at.take("within") {
                row.region_px = Some(box_px(at)?);
            } else {
                break;
            }
        }
        self.sure.coverage(&row, at.number)?;
        self.builder.coverage(row);
        Ok(())
    }

    /// `LABEL ENTITY ["NAME"] [in FRAME] [through CAMERA] [gap S] [speed V] [during SPAN] [because "…"] …`
    fn block_header(&mut self, label: String, at: &mut Line<'_>) -> Result<(), Error> {
        let source = self.source();
        let known = self.known();
        let entity =
            if at.take("nobody") { None } else { Some(EntityId(at.whole("the number of an entity")?)) };
        let key = entity.map_or(String::new(), |e| e.0.to_string());
        let mut track = Track::new(source, key, known);
        let mut identity = IdentityPart::default();
        let (mut names, mut others, mut frame) = (Vec::new(), Vec::new(), None);
        let (mut vocabulary, mut score) = ("text".to_owned(), None);
        loop {
            if let Some(Token::Text(name)) = at.peek() {
                names.push(name.clone());
                at.next += 1;
            } else if at.take("in") {
                frame = Some(self.block_frame(at)?);
            } else if at.take("through") {
                track.observer = Some(self.camera_named(at)?);
            } else if at.take("carries") {
                track.carries = Some(self.camera_named(at)?);
            } else if at.take("gap") {
                track.tolerance_ns = Some(at.time()?.0);
                if track.tolerance_ns.is_some_and(|ns| ns < 0) {
                    return Err(at.expected("a gap of 0 s or more before this"));
                }
            } else if at.take("speed") {
                track.max_speed = Some(within(at, 0.0, f64::MAX, "a speed of 0 or more")?);
            } else if at.take("errs_for") {
                track.error_correlation_s = Some(within(at, 0.0, f64::MAX, "0 s or more")?);
            } else if at.take("ignored") {
                track.ignored = true;
            } else if at.take("key") {
                track.source_key = at.text("the source's key")?;
            } else if at.take("words") {
                vocabulary = at.text("the name of a vocabulary")?;
            } else if at.take("also") {
                others.push(at.text("a label")?);
            } else if at.take("likely") {
                score = Some(at.number()?);
            } else if at.take("from") {
                track.derived_from.push(TrackId(at.whole("the number of a track")?));
            } else if !identity.read(at)? {
                break;
            }
        }
        let observer = track.observer;
        let plain = !track.ignored && track.derived_from.is_empty();
        let plain = plain && identity.closed.is_none() && identity.reason == IdentityPart::default().reason;
        let states = plain.then_some(identity.span);
        if let (Some(entity), Some(span)) = (entity, states) {
            self.sure.block(Whose { entity, source, observer, frame, span, known }, &track, at.number)?;
        }
        let track = self.builder.track(track);
        if let Some(entity) = entity {
            self.builder.identity(identity.row(track, entity, known));
        }
        if label != "thing" {
            let row = Label::new(track, label, vocabulary.clone(), known);
            self.builder.label(Label { score, ..row });
        }
        for other in others {
            self.builder.label(Label::new(track, other, vocabulary.clone(), known));
        }
        for name in names {
            self.builder.label(Label::new(track, name, "name", known));
        }
        self.block = Some(Block { track, entity, frame, observer, places: BTreeMap::new(), states });
        Ok(())
    }

    /// A line of a block: an attribute, or a sample.
    fn detail(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        if self.block.is_none() {
            return Err(at.expected("a statement without indentation"));
        }
        let timed = matches!(at.peek(), Some(Token::Number(_) | Token::Sign('[')))
            || matches!(at.peek(), Some(Token::Word(word)) if word == "always");
        if timed {
            self.sample(at)
        } else if at.take("is") {
            self.further_identity(at)
        } else if at.take("called") {
            self.further_label(at)
        } else {
            self.attribute(at)
        }
    }

    /// `is ENTITY [during SPAN] [because "…"] [until revision N] [revision N]`: another identity row of the block's track.
    fn further_identity(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let entity = EntityId(at.whole("the number of an entity")?);
        let mut identity = IdentityPart::default();
        while identity.read(at)? {}
        let mut known = self.known();
        if at.take("revision") {
            known.revision = at.whole("the number of a revision")?;
        }
        if let Some(block) = &self.block {
            let row = identity.row(block.track, entity, known);
            self.builder.identity(row);
        }
        Ok(())
    }

    /// `called "LABEL" [during SPAN] [words VOCABULARY] [likely SCORE] [until revision N] [revision N]`: another label of the
    /// block's track.
    fn further_label(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let text = at.text("a label")?;
        let Some(track) = self.block.as_ref().map(|block| block.track) else { return Ok(()) };
        let mut row = Label::new(track, text, "text", self.known());
        loop {
            if at.take("during") {
                row.span = at.span()?.ok_or_else(|| at.expected("a span `[start, end)`"))?;
            } else if at.take("words") {
                row.vocabulary = at.text("the name of a vocabulary")?;
            } else if at.take("likely") {
                row.score = Some(at.number()?);
            } else if at.take("until") {
                if !at.take("revision") {
                    return Err(at.expected("`revision`"));
                }
                row.closed = Some(at.whole("the number of a revision")?);
            } else if at.take("revision") {
                row.known.revision = at.whole("the number of a revision")?;
            } else {
                break;
            }
        }
        self.builder.label(row);
        Ok(())
    }

    fn attribute(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let predicate = at.text("an attribute or a time")?;
        let object = reference(at)?;
        let valid = at.span()?.unwrap_or(Span::ALWAYS);
        let (source, known) = (self.source(), self.known());
        let Some(block) = &self.block else { return Ok(()) };
        let entity = block.entity.ok_or_else(|| at.expected("no attribute, as the track shows nobody"))?;
        self.builder.fact(Fact {
            id: FactId(0),
            subject: Reference::Entity(entity),
            predicate,
            object,
            valid,
            confidence: None,
            source,
            known,
            closed: None,
        });
        Ok(())
    }

    fn sample(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let (t, end) = match at.span()? {
            Some(span) => (span.start(), Some(span.end())),
            None => (at.time()?, None),
        };
        at.sign(':', "`:` after the time")?;
        let source = self.source();
        let revision = self.revision;
        let Some(block) = &self.block else { return Ok(()) };
        let mut row = Sample::new(source, Some(block.track), t, Origin::Annotated);
        row.known = Known { revision, at: t };
        row.end = end;
        row.observer = block.observer;
        loop {
            if at.peek() == Some(&Token::Sign('(')) {
                if row.pose.is_some() {
                    return Err(at.expected("one position in a line"));
                }
                let position = at.numbers::<3>()?;
                let reference_frame = match block.frame {
                    Some(frame) => frame,
                    None => self.builder.reference_frame(ReferenceFrame::World("main".into()), Scale::Metre),
                };
                row.pose = Some(Pose { reference_frame, position, rotation: None, extent: None });
            } else if at.take("box") {
                row.box_px = Some(box_px(at)?);
            } else if at.take("score") {
                row.score = Some(at.number()?);
            } else if at.take("exists") {
                row.existence = Some(within(at, 0.0, 1.0, "a probability from 0 to 1")?);
            } else if at.take("visible") {
                row.visibility = Some(within(at, 0.0, 1.0, "a visible share from 0 to 1")?);
            } else if at.take("frame") {
                row.frame_index = Some(at.whole("the number of a picture")?.min(u32::MAX as u64 - 1) as u32);
            } else if at.take("mask") {
                row.mask = Some(at.text("a mask")?.into());
            } else if at.take("known") {
                row.known.at = at.time()?;
            } else if let Some(origin) =
                ORIGINS.iter().find(|(name, _)| at.take(name)).map(|(_, origin)| *origin)
            {
                row.origin = origin;
            } else if let Some(pose) = &mut row.pose {
                if at.take("size") {
                    let size = at.numbers::<3>()?;
                    if size.iter().any(|side| *side < 0.0) {
                        return Err(at.expected("a size of 0 or more before this"));
                    }
                    pose.extent = Some(size);
                } else if at.take("yaw") {
                    if pose.rotation.is_some() {
                        return Err(at.expected("one rotation in a line before this"));
                    }
                    let half = at.number()?.to_radians() / 2.0;
                    pose.rotation = Some([libm::cos(half), 0.0, 0.0, libm::sin(half)]);
                } else if at.take("turn") {
                    if pose.rotation.is_some() {
                        return Err(at.expected("one rotation in a line before this"));
                    }
                    pose.rotation = Some(turn(at)?);
                } else if at.take("sd") {
                    if row.covariance.is_some() {
                        return Err(at.expected("either `sd` or `covariance` in a line before this"));
                    }
                    let variance = within(at, 0.0, MOST_DEVIATION, "a deviation of 0 to 1e100")?.powi(2);
                    row.covariance = Some([variance, 0.0, 0.0, variance, 0.0, variance]);
                } else if at.take("covariance") {
                    if row.covariance.is_some() {
                        return Err(at.expected("either `sd` or `covariance` in a line before this"));
                    }
                    row.covariance = Some(at.numbers::<6>()?);
                    if !row.covariance.is_some_and(is_covariance) {
                        return Err(at.expected(
                            "a covariance (xx, xy, xz, yy, yz, zz) that some spread has before this",
                        ));
                    }
                } else if at.take("size_sd") {
                    row.extent_deviation = Some(at.numbers::<3>()?);
                    let sound = |sd: [f64; 3]| sd.iter().all(|v| (0.0..=MOST_DEVIATION).contains(v));
                    if !row.extent_deviation.is_some_and(sound) {
                        return Err(at.expected("deviations of 0 to 1e100 before this"));
                    }
                } else {
                    break;
                }
            } else {
                break;
            }
        }
        let Some(block) = &mut self.block else { return Ok(()) };
        let place = (at.number, row.pose.map(|pose| pose.position), row.box_px);
        let here = elsewhere(&mut block.places, (row.t, row.known), place);
        let stated = block.entity.filter(|_| block.states.is_some_and(|span| span.contains(row.t)));
        let first = here.or_else(|| {
            let whose = (stated?, source, block.observer, row.pose.map(|pose| pose.reference_frame));
            elsewhere(self.stated.entry(whose).or_default(), (row.t, row.known, row.origin), place)
        });
        if let Some(first) = first {
            return Err(Error::Text {
                line: at.number,
                column: 1,
                expected: "one place of a thing at one time".into(),
                found: format!("another than in line {first} for {} s", row.t),
            });
        }
        self.builder.sample(row);
        Ok(())
    }

    fn fact(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let source = self.source();
        let subject = reference(at)?;
        let predicate = at.text("a predicate")?;
        let object = reference(at)?;
        let valid = at.span()?.unwrap_or(Span::ALWAYS);
        let (confidence, closed) = tail(at)?;
        let known = self.known();
        self.builder.fact(Fact {
            id: FactId(0),
            subject,
            predicate,
            object,
            valid,
            confidence,
            source,
            known,
            closed,
        });
        Ok(())
    }

    fn event(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let source = self.source();
        let kind = at.text("what happened")?;
        let span = at.span()?.ok_or_else(|| at.expected("a span `[start, end)`"))?;
        let parent = if at.take("part") { Some(EventId(at.whole("the number of an event")?)) } else { None };
        let (confidence, closed) = tail(at)?;
        let mut roles = Vec::new();
        while !at.done() {
            let role = at.text("a role")?;
            roles.push((role, reference(at)?));
        }
        let known = self.known();
        self.builder.event(Event {
            id: EventId(0),
            kind,
            span,
            parent,
            roles,
            confidence,
            source,
            known,
            closed,
        });
        Ok(())
    }

    fn transform(&mut self, at: &mut Line<'_>) -> Result<(), Error> {
        let target = self.frame(at)?;
        if !at.take("from") {
            return Err(at.expected("`from`"));
        }
        let source = self.frame(at)?;
        let span = at.span()?.ok_or_else(|| at.expected("a span `[start, end)` or `always`"))?;
        let kind = if at.take("homography") {
            let mut rows = [0.0; 9];
            for slot in &mut rows {
                *slot = at.number()?;
            }
            TransformKind::Homography(rows)
        } else if at.take("at") {
            let translation = at.numbers::<3>()?;
            let rotation = if at.take("turn") { turn(at)? } else { [1.0, 0.0, 0.0, 0.0] };
            let above_zero = "a scale above 0";
            let scale =
                if at.take("scale") { within(at, f64::MIN_POSITIVE, f64::MAX, above_zero)? } else { 1.0 };
            TransformKind::Similarity { translation, rotation, scale }
        } else if at.take("anchor") {
            let [longitude, latitude, height, bearing] = at.numbers::<4>()?;
            TransformKind::GeoAnchor { longitude, latitude, height, bearing }
        } else {
            return Err(at.expected("`homography`, `at` or `anchor`"));
        };
        let deviation = if at.take("sd") {
            Some(within(at, 0.0, MOST_DEVIATION, "a deviation of 0 to 1e100")?)
        } else {
            None
        };
        let known = self.known();
        self.builder.transform(Transform {
            id: TransformId(0),
            target,
            source,
            span,
            kind,
            deviation,
            known,
        });
        Ok(())
    }

    /// `world(NAME)`, `camera(NAME)`, `image(NAME)`, `stage(NAME, SHOT)`, `object(N)` or `geo`.
    fn frame(&mut self, at: &mut Line<'_>) -> Result<ReferenceFrameId, Error> {
        const FRAMES: &str = "a frame: world(…), camera(…), image(…), stage(…, …), object(…) or geo";
        let start = at.next;
        let kind = at.word(FRAMES)?;
        if kind == "geo" {
            return Ok(self.builder.reference_frame(ReferenceFrame::Geo, Scale::Metre));
        }
        at.sign('(', "`(`")?;
        let frame = match kind.as_str() {
            "world" => ReferenceFrame::World(at.text("the frame's name")?),
            "camera" => ReferenceFrame::Camera(self.camera_named(at)?),
            "image" => ReferenceFrame::Image(self.camera_named(at)?),
            "stage" => {
                let camera = self.camera_named(at)?;
                at.sign(',', "`,` before the shot")?;
                ReferenceFrame::Stage(camera, at.whole("the number of a shot")?.min(u32::MAX as u64) as u32)
            }
            "object" => ReferenceFrame::Object(EntityId(at.whole("the number of an entity")?)),
            _ => {
                at.next = start;
                return Err(at.expected(FRAMES));
            }
        };
        at.sign(')', "`)`")?;
        let scale = self.builder.tables().scale_of(&frame);
        Ok(self.builder.reference_frame(frame, scale))
    }

    /// The name of a world that was introduced, or any frame in full.
    fn block_frame(&mut self, at: &mut Line<'_>) -> Result<ReferenceFrameId, Error> {
        if at.tokens.get(at.next + 1).is_some_and(|p| p.token == Token::Sign('('))
            || at.peek() == Some(&Token::Word("geo".into()))
        {
            return self.frame(at);
        }
        let name = at.text("a frame")?;
        self.frames.get(&name).copied().ok_or_else(|| {
            at.next -= 1;
            at.expected("a frame introduced by `world`")
        })
    }

    fn camera_named(&mut self, at: &mut Line<'_>) -> Result<ObserverId, Error> {
        let name = at.text("a camera")?;
        self.cameras.get(&name).copied().ok_or_else(|| {
            at.next -= 1;
            at.expected("a camera introduced by `camera`")
        })
    }
}

pub(super) const ORIGINS: [(&str, Origin); 5] = [
    ("observed", Origin::Observed),
    ("annotated", Origin::Annotated),
    ("interpolated", Origin::Interpolated),
    ("predicted", Origin::Predicted),
    ("simulated", Origin::Simulated),
];

const SOURCE_KINDS: &str = "video, annotation, perception, simulation, text or live";

fn source_kind(word: &str) -> Option<SourceKind> {
    Some(match word {
        "video" => SourceKind::Video,
        "annotation" => SourceKind::Annotation,
        "perception" => SourceKind::Perception,
        "simulation" => SourceKind::Simulation,
        "text" => SourceKind::Text,
        "live" => SourceKind::Live,
        _ => return None,
    })
}

fn size(at: &mut Line<'_>) -> Result<[u32; 2], Error> {
    let before = at.next;
    let word = at.word("a size such as 640x480")?;
    let pair = word.split_once('x').and_then(|(w, h)| w.parse().ok().zip(h.parse().ok()));
    pair.map(|(w, h)| [w, h]).filter(|sides| !sides.contains(&0)).ok_or_else(|| {
        at.next = before;
        at.expected("a size such as 640x480")
    })
}

fn box_px(at: &mut Line<'_>) -> Result<BoxPx, Error> {
    let before = at.next;
    let [left, top, width, height] = at.numbers::<4>()?;
    BoxPx::new(left, top, width, height).ok_or_else(|| {
        at.next = before;
        at.expected("a box (left, top, width, height) with sides that are not negative")
    })
}

/// A thing by number, a text in quotation marks, `event N`, `camera N`, or `number 24.5 "m²"`.
fn reference(at: &mut Line<'_>) -> Result<Reference, Error> {
    const KINDS: &str = "a thing, a text or a number";
    if at.take("event") {
        return Ok(Reference::Event(EventId(at.whole("the number of an event")?)));
    }
    if at.take("observer") {
        return Ok(Reference::Observer(ObserverId(at.whole("the number of an observer")?)));
    }
    if at.take("number") {
        let number = at.number()?;
        let unit = match at.peek() {
            Some(Token::Text(_)) => at.text("a unit")?,
            _ => String::new(),
        };
        return Ok(Reference::Number(number, unit));
    }
    match at.peek() {
        Some(&Token::Number(number)) => {
            at.next += 1;
            if number >= 0.0 && number.fract() == 0.0 && number < 9e15 {
                Ok(Reference::Entity(EntityId(number as u64)))
            } else {
                Ok(Reference::Number(number, String::new()))
            }
        }
        Some(Token::Text(_)) => Ok(Reference::Text(at.text(KINDS)?)),
        _ => Err(at.expected(KINDS)),
    }
}

/// `confidence P`, `until revision N`.
fn tail(at: &mut Line<'_>) -> Result<(Option<f64>, Option<u64>), Error> {
    let confidence =
        if at.take("confidence") { Some(within(at, 0.0, 1.0, "a confidence from 0 to 1")?) } else { None };
    let closed = if at.take("until") {
        if !at.take("revision") {
            return Err(at.expected("`revision`"));
        }
        Some(at.whole("the number of a revision")?)
    } else {
        None
    };
    Ok((confidence, closed))
}
/// Greatest standard deviation; its square is a number, too.
const MOST_DEVIATION: f64 = 1e100;

/// A number within bounds, both included.
fn within(at: &mut Line<'_>, low: f64, high: f64, what: &str) -> Result<f64, Error> {
    let number = at.number()?;
    if (low..=high).contains(&number) { Ok(number) } else { Err(at.expected(format!("{what} before this"))) }
}

/// A rotation as a quaternion w, x, y, z, of any length but 0.
fn turn(at: &mut Line<'_>) -> Result<[f64; 4], Error> {
    let wxyz = at.numbers::<4>()?;
    if wxyz == [0.0; 4] {
        return Err(at.expected("a quaternion that is not 0 before this"));
    }
    Ok(wxyz)
}

/// Finite, and no direction has a variance below 0, up to rounding.
fn is_covariance([xx, xy, xz, yy, yz, zz]: [f64; 6]) -> bool {
    let most = MOST_DEVIATION * MOST_DEVIATION;
    let scale = xx.abs().max(yy.abs()).max(zz.abs());
    if ![xx, yy, zz].iter().all(|v| (0.0..=most).contains(v))
        || ![xy, xz, yz].iter().all(|v| v.abs() <= scale)
    {
        return false;
    }
    if scale == 0.0 {
        return true;
    }
    let [xx, xy, xz, yy, yz, zz] = [xx, xy, xz, yy, yz, zz].map(|v| v / scale);
    let minors = [xx * yy - xy * xy, xx * zz - xz * xz, yy * zz - yz * yz];
    let whole = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
    minors.iter().chain([&whole]).all(|v| *v >= -1e-9)
}
