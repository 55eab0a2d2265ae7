//! The paths, called without a socket.

use super::*;
use crate::allow::Allowed;
use crate::desk::{Desk, Limits, Settings};
use crate::tool::scratch::{Folder, STREET, street};
use tower::ServiceExt as _;

const AT: &str = "127.0.0.1:8377";

fn server(calls: Calls, token: Option<&str>) -> Router {
    let token = token.map(|secret| Token::new(secret).expect("long enough"));
    let guard = Guard::new(AT.parse().expect("an address"), token, &[], &[]).expect("a guard");
    routes(calls, guard, CancellationToken::new())
}

fn request(method: &str, path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", AT)
        .header("content-type", "application/json")
        .header("accept", "application/json, text/plain")
        .body(body.into())
        .expect("a request")
}

async fn answer(server: &Router, request: Request<Body>) -> (u16, String) {
    let response = server.clone().oneshot(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 24).await.expect("a body");
    (status, String::from_utf8(body.to_vec()).expect("UTF-8"))
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

fn parsed(body: &str) -> Json {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

#[test]
fn a_tool_is_called_and_mistakes_have_their_status() {
    let (_folder, desk) = street();
    let server = server(Calls::new(desk), None);
    block_on(async {
        let call = |path: &'static str, body: Json| answer(&server, request("POST", path, body.to_string()));
        let (status, body) = call("/tools/ask", json!({ "question": "How many cars are there?" })).await;
        assert_eq!((status, &parsed(&body)["answer"]["value"]), (200, &json!(2)));
        for (path, body, expected) in [
            ("/tools/ask", json!({}), 400),
            ("/tools/ask", json!([]), 400),
            ("/tools/nothing", json!({}), 404),
            ("/tools/ask", json!({ "question": "x", "source": "/etc/passwd" }), 403),
            ("/tools/run_program", json!({ "program": "count(" }), 422),
            ("/elsewhere", json!({}), 404),
        ] {
            let (status, text) = call(path, body.clone()).await;
            assert_eq!(status, expected, "{path} {body}: {text}");
            assert!(parsed(&text)["error"]["text"].is_string(), "{text}");
        }
    });
}

#[test]
fn limits_hold() {
    let folder = Folder::new();
    folder.file("street.world.txt", STREET);
    let allowed = Allowed::new([folder.path("")]).expect("it exists");
    let limits = Limits { body_bytes: 2000, text_bytes: 500, ..Limits::default() };
    let desk = Arc::new(Desk::new(Settings { allowed, limits, ..Settings::default() }));
    let server = server(Calls::new(desk), None);
    block_on(async {
        let ask = |n: usize| json!({ "question": "x".repeat(n) }).to_string();
        assert_eq!(answer(&server, request("POST", "/tools/ask", ask(100))).await.0, 200);
        assert_eq!(answer(&server, request("POST", "/tools/ask", ask(600))).await.0, 413);
        assert_eq!(answer(&server, request("POST", "/tools/ask", ask(3000))).await.0, 413);
        // a body that does not say how long it is, too
        let chunks = Body::from_stream(tokio_stream_of(vec![ask(1500); 3]));
        assert_eq!(answer(&server, request("POST", "/tools/ask", chunks)).await.0, 413);
        let mut large = request("POST", "/mcp", ask(3000));
        large.headers_mut().insert("accept", "application/json, text/event-stream".parse().expect("a value"));
        assert_eq!(answer(&server, large).await.0, 413);
        assert_eq!(answer(&server, request("POST", "/reward/accuracy", ask(3000))).await.0, 413);
    });
}

/// Chunks, one after the other.
fn tokio_stream_of(chunks: Vec<String>) -> impl futures_core::Stream<Item = Result<Bytes, std::io::Error>> {
    struct Chunks(std::vec::IntoIter<String>);
    impl futures_core::Stream for Chunks {
        type Item = Result<Bytes, std::io::Error>;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            std::task::Poll::Ready(self.0.next().map(|chunk| Ok(Bytes::from(chunk))))
        }
    }
    Chunks(chunks.into_iter())
}

#[test]
fn nobody_asks_without_the_token_or_under_another_name() {
    let (_folder, desk) = street();
    let server = server(Calls::new(desk), Some("0123456789abcdef"));
    block_on(async {
        let with = |path: &str, host: &str, token: Option<&str>| {
            let mut builder = Request::builder().method("POST").uri(path).header("host", host);
            if let Some(token) = token {
                builder = builder.header("authorization", format!("Bearer {token}"));
            }
            builder.body(Body::from("{}")).expect("a request")
        };
        for path in ["/tools/list_sources", "/mcp", "/reward/accuracy", "/score/accuracy"] {
            assert_eq!(answer(&server, with(path, AT, None)).await.0, 401, "{path}");
            assert_eq!(answer(&server, with(path, AT, Some("0123456789abcdeF"))).await.0, 401, "{path}");
            assert_eq!(
                answer(&server, with(path, "evil.example", Some("0123456789abcdef"))).await.0,
                403,
                "{path}"
            );
        }
        assert_eq!(answer(&server, with("/tools/list_sources", AT, Some("0123456789abcdef"))).await.0, 200);
        assert_eq!(answer(&server, request("GET", "/health", "")).await.0, 200);
        assert_eq!(answer(&server, request("GET", "/openapi.json", "")).await.0, 401);
    });
}

#[test]
fn the_document_names_every_path() {
    let (_folder, desk) = street();
    let server = server(Calls::new(desk), None);
    block_on(async {
        let document = parsed(&answer(&server, request("GET", "/openapi.json", "")).await.1);
        for path in ["/tools/ask", "/tools/when", "/reward/{rule}", "/score/{metric}", "/health", "/tools"] {
            assert!(document["paths"][path].is_object(), "{path}");
        }
        assert!(document["paths"]["/tools/note"].is_null(), "nothing can be written here");
        let tools = parsed(&answer(&server, request("GET", "/tools?style=anthropic", "")).await.1);
        assert!(tools[0]["input_schema"].is_object());
        assert_eq!(answer(&server, request("GET", "/tools?style=other", "")).await.0, 400);
    });
}

#[test]
fn rewards_and_scores_come_in_the_form_and_order_of_the_rows() {
    let (_folder, desk) = street();
    let server = server(Calls::new(desk), None);
    block_on(async {
        let rows = json!([
            { "id": 1, "completion": "<answer>A</answer>", "answer": "A", "problem_type": "multiple choice" },
            { "id": 2, "completion": "<answer>B</answer>", "answer": "A", "problem_type": "multiple choice" },
        ]);
        let (status, body) = answer(&server, request("POST", "/reward/accuracy", rows.to_string())).await;
        let rewarded = parsed(&body);
        assert_eq!(
            (status, &rewarded[0]["reward"], &rewarded[1]["reward"]),
            (200, &json!(1.0), &json!(0.0)),
            "{body}"
        );
        let lines = format!("{}\nno row\n", rows[0]);
        let (status, body) = answer(&server, request("POST", "/reward/accuracy", lines)).await;
        let lines: Vec<Json> = body.lines().map(parsed).collect();
        assert_eq!((status, lines.len()), (200, 2));
        assert!(lines[0]["error"].is_null() && lines[1]["error"].is_string(), "{body}");
        assert_eq!(answer(&server, request("POST", "/reward/nothing", "[]")).await.0, 404);
        assert_eq!(answer(&server, request("POST", "/reward/accuracy?advantage=grpo", "[]")).await.0, 400);
        let given = json!({
            "truth": [{ "id": 1, "answer": "A" }, { "id": 2, "answer": "B" }],
            "predictions": [{ "id": 1, "prediction": "A" }, { "id": 2, "prediction": "A" }],
        });
        let (status, body) = answer(&server, request("POST", "/score/accuracy", given.to_string())).await;
        assert_eq!((status, &parsed(&body)["n"]), (200, &json!(2)), "{body}");
    });
}

#[test]
fn events_tell_the_result_or_the_error() {
    let (_folder, desk) = street();
    let server = server(Calls::new(desk), None);
    block_on(async {
        for (body, last) in [
            (json!({ "question": "How many cars are there?" }), "event: result\n"),
            (json!({}), "event: error\n"),
        ] {
            let mut request = request("POST", "/tools/ask", body.to_string());
            request.headers_mut().insert("accept", "text/event-stream".parse().expect("a value"));
            let (status, text) = answer(&server, request).await;
            assert_eq!(status, 200);
            assert!(text.contains(last) && text.ends_with("\n\n"), "{text}");
        }
    });
}

#[test]
fn the_protocol_is_served_over_http() {
    let (_folder, desk) = street();
    let server = server(Calls::new(desk), None);
    block_on(async {
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": { "name": "ask", "arguments": { "question": "How many cars are there?" } } });
        let mut asked = request("POST", "/mcp", message.to_string());
        let accept = "application/json, text/event-stream".parse().expect("a value");
        asked.headers_mut().insert("accept", accept);
        let (status, body) = answer(&server, asked).await;
        assert_eq!(status, 200, "{body}");
        assert!(body.contains("\"value\":2"), "{body}");
    });
}

#[test]
fn who_goes_away_ends_the_call_and_leaves_the_place_to_others() {
    let (_folder, desk) = street();
    let calls = Calls::new(desk);
    block_on(async {
        let control = Control::default();
        let watched = control.clone();
        let waiting = calls.run(control, |control| {
            while !control.has_ended() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        });
        assert!(
            tokio::time::timeout(Duration::from_millis(30), waiting).await.is_err(),
            "it never ends by itself"
        );
        assert!(watched.has_ended(), "the call was told");
        calls.settle(Duration::from_secs(5)).await;
        assert!(calls.run(Control::default(), |_| Ok(7)).await == Ok(7));
    });
}

#[test]
fn a_call_that_takes_too_long_and_one_too_many_are_refused() {
    let folder = Folder::new();
    let allowed = Allowed::new([folder.path("")]).expect("it exists");
    let limits = Limits {
        at_once: std::num::NonZeroUsize::MIN,
        waiting: 1,
        time: Duration::from_millis(80),
        ..Limits::default()
    };
    let calls = Calls::new(Arc::new(Desk::new(Settings { allowed, limits, ..Settings::default() })));
    block_on(async {
        let slow = |control: &Control| {
            while !control.has_ended() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        };
        let (first, second, third) = tokio::join!(
            calls.run(Control::default(), slow),
            calls.run(Control::default(), |_| Ok(())),
            calls.run(Control::default(), |_| Ok(())),
        );
        assert!(first.expect_err("too long").to_string().starts_with("time of a call"));
        assert!(third.expect_err("one too many").to_string().starts_with("calls at a time"));
        drop(second); // it waited: until its turn, or for as long as it may
    });
}

#[test]
fn a_fault_of_the_program_ends_its_own_call_alone() {
    let (_folder, desk) = street();
    let calls = Calls::new(desk);
    block_on(async {
        for _ in 0..8 {
            let failed = calls.run(Control::default(), |_| -> Result<(), Error> { panic!("a fault") }).await;
            assert!(failed.expect_err("a fault").to_string().contains("please report it"));
        }
        assert_eq!(calls.run(Control::default(), |_| Ok(7)).await, Ok(7), "every place was given back");
    });
}

#[test]
fn a_stopped_server_ends_and_takes_no_more() {
    let (_folder, desk) = street();
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let at = listener.local_addr().expect("an address");
        let guard = Guard::new(at, None, &[], &[]).expect("a guard");
        let stop = CancellationToken::new();
        let serving = tokio::spawn(serve(listener, Calls::new(desk), guard, stop.clone()));
        assert!(tokio::net::TcpStream::connect(at).await.is_ok());
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(15), serving)
            .await
            .expect("in time")
            .expect("no fault")
            .expect("no error");
        assert!(tokio::net::TcpStream::connect(at).await.is_err());
    });
}
