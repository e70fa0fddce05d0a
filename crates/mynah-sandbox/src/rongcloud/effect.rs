//! What wants to leave the world.

use mynah_rongcloud::event::{
    AuditResult, ChatroomStatus, Event, MessageOperation, OnlineStatus, PreDelivery, RoutedMessage,
};

/// Something that wants to leave the world.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// A message was sent: goes to the address for messages.
    Route(Box<RoutedMessage>),
    /// Clients connected or are connected no longer.
    Online(Vec<OnlineStatus>),
    /// Something happened to chatrooms.
    Chatroom(Vec<ChatroomStatus>),
    /// A message waits to be delivered: goes to the address that decides about
    /// it, and what that answers comes back by
    /// [`RongCloudWorld::checked`](super::RongCloudWorld::checked).
    Check(Box<PreDelivery>),
    /// Something was done to a message that was sent.
    Operation(Box<MessageOperation>),
    /// Somebody looked through a message.
    Audit(Box<AuditResult>),
}

impl From<Effect> for Event {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Route(message) => Self::Route(message),
            Effect::Online(changes) => Self::Online(changes),
            Effect::Chatroom(changes) => Self::Chatroom(changes),
            Effect::Check(check) => Self::Check(check),
            Effect::Operation(operation) => Self::Operation(operation),
            Effect::Audit(result) => Self::Audit(result),
        }
    }
}
