//! `eval`: a benchmark's items, answered by a strategy and scored as the benchmark does.

use std::path::{Path, PathBuf};
use std::time::Instant;

use chronotope::act::{self, Means, Strategy};
use chronotope::evaluate::{
    Calibration, Comparison, Noise, Report, Run, Rung, Scored, Settings, benchmarks, compare, ladder, run,
};
#[cfg(feature = "video")]
use chronotope::perceive::video::VideoPictures;
use chronotope::score::{Paired, paired};
use chronotope::tasks::benchmark::Made;
use chronotope::tasks::{Benchmark, Loaded, Scene};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::model::{self, Model};
use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// Answers the items of a benchmark with a strategy, and scores the answers as the benchmark does.
///
/// DATA is the folder (or the file of questions) of the official release, or the same under another name; gzip is read as
/// it is. An item without an answer scores 0 and is counted.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The benchmark (`chronotope list benchmarks` names them), or the items that `chronotope make` wrote
    #[arg(required_unless_present = "compare")]
    benchmark: Option<String>,
    /// Its files
    data: Option<PathBuf>,
    /// Compare two runs that --out kept, item by item: what differs in how they were made, which is better, and how sure that is
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["benchmark", "strategy", "limit", "out", "noise", "ladder"])]
    compare: Option<Vec<PathBuf>>,
    /// How to answer: `exact` is the engine alone, and the default where the items come with Worlds; several with commas between them
    #[arg(long, value_name = "NAME,…")]
    strategy: Option<String>,
    #[command(flatten)]
    model: Model,
    /// Pictures that a model is shown of each item
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pictures: u32,
    /// Longest side of these pictures
    #[arg(long, value_name = "PX", default_value_t = 768, value_parser = clap::value_parser!(u32).range(16..=8192))]
    longest_px: u32,
    /// Ask the first N items alone
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Write predictions.jsonl, report.json and card.json here; a run that was stopped goes on
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Disturb the scenes first, as perception would: centre=METRES,extent=SHARE,miss=P,label=P
    #[arg(long, value_name = "NOISE", conflicts_with = "ladder")]
    noise: Option<String>,
    /// Seed of what is drawn
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Run again and again with growing noise and print the table
    #[arg(long, conflicts_with = "out")]
    ladder: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        #[expect(clippy::disallowed_methods, reason = "the command line is the rim that measures time")]
        let started = Instant::now();
        if let Some([first, second]) = self.compare.as_deref() {
            let found = compare(first, second, self.seed).map_err(Fault::input)?;
            return print_comparison(&found, self.json, session);
        }
        let made: Made;
        let (benchmark, data): (&dyn Benchmark, PathBuf) = match (&self.benchmark, &self.data) {
            (Some(benchmark), Some(data)) => (self::benchmark(benchmark)?, data.clone()),
            (Some(items), None) if is_items(items) => {
                made = Made::open(items.as_ref()).map_err(Fault::input)?;
                (&made, items.into())
            }
            _ => return Err(Fault::usage("expected BENCHMARK DATA, ITEMS.jsonl, or --compare A B")),
        };
        let noise = match &self.noise {
            Some(noise) => Noise::parse(noise).map_err(|error| Fault::usage(format!("--noise: {error}")))?,
            None => Noise::default(),
        };
        let loaded = benchmark.load(&data).map_err(Fault::input)?;
        for note in &loaded.notes {
            session.detail(1, note);
        }
        if loaded.items.is_empty() {
            let name = benchmark.entry().name;
            return Err(Fault::bad(format!("expected items of {name}, found none: {}", data.display())));
        }
        let strategies = self.strategies(&loaded)?;
        let means = self.means(&strategies)?;
        let loaded_s = started.elapsed().as_secs_f64();
        let settings = Settings {
            limit: self.limit,
            threads: session.threads(),
            seed: self.seed,
            noise,
            means,
            out: self.out.clone(),
        };
        let bar = session.shows_progress().then(bar);
        let progress = |done: usize, of: usize| {
            if let Some(bar) = &bar {
                bar.set_length(of as u64);
                bar.set_position(done as u64);
            }
        };
        if let [_, _, ..] = strategies.as_slice() {
            let runs = self.side_by_side(benchmark, &loaded, &strategies, &settings, &progress);
            bar.inspect(ProgressBar::finish_and_clear);
            return self.print_side_by_side(&runs?, session);
        }
        let strategy = strategies[0];
        if self.ladder {
            let rungs = ladder(benchmark, &loaded, strategy, &settings, &progress).map_err(Fault::input)?;
            bar.inspect(ProgressBar::finish_and_clear);
            return self.print_ladder(&rungs, session);
        }
        let run = run(benchmark, &loaded, strategy, &settings, &progress).map_err(failed)?;
        bar.inspect(ProgressBar::finish_and_clear);
        if run.resumed > 0 {
            session.note(&format!("{} items were answered before", run.resumed));
        }
        let total_s = started.elapsed().as_secs_f64();
        if self.json {
            let timing =
                if session.timing() { json!({ "load_s": loaded_s, "total_s": total_s }) } else { json!({}) };
            session.json(&run.json(&timing))?;
        } else {
            print(&run, benchmark, session)?;
            if session.timing() {
                session.note(&format!("{total_s:.2} s, of them {loaded_s:.2} s reading the files"));
            }
        }
        if let Some(out) = &self.out {
            session.note(&format!("predictions, report and card: {}", out.display()));
        }
        Ok(Outcome::Done)
    }

    /// Each strategy over the same items, one after another; with --out each in a folder of its own.
    fn side_by_side(
        &self,
        benchmark: &dyn Benchmark,
        loaded: &Loaded,
        strategies: &[&'static dyn Strategy],
        settings: &Settings,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Vec<Run>, Fault> {
        let of_one = |strategy: &&'static dyn Strategy| {
            let out = self.out.as_ref().map(|out| out.join(strategy.entry().name));
            let settings = Settings { out, ..settings.clone() };
            run(benchmark, loaded, *strategy, &settings, progress).map_err(failed)
        };
        strategies.iter().map(of_one).collect()
    }

    fn print_side_by_side(&self, runs: &[Run], session: &Session) -> Result<Outcome, Fault> {
        let beside = against_first(runs, self.seed);
        if self.json {
            let rows: Vec<Value> = runs
                .iter()
                .zip(&beside)
                .map(|(run, beside)| {
                    let mut json = run.json(&json!({}));
                    json["against_first"] = beside.as_ref().map_or(Value::Null, |found| {
                        json!({
                            "difference": found.paired.means[1] - found.paired.means[0],
                            "interval": found.paired.interval.map(|i| [i.low, i.high]),
                            "p": found.paired.p,
                            "p_holm": found.p_holm,
                            "n": found.paired.n,
                        })
                    });
                    json
                })
                .collect();
            session.json(&rows)?;
            return Ok(Outcome::Done);
        }
        let signed = |share: f64| format!("{:+.1}", 100.0 * share);
        let row = |(run, beside): (&Run, &Option<Beside>)| {
            let all = &run.report.all;
            let paired = beside.as_ref().map(|found| &found.paired);
            [
                run.card.strategy.clone(),
                percent(all.overall),
                format!("{} of {}", all.answered, all.n),
                percent(all.overall_answered),
                paired.map_or_else(String::new, |p| signed(p.means[1] - p.means[0])),
                paired
                    .and_then(|p| p.interval)
                    .map_or_else(String::new, |i| format!("{} to {}", signed(i.low), signed(i.high))),
                beside
                    .as_ref()
                    .and_then(|found| found.p_holm)
                    .map_or_else(String::new, |p| format!("{p:.3}")),
                run.cost.calls.to_string(),
                run.cost.frames.to_string(),
                run.cost.tokens.to_string(),
            ]
        };
        let head = [
            "STRATEGY", "SCORE", "ANSWERED", "OF THESE", "- FIRST", "95 %", "P (HOLM)", "CALLS", "PICTURES",
            "TOKENS",
        ];
        session.table(head, runs.iter().zip(&beside).map(row).collect())?;
        Ok(Outcome::Done)
    }

    /// What the strategies may use.
    fn means(&self, strategies: &[&'static dyn Strategy]) -> Result<Means, Fault> {
        let mut means = Means::default();
        means.n_pictures = self.pictures;
        means.longest_px = self.longest_px;
        means.chat = self.model.ready()?;
        if let (None, Some(asks)) = (&means.chat, strategies.iter().find(|strategy| strategy.asks_a_model()))
        {
            return Err(Fault::usage(format!(
                "--strategy {}: expected --model URL, found none",
                asks.entry().name
            )));
        }
        means.open = opens();
        means.decoder = decoder();
        Ok(means)
    }

    /// The strategies that were named, each once.
    fn strategies(&self, loaded: &Loaded) -> Result<Vec<&'static dyn Strategy>, Fault> {
        let Some(named) = &self.strategy else { return Ok(vec![self.strategy(None, loaded)?]) };
        let mut found: Vec<&'static dyn Strategy> = Vec::new();
        for name in named.split(',') {
            let strategy = self.strategy(Some(name.trim()), loaded)?;
            if found.iter().any(|earlier| earlier.entry().name == strategy.entry().name) {
                return Err(Fault::usage(format!("--strategy: expected each once, found `{name}` again")));
            }
            found.push(strategy);
        }
        if found.len() > 1 && self.ladder {
            return Err(Fault::usage("--ladder: expected one strategy, found several"));
        }
        Ok(found)
    }

    /// The strategy that was named; the engine alone where none was and the items come with Worlds or stories.
    fn strategy(&self, name: Option<&str>, loaded: &Loaded) -> Result<&'static dyn Strategy, Fault> {
        let names =
            || -> Vec<&str> { act::STRATEGIES.iter().map(|strategy| strategy.entry().name).collect() };
        let answerable =
            |scene: &Scene| matches!(scene, Scene::World(_) | Scene::Story(..) | Scene::Map { .. });
        match name {
            Some(name) => act::by_name(name).ok_or_else(|| {
                Fault::usage(format!("--strategy: expected {}, found `{name}`", names().join(", ")))
            }),
            None if loaded.items.iter().any(|item| answerable(&item.scene)) => {
                act::by_name("exact").ok_or_else(|| Fault::usage("expected --strategy NAME"))
            }
            None => Err(Fault::usage(format!(
                "expected --strategy NAME: these items come without a World; there are {}",
                names().join(", ")
            ))),
        }
    }

    fn print_ladder(&self, rungs: &[Rung], session: &Session) -> Result<Outcome, Fault> {
        if self.json {
            let rows: Vec<Value> = rungs.iter().map(rung_json).collect();
            session.json(&rows)?;
            return Ok(Outcome::Done);
        }
        let row = |rung: &Rung| {
            let Noise { centre, extent, miss, label } = rung.noise;
            let all = &rung.all;
            [
                format!("{centre} m"),
                percent(Some(extent)),
                percent(Some(miss)),
                percent(Some(label)),
                percent(all.overall),
                percent(all.overall_answered),
                percent(Some(1.0 - all.answered as f64 / all.n.max(1) as f64)),
                all.calibration.as_ref().map_or_else(|| "–".to_owned(), |c| format!("{:.3}", c.ece)),
                all.calibration.as_ref().map_or_else(|| "–".to_owned(), |c| format!("{:.3}", c.brier)),
            ]
        };
        let head =
            ["CENTRE", "EXTENT", "MISSED", "LABEL", "SCORE", "ANSWERED ONLY", "NOT ANSWERED", "ECE", "BRIER"];
        session.table(head, rungs.iter().map(row).collect())?;
        Ok(Outcome::Done)
    }
}

/// A run beside the first one, item by item.
struct Beside {
    paired: Paired,
    /// Corrected for how many runs stand beside the first (Holm).
    p_holm: Option<f64>,
}

/// Every run but the first beside the first, on the items that both scored.
fn against_first(runs: &[Run], seed: u64) -> Vec<Option<Beside>> {
    let Some((first, others)) = runs.split_first() else { return Vec::new() };
    let mut found: Vec<Option<Beside>> = others
        .iter()
        .map(|run| {
            let both = first.rows.iter().zip(&run.rows);
            let scores: Vec<[f64; 2]> = both.filter_map(|(a, b)| Some([a.score?, b.score?])).collect();
            Some(Beside { paired: paired(&scores, seed)?, p_holm: None })
        })
        .collect();
    let mut order: Vec<(f64, usize)> =
        found.iter().enumerate().filter_map(|(at, beside)| Some((beside.as_ref()?.paired.p?, at))).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut least = 0.0_f64;
    for (rank, &(p, at)) in order.iter().enumerate() {
        least = least.max((p * (order.len() - rank) as f64).min(1.0));
        if let Some(beside) = &mut found[at] {
            beside.p_holm = Some(least);
        }
    }
    std::iter::once(None).chain(found).collect()
}

/// A run that broke off: a model's failure as such, else bad input. What was answered until then is kept with --out.
pub(crate) fn failed(error: chronotope::evaluate::Error) -> Fault {
    match error {
        chronotope::evaluate::Error::Act(act::Error::Model { fault, .. }) => model::served(fault),
        other => Fault::input(other),
    }
}

fn benchmark(name: &str) -> Result<&'static dyn Benchmark, Fault> {
    let all = benchmarks();
    let names: Vec<&str> = all.iter().map(|benchmark| benchmark.entry().name).collect();
    all.iter()
        .copied()
        .find(|benchmark| benchmark.entry().name == name)
        .ok_or_else(|| Fault::usage(format!("expected a benchmark ({}), found `{name}`", names.join(", "))))
}

fn print_comparison(found: &Comparison, json: bool, session: &Session) -> Result<Outcome, Fault> {
    if json {
        session.json(&found.json())?;
        return Ok(Outcome::Done);
    }
    for (field, [a, b]) in &found.unlike {
        session.text(&format!("{field}: {a} | {b}"))?;
    }
    if found.unlike.is_empty() {
        session.text("both runs were made alike")?;
    }
    let row = |name: &str, found: &Paired| {
        let signed = |share: f64| format!("{:+.1}", 100.0 * share);
        let interval = found.interval.map_or_else(
            || "–".to_owned(),
            |interval| format!("{} to {}", signed(interval.low), signed(interval.high)),
        );
        [
            name.to_owned(),
            found.n.to_string(),
            percent(Some(found.means[0])),
            percent(Some(found.means[1])),
            signed(found.means[1] - found.means[0]),
            interval,
            found.better[0].to_string(),
            found.better[1].to_string(),
            found.p.map_or_else(
                || "–".to_owned(),
                |p| if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") },
            ),
        ]
    };
    let mut rows: Vec<_> = found.by_type.iter().map(|(name, found)| row(name, found)).collect();
    rows.push(row("all", &found.all));
    session.table(["TYPE", "N", "A", "B", "B - A", "95 %", "A BETTER", "B BETTER", "P"], rows)?;
    if found.alone != [0, 0] {
        session.note(&format!("left out: {} items only in A, {} only in B", found.alone[0], found.alone[1]));
    }
    const SHOWN: usize = 5;
    for changed in found.changed.iter().take(SHOWN) {
        let [a, b] = changed.said.each_ref().map(|said| said.chars().take(60).collect::<String>());
        session.note(&format!("{} ({}): truth {}; A {a}; B {b}", changed.id, changed.group, changed.truth));
    }
    if found.changed.len() > SHOWN {
        session
            .note(&format!("and {} more items differ; --json names a hundred", found.changed.len() - SHOWN));
    }
    Ok(Outcome::Done)
}

/// How videos are opened; none without a decoder.
#[allow(clippy::unnecessary_wraps, reason = "without `video` there is none")]
pub(crate) fn opens() -> Option<std::sync::Arc<act::Open>> {
    #[cfg(feature = "video")]
    return Some(std::sync::Arc::new(|path: &Path| {
        let (pictures, span) = VideoPictures::of_file(path)?;
        Ok((Box::new(pictures) as Box<dyn chronotope::world::Pictures>, span))
    }));
    #[cfg(not(feature = "video"))]
    None
}

/// Who decodes them.
#[allow(clippy::unnecessary_wraps, reason = "without `video` there is none")]
pub(crate) fn decoder() -> Option<String> {
    #[cfg(feature = "video")]
    return Some(VideoPictures::decoder());
    #[cfg(not(feature = "video"))]
    None
}

pub(crate) fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} {pos}/{len} {wide_bar} {eta}") {
        bar.set_style(style);
    }
    bar
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", 100.0 * share))
}

fn rung_json(rung: &Rung) -> Value {
    let Noise { centre, extent, miss, label } = rung.noise;
    let all = &rung.all;
    let by_type: serde_json::Map<String, Value> = all
        .by_type
        .iter()
        .map(|(name, s)| (name.clone(), json!({"score": s.score, "n": s.n, "answered": s.answered})))
        .collect();
    json!({
        "noise": {"centre": centre, "extent": extent, "miss": miss, "label": label},
        "overall": all.overall,
        "overall_answered": all.overall_answered,
        "n": all.n,
        "answered": all.answered,
        "by_type": by_type,
        "calibration": all.calibration.as_ref().map(Calibration::json),
    })
}

/// The reliability diagram as a table.
fn print_calibration(calibration: &Calibration, session: &Session) -> Result<(), Fault> {
    let rows = calibration.bins.iter().filter(|bin| bin.n > 0).map(|bin| {
        [
            format!("{:.1}–{:.1}", bin.from, bin.from + 0.1),
            bin.n.to_string(),
            percent(Some(bin.said)),
            percent(Some(bin.right)),
            format!("{} to {}", percent(Some(bin.interval[0])), percent(Some(bin.interval[1]))),
        ]
    });
    session.table(["SAID", "N", "MEAN", "RIGHT", "95 %"], rows.collect())?;
    let rows = calibration.by_type.iter().map(|(name, t)| {
        [
            name.clone(),
            t.n.to_string(),
            percent(Some(t.said)),
            percent(Some(t.right)),
            format!("{:.3}", t.ece),
            format!("{:.3}", t.brier),
        ]
    });
    session.table(["TYPE", "N", "SAID", "RIGHT", "ECE", "BRIER"], rows.collect())?;
    let Calibration { n, without, unanswered, ece, ece_interval, brier, brier_interval, .. } = calibration;
    session.note(&format!(
        "{n} answers with a probability ({without} without, {unanswered} items without an answer): ECE {ece:.3} ({:.3} to {:.3}), Brier {brier:.3} ({:.3} to {:.3})",
        ece_interval[0], ece_interval[1], brier_interval[0], brier_interval[1],
    ));
    Ok(())
}

/// The table for people: by type, of all items and of each subset.
/// Whether a benchmark's name is a file of items.
fn is_items(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("jsonl"))
}

fn print(run: &Run, benchmark: &dyn Benchmark, session: &Session) -> Result<(), Fault> {
    let Report { all, subsets, .. } = &run.report;
    let row = |name: &str, scored: &Scored, part: &str| {
        let answered = if scored.answered == scored.n { None } else { Some(scored.overall_answered) };
        [
            format!("{name}{part}"),
            percent(scored.overall),
            scored.n.to_string(),
            scored.answered.to_string(),
            answered.map_or_else(|| percent(scored.overall), percent),
        ]
    };
    let mut rows: Vec<[String; 5]> = all
        .by_type
        .iter()
        .map(|(name, s)| {
            let (n, answered) = (s.n.to_string(), s.answered.to_string());
            [name.clone(), percent(Some(s.score)), n, answered, percent(s.score_answered)]
        })
        .collect();
    rows.push(row("overall", all, ""));
    for (name, scored) in subsets {
        rows.push(row("overall", scored, &format!(", {name}")));
    }
    session.table(["TYPE", "SCORE", "N", "ANSWERED", "OF THE ANSWERED"], rows)?;
    session.note(benchmark.reads());
    if let Some(calibration) = &all.calibration {
        print_calibration(calibration, session)?;
    }
    let why: Vec<String> = run.report.by_missing.iter().map(|(kind, n)| format!("{kind} {n}")).collect();
    if !why.is_empty() {
        session.note(&format!("not answered, by what is missing: {}", why.join(", ")));
    }
    Ok(())
}
