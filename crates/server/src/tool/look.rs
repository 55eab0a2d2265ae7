//! `look`: a picture of a video.

use chronotope::world::{BoxPx, Picture, Source, SourceKind, Time, World};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use serde_json::{Value as Json, json};

use super::args::Seen;
use super::program::{name_of, one_thing};
use super::{Args, Tool, schema};
use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::{Image, Reply};

/// The picture of a World's video at a moment, whole or a part of it.
pub(super) struct Look;

/// Longest side of a picture where nobody says, and the most.
const USUAL_PX: u64 = 768;
const MOST_PX: u64 = 2048;

/// Hard to tell from the original.
const QUALITY: u8 = 85;

impl Tool for Look {
    fn name(&self) -> &'static str {
        "look"
    }

    fn about(&self) -> &'static str {
        "Shows the picture of a source's video at a second of the record: whole, a box of it, or a thing with some of what is around it. \
         Use it to see what labels do not say, at the times that ask, when or track name."
    }

    fn input(&self) -> Json {
        schema::of_world(vec![
            schema::number("at", "At this second of the record").required(),
            schema::numbers(
                "box",
                4,
                "Only this part: [left, top, width, height] in pixels of the source's picture",
            ),
            schema::thing("thing", "Only this one thing, with a margin of half its size"),
            schema::text(
                "camera",
                "Through this camera, by its name [default: the only one, or that which shows the thing]",
            ),
            schema::integer("longest_px", "Longest side of what is shown, up to 2048 [default: 768]"),
        ])
    }

    fn run(&self, desk: &Desk, args: &Args<'_>, control: &Control) -> Result<Reply, Error> {
        let at =
            args.number("at")?.ok_or_else(|| Error::argument("at", "a second of the record", "nothing"))?;
        let t = Time::from_s(at);
        let longest = args.whole("longest_px")?.unwrap_or(USUAL_PX).clamp(16, MOST_PX) as u32;
        let given = args.numbers::<4>("box")?;
        let (camera, named) = (args.text("camera")?, args.text("thing")?);
        let seen = args.world(desk, control)?;
        let world = &seen.world;
        let mut observer = None;
        let mut part = match given {
            None => None,
            Some([left, top, width, height]) => {
                Some(BoxPx::new(left, top, width, height).filter(|b| b.area() > 0.0).ok_or_else(|| {
                    Error::argument("box", "left, top, width and height above 0", format!("{given:?}"))
                })?)
            }
        };
        let mut name = None;
        if let Some(named) = named {
            let thing = one_thing(&seen, named)?;
            let moment = world.trajectory(thing).map_err(Error::input)?.at(t);
            let place = moment.and_then(|moment| Some((moment.box_px?, moment.observer?)));
            let called = name_of(world, thing);
            let Some((place, through)) = place else {
                return Err(Error::input(format!("{called} was not seen in a picture at {at} s"))
                    .remedy(format!("when tells when {called} was seen")));
            };
            let (mx, my) = (place.width / 2.0, place.height / 2.0);
            part = part.or(BoxPx::new(
                place.left - mx,
                place.top - my,
                place.width + 2.0 * mx,
                place.height + 2.0 * my,
            ));
            observer = Some(through);
            name = Some(called);
        }
        let source = source_of(world, camera, observer)?;
        let rows = reachable(desk, &seen);
        let row = rows.iter().find(|row| row.id == source.id).ok_or_else(|| {
            Error::input(format!(
                "the video of this World is not in the folders that were named: {}",
                file_name(&source.uri)
            ))
            .remedy("start the server with the video's folder too, or put the video beside the World")
        })?;
        // a part is shown as finely as its own size allows
        let whole_px = if part.is_some() { None } else { Some(longest) };
        let found = desk
            .eyes
            .see(row, t, whole_px)
            .map_err(|text| Error::input(text.replace(&row.uri, &file_name(&row.uri))))?;
        let Some(picture) = found else {
            let span = world
                .span()
                .map_or("no time".to_owned(), |span| format!("{} s to {} s", span.start(), span.end()));
            return Err(Error::input(format!("at {at} s there is no picture; the record is {span}")));
        };
        let (picture, shown) = match part {
            None => (picture, None),
            Some(part) => {
                let (picture, shown) = cropped(&picture, part, longest)
                    .ok_or_else(|| Error::argument("box", "a part of the picture", format!("{part:?}")))?;
                (picture, Some(shown))
            }
        };
        let bytes = jpeg(&picture)?;
        let what = name.as_ref().map_or(String::new(), |name| format!(", {name}"));
        let text =
            format!("{} at {} s, picture {}{what}", file_name(&row.uri), picture.t, picture.frame_index);
        let json = json!({
            "video": file_name(&row.uri),
            "t_s": picture.t.as_s(),
            "frame_index": picture.frame_index,
            "width_px": picture.width,
            "height_px": picture.height,
            "box_px": shown,
            "thing": name,
        });
        Ok(Reply { json, text, images: vec![Image { mime: "image/jpeg", bytes }] })
    }
}

/// The video that is looked at.
fn source_of<'w>(
    world: &'w World,
    camera: Option<&str>,
    through: Option<chronotope::world::ObserverId>,
) -> Result<&'w Source, Error> {
    let videos = || world.tables().sources.iter().filter(|row| row.kind == SourceKind::Video);
    let cameras =
        || world.tables().observers.iter().filter(|row| videos().any(|video| video.id == row.source));
    let by_name = match camera {
        None => None,
        Some(name) => {
            Some(cameras().find(|row| row.name.eq_ignore_ascii_case(name.trim())).ok_or_else(|| {
                let names: Vec<&str> = cameras().map(|row| row.name.as_str()).collect();
                Error::argument("camera", format!("one of {}", names.join(", ")), format!("`{name}`"))
            })?)
        }
    };
    let by_thing = through.and_then(|id| world.observer(id));
    let chosen = by_name.or(by_thing).and_then(|row| videos().find(|video| video.id == row.source));
    let mut all = videos();
    match (chosen, all.next(), all.next()) {
        (Some(chosen), _, _) => Ok(chosen),
        (None, Some(one), None) => Ok(one),
        (None, None, _) => Err(Error::input("this World was not made from a video")),
        (None, Some(_), Some(_)) => {
            let names: Vec<&str> = cameras().map(|row| row.name.as_str()).collect();
            Err(Error::argument("camera", format!("one of {}", names.join(", ")), "nothing"))
        }
    }
}

/// The rows of videos whose files may be reached: where the World says, in the folders, or beside it.
fn reachable(desk: &Desk, seen: &Seen) -> Vec<Source> {
    let allowed = desk.library.allowed();
    let mut rows = Vec::new();
    for row in seen.world.tables().sources.iter().filter(|row| row.kind == SourceKind::Video) {
        let file = file_name(&row.uri);
        let beside = seen.paths.iter().filter_map(|path| path.parent()).map(|folder| folder.join(&file));
        let given = [std::path::PathBuf::from(&row.uri), std::path::PathBuf::from(&file)];
        let named = given.iter().filter_map(|path| allowed.resolve(&path.display().to_string()).ok());
        let itself = seen.paths.iter().filter(|path| path.is_file()).cloned();
        let beside = beside.filter_map(|path| path.canonicalize().ok()).filter(|path| allowed.holds(path));
        if let Some(path) =
            named.chain(beside).chain(itself).find(|path| path.is_file() && !row.uri.contains("://"))
        {
            rows.push(Source { uri: path.display().to_string(), ..row.clone() });
        }
    }
    rows
}

fn file_name(uri: &str) -> String {
    uri.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// A part of a picture, its longest side reduced to so many pixels, and the part that it shows; none outside of it.
fn cropped(picture: &Picture, part: BoxPx, longest: u32) -> Option<(Picture, [u32; 4])> {
    let inside = part.clip(f64::from(picture.width), f64::from(picture.height))?;
    let (left, top) = (inside.left.floor() as u32, inside.top.floor() as u32);
    let width = (inside.right().ceil() as u32).min(picture.width).checked_sub(left).filter(|w| *w > 0)?;
    let height = (inside.bottom().ceil() as u32).min(picture.height).checked_sub(top).filter(|h| *h > 0)?;
    let whole = image::RgbImage::from_raw(picture.width, picture.height, picture.rgb.clone())?;
    let part = image::imageops::crop_imm(&whole, left, top, width, height).to_image();
    let scale = f64::from(longest) / f64::from(width.max(height));
    let part = if scale < 1.0 {
        let side = |px: u32| ((f64::from(px) * scale).round() as u32).max(1);
        image::imageops::resize(&part, side(width), side(height), image::imageops::FilterType::Triangle)
    } else {
        part
    };
    let (w, h) = part.dimensions();
    Some((
        Picture { width: w, height: h, rgb: part.into_raw(), ..picture.clone() },
        [left, top, width, height],
    ))
}

fn jpeg(picture: &Picture) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .write_image(&picture.rgb, picture.width, picture.height, ExtendedColorType::Rgb8)
        .map_err(Error::input)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_cut_out_and_made_smaller_but_never_larger() {
        let picture = Picture { t: Time(0), frame_index: 0, width: 8, height: 4, rgb: vec![7; 96] };
        let part = BoxPx::new(-2.0, 1.0, 6.0, 10.0).expect("a box");
        let (cut, shown) = cropped(&picture, part, 100).expect("inside");
        assert_eq!((cut.width, cut.height, shown), (4, 3, [0, 1, 4, 3]));
        let (small, _) = cropped(&picture, part, 2).expect("inside");
        assert_eq!((small.width, small.height, small.rgb.len()), (2, 2, 12));
        assert!(cropped(&picture, BoxPx::new(50.0, 0.0, 5.0, 5.0).expect("a box"), 9).is_none());
    }
}
