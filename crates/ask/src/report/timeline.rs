//! The timeline: when each thing was seen, what happened, and when the answer holds.

use super::{Colours, escape, name_of, px, round_step, shortened};
use chronotope_world::{Answer, EntityId, EvidenceKind, Spans, Time, Value, World};
use std::fmt::Write;

const WIDTH: f64 = 1030.0;
const LEFT: f64 = 150.0;
const ROW: f64 = 24.0;

/// The section, or nothing for a timeless scene.
pub(super) fn section(
    answer: &Answer,
    world: &World,
    cited: &[EntityId],
    colours: &Colours,
) -> Result<String, chronotope_world::Error> {
    let Some(record) = world.span().filter(|span| !span.is_empty()) else {
        return Ok(String::new());
    };
    let (from, length) = (record.start().as_s(), record.s().max(1e-9));
    let x = |t: Time| {
        let t = t.max(record.start()).min(record.end());
        LEFT + (WIDTH - LEFT - 12.0) * (t.as_s() - from) / length
    };
    let bar = |spans: &Spans, y: f64, h: f64, style: &str| {
        spans.iter().fold(String::new(), |mut out, s| {
            let (a, b) = (x(s.start()), x(s.end()));
            let _ = write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" {style}/>",
                px(a),
                px(y),
                px((b - a).max(2.0)),
                px(h)
            );
            out
        })
    };
    let mut drawn = String::new();
    let mut y = 26.0;
    let step = round_step(length, 8.0);
    let mut tick = (from / step).ceil() * step;
    let mut ticks = String::new();
    while tick <= from + length + step * 1e-6 {
        let at = x(Time::from_s(tick));
        let _ = write!(
            ticks,
            "<line class=\"axis\" x1=\"{0}\" x2=\"{0}\" y1=\"20\" y2=\"HEIGHT\"/><text x=\"{0}\" y=\"13\" text-anchor=\"middle\">{1} s</text>",
            px(at),
            px(tick)
        );
        tick += step;
    }
    let mut row = |name: &str, bars: String, entity: Option<EntityId>, strong: bool| {
        let data = entity.map_or(String::new(), |e| format!(" data-entity=\"{}\"", e.0));
        let class = if strong { "name" } else { "" };
        let _ = write!(
            drawn,
            "<g{data}><text class=\"{class}\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>{bars}</g>",
            px(LEFT - 12.0),
            px(y + 12.5),
            escape(&shortened(name, 20))
        );
        y += ROW;
        y
    };
    let (certain, possible) = answer_spans(answer);
    let mut at = 26.0;
    if !possible.is_empty() {
        let bars = bar(&possible, at + 3.0, 13.0, "fill=\"var(--accent)\" opacity=\".3\"")
            + &bar(&certain, at + 3.0, 13.0, "fill=\"var(--accent)\"");
        at = row("answer", bars, None, true);
    }
    let covered: Spans = world.coverage().map(|c| c.span).collect();
    let bars = bar(&covered, at + 8.0, 3.0, "fill=\"var(--faint)\" opacity=\".55\"");
    at = row("looked", bars, None, false);
    let mut kinds: Vec<&str> = world.events().map(|e| e.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds.into_iter().take(12) {
        let spans: Spans = world.events().filter(|e| e.kind == kind).map(|e| e.span).collect();
        let bars = bar(&spans, at + 4.0, 11.0, "fill=\"var(--maybe)\" opacity=\".75\"");
        at = row(kind, bars, None, false);
    }
    for &entity in &colours.entities {
        let spans = world.trajectory(entity)?.spans();
        let strong = cited.is_empty() || cited.contains(&entity);
        let style =
            format!("fill=\"{}\" opacity=\"{}\"", colours.of(entity), if strong { "1" } else { ".42" });
        at = row(&name_of(world, entity), bar(&spans, at + 4.0, 11.0, &style), Some(entity), strong);
    }
    let height = px(at + 4.0);
    let n = world.entities().count();
    let more = if n > colours.entities.len() {
        format!("<p class=\"read\">{} of {n} things are shown.</p>", colours.entities.len())
    } else {
        String::new()
    };
    Ok(format!(
        "<section>\n<h2>Timeline</h2>\n<svg class=\"plot\" viewBox=\"0 0 {} {height}\" role=\"img\" aria-label=\"timeline\">{}{drawn}</svg>\n{more}</section>\n",
        px(WIDTH),
        ticks.replace("HEIGHT", &height)
    ))
}

/// When the answer holds: its own spans, else those of the supporting evidence.
fn answer_spans(answer: &Answer) -> (Spans, Spans) {
    match &answer.value {
        Some(Value::When(when)) => (when.certain.clone(), when.possible.clone()),
        Some(Value::Moment(t)) => {
            let spans = Spans::from(chronotope_world::Span::at(*t));
            (spans.clone(), spans)
        }
        Some(_) => {
            let supports = answer.evidence.iter().filter(|e| e.kind == EvidenceKind::Supports);
            let spans: Spans = supports.filter_map(|e| e.span).collect();
            (Spans::NONE, spans)
        }
        None => (Spans::NONE, Spans::NONE),
    }
}
