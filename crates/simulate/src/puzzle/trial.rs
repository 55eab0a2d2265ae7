//! What every kind of puzzle must hold; called by each kind's tests.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::Puzzle;
use crate::Stream;
use crate::canvas::FilmSettings;

/// Makes puzzles and tries each: solved, verified, read as written, the same again from the same seed, drawn, filmed.
pub(crate) fn holds<P: Puzzle>(settings: &P::Settings, count: u64) {
    let mut seen = BTreeSet::new();
    for index in 0..count {
        let stream = || Stream::of_item(P::NAME, "test", 11, index);
        let puzzle = P::generate(&mut stream(), settings).unwrap();
        assert_eq!(puzzle, P::generate(&mut stream(), settings).unwrap());
        seen.insert(puzzle.to_string());
        if index < 20 {
            one(&puzzle);
        }
        if index < 2 {
            pictures(&puzzle);
        }
    }
    let expected = P::space(settings).map_or(count / 2, |space| count.min(space) / 3);
    assert!(seen.len() as u64 >= expected, "{} different of {count}", seen.len());
}

/// One puzzle: its best answer is accepted, its text is read as written.
pub(crate) fn one<P: Puzzle>(puzzle: &P) {
    let solution = puzzle.solve().unwrap_or_else(|| panic!("unsolved:\n{puzzle}"));
    assert!(puzzle.accepts(&solution.answer), "refused {:?}:\n{puzzle}", solution.answer);
    assert_eq!(puzzle.to_string().parse::<P>().as_ref(), Ok(puzzle), "\n{puzzle}");
}

fn pictures<P: Puzzle>(puzzle: &P) {
    let picture = puzzle.draw(200);
    assert!(
        picture.width.max(picture.height) <= 200
            && picture.rgb.len() as u32 == picture.width * picture.height * 3
    );
    assert!(picture.rgb.chunks(3).collect::<BTreeSet<_>>().len() > 2);
    let solution = puzzle.solve().unwrap();
    let settings = FilmSettings { side_px: 96, fps: 8, steps_per_s: 4.0, hold_s: 0.25 };
    let film = puzzle.film(&solution.answer, &settings).unwrap();
    let mut player = film.play();
    let mut count = 0;
    while player.next_picture().is_some() {
        count += 1;
    }
    assert_eq!(count, film.len());
}

/// Answers that take one part away from the best, or change one, must not all be right; `wrong` must never be.
pub(crate) fn refuses<P: Puzzle>(puzzle: &P, wrong: &[P::Answer])
where
    P::Answer: Debug,
{
    for answer in wrong {
        assert!(!puzzle.accepts(answer), "accepted {answer:?}:\n{puzzle}");
    }
}

/// A short fingerprint of bytes, for golden pictures.
pub(crate) fn fingerprint(bytes: &[u8]) -> u64 {
    // FNV-1a, 64 bits
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
