//! COCO files: annotated pictures (`{images, annotations, categories}`) and a list of detections.

use super::form;
use crate::error::Error;
use chronotope_formats::twice::key_twice;
use chronotope_score::{Datum, Object, Region, Row};
use chronotope_world::{BoxPx, Mask};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Hands the pictures of a truth to `add` in the order of their ids, each with its detections.
///
/// Detections of categories that the truth does not name are left out, as the source does; those of unknown pictures are refused.
/// A detection's area is that of its box where the first detection has one, also if masks are compared; a detection without a mask is then
/// the rectangle of its box. Masks are drawn picture by picture, so that only those of one are held.
pub(super) fn joined(
    truth: &Path,
    said: &Path,
    masks: bool,
    add: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let source = Source::read(truth)?;
    let lists = source.lists()?;
    let mut pictures: BTreeMap<Id, Picture<'_>> = BTreeMap::new();
    for at in source.entries(lists.images, "images", "image")? {
        let image: Image<'_> = at.object()?;
        let id = at.id(image.id, "`id`")?;
        let size = at.size(&image)?;
        let found = format!("id {id} twice");
        if pictures.insert(id, Picture { at, size, truth: Vec::new(), said: Vec::new() }).is_some() {
            return Err(at.fault("each picture once", found));
        }
    }
    let categories = names(&source.entries(lists.categories, "categories", "category")?)?;
    let mut ids = BTreeSet::new();
    for at in source.entries(lists.annotations, "annotations", "annotation")? {
        let one: Annotation<'_> = at.object()?;
        if let Some(id) = one.id {
            let id = at.id(Some(id), "`id`")?;
            let found = format!("the id {id} again");
            if !ids.insert(id) {
                return Err(at.fault("each annotation once", found));
            }
        }
        let image = at.id(one.image_id, "`image_id`")?;
        let category = at.id(one.category_id, "`category_id`")?;
        let picture = pictures
            .get_mut(&image)
            .ok_or_else(|| at.fault("an `image_id` of one of the images", image.to_string()))?;
        let category = categories
            .get(&category)
            .ok_or_else(|| at.fault("a `category_id` of one of the categories", category.to_string()))?;
        let hull = if masks { None } else { at.box_px(&one)? };
        if !masks && hull.is_none() {
            return Err(at.fault("a `bbox`", "none"));
        }
        picture.truth.push(Pending {
            at,
            category: category.clone(),
            hull,
            segmentation: one.segmentation,
            area_px: at.area_px(&one)?,
            crowd: at.crowd(&one)?,
            score: 0.0,
        });
    }
    let results = Source::read(said)?;
    let mut by_boxes = None;
    let mut unknown: Vec<(Id, At<'_>)> = Vec::new();
    for at in results.entries(results.detections()?, "annotations", "detection")? {
        let one: Annotation<'_> = at.object()?;
        let image = at.id(one.image_id, "`image_id`")?;
        let category = at.id(one.category_id, "`category_id`")?;
        let hull = at.box_px(&one)?;
        let by_boxes = *by_boxes.get_or_insert(hull.is_some());
        let Some(picture) = pictures.get_mut(&image) else {
            unknown.push((image, at));
            continue;
        };
        let score = at.number(one.score, "a finite number as `score`")?;
        let score = score.ok_or_else(|| at.fault("a `score`", "none"))?;
        let Some(category) = categories.get(&category) else { continue };
        let area_px = hull.filter(|_| by_boxes).map(|hull| hull.width * hull.height);
        let segmentation = one.segmentation;
        let category = category.clone();
        picture.said.push(Pending { at, category, hull, segmentation, area_px, crowd: false, score });
    }
    if !unknown.is_empty() {
        let first: Vec<String> =
            unknown.iter().take(3).map(|(id, at)| format!("picture {id} at {}", at.place())).collect();
        return Err(Error::UnknownIds {
            path: said.to_owned(),
            n: unknown.len() as u64,
            first: first.join(", "),
        });
    }
    let mut budget = Budget::default();
    for (id, picture) in &pictures {
        budget.here = 0.0;
        let mut objects = |pending: &[Pending<'_>]| -> Result<Vec<Object>, Error> {
            pending.iter().map(|one| one.object(masks, picture, &mut budget)).collect()
        };
        let (truth, said) = (objects(&picture.truth)?, objects(&picture.said)?);
        if masks {
            budget.compare(&picture.at, &truth, &said)?;
        }
        let (truth, said) = (Datum::Objects(Arc::new(truth)), Datum::Objects(Arc::new(said)));
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

/// Farthest that a box lies from the picture's corner, and its longest side: areas and their sums are numbers.
const MOST_PX: f64 = 1e9;

/// Largest area: that of the largest box.
const MOST_AREA: f64 = MOST_PX * MOST_PX;

/// Longest outlines of the masks of one picture, in pixels; runs that are put together count as much.
const MOST_IN_PICTURE: f64 = 1e8;

/// The same of all masks of both files: some minutes.
const MOST_IN_ALL: f64 = 4e9;

/// Most runs that are gone through to compare the masks of both files.
const MOST_COMPARED: f64 = 1e11;

/// Fewest numbers of an outline that encloses anything.
const LEAST_OUTLINE: usize = 6;

/// Objects of one picture.
struct Picture<'a> {
    at: At<'a>,
    /// Width and height in pixels, where they are said.
    size: Option<(u32, u32)>,
    truth: Vec<Pending<'a>>,
    said: Vec<Pending<'a>>,
}

/// An object whose mask is not drawn yet.
struct Pending<'a> {
    at: At<'a>,
    category: Arc<str>,
    hull: Option<BoxPx>,
    segmentation: Option<&'a RawValue>,
    /// None: that of the region.
    area_px: Option<f64>,
    crowd: bool,
    score: f64,
}

impl Pending<'_> {
    fn object(&self, masks: bool, picture: &Picture<'_>, budget: &mut Budget) -> Result<Object, Error> {
        let at = &self.at;
        let mask = match self.segmentation {
            Some(said) if masks || self.hull.is_none() => Some(at.mask(said, picture, budget)?),
            _ => None,
        };
        let region = match (masks, self.hull, mask) {
            (true, _, Some(mask)) => Region::Mask(mask),
            (true, Some(hull), None) => Region::Mask(at.rectangle(hull, picture, budget)?),
            (false, Some(hull), _) => Region::Box(hull),
            (false, None, Some(mask)) => Region::Box(mask.box_px().unwrap_or(NOTHING)),
            (_, None, None) if at.what == "annotation" => return Err(at.fault("a `segmentation`", "none")),
            (_, None, None) => return Err(at.fault("a `bbox` or a `segmentation`", "neither")),
        };
        let area_px = self.area_px.unwrap_or_else(|| area(&region));
        Ok(Object { category: self.category.clone(), region, area_px, crowd: self.crowd, score: self.score })
    }
}

/// What drawing and comparing masks has cost.
#[derive(Default)]
struct Budget {
    here: f64,
    all: f64,
    compared: f64,
}

impl Budget {
    /// Before an outline of so many pixels is drawn, or so many runs are put together.
    fn draw(&mut self, at: &At<'_>, cost: f64) -> Result<(), Error> {
        self.here += cost;
        self.all += cost;
        let over = |most: f64, of: &str| {
            at.fault(format!("masks whose outlines are up to {most} px long in all {of}"), "longer ones")
        };
        match (self.here > MOST_IN_PICTURE, self.all > MOST_IN_ALL) {
            (true, _) => Err(over(MOST_IN_PICTURE, "in a picture")),
            (_, true) => Err(over(MOST_IN_ALL, "in the two files")),
            _ => Ok(()),
        }
    }

    /// Before the masks of a picture are compared, each detection with each truth of its category.
    fn compare(&mut self, at: &At<'_>, truth: &[Object], said: &[Object]) -> Result<(), Error> {
        const COMPARED: f64 = 100.0;
        let mut by_category: BTreeMap<&str, [(f64, f64); 2]> = BTreeMap::new();
        for (side, objects) in [truth, said].into_iter().enumerate() {
            for object in objects {
                let Region::Mask(mask) = &object.region else { continue };
                let (n, runs) = &mut by_category.entry(&object.category).or_default()[side];
                (*n, *runs) = (*n + 1.0, *runs + mask.counts().len() as f64);
            }
        }
        for [(truths, runs), (detections, said_runs)] in by_category.into_values() {
            let share = COMPARED / detections.max(COMPARED);
            self.compared += share * (detections * runs + truths * said_runs);
        }
        if self.compared > MOST_COMPARED {
            let expected = format!("masks of up to {MOST_COMPARED} runs in all pairs");
            return Err(at.fault(expected, "more up to this picture"));
        }
        Ok(())
    }
}

/// A file of detections as text.
struct Source<'a> {
    path: &'a Path,
    text: String,
}

impl<'a> Source<'a> {
    fn read(path: &'a Path) -> Result<Source<'a>, Error> {
        let bytes = form::bytes(path)?;
        let text = String::from_utf8(bytes).map_err(|broken| {
            let line = 1 + lines_in(&broken.as_bytes()[..broken.utf8_error().valid_up_to()]);
            Error::row(path, line, "UTF-8 text", "other bytes")
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        if let Some(twice) = key_twice(text.as_bytes()) {
            return Err(Error::row(path, twice.line, "each key once in an object", twice.to_string()));
        }
        serde_json::from_str::<IgnoredAny>(&text)
            .map_err(|fault| Error::row(path, fault.line() as u64, "JSON", fault.to_string()))?;
        Ok(Source { path, text })
    }

    /// The three lists of a truth.
    fn lists(&self) -> Result<Lists<'_>, Error> {
        let text = self.text.trim();
        let lists = if text.starts_with('{') { serde_json::from_str(text).ok() } else { None };
        lists.ok_or_else(|| {
            let expected = "an object {images, annotations, categories}";
            Error::row(self.path, 0, expected, quoted(text))
        })
    }

    /// The list of detections: the file, or its `annotations`.
    fn detections(&self) -> Result<Option<&RawValue>, Error> {
        let text = self.text.trim();
        if text.starts_with('{') {
            return Ok(self.lists()?.annotations);
        }
        serde_json::from_str(text).map(Some).map_err(|_broken| {
            Error::row(
                self.path,
                0,
                "a list of {image_id, category_id, bbox or segmentation, score}",
                quoted(text),
            )
        })
    }

    /// The entries of a list; `what` is one of them in words.
    fn entries<'t>(
        &'t self,
        list: Option<&'t RawValue>,
        name: &str,
        what: &'static str,
    ) -> Result<Vec<At<'t>>, Error> {
        let fault = |found: String| Error::row(self.path, 0, format!("a list `{name}`"), found);
        let list = list.ok_or_else(|| fault("none".to_owned()))?;
        let entries: Vec<&RawValue> =
            serde_json::from_str(list.get()).map_err(|_broken| fault(quoted(list.get())))?;
        let at = |(n, said): (u64, &'t RawValue)| At { path: self.path, text: &self.text, said, what, n };
        Ok((1..).zip(entries).map(at).collect())
    }
}

fn lines_in(bytes: &[u8]) -> u64 {
    bytes.split(|byte| *byte == b'\n').count() as u64 - 1
}

/// The beginning of what stands there.
fn quoted(json: &str) -> String {
    const MOST: usize = 60;
    let more = if json.chars().nth(MOST).is_some() { "…" } else { "" };
    let one_line = |c: char| if c.is_control() { ' ' } else { c };
    format!("`{}{more}`", json.chars().take(MOST).map(one_line).collect::<String>())
}

/// An entry of a list of a file.
#[derive(Clone, Copy)]
struct At<'a> {
    path: &'a Path,
    text: &'a str,
    said: &'a RawValue,
    what: &'static str,
    /// Its number in the list, from 1.
    n: u64,
}

impl<'a> At<'a> {
    fn place(&self) -> String {
        let before = (self.said.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let line = 1 + lines_in(self.text.as_bytes().get(..before).unwrap_or_default());
        format!("{} {}, line {line}", self.what, self.n)
    }

    fn fault(&self, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::Entry {
            path: self.path.to_owned(),
            entry: self.place(),
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// Its fields, none of which is read yet.
    fn object<T: Deserialize<'a>>(&self) -> Result<T, Error> {
        let text = self.said.get();
        let fields = if text.starts_with('{') { serde_json::from_str(text).ok() } else { None };
        fields.ok_or_else(|| self.fault("an object", quoted(text)))
    }

    /// A value of a field, if it is there.
    fn read<T: DeserializeOwned>(&self, said: Option<&RawValue>, expected: &str) -> Result<Option<T>, Error> {
        let Some(said) = said else { return Ok(None) };
        serde_json::from_str(said.get()).map(Some).map_err(|_other| self.fault(expected, quoted(said.get())))
    }

    fn id(&self, said: Option<&RawValue>, name: &str) -> Result<Id, Error> {
        let expected = format!("a whole number or a text as {name}");
        self.read(said, &expected)?.ok_or_else(|| self.fault(expected, "none"))
    }

    fn number(&self, said: Option<&RawValue>, expected: &str) -> Result<Option<f64>, Error> {
        self.read(said, expected)
    }

    fn size(&self, image: &Image<'_>) -> Result<Option<(u32, u32)>, Error> {
        let side = |said, name: &str| self.read(said, &format!("a whole number from 0 as `{name}`"));
        let (width, height) = (side(image.width, "width")?, side(image.height, "height")?);
        Ok(width.zip(height))
    }

    fn area_px(&self, one: &Annotation<'_>) -> Result<Option<f64>, Error> {
        let expected = "a number from 0 to 1e18 as `area`";
        let area = self.number(one.area, expected)?;
        match area.filter(|area| !(0.0..=MOST_AREA).contains(area)) {
            Some(area) => Err(self.fault(expected, format!("{area:?}"))),
            None => Ok(area),
        }
    }

    fn crowd(&self, one: &Annotation<'_>) -> Result<bool, Error> {
        let expected = "0 or 1 as `iscrowd`";
        match self.read(one.iscrowd, expected)? {
            None => Ok(false),
            Some(Flag::Truth(crowd)) => Ok(crowd),
            Some(Flag::Number(number)) if number == 0.0 || number == 1.0 => Ok(number == 1.0),
            Some(Flag::Number(number)) => Err(self.fault(expected, format!("{number:?}"))),
        }
    }

    fn box_px(&self, one: &Annotation<'_>) -> Result<Option<BoxPx>, Error> {
        let expected = "a `bbox` of left, top, width, height within 1e9, sizes from 0";
        let Some(numbers) = self.read::<Vec<f64>>(one.bbox, expected)?.filter(|numbers| !numbers.is_empty())
        else {
            return Ok(None);
        };
        let [left, top, width, height] = numbers[..] else {
            return Err(self.fault(expected, format!("{} numbers", numbers.len())));
        };
        let within = numbers.iter().all(|number| number.abs() <= MOST_PX);
        BoxPx::new(left, top, width, height)
            .filter(|_| within)
            .map(Some)
            .ok_or_else(|| self.fault(expected, format!("{left:?}, {top:?}, {width:?}, {height:?}")))
    }

    fn mask(&self, said: &RawValue, picture: &Picture<'_>, budget: &mut Budget) -> Result<Mask, Error> {
        let expected = "a `segmentation` of polygons or of run lengths {size, counts}";
        let fault = |fault: chronotope_world::Error| self.fault(expected, fault.to_string());
        let size = picture.size()?;
        let mask = if said.get().starts_with('[') {
            let polygons: Vec<Vec<f64>> = self.read(Some(said), expected)?.unwrap_or_default();
            let mut all: Option<Mask> = None;
            for polygon in &polygons {
                if polygon.len() < LEAST_OUTLINE {
                    let expected = format!("polygons of at least {LEAST_OUTLINE} numbers");
                    return Err(self.fault(expected, format!("one of {}", polygon.len())));
                }
                let part = self.drawn(polygon, picture, budget)?;
                all = Some(match all {
                    None => part,
                    Some(all) => {
                        budget.draw(self, (all.counts().len() + part.counts().len()) as f64)?;
                        all.union(&part).map_err(fault)?
                    }
                });
            }
            all.ok_or_else(|| self.fault(expected, "no polygon"))?
        } else {
            let runs = if said.get().starts_with('{') { serde_json::from_str(said.get()).ok() } else { None };
            let Some(Runs { size: [height, width], counts }) = runs else {
                return Err(self.fault(expected, quoted(said.get())));
            };
            match counts {
                Counts::Text(text) => Mask::from_coco(width, height, &text),
                Counts::Numbers(runs) => Mask::from_counts(width, height, runs),
            }
            .map_err(fault)?
        };
        match size {
            Some((width, height)) if (mask.width(), mask.height()) != (width, height) => Err(self.fault(
                format!("a mask of its image's size, {width}x{height}"),
                format!("{}x{}", mask.width(), mask.height()),
            )),
            _ => Ok(mask),
        }
    }

    /// The mask of a box, as the source draws it.
    fn rectangle(&self, hull: BoxPx, picture: &Picture<'_>, budget: &mut Budget) -> Result<Mask, Error> {
        let (x1, y1, x2, y2) = (hull.left, hull.top, hull.left + hull.width, hull.top + hull.height);
        self.drawn(&[x1, y1, x1, y2, x2, y2, x2, y1], picture, budget)
    }

    /// The mask of one outline.
    fn drawn(&self, outline: &[f64], picture: &Picture<'_>, budget: &mut Budget) -> Result<Mask, Error> {
        let size = picture.size()?;
        let (width, height) = size.ok_or_else(|| picture.at.fault("`width` and `height`", "none"))?;
        let points = outline.chunks_exact(2);
        let next = outline.chunks_exact(2).cycle().skip(1);
        let length = |(a, b): (&[f64], &[f64])| 1.0 + (a[0] - b[0]).abs().max((a[1] - b[1]).abs());
        budget.draw(self, points.zip(next).map(length).sum())?;
        Mask::from_polygon(width, height, outline)
            .map_err(|fault| self.fault("an outline that can be drawn", fault.to_string()))
    }
}

impl Picture<'_> {
    /// Width and height where they are said, of a picture that has masks.
    fn size(&self) -> Result<Option<(u32, u32)>, Error> {
        match self.size {
            Some((width, height)) if width == 0 || height == 0 => Err(self.at.fault(
                "a `width` and a `height` from 1 of a picture with masks",
                format!("{width}x{height}"),
            )),
            size => Ok(size),
        }
    }
}

#[derive(Deserialize)]
struct Lists<'a> {
    #[serde(borrow)]
    images: Option<&'a RawValue>,
    #[serde(borrow)]
    annotations: Option<&'a RawValue>,
    #[serde(borrow)]
    categories: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Image<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    width: Option<&'a RawValue>,
    #[serde(borrow)]
    height: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Category<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Annotation<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    image_id: Option<&'a RawValue>,
    #[serde(borrow)]
    category_id: Option<&'a RawValue>,
    #[serde(borrow)]
    bbox: Option<&'a RawValue>,
    #[serde(borrow)]
    area: Option<&'a RawValue>,
    #[serde(borrow)]
    iscrowd: Option<&'a RawValue>,
    #[serde(borrow)]
    segmentation: Option<&'a RawValue>,
    #[serde(borrow)]
    score: Option<&'a RawValue>,
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

#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Truth(bool),
    Number(f64),
}

#[derive(Deserialize)]
struct Runs {
    size: [u32; 2],
    counts: Counts,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Counts {
    Text(String),
    Numbers(Vec<u32>),
}

fn area(region: &Region) -> f64 {
    match region {
        Region::Box(hull) => hull.width * hull.height,
        Region::Mask(mask) => mask.area() as f64,
    }
}

/// The categories' names; a name that several have is told apart by the id.
fn names(categories: &[At<'_>]) -> Result<BTreeMap<Id, Arc<str>>, Error> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut said = Vec::new();
    for at in categories {
        let one: Category<'_> = at.object()?;
        let id = at.id(one.id, "`id`")?;
        let name: Option<String> = at.read(one.name, "a text as `name`")?;
        let name = name.unwrap_or_else(|| id.to_string());
        *seen.entry(name.clone()).or_default() += 1;
        said.push((at, id, name));
    }
    let mut names = BTreeMap::new();
    for (at, id, name) in said {
        let name = if seen[&name] > 1 { format!("{name} ({id})") } else { name };
        let found = format!("id {id} twice");
        if names.insert(id, Arc::from(name)).is_some() {
            return Err(at.fault("each category once", found));
        }
    }
    Ok(names)
}
