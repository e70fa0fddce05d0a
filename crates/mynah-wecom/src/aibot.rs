//! Intelligent bots (智能机器人): what they are told, what they answer, and the
//! long connection that carries both
//! (<https://developer.work.weixin.qq.com/document/path/101463>).
//!
//! A bot is told things in one of two ways, chosen in the console: callbacks
//! to a URL, or a WebSocket that the bot opens. [`Callback`] and [`Reply`] are
//! the same for both.

mod callback;
mod calls;
mod command;
mod frame;
mod issued;
mod media;
mod reply;
mod server;
mod session;
mod socket;
mod stream;

pub use callback::{
    Callback, CardEvent, ChatType, Content, DecodeError, Event, FeedbackEvent, Item, Kind, Media,
    MediaKey, ResponseUrl, SelectedItem, Sender, Voice,
};
pub use command::{
    ReqId, RespondMsg, RespondUpdateMsg, RespondWelcomeMsg, SendMsg, UploadMediaChunk,
    UploadMediaFinish, UploadMediaInit,
};
pub use media::MediaError;
pub use reply::{Excess, Reply, ResponseType, Stream, StreamItem, Text, Update};
pub use server::{Asked, Command, Echo, PlatformSession, Subscription};
pub use session::{BotEvent, BotSession, Delivery, Ignored, Limits, Reason, Unanswerable};
pub use socket::{BotSecret, BotSocket};
pub use stream::{StreamOver, StreamReply, Written};
