//! Bodies as the journal shows them: readable, and without secrets.

use bytes::Bytes;

use crate::journal;

/// What is not shown of JSON.
const SECRETS: [&str; 1] = ["token"];
/// What is not shown of forms: what came by SMS, and what a picture says.
const SECRET_FIELDS: [&str; 2] = ["code", "verifyCode"];
/// Stands where a secret was.
const REDACTED: &str = "…";

/// A body as it is shown. A form can be sent again as it is shown: only what
/// need not be escaped is not.
pub(super) fn show(body: &Bytes) -> String {
    let beginning = body.trim_ascii_start();
    if std::str::from_utf8(body).is_err() {
        return format!("({} bytes)", body.len());
    }
    let text = journal::text(body);
    match beginning.first() {
        Some(b'{' | b'[') => journal::without(text, &SECRETS),
        Some(b'<') => text,
        _ if text.contains('=') => form(&text),
        _ => text,
    }
}

fn form(pairs: &str) -> String {
    let shown = pairs.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{}={REDACTED}", unescaped(name)),
        _ => unescaped(pair),
    });
    shown.collect::<Vec<_>>().join("&")
}

/// Whether this is the name of what is not shown, however it is written.
fn is_secret(name: &str) -> bool {
    SECRET_FIELDS.contains(&&*unescaped(name))
}

/// An address as it is shown: without what must not be seen in its query.
pub(super) fn show_url(url: &str) -> String {
    let shown = journal::url(url);
    let Some((path, query)) = shown.split_once('?') else {
        return shown;
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={REDACTED}"),
        _ => pair.to_owned(),
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// Without the escapes that need not be there.
fn unescaped(pair: &str) -> String {
    let mut shown = String::with_capacity(pair.len());
    let mut rest = pair;
    while let Some(at) = rest.find('%') {
        let (plain, escaped) = rest.split_at(at);
        shown.push_str(plain);
        let bytes = escaped_bytes(escaped);
        if bytes.is_empty() {
            // A sign that escapes nothing.
            shown.push('%');
            rest = escaped.get(1..).unwrap_or_default();
            continue;
        }
        for chunk in bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                push(&mut shown, character);
            }
            escape(&mut shown, chunk.invalid());
        }
        rest = escaped.get(3 * bytes.len()..).unwrap_or_default();
    }
    shown + rest
}

/// The bytes that are escaped one after the other where the text begins.
fn escaped_bytes(text: &str) -> Vec<u8> {
    let escapes = text.as_bytes().chunks(3);
    let bytes = escapes.map_while(|escape| match escape {
        [b'%', high, low] => Some(16 * digit(*high)? + digit(*low)?),
        _ => None,
    });
    bytes.collect()
}

fn digit(digit: u8) -> Option<u8> {
    let digit = char::from(digit).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// What would mean something else stays escaped.
fn push(shown: &mut String, character: char) {
    let means = matches!(character, '&' | '=' | '+' | '%' | ' ');
    if means || character.is_control() {
        escape(shown, character.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        shown.push(character);
    }
}

fn escape(shown: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        shown.push('%');
        for digit in [byte >> 4, byte & 15] {
            shown.push(char::from(DIGITS[usize::from(digit)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use mynah_core::in_query;

    use super::*;

    fn shown(body: &str) -> String {
        show(&Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn a_form_is_readable_and_still_the_same_form() {
        for (form, expected) in [
            (
                "content=%7B%22content%22%3A%22%E6%9D%A5%22%7D&userId=a",
                r#"content={"content":"来"}&userId=a"#,
            ),
            ("group%5Bg1%5D=A%26B%3D1", "group[g1]=A%26B%3D1"),
            ("a=1%2B1+2%20%25&b=100%", "a=1%2B1+2%20%25&b=100%"),
            ("a=%0A%7f%FF%zz%E6%9D", "a=%0A%7F%FF%zz%E6%9D"),
            ("a=%4", "a=%4"),
        ] {
            assert_eq!(shown(form), expected);
            for name in ["content", "userId", "group[g1]", "a", "b"] {
                assert_eq!(in_query(form, name), in_query(expected, name), "{form}");
            }
        }
    }

    #[test]
    fn what_opens_something_is_not_shown() {
        assert_eq!(
            shown("sessionId=s&code=123456&verifyCode=1234"),
            "sessionId=s&code=…&verifyCode=…"
        );
        assert_eq!(
            shown(r#"{"code":200,"userId":"a","token":"t@h;h"}"#),
            r#"{"code":200,"userId":"a","token":"…"}"#
        );
    }

    #[test]
    fn a_secret_is_known_by_its_name_however_that_is_written() {
        assert_eq!(shown("sessionId=s&c%6Fde=123456"), "sessionId=s&code=…");
        assert_eq!(
            show_url("/rongcloud/verifyCode?code=123456&sessionId=s"),
            "/rongcloud/verifyCode?code=…&sessionId=s"
        );
        assert_eq!(show_url("/rongcloud/user/block"), "/rongcloud/user/block");
    }

    #[test]
    fn what_is_no_form_stays() {
        for body in ["", "ok", r#"[{"userid":"a=b"}]"#, "<p class=\"%41\">"] {
            assert_eq!(shown(body), body);
        }
        assert_eq!(show(&Bytes::from_static(b"PK\xff")), "(3 bytes)");
    }
}
