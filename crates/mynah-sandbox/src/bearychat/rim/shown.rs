//! Bodies and addresses as the journal shows them: readable, and without
//! secrets.

use bytes::Bytes;

use crate::journal;

/// What is not shown of JSON: tokens, and the address of a socket, which is
/// all that it takes to open it.
const SECRETS: [&str; 2] = ["token", "ws_host"];
/// The beginnings of paths that end in a secret, and how many segments after
/// them are none: the ticket of a socket, and the token of an incoming hook.
const PATHS: [(&str, usize); 2] = [("/nimbus/", 0), ("/hook/", 2)];
/// Stands where a secret was.
const REDACTED: &str = "…";

/// A body as it is shown.
pub(super) fn show(body: &Bytes) -> String {
    if std::str::from_utf8(body).is_err() {
        return format!("({} bytes)", body.len());
    }
    let text = journal::text(body);
    match body.trim_ascii_start().first() {
        Some(b'{' | b'[') => journal::without(text, &SECRETS),
        _ if text.contains('=') => journal::form(&text),
        _ => text,
    }
}

/// An address as it is shown, whole or from its path on.
pub(super) fn show_url(url: &str) -> String {
    let shown = journal::url(url);
    let (path, query) = match shown.find('?') {
        Some(at) => shown.split_at(at),
        None => (shown.as_str(), ""),
    };
    let path = PATHS.iter().find_map(|(beginning, open)| {
        let at = path.find(beginning)? + beginning.len();
        let (before, rest) = path.split_at_checked(at)?;
        let segments: Vec<&str> = rest.splitn(open + 1, '/').collect();
        let (secret, open) = segments
            .split_at_checked(*open)
            .map(|(open, rest)| (rest, open))?;
        let secret = secret.iter().map(|_| REDACTED);
        let rest: Vec<&str> = open.iter().copied().chain(secret).collect();
        Some(format!("{before}{}", rest.join("/")))
    });
    match path {
        Some(path) => path + query,
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> String {
        show(&Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn what_opens_something_is_not_shown() {
        for (body, expected) in [
            (
                r#"{"token": "t", "vchannel_id": "=bwAll", "text": "hi"}"#,
                r#"{"token": "…", "vchannel_id": "=bwAll", "text": "hi"}"#,
            ),
            (
                r#"{"code":0,"result":{"ws_host":"ws://h/nimbus/ws:t","user":{"id":"=bwBot"}}}"#,
                r#"{"code":0,"result":{"ws_host":"…","user":{"id":"=bwBot"}}}"#,
            ),
            ("token=t&text=hi", "token=…&text=hi"),
            (r#"payload={"text":"愿"}"#, r#"payload={"text":"愿"}"#),
            ("", ""),
            ("ok", "ok"),
        ] {
            assert_eq!(shown(body), expected);
        }
        assert_eq!(show(&Bytes::from_static(b"\xff\xfe")), "(2 bytes)");
    }

    #[test]
    fn addresses_that_are_secrets_are_not_shown() {
        for (url, expected) in [
            (
                "/bearychat/v1/user.info?token=t&user_id=%3Dbw52O",
                "/bearychat/v1/user.info?token=…&user_id=%3Dbw52O",
            ),
            (
                "/bearychat/rtm/nimbus/ws:abc?v=1",
                "/bearychat/rtm/nimbus/…?v=1",
            ),
            ("/rtm/nimbus/ws%3Aabc/more", "/rtm/nimbus/…"),
            (
                "/bearychat/hook/=bwTeam/incoming/abc",
                "/bearychat/hook/=bwTeam/incoming/…",
            ),
            ("/hook/=bwTeam/abc", "/hook/=bwTeam/abc"),
            (
                "/hook/=bwTeam/incoming/abc/def?payload=1",
                "/hook/=bwTeam/incoming/…?payload=1",
            ),
            ("/bearychat/v1/meta?", "/bearychat/v1/meta?"),
            ("", ""),
        ] {
            assert_eq!(show_url(url), expected);
        }
    }
}
