//! Two views of one set of things: can they be of one scene?
//!
//! A rigid motion between the views keeps all distances and the handedness of any four points (Horn, Closed-form solution of absolute orientation using
//! unit quaternions, 1987, has the motion where it exists). What differs is a reason why the scene is not the same, or has changed.

/// Why two views are not of one unchanged scene; things by their place in the lists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Conflict {
    /// Two things are so far apart in the one view and so far in the other.
    Distance {
        /// The things.
        things: [usize; 2],
        /// In both views.
        apart: [f64; 2],
    },
    /// Four things are each other's mirror image.
    Mirrored {
        /// The things.
        things: [usize; 4],
    },
}

/// All conflicts of places that were seen in two views, `a[i]` and `b[i]` of one thing, in the units of both; distances may differ by `within`.
///
/// Handedness is told of four points only where they are clearly no plane in both views: each is more than `within` off the plane of the others. The mirror is
/// looked for among the fours that hold the first three things that span a plane.
pub fn conflicts(a: &[[f64; 3]], b: &[[f64; 3]], within: f64) -> Vec<Conflict> {
    let n = a.len().min(b.len());
    let mut out = Vec::new();
    for i in 0..n {
        for j in i + 1..n {
            let apart = [norm(minus(a[i], a[j])), norm(minus(b[i], b[j]))];
            if (apart[0] - apart[1]).abs() > within {
                out.push(Conflict::Distance { things: [i, j], apart });
            }
        }
    }
    let height = |p: &[[f64; 3]], [i, j, k, l]: [usize; 4]| {
        let normal = cross(minus(p[j], p[i]), minus(p[k], p[i]));
        let length = norm(normal);
        if length > 0.0 { dot(normal, minus(p[l], p[i])) / length } else { 0.0 }
    };
    let triples = (0..n).flat_map(|i| (i + 1..n).flat_map(move |j| (j + 1..n).map(move |k| [i, j, k])));
    let wide = |p: &[[f64; 3]], [i, j, k]: [usize; 3]| {
        let (u, v) = (minus(p[j], p[i]), minus(p[k], p[i]));
        norm(cross(u, v)) > within * norm(u).max(norm(v))
    };
    if let Some([i, j, k]) = triples.take(1000).find(|three| wide(a, *three) && wide(b, *three)) {
        for l in (0..n).filter(|l| ![i, j, k].contains(l)) {
            let things = [i, j, k, l];
            let (here, there) = (height(a, things), height(b, things));
            if here.abs() > within && there.abs() > within && (here > 0.0) != (there > 0.0) {
                out.push(Conflict::Mirrored { things });
            }
        }
    }
    out
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|k| a[k] - b[k])
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: [[f64; 3]; 4] = [[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.5, 1.5]];

    #[test]
    fn a_turned_and_moved_view_agrees_and_a_moved_thing_does_not() {
        let (sine, cosine) = (libm::sin(0.7), libm::cos(0.7));
        let turned = ROOM.map(|[x, y, z]| [cosine * x - sine * y + 3.0, z - 1.0, -sine * x - cosine * y]);
        assert_eq!(conflicts(&ROOM, &turned, 0.05), []);
        let mut moved = turned;
        moved[1][0] += 1.0;
        let found = conflicts(&ROOM, &moved, 0.05);
        assert!(
            found.len() >= 2
                && found
                    .iter()
                    .all(|one| matches!(one, Conflict::Distance { things, .. } if things.contains(&1))),
            "{found:?}"
        );
    }

    #[test]
    fn a_mirror_keeps_distances_and_is_told_all_the_same() {
        let mirrored = ROOM.map(|[x, y, z]| [-x, y, z]);
        assert_eq!(conflicts(&ROOM, &mirrored, 0.05), [Conflict::Mirrored { things: [0, 1, 2, 3] }]);
        let flat = ROOM.map(|[x, y, _]| [x, y, 0.0]);
        let flipped = flat.map(|[x, y, z]| [-x, y, z]);
        assert_eq!(conflicts(&flat, &flipped, 0.05), [], "what lies in a plane can be seen from below");
    }
}
