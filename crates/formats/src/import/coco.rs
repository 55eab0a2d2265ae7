//! COCO instances: boxes and masks in pictures, with categories.
//!
//! Source: Lin et al., *Microsoft COCO: Common Objects in Context*, 2014; <https://cocodataset.org/#format-data>.

use super::error::Error;
use super::faults::{Faults, RowFault};
use super::input::{self, SourceFile};
use super::record::{self, DEFAULT_TOLERANCE_S, MAX_FRAME_INDEX, PictureClock};
use super::{ImportSettings, Imported, Importer};
use chronotope_world::catalogue::Entry;
use chronotope_world::{
    BoxPx, EntityId, Event, EventId, Known, Label, Mask, ObserverId, Origin, Reference, Sample, SourceId,
    Span, Time, Track, TrackId, World, WorldBuilder,
};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// COCO instance files.
///
/// Pictures stand in the order of the file: the n-th is picture n, an event `picture` with its `file`, `image id`, `width` and `height`. With `--fps` picture n
/// is at n / fps, else only the order is known. An annotation is a thing of its own, unless it names a `track_id` or `instance_id` that it shares with
/// others: then they are one. Crowds are marked `ignored`. Masks become run lengths; polygons are filled as pycocotools fills them, and kept as a fact
/// (`segmentation`) beside, as are an `area` that differs from the mask's, and the numbers of the categories. **Coverage** is complete
/// for the file's categories in every picture.
#[derive(Clone, Copy, Debug)]
pub struct Coco;

pub(crate) const VOCABULARY: &str = "coco";

impl Importer for Coco {
    fn entry(&self) -> Entry {
        Entry {
            kind: "importers",
            name: "coco",
            about: "boxes and masks in pictures, with categories",
            source: "formats/src/import/coco.rs",
            paper: Some("Lin et al., Microsoft COCO: Common Objects in Context, ECCV 2014"),
            example: "chronotope import coco instances.json -o pictures.world",
        }
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        path.is_file() && has_key(head, &["images", "annotations"]) && !has_key(head, &["videos"])
    }

    fn import(&self, path: &Path, settings: &ImportSettings) -> Result<Imported, Error> {
        let settings = settings.checked()?;
        let file: File = input::json(path, "an object with images, annotations and categories")?;
        let mut faults = Faults::default();
        let world = import_file(path, file, settings, &mut faults)?;
        Ok(Imported { worlds: record::pick(vec![world], |w| w.record().name.as_str(), settings)?, faults })
    }
}

/// The text begins an object and names one of these keys.
pub(crate) fn has_key(head: &[u8], keys: &[&str]) -> bool {
    let text = String::from_utf8_lossy(head);
    text.trim_start().starts_with('{') && keys.iter().any(|key| text.contains(&format!("\"{key}\"")))
}

#[derive(Deserialize)]
struct File {
    images: Vec<Box<RawValue>>,
    annotations: Vec<Box<RawValue>>,
    #[serde(default)]
    categories: Vec<Category>,
}

/// A row of `categories`.
#[derive(Deserialize)]
pub(crate) struct Category {
    pub(crate) id: i64,
    pub(crate) name: String,
}

#[derive(Deserialize)]
struct Image {
    id: i64,
    #[serde(default)]
    file_name: String,
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Deserialize)]
struct Annotation {
    id: Option<i64>,
    image_id: i64,
    category_id: i64,
    bbox: Option<[f64; 4]>,
    segmentation: Option<Value>,
    area: Option<f64>,
    #[serde(default)]
    iscrowd: i64,
    score: Option<f64>,
    track_id: Option<i64>,
    instance_id: Option<i64>,
}

/// A picture's number, width and height.
type Place = (u32, Option<[u32; 2]>);

fn import_file(
    path: &Path,
    file: File,
    settings: &ImportSettings,
    faults: &mut Faults,
) -> Result<World, Error> {
    let clock = PictureClock::new(settings, None);
    let mut builder = WorldBuilder::new(input::stem(path));
    let words = format!("format=coco {}", clock.word());
    let source =
        record::annotation_source(&mut builder, &SourceFile::new(path)?, record::clock_row(clock), words);
    let observer = record::camera(&mut builder, source, &input::stem(path), settings.picture_px, None);
    let images = add_images(&mut builder, source, path, &file.images, clock, faults)?;
    once_each(path, &file.categories)?;
    let names = add_categories(&mut builder, source, &file.categories);
    add_coverage(&mut builder, source, observer, &names, images.len() as u32, clock);
    let mut tracks: BTreeMap<(i64, i64), (TrackId, EntityId)> = BTreeMap::new();
    let mut places = BTreeSet::new();
    let mut n_boxes = 0;
    for (n, text) in file.annotations.iter().enumerate() {
        let item = || format!("annotation {n}");
        let once = |(row, frame_index, shape): (Annotation, u32, Shape)| {
            let shared = row.track_id.or(row.instance_id);
            match shared.filter(|id| !places.insert((*id, row.category_id, frame_index))) {
                Some(id) => {
                    let found = format_args!("a second of track {id} in image {}", row.image_id);
                    Err(RowFault::new("one annotation per picture and track", found))
                }
                None => Ok((row, frame_index, shape)),
            }
        };
        match read_annotation(text.get(), &images, &names).and_then(once) {
            Ok((row, frame_index, shape)) => {
                n_boxes += 1;
                let t = clock.time(frame_index);
                let shared = row.track_id.or(row.instance_id);
                let fresh = |builder: &mut WorldBuilder| {
                    let key = shared.or(row.id).unwrap_or(n as i64);
                    add_thing(
                        builder,
                        source,
                        observer,
                        key,
                        &names[&row.category_id],
                        row.iscrowd != 0,
                        t,
                        settings,
                    )
                };
                let (track, entity) = match shared {
                    Some(id) => *tracks.entry((id, row.category_id)).or_insert_with(|| fresh(&mut builder)),
                    None => fresh(&mut builder),
                };
                add_sample(&mut builder, source, observer, track, frame_index, t, &shape, row.score);
                add_details(&mut builder, source, entity, t, &shape, row.area, row.segmentation);
            }
            Err(fault) => faults.item(path, item(), fault),
        }
    }
    if n_boxes == 0 && !file.annotations.is_empty() {
        let found = faults.named().first().map_or_else(|| "none".to_owned(), ToString::to_string);
        return Err(Error::input(path, "at least one annotation with a box or mask", found));
    }
    record::build(builder, path)
}

fn read_annotation(
    text: &str,
    images: &BTreeMap<i64, Place>,
    names: &BTreeMap<i64, String>,
) -> Result<(Annotation, u32, Shape), RowFault> {
    let row: Annotation = serde_json::from_str(text)
        .map_err(|e| RowFault::new("image_id, category_id and bbox or segmentation", e))?;
    let (frame_index, size) =
        *images.get(&row.image_id).ok_or_else(|| RowFault::new("the id of an image", row.image_id))?;
    if !names.contains_key(&row.category_id) {
        return Err(RowFault::new("the id of a category", row.category_id));
    }
    let shape = Shape::read(row.bbox, row.segmentation.as_ref(), size)?;
    Ok((row, frame_index, shape))
}

/// Where a thing is in a picture.
pub(crate) struct Shape {
    pub(crate) box_px: BoxPx,
    pub(crate) mask: Option<Mask>,
    /// The mask was a polygon, or runs that are no compressed text: its JSON is needed to write it back.
    pub(crate) keeps_json: bool,
}

impl Shape {
    /// A box, a mask, or both; the box of the mask where none is given.
    pub(crate) fn read(
        sides: Option<[f64; 4]>,
        segmentation: Option<&Value>,
        size: Option<[u32; 2]>,
    ) -> Result<Shape, RowFault> {
        let (mask, keeps_json) = match segmentation {
            None | Some(Value::Null) => (None, false),
            Some(Value::Array(list)) if list.is_empty() => (None, false),
            Some(value) => {
                let mask = read_mask(value, size)?;
                (Some(mask), value["counts"].as_str().is_none())
            }
        };
        let own = sides.and_then(|[left, top, width, height]| BoxPx::new(left, top, width, height));
        let of_mask = || mask.as_ref().and_then(Mask::box_px);
        let box_px = own
            .or_else(|| if sides.is_none() { of_mask() } else { None })
            .filter(|b| b.width > 0.0 && b.height > 0.0)
            .ok_or_else(|| RowFault::new("a box with width and height above 0", format_args!("{sides:?}")))?;
        Ok(Shape { box_px, mask, keeps_json })
    }
}

/// A mask from polygons (`[[x, y, …], …]`), runs (`{"size": [h, w], "counts": […]}`) or COCO's compressed text.
fn read_mask(value: &Value, size: Option<[u32; 2]>) -> Result<Mask, RowFault> {
    let wrong = |e: chronotope_world::Error| RowFault::new("a mask", e);
    let bad = || RowFault::new("polygons or run lengths", value);
    if let Some(polygons) = value.as_array() {
        let [width, height] =
            size.ok_or_else(|| RowFault::new("an image with width and height for a polygon", "none"))?;
        let mut whole: Option<Mask> = None;
        for polygon in polygons {
            let numbers: Option<Vec<f64>> =
                polygon.as_array().and_then(|list| list.iter().map(Value::as_f64).collect());
            let part = Mask::from_polygon(width, height, &numbers.ok_or_else(bad)?).map_err(wrong)?;
            whole = Some(match whole {
                Some(mask) => mask.union(&part).map_err(wrong)?,
                None => part,
            });
        }
        return whole.ok_or_else(bad);
    }
    let side = |k: usize| value["size"][k].as_u64().and_then(|v| u32::try_from(v).ok()).ok_or_else(bad);
    let (height, width) = (side(0)?, side(1)?);
    if size.is_some_and(|size| size != [width, height]) {
        return Err(RowFault::new("a mask of the picture's size", format_args!("{width}x{height}")));
    }
    match &value["counts"] {
        Value::String(text) => Mask::from_coco(width, height, text).map_err(wrong),
        Value::Array(counts) => {
            let counts: Option<Vec<u32>> =
                counts.iter().map(|c| c.as_u64().and_then(|c| u32::try_from(c).ok())).collect();
            Mask::from_counts(width, height, counts.ok_or_else(bad)?).map_err(wrong)
        }
        _ => Err(bad()),
    }
}

fn add_images(
    builder: &mut WorldBuilder,
    source: SourceId,
    path: &Path,
    texts: &[Box<RawValue>],
    clock: PictureClock,
    faults: &mut Faults,
) -> Result<BTreeMap<i64, Place>, Error> {
    let mut images = BTreeMap::new();
    for (n, text) in texts.iter().enumerate().take(MAX_FRAME_INDEX as usize) {
        let read = serde_json::from_str::<Image>(text.get())
            .map_err(|e| RowFault::new("id, file_name, width and height", e))
            .and_then(|image| {
                let twice = images.contains_key(&image.id);
                if twice {
                    Err(RowFault::new("one image per id", format!("id {} again", image.id)))
                } else {
                    Ok(image)
                }
            });
        match read {
            Ok(image) => {
                let frame_index = images.len() as u32;
                let size = image.width.zip(image.height).map(|(w, h)| [w, h]);
                images.insert(image.id, (frame_index, size));
                add_picture(builder, source, frame_index, clock, &image.file_name, Some(image.id), size);
            }
            Err(fault) => faults.item(path, format!("image {n}"), fault),
        }
    }
    if images.is_empty() {
        let found = faults.named().first().map_or_else(|| "none".to_owned(), ToString::to_string);
        return Err(Error::input(path, "at least one image", found));
    }
    Ok(images)
}

/// The event that names a picture's file.
pub(crate) fn add_picture(
    builder: &mut WorldBuilder,
    source: SourceId,
    frame_index: u32,
    clock: PictureClock,
    file_name: &str,
    id: Option<i64>,
    size: Option<[u32; 2]>,
) {
    let start: Time = clock.time(frame_index);
    let mut roles = vec![("file".to_owned(), Reference::Text(file_name.to_owned()))];
    roles.extend(id.map(|id| ("image id".to_owned(), Reference::Number(id as f64, String::new()))));
    for (role, side) in ["width", "height"].iter().zip(size.iter().flatten()) {
        roles.push(((*role).to_owned(), Reference::Number(f64::from(*side), "px".into())));
    }
    builder.event(Event {
        id: EventId(0),
        kind: "picture".into(),
        span: Span::between(start, clock.time(frame_index + 1)),
        parent: None,
        roles,
        confidence: None,
        source,
        known: Known::at(start),
        closed: None,
    });
}

/// Refuses a category that has two names.
pub(crate) fn once_each(path: &Path, categories: &[Category]) -> Result<(), Error> {
    let mut names: BTreeMap<i64, &str> = BTreeMap::new();
    for category in categories {
        let before = *names.entry(category.id).or_insert(&category.name);
        if before != category.name {
            let found = format!("category {} as `{before}` and as `{}`", category.id, category.name);
            return Err(Error::input(path, "one name per category", found));
        }
    }
    Ok(())
}

/// Keeps the numbers of the categories as facts, and gives their names.
pub(crate) fn add_categories(
    builder: &mut WorldBuilder,
    source: SourceId,
    categories: &[Category],
) -> BTreeMap<i64, String> {
    for category in categories {
        let (name, id) =
            (Reference::Text(category.name.clone()), Reference::Number(category.id as f64, String::new()));
        record::add_fact(builder, source, name, "category id", id, Span::ALWAYS);
    }
    categories.iter().map(|c| (c.id, c.name.clone())).collect()
}

pub(crate) fn add_coverage(
    builder: &mut WorldBuilder,
    source: SourceId,
    observer: ObserverId,
    names: &BTreeMap<i64, String>,
    n_pictures: u32,
    clock: PictureClock,
) {
    if names.is_empty() {
        return; // no label is known to be looked for
    }
    let span = Span::between(clock.time(0), clock.time(n_pictures));
    record::add_coverage(builder, source, Some(observer), span, names.values().cloned().collect(), true);
}

/// A track with its entity and label, known from its first picture.
pub(crate) fn add_thing(
    builder: &mut WorldBuilder,
    source: SourceId,
    observer: ObserverId,
    key: i64,
    label: &str,
    crowd: bool,
    t: Time,
    settings: &ImportSettings,
) -> (TrackId, EntityId) {
    let known = Known::at(t);
    let mut row = Track::new(source, key.to_string(), known);
    row.observer = Some(observer);
    row.ignored = crowd;
    row.tolerance_ns =
        Some(record::tolerance_ns(settings, DEFAULT_TOLERANCE_S, settings.fps.map(f64::recip)));
    let track = builder.track(row);
    let entity = match u64::try_from(key) {
        Ok(key) => builder.entity_numbered(key),
        Err(_negative) => builder.entity(),
    };
    record::add_identity(builder, track, entity, "annotated", known);
    builder.label(Label::new(track, label, VOCABULARY, known));
    (track, entity)
}

pub(crate) fn add_sample(
    builder: &mut WorldBuilder,
    source: SourceId,
    observer: ObserverId,
    track: TrackId,
    frame_index: u32,
    t: Time,
    shape: &Shape,
    score: Option<f64>,
) {
    let mut sample = Sample::new(source, Some(track), t, Origin::Annotated);
    sample.observer = Some(observer);
    sample.frame_index = Some(frame_index);
    sample.box_px = Some(shape.box_px);
    sample.mask = shape.mask.as_ref().map(|mask| mask.to_string().into_boxed_str());
    sample.score = score.filter(|s| s.is_finite());
    builder.sample(sample);
}

/// What the columns do not hold: an area that is not the mask's, a polygon.
pub(crate) fn add_details(
    builder: &mut WorldBuilder,
    source: SourceId,
    entity: EntityId,
    t: Time,
    shape: &Shape,
    area: Option<f64>,
    segmentation: Option<Value>,
) {
    let derived = shape.mask.as_ref().map_or(shape.box_px.area(), |mask| mask.area() as f64);
    let area = area.filter(|a| *a != derived).map(|a| ("area", Reference::Number(a, "px²".into())));
    let polygon = segmentation.filter(|_| shape.keeps_json);
    let polygon = polygon.map(|json| ("segmentation", Reference::Text(json.to_string())));
    for (predicate, object) in area.into_iter().chain(polygon) {
        record::add_fact(builder, source, Reference::Entity(entity), predicate, object, Span::at(t));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::scratch::Scratch;

    fn import(text: &str) -> Result<Imported, Error> {
        let scratch = Scratch::new();
        Coco.import(&scratch.file("a.json", text.as_bytes()), &ImportSettings::default())
    }

    const HEAD: &str = r#"{"images": [{"id": 7, "file_name": "a.jpg", "width": 4, "height": 3}, {"id": 3, "file_name": "b.jpg", "width": 4, "height": 3}],
        "categories": [{"id": 18, "name": "dog"}], "annotations": ["#;

    #[test]
    fn masks_and_tracks_are_kept() {
        let text = format!(
            "{HEAD}{}]}}",
            r#"{"id": 1, "image_id": 7, "category_id": 18, "bbox": [1,0,2,3], "segmentation": {"size": [3,4], "counts": [3,6,3]}, "track_id": 5},
               {"id": 2, "image_id": 3, "category_id": 18, "segmentation": [[1,0, 3,0, 3,3, 1,3]], "track_id": 5, "score": 0.5},
               {"id": 3, "image_id": 3, "category_id": 18, "bbox": [0,0,1,1], "iscrowd": 1}"#
        );
        let world = &import(&text).expect("valid").worlds[0];
        assert_eq!(world.tables().tracks.len(), 2);
        assert!(world.record().order_only && world.tables().tracks[1].ignored);
        let run = world.run(TrackId(0), Span::ALWAYS).expect("in memory");
        let masks: Vec<Mask> = run.samples().filter_map(|s| s.mask?.parse().ok()).collect();
        assert_eq!(masks.iter().map(Mask::area).collect::<Vec<_>>(), [6, 6]);
        assert_eq!(run.samples().nth(1).and_then(|s| s.box_px), BoxPx::new(1.0, 0.0, 2.0, 3.0));
        assert_eq!(world.events().filter(|e| e.kind == "picture").count(), 2);
    }

    #[test]
    fn hostile_annotations_are_faults() {
        let good = r#"{"id": 1, "image_id": 7, "category_id": 18, "bbox": [1,0,2,3]}"#;
        let bad = [
            r#"{"id": 1, "image_id": 8, "category_id": 18, "bbox": [1,0,2,3]}"#,
            r#"{"id": 1, "image_id": 7, "category_id": 19, "bbox": [1,0,2,3]}"#,
            r#"{"id": 1, "image_id": 7, "category_id": 18, "bbox": [1,0,-2,3]}"#,
            r#"{"id": 1, "image_id": 7, "category_id": 18}"#,
            r#"{"image_id": 7, "category_id": 18, "segmentation": {"size": [3,4], "counts": [3,6,9999999]}}"#,
            r#"{"image_id": 7, "category_id": 18, "segmentation": {"size": [99999,99999], "counts": "0"}}"#,
            r#"{"image_id": 7, "category_id": 18, "segmentation": [[1,2,3]]}"#,
            r#"{"image_id": 7, "category_id": 18, "segmentation": "x"}"#,
            "7",
        ];
        let imported = import(&format!("{HEAD}{good},{}]}}", bad.join(","))).expect("one good row");
        assert_eq!(imported.faults.count(), bad.len() as u64, "{}", imported.faults);
        for text in ["", "{}", "[]", "{\"images\": [], \"annotations\": []}", &format!("{HEAD}{}]}}", bad[0])]
        {
            assert!(import(text).is_err(), "{text:.40}");
        }
    }
}
