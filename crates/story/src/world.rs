//! A story as a World of facts, and back.
//!
//! The record has an order only: sentence *n* happens at second *n*, and is known then. Each sentence is a source with its
//! place in the text (`start=`, `end=` in bytes) and its hash; a fact `says` holds its words, further facts and events what
//! it is read to say. So a bundle of a story answers without the text, `--asked-at 3` asks after the third sentence, and a
//! changed word breaks the digest of every answer that rests on it.

use super::statement::Statement;
use super::words::Axis;
use super::{Reach, Story, StorySettings, ThingId};
use chronotope_world::{
    EntityId, Error, Event, EventId, Fact, FactId, Known, Label, LabelId, Reference, Source, SourceId,
    SourceKind, Span, Time, Track, World, WorldBuilder,
};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The predicate of the facts that hold the words of sentences.
pub const SAYS: &str = "says";

impl StorySettings {
    /// How the story that a World holds is read; none where it holds none.
    pub fn of_world(world: &World) -> Option<StorySettings> {
        whole_of(world).map(|source| settings_of(&source.settings))
    }
}

/// The source that is the story as a whole.
fn whole_of(world: &World) -> Option<&Source> {
    let is_story = |s: &&Source| s.kind == SourceKind::Text && s.settings.starts_with("story ");
    world.tables().sources.iter().find(is_story)
}

impl Story {
    /// The World of the story; `name` is what its source is called: the path as given.
    ///
    /// # Errors
    /// None are known; the World checks its rows.
    pub fn world(&self, name: &str) -> Result<World, Error> {
        let mut builder = WorldBuilder::new(name);
        builder.record().order_only = true;
        let whole = Source {
            id: SourceId(0),
            kind: SourceKind::Text,
            uri: name.to_owned(),
            sha256: Some(sha256(self.text())),
            record_from_source: None,
            derived_from: None,
            settings: settings_text(self.settings()),
            known: Known::ALWAYS,
        };
        let source = builder.source(whole);
        let mut sources = Vec::with_capacity(self.sentences().len());
        for (number, &(start, end)) in self.sentences().iter().enumerate() {
            let said = self.sentence(number);
            let known = Known::at(moment(number));
            let row = Source {
                id: SourceId(0),
                kind: SourceKind::Text,
                uri: format!("{name}#sentence={}", number + 1),
                sha256: Some(sha256(said)),
                record_from_source: None,
                derived_from: Some(source),
                settings: format!("sentence={} start={start} end={end}", number + 1),
                known,
            };
            let source = builder.source(row);
            sources.push(source);
            builder.fact(Fact {
                id: FactId(0),
                subject: Reference::Text(format!("sentence {}", number + 1)),
                predicate: SAYS.to_owned(),
                object: Reference::Text(said.to_owned()),
                valid: Span::ALWAYS,
                confidence: None,
                source,
                known,
                closed: None,
            });
        }
        let things: Vec<EntityId> =
            self.things().ids().map(|thing| self.thing_row(thing, source, &mut builder)).collect();
        for row in self.told() {
            let known = Known::at(moment(row.sentence));
            for (subject, predicate, object) in relations(self, &row.what) {
                builder.fact(Fact {
                    id: FactId(0),
                    subject: Reference::Entity(things[subject.0 as usize]),
                    predicate,
                    object: Reference::Entity(things[object.0 as usize]),
                    valid: Span::ALWAYS,
                    confidence: None,
                    source: sources[row.sentence],
                    known,
                    closed: None,
                });
            }
            if let Some((kind, roles)) = happening(&row.what) {
                let role = |(name, thing): (&str, ThingId)| {
                    (name.to_owned(), Reference::Entity(things[thing.0 as usize]))
                };
                builder.event(Event {
                    id: EventId(0),
                    kind: kind.to_owned(),
                    span: Span::between(moment(row.sentence), moment(row.sentence + 1)),
                    parent: None,
                    roles: roles.into_iter().map(role).collect(),
                    confidence: None,
                    source: sources[row.sentence],
                    known,
                    closed: None,
                });
            }
        }
        builder.build()
    }

    /// The story that a World holds, as far as its reader sees it; none where it holds none.
    pub fn of_world(world: &World) -> Option<Story> {
        let whole = whole_of(world)?;
        let settings = settings_of(&whole.settings);
        let (mut text, mut sentences) = (String::new(), Vec::new());
        for fact in world.facts().filter(|fact| fact.predicate == SAYS) {
            let (Reference::Text(said), Some(source)) = (&fact.object, world.source(fact.source)) else {
                continue;
            };
            if source.derived_from != Some(whole.id) {
                continue;
            }
            if let Some((start, _)) = place_of(&source.settings)
                && start >= text.len()
            {
                // what stood between the sentences is not kept; blanks keep the offsets
                if start - text.len() <= MOST_BLANK {
                    text.extend(std::iter::repeat_n(' ', start - text.len()));
                }
            }
            let start = text.len();
            text.push_str(said);
            sentences.push((start, text.len()));
        }
        Some(Story::of_sentences(text, sentences, settings))
    }

    fn thing_row(&self, thing: ThingId, source: SourceId, builder: &mut WorldBuilder) -> EntityId {
        let name = self.things().name(thing);
        let known = Known::ALWAYS;
        let track = builder.track(Track::new(source, name, known));
        builder.label(Label {
            id: LabelId(0),
            track,
            text: name.to_owned(),
            vocabulary: "name".to_owned(),
            score: None,
            span: Span::ALWAYS,
            known,
            closed: None,
        });
        builder.entity_of(track, "named", known)
    }
}

/// Longest stretch between sentences that is kept as blanks.
const MOST_BLANK: usize = 1 << 20;

/// Second *n* of the record: the *n*-th sentence, counted from 1.
fn moment(sentence: usize) -> Time {
    Time::from_s(sentence as f64 + 1.0)
}

fn sha256(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
    }
    hex
}

fn settings_text(settings: StorySettings) -> String {
    let reach = match settings.reach {
        Reach::Open => "open",
        Reach::Step => "step",
    };
    let skips = if settings.skip_unread { " unread=skipped" } else { "" };
    format!("story reach={reach} world={}{skips}", if settings.closed { "closed" } else { "open" })
}

fn settings_of(text: &str) -> StorySettings {
    let has = |word: &str| text.split(' ').any(|w| w == word);
    StorySettings {
        reach: if has("reach=step") { Reach::Step } else { Reach::Open },
        closed: has("world=closed"),
        skip_unread: has("unread=skipped"),
    }
}

/// `start=` and `end=` of a sentence's source.
pub fn place_of(settings: &str) -> Option<(usize, usize)> {
    let value = |key: &str| settings.split(' ').find_map(|w| w.strip_prefix(key)?.parse::<usize>().ok());
    Some((value("start=")?, value("end=")?)).filter(|(start, end)| start <= end)
}

/// Relations that a statement says of pairs of things.
fn relations(story: &Story, what: &Statement) -> Vec<(ThingId, String, ThingId)> {
    let not = |negated: bool, word: &str| if negated { format!("not {word}") } else { word.to_owned() };
    match what {
        Statement::Direction { figure, ground, direction, negated } => Axis::ALL
            .into_iter()
            .filter_map(|axis| Some((axis, direction.sign(axis)?)))
            .map(|(axis, sign)| (*figure, not(*negated, side(axis, sign)), *ground))
            .collect(),
        Statement::Near { figure, ground, negated } => vec![(*figure, not(*negated, "near"), *ground)],
        Statement::Touching { figure, ground, negated } => vec![(*figure, not(*negated, "touches"), *ground)],
        Statement::In { who, place, negated } => vec![(*who, not(*negated, "in"), *place)],
        Statement::Either { who, places } => {
            places.iter().map(|p| (*who, "perhaps in".to_owned(), *p)).collect()
        }
        Statement::Bigger { bigger, smaller } => vec![(*bigger, "bigger than".to_owned(), *smaller)],
        Statement::Kind { thing, kind, negated } => vec![(*thing, not(*negated, "is a"), *kind)],
        Statement::Property { thing, word, negated } => vec![(*thing, not(*negated, "is"), *word)],
        Statement::Towards { kind, relation, object } => {
            vec![(*kind, story.things().name(*relation).to_owned(), *object)]
        }
        _ => Vec::new(),
    }
}

fn side(axis: Axis, sign: i8) -> &'static str {
    match (axis, sign) {
        (Axis::Across, -1) => "left of",
        (Axis::Across, 1) => "right of",
        (Axis::Up, -1) => "below",
        (Axis::Up, 1) => "above",
        (Axis::Front, -1) => "behind",
        (Axis::Front, 1) => "in front of",
        (Axis::East, -1) => "west of",
        (Axis::East, 1) => "east of",
        (Axis::North, -1) => "south of",
        (Axis::North, 1) => "north of",
        (Axis::Up | Axis::North, _) => "on one level with",
        _ => "in one line with",
    }
}

/// What happens in a statement, with who takes part.
fn happening(what: &Statement) -> Option<(&'static str, Vec<(&'static str, ThingId)>)> {
    Some(match what {
        Statement::Moves { who, to } => ("moves", vec![("agent", *who), ("to", *to)]),
        Statement::Leaves { who, place } => ("leaves", vec![("agent", *who), ("from", *place)]),
        Statement::Takes { who, what } => ("takes", vec![("agent", *who), ("patient", *what)]),
        Statement::Drops { who, what, place } => {
            let mut roles = vec![("agent", *who), ("patient", *what)];
            roles.extend(place.map(|p| ("to", p)));
            ("drops", roles)
        }
        Statement::Gives { who, what, to } => {
            ("gives", vec![("agent", *who), ("patient", *what), ("to", *to)])
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::answer;
    use super::*;
    use chronotope_world::View;

    const STORY: &str = "Mary took the milk.  Mary went to the kitchen.\nThe lamp is left of the table. Mary went to the garden.";

    #[test]
    fn a_world_gives_the_story_back() {
        let story =
            Story::read(STORY, StorySettings { reach: Reach::Step, closed: true, skip_unread: false });
        let world = story.world("a.story.txt").expect("rows fit");
        let back = Story::of_world(&world).expect("a story");
        assert_eq!(back.told(), story.told());
        assert_eq!(back.settings(), story.settings());
        assert_eq!(back.sentences(), story.sentences());
        assert_eq!(world.events().count(), 3);
        assert!(world.facts().any(|f| f.predicate == "left of"));
    }

    #[test]
    fn a_story_is_asked_after_any_sentence() {
        let world = Story::read(STORY, StorySettings::default()).world("a").expect("rows fit");
        let early = world.seen(View { asked_at: Time::from_s(2.0), ..View::NEWEST });
        let at = |world: &World| answer(&Story::of_world(world).expect("a story"), "Where is the milk?").text;
        assert_eq!((at(&early).as_str(), at(&world).as_str()), ("kitchen", "garden"));
    }
}
