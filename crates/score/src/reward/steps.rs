//! What a reply did on the way: calls, actions, cited times and boxes.

use super::reply::{Name, Reply};
use super::{Case, Fault, read};
use crate::shapes::Corners;
use serde_json::Value;

/// The JSON of each closed action and tool call; none where it is none.
pub(crate) fn json_blocks<'a>(reply: &'a Reply<'a>) -> Vec<Option<Value>> {
    let inside = [Name::Action, Name::ToolCall].into_iter().flat_map(|name| reply.blocks(name));
    inside.map(|text| serde_json::from_str(text.trim()).ok()).collect()
}

/// Calls of tools in all turns: as the trainer counted (`context.calls`), else closed blocks of calls.
pub(crate) fn calls(case: &Case<'_>) -> Result<f64, Fault> {
    if let Some(given) = case.context.amount("calls")? {
        return Ok(given.max(0.0));
    }
    Ok(case.turns().map(|turn| turn.blocks(Name::ToolCall).count()).sum::<usize>() as f64)
}

/// A thing that the thoughts place: its name, boxes, and the second.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim<'a> {
    /// What it is called.
    pub object: &'a str,
    /// Where it is, in the unit that the data have; at least one.
    pub boxes: Vec<Corners>,
    /// When, in seconds.
    pub t_s: f64,
}

/// `<obj>cup</obj><box>[…]</box>at<t>3.5</t>s`, in order; what is not of that form is none.
pub fn claims(thoughts: &str) -> Vec<Claim<'_>> {
    let reply = Reply::new(thoughts);
    let mut found = Vec::new();
    let mut blocks: Vec<(Name, &str, usize, usize)> = Vec::new();
    let mut open = None;
    for tag in reply.tags().iter().filter(|tag| tag.exact) {
        match (tag.closes, open) {
            (false, _) => open = Some((tag.name, tag.start, tag.end)),
            (true, Some((name, start, inside))) if name == tag.name => {
                blocks.push((name, &thoughts[inside..tag.start], start, tag.end));
                open = None;
            }
            _ => open = None,
        }
    }
    let mut at = 0;
    while at < blocks.len() {
        let (name, object, _, mut end) = blocks[at];
        at += 1;
        if name != Name::Obj {
            continue;
        }
        let mut boxes = Vec::new();
        let mut broken = false;
        while let Some((Name::Box, text, start, behind)) = blocks.get(at).copied() {
            if !thoughts[end..start].trim().is_empty() {
                break;
            }
            match read::corners(text) {
                Ok(corners) => boxes.push(corners),
                Err(_) => broken = true,
            }
            (end, at) = (behind, at + 1);
        }
        let Some((Name::T, text, start, behind)) = blocks.get(at).copied() else { continue };
        if boxes.is_empty()
            || broken
            || thoughts[end..start].trim() != "at"
            || !thoughts[behind..].starts_with('s')
        {
            continue;
        }
        at += 1;
        if let Some(t_s) = text.trim().parse().ok().filter(|t: &f64| t.is_finite()) {
            found.push(Claim { object: object.trim(), boxes, t_s });
        }
    }
    found
}

/// The seconds in `<t>…</t>`, of those that are numbers.
pub fn times(thoughts: &str) -> Vec<f64> {
    let reply = Reply::new(thoughts);
    let times = reply.blocks(Name::T).filter_map(|text| text.trim().parse().ok());
    times.filter(|t: &f64| t.is_finite()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_things_with_boxes_and_a_time() {
        let found = claims(
            "see <obj>cup</obj><box>[1,2,3,4]</box><box>[5,6,7,8]</box>at<t>3.5</t>s, <obj>cat</obj><t>1</t>s, <obj>x</obj><box>[1]</box>at<t>2</t>s",
        );
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].object, found[0].boxes.len(), found[0].t_s), ("cup", 2, 3.5));
        assert_eq!(times("<t>1</t>s <t>nan</t> <t>2.5</t>"), [1.0, 2.5]);
    }
}
