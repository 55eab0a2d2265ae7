//! Masks as run lengths, in COCO's form both ways.

mod raster;

use crate::error::Error;
use crate::shape::BoxPx;
use std::fmt;
use std::str::FromStr;

/// A binary picture as run lengths.
///
/// # Shape
/// Runs go down the columns, left to right (column-major), and start with zeros: `counts[0]` pixels are 0,
/// the next `counts[1]` are 1, and so on. They add up to `width · height`.
///
/// # Source
/// COCO API, `common/maskApi.c` (2014–2018), whose compressed text and polygon rasterisation are reproduced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mask {
    width: u32,
    height: u32,
    counts: Vec<u32>,
}

/// Longest side of a mask; larger ones are refused.
const MAX_SIDE: u32 = 65_535;

/// Longest outline of a polygon in fifths of a pixel; longer ones are refused, as they take time without end.
const MAX_OUTLINE: i64 = 100_000_000;

impl Mask {
    /// A mask from runs.
    ///
    /// # Errors
    /// Where the runs do not add up to `width · height`, or a side is larger than 65,535 px.
    pub fn from_counts(width: u32, height: u32, counts: Vec<u32>) -> Result<Mask, Error> {
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(Error::Mask(format!("expected sides up to {MAX_SIDE} px, found {width}x{height}")));
        }
        let (sum, area) = (counts.iter().map(|&c| c as u64).sum::<u64>(), width as u64 * height as u64);
        if sum != area {
            return Err(Error::Mask(format!("expected runs that add up to {area} px, found {sum}")));
        }
        Ok(Mask { width, height, counts })
    }

    /// A mask from COCO's compressed text (`counts` of `{"size": [height, width], "counts": "…"}`). Linear in the text.
    ///
    /// # Errors
    /// A character outside `0`–`o`, a run that is cut off, negative, or too long.
    pub fn from_coco(width: u32, height: u32, text: &str) -> Result<Mask, Error> {
        let mut counts: Vec<u32> = Vec::new();
        let mut bytes = text.bytes().enumerate().peekable();
        while bytes.peek().is_some() {
            let (mut value, mut shift) = (0i64, 0u32);
            loop {
                let Some((place, byte)) = bytes.next() else {
                    return Err(Error::Mask(format!(
                        "run {} is cut off at the end of the text",
                        counts.len()
                    )));
                };
                let bits = match byte {
                    48..=111 if shift < 35 => (byte - 48) as i64,
                    _ => {
                        return Err(Error::Mask(format!(
                            "expected a character of a run length (0 to o), found byte {byte} at byte {place}"
                        )));
                    }
                };
                value |= (bits & 0x1f) << shift;
                shift += 5;
                if bits & 0x20 == 0 {
                    if bits & 0x10 != 0 {
                        value |= -1 << shift;
                    }
                    break;
                }
            }
            if counts.len() > 2 {
                value += counts[counts.len() - 2] as i64;
            }
            let run = u32::try_from(value).map_err(|_wrong| {
                Error::Mask(format!("expected run {} from 0 to 2^32, found {value}", counts.len()))
            })?;
            counts.push(run);
        }
        Mask::from_counts(width, height, counts)
    }

    /// COCO's compressed text.
    pub fn to_coco(&self) -> String {
        let mut text = Vec::with_capacity(self.counts.len() * 2);
        for (i, &count) in self.counts.iter().enumerate() {
            let mut value = count as i64;
            if i > 2 {
                value -= self.counts[i - 2] as i64;
            }
            loop {
                let bits = (value & 0x1f) as u8;
                value >>= 5;
                let more = if bits & 0x10 != 0 { value != -1 } else { value != 0 };
                text.push(48 + bits + if more { 0x20 } else { 0 });
                if !more {
                    break;
                }
            }
        }
        String::from_utf8(text).expect("characters from 0 to o")
    }

    /// A mask from pixels, row by row from the top; not 0 is set.
    ///
    /// # Errors
    /// Where the number of pixels is not `width · height`, or a side is larger than 65,535 px.
    pub fn from_pixels(width: u32, height: u32, pixels: &[u8]) -> Result<Mask, Error> {
        sized(width, height, pixels)?;
        Ok(Mask { width, height, counts: raster::runs(width as usize, height as usize, pixels) })
    }

    /// A mask from pixels that stand column by column from the left, as Fortran and COCO order them; not 0 is set.
    ///
    /// # Errors
    /// As [`Mask::from_pixels`].
    pub fn from_columns(width: u32, height: u32, pixels: &[u8]) -> Result<Mask, Error> {
        sized(width, height, pixels)?;
        Ok(Mask { width, height, counts: raster::column_runs(pixels) })
    }

    /// Pixels row by row from the top, 0 or 1.
    pub fn to_pixels(&self) -> Vec<u8> {
        raster::pixels(self.width as usize, self.height as usize, self.set_runs())
    }

    /// A mask of a polygon `[x0, y0, x1, y1, …]` in pixels, filled as COCO fills it (edges drawn five times finer).
    ///
    /// # Errors
    /// An odd number of coordinates, one that is not within ±1e6, or a side larger than 65,535 px.
    pub fn from_polygon(width: u32, height: u32, polygon: &[f64]) -> Result<Mask, Error> {
        const FINER: f64 = 5.0;
        if !polygon.len().is_multiple_of(2) || !polygon.iter().all(|v| v.abs() <= 1e6) {
            return Err(Error::Mask(format!(
                "expected pairs of coordinates within ±1000000 px, found {} numbers",
                polygon.len()
            )));
        }
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(Error::Mask(format!("expected sides up to {MAX_SIDE} px, found {width}x{height}")));
        }
        // truncation towards zero, as C's cast
        let fine: Vec<(i64, i64)> = polygon
            .chunks_exact(2)
            .map(|p| ((FINER * p[0] + 0.5) as i64, (FINER * p[1] + 0.5) as i64))
            .collect();
        let (w, h) = (width as f64, height as f64);
        let mut crossings: Vec<u64> = Vec::new();
        let mut previous: Option<(i64, i64)> = None;
        let n = fine.len();
        let outline: i64 = (0..n)
            .map(|j| (fine[j], fine[(j + 1) % n]))
            .map(|(a, b)| (a.0 - b.0).abs().max((a.1 - b.1).abs()))
            .sum();
        if outline > MAX_OUTLINE {
            return Err(Error::Mask(format!(
                "expected an outline up to {} px, found {}",
                MAX_OUTLINE / 5,
                outline / 5
            )));
        }
        for j in 0..n {
            let (a, b) = (fine[j], fine[(j + 1) % n]);
            let (dx, dy) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
            let steep = dx < dy;
            let flip = if steep { a.1 > b.1 } else { a.0 > b.0 };
            let (s, e) = if flip { (b, a) } else { (a, b) };
            let length = dx.max(dy);
            let slope = match (length, steep) {
                (0, _) => 0.0,
                (_, true) => (e.0 - s.0) as f64 / length as f64,
                (_, false) => (e.1 - s.1) as f64 / length as f64,
            };
            for d in 0..=length {
                let t = if flip { length - d } else { d };
                let point = if steep {
                    ((s.0 as f64 + slope * t as f64 + 0.5) as i64, t + s.1)
                } else {
                    (t + s.0, (s.1 as f64 + slope * t as f64 + 0.5) as i64)
                };
                if let Some(last) = previous.replace(point)
                    && last.0 != point.0
                {
                    let x = (point.0.min(last.0.max(point.0) - 1) as f64 + 0.5) / FINER - 0.5;
                    if x.floor() == x && x >= 0.0 && x <= w - 1.0 {
                        let y = (point.1.min(last.1) as f64 + 0.5) / FINER - 0.5;
                        let y = y.clamp(0.0, h).ceil();
                        crossings.push(x as u64 * height as u64 + y as u64);
                    }
                }
            }
        }
        crossings.push(width as u64 * height as u64);
        crossings.sort_unstable();
        // between the crossings of one column, inside and outside alternate; crossings at one place cancel
        let (mut counts, mut from, mut merge) = (Vec::<u32>::new(), 0u64, false);
        for at in crossings {
            let run = (at - from) as u32;
            from = at;
            match counts.last_mut() {
                Some(last) if merge => {
                    *last += run;
                    merge = false;
                }
                Some(_) if run == 0 => merge = true,
                _ => counts.push(run),
            }
        }
        Mask::from_counts(width, height, counts)
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The runs.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Number of set pixels.
    pub fn area(&self) -> u64 {
        self.counts.iter().skip(1).step_by(2).map(|&c| c as u64).sum()
    }

    /// The smallest box over the set pixels; none where none is set.
    pub fn box_px(&self) -> Option<BoxPx> {
        let h = self.height as u64;
        let mut hull: Option<[u64; 4]> = None; // x0, y0, x1, y1, ends included
        for (from, to) in self.set_runs().filter(|(from, to)| from < to) {
            let (first, last) = ((from / h, from % h), ((to - 1) / h, (to - 1) % h));
            let (low, high) = if first.0 == last.0 { (first.1, last.1) } else { (0, h - 1) };
            let [x0, y0, x1, y1] = hull.unwrap_or([first.0, low, last.0, high]);
            hull = Some([x0.min(first.0), y0.min(low), x1.max(last.0), y1.max(high)]);
        }
        let [x0, y0, x1, y1] = hull?;
        BoxPx::new(x0 as f64, y0 as f64, (x1 - x0 + 1) as f64, (y1 - y0 + 1) as f64)
    }

    /// The pixels set in both.
    ///
    /// # Errors
    /// Where the sizes differ.
    pub fn intersect(&self, other: &Mask) -> Result<Mask, Error> {
        self.merge(other, |a, b| a && b)
    }

    /// The pixels set in either.
    ///
    /// # Errors
    /// Where the sizes differ.
    pub fn union(&self, other: &Mask) -> Result<Mask, Error> {
        self.merge(other, |a, b| a || b)
    }

    /// Intersection over union; 0 where both are empty.
    ///
    /// # Errors
    /// Where the sizes differ.
    pub fn iou(&self, other: &Mask) -> Result<f64, Error> {
        self.same_size(other)?;
        let (mut both, mut others) = (0u64, other.set_runs());
        let mut of_other = others.next();
        for (from, to) in self.set_runs() {
            while let Some((other_from, other_to)) = of_other {
                both += to.min(other_to).saturating_sub(from.max(other_from));
                if other_to > to {
                    break;
                }
                of_other = others.next();
            }
        }
        let either = self.area() + other.area() - both;
        Ok(if either == 0 { 0.0 } else { both as f64 / either as f64 })
    }

    fn same_size(&self, other: &Mask) -> Result<(), Error> {
        if (self.width, self.height) == (other.width, other.height) {
            return Ok(());
        }
        Err(Error::Mask(format!(
            "expected masks of one size, found {}x{} and {}x{}",
            self.width, self.height, other.width, other.height
        )))
    }

    fn merge(&self, other: &Mask, keep: fn(bool, bool) -> bool) -> Result<Mask, Error> {
        self.same_size(other)?;
        let (mut i, mut j) = (0, 0);
        let mut left = [self.counts.first().copied(), other.counts.first().copied()];
        let (mut counts, mut set, mut run) = (Vec::new(), false, 0u32);
        while let [Some(a), Some(b)] = left {
            let step = a.min(b);
            if step > 0 && keep(i % 2 == 1, j % 2 == 1) != set {
                counts.push(run);
                (set, run) = (!set, 0);
            }
            run += step;
            left = [Some(a - step), Some(b - step)];
            if a == step {
                i += 1;
                left[0] = self.counts.get(i).copied();
            }
            if b == step {
                j += 1;
                left[1] = other.counts.get(j).copied();
            }
        }
        counts.push(run);
        Mask::from_counts(self.width, self.height, counts)
    }

    /// Set runs as `[from, to)` in column-major order.
    fn set_runs(&self) -> impl Iterator<Item = (u64, u64)> {
        let mut at = 0u64;
        self.counts.iter().enumerate().filter_map(move |(i, &count)| {
            let from = at;
            at += count as u64;
            (i % 2 == 1).then_some((from, at))
        })
    }
}

impl fmt::Display for Mask {
    /// `480x640:` (height, width; COCO's order) and COCO's compressed text: how samples hold it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}:{}", self.height, self.width, self.to_coco())
    }
}

impl FromStr for Mask {
    type Err = Error;

    fn from_str(text: &str) -> Result<Mask, Error> {
        let wrong = || Error::Mask("expected HEIGHTxWIDTH:RUNS".to_owned());
        let (size, runs) = text.split_once(':').ok_or_else(wrong)?;
        let (height, width) = size.split_once('x').ok_or_else(wrong)?;
        let number = |digits: &str| digits.parse::<u32>().ok();
        let (width, height) = number(width).zip(number(height)).ok_or_else(wrong)?;
        Mask::from_coco(width, height, runs)
    }
}

/// Whether there are as many pixels as a mask of these sides has.
fn sized(width: u32, height: u32, pixels: &[u8]) -> Result<(), Error> {
    let area = u64::from(width) * u64::from(height);
    if pixels.len() as u64 != area {
        return Err(Error::Mask(format!("expected {area} pixels, found {}", pixels.len())));
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(Error::Mask(format!("expected sides up to {MAX_SIDE} px, found {width}x{height}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(seed: &mut u64) -> u64 {
        *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        *seed >> 33
    }

    #[test]
    fn pixels_runs_and_text_agree() {
        let mut seed = 3;
        for _ in 0..200 {
            let (w, h) = ((random(&mut seed) % 40) as u32, (random(&mut seed) % 40) as u32);
            let density = random(&mut seed) % 10;
            let mut draw =
                || -> Vec<u8> { (0..w * h).map(|_| u8::from(random(&mut seed) % 10 < density)).collect() };
            let (a, b) = (draw(), draw());
            let mask = Mask::from_pixels(w, h, &a).expect("right size");
            let other = Mask::from_pixels(w, h, &b).expect("right size");
            assert_eq!(mask.to_pixels(), a);
            assert_eq!(mask.to_string().parse::<Mask>().expect("own text"), mask);
            assert_eq!(mask.area(), a.iter().map(|&v| v as u64).sum::<u64>());
            let both: Vec<u8> = a.iter().zip(&b).map(|(p, q)| p & q).collect();
            let either: Vec<u8> = a.iter().zip(&b).map(|(p, q)| p | q).collect();
            assert_eq!(mask.intersect(&other).expect("one size").to_pixels(), both);
            assert_eq!(mask.union(&other).expect("one size").to_pixels(), either);
            let sum = |pixels: &[u8]| pixels.iter().map(|&v| v as u64).sum::<u64>() as f64;
            let iou = if sum(&either) == 0.0 { 0.0 } else { sum(&both) / sum(&either) };
            assert_eq!(mask.iou(&other).expect("one size"), iou);
            let set: Vec<(u32, u32)> =
                (0..w * h).filter(|&i| a[i as usize] != 0).map(|i| (i % w, i / w)).collect();
            let hull = set.iter().fold(None, |hull: Option<[u32; 4]>, &(x, y)| {
                let [x0, y0, x1, y1] = hull.unwrap_or([x, y, x, y]);
                Some([x0.min(x), y0.min(y), x1.max(x), y1.max(y)])
            });
            let expected = hull.and_then(|[x0, y0, x1, y1]| {
                BoxPx::new(x0 as f64, y0 as f64, (x1 - x0 + 1) as f64, (y1 - y0 + 1) as f64)
            });
            assert_eq!(mask.box_px(), expected);
        }
    }

    /// Made by pycocotools 2.0.11: `mask.frPyObjects([polygon], height, width)[0]["counts"]`, areas by `mask.area`.
    #[test]
    fn equals_pycocotools() {
        let cases = [
            (vec![1.0, 1.0, 8.0, 1.0, 8.0, 6.0, 1.0, 6.0], 10, 8, "95300000000000?", 35),
            (vec![0.5, 0.5, 15.2, 3.3, 7.7, 12.9], 16, 14, "?1=2N1O2O1N2N1O00O1N3N1O1O1N=", 79),
            (vec![-3.0, -2.0, 25.0, 4.0, 9.0, 30.0], 20, 18, "07;3M2N3Mi1NYN000000001O0000000N3M2ON", 300),
            (vec![5.0, 5.0, 5.0, 5.0, 5.0, 5.0], 9, 9, "a2", 0),
            (
                vec![2.0, 2.0, 12.0, 2.0, 12.0, 12.0, 2.0, 12.0, 7.0, 7.0],
                15,
                15,
                "Y115021N00100N120L14500000000[1",
                75,
            ),
            (
                vec![
                    4.13, 6.6, 14.57, 18.2, 13.65, 10.72, 18.17, 16.62, 3.98, -0.76, 1.76, 6.92, 18.84, 7.14,
                ],
                20,
                20,
                "\\13>3O110001O000001O01O005Kb2",
                75,
            ),
            (vec![11.77, -1.69, 3.2, 4.71, 19.99, 16.38], 20, 20, "d22a01O2O1N1O2O1O0011O1O2M2O1O1N2O@", 100),
            (
                vec![16.29, -0.27, 12.83, 8.68, 1.17, 21.34, -1.87, 16.57],
                20,
                20,
                "?5>1O1O000000O1000000000000O1N3Na2",
                90,
            ),
            (vec![18.94, 4.94, 21.08, 10.94, 14.27, 2.91, 20.58, 14.58], 20, 20, "`91e00O1O1LOB26", 13),
        ];
        for (polygon, w, h, text, area) in cases {
            let mask = Mask::from_polygon(w, h, &polygon).expect("finite");
            assert_eq!((mask.to_coco().as_str(), mask.area()), (text, area), "{polygon:?}");
            assert_eq!(Mask::from_coco(w, h, text).expect("official text"), mask);
        }
    }

    #[test]
    fn hostile_text_is_refused() {
        for text in
            ["", "3x3", "x3:0", "3x3:~~", "3x3:00", "99999x99999:0", "3x3:oooooooooooo", "3x3:P", "3x3:é"]
        {
            assert!(text.parse::<Mask>().is_err(), "{text}");
        }
    }
}
