use mynah_core::{ApiError, Empty};
use mynah_onebot::actions::forward::{
    ForwardFriendSingleMsg, ForwardGroupSingleMsg, ForwardSent, ForwardedContent, ForwardedMsg,
    ForwardedMsgs, GetForwardMsg, SendForwardMsg, SendGroupForwardMsg, SendPrivateForwardMsg,
};
use mynah_onebot::event::Sender;
use mynah_onebot::message::View;
use mynah_onebot::types::{ForwardId, UnixSeconds};
use mynah_onebot::{Content, Message, MessageId, Segment};
use serde_json::Map;

use crate::onebot::archive::Chat;
use crate::onebot::forwards::Node;
use crate::onebot::refusal::Refusal;
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<GetForwardMsg> for OneBotWorld {
    /// Answers in both shapes that implementations have.
    fn serve(&mut self, call: GetForwardMsg) -> Result<ForwardedMsgs, ApiError> {
        let nodes = self
            .state
            .forwards
            .get(call.id.as_str())
            .ok_or_else(|| Refusal::missing("id", "there is no bundle with this id"))?;
        let message: Vec<Segment> = nodes
            .iter()
            .map(|node| {
                let content = Content::Segments(self.with_addresses(&node.message));
                Segment::node_custom(node.user, node.nickname.as_str(), content)
            })
            .collect();
        Ok(ForwardedMsgs {
            message: Some(Message::from(message)),
            messages: Some(nodes.iter().map(|node| self.forwarded(node)).collect()),
            extra: Map::new(),
        })
    }
}

impl Serve<SendGroupForwardMsg> for OneBotWorld {
    fn serve(&mut self, call: SendGroupForwardMsg) -> Result<ForwardSent, ApiError> {
        self.send_bundle(Chat::Group(call.group_id), call.messages)
    }
}

impl Serve<SendPrivateForwardMsg> for OneBotWorld {
    fn serve(&mut self, call: SendPrivateForwardMsg) -> Result<ForwardSent, ApiError> {
        self.send_bundle(Chat::Direct(call.user_id), call.messages)
    }
}

impl Serve<SendForwardMsg> for OneBotWorld {
    fn serve(&mut self, call: SendForwardMsg) -> Result<ForwardSent, ApiError> {
        let chat = self.addressee(
            call.message_type.as_ref(),
            call.user_id,
            call.group_id,
            None,
        )?;
        self.send_bundle(chat, call.messages)
    }
}

impl OneBotWorld {
    fn forwarded(&self, node: &Node) -> ForwardedMsg {
        ForwardedMsg {
            sender: Sender {
                user_id: Some(node.user),
                nickname: Some(node.nickname.clone()),
                ..Sender::default()
            },
            time: Some(UnixSeconds(node.time)),
            content: ForwardedContent::Message(self.content(&node.message)),
            extra: Map::new(),
        }
    }

    fn send_bundle(&mut self, chat: Chat, nodes: Vec<Segment>) -> Result<ForwardSent, ApiError> {
        if !nodes.iter().any(|segment| segment.kind() == "node") {
            return Err(Refusal::bad("messages", "has no node that can be used").into());
        }
        let message_id = self.bot_speaks(chat, Message::from(nodes).into(), None)?;
        let forward_id = self.forward_in(message_id);
        Ok(ForwardSent {
            message_id,
            res_id: forward_id.as_ref().map(ForwardId::to_string),
            forward_id,
            extra: Map::new(),
        })
    }

    /// The id of the bundle that a message is.
    fn forward_in(&self, message: MessageId) -> Option<ForwardId> {
        let found = self.state.archive.find(message)?;
        let mut segments = found.spoken.message.iter();
        segments.find_map(|segment| match segment.view() {
            View::Forward { id } => Some(id.into()),
            _ => None,
        })
    }

    fn forward_single(&mut self, message: MessageId, chat: Chat) -> Result<Empty, ApiError> {
        let content = self.seen(self.bot(), message)?.spoken.message.clone();
        self.bot_speaks(chat, content.into(), None).map(|_| Empty)
    }
}

impl Serve<ForwardFriendSingleMsg> for OneBotWorld {
    fn serve(&mut self, call: ForwardFriendSingleMsg) -> Result<Empty, ApiError> {
        self.forward_single(call.message_id, Chat::Direct(call.user_id))
    }
}

impl Serve<ForwardGroupSingleMsg> for OneBotWorld {
    fn serve(&mut self, call: ForwardGroupSingleMsg) -> Result<Empty, ApiError> {
        self.forward_single(call.message_id, Chat::Group(call.group_id))
    }
}
