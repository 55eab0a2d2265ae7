//! What a question says besides its core: the time, the place, the viewpoint, the unit.

use super::cursor::Cursor;
use super::options::OptionText;
use super::remark::Remark;
use super::time::{self, Time};
use super::viewpoint::{self, Viewpoint};
use super::{ASKED, AT, AT_IF, AT_OR_ASKED, PRONOUN, VIEW, VIEWER, place};

/// What a question says besides its core. What is set must be used: a reading that drops it is refused.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// When.
    pub(super) time: Time,
    /// In which region.
    pub(super) place: Option<String>,
    /// In which reference frame: `camera`, `image`, `world`.
    pub(super) view: Option<&'static str>,
    /// Seen by whom.
    pub(super) viewpoint: Option<Viewpoint>,
    /// A viewpoint as a program.
    pub(super) viewer: Option<String>,
    /// What the viewer does before the question is asked: `turned({}, 90 deg)`, the view for the braces.
    pub(super) turns: Vec<String>,
    /// What pronouns mean: the subject.
    pub(super) topic: Option<String>,
    /// `surfaces` or `centres`.
    pub(super) between: Option<&'static str>,
    /// The unit that is asked for.
    pub(super) unit: Option<&'static str>,
    /// What the sentences around the question say.
    pub(super) remarks: Vec<Remark>,
    /// The options.
    pub(super) options: Vec<OptionText>,
}

impl Asked {
    /// What stands before the core: "In the video, after 5 s, …".
    pub(super) fn leading(c: &mut Cursor, remarks: &[Remark], options: &[OptionText]) -> Asked {
        let mut asked = Asked { remarks: remarks.to_vec(), options: options.to_vec(), ..Asked::default() };
        for _ in 0..8 {
            let polite = c.eat_any(&[
                "can you tell me",
                "could you tell me",
                "tell me",
                "do you know",
                "i want to know",
                "i would like to know",
                "according to the video",
                "based on the video",
                "based on the footage",
                "and",
                "so",
                "then",
                "is it true that",
            ]);
            let before = *c;
            let phrase = asked.phrase(c);
            let goes_on = |c: &Cursor| starts_a_question(c) || c.sees("would") || c.sees("does");
            if phrase && !c.eat(",") && !goes_on(c) {
                // "In the left half" may also be the subject's: leave it to the core
                *c = before;
                asked = Asked { remarks: remarks.to_vec(), options: options.to_vec(), ..Asked::default() };
                break;
            }
            if polite.is_none() && !phrase {
                break;
            }
            c.eat(",");
        }
        asked
    }

    /// Reads the phrases behind the core; nothing where something else stands there.
    pub(super) fn rest(&mut self, c: &mut Cursor) -> Option<()> {
        for _ in 0..12 {
            c.eat(",");
            if c.done() {
                return Some(());
            }
            if !self.phrase(c) {
                return None;
            }
        }
        c.done().then_some(())
    }

    /// One phrase of time, place, viewpoint or unit.
    pub(super) fn phrase(&mut self, c: &mut Cursor) -> bool {
        let here = *c;
        if self.between.is_none()
            && let Some(between) = between(c)
        {
            self.between = Some(between);
            return true;
        }
        if self.unit.is_none()
            && let Some(unit) = unit(c)
        {
            self.unit = Some(unit);
            return true;
        }
        if self.view.is_none()
            && let Some(view) = viewpoint::view(c)
        {
            self.view = Some(view);
            return true;
        }
        if self.viewpoint.is_none()
            && let Some(viewpoint) = viewpoint::viewpoint(c)
        {
            self.viewpoint = Some(viewpoint);
            return true;
        }
        if self.viewer.is_none()
            && self.viewpoint.is_none()
            && let Some(viewer) = viewpoint::viewer(c)
        {
            self.viewer = Some(viewer);
            // "if I sat in the bus and turned left"
            if let Some(turns) = viewpoint::turns(c) {
                self.turns = turns;
            }
            return true;
        }
        if self.turns.is_empty()
            && let Some(turns) = viewpoint::turns(c)
        {
            self.turns = turns;
            return true;
        }
        if self.place.is_none()
            && let Some(region) = place::at(c)
        {
            self.place = Some(region);
            return true;
        }
        if let Some(time) = time::phrase(c)
            && let Some(both) = self.time.clone().and(time)
        {
            self.time = both;
            return true;
        }
        *c = here;
        false
    }

    /// The set, kept to the asked place.
    pub(super) fn located(&mut self, set: &str) -> String {
        match self.place.take() {
            Some(region) => format!("inside({set}, {region}{ASKED})"),
            None => set.to_owned(),
        }
    }

    /// `, between: …` where that was said.
    pub(super) fn between(&mut self) -> String {
        self.between.take().map_or(String::new(), |between| format!(", between: {between}"))
    }

    /// The program with the viewpoint in it; nothing where one was stated that it does not use.
    fn seen(&self, program: &str) -> Option<String> {
        let stated = self.viewer.is_some() || self.viewpoint.is_some() || !self.turns.is_empty();
        if !program.contains(VIEWER) {
            return (!stated).then(|| program.to_owned());
        }
        let from = match (&self.viewer, &self.viewpoint) {
            (Some(viewer), None) => viewer.clone(),
            (None, Some(view)) => format!("standing({}, {})", view.standing_at.program, view.facing.program),
            (None, None) => match &self.time {
                Time::At(moment) => format!("camera_view(at: {moment})"),
                _ => "camera_view()".to_owned(),
            },
            (Some(_), Some(_)) => return None,
        };
        let view = self.turns.iter().fold(from, |view, turn| turn.replace("{}", &view));
        Some(program.replace(VIEWER, &view))
    }

    /// The finished program; nothing where the question says something that the program does not.
    pub(super) fn fill(&self, program: &str) -> Option<String> {
        let program = &self.seen(program)?;
        let has = |mark: &str| program.contains(mark);
        if self.place.is_some() || self.between.is_some() {
            return None;
        }
        let (during, at_or_during, at) = match &self.time {
            Time::Always => (String::new(), String::new(), String::new()),
            Time::During(_) | Time::After(_) | Time::Before(_)
                if has(AT) || !(has(ASKED) || has(AT_OR_ASKED)) =>
            {
                return None;
            }
            time @ (Time::During(_) | Time::After(_) | Time::Before(_)) => {
                let during = format!(", during: {}", time.when()?);
                (during.clone(), during, String::new())
            }
            Time::At(_) if !(has(ASKED) || has(AT) || has(AT_OR_ASKED) || has(AT_IF)) => return None,
            Time::At(moment) => (
                format!(", during: span({moment}, {moment})"),
                format!(", at: {moment}"),
                format!(", at: {moment}"),
            ),
        };
        let view = match self.view {
            Some(_) if !has(VIEW) => return None,
            Some(view) => format!(", in: {view}"),
            None => String::new(),
        };
        let program = program
            .replace(ASKED, &during)
            .replace(AT_OR_ASKED, &at_or_during)
            .replace(AT, &at)
            .replace(AT_IF, &at)
            .replace(VIEW, &view);
        if !program.contains(PRONOUN) {
            return Some(program);
        }
        let topic = super::unasked(self.topic.as_ref()?);
        (!topic.contains(PRONOUN)).then(|| program.replace(PRONOUN, &topic))
    }
}

fn starts_a_question(c: &Cursor) -> bool {
    [
        "how", "what", "which", "who", "when", "where", "is", "are", "was", "were", "do", "does", "did",
        "has", "have", "can", "could", "at", "in", "for", "count",
    ]
    .contains(&c.word(0))
}

/// "measuring from the closest point of each object", "between their centres".
fn between(c: &mut Cursor) -> Option<&'static str> {
    if c.eat_any(&[
        "measuring from the closest point of each object",
        "measured from the closest point of each object",
        "measuring from the closest points of each object",
        "measuring between their closest points",
        "measured between their closest points",
        "between their closest points",
        "from surface to surface",
        "surface to surface",
        "edge to edge",
        "from edge to edge",
        "between their surfaces",
    ])
    .is_some()
    {
        return Some("surfaces");
    }
    c.eat_any(&[
        "between their centres",
        "between their centers",
        "from centre to centre",
        "from center to center",
        "centre to centre",
        "center to center",
        "measuring between their centres",
        "measured between their centres",
    ])
    .map(|_| "centres")
}

/// "(in meters)", "measured in centimeters", "in km/h".
fn unit(c: &mut Cursor) -> Option<&'static str> {
    c.attempt(|c| {
        let bracket = c.eat("(");
        c.eat_any(&["measured", "expressed", "given"]);
        c.eat("in").then_some(())?;
        let table: &[(&str, &str)] = &[
            ("square meters", "m²"),
            ("square metres", "m²"),
            ("meters per second", "m/s"),
            ("metres per second", "m/s"),
            ("m per s", "m/s"),
            ("kilometers per hour", "km/h"),
            ("kilometres per hour", "km/h"),
            ("km / h", "km/h"),
            ("m / s", "m/s"),
            ("meters", "m"),
            ("metres", "m"),
            ("m", "m"),
            ("centimeters", "cm"),
            ("centimetres", "cm"),
            ("cm", "cm"),
            ("kilometers", "km"),
            ("kilometres", "km"),
            ("km", "km"),
            ("feet", "ft"),
            ("pixels", "px"),
            ("px", "px"),
            ("seconds", "s"),
            ("minutes", "min"),
            ("degrees", "deg"),
        ];
        let (_, unit) = table.iter().find(|(phrase, _)| c.eat(phrase))?;
        (!bracket || c.eat(")")).then_some(*unit)
    })
}
