//! `watch --detector vlm`: which model is asked, how, and for how much.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chronotope::models::boxes::Convention;
use chronotope::models::{
    Address, Cached, Cancel, Chat, Error, HttpChat, Limits, Meter, Metered, Prices, Recorded, Replayed,
    Settings,
};
use chronotope::perceive::detect::vlm::{Looked, PictureBudget, VlmSettings, look};
use chronotope::perceive::pipeline::WatchSettings;

use super::{Arguments, bar};
use crate::command::model::served;
use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source::cache_folder;

/// How the detector is named.
pub(super) const NAME: &str = "vlm";

/// What only the detector `vlm` takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Options {
    /// With `vlm`: the chat model, behind an OpenAI-compatible address up to `/v1`, after `#` its name (without it the server's first).
    /// A key is read from CHRONOTOPE_API_KEY or OPENAI_API_KEY
    #[arg(long, value_name = "URL#NAME", help_heading = "A chat model as detector")]
    model: Option<String>,
    /// With `vlm`: names of what to look for
    #[arg(long, value_name = "\"A, B\"", help_heading = "A chat model as detector")]
    find: Option<String>,
    /// With `vlm`: what may be spent: `calls=N` or `per-minute=PICTURES`, and further `tokens=N`, `pictures=N`, `pixels=N`, `money=X`
    /// [default: per-minute=20]
    #[arg(long, value_name = "NAME=N,…", help_heading = "A chat model as detector")]
    budget: Option<String>,
    /// With `vlm`: share of the pictures that are asked about twice, which tells how sure the model is [default: 0.25]
    #[arg(long, value_name = "SHARE", help_heading = "A chat model as detector")]
    check: Option<f64>,
    /// With `vlm`: what the model's numbers mean: pixels, unit, hundred, thousand or loc, with -yxyx or -xywh where that is their order
    /// [default: found out with one drawn picture]
    #[arg(long, value_name = "CONVENTION", help_heading = "A chat model as detector")]
    boxes: Option<String>,
    /// With `vlm`: longest side of the pictures sent, in pixels [default: 1000]
    #[arg(long, value_name = "PX", help_heading = "A chat model as detector")]
    shown: Option<u32>,
    /// With `vlm`: keep every reply in this file
    #[arg(long, value_name = "FILE", help_heading = "A chat model as detector", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// With `vlm`: answer from such a file alone, without a network
    #[arg(long, alias = "replies", value_name = "FILE", help_heading = "A chat model as detector")]
    replay: Option<PathBuf>,
    /// With `vlm` and a budget in money: a JSON file {"MODEL": {"in_per_million": X, "out_per_million": Y}}
    #[arg(long, value_name = "FILE", help_heading = "A chat model as detector")]
    prices: Option<PathBuf>,
}

/// A model that can be asked.
pub(super) struct Model {
    chat: Box<dyn Chat>,
    meter: Meter,
    settings: VlmSettings,
}

impl Options {
    fn given(&self) -> Option<&'static str> {
        let named = [
            ("--model", self.model.is_some()),
            ("--find", self.find.is_some()),
            ("--budget", self.budget.is_some()),
            ("--check", self.check.is_some()),
            ("--boxes", self.boxes.is_some()),
            ("--shown", self.shown.is_some()),
            ("--record", self.record.is_some()),
            ("--replay", self.replay.is_some()),
            ("--prices", self.prices.is_some()),
        ];
        named.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }

    /// The model that the options name; none for another detector.
    pub(super) fn connected(
        &self,
        watch: &Arguments,
        stop: &Arc<AtomicBool>,
    ) -> Result<Option<Model>, Fault> {
        if watch.detector != NAME {
            return match self.given() {
                Some(name) => Err(Fault::usage(format!("{name} belongs to --detector vlm"))),
                None => Ok(None),
            };
        }
        if watch.online {
            return Err(Fault::usage("--online: the detector `vlm` reads the whole video before it asks"));
        }
        let (limits, settings) = self.settings()?;
        let prices = self.prices.as_deref().map_or(Ok(Prices::default()), Prices::read).map_err(served)?;
        let meter = Meter::new(limits, prices);
        let chat = Metered::new(self.client(stop)?, meter.clone());
        Ok(Some(Model { chat: Box::new(chat), meter, settings }))
    }

    fn client(&self, stop: &Arc<AtomicBool>) -> Result<Box<dyn Chat>, Fault> {
        let address = self.model.as_deref().map(Address::parse).transpose();
        let address = address.map_err(|error| Fault::usage(format!("--model: {error}")))?;
        if let Some(file) = &self.replay {
            let model = address.as_ref().and_then(Address::model);
            return Ok(Box::new(Replayed::open(file, model).map_err(served)?));
        }
        let Some(address) = address else {
            return Err(Fault::usage("--detector vlm: expected --model URL or --replay FILE, found neither")
                .hint("--model http://127.0.0.1:8000/v1"));
        };
        let settings =
            Settings { cancel: Cancel::from_flag(Arc::clone(stop)), ..Settings::from_environment() };
        let http = HttpChat::new(&address, &settings).map_err(served)?;
        let cached = Cached::new(http, &replies_folder(&address));
        Ok(match &self.record {
            Some(file) => Box::new(Recorded::new(cached, file).map_err(served)?),
            None => Box::new(cached),
        })
    }

    fn settings(&self) -> Result<(Limits, VlmSettings), Fault> {
        let find: Vec<String> = self
            .find
            .iter()
            .flat_map(|names| names.split(','))
            .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|name| !name.is_empty())
            .collect();
        if find.is_empty() || find.len() > 64 || find.iter().any(|name| name.len() > 60) {
            return Err(Fault::usage("--find: expected 1 to 64 names of things, each of at most 60 letters")
                .hint("--find \"door, chair, plant\""));
        }
        let usage = |name: &str, text: String| Fault::usage(format!("--{name}: {text}"));
        let (budget, limits) = self.budget.as_deref().map_or(Ok((None, String::new())), per_minute)?;
        let limits = Limits::parse(&limits).map_err(|text| usage("budget", text))?;
        let usual = VlmSettings::default();
        let budget = match (budget, limits.calls) {
            (Some(rate), _) => PictureBudget::PerMinute(rate),
            (None, Some(calls)) => PictureBudget::Calls(u32::try_from(calls).unwrap_or(u32::MAX)),
            (None, None) => usual.budget,
        };
        let check = self.check.unwrap_or(usual.check);
        if !(0.0..=1.0).contains(&check) {
            return Err(usage("check", format!("expected a share from 0 to 1, found {check}")));
        }
        let shown_px = self.shown.unwrap_or(usual.shown_px);
        if !(64..=4096).contains(&shown_px) {
            return Err(usage("shown", format!("expected 64 to 4096 pixels, found {shown_px}")));
        }
        let declared = match self.boxes.as_deref() {
            None => None,
            Some(text) => Some(Convention::parse(text).ok_or_else(|| {
                let expected = "pixels, unit, hundred, thousand or loc, with -yxyx or -xywh";
                usage("boxes", format!("expected {expected}, found `{text}`"))
            })?),
        };
        Ok((limits, VlmSettings { find, budget, check, shown_px, declared, ..usual }))
    }
}

/// `per-minute=X` out of a budget, and the rest.
fn per_minute(text: &str) -> Result<(Option<f64>, String), Fault> {
    let (mut rate, mut rest) = (None, Vec::new());
    for word in text.split(',') {
        match word.trim().strip_prefix("per-minute=") {
            Some(number) => match number.parse::<f64>() {
                Ok(number) if number > 0.0 && number <= 6000.0 => rate = Some(number),
                _ => {
                    return Err(Fault::usage(format!(
                        "--budget: expected per-minute=PICTURES, at most 6000, found `{word}`"
                    )));
                }
            },
            None => rest.push(word),
        }
    }
    Ok((rate, rest.join(",")))
}

/// Where replies of a server are kept: the same name at another address may be another model.
fn replies_folder(address: &Address) -> PathBuf {
    let name: String =
        address.base().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(100).collect();
    cache_folder().join("replies").join(name)
}

impl Model {
    /// Asks about a video.
    pub(super) fn look(
        &self,
        video: &str,
        watch: &WatchSettings,
        session: &Session,
        stop: &AtomicBool,
    ) -> Result<Arc<Looked>, Fault> {
        let settings = VlmSettings { from: watch.from, to: watch.to, ..self.settings.clone() };
        let bar = bar(session);
        bar.set_message(format!("{} looks at {video}", self.chat.model()));
        let looked = look(video, &settings, self.chat.as_ref(), &mut |n, of| {
            bar.set_message(format!("{} was asked about {n} of {of} pictures", self.chat.model()));
            bar.tick();
            !stop.load(Ordering::Relaxed)
        });
        bar.finish_and_clear();
        let looked = looked.map_err(Fault::input)?;
        match &looked.stopped {
            Some(error) if looked.until.is_none() => Err(served(error.clone())),
            _ => Ok(Arc::new(looked)),
        }
    }

    /// What the asking was like, and what it cost.
    pub(super) fn summary(&self, looked: &Looked) -> String {
        let (report, spent) = (&looked.report, self.meter.spent());
        let mut lines = vec![format!(
            "  asked    {} about {} of {} pictures: {} calls ({} of them kept from before), {:.1} Mpx, {} tokens in, {} out",
            self.chat.model(),
            report.n_asked,
            report.n_planned,
            spent.n_calls,
            spent.n_repeated,
            spent.n_pixels as f64 / 1e6,
            spent.tokens_in,
            spent.tokens_out
        )];
        let read: Vec<String> = report.rungs.iter().map(|(rung, n)| format!("{} {n}", rung.name())).collect();
        lines.push(format!(
            "  boxes    {} read ({}); {} cut at the rim, {} left out, {} of other names",
            report.n_boxes,
            read.join(", "),
            report.n_cut,
            report.n_dropped,
            report.n_not_asked_for
        ));
        match report.convinced {
            Some(found) => lines.push(match found.convention {
                Some(convention) => {
                    format!("  numbers  {convention}, by a drawn picture (overlap {:.2})", found.iou)
                }
                None => {
                    "  numbers  a drawn rectangle was not found where it is: the model may not tell places"
                        .to_owned()
                }
            }),
            None => lines.push("  numbers  as stated".to_owned()),
        }
        let (n_asks, confirmed, checked) = report.checks;
        lines.push(match checked {
            0 => format!("  sure     nothing to compare in {n_asks} second asks; boxes have no score"),
            _ => format!(
                "  sure     {confirmed} of {checked} boxes confirmed by {n_asks} second asks: their score"
            ),
        });
        if report.n_doubted > 0 {
            lines.push(format!(
                "  doubted  {} things seen once and not where they should have been next: kept without a track",
                report.n_doubted
            ));
        }
        if report.n_unread > 0 {
            lines.push(format!(
                "  unread   {} replies, the first: {}",
                report.n_unread,
                report.unread.join("; ")
            ));
        }
        lines.join("\n")
    }

    /// Whether the command ends here, as the asking did before its end.
    pub(super) fn ended(&self, looked: &Looked, session: &Session) -> Result<Option<Outcome>, Fault> {
        match &looked.stopped {
            None => Ok(None),
            Some(error @ Error::Budget { .. }) => {
                session
                    .note(&format!("{error}: what was asked until then is kept; a larger --budget goes on"));
                Ok(None)
            }
            Some(Error::Cancelled { .. }) => {
                session.note("interrupted: what was asked is kept; the same command goes on and does not pay for it again");
                Ok(Some(Outcome::Done))
            }
            Some(error) => {
                let kept = "what was asked is kept; the same command goes on and does not pay for it again";
                let hint =
                    error.remedy().map_or_else(|| kept.to_owned(), |remedy| format!("{remedy}; {kept}"));
                Err(served(error.clone()).hint(hint))
            }
        }
    }
}
