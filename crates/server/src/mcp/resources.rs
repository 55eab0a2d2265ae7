//! Resources: what a source holds, and a World as text.

use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::{Map, Value as Json};

use chronotope::world::text::print_within;

use crate::control::Control;
use crate::error::Error;
use crate::run::Calls;

const SHOW: &str = "chronotope://show/";
const TEXT: &str = "chronotope://text/";

/// Where the text form of a World is cut, in bytes.
const MOST_TEXT: usize = 1 << 18;

/// One resource for each source.
pub(super) async fn list(calls: &Calls) -> Result<Vec<Resource>, Error> {
    let reply = calls.call("list_sources", Map::new(), Control::default()).await?;
    let rows = reply.json["sources"].as_array().cloned().unwrap_or_default();
    let named = rows.iter().filter_map(|row| Some((row["source"].as_str()?, row["kind"].as_str()?)));
    Ok(named
        .map(|(name, kind)| {
            Resource::new(format!("{SHOW}{}", encoded(name)), name)
                .with_description(format!(
                    "What the {kind} {name} holds: time, cameras, frames, labels, coverage, things"
                ))
                .with_mime_type("application/json")
        })
        .collect())
}

pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(format!("{SHOW}{{source}}"), "show")
            .with_description("What a source holds, as JSON")
            .with_mime_type("application/json"),
        ResourceTemplate::new(format!("{TEXT}{{source}}"), "text")
            .with_description("A World in text form, cut at 256 KiB")
            .with_mime_type("text/plain"),
    ]
}

pub(super) async fn read(calls: &Calls, uri: &str) -> Result<ReadResourceResult, Error> {
    let unknown = || Error::Unknown {
        expected: format!("{SHOW}SOURCE or {TEXT}SOURCE"),
        found: uri.chars().take(120).collect(),
    };
    if let Some(name) = uri.strip_prefix(SHOW) {
        let name = decoded(name).ok_or_else(unknown)?;
        let arguments = Map::from_iter([("source".to_owned(), Json::from(name))]);
        let reply = calls.call("show", arguments, Control::default()).await?;
        let text = ResourceContents::text(reply.json.to_string(), uri).with_mime_type("application/json");
        return Ok(ReadResourceResult::new(vec![text]));
    }
    let name = uri.strip_prefix(TEXT).and_then(decoded).ok_or_else(unknown)?;
    let desk = calls.desk().clone();
    let text = calls
        .run(Control::default(), move |control| {
            let (world, _) = desk.library.world(&[&name], control)?;
            let (text, n_left_out) = print_within(&world, MOST_TEXT).map_err(Error::input)?;
            Ok(match n_left_out {
                0 => text,
                n => format!("{text}\n# cut: {n} tracks are left out\n"),
            })
        })
        .await?;
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type("text/plain")]))
}

/// A name as a part of an address (RFC 3986).
fn encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char);
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
        out
    })
}

/// The name in such a part; none where it is none.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_its_address() {
        for name in ["street.world", "a b/ü %.mp4", "100%"] {
            assert_eq!(decoded(&encoded(name)).as_deref(), Some(name));
        }
        assert_eq!(decoded("%zz"), None);
        assert_eq!(decoded("%e"), None);
    }
}
