//! The inputs of the golden files, as `benches/peers/score_golden.py` generates them.

use chronotope_score::{Path, Posed, TrackedBox, Tracks};
use chronotope_world::BoxPx;
use nalgebra::{Quaternion, UnitQuaternion, Vector3};
use std::collections::BTreeSet;

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn u(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn three(&mut self, size: f64) -> [f64; 3] {
        std::array::from_fn(|_| (self.u() - 0.5) * size)
    }
}

/// Truth and prediction of a sequence: seed, pictures, things, drop, jitter, switch, false boxes, whole pixels, flat boxes.
pub(crate) fn sequence(settings: &[f64]) -> (Tracks, Tracks) {
    let [seed, pictures, n, drop, jitter, switch, false_boxes, whole, flat] =
        settings.try_into().expect("nine settings");
    let (pictures, n) = (pictures as u32, n as usize);
    let mut r = Random(seed as u64);
    let things: Vec<[f64; 6]> = (0..n)
        .map(|_| {
            let (x, y) = (r.u() * 500.0, r.u() * 300.0);
            let (w, h) = (10.0 + r.u() * 60.0, 10.0 + r.u() * 90.0);
            [x, y, w, h, (r.u() - 0.5) * 8.0, (r.u() - 0.5) * 8.0]
        })
        .collect();
    let mut ids: Vec<u64> = (0..n as u64).map(|k| k + 100).collect();
    let fix = |v: f64| if whole != 0.0 { v.floor() } else { v };
    let (mut truth, mut said, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let push = |to: &mut Vec<TrackedBox>, frame_index, id, b: [f64; 4]| {
        let [left, top, width, height] = b;
        to.push(TrackedBox { frame_index, id, box_px: BoxPx { left, top, width, height } });
    };
    for f in 1..=pictures {
        for (k, &[x, y, w, h, vx, vy]) in things.iter().enumerate() {
            if r.u() < 0.1 {
                continue;
            }
            let at = f64::from(f);
            let b = [x + vx * at, y + vy * at, if flat != 0.0 && k % 3 == 0 { 0.0 } else { w }, h];
            push(&mut truth, f, k as u64 + 1, b.map(fix));
            if r.u() < switch {
                ids.swap(k, (k + 1) % n);
            }
            if r.u() < drop {
                continue;
            }
            let b = b.map(|v| if v != 0.0 { fix(v + (r.u() - 0.5) * jitter) } else { 0.0 });
            if seen.insert((f, ids[k])) {
                push(&mut said, f, ids[k], b);
            }
        }
        if r.u() < false_boxes {
            let b = [r.u() * 500.0, r.u() * 300.0, 10.0 + r.u() * 60.0, 10.0 + r.u() * 90.0];
            if seen.insert((f, 5000 + u64::from(f) % 3)) {
                push(&mut said, f, 5000 + u64::from(f) % 3, b.map(fix));
            }
        }
    }
    (Tracks::new(truth).expect("no one twice"), Tracks::new(said).expect("no one twice"))
}

fn blobs(r: &mut Random, w: usize, h: usize, n: usize) -> Vec<u8> {
    let mut pixels = vec![0; w * h];
    for _ in 0..n {
        if r.u() < 0.5 {
            let (x, y) = ((r.u() * w as f64) as usize, (r.u() * h as f64) as usize);
            let (bw, bh) = (1 + (r.u() * w as f64 / 3.0) as usize, 1 + (r.u() * h as f64 / 3.0) as usize);
            (y..(y + bh).min(h)).for_each(|y| pixels[y * w + x..y * w + (x + bw).min(w)].fill(1));
        } else {
            let (cx, cy) = (r.u() * w as f64, r.u() * h as f64);
            let radius = 1.0 + r.u() * w.min(h) as f64 / 4.0;
            for (i, pixel) in pixels.iter_mut().enumerate() {
                let (dx, dy) = ((i % w) as f64 - cx, (i / w) as f64 - cy);
                if dx * dx + dy * dy <= radius * radius {
                    *pixel = 1;
                }
            }
        }
    }
    pixels
}

/// Pixels of the truth, and of it shifted with blobs added: seed, width, height, blobs, shift right, shift down, blobs added.
pub(crate) fn mask_pair(settings: &[usize; 7]) -> (Vec<u8>, Vec<u8>) {
    let [seed, w, h, n, dx, dy, extra] = *settings;
    let mut r = Random(seed as u64);
    let truth = blobs(&mut r, w, h, n);
    let mut said = blobs(&mut r, w, h, extra);
    for y in dy..h {
        for x in dx..w {
            said[y * w + x] |= truth[(y - dy) * w + x - dx];
        }
    }
    (truth, said)
}

/// A path and an estimate of it: seed, poses, scale, noise, share that is lost.
pub(crate) fn path_pair(settings: &[f64]) -> (Path, Path) {
    let [seed, n, scale, noise, lost] = settings.try_into().expect("five settings");
    let mut r = Random(seed as u64);
    let unit =
        |[x, y, z]: [f64; 3]| UnitQuaternion::try_new(Quaternion::new(1.0, x, y, z), 0.0).expect("not zero");
    let (mut q, mut x) = (UnitQuaternion::identity(), Vector3::zeros());
    let (move_q, move_x) = (unit(r.three(2.0)), Vector3::from(r.three(10.0)));
    let (mut truth, mut said) = (Vec::new(), Vec::new());
    for i in 0..n as usize {
        q *= unit(r.three(0.2));
        let step = Vector3::new(0.1 + r.u() * 0.1, (r.u() - 0.5) * 0.05, (r.u() - 0.5) * 0.05);
        x += q * step;
        truth.push(Posed { t_s: i as f64 * 0.1, position: x, rotation: q });
        let t_s = i as f64 * 0.1 + (r.u() - 0.5) * 0.012;
        let (error, turn) = (Vector3::from(r.three(noise)), r.three(noise));
        if r.u() < lost {
            continue;
        }
        said.push(Posed {
            t_s,
            position: move_q * x * scale + move_x + error,
            rotation: move_q * q * unit(turn),
        });
    }
    (Path::new(truth), Path::new(said))
}
