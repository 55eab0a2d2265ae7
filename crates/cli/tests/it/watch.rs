//! `watch` from files, pipes and streams; what bad input gets.
#![allow(clippy::disallowed_methods, reason = "a test that waits for another process gives up in time")]

use super::{chronotope, stdout_of};
use chronotope::perceive::video::{Encoder, EncoderSettings};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let folder = std::env::temp_dir().join(format!("chronotope-watch-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Scratch(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    /// A square that crosses a patterned ground, at ten pictures a second.
    fn clip(&self, name: &str, n_pictures: u32) -> String {
        let path = self.path(name);
        let (width, height) = (160_u32, 120_u32);
        let settings = EncoderSettings { rate: (10, 1), gop: 10, ..EncoderSettings::default() };
        let mut encoder = Encoder::create(Path::new(&path), width, height, settings).expect("writable");
        for k in 0..n_pictures {
            let mut rgb = Vec::with_capacity((3 * width * height) as usize);
            for y in 0..height {
                for x in 0..width {
                    let left = 4 + 3 * (k % 40);
                    let inside = (left..left + 24).contains(&x) && (40..70).contains(&y);
                    let ground = 60 + ((x / 8 * 7919) ^ (y / 8 * 104_729)).wrapping_mul(2_654_435_761) % 97;
                    rgb.extend(if inside { [250; 3] } else { [ground as u8; 3] });
                }
            }
            encoder.push_rgb(&rgb).expect("a picture of the right size");
        }
        encoder.finish().expect("the clip can be finished");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn stderr_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The rows of a bundle, without what names its source.
fn rows(world: &str) -> String {
    let csv = format!("{world}.csv");
    let exported = chronotope(&["export", "csv", world, "-o", &csv]);
    assert!(exported.status.success(), "{}", stderr_of(&exported));
    std::fs::read_to_string(csv).expect("it was written")
}

fn watching_loudly(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_chronotope"))
        .arg("watch")
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built")
}

fn watching(arguments: &[&str], input: Stdio) -> Child {
    Command::new(env!("CARGO_BIN_EXE_chronotope"))
        .args(["--quiet", "watch"])
        .args(arguments)
        .stdin(input)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built")
}

#[test]
fn a_piped_video_gives_the_rows_of_the_file() {
    let scratch = Scratch::new("pipe");
    let clip = scratch.clip("a.mkv", 40);
    let (from_file, from_pipe) = (scratch.path("file.world"), scratch.path("pipe.world"));
    stdout_of(&["--quiet", "watch", &clip, "-o", &from_file]);
    let file = std::fs::File::open(&clip).expect("it was written");
    let output = watching(&["-", "-o", &from_pipe], file.into()).wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", stderr_of(&output));
    assert_eq!(rows(&from_pipe), rows(&from_file));
    assert!(rows(&from_pipe).lines().count() > 40);
}

/// A clip that cannot be read forwards.
fn index_last(scratch: &Scratch) -> String {
    let (first, clip) = (scratch.clip("first.mp4", 40), scratch.path("last.mp4"));
    let copied = Command::new("ffmpeg").args(["-v", "error", "-i", &first, "-c", "copy", &clip]).status();
    assert!(copied.expect("ffmpeg is installed").success());
    let bytes = std::fs::read(&clip).expect("it was written");
    let at = |kind: &[u8]| bytes.windows(4).position(|four| four == kind);
    assert!(at(b"mdat") < at(b"moov"), "its index comes last");
    clip
}

#[test]
fn what_must_be_read_backwards_is_copied_and_nothing_of_it_stays() {
    let scratch = Scratch::new("backwards");
    let clip = index_last(&scratch);
    let (from_file, from_pipe, from_http) =
        (scratch.path("file.world"), scratch.path("pipe.world"), scratch.path("http.world"));
    stdout_of(&["--quiet", "watch", &clip, "-o", &from_file]);
    let bytes = std::fs::read(&clip).expect("it was written");
    for (input, world) in [("-", &from_pipe), (&*http(bytes.clone(), false), &from_http)] {
        let file = std::fs::File::open(&clip).expect("it was written");
        let output = Command::new(env!("CARGO_BIN_EXE_chronotope"))
            .args(["--quiet", "watch", input, "-o", world])
            .env("XDG_CACHE_HOME", scratch.path("cache"))
            .stdin(file)
            .output()
            .expect("the program was built");
        assert!(output.status.success(), "{input}: {}", stderr_of(&output));
        assert_eq!(rows(world), rows(&from_file), "{input}");
        let left = std::fs::read_dir(scratch.path("cache/chronotope/pipes")).expect("it was copied").count();
        assert_eq!(left, 0, "{input}");
    }
}

#[test]
fn a_world_takes_another_video_only_when_asked_to() {
    let scratch = Scratch::new("second");
    let (first, second, world) =
        (scratch.clip("a.mkv", 20), scratch.clip("b.mkv", 30), scratch.path("w.world"));
    let watch = |arguments: &[&str]| chronotope(&[&["watch"], arguments, &["-o", &world]].concat());
    assert!(watch(&[&first]).status.success());
    let before = rows(&world);
    let refused = watch(&[&second]);
    assert_eq!(refused.status.code(), Some(2));
    let said = stderr_of(&refused);
    assert!(said.contains("expected the same again, or --clock to add another"), "{said}");
    assert_eq!(rows(&world), before);
    // what was found is not looked for again with other settings, and that is said
    let other = watch(&[&first, "--tracker", "sort"]);
    assert_eq!(other.status.code(), Some(2));
    let said = stderr_of(&other);
    assert!(said.contains("was watched to its end with tracker=byte-track, now tracker=sort"), "{said}");
    let same = watch(&[&first]);
    assert!(same.status.success() && stderr_of(&same).contains("nothing new"), "{}", stderr_of(&same));
    assert_eq!(rows(&world), before);
    let added = watch(&[&second, "--clock", "10"]);
    assert!(added.status.success(), "{}", stderr_of(&added));
    let said = stderr_of(&added);
    assert!(said.contains("b.mkv is added to") && said.contains("starts at 10 s"), "{said}");
    let shown = stdout_of(&["show", &world]);
    assert!(shown.contains("0 to 13 s"), "{shown}");
    // it keeps the clock that it was given, and neither is looked at twice
    let both = rows(&world);
    assert_eq!(watch(&[&second, "--clock", "11"]).status.code(), Some(2));
    assert!(stderr_of(&watch(&[&second, &first])).contains("nothing new"));
    assert_eq!(rows(&world), both);
    // a pipe is never taken for the one before
    let piped = |arguments: &[&str]| {
        let file = std::fs::File::open(&first).expect("it was written");
        let out = scratch.path("pipe.world");
        let child = watching(&[&["-", "-o", &out], arguments].concat(), file.into());
        child.wait_with_output().expect("it ends")
    };
    assert!(piped(&[]).status.success());
    assert_eq!(piped(&[]).status.code(), Some(3));
    let later = piped(&["--clock", "none"]);
    assert!(later.status.success(), "{}", stderr_of(&later));
}

#[test]
fn a_live_world_can_be_asked_while_it_grows() {
    let scratch = Scratch::new("live");
    let clip = std::fs::read(scratch.clip("a.ts", 200)).expect("it was written");
    let world = scratch.path("live.world");
    let mut child = watching(&["-", "-o", &world, "--online", "--segment", "1"], Stdio::piped());
    let mut pipe = child.stdin.take().expect("piped");
    pipe.write_all(&clip[..clip.len() * 3 / 4]).expect("it reads");
    let started = Instant::now();
    let question = "How many moving objects are there at 1.5 s?";
    loop {
        let asked = chronotope(&["ask", &world, question]);
        if asked.status.success() {
            assert!(String::from_utf8_lossy(&asked.stdout).starts_with('1'), "one square moves");
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "{}", stderr_of(&asked));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(child.try_wait().expect("it runs").is_none(), "it ended before its input did");
    pipe.write_all(&clip[clip.len() * 3 / 4..]).expect("it reads");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", stderr_of(&output));
    // asked at a moment, it knows what was seen up to then
    let then = stdout_of(&["--no-timing", "ask", &world, question, "--asked-at", "5"]);
    assert!(then.starts_with('1'), "{then}");
    let early = chronotope(&["ask", &world, "How many moving objects are there at 6 s?", "--asked-at", "5"]);
    assert_eq!(early.status.code(), Some(4), "{}", String::from_utf8_lossy(&early.stdout));
    // "so far" ends with what is covered then
    let so_far = stdout_of(&["ask", &world, "How many moving objects are there?", "--asked-at", "3.5"]);
    assert!(so_far.starts_with(|c: char| c.is_ascii_digit()), "{so_far}");
}

/// Serves a file by HTTP, once; of a broken server half of it comes.
fn http(bytes: Vec<u8>, broken: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/clip.ts", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut request = BufReader::new(stream.try_clone().expect("a socket"));
            let mut line = String::new();
            while request.read_line(&mut line).is_ok_and(|n| n > 2) {
                line.clear();
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                bytes.len()
            );
            let sent = if broken { bytes.len() / 2 } else { bytes.len() };
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes[..sent])).ok();
        }
    });
    address
}

#[test]
fn an_address_gives_the_rows_of_the_file_and_a_broken_one_those_that_came() {
    let scratch = Scratch::new("http");
    let clip = scratch.clip("a.ts", 40);
    let (from_file, from_http, half) =
        (scratch.path("file.world"), scratch.path("http.world"), scratch.path("half.world"));
    stdout_of(&["--quiet", "watch", &clip, "-o", &from_file]);
    let bytes = std::fs::read(&clip).expect("it was written");
    stdout_of(&["--quiet", "watch", &http(bytes.clone(), false), "-o", &from_http]);
    assert_eq!(rows(&from_http), rows(&from_file));
    let broken = chronotope(&["--quiet", "watch", &http(bytes, true), "-o", &half, "--wait", "1"]);
    assert_eq!(broken.status.code(), Some(5), "{}", stderr_of(&broken));
    let n = rows(&half).lines().count();
    assert!(n > 10 && n < rows(&from_file).lines().count(), "{n} rows");
    stdout_of(&["check", &half]);
}

/// The packets that FFmpeg's RTP muxer makes of a clip, and its session description.
fn packets(clip: &str, scratch: &Scratch) -> (Vec<Vec<u8>>, String) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket.set_read_timeout(Some(Duration::from_millis(200))).expect("a socket");
    let (port, sdp) = (socket.local_addr().expect("bound").port(), scratch.path("clip.sdp"));
    let mut muxer = Command::new("ffmpeg")
        .args(["-v", "error", "-readrate", "4", "-i", clip, "-c", "copy", "-f", "rtp", "-sdp_file", &sdp])
        .arg(format!("rtp://127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .spawn()
        .expect("ffmpeg is installed");
    let (mut packets, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        match socket.recv(&mut buffer) {
            Ok(n) => packets.push(buffer[..n].to_vec()),
            Err(_nothing_in_time) if muxer.try_wait().expect("a process").is_some() => break,
            Err(_nothing_yet) => {}
        }
    }
    (packets, std::fs::read_to_string(sdp).expect("FFmpeg wrote it"))
}

/// A camera that speaks RTSP over TCP and sends these packets, then hangs up or falls silent.
fn rtsp(packets: Vec<Vec<u8>>, sdp: &str, silent: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("rtsp://{}/camera", listener.local_addr().expect("bound"));
    let from = sdp.find("v=0").unwrap_or(0);
    let described = format!("{}\r\na=control:streamid=0\r\n", sdp[from..].trim_end());
    let base = address.clone();
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else { return };
        let mut requests = BufReader::new(stream.try_clone().expect("a socket"));
        loop {
            let (mut method, mut sequence) = (String::new(), String::new());
            let mut line = String::new();
            while requests.read_line(&mut line).is_ok_and(|n| n > 2) {
                if method.is_empty() {
                    line.split(' ').next().unwrap_or_default().clone_into(&mut method);
                }
                if let Some(n) = line.strip_prefix("CSeq:") {
                    n.trim().clone_into(&mut sequence);
                }
                line.clear();
            }
            let more = match method.as_str() {
                "OPTIONS" => "Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n".to_owned(),
                "DESCRIBE" => format!(
                    "Content-Base: {base}/\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{described}",
                    described.len()
                ),
                "SETUP" => "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n".to_owned(),
                "PLAY" => "Session: 1\r\n\r\n".to_owned(),
                _ => return,
            };
            if write!(stream, "RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{more}").is_err() {
                return;
            }
            if method == "PLAY" {
                for packet in &packets {
                    let mut framed = vec![b'$', 0];
                    framed.extend((packet.len() as u16).to_be_bytes());
                    framed.extend(packet);
                    if stream.write_all(&framed).is_err() {
                        return;
                    }
                    std::thread::sleep(Duration::from_millis(2));
                }
                std::thread::sleep(Duration::from_secs(if silent { 30 } else { 0 }));
                return;
            }
        }
    });
    address
}

#[test]
fn a_camera_is_watched_by_rtsp_and_what_came_is_kept_when_it_falls_silent() {
    let scratch = Scratch::new("rtsp");
    let (packets, sdp) = packets(&scratch.clip("a.mp4", 60), &scratch);
    for (silent, code) in [(false, 0), (true, 5)] {
        let world = scratch.path(if silent { "silent.world" } else { "ended.world" });
        let address = rtsp(packets.clone(), &sdp, silent);
        let output = chronotope(&["--quiet", "watch", &address, "-o", &world, "--online", "--wait", "2"]);
        assert_eq!(output.status.code(), Some(code), "{}", stderr_of(&output));
        let n = rows(&world).lines().count();
        assert!(n > 40, "{n} rows of 60 pictures: {}", stderr_of(&output));
        stdout_of(&["check", &world]);
        let answer = stdout_of(&["ask", &world, "How many moving objects are there at 2 s?"]);
        assert!(answer.starts_with('1'), "{answer}");
    }
}

#[test]
fn interrupted_it_keeps_what_is_settled_and_goes_on_to_the_same_world() {
    let scratch = Scratch::new("interrupt");
    let clip = scratch.clip("a.mp4", 400);
    let (whole, parts) = (scratch.path("whole.world"), scratch.path("parts.world"));
    stdout_of(&["--quiet", "watch", &clip, "-o", &whole, "--online", "--segment", "2"]);
    let arguments = [&*clip, "-o", &parts, "--online", "--segment", "2"];
    let mut interrupted = 0;
    for wait in 1..=30_u64 {
        let child = watching(&arguments, Stdio::null());
        let revision =
            |world: &str| std::fs::read_to_string(format!("{world}/world.json")).unwrap_or_default();
        let (before, started) = (revision(&parts), Instant::now());
        // once it has settled something more
        while revision(&parts) == before && started.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(7 * wait));
        let pid = child.id().to_string();
        Command::new("kill")
            .args([if wait % 2 == 0 { "-KILL" } else { "-INT" }, &pid])
            .status()
            .expect("kill");
        let output = child.wait_with_output().expect("it ends");
        stdout_of(&["check", &parts]);
        if output.status.success() && !Path::new(&parts).join("resume").exists() {
            break;
        }
        interrupted += 1;
    }
    assert!(interrupted > 0);
    stdout_of(&["--quiet", "watch", &clip, "-o", &parts, "--online", "--segment", "2"]);
    assert_eq!(rows(&parts), rows(&whole));
    // what was looked for when, and what the camera did, has no hole either
    let looked = |world: &str| -> Vec<String> {
        let text = stdout_of(&["show", world, "--all"]);
        let told = |line: &&str| line.starts_with("coverage") || line.starts_with("event");
        text.lines().filter(told).map(str::to_owned).collect()
    };
    assert_eq!(looked(&parts), looked(&whole));
}

/// Offline the first half minute is settled as a whole: what is interrupted before has found nothing, and that is no success.
#[test]
fn interrupted_before_anything_is_kept_it_says_so() {
    let scratch = Scratch::new("early");
    let clip = scratch.clip("a.mp4", 900);
    let world = scratch.path("w.world");
    let child = watching_loudly(&[&clip, "-o", &world]);
    // from when it listens on, however busy the machine
    while !listens(child.id()) {
        std::thread::sleep(Duration::from_millis(1));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    let output = child.wait_with_output().expect("it ends");
    let said = stderr_of(&output);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted before anything was kept"), "{said}");
    assert!(!Path::new(&world).exists(), "nothing is there");
}

/// Whether a process handles SIGINT itself; also once it has ended.
fn listens(pid: u32) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{pid}/status")) else { return true };
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let mask = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask & 1 << 1 != 0 || status.contains("State:\tZ")
}

#[test]
fn bad_input_is_an_error_and_leaves_nothing() {
    let scratch = Scratch::new("bad");
    let clip = scratch.clip("a.mp4", 20);
    let world = scratch.path("bad.world");
    let (nan, file) = (scratch.path("nan.txt"), scratch.path("file"));
    std::fs::write(&nan, "1,-1,NaN,10,20,20,1\n2,-1,10,10,0,0,1\n3,-1,10,10,-5,20,1\n").expect("writable");
    std::fs::write(&file, "no folder").expect("writable");
    let under_a_file = format!("{file}/out.world");
    let with_nan = format!("file:{nan}");
    let cases: [(&[&str], i32, &str); 6] = [
        (
            &[&clip, "-o", &world, "--from", "100"],
            3,
            "expected a picture in the span that was asked for, found none from 100 s on",
        ),
        (&[&clip, "-o", &world, "--from", "1", "--to", "1"], 2, "--from and --to"),
        (&[&clip, "-o", &world, "--from", "nan"], 2, "expected seconds from 0 on"),
        (&[&clip, "-o", &under_a_file], 3, "cannot"),
        (&[&file, "-o", &world], 3, "expected a video file"),
        (&[&clip, "-o", &world, "--detector", "file:nowhere.txt"], 3, "nowhere.txt"),
    ];
    for (arguments, code, words) in cases {
        let output = chronotope(&[&["--quiet", "watch"], arguments].concat());
        let said = stderr_of(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(!Path::new(&world).exists(), "{arguments:?} left something");
    }
    // boxes without a number or an area follow nothing, and say so
    let output = chronotope(&["watch", &clip, "-o", &world, "--detector", &with_nan]);
    assert!(output.status.success() || output.status.code() == Some(3), "{}", stderr_of(&output));
    if output.status.success() {
        stdout_of(&["check", &world]);
        let exported = rows(&world);
        assert!(!exported.contains("NaN"), "{exported}");
    }
}

#[test]
fn a_disk_that_takes_no_more_leaves_no_half_written_world() {
    let scratch = Scratch::new("full");
    let (clip, world) = (scratch.clip("a.mp4", 60), scratch.path("full.world"));
    for blocks in ["0", "1", "3", "6"] {
        // a limit of the file size stands for the full disk: writes fail in the same places
        let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
        let output = Command::new("bash")
            .args(["-c", script, "bash", blocks, env!("CARGO_BIN_EXE_chronotope"), "--quiet", "watch", &clip])
            .args(["-o", &world, "--online", "--segment", "2"])
            .output()
            .expect("bash is installed");
        let left = Path::new(&world).join("world.json").exists();
        if left {
            stdout_of(&["check", &world]);
        } else {
            assert!(!Path::new(&world).exists(), "{blocks} blocks left something");
        }
        if !output.status.success() {
            assert_eq!(output.status.code(), Some(3), "{blocks} blocks: {}", stderr_of(&output));
        }
        assert!(blocks != "0" || !output.status.success(), "nothing can be written");
        std::fs::remove_dir_all(&world).ok();
    }
}
