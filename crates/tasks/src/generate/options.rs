//! Options that are wrong but could be taken for right.

use chronotope_simulate::Stream;

/// Wrong values beside a right one: multiples of it, rounded as it is shown, none within `apart` (a share of the right one) of the
/// right one or of each other (SIMS-V, `qa/generators/common.py`).
pub(crate) fn wrong_numbers(right: f64, decimals: u8, apart: f64, n: usize, stream: &mut Stream) -> Vec<f64> {
    const NEAR: [f64; 9] = [0.4, 0.55, 0.7, 0.85, 1.2, 1.4, 1.7, 2.0, 2.3];
    const FAR: [f64; 4] = [2.5, 2.8, 3.1, 3.5];
    let mut factors = NEAR.to_vec();
    stream.shuffle(&mut factors);
    if stream.chance(0.1) {
        let mut far = FAR.to_vec();
        stream.shuffle(&mut far);
        factors.splice(0..0, far);
    }
    let scale = libm::pow(10.0, f64::from(decimals));
    let mut values: Vec<f64> = Vec::new();
    for factor in factors {
        let value = libm::round(right * factor * scale) / scale;
        let clear = |other: f64| (value - other).abs() > apart * right.abs() && value != other;
        if values.len() < n && value > 0.0 && clear(right) && values.iter().all(|&other| clear(other)) {
            values.push(value);
        }
    }
    values
}

/// Wrong counts beside a right one: up to three away, at least 1 (SIMS-V, `qa/generators/common.py`).
pub(crate) fn wrong_counts(right: i64, n: usize, stream: &mut Stream) -> Vec<i64> {
    let mut counts: Vec<i64> = (-3..=3).map(|step| right + step).filter(|&c| c >= 1 && c != right).collect();
    stream.shuffle(&mut counts);
    counts.truncate(n);
    counts
}

/// Other orders of the same names, all different; with `near`, only those that one exchange of neighbours makes.
pub(crate) fn wrong_orders(right: &[String], n: usize, near: bool, stream: &mut Stream) -> Vec<Vec<String>> {
    let mut orders: Vec<Vec<String>> = Vec::new();
    if near {
        for at in stream.sample(right.len().saturating_sub(1), n) {
            let mut order = right.to_vec();
            order.swap(at, at + 1);
            orders.push(order);
        }
        return orders;
    }
    for _ in 0..n * 20 {
        if orders.len() == n {
            break;
        }
        let mut order = right.to_vec();
        stream.shuffle(&mut order);
        if order != right && !orders.contains(&order) {
            orders.push(order);
        }
    }
    orders
}

/// Which letter is right in item `index` of a run: a cycle over a shuffled block, so that no letter is right more than once more often
/// than another.
pub(crate) fn letter_of(stream_of_block: impl Fn(u64) -> Stream, index: u64, n: usize) -> usize {
    let n = n.max(1);
    let mut order: Vec<usize> = (0..n).collect();
    stream_of_block(index / n as u64).shuffle(&mut order);
    order[(index % n as u64) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_values_differ_from_the_right_one_and_from_each_other() {
        let mut stream = Stream::named(&["options"]);
        for n in 0..500 {
            let right = 0.1 + f64::from(n) / 50.0;
            let values = wrong_numbers(right, 1, 0.2, 3, &mut stream);
            for (at, value) in values.iter().enumerate() {
                assert!((value - right).abs() > 0.2 * right, "{right}: {values:?}");
                assert!(!values[..at].contains(value), "{right}: {values:?}");
            }
        }
        let counts = wrong_counts(2, 3, &mut stream);
        assert!(counts.len() == 3 && counts.iter().all(|&c| c >= 1 && c != 2), "{counts:?}");
        let names: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert!(wrong_orders(&names, 3, false, &mut stream).iter().all(|order| *order != names));
        assert_eq!(wrong_orders(&names, 3, true, &mut stream).len(), 3);
        assert!(wrong_orders(&names[..1], 3, false, &mut stream).is_empty());
    }

    #[test]
    fn every_letter_is_right_as_often_as_the_others() {
        let block = |n: u64| Stream::named(&["letters", &n.to_string()]);
        for n in 2..6 {
            let mut counts = vec![0; n];
            (0..101).for_each(|index| counts[letter_of(block, index, n)] += 1);
            let (least, most) = (counts.iter().min(), counts.iter().max());
            assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "{counts:?}");
        }
    }
}
