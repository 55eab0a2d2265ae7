use chronotope_models::scripted::{Said, Scripted};
use chronotope_models::{
    Address, Cached, Chat, Embed, Finish, HttpChat, HttpEmbed, HttpTranscribe, Image, Limits, Message, Meter,
    Metered, Part, Prices, Request, Role, Schema, Settings, Transcribe,
};
use serde_json::{Value, json};

fn client(server: &Scripted) -> HttpChat {
    let settings = Settings { key: Some("secret".into()), ..Settings::default() };
    HttpChat::new(&Address::parse(&server.address()).unwrap(), &settings).unwrap()
}

fn say(text: &str) -> Request {
    Request { messages: vec![Message::text(Role::User, text)], ..Request::default() }
}

fn last_words(body: &Value) -> String {
    body["messages"]
        .as_array()
        .and_then(|m| m.last())
        .map_or("", |m| m["content"].as_str().unwrap_or("parts"))
        .into()
}

#[test]
fn a_reply_comes_with_its_cost_and_the_models_own_name() {
    let server =
        Scripted::serve("tiny", |body| Said::Text(format!("you said {}", last_words(body)))).unwrap();
    let reply = client(&server).chat(&say("hello")).unwrap();
    assert_eq!((reply.text.as_str(), reply.model.as_str()), ("you said hello", "tiny-scripted"));
    assert_eq!(reply.finish, Finish::Stop);
    assert!(reply.usage.tokens_in > 0 && reply.usage.tokens_out > 0);
    let asked = server.asked();
    assert_eq!(asked[0].path, "chat/completions");
    assert_eq!(asked[0].body["model"], "tiny");
    assert_eq!(asked[0].authorization.as_deref(), Some("Bearer secret"));
}

#[test]
fn without_a_name_the_servers_first_model_is_taken() {
    let server = Scripted::serve("only-one", |_| Said::Text("yes".into())).unwrap();
    let chat = HttpChat::new(&Address::parse(&server.base()).unwrap(), &Settings::default()).unwrap();
    assert_eq!(chat.model(), "only-one");
    assert_eq!(chat.chat(&say("?")).unwrap().text, "yes");
}

#[test]
fn a_stream_gives_the_same_reply_piece_by_piece() {
    let server = Scripted::serve("tiny", |body| match last_words(body).as_str() {
        "call" => Said::Call("zoom".into(), "{\"box\": [1, 2, 3, 4]}".into()),
        _ => Said::Text("a rather long reply that comes in pieces, ä too".into()),
    })
    .unwrap();
    let chat = client(&server);
    let mut pieces = Vec::new();
    let streamed = chat.chat_streamed(&say("hello"), &mut |piece| pieces.push(piece.to_owned())).unwrap();
    let whole = chat.chat(&say("hello")).unwrap();
    assert!(pieces.len() > 3 && pieces.concat() == whole.text && streamed.text == whole.text, "{pieces:?}");
    assert_eq!(streamed.usage.tokens_out, whole.usage.tokens_out);
    for reply in [chat.chat(&say("call")).unwrap(), chat.chat_streamed(&say("call"), &mut |_| {}).unwrap()] {
        assert_eq!(reply.tool_calls[0].name, "zoom");
        assert_eq!(reply.tool_calls[0].arguments, "{\"box\": [1, 2, 3, 4]}");
    }
}

#[test]
fn a_server_without_schemas_is_asked_in_words() {
    let server = Scripted::serve("old", |body| {
        if body.get("response_format").is_some() {
            // what such servers say; with a status of success it would be read as a reply
            return Said::Raw(json!({"error": {"message": "response_format is not supported", "code": 400}}));
        }
        Said::Text("{}".into())
    })
    .unwrap();
    let chat = client(&server);
    let schema = Schema { name: "boxes".into(), schema: json!({"type": "object"}) };
    let request = Request { schema: Some(schema), ..say("boxes") };
    server.plant([Some(chronotope_models::scripted::Fault::Status(
        400,
        "{\"error\": {\"message\": \"response_format is not supported\"}}".into(),
        None,
    ))]);
    assert_eq!(chat.chat(&request).unwrap().text, "{}");
    assert_eq!(chat.chat(&request).unwrap().text, "{}");
    let with = server.asked().iter().filter(|asked| asked.body.get("response_format").is_some()).count();
    assert_eq!((server.n_asked(), with), (3, 1));
}

#[test]
fn pictures_are_sent_counted_and_paid_once() {
    let server = Scripted::serve("tiny", |_| Said::Text("a cat".into())).unwrap();
    let folder = std::env::temp_dir().join(format!("chronotope-models-it-{}", std::process::id()));
    std::fs::remove_dir_all(&folder).ok();
    let meter = Meter::new(Limits { pictures: Some(3), ..Limits::default() }, Prices::default());
    let image = Image { bytes: vec![9; 100].into(), media_type: "image/png", shown_px: [10, 10], t: None };
    let request = Request { messages: vec![Message::user(vec![Part::Image(image)])], ..Request::default() };
    for _ in 0..2 {
        let chat = Metered::new(Cached::new(client(&server), &folder), meter.clone());
        assert_eq!(chat.chat(&request).unwrap().text, "a cat");
    }
    let spent = meter.spent();
    assert_eq!((server.n_asked(), spent.n_calls, spent.n_repeated), (1, 2, 1));
    assert_eq!((spent.n_pictures, spent.n_pixels), (2, 200));
    std::fs::remove_dir_all(&folder).ok();
}

#[test]
fn texts_become_vectors_and_sound_becomes_words() {
    let server = Scripted::serve("both", |body| match body["input"].as_array() {
        Some(texts) => {
            let rows = texts
                .iter()
                .enumerate()
                .map(|(i, text)| json!({"index": i, "embedding": [text.as_str().unwrap_or("").len(), 1]}));
            Said::Raw(json!({"data": rows.collect::<Vec<_>>(), "usage": {"prompt_tokens": 3}}))
        }
        None => Said::Raw(json!({"text": "good morning", "language": "english",
            "segments": [{"start": 0.0, "end": 1.5, "text": "good morning"}]})),
    })
    .unwrap();
    let address = Address::parse(&server.address()).unwrap();
    let vectors = HttpEmbed::new(&address, &Settings::default()).unwrap().embed(&["a", "bcd"]).unwrap();
    assert_eq!((vectors.vectors, vectors.tokens_in), (vec![vec![1.0, 1.0], vec![3.0, 1.0]], 3));
    let transcriber = HttpTranscribe::new(&address, &Settings::default()).unwrap();
    let said = transcriber.transcribe("morning.wav", b"RIFF", Some("en")).unwrap();
    assert_eq!((said.text.as_str(), said.pieces.len()), ("good morning", 1));
    assert_eq!(said.pieces[0].span.s(), 1.5);
}
