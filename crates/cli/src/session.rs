//! What holds for every command: the settings given everywhere, and the two outputs.
//!
//! Data goes to standard output, everything else to standard error. Commands never print by themselves.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};
use std::num::NonZeroUsize;
use std::thread;

use chronotope::world::text::visible;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use crate::fault::Fault;

/// The settings that every command takes.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Everywhere {
    /// Number of threads; results do not depend on it [default: one per core]
    #[arg(long, global = true, value_name = "N", help_heading = "Everywhere")]
    threads: Option<NonZeroUsize>,
    /// Leave measured times out of the output, so that two runs compare byte by byte
    #[arg(long, global = true, help_heading = "Everywhere")]
    no_timing: bool,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, help_heading = "Everywhere", conflicts_with = "verbose")]
    quiet: bool,
    /// Say more of what is being done; twice says all
    #[arg(short, long, global = true, help_heading = "Everywhere", action = clap::ArgAction::Count)]
    verbose: u8,
}

/// One run of the program, handed to the command.
#[derive(Debug)]
pub(crate) struct Session {
    everywhere: Everywhere,
}

#[allow(dead_code, reason = "the whole contract stands here; commands take it up one by one")]
impl Session {
    /// A session with the settings given.
    pub(crate) fn new(everywhere: Everywhere) -> Self {
        Self { everywhere }
    }

    /// Threads to use: as given, else one per core that this process may use.
    pub(crate) fn threads(&self) -> NonZeroUsize {
        self.everywhere.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }

    /// Whether measured times belong in the output.
    pub(crate) fn timing(&self) -> bool {
        !self.everywhere.no_timing
    }

    /// Whether progress may be drawn: a person watches standard error and has not asked for quiet.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.everywhere.quiet && io::stderr().is_terminal()
    }

    /// Says a line on standard error, unless asked to be quiet.
    pub(crate) fn note(&self, line: &str) {
        if !self.everywhere.quiet {
            say(line);
        }
    }

    /// Says a line on standard error if asked for that much: `level` 1 for `-v`, 2 for `-vv`.
    pub(crate) fn detail(&self, level: u8, line: &str) {
        if self.everywhere.verbose >= level {
            say(line);
        }
    }

    /// Says a fault on standard error, also when quiet.
    pub(crate) fn report(&self, fault: &Fault) {
        say(&fault.to_string());
    }

    /// Prints one JSON value and a line end on standard output.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Fault> {
        self.line(&serde_json::to_string_pretty(value).map_err(Fault::input)?)
    }

    /// Prints text for people and a line end on standard output. What steers a terminal is shown as a number: words may come from files
    /// that somebody else wrote.
    pub(crate) fn text(&self, text: &str) -> Result<(), Fault> {
        self.line(&visible(text))
    }

    /// Prints a line on standard output.
    ///
    /// A reader that has gone away (`| head`) has had enough: that is no fault.
    fn line(&self, text: &str) -> Result<(), Fault> {
        let mut out = io::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Fault::output("standard output", error))
            }
            _ => Ok(()),
        }
    }

    /// Streams data to standard output. A reader that has gone away has had enough.
    pub(crate) fn data(&self, write: impl FnOnce(&mut dyn Write) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut out = UntilGone { out: BufWriter::new(io::stdout().lock()), gone: false };
        write(&mut out)?;
        out.flush().map_err(|error| Fault::output("standard output", error))
    }

    /// Prints rows under a head as aligned columns, wrapped to the terminal where there is one.
    pub(crate) fn table<const N: usize>(&self, head: [&str; N], rows: Vec<[String; N]>) -> Result<(), Fault> {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_header(head)
            .add_rows(rows.iter().map(|row| row.each_ref().map(|cell| visible(cell))));
        if let Some((width, _)) = terminal_size::terminal_size_of(io::stdout()) {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.0);
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        self.text(&table.trim_fmt())
    }
}

/// Writes until its reader goes away, and nothing after.
struct UntilGone<W> {
    out: W,
    gone: bool,
}

impl<W: Write> UntilGone<W> {
    fn tried<T>(&mut self, tried: io::Result<T>, otherwise: T) -> io::Result<T> {
        match tried {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(otherwise)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for UntilGone<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let tried = self.out.write(bytes);
        self.tried(tried, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let tried = self.out.flush();
        self.tried(tried, ())
    }
}

/// Writes a line to standard error; a closed standard error is nobody's concern.
pub(crate) fn say(line: &str) {
    writeln!(io::stderr().lock(), "{}", visible(line)).ok();
}
