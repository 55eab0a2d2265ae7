//! A completion, read once: its tags, its answer, its thoughts.

use memchr::memchr;

/// The tags that rules know; any other `<…>` is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Name {
    /// `<think>`: thoughts.
    Think,
    /// `<answer>`: what counts.
    Answer,
    /// `<tool_call>`: a call of a tool.
    ToolCall,
    /// `<tool_response>`: what a tool gave back; nothing in it is the policy's.
    ToolResponse,
    /// `<action>`: a step of an agent.
    Action,
    /// `<observation>`: what a step showed.
    Observation,
    /// `<box>`: a box in pixels or shares.
    Box,
    /// `<t>`: a time in seconds.
    T,
    /// `<obj>`: a thing.
    Obj,
    /// `<when>`: an interval.
    When,
    /// `<object>`: the things asked for.
    Object,
    /// `<where>`: their boxes.
    Where,
    /// `<time>`: an interval.
    Time,
    /// `<map>`: an imagined map.
    Map,
    /// `<anchor>`: an interval on the way to the answer.
    Anchor,
    /// `<clip>`: pictures asked for.
    Clip,
    /// `<output>`: an answer as JSON.
    Output,
}

const NAMES: [(&str, Name); 17] = [
    ("think", Name::Think),
    ("answer", Name::Answer),
    ("tool_call", Name::ToolCall),
    ("tool_response", Name::ToolResponse),
    ("action", Name::Action),
    ("observation", Name::Observation),
    ("box", Name::Box),
    ("t", Name::T),
    ("obj", Name::Obj),
    ("when", Name::When),
    ("object", Name::Object),
    ("where", Name::Where),
    ("time", Name::Time),
    ("map", Name::Map),
    ("anchor", Name::Anchor),
    ("clip", Name::Clip),
    ("output", Name::Output),
];

/// Longest name of a tag in bytes.
const LONGEST: usize = 13;

/// A tag in a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// What it is called.
    pub name: Name,
    /// Whether it closes.
    pub closes: bool,
    /// Whether it is written as it should be: lower case, nothing but the name.
    pub exact: bool,
    /// Place of its `<` in bytes.
    pub start: usize,
    /// Place behind its `>`.
    pub end: usize,
}

/// Why a part of a reply got its floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// There is no answer block.
    NoAnswer,
    /// An answer block has no end.
    UnclosedAnswer,
    /// There is more than one answer block, or a loose tag of one.
    RepeatedAnswer,
    /// An answer block lies in another.
    NestedAnswer,
    /// An answer block lies in the thoughts.
    AnswerInThoughts,
    /// The thoughts have no end, or no beginning, or lie in thoughts.
    BrokenThoughts,
    /// A tag is nearly one: other case, blanks or attributes.
    MalformedTag,
    /// The answer has characters that nobody sees.
    InvisibleCharacters,
    /// The answer is longer than the rule reads.
    AnswerTooLong,
    /// The answer is not of the kind that the rule reads.
    Unreadable,
    /// The ends of an interval or of a box are the wrong way round.
    Reversed,
    /// The reply has not the shape that the rule asks for.
    Format,
    /// The rule needs the number of tokens and the row does not say it.
    NoTokenCount,
    /// What the rule looks for in the thoughts is not there.
    NothingCited,
    /// A part came out as no number.
    NotFinite,
    /// The operation that the answer rests on failed.
    FailedOperation,
    /// What the thoughts claim contradicts what is known.
    Contradiction,
    /// The rule has a part that only a judge can tell, and there is none.
    NoJudge,
}

impl Reason {
    /// The code, as printed.
    pub fn code(self) -> &'static str {
        match self {
            Reason::NoAnswer => "no_answer",
            Reason::UnclosedAnswer => "unclosed_answer",
            Reason::RepeatedAnswer => "repeated_answer",
            Reason::NestedAnswer => "nested_answer",
            Reason::AnswerInThoughts => "answer_in_thoughts",
            Reason::BrokenThoughts => "broken_thoughts",
            Reason::MalformedTag => "malformed_tag",
            Reason::InvisibleCharacters => "invisible_characters",
            Reason::AnswerTooLong => "answer_too_long",
            Reason::Unreadable => "unreadable",
            Reason::Reversed => "reversed",
            Reason::Format => "format",
            Reason::NoTokenCount => "no_token_count",
            Reason::NothingCited => "nothing_cited",
            Reason::NotFinite => "not_finite",
            Reason::FailedOperation => "failed_operation",
            Reason::Contradiction => "contradiction",
            Reason::NoJudge => "no_judge",
        }
    }
}

/// A completion with its tags found.
///
/// One pass over the text from `<` to `<`; the time is linear in its length whatever it holds, and the memory in the number
/// of its tags. Tags inside tool responses are not the policy's and are left out.
#[derive(Clone, Debug)]
pub struct Reply<'a> {
    text: &'a str,
    tags: Vec<Tag>,
    answer: Result<(usize, usize), Reason>,
}

impl<'a> Reply<'a> {
    /// Reads a completion.
    pub fn new(text: &'a str) -> Reply<'a> {
        let tags = tags(text);
        let answer = answer(&tags);
        Reply { text, tags, answer }
    }

    /// The completion.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Its tags in order.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// The text of the one answer block, trimmed.
    ///
    /// There has to be exactly one, outside of the thoughts, and the thoughts have to be closed; what nobody can see must not
    /// stand in it. Anything else names its reason, so that no trick with tags pays.
    pub fn answer(&self) -> Result<&'a str, Reason> {
        let (from, to) = self.answer?;
        let said = self.text[from..to].trim();
        if !said.is_ascii() && said.chars().any(is_invisible)
            || said.bytes().any(|b| b < b' ' && !matches!(b, b'\n' | b'\t' | b'\r'))
        {
            return Err(Reason::InvisibleCharacters);
        }
        Ok(said)
    }

    /// The answer as published trainers read it: between the first `<answer>` and the next `</answer>`, wherever they stand, trimmed.
    ///
    /// That is what the pattern `<answer>\s*(.*?)\s*</answer>` finds, in linear time.
    pub fn first_answer(&self) -> Option<&'a str> {
        let from = self.text.find("<answer>")? + "<answer>".len();
        let to = from + self.text[from..].find("</answer>")?;
        Some(self.text[from..to].trim())
    }

    /// The insides of the blocks of this name in order, the innermost of nested ones; what is not closed is none.
    pub fn blocks(&self, name: Name) -> impl Iterator<Item = &'a str> + '_ {
        let mut open = None;
        self.tags.iter().filter(move |tag| tag.name == name && tag.exact).filter_map(move |tag| {
            if tag.closes {
                open.take().map(|from: usize| &self.text[from..tag.start])
            } else {
                open = Some(tag.end);
                None
            }
        })
    }

    /// The thoughts: the first closed block, or what stands before its closing tag where the prompt has opened it.
    pub fn thoughts(&self) -> Option<&'a str> {
        let close = self.tags.iter().find(|tag| tag.name == Name::Think && tag.closes)?;
        let open = self.tags.iter().find(|tag| tag.name == Name::Think && !tag.closes);
        match open {
            Some(open) if open.start < close.start => Some(&self.text[open.end..close.start]),
            _ => Some(&self.text[..close.start]),
        }
    }

    /// How many tags of this name open or close.
    pub fn count(&self, name: Name, closes: bool) -> usize {
        self.tags.iter().filter(|tag| tag.name == name && tag.closes == closes).count()
    }

    /// Whether the reply is one think block, blanks and one answer block, and nothing else, each tag as it should be.
    ///
    /// Other tags may stand in the thoughts and in the answer.
    pub fn is_shell(&self) -> bool {
        self.is_shell_with(|thoughts| !thoughts.trim().is_empty())
    }

    /// The same with a word on what the thoughts have to be.
    pub fn is_shell_with(&self, thoughts: impl Fn(&str) -> bool) -> bool {
        let mut shell = self.tags.iter().filter(|tag| matches!(tag.name, Name::Think | Name::Answer));
        let (Some(a), Some(b), Some(c), Some(d), None) =
            (shell.next(), shell.next(), shell.next(), shell.next(), shell.next())
        else {
            return false;
        };
        let order = [(a, Name::Think, false), (b, Name::Think, true), (c, Name::Answer, false)];
        let order = order.into_iter().chain([(d, Name::Answer, true)]);
        let blank = |from: usize, to: usize| self.text[from..to].trim().is_empty();
        order.into_iter().all(|(tag, name, closes)| tag.name == name && tag.closes == closes && tag.exact)
            && blank(0, a.start)
            && thoughts(&self.text[a.end..b.start])
            && blank(b.end, c.start)
            && !blank(c.end, d.start)
            && blank(d.end, self.text.len())
    }
}

/// Whether a character takes no room or turns the direction of writing: such a character in an answer is a trick.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The known tags in order, without those in tool responses.
fn tags(text: &str) -> Vec<Tag> {
    let bytes = text.as_bytes();
    let mut tags = Vec::new();
    let (mut at, mut in_response) = (0, false);
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        at = start + 1;
        let Some(tag) = tag(bytes, start) else { continue };
        at = tag.end;
        let is_response = tag.name == Name::ToolResponse;
        if !in_response || (is_response && tag.closes) {
            tags.push(tag);
        }
        if is_response && tag.exact {
            in_response = !tag.closes;
        }
    }
    tags
}

/// The tag that begins at `start`, of a known name. Looks at no more than a few bytes.
fn tag(bytes: &[u8], start: usize) -> Option<Tag> {
    let mut at = start + 1;
    let mut blank = false;
    let skip = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
    if skip(at) {
        (at, blank) = (at + 1, true);
    }
    let closes = bytes.get(at) == Some(&b'/');
    at += usize::from(closes);
    if skip(at) {
        (at, blank) = (at + 1, true);
    }
    let name = &bytes[at..bytes.len().min(at + LONGEST + 1)];
    let length = name.iter().position(|b| !(b.is_ascii_alphabetic() || *b == b'_')).unwrap_or(name.len());
    let name = &name[..length];
    let &(known, name_of) = NAMES.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name))?;
    let exact = !blank && known.as_bytes() == name;
    let end = at + length;
    match bytes.get(end) {
        Some(b'>') => Some(Tag { name: name_of, closes, exact, start, end: end + 1 }),
        // `<answer id=1>`, `<answer` at the end; but `<time_of_day` and `<t1` are text
        Some(b' ' | b'\t' | b'\n' | b'\r' | b'/') | None if !blank => {
            Some(Tag { name: name_of, closes, exact: false, start, end })
        }
        // `x < t and y`
        _ => None,
    }
}

/// Where the inside of the one answer block lies.
fn answer(tags: &[Tag]) -> Result<(usize, usize), Reason> {
    let (mut thinking, mut thought) = (false, false);
    let (mut open, mut found) = (None, None);
    for tag in tags.iter().filter(|tag| matches!(tag.name, Name::Think | Name::Answer)) {
        if !tag.exact {
            return Err(Reason::MalformedTag);
        }
        match (tag.name, tag.closes) {
            (Name::Think, false) if thinking || open.is_some() => return Err(Reason::BrokenThoughts),
            (Name::Think, false) => thinking = true,
            // the prompt may have opened the thoughts
            (Name::Think, true) if !thinking && (thought || open.is_some() || found.is_some()) => {
                return Err(Reason::BrokenThoughts);
            }
            (Name::Think, true) => (thinking, thought) = (false, true),
            _ if thinking => return Err(Reason::AnswerInThoughts),
            (_, false) if open.is_some() => return Err(Reason::NestedAnswer),
            (_, false) if found.is_some() => return Err(Reason::RepeatedAnswer),
            (_, false) => open = Some(tag.end),
            (_, true) => match open.take() {
                Some(from) => found = Some((from, tag.start)),
                None => return Err(Reason::RepeatedAnswer),
            },
        }
    }
    match (thinking, open, found) {
        (true, ..) => Err(Reason::BrokenThoughts),
        (_, Some(_), _) => Err(Reason::UnclosedAnswer),
        (_, _, Some(found)) => Ok(found),
        _ => Err(Reason::NoAnswer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_outside_of_closed_thoughts_is_read_and_every_trick_has_its_reason() {
        for (text, expected) in [
            ("<think>x</think>\n<answer> B </answer>", Ok("B")),
            ("x</think><answer>B</answer>", Ok("B")),
            ("<answer>B</answer>", Ok("B")),
            ("so it is B", Err(Reason::NoAnswer)),
            ("<answer>B", Err(Reason::UnclosedAnswer)),
            ("<answer>A</answer><answer>B</answer>", Err(Reason::RepeatedAnswer)),
            ("<answer>A</answer></answer>", Err(Reason::RepeatedAnswer)),
            ("<answer>A<answer>B</answer></answer>", Err(Reason::NestedAnswer)),
            ("<think><answer>B</answer></think>", Err(Reason::AnswerInThoughts)),
            ("<think>x<answer>B</answer>", Err(Reason::AnswerInThoughts)),
            ("<answer>B</answer><think>x", Err(Reason::BrokenThoughts)),
            ("<answer><think>B</think></answer>", Err(Reason::BrokenThoughts)),
            ("<answer>B</answer></think>", Err(Reason::BrokenThoughts)),
            ("<ANSWER>A</ANSWER><answer>B</answer>", Err(Reason::MalformedTag)),
            ("<answer >B</answer>", Err(Reason::MalformedTag)),
            ("< answer>B</answer>", Err(Reason::MalformedTag)),
            ("<answer>\u{200b}B</answer>", Err(Reason::InvisibleCharacters)),
            ("<answer>B\u{0}</answer>", Err(Reason::InvisibleCharacters)),
            ("<tool_response><answer>A</answer></tool_response><answer>B</answer>", Ok("B")),
            ("<tool_response><answer>A</answer>", Err(Reason::NoAnswer)),
            ("<answers>A</answers><time_of_day><t1>", Err(Reason::NoAnswer)),
        ] {
            assert_eq!(Reply::new(text).answer(), expected, "{text:?}");
        }
    }

    #[test]
    fn the_shell_is_thoughts_then_the_answer_and_nothing_else() {
        for (text, expected) in [
            ("<think>x</think>\n <answer>B</answer>\n", true),
            ("<think>see <t>3</t></think><answer>B</answer>", true),
            ("<think></think><answer>B</answer>", false),
            ("<think>x</think><answer> </answer>", false),
            ("<think>x</think>so<answer>B</answer>", false),
            ("<think>x</think><answer>B</answer>.", false),
            ("<think>x</think><think>x</think><answer>B</answer>", false),
            ("<answer>B</answer><think>x</think>", false),
        ] {
            assert_eq!(Reply::new(text).is_shell(), expected, "{text:?}");
        }
    }

    #[test]
    fn blocks_thoughts_and_the_first_answer_are_found() {
        let reply = Reply::new("<think>a<t>1.5</t>b<t>2<t>3</t></think><answer>A</answer><answer>B</answer>");
        assert_eq!(reply.blocks(Name::T).collect::<Vec<_>>(), ["1.5", "3"]);
        assert_eq!(reply.thoughts(), Some("a<t>1.5</t>b<t>2<t>3</t>"));
        assert_eq!(reply.first_answer(), Some("A"));
        assert_eq!(Reply::new("<answer>A").first_answer(), None);
    }

    #[test]
    fn a_megabyte_after_an_unclosed_tag_is_read_in_one_pass() {
        // the pattern that trainers share takes the cube of the blanks; a minute would not do for a thousandth of this
        for filling in [" ", "<answer>", "<think>", "<", "</", "\u{200b}"] {
            let text = format!("<answer>{}", filling.repeat((1 << 20) / filling.len()));
            assert!(Reply::new(&text).answer().is_err(), "{filling:?}");
            assert!(!Reply::new(&text).is_shell(), "{filling:?}");
        }
    }
}
