//! Many items of a task, written as they are made: `items.jsonl`, the Worlds that they are about, and a card that says how.

use crate::error::Error;
use crate::generate::{Draft, Knobs, Level, Material, Said, Skip, Task};
use crate::generate::{FilmMaker, Media, keep, letter_of, wrong_counts, wrong_numbers};
use chronotope_simulate::Stream;
use chronotope_world::World;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// How often a draw is tried with other choices before it is given up.
const ATTEMPTS: u32 = 100;
/// So many draws in a row that repeat an item: there are no more.
const REPEATS: u64 = 2_000;
/// So many draws in a row that fail, each with all its attempts: the settings do not go together.
const FAILURES: u64 = 200;
/// Most draws that are made before any of them is written.
const BATCH: usize = 512;

/// What is to be made.
pub struct Order<'a> {
    /// The task.
    pub task: &'a dyn Task,
    /// Its settings.
    pub knobs: Knobs,
    /// The level that they started from.
    pub level: Level,
    /// The seed: other seeds share no item's draw.
    pub seed: u64,
    /// The split: splits of one seed share none either.
    pub split: String,
    /// How many items.
    pub count: u64,
    /// The user's own Worlds, by name; empty: generated ones.
    pub from: Vec<(String, World)>,
    /// Threads; the result does not depend on it.
    pub threads: NonZeroUsize,
    /// Who writes videos; without anybody they become pictures.
    pub films: Option<&'a dyn FilmMaker>,
    /// The folder, made where it is not there.
    pub out: PathBuf,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Items in the file.
    pub made: u64,
    /// Of them from an earlier run.
    pub resumed: u64,
    /// Draws.
    pub draws: u64,
    /// Draws that repeated an item.
    pub repeats: u64,
    /// Draws that failed, by the filter that they failed most often.
    pub failed: BTreeMap<String, u64>,
}

impl Census {
    /// As `make --json` prints it.
    pub fn json(&self) -> Json {
        json!({
            "made": self.made, "resumed": self.resumed, "draws": self.draws, "repeats": self.repeats, "failed": self.failed,
        })
    }
}

/// Makes the items. A folder that holds a part of the same order is gone on with: no item is repeated or lost.
///
/// # Errors
/// A folder that holds another order, or that cannot be written. Fewer items than asked for are no error: [`Census`] says why.
pub fn make(order: &Order<'_>, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Census, Error> {
    fs::create_dir_all(&order.out).map_err(|fault| Error::write(&order.out, fault))?;
    let begun = Begun::open(&order.out, &order.card())?;
    let path = order.out.join(ITEMS);
    let file = File::options().append(true).create(true).open(&path);
    let mut file = BufWriter::new(file.map_err(|fault| Error::write(&path, fault))?);
    let census = drawn(
        order,
        begun,
        progress,
        &mut |about, made| {
            if made && about.puzzle.is_none() {
                keep_world(&order.out, &about.name, &about.world)?;
            }
            order.keep_pictures(about)
        },
        &mut |items| {
            let mut write = || -> std::io::Result<()> {
                items.iter().try_for_each(|item| writeln!(file, "{item}"))?;
                file.flush()
            };
            write().map_err(|fault| Error::write(&path, fault))
        },
    );
    file.flush().map_err(|fault| Error::write(&path, fault))?;
    census
}

/// The items alone, nothing written but the Worlds of the user's.
///
/// # Errors
/// As [`make`].
pub fn items(order: &Order<'_>, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<(Vec<Json>, Census), Error> {
    let mut all = Vec::new();
    let census = drawn(order, Begun::default(), progress, &mut |_, _| Ok(Vec::new()), &mut |items| {
        all.append(items);
        Ok(())
    })?;
    Ok((all, census))
}

/// Hears of a World that an item is about and whether it was generated; keeps it and says where its pictures are.
type Keep<'a> = &'a mut dyn FnMut(&Material, bool) -> Result<Vec<PathBuf>, Error>;

/// A generated World, or why there is none.
type Generated = Result<Material, Skip>;

/// Draws until there are enough. `keep` hears of each World that an item is about and says where its pictures are; `take` gets the items.
fn drawn(
    order: &Order<'_>,
    begun: Begun,
    progress: &(dyn Fn(u64, u64) + Sync),
    keep: Keep<'_>,
    take: &mut dyn FnMut(&mut Vec<Json>) -> Result<(), Error>,
) -> Result<Census, Error> {
    let given =
        Given { order, kept: order.from.iter().map(|_| OnceLock::new()).collect(), made: Mutex::default() };
    let Begun { made, mut seen, mut letters, next } = begun;
    let mut census = Census { made, resumed: made, draws: next, ..Census::default() };
    let (mut repeats, mut failures) = (0, 0);
    while census.made < order.count && repeats < REPEATS && failures < FAILURES {
        let first = census.draws;
        let wanted = usize::try_from(order.count - census.made).unwrap_or(BATCH);
        let batch = (wanted + wanted / 4 + 1).min(BATCH);
        let outcomes = in_parallel(batch, order.threads, |at| given.draw(first + at as u64));
        let mut ready = Vec::new();
        for (n, outcome) in (first..).zip(outcomes) {
            if census.made == order.count || repeats >= REPEATS || failures >= FAILURES {
                break;
            }
            census.draws += 1;
            let (made, draft) = match outcome {
                Ok(drawn) => drawn,
                Err(Stop::Skip(skip)) => {
                    *census.failed.entry(skip.filter.into_owned()).or_default() += 1;
                    failures += 1;
                    continue;
                }
                Err(Stop::Broken(error)) => return Err(error),
            };
            let about = match &made {
                Some(made) => made,
                None => given.at(n)?,
            };
            let named = if about.puzzle.is_some() { "" } else { about.name.as_str() };
            if !seen.insert(draft.fingerprint(named)) {
                census.repeats += 1;
                repeats += 1;
                continue;
            }
            (repeats, failures) = (0, 0);
            let media = keep(about, made.is_some())?;
            ready.push(order.item(n, about, draft, &media, &mut letters));
            census.made += 1;
            if !media.is_empty() {
                // pictures take long: what is done is told and kept
                take(&mut ready)?;
                ready.clear();
                progress(census.made, order.count);
            }
        }
        take(&mut ready)?;
        progress(census.made, order.count);
    }
    Ok(census)
}

const ITEMS: &str = "items.jsonl";
const CARD: &str = "make.json";

impl Order<'_> {
    /// A generated World; several questions in a row are about one.
    fn world(&self, block: u64) -> Result<Material, Skip> {
        let mut made = first_of(&self.stream_of("world", block), |own| self.task.world(own, &self.knobs))?;
        made.name = format!("{block:06}");
        Ok(made)
    }

    /// The item as a line of the file.
    fn item(&self, n: u64, about: &Material, draft: Draft, media: &[PathBuf], letters: &mut Letters) -> Json {
        let name = self.task.entry().name;
        let (mut options, mut unit) = (Vec::new(), None);
        let said = match (draft.said, self.knobs.word("form")) {
            (Said::Number { value, unit, decimals }, "choice") => {
                as_choice(value, unit, decimals, &mut self.stream_of("numbers", n))
            }
            (said, _) => said,
        };
        let metric = if matches!(said, Said::Choice { .. }) { "accuracy" } else { self.task.metric() };
        let answer = match said {
            Said::Number { value, unit: said, decimals } => {
                unit = said;
                if decimals == 0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
            }
            Said::Truth(yes) => json!(if yes { "yes" } else { "no" }),
            Said::Text(text) => json!(text),
            Said::Choice { right, mut wrong } => {
                let total = wrong.len() + 1;
                let at = letters.next(self, total);
                self.stream_of("options", n).shuffle(&mut wrong);
                wrong.insert(at, right);
                let letter = |at: usize| char::from(b'A' + u8::try_from(at).unwrap_or_default());
                options =
                    wrong.iter().enumerate().map(|(at, text)| format!("{}. {text}", letter(at))).collect();
                json!(letter(at).to_string())
            }
        };
        let knobs: Map<String, Json> =
            self.knobs.iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        let media: Vec<String> = media.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        json!({
            "id": format!("{name}-{}-{}-{n:06}", self.split, self.seed),
            "task": name,
            "version": self.task.version(),
            "seed": self.seed,
            "knobs": knobs,
            "media": media,
            "question": draft.question,
            "options": options,
            "answer": answer,
            "unit": unit,
            "program": Some(draft.program).filter(|program| !program.is_empty()),
            "evidence": draft.evidence,
            "metric": metric,
            "world": Some(format!("{WORLDS}/{}.world", file_name(&about.name))).filter(|_| about.puzzle.is_none()),
            "story": draft.story,
            "slots": draft.slots,
            "margins": draft.margins,
            "difficulty": draft.difficulty,
            "space": draft.space,
        })
    }

    fn stream_of(&self, what: &str, n: u64) -> Stream {
        let maker = format!("{} {} {what}", self.task.entry().name, self.task.version());
        Stream::of_item(&maker, &self.split, self.seed, n)
    }

    /// Writes the pictures of a generated World once.
    fn keep_pictures(&self, about: &Material) -> Result<Vec<PathBuf>, Error> {
        let Some(show) = &about.show else { return Ok(Vec::new()) };
        let media = Media::named(self.knobs.word("media")).unwrap_or_default();
        let kept =
            keep(show.as_ref(), media, &self.out, &file_name(&about.name), self.threads.get(), self.films);
        kept.map_err(|(path, fault)| Error::write(&path, std::io::Error::other(fault)))
    }

    /// How the items are made: what a run that goes on must share.
    fn card(&self) -> Json {
        let knobs: Map<String, Json> =
            self.knobs.iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        let from: Vec<Json> = self.from.iter().map(|(name, _)| json!(name)).collect();
        json!({
            "task": self.task.entry().name,
            "version": self.task.version(),
            "split": self.split,
            "seed": self.seed,
            "level": Level::NAMES[self.level as usize],
            "knobs": knobs,
            "from": from,
        })
    }
}

/// An order with the user's Worlds, each kept on disk and looked over when it is first asked about.
struct Given<'a> {
    order: &'a Order<'a>,
    kept: Vec<OnceLock<Result<Material, String>>>,
    /// The generated Worlds of this batch, by block: several draws are about one.
    made: Mutex<BTreeMap<u64, Arc<OnceLock<Generated>>>>,
}

/// Why there is no draft.
enum Stop {
    Skip(Skip),
    Broken(Error),
}

impl From<Skip> for Stop {
    fn from(skip: Skip) -> Stop {
        Stop::Skip(skip)
    }
}

impl Given<'_> {
    /// One draw: the World where it was generated for it, and the question. Depends on nothing but the order and the number.
    fn draw(&self, n: u64) -> Result<(Option<Material>, Draft), Stop> {
        let order = self.order;
        let made = if order.from.is_empty() { Some(self.generated(n)?) } else { None };
        let about = match &made {
            Some(made) => made,
            None => self.at(n).map_err(Stop::Broken)?,
        };
        let stream = order.stream_of("question", n);
        let wanted = order.stream_of("wanted", n).bits();
        let draft = first_of(&stream, |own| {
            let draft = order.task.ask(about, own, &order.knobs)?;
            if !order.task.balanced() || draft.is_turn_of(wanted) {
                Ok(draft)
            } else {
                Err(Skip::draw("it is another answer's turn"))
            }
        })?;
        Ok((made, draft))
    }

    /// The generated World that a draw is about. It depends on the number of its block alone, however often it is made.
    fn generated(&self, n: u64) -> Result<Material, Skip> {
        let per_scene = self.order.knobs.count("per_scene").max(1) as u64;
        let block = n / per_scene;
        if per_scene == 1 {
            return self.order.world(block);
        }
        let cell = match self.made.lock() {
            Ok(mut made) => {
                // blocks long past are not asked about again
                while made.len() > 64 {
                    made.pop_first();
                }
                Arc::clone(made.entry(block).or_default())
            }
            Err(_) => return self.order.world(block),
        };
        cell.get_or_init(|| self.order.world(block)).clone()
    }

    /// The user's World that a draw is about: they take turns. It is asked as it lies on disk, so that what is cited is there.
    fn at(&self, n: u64) -> Result<&Material, Error> {
        let at = (n % self.order.from.len().max(1) as u64) as usize;
        let Some(((name, world), kept)) = self.order.from.get(at).zip(self.kept.get(at)) else {
            return Err(Error::input(&self.order.out, "a World to ask about", "none"));
        };
        let material = kept.get_or_init(|| {
            let path = keep_world(&self.order.out, name, world).map_err(|error| error.to_string())?;
            let world = chronotope_remember::bundle::open(&path).map_err(|error| error.to_string())?;
            Material::new(name.clone(), world, None).map_err(|error| error.to_string())
        });
        material
            .as_ref()
            .map_err(|found| Error::input(&self.order.out, format!("the World {name}"), found.clone()))
    }
}

/// The first attempt that gives anything; else the skip by the filter that failed most.
fn first_of<T>(stream: &Stream, attempt: impl Fn(&mut Stream) -> Result<T, Skip>) -> Result<T, Skip> {
    let mut failed: BTreeMap<String, u32> = BTreeMap::new();
    for n in 0..ATTEMPTS {
        match attempt(&mut stream.branch(&n.to_string())) {
            Ok(made) => return Ok(made),
            Err(skip) if skip.hopeless => return Err(skip),
            Err(skip) => *failed.entry(skip.filter.into_owned()).or_default() += 1,
        }
    }
    let most = failed.into_iter().max_by_key(|(_, times)| *times);
    Err(Skip::draw(most.map_or_else(String::new, |(filter, _)| filter)))
}

/// A number among wrong ones; as it is where too few wrong ones can be told from it.
fn as_choice(value: f64, unit: Option<&'static str>, decimals: u8, stream: &mut Stream) -> Said {
    /// Wrong values lie at least this share of the right one away from it and from each other.
    const APART: f64 = 0.2;
    let wrong: Vec<f64> = match unit {
        None => wrong_counts(value as i64, 3, stream).into_iter().map(|count| count as f64).collect(),
        Some(_) => wrong_numbers(value, decimals, APART, 3, stream),
    };
    if wrong.is_empty() {
        return Said::Number { value, unit, decimals };
    }
    let text = |value: f64| {
        let number = format!("{value:.*}", usize::from(decimals));
        unit.map_or(number.clone(), |unit| format!("{number} {unit}"))
    };
    Said::Choice { right: text(value), wrong: wrong.into_iter().map(text).collect() }
}

/// Which letter comes next, by the number of options.
#[derive(Default)]
struct Letters {
    given: BTreeMap<usize, u64>,
}

impl Letters {
    fn next(&mut self, order: &Order<'_>, total: usize) -> usize {
        let given = self.given.entry(total).or_default();
        *given += 1;
        letter_of(|block| order.stream_of(&format!("letters of {total}"), block), *given - 1, total)
    }
}

/// What lies in the folder already.
#[derive(Default)]
struct Begun {
    made: u64,
    seen: HashSet<[u8; 16]>,
    letters: Letters,
    /// The draw after the last one that gave an item.
    next: u64,
}

impl Begun {
    fn open(out: &Path, card: &Json) -> Result<Begun, Error> {
        let (path, items) = (out.join(CARD), out.join(ITEMS));
        let mut begun = Begun { made: 0, seen: HashSet::new(), letters: Letters::default(), next: 0 };
        match fs::read_to_string(&path) {
            Ok(text) => {
                let found: Json = serde_json::from_str(&text).unwrap_or_default();
                if found != *card {
                    return Err(Error::OtherOrder {
                        found: found.to_string(),
                        wanted: card.to_string(),
                        path: out.to_owned(),
                    });
                }
            }
            Err(_) if items.exists() => {
                return Err(Error::OtherOrder {
                    found: "items without a card".into(),
                    wanted: card.to_string(),
                    path: out.to_owned(),
                });
            }
            Err(_) => return write_whole(&path, &format!("{card:#}\n")).map(|()| begun),
        }
        let Ok(file) = File::open(&items) else { return Ok(begun) };
        let (mut reader, mut line, mut whole) = (BufReader::new(file), String::new(), 0_u64);
        loop {
            line.clear();
            let read = reader.read_line(&mut line).map_err(|fault| Error::write(&items, fault))?;
            let Some(item) = serde_json::from_str::<Json>(&line).ok().filter(|_| line.ends_with('\n')) else {
                break;
            };
            whole += read as u64;
            begun.made += 1;
            let options = item["options"].as_array().map_or(0, Vec::len);
            if options > 0 {
                *begun.letters.given.entry(options).or_default() += 1;
            }
            let number = item["id"].as_str().and_then(|id| id.rsplit('-').next()?.parse::<u64>().ok());
            begun.next = number.map_or(begun.next, |n| n + 1);
            begun.seen.insert(fingerprint_of(&item));
        }
        // a line that was cut off is made anew
        let file = File::options().write(true).open(&items).map_err(|fault| Error::write(&items, fault))?;
        file.set_len(whole).map_err(|fault| Error::write(&items, fault))?;
        Ok(begun)
    }
}

impl Draft {
    /// Whether the right option is the one of this number, of the options in the order of their words.
    fn is_turn_of(&self, number: u64) -> bool {
        let Said::Choice { right, wrong } = &self.said else { return true };
        let mut all: Vec<&String> = wrong.iter().chain([right]).collect();
        all.sort_unstable();
        all.get((number % all.len() as u64) as usize).is_some_and(|wanted| *wanted == right)
    }

    /// What makes two items the same: World, question, and the set of options.
    fn fingerprint(&self, world: &str) -> [u8; 16] {
        let mut options: Vec<&str> = match &self.said {
            Said::Choice { right, wrong } => wrong.iter().chain([right]).map(String::as_str).collect(),
            _ => Vec::new(),
        };
        options.sort_unstable();
        let world = if world.is_empty() { String::new() } else { file_name(world) };
        let puzzle = self.slots.get("puzzle").and_then(Json::as_str).unwrap_or_default();
        fingerprint(&world, puzzle, &self.question, &options)
    }
}

fn fingerprint_of(item: &Json) -> [u8; 16] {
    let world = item["world"].as_str().and_then(|path| path.strip_prefix("worlds/")?.strip_suffix(".world"));
    let listed = item["options"].as_array();
    let mut options: Vec<&str> = listed
        .into_iter()
        .flatten()
        .filter_map(|option| option.as_str()?.split_once(". ").map(|(_, text)| text))
        .collect();
    options.sort_unstable();
    let puzzle = item["slots"]["puzzle"].as_str().unwrap_or_default();
    fingerprint(world.unwrap_or_default(), puzzle, item["question"].as_str().unwrap_or_default(), &options)
}

fn fingerprint(world: &str, puzzle: &str, question: &str, options: &[&str]) -> [u8; 16] {
    let mut digest = Sha256::new();
    for part in [world, puzzle, question].iter().chain(options) {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    let digest: [u8; 32] = digest.finalize().into();
    std::array::from_fn(|at| digest[at])
}

const WORLDS: &str = "worlds";

/// Writes the World of an item once, and says where it lies.
fn keep_world(out: &Path, name: &str, world: &World) -> Result<PathBuf, Error> {
    let folder = out.join(WORLDS);
    let path = folder.join(format!("{}.world", file_name(name)));
    if !path.join("world.json").is_file() {
        fs::create_dir_all(&folder).map_err(|fault| Error::write(&folder, fault))?;
        let wrote = chronotope_remember::bundle::write(&path, world);
        wrote.map_err(|fault| Error::Bundle { fault, path: path.clone() })?;
    }
    Ok(path)
}

/// A name that is a file's name everywhere.
fn file_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' })
        .take(100)
        .collect();
    if kept.trim_matches('.').is_empty() { "scene".to_owned() } else { kept }
}

/// A file that is there whole or not at all.
fn write_whole(path: &Path, text: &str) -> Result<(), Error> {
    let beside = path.with_extension("part");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|fault| Error::write(path, fault))
}

/// `work` of 0 to `n`, on several threads, in order.
fn in_parallel<R: Send>(n: usize, threads: NonZeroUsize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    if threads.get() == 1 {
        return (0..n).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let worker = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= n {
                    return done;
                }
                done.push((at, work(at)));
            }
        };
        let handles: Vec<_> = (0..threads.get().min(n)).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, result)| result).collect()
}
