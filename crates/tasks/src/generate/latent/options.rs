//! States and sequences that could be taken for the right ones.

use super::{Demo, Hides, Skip, Stream, flat, said};

/// Other states that `is_wrong` takes: what comes of leaving one operation out, and states near the right one; all different.
pub(crate) fn states<S: Hides>(
    demo: &Demo<S>,
    right: &S,
    n: usize,
    stream: &mut Stream,
    is_wrong: impl Fn(&S) -> bool,
) -> Result<Vec<String>, Skip> {
    let mut wrong: Vec<String> = Vec::new();
    // each is near one that is there already: the right one is not the middle of them all
    let mut known = vec![right.clone()];
    for _ in 0..60 * n {
        if wrong.len() == n {
            break;
        }
        let forgot = if *right == demo.end() && stream.chance(0.3) { forgetful(demo, stream) } else { None };
        let base = stream.index(known.len());
        let Some(other) = forgot.or_else(|| known[base].near(stream)) else { continue };
        let text = flat(&other.to_string());
        if other != *right && !wrong.contains(&text) && is_wrong(&other) {
            wrong.push(text);
            known.push(other);
        }
    }
    if wrong.len() == n { Ok(wrong) } else { Err(Skip::draw("too few wrong states that look right")) }
}

/// The end of somebody who missed one operation.
fn forgetful<S: Hides>(demo: &Demo<S>, stream: &mut Stream) -> Option<S> {
    let missed = stream.index(demo.operations.len());
    let mut state = demo.start.clone();
    let mut rest = demo.operations.iter().enumerate().filter(|(at, _)| *at != missed);
    rest.all(|(_, operation)| state.apply(operation)).then_some(state)
}

/// Other sequences of operations that `is_wrong` takes, of the right one's length: the right one changed in one or two places, others
/// that can be made from the same state, and pieces of the demonstration; all different.
pub(crate) fn sequences<S: Hides>(
    demo: &Demo<S>,
    from: &S,
    right: &[S::Operation],
    n: usize,
    stream: &mut Stream,
    is_wrong: impl Fn(&[S::Operation]) -> bool,
) -> Result<Vec<String>, Skip> {
    let correct = said::<S>(right);
    let mut wrong: Vec<String> = Vec::new();
    let mut known = vec![right.to_vec()];
    for _ in 0..60 * n {
        if wrong.len() == n {
            break;
        }
        let base = stream.index(known.len());
        let mut sequence = known[base].clone();
        match stream.below(4) {
            0 if sequence.len() > 1 => {
                let at = stream.index(sequence.len() - 1);
                sequence.swap(at, at + 1);
            }
            1 if demo.operations.len() > right.len() => {
                let at = stream.index(demo.operations.len() - right.len() + 1);
                sequence = demo.operations[at..at + right.len()].to_vec();
            }
            2 => {
                let at = stream.index(sequence.len());
                if let Some(other) = from.choose(stream) {
                    sequence[at] = other;
                }
            }
            _ => {
                let begun = Demo { start: from.clone(), operations: Vec::new(), shown: demo.shown };
                sequence = begun.further(stream, right.len()).0;
            }
        }
        let text = said::<S>(&sequence);
        if sequence.len() == right.len() && text != correct && !wrong.contains(&text) && is_wrong(&sequence) {
            wrong.push(text);
            known.push(sequence);
        }
    }
    if wrong.len() == n { Ok(wrong) } else { Err(Skip::draw("too few wrong sequences that look right")) }
}
