//! Boxes in JSON, under any of the names in use.

use super::convention::{Order, Scale};
use super::{Hint, MOST_BOXES, Raw};
use serde_json::{Map, Value};

/// Boxes of a text that is JSON as a whole; none where it is not, or holds neither boxes nor an empty list.
pub(super) fn read(text: &str) -> Option<Vec<Raw>> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let mut raw = Vec::new();
    walk(&value, None, &mut raw);
    (!raw.is_empty() || holds_nothing(&value)).then_some(raw)
}

/// Names of a box's numbers, with what they tell.
const BOX_KEYS: [(&str, Option<Scale>, Option<Order>); 14] = [
    ("bbox_2d", None, None),
    ("bbox", None, None),
    ("box_2d", Some(Scale::Thousand), Some(Order::Yxyx)),
    ("box", None, None),
    ("boxes", None, None),
    ("bboxes", None, None),
    ("bounding_box", None, None),
    ("boundingbox", None, None),
    ("bounding_boxes", None, None),
    ("xyxy", None, Some(Order::Xyxy)),
    ("xywh", None, Some(Order::Xywh)),
    ("rect", None, None),
    ("coordinates", None, None),
    ("location", None, None),
];
const POINT_KEYS: [(&str, Option<Scale>, bool); 5] = [
    ("point_2d", None, false),
    ("point", Some(Scale::Thousand), true),
    ("points", None, false),
    ("center", None, false),
    ("centre", None, false),
];
const LABEL_KEYS: [&str; 11] = [
    "label",
    "name",
    "class",
    "class_name",
    "category",
    "object",
    "object_name",
    "text_content",
    "type",
    "text",
    "description",
];
const SCORE_KEYS: [&str; 5] = ["score", "confidence", "conf", "probability", "certainty"];
/// Four numbers under names of their own.
const SIDES: [([&str; 4], Order); 7] = [
    (["x1", "y1", "x2", "y2"], Order::Xyxy),
    (["xmin", "ymin", "xmax", "ymax"], Order::Xyxy),
    (["x_min", "y_min", "x_max", "y_max"], Order::Xyxy),
    (["left", "top", "right", "bottom"], Order::Xyxy),
    (["x", "y", "width", "height"], Order::Xywh),
    (["x", "y", "w", "h"], Order::Xywh),
    (["left", "top", "width", "height"], Order::Xywh),
];

/// Gathers boxes from a value and all within it; the depth is bounded by the JSON reader's own limit.
fn walk(value: &Value, label: Option<&str>, out: &mut Vec<Raw>) {
    if out.len() >= MOST_BOXES {
        return;
    }
    match value {
        Value::Array(items) => {
            if let Some(numbers) = four(value) {
                out.push(Raw {
                    label: label.map(str::to_owned),
                    score: None,
                    numbers,
                    hint: Hint::default(),
                });
                return;
            }
            for item in items {
                walk(item, label, out);
            }
        }
        Value::Object(fields) => object(fields, label, out),
        _ => {}
    }
}

fn object(fields: &Map<String, Value>, outer: Option<&str>, out: &mut Vec<Raw>) {
    let own = LABEL_KEYS.iter().find_map(|key| fields.get(*key).and_then(Value::as_str)).or(outer);
    let score = SCORE_KEYS.iter().find_map(|key| share(fields.get(*key)?));
    let before = out.len();
    if let Some((numbers, order)) = named_sides(fields) {
        let hint = Hint { order: Some(order), ..Hint::default() };
        out.push(Raw { label: own.map(str::to_owned), score, numbers, hint });
        return;
    }
    let list = |name: &str| fields.get(name).and_then(Value::as_array);
    let labels = list("labels").or_else(|| list("classes")).or_else(|| list("names"));
    for (key, value) in fields {
        let lower = key.to_ascii_lowercase();
        let named = |i: usize| labels.and_then(|l| l.get(i)).and_then(Value::as_str).or(own);
        if let Some((_, scale, order)) = BOX_KEYS.iter().find(|(name, ..)| *name == lower) {
            let hint = Hint { scale: *scale, order: *order, point: false };
            for (i, (numbers, inner)) in fours(value).into_iter().enumerate() {
                let scores = list("scores").or_else(|| list("confidences"));
                let score = score.or_else(|| scores.and_then(|s| share(s.get(i)?)));
                let hint = Hint { order: inner.or(hint.order), ..hint };
                out.push(Raw { label: named(i).map(str::to_owned), score, numbers, hint });
            }
        } else if let Some((_, scale, y_first)) = POINT_KEYS.iter().find(|(name, ..)| *name == lower) {
            for (i, [a, b]) in twos(value).into_iter().enumerate() {
                let [x, y] = if *y_first { [b, a] } else { [a, b] };
                let hint = Hint { scale: *scale, order: Some(Order::Xyxy), point: true };
                let label = named(i).map(str::to_owned);
                out.push(Raw { label, score, numbers: [x, y, x, y], hint });
            }
        }
    }
    if out.len() > before {
        return;
    }
    // {"chair": [[…], […]], "door": […]}, or something around it
    for (key, value) in fields {
        let lower = key.to_ascii_lowercase();
        let around = LABEL_KEYS.contains(&lower.as_str()) || AROUND.contains(&lower.as_str());
        walk(value, if around { own } else { Some(key) }, out);
    }
}

/// Names of lists that are no names of things.
const AROUND: [&str; 13] = [
    "objects",
    "detections",
    "results",
    "items",
    "answer",
    "output",
    "data",
    "predictions",
    "arguments",
    "parameters",
    "instances",
    "things",
    "found",
];

/// A list that says that nothing was seen: an empty one, under whatever name.
fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => {
            fields.is_empty() || fields.values().any(|v| v.as_array().is_some_and(Vec::is_empty))
        }
        _ => false,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.len() < 40 => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|v| v.is_finite())
}

/// Four numbers: `[a, b, c, d]`, `[[a, b], [c, d]]`, or a text of the first.
fn four(value: &Value) -> Option<[f64; 4]> {
    match value {
        Value::Array(items) => match items.as_slice() {
            [a, b, c, d] => Some([number(a)?, number(b)?, number(c)?, number(d)?]),
            [Value::Array(a), Value::Array(b)] => match (a.as_slice(), b.as_slice()) {
                ([x1, y1], [x2, y2]) => Some([number(x1)?, number(y1)?, number(x2)?, number(y2)?]),
                _ => None,
            },
            _ => None,
        },
        Value::String(text) if text.len() < 200 => {
            let parts: Vec<f64> = text
                .split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | 'E')))
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().unwrap_or(f64::NAN))
                .collect();
            <[f64; 4]>::try_from(parts).ok().filter(|four| four.iter().all(|v| v.is_finite()))
        }
        _ => None,
    }
}

/// One box or several.
fn fours(value: &Value) -> Vec<([f64; 4], Option<Order>)> {
    if let Some(numbers) = four(value) {
        return vec![(numbers, None)];
    }
    match value {
        Value::Object(fields) => named_sides(fields).map(|(n, order)| (n, Some(order))).into_iter().collect(),
        Value::Array(items) => items
            .iter()
            .filter_map(|item| match item {
                Value::Object(fields) => named_sides(fields).map(|(n, order)| (n, Some(order))),
                item => four(item).map(|n| (n, None)),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// One point or several.
fn twos(value: &Value) -> Vec<[f64; 2]> {
    let two = |value: &Value| match value {
        Value::Array(items) => match items.as_slice() {
            [a, b] => Some([number(a)?, number(b)?]),
            _ => None,
        },
        Value::Object(fields) => Some([number(fields.get("x")?)?, number(fields.get("y")?)?]),
        _ => None,
    };
    match (two(value), value) {
        (Some(point), _) => vec![point],
        (None, Value::Array(items)) => items.iter().filter_map(two).collect(),
        _ => Vec::new(),
    }
}

fn named_sides(fields: &Map<String, Value>) -> Option<([f64; 4], Order)> {
    SIDES.iter().find_map(|(names, order)| {
        let mut numbers = [0.0; 4];
        for (slot, name) in numbers.iter_mut().zip(names) {
            *slot = number(fields.get(*name)?)?;
        }
        Some((numbers, *order))
    })
}

/// A share from 0 to 1; per cents too.
fn share(value: &Value) -> Option<f64> {
    match number(value)? {
        v if (0.0..=1.0).contains(&v) => Some(v),
        v if v > 1.0 && v <= 100.0 => Some(v / 100.0),
        _ => None,
    }
}
