//! Words for things: plural and singular, synonyms, is-a, colours.
//!
//! A World keeps labels as they were given (`human.pedestrian.adult`, `Pedestrian`, `trash can`). A question uses its own
//! words. [`label_match`] says whether what was given is surely, possibly or not what was asked. It is directional: a
//! `pedestrian` is surely a person, a `vehicle` only possibly a car.

use std::collections::BTreeSet;

/// Whether a thing with a given label is what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// The given label excludes it or says nothing of it.
    No,
    /// The given label is more general, or a compound whose last word was asked (`coffee table` for "table").
    Possible,
    /// Everything with the given label is of the asked kind.
    Certain,
}

/// Whether everything labelled `given` is surely an `asked`: `labels_match("people", "human.pedestrian.adult")`.
///
/// `asked` is a word or phrase of a question in singular or plural, any case; `given` a label as a World holds it: words,
/// `snake_case`, `CamelCase`, or a dotted path of kinds from general to special (nuScenes).
pub fn labels_match(asked: &str, given: &str) -> bool {
    label_match(asked, given) == Match::Certain
}

/// As [`labels_match`], telling the possible from the excluded.
pub fn label_match(asked: &str, given: &str) -> Match {
    let asked = concept(asked);
    if asked.is_empty() {
        return Match::No;
    }
    if is_anything(&asked) {
        return Match::Certain;
    }
    let path = given_concepts(given);
    if path.iter().any(|kind| ancestors(kind).contains(&asked)) {
        return Match::Certain;
    }
    let general = ancestors(&asked);
    let last = path.last().map_or("", String::as_str);
    let compound = last.strip_suffix(asked.as_str()).is_some_and(|front| front.ends_with(' '));
    if compound || general.contains(last) || is_anything(last) { Match::Possible } else { Match::No }
}

/// The words of a label or a noun, in lower case, the last one in singular: `Trash_Cans` → `trash can`.
pub fn normal(label: &str) -> String {
    let mut words = String::with_capacity(label.len() + 4);
    let mut before_lower = false;
    for c in label.trim().chars() {
        if c.is_alphanumeric() || c == '\'' {
            if c.is_uppercase() && before_lower {
                words.push(' ');
            }
            before_lower = c.is_lowercase();
            words.extend(c.to_lowercase());
        } else {
            before_lower = false;
            if !words.ends_with(' ') && !words.is_empty() {
                words.push(' ');
            }
        }
    }
    let words = words.trim_end();
    match words.rsplit_once(' ') {
        Some((front, last)) => format!("{front} {}", singular(last)),
        None => singular(words),
    }
}

/// The singular of a lower-case English noun; a singular stays as it is.
pub fn singular(word: &str) -> String {
    if let Some((one, _)) = IRREGULAR.iter().find(|(one, many)| *many == word || *one == word) {
        return (*one).to_owned();
    }
    if NO_PLURAL.contains(&word) || word.len() < 3 || !word.is_ascii() {
        return word.to_owned();
    }
    let cut = |n: usize| word[..word.len() - n].to_owned();
    if let Some(stem) = word.strip_suffix("ies") {
        return if stem.len() > 1 { format!("{stem}y") } else { cut(1) };
    }
    if ["ches", "shes", "xes", "sses", "zzes", "oes"].iter().any(|end| word.ends_with(end)) {
        return cut(2);
    }
    if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        return cut(1);
    }
    word.to_owned()
}

/// The plural of a lower-case English noun or phrase, for example questions.
pub fn plural(phrase: &str) -> String {
    let (front, word) = phrase.rsplit_once(' ').map_or(("", phrase), |(front, word)| (front, word));
    let many = if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| *one == word) {
        (*many).to_owned()
    } else if NO_PLURAL.contains(&word) {
        word.to_owned()
    } else if ["ch", "sh", "x", "s", "z"].iter().any(|end| word.ends_with(end)) {
        format!("{word}es")
    } else if word.ends_with('y') && !["ay", "ey", "oy", "uy"].iter().any(|end| word.ends_with(end)) {
        format!("{}ies", &word[..word.len() - 1])
    } else {
        format!("{word}s")
    };
    if front.is_empty() { many } else { format!("{front} {many}") }
}

/// Whether this noun stands for everything: "object", "thing".
pub fn is_anything(noun: &str) -> bool {
    ["object", "thing", "item", "anything", "something", "everything", "entity", "track"].contains(&noun)
}

/// Whether the tables know this noun (in singular), so that a longer run of words need not be a compound.
pub fn is_known(noun: &str) -> bool {
    is_anything(noun)
        || SYNONYMS.iter().any(|group| group.contains(&noun))
        || IS_A.iter().any(|(kind, above)| *kind == noun || *above == noun)
        || NOUNS.contains(&noun)
}

/// The words of a verb phrase without articles, pronouns and endings, in order: `kicks the ball` → kick, ball.
///
/// A light stemmer: endings of verbs and plurals, a doubled consonant before them, a final e.
pub fn stems(phrase: &str) -> Vec<String> {
    const EMPTY: &[&str] = &[
        "the", "a", "an", "his", "her", "its", "their", "my", "your", "our", "him", "them", "it", "some",
        "to", "is", "are", "was", "were", "be", "been", "being",
    ];
    const IRREGULAR: &[(&str, &str)] = &[
        ("ran", "run"),
        ("fell", "fall"),
        ("fallen", "fall"),
        ("stood", "stand"),
        ("sat", "sit"),
        ("spoke", "speak"),
        ("spoken", "speak"),
        ("took", "take"),
        ("taken", "take"),
        ("gave", "give"),
        ("given", "give"),
        ("threw", "throw"),
        ("thrown", "throw"),
        ("held", "hold"),
        ("got", "get"),
        ("went", "go"),
        ("gone", "go"),
        ("came", "come"),
        ("caught", "catch"),
        ("swam", "swim"),
        ("drank", "drink"),
        ("ate", "eat"),
        ("eaten", "eat"),
        ("bent", "bend"),
        ("hit", "hit"),
        ("put", "put"),
        ("cut", "cut"),
        ("bit", "bite"),
        ("left", "leave"),
        ("said", "say"),
        ("told", "tell"),
        ("made", "make"),
        ("saw", "see"),
        ("sang", "sing"),
        ("rode", "ride"),
        ("drove", "drive"),
        ("wrote", "write"),
        ("blew", "blow"),
        ("flew", "fly"),
        ("lay", "lie"),
        ("lying", "lie"),
        ("swung", "swing"),
        ("spun", "spin"),
        ("hung", "hang"),
        ("shook", "shake"),
        ("slept", "sleep"),
        ("wore", "wear"),
        ("won", "win"),
        ("lost", "lose"),
        ("slid", "slide"),
        ("dug", "dig"),
        ("fed", "feed"),
        ("led", "lead"),
        ("met", "meet"),
        ("kept", "keep"),
    ];
    let stem = |word: &str| -> String {
        if let Some((_, base)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
            return base.trim_end_matches('e').to_owned();
        }
        let cut = ["ing", "ed", "es", "s"]
            .iter()
            .find_map(|end| word.strip_suffix(end).filter(|base| base.len() >= 3 && !base.ends_with('s')));
        let base = cut.unwrap_or(word);
        let bytes = base.as_bytes();
        let doubled = cut.is_some()
            && bytes.len() > 3
            && bytes[bytes.len() - 1] == bytes[bytes.len() - 2]
            && !b"aeioulsz".contains(&bytes[bytes.len() - 1]);
        let base = if doubled { &base[..base.len() - 1] } else { base };
        let base = base.strip_suffix('i').map_or_else(|| base.to_owned(), |front| format!("{front}y"));
        if base.len() > 3 { base.trim_end_matches('e').to_owned() } else { base }
    };
    phrase
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && !EMPTY.contains(&word.as_str()))
        .map(|word| stem(&word))
        .collect()
}

/// The colour that a word names, in its first spelling: `grey` → `gray`.
pub fn colour(word: &str) -> Option<&'static str> {
    COLOURS.iter().find(|group| group.contains(&word)).map(|group| group[0])
}

/// What a word or phrase stands for: the first of its synonyms, in singular.
fn concept(phrase: &str) -> String {
    let phrase = normal(phrase);
    match SYNONYMS.iter().find(|group| group.contains(&phrase.as_str())) {
        Some(group) => group[0].to_owned(),
        None => phrase,
    }
}

/// The kinds that a given label names: one, or one per segment of a dotted path.
fn given_concepts(given: &str) -> Vec<String> {
    let dotted = given.contains('.') && !given.contains(' ');
    if dotted {
        given.split('.').map(concept).filter(|c| !c.is_empty()).collect()
    } else {
        vec![concept(given)]
    }
}

/// A kind and everything above it.
fn ancestors(kind: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::from([kind.to_owned()]);
    let mut open = vec![kind.to_owned()];
    while let Some(kind) = open.pop() {
        for (_, above) in IS_A.iter().filter(|(below, _)| *below == kind) {
            if all.insert((*above).to_owned()) {
                open.push((*above).to_owned());
            }
        }
    }
    all
}

/// (singular, plural) where the rules fail.
const IRREGULAR: &[(&str, &str)] = &[
    ("person", "people"),
    ("person", "persons"),
    ("man", "men"),
    ("woman", "women"),
    ("child", "children"),
    ("kid", "kids"),
    ("mouse", "mice"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("ox", "oxen"),
    ("knife", "knives"),
    ("shelf", "shelves"),
    ("shelf", "shelfs"),
    ("bookshelf", "bookshelves"),
    ("leaf", "leaves"),
    ("wolf", "wolves"),
    ("half", "halves"),
    ("loaf", "loaves"),
    ("calf", "calves"),
    ("scarf", "scarves"),
    ("wife", "wives"),
    ("life", "lives"),
    ("bus", "buses"),
    ("bus", "busses"),
    ("gas", "gases"),
    ("lens", "lenses"),
    ("canvas", "canvases"),
    ("policeman", "policemen"),
    ("policewoman", "policewomen"),
    ("shoe", "shoes"),
    ("canoe", "canoes"),
    ("toe", "toes"),
    ("movie", "movies"),
    ("cookie", "cookies"),
    ("tie", "ties"),
    ("pie", "pies"),
    ("hoodie", "hoodies"),
    ("zombie", "zombies"),
    ("selfie", "selfies"),
    ("axe", "axes"),
    ("headache", "headaches"),
    ("quiz", "quizzes"),
    ("passerby", "passersby"),
];

/// Nouns that look like plurals or have none.
const NO_PLURAL: &[&str] = &[
    "sheep",
    "fish",
    "deer",
    "series",
    "species",
    "glasses",
    "scissors",
    "trousers",
    "pants",
    "jeans",
    "shorts",
    "binoculars",
    "furniture",
    "luggage",
    "equipment",
    "traffic",
    "police",
    "tennis",
    "news",
    "stairs",
    "sunglasses",
    "headphones",
    "this",
    "always",
    "clothes",
    "chess",
    "grass",
    "glass",
    "dress",
    "aircraft",
    "moose",
];

/// Groups of words for one kind, in singular; the first one names it.
const SYNONYMS: &[&[&str]] = &[
    &[
        "person",
        "human",
        "people",
        "individual",
        "human being",
        "someone",
        "somebody",
        "anyone",
        "anybody",
        "everyone",
        "everybody",
        "nobody",
        "folk",
    ],
    &["pedestrian", "passerby", "passer by", "ped"],
    &["man", "guy", "gentleman", "male person"],
    &["woman", "lady", "female person"],
    &["child", "kid"],
    &["baby", "infant", "toddler"],
    &["cyclist", "bicyclist", "bike rider"],
    &["motorcyclist", "motorbiker"],
    &["police officer", "policeman", "policewoman", "cop"],
    &["construction worker", "road worker"],
    &["vehicle", "motor vehicle"],
    &["car", "automobile", "passenger car", "motorcar"],
    &["truck", "lorry"],
    &["bus", "coach", "autobus"],
    &["bicycle", "bike", "pushbike"],
    &["motorcycle", "motorbike"],
    &["airplane", "aeroplane", "plane", "aircraft"],
    &["boat", "ship", "vessel"],
    &["tram", "streetcar", "trolley car"],
    &["train", "railway train"],
    &["taxi", "cab"],
    &["traffic light", "traffic signal", "stoplight"],
    &["traffic cone", "trafficcone", "cone", "pylon"],
    &["sofa", "couch", "settee"],
    &["coat rack", "coat stand"],
    &["tv", "television", "tv set", "tv monitor", "television set", "telly"],
    &["monitor", "computer monitor", "computer screen"],
    &["refrigerator", "fridge"],
    &["washer", "washing machine", "clothes washer"],
    &["dryer", "tumble dryer", "clothes dryer"],
    &[
        "trash can",
        "trash bin",
        "trashcan",
        "garbage can",
        "garbage bin",
        "dustbin",
        "rubbish bin",
        "waste bin",
        "wastebasket",
    ],
    &["bookshelf", "bookcase", "book shelf"],
    &["nightstand", "night stand", "bedside table"],
    &["stove", "cooker", "cooktop"],
    &["bathtub", "bath tub", "tub"],
    &["telephone", "phone"],
    &["cell phone", "mobile phone", "cellphone", "smartphone", "mobile"],
    &["laptop", "laptop computer", "notebook computer"],
    &["computer mouse", "mouse"],
    &["plant", "potted plant", "houseplant", "pottedplant"],
    &["closet", "wardrobe", "wardrobe closet"],
    &["backpack", "rucksack", "knapsack"],
    &["suitcase", "travel case"],
    &["cupboard", "kitchen cabinet"],
    &["dining table", "diningtable", "dinner table"],
    &["armchair", "arm chair"],
    &["desk", "writing desk"],
    &["curtain", "drape"],
    &["carpet", "rug"],
    &["picture", "painting"],
    &["door", "doorway"],
    &["tap", "faucet"],
    &["hair dryer", "hair drier", "hairdryer"],
    &["dog", "hound"],
    &["cat", "kitty"],
    &["cow", "cattle"],
    &["ball", "sports ball"],
    &["donut", "doughnut"],
    &["remote", "remote control"],
    &["moving object", "moving thing", "mover"],
];

/// (kind, kind above it).
const IS_A: &[(&str, &str)] = &[
    ("pedestrian", "person"),
    ("man", "person"),
    ("woman", "person"),
    ("adult", "person"),
    ("child", "person"),
    ("baby", "child"),
    ("boy", "child"),
    ("girl", "child"),
    ("cyclist", "person"),
    ("motorcyclist", "person"),
    ("rider", "person"),
    ("driver", "person"),
    ("passenger", "person"),
    ("person sitting", "person"),
    ("sitting person", "person"),
    ("standing person", "person"),
    ("walking person", "person"),
    ("player", "person"),
    ("dancer", "person"),
    ("runner", "person"),
    ("skier", "person"),
    ("worker", "person"),
    ("construction worker", "person"),
    ("police officer", "person"),
    ("static person", "person"),
    ("person on vehicle", "person"),
    ("dog", "animal"),
    ("cat", "animal"),
    ("horse", "animal"),
    ("cow", "animal"),
    ("sheep", "animal"),
    ("bird", "animal"),
    ("elephant", "animal"),
    ("bear", "animal"),
    ("zebra", "animal"),
    ("giraffe", "animal"),
    ("fish", "animal"),
    ("deer", "animal"),
    ("monkey", "animal"),
    ("rabbit", "animal"),
    ("duck", "bird"),
    ("car", "vehicle"),
    ("taxi", "car"),
    ("police car", "car"),
    ("suv", "car"),
    ("sedan", "car"),
    ("van", "vehicle"),
    ("truck", "vehicle"),
    ("pickup truck", "truck"),
    ("fire truck", "truck"),
    ("bus", "vehicle"),
    ("tram", "vehicle"),
    ("train", "vehicle"),
    ("trailer", "vehicle"),
    ("ambulance", "vehicle"),
    ("motorcycle", "vehicle"),
    ("scooter", "vehicle"),
    ("moped", "motorcycle"),
    ("bicycle", "vehicle"),
    ("airplane", "vehicle"),
    ("helicopter", "vehicle"),
    ("boat", "vehicle"),
    ("chair", "furniture"),
    ("office chair", "chair"),
    ("armchair", "chair"),
    ("stool", "furniture"),
    ("bench", "furniture"),
    ("sofa", "furniture"),
    ("table", "furniture"),
    ("coffee table", "table"),
    ("dining table", "table"),
    ("end table", "table"),
    ("side table", "table"),
    ("desk", "furniture"),
    ("bed", "furniture"),
    ("closet", "furniture"),
    ("cabinet", "furniture"),
    ("cupboard", "furniture"),
    ("dresser", "furniture"),
    ("nightstand", "furniture"),
    ("bookshelf", "furniture"),
    ("shelf", "furniture"),
    ("ottoman", "furniture"),
    ("shoe rack", "furniture"),
    ("refrigerator", "appliance"),
    ("washer", "appliance"),
    ("dryer", "appliance"),
    ("dishwasher", "appliance"),
    ("stove", "appliance"),
    ("oven", "appliance"),
    ("microwave", "appliance"),
    ("kettle", "appliance"),
    ("toaster", "appliance"),
    ("table lamp", "lamp"),
    ("floor lamp", "lamp"),
    ("backpack", "bag"),
    ("handbag", "bag"),
    ("paper bag", "bag"),
    ("suitcase", "luggage"),
    ("football", "ball"),
    ("basketball", "ball"),
    ("tennis ball", "ball"),
];

/// Other nouns that questions use, so that a verb behind them is not taken for part of a compound.
const NOUNS: &[&str] = &[
    "animal",
    "appliance",
    "apple",
    "bag",
    "ball",
    "banana",
    "basket",
    "blanket",
    "blind",
    "board",
    "book",
    "bottle",
    "bowl",
    "box",
    "bucket",
    "cabinet",
    "camera",
    "candle",
    "cart",
    "ceiling light",
    "clock",
    "coat hanger",
    "coat rack",
    "counter",
    "computer",
    "computer tower",
    "crate",
    "crib",
    "cup",
    "cushion",
    "cutting board",
    "dishwasher",
    "door frame",
    "doorframe",
    "exhaust fan",
    "fan",
    "fireplace",
    "furniture",
    "glass",
    "group",
    "guitar",
    "hand",
    "hat",
    "heater",
    "jar",
    "keyboard",
    "kettle",
    "kite",
    "knife",
    "lamp",
    "light",
    "luggage",
    "microwave",
    "mirror",
    "mug",
    "oven",
    "pan",
    "paper",
    "pen",
    "piano",
    "pillow",
    "pot",
    "power strip",
    "printer",
    "radiator",
    "robot",
    "ruler",
    "shelf",
    "shoe",
    "shower",
    "sign",
    "sink",
    "skateboard",
    "soap",
    "stool",
    "stroller",
    "table",
    "toilet",
    "towel",
    "toy",
    "traffic sign",
    "stop sign",
    "tree",
    "umbrella",
    "vase",
    "wall",
    "wheelchair",
    "whiteboard",
    "blackboard",
    "window",
    "player",
    "team",
    "shot",
    "cut",
    "red ball",
    "table tennis ball",
    "face",
    "head",
    "drone",
    "tractor",
    "wagon",
    "barrier",
    "bicycle rack",
    "pole",
];

/// Colour words; the first of a group names it.
const COLOURS: &[&[&str]] = &[
    &["red", "crimson", "scarlet"],
    &["orange"],
    &["yellow"],
    &["green"],
    &["blue"],
    &["navy"],
    &["purple", "violet"],
    &["pink"],
    &["brown"],
    &["black"],
    &["white"],
    &["gray", "grey"],
    &["beige", "cream"],
    &["silver"],
    &["gold", "golden"],
    &["cyan", "turquoise"],
    &["magenta"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, given: &str, expected: Match) {
        assert_eq!(label_match(asked, given), expected, "asked `{asked}`, given `{given}`");
    }

    #[test]
    fn people_are_pedestrians_of_every_data_set() {
        for given in [
            "pedestrian",
            "Pedestrian",
            "human.pedestrian.adult",
            "human.pedestrian.police_officer",
            "Person_sitting",
            "person",
            "Cyclist",
        ] {
            check("people", given, Match::Certain);
            check("Person", given, Match::Certain);
            check("anyone", given, Match::Certain);
        }
        check("people", "vehicle.car", Match::No);
    }

    #[test]
    fn is_a_goes_one_way() {
        check("vehicles", "car", Match::Certain);
        check("vehicle", "vehicle.bus.rigid", Match::Certain);
        check("bus", "vehicle.bus.rigid", Match::Certain);
        check("car", "vehicle", Match::Possible);
        check("man", "person", Match::Possible);
        check("car", "truck", Match::No);
        check("car", "moving object", Match::No);
        check("thing", "vase", Match::Certain);
    }

    #[test]
    fn a_compound_is_only_possibly_its_last_word() {
        check("bear", "teddy bear", Match::Possible);
        check("strip", "power strip", Match::Possible);
        check("power", "power strip", Match::No);
        check("chair", "armchair", Match::Certain);
    }

    #[test]
    fn synonyms_meet_in_any_number_and_case() {
        check("fridges", "refrigerator", Match::Certain);
        check("TV", "television", Match::Certain);
        check("couch", "Sofa", Match::Certain);
        check("trash bins", "trash_can", Match::Certain);
        check("traffic cones", "movable_object.trafficcone", Match::Certain);
        check("bookshelf", "bookcases", Match::Certain);
    }

    #[test]
    fn plurals_fold_to_singulars_and_back() {
        for (many, one) in [
            ("people", "person"),
            ("men", "man"),
            ("boxes", "box"),
            ("buses", "bus"),
            ("horses", "horse"),
            ("batteries", "battery"),
            ("knives", "knife"),
            ("shoes", "shoe"),
            ("couches", "couch"),
            ("glasses", "glasses"),
            ("chairs", "chair"),
            ("vases", "vase"),
            ("mice", "mouse"),
        ] {
            assert_eq!(singular(many), one);
            assert_eq!(singular(one), one);
            assert_eq!(plural(one), many, "plural of {one}");
        }
        assert_eq!(normal("CeilingLights"), "ceiling light");
        assert_eq!(plural("trash bin"), "trash bins");
    }

    #[test]
    fn the_tables_are_sound() {
        let mut seen = BTreeSet::new();
        for word in SYNONYMS.iter().flat_map(|group| group.iter()) {
            assert!(seen.insert(*word), "`{word}` stands in two groups");
        }
        for (below, above) in IS_A {
            for word in [below, above] {
                assert_eq!(
                    concept(word),
                    **word,
                    "is-a speaks of `{word}`, which is not the first of its group"
                );
            }
        }
    }
}
