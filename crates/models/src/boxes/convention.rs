//! What the numbers of a box mean.

use super::{Raw, Unread};
use std::fmt;

/// What the numbers of a box mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convention {
    /// What they count.
    pub scale: Scale,
    /// In which order they stand.
    pub order: Order,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Pixels of the shown picture.
    Pixels,
    /// Shares of width and height, 0 to 1.
    Unit,
    /// Hundredths of width and height.
    Hundred,
    /// Thousandths of width and height.
    Thousand,
    /// 1,024th parts of width and height.
    Loc,
}

/// In which order the numbers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// left, top, right, bottom.
    Xyxy,
    /// top, left, bottom, right.
    Yxyx,
    /// left, top, width, height.
    Xywh,
}

/// Numbers may pass the end of their range by so much, in parts of it: models round.
const SLACK: f64 = 0.02;

impl Scale {
    /// All, as users type them.
    pub const ALL: [(Scale, &str); 5] = [
        (Scale::Pixels, "pixels"),
        (Scale::Unit, "unit"),
        (Scale::Hundred, "hundred"),
        (Scale::Thousand, "thousand"),
        (Scale::Loc, "loc"),
    ];

    /// What the whole width and height count.
    fn whole(self, shown_px: [u32; 2]) -> [f64; 2] {
        match self {
            Scale::Pixels => shown_px.map(f64::from),
            Scale::Unit => [1.0; 2],
            Scale::Hundred => [100.0; 2],
            Scale::Thousand => [1000.0; 2],
            Scale::Loc => [1024.0; 2],
        }
    }
}

impl Convention {
    /// Thousandths, left, top, right, bottom: what most models were taught.
    pub const THOUSAND: Convention = Convention { scale: Scale::Thousand, order: Order::Xyxy };

    /// All.
    pub fn all() -> impl Iterator<Item = Convention> {
        let orders = [Order::Xyxy, Order::Yxyx, Order::Xywh];
        Scale::ALL.into_iter().flat_map(move |(scale, _)| orders.map(|order| Convention { scale, order }))
    }

    /// Reads `pixels`, `unit`, `hundred`, `thousand` or `loc`, with `-yxyx` or `-xywh` after it where x y x y is not the order.
    pub fn parse(text: &str) -> Option<Convention> {
        let (scale, order) = match text.split_once('-') {
            None | Some((_, "xyxy")) => (text.trim_end_matches("-xyxy"), Order::Xyxy),
            Some((scale, "yxyx")) => (scale, Order::Yxyx),
            Some((scale, "xywh")) => (scale, Order::Xywh),
            Some(_) => return None,
        };
        let (scale, _) = Scale::ALL.into_iter().find(|(_, name)| *name == scale)?;
        Some(Convention { scale, order })
    }

    /// Left, top, right, bottom in pixels of the shown picture; none without area, but for points.
    pub(super) fn sides_px(self, raw: &Raw, shown_px: [u32; 2]) -> Option<[f64; 4]> {
        let order = raw.hint.order.unwrap_or(self.order);
        let sides = sides(raw, order)?;
        let [w, h] = self.scale.whole(shown_px);
        let [sx, sy] = [f64::from(shown_px[0]) / w, f64::from(shown_px[1]) / h];
        Some([sides[0] * sx, sides[1] * sy, sides[2] * sx, sides[3] * sy])
    }

    /// All numbers of a box are within the range of the scale.
    fn holds(self, raw: &Raw, shown_px: [u32; 2]) -> bool {
        let order = raw.hint.order.unwrap_or(self.order);
        let [a, b, c, d] = raw.numbers;
        let [w, h] = self.scale.whole(shown_px);
        let [left, top, right, bottom] = match order {
            Order::Xyxy => [a, b, c, d],
            Order::Yxyx => [b, a, d, c],
            Order::Xywh => [a, b, a + c, b + d],
        };
        let within = |v: f64, whole: f64| (-SLACK * whole..=(1.0 + SLACK) * whole).contains(&v);
        within(left, w) && within(right, w) && within(top, h) && within(bottom, h)
    }
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = Scale::ALL.iter().find(|(scale, _)| *scale == self.scale).map_or("", |(_, name)| name);
        f.write_str(scale)?;
        match self.order {
            Order::Xyxy => Ok(()),
            Order::Yxyx => f.write_str("-yxyx"),
            Order::Xywh => f.write_str("-xywh"),
        }
    }
}

/// What the numbers of all boxes of a reply mean.
pub(super) fn of(
    raw: &[Raw],
    shown_px: [u32; 2],
    declared: Option<Convention>,
    asked: Option<Convention>,
) -> Result<Convention, Unread> {
    let example = raw[0].numbers;
    // a few bad boxes do not make the others doubtful
    let most_hold = |c: Convention| {
        let n = raw
            .iter()
            .filter(|raw| c.holds(raw, shown_px) && sides(raw, raw.hint.order.unwrap_or(c.order)).is_some());
        4 * n.count() >= 3 * raw.len()
    };
    if let Some(declared) = declared {
        let tiny = declared.scale != Scale::Unit && declared.scale != Scale::Hundred && all_shares(raw);
        if most_hold(declared) && !tiny {
            return Ok(declared);
        }
        let odd = raw.iter().find(|raw| !declared.holds(raw, shown_px)).map_or(example, |raw| raw.numbers);
        return Err(Unread::Contradicts { declared, example: odd });
    }
    let hinted = raw.iter().find_map(|raw| raw.hint.scale);
    let scales: Vec<Scale> = match (hinted, all_shares(raw)) {
        (_, true) if hinted != Some(Scale::Hundred) => vec![Scale::Unit],
        (Some(scale), _) => vec![scale],
        // hundredths are never assumed: they look like pixels of the upper left corner
        (None, _) => vec![Scale::Thousand, Scale::Pixels],
    };
    let orders: Vec<Order> = match raw.iter().find_map(|raw| raw.hint.order) {
        Some(order) => vec![order],
        None => vec![Order::Xyxy, Order::Xywh],
    };
    // the order is settled first: with the usual one wherever it gives areas
    for order in orders {
        let fits: Vec<Convention> =
            scales.iter().map(|&scale| Convention { scale, order }).filter(|c| most_hold(*c)).collect();
        match fits.as_slice() {
            [] => {}
            [one] => return Ok(*one),
            several => {
                let asked = asked.map(|asked| asked.scale);
                let by_asked = several.iter().find(|c| Some(c.scale) == asked);
                return by_asked.copied().ok_or(Unread::Unclear { example });
            }
        }
    }
    Err(Unread::Unclear { example })
}

/// All numbers are shares of 1, and not all of them whole.
fn all_shares(raw: &[Raw]) -> bool {
    let mut numbers = raw.iter().flat_map(|raw| raw.numbers);
    numbers.clone().all(|v| (-SLACK..=1.0 + SLACK).contains(&v))
        && (numbers.any(|v| v.fract() != 0.0) || raw.iter().any(|raw| raw.numbers == [0.0, 0.0, 1.0, 1.0]))
}

/// Left, top, right, bottom in the numbers' own scale; none without area, but for points.
fn sides(raw: &Raw, order: Order) -> Option<[f64; 4]> {
    let [a, b, c, d] = raw.numbers;
    let [left, top, right, bottom] = match order {
        Order::Xyxy => [a, b, c, d],
        Order::Yxyx => [b, a, d, c],
        Order::Xywh => [a, b, a + c, b + d],
    };
    (raw.hint.point || (right > left && bottom > top)).then_some([left, top, right, bottom])
}
