//! Clauses about things in a room, and questions made of them.

/// What a clause says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) first: String,
    pub(super) second: Option<String>,
    /// None: it says nothing ("is inside the room").
    pub(super) relation: Option<Relation>,
    pub(super) negated: bool,
}

/// A clause with the numbers of its things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) first: usize,
    /// None: of the room.
    pub(super) second: Option<usize>,
    pub(super) relation: Relation,
    pub(super) negated: bool,
}

/// A relation of two cells, or of a cell and the room. Signs are east and north.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Beyond the other by these signs; 0: level.
    Way(i32, i32),
    /// Beyond it along one axis, wherever it is along the other: as seen from the door.
    Side(i32, i32),
    /// Near (0), in between (1), far (2): thirds of the longest distance.
    Apart(i32),
    /// In this third of each side.
    Part(i32, i32),
    /// In this outermost row or column; (0, 0): any.
    Wall(i32, i32),
}

impl Relation {
    /// Whether it holds for the way between two cells, or for a cell, on a floor of `side` cells.
    pub(super) fn holds(self, x: i32, y: i32, side: i32) -> bool {
        let last = side - 1;
        match self {
            Relation::Way(east, north) => (x.signum(), y.signum()) == (east, north),
            Relation::Side(east, north) => x.signum() * east + y.signum() * north == 1,
            Relation::Apart(third) => {
                // the square of three times the distance against that of the diagonal
                let (far, longest) = (9 * (x * x + y * y), 2 * last * last);
                let found = if far < longest { 0 } else { i32::from(far >= 4 * longest) + 1 };
                found == third
            }
            Relation::Part(east, north) => (x * 3 / side - 1, y * 3 / side - 1) == (east, north),
            Relation::Wall(0, 0) => x == 0 || y == 0 || x == last || y == last,
            Relation::Wall(east, north) => {
                (east < 0 && x == 0)
                    || (east > 0 && x == last)
                    || (north < 0 && y == 0)
                    || (north > 0 && y == last)
            }
        }
    }
}

/// How a yes or no is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// "Is it so?"
    Plain,
    /// "Can it be so?"
    Possible,
    /// "Must it be so?"
    Certain,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Whether a clause is so.
    Is { clause: Clause, mood: Mood },
    /// Which of these it is; all that are possible where a list is asked.
    Which { first: String, second: Option<String>, among: Vec<(Relation, &'static str)>, list: bool },
}

/// The nine ways from one cell to another.
const WAYS: [(&str, i32, i32); 8] = [
    ("north", 0, 1),
    ("northeast", 1, 1),
    ("east", 1, 0),
    ("southeast", 1, -1),
    ("south", 0, -1),
    ("southwest", -1, -1),
    ("west", -1, 0),
    ("northwest", -1, 1),
];

/// The clauses of a sentence; none where a word is not read.
pub(super) fn read(words: &[&str], from_south: bool) -> Option<Vec<Clause>> {
    let words = joined(words);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (first, rest) = name(&words)?;
    let mut out = Vec::new();
    // "is north of the bed and touches the wall"
    for part in rest.split(|w| *w == "and") {
        out.push(clause(&first, part, from_south)?);
    }
    Some(out)
}

/// What a question asks; none where it is none about a room.
pub(super) fn asked(words: &[&str], from_south: bool) -> Option<Asked> {
    let words = joined(words);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ways = || {
        let mut all: Vec<(Relation, &'static str)> =
            WAYS.iter().map(|&(word, x, y)| (Relation::Way(x, y), word)).collect();
        all.push((Relation::Way(0, 0), "same place"));
        all
    };
    let which = |first: String, second: Option<String>, among: Vec<(Relation, &'static str)>, list: bool| {
        Some(Asked::Which { first, second, among, list })
    };
    let two = |rest: &[&str], joints: &[&str]| {
        let (first, rest) = name(rest)?;
        let [joint, rest @ ..] = rest else { return None };
        let (second, end) = joints.contains(joint).then(|| name(rest)).flatten()?;
        end.is_empty().then_some((first, second))
    };
    match &words[..] {
        ["what" | "which", "is", "the", "relation" | "direction", "between", rest @ ..] => {
            let (a, b) = two(rest, &["and"])?;
            which(a, Some(b), ways(), false)
        }
        ["what" | "which", "relations" | "directions", "are", "possible", "between", rest @ ..] => {
            let (a, b) = two(rest, &["and"])?;
            which(a, Some(b), ways(), true)
        }
        ["in", "which" | "what", "direction", "is", rest @ ..] => {
            let (a, b) = two(rest, &["from", "of"])?;
            which(a, Some(b), ways(), false)
        }
        ["how", "far", "is", rest @ ..] => {
            let (a, b) = two(rest, &["from"])?;
            let among =
                ["near", "medium", "far"].iter().zip(0..).map(|(w, third)| (Relation::Apart(third), *w));
            which(a, Some(b), among.collect(), false)
        }
        ["in", "which" | "what", "part" | "region", "of", "the", "room", "is", rest @ ..]
        | ["in", "which" | "what", "part" | "region", "is", rest @ ..]
        | ["where", "in", "the", "room", "is", rest @ ..] => {
            let (first, end) = name(rest)?;
            let mut among: Vec<(Relation, &'static str)> =
                WAYS.iter().map(|&(word, x, y)| (Relation::Part(x, y), word)).collect();
            among.push((Relation::Part(0, 0), "middle"));
            end.is_empty().then(|| which(first, None, among, false)).flatten()
        }
        ["where", "is", rest @ ..] => {
            let (first, rest) = name(rest)?;
            let (["relative" | "compared", "to", rest @ ..] | ["from", rest @ ..]) = rest else {
                return None;
            };
            let (second, end) = name(rest)?;
            end.is_empty().then(|| which(first, Some(second), ways(), false)).flatten()
        }
        ["is", "it", mood @ ("possible" | "certain"), "that", rest @ ..] => {
            let mood = if *mood == "possible" { Mood::Possible } else { Mood::Certain };
            let (first, rest) = name(rest)?;
            Some(Asked::Is { clause: clause(&first, rest, from_south)?, mood })
        }
        [verb @ ("is" | "does" | "can" | "could" | "must"), rest @ ..] => {
            let mood = match *verb {
                "can" | "could" => Mood::Possible,
                "must" => Mood::Certain,
                _ => Mood::Plain,
            };
            let (first, rest) = name(rest)?;
            let mut said: Vec<&str> = Vec::new();
            match rest {
                ["be", rest @ ..] => {
                    said.push("is");
                    said.extend(rest);
                }
                rest => {
                    if *verb == "is" {
                        said.push("is");
                    }
                    said.extend(rest);
                }
            }
            Some(Asked::Is { clause: clause(&first, &said, from_south)?, mood })
        }
        _ => None,
    }
}

/// Lower-case words with directions as one: `north-east`, `north east`, `northeastern`.
fn joined(words: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words.iter().flat_map(|w| w.split('-')) {
        let bare = word.strip_suffix("ern").filter(|w| WAYS.iter().any(|(way, ..)| way == w)).unwrap_or(word);
        match (out.last_mut(), bare) {
            (Some(last), "east" | "west") if last == "north" || last == "south" => last.push_str(bare),
            _ => out.push(bare.to_owned()),
        }
    }
    out
}

/// A name with its article: the words up to a verb, a preposition or the end.
fn name<'w>(words: &'w [&'w str]) -> Option<(String, &'w [&'w str])> {
    const ENDS: [&str; 28] = [
        "is",
        "are",
        "lies",
        "stands",
        "touches",
        "touch",
        "does",
        "do",
        "and",
        "from",
        "of",
        "to",
        "relative",
        "compared",
        "be",
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "near",
        "far",
        "in",
        "at",
        "not",
    ];
    let start = usize::from(matches!(words.first(), Some(&("the" | "a" | "an"))));
    let stop = |w: &&str| {
        ENDS.contains(w)
            || [
                "close", "left", "right", "behind", "against", "inside", "farther", "nearer", "directly",
                "exactly",
            ]
            .contains(w)
    };
    let end = (start..words.len()).find(|&at| stop(&words[at])).unwrap_or(words.len());
    (start < end && end - start <= 6).then(|| (words[start..end].join(" "), &words[end..]))
}

fn clause(first: &str, rest: &[&str], from_south: bool) -> Option<Clause> {
    let (rest, negated) = match rest {
        ["does" | "do" | "is" | "are", "not", rest @ ..] => (rest, true),
        ["is" | "are" | "lies" | "stands", rest @ ..] => (rest, false),
        rest => (rest, false),
    };
    let rest = match rest {
        ["directly" | "exactly" | "due" | "straight", rest @ ..] => rest,
        rest => rest,
    };
    let way = |word: &str| WAYS.iter().find(|(w, ..)| *w == word).map(|&(_, x, y)| (x, y));
    let alone = |relation: Option<Relation>| {
        Some(Clause { first: first.to_owned(), second: None, relation, negated })
    };
    let with = |relation: Relation, words: &[&str]| {
        let (second, end) = name(words)?;
        let (relation, second) = (Some(relation), Some(second));
        end.is_empty().then(|| Clause { first: first.to_owned(), second, relation, negated })
    };
    let of_room = |words: &[&str]| matches!(words, [] | ["of", "the", "room"]);
    match rest {
        [dir, "of", words @ ..] | ["to", "the", dir, "of", words @ ..] if way(dir).is_some() => {
            let (x, y) = way(dir)?;
            with(Relation::Way(x, y), words)
        }
        ["in" | "at", "the", "same", "place" | "cell" | "position", "as", words @ ..] => {
            with(Relation::Way(0, 0), words)
        }
        ["to", "the", "left", "of", words @ ..] if from_south => with(Relation::Side(-1, 0), words),
        ["to", "the", "right", "of", words @ ..] if from_south => with(Relation::Side(1, 0), words),
        ["behind", words @ ..] | ["farther", "away", "than", words @ ..] if from_south => {
            with(Relation::Side(0, 1), words)
        }
        ["in", "front", "of", words @ ..] | ["nearer", "than", words @ ..] if from_south => {
            with(Relation::Side(0, -1), words)
        }
        ["near", words @ ..] | ["close", "to", words @ ..] => with(Relation::Apart(0), words),
        ["far", "from", words @ ..] | ["far", "away", "from", words @ ..] => with(Relation::Apart(2), words),
        ["at", "a", "medium", "distance", "from", words @ ..] => with(Relation::Apart(1), words),
        ["in" | "at", "the", dir, "corner" | "part" | "region" | "area" | "third", end @ ..]
            if of_room(end)
                && (way(dir).is_some() || matches!(*dir, "middle" | "center" | "centre" | "central")) =>
        {
            let (x, y) = way(dir).unwrap_or((0, 0));
            alone(Some(Relation::Part(x, y)))
        }
        ["in" | "at", "the", "middle" | "center" | "centre", end @ ..] if of_room(end) => {
            alone(Some(Relation::Part(0, 0)))
        }
        ["inside" | "in", "the", "room"] if !negated => alone(None),
        _ => {
            let (["touching" | "touches" | "touch" | "against" | "at" | "along", wall @ ..]
            | ["next", "to", wall @ ..]) = rest
            else {
                return None;
            };
            match wall {
                ["the" | "a", "wall"] => alone(Some(Relation::Wall(0, 0))),
                ["the", dir @ ("north" | "east" | "south" | "west"), "wall"] => {
                    let (x, y) = way(dir)?;
                    alone(Some(Relation::Wall(x, y)))
                }
                _ => None,
            }
        }
    }
}
