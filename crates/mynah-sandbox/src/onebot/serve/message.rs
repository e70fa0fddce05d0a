use mynah_core::{ApiError, Empty};
use mynah_onebot::actions::message::{
    DeleteMsg, GetFriendMsgHistory, GetGroupMsgHistory, GetMsg, MarkAllAsRead, MarkGroupMsgAsRead,
    MarkMsgAsRead, MarkPrivateMsgAsRead, SendGroupMsg, SendMsg, SendPrivateMsg, StoredMsg,
};
use mynah_onebot::event::Event;
use mynah_onebot::types::MessageType;
use mynah_onebot::{Content, DiscussId, GroupId, MessageId, UserId};
use serde_json::Map;

use super::done;
use crate::onebot::archive::{Chat, Found};
use crate::onebot::limits;
use crate::onebot::refusal::Refusal;
use crate::onebot::speech::Speech;
use crate::onebot::state::needs_number;
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<SendPrivateMsg> for OneBotWorld {
    fn serve(&mut self, call: SendPrivateMsg) -> Result<MessageId, ApiError> {
        let chat = Chat::Direct(call.user_id);
        self.bot_speaks(chat, call.message, call.auto_escape)
    }
}

impl Serve<SendGroupMsg> for OneBotWorld {
    fn serve(&mut self, call: SendGroupMsg) -> Result<MessageId, ApiError> {
        let chat = Chat::Group(call.group_id);
        self.bot_speaks(chat, call.message, call.auto_escape)
    }
}

impl Serve<SendMsg> for OneBotWorld {
    fn serve(&mut self, call: SendMsg) -> Result<MessageId, ApiError> {
        let chat = self.addressee(
            call.message_type.as_ref(),
            call.user_id,
            call.group_id,
            call.discuss_id,
        )?;
        self.bot_speaks(chat, call.message, call.auto_escape)
    }
}

impl OneBotWorld {
    pub(super) fn bot_speaks(
        &mut self,
        chat: Chat,
        message: Content,
        auto_escape: Option<bool>,
    ) -> Result<MessageId, ApiError> {
        let message = message.into_message_escaped(auto_escape.unwrap_or(false));
        let said = self
            .speak(Speech::new(self.bot(), chat, message))
            .map_err(Refusal::out_of_reach)?;
        Ok(said.id)
    }

    /// Where a message goes: to what `message_type` says, else to the group,
    /// else to the person.
    pub(super) fn addressee(
        &self,
        kind: Option<&MessageType>,
        user: Option<UserId>,
        group: Option<GroupId>,
        discuss: Option<DiscussId>,
    ) -> Result<Chat, Refusal> {
        let missing = |field| Refusal::bad(field, "is required");
        match (kind, user, group) {
            (Some(MessageType::Private), user, _) => {
                user.map(Chat::Direct).ok_or_else(|| missing("user_id"))
            }
            (Some(MessageType::Group), _, group) => {
                group.map(Chat::Group).ok_or_else(|| missing("group_id"))
            }
            (Some(MessageType::Discuss), ..) if self.settings.legacy => discuss
                .map(Chat::Discuss)
                .ok_or_else(|| missing("discuss_id")),
            (Some(_), ..) => Err(Refusal::bad("message_type", "must be `private` or `group`")),
            (None, _, Some(group)) => Ok(Chat::Group(group)),
            (None, Some(user), None) => Ok(Chat::Direct(user)),
            (None, None, None) => match discuss.filter(|_| self.settings.legacy) {
                Some(discuss) => Ok(Chat::Discuss(discuss)),
                None => Err(Refusal::bad(
                    "message_type",
                    "give it, or `group_id`, or `user_id`",
                )),
            },
        }
    }
}

impl Serve<DeleteMsg> for OneBotWorld {
    fn serve(&mut self, call: DeleteMsg) -> Result<Empty, ApiError> {
        let bot = self.bot();
        done(self.recall(bot, call.message_id))
    }
}

impl Serve<GetMsg> for OneBotWorld {
    fn serve(&mut self, call: GetMsg) -> Result<StoredMsg, ApiError> {
        let found = self.seen(self.bot(), call.message_id)?;
        let (user_id, sender) = self.author(found.chat, &found.spoken.by);
        let (message_type, group_id) = match found.chat {
            Chat::Direct(_) => (MessageType::Private, None),
            Chat::Group(group) => (MessageType::Group, Some(group)),
            Chat::Discuss(_) => (MessageType::Discuss, None),
        };
        Ok(StoredMsg {
            time: found.time.seconds().into(),
            message_type,
            message_id: found.spoken.id,
            real_id: Some(i64::from(found.spoken.id.0)),
            sender,
            message: self.content(&found.spoken.message),
            raw_message: Some(found.spoken.message.to_cq()),
            user_id: Some(user_id),
            group_id,
            message_seq: Some(found.spoken.number),
            extra: Map::new(),
        })
    }
}

impl Serve<GetGroupMsgHistory> for OneBotWorld {
    fn serve(&mut self, call: GetGroupMsgHistory) -> Result<Vec<Event>, ApiError> {
        let window = Window::new(call.message_seq, call.count, call.reverse_order)?;
        self.state.own_group(call.group_id)?;
        Ok(self.history(Chat::Group(call.group_id), window))
    }
}

impl Serve<GetFriendMsgHistory> for OneBotWorld {
    fn serve(&mut self, call: GetFriendMsgHistory) -> Result<Vec<Event>, ApiError> {
        let window = Window::new(call.message_seq, call.count, call.reverse_order)?;
        self.state.user(call.user_id)?;
        Ok(self.history(Chat::Direct(call.user_id), window))
    }
}

/// Which messages of a conversation are asked for.
#[derive(Clone, Copy)]
struct Window {
    /// The number of the newest; 0 for the newest there is.
    newest: i64,
    count: i64,
    newest_first: bool,
}

impl Window {
    fn new(
        seq: Option<i64>,
        count: Option<i32>,
        reverse_order: Option<bool>,
    ) -> Result<Self, Refusal> {
        let newest = seq.unwrap_or_default();
        if newest < 0 {
            return Err(Refusal::bad("message_seq", "must not be below 0"));
        }
        let count = i64::from(count.unwrap_or(20));
        needs_number("count", count)?;
        Ok(Self {
            newest,
            count: count.min(limits::HISTORY),
            newest_first: reverse_order.unwrap_or(false),
        })
    }
}

impl OneBotWorld {
    /// The messages with the numbers of a window, without those recalled.
    fn history(&self, chat: Chat, window: Window) -> Vec<Event> {
        let Some(timeline) = self.state.archive.timeline(chat) else {
            return Vec::new();
        };
        let newest = match window.newest {
            0 => timeline.newest(),
            newest => newest.min(timeline.newest()),
        };
        let oldest = newest.saturating_sub(window.count - 1);
        let mut events: Vec<Event> = timeline
            .messages()
            .rev()
            .skip_while(|(_, spoken)| spoken.number > newest)
            .take_while(|(_, spoken)| spoken.number >= oldest)
            .filter(|(_, spoken)| spoken.recalled.is_none())
            .map(|(time, spoken)| {
                Event::Message(self.numbered_event(Found {
                    chat,
                    seq: 0,
                    time,
                    spoken,
                }))
            })
            .collect();
        if !window.newest_first {
            events.reverse();
        }
        events
    }

    fn read(&mut self, chat: Chat) {
        let bot = self.bot();
        self.state.archive.mark_read(chat, bot);
    }
}

impl Serve<MarkMsgAsRead> for OneBotWorld {
    fn serve(&mut self, call: MarkMsgAsRead) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let found = self.seen(bot, call.message_id)?;
        let (chat, number) = (found.chat, found.spoken.number);
        self.state.archive.mark_read_to(chat, bot, number);
        Ok(Empty)
    }
}

impl Serve<MarkPrivateMsgAsRead> for OneBotWorld {
    fn serve(&mut self, call: MarkPrivateMsgAsRead) -> Result<Empty, ApiError> {
        self.state.user(call.user_id)?;
        self.read(Chat::Direct(call.user_id));
        Ok(Empty)
    }
}

impl Serve<MarkGroupMsgAsRead> for OneBotWorld {
    fn serve(&mut self, call: MarkGroupMsgAsRead) -> Result<Empty, ApiError> {
        self.state.own_group(call.group_id)?;
        self.read(Chat::Group(call.group_id));
        Ok(Empty)
    }
}

impl Serve<MarkAllAsRead> for OneBotWorld {
    fn serve(&mut self, _: MarkAllAsRead) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let chats: Vec<Chat> = self.state.archive.chats().map(|(chat, _)| chat).collect();
        for chat in chats {
            if self.state.takes_part(bot, chat) {
                self.read(chat);
            }
        }
        Ok(Empty)
    }
}
