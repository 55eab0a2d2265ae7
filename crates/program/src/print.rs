//! Tree to program text: what [`crate::parse`] reads back as the same tree.

use crate::syntax::{Expr, LANGUAGE, Node, Program};
use chronotope_world::Time;

/// The program as saved, with its language: `language 1.0; as_of 3; count(all("car"), during: always)`.
pub fn print(program: &Program) -> String {
    let mut out = format!("language {}.{}; ", LANGUAGE.0, LANGUAGE.1);
    if let Some(revision) = program.as_of {
        out += &format!("as_of {revision}; ");
    }
    if let Some(seconds) = program.asked_at_s {
        out += &format!("asked_at {seconds} s; ");
    }
    for (name, value) in &program.lets {
        out += &format!("let {name} = {}; ", print_expr(value));
    }
    out + &print_expr(&program.body)
}

/// One expression.
pub fn print_expr(expr: &Expr) -> String {
    let mut out = String::new();
    write(expr, 0, &mut out);
    out
}

/// A time in seconds as a literal of the language; the ends of time have none.
pub fn seconds(t: Time) -> String {
    format!("{t} s")
}

fn write(expr: &Expr, least: u8, out: &mut String) {
    let binds = match &expr.node {
        Node::Infix(op, ..) => op.binds(),
        Node::Not(_) => 3,
        Node::Minus(_) => 7,
        _ => 9,
    };
    let brackets = binds < least;
    if brackets {
        out.push('(');
    }
    match &expr.node {
        Node::Number(value, unit) => {
            *out += &value.to_string();
            if let Some(unit) = unit {
                out.push(' ');
                *out += unit;
            }
        }
        Node::Text(text) => {
            out.push('"');
            *out += &text.replace('\\', "\\\\").replace('"', "\\\"");
            out.push('"');
        }
        Node::Name(name) => *out += name,
        Node::List(items) => {
            out.push('[');
            sequence(items.iter().map(|item| (None, item)), out);
            out.push(']');
        }
        Node::Call(call) => {
            *out += &call.name;
            out.push('(');
            let positional = call.positional.iter().map(|value| (None, value));
            let named = call.named.iter().map(|(name, value)| (Some(name.as_str()), value));
            sequence(positional.chain(named), out);
            out.push(')');
        }
        Node::Not(inner) => {
            *out += "not ";
            write(inner, 3, out);
        }
        Node::Minus(inner) => {
            out.push('-');
            write(inner, 7, out);
        }
        Node::Infix(op, left, right) => {
            // comparisons do not chain; the others bind to the left
            write(left, if op.binds() == 4 { 5 } else { op.binds() }, out);
            *out += &format!(" {} ", op.sign());
            write(right, op.binds() + 1, out);
        }
    }
    if brackets {
        out.push(')');
    }
}

fn sequence<'a>(items: impl Iterator<Item = (Option<&'a str>, &'a Expr)>, out: &mut String) {
    for (i, (name, item)) in items.enumerate() {
        if i > 0 {
            *out += ", ";
        }
        if let Some(name) = name {
            *out += &format!("{name}: ");
        }
        write(item, 0, out);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::syntax::{Call, Infix};

    /// A tree from a seed: splitmix64 (Steele et al., 2014) picks nodes.
    pub(crate) fn tree(seed: &mut u64, depth: usize) -> Expr {
        let mut next = |n: u64| {
            *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *seed;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ (z >> 31)) % n
        };
        let node = match if depth == 0 { next(3) } else { next(8) } {
            0 => {
                let units = [None, Some("m"), Some("km/h"), Some("deg"), Some("px"), Some("s")];
                let value = next(10_000) as f64 / [1.0, 8.0, 1e9, 1e-20][next(4) as usize];
                Node::Number(value, units[next(6) as usize].map(str::to_owned))
            }
            1 => Node::Text(["car", "a \"b\"", "\\", "ü", ""][next(5) as usize].to_owned()),
            2 => Node::Name(["it", "surfaces", "always", "x_1"][next(4) as usize].to_owned()),
            3 => {
                let n = next(3);
                Node::List((0..n).map(|_| tree(seed, depth - 1)).collect())
            }
            4 => {
                let (n, m) = (next(3), next(3) as usize);
                Node::Call(Call {
                    name: "distance".into(),
                    positional: (0..n).map(|_| tree(seed, depth - 1)).collect(),
                    named: ["in", "at"][..m.min(2)]
                        .iter()
                        .map(|name| (String::from(*name), tree(seed, depth - 1)))
                        .collect(),
                })
            }
            5 => Node::Not(Box::new(tree(seed, depth - 1))),
            6 => Node::Minus(Box::new(tree(seed, depth - 1))),
            _ => {
                let op = Infix::ALL[next(12) as usize];
                Node::Infix(op, Box::new(tree(seed, depth - 1)), Box::new(tree(seed, depth - 1)))
            }
        };
        Expr { node, byte: 0 }
    }

    #[test]
    fn what_is_printed_reads_back_the_same() {
        let mut seed = 7;
        for n in 0..5_000 {
            let program = Program {
                as_of: (n % 3 == 0).then_some(n),
                asked_at_s: (n % 5 == 0).then_some(n as f64 / 8.0 - 3.0),
                lets: (0..n % 3).map(|k| (format!("part{k}"), tree(&mut seed, 2))).collect(),
                body: tree(&mut seed, 5),
            };
            let text = print(&program);
            let back = parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
            assert_eq!(back, program, "{text}");
        }
    }

    #[test]
    fn brackets_stand_only_where_needed() {
        for text in
            ["1 - (2 - 3)", "1 - 2 - 3", "not (it = 1 and x)", "-(1 + 2)", "(1 + 2) * 3", "not it = 1"]
        {
            assert_eq!(parse(text).map(|p| print_expr(&p.body)).expect("a program"), text);
        }
    }
}
