//! What is seen by its motion only. SpookyBench (Upadhyay et al., 2025): words and shapes in noise that moves one way inside and the other way
//! outside; a single picture tells nothing.

use crate::generate::{Draft, Family, Knob, Knobs, Material, Range, Said, Show, Skip, Stream, Task};
use chronotope_simulate::puzzle::{Axis, Hidden, Noise as Grains, NoiseSettings, seen_by_motion};
use chronotope_world::catalogue::Entry;
use chronotope_world::{Picture, WorldBuilder};
use serde_json::{Map, json};
use std::ops::ControlFlow;
use std::sync::Arc;

/// A word or a shape hidden in noise.
#[derive(Clone, Copy, Debug)]
pub struct NoiseTask;

/// Pictures that the trial looks at: the motion must tell what is hidden from these.
const TRIAL: usize = 12;

const KNOBS: &[Knob] = &[
    Knob {
        name: "hidden",
        about: "what is hidden: a word or a shape",
        range: Range::Word(&["word", "shape", "either"]),
        levels: ["shape", "word", "word"],
    },
    Knob { name: "letters", about: "letters of a word", range: Range::Whole(3, 6), levels: ["3", "4", "5"] },
    Knob {
        name: "grain_px",
        about: "side of a grain, in pixels",
        range: Range::Whole(1, 4),
        levels: ["2", "2", "2"],
    },
    Knob {
        name: "speed",
        about: "grains that the noise moves by from picture to picture",
        range: Range::Whole(1, 4),
        levels: ["1", "1", "2"],
    },
    Knob {
        name: "jitter",
        about: "share of the grains drawn anew in each picture",
        range: Range::Real(0.0, 0.4),
        levels: ["0", "0", "0.2"],
    },
    Knob {
        name: "options",
        about: "options of a question",
        range: Range::Whole(2, 6),
        levels: ["4", "4", "4"],
    },
    Knob {
        name: "seconds",
        about: "how long it is shown, in seconds",
        range: Range::Real(1.0, 20.0),
        levels: ["2", "2", "2"],
    },
    Knob {
        name: "fps",
        about: "pictures per second",
        range: Range::Whole(4, 60),
        levels: ["30", "30", "30"],
    },
    Knob {
        name: "side_px",
        about: "side of the video, in pixels",
        range: Range::Whole(128, 1024),
        levels: ["256", "256", "256"],
    },
];

/// A clip with what it hides.
struct Clip {
    noise: Grains,
    settings: NoiseSettings,
    name: String,
    is_word: bool,
}

impl Task for NoiseTask {
    fn entry(&self) -> Entry {
        Entry {
            kind: "tasks",
            name: "noise",
            about: "the word or shape that is seen by its motion only",
            source: "tasks/src/generate/puzzle/noise.rs",
            paper: Some("SpookyBench, 2025"),
            example: "chronotope make noise --count 10 --out items",
        }
    }

    fn family(&self) -> Family {
        Family::Motion
    }

    fn metric(&self) -> &'static str {
        "accuracy"
    }

    fn knobs(&self) -> &'static [Knob] {
        KNOBS
    }

    fn takes_worlds(&self) -> bool {
        false
    }

    fn world(&self, stream: &mut Stream, knobs: &Knobs) -> Result<Material, Skip> {
        let settings = NoiseSettings {
            side_px: knobs.whole("side_px") as u32,
            grain_px: knobs.whole("grain_px") as u32,
            speed: knobs.whole("speed") as u32,
            axis: if stream.chance(0.5) { Axis::Vertical } else { Axis::Horizontal },
            pictures: ((knobs.real("seconds") * knobs.real("fps")).round() as u32).clamp(2, 1200),
            fps: knobs.whole("fps") as u32,
            jitter: knobs.real("jitter"),
            ..NoiseSettings::default()
        };
        let is_word = match knobs.word("hidden") {
            "word" => true,
            "shape" => false,
            _ => stream.chance(0.5),
        };
        let name = if is_word { word(knobs.count("letters"), stream) } else { shape(stream) };
        let noise = Grains::generate(stream, &hidden(&name, is_word), &settings)
            .map_err(|fault| Skip::draw(fault.to_string()))?;
        let clip = Arc::new(Clip { noise, settings, name, is_word });
        let world = WorldBuilder::new("noise").build().map_err(|fault| Skip::draw(fault.to_string()))?;
        let made = Material::generated(world, Some(Arc::new(Reel(Arc::clone(&clip)))))?;
        Ok(Material { puzzle: Some(clip), ..made })
    }

    fn ask(&self, about: &Material, stream: &mut Stream, knobs: &Knobs) -> Result<Draft, Skip> {
        let clip = about.puzzle.as_ref().and_then(|puzzle| puzzle.downcast_ref::<Clip>());
        let clip = clip.ok_or(Skip::world("not a clip of noise"))?;
        let n = knobs.count("options").saturating_sub(1);
        let mut wrong: Vec<String> = Vec::new();
        for _ in 0..60 * n {
            let other = if clip.is_word { word(clip.name.len(), stream) } else { shape(stream) };
            if wrong.len() < n && other != clip.name && !wrong.contains(&other) {
                wrong.push(other);
            }
        }
        if wrong.len() < n {
            return Err(Skip::draw("too few other words or shapes"));
        }
        let (right, best) = trial(clip, &wrong)?;
        if right <= best {
            return Err(Skip::draw("the motion does not tell it from another option"));
        }
        let kind = if clip.is_word { "word" } else { "shape" };
        Ok(Draft {
            question: format!("Which {kind} is seen in the moving noise?"),
            said: Said::Choice { right: clip.name.clone(), wrong },
            program: String::new(),
            evidence: Vec::new(),
            story: None,
            slots: Map::from_iter([("puzzle".to_owned(), json!(clip.name))]),
            margins: Map::from_iter([
                ("overlap".to_owned(), json!((right * 1000.0).round() / 1000.0)),
                ("second_overlap".to_owned(), json!((best * 1000.0).round() / 1000.0)),
            ]),
            difficulty: Map::from_iter([
                ("jitter".to_owned(), json!(clip.settings.jitter)),
                ("speed".to_owned(), json!(clip.settings.speed)),
            ]),
            space: None,
        })
    }
}

/// How well what the motion of the first pictures tells overlaps what is hidden, and at best another option.
fn trial(clip: &Clip, wrong: &[String]) -> Result<(f64, f64), Skip> {
    let pictures: Vec<Vec<bool>> =
        (0..clip.noise.len().min(TRIAL)).map(|picture| clip.noise.grains_of(picture)).collect();
    let grains = clip.noise.grains();
    let seen = seen_by_motion(&pictures, grains, clip.settings.axis, clip.settings.speed as usize);
    let overlap = |mask: &[bool]| {
        let both = seen.iter().zip(mask).filter(|(a, b)| **a && **b).count();
        let either = seen.iter().zip(mask).filter(|(a, b)| **a || **b).count();
        both as f64 / either.max(1) as f64
    };
    let mut best = 0.0_f64;
    for name in wrong {
        let other =
            Grains::generate(&mut Stream::named(&["trial"]), &hidden(name, clip.is_word), &clip.settings)
                .map_err(|fault| Skip::draw(fault.to_string()))?;
        best = best.max(overlap(other.mask()));
    }
    Ok((overlap(clip.noise.mask()), best))
}

fn hidden(name: &str, is_word: bool) -> Hidden {
    let shape = Hidden::SHAPES.iter().find(|(known, _)| *known == name && !is_word);
    shape.map_or_else(|| Hidden::Word(name.to_owned()), |(_, shape)| shape.clone())
}

fn shape(stream: &mut Stream) -> String {
    stream.choose(&Hidden::SHAPES).map_or(String::new(), |(name, _)| (*name).to_owned())
}

/// Letters that can be spoken, consonants and vowels in turn: nobody guesses a word that is none.
fn word(letters: usize, stream: &mut Stream) -> String {
    const CONSONANTS: &[u8] = b"BDFGKLMNPRSTVZ";
    const VOWELS: &[u8] = b"AEIOU";
    let mut letter =
        |at: usize| *stream.choose(if at.is_multiple_of(2) { CONSONANTS } else { VOWELS }).unwrap_or(&b'A');
    (0..letters).map(&mut letter).map(char::from).collect()
}

/// The clip as a video.
struct Reel(Arc<Clip>);

impl Show for Reel {
    fn rate(&self) -> (u32, u32) {
        (self.0.settings.fps, 1)
    }

    fn len(&self) -> usize {
        self.0.noise.len()
    }

    fn is_lossless(&self) -> bool {
        true
    }

    fn play(&self, numbers: &[usize], _threads: usize, take: &mut dyn FnMut(Picture) -> ControlFlow<()>) {
        for &number in numbers {
            if take(self.0.noise.picture(number)).is_break() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Level;

    #[test]
    fn motion_tells_what_is_hidden_from_the_other_options() {
        for (at, hidden) in (0..6).zip(["word", "shape"].into_iter().cycle()) {
            let set = [("hidden", hidden), ("side_px", "128"), ("jitter", "0.1")];
            let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let knobs = Knobs::new(KNOBS, Level::Medium, &set).expect("in range");
            let mut stream = Stream::of_item("noise", "test", 1, at);
            let about = NoiseTask.world(&mut stream, &knobs).expect("a clip");
            let draft = NoiseTask.ask(&about, &mut stream, &knobs).expect("a question");
            let clip = about.puzzle.as_ref().and_then(|p| p.downcast_ref::<Clip>()).expect("a clip");
            let Said::Choice { right, wrong } = &draft.said else { panic!("{draft:?}") };
            assert!(*right == clip.name && wrong.len() == 3, "{draft:?}");
            let (own, best) = trial(clip, wrong).expect("a trial");
            assert!(own > 0.5 && own > best, "{own} {best} {draft:?}");
            // among the options the right one is found by the same measure
            let other = Clip {
                noise: clip.noise.clone(),
                settings: clip.settings.clone(),
                name: wrong[0].clone(),
                is_word: clip.is_word,
            };
            let (_, best) = trial(&other, std::slice::from_ref(right)).expect("a trial");
            assert!(best > 0.5, "{best}");
        }
    }
}
