//! A question that no program answers, answered by a model that looks at pictures (uniform sampling, the baseline of every video benchmark).

use super::prompt;
use super::said::{Said, said};
use super::{Help, Spent};
use crate::error::Error;
use chronotope_ask::Asked;
use chronotope_ask::program::Answered;
use chronotope_models::{Image, Message, Part, Request, Role, Schema};
use chronotope_world::{Answer, Evidence, Picture, SourceId, SourceKind, Span, Time, Value, World};
use serde_json::json;

/// An answer from pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// What was said.
    pub said: Said,
    /// Whose pictures were shown.
    pub source: SourceId,
    /// The pictures: presentation time and number.
    pub shown: Vec<(Time, u32)>,
}

impl Looked {
    /// As an answer: the model's words, without confidence; each picture is cited, and that nothing checked them is an assumption.
    pub fn into_asked(self, model: &str) -> Asked {
        let assumption = format!("{model} said so after {} pictures; nothing checked it", self.shown.len());
        let mut evidence = vec![Evidence::assumption(assumption)];
        evidence.extend(self.shown.iter().map(|&(t, frame_index)| Evidence {
            source: Some(self.source),
            span: Some(Span::at(t)),
            frame_index: Some(frame_index),
            ..Evidence::assumption(format!("{model} saw this picture"))
        }));
        let text = self.said.text;
        let mut answer =
            Answer::answered(Value::Text(text.clone()), format!("{text} (says {model})"), evidence);
        answer.choice = self.said.choice;
        Asked {
            answered: Answered { answer, program: String::new(), audit: Vec::new() },
            understood: Some(format!(
                "by {model} itself, from {} pictures: no program fits",
                self.shown.len()
            )),
            nearest: Vec::new(),
        }
    }
}

/// Shows pictures of the World's video, evenly spaced over what may be seen, and asks. None without pictures, and where the model does not
/// answer.
///
/// # Errors
/// A video that cannot be read, or a model that fails.
pub fn looks(
    world: &World,
    question: &str,
    options: &[String],
    help: &mut Help<'_>,
    spent: &mut Spent,
) -> Result<Option<Looked>, Error> {
    if help.n_pictures == 0 {
        return Ok(None);
    }
    let (Some(pictures), Some(span)) = (help.pictures.as_deref_mut(), world.span()) else { return Ok(None) };
    let end = span.end().min(world.view().asked_at.plus_ns(1));
    let times = evenly(span.start(), end, help.n_pictures);
    let mut found = None;
    for row in world.tables().sources.iter().filter(|row| row.kind == SourceKind::Video) {
        let shown = pictures
            .pictures_at(row.id, &times, Some(help.longest_px))
            .map_err(|fault| Error::Pictures { task: question.to_owned(), fault })?;
        let mut shown: Vec<Picture> = shown.into_iter().flatten().collect();
        shown.dedup_by_key(|picture| picture.frame_index);
        if !shown.is_empty() {
            found = Some((row.id, shown));
            break;
        }
    }
    let Some((source, shown)) = found else { return Ok(None) };
    let mut parts = Vec::with_capacity(shown.len() + 1);
    for picture in &shown {
        parts.push(Part::Image(image(picture).ok_or_else(|| Error::Pictures {
            task: question.to_owned(),
            fault: format!("a picture of {} × {} pixels cannot be encoded", picture.width, picture.height),
        })?));
    }
    parts.push(Part::Text(prompt::look(question, options, shown.len())));
    let schema = json!({
        "type": "object",
        "properties": {"because": {"type": "string"}, "answer": {"type": ["string", "null"]}},
        "required": ["because", "answer"],
        "additionalProperties": false
    });
    let request = Request {
        messages: vec![Message { role: Role::User, parts, tool_calls: Vec::new() }],
        schema: Some(Schema { name: "answer".into(), schema }),
        max_tokens: Some(800),
        temperature: Some(0.0),
        ..Request::default()
    };
    let reply = help.chat.chat(&request).map_err(Error::model(question))?;
    spent.add(&reply, shown.len() as u64);
    let shown = shown.iter().map(|picture| (picture.t, picture.frame_index)).collect();
    Ok(said(&reply.text, options).map(|said| Looked { said, source, shown }))
}

/// The middles of `n` equal parts of a span.
pub(crate) fn evenly(start: Time, end: Time, n: u32) -> Vec<Time> {
    let whole = (end.0 - start.0).max(0);
    let n = i64::from(n.max(1));
    (0..n)
        .map(|k| Time(start.0 + (i128::from(whole) * i128::from(2 * k + 1) / i128::from(2 * n)) as i64))
        .collect()
}

/// The picture as JPEG of quality 90.
pub(crate) fn image(picture: &Picture) -> Option<Image> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.encode(&picture.rgb, picture.width, picture.height, image::ExtendedColorType::Rgb8).ok()?;
    Some(Image {
        bytes: bytes.into(),
        media_type: "image/jpeg",
        shown_px: [picture.width, picture.height],
        t: Some(picture.t),
    })
}
