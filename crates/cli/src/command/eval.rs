//! `eval`: a benchmark's items, answered by a strategy and scored as the benchmark does.

use std::path::{Path, PathBuf};
use std::time::Instant;

use chronotope::act::{self, Strategy};
use chronotope::evaluate::{
    Calibration, Comparison, Noise, Report, Run, Rung, Scored, Settings, benchmarks, compare, ladder, run,
};
use chronotope::score::Paired;
use chronotope::tasks::benchmark::Made;
use chronotope::tasks::{Benchmark, Loaded, Scene};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

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
    /// How to answer: `exact` is the engine alone, and the default where the items come with Worlds
    #[arg(long, value_name = "NAME")]
    strategy: Option<String>,
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
        let strategy = self.strategy(&loaded)?;
        let loaded_s = started.elapsed().as_secs_f64();
        let settings = Settings {
            limit: self.limit,
            threads: session.threads(),
            seed: self.seed,
            noise,
            out: self.out.clone(),
        };
        let bar = session.shows_progress().then(bar);
        let progress = |done: usize, of: usize| {
            if let Some(bar) = &bar {
                bar.set_length(of as u64);
                bar.set_position(done as u64);
            }
        };
        if self.ladder {
            let rungs = ladder(benchmark, &loaded, strategy, &settings, &progress).map_err(Fault::input)?;
            bar.inspect(ProgressBar::finish_and_clear);
            return self.print_ladder(&rungs, session);
        }
        let run = run(benchmark, &loaded, strategy, &settings, &progress).map_err(Fault::input)?;
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

    /// The strategy that was named; the engine alone where none was and the items come with Worlds or stories.
    fn strategy(&self, loaded: &Loaded) -> Result<&'static dyn Strategy, Fault> {
        let names =
            || -> Vec<&str> { act::STRATEGIES.iter().map(|strategy| strategy.entry().name).collect() };
        let answerable =
            |scene: &Scene| matches!(scene, Scene::World(_) | Scene::Story(..) | Scene::Map { .. });
        match &self.strategy {
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

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {wide_bar} {eta}") {
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
