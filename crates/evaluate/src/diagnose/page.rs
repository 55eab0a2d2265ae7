//! The page of a diagnosis: one file beside the clips that it plays.

use super::{ARMS, Diagnosis, Losses};
use chronotope_score::Paired;
use std::fmt::Write as _;

/// The page, with the clips of the worst cases by relative path.
pub(super) fn html(found: &Diagnosis) -> String {
    let mut out = String::from(HEAD);
    let model = escaped(&found.model);
    let n = found.losses.last().map_or(0, |losses| losses.n);
    // writing into a string does not fail
    let _ = write!(
        out,
        "<h1>Where {model} loses</h1><p>{n} items, each answered four times: blind, from pictures, from the exact scene as text, and by the engine on \
         the exact scene. What lies between two columns is lost there.</p>"
    );
    for losses in found.losses.iter().rev() {
        section(&mut out, losses);
    }
    out.push_str("<h2>What it cost</h2><table><tr><th>arm</th><th>given</th><th>calls</th><th>pictures</th><th>tokens</th></tr>");
    for ((name, given), cost) in ARMS.iter().zip(&found.costs) {
        let _ = write!(
            out,
            "<tr><td>{name}</td><td>{given}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            cost.calls, cost.frames, cost.tokens
        );
    }
    out.push_str("</table><h2>Wrong from pictures</h2><p>First those that the model answers from the text: what it needed was eyes.</p>");
    for case in &found.cases {
        let _ = write!(out, "<article><p class=\"task\">{}</p>", escaped(&case.task));
        for path in &case.media {
            let path = escaped(path);
            if std::path::Path::new(&path)
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("mp4"))
            {
                let _ = write!(out, "<video controls muted preload=\"metadata\" src=\"{path}\"></video>");
            } else {
                let _ = write!(out, "<img alt=\"what was shown\" src=\"{path}\">");
            }
        }
        let _ = write!(out, "<p class=\"question\">{}</p>", escaped(&case.question));
        if !case.options.is_empty() {
            let _ = write!(out, "<p>{}</p>", escaped(&case.options.join(" · ")));
        }
        let _ = write!(out, "<p>right: <b>{}</b>", escaped(&case.truth));
        for ((name, _), said) in ARMS.iter().zip(&case.said) {
            let said = said.as_deref().map_or_else(|| "no answer".to_owned(), escaped);
            let _ = write!(out, " · {name}: {said}");
        }
        out.push_str("</p></article>");
    }
    out.push_str("</main></body></html>\n");
    out
}

fn section(out: &mut String, losses: &Losses) {
    let _ = write!(out, "<h2>{} <small>{} items</small></h2>", escaped(&losses.name), losses.n);
    for ((name, given), score) in ARMS.iter().zip(losses.scores) {
        let share = 100.0 * score.clamp(0.0, 1.0);
        let _ = write!(
            out,
            "<div class=\"arm\"><span class=\"name\">{name}</span><span class=\"bar\"><i style=\"width:{share:.1}%\"></i></span>\
             <span class=\"value\">{share:.1} %</span><span class=\"given\">{given}</span></div>"
        );
    }
    let _ = write!(
        out,
        "<p>gained by looking {} · lost by seeing <b>{}</b> · lost by computing <b>{}</b></p>",
        points(&losses.looking),
        points(&losses.seeing),
        points(&losses.computing)
    );
}

/// "+12.5 points (+4.1 to +20.3)".
fn points(found: &Paired) -> String {
    let difference = 100.0 * (found.means[1] - found.means[0]);
    let interval = found.interval.map_or_else(String::new, |interval| {
        format!(" ({:+.1} to {:+.1})", 100.0 * interval.low, 100.0 * interval.high)
    });
    format!("{difference:+.1} points{interval}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const HEAD: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Diagnosis</title><style>
:root{color-scheme:light dark;--ink:#1c2430;--dim:#64707f;--line:#d9dee5;--bar:#2f6fde;--ground:#fbfcfd}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf3;--dim:#98a4b3;--line:#2c3644;--bar:#6aa0ff;--ground:#12171e}}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}main{max-width:60rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.9rem;margin:.2em 0}h2{font-size:1.2rem;margin:2em 0 .5em;border-top:1px solid var(--line);padding-top:.8em}small{color:var(--dim);font-weight:400}
.arm{display:grid;grid-template-columns:7rem 1fr 4.5rem;gap:.6rem;align-items:center;margin:.25rem 0}.arm .given{grid-column:2/4;color:var(--dim);font-size:.85rem;margin-top:-.35rem}
.bar{background:var(--line);border-radius:4px;height:.9rem;overflow:hidden}.bar i{display:block;height:100%;background:var(--bar)}.value{text-align:right;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
article{border:1px solid var(--line);border-radius:8px;padding:1rem;margin:1rem 0}video,img{max-width:100%;border-radius:6px}.task{color:var(--dim);margin:0 0 .5rem}.question{font-weight:600;margin:.5rem 0}
</style></head><body><main>";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::{Case, losses_of};
    use chronotope_act::Cost;

    #[test]
    fn what_a_model_says_is_text_on_the_page() {
        let case = Case {
            task: "t".into(),
            id: "1".into(),
            question: "<script>alert(1)</script>".into(),
            options: vec!["A. \"x\"".into()],
            truth: "A".into(),
            said: [None, Some("<b>".into()), Some("A".into()), Some("A".into())],
            media: vec!["items/t/media/000000.mp4".into()],
        };
        let losses = losses_of("t", &[[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0]], 0).expect("items");
        let found = Diagnosis {
            model: "m<".into(),
            losses: vec![losses],
            costs: [Cost::default(); 4],
            cases: vec![case],
        };
        let page = html(&found);
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;") && page.contains("m&lt;"));
        assert!(
            page.contains("lost by seeing <b>+50.0 points")
                && page.contains("src=\"items/t/media/000000.mp4\"")
        );
    }
}
