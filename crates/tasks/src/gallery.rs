//! One page with an item of every task: what it shows, what it asks, and the answer behind a click.

use crate::error::Error;
use crate::generate::{FilmMaker, Knobs, Level, TASKS, Task};
use crate::make::{Order, make};
use serde_json::Value as Json;
use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

/// Makes one item of every task below `out`, and `index.html` that shows them. `progress` hears how many of how many tasks are done.
///
/// # Errors
/// A folder that cannot be written, or that holds something else.
pub fn gallery(
    out: &Path,
    seed: u64,
    threads: NonZeroUsize,
    films: Option<&dyn FilmMaker>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<usize, Error> {
    let mut cards = String::new();
    let mut shown = 0;
    for (n, task) in TASKS.iter().enumerate() {
        progress(n as u64, TASKS.len() as u64);
        let entry = task.entry();
        let knobs = Knobs::new(task.knobs(), Level::Medium, &[])
            .map_err(|found| Error::input(out, format!("knobs of {}", entry.name), found))?;
        let order = Order {
            task: *task,
            knobs,
            level: Level::Medium,
            seed,
            split: "gallery".to_owned(),
            count: 1,
            from: Vec::new(),
            threads,
            films,
            out: out.join(entry.name),
        };
        make(&order, &|_, _| ())?;
        let path = order.out.join("items.jsonl");
        let text = fs::read_to_string(&path).map_err(|fault| Error::write(&path, fault))?;
        let Some(item) = text.lines().next().and_then(|line| serde_json::from_str::<Json>(line).ok()) else {
            continue;
        };
        shown += 1;
        card(*task, &item, &mut cards);
    }
    progress(TASKS.len() as u64, TASKS.len() as u64);
    let page = PAGE.replace("{n}", &shown.to_string()).replace("{cards}", &cards);
    let path = out.join("index.html");
    let beside = out.join("index.html.part");
    fs::write(&beside, page)
        .and_then(|()| fs::rename(&beside, &path))
        .map_err(|fault| Error::write(&path, fault))?;
    Ok(shown)
}

fn card(task: &dyn Task, item: &Json, page: &mut String) {
    let entry = task.entry();
    let media = item["media"][0].as_str().map_or(String::new(), |path| {
        let source = escaped(&format!("{}/{path}", entry.name));
        if Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("mp4")) {
            format!("<video src=\"{source}\" controls loop muted playsinline preload=\"auto\"></video>")
        } else {
            format!("<img src=\"{source}\" alt=\"\">")
        }
    });
    let options: Vec<&str> =
        item["options"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let mut list = String::new();
    for option in &options {
        let _ = write!(list, "<li>{}</li>", escaped(option));
    }
    let answer = match &item["answer"] {
        Json::String(letter) => options
            .iter()
            .find(|o| o.starts_with(&format!("{letter}.")))
            .map_or(letter.clone(), |o| (*o).to_owned()),
        number => {
            let unit = item["unit"].as_str().unwrap_or_default();
            format!("{number} {unit}")
        }
    };
    let program =
        item["program"].as_str().unwrap_or("no program: solved by search, accepted by a verifier of its own");
    let _ = writeln!(
        page,
        "<article><header><h2>{name}</h2><span class=\"family\">{family}</span></header><div class=\"media\">{media}</div>\
         <p class=\"about\">{about}</p><p class=\"question\">{question}</p><ol class=\"options\">{list}</ol>\
         <details><summary>Answer</summary><p class=\"answer\">{answer}</p><code>{program}</code></details>\
         <footer>{paper}<br><kbd>chronotope make {name} --count 100 --out items</kbd></footer></article>",
        name = entry.name,
        family = task.family().name(),
        about = escaped(entry.about),
        question = escaped(item["question"].as_str().unwrap_or_default()).replace('\n', "<br>"),
        answer = escaped(&answer),
        program = escaped(program),
        paper = escaped(entry.paper.unwrap_or_default()),
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const PAGE: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Chronotope: what can be made</title>
<style>
:root{--ink:#1b2430;--soft:#5c6773;--line:#e3e1da;--paper:#f7f5ef;--card:#fff;--blue:#2c6e9b}
@media (prefers-color-scheme:dark){:root{--ink:#eceff3;--soft:#9aa5b1;--line:#2c333c;--paper:#14181d;--card:#1c2229;--blue:#7fb7dc}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1360px;margin:0 auto;padding:40px 20px}h1{font-size:32px;margin:0 0 6px}main>p{color:var(--soft);margin:0 0 28px;max-width:70ch}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:22px}
article{background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:hidden;display:flex;flex-direction:column}
article>*{margin-left:16px;margin-right:16px}article header{display:flex;justify-content:space-between;align-items:baseline;margin-top:14px}
h2{font-size:18px;margin:0 0 8px}.family{font-size:12px;letter-spacing:.06em;color:var(--blue)}
.media{margin:0;background:#0b0e12;aspect-ratio:4/3;display:flex;align-items:center;justify-content:center}
.media video,.media img{width:100%;height:100%;object-fit:contain}.about{color:var(--soft);margin-top:12px;margin-bottom:6px;font-size:14px}
.question{margin-top:0;margin-bottom:6px}.options{list-style:none;padding:0;margin-top:0}.options li{padding:2px 0}
details{margin-bottom:12px}summary{cursor:pointer;color:var(--blue)}.answer{font-weight:600;margin:6px 0}
code{display:block;font-size:12px;color:var(--soft);overflow-wrap:anywhere}footer{margin-top:auto;padding:10px 0 14px;font-size:12px;color:var(--soft);border-top:1px solid var(--line)}
kbd{font:12px ui-monospace,monospace;overflow-wrap:anywhere}
</style></head><body><main><h1>What can be made</h1>
<p>{n} tasks, one item each. The same seed gives the same item on every machine; every answer is computed on the exact World, not guessed from its picture.</p>
<div class="cards">
{cards}</div></main></body></html>
"#;
