//! Words of time in a sentence: where it stands in the order of what happened.

use super::token::Token;

/// When a sentence happens, against the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placed {
    /// After what was told before.
    #[default]
    Next,
    /// Before what was told just before: "Before that, …".
    Earlier,
    /// Within these minutes, counted from the midnight that begins today: "yesterday", "this morning".
    Within(i64, i64),
}

/// Phrases that say when, and what they say; longer ones first.
const PHRASES: &[(&[&str], Placed)] = &[
    (&["the", "day", "before", "yesterday"], Placed::Within(-2880, -1440)),
    (&["the", "day", "after", "tomorrow"], Placed::Within(2880, 4320)),
    (&["yesterday", "morning"], Placed::Within(-1080, -720)),
    (&["yesterday", "afternoon"], Placed::Within(-720, -360)),
    (&["yesterday", "evening"], Placed::Within(-360, -120)),
    (&["last", "night"], Placed::Within(-120, 360)),
    (&["this", "morning"], Placed::Within(360, 720)),
    (&["this", "afternoon"], Placed::Within(720, 1080)),
    (&["this", "evening"], Placed::Within(1080, 1320)),
    (&["yesterday"], Placed::Within(-1440, 0)),
    (&["tonight"], Placed::Within(1320, 1800)),
    (&["tomorrow"], Placed::Within(1440, 2880)),
    (&["before", "that"], Placed::Earlier),
    (&["prior", "to", "that"], Placed::Earlier),
    (&["just", "before", "that"], Placed::Earlier),
    (&["after", "that"], Placed::Next),
    (&["following", "that"], Placed::Next),
    (&["after", "this"], Placed::Next),
    (&["afterwards"], Placed::Next),
    (&["afterward"], Placed::Next),
    (&["then"], Placed::Next),
    (&["later"], Placed::Next),
    (&["next"], Placed::Next),
    (&["finally"], Placed::Next),
    (&["first"], Placed::Next),
];

/// Takes the phrase of time off the beginning or the end of a sentence; none where it has several that differ.
pub(super) fn taken<'a, 't>(tokens: &'a [Token<'t>]) -> Option<(&'a [Token<'t>], Placed)> {
    let mut rest = tokens;
    let mut found = Placed::Next;
    for _ in 0..3 {
        while let [first, after @ ..] = rest
            && (first.lower == "," || (first.lower == "and" && rest.len() < tokens.len()))
        {
            rest = after;
        }
        while let [before @ .., last] = rest
            && last.lower == ","
        {
            rest = before;
        }
        let is = |tokens: &[Token<'_>], phrase: &[&str]| {
            tokens.len() == phrase.len() && tokens.iter().zip(phrase).all(|(t, p)| t.lower == *p)
        };
        let longer = |phrase: &[&str]| rest.len() > phrase.len();
        let Some((phrase, placed, leads)) = PHRASES.iter().find_map(|(phrase, placed)| {
            let n = phrase.len();
            let leads = longer(phrase) && is(&rest[..n], phrase);
            // at the end only what is a time: "went there first" says nothing else
            let ends = longer(phrase)
                && is(&rest[rest.len() - n..], phrase)
                && (matches!(placed, Placed::Within(..)) || n > 1 || phrase[0].starts_with("after"));
            (leads || ends).then_some((phrase, placed, leads))
        }) else {
            return Some((rest, found));
        };
        if found != Placed::Next && *placed != Placed::Next && *placed != found {
            return None;
        }
        if *placed != Placed::Next {
            found = *placed;
        }
        rest = if leads { &rest[phrase.len()..] } else { &rest[..rest.len() - phrase.len()] };
    }
    Some((rest, found))
}

/// The order in which statements happened: those with times by their times, the others as told. None where two times
/// overlap without being equal, so that their order is open; then also which two.
pub(super) fn happened(placed: &[Placed]) -> Result<Vec<usize>, (usize, usize)> {
    let timed = placed.iter().any(|p| matches!(p, Placed::Within(..)));
    if !timed {
        return Ok(as_told(placed));
    }
    // a sentence without a time shares that of the sentence before it
    let mut spans: Vec<(i64, i64, usize)> = Vec::with_capacity(placed.len());
    let mut now = (i64::MIN, i64::MIN);
    for (i, how) in placed.iter().enumerate() {
        if let Placed::Within(start, end) = how {
            now = (*start, *end);
        }
        spans.push((now.0, now.1, i));
    }
    spans.sort_by_key(|s| (s.0, s.1));
    for pair in spans.windows(2) {
        if (pair[0].0, pair[0].1) != (pair[1].0, pair[1].1) && pair[1].0 < pair[0].1 {
            return Err((pair[0].2, pair[1].2));
        }
    }
    Ok(spans.into_iter().map(|s| s.2).collect())
}

/// The order where no sentence has a time: each at the end, or right before the one told just before.
fn as_told(placed: &[Placed]) -> Vec<usize> {
    // a list linked both ways; `n` stands for both ends
    let n = placed.len();
    let (mut next, mut before) = (vec![n; n + 1], vec![n; n + 1]);
    for (i, how) in placed.iter().enumerate() {
        let follower = if *how == Placed::Earlier && i > 0 { i - 1 } else { n };
        let leader = before[follower];
        (before[i], next[i]) = (leader, follower);
        next[leader] = i;
        before[follower] = i;
    }
    let mut order = Vec::with_capacity(n);
    let mut at = next[n];
    while at != n {
        order.push(at);
        at = next[at];
    }
    order
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn phrases_of_time_are_taken_off_both_ends() {
        let cut = |s: &str| {
            let all = tokens(s, 0);
            let (rest, placed) = taken(&all).expect("one time");
            (rest.iter().map(|t| t.lower.clone()).collect::<Vec<_>>().join(" "), placed)
        };
        assert_eq!(cut("Yesterday Bill went home."), ("bill went home".into(), Placed::Within(-1440, 0)));
        assert_eq!(cut("Bill went home this morning"), ("bill went home".into(), Placed::Within(360, 720)));
        assert_eq!(cut("After that, he left"), ("he left".into(), Placed::Next));
        assert_eq!(cut("Before that he left"), ("he left".into(), Placed::Earlier));
    }

    #[test]
    fn what_is_told_later_may_have_happened_earlier() {
        let (next, earlier) = (Placed::Next, Placed::Earlier);
        assert_eq!(happened(&[next, earlier, earlier]), Ok(vec![2, 1, 0]));
        assert_eq!(happened(&[next, next, earlier]), Ok(vec![0, 2, 1]));
        let (morning, yesterday) = (Placed::Within(360, 720), Placed::Within(-1440, 0));
        assert_eq!(happened(&[morning, yesterday, next]), Ok(vec![1, 2, 0]));
        assert_eq!(happened(&[Placed::Within(-1440, 0), Placed::Within(-120, 360)]), Err((0, 1)));
    }
}
