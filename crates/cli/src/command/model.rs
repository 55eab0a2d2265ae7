//! Which model is asked, and what it may cost: the options that every command with a model has.

use std::path::PathBuf;
use std::sync::Arc;

use chronotope::models::{
    Address, Cached, Chat, HttpChat, Limits, Meter, Metered, Prices, Recorded, Replayed, Settings,
};

use crate::fault::Fault;

/// A chat model: an address, or replies that were recorded.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Model {
    /// A chat model behind an OpenAI-compatible address: http://127.0.0.1:8000/v1#NAME; the key is read from CHRONOTOPE_API_KEY, else
    /// OPENAI_API_KEY
    #[arg(long = "model", id = "model", value_name = "URL")]
    address: Option<String>,
    /// Answer from replies recorded by --record; no connection is opened
    #[arg(long, value_name = "FILE", conflicts_with_all = ["model", "record"])]
    replies: Option<PathBuf>,
    /// Write every reply of the model to this file
    #[arg(long, value_name = "FILE", requires = "model")]
    record: Option<PathBuf>,
    /// Keep replies in this folder: what was asked once is not paid twice
    #[arg(long, value_name = "DIR", requires = "model")]
    cache: Option<PathBuf>,
    /// The most that may be spent: calls=40,pictures=20,tokens=50000,money=0.5
    #[arg(long, value_name = "LIMITS", value_parser = Limits::parse)]
    budget: Option<Limits>,
    /// Prices for limits in money: a JSON file {"MODEL": {"in_per_million": …, "out_per_million": …}}
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
}

impl Model {
    /// The model; none where none is named.
    pub(crate) fn ready(&self) -> Result<Option<Arc<dyn Chat>>, Fault> {
        let prices = match &self.prices {
            Some(path) => Prices::read(path).map_err(served)?,
            None => Prices::default(),
        };
        let meter = Meter::new(self.budget.unwrap_or_default(), prices);
        let chat: Arc<dyn Chat> = match (&self.replies, &self.address) {
            (Some(path), _) => Arc::new(Replayed::open(path, None).map_err(served)?),
            (None, Some(address)) => {
                let address = Address::parse(address).map_err(served)?;
                let http = HttpChat::new(&address, &Settings::from_environment()).map_err(served)?;
                let recorded: Box<dyn Chat> = match &self.record {
                    Some(path) => Box::new(Recorded::new(http, path).map_err(served)?),
                    None => Box::new(http),
                };
                match &self.cache {
                    Some(folder) => Arc::new(Cached::new(recorded, folder)),
                    None => Arc::new(recorded),
                }
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(Arc::new(Metered::new(chat, meter))))
    }
}

/// A failure of a model: bad input where its file or the request is at fault, else a service that failed.
pub(crate) fn served(error: chronotope::models::Error) -> Fault {
    let remedy = error.remedy();
    use chronotope::models::Error;
    let is_of_input = matches!(
        error,
        Error::Address { .. } | Error::Price { .. } | Error::NotRecorded { .. } | Error::File { .. }
    );
    let fault = if is_of_input { Fault::input(error) } else { Fault::service(error) };
    match remedy {
        Some(remedy) => fault.hint(remedy),
        None => fault,
    }
}
