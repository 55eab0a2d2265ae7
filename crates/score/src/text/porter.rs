//! Porter's stemmer of English words, with the additions that Python's NLTK makes, because `rouge-score` stems by it.

/// Words with a stem of their own.
const IRREGULAR: [(&str, &str); 16] = [
    ("skies", "sky"),
    ("sky", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

/// Replaces a word of lower-case ASCII by its stem.
///
/// # Source
/// Porter, An algorithm for suffix stripping, 1980; `nltk.stem.porter`, mode `NLTK_EXTENSIONS`.
pub(super) fn stem(word: &mut String) {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(known, _)| known == word) {
        *word = (*stem).to_owned();
        return;
    }
    if word.len() <= 2 {
        return;
    }
    plural(word);
    past(word);
    final_y(word);
    double_suffix(word);
    single_suffix(word);
    bare_suffix(word);
    final_e(word);
    double_l(word);
}

fn is_consonant(word: &[u8], i: usize) -> bool {
    match word[i] {
        b'a' | b'e' | b'i' | b'o' | b'u' => false,
        // a run of y alternates; counted back to its start
        b'y' => {
            let start = word[..i].iter().rposition(|b| *b != b'y').map_or(0, |at| at + 1);
            let first = start == 0 || !is_consonant(word, start - 1);
            first == (i - start).is_multiple_of(2)
        }
        _ => true,
    }
}

/// Letter by letter, whether it is a consonant.
fn consonants(stem: &[u8]) -> impl Iterator<Item = bool> + '_ {
    stem.iter().scan(false, |before, letter| {
        *before = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => !*before,
            _ => true,
        };
        Some(*before)
    })
}

/// Number of times that consonants follow vowels.
fn measure(stem: &[u8]) -> usize {
    let mut vowel = false;
    let mut n = 0;
    for consonant in consonants(stem) {
        n += usize::from(vowel && consonant);
        vowel = !consonant;
    }
    n
}

fn has_vowel(stem: &[u8]) -> bool {
    consonants(stem).any(|consonant| !consonant)
}

fn ends_double_consonant(word: &[u8]) -> bool {
    let n = word.len();
    n >= 2 && word[n - 1] == word[n - 2] && is_consonant(word, n - 1)
}

fn ends_cvc(word: &[u8]) -> bool {
    let n = word.len();
    (n >= 3
        && is_consonant(word, n - 3)
        && !is_consonant(word, n - 2)
        && is_consonant(word, n - 1)
        && !matches!(word[n - 1], b'w' | b'x' | b'y'))
        || (n == 2 && !is_consonant(word, 0) && is_consonant(word, 1))
}

/// The first rule whose suffix fits decides, whether its condition holds or not.
type Rule = (&'static str, &'static str);

fn first_of(word: &mut String, rules: &[Rule], holds: impl Fn(&[u8], &str) -> bool) {
    let Some((suffix, by)) = rules.iter().find(|(suffix, _)| word.ends_with(suffix)) else { return };
    let stem = word.len() - suffix.len();
    if holds(&word.as_bytes()[..stem], suffix) {
        word.truncate(stem);
        word.push_str(by);
    }
}

fn plural(word: &mut String) {
    if word.ends_with("ies") && word.len() == 4 {
        word.truncate(3);
        return;
    }
    first_of(word, &[("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")], |_, _| true);
}

fn past(word: &mut String) {
    if word.ends_with("ied") {
        let by = if word.len() == 4 { "ie" } else { "i" };
        word.truncate(word.len() - 3);
        word.push_str(by);
        return;
    }
    if word.ends_with("eed") {
        if measure(&word.as_bytes()[..word.len() - 3]) > 0 {
            word.truncate(word.len() - 1);
        }
        return;
    }
    let Some(suffix) = ["ed", "ing"]
        .into_iter()
        .find(|suffix| word.ends_with(suffix) && has_vowel(&word.as_bytes()[..word.len() - suffix.len()]))
    else {
        return;
    };
    word.truncate(word.len() - suffix.len());
    if ["at", "bl", "iz"].iter().any(|end| word.ends_with(end)) {
        word.push('e');
    } else if ends_double_consonant(word.as_bytes()) {
        if !matches!(word.as_bytes()[word.len() - 1], b'l' | b's' | b'z') {
            word.truncate(word.len() - 1);
        }
    } else if measure(word.as_bytes()) == 1 && ends_cvc(word.as_bytes()) {
        word.push('e');
    }
}

fn final_y(word: &mut String) {
    first_of(word, &[("y", "i")], |stem, _| stem.len() > 1 && is_consonant(stem, stem.len() - 1));
}

fn double_suffix(word: &mut String) {
    if word.ends_with("alli") && measure(&word.as_bytes()[..word.len() - 4]) > 0 {
        word.truncate(word.len() - 2);
        double_suffix(word);
        return;
    }
    const RULES: [Rule; 22] = [
        ("ational", "ate"),
        ("tional", "tion"),
        ("enci", "ence"),
        ("anci", "ance"),
        ("izer", "ize"),
        ("bli", "ble"),
        ("alli", "al"),
        ("entli", "ent"),
        ("eli", "e"),
        ("ousli", "ous"),
        ("ization", "ize"),
        ("ation", "ate"),
        ("ator", "ate"),
        ("alism", "al"),
        ("iveness", "ive"),
        ("fulness", "ful"),
        ("ousness", "ous"),
        ("aliti", "al"),
        ("iviti", "ive"),
        ("biliti", "ble"),
        ("fulli", "ful"),
        ("logi", "log"),
    ];
    first_of(word, &RULES, |stem, suffix| {
        if suffix == "logi" {
            // measured with the l of the suffix
            let mut with = stem.to_vec();
            with.push(b'l');
            return measure(&with) > 0;
        }
        measure(stem) > 0
    });
}

fn single_suffix(word: &mut String) {
    const RULES: [Rule; 7] = [
        ("icate", "ic"),
        ("ative", ""),
        ("alize", "al"),
        ("iciti", "ic"),
        ("ical", "ic"),
        ("ful", ""),
        ("ness", ""),
    ];
    first_of(word, &RULES, |stem, _| measure(stem) > 0);
}

fn bare_suffix(word: &mut String) {
    const RULES: [Rule; 19] = [
        ("al", ""),
        ("ance", ""),
        ("ence", ""),
        ("er", ""),
        ("ic", ""),
        ("able", ""),
        ("ible", ""),
        ("ant", ""),
        ("ement", ""),
        ("ment", ""),
        ("ent", ""),
        ("ion", ""),
        ("ou", ""),
        ("ism", ""),
        ("ate", ""),
        ("iti", ""),
        ("ous", ""),
        ("ive", ""),
        ("ize", ""),
    ];
    first_of(word, &RULES, |stem, suffix| {
        measure(stem) > 1 && (suffix != "ion" || matches!(stem.last(), Some(b's' | b't')))
    });
}

fn final_e(word: &mut String) {
    if let Some(stem) = word.strip_suffix('e') {
        let m = measure(stem.as_bytes());
        if m > 1 || (m == 1 && !ends_cvc(stem.as_bytes())) {
            word.truncate(word.len() - 1);
        }
    }
}

fn double_l(word: &mut String) {
    if word.ends_with("ll") && measure(&word.as_bytes()[..word.len() - 1]) > 1 {
        word.truncate(word.len() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_stems_of_the_paper_and_of_nltk() {
        for (word, expected) in [
            ("caresses", "caress"),
            ("ponies", "poni"),
            ("ties", "tie"),
            ("cats", "cat"),
            ("agreed", "agre"),
            ("plastered", "plaster"),
            ("motoring", "motor"),
            ("conflated", "conflat"),
            ("hopping", "hop"),
            ("falling", "fall"),
            ("filing", "file"),
            ("happy", "happi"),
            ("enjoy", "enjoy"),
            ("relational", "relat"),
            ("electricity", "electr"),
            ("adjustment", "adjust"),
            ("controll", "control"),
            ("rolling", "roll"),
            ("dying", "die"),
            ("spied", "spi"),
            ("died", "die"),
            ("replacement", "replac"),
            ("geology", "geolog"),
        ] {
            let mut found = word.to_owned();
            stem(&mut found);
            assert_eq!(found, expected, "{word}");
        }
    }

    #[test]
    fn a_word_of_a_megabyte_takes_no_longer_than_its_length() {
        for letter in ["y", "a", "alli", "s"] {
            let mut word = letter.repeat((1 << 20) / letter.len());
            stem(&mut word);
            assert!(!word.is_empty());
        }
    }
}
