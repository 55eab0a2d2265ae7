//! "Car 8": the number of a thing, in this World or in the file that it comes from.
//!
//! One rule: **a number is first the one that the file gave** (the key of a track that was annotated), and the World's own where no file gave it.
//! Where both are there and are different things, both readings are answered: one answer where they agree, else `ambiguous`, each told.
//! Of one imported file both are the same number, as importers keep the file's; they part where several files are asked or merged, or
//! identities are revised.

use crate::program::syntax::{Call, Expr, Node, Program};
use crate::program::{parse, print};
use crate::story::lexicon::{Match, label_match};
use chronotope_world::{EntityId, SourceKind, World};
use std::collections::BTreeSet;

/// Most programs that a question becomes by its numbers.
const MOST_READINGS: usize = 8;

/// The programs that a program may mean where its numbers are those of files, each with what was taken for what in words. One without
/// words where no number is another one in a file.
pub(crate) fn meant(world: &World, program: &str) -> Vec<(String, Option<String>)> {
    let as_it_is = || vec![(program.to_owned(), None)];
    let Ok(parsed) = parse(program) else { return as_it_is() };
    let mut asked: Vec<(u64, Option<String>)> = Vec::new();
    each_entity(&mut parsed.clone(), &mut |number, label| {
        if !asked.iter().any(|(n, l)| *n == number && l.as_deref() == label) {
            asked.push((number, label.map(str::to_owned)));
        }
        None
    });
    let mut readings: Vec<(Program, Vec<String>)> = vec![(parsed, Vec::new())];
    for (number, label) in asked {
        let things = things(world, number, label.as_deref());
        if things.is_empty() || things == [EntityId(number)] {
            continue;
        }
        let name = label.as_deref().unwrap_or("number");
        readings = readings
            .iter()
            .flat_map(|reading| things.iter().map(move |thing| (reading, *thing)))
            .take(MOST_READINGS)
            .map(|((program, told), thing)| {
                let mut program = program.clone();
                each_entity(&mut program, &mut |n, l| {
                    (n == number && l == label.as_deref()).then_some(thing.0)
                });
                let mut told = told.clone();
                told.push(if thing.0 == number {
                    format!("{name} {number} by the World's own number")
                } else {
                    format!("{name} {number} of {}, here {thing}", file_of(world, thing))
                });
                (program, told)
            })
            .collect();
    }
    if readings.iter().all(|(_, told)| told.is_empty()) {
        return as_it_is();
    }
    readings.into_iter().map(|(program, told)| (print(&program), Some(told.join("; ")))).collect()
}

/// The things that a number may mean: those that an annotation file gave it to, and the World's own where that is not one that a file
/// calls otherwise. Only what bears the label.
fn things(world: &World, number: u64, label: Option<&str>) -> Vec<EntityId> {
    let bears = |thing: EntityId| {
        label.is_none_or(|asked| {
            world
                .labels_of(thing)
                .any(|label| label.vocabulary != "name" && label_match(asked, &label.text) != Match::No)
        })
    };
    let key = number.to_string();
    let annotated = |id| world.source(id).is_some_and(|source| source.kind == SourceKind::Annotation);
    let tracks =
        world.tables().tracks.iter().filter(|track| track.source_key == key && annotated(track.source));
    let mut found: BTreeSet<EntityId> =
        tracks.flat_map(|track| world.entities_of(track.id)).map(|row| row.entity).collect();
    if world.identities_of(EntityId(number)).next().is_some() {
        found.insert(EntityId(number));
    }
    found.into_iter().filter(|thing| bears(*thing)).collect()
}

/// The file that a thing's tracks come from.
fn file_of(world: &World, thing: EntityId) -> String {
    let track = world.identities_of(thing).find_map(|row| world.track(row.track));
    let source = track.and_then(|track| world.source(track.source));
    source.map_or_else(|| "its file".to_owned(), |source| source.uri.clone())
}

/// Visits `entity(N)` and `entity(N, label: "…")` wherever they stand; what `visit` gives takes the place of the number.
fn each_entity(program: &mut Program, visit: &mut dyn FnMut(u64, Option<&str>) -> Option<u64>) {
    each_call(program, &mut |call| {
        if call.name != "entity" {
            return;
        }
        let named = call.named.iter().find(|(name, _)| name == "label").map(|(_, value)| value.node.clone());
        let label = named.or_else(|| call.positional.get(1).map(|value| value.node.clone()));
        let label = match &label {
            Some(Node::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        if let Some(Expr { node: Node::Number(number, None), .. }) = call.positional.first_mut()
            && let Some(other) = visit(*number as u64, label)
        {
            *number = other as f64;
        }
    });
}

/// Visits every call of a program.
pub(crate) fn each_call(program: &mut Program, visit: &mut dyn FnMut(&mut Call)) {
    for (_, value) in &mut program.lets {
        within(value, visit);
    }
    within(&mut program.body, visit);
}

fn within(expr: &mut Expr, visit: &mut dyn FnMut(&mut Call)) {
    match &mut expr.node {
        Node::List(items) => items.iter_mut().for_each(|item| within(item, visit)),
        Node::Not(inner) | Node::Minus(inner) => within(inner, visit),
        Node::Infix(_, left, right) => {
            within(left, visit);
            within(right, visit);
        }
        Node::Call(call) => {
            visit(call);
            call.positional.iter_mut().for_each(|arg| within(arg, visit));
            call.named.iter_mut().for_each(|(_, arg)| within(arg, visit));
        }
        Node::Number(..) | Node::Text(_) | Node::Name(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::ask;
    use chronotope_world::{Status, World};

    /// Two files, each with its own numbers.
    const FILES: &str = "source annotation \"a.txt\"\ncoverage [0, 10) car, person\n\
        car 1 key \"1\"\n  0: (0, 0, 0)\n\
        car 8 key \"8\"\n  0: (5, 0, 0)\n\
        person 9 key \"9\"\n  0: (9, 0, 0)\n\
        source annotation \"b.txt\"\n\
        car 10 key \"1\"\n  4: (0, 7, 0)\n\
        car 11 key \"77\"\n  0: (5, 0, 0)\n\
        car 12 key \"9\"\n  0: (1, 1, 0)\n";

    fn asked(question: &str) -> (Status, String, String) {
        let world: World = chronotope_world::text::parse(FILES).expect("valid");
        let asked = ask(&world, question, &[]).expect("in memory");
        let missing: Vec<String> = asked.answered.answer.missing.iter().map(|m| m.what.clone()).collect();
        (
            asked.answered.answer.status,
            asked.answered.answer.text,
            missing.join("; ") + &asked.understood.unwrap_or_default(),
        )
    }

    #[test]
    fn a_number_is_first_the_one_that_the_file_gave() {
        // both numbers are one thing
        assert_eq!(asked("Where is car 8 at 0 s?").1, "(5, 0, 0) m in world(main)");
        // only a file has it
        let (status, text, told) = asked("Where is car 77 at 0 s?");
        assert_eq!((status, text.as_str()), (Status::Answered, "(5, 0, 0) m in world(main)"), "{told}");
        assert!(told.contains("car 77 of b.txt, here entity/11"), "{told}");
        // the label says which
        assert_eq!(asked("Where is car 9 at 0 s?").1, "(1, 1, 0) m in world(main)");
        assert_eq!(asked("Where is person 9 at 0 s?").1, "(9, 0, 0) m in world(main)");
        // only the World has it
        assert_eq!(asked("Where is car 12 at 0 s?").1, "(1, 1, 0) m in world(main)");
    }

    #[test]
    fn two_things_of_one_number_are_ambiguous_unless_they_answer_alike() {
        let (status, _, told) = asked("When did car 1 first appear?");
        assert_eq!(status, Status::Ambiguous, "{told}");
        assert!(
            told.contains("of b.txt, here entity/10") && told.contains("the World's own number"),
            "{told}"
        );
    }
}
