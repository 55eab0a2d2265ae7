//! The report: an answer as one self-contained HTML page that shows why.
//!
//! ```text
//!  Page { question, Answer, program, audit } + World + Pictures ──▶ HTML
//!         header · missing · evidence pictures · timeline · map from above · audit · sources
//! ```
//!
//! Nothing is loaded from elsewhere: style and script stand in the page, pictures are JPEG in the page, and what is
//! drawn on them is vector graphics above them. The same answer gives the same bytes.

mod map;
mod picture;
mod timeline;

use chronotope_world::{Answer, EntityId, Evidence, EvidenceKind, Pictures, Status, Table, TrackId, World};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What a report shows.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The question as asked; the program where there was none.
    pub question: &'a str,
    /// How the question was understood, in one sentence.
    pub understood: Option<&'a str>,
    /// The options as given, in order.
    pub options: &'a [String],
    /// The answer.
    pub answer: &'a Answer,
    /// The program, as its printer writes it.
    pub program: &'a str,
    /// What each step gave.
    pub steps: &'a [Step],
    /// The command that recomputes the answer.
    pub replay: Option<&'a str>,
}

/// One step of the audit, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The operator.
    pub op: String,
    /// Its arguments.
    pub args: String,
    /// What it gave.
    pub value: String,
    /// How many rows of evidence it cites.
    pub n_evidence: usize,
}

impl Step {
    /// A step of an audit as text.
    pub fn of(world: &World, step: &crate::program::Step) -> Step {
        let missing: Vec<&str> = step.missing.iter().map(|m| m.what.as_str()).collect();
        let value = step.value.as_ref().map_or_else(
            || format!("unknown: {}", missing.join("; ")),
            |value| shortened(&crate::program::answer::words(world, value), 160),
        );
        Step {
            op: step.op.clone(),
            args: shortened(&step.args.join(", "), 200),
            value,
            n_evidence: step.evidence.len(),
        }
    }
}

/// The evidence in words, the deciding rows first: `car 3, 2.00 s to 5.20 s (samples of track 4)`.
pub fn evidence_in_words(world: &World, answer: &Answer) -> Vec<String> {
    let mut rows: Vec<&Evidence> = answer.evidence.iter().collect();
    // what was measured first, then who looked, then the bookkeeping
    rows.sort_by_key(|row| match (row.kind, row.entity) {
        (EvidenceKind::Supports | EvidenceKind::Refutes, Some(_)) => 0,
        (EvidenceKind::Assumption, _) if row.rows.is_some() => 0, // somebody's word that things are one
        (EvidenceKind::Coverage, _) => 1,
        (EvidenceKind::Assumption, _) => 3,
        _ => 2,
    });
    rows.into_iter()
        .map(|row| {
            let kind = match row.kind {
                EvidenceKind::Supports => "",
                EvidenceKind::Refutes => "against: ",
                EvidenceKind::Coverage => "looked: ",
                EvidenceKind::Assumption => "assumed: ",
            };
            let who = match (row.entity, &row.place) {
                (Some(entity), _) => name_of(world, entity),
                (None, Some(words)) => words.clone(),
                (None, None) => String::new(),
            };
            let bounded = row.span.filter(|s| {
                s.start() != chronotope_world::Time::MIN && s.end() != chronotope_world::Time::MAX
            });
            let when = bounded
                .map_or(String::new(), |s| format!(", {:.2} s to {:.2} s", s.start().as_s(), s.end().as_s()));
            let what = row.rows.as_ref().map_or(String::new(), |rows| {
                let n = rows.ids.iter().map(|(a, b)| b - a + 1).sum::<u64>();
                let tracks: Vec<String> = rows.tracks.iter().take(4).map(u64::to_string).collect();
                match (tracks.is_empty(), n) {
                    (false, _) => format!(" (samples of track {})", tracks.join(", ")),
                    (true, 1) => format!(" ({} {})", rows.table.name(), rows.ids[0].0),
                    (true, n) => format!(" ({n} rows of {})", rows.table.name()),
                }
            });
            format!("{kind}{}", format!("{who}{when}{what}").trim_start_matches(", ").trim())
        })
        .collect()
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// Entities shown on the timeline and the map; the cited ones come first, so that no page grows without end.
const MAX_ENTITIES: usize = 40;

/// The page. Pictures are left out where `pictures` cannot give them; the page says so.
///
/// # Errors
/// Where samples cannot be read.
pub fn html(
    page: &Page<'_>,
    world: &World,
    pictures: Option<&mut dyn Pictures>,
) -> Result<String, chronotope_world::Error> {
    let cited = cited_entities(page.answer, world);
    let mut shown: Vec<EntityId> = cited.iter().copied().take(MAX_ENTITIES).collect();
    shown.extend(
        world.entities().filter(|e| !cited.contains(e)).take(MAX_ENTITIES.saturating_sub(shown.len())),
    );
    let colours = Colours { entities: shown.clone() };
    let mut body = String::new();
    header(&mut body, page, world);
    missing(&mut body, page.answer);
    body.push_str(&picture::section(page.answer, world, pictures, &colours)?);
    let story = sentences(page.answer);
    if story.is_empty() {
        body.push_str(&timeline::section(page.answer, world, &cited, &colours)?);
    }
    body.push_str(&story);
    body.push_str(&map::section(world, &cited, &colours)?);
    audit(&mut body, page);
    footer(&mut body, page, world);
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{body}</main>\n<script>\n{}</script>\n</body>\n</html>\n",
        escape(page.question),
        include_str!("style.css"),
        include_str!("script.js"),
    ))
}

fn header(out: &mut String, page: &Page<'_>, world: &World) {
    let answer = page.answer;
    let value = if answer.text.is_empty() { answer.status.name() } else { &answer.text };
    let long = if value.chars().count() > 28 { " long" } else { "" };
    let status = answer.status.name();
    let _ = write!(
        out,
        "<header>\n<p class=\"kicker\">Chronotope · {}</p>\n<h1>{}</h1>\n<div class=\"answer\">\
         <span class=\"value{long}\">{}</span><span class=\"pill {status}\">{status}</span>",
        escape(&world.record().name),
        escape(page.question),
        escape(value),
    );
    if let Some(letter) = answer.choice {
        let _ = write!(out, "<span class=\"pill\">option {}</span>", escape(&letter.to_string()));
    }
    if answer.status == Status::Answered {
        let confidence = answer
            .confidence
            .map_or("confidence not calibrated".to_owned(), |p| format!("confidence {:.0} %", p * 100.0));
        let _ = write!(out, "<span class=\"read\">{confidence}</span>");
    }
    out.push_str("</div>\n");
    if let Some(understood) = page.understood {
        let _ = writeln!(
            out,
            "<p class=\"read\">Understood as: {}</p>",
            escape(understood.trim_start_matches("Understood as: "))
        );
    }
    for (letter, option) in ('A'..='Z').zip(page.options) {
        let chosen = if answer.choice == Some(letter) { " <strong>← chosen</strong>" } else { "" };
        let _ = writeln!(out, "<p class=\"read\">{letter}. {}{chosen}</p>", escape(option));
    }
    out.push_str("</header>\n");
}

/// The sentences that decide, of a story: nothing for other Worlds.
fn sentences(answer: &Answer) -> String {
    let told = answer.evidence.iter().filter(|row| row.text.is_some()).filter_map(|row| row.place.as_deref());
    let rows: Vec<String> = told.map(|words| format!("<li>{}</li>", escape(words))).collect();
    if rows.is_empty() {
        return String::new();
    }
    let rows = rows.join("\n");
    format!("<section>\n<h2>What was told</h2>\n<ul class=\"told\">\n{rows}\n</ul>\n</section>\n")
}

fn missing(out: &mut String, answer: &Answer) {
    if answer.missing.is_empty() {
        return;
    }
    out.push_str("<section class=\"missing\">\n<h2>What is missing</h2>\n<ul>\n");
    for row in &answer.missing {
        let hint = row
            .hint
            .as_ref()
            .map_or(String::new(), |h| format!(" <span class=\"hint\">— {}</span>", escape(h)));
        let _ = writeln!(out, "<li>{}{hint}</li>", escape(&row.what));
    }
    out.push_str("</ul>\n</section>\n");
}

fn audit(out: &mut String, page: &Page<'_>) {
    let _ = write!(
        out,
        "<section>\n<h2>How it was computed</h2>\n<pre class=\"program\">{}</pre>\n",
        highlighted(page.program)
    );
    if !page.steps.is_empty() {
        out.push_str(
            "<div class=\"scroll\"><table>\n<thead><tr><th>#</th><th>step</th><th>arguments</th><th>value</th><th>evidence</th></tr></thead>\n<tbody>\n",
        );
        for (i, step) in page.steps.iter().enumerate() {
            let _ = writeln!(
                out,
                "<tr><td class=\"n\">{}</td><td class=\"op\"><code>{}</code></td><td><code>{}</code></td><td>{}</td><td class=\"n\">{}</td></tr>",
                i + 1,
                escape(&step.op),
                escape(&step.args),
                escape(&step.value),
                step.n_evidence
            );
        }
        out.push_str("</tbody>\n</table></div>\n");
    }
    let assumed: Vec<&Evidence> =
        page.answer.evidence.iter().filter(|e| e.kind == EvidenceKind::Assumption).collect();
    for row in assumed {
        if let Some(words) = &row.place {
            let _ = writeln!(out, "<p class=\"read\">Assumed: {}</p>", escape(words));
        }
    }
    out.push_str("</section>\n");
}

fn footer(out: &mut String, page: &Page<'_>, world: &World) {
    out.push_str("<footer>\n");
    for source in &world.tables().sources {
        let hash = source.sha256.as_ref().map_or(String::new(), |h| {
            format!(" · sha256 <code>{}</code>", escape(h.get(..16).unwrap_or(h)))
        });
        let _ = writeln!(out, "<p>Source {}: {}{hash}</p>", source.id.0, escape(&source.uri));
    }
    let digests = page.answer.evidence.iter().filter(|e| e.digest.is_some()).count();
    let _ = writeln!(
        out,
        "<p>Revision {}. {} of evidence, {digests} with a digest over the rows that decide.</p>",
        world.revision(),
        counted(page.answer.evidence.len(), "row"),
    );
    if let Some(command) = page.replay {
        let _ = writeln!(out, "<p>Check it: <code>{}</code></p>", escape(command));
    }
    out.push_str("</footer>\n");
}

/// The entities that evidence names, directly or through its tracks and samples, in order of first mention.
fn cited_entities(answer: &Answer, world: &World) -> Vec<EntityId> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    let mut add = |entity: EntityId| {
        if seen.insert(entity) {
            out.push(entity);
        }
    };
    for row in answer.evidence.iter().filter(|e| e.kind != EvidenceKind::Coverage) {
        if let Some(entity) = row.entity {
            add(entity);
        }
        let Some(rows) = &row.rows else { continue };
        let named = |table| rows.ids.iter().filter(move |_| rows.table == table);
        let tracks = named(Table::Tracks).flat_map(|&(a, b)| a..=b).take(10_000);
        for track in tracks.chain(rows.tracks.iter().copied()) {
            for identity in world.entities_of(TrackId(track)) {
                add(identity.entity);
            }
        }
    }
    out
}

/// A colour for each entity shown: hues a golden angle apart, so that neighbours differ.
struct Colours {
    entities: Vec<EntityId>,
}

impl Colours {
    fn of(&self, entity: EntityId) -> String {
        let place = self.entities.iter().position(|e| *e == entity).unwrap_or(self.entities.len());
        let hue = (215.0 + 137.508 * place as f64) % 360.0;
        format!("hsl({hue:.0} 72% 52%)")
    }
}

/// What people call an entity: its proper name, else its label and number.
fn name_of(world: &World, entity: EntityId) -> String {
    let labels: Vec<_> = world.labels_of(entity).collect();
    if let Some(name) = labels.iter().find(|l| l.vocabulary == "name") {
        return name.text.clone();
    }
    labels.first().map_or(format!("thing {}", entity.0), |l| format!("{} {}", l.text, entity.0))
}

/// Text as HTML text or attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// A program with its operators, texts and numbers marked.
fn highlighted(program: &str) -> String {
    let chars: Vec<char> = program.chars().collect();
    let (mut out, mut i) = (String::new(), 0);
    while i < chars.len() {
        let from = i;
        let class = if chars[i] == '"' {
            i += 1;
            while i < chars.len() && chars[i] != '"' {
                i += if chars[i] == '\\' { 2 } else { 1 };
            }
            i = (i + 1).min(chars.len());
            "str"
        } else if chars[i].is_alphabetic() {
            while i < chars.len() && (chars[i].is_alphanumeric() || chars[i] == '_') {
                i += 1;
            }
            if chars.get(i) == Some(&'(') { "op" } else { "" }
        } else if chars[i].is_ascii_digit() {
            while i < chars.len() && (chars[i].is_ascii_digit() || chars[i] == '.') {
                i += 1;
            }
            "num"
        } else {
            i += 1;
            ""
        };
        let text = escape(&chars[from..i].iter().collect::<String>());
        if class.is_empty() {
            out.push_str(&text);
        } else {
            let _ = write!(out, "<span class=\"{class}\">{text}</span>");
        }
    }
    out
}

/// A number for graphics: two decimals, without trailing zeros.
fn px(v: f64) -> String {
    let text = format!("{v:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A round step that divides a range into about `parts`.
fn round_step(range: f64, parts: f64) -> f64 {
    let raw = range / parts;
    if !(raw > 0.0 && raw.is_finite()) {
        return 1.0;
    }
    let power = libm::pow(10.0, libm::log10(raw).floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chronotope_world::{Missing, MissingKind, text::parse};

    fn answer() -> Answer {
        Answer {
            value: None,
            choice: Some('B'),
            text: "2 <cars>".into(),
            status: Status::Answered,
            confidence: None,
            evidence: vec![Evidence {
                entity: Some(EntityId(1)),
                kind: EvidenceKind::Supports,
                ..Evidence::assumption("that the ground is flat")
            }],
            missing: vec![Missing::new(MissingKind::Coverage, "coverage of \"bus\" & more")],
        }
    }

    fn page(answer: &Answer) -> String {
        let world = parse(
            "record \"a street\"\ncar 1 gap 9\n  0: (0, 0, 0)\n  5: (9, 3, 0)\ncar 2\n  [0, 3): (1, 1, 0)\n",
        )
        .expect("valid");
        let steps =
            [Step { op: "all".into(), args: "\"car\"".into(), value: "2 things".into(), n_evidence: 2 }];
        let page = Page {
            question: "How many <b>cars</b>?",
            understood: Some("the number of cars"),
            options: &["1".into(), "2".into()],
            answer,
            program: "count(all(\"car\"), during: span(0 s, 5 s))",
            steps: &steps,
            replay: Some("chronotope replay answer.json street.world"),
        };
        html(&page, &world, None).expect("in memory")
    }

    #[test]
    fn everything_stands_in_the_page_and_is_escaped() {
        let html = page(&answer());
        for part in [
            "How many &lt;b&gt;cars&lt;/b&gt;?",
            "2 &lt;cars&gt;",
            "option B",
            "<strong>← chosen</strong>",
            "coverage of &quot;bus&quot; &amp; more",
            "<span class=\"op\">count</span>",
            "chronotope replay answer.json street.world",
            "Map from above",
            "Timeline",
        ] {
            assert!(html.contains(part), "{part} is not in the page");
        }
        assert!(!html.contains("<b>cars"), "the question was not escaped");
        assert!(!html.contains("http"), "the page names an outside address");
    }

    #[test]
    fn the_same_answer_gives_the_same_bytes() {
        assert_eq!(page(&answer()), page(&answer()));
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([0.9, 7.0, 47.0, 0.0].map(|r| round_step(r, 8.0)), [0.2, 1.0, 10.0, 1.0]);
    }
}
