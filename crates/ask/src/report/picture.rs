//! The evidence pictures, with boxes and trails drawn on them.

use super::{Colours, escape, name_of, px};
use chronotope_world::{
    Answer, EntityId, EvidenceKind, ObserverId, Picture, Pictures, SourceId, SourceKind, Span, Time, Value,
    World,
};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Pictures on a page.
const MAX_PICTURES: usize = 6;
/// Longest side of a picture in the page.
const LONGEST_PX: u32 = 960;
/// How long a trail reaches back from the picture.
const TRAIL_NS: i64 = 3_000_000_000;

/// The section, or nothing where no camera saw anything.
pub(super) fn section(
    answer: &Answer,
    world: &World,
    pictures: Option<&mut dyn Pictures>,
    colours: &Colours,
) -> Result<String, chronotope_world::Error> {
    let times = moments(answer, world);
    let Some((source, observer)) = camera(world) else { return Ok(String::new()) };
    if times.is_empty() {
        return Ok(String::new());
    }
    let Some(pictures) = pictures else { return Ok(String::new()) };
    let found = match pictures.pictures_at(source, &times, Some(LONGEST_PX)) {
        Ok(found) => found,
        Err(why) => {
            return Ok(format!(
                "<section><h2>Evidence</h2><p class=\"read\">The pictures cannot be shown: {}</p></section>\n",
                escape(&why)
            ));
        }
    };
    let mut figures = String::new();
    let mut n = 0;
    for picture in found.into_iter().flatten() {
        let Some(jpeg) = jpeg(&picture) else { continue };
        n += 1;
        let overlay = overlay(answer, world, observer, &picture, colours)?;
        let _ = writeln!(
            figures,
            "<figure><div class=\"frame\"><img alt=\"picture at {0} s\" src=\"data:image/jpeg;base64,{1}\">{overlay}</div><figcaption><span>{0} s</span><span>picture {2}</span></figcaption></figure>",
            px(picture.t.as_s()),
            base64(&jpeg),
            picture.frame_index,
        );
    }
    if n == 0 {
        return Ok(String::new());
    }
    let one = if n == 1 { " one" } else { "" };
    Ok(format!("<section>\n<h2>Evidence</h2>\n<div class=\"pictures{one}\">\n{figures}</div>\n</section>\n"))
}

/// The moments that decide: ends of the evidence spans first, then spread evenly over them.
fn moments(answer: &Answer, world: &World) -> Vec<Time> {
    let mut out: BTreeSet<Time> = BTreeSet::new();
    let rows = || answer.evidence.iter().filter(|e| e.kind != EvidenceKind::Coverage);
    let mut spans: Vec<_> = rows()
        .filter_map(|e| e.span)
        .filter(|s| s.start() != Time::MIN && s.end() != Time::MAX && !s.is_empty())
        .collect();
    // an answer that is a time is shown then, not over all that was looked at to find it
    if let Some(Value::When(when)) = &answer.value {
        let told: Vec<_> =
            when.certain.iter().copied().filter(|s| !s.is_empty() && *s != Span::ALWAYS).collect();
        if !told.is_empty() {
            spans = told;
        }
    }
    if spans.is_empty() && answer.value.is_some() {
        spans.extend(world.span());
    }
    for span in &spans {
        out.insert(span.start());
    }
    for span in &spans {
        out.insert(span.end().plus_ns(-1));
    }
    if out.len() < MAX_PICTURES {
        for span in &spans {
            out.insert(span.start().plus_ns(span.ns() / 2));
        }
    }
    let all: Vec<Time> = out.into_iter().collect();
    if all.len() <= MAX_PICTURES {
        return all;
    }
    (0..MAX_PICTURES).map(|i| all[i * (all.len() - 1) / (MAX_PICTURES - 1)]).collect()
}

/// The first camera with pictures, and the video that it took them with.
fn camera(world: &World) -> Option<(SourceId, ObserverId)> {
    let video = |id: SourceId| {
        let row = world.source(id)?;
        if row.kind == SourceKind::Video {
            return Some(id);
        }
        row.derived_from.filter(|of| world.source(*of).is_some_and(|s| s.kind == SourceKind::Video))
    };
    world.tables().observers.iter().find_map(|o| Some((video(o.source)?, o.id)))
}

fn overlay(
    answer: &Answer,
    world: &World,
    observer: ObserverId,
    picture: &Picture,
    colours: &Colours,
) -> Result<String, chronotope_world::Error> {
    let size = world.observer(observer).and_then(|o| o.picture_px).unwrap_or([picture.width, picture.height]);
    let cited: BTreeSet<EntityId> = super::cited_entities(answer, world).into_iter().collect();
    let unit = f64::from(size[0].max(size[1])) / 440.0;
    let mut drawn = String::new();
    for &entity in &colours.entities {
        for run in world.trajectory(entity)?.runs.iter().filter(|r| r.observer == Some(observer)) {
            let Some(b) = run.at(picture.t).and_then(|m| m.box_px) else { continue };
            let strong = cited.is_empty() || cited.contains(&entity);
            let colour = colours.of(entity);
            let trail = run
                .samples()
                .filter(|s| s.t <= picture.t && picture.t - s.t <= TRAIL_NS)
                .filter_map(|s| s.box_px)
                .enumerate()
                .fold(String::new(), |mut out, (i, b)| {
                    let [x, y] = b.foot();
                    let _ = write!(out, "{}{} {}", if i == 0 { 'M' } else { 'L' }, px(x), px(y));
                    out
                });
            let _ = write!(
                drawn,
                "<g data-entity=\"{}\" opacity=\"{}\"><path d=\"{trail}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" opacity=\".75\"/>\
                 <rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\"/>",
                entity.0,
                if strong { "1" } else { ".5" },
                px(2.0 * unit),
                px(b.left),
                px(b.top),
                px(b.width),
                px(b.height),
                px(2.0 * unit),
                px(2.0 * unit),
            );
            if strong {
                let name = name_of(world, entity);
                let width = name.chars().count() as f64 * 6.6 * unit + 9.0 * unit;
                let top = (b.top - 17.0 * unit).max(0.0);
                let left = b.left.min(f64::from(size[0]) - width).max(0.0);
                let _ = write!(
                    drawn,
                    "<rect x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\" rx=\"{4}\" fill=\"{colour}\"/><text x=\"{5}\" y=\"{6}\" font-size=\"{7}\" fill=\"#fff\" font-weight=\"600\">{8}</text>",
                    px(left),
                    px(top),
                    px(width),
                    px(16.0 * unit),
                    px(3.0 * unit),
                    px(left + 4.5 * unit),
                    px(top + 12.0 * unit),
                    px(11.5 * unit),
                    escape(&name)
                );
            }
            drawn.push_str("</g>");
        }
    }
    Ok(format!(
        "<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{drawn}</svg>",
        size[0], size[1]
    ))
}

fn jpeg(picture: &Picture) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 82);
    encoder
        .encode(&picture.rgb, picture.width, picture.height, image::ExtendedColorType::Rgb8)
        .ok() // a picture whose bytes do not fit its size is left out
        .map(|()| bytes)
}

/// RFC 4648 with padding.
fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
