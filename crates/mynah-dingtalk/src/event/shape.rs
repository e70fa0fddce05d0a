//! The shapes of an event.

use serde_json::{Map, Value};

use super::{Callback, Format, Kind};
use crate::members::{DecodeError, Members, Object, digits, number};

const EVENT_TYPE: &str = "EventType";
const EVENT_ID: &str = "eventId";
const EVENT_TIME: &str = "EventTime";
const CORP_ID: &str = "CorpId";
const BIZ_ID: &str = "BizId";
const BIZ_DATA: &str = "biz_data";
const SYNC_ACTION: &str = "syncAction";

/// Reads an event that did not come over Stream.
pub(super) fn read(object: Map<String, Value>) -> Result<Callback, DecodeError> {
    let mut members = Members::of(object);
    if !members.has(EVENT_TYPE)
        && let Some(data) = members.take::<Map<String, Value>>(BIZ_DATA)
    {
        return read_row(members, data);
    }
    let word: String = members
        .take(EVENT_TYPE)
        .ok_or(DecodeError::NoKind(EVENT_TYPE))?;
    let named = [EVENT_ID, EVENT_TIME, BIZ_ID];
    let format = if named.into_iter().any(|name| members.has(name)) {
        Format::Console
    } else {
        Format::Registered
    };
    members.capitals = Kind::capitals(&word, format);
    let mut callback = Callback {
        format,
        corp_id: members.take(CORP_ID),
        ..Callback::new(Kind::CheckUrl)
    };
    if format == Format::Console {
        callback.event_id = members.take(EVENT_ID);
        callback.event_time = members.take(EVENT_TIME);
        callback.biz_id = members.take(BIZ_ID);
    }
    Ok(callback.with(word, members))
}

/// Reads a row of the database.
fn read_row(mut outer: Members, data: Map<String, Value>) -> Result<Callback, DecodeError> {
    let format = Format::DataPush;
    let mut members = Members::of(data);
    let word: String = members
        .take(SYNC_ACTION)
        .ok_or(DecodeError::NoKind(SYNC_ACTION))?;
    members.capitals = Kind::capitals(&word, format);
    let callback = Callback {
        format,
        event_id: members.take(EVENT_ID),
        corp_id: outer.take("corp_id"),
        biz_id: outer.take("biz_id"),
        biz_type: outer.take("biz_type"),
        ..Callback::new(Kind::CheckUrl)
    };
    Ok(callback.with(word, members))
}

/// What the headers of a Stream frame say of its event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StreamHeaders {
    pub(crate) kind: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) corp_id: Option<String>,
    pub(crate) born_time: Option<String>,
    pub(crate) unified_app_id: Option<String>,
}

impl Callback {
    /// Reads what came over Stream.
    pub(crate) fn from_stream(
        headers: StreamHeaders,
        data: Map<String, Value>,
    ) -> Result<Self, DecodeError> {
        let word = headers.kind;
        let word = word.ok_or(DecodeError::NoKind("eventType"))?;
        let callback = Self {
            format: Format::Stream,
            event_id: headers.id,
            corp_id: headers.corp_id,
            event_time: headers.born_time.and_then(|time| time.parse().ok()),
            unified_app_id: headers.unified_app_id,
            ..Self::new(Kind::CheckUrl)
        };
        Ok(callback.with(word, Members::of(data)))
    }

    /// What the headers of its Stream frame say.
    pub(crate) fn stream_headers(&self) -> StreamHeaders {
        StreamHeaders {
            kind: Some(self.name().to_owned()),
            id: self.event_id.clone(),
            corp_id: self.corp_id.clone(),
            born_time: digits(self.event_time),
            unified_app_id: self.unified_app_id.clone(),
        }
    }

    /// With what happened, and all that is left.
    fn with(self, word: String, mut members: Members) -> Self {
        let kind = Kind::read(word, self.format, &mut members);
        Self {
            kind,
            extra: members.rest,
            ..self
        }
    }

    /// The event as JSON, in its [format](Self::format); for Stream what goes
    /// into the `data` of the frame.
    pub fn to_json(&self) -> Value {
        let mut object = Object {
            capitals: Kind::capitals(self.name(), self.format),
            ..Object::default()
        };
        if let Format::Registered | Format::Console = self.format {
            object.put(EVENT_TYPE, Some(self.name()));
            object.put(CORP_ID, self.corp_id.clone());
        }
        if self.format == Format::Console {
            object.put(EVENT_TIME, self.event_time);
            object.put(BIZ_ID, self.biz_id.clone());
        }
        if let Format::Console | Format::DataPush = self.format {
            object.put(EVENT_ID, self.event_id.clone());
        }
        if self.format == Format::DataPush {
            object.put(SYNC_ACTION, Some(self.name()));
        }
        self.kind.write(self.format, &mut object);
        object.rest(&self.extra);
        if self.format == Format::DataPush {
            return self.row(object.members);
        }
        Value::Object(object.members)
    }

    fn row(&self, data: Map<String, Value>) -> Value {
        let mut outer = Object::default();
        outer.put("corp_id", self.corp_id.clone());
        outer.put("biz_id", self.biz_id.clone());
        outer.put("biz_type", self.biz_type.map(number));
        outer.put(BIZ_DATA, Some(data));
        Value::Object(outer.members)
    }
}
