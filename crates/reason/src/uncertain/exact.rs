//! Probabilities that are easy: orders of normals, a distance below a bound, counts of things that may be there.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2, TAU};

/// Panels of Simpson's rule.
const PANELS: usize = 160;

/// Deviations beyond which a normal is taken for spent: 10⁻¹⁵ are left.
const FAR: f64 = 8.0;

/// P(Z ≤ x) of a standard normal.
pub fn normal_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// P(A < B) of two independent normals, each a mean and a variance; of two numbers 0, ½ or 1.
pub fn before(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (gap, variance) = (b.0 - a.0, a.1 + b.1);
    if variance > 0.0 {
        return normal_below(gap / variance.sqrt());
    }
    match gap.partial_cmp(&0.0) {
        Some(std::cmp::Ordering::Greater) => 1.0,
        Some(std::cmp::Ordering::Equal) => 0.5,
        _ => 0.0,
    }
}

/// For each of several independent normals (mean, variance above 0) the probability of being the least.
pub fn least(numbers: &[(f64, f64)]) -> Vec<f64> {
    let share = |i: usize| {
        let (mean, sd) = (numbers[i].0, numbers[i].1.sqrt());
        simpson(-FAR, FAR, 8 * PANELS, |z| {
            let x = mean + sd * z;
            let others = numbers.iter().enumerate().filter(|(j, _)| *j != i);
            density(z) * others.map(|(_, (m, v))| normal_below((m - x) / v.sqrt())).product::<f64>()
        })
    };
    (0..numbers.len()).map(share).collect()
}

/// P(|X| ≤ radius) of a normal X in space with this mean and covariance (xx, xy, xz, yy, yz, zz; may be singular): the probability
/// that two things, X apart, are within a distance. None where the six are no covariance.
pub fn within(mean: [f64; 3], covariance: [f64; 6], radius: f64) -> Option<f64> {
    let [xx, xy, xz, yy, yz, zz] = covariance;
    let full = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]];
    // axes that are known come first, so that the last integral, which is a closed form, has a spread
    let mut axes = [0, 1, 2];
    axes.sort_by_key(|&k| full[k][k] > 0.0);
    let turned = axes.map(|i| axes.map(|j| full[i][j]));
    let root = root([turned[0][0], turned[0][1], turned[0][2], turned[1][1], turned[1][2], turned[2][2]])?;
    if !(radius >= 0.0 && radius.is_finite()) {
        return None;
    }
    let mean = axes.map(|k| mean[k]);
    Some(inside(&mean, &root, &[], radius).clamp(0.0, 1.0))
}

/// The lower triangle L with L·Lᵀ the covariance (xx, xy, xz, yy, yz, zz); zero rows where it is singular. None where it is not
/// finite or no covariance (Cholesky).
pub fn root(covariance: [f64; 6]) -> Option<[[f64; 3]; 3]> {
    let [xx, xy, xz, yy, yz, zz] = covariance;
    let full = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]];
    let slack = 1e-9 * (xx.abs() + yy.abs() + zz.abs());
    let mut l = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..=i {
            let left = full[i][j] - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
            if i == j {
                if !(left >= -slack && left.is_finite()) {
                    return None;
                }
                l[i][i] = if left > slack { left.sqrt() } else { 0.0 };
            } else if l[j][j] > 0.0 {
                l[i][j] = left / l[j][j];
            } else if left.abs() > slack || left.is_nan() {
                return None;
            }
        }
    }
    Some(l)
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// The most probable number.
    pub most_likely: f64,
    /// Its probability.
    pub share: f64,
    /// The mean and the standard deviation, where the number was taken as normal: there were too many things to sum up.
    pub normal: Option<(f64, f64)>,
}

/// How many there are of things that were seen, each there with its own probability and reported with its own recall,
/// independently: beside each that is there, geometrically many were missed, (1 − r) / r on average.
///
/// Sums of Bernoulli and geometric numbers by convolution, without tails below 10⁻²⁰. The time is the number of things times the deviation of
/// the sum; where that is too much, a normal of the same mean and variance, whose mode is moved by the skewness (Edgeworth); of so many, its
/// share is off by less than a hundredth of itself.
pub fn count(things: &[(f64, f64)]) -> Counted {
    const MOST_STEPS: f64 = 1e8;
    const LEAST: f64 = 1e-20;
    let things = || things.iter().map(|&(p, r)| (p.clamp(0.0, 1.0), r.clamp(f64::MIN_POSITIVE, 1.0)));
    let (mut mean, mut variance, mut third, mut n, mut tail) = (0.0, 0.0, 0.0, 0.0, 0.0_f64);
    for (p, r) in things() {
        // moments of a geometric number from 1 on, times the chance that there is one
        let (a, b, c) = (p / r, p * (2.0 - r) / (r * r), p * (r * r - 6.0 * r + 6.0) / (r * r * r));
        mean += a;
        variance += b - a * a;
        third += c - 3.0 * a * b + 2.0 * a * a * a;
        n += 1.0;
        tail = tail.max(if r < 1.0 { 46.0 / r } else { 0.0 });
    }
    let width = 20.0 * f64::sqrt(variance) + tail + 20.0;
    if n * width > MOST_STEPS {
        let deviation = f64::sqrt(variance);
        let mode = (mean - third / (2.0 * variance)).round().max(0.0);
        return Counted {
            most_likely: mode,
            share: 1.0 / (TAU.sqrt() * deviation),
            normal: Some((mean, deviation)),
        };
    }
    // `shares[k]` of `first + k`
    let (mut shares, mut first) = (vec![1.0_f64], 0_usize);
    let mut next = Vec::new();
    for (p, r) in things() {
        next.clear();
        let mut with = 0.0;
        for &share in &shares {
            next.push(share * (1.0 - p) + with * p);
            with = share * r + with * (1.0 - r);
        }
        while with * p > LEAST {
            next.push(with * p);
            with *= 1.0 - r;
            if r >= 1.0 {
                break;
            }
        }
        let low = next.iter().position(|share| *share > LEAST).unwrap_or(0);
        let high = next.iter().rposition(|share| *share > LEAST).map_or(next.len(), |k| k + 1);
        first += low;
        shares.clear();
        shares.extend_from_slice(&next[low..high]);
    }
    let best = shares.iter().enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best });
    let (k, share) = best.map_or((0, 0.0), |(k, share)| (k, *share));
    Counted { most_likely: (first + k) as f64, share, normal: None }
}

/// The probability that the rest of the axes, given the standard normals of the first, stays within the radius that is left.
fn inside(mean: &[f64; 3], root: &[[f64; 3]; 3], given: &[f64], left: f64) -> f64 {
    let axis = given.len();
    let centre = mean[axis] + given.iter().zip(&root[axis]).map(|(z, l)| z * l).sum::<f64>();
    let sd = root[axis][axis];
    let further = |z: f64, at: f64| {
        let more: Vec<f64> = given.iter().copied().chain([z]).collect();
        inside(mean, root, &more, (left * left - at * at).max(0.0).sqrt())
    };
    if sd <= 0.0 {
        let fits = centre.abs() <= left;
        return if !fits {
            0.0
        } else if axis == 2 {
            1.0
        } else {
            further(0.0, centre)
        };
    }
    if axis == 2 {
        return normal_below((left - centre) / sd) - normal_below((-left - centre) / sd);
    }
    let (low, high) = ((-left).max(centre - FAR * sd), left.min(centre + FAR * sd));
    if low >= high {
        return 0.0;
    }
    // at = left · sin(angle): the root of what is left is smooth at the ends then
    let angle = |at: f64| libm::asin((at / left).clamp(-1.0, 1.0)).clamp(-FRAC_PI_2, FRAC_PI_2);
    simpson(angle(low), angle(high), PANELS, |turn| {
        let at = left * libm::sin(turn);
        let z = (at - centre) / sd;
        density(z) / sd * left * libm::cos(turn) * further(z, at)
    })
}

fn density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / TAU.sqrt()
}

fn simpson(from: f64, to: f64, panels: usize, f: impl Fn(f64) -> f64) -> f64 {
    let step = (to - from) / panels as f64;
    let weight = |n: usize| match n {
        0 => 1.0,
        n if n == panels => 1.0,
        n if n % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=panels).map(|n| weight(n) * f(from + step * n as f64)).sum::<f64>() * step / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertain::Draw;

    fn near(a: f64, b: f64, most: f64) {
        assert!((a - b).abs() <= most, "{a} against {b}");
    }

    #[test]
    fn two_normals_come_in_order_as_the_table_says() {
        near(before((0.0, 0.5), (1.0, 0.5)), 0.841_344_746, 1e-9);
        assert_eq!([before((1.0, 0.0), (2.0, 0.0)), before((1.0, 0.0), (1.0, 0.0))], [1.0, 0.5]);
    }

    #[test]
    fn a_ball_around_the_mean_holds_what_chi_squared_says() {
        // three, two and one degrees of freedom
        near(within([0.0; 3], [1.0, 0.0, 0.0, 1.0, 0.0, 1.0], 1.0).expect("valid"), 0.198_748_043, 1e-8);
        near(within([0.0; 3], [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], 1.0).expect("valid"), 0.393_469_340, 1e-8);
        near(within([0.0; 3], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0], 1.0).expect("valid"), 0.682_689_492, 1e-8);
    }

    #[test]
    fn known_places_are_within_or_not() {
        let at = |r| within([3.0, 4.0, 0.0], [0.0; 6], r).expect("valid");
        assert_eq!([at(4.9), at(5.1)], [0.0, 1.0]);
        assert_eq!(within([0.0; 3], [-1.0, 0.0, 0.0, 1.0, 0.0, 1.0], 1.0), None);
        assert_eq!(within([0.0; 3], [f64::NAN; 6], 1.0), None);
    }

    #[test]
    fn draws_agree_with_the_integral() {
        let (mean, covariance) = ([1.0, -2.0, 0.5], [0.5, 0.2, 0.0, 0.8, -0.1, 0.3]);
        let l = root(covariance).expect("valid");
        let mut draw = Draw::keyed(&[11]);
        let n = 40_000;
        let hits = (0..n).filter(|_| {
            let z = [draw.normal(), draw.normal(), draw.normal()];
            let x: [f64; 3] = std::array::from_fn(|i| mean[i] + (0..=i).map(|k| l[i][k] * z[k]).sum::<f64>());
            x.iter().map(|v| v * v).sum::<f64>() <= 2.5 * 2.5
        });
        let share = hits.count() as f64 / f64::from(n);
        let exact = within(mean, covariance, 2.5).expect("valid");
        near(share, exact, 4.0 * (exact * (1.0 - exact) / f64::from(n)).sqrt());
    }

    #[test]
    fn a_turn_of_the_axes_and_another_unit_leave_the_probability() {
        let plain = within([2.0, 1.0, 0.0], [0.4, 0.1, 0.0, 0.2, 0.0, 0.05], 2.0).expect("valid");
        // x becomes y, y becomes -x
        let turned = within([-1.0, 2.0, 0.0], [0.2, -0.1, 0.0, 0.4, 0.0, 0.05], 2.0).expect("valid");
        let c = 100.0 * 100.0;
        let scaled = [0.4 * c, 0.1 * c, 0.0, 0.2 * c, 0.0, 0.05 * c];
        let in_cm = within([200.0, 100.0, 0.0], scaled, 200.0).expect("valid");
        near(plain, turned, 1e-8);
        near(plain, in_cm, 1e-10);
    }

    #[test]
    fn the_least_of_several_sums_to_one_and_is_the_order_of_two() {
        let shares = least(&[(1.0, 0.3), (1.2, 0.1), (2.0, 1.0)]);
        near(shares.iter().sum(), 1.0, 1e-9);
        let two = least(&[(1.0, 0.3), (1.2, 0.1)]);
        near(two[0], before((1.0, 0.3), (1.2, 0.1)), 1e-9);
    }

    #[test]
    fn a_count_of_equal_chances_is_binomial() {
        let shares = count(&[(0.25, 1.0); 4]);
        assert!(shares.most_likely == 1.0 && (shares.share - 108.0 / 256.0).abs() < 1e-12, "{shares:?}");
        let sure = Counted { most_likely: 2.0, share: 1.0, normal: None };
        assert_eq!(count(&[(1.0, 1.0), (1.0, 1.0), (0.0, 1.0)]), sure);
        // none beside either of two that are reported with recall 0.8
        assert!((count(&[(1.0, 0.8); 2]).share - 0.64).abs() < 1e-12);
    }

    #[test]
    fn so_many_that_they_are_taken_as_normal_agree_with_what_is_summed_up() {
        let at = |n: usize| count(&vec![(0.3, 0.5); n]);
        let (summed, normal) = (at(4_000), at(400_000));
        let (mean, deviation) = normal.normal.expect("too many to sum up");
        assert!(summed.normal.is_none() && (mean - 240_000.0).abs() < 1e-3, "{summed:?} {normal:?}");
        // a hundred times as many, a tenth of the share
        assert!((normal.share * 10.0 / summed.share - 1.0).abs() < 1e-3, "{summed:?} {normal:?}");
        assert!(deviation > 0.0);
        // the mode lies below the mean by the same, however many there are
        let below = [mean / 100.0 - summed.most_likely, mean - normal.most_likely];
        assert!((below[0] - below[1]).abs() <= 1.0, "{below:?}");
    }
}
