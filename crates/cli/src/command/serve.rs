//! `serve`: the tools for agents and programs.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chronotope_server::http::{Guard, Token};
use chronotope_server::{Allowed, Calls, Desk, Limits, Settings, Style, definitions, http, mcp};
use tokio::runtime::Builder;
use tokio_util::sync::CancellationToken;

use crate::fault::{Fault, Outcome};
use crate::session::Session;
use crate::source;

/// Serves Worlds and videos to agents and programs: the Model Context Protocol over standard input and output, or MCP and JSON over HTTP.
///
/// Only what is named can be reached: folders with everything in them, or single sources. An agent's configuration is one line:
/// `chronotope serve --mcp FOLDER`. docs/serve.md tells more.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("how").required(true).args(["mcp", "http", "tools"]))]
pub(crate) struct Arguments {
    /// Folders and sources that can be asked; nothing else can be reached
    #[arg(value_name = "FOLDER|SOURCE")]
    sources: Vec<PathBuf>,
    /// A folder or source more that can be reached, as the positional ones
    #[arg(long, value_name = "DIR")]
    allow: Vec<PathBuf>,
    /// Speak the Model Context Protocol on standard input and output
    #[arg(long)]
    mcp: bool,
    /// Serve JSON over HTTP at this address (127.0.0.1:8377, or a port alone), and MCP at /mcp
    #[arg(long, value_name = "ADDR")]
    http: Option<String>,
    /// Print the tools as an agent framework takes them: openai, anthropic, langchain
    #[arg(long, value_name = "STYLE", value_parser = style)]
    tools: Option<Style>,
    /// A file with the token that every request over HTTP must bring; needed beyond this machine [or CHRONOTOPE_TOKEN in the environment]
    #[arg(long, value_name = "FILE", requires = "http")]
    token_file: Option<PathBuf>,
    /// A further name under which the server is asked (Host), as a proxy's
    #[arg(long, value_name = "NAME", requires = "http")]
    host: Vec<String>,
    /// A page from which browsers may ask (Origin): https://app.example
    #[arg(long, value_name = "URL", requires = "http")]
    origin: Vec<String>,
    /// Let agents write notes (facts with who says so) into Worlds on disk
    #[arg(long)]
    write: bool,
    /// Do not watch videos that nobody watched yet
    #[arg(long)]
    no_watch: bool,
    /// Longest time of a call, in seconds
    #[arg(long, value_name = "S", default_value_t = 30.0)]
    most_time: f64,
    /// Longest time of a call that watches a video, in seconds
    #[arg(long, value_name = "S", default_value_t = 1800.0)]
    most_watch_time: f64,
    /// Longest body of a request, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 32)]
    most_body: usize,
    /// Calls that wait for their turn
    #[arg(long, value_name = "N", default_value_t = 256)]
    most_waiting: usize,
    /// Worlds that are kept open
    #[arg(long, value_name = "N", default_value_t = 32)]
    most_worlds: usize,
}

/// The token, where no file is named.
const TOKEN: &str = "CHRONOTOPE_TOKEN";

impl Arguments {
    pub(crate) fn run(self, session: &Session) -> Result<Outcome, Fault> {
        let desk = Arc::new(Desk::new(self.settings(session)?));
        if let Some(style) = self.tools {
            session.json(&definitions(&desk, style))?;
            return Ok(Outcome::Done);
        }
        if desk.library.allowed().roots().next().is_none() {
            return Err(Fault::usage("expected a folder or a source to serve, found none")
                .hint("chronotope serve --mcp videos/"));
        }
        let threads = session.threads().get();
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads.min(4))
            .enable_all()
            .build()
            .map_err(Fault::service)?;
        let calls = Calls::new(desk);
        let ended = match &self.http {
            None => runtime.block_on(async {
                let stop = stopped();
                mcp::serve_stdio(calls, stop).await.map_err(Fault::service)
            }),
            Some(at) => runtime.block_on(self.serve_http(at, calls, session)),
        };
        // a read of standard input that never returns does not hold up the end
        runtime.shutdown_background();
        ended.map(|()| Outcome::Done)
    }

    fn settings(&self, session: &Session) -> Result<Settings, Fault> {
        let allowed = Allowed::new(self.sources.iter().chain(&self.allow)).map_err(Fault::input)?;
        let seconds = |name: &str, s: f64| match Duration::try_from_secs_f64(s) {
            Ok(time) if s > 0.0 => Ok(time),
            _ => Err(Fault::usage(format!("--{name}: expected seconds above 0, found {s}"))),
        };
        let limits = Limits {
            at_once: session.threads().max(NonZeroUsize::MIN.saturating_add(1)),
            waiting: self.most_waiting,
            time: seconds("most-time", self.most_time)?,
            watch_time: seconds("most-watch-time", self.most_watch_time)?,
            body_bytes: self.most_body.saturating_mul(1 << 20),
            worlds: self.most_worlds,
            ..Limits::default()
        };
        let cache = (!self.no_watch).then(source::cache_folder);
        Ok(Settings { allowed, write: self.write, cache, limits })
    }

    async fn serve_http(&self, at: &str, calls: Calls, session: &Session) -> Result<(), Fault> {
        let at = address(at)?;
        let guard = Guard::new(at, self.token()?, &self.host, &self.origin).map_err(|error| {
            let hint = error.hint();
            let fault = Fault::usage(error.to_string());
            hint.map_or(Fault::usage(error.to_string()), |hint| fault.hint(hint))
        })?;
        let listener = tokio::net::TcpListener::bind(at).await.map_err(|error| {
            Fault::service(std::io::Error::other(format!("cannot listen at {at}: {error}")))
        })?;
        let at = listener.local_addr().map_err(Fault::service)?;
        session.note(&format!("serving at http://{at}, MCP at http://{at}/mcp; Ctrl-C stops"));
        http::serve(listener, calls, guard, stopped()).await.map_err(Fault::service)
    }

    fn token(&self) -> Result<Option<Token>, Fault> {
        let written = match &self.token_file {
            Some(path) => Some(source::read_text(path)?),
            None => std::env::var(TOKEN).ok().filter(|token| !token.is_empty()),
        };
        written
            .map(|token| Token::new(token.trim()).map_err(|error| Fault::usage(error.to_string())))
            .transpose()
    }
}

/// Cancelled by Ctrl-C or the system's wish to end.
fn stopped() -> CancellationToken {
    let stop = CancellationToken::new();
    let heard = stop.clone();
    // a second wish ends the process at once
    ctrlc::set_handler(move || {
        if heard.is_cancelled() {
            std::process::abort();
        }
        heard.cancel();
    })
    .ok();
    stop
}

fn style(name: &str) -> Result<Style, String> {
    let names: Vec<&str> = Style::ALL.iter().map(|(name, _)| *name).collect();
    Style::named(name).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

/// `127.0.0.1:8377`, `localhost:8377`, or a port alone on this machine.
fn address(text: &str) -> Result<SocketAddr, Fault> {
    let at =
        if text.bytes().all(|b| b.is_ascii_digit()) { format!("127.0.0.1:{text}") } else { text.to_owned() };
    let found = at.to_socket_addrs().ok().and_then(|mut all| all.next());
    found
        .ok_or_else(|| Fault::usage(format!("--http: expected an address as 127.0.0.1:8377, found `{text}`")))
}
