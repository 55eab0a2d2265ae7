//! `serve`: an agent on the other end of a pipe, a program on the other end of a socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value as Json, json};

/// A folder with a World in it, which goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("chronotope-serve-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let street = "record \"street\"\ncoverage [0, 10) car\ncar 1 gap 5\n  0: (0, 0, 0)\n  4: (8, 0, 0)\ncar 2\n  1: (5, 5, 0)\n";
        std::fs::write(folder.join("street.world.txt"), street).expect("a file can be written");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok(); // nothing depends on it
    }
}

fn serve(arguments: &[&str], folder: &Folder) -> Child {
    Command::new(env!("CARGO_BIN_EXE_chronotope"))
        .arg("serve")
        .args(arguments)
        .arg(&folder.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built")
}

const QUESTION: &str = "How many cars are there?";

#[test]
fn an_agent_asks_over_a_pipe_and_the_server_ends_with_it() {
    let folder = Folder::new("pipe");
    let mut server = serve(&["--mcp"], &folder);
    let mut input = server.stdin.take().expect("a pipe");
    let mut lines = BufReader::new(server.stdout.take().expect("a pipe")).lines();
    let mut say = |message: Json| writeln!(input, "{message}").expect("the server reads");
    say(json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params":
        { "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "0" } } }));
    let hello = lines.next().expect("a line").expect("text");
    assert!(hello.contains("\"chronotope\""), "{hello}");
    say(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    let call = json!({ "name": "ask", "arguments": { "question": QUESTION } });
    say(json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call }));
    let answer: Json = serde_json::from_str(&lines.next().expect("a line").expect("text")).expect("JSON");
    assert_eq!(answer["result"]["structuredContent"]["answer"]["value"], 2, "{answer}");
    drop(input);
    assert!(lines.next().is_none(), "nothing else on standard output");
    assert!(server.wait().expect("it ends").success());
}

#[cfg(unix)]
#[test]
fn a_program_asks_over_a_socket_and_the_server_ends_when_it_is_told_to() {
    let folder = Folder::new("socket");
    let mut server = serve(&["--http", "127.0.0.1:0"], &folder);
    let mut told = BufReader::new(server.stderr.take().expect("a pipe")).lines();
    let line = told.next().expect("a line").expect("text");
    let at =
        line.split("http://").nth(1).and_then(|rest| rest.split(',').next()).expect("an address").to_owned();
    let body = json!({ "question": QUESTION }).to_string();
    let mut socket = TcpStream::connect(&at).expect("it listens");
    let n = body.len();
    let request = format!(
        "POST /tools/ask HTTP/1.1\r\nHost: {at}\r\nContent-Length: {n}\r\nConnection: close\r\n\r\n{body}"
    );
    socket.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"value\":2"), "{answer}");
    let id = server.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill is there").success());
    assert!(server.wait().expect("it ends").success());
}

#[test]
fn nobody_listens_beyond_this_machine_without_a_token() {
    let folder = Folder::new("token");
    let output = serve(&["--http", "0.0.0.0:0"], &folder).wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("expected a token"), "{told}");
}
