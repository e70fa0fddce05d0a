//! Walking through a conversation, page by page.

use crate::api::message::QueryMessages;
use crate::id::{MessageKey, VchannelId};
use crate::limits::MESSAGES;
use crate::query::{Position, Query};
use crate::time::Millis;
use crate::types::Message;

/// Walks through a conversation page by page: what to ask next, and what the answer means for that.
///
/// It goes by keys, because a page that begins at a time has the messages of that moment again. It
/// ends with the first page that is not full. Whatever the answers are, it does not go in circles:
/// a page that leads nowhere ends it too.
///
/// ```
/// use mynah_bearychat::types::Message;
/// use mynah_bearychat::{MessageKey, Pager};
///
/// let message = |key: &str| Message { key: key.into(), ..Message::default() };
/// let seen = MessageKey::from("1485236261000.0001");
/// let mut pager = Pager::newer_than("=bw52O", seen).size(2);
///
/// let first = pager.ask().unwrap();
/// assert_eq!(
///     serde_json::to_string(&first.query)?,
///     r#"{"since":{"key":"1485236261000.0001","forward":2}}"#
/// );
/// pager.turn(&[message("1485236262000.0002"), message("1485236263000.0003")]);
/// let second = pager.ask().unwrap();
/// assert_eq!(
///     serde_json::to_string(&second.query)?,
///     r#"{"since":{"key":"1485236263000.0003","forward":2}}"#
/// );
/// pager.turn(&[]);
/// assert!(pager.ask().is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pager {
    vchannel_id: VchannelId,
    size: u32,
    way: Way,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Towards newer messages, from here.
    Newer(Position),
    /// Towards older ones: from here, or from the newest.
    Older(Option<MessageKey>),
    /// There is nothing more.
    Ended,
}

impl Pager {
    /// Towards newer messages than this one.
    pub fn newer_than(vchannel_id: impl Into<VchannelId>, key: impl Into<MessageKey>) -> Self {
        Self::walking(vchannel_id, Way::Newer(Position::Key(key.into())))
    }

    /// Towards newer messages, from a time on.
    pub fn since(vchannel_id: impl Into<VchannelId>, time: impl Into<Millis>) -> Self {
        Self::walking(vchannel_id, Way::Newer(Position::Time(time.into())))
    }

    /// Towards older messages than this one.
    pub fn older_than(vchannel_id: impl Into<VchannelId>, key: impl Into<MessageKey>) -> Self {
        Self::walking(vchannel_id, Way::Older(Some(key.into())))
    }

    /// Towards older messages, from the newest one on.
    pub fn from_newest(vchannel_id: impl Into<VchannelId>) -> Self {
        Self::walking(vchannel_id, Way::Older(None))
    }

    fn walking(vchannel_id: impl Into<VchannelId>, way: Way) -> Self {
        Self {
            vchannel_id: vchannel_id.into(),
            size: MESSAGES,
            way,
        }
    }

    /// How many messages are on a page: 1 to 100. They are 100 otherwise.
    #[must_use]
    pub fn size(self, size: u32) -> Self {
        let size = size.clamp(1, MESSAGES);
        Self { size, ..self }
    }

    /// What to ask next; nothing after the last page.
    pub fn ask(&self) -> Option<QueryMessages> {
        let query = match &self.way {
            Way::Newer(position) => Query::since(position.clone()).forward(self.size).into(),
            Way::Older(Some(key)) => Query::since(key).backward(self.size).into(),
            Way::Older(None) => Query::latest(self.size),
            Way::Ended => return None,
        };
        Some(QueryMessages::new(self.vchannel_id.clone(), query))
    }

    /// Takes the page that answers what was [asked](Self::ask), oldest message first as it came.
    pub fn turn(&mut self, page: &[Message]) {
        let full = page.len() >= self.size as usize;
        let next = match &self.way {
            Way::Newer(position) => page
                .last()
                .filter(|last| leads_on(position, &last.key))
                .map(|last| Way::Newer(Position::Key(last.key.clone()))),
            Way::Older(before) => page
                .first()
                .filter(|first| before.as_ref().is_none_or(|before| first.key < *before))
                .map(|first| Way::Older(Some(first.key.clone()))),
            Way::Ended => None,
        };
        self.way = next.filter(|_| full).unwrap_or(Way::Ended);
    }
}

/// Whether a message is newer than the position that was asked for.
fn leads_on(position: &Position, key: &MessageKey) -> bool {
    match position {
        Position::Key(seen) => key > seen,
        Position::Time(_) => true,
    }
}
