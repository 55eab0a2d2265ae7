//! ProcBench: procedures followed step by step.

use super::columns::{Cells, Columns, share};
use super::{Metric, Tally};
use crate::datum::Datum;
use chronotope_world::catalogue::Entry;

/// ProcBench: leading states that are equal over the longer length (`PA`, the result), all equal (`SM`), the final state equal (`FM`). States are typed: the number 3 is not the
/// text `3`; lists are compared item by item. An empty truth scores 0.
///
/// Truth and prediction are the list of states, intermediate ones and then the final one.
///
/// # Source
/// `proc_bench/evaluator.py` of ifujisawa/proc-bench.
#[derive(Clone, Copy, Debug)]
pub struct ProcBench;

impl Metric for ProcBench {
    fn entry(&self) -> Entry {
        Entry {
            kind: "metrics",
            name: "proc-bench",
            about: "procedures followed step by step: prefix accuracy, sequential match, final match",
            source: "score/src/metric/proc_bench.rs",
            paper: Some("Fujisawa et al., ProcBench, 2024"),
            example: "chronotope score proc-bench --truth truth.jsonl --pred pred.jsonl",
        }
    }

    fn tally(&self) -> Box<dyn Tally> {
        Columns::scores("proc-bench", &["PA", "SM", "FM"], marks).tally()
    }
}

fn marks(truth: &Datum, said: &Datum) -> Result<Option<Cells>, &'static str> {
    let Datum::List(truth) = truth else { return Err("a list of states") };
    let Datum::List(said) = said else { return Ok(None) };
    let leading = truth.iter().zip(said).take_while(|(a, b)| a == b).count();
    let longer = truth.len().max(said.len());
    let accuracy = if truth.is_empty() { 0.0 } else { leading as f64 / longer as f64 };
    let last = !truth.is_empty() && truth.last() == said.last();
    Ok(Some(vec![Some(accuracy), share(accuracy == 1.0), share(last)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_leading_states_of_five_are_the_worked_vector() {
        let of = |states: &[f64]| Datum::numbers(states);
        let found = marks(&of(&[1.0, 2.0, 3.0, 4.0, 5.0]), &of(&[1.0, 2.0, 3.0, 5.0]))
            .expect("a list")
            .expect("read");
        assert_eq!(found, [Some(0.6), Some(0.0), Some(1.0)]);
        let typed = Datum::List(vec![Datum::text("1")]);
        assert_eq!(marks(&of(&[1.0]), &typed).expect("a list").expect("read")[0], Some(0.0));
        assert_eq!(marks(&of(&[]), &of(&[])).expect("a list").expect("read")[0], Some(0.0));
    }
}
