//! Tests as readable documents: every `suite/ROOM/*.md`, from top to bottom.
//!
//! A document tells with prose and fenced blocks. A block's first word says what it does; what that prints must equal
//! the block ```` ```output ```` after it. `UPDATE_EXPECT=1 cargo test -p chronotope suite` writes what came into the
//! documents; read the difference before you keep it.
//!
//! | block | does | prints |
//! |---|---|---|
//! | `world` | makes the World of this text, for the blocks after it | the World as text, or the error; the output block may be left out where it parses |
//!
//! Blocks in other languages (`text`, `rust`, none) are prose.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use chronotope::world::{World, text};

use crate::root;

/// A piece of a document.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// Lines outside of blocks, and blocks that are none of ours, as they stand.
    Prose(String),
    /// A block: its first word, its text without the fences, and the line of its first fence, from 1.
    Block { word: String, body: String, line: usize },
}

const FENCE: &str = "```";
const OUTPUT: &str = "output";

/// Cuts a document into its pieces; joined again they are the document.
fn pieces(document: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut prose = String::new();
    let mut lines = document.lines().enumerate();
    while let Some((n, line)) = lines.next() {
        let Some(word) = line.strip_prefix(FENCE) else {
            prose.push_str(line);
            prose.push('\n');
            continue;
        };
        let mut body = String::new();
        loop {
            let (_, line) = lines.next().ok_or_else(|| format!("line {}: the block has no end", n + 1))?;
            if line == FENCE {
                break;
            }
            body.push_str(line);
            body.push('\n');
        }
        if is_ours(word) {
            pieces.extend((!prose.is_empty()).then(|| Piece::Prose(std::mem::take(&mut prose))));
            pieces.push(Piece::Block { word: word.to_owned(), body, line: n + 1 });
        } else {
            write!(prose, "{FENCE}{word}\n{body}{FENCE}\n").expect("a string takes all");
        }
    }
    pieces.extend((!prose.is_empty()).then_some(Piece::Prose(prose)));
    Ok(pieces)
}

fn is_ours(word: &str) -> bool {
    word == OUTPUT || word == "world"
}

/// What the blocks before have made.
#[derive(Default)]
struct Stage {
    world: Option<World>,
}

impl Stage {
    /// Does what a block says and gives what it prints; the flag says that this must be expected in the document.
    fn play(&mut self, word: &str, body: &str) -> (String, bool) {
        match word {
            "world" => match text::parse(body) {
                Ok(world) => {
                    let printed = text::print(&world).expect("a World in memory can be read");
                    self.world = Some(world);
                    (printed, false)
                }
                Err(error) => (format!("{error}\n"), true),
            },
            _ => unreachable!("{word} is not ours"),
        }
    }
}

/// Plays a document; gives it with the outputs that came, and a line for every output that was not as expected.
fn play(document: &str) -> Result<(String, Vec<String>), String> {
    let mut stage = Stage::default();
    let mut renewed = String::new();
    let mut faults = Vec::new();
    let mut pieces = pieces(document)?.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let (word, body, line) = match piece {
            Piece::Prose(text) => {
                renewed.push_str(&text);
                continue;
            }
            Piece::Block { word, body, line } => (word, body, line),
        };
        if word == OUTPUT {
            return Err(format!("line {line}: this output follows no block"));
        }
        let (came, must_be_expected) = stage.play(&word, &body);
        write!(renewed, "{FENCE}{word}\n{body}{FENCE}\n").expect("a string takes all");
        // a blank line may stand between a block and its output
        let blank = pieces.next_if(|piece| matches!(piece, Piece::Prose(text) if text.trim().is_empty()));
        let expected = pieces.next_if(|piece| matches!(piece, Piece::Block { word, .. } if word == OUTPUT));
        let expected = expected.map(|piece| match piece {
            Piece::Block { body, .. } => body,
            Piece::Prose(_) => unreachable!("only blocks are taken"),
        });
        if expected.is_some() || must_be_expected {
            if expected.as_deref() != Some(&came) {
                let expected = expected.as_deref().unwrap_or("no output\n");
                faults.push(format!("line {line}: {word} printed\n{came}but expected was\n{expected}"));
            }
            write!(renewed, "\n{FENCE}{OUTPUT}\n{came}{FENCE}\n").expect("a string takes all");
        } else if blank.is_some() {
            renewed.push('\n');
        }
    }
    Ok((renewed, faults))
}

/// Every document of the suite, in the order of their names.
fn documents() -> Vec<PathBuf> {
    let read = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.expect("the folder can be read").path())
            .collect()
    };
    let folders = read(&root().join("suite")).into_iter().filter(|path| path.is_dir());
    let mut documents: Vec<PathBuf> = folders
        .flat_map(|folder| read(&folder))
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .collect();
    documents.sort_unstable();
    documents
}

#[test]
fn every_document_prints_what_it_says() {
    let renew = env::var_os("UPDATE_EXPECT").is_some_and(|wish| wish == "1");
    let mut report = String::new();
    let documents = documents();
    assert!(!documents.is_empty(), "the suite is empty");
    for path in documents {
        let document = fs::read_to_string(&path).expect("a document is text");
        let name = path.strip_prefix(root()).expect("the suite lies in the repository").display();
        match play(&document) {
            Err(fault) => report.push_str(&format!("{name}, {fault}\n")),
            Ok((renewed, _)) if renew => fs::write(&path, renewed).expect("a document can be written"),
            Ok((_, faults)) => report.extend(faults.iter().map(|fault| format!("{name}, {fault}\n"))),
        }
    }
    assert!(report.is_empty(), "\n{report}UPDATE_EXPECT=1 renews what is expected");
}

#[test]
fn a_document_that_is_right_is_left_as_it_is() {
    let document =
        "# Title\n\n```world\ncar 1\n  0: (0, 0, 0)\n```\n\nProse.\n\n```text\nno block of ours\n```\n";
    assert_eq!(play(document), Ok((document.to_owned(), vec![])));
}

#[test]
fn a_wrong_output_is_found_and_renewed() {
    let document = "```world\ncar\n```\n\n```output\nnothing\n```\nThe end.\n";
    let (renewed, faults) = play(document).expect("the document is well-formed");
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(renewed.contains("line 1, column 4") && renewed.ends_with("```\nThe end.\n"), "{renewed}");
    assert_eq!(play(&renewed), Ok((renewed.clone(), vec![])), "renewed once is renewed for good");
}

#[test]
fn a_document_that_is_cut_off_is_refused() {
    for document in ["```world\ncar 1\n", "```output\nnothing\n```\n"] {
        assert!(play(document).is_err(), "accepted: {document}");
    }
    let (_, faults) = play("```world\ncar\n```\n").expect("the document is well-formed");
    assert_eq!(faults.len(), 1, "an error that nobody expects");
}
