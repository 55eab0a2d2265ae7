//! A story as an answer-set program: facts for what its sentences say, rules for what follows.
//!
//! For `clingo` and its like ("Coupling Large Language Models with Logic Programming", Yang, Ishay and Lee 2023; DSPy with
//! ASP, 2024). The program is ASP-Core-2; names are quoted, so any text is safe. Solving is left to the user:
//! `chronotope ask --story FILE --asp | clingo -`.

use super::statement::Statement;
use super::words::Axis;
use super::{Reach, Story, ThingId, steps};
use std::fmt::Write as _;

/// The program of a story. Sentence numbers count from 1 and stand in every fact.
///
/// Directions: `offset(FIGURE, GROUND, X, Y, Z, SENTENCE)` in steps where relations are steps, and `place(N, X, Y, Z)` counts
/// from the first thing named; else `beyond(AXIS, GROUND, FIGURE, SENTENCE)` and its closure `follows`. Kinds and sizes have
/// `is_a` and `bigger` with their closures. What happens is `happens(EVENT, SENTENCE)` in telling order.
pub fn answer_set_program(story: &Story) -> String {
    let mut out = String::from("% a story as an answer-set program (ASP-Core-2)\n");
    let mut kinds = [false; 5]; // directions, kinds, sizes, containment, happenings
    for row in story.told() {
        let n = row.sentence + 1;
        let name = |thing: ThingId| quoted(story.things().name(thing));
        let fact = match &row.what {
            Statement::Direction { figure, ground, direction, negated } => {
                kinds[0] = true;
                if story.settings().reach == Reach::Step {
                    let Some([x, y, z]) = steps::offset(*direction).filter(|_| !negated) else { continue };
                    format!("offset({}, {}, {x}, {y}, {z}, {n}).", name(*figure), name(*ground))
                } else {
                    let mut parts = Vec::new();
                    for axis in Axis::ALL {
                        let (low, high) = match direction.sign(axis) {
                            Some(1) => (*ground, *figure),
                            Some(-1) => (*figure, *ground),
                            _ => continue,
                        };
                        let word = if *negated { "not_beyond" } else { "beyond" };
                        parts.push(format!(
                            "{word}({}, {}, {}, {n}).",
                            axis_name(axis),
                            name(low),
                            name(high)
                        ));
                    }
                    parts.join(" ")
                }
            }
            Statement::Kind { thing, kind, negated: false } => {
                kinds[1] = true;
                format!("is_a({}, {}, {n}).", name(*thing), name(*kind))
            }
            Statement::Bigger { bigger, smaller } => {
                kinds[2] = true;
                format!("bigger({}, {}, {n}).", name(*bigger), name(*smaller))
            }
            Statement::In { who, place, negated: false } => {
                kinds[3] = true;
                format!("in({}, {}, {n}).", name(*who), name(*place))
            }
            Statement::Property { thing, word, negated: false } => {
                format!("property({}, {}, {n}).", name(*thing), name(*word))
            }
            Statement::Towards { kind, relation, object } => {
                format!("towards({}, {}, {}, {n}).", name(*kind), name(*relation), name(*object))
            }
            Statement::Near { figure, ground, negated: false } => {
                format!("near({}, {}, {n}).", name(*figure), name(*ground))
            }
            Statement::Moves { who, to } => {
                happens(&mut kinds, &format!("moves({}, {})", name(*who), name(*to)), n)
            }
            Statement::Leaves { who, place } => {
                happens(&mut kinds, &format!("leaves({}, {})", name(*who), name(*place)), n)
            }
            Statement::Takes { who, what } => {
                happens(&mut kinds, &format!("takes({}, {})", name(*who), name(*what)), n)
            }
            Statement::Drops { who, what, .. } => {
                happens(&mut kinds, &format!("drops({}, {})", name(*who), name(*what)), n)
            }
            Statement::Gives { who, what, to } => {
                happens(&mut kinds, &format!("gives({}, {}, {})", name(*who), name(*what), name(*to)), n)
            }
            _ => continue,
        };
        let _ = writeln!(out, "{fact}"); // writing to a String cannot fail
    }
    for unread in story.unread() {
        let _ = writeln!(out, "% sentence {} is not read", unread.sentence + 1);
    }
    let [directions, kind, size, containment, happening] = kinds;
    if directions && story.settings().reach == Reach::Step {
        let first = story.told().iter().find_map(|row| match row.what {
            Statement::Direction { ground, .. } => Some(ground),
            _ => None,
        });
        if let Some(first) = first {
            let _ = writeln!(out, "place({}, 0, 0, 0).", quoted(story.things().name(first)));
        }
        out += "place(F, X + A, Y + B, Z + C) :- place(G, X, Y, Z), offset(F, G, A, B, C, _), |X| < 99, |Y| < 99, |Z| < 99.\n\
            place(G, X - A, Y - B, Z - C) :- place(F, X, Y, Z), offset(F, G, A, B, C, _), |X| < 99, |Y| < 99, |Z| < 99.\n\
            :- place(N, X, _, _), place(N, X1, _, _), X != X1.\n\
            :- place(N, _, Y, _), place(N, _, Y1, _), Y != Y1.\n\
            :- place(N, _, _, Z), place(N, _, _, Z1), Z != Z1.\n";
    } else if directions {
        out += "follows(A, L, H) :- beyond(A, L, H, _).\n\
            follows(A, L, H) :- follows(A, L, M), follows(A, M, H).\n\
            :- follows(A, L, L).\n\
            :- not_beyond(A, L, H, _), follows(A, L, H).\n";
        if containment {
            out += "follows(A, L, H) :- follows(A, P, H), inside(L, P).\nfollows(A, L, H) :- follows(A, L, P), inside(H, P).\n";
        }
    }
    if kind {
        out += "kind(T, K) :- is_a(T, K, _).\nkind(T, K) :- kind(T, J), kind(J, K).\n\
            towards(T, R, O) :- towards(K, R, O, _), kind(T, K).\nproperty(T, W) :- property(K, W, _), kind(T, K).\n";
        out += "towards(K, R, O) :- towards(K, R, O, _).\nproperty(T, W) :- property(T, W, _).\n";
    }
    if size {
        out += "larger(A, B) :- bigger(A, B, _).\nlarger(A, C) :- larger(A, B), larger(B, C).\n:- larger(A, A).\n";
    }
    if containment {
        out += "inside(A, B) :- in(A, B, _).\ninside(A, C) :- inside(A, B), inside(B, C).\n";
    }
    if happening {
        out += "later(N, M) :- happens(_, N), happens(_, M), N > M.\n";
        out += "at(W, P) :- happens(moves(W, P), N), not moved_since(W, N).\n\
            moved_since(W, N) :- happens(moves(W, _), N), happens(moves(W, _), M), M > N.\n\
            moved_since(W, N) :- happens(moves(W, _), N), happens(leaves(W, _), M), M > N.\n";
    }
    out
}

fn happens(kinds: &mut [bool; 5], event: &str, n: usize) -> String {
    kinds[4] = true;
    format!("happens({event}, {n}).")
}

fn axis_name(axis: Axis) -> &'static str {
    match axis {
        Axis::Across => "across",
        Axis::Up => "up",
        Axis::Front => "front",
        Axis::East => "east",
        Axis::North => "north",
    }
}

/// A string of ASP-Core-2.
fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push('"');
    for c in name.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::StorySettings;
    use super::*;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    /// What clingo makes of a program; none where it is not installed.
    fn solved(program: &str) -> Option<String> {
        let child = Command::new("clingo")
            .args(["-", "--verbose=0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.ok()?;
        child.stdin.take()?.write_all(program.as_bytes()).ok()?;
        String::from_utf8(child.wait_with_output().ok()?.stdout).ok()
    }

    #[test]
    fn facts_carry_their_sentences() {
        let text =
            "A is left of B. B is above C. The \"cup\" is bigger than the pin. Mary went to the garden.";
        let program = answer_set_program(&Story::read(
            text,
            StorySettings { reach: Reach::Step, closed: false, skip_unread: false },
        ));
        for line in [
            "offset(\"A\", \"B\", -1, 0, 0, 1).",
            "bigger(\"cup\", \"pin\", 3).",
            "happens(moves(\"Mary\", \"garden\"), 4).",
        ] {
            assert!(program.contains(line), "{program}");
        }
    }

    #[test]
    fn a_solver_agrees_where_there_is_one() {
        let read = |text: &str, reach| {
            answer_set_program(&Story::read(text, StorySettings { reach, closed: false, skip_unread: false }))
        };
        let Some(places) = solved(&read("A is left of B. B is above C.", Reach::Step)) else { return };
        // B is the first that places count from; C is below it
        assert!(places.contains("place(\"C\",0,-1,0)") && places.contains("place(\"A\",-1,0,0)"), "{places}");
        let torn = solved(&read("A is left of B. B is left of C. C is left of A.", Reach::Open));
        assert!(torn.is_some_and(|t| t.contains("UNSATISFIABLE")));
        let open = solved(&read("A is left of B. B is left of C.", Reach::Open));
        assert!(open.is_some_and(|t| t.contains("follows(across,\"A\",\"C\")")));
    }
}
