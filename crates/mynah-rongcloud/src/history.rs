//! What was said within an hour, as the platform keeps it: a file of records,
//! one JSON object a line.
//!
//! The file comes in a ZIP of one member, which `Archive` opens and `pack`
//! makes; both are there with the feature `history`. Records are read one by
//! one, so that no hour is too long, and each has a limit:
//!
//! ```
//! use mynah_rongcloud::history::{Record, Records};
//! use mynah_rongcloud::{Content, ConversationType};
//!
//! let said = Record::new("rc-sandbox", "alice", ConversationType::Private, "bob", "hi");
//! let mut log = Vec::new();
//! said.write(&mut log)?;
//!
//! for record in Records::of(log.as_slice()) {
//!     let Content::Text(text) = record?.said() else { panic!() };
//!     assert_eq!(text.content, "hi");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! <https://docs.rongcloud.cn/platform-chat-api/message/get-message-history-log>

#[cfg(feature = "history")]
mod archive;

use std::io::{self, BufRead, Read, Write};

use mynah_core::lenient::{boolean, optional_integer};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::content::{Content, ObjectName};
use crate::event::{NotJson, Source};
use crate::id::{MessageUid, TargetId, UserId};
use crate::types::ConversationType;

#[cfg(feature = "history")]
pub use archive::{Archive, BadArchive, LARGEST_LOG, pack};

/// The longest record, in bytes: a content of 128 KiB, escaped, and what stands
/// around it.
pub const LARGEST_RECORD: usize = 1 << 20;

/// Something that was said
/// (<https://support.rongcloud.cn/ks/MTQxOQ==>).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The application's key.
    #[serde(default)]
    pub app_id: String,
    /// Who said it.
    pub from_user_id: UserId,
    /// To whom or where, as [`target_type`](Self::target_type) says.
    pub target_id: TargetId,
    /// Where it was said.
    pub target_type: ConversationType,
    /// The group, where it was said in one; otherwise empty.
    #[serde(rename = "GroupId", default)]
    pub group_id: String,
    /// The type of the content, such as `RC:TxtMsg`.
    pub classname: ObjectName,
    /// The content: an object here, and text where it is none. [`said`](Self::said) reads it.
    #[serde(default)]
    pub content: Value,
    /// When it was said, as text in Beijing time with milliseconds.
    #[serde(default)]
    pub date_time: Option<String>,
    /// When it was said, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    pub timestamp: Option<i64>,
    /// The message.
    #[serde(rename = "msgUID", default)]
    pub msg_uid: Option<MessageUid>,
    /// Where it was typed.
    #[serde(default)]
    pub source: Option<Source>,
    /// Whether the word filter found something in it; text on the wire.
    #[serde(default, deserialize_with = "boolean", serialize_with = "word")]
    pub is_sensitive_word: bool,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Record {
    /// Something that was said, with nothing around it.
    pub fn new(
        app_id: impl Into<String>,
        from: impl Into<UserId>,
        target_type: ConversationType,
        target: impl Into<TargetId>,
        content: impl Into<Content>,
    ) -> Self {
        let (classname, text) = content.into().into_parts();
        Self {
            app_id: app_id.into(),
            from_user_id: from.into(),
            target_id: target.into(),
            target_type,
            group_id: String::new(),
            classname,
            content: object_or_text(text),
            date_time: None,
            timestamp: None,
            msg_uid: None,
            source: None,
            is_sensitive_word: false,
            extra: Map::new(),
        }
    }

    /// What was said, read by its [type](Self::classname).
    pub fn said(&self) -> Content {
        match &self.content {
            Value::String(text) => Content::read(&self.classname, text),
            object => Content::read(&self.classname, &object.to_string()),
        }
    }

    /// Writes it as one line.
    ///
    /// # Errors
    /// `to` does not take it.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *to, self)?;
        to.write_all(b"\n")
    }
}

/// Text of an object as the object; any other text as text.
fn object_or_text(text: String) -> Value {
    match serde_json::from_str::<Map<String, Value>>(&text) {
        Ok(object) => Value::Object(object),
        Err(_) => Value::String(text),
    }
}

// Serde wants a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn word<S: Serializer>(on: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(on)
}

/// Why there is no record at some line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadRecord {
    /// It is no record; the lines behind it may be.
    #[error("line {line} is no record: {problem}")]
    NotARecord {
        /// Which one, counted from 1.
        line: u64,
        /// Where reading stopped.
        problem: NotJson,
    },
    /// It is longer than [`LARGEST_RECORD`]. Nothing more is read.
    #[error("line {line} is longer than {LARGEST_RECORD} bytes")]
    TooLong {
        /// Which one, counted from 1.
        line: u64,
    },
    /// Reading failed, or what is packed is broken or longer than it may be.
    /// Nothing more is read.
    #[error("line {line} cannot be read: {cause}")]
    Unread {
        /// Which one, counted from 1.
        line: u64,
        /// Why not.
        cause: io::Error,
    },
}

/// The records of a file, one by one. Empty lines are left out; a line that is
/// no record is told of, and the next one is read.
#[derive(Debug)]
pub struct Records<R> {
    reader: Option<R>,
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Records<R> {
    /// Those of a file that is not packed.
    pub const fn of(reader: R) -> Self {
        Self {
            reader: Some(reader),
            line: 0,
            buffer: Vec::new(),
        }
    }

    /// The next line; nothing at the end.
    fn read_line(&mut self) -> Result<Option<&[u8]>, BadRecord> {
        let Some(reader) = &mut self.reader else {
            return Ok(None);
        };
        self.line += 1;
        self.buffer.clear();
        let line = self.line;
        let mut limited = reader.take(LARGEST_RECORD as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|cause| BadRecord::Unread { line, cause })?;
        if read == 0 {
            return Ok(None);
        }
        let text = self.buffer.trim_ascii();
        if self.buffer.len() > LARGEST_RECORD && self.buffer.last() != Some(&b'\n') {
            return Err(BadRecord::TooLong { line });
        }
        Ok(Some(text))
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let text = match self.read_line() {
                Ok(Some([])) => continue,
                Ok(Some(text)) => {
                    serde_json::from_slice(text).map_err(|bad| NotJson::new(&bad, text.len()))
                }
                Ok(None) => {
                    self.reader = None;
                    return None;
                }
                Err(bad) => {
                    self.reader = None;
                    return Some(Err(bad));
                }
            };
            let line = self.line;
            return Some(text.map_err(|problem| BadRecord::NotARecord { line, problem }));
        }
    }
}
