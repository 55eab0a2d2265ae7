//! The closed words of stories: directions, verbs of being somewhere, prepositions, and words that add nothing.
//!
//! What stands in none of the lists is part of a name. A relation is read from its words, never from whole sentences.

/// Axes that direction words speak of. `Across` and `Up` are those of a drawing or a wall, `East` and `North` a map's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Left (−) to right (+).
    Across = 0,
    /// Below (−) to above (+).
    Up = 1,
    /// Behind (−) to in front (+).
    Front = 2,
    /// West (−) to east (+).
    East = 3,
    /// South (−) to north (+).
    North = 4,
}

impl Axis {
    /// All of them, in the order of their numbers.
    pub const ALL: [Axis; 5] = [Axis::Across, Axis::Up, Axis::Front, Axis::East, Axis::North];
}

/// What kind of word a word is, for the grammar of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A direction: axis, sign, and whether a name may follow directly (`above Y`, but not `left Y`).
    Direction(Axis, i8, bool),
    /// Two directions in one word: `northeast`.
    Diagonal(i8, i8),
    /// `is`, `are`.
    Be,
    /// `placed`, `sits`, `presents`.
    Posed,
    /// `and`.
    And,
    /// `with`.
    With,
    /// `of`, `to`, `from`: a name follows that places are counted from.
    To,
    /// `the`, `a`, `its`.
    Determiner,
    /// `there`.
    There,
    /// `horizontal`, `parallel`, `side by side`: how two things lie, with the axis along which they differ.
    Arranged(Option<Axis>),
    /// `center`: of a clock face, or what something is off.
    Centre,
    /// `clock`, `face`.
    Clock,
    /// `face` of a clock.
    Face,
    /// `o'clock`.
    OClock,
    /// A figure.
    Number(u32),
    /// `3:00`.
    Hour(u32),
    /// `degree`.
    Degree,
    /// `between`.
    Between,
    /// `corner`.
    Corner,
    /// `if`.
    If,
    /// `not`.
    Not,
    /// `it`.
    It,
    /// `them`.
    Them,
    /// `'s`.
    Possessive,
    /// A comma.
    Comma,
    /// `or`, `because`, `who`: never part of a name.
    Stop,
    /// `object`, `labeled`: stands before a name and adds nothing.
    Head,
    /// `slightly`, `position`, `side`: adds nothing to a direction.
    Filler,
    /// Part of a name.
    Name,
}

/// The kind of a word in lower case.
pub(super) fn word(lower: &str) -> Word {
    use Axis::{Across, East, Front, North, Up};
    match lower {
        "left" | "leftward" | "leftwards" | "lefthand" | "leftmost" => Word::Direction(Across, -1, false),
        "right" | "rightward" | "rightwards" | "righthand" | "rightmost" => Word::Direction(Across, 1, false),
        "above" | "over" | "atop" | "overhead" => Word::Direction(Up, 1, true),
        "top" | "up" | "upper" | "upward" | "upwards" | "higher" | "uppermost" => {
            Word::Direction(Up, 1, false)
        }
        "below" | "under" | "beneath" | "underneath" => Word::Direction(Up, -1, true),
        "bottom" | "down" | "lower" | "downward" | "downwards" => Word::Direction(Up, -1, false),
        "front" => Word::Direction(Front, 1, false),
        "behind" => Word::Direction(Front, -1, true),
        "east" | "eastern" | "eastward" | "eastwards" => Word::Direction(East, 1, false),
        "west" | "western" | "westward" | "westwards" => Word::Direction(East, -1, false),
        "north" | "northern" | "northward" | "northwards" => Word::Direction(North, 1, false),
        "south" | "southern" | "southward" | "southwards" => Word::Direction(North, -1, false),
        "northeast" | "northeastern" => Word::Diagonal(1, 1),
        "northwest" | "northwestern" => Word::Diagonal(-1, 1),
        "southeast" | "southeastern" => Word::Diagonal(1, -1),
        "southwest" | "southwestern" => Word::Diagonal(-1, -1),
        "is" | "are" | "was" | "were" | "be" | "lies" | "sits" | "stands" | "lie" | "sit" | "stand"
        | "appears" => Word::Be,
        "positioned" | "placed" | "sitting" | "located" | "standing" | "lying" | "presents" | "present"
        | "situated" | "found" | "seated" | "resting" | "set" | "put" | "shown" => Word::Posed,
        "and" => Word::And,
        "with" => Word::With,
        "of" | "to" | "from" | "than" => Word::To,
        "the" | "a" | "an" | "its" | "their" => Word::Determiner,
        "there" => Word::There,
        "horizontal" | "horizontally" => Word::Arranged(Some(Across)),
        "vertical" | "vertically" => Word::Arranged(Some(Up)),
        "parallel" | "adjacent" | "next" | "beside" => Word::Arranged(None),
        "center" | "centre" => Word::Centre,
        "clock" => Word::Clock,
        "face" => Word::Face,
        "oclock" => Word::OClock,
        "degree" | "degrees" => Word::Degree,
        "between" => Word::Between,
        "corner" => Word::Corner,
        "if" => Word::If,
        "not" => Word::Not,
        "it" => Word::It,
        "them" => Word::Them,
        "object" | "objects" | "agent" | "agents" | "labeled" | "labelled" | "named" | "called" => Word::Head,
        "at" | "in" | "on" | "directly" | "diagonally" | "slightly" | "exactly" | "just" | "immediately"
        | "straight" | "approximately" | "about" | "roughly" | "also" | "too" | "both" | "side" | "sides"
        | "hand" | "direction" | "position" | "plane" | "line" | "part" | "same" | "angle" | "off"
        | "relative" | "respect" | "small" | "little" | "gap" | "space" | "each" | "other" | "by"
        | "compared" | "when" | "seen" | "viewed" => Word::Filler,
        "or" | "but" | "because" | "who" | "whom" | "which" | "that" | "before" | "after" | "while"
        | "then" | "he" | "she" | "they" | "nor" | "either" | "neither" | "every" | "all" | "some"
        | "any" | "unless" | "until" | "no" | "what" | "where" | "why" | "how" | "inside" | "into"
        | "onto" | "without" | "except" => Word::Stop,
        "one" => Word::Number(1),
        "two" => Word::Number(2),
        "three" => Word::Number(3),
        "four" => Word::Number(4),
        "five" => Word::Number(5),
        "six" => Word::Number(6),
        "seven" => Word::Number(7),
        "eight" => Word::Number(8),
        "nine" => Word::Number(9),
        "ten" => Word::Number(10),
        "eleven" => Word::Number(11),
        "twelve" => Word::Number(12),
        _ => Word::Name,
    }
}
