//! The frames of the long connection, which both ends read and write
//! (<https://developer.work.weixin.qq.com/document/path/101463>).

use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The commands that are not an endpoint.
pub(super) mod cmd {
    pub(crate) const SUBSCRIBE: &str = "aibot_subscribe";
    pub(crate) const PING: &str = "ping";
    pub(crate) const MESSAGE: &str = "aibot_msg_callback";
    pub(crate) const EVENT: &str = "aibot_event_callback";
    pub(crate) const RESPOND: &str = "aibot_respond_msg";
    pub(crate) const WELCOME: &str = "aibot_respond_welcome_msg";
    pub(crate) const UPDATE: &str = "aibot_respond_update_msg";
}

/// As much of a frame as tells what it is. The members stay as they stand, so
/// that one of the wrong kind does not spoil the others.
#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow, default)]
    cmd: Option<&'a RawValue>,
    #[serde(borrow, default)]
    headers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
    #[serde(borrow, default)]
    errcode: Option<&'a RawValue>,
    #[serde(borrow, default)]
    errmsg: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Headers<'a> {
    #[serde(borrow, default)]
    req_id: Option<&'a RawValue>,
}

/// A frame, taken apart. The JSON of the parts is what came, byte for byte.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) cmd: Option<String>,
    /// The `req_id` as JSON.
    pub(super) req_id: Option<Bytes>,
    pub(super) body: Option<Bytes>,
    pub(super) errcode: Option<Bytes>,
    pub(super) errmsg: Option<Bytes>,
}

impl Parts {
    /// `None` if the frame is not a JSON object.
    pub(super) fn of(frame: &Bytes) -> Option<Self> {
        Self::read(frame).or_else(|| Self::read(&without_controls(frame)?))
    }

    fn read(frame: &Bytes) -> Option<Self> {
        let wire: Wire<'_> = object(frame)?;
        let raw = |value: &RawValue| frame.slice_ref(value.get().as_bytes());
        let headers: Option<Headers<'_>> = wire
            .headers
            .and_then(|headers| object(headers.get().as_bytes()));
        Some(Self {
            cmd: wire
                .cmd
                .and_then(|cmd| serde_json::from_str(cmd.get()).ok()),
            req_id: headers.and_then(|headers| headers.req_id).map(raw),
            body: wire.body.map(raw),
            errcode: wire.errcode.map(raw),
            errmsg: wire.errmsg.map(raw),
        })
    }

    /// The `req_id` as text.
    pub(super) fn req_id(&self) -> Option<String> {
        serde_json::from_slice(self.req_id.as_ref()?).ok()
    }

    /// The body, if it is an object.
    pub(super) fn object(&self) -> Option<&Bytes> {
        self.body.as_ref().filter(|body| body.starts_with(b"{"))
    }
}

/// The vendor's SDK takes control characters out before it reads, so somebody
/// must have sent some. Between tokens they mean nothing, within strings they
/// are forbidden.
fn without_controls(frame: &Bytes) -> Option<Bytes> {
    let clean: Vec<u8> = frame.iter().copied().filter(|byte| *byte >= b' ').collect();
    (clean.len() < frame.len()).then(|| clean.into())
}

/// Reads a JSON object. Derived readers alone would take an array for a
/// struct as well.
fn object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    bytes.trim_ascii_start().starts_with(b"{").then_some(())?;
    serde_json::from_slice(bytes).ok()
}

/// `{"cmd":…,"headers":{"req_id":…},"body":…}`.
pub(super) fn command(cmd: &str, req_id: &str, body: Option<&[u8]>) -> Bytes {
    let mut frame = Vec::with_capacity(body.map_or(0, <[u8]>::len) + req_id.len() + 96);
    frame.extend_from_slice(b"{\"cmd\":");
    frame.extend_from_slice(&text(cmd));
    frame.extend_from_slice(b",\"headers\":{\"req_id\":");
    frame.extend_from_slice(&text(req_id));
    frame.push(b'}');
    if let Some(body) = body {
        frame.extend_from_slice(b",\"body\":");
        frame.extend_from_slice(body);
    }
    frame.push(b'}');
    frame.into()
}

/// `{"headers":{"req_id":…},"body":…,"errcode":…,"errmsg":…}`.
pub(super) fn acknowledgement(
    req_id: &[u8],
    body: Option<&[u8]>,
    errcode: i64,
    errmsg: &str,
) -> Bytes {
    let mut frame = b"{\"headers\":{\"req_id\":".to_vec();
    frame.extend_from_slice(req_id);
    frame.push(b'}');
    if let Some(body) = body {
        frame.extend_from_slice(b",\"body\":");
        frame.extend_from_slice(body);
    }
    frame.extend_from_slice(format!(",\"errcode\":{errcode},\"errmsg\":").as_bytes());
    frame.extend_from_slice(&text(errmsg));
    frame.push(b'}');
    frame.into()
}

/// The JSON of a text.
pub(super) fn text(text: &str) -> Cow<'_, [u8]> {
    // A text always has a JSON form.
    serde_json::to_vec(text).map_or(Cow::Borrowed(b"\"\""), Cow::Owned)
}
