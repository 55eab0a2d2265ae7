use super::*;
use crate::ability::chat::ToolCall;

const SHOWN: [u32; 2] = [800, 400];

fn reply(text: &str) -> Reply {
    Reply { text: text.to_owned(), ..Reply::default() }
}

fn read_text(text: &str) -> Result<Boxes, Unread> {
    read(&reply(text), SHOWN, None, Some(Convention::THOUSAND))
}

/// One chair at left 200, top 100, right 400, bottom 300 of a picture of 800 × 400.
#[track_caller]
fn is_the_chair(text: &str, rung: Rung) {
    let boxes = read_text(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    assert_eq!(boxes.rung, rung, "{text}");
    assert_eq!(boxes.found.len(), 1, "{text}: {boxes:?}");
    let found = &boxes.found[0];
    assert_eq!(found.label.as_deref(), Some("chair"), "{text}");
    let near = |a: f64, b: f64| (a - b).abs() < 1.0;
    let b = found.box_px;
    assert!(
        near(b.left, 200.0) && near(b.top, 100.0) && near(b.width, 200.0) && near(b.height, 200.0),
        "{text}: {b:?} in {:?}",
        boxes.convention
    );
}

#[test]
fn every_convention_of_the_field_is_read() {
    for (text, rung) in [
        ("```json\n[{\"bbox_2d\": [250, 250, 500, 750], \"label\": \"chair\"}]\n```", Rung::Fence),
        // shares
        ("[{\"bbox\": [0.25, 0.25, 0.5, 0.75], \"label\": \"chair\"}]", Rung::Json),
        // Gemini: y first, thousandths
        ("[{\"box_2d\": [250, 250, 750, 500], \"label\": \"chair\"}]", Rung::Json),
        // Qwen-VL
        ("<ref>chair</ref><box>(250,250),(500,750)</box>", Rung::Tags),
        // InternVL
        ("<ref>chair</ref><box>[[250, 250, 500, 750]]</box>", Rung::Tags),
        // Qwen2-VL
        (
            "<|object_ref_start|>chair<|object_ref_end|><|box_start|>(250,250),(500,750)<|box_end|>",
            Rung::Tags,
        ),
        // PaliGemma
        ("<loc0256><loc0256><loc0768><loc0512> chair", Rung::Tags),
        // COCO
        ("{\"objects\": [{\"category\": \"chair\", \"xywh\": [0.25, 0.25, 0.25, 0.5]}]}", Rung::Json),
        // names of sides
        (
            "[{\"name\": \"chair\", \"box\": {\"xmin\": 0.25, \"ymin\": 0.25, \"xmax\": 0.5, \"ymax\": 0.75}}]",
            Rung::Json,
        ),
        // names as keys
        ("{\"chair\": [[0.25, 0.25, 0.5, 0.75]]}", Rung::Json),
        ("{\"boxes\": [[0.25, 0.25, 0.5, 0.75]], \"labels\": [\"chair\"], \"scores\": [0.9]}", Rung::Json),
        // two corners, text, numbers as text
        ("[{\"label\": \"chair\", \"bbox\": [[0.25, 0.25], [0.5, 0.75]]}]", Rung::Json),
        ("[{\"label\": \"chair\", \"bbox\": \"0.25, 0.25, 0.5, 0.75\"}]", Rung::Json),
        // within words
        ("Here it is: {\"label\": \"chair\", \"bbox_2d\": [250, 250, 500, 750]}. I'm sure.", Rung::Within),
        (
            "<think>[1,2,3,4]</think><answer>{\"label\": \"chair\", \"bbox\": [250, 250, 500, 750]}</answer>",
            Rung::Within,
        ),
        // a list that was cut off
        ("[{\"label\": \"chair\", \"bbox\": [250, 250, 500, 750]}, {\"label\": \"do", Rung::Within),
        // plain words
        ("The chair: [0.25, 0.25, 0.5, 0.75]", Rung::Words),
        ("- chair: (0.25, 0.25, 0.5, 0.75)", Rung::Words),
    ] {
        is_the_chair(text, rung);
    }
}

#[test]
fn a_declared_convention_decides_between_readings_that_fit() {
    let text = "```json\n[{\"bbox_2d\": [200, 100, 400, 300], \"label\": \"chair\"}]\n```";
    let declared = Convention { scale: Scale::Pixels, order: Order::Xyxy };
    let boxes = read(&reply(text), SHOWN, Some(declared), None).expect("declared");
    assert_eq!(boxes.found[0].box_px, BoxPx::new(200.0, 100.0, 200.0, 200.0).expect("finite"));
}

#[test]
fn a_tool_call_is_read_before_the_words() {
    let arguments =
        "{\"detections\": [{\"bbox\": [0.25, 0.25, 0.5, 0.75], \"label\": \"chair\"}]}".to_owned();
    let call = ToolCall { id: "1".into(), name: "report".into(), arguments };
    let reply = Reply { text: "see above [1, 2, 3, 4]".into(), tool_calls: vec![call], ..Reply::default() };
    let boxes = read(&reply, SHOWN, None, None).expect("a call");
    assert_eq!((boxes.rung, boxes.found[0].box_px.left), (Rung::ToolCall, 200.0));
}

#[test]
fn points_are_places_without_area() {
    let boxes = read_text("<point x=\"25.0\" y=\"50\" alt=\"chair\">chair</point>").expect("Molmo");
    let found = &boxes.found[0];
    assert_eq!((found.box_px.left, found.box_px.top, found.box_px.width), (200.0, 200.0, 0.0));
    let boxes = read_text("[{\"point\": [500, 250], \"label\": \"chair\"}]").expect("Gemini");
    assert_eq!((boxes.found[0].box_px.left, boxes.found[0].box_px.top), (200.0, 200.0));
    let boxes = read_text("<points x1=\"10\" y1=\"20\" x2=\"30\" y2=\"40\" alt=\"cups\">cups</points>")
        .expect("Molmo");
    assert_eq!(boxes.found.len(), 2);
}

#[test]
fn nothing_is_told_from_no_answer() {
    for text in
        ["[]", "{\"objects\": []}", "```json\n[]\n```", "There are no chairs in this picture.", "None."]
    {
        assert!(read_text(text).expect(text).found.is_empty(), "{text}");
    }
    for text in ["", "A nice room.", "I cannot help with that", "{\"answer\": 7}", "42"] {
        assert_eq!(read_text(text), Err(Unread::NoBoxes), "{text}");
    }
}

#[test]
fn numbers_beyond_the_picture_settle_what_they_count() {
    // 900 of 800 × 400 can be no pixel
    let boxes = read_text("[{\"bbox_2d\": [100, 100, 900, 900]}]").expect("thousandths");
    assert_eq!(boxes.convention.map(|c| c.scale), Some(Scale::Thousand));
    let wide =
        read(&reply("[{\"bbox_2d\": [100, 100, 1900, 900]}]"), [1920, 1080], None, None).expect("pixels");
    assert_eq!(wide.convention.map(|c| c.scale), Some(Scale::Pixels));
    // both fit, and nobody said which was asked for
    let both = read(&reply("[{\"bbox_2d\": [100, 100, 300, 300]}]"), SHOWN, None, None);
    assert!(matches!(both, Err(Unread::Unclear { .. })), "{both:?}");
}

#[test]
fn what_contradicts_the_declared_convention_is_refused() {
    let pixels = Convention { scale: Scale::Pixels, order: Order::Xyxy };
    let unit = Convention { scale: Scale::Unit, order: Order::Xyxy };
    for (text, declared) in [
        ("[[100, 100, 900, 900]]", pixels),
        ("[[100, 100, 300, 300]]", unit),
        ("[[0.1, 0.1, 0.9, 0.9]]", pixels),
        ("[[0.1, 0.1, 0.9, 0.9]]", Convention::THOUSAND),
    ] {
        let refused = read(&reply(text), SHOWN, Some(declared), None);
        assert!(matches!(refused, Err(Unread::Contradicts { .. })), "{text} {declared}: {refused:?}");
    }
}

#[test]
fn boxes_outside_are_counted() {
    let unit = Convention { scale: Scale::Pixels, order: Order::Xyxy };
    let text = "[[10,10,90,90],[20,20,80,80],[30,30,70,70],[700,300,1000,390],[40,40,60,60]]";
    let boxes = read(&reply(text), SHOWN, Some(unit), None).expect("four of five are within");
    assert_eq!((boxes.found.len(), boxes.n_outside), (4, 1));
    let text = "[[10,10,90,90],[20,20,80,80],[30,30,70,70],[700,300,850,390],[40,40,20,20]]";
    let boxes = read(&reply(text), SHOWN, Some(unit), None);
    assert!(matches!(boxes, Err(Unread::Contradicts { .. })), "two of five are not: {boxes:?}");
    let text = "[[10,10,90,90],[20,20,80,80],[30,30,70,70],[700,300,850,390]]";
    let boxes = read(&reply(text), SHOWN, Some(unit), None).expect("three of four");
    assert_eq!((boxes.found.len(), boxes.n_cut), (4, 1));
    assert_eq!(boxes.found[3].box_px.right(), 800.0);
}

#[test]
fn conventions_are_written_as_they_are_read() {
    for convention in Convention::all() {
        assert_eq!(Convention::parse(&convention.to_string()), Some(convention));
    }
    assert_eq!(Convention::parse("thousand-xyxy"), Some(Convention::THOUSAND));
    assert_eq!(Convention::parse("inches"), None);
}

/// Seeded noise over the letters that the ladder reacts to: no panic, and time grows with the length alone.
#[test]
fn no_text_breaks_the_ladder() {
    let pieces = [
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\\",
        ",",
        ":",
        "<ref>",
        "</ref>",
        "<box>",
        "</box>",
        "<loc",
        "<loc0100>",
        "<point x=\"1\" y=\"",
        "```json",
        "```",
        "</think>",
        "bbox_2d",
        "0.5",
        "1e999",
        "-7",
        "999",
        "chair",
        "ä",
        "\u{1F600}",
        "\n",
        "(",
        ")",
        "<points ",
        "\"label\"",
        "null",
        "[1,2,3,4]",
        "{\"box\":[0,0,1,1]}",
        "<|box_start|>",
    ];
    let mut state = 7u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    for _ in 0..3000 {
        let text: String = (0..next(40)).map(|_| pieces[next(pieces.len())]).collect();
        if let Ok(boxes) = read_text(&text) {
            for found in boxes.found {
                let b = found.box_px;
                assert!(b.left >= 0.0 && b.right() <= 800.0 && b.top >= 0.0 && b.bottom() <= 400.0, "{text}");
            }
        }
    }
}

#[test]
fn a_megabyte_takes_linear_time() {
    for piece in [
        "[",
        "{",
        "[[1,",
        "{\"a\":",
        "[\"",
        "<ref>",
        "<box>",
        "<loc",
        "<loc0100>",
        "<point",
        "<points x1=\"",
        "```",
        "(",
        "(1,2",
        "[1,2,3,4],",
        "\\\"[",
        "chair: [",
    ] {
        #[allow(clippy::disallowed_methods)]
        let begun = std::time::Instant::now();
        let text = piece.repeat((1 << 20) / piece.len());
        read_text(&text).ok();
        read_text(&format!("[{text}")).ok();
        read_text(&format!("```json\n{text}")).ok();
        // a quadratic reader takes minutes
        assert!(begun.elapsed().as_secs() < 20, "{piece}: {:?}", begun.elapsed());
    }
}
