//! `score`: predictions against truths, by a metric.

use std::path::PathBuf;

use chronotope::evaluate::{Distractors, ScoreSettings, Scores, fitting, score_files};
use chronotope::score::{METRICS, Metric, by_name};

use crate::fault::{Fault, Outcome};
use crate::session::Session;

/// Scores predictions against truths, as the official scorer of the metric does.
///
/// Files are JSON Lines, JSON or CSV, joined by id; COCO's annotations and results; MOT text, TUM or KITTI paths, bundles, or folders of these, joined by name. Gzip is read
/// as it is. An item without a prediction scores 0, is counted and listed; an id that stands twice or is not in the truth is
/// refused. Without a metric it says which fit the files.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The metric; `chronotope list metrics` names them
    metric: Option<String>,
    /// The truth
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// What was predicted
    #[arg(long, value_name = "FILE")]
    pred: PathBuf,
    /// Group results by this field of the truth [default: question_type, type, task or category where there is one]
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    /// Fields that make up an item's id [default: id, question_id or qid where there is one, else the row's number]
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    id: Vec<String>,
    /// Seed of the resamples that the interval is read from
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Which predictions a MOTChallenge truth (nine columns) takes with it, as TrackEval does: those on its distractors; none with `off`, where
    /// every class counts [default: mot20 where the truth's path names MOT20, else mot17]
    #[arg(long, value_name = "RULE")]
    distractors: Option<Rule>,
    /// Recorded verdicts (rows of id, answer, verdict) for a metric whose answers a judge decides
    #[arg(long, value_name = "FILE")]
    judge: Option<PathBuf>,
    /// Folder for the run card, the rows with their own scores and the values; `chronotope eval --compare` reads two of them
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Rule {
    Mot17,
    Mot20,
    Off,
}

impl Rule {
    fn named(rule: Option<Rule>) -> Distractors {
        match rule {
            None => Distractors::ByName,
            Some(Rule::Mot17) => Distractors::Mot17,
            Some(Rule::Mot20) => Distractors::Mot20,
            Some(Rule::Off) => Distractors::Off,
        }
    }
}

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let settings = ScoreSettings {
            by: self.by.clone(),
            id: self.id.clone(),
            seed: Some(self.seed),
            distractors: Rule::named(self.distractors),
            judge: self.judge.clone(),
            out: self.out.clone(),
        };
        let Some(name) = &self.metric else { return self.explain(&settings, session) };
        let metric = metric(name)?;
        let scores = score_files(metric, &self.truth, &self.pred, &settings).map_err(Fault::input)?;
        if self.json {
            session.json(&scores.json())?;
        } else {
            print(&scores, session)?;
        }
        Ok(Outcome::Done)
    }

    /// Which metrics fit the files.
    fn explain(&self, settings: &ScoreSettings, session: &Session) -> Result<Outcome, Fault> {
        let fits = fitting(&self.truth, &self.pred, settings).map_err(Fault::input)?;
        if self.json {
            let rows: Vec<_> = fits
                .iter()
                .map(|fit| serde_json::json!({"metric": fit.metric, "about": fit.about}))
                .collect();
            session.json(&rows)?;
            return Ok(Outcome::Done);
        }
        if fits.is_empty() {
            return Err(Fault::bad(format!(
                "no metric fits {} and {}",
                self.truth.display(),
                self.pred.display()
            ))
            .hint("`chronotope list metrics` says what each compares"));
        }
        let rows = fits.iter().map(|fit| [fit.metric.to_owned(), fit.about.to_owned()]).collect();
        session.table(["METRIC", "WHAT IT SAYS"], rows)?;
        Ok(Outcome::Done)
    }
}

/// The metric of this name, or the names that are near.
fn metric(name: &str) -> Result<&'static dyn Metric, Fault> {
    by_name(name).ok_or_else(|| {
        let near: Vec<&str> = METRICS
            .iter()
            .map(|metric| metric.entry().name)
            .filter(|known| known.split('-').any(|word| name.contains(word)) || known.contains(name))
            .collect();
        let fault = Fault::usage(format!("expected a metric, found `{name}`"));
        let near = if near.is_empty() { String::new() } else { format!("near: {}; ", near.join(", ")) };
        fault.hint(format!("{near}`chronotope list metrics` names all"))
    })
}

/// The values as a table: all rows first, then group by group.
fn print(scores: &Scores, session: &Session) -> Result<(), Fault> {
    let report = &scores.report;
    if report.n == 0 {
        return Err(Fault::bad("expected items to score, found none"));
    }
    let number = |value: f64| format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned();
    let mut names: Vec<&String> = report.overall.keys().collect();
    names.sort_by_key(|name| (**name != report.headline, (*name).clone()));
    let mut rows: Vec<[String; 3]> = names
        .into_iter()
        .map(|name| {
            let interval = report.interval.filter(|_| *name == report.headline);
            let interval =
                interval.map_or(String::new(), |i| format!("{} to {}", number(i.low), number(i.high)));
            [name.clone(), number(report.overall[name]), interval]
        })
        .collect();
    if report.by_group.len() > 1 {
        for (group, values) in &report.by_group {
            let value = values.values.get(&report.headline).map_or("–".to_owned(), |value| number(*value));
            rows.push([format!("  {group}"), value, format!("{} rows", values.n)]);
        }
    }
    session.table([&report.metric, "VALUE", "95 %"], rows)?;
    session.note(&format!(
        "{} rows, {} missing, {} unparsable",
        report.n, report.missing.n, report.unparsable.n
    ));
    if let Some(judge) = &report.judge {
        session.note(&format!("judged by {judge}"));
    }
    let named = |ids: &[String], what: &str| {
        if !ids.is_empty() {
            let more = if ids.len() > 10 { " …" } else { "" };
            session.detail(1, &format!("{what}: {}{more}", ids[..ids.len().min(10)].join(", ")));
        }
    };
    named(&report.missing.first, "missing");
    named(&report.unparsable.first, "unparsable");
    for (id, why) in scores.why_unparsable.iter().take(10) {
        session.note(&format!("{id}: {why}"));
    }
    Ok(())
}
