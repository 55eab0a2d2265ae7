//! The protocol, message by message, over pipes in memory.

use super::*;
use crate::tool::scratch::street;
use serde_json::json;
use tokio::io::{
    AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};

/// A client that writes lines and reads lines.
struct Client {
    out: WriteHalf<DuplexStream>,
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    n: u64,
}

impl Client {
    async fn begun(calls: Calls) -> Client {
        let (mine, its) = tokio::io::duplex(1 << 20);
        let (reader, writer) = tokio::io::split(its);
        tokio::spawn(async move {
            serve(Handler::new(calls), (reader, writer), CancellationToken::new()).await.ok();
        });
        let (reader, out) = tokio::io::split(mine);
        let mut client = Client { out, lines: BufReader::new(reader).lines(), n: 0 };
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "0" } });
        let info = client.ask("initialize", hello).await;
        assert_eq!(info["result"]["serverInfo"]["name"], "chronotope", "{info}");
        client.say(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        client
    }

    async fn say(&mut self, message: Json) {
        self.out.write_all(format!("{message}\n").as_bytes()).await.expect("written");
    }

    async fn next(&mut self) -> Json {
        let line = self.lines.next_line().await.expect("read").expect("the server is there");
        serde_json::from_str(&line).expect("JSON")
    }

    async fn ask(&mut self, method: &str, params: Json) -> Json {
        self.n += 1;
        let id = self.n;
        self.say(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        loop {
            let message = self.next().await;
            if message["id"] == id {
                return message;
            }
        }
    }

    async fn call(&mut self, tool: &str, arguments: Json) -> Json {
        self.ask("tools/call", json!({ "name": tool, "arguments": arguments })).await["result"].clone()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

#[test]
fn a_client_finds_tools_and_gets_an_answer() {
    let (_folder, desk) = street();
    runtime().block_on(async {
        let mut client = Client::begun(Calls::new(desk)).await;
        let tools = client.ask("tools/list", json!({})).await;
        let tools = tools["result"]["tools"].as_array().expect("a list").clone();
        assert!(
            tools
                .iter()
                .any(|tool| tool["name"] == "ask" && tool["inputSchema"]["required"] == json!(["question"]))
        );
        assert!(tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true), "note is not offered");
        let result = client.call("ask", json!({ "question": "How many cars are there?" })).await;
        assert_eq!(result["structuredContent"]["answer"]["value"], 2, "{result}");
        assert!(result["content"][0]["text"].as_str().expect("a text").starts_with("answered: 2"));
    });
}

#[test]
fn mistakes_are_results_and_the_session_goes_on() {
    let (_folder, desk) = street();
    runtime().block_on(async {
        let mut client = Client::begun(Calls::new(desk)).await;
        for (tool, arguments, told) in [
            ("ask", json!({}), "question: expected a text"),
            ("ask", json!({ "question": "x", "source": "../../etc/passwd" }), "refused"),
            ("nothing", json!({}), "expected a tool"),
            ("note", json!({}), "expected a tool"),
            ("run_program", json!({ "program": "count(" }), "expected"),
            ("track", json!({ "thing": "unicorn" }), "unicorn"),
        ] {
            let result = client.call(tool, arguments).await;
            assert_eq!(result["isError"], true, "{tool}: {result}");
            let text = result["content"][0]["text"].as_str().expect("a text");
            assert!(text.contains(told), "{tool}: {text}");
        }
        // what is no message at all
        client
            .out
            .write_all(b"{\"jsonrpc\": \"2.0\", \"id\": 99, \"method\": \"no/such\"}\nnonsense\n")
            .await
            .expect("written");
        let result = client.call("ask", json!({ "question": "How many cars are there?" })).await;
        assert_eq!(result["structuredContent"]["answer"]["value"], 2);
    });
}

#[test]
fn sources_are_resources_and_prompts_are_there() {
    let (_folder, desk) = street();
    runtime().block_on(async {
        let mut client = Client::begun(Calls::new(desk)).await;
        let listed = client.ask("resources/list", json!({})).await;
        let uri = listed["result"]["resources"][0]["uri"].as_str().expect("an address").to_owned();
        assert_eq!(uri, "chronotope://show/street.world.txt");
        let read = client.ask("resources/read", json!({ "uri": uri })).await;
        assert!(
            read["result"]["contents"][0]["text"].as_str().expect("a text").contains("\"labels\""),
            "{read}"
        );
        let text = client.ask("resources/read", json!({ "uri": "chronotope://text/street.world.txt" })).await;
        assert!(text["result"]["contents"][0]["text"].as_str().expect("a text").contains("car 1"), "{text}");
        let refused = client.ask("resources/read", json!({ "uri": "chronotope://show/%2e%2e/x" })).await;
        assert!(refused["error"]["message"].as_str().expect("a text").contains("refused"), "{refused}");
        let refused = client.ask("resources/read", json!({ "uri": "file:///etc/passwd" })).await;
        assert!(refused["error"].is_object(), "{refused}");
        let prompts = client.ask("prompts/list", json!({})).await;
        assert_eq!(prompts["result"]["prompts"].as_array().expect("a list").len(), 3);
        let got = client
            .ask("prompts/get", json!({ "name": "recall", "arguments": { "source": "s", "question": "q" } }))
            .await;
        assert!(
            got["result"]["messages"][0]["content"]["text"]
                .as_str()
                .expect("a text")
                .contains("the memory `s`: q"),
            "{got}"
        );
    });
}

#[test]
fn many_sessions_are_answered_side_by_side_each_its_own() {
    let (_folder, desk) = street();
    let calls = Calls::new(desk);
    runtime().block_on(async {
        let sessions = (0..64).map(|i| {
            let calls = calls.clone();
            tokio::spawn(async move {
                let mut client = Client::begun(calls).await;
                for n in 0..4 {
                    // each asks as of its own moment: nothing leaks from one into another
                    let at = if (i + n) % 2 == 0 { 0.5 } else { 1.5 };
                    let arguments = json!({ "question": "How many people were seen?", "asked_at": at });
                    let result = client.call("ask", arguments).await;
                    assert_eq!(
                        result["structuredContent"]["answer"]["value"],
                        u64::from(at > 1.0),
                        "{result}"
                    );
                }
            })
        });
        for session in sessions.collect::<Vec<_>>() {
            session.await.expect("a session ended well");
        }
    });
}
