//! What the model is asked about one picture, and what its reply means.

use super::VlmSettings;
use crate::detect::Detection;
use crate::video::{Image as Pixels, Pixels as Form, jpeg};
use chronotope_models::boxes::{self, Convention, Rung};
use chronotope_models::{Chat, Error, Image, Message, Part, Request, Schema};
use chronotope_world::{BoxPx, Time};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Asks one model for one list of things.
pub struct Asker<'a> {
    chat: &'a dyn Chat,
    find: Vec<String>,
    shown_px: u32,
    declared: Option<Convention>,
    checks: RefCell<Checks>,
}

/// What one drawn picture showed of how the model tells places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convinced {
    /// What its numbers mean; none where the drawn thing was found under no reading.
    pub convention: Option<Convention>,
    /// Intersection over union of the best reading with what was drawn.
    pub iou: f64,
}

/// What a reply says of a picture, in pixels of the source.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) found: Vec<Detection>,
    pub(super) n_boxes: u32,
    pub(super) n_cut: u32,
    pub(super) n_dropped: u32,
    pub(super) n_not_asked_for: u32,
    pub(super) rung: Rung,
    pub(super) model: String,
}

/// How second asks agreed with first ones.
#[derive(Clone, Debug, Default)]
struct Checks {
    n_asks: u32,
    /// Boxes confirmed and boxes checked, by name.
    by_label: BTreeMap<String, (u32, u32)>,
}

/// Two asks tell of the same thing where boxes overlap by so much.
const SAME_IOU: f64 = 0.5;
/// One reply tells one thing twice where boxes of one name overlap by so much.
const TWICE_IOU: f64 = 0.8;
/// What the drawn thing must overlap to be found.
const FOUND_IOU: f64 = 0.5;
const JPEG_QUALITY: u8 = 88;
const MOST_TOKENS: u32 = 2048;

const ASK: &str = "Find every instance of the following things in the picture: {FIND}. Report each visible instance, partly hidden ones \
too, with a tight box around what is visible. Write x and y as whole numbers from 0 to 1000: thousandths of the picture's width and \
height, from its top left corner. Answer with JSON alone: {\"objects\": [{\"label\": NAME, \"box\": [x1, y1, x2, y2]}]}. Use the names \
as given. Where there is none of them, answer {\"objects\": []}.";
const DRAWN: &str = "red rectangle";
/// Left, top, right, bottom of what is drawn, in shares of the picture: no reading in another order or scale overlaps it.
const DRAWN_AT: [f64; 4] = [0.12, 0.46, 0.44, 0.92];

impl<'a> Asker<'a> {
    /// Asks `chat` for what the settings name.
    pub fn new(chat: &'a dyn Chat, settings: &VlmSettings) -> Asker<'a> {
        Asker {
            chat,
            find: settings.find.clone(),
            shown_px: settings.shown_px,
            declared: settings.declared,
            checks: RefCell::default(),
        }
    }

    /// What decides what is found, in words for the record.
    pub(super) fn words(&self) -> String {
        let digest = Sha256::digest(prompt(&self.find));
        let find: Vec<String> = self.find.iter().map(|name| name.replace(' ', "_")).collect();
        format!(
            "find={} prompt={:02x}{:02x}{:02x}{:02x} shown={}",
            find.join(","),
            digest[0],
            digest[1],
            digest[2],
            digest[3],
            self.shown_px
        )
    }

    /// Asks for a drawn thing whose place is known: what the numbers mean is then known too. None where it was declared.
    ///
    /// # Errors
    /// The model's own, where the service fails.
    pub fn convince(&self) -> Result<Option<Convinced>, Error> {
        if self.declared.is_some() {
            return Ok(None);
        }
        let (w, h) = (self.shown_px.max(16), (self.shown_px * 3 / 4).max(12));
        let at = |share: f64, whole: u32| (share * f64::from(whole)).round() as u32;
        let [left, top, right, bottom] =
            [at(DRAWN_AT[0], w), at(DRAWN_AT[1], h), at(DRAWN_AT[2], w), at(DRAWN_AT[3], h)];
        let mut data = Vec::with_capacity((3 * w * h) as usize);
        for y in 0..h {
            for x in 0..w {
                let drawn = (left..right).contains(&x) && (top..bottom).contains(&y);
                data.extend_from_slice(if drawn { &[220, 30, 30] } else { &[150, 150, 150] });
            }
        }
        let picture = Pixels { width: w, height: h, pixels: Form::Rgb24, data };
        let request = self.request(&picture, None, &[DRAWN.to_owned()], 0)?;
        let reply = match self.chat.chat(&request) {
            Ok(reply) => reply,
            Err(error) if error.is_service() => return Err(error),
            // it says nothing of places here; perhaps of pictures it does
            Err(_) => return Ok(Some(Convinced { convention: None, iou: 0.0 })),
        };
        let truth = BoxPx::new(left.into(), top.into(), (right - left).into(), (bottom - top).into());
        let mut best = Convinced { convention: None, iou: 0.0 };
        for convention in Convention::all() {
            let Ok(read) = boxes::read(&reply, [w, h], Some(convention), None) else { continue };
            let iou = |b: BoxPx| truth.map_or(0.0, |truth| truth.iou(b));
            let iou = read.found.iter().map(|found| iou(found.box_px)).fold(0.0, f64::max);
            if iou > best.iou + 1e-9 {
                best = Convinced { convention: (iou >= FOUND_IOU).then_some(convention), iou };
            }
        }
        Ok(Some(best))
    }

    /// Asks about a picture, once or twice.
    ///
    /// # Errors
    /// The model's own; within, in words, why a reply could not be read.
    pub(super) fn ask(
        &self,
        shown: &Pixels,
        t: Time,
        declared: Option<Convention>,
        twice: bool,
        source_px: [u32; 2],
    ) -> Result<Result<Asked, String>, Error> {
        let mut first = match self.once(shown, t, declared, 0, source_px)? {
            Ok(first) => first,
            Err(why) => return Ok(Err(why)),
        };
        if twice && let Ok(Ok(second)) = self.second(shown, t, declared, source_px) {
            self.compare(&mut first, &second);
        }
        Ok(Ok(first))
    }

    /// The second ask; where the service fails the first ask's answer stands, and the next picture's tells.
    fn second(
        &self,
        shown: &Pixels,
        t: Time,
        declared: Option<Convention>,
        source_px: [u32; 2],
    ) -> Result<Result<Asked, String>, Error> {
        self.once(shown, t, declared, 1, source_px)
    }

    fn once(
        &self,
        shown: &Pixels,
        t: Time,
        declared: Option<Convention>,
        sample: u32,
        source_px: [u32; 2],
    ) -> Result<Result<Asked, String>, Error> {
        // asked in another order, a model that guesses guesses differently
        let mut find = self.find.clone();
        if sample > 0 {
            find.reverse();
        }
        let request = self.request(shown, Some(t), &find, sample)?;
        let reply = self.chat.chat(&request)?;
        let shown_px = [shown.width, shown.height];
        let read = match boxes::read(&reply, shown_px, declared, Some(Convention::THOUSAND)) {
            Ok(read) => read,
            Err(why) => return Ok(Err(why.to_string())),
        };
        let [sx, sy] = [
            f64::from(source_px[0]) / f64::from(shown.width),
            f64::from(source_px[1]) / f64::from(shown.height),
        ];
        let mut asked = Asked {
            found: Vec::new(),
            n_boxes: read.found.len() as u32,
            n_cut: read.n_cut,
            n_dropped: read.n_outside + read.n_bad,
            n_not_asked_for: 0,
            rung: read.rung,
            model: reply.model,
        };
        for found in read.found {
            // words before numbers are not always a name
            let by_words = read.rung == Rung::Words && self.find.len() == 1;
            let label = self.name_of(found.label.as_deref());
            let Some(label) = label.or_else(|| self.find.first().filter(|_| by_words).cloned()) else {
                asked.n_not_asked_for += 1;
                continue;
            };
            let box_px = found.box_px.scaled(sx, sy);
            let again =
                asked.found.iter().any(|d: &Detection| d.label == label && d.box_px.iou(box_px) >= TWICE_IOU);
            if box_px.area() > 0.0 && !again {
                asked.found.push(Detection { box_px, score: None, label });
            } else {
                asked.n_dropped += 1;
            }
        }
        Ok(Ok(asked))
    }

    /// The asked name that a label means: the same word, in singular or plural, or as the last word of a longer name ("office chair").
    fn name_of(&self, label: Option<&str>) -> Option<String> {
        let Some(label) = label else {
            // what was asked for alone needs no name
            return match self.find.as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            };
        };
        let label = normal(label);
        let same = |name: &&String| normal(name) == label;
        let ends = |name: &&String| label.ends_with(&format!(" {}", normal(name)));
        let longest = self.find.iter().filter(ends).max_by_key(|name| name.len());
        self.find.iter().find(same).or(longest).cloned()
    }

    /// Scores the first ask's boxes by the second's.
    fn compare(&self, first: &mut Asked, second: &Asked) {
        let mut checks = self.checks.borrow_mut();
        checks.n_asks += 1;
        let mut taken = vec![false; second.found.len()];
        for detection in &mut first.found {
            let same = second
                .found
                .iter()
                .enumerate()
                .filter(|(i, other)| !taken[*i] && other.label == detection.label);
            let best = same.max_by(|a, b| {
                let iou = |d: &Detection| d.box_px.iou(detection.box_px);
                iou(a.1).total_cmp(&iou(b.1)).then(b.0.cmp(&a.0))
            });
            let confirmed =
                best.filter(|(_, other)| other.box_px.iou(detection.box_px) >= SAME_IOU).map(|(i, _)| i);
            if let Some(i) = confirmed {
                taken[i] = true;
            }
            detection.score = Some(if confirmed.is_some() { 1.0 } else { 0.5 });
            let row = checks.by_label.entry(detection.label.clone()).or_default();
            row.0 += u32::from(confirmed.is_some());
            row.1 += 1;
        }
        // what only the second ask tells is a disagreement too
        for (other, _) in second.found.iter().zip(&taken).filter(|(_, taken)| !**taken) {
            checks.by_label.entry(other.label.clone()).or_default().1 += 1;
        }
    }

    /// Share of boxes that a second ask confirmed, by name; of a name that was never checked that of all.
    pub(super) fn scores(&self) -> BTreeMap<String, f64> {
        let checks = self.checks.borrow();
        let share = |(a, n): (u32, u32)| (n > 0).then(|| f64::from(a) / f64::from(n));
        let all = checks.by_label.values().fold((0, 0), |all, row| (all.0 + row.0, all.1 + row.1));
        let score = |name: &String| checks.by_label.get(name).copied().and_then(share).or_else(|| share(all));
        self.find.iter().filter_map(|name| Some((name.clone(), score(name)?))).collect()
    }

    /// Second asks, boxes confirmed, boxes checked.
    pub(super) fn checks(&self) -> (u32, u32, u32) {
        let checks = self.checks.borrow();
        let all = checks.by_label.values().fold((0, 0), |all, row| (all.0 + row.0, all.1 + row.1));
        (checks.n_asks, all.0, all.1)
    }

    fn request(
        &self,
        shown: &Pixels,
        t: Option<Time>,
        find: &[String],
        sample: u32,
    ) -> Result<Request, Error> {
        let bytes = jpeg(shown, JPEG_QUALITY).map_err(|error| Error::File {
            place: String::new(),
            expected: "a picture that can be sent",
            found: error.to_string(),
            file: self.chat.address(),
        })?;
        let image =
            Image { bytes: bytes.into(), media_type: "image/jpeg", shown_px: [shown.width, shown.height], t };
        Ok(Request {
            messages: vec![Message::user(vec![Part::Text(prompt(find)), Part::Image(image)])],
            schema: Some(Schema { name: "objects".to_owned(), schema: schema(find) }),
            max_tokens: Some(MOST_TOKENS),
            temperature: Some(if sample == 0 { 0.0 } else { 0.7 }),
            seed: Some(u64::from(sample)),
            sample,
            ..Request::default()
        })
    }
}

fn prompt(find: &[String]) -> String {
    ASK.replace("{FIND}", &find.join(", "))
}

fn schema(find: &[String]) -> Value {
    json!({
        "type": "object",
        "properties": {"objects": {"type": "array", "items": {
            "type": "object",
            "properties": {
                "label": {"type": "string", "enum": find},
                "box": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            },
            "required": ["label", "box"],
            "additionalProperties": false,
        }}},
        "required": ["objects"],
        "additionalProperties": false,
    })
}

/// Small letters, single blanks, no plural ending of the last word.
fn normal(label: &str) -> String {
    let words = label.to_lowercase().replace(['_', '-'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.strip_prefix("the ").unwrap_or(&words);
    match words.strip_suffix("es") {
        Some(stem) if stem.ends_with(['x', 's']) || stem.ends_with("sh") || stem.ends_with("ch") => {
            stem.to_owned()
        }
        _ => words
            .strip_suffix('s')
            .filter(|stem| !stem.ends_with(['s', 'u', 'i']))
            .unwrap_or(words)
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_models::Reply;

    /// A model that answers every picture with this.
    struct Says(Box<dyn Fn(&Request) -> String + Send + Sync>);

    impl Chat for Says {
        fn model(&self) -> &'static str {
            "says"
        }
        fn address(&self) -> String {
            "here".into()
        }
        fn chat(&self, request: &Request) -> Result<Reply, Error> {
            Ok(Reply { text: (self.0)(request), ..Reply::default() })
        }
    }

    fn settings(find: &[&str]) -> VlmSettings {
        VlmSettings {
            find: find.iter().map(|s| (*s).to_owned()).collect(),
            shown_px: 400,
            ..VlmSettings::default()
        }
    }

    fn grey() -> Pixels {
        Pixels { width: 400, height: 200, pixels: Form::Rgb24, data: vec![128; 400 * 200 * 3] }
    }

    #[test]
    fn a_drawn_picture_tells_what_numbers_mean() {
        for (text, convention) in [
            ("{\"objects\": [{\"label\": \"red rectangle\", \"box\": [120, 460, 440, 920]}]}", "thousand"),
            ("[{\"bbox_2d\": [48, 138, 176, 276], \"label\": \"red rectangle\"}]", "pixels"),
            ("[[0.12, 0.46, 0.44, 0.92]]", "unit"),
            ("[[460, 120, 920, 440]]", "thousand-yxyx"),
            ("[[120, 460, 320, 460]]", "thousand-xywh"),
            ("[[12, 46, 44, 92]]", "hundred"),
        ] {
            let chat = Says(Box::new(move |_| text.to_owned()));
            let convinced =
                Asker::new(&chat, &settings(&["x"])).convince().expect("no network").expect("not declared");
            assert_eq!(
                convinced.convention.map(|c| c.to_string()).as_deref(),
                Some(convention),
                "{convinced:?}"
            );
            assert!(convinced.iou > 0.9, "{convinced:?}");
        }
        let blind = Says(Box::new(|_| "[[700, 100, 900, 300]]".to_owned()));
        let convinced =
            Asker::new(&blind, &settings(&["x"])).convince().expect("no network").expect("not declared");
        assert_eq!(convinced.convention, None);
    }

    #[test]
    fn names_are_matched_and_others_left_out() {
        let chat = Says(Box::new(|_| {
            let names = ["Office chair", "chairs", "armchair", "door", "Door"];
            let row = |(i, n): (usize, &&str)| {
                format!("{{\"label\": \"{n}\", \"box\": [{}, 0, {}, 900]}}", i * 200, i * 200 + 150)
            };
            format!("[{}]", names.iter().enumerate().map(row).collect::<Vec<_>>().join(","))
        }));
        let asker = Asker::new(&chat, &settings(&["chair", "door"]));
        let asked = asker.ask(&grey(), Time(0), None, false, [800, 400]).expect("no network").expect("read");
        let labels: Vec<&str> = asked.found.iter().map(|d| d.label.as_str()).collect();
        assert_eq!((labels, asked.n_not_asked_for), (vec!["chair", "chair", "door", "door"], 1));
        assert_eq!(asked.found[1].box_px, BoxPx::new(160.0, 0.0, 120.0, 360.0).expect("finite"));
    }

    #[test]
    fn a_second_ask_scores_the_first() {
        let chat = Says(Box::new(|request| {
            match request.sample {
            0 => "[{\"label\": \"cup\", \"box\": [100, 100, 300, 300]}, {\"label\": \"cup\", \"box\": [600, 600, 900, 900]}]".into(),
            _ => "[{\"label\": \"cup\", \"box\": [110, 100, 300, 300]}]".into(),
        }
        }));
        let asker = Asker::new(&chat, &settings(&["cup"]));
        let asked = asker.ask(&grey(), Time(0), None, true, [400, 200]).expect("no network").expect("read");
        assert_eq!(asked.found.iter().map(|d| d.score).collect::<Vec<_>>(), [Some(1.0), Some(0.5)]);
        assert_eq!((asker.checks(), asker.scores()["cup"]), ((1, 1, 2), 0.5));
    }

    #[test]
    fn plurals_and_letters_do_not_matter() {
        for (a, b) in [
            ("Chairs", "chair"),
            ("boxes", "box"),
            ("coffee_tables", "coffee table"),
            ("glasses", "glass"),
            ("bus", "bus"),
        ] {
            assert_eq!(normal(a), normal(b), "{a}");
        }
    }
}
