//! What a step gives while a program runs: like [`chronotope_world::Value`], with what later steps need.

use chronotope_world::{
    BoxPx, EntityId, EventId, Missing, ObserverId, Quantity, Reach, ReferenceFrame, Span, Spans, Time, Unit,
    When,
};

/// A value of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// A number.
    Number(Quantity),
    /// Yes or no; what is unknown has no datum.
    Truth(bool),
    /// A moment, known within bounds.
    Moment(Instant),
    /// Spans.
    When(When),
    /// A word.
    Text(String),
    /// Things.
    Things(Things),
    /// A place.
    Position(Vec<f64>, ReferenceFrame),
    /// A part of a picture or of the ground.
    Region(Region),
    /// A stretch between two points of a picture or of the ground.
    Line(Region),
    /// What happened.
    Events(Events),
    /// Where a thing can be, if it never is faster than was said.
    Reach(Reachable),
    /// Where somebody is and which way they look.
    Viewpoint(Viewpoint),
    /// Several in order.
    List(Vec<Datum>),
}

/// A moment that may be known only between two pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// The moment at which it surely is so.
    pub t: Time,
    /// Not before.
    pub low: Time,
    /// Not after.
    pub high: Time,
}

impl Instant {
    /// Known exactly.
    pub fn exactly(t: Time) -> Instant {
        Instant { t, low: t, high: t }
    }

    /// As a number of seconds with its interval.
    pub fn seconds(self) -> Quantity {
        let spread = if self.low == self.high {
            chronotope_world::Spread::None
        } else {
            chronotope_world::Spread::Interval { low: self.low.as_s(), high: self.high.as_s() }
        };
        Quantity { value: self.t.as_s(), spread, unit: Unit::SECOND, reference_frame: None }
    }
}

/// What a set claims to be complete for: "there are no others" holds only where somebody looked for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The label asked for; none: things of any kind.
    pub label: Option<String>,
    /// Over this time only.
    pub during: Spans,
    /// Only in this part of a camera's picture; none: everywhere.
    pub within: Option<(ObserverId, BoxPx)>,
}

impl Scope {
    /// The same, of things whose centre lies in a region only: coverage of that part of a picture is enough. A region that is
    /// no part of a picture changes nothing.
    pub fn inside(&self, region: &Region) -> Scope {
        let ReferenceFrame::Image(observer) = region.reference_frame else { return self.clone() };
        let ends = |k: usize| {
            region
                .points
                .iter()
                .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], p| [low.min(p[k]), high.max(p[k])])
        };
        let ([left, right], [top, bottom]) = (ends(0), ends(1));
        let hull = BoxPx::new(left, top, right - left, bottom - top);
        Scope { within: hull.map(|hull| (observer, hull)).or(self.within), ..self.clone() }
    }
}

/// A set of things.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Things {
    /// Those that surely belong, ascending.
    pub certain: Vec<EntityId>,
    /// Those that may belong besides, ascending.
    pub possible: Vec<EntityId>,
    /// What would have to be looked for to say that there are no others; empty: the set is what it is.
    pub scopes: Vec<Scope>,
    /// Why some are only possible.
    pub missing: Vec<Missing>,
    /// All that bears a label, without any further condition: a source that counted may know more of them than have places.
    pub unconditional: bool,
    /// Of one that stands for each of a set (`it`): what that set claims to be complete for.
    pub among: Vec<Scope>,
}

impl Things {
    /// Exactly these.
    pub fn exactly(mut certain: Vec<EntityId>) -> Things {
        certain.sort_unstable();
        certain.dedup();
        Things { certain, ..Things::default() }
    }

    /// This thing surely belongs. Takes time logarithmic in the set.
    pub fn surely(&self, thing: EntityId) -> bool {
        self.certain.binary_search(&thing).is_ok()
    }

    /// Those that surely belong and those that may.
    pub fn all(&self) -> impl Iterator<Item = EntityId> {
        self.certain.iter().chain(&self.possible).copied()
    }
}

/// A part of a picture or of a ground plane: a polygon, or for a line its two ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The frame of the points.
    pub reference_frame: ReferenceFrame,
    /// Corners in order, `[x, y]`.
    pub points: Vec<[f64; 2]>,
}

impl Region {
    /// A box.
    pub fn rectangle(reference_frame: ReferenceFrame, x: f64, y: f64, width: f64, height: f64) -> Region {
        let points = vec![[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
        Region { reference_frame, points }
    }

    /// The point lies inside or on the edge (even–odd rule).
    pub fn contains(&self, p: [f64; 2]) -> bool {
        let n = self.points.len();
        let mut inside = false;
        for i in 0..n {
            let (a, b) = (self.points[i], self.points[(i + 1) % n]);
            let cross = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
            let between = |k: usize| a[k].min(b[k]) <= p[k] && p[k] <= a[k].max(b[k]);
            if cross == 0.0 && between(0) && between(1) {
                return true;
            }
            if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0] {
                inside = !inside;
            }
        }
        inside
    }

    /// Area by the shoelace formula, in squared units of the frame.
    pub fn area(&self) -> f64 {
        let n = self.points.len();
        let twice: f64 = (0..n)
            .map(|i| {
                let (a, b) = (self.points[i], self.points[(i + 1) % n]);
                a[0] * b[1] - b[0] * a[1]
            })
            .sum();
        twice.abs() / 2.0
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// `cut`, `enters`, `crosses`.
    pub kind: String,
    /// Surely during.
    pub certain: Span,
    /// At most during.
    pub possible: Span,
    /// Who.
    pub entity: Option<EntityId>,
    /// Which way, in words.
    pub direction: Option<String>,
    /// Its row, where it has one.
    pub event: Option<EventId>,
}

/// Events in the order of their time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// The events.
    pub happenings: Vec<Happening>,
    /// As of [`Things::scopes`].
    pub scopes: Vec<Scope>,
    /// What would show more of them.
    pub missing: Vec<Missing>,
}

/// Where somebody is and which way they look: what left, right, front and behind mean to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewpoint {
    /// The frame of all three: a world or a camera.
    pub reference_frame: ReferenceFrame,
    /// The place of the eye.
    pub eye: [f64; 3],
    /// The way that they look, of length 1 and level (at right angles to `up`).
    pub forward: [f64; 3],
    /// The way up, of length 1.
    pub up: [f64; 3],
    /// The thing whose own viewpoint it is: it never is its own left or right.
    pub who: Option<EntityId>,
}

/// Where a thing can be, with the unit of its radii.
#[derive(Clone, Debug, PartialEq)]
pub struct Reachable {
    /// The discs; the thing is in all of them.
    pub reach: Reach,
    /// Of the radii.
    pub unit: Unit,
}

impl Datum {
    /// The value for an answer.
    pub fn value(&self) -> chronotope_world::Value {
        use chronotope_world::{Truth, Value};
        match self {
            Datum::Number(q) => Value::Number(q.clone()),
            Datum::Truth(yes) => Value::Truth(Truth::of(*yes)),
            Datum::Moment(instant) => Value::Number(instant.seconds()),
            Datum::When(when) => Value::When(when.clone()),
            Datum::Text(text) => Value::Text(text.clone()),
            Datum::Things(things) => Value::Entities(things.certain.clone()),
            Datum::Position(numbers, frame) => Value::Position(numbers.clone(), frame.clone()),
            Datum::Region(region) | Datum::Line(region) => Value::List(
                region
                    .points
                    .iter()
                    .map(|p| Value::Position(p.to_vec(), region.reference_frame.clone()))
                    .collect(),
            ),
            Datum::Events(events) => Value::When(events.when()),
            Datum::Viewpoint(view) => {
                let frame = || view.reference_frame.clone();
                Value::List(vec![
                    Value::Position(view.eye.to_vec(), frame()),
                    Value::Position(view.forward.to_vec(), frame()),
                ])
            }
            // each disc: its centre and, in the frame's unit, its radius
            Datum::Reach(Reachable { reach, unit }) => {
                let frame = || reach.reference_frame.clone();
                let disc = |disc: &chronotope_world::Disc| {
                    let n = if reach.reference_frame.is_picture() { 2 } else { 3 };
                    let radius = Quantity::new(disc.radius, unit.clone(), Some(frame()));
                    let centre = Value::Position(disc.centre[..n].to_vec(), frame());
                    Value::List(vec![centre, Value::Number(radius)])
                };
                Value::List(reach.discs.iter().map(disc).collect())
            }
            Datum::List(items) => Value::List(items.iter().map(Datum::value).collect()),
        }
    }
}

impl Events {
    /// When any of them happened.
    pub fn when(&self) -> When {
        let (certain, possible) =
            self.happenings.iter().map(|h| (h.certain, h.possible)).unzip::<_, _, Vec<_>, Vec<_>>();
        When::within(certain.into_iter().collect(), &possible.into_iter().collect())
    }
}
