//! The text form: a World in a few readable lines, for tests, `--text` and golden files.
//!
//! ```text
//! record "crossing" utc 1767225600       # seconds since 1970; `order only` where times are ranks
//! source video "crossing.mp4"            # rows that follow come from here; without one, from the text itself
//! camera front 640x480 lens 500 500 320 240
//! world street m                         # or `px`, or `own` where the scale is unknown
//! coverage front [0, 10) car, person     # `all labels`; `sampled`; `recall 0.9`; `from 8 px`
//!
//! car 1 "taxi" in street gap 1           # label, entity, name; gap: seconds that may be interpolated
//!   colour "red"                         # an attribute; with a span where it changes
//!   0: (1, 2, 0) size (4.2, 1.8, 1.5) yaw 90
//!   2: (1, 12, 0)
//!   called "van" during [0, 1)           # another label; `words V`, `likely SCORE`, `until revision N`, `revision N`
//! person 2 through front                 # boxes in the picture of a camera
//!   0.5: box (100, 50, 20, 60) score 0.9 visible 0.4
//!   [1, 3): box (110, 50, 20, 60)        # holds during a span; `always:` for a timeless scene
//! car 1 during [3, 10) because "re-identified after 1 s"   # a second track of the same entity
//!   3: (1, 17, 0)
//!
//! fact 2 "sits in" 1 [0, 2)
//! fact "room" "room size" number 24.5 "m²"
//! event "opens" [1, 2) agent 2 patient 1
//! transform world(street) from image(front) always homography 1 0 0 0 1 0 0 0 1
//! by 0                                   # rows that follow come from the source of this number
//! revision 2                             # rows that follow were written by that commit
//! ```
//!
//! Times and spans are seconds of the record; positions are in the frame named by `in`, which `world` introduced
//! (metres in `world(main)` where none is named). A line that starts with blanks belongs to the block above it.

mod hidden;
mod line;
mod parse;
mod print;
mod stated;

pub use hidden::{is_hidden, visible};
pub use parse::parse;
pub use print::{print, print_within};

#[cfg(test)]
mod tests {
    use super::{parse, print, print_within};
    use crate::{EntityId, Time, View, World};

    const STREET: &str = r#"record "crossing" utc 1767225600
source video "crossing.mp4"
camera front 640x480 lens 500 500 320 240
world street m
coverage front [0, 10) car, person from 8 px
coverage [0, 10) all labels recall 0.9 sampled

car 1 "taxi" in street gap 1 speed 30
  colour "red"
  colour "blue" [3, 5)
  called "van" during [0, 1) words kitti likely 0.5
  called "lorry" during [1, 2)
  0: (1, 2, 0) size (4.2, 1.8, 1.5) yaw 90
  2: (1, 12, 0) sd 0.1

car 3 in street errs_for 0.5
  1: (4, 2, 0) size (4, 2, 1.5) covariance (0.04, 0.01, 0, 0.09, 0, 0.01) size_sd (0.2, 0.1, 0.1) exists 0.75

person 2 through front ignored
  0.5: box (100, 50, 20, 60) score 0.9 visible 0.4 frame 12
  [1, 3): box (110, 50, 20, 60) predicted

fact 2 "sits in" 1 [0, 2)
fact "room" "room size" number 24.5 "m²"
event "opens" [1, 2) agent 2 patient 1
transform world(street) from image(front) always homography 1 0 0 0 1 0 0 0 1 sd 0.05
revision 2

car 1 in street during [3, 10) because "re-identified after 1 s"
  3: (1, 17, 0)
"#;

    fn world(text: &str) -> World {
        parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
    }

    #[test]
    fn what_is_printed_parses_to_the_same_world() {
        let first = world(STREET);
        let printed = print(&first).expect("in memory");
        let second = world(&printed);
        assert_eq!(first.tables(), second.tables(), "{printed}");
        assert_eq!(print(&second).expect("in memory"), printed);
        for entity in first.entities() {
            let samples = |w: &World| {
                let t = w.trajectory(entity).expect("in memory");
                t.runs.iter().flat_map(|r| r.samples().collect::<Vec<_>>()).collect::<Vec<_>>()
            };
            assert_eq!(samples(&first), samples(&second));
        }
    }

    #[test]
    fn a_label_that_was_taken_back_is_there_for_who_reads_as_of_before() {
        let text = STREET.replace("likely 0.5", "likely 0.5 until revision 1");
        let newest = world(&text);
        let before = newest.seen(View { as_of: 0, ..View::NEWEST });
        let printed = print(&before).expect("in memory");
        assert!(
            printed.contains("called \"van\" during [0, 1) words kitti likely 0.5 until revision 1"),
            "{printed}"
        );
        assert!(!print(&newest).expect("in memory").contains("van"));
    }

    #[test]
    fn doubts_that_nothing_can_have_are_refused() {
        let text = |doubt: &str| format!("world a m\ncar 1 in a gap 1\n  0: (0, 0, 0) {doubt}\n");
        for sound in [
            "exists 0",
            "exists 1",
            "sd 0",
            "covariance (1, 0.5, 0, 1, 0, 1)",
            "covariance (1, 1, 0, 1, 0, 0)",
        ] {
            assert!(parse(&text(sound)).is_ok(), "{sound}");
        }
        for unsound in [
            "exists 2",
            "exists -0.5",
            "sd -1",
            "sd 1e200",
            "covariance (1, 5, 0, 1, 0, 1)",
            "size_sd (-1, 0, 0)",
        ] {
            let error = parse(&text(unsound)).expect_err(unsound).to_string();
            assert!(error.contains("line 3") && error.contains("before this"), "{error}");
        }
        assert!(parse("world a m\ncar 1 in a gap -2\n  0: (0, 0, 0)\n").is_err());
        assert!(parse("world a m\ncoverage [0, 10) car recall 2\n").is_err());
    }

    /// What says two things at once is no World: the last one used to win without a word.
    #[test]
    fn what_contradicts_itself_is_refused() {
        for (text, expected) in [
            (
                "camera a 10x10\ncamera a 20x20\n",
                "line 2, column 8: expected a name that no other camera has",
            ),
            ("world a m\nworld a px\n", "line 2, column 9: expected the unit that `a` has already"),
            ("camera a 0x0\n", "line 1, column 10: expected a size such as 640x480"),
            ("camera a 9x9 lens 0 1 2 3\n", "focal lengths above 0"),
            ("source video \"a\" clock (0, 0, 0)\n", "a rate above 0"),
            (
                "car 1\n  0: (1, 2, 3) score 1 score 2\n",
                "line 2, column 24: expected each clause once in a line",
            ),
            ("car 1 gap 1 gap 2\n", "line 1, column 13: expected each clause once in a line"),
            ("car 1\n  0: (1, 2, 3) (4, 5, 6)\n", "one position in a line"),
            ("car 1\n  0: (1, 2, 3) yaw 1 turn (1, 0, 0, 0)\n", "one rotation in a line"),
            ("car 1\n  0: (1, 2, 3) turn (0, 0, 0, 0)\n", "a quaternion that is not 0"),
            ("car 1\n  0: (1, 2, 3) size (1, -1, 1)\n", "a size of 0 or more"),
            ("car 1\n  0: (1, 2, 3) visible 1.5\n", "a visible share from 0 to 1"),
            ("car 1 confidence 2\n", "a confidence from 0 to 1"),
            ("event \"a\" [5, 3)\n", "an end that is not before the start"),
            (
                "car 1\n  0: (1, 2, 3)\n  1: (1, 2, 3)\n  0: (1, 2, 4)\n",
                "line 4, column 1: expected one place of a thing at one time, found another than in line 2 for 0 s",
            ),
            (
                "camera a 9x9\ncar 1 through a\n  0: box (1, 2, 3, 4)\n  0: box (1, 2, 3, 5)\n",
                "line 4, column 1: expected one place of a thing at one time",
            ),
            (
                "car 1\n  0: (1, 2, 3)\ncar 2\n  0: (3, 2, 3)\ncar 1\n  1: (1, 2, 3)\n  0: (1, 2, 4)\n",
                "line 7, column 1: expected one place of a thing at one time, found another than in line 2 for 0 s",
            ),
            (
                "camera a 9x9\ncar 1 through a\n  0: box (1, 2, 3, 4)\ncar 1 \"Al\" through a gap 2\n  0: box (1, 2, 3, 5)\n",
                "line 5, column 1: expected one place of a thing at one time, found another than in line 3 for 0 s",
            ),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        // the same again contradicts nothing, nor does another frame, camera, source, revision, time or thing, what is filled in, and what may
        // not be this thing
        for text in [
            "car 1\n  0: (1, 2, 3)\n  0: (1, 2, 3)\n",
            "car 1\n  0: (1, 2, 3)\ncar 1\n  0: (1, 2, 3)\n",
            "car 1\n  0: (1, 2, 3)\ncar 2\n  0: (1, 2, 4)\n",
            "car 1\n  0: (1, 2, 3)\ncar 1\n  1: (1, 2, 4)\n",
            "world a m\nworld b m\ncar 1 in a\n  0: (1, 2, 3)\ncar 1 in b\n  0: (1, 2, 4)\n",
            "camera a 9x9\ncamera b 9x9\ncar 1 through a\n  0: box (1, 2, 3, 4)\ncar 1 through b\n  0: box (5, 2, 3, 4)\n",
            "source video \"a\"\ncar 1\n  0: (1, 2, 3)\nsource video \"b\"\ncar 1\n  0: (1, 2, 4)\n",
            "car 1\n  0: (1, 2, 3)\nrevision 1\ncar 1\n  0: (1, 2, 4)\n",
            "car 1\n  0: (1, 2, 3)\ncar 1 from 0\n  0: (1, 2, 4)\n",
            "car 1\n  0: (1, 2, 3)\ncar 1\n  0: (1, 2, 4) interpolated\n",
            "car 1\n  0: (1, 2, 3)\ncar 1 ignored\n  0: (1, 2, 4)\n",
            "car 1\n  0: (1, 2, 3)\ncar 1 because \"looks alike\"\n  0: (1, 2, 4)\n",
            "car 1 until revision 1\n  0: (1, 2, 3)\ncar 1\n  0: (1, 2, 4)\n",
            "car 1 during [1, 2)\n  0: (1, 2, 3)\ncar 1\n  0: (1, 2, 4)\n",
            "car nobody\n  0: (1, 2, 3)\ncar nobody\n  0: (1, 2, 4)\n",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_after_a_whole_track() {
        let world = world(STREET);
        let whole = print(&world).expect("in memory");
        let (some, n_left_out) = print_within(&world, 260).expect("in memory");
        assert!(n_left_out > 0 && some.len() < whole.len(), "{n_left_out} left out: {some}");
        assert_eq!(parse(&some).expect("still a World").tables().tracks.len(), 4 - n_left_out, "{some}");
        assert_eq!(print_within(&world, whole.len()).expect("in memory"), (whole, 0));
    }

    #[test]
    fn a_text_world_says_where_things_are() {
        let w = world("car 1 gap 2\n  0: (0, 0, 0)\n  2: (4, 0, 0)\n");
        let at = |t: f64| {
            let moment = w.trajectory(EntityId(1)).expect("in memory").at(Time::from_s(t))?;
            Some(moment.pose?.position[0])
        };
        assert_eq!((at(1.0), at(3.0)), (Some(2.0), None));
        assert_eq!(w.labels_of(EntityId(1)).map(|l| l.text.as_str()).collect::<Vec<_>>(), ["car"]);
    }

    #[test]
    fn revisions_are_seen_as_of() {
        let w = world(STREET);
        let tracks = |as_of| w.seen(View { as_of, ..View::NEWEST }).identities_of(EntityId(1)).count();
        assert_eq!((tracks(1), tracks(2)), (1, 2));
        // what is pinned to the newest revision stays as it is
        assert_eq!((w.revision(), tracks(w.revision())), (2, 2));
    }

    #[test]
    fn errors_name_line_and_column() {
        for (text, error) in [
            ("car", "line 1, column 4: expected the number of an entity, found the end of the line"),
            ("car 1\n  0 (1, 2, 3)", "line 2, column 5: expected `:` after the time, found `(`"),
            ("car 1\n  0: (1, 2)", "line 2, column 11: expected `,` between numbers, found `)`"),
            ("camera c 12y12", "line 1, column 10: expected a size such as 640x480, found `12y12`"),
            (
                "fact 1 on",
                "line 1, column 10: expected a thing, a text or a number, found the end of the line",
            ),
            ("  0: (1, 2, 3)", "line 1, column 3: expected a statement without indentation, found `0`"),
            ("car 1 in map\n", "line 1, column 10: expected a frame introduced by `world`, found `map`"),
            ("car 1\n  1: (1, 2, 3) yaw", "line 2, column 19: expected a number, found the end of the line"),
            ("record \"x", "line 1, column 8: expected a closing quotation mark, found the end of the line"),
            (
                "coverage [3, 1) car",
                "line 1, column 14: expected an end that is not before the start, found `1`",
            ),
        ] {
            assert_eq!(parse(text).expect_err(text).to_string(), error);
        }
    }
}
