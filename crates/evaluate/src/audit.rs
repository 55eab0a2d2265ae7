//! What can be guessed without looking: solvers that see the words of an item alone are trained on many items and tested on others. A task
//! whose items they answer better than chance leaks.

use crate::calibration::wilson;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a blind solver reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Blind {
    /// `majority`, `nearest-neighbour` or `naive-bayes`.
    pub solver: &'static str,
    /// Share of the test items that it answers right; of numbers, share within a tenth of the truth.
    pub share: f64,
    /// Where the share of all items lies with 95 %, by the number of test items (Wilson, 1927).
    pub interval: [f64; 2],
    /// What guessing among the options gives; of numbers, what the best constant gives.
    pub chance: f64,
    /// Test items.
    pub n: u64,
}

impl Blind {
    /// Whether it surely does better than a quarter above chance: the limit of TASKS' leak checks.
    pub fn leaks(&self) -> bool {
        self.interval[0] > 1.25 * self.chance
    }
}

/// Trains each solver on the one list of items and tests it on the other. Items are rows that `make` wrote.
pub fn audit(train: &[Value], test: &[Value]) -> Vec<Blind> {
    let train: Vec<Seen> = train.iter().filter_map(Seen::of).collect();
    let test: Vec<Seen> = test.iter().filter_map(Seen::of).collect();
    let chance = if test.iter().any(|item| !item.options.is_empty()) {
        mean(test.iter().map(|item| 1.0 / item.options.len().max(1) as f64))
    } else {
        best_constant(&train, &test)
    };
    let solvers: [(&'static str, Solver); 3] = [
        ("majority", majority(&train)),
        ("nearest-neighbour", nearest(&train)),
        ("naive-bayes", bayes(&train)),
    ];
    let mark = |(solver, answer): (&'static str, Solver)| {
        let right = test.iter().filter(|item| item.is_right(&answer(item))).count();
        let n = test.len() as u64;
        let share = right as f64 / n.max(1) as f64;
        Blind { solver, share, interval: wilson(share, n), chance, n }
    };
    solvers.into_iter().map(mark).collect()
}

/// What a trained solver says to an item.
type Solver = Box<dyn Fn(&Seen) -> String>;

/// An item as a blind solver sees it.
struct Seen {
    words: BTreeSet<String>,
    /// The texts of the options, without letters.
    options: Vec<String>,
    /// The text of the right option, the number, or the words.
    answer: String,
}

impl Seen {
    fn of(item: &Value) -> Option<Seen> {
        let listed = item["options"].as_array()?;
        let options: Vec<String> =
            listed.iter().filter_map(|o| Some(o.as_str()?.split_once(". ")?.1.to_owned())).collect();
        let answer = match &item["answer"] {
            Value::String(letter) if !options.is_empty() => {
                let at = letter.bytes().next()?.checked_sub(b'A')?;
                options.get(usize::from(at))?.clone()
            }
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(Seen { words: words(item["question"].as_str()?), options, answer })
    }

    fn is_right(&self, said: &str) -> bool {
        match (self.answer.parse::<f64>(), said.parse::<f64>()) {
            (Ok(truth), Ok(said)) if self.options.is_empty() => (truth - said).abs() <= 0.1 * truth.abs(),
            _ => self.answer == said,
        }
    }
}

fn words(text: &str) -> BTreeSet<String> {
    let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_lowercase).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    if n == 0 { 0.0 } else { sum / f64::from(n) }
}

/// How often each answer is right.
fn counts(items: &[Seen]) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item.answer.as_str()).or_default() += 1;
    }
    counts
}

/// Share of the test items that the best constant of the training items answers.
fn best_constant(train: &[Seen], test: &[Seen]) -> f64 {
    let counts = counts(train);
    let best = counts.iter().max_by_key(|(_, n)| **n).map_or("", |(answer, _)| *answer);
    mean(test.iter().map(|item| f64::from(u8::from(item.is_right(best)))))
}

/// The option, or the answer, that was right most often.
fn majority(train: &[Seen]) -> Solver {
    let mut offered: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for item in train {
        for option in item.options.iter().chain(item.options.is_empty().then_some(&item.answer)) {
            let (right, all) = offered.entry(option.clone()).or_default();
            *right += u64::from(*option == item.answer);
            *all += 1;
        }
    }
    let common =
        counts(train).into_iter().max_by_key(|(_, n)| *n).map_or("", |(answer, _)| answer).to_owned();
    Box::new(move |item| {
        // with one more right and one more wrong than seen: what was offered once proves little
        let rate = |option: &String| {
            let (right, all) = offered.get(option).copied().unwrap_or_default();
            (right + 1) as f64 / (all + item.options.len().max(2) as u64) as f64
        };
        let best = item.options.iter().max_by(|a, b| rate(a).total_cmp(&rate(b)));
        best.cloned().unwrap_or_else(|| common.clone())
    })
}

/// The answer of the training item that shares most words.
fn nearest(train: &[Seen]) -> Solver {
    let mut by_word: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut rows: Vec<(usize, String)> = Vec::new();
    for item in train {
        let n = rows.len() as u32;
        let seen: BTreeSet<String> =
            item.words.iter().cloned().chain(item.options.iter().flat_map(|o| words(o))).collect();
        rows.push((seen.len(), item.answer.clone()));
        for word in seen {
            by_word.entry(word).or_default().push(n);
        }
    }
    // words of nearly every item tell nothing
    let most = rows.len() / 2;
    by_word.retain(|_, items| items.len() <= most.max(8));
    Box::new(move |item| {
        let seen: BTreeSet<String> =
            item.words.iter().cloned().chain(item.options.iter().flat_map(|o| words(o))).collect();
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        for word in &seen {
            for &n in by_word.get(word).into_iter().flatten() {
                *shared.entry(n).or_default() += 1;
            }
        }
        let alike =
            |n: u32, common: usize| common as f64 / (rows[n as usize].0 + seen.len() - common).max(1) as f64;
        let offered = |n: u32| item.options.is_empty() || item.options.contains(&rows[n as usize].1);
        let best = shared
            .iter()
            .filter(|(n, _)| offered(**n))
            .max_by(|a, b| alike(*a.0, *a.1).total_cmp(&alike(*b.0, *b.1)).then(b.0.cmp(a.0)));
        best.map(|(n, _)| rows[*n as usize].1.clone())
            .or_else(|| item.options.first().cloned())
            .unwrap_or_default()
    })
}

/// How much likelier each word of an option, alone and beside each word of the question, is in a right option than in a wrong one.
fn bayes(train: &[Seen]) -> Solver {
    let mut seen: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let mut all = [0_u64; 2];
    for item in train {
        for option in &item.options {
            let class = usize::from(*option == item.answer);
            all[class] += 1;
            for feature in features(item, option) {
                seen.entry(feature).or_default()[class] += 1;
            }
        }
    }
    let numbers: Vec<(BTreeSet<String>, f64)> = train
        .iter()
        .filter(|item| item.options.is_empty())
        .filter_map(|item| Some((item.words.clone(), item.answer.parse().ok()?)))
        .collect();
    let middle = middle_by_word(&numbers);
    Box::new(move |item| {
        if item.options.is_empty() {
            let known: Vec<f64> = item.words.iter().filter_map(|word| middle.get(word)).copied().collect();
            // the word that narrows most stands last: rare words have their own middle
            return known
                .last()
                .map_or_else(|| middle.get("").copied().unwrap_or_default(), |v| *v)
                .to_string();
        }
        let odds = |option: &String| -> f64 {
            features(item, option)
                .iter()
                .filter_map(|feature| seen.get(feature))
                .map(|[wrong, right]| {
                    let rate = |n: u64, of: u64| (n + 1) as f64 / (of + 2) as f64;
                    libm::log(rate(*right, all[1])) - libm::log(rate(*wrong, all[0]))
                })
                .sum()
        };
        item.options.iter().max_by(|a, b| odds(a).total_cmp(&odds(b))).cloned().unwrap_or_default()
    })
}

/// The middle answer of the items with each word; of all under the empty word.
fn middle_by_word(items: &[(BTreeSet<String>, f64)]) -> BTreeMap<String, f64> {
    let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (words, value) in items {
        values.entry(String::new()).or_default().push(*value);
        for word in words {
            values.entry(word.clone()).or_default().push(*value);
        }
    }
    let middle = |mut list: Vec<f64>| {
        list.sort_by(f64::total_cmp);
        list[list.len() / 2]
    };
    values.into_iter().map(|(word, list)| (word, middle(list))).collect()
}

fn features(item: &Seen, option: &str) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    let parts = words(option);
    all.insert(format!("={option}"));
    all.insert(format!("#{}", option.len() / 4));
    for part in &parts {
        all.insert(part.clone());
        for word in item.words.iter().take(40) {
            all.insert(format!("{word} {part}"));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(question: &str, options: &[&str], right: usize) -> Value {
        let lettered: Vec<String> =
            options.iter().enumerate().map(|(n, o)| format!("{}. {o}", char::from(b'A' + n as u8))).collect();
        json!({"question": question, "options": lettered, "answer": char::from(b'A' + right as u8).to_string()})
    }

    /// Items in which the colour that the question names decides, or nothing does.
    fn set(leaking: bool, from: u32, n: u32) -> Vec<Value> {
        let one = |n: u32| {
            let noise = n.wrapping_mul(2_654_435_761) >> 16;
            let asked = ["red", "blue"][(noise & 1) as usize];
            let right = if leaking { (noise & 1) as usize } else { (noise >> 3 & 1) as usize };
            item(&format!("Is the {asked} thing {n} left or right?"), &["left", "right"], right)
        };
        (from..from + n).map(one).collect()
    }

    #[test]
    fn what_the_words_tell_is_found_and_what_they_do_not_is_not() {
        let of = |leaking| audit(&set(leaking, 0, 2000), &set(leaking, 5000, 1000));
        let leaking = of(true);
        let bayes = leaking.iter().find(|blind| blind.solver == "naive-bayes").expect("it runs");
        assert!(bayes.share > 0.99 && bayes.leaks(), "{bayes:?}");
        assert!(of(false).iter().all(|blind| !blind.leaks()), "{:?}", of(false));
    }

    #[test]
    fn a_number_that_is_always_the_same_is_no_better_than_the_constant() {
        let rows: Vec<Value> = (0..300)
            .map(|n| json!({"question": format!("How many {n}?"), "options": [], "answer": 2}))
            .collect();
        let found = audit(&rows[..200], &rows[200..]);
        assert!(found.iter().all(|blind| blind.chance == 1.0 && !blind.leaks()), "{found:?}");
    }
}
