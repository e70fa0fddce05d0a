//! Everything that passed: requests, answers, events and frames, the last of
//! them within bounds.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, PROXY_AUTHORIZATION, SET_COOKIE};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// So many entries are kept at most.
const MOST_ENTRIES: usize = 10_000;
/// Their texts together are no longer than this.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// No body is kept beyond this.
const LONGEST_BODY: usize = 64 * 1024;
/// The parameters of a query that open something.
const SECRET_PARAMETERS: [&str; 12] = [
    "access_token",
    "appsecret",
    "corpsecret",
    "key",
    "msg_signature",
    "rc-signature",
    "response_code",
    "session",
    "sign",
    "signature",
    "ticket",
    "token",
];
/// Stands where a secret was.
const REDACTED: &str = "…";

/// As seen from the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// It came to the sandbox.
    In,
    /// It left the sandbox.
    Out,
}

/// What carried it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Transport {
    /// Calls to the sandbox over HTTP.
    Http,
    /// Events posted by the sandbox.
    Post,
    /// A WebSocket to the sandbox.
    WsForward,
    /// A WebSocket from the sandbox.
    WsReverse,
}

/// What it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A call, or a post that carries an event's answer back.
    Request,
    /// What was answered.
    Response,
    /// An event.
    Event,
    /// Anything else on a socket: its opening, its end, what could not be read.
    Frame,
    /// Something a person or a test did through the control API.
    Control,
    /// What a bot says of its own work.
    Note,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// It was carried out or arrived.
    Ok,
    /// It was refused before it was looked at.
    Refused,
    /// It was looked at and failed.
    Failed,
    /// It was lost.
    Dropped,
    /// It was held back.
    Delayed,
}

/// Something by which a receiver knows who sends: a signature, a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    /// What is looked at.
    pub(crate) what: String,
    /// Whether it is right; `None` where that is for the bot to find out.
    pub(crate) ok: Option<bool>,
}

/// What was looked at in this order, up to what failed. `given` says of each
/// whether it is wrong.
pub(crate) fn checks(given: &[(&str, bool)]) -> Vec<Check> {
    let failed = given.iter().position(|(_, is_wrong)| *is_wrong);
    let looked_at = failed.map_or(given.len(), |at| at + 1);
    let looked_at = given.iter().take(looked_at);
    looked_at
        .map(|(what, is_wrong)| Check {
            what: (*what).to_owned(),
            ok: Some(!is_wrong),
        })
        .collect()
}

/// Something that passed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// Counts up.
    pub(crate) id: u64,
    /// Virtual time in seconds since 1970.
    pub(crate) time: f64,
    /// Whose traffic.
    pub(crate) platform: &'static str,
    /// Which way.
    pub(crate) direction: Direction,
    /// What carried it.
    pub(crate) transport: Transport,
    /// What it was.
    pub(crate) kind: Kind,
    /// Who was at the other end.
    pub(crate) peer: String,
    /// The action or event.
    pub(crate) title: String,
    /// The HTTP method; empty for what is not an HTTP request.
    pub(crate) method: String,
    /// Path and query, or the whole address where it left the sandbox.
    pub(crate) url: String,
    /// Without secrets.
    #[serde(serialize_with = "pairs")]
    pub(crate) headers: Vec<Header>,
    /// As text, cut when it is long.
    pub(crate) body: String,
    /// The HTTP status; 0 for none.
    pub(crate) status: u16,
    /// What became of it.
    pub(crate) verdict: Verdict,
    /// More about that, in words.
    pub(crate) note: String,
    /// The request this answers.
    pub(crate) pair: Option<u64>,
    /// The platform's ids of the messages it carried.
    pub(crate) message: Vec<String>,
    /// By what the receiver knows the sender.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) checks: Vec<Check>,
}

/// A header's name and value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header(pub(crate) String, pub(crate) String);

fn pairs<S: Serializer>(headers: &[Header], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(headers.len()))?;
    for Header(name, value) in headers {
        list.serialize_element(&(name, value))?;
    }
    list.end()
}

impl Entry {
    /// An entry that says no more than what it was.
    pub(crate) fn new(
        platform: &'static str,
        direction: Direction,
        transport: Transport,
        kind: Kind,
    ) -> Self {
        Self {
            id: 0,
            time: 0.0,
            platform,
            direction,
            transport,
            kind,
            peer: String::new(),
            title: String::new(),
            method: String::new(),
            url: String::new(),
            headers: Vec::new(),
            body: String::new(),
            status: 0,
            verdict: Verdict::Ok,
            note: String::new(),
            pair: None,
            message: Vec::new(),
            checks: Vec::new(),
        }
    }

    fn bytes(&self) -> usize {
        let headers = self.headers.iter().map(|Header(n, v)| n.len() + v.len());
        self.body.len() + self.url.len() + self.title.len() + headers.sum::<usize>() + 256
    }
}

/// The text of a body, cut to what is kept.
pub(crate) fn text(body: &Bytes) -> String {
    let kept = body.get(..LONGEST_BODY).unwrap_or(body);
    let mut text = String::from_utf8_lossy(kept).into_owned();
    if kept.len() < body.len() {
        // The cut may have gone through a character.
        while text.ends_with(char::REPLACEMENT_CHARACTER) {
            text.pop();
        }
        text.push_str(REDACTED);
    }
    text
}

/// The headers without what is secret in them.
pub(crate) fn headers(headers: &HeaderMap) -> Vec<Header> {
    headers
        .iter()
        .map(|(name, value)| {
            let shown = if is_secret(name) {
                REDACTED.to_owned()
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            Header(name.as_str().to_owned(), shown)
        })
        .collect()
}

fn is_secret(name: &HeaderName) -> bool {
    let secrets = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];
    let word = name.as_str();
    secrets.contains(name)
        || word == "sign"
        || word.contains("signature")
        || word.ends_with("access-token")
}

/// Path and query without what is secret in the query.
pub(crate) fn url(path_and_query: &str) -> String {
    let Some((path, query)) = path_and_query.split_once('?') else {
        return path_and_query.to_owned();
    };
    format!("{path}?{}", form(query))
}

/// A query, or a form that is written like one, without what is secret in it.
pub(crate) fn form(pairs: &str) -> String {
    let shown: Vec<String> = pairs
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if SECRET_PARAMETERS.contains(&name) => format!("{name}={REDACTED}"),
            _ => pair.to_owned(),
        })
        .collect();
    shown.join("&")
}

/// JSON without the texts that stand under these names, however deep, also in
/// texts that are JSON themselves. What is no JSON any more, because it was
/// cut, is as good.
pub(crate) fn without(mut json: String, names: &[&str]) -> String {
    for name in names {
        let key = format!("\"{name}");
        let mut from = 0;
        while let Some(found) = json.get(from..).and_then(|rest| rest.find(&key)) {
            from += found + key.len();
            if let Some(value) = json.get(from..).and_then(text_under_key) {
                let (start, end) = (from + value.start, from + value.end);
                json.replace_range(start..end, REDACTED);
                from = start + REDACTED.len();
            }
        }
    }
    json
}

/// XML without what stands in the elements of these names.
pub(crate) fn without_elements(mut xml: String, names: &[&str]) -> String {
    for name in names {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let mut from = 0;
        while let Some(found) = xml.get(from..).and_then(|rest| rest.find(&open)) {
            let start = from + found + open.len();
            let inside = xml.get(start..).unwrap_or_default();
            // What breaks off was cut.
            let length = inside.find(&close).unwrap_or(inside.len());
            xml.replace_range(start..start + length, REDACTED);
            from = start + REDACTED.len();
        }
    }
    xml
}

/// Where the text is that stands under the key whose name ends here, without
/// its quotes. In a text that is JSON itself, each of them has the same number
/// of backslashes before it.
fn text_under_key(rest: &str) -> Option<Range<usize>> {
    let escapes = rest.len() - rest.trim_start_matches('\\').len();
    let quote = rest.get(..=escapes).filter(|quote| quote.ends_with('"'))?;
    let value = rest.strip_prefix(quote)?.trim_start();
    let value = value.strip_prefix(':')?.trim_start();
    let text = value.strip_prefix(quote)?;
    let start = rest.len() - text.len();
    let mut run = 0;
    for (at, character) in text.char_indices() {
        match character {
            '\\' => run += 1,
            '"' if closes(run, escapes) => return Some(start..start + at - run.min(escapes)),
            _ => run = 0,
        }
    }
    Some(start..rest.len())
}

/// Whether a quote after so many backslashes ends a text whose own quotes have
/// `escapes` before them. With fewer it ends all around it; with more it is the
/// text's own, unless those are pairs, each of which is one backslash in it.
fn closes(run: usize, escapes: usize) -> bool {
    match run.checked_sub(escapes) {
        None => true,
        Some(more) => (more / (escapes + 1)).is_multiple_of(2),
    }
}

/// A part of the journal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stretch {
    /// What came after this id.
    After(u64),
    /// What came before it.
    Before(u64),
}

impl Stretch {
    /// All of it, looked at from the end.
    pub(crate) const ALL: Self = Self::Before(u64::MAX);
}

/// The last entries.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    last_id: u64,
    bytes: usize,
}

impl Journal {
    /// Keeps an entry; answers it with its id.
    pub(crate) fn add(&mut self, mut entry: Entry) -> &Entry {
        self.last_id += 1;
        entry.id = self.last_id;
        self.bytes += entry.bytes();
        while self.entries.len() >= MOST_ENTRIES
            || (self.bytes > MOST_BYTES && !self.entries.is_empty())
        {
            if let Some(oldest) = self.entries.pop_front() {
                self.bytes -= oldest.bytes();
            }
        }
        self.entries.push_back(entry);
        &self.entries[self.entries.len() - 1]
    }

    /// The first `limit` entries of a stretch, or the last ones.
    pub(crate) fn page(
        &self,
        platform: Option<&str>,
        stretch: Stretch,
        limit: usize,
    ) -> Vec<&Entry> {
        let wanted = |entry: &&Entry| platform.is_none_or(|platform| platform == entry.platform);
        let position = |id: u64| self.entries.partition_point(|entry| entry.id < id);
        match stretch {
            Stretch::After(id) => {
                let start = position(id.saturating_add(1));
                let first = self.entries.range(start..).filter(wanted).take(limit);
                first.collect()
            }
            Stretch::Before(id) => {
                let older = self.entries.range(..position(id)).rev();
                let mut last: Vec<_> = older.filter(wanted).take(limit).collect();
                last.reverse();
                last
            }
        }
    }

    /// All entries, oldest first.
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Forgets everything; ids go on counting.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(body: &str) -> Entry {
        Entry {
            body: body.to_owned(),
            ..Entry::new("onebot", Direction::In, Transport::Http, Kind::Request)
        }
    }

    fn ids(entries: &[&Entry]) -> Vec<u64> {
        entries.iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn entries_are_read_from_the_end_or_after_an_id() {
        let mut journal = Journal::default();
        for n in 0..5 {
            assert_eq!(journal.add(entry("")).id, n + 1);
        }
        assert_eq!(ids(&journal.page(None, Stretch::ALL, 2)), [4, 5]);
        assert_eq!(ids(&journal.page(None, Stretch::After(1), 2)), [2, 3]);
        assert_eq!(ids(&journal.page(None, Stretch::Before(4), 2)), [2, 3]);
        assert!(journal.page(None, Stretch::Before(1), 2).is_empty());
        assert_eq!(
            ids(&journal.page(Some("onebot"), Stretch::After(4), 9)),
            [5]
        );
        assert!(journal.page(Some("wecom"), Stretch::ALL, 9).is_empty());
        assert!(journal.page(None, Stretch::After(99), 9).is_empty());
    }

    #[test]
    fn ids_go_on_counting_after_everything_was_forgotten() {
        let mut journal = Journal::default();
        journal.add(entry("a"));
        journal.clear();
        assert_eq!(journal.add(entry("b")).id, 2);
        assert_eq!(journal.page(None, Stretch::ALL, 9).len(), 1);
    }

    #[test]
    fn the_oldest_entries_make_room() {
        let mut journal = Journal::default();
        for _ in 0..=MOST_ENTRIES {
            journal.add(entry(""));
        }
        assert_eq!(journal.entries.len(), MOST_ENTRIES);
        assert_eq!(journal.entries[0].id, 2);
        let long = "x".repeat(LONGEST_BODY);
        for _ in 0..1000 {
            journal.add(entry(&long));
        }
        assert!(journal.bytes <= MOST_BYTES, "{}", journal.bytes);
        assert_eq!(
            journal.bytes,
            journal.entries.iter().map(Entry::bytes).sum::<usize>()
        );
    }

    #[test]
    fn a_long_body_is_cut_between_characters() {
        let body = Bytes::from("八".repeat(LONGEST_BODY));
        let text = text(&body);
        assert!(text.len() <= LONGEST_BODY + REDACTED.len());
        assert!(text.ends_with("八…"), "{:?}", &text[text.len() - 9..]);
        assert_eq!(super::text(&Bytes::from_static(b"short")), "short");
    }

    #[test]
    fn secrets_do_not_show() {
        let mut map = HeaderMap::new();
        map.insert("authorization", "Bearer sandbox-token".parse().unwrap());
        map.insert("x-signature", "sha1=00".parse().unwrap());
        map.insert("sign", "abc=".parse().unwrap());
        map.insert("x-acs-dingtalk-access-token", "abc".parse().unwrap());
        map.insert("x-self-id", "10000".parse().unwrap());
        let shown = headers(&map);
        let find = |name: &str| {
            shown
                .iter()
                .find(|Header(n, _)| n == name)
                .unwrap()
                .1
                .clone()
        };
        assert_eq!(find("authorization"), REDACTED);
        assert_eq!(find("x-signature"), REDACTED);
        assert_eq!(find("sign"), REDACTED);
        assert_eq!(find("x-acs-dingtalk-access-token"), REDACTED);
        assert_eq!(find("x-self-id"), "10000");
        assert_eq!(
            url("/send_msg?a=1&access_token=abc&b"),
            "/send_msg?a=1&access_token=…&b"
        );
        assert_eq!(url("/send_msg"), "/send_msg");
        assert_eq!(
            url("/gettoken?corpid=ww&corpsecret=abc&key=&monkey=b"),
            "/gettoken?corpid=ww&corpsecret=…&key=…&monkey=b"
        );
        assert_eq!(form("session=abc&method=m"), "session=…&method=m");
    }

    #[test]
    fn secrets_in_json_do_not_show_and_everything_else_stays() {
        let shown = |json: &str| without(json.to_owned(), &["secret", "token"]);
        for (json, expected) in [
            (
                r#"{"b": 1, "secret" : "s\"t", "a": ["x"]}"#,
                r#"{"b": 1, "secret" : "…", "a": ["x"]}"#,
            ),
            (
                r#"{"body":{"token":"t","secret":"s"}}"#,
                r#"{"body":{"token":"…","secret":"…"}}"#,
            ),
            (r#"{"secret":"cut in the midd"#, r#"{"secret":"…"#),
            (r#"{"secret":"\\","a":"b"}"#, r#"{"secret":"…","a":"b"}"#),
            (r#"{"a":"secret","token":7}"#, r#"{"a":"secret","token":7}"#),
            (r#"{"secretary":"alice"}"#, r#"{"secretary":"alice"}"#),
            (
                r#"{"data":"{\"secret\": \"s\\\"t\\\\\",\"a\":\"b\"}"}"#,
                r#"{"data":"{\"secret\": \"…\",\"a\":\"b\"}"}"#,
            ),
            (
                r#"{"a":"{\"b\":\"{\\\"token\\\":\\\"t\\\"}\"}"}"#,
                r#"{"a":"{\"b\":\"{\\\"token\\\":\\\"…\\\"}\"}"}"#,
            ),
            (
                r#"{"a":"{\"secret\":\"cut","b":"c"}"#,
                r#"{"a":"{\"secret\":\"…","b":"c"}"#,
            ),
            ("secret", "secret"),
            (r#""secret""#, r#""secret""#),
        ] {
            assert_eq!(shown(json), expected);
        }
    }

    #[test]
    fn secrets_in_elements_do_not_show() {
        let names = ["ResponseCode"];
        let shown = |xml: &str| without_elements(xml.to_owned(), &names);
        assert_eq!(
            shown("<xml><ResponseCode><![CDATA[abc]]></ResponseCode><Id>7</Id></xml>"),
            "<xml><ResponseCode>…</ResponseCode><Id>7</Id></xml>"
        );
        assert_eq!(shown("<xml><ResponseCode><![CDA"), "<xml><ResponseCode>…");
        assert_eq!(shown("<xml/>"), "<xml/>");
    }

    #[test]
    fn nothing_is_looked_at_after_what_failed() {
        let told = |given: &[(&str, bool)]| {
            let checks = checks(given).into_iter();
            checks.map(|it| (it.what, it.ok)).collect::<Vec<_>>()
        };
        let found = told(&[("token", false), ("signature", true), ("address", false)]);
        let expected = [("token", Some(true)), ("signature", Some(false))];
        assert_eq!(found, expected.map(|(what, ok)| (what.to_owned(), ok)));
        assert!(told(&[]).is_empty());
    }

    #[test]
    fn it_is_written_as_the_page_reads_it() {
        let mut journal = Journal::default();
        let entry = Entry {
            headers: vec![Header("a".to_owned(), "b".to_owned())],
            ..Entry::new("onebot", Direction::Out, Transport::WsReverse, Kind::Event)
        };
        let json = serde_json::to_value(journal.add(entry)).unwrap();
        assert_eq!(json["direction"], "out");
        assert_eq!(json["transport"], "ws-reverse");
        assert_eq!(json["kind"], "event");
        assert_eq!(json["verdict"], "ok");
        assert_eq!(json["headers"], serde_json::json!([["a", "b"]]));
        assert_eq!(json["pair"], serde_json::Value::Null);
        assert_eq!(json["message"], serde_json::json!([]));
        assert_eq!(json.get("checks"), None);
    }
}
