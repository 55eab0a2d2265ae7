//! What strategies that ask a model share: the pictures of a task, one question, the answer in the reply.

use super::Means;
use crate::asking::{image, said};
use crate::error::Error;
use crate::prediction::{Call, Cost, Prediction};
use crate::task::Task;
use chronotope_ask::Form;
use chronotope_models::{Error as Failure, Image, Message, Part, Reply, Request, Role, request_key};
use chronotope_world::{Evidence, Missing, MissingKind, Picture, SourceId, Status, Time};
use std::path::{Path, PathBuf};

/// What a strategy needs and was not given.
pub(super) fn without(what: &str) -> Prediction {
    Prediction::none(Status::Unsupported, Missing::new(MissingKind::Coverage, what))
}

/// What a task shows.
pub(super) struct Shown {
    pub(super) pictures: Vec<Picture>,
    /// Stills have no time.
    timed: bool,
}

impl Shown {
    /// The times of the pictures, where they have any.
    pub(super) fn times(&self) -> Vec<Time> {
        if self.timed { self.pictures.iter().map(|picture| picture.t).collect() } else { Vec::new() }
    }

    /// As parts of a message, each with its time.
    pub(super) fn parts(&self, task: &Task<'_>) -> Result<Vec<Part>, Error> {
        let encoded = |picture: &Picture| {
            let image = encoded(task, picture)?;
            Ok(Part::Image(Image { t: image.t.filter(|_| self.timed), ..image }))
        };
        self.pictures.iter().map(encoded).collect()
    }

    /// What they are, in a sentence that goes before the question.
    pub(super) fn words(&self) -> &'static str {
        match (self.timed, self.pictures.len()) {
            (true, _) => "These are frames of a video, in order.",
            (false, 1) => "This is the picture.",
            (false, _) => "These are pictures of the scene, in order.",
        }
    }
}

/// A picture as JPEG.
pub(super) fn encoded(task: &Task<'_>, picture: &Picture) -> Result<Image, Error> {
    image(picture).ok_or_else(|| Error::Pictures {
        task: task.id.to_owned(),
        fault: format!("a picture of {} × {} pixels cannot be encoded", picture.width, picture.height),
    })
}

/// The task's still pictures, all up to `n`; else pictures of its first video, evenly spaced over what may be seen. Empty where there are none.
pub(super) fn pictures(task: &Task<'_>, means: &Means, n: u32) -> Result<Shown, Error> {
    let failed = |fault: String| Error::Pictures { task: task.id.to_owned(), fault };
    let stills: Vec<&PathBuf> = task.media.iter().filter(|path| is_still(path)).take(n as usize).collect();
    if !stills.is_empty() {
        let pictures = stills.iter().enumerate().map(|(at, path)| still(path, at as u32, means.longest_px));
        return Ok(Shown { pictures: pictures.collect::<Result<_, _>>().map_err(failed)?, timed: false });
    }
    let (Some(path), Some(open)) = (task.media.first(), &means.open) else {
        return Ok(Shown { pictures: Vec::new(), timed: false });
    };
    let (mut pictures, span) = open(path).map_err(failed)?;
    let end = task.asked_at.map_or(span.end(), |asked_at| span.end().min(asked_at.plus_ns(1)));
    let times = crate::asking::evenly(span.start(), end, n);
    let shown = pictures.pictures_at(SourceId(0), &times, Some(means.longest_px)).map_err(failed)?;
    let mut shown: Vec<Picture> = shown.into_iter().flatten().collect();
    shown.dedup_by_key(|picture| picture.frame_index);
    Ok(Shown { pictures: shown, timed: true })
}

/// Whether a file is named as PNG or JPEG.
fn is_still(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["png", "jpg", "jpeg"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// A still picture; a header that promises more than half a gigabyte is refused by the reader's own limits.
fn still(path: &Path, frame_index: u32, longest_px: u32) -> Result<Picture, String> {
    let failed = |error: &dyn std::fmt::Display| {
        format!("expected a PNG or JPEG picture, found {error}: {}", path.display())
    };
    let reader = image::ImageReader::open(path).map_err(|error| failed(&error))?;
    let reader = reader.with_guessed_format().map_err(|error| failed(&error))?;
    let mut picture = reader.decode().map_err(|error| failed(&error))?;
    if picture.width().max(picture.height()) > longest_px {
        picture = picture.thumbnail(longest_px, longest_px);
    }
    let rgb = picture.to_rgb8();
    Ok(Picture { t: Time(0), frame_index, width: rgb.width(), height: rgb.height(), rgb: rgb.into_raw() })
}

/// The question with its options, and how the answer is to be said.
pub(super) fn question(task: &Task<'_>) -> String {
    let mut out = task.question.to_owned();
    for option in task.options {
        out.push('\n');
        out.push_str(option);
    }
    out.push('\n');
    out.push_str(&match task.form {
        Form::Letter => "Answer with the option's letter from the given choices directly.".to_owned(),
        Form::Number { unit: Some(unit), .. } => format!("Answer with a single number, in {unit}."),
        Form::Number { unit: None, .. } => "Answer with a single number.".to_owned(),
        _ => "Answer with a word or a short phrase.".to_owned(),
    });
    out
}

/// What a task has cost so far, and the calls that it was spent on.
#[derive(Default)]
pub(super) struct Tally {
    cost: Cost,
    calls: Vec<Call>,
}

/// One request, and what it cost; a reply that is bad in itself (a refusal, no JSON of the protocol) is told and ends the task alone.
pub(super) fn once(
    task: &Task<'_>,
    means: &Means,
    messages: Vec<Message>,
    tally: &mut Tally,
) -> Result<Result<Reply, String>, Error> {
    let Some(chat) = &means.chat else { return Ok(Err("no model".into())) };
    let request = Request {
        messages,
        max_tokens: Some(means.max_tokens),
        temperature: Some(0.0),
        ..Request::default()
    };
    tally.cost.calls += 1;
    tally.cost.frames += request.pictures().0;
    let images = request.messages.iter().flat_map(|message| &message.parts).filter_map(|part| match part {
        Part::Image(image) => Some((image.t.map(Time::as_s), image.shown_px[0], image.shown_px[1])),
        Part::Text(_) => None,
    });
    let mut call = Call {
        request: request_key(chat.model(), &request).0,
        model: chat.model().to_owned(),
        shown: images.collect(),
        ..Call::default()
    };
    let reply = match chat.chat(&request) {
        Ok(reply) => {
            tally.cost.tokens += reply.usage.tokens_in + reply.usage.tokens_out;
            call.tokens = [reply.usage.tokens_in, reply.usage.tokens_out];
            call.model.clone_from(&reply.model);
            Ok(reply)
        }
        Err(fault @ (Failure::Refused { .. } | Failure::Reply { .. } | Failure::TooLarge { .. })) => {
            Err(fault.to_string())
        }
        Err(fault) => return Err(Error::Model { task: task.id.to_owned(), fault }),
    };
    tally.calls.push(call);
    Ok(reply)
}

/// A turn of the user: pictures first, then words.
pub(super) fn shows(mut parts: Vec<Part>, words: String) -> Message {
    parts.push(Part::Text(words));
    Message { role: Role::User, parts, tool_calls: Vec::new() }
}

/// The answer in a reply, by the ladder; a reply in which no rung finds one is no answer.
pub(super) fn read(
    task: &Task<'_>,
    reply: Result<Reply, String>,
    shown: &[Time],
    tally: Tally,
) -> Prediction {
    let Tally { cost, mut calls } = tally;
    let reply = match reply {
        Ok(reply) => reply,
        Err(why) => {
            let missing = Missing::new(MissingKind::Wording, why);
            return Prediction { cost, calls, ..Prediction::none(Status::Unknown, missing) };
        }
    };
    let Some(found) = said(&reply.text, task.options) else {
        let short: String = reply.text.chars().take(200).collect();
        let missing = Missing::new(MissingKind::Wording, format!("an answer in the reply `{short}`"));
        return Prediction { cost, calls, ..Prediction::none(Status::Unknown, missing) };
    };
    if let Some(last) = calls.last_mut() {
        last.rung = Some(found.rung.to_owned());
    }
    let text = found.choice.map_or_else(|| found.text.clone(), |letter| letter.to_string());
    let model = &reply.model;
    let evidence = shown.iter().map(|t| Evidence::assumption(format!("{model} saw the picture at {t} s")));
    let unchecked =
        Evidence::assumption(format!("{model} said so ({} of the ladder); nothing checked it", found.rung));
    Prediction {
        text: Some(text),
        status: Status::Answered,
        said: reply.text.chars().take(2_000).collect(),
        confidence: None,
        interval: None,
        program: String::new(),
        evidence: [unchecked].into_iter().chain(evidence).collect(),
        missing: Vec::new(),
        cost,
        calls,
    }
}
