//! Intelligent bots (智能机器人): what they are told, what they answer, and the
//! long connection that carries both
//! (<https://developer.work.weixin.qq.com/document/path/101463>).
//!
//! A bot is told things in one of two ways, chosen in the console: callbacks
//! to a URL, or a WebSocket that the bot opens. [`Callback`] and [`Reply`] are
//! the same for both.

mod callback;
mod reply;

pub use callback::{
    Callback, CardEvent, ChatType, Content, DecodeError, Event, Feedback, Item, Kind, Media,
    MediaKey, ResponseUrl, SelectedItem, Sender, Voice,
};
pub use reply::{
    Excess, FeedbackId, MediaId, Picture, Reply, ResponseType, Stream, StreamItem, Text, Update,
    Video,
};

/// A template card as its JSON object.
pub type TemplateCard = serde_json::Map<String, serde_json::Value>;
