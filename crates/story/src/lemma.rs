//! Content words of a clause in their dictionary form, so that "did the alarm ring" finds "the alarm rang".

/// Words that name nothing by themselves.
const EMPTY: &[&str] = &[
    "the", "a", "an", "his", "her", "their", "its", "my", "our", "your", "did", "does", "do", "was", "were",
    "is", "are", "be", "been", "had", "has", "have", "to", "of", "in", "on", "at", "into", "and", ",",
    "there", "that", "happen", "happened", "occur", "occurred", "back", "then",
];

/// Past forms that follow no rule, with their verbs.
const IRREGULAR: &[(&str, &str)] = &[
    ("went", "go"),
    ("gone", "go"),
    ("took", "take"),
    ("taken", "take"),
    ("got", "get"),
    ("gave", "give"),
    ("given", "give"),
    ("came", "come"),
    ("left", "leave"),
    ("ran", "run"),
    ("rang", "ring"),
    ("rung", "ring"),
    ("began", "begin"),
    ("begun", "begin"),
    ("ate", "eat"),
    ("eaten", "eat"),
    ("drank", "drink"),
    ("drove", "drive"),
    ("wrote", "write"),
    ("read", "read"),
    ("saw", "see"),
    ("seen", "see"),
    ("heard", "hear"),
    ("said", "say"),
    ("told", "tell"),
    ("sold", "sell"),
    ("bought", "buy"),
    ("brought", "bring"),
    ("caught", "catch"),
    ("taught", "teach"),
    ("thought", "think"),
    ("fell", "fall"),
    ("felt", "feel"),
    ("kept", "keep"),
    ("slept", "sleep"),
    ("woke", "wake"),
    ("met", "meet"),
    ("lost", "lose"),
    ("won", "win"),
    ("stood", "stand"),
    ("sat", "sit"),
    ("sang", "sing"),
    ("swam", "swim"),
    ("flew", "fly"),
    ("broke", "break"),
    ("spoke", "speak"),
    ("chose", "choose"),
    ("built", "build"),
    ("sent", "send"),
    ("spent", "spend"),
    ("found", "find"),
    ("made", "make"),
    ("paid", "pay"),
    ("put", "put"),
    ("shut", "shut"),
    ("cut", "cut"),
    ("held", "hold"),
    ("grew", "grow"),
    ("knew", "know"),
    ("threw", "throw"),
    ("drew", "draw"),
    ("rode", "ride"),
    ("rose", "rise"),
    ("hid", "hide"),
    ("stole", "steal"),
    ("died", "die"),
    ("lay", "lie"),
    ("led", "lead"),
    ("lit", "light"),
    ("struck", "strike"),
    ("sank", "sink"),
    ("sunk", "sink"),
    ("fled", "flee"),
    ("wore", "wear"),
    ("tore", "tear"),
    ("shook", "shake"),
    ("froze", "freeze"),
    ("bit", "bite"),
    ("dug", "dig"),
    ("hung", "hang"),
    ("stuck", "stick"),
    ("swept", "sweep"),
    ("wept", "weep"),
    ("crept", "creep"),
    ("forgot", "forget"),
    ("became", "become"),
    ("bent", "bend"),
    ("lent", "lend"),
];

/// The content words, in order.
pub(super) fn content(words: &[String]) -> Vec<String> {
    words.iter().filter(|w| !EMPTY.contains(&w.as_str())).map(|w| lemma(w)).collect()
}

/// The dictionary form of a word. Regular endings are cut to a stem that is the same for all forms: it need be no word.
pub(super) fn lemma(word: &str) -> String {
    if let Some((_, verb)) = IRREGULAR.iter().find(|(past, _)| *past == word) {
        // "read" is its own past
        return if *verb == word { word.to_owned() } else { lemma(verb) };
    }
    let bare = word.strip_suffix("'s").unwrap_or(word);
    if !bare.is_ascii() || bare.len() < 4 {
        return bare.to_owned();
    }
    let cut = ["ing", "ied", "ies", "ed", "es", "s", "e", "y"].into_iter().find_map(|end| {
        bare.strip_suffix(end).filter(|stem| stem.len() >= 3 && !(end == "s" && stem.ends_with('s')))
    });
    let mut stem = cut.unwrap_or(bare).to_owned();
    // "stopped", "planning": the doubled letter is the ending's
    let bytes = stem.as_bytes();
    if cut.is_some()
        && bytes.len() > 3
        && bytes[bytes.len() - 1] == bytes[bytes.len() - 2]
        && !stem.ends_with("ss")
        && !stem.ends_with("ll")
    {
        stem.pop();
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_verb_are_one() {
        for (a, b) in [
            ("rang", "ring"),
            ("went", "go"),
            ("stopped", "stop"),
            ("arrives", "arrive"),
            ("arrived", "arrive"),
            ("carried", "carry"),
            ("watches", "watch"),
            ("ended", "end"),
            ("began", "begin"),
            ("finishes", "finish"),
            ("planning", "plan"),
            ("closed", "close"),
            ("baking", "bake"),
            ("called", "call"),
            ("putting", "put"),
        ] {
            assert_eq!(lemma(a), lemma(b), "{a} {b}");
        }
        for (a, b) in [("alarm", "arm"), ("meeting", "mail"), ("bus", "bush")] {
            assert_ne!(lemma(a), lemma(b), "{a} {b}");
        }
    }
}
