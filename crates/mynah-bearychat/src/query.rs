//! Which messages of a conversation are asked for
//! (<https://github.com/bearyinnovative/OpenAPI/blob/master/api/message.query.md>).
//!
//! Forward is towards newer messages and backward towards older ones. Answers are oldest first,
//! whichever way was asked.

use serde::de::{Deserializer, Error};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::id::{MessageKey, Place};
use crate::limits::MESSAGES;
use crate::time::Millis;

/// How many the newest messages are when nobody says.
pub const LATEST: u32 = 20;

/// Which messages are asked for. What the platform refuses cannot be said.
///
/// ```
/// use mynah_bearychat::{MessageKey, Millis, Query};
///
/// let said = |query: Query| serde_json::to_string(&query).unwrap();
/// assert_eq!(said(Query::latest(10)), r#"{"latest":{"limit":10}}"#);
/// let key = MessageKey::from("1485236262366.0193");
/// assert_eq!(
///     said(Query::since(key).forward(20).into()),
///     r#"{"since":{"key":"1485236262366.0193","forward":20}}"#
/// );
/// assert_eq!(
///     said(Query::window(Millis(1), Millis(9)).backward(5).into()),
///     r#"{"window":{"from_ts":1,"to_ts":9,"backward":5}}"#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// The newest, at most so many: 20 when nothing is said, 100 at most.
    Latest(Option<u32>),
    /// What is around a position.
    Since(Since),
    /// What is between two positions.
    Window(Window),
}

impl Query {
    /// The newest messages: at most 100.
    pub const fn latest(limit: u32) -> Self {
        Self::Latest(Some(limit))
    }

    /// The messages behind a key or a time, or before it.
    pub fn since(position: impl Into<Position>) -> Since {
        Since {
            position: position.into(),
            forward: None,
            backward: None,
        }
    }

    /// The messages between two keys, without them, or between two times.
    pub fn window<P>(from: P, to: P) -> Window
    where
        Span: From<(P, P)>,
    {
        Window {
            span: (from, to).into(),
            take: None,
        }
    }
}

/// What is around a position: up to 100 newer messages, if nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    position: Position,
    forward: Option<u32>,
    backward: Option<u32>,
}

impl Since {
    /// The nearest newer messages: at most 100.
    #[must_use]
    pub fn forward(self, count: u32) -> Self {
        Self {
            forward: Some(count),
            ..self
        }
    }

    /// The nearest older messages: at most 100.
    #[must_use]
    pub fn backward(self, count: u32) -> Self {
        Self {
            backward: Some(count),
            ..self
        }
    }
}

impl From<Since> for Query {
    fn from(since: Since) -> Self {
        Self::Since(since)
    }
}

/// A place in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// The message with this key, which is not asked for itself. It need not exist.
    Key(MessageKey),
    /// This time; what was said at it is asked for.
    Time(Millis),
}

impl From<MessageKey> for Position {
    fn from(key: MessageKey) -> Self {
        Self::Key(key)
    }
}

impl From<&MessageKey> for Position {
    fn from(key: &MessageKey) -> Self {
        Self::Key(key.clone())
    }
}

impl From<Millis> for Position {
    fn from(millis: Millis) -> Self {
        Self::Time(millis)
    }
}

/// What is between two positions: the first 100 of it, if nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    span: Span,
    take: Option<Take>,
}

impl Window {
    /// The first so many: at most 100.
    #[must_use]
    pub fn forward(self, count: u32) -> Self {
        Self {
            take: Some(Take::First(count)),
            ..self
        }
    }

    /// The last so many: at most 100.
    #[must_use]
    pub fn backward(self, count: u32) -> Self {
        Self {
            take: Some(Take::Last(count)),
            ..self
        }
    }
}

impl From<Window> for Query {
    fn from(window: Window) -> Self {
        Self::Window(window)
    }
}

/// Two positions of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Two messages, which are not asked for themselves.
    Keys(MessageKey, MessageKey),
    /// Two times; what was said at them is asked for.
    Times(Millis, Millis),
}

impl From<(MessageKey, MessageKey)> for Span {
    fn from((from, to): (MessageKey, MessageKey)) -> Self {
        Self::Keys(from, to)
    }
}

impl From<(Millis, Millis)> for Span {
    fn from((from, to): (Millis, Millis)) -> Self {
        Self::Times(from, to)
    }
}

/// From which end of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Take {
    First(u32),
    Last(u32),
}

impl Query {
    /// Server side: what is asked for of messages that are in order, the oldest first; `place`
    /// tells where each stands. The answer is oldest first too.
    ///
    /// ```
    /// use mynah_bearychat::{MessageKey, Query};
    ///
    /// let keys = ["1485236261000.0001", "1485236262000.0002", "1485236263000.0003"];
    /// let keys = keys.map(MessageKey::from);
    /// let newer = Query::from(Query::since(&keys[0]).forward(1));
    /// let found = newer.select(&keys, |key| key.place().unwrap());
    /// assert_eq!(found, [&keys[1]]);
    /// ```
    pub fn select<'m, T>(&self, messages: &'m [T], place: impl Fn(&T) -> Place) -> Vec<&'m T> {
        let cut = |bound: Bound| messages.partition_point(|message| bound.admits(place(message)));
        let length = messages.len();
        let (first, second) = match self {
            Self::Latest(limit) => {
                let count = counted(limit.unwrap_or(LATEST));
                (length.saturating_sub(count)..length, 0..0)
            }
            Self::Since(since) => {
                // What was said at a time is on both sides of it, a message is on none of its own.
                let (older, newer) = match &since.position {
                    Position::Key(key) => (cut(Bound::before(key)), cut(Bound::until(key))),
                    Position::Time(time) => (cut(Bound::Until(*time)), cut(Bound::Before(*time))),
                };
                let forward = match (since.forward, since.backward) {
                    (None, None) => MESSAGES,
                    (forward, _) => forward.unwrap_or(0),
                };
                let backward = since.backward.unwrap_or(0);
                (
                    older.saturating_sub(counted(backward))..older,
                    newer..length.min(newer + counted(forward)),
                )
            }
            Self::Window(window) => {
                let (from, to) = match &window.span {
                    Span::Keys(from, to) => (cut(Bound::until(from)), cut(Bound::before(to))),
                    Span::Times(from, to) => (cut(Bound::Before(*from)), cut(Bound::Until(*to))),
                };
                let within = match window.take.unwrap_or(Take::First(MESSAGES)) {
                    Take::First(count) => from..to.min(from + counted(count)),
                    Take::Last(count) => from.max(to.saturating_sub(counted(count)))..to,
                };
                (within, 0..0)
            }
        };
        let all = messages.iter().enumerate();
        all.filter(|(at, _)| first.contains(at) || second.contains(at))
            .map(|(_, message)| message)
            .collect()
    }
}

/// So many, but no more than there may be.
fn counted(count: u32) -> usize {
    count.min(MESSAGES) as usize
}

/// Where a stretch of messages ends.
#[derive(Clone, Copy)]
enum Bound {
    /// Before a time.
    Before(Millis),
    /// With a time.
    Until(Millis),
    /// Before a message.
    BeforePlace(Place),
    /// With a message.
    UntilPlace(Place),
    /// At once: there is no such place.
    Nowhere,
}

impl Bound {
    fn before(key: &MessageKey) -> Self {
        key.place().map_or(Self::Nowhere, Self::BeforePlace)
    }

    fn until(key: &MessageKey) -> Self {
        key.place().map_or(Self::Nowhere, Self::UntilPlace)
    }

    fn admits(self, place: Place) -> bool {
        match self {
            Self::Before(time) => place.millis < time,
            Self::Until(time) => place.millis <= time,
            Self::BeforePlace(end) => place < end,
            Self::UntilPlace(end) => place <= end,
            Self::Nowhere => false,
        }
    }
}

/// A query at the wire: one member of the name of its method.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Written<'q> {
    Latest(LatestWire),
    Since(SinceWire<'q>),
    Window(WindowWire<'q>),
}

#[skip_serializing_none]
#[derive(Serialize)]
struct LatestWire {
    limit: Option<u32>,
}

#[skip_serializing_none]
#[derive(Default, Serialize)]
struct SinceWire<'q> {
    key: Option<&'q MessageKey>,
    ts: Option<Millis>,
    forward: Option<u32>,
    backward: Option<u32>,
}

#[skip_serializing_none]
#[derive(Default, Serialize)]
struct WindowWire<'q> {
    from_key: Option<&'q MessageKey>,
    to_key: Option<&'q MessageKey>,
    from_ts: Option<Millis>,
    to_ts: Option<Millis>,
    forward: Option<u32>,
    backward: Option<u32>,
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Self::Latest(limit) => Written::Latest(LatestWire { limit: *limit }),
            Self::Since(since) => {
                let (key, ts) = match &since.position {
                    Position::Key(key) => (Some(key), None),
                    Position::Time(time) => (None, Some(*time)),
                };
                Written::Since(SinceWire {
                    key,
                    ts,
                    forward: since.forward,
                    backward: since.backward,
                })
            }
            Self::Window(window) => {
                let (forward, backward) = match window.take {
                    None => (None, None),
                    Some(Take::First(count)) => (Some(count), None),
                    Some(Take::Last(count)) => (None, Some(count)),
                };
                let taken = WindowWire {
                    forward,
                    backward,
                    ..WindowWire::default()
                };
                Written::Window(match &window.span {
                    Span::Keys(from, to) => WindowWire {
                        from_key: Some(from),
                        to_key: Some(to),
                        ..taken
                    },
                    Span::Times(from, to) => WindowWire {
                        from_ts: Some(*from),
                        to_ts: Some(*to),
                        ..taken
                    },
                })
            }
        };
        written.serialize(serializer)
    }
}

/// Of several methods the first counts, in the order window, since, latest; of a key and a time the
/// key does. Counts above 100 are read, and answered with 100.
impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut methods = Map::deserialize(deserializer)?;
        let mut method = |name: &str| methods.remove(name).filter(|value| !value.is_null());
        let read = if let Some(window) = method("window") {
            read_window(&window).map(Self::Window)
        } else if let Some(since) = method("since") {
            read_since(&since).map(Self::Since)
        } else if let Some(latest) = method("latest") {
            object(&latest)
                .and_then(|fields| count(fields, "limit"))
                .map(Self::Latest)
        } else {
            Err("must have one of `latest`, `since` and `window`")
        };
        read.map_err(D::Error::custom)
    }
}

/// Why a query is refused.
type Problem = &'static str;

fn read_since(value: &Value) -> Result<Since, Problem> {
    let fields = object(value)?;
    let position = match key(fields, "key")? {
        Some(key) => Position::Key(key),
        None => match time(fields, "ts")? {
            Some(time) => Position::Time(time),
            None => return Err("`since` must have `key` or `ts`"),
        },
    };
    Ok(Since {
        position,
        forward: count(fields, "forward")?,
        backward: count(fields, "backward")?,
    })
}

fn read_window(value: &Value) -> Result<Window, Problem> {
    let fields = object(value)?;
    let has = |name| given(fields, name).is_some();
    let span = if has("from_key") && has("to_key") {
        let (from, to) = (key(fields, "from_key")?, key(fields, "to_key")?);
        from.zip(to).map(|(from, to)| Span::Keys(from, to))
    } else {
        let (from, to) = (time(fields, "from_ts")?, time(fields, "to_ts")?);
        from.zip(to).map(|(from, to)| Span::Times(from, to))
    };
    let take = match (count(fields, "forward")?, count(fields, "backward")?) {
        (Some(_), Some(_)) => return Err("`window` takes one of `forward` and `backward`"),
        (forward, backward) => forward.map(Take::First).or(backward.map(Take::Last)),
    };
    match span {
        Some(span) => Ok(Window { span, take }),
        None => Err("`window` must have `from_key` and `to_key`, or `from_ts` and `to_ts`"),
    }
}

fn object(value: &Value) -> Result<&Map<String, Value>, Problem> {
    value.as_object().ok_or("a method must be an object")
}

fn given<'f>(fields: &'f Map<String, Value>, name: &str) -> Option<&'f Value> {
    fields.get(name).filter(|value| !value.is_null())
}

fn key(fields: &Map<String, Value>, name: &str) -> Result<Option<MessageKey>, Problem> {
    let Some(value) = given(fields, name) else {
        return Ok(None);
    };
    let key = value.as_str().map(MessageKey::from);
    match key.filter(|key| key.place().is_some()) {
        Some(key) => Ok(Some(key)),
        None => Err("a key must be 13 digits, a dot and 4 digits"),
    }
}

fn time(fields: &Map<String, Value>, name: &str) -> Result<Option<Millis>, Problem> {
    let read = given(fields, name).map(Millis::deserialize).transpose();
    read.map_err(|_| "a time must be milliseconds since 1970")
}

fn count(fields: &Map<String, Value>, name: &str) -> Result<Option<u32>, Problem> {
    let Some(value) = given(fields, name) else {
        return Ok(None);
    };
    match value.as_u64() {
        Some(count) => Ok(Some(count.try_into().unwrap_or(u32::MAX))),
        None => Err("a count must be an integer that is not negative"),
    }
}
