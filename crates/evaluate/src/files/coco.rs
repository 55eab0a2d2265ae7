//! COCO files: annotated pictures (`{images, annotations, categories}`) and a list of detections.

use super::form;
use crate::error::Error;
use chronotope_formats::twice::key_twice;
use chronotope_score::{Datum, Object, Region, Row};
use chronotope_world::{BoxPx, Mask};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Hands the pictures of a truth to `add` in the order of their ids, each with its detections.
///
/// Detections of categories that the truth does not name are left out, as the source does; those of unknown pictures are refused.
/// A detection's area is that of its box where the first detection has one, also if masks are compared; a detection without a mask is then
/// the rectangle of its box.
pub(super) fn joined(
    truth: &Path,
    said: &Path,
    masks: bool,
    add: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let file: Truth = parsed(truth, "{images, annotations, categories}")?;
    let mut pictures: BTreeMap<&Id, Picture> = BTreeMap::new();
    for (i, image) in file.images.iter().enumerate() {
        let picture = Picture { size: image.size(), truth: Vec::new(), said: Vec::new() };
        if pictures.insert(&image.id, picture).is_some() {
            return Err(Error::row(
                truth,
                i as u64 + 1,
                "each picture once",
                format!("id {} twice", image.id),
            ));
        }
    }
    let categories = names(truth, &file.categories)?;
    let mut ids = BTreeSet::new();
    for (i, one) in file.annotations.iter().enumerate() {
        let at = At { path: truth, place: i as u64 + 1 };
        if one.id.as_ref().is_some_and(|id| !ids.insert(id)) {
            return Err(at.fault("each annotation once", format!("the id {} again", id_of(one.id.as_ref()))));
        }
        let picture = pictures
            .get_mut(&one.image_id)
            .ok_or_else(|| at.fault("an `image_id` of one of the images", one.image_id.to_string()))?;
        let category = categories.get(&one.category_id).ok_or_else(|| {
            at.fault("a `category_id` of one of the categories", one.category_id.to_string())
        })?;
        let region = if masks {
            Region::Mask(one.mask(&at, picture.size)?.ok_or_else(|| at.fault("a `segmentation`", "none"))?)
        } else {
            Region::Box(one.box_px(&at)?.ok_or_else(|| at.fault("a `bbox`", "none"))?)
        };
        let area_px = one.area.unwrap_or_else(|| area(&region));
        let crowd = one.iscrowd.as_ref().is_some_and(Flag::is_set);
        picture.truth.push(Object { category: category.clone(), region, area_px, crowd, score: 0.0 });
    }
    let detections = match parsed(said, "a list of {image_id, category_id, bbox or segmentation, score}")? {
        Said::List(list) => list,
        Said::File { annotations } => annotations,
    };
    let by_boxes = detections.first().is_some_and(|first| first.bbox.as_ref().is_some_and(|b| !b.is_empty()));
    let mut unknown: Vec<(String, u64)> = Vec::new();
    for (i, one) in detections.iter().enumerate() {
        let at = At { path: said, place: i as u64 + 1 };
        let Some(picture) = pictures.get_mut(&one.image_id) else {
            unknown.push((one.image_id.to_string(), at.place));
            continue;
        };
        let score = one.score.ok_or_else(|| at.fault("a `score`", "none"))?;
        let Some(category) = categories.get(&one.category_id) else { continue };
        let hull = one.box_px(&at)?;
        let mask = if masks || hull.is_none() { one.mask(&at, picture.size)? } else { None };
        let of_box = hull.filter(|_| by_boxes).map(|hull| hull.width * hull.height);
        let region = match (masks, hull, mask) {
            (true, _, Some(mask)) => Region::Mask(mask),
            (true, Some(hull), None) => Region::Mask(rectangle(&at, picture.size, hull)?),
            (false, Some(hull), _) => Region::Box(hull),
            (false, None, Some(mask)) => Region::Box(mask.box_px().unwrap_or(NOTHING)),
            (_, None, None) => return Err(at.fault("a `bbox` or a `segmentation`", "neither")),
        };
        let area_px = of_box.unwrap_or_else(|| area(&region));
        picture.said.push(Object { category: category.clone(), region, area_px, crowd: false, score });
    }
    if !unknown.is_empty() {
        let first: Vec<String> =
            unknown.iter().take(3).map(|(id, place)| format!("picture {id} at {place}")).collect();
        return Err(Error::UnknownIds {
            path: said.to_owned(),
            n: unknown.len() as u64,
            first: first.join(", "),
        });
    }
    for (id, picture) in pictures {
        let (truth, said) = (Datum::Objects(Arc::new(picture.truth)), Datum::Objects(Arc::new(picture.said)));
        add(&Row { id: &id.to_string(), group: "", truth: &truth, prediction: Some(&said) })?;
    }
    Ok(())
}

/// Whether a file begins like annotated pictures, and whether its first annotations have masks.
pub(super) fn looks_like(path: &Path) -> Result<bool, Error> {
    let head = form::head(path)?;
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head)).into_owned();
    Ok(text.trim_start().starts_with('{')
        && (text.contains("\"images\"") || text.contains("\"image_id\""))
        && !text.lines().nth(1).is_some_and(|line| line.starts_with('{')))
}

const NOTHING: BoxPx = BoxPx { left: 0.0, top: 0.0, width: 0.0, height: 0.0 };

/// Objects of one picture.
struct Picture {
    /// Width and height in pixels, where they are said.
    size: Option<(u32, u32)>,
    truth: Vec<Object>,
    said: Vec<Object>,
}

/// A place in a list of a file.
struct At<'a> {
    path: &'a Path,
    place: u64,
}

impl At<'_> {
    fn fault(&self, expected: &str, found: impl Into<String>) -> Error {
        Error::row(self.path, self.place, expected, found)
    }
}

#[derive(Deserialize)]
struct Truth {
    images: Vec<Image>,
    annotations: Vec<Annotation>,
    categories: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    List(Vec<Annotation>),
    File { annotations: Vec<Annotation> },
}

#[derive(Deserialize)]
struct Image {
    id: Id,
    width: Option<u32>,
    height: Option<u32>,
}

impl Image {
    fn size(&self) -> Option<(u32, u32)> {
        Some((self.width?, self.height?))
    }
}

#[derive(Deserialize)]
struct Category {
    id: Id,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Annotation {
    id: Option<Id>,
    image_id: Id,
    category_id: Id,
    bbox: Option<Vec<f64>>,
    area: Option<f64>,
    iscrowd: Option<Flag>,
    segmentation: Option<Segmentation>,
    score: Option<f64>,
}

/// An id; numbers stand before names.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(untagged)]
enum Id {
    Number(i64),
    Name(String),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Number(id) => write!(f, "{id}"),
            Id::Name(id) => f.write_str(id),
        }
    }
}

fn id_of(id: Option<&Id>) -> String {
    id.map_or_else(String::new, Id::to_string)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Truth(bool),
    Number(f64),
}

impl Flag {
    fn is_set(&self) -> bool {
        match *self {
            Flag::Truth(set) => set,
            Flag::Number(number) => number != 0.0,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Segmentation {
    Polygons(Vec<Vec<f64>>),
    Runs { size: [u32; 2], counts: Counts },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Counts {
    Text(String),
    Numbers(Vec<u32>),
}

impl Annotation {
    fn box_px(&self, at: &At<'_>) -> Result<Option<BoxPx>, Error> {
        let Some(numbers) = self.bbox.as_deref().filter(|numbers| !numbers.is_empty()) else {
            return Ok(None);
        };
        let expected = "a `bbox` of left, top, width, height, sizes from 0";
        let [left, top, width, height] = *numbers else {
            return Err(at.fault(expected, format!("{} numbers", numbers.len())));
        };
        BoxPx::new(left, top, width, height)
            .map(Some)
            .ok_or_else(|| at.fault(expected, format!("{left}, {top}, {width}, {height}")))
    }

    fn mask(&self, at: &At<'_>, size: Option<(u32, u32)>) -> Result<Option<Mask>, Error> {
        let expected = "a `segmentation` of polygons or run lengths";
        let fault = |fault: chronotope_world::Error| at.fault(expected, fault.to_string());
        let mask = match &self.segmentation {
            None => return Ok(None),
            Some(Segmentation::Runs { size: [height, width], counts: Counts::Text(text) }) => {
                Mask::from_coco(*width, *height, text).map_err(fault)?
            }
            Some(Segmentation::Runs { size: [height, width], counts: Counts::Numbers(runs) }) => {
                Mask::from_counts(*width, *height, runs.clone()).map_err(fault)?
            }
            Some(Segmentation::Polygons(polygons)) => {
                let (width, height) =
                    size.ok_or_else(|| at.fault("`width` and `height` of the image", "none"))?;
                let parts = polygons.iter().map(|polygon| Mask::from_polygon(width, height, polygon));
                let mut parts = parts.map(|part| part.map_err(fault));
                let Some(first) = parts.next() else {
                    return Err(at.fault(expected, "no polygon"));
                };
                parts.try_fold(first?, |all, part| all.union(&part?).map_err(fault))?
            }
        };
        match size {
            Some((width, height)) if (mask.width(), mask.height()) != (width, height) => Err(at.fault(
                &format!("a mask of its image's size, {width}x{height}"),
                format!("{}x{}", mask.width(), mask.height()),
            )),
            _ => Ok(Some(mask)),
        }
    }
}

/// The mask of a box, as the source draws it.
fn rectangle(at: &At<'_>, size: Option<(u32, u32)>, hull: BoxPx) -> Result<Mask, Error> {
    let (width, height) = size.ok_or_else(|| at.fault("`width` and `height` of the image", "none"))?;
    let (x1, y1, x2, y2) = (hull.left, hull.top, hull.left + hull.width, hull.top + hull.height);
    Mask::from_polygon(width, height, &[x1, y1, x1, y2, x2, y2, x2, y1])
        .map_err(|fault| at.fault("a box that can be drawn", fault.to_string()))
}

fn area(region: &Region) -> f64 {
    match region {
        Region::Box(hull) => hull.width * hull.height,
        Region::Mask(mask) => mask.area() as f64,
    }
}

/// The categories' names; a name that several have is told apart by the id.
fn names<'a>(path: &Path, categories: &'a [Category]) -> Result<BTreeMap<&'a Id, Arc<str>>, Error> {
    let name = |one: &Category| one.name.clone().unwrap_or_else(|| one.id.to_string());
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for one in categories {
        *seen.entry(name(one)).or_default() += 1;
    }
    let mut names = BTreeMap::new();
    for (i, one) in categories.iter().enumerate() {
        let name = name(one);
        let name = if seen[&name] > 1 { format!("{name} ({})", one.id) } else { name };
        if names.insert(&one.id, Arc::from(name)).is_some() {
            let found = format!("id {} twice", one.id);
            return Err(Error::row(path, i as u64 + 1, "each category once", found));
        }
    }
    Ok(names)
}

fn parsed<T: DeserializeOwned>(path: &Path, expected: &str) -> Result<T, Error> {
    let bytes = form::bytes(path)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if let Some(twice) = key_twice(text) {
        return Err(Error::row(path, twice.line, "each key once in an object", twice.to_string()));
    }
    serde_json::from_slice(text)
        .map_err(|fault| Error::row(path, fault.line() as u64, expected, fault.to_string()))
}
