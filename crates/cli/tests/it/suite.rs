//! Tests as readable documents: every `suite/ROOM/*.md`, from top to bottom.
//!
//! A document tells with prose and fenced blocks. It has a folder of its own, in which its commands run.
//!
//! | block | does | expects |
//! |---|---|---|
//! | `file NAME` | puts its text into the folder | – |
//! | `world NAME` | the same for a World in text form, which must parse; without NAME it is `world.txt` | – |
//! | `printed` | prints the last World back as text | the block's text |
//! | `console` | runs each line that begins with `$ ` in a shell, where `chronotope` is the program just built and `fixtures` the repository's | what is printed on either output, and `[exit N]` unless N is 0 |
//!
//! Blocks in other languages are prose. `UPDATE_EXPECT=1 cargo test -p chronotope-cli suite` writes what came into the
//! documents; read the difference before you keep it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use chronotope::world::text;

const FENCE: &str = "```";

/// Plays a document in a folder. Gives the document with what came in place of what was expected, or the first line
/// that makes no sense.
fn play(document: &str, folder: &Path) -> Result<String, String> {
    let mut played = String::new();
    let mut world = None;
    let mut lines = document.lines().enumerate();
    while let Some((n, line)) = lines.next() {
        played += &format!("{line}\n");
        let Some(info) = line.strip_prefix(FENCE) else { continue };
        let mut body = String::new();
        loop {
            let (_, line) = lines.next().ok_or_else(|| format!("line {}: the block has no end", n + 1))?;
            if line == FENCE {
                break;
            }
            body += &format!("{line}\n");
        }
        let fault = |what: String| format!("line {}: {what}", n + 1);
        let (word, rest) = info.split_once(' ').unwrap_or((info, ""));
        body = match word {
            "file" => put(folder, rest, body).map_err(fault)?,
            "world" => {
                world = Some(text::parse(&body).map_err(|error| fault(error.to_string()))?);
                put(folder, if rest.is_empty() { "world.txt" } else { rest }, body).map_err(fault)?
            }
            "printed" => {
                let world = world.as_ref().ok_or_else(|| fault("no `world` stands before".to_owned()))?;
                text::print(world).map_err(|error| fault(error.to_string()))?
            }
            "console" => console(&body, folder).map_err(fault)?,
            _ => body,
        };
        played += &format!("{body}{FENCE}\n");
    }
    Ok(played)
}

/// Puts a file into the folder, and gives its text.
fn put(folder: &Path, name: &str, text: String) -> Result<String, String> {
    let inside = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if !inside || name.starts_with('.') {
        return Err(format!("expected the name of a file in the folder, found `{name}`"));
    }
    fs::write(folder.join(name), &text).map_err(|error| format!("{name}: {error}"))?;
    Ok(text)
}

/// Runs the commands of a block, and gives each with what it printed.
fn console(body: &str, folder: &Path) -> Result<String, String> {
    if !body.starts_with("$ ") {
        return Err("expected a line `$ COMMAND` at the start of the block".to_owned());
    }
    let mut came = String::new();
    for command in body.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let (printed, code) = shell(command, folder);
        came += &format!("$ {command}\n{printed}");
        if !came.ends_with('\n') {
            came.push('\n');
        }
        if code != Some(0) {
            let code = code.map_or("by signal".to_owned(), |n| n.to_string());
            came += &format!("[exit {code}]\n");
        }
    }
    Ok(came)
}

/// Runs one command in a shell; gives both outputs in the order of their lines, and the exit code.
fn shell(command: &str, folder: &Path) -> (String, Option<i32>) {
    let program = Path::new(env!("CARGO_BIN_EXE_chronotope"));
    let mut path = vec![program.parent().expect("a program lies in a folder").to_owned()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env_remove("COLUMNS")
        .env("PATH", env::join_paths(path).expect("a path has no colon"))
        .stdin(Stdio::null())
        .output()
        .expect("there is a shell");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
}

/// An empty folder of this name, with the repository's fixtures in reach.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("suite").join(name);
    fs::remove_dir_all(&folder).ok(); // it may not be there
    fs::create_dir_all(&folder).expect("the target folder can be written");
    std::os::unix::fs::symlink(root().join("fixtures"), folder.join("fixtures"))
        .expect("the folder is empty");
    folder
}

/// The root of the repository: tests run in the folder of their crate.
fn root() -> PathBuf {
    fs::canonicalize("../..").expect("a crate lies two folders deep")
}

/// Every document of the suite, in the order of their names.
fn documents() -> Vec<PathBuf> {
    let read = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        entries.map(|entry| entry.expect("the folder can be read").path()).collect()
    };
    let rooms = read(&root().join("suite")).into_iter().filter(|path| path.is_dir());
    let documents = rooms.flat_map(|room| read(&room));
    let mut documents: Vec<PathBuf> =
        documents.filter(|path| path.extension().is_some_and(|kind| kind == "md")).collect();
    documents.sort_unstable();
    documents
}

/// The first lines in which two documents differ.
fn difference(expected: &str, came: &str) -> String {
    let n = expected.lines().zip(came.lines()).take_while(|(expected, came)| expected == came).count();
    let from =
        |text: &str| text.lines().skip(n).take(8).fold(String::new(), |all, line| all + "    " + line + "\n");
    format!("line {}: expected\n{}  came\n{}", n + 1, from(expected), from(came))
}

#[test]
fn every_document_prints_what_it_says() {
    let renew = env::var_os("UPDATE_EXPECT").is_some_and(|wish| wish == "1");
    let mut faults = String::new();
    let documents = documents();
    assert!(!documents.is_empty(), "the suite is empty");
    for path in documents {
        let name =
            path.strip_prefix(root().join("suite")).expect("it lies there").to_string_lossy().into_owned();
        let document = fs::read_to_string(&path).expect("a document is text");
        match play(&document, &folder(&name.replace('/', "-"))) {
            Err(fault) => faults += &format!("suite/{name}, {fault}\n"),
            Ok(played) if played == document => {}
            Ok(played) if renew => fs::write(&path, played).expect("a document can be written"),
            Ok(played) => {
                let difference = difference(&document, &played);
                faults += &format!("suite/{name}, {difference}\n");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}UPDATE_EXPECT=1 renews what is expected");
}

#[test]
fn what_a_command_prints_takes_the_place_of_what_was_expected() {
    let document = "Prose.\n```console\n$ cat seen\nold\n$ exit 4\n```\n```text\n$ prose\n```\nThe end.\n";
    let folder = folder("console");
    fs::write(folder.join("seen"), "new\n").expect("the folder can be written");
    let played = play(document, &folder).expect("the document is well-formed");
    assert_eq!(played, document.replace("old", "new").replace("$ exit 4\n", "$ exit 4\n[exit 4]\n"));
    assert_eq!(play(&played, &folder), Ok(played.clone()), "played twice is played for good");
}

#[test]
fn a_document_that_makes_no_sense_is_refused_with_its_line() {
    let folder = folder("refused");
    for document in [
        "\n```world\ncar 1\n",
        "\n```world\ncar\n```\n",
        "\n```printed\n```\n",
        "\n```console\nls\n```\n",
        "\n```file ../outside\n```\n",
    ] {
        let refused = play(document, &folder);
        assert!(
            refused.as_ref().is_err_and(|fault| fault.starts_with("line 2: ")),
            "{document}: {refused:?}"
        );
    }
}
