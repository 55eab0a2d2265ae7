//! Who may ask: a bearer token, and only under the names of this server.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::desk::Limits;
use crate::error::Error;

/// A secret; only its digest is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// Of at least sixteen characters that a header can carry.
    ///
    /// # Errors
    /// A shorter one, or others.
    pub fn new(secret: &str) -> Result<Token, Error> {
        const LEAST: usize = 16;
        if secret.len() < LEAST || !secret.bytes().all(|b| b.is_ascii_graphic()) {
            let expected = format!("at least {LEAST} letters, digits or signs without blanks");
            return Err(Error::argument("token", expected, format!("{} bytes", secret.len())));
        }
        Ok(Token(Sha256::digest(secret.as_bytes()).into()))
    }

    /// Whether it is this one. Takes the same time whatever differs: digests are compared, all of their bytes.
    fn is(&self, given: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(given.as_bytes()).into();
        let different = self.0.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(different) == 0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What a request must bring.
#[derive(Clone, Debug)]
pub struct Guard {
    token: Option<Token>,
    /// Names under which the server is asked, lower case, without port.
    hosts: Vec<String>,
    /// Pages of other places that may ask, as browsers name them.
    origins: Vec<String>,
}

impl Guard {
    /// For a server at this address. Beyond this machine only with a token.
    ///
    /// `hosts` are further names under which it is asked (a proxy's, a container's), `origins` pages that may ask from a browser (`https://app.example`).
    ///
    /// # Errors
    /// An address beyond this machine without a token.
    pub fn new(
        at: SocketAddr,
        token: Option<Token>,
        hosts: &[String],
        origins: &[String],
    ) -> Result<Guard, Error> {
        if token.is_none() && !at.ip().is_loopback() {
            let text = format!("{at} can be reached from other machines: expected a token, found none");
            return Err(Error::input(text).remedy(
                "--token-file FILE, CHRONOTOPE_TOKEN in the environment, or 127.0.0.1 as the address",
            ));
        }
        let mut names: Vec<String> = hosts.iter().map(|name| name.to_ascii_lowercase()).collect();
        if at.ip().is_loopback() {
            names.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
        }
        if !at.ip().is_unspecified() {
            names.push(at.ip().to_string());
        }
        let origins =
            origins.iter().map(|origin| origin.trim_end_matches('/').to_ascii_lowercase()).collect();
        Ok(Guard { token, hosts: names, origins })
    }

    /// Why a request is refused.
    fn refuses(&self, headers: &HeaderMap, is_open: bool) -> Option<(StatusCode, &'static str)> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"));
        let Some(host) = text(header::HOST) else {
            return Some((StatusCode::BAD_REQUEST, "expected a Host header, found none"));
        };
        if !self.knows(host) {
            return Some((
                StatusCode::FORBIDDEN,
                "this server is not asked under that name (Host); --host NAME allows one",
            ));
        }
        if let Some(origin) = text(header::ORIGIN) {
            let origin = origin.to_ascii_lowercase();
            let own =
                origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
            if !own && !self.origins.contains(&origin) {
                return Some((
                    StatusCode::FORBIDDEN,
                    "pages of that place may not ask (Origin); --origin URL allows one",
                ));
            }
        }
        let token = self.token.as_ref().filter(|_| !is_open)?;
        let given = text(header::AUTHORIZATION).unwrap_or_default();
        let (scheme, secret) = given.split_once(' ').unwrap_or_default();
        // an empty secret is compared too
        let is_right = token.is(secret.trim());
        (!(is_right && scheme.eq_ignore_ascii_case("bearer"))).then_some((
            StatusCode::UNAUTHORIZED,
            "expected `Authorization: Bearer TOKEN` with this server's token",
        ))
    }

    /// Whether a Host header names this server. A page whose name was turned to this machine (DNS rebinding) does not. Addresses are no names:
    /// a server that listens on all of them is asked under any.
    fn knows(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        let is_listed = self.hosts.contains(&name);
        let is_address = name.parse::<IpAddr>().is_ok() && self.token.is_some();
        is_listed || is_address
    }
}

/// `[::1]:80` → `::1`, `localhost:80` → `localhost`.
fn without_port(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Bodies that are held at a time, all together, in KiB: a GiB. More wait until there is room.
const MOST_HELD_KIB: u32 = 1 << 20;

/// The guard, and the room behind it.
pub(super) struct Door {
    guard: Guard,
    room: Semaphore,
    limits: Limits,
}

impl Door {
    pub(super) fn new(guard: Guard, limits: &Limits) -> Door {
        let least = u32::try_from(limits.body_bytes.div_ceil(1 << 10)).unwrap_or(u32::MAX);
        let room = Semaphore::new(MOST_HELD_KIB.max(least) as usize);
        Door { guard, room, limits: limits.clone() }
    }

    /// How much room a request takes, in KiB: as much as it says, as much as it may where it does not say.
    fn taken(&self, headers: &HeaderMap) -> u32 {
        let told =
            headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        let most = self.limits.body_bytes as u64;
        let bytes = match told {
            Some(told) => told.min(most),
            None if headers.contains_key(header::TRANSFER_ENCODING) => most,
            None => 0,
        };
        u32::try_from(bytes.div_ceil(1 << 10)).unwrap_or(u32::MAX).max(1)
    }
}

/// Lets a request through, or says why not.
pub(super) async fn check(State(door): State<Arc<Door>>, request: Request<Body>, next: Next) -> Response {
    let guard = &door.guard;
    let is_open = request.uri().path() == "/health";
    match guard.refuses(request.headers(), is_open) {
        None => {
            let room = door.room.acquire_many(door.taken(request.headers()));
            match timeout(door.limits.time, room).await {
                Ok(Ok(_room)) => next.run(request).await,
                _ => super::refusal(&Error::Limit {
                    what: "calls at a time",
                    most: format!("{} MiB of requests", MOST_HELD_KIB >> 10),
                }),
            }
        }
        Some((status, why)) => {
            let body = json!({ "error": { "kind": "refused", "text": why, "hint": null } });
            let mut response = (status, axum::Json(body)).into_response();
            if status == StatusCode::UNAUTHORIZED {
                let value = header::HeaderValue::from_static("Bearer");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: &str = "127.0.0.1:8377";

    fn guard(at: &str, token: Option<&str>) -> Result<Guard, Error> {
        let token = token.map(|secret| Token::new(secret).expect("long enough"));
        Guard::new(
            at.parse().expect("an address"),
            token,
            &["cam.example".to_owned()],
            &["https://app.example".to_owned()],
        )
    }

    fn status(guard: &Guard, headers: &[(&'static str, &str)]) -> Option<u16> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().expect("a value"));
        }
        guard.refuses(&map, false).map(|(status, _)| status.as_u16())
    }

    #[test]
    fn beyond_this_machine_a_token_is_needed() {
        for at in ["0.0.0.0:80", "192.168.1.4:80", "[::]:80"] {
            assert!(guard(at, None).expect_err(at).to_string().contains("expected a token"));
            assert!(guard(at, Some("0123456789abcdef")).is_ok());
        }
        assert!(guard(LOOPBACK, None).is_ok() && guard("[::1]:80", None).is_ok());
        assert!(Token::new("short").is_err() && Token::new("with a blank in it 1").is_err());
    }

    #[test]
    fn a_name_that_was_turned_to_this_machine_is_refused() {
        let guard = guard(LOOPBACK, None).expect("a guard");
        for host in ["localhost:8377", "127.0.0.1:8377", "[::1]:8377", "cam.example", "CAM.example:1"] {
            assert_eq!(status(&guard, &[("host", host)]), None, "{host}");
        }
        for host in ["evil.example", "evil.example:8377", "localhost.evil.example", "10.0.0.1", ""] {
            assert_eq!(status(&guard, &[("host", host)]), Some(403), "{host}");
        }
        assert_eq!(status(&guard, &[]), Some(400));
    }

    #[test]
    fn pages_of_other_places_are_refused() {
        let guard = guard(LOOPBACK, None).expect("a guard");
        let from = |origin| status(&guard, &[("host", "localhost:8377"), ("origin", origin)]);
        assert_eq!(from("http://localhost:8377"), None);
        assert_eq!(from("https://app.example"), None);
        for origin in
            ["https://evil.example", "null", "http://localhost:3000", "http://localhost:8377.evil.example"]
        {
            assert_eq!(from(origin), Some(403), "{origin}");
        }
    }

    #[test]
    fn only_the_whole_token_opens() {
        let guard = guard("0.0.0.0:80", Some("0123456789abcdef")).expect("a guard");
        let with = |value: &str| status(&guard, &[("host", "10.0.0.1"), ("authorization", value)]);
        assert_eq!(with("Bearer 0123456789abcdef"), None);
        assert_eq!(with("bearer 0123456789abcdef"), None);
        for value in [
            "Bearer 0123456789abcde",
            "Bearer 0123456789abcdef0",
            "Bearer ",
            "0123456789abcdef",
            "Basic 0123456789abcdef",
        ] {
            assert_eq!(with(value), Some(401), "{value}");
        }
        assert_eq!(status(&guard, &[("host", "10.0.0.1")]), Some(401));
    }
}
