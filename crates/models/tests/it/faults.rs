use chronotope_models::scripted::{Fault, Said, Scripted};
use chronotope_models::{Address, Cancel, Chat, Error, HttpChat, Message, Reply, Request, Role, Settings};
use std::time::Duration;

fn server() -> Scripted {
    Scripted::serve("tiny", |_| Said::Text("fine".into())).unwrap()
}

fn settings() -> Settings {
    Settings { pause_s: 0.01, reply_s: 5.0, connect_s: 2.0, ..Settings::default() }
}

fn ask(server: &Scripted, settings: &Settings) -> Result<Reply, Error> {
    let chat = HttpChat::new(&Address::parse(&server.address()).unwrap(), settings).unwrap();
    chat.chat(&Request { messages: vec![Message::text(Role::User, "hello")], ..Request::default() })
}

#[test]
fn what_passes_is_tried_again() {
    let server = server();
    for fault in [
        Fault::Status(429, "slow down".into(), None),
        Fault::Status(503, "loading".into(), None),
        Fault::Drop,
    ] {
        let before = server.n_asked();
        server.plant([Some(fault.clone()), Some(fault.clone())]);
        assert_eq!(ask(&server, &settings()).unwrap().text, "fine", "{fault:?}");
        assert_eq!(server.n_asked() - before, 3, "{fault:?}");
    }
}

#[test]
fn a_server_may_ask_for_a_pause() {
    let server = server();
    server.plant([Some(Fault::Status(429, String::new(), Some(1)))]);
    #[allow(clippy::disallowed_methods)]
    let begun = std::time::Instant::now();
    ask(&server, &settings()).unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(950), "{:?}", begun.elapsed());
}

#[test]
fn what_lasts_is_an_error_with_status_tries_words_and_address() {
    let server = server();
    server.plant(vec![
        Some(Fault::Status(500, "{\"error\": {\"message\": \"out of memory\"}}".into(), None));
        3
    ]);
    let error = ask(&server, &Settings { tries: 3, ..settings() }).unwrap_err();
    assert!(matches!(error, Error::Status { status: 500, tries: 3, .. }), "{error:?}");
    let words = error.to_string();
    assert!(words.contains("out of memory") && words.ends_with(&server.address()), "{words}");
    assert!(error.remedy().is_some() && error.is_service());
    // what a second try cannot change is not tried again
    let before = server.n_asked();
    server.plant([Some(Fault::Status(401, "no key".into(), None))]);
    let error = ask(&server, &settings()).unwrap_err();
    assert_eq!(server.n_asked() - before, 1);
    assert!(error.remedy().unwrap().contains("CHRONOTOPE_API_KEY"), "{error}");
}

#[test]
fn what_is_no_reply_is_told_from_a_service_that_fails() {
    let server = server();
    for (fault, words) in
        [(Fault::HalfJson, "JSON"), (Fault::Html, "Bad gateway"), (Fault::NoChoices, "choice")]
    {
        server.plant([Some(fault.clone())]);
        let error = ask(&server, &settings()).unwrap_err();
        assert!(matches!(error, Error::Reply { .. }) && !error.is_service(), "{fault:?}: {error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let refusing = Scripted::serve("tiny", |_| Said::Refusal("I will not".into())).unwrap();
    let error = ask(&refusing, &settings()).unwrap_err();
    assert!(matches!(&error, Error::Refused { said, .. } if said == "I will not"), "{error:?}");
}

#[test]
fn ten_megabytes_are_an_error_whole_or_streamed() {
    let server = server();
    server.plant([Some(Fault::Huge(10 << 20))]);
    assert!(matches!(ask(&server, &settings()), Err(Error::TooLarge { .. })));
    server.plant([Some(Fault::Huge(10 << 20))]);
    let chat = HttpChat::new(&Address::parse(&server.address()).unwrap(), &settings()).unwrap();
    let request = Request { messages: vec![Message::text(Role::User, "hello")], ..Request::default() };
    let error = chat.chat_streamed(&request, &mut |_| {}).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[test]
fn a_slow_server_times_out_and_a_stopped_call_stops() {
    let server = server();
    server.plant([Some(Fault::Slow(3000)), Some(Fault::Slow(3000))]);
    let error = ask(&server, &Settings { reply_s: 0.3, ..settings() }).unwrap_err();
    assert!(matches!(error, Error::TimeOut { .. }), "{error:?}");
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        stop.cancel();
    });
    let error = ask(&server, &Settings { cancel, ..settings() }).unwrap_err();
    stopper.join().unwrap();
    assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
}

#[test]
fn redirects_are_told_and_not_followed() {
    let (server, other) = (server(), server());
    server.plant([Some(Fault::Redirect(other.base()))]);
    let error = ask(&server, &settings()).unwrap_err();
    assert!(matches!(error, Error::Status { status: 302, .. }), "{error:?}");
    assert!(error.to_string().contains(&other.base()) && other.n_asked() == 0, "{error}");
}

#[test]
fn nobody_there_is_said_with_a_remedy() {
    let gone = server().address();
    let settings = Settings { tries: 2, ..settings() };
    let chat = HttpChat::new(&Address::parse(&gone).unwrap(), &settings).unwrap();
    let request = Request { messages: vec![Message::text(Role::User, "hello")], ..Request::default() };
    let error = chat.chat(&request).unwrap_err();
    assert!(matches!(error, Error::Connection { tries: 2, .. }), "{error:?}");
    assert!(error.to_string().contains(&gone) && error.remedy().is_some(), "{error}");
}

#[test]
fn calls_keep_to_a_rate() {
    let server = server();
    let settings = Settings { per_minute: Some(300.0), ..settings() };
    let chat = HttpChat::new(&Address::parse(&server.address()).unwrap(), &settings).unwrap();
    let request = Request { messages: vec![Message::text(Role::User, "hello")], ..Request::default() };
    #[allow(clippy::disallowed_methods)]
    let begun = std::time::Instant::now();
    (0..4).for_each(|_| assert!(chat.chat(&request).is_ok()));
    assert!(begun.elapsed() >= Duration::from_millis(590), "{:?}", begun.elapsed());
}
