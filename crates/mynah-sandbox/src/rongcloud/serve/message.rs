//! Messages: to users, groups and chatrooms, to everybody, and taking them
//! back.

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::message::{
    BroadcastChatrooms, BroadcastMessage, BroadcastOnline, PublishChatroom, PublishDiscussion,
    PublishGroup, PublishGroupStatus, PublishPrivate, PublishPrivateStatus, PublishSystem,
    PublishSystemTemplate, PublishTemplate, RecallMessage,
};
use mynah_rongcloud::event::Source;
use mynah_rongcloud::platform::code;
use mynah_rongcloud::{
    ChatroomId, ConversationType, Flag, GroupId, MessageUidEntry, Published, Rendered, UserId,
    errors,
};
use serde_json::Value;

use crate::rongcloud::quotas::Quota;
use crate::rongcloud::refusal::refuse;
use crate::rongcloud::sending::{Recalling, Sending, To};
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

/// A switch that is on where nothing is said.
fn unless_off(flag: Option<Flag>) -> bool {
    flag.is_none_or(Flag::is_on)
}

/// A switch that is off where nothing is said.
fn if_on(flag: Option<Flag>) -> bool {
    flag.is_some_and(Flag::is_on)
}

fn to_each(message_uids: Vec<MessageUidEntry>) -> Published {
    Published {
        message_uids,
        message_uid: None,
    }
}

impl RongCloudWorld {
    /// Counts a call against a quota of each of several; against none, if one
    /// of them is used up.
    fn take_each(
        &mut self,
        quota: Quota,
        keys: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<(), ApiError> {
        let before = self.state.quotas.clone();
        for key in keys {
            if let Err(refusal) = self.take(quota, key.as_ref(), 1) {
                self.state.quotas = before;
                return Err(refusal);
            }
        }
        Ok(())
    }

    /// Counts recipients against a quota of all.
    fn take_all(&mut self, quota: Quota, users: &[UserId]) -> Result<(), ApiError> {
        let amount = u32::try_from(users.len()).unwrap_or(u32::MAX);
        self.take(quota, "", amount)
    }

    /// Those who want to hear somebody. Who does not is passed over silently.
    fn willing(&self, from: &UserId, users: Vec<UserId>, verify: bool) -> Vec<UserId> {
        let mut users = users;
        users.retain(|user| !verify || !self.state.users.refuses(user, from));
        users
    }

    /// Sends the same to users, one message to each.
    fn send_to_users(
        &mut self,
        users: Vec<UserId>,
        sending: &Sending,
        to: fn(UserId) -> To,
        alert: Option<&str>,
        data: Option<&str>,
    ) -> Published {
        let sent = users.into_iter().map(|user| {
            let to = to(user.clone());
            let uid = self.send(&to, sending);
            self.push_message(&to, &sending.from, std::slice::from_ref(&user), alert, data);
            MessageUidEntry::user(user, uid)
        });
        to_each(sent.collect())
    }
}

impl Serve<PublishPrivate> for RongCloudWorld {
    fn serve(&mut self, call: PublishPrivate) -> Result<Published, ApiError> {
        self.take_all(Quota::Private, &call.to_user_id)?;
        let verify = if_on(call.verify_blacklist);
        let users = self.willing(&call.from_user_id, call.to_user_id, verify);
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content)
            .persisted(unless_off(call.is_persisted));
        let alert = call
            .push_content
            .filter(|_| call.disable_push != Some(true));
        let data = call.push_data.as_deref();
        Ok(self.send_to_users(users, &sending, To::User, alert.as_deref(), data))
    }
}

impl Serve<PublishSystem> for RongCloudWorld {
    fn serve(&mut self, call: PublishSystem) -> Result<Published, ApiError> {
        self.take_all(Quota::System, &call.to_user_id)?;
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content)
            .persisted(unless_off(call.is_persisted));
        let (alert, data) = (call.push_content.as_deref(), call.push_data.as_deref());
        Ok(self.send_to_users(call.to_user_id, &sending, To::System, alert, data))
    }
}

/// What is written to each of a template's recipients.
struct Letters {
    quota: Quota,
    to: fn(UserId) -> To,
    verify: bool,
}

impl RongCloudWorld {
    fn send_letters(
        &mut self,
        letters: &Letters,
        users: Vec<UserId>,
        rendered: Vec<Rendered>,
        sending: impl Fn(String) -> Sending,
    ) -> Result<Published, ApiError> {
        self.take_all(letters.quota, &users)?;
        let mut sent = Vec::new();
        for (user, letter) in users.into_iter().zip(rendered) {
            let sending = sending(letter.content);
            if letters.verify && self.state.users.refuses(&user, &sending.from) {
                continue;
            }
            let to = (letters.to)(user.clone());
            let uid = self.send(&to, &sending);
            let (alert, data) = (letter.push_content, letter.push_data);
            let one = std::slice::from_ref(&user);
            self.push_message(&to, &sending.from, one, alert.as_deref(), data.as_deref());
            sent.push(MessageUidEntry::user(user, uid));
        }
        Ok(to_each(sent))
    }
}

impl Serve<PublishTemplate> for RongCloudWorld {
    fn serve(&mut self, call: PublishTemplate) -> Result<Published, ApiError> {
        let letters = Letters {
            quota: Quota::Private,
            to: To::User,
            verify: if_on(call.verify_blacklist),
        };
        let rendered = call.template().render().collect();
        let (from, object_name) = (call.from_user_id, call.object_name);
        let sending = |content| Sending::by_call(from.clone(), &object_name, content);
        self.send_letters(&letters, call.to_user_id, rendered, sending)
    }
}

impl Serve<PublishSystemTemplate> for RongCloudWorld {
    fn serve(&mut self, call: PublishSystemTemplate) -> Result<Published, ApiError> {
        let letters = Letters {
            quota: Quota::System,
            to: To::System,
            verify: false,
        };
        let rendered = call.template().render().collect();
        let (from, object_name) = (call.from_user_id, call.object_name);
        let sending = |content| Sending::by_call(from.clone(), &object_name, content);
        self.send_letters(&letters, call.to_user_id, rendered, sending)
    }
}

impl Serve<PublishGroup> for RongCloudWorld {
    fn serve(&mut self, call: PublishGroup) -> Result<Published, ApiError> {
        let only_for = call.to_user_id.unwrap_or_default();
        if !only_for.is_empty() && call.to_group_id.len() > 1 {
            return Err(errors::too_many("toGroupId"));
        }
        if if_on(call.is_mentioned) && !has_mentions(&call.content) {
            return Err(errors::invalid("content"));
        }
        self.take_each(Quota::Group, call.to_group_id.iter().map(GroupId::as_str))?;
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content)
            .persisted(unless_off(call.is_persisted))
            .only_for(only_for);
        let alert = call
            .push_content
            .filter(|_| call.disable_push != Some(true));
        let data = call.push_data.as_deref();
        let sent = call.to_group_id.into_iter().map(|id| {
            let to = To::Group(id.clone());
            let uid = self.send(&to, &sending);
            self.push_message(
                &to,
                &sending.from,
                &sending.only_for,
                alert.as_deref(),
                data,
            );
            MessageUidEntry::group(id, uid)
        });
        Ok(to_each(sent.collect()))
    }
}

/// Whether a content says who is mentioned.
fn has_mentions(content: &str) -> bool {
    let content = serde_json::from_str::<Value>(content);
    content.is_ok_and(|content| content["mentionedInfo"].is_object())
}

impl Serve<PublishDiscussion> for RongCloudWorld {
    fn serve(&mut self, call: PublishDiscussion) -> Result<Published, ApiError> {
        self.take(Quota::Discussion, call.to_discussion_id.as_str(), 1)?;
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content)
            .persisted(unless_off(call.is_persisted));
        let to = To::Discussion(call.to_discussion_id);
        let uid = self.send(&to, &sending);
        // There is no field for the id of a discussion.
        Ok(Published {
            message_uids: Vec::new(),
            message_uid: Some(uid),
        })
    }
}

impl Serve<PublishChatroom> for RongCloudWorld {
    fn serve(&mut self, call: PublishChatroom) -> Result<Published, ApiError> {
        let ids = call.to_chatroom_id.iter().map(ChatroomId::as_str);
        self.take_each(Quota::Chatroom, ids)?;
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content)
            .persisted(unless_off(call.is_persisted));
        let sent = call.to_chatroom_id.into_iter().map(|id| {
            let uid = self.send(&To::Room(id.clone()), &sending);
            MessageUidEntry::chatroom(id, uid)
        });
        Ok(to_each(sent.collect()))
    }
}

impl Serve<BroadcastMessage> for RongCloudWorld {
    fn serve(&mut self, call: BroadcastMessage) -> Result<Published, ApiError> {
        if !self.settings.broadcast {
            return Err(refuse(code::NOT_ENABLED));
        }
        self.take(Quota::Broadcast, "", 1)?;
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content);
        let uid = self.send(&To::Everybody, &sending);
        let (alert, data) = (call.push_content.as_deref(), call.push_data.as_deref());
        self.push_message(&To::Everybody, &sending.from, &[], alert, data);
        Ok(Published {
            message_uids: Vec::new(),
            message_uid: Some(uid),
        })
    }
}

impl Serve<BroadcastOnline> for RongCloudWorld {
    fn serve(&mut self, call: BroadcastOnline) -> Result<Published, ApiError> {
        if !self.settings.broadcast {
            return Err(refuse(code::NOT_ENABLED));
        }
        self.take(Quota::Broadcast, "online", 1)?;
        let online: Vec<UserId> = self.state.users.online().cloned().collect();
        let nobody = online.is_empty();
        let sending =
            Sending::by_call(call.from_user_id, &call.object_name, call.content).only_for(online);
        let uid = if nobody {
            let uid = self.state.message_uid();
            self.log(&uid, &To::Everybody, &sending);
            uid
        } else {
            self.send(&To::Everybody, &sending)
        };
        Ok(Published {
            message_uids: Vec::new(),
            message_uid: Some(uid),
        })
    }
}

impl Serve<BroadcastChatrooms> for RongCloudWorld {
    fn serve(&mut self, call: BroadcastChatrooms) -> Result<Published, ApiError> {
        self.take(Quota::ChatroomBroadcast, "", 1)?;
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content);
        let rooms = self.state.rooms.all().map(|(id, _)| id.clone());
        let rooms: Vec<_> = rooms.collect();
        let sent = rooms.into_iter().map(|id| {
            let uid = self.send(&To::Room(id.clone()), &sending);
            MessageUidEntry::chatroom(id, uid)
        });
        Ok(to_each(sent.collect()))
    }
}

impl Serve<PublishPrivateStatus> for RongCloudWorld {
    fn serve(&mut self, call: PublishPrivateStatus) -> Result<Published, ApiError> {
        self.take_all(Quota::Private, &call.to_user_id)?;
        let verify = if_on(call.verify_blacklist);
        let users = self.willing(&call.from_user_id, call.to_user_id, verify);
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content);
        let sent = users.into_iter().map(|user| {
            let uid = self.send_status(&To::User(user.clone()), &sending);
            MessageUidEntry::user(user, uid)
        });
        Ok(to_each(sent.collect()))
    }
}

impl Serve<PublishGroupStatus> for RongCloudWorld {
    fn serve(&mut self, call: PublishGroupStatus) -> Result<Published, ApiError> {
        self.take_each(Quota::Group, call.to_group_id.iter().map(GroupId::as_str))?;
        let sending = Sending::by_call(call.from_user_id, &call.object_name, call.content);
        let sent = call.to_group_id.into_iter().map(|id| {
            let uid = self.send_status(&To::Group(id.clone()), &sending);
            MessageUidEntry::group(id, uid)
        });
        Ok(to_each(sent.collect()))
    }
}

impl Serve<RecallMessage> for RongCloudWorld {
    /// Takes back what its sender has sent; an administrator takes back what
    /// anybody has. What is not there is no error: the platform only passes on
    /// the wish.
    fn serve(&mut self, call: RecallMessage) -> Result<Empty, ApiError> {
        let target = call.target_id.as_str();
        let to = match call.conversation_type {
            ConversationType::Private => To::User(target.into()),
            ConversationType::Group => To::Group(target.into()),
            ConversationType::Chatroom => To::Room(target.into()),
            ConversationType::System => To::System(target.into()),
            _ => return Err(errors::invalid("conversationType")),
        };
        let is_admin = if_on(call.is_admin);
        let message = self.state.archive.find(&call.message_uid);
        if message.is_some_and(|(entry, _)| entry.by != call.from_user_id && !is_admin) {
            return Err(errors::invalid("fromUserId"));
        }
        self.recall(Recalling {
            by: call.from_user_id,
            to,
            uid: call.message_uid,
            sent: call.sent_time,
            is_admin,
            is_delete: if_on(call.is_delete),
            extra: call.extra,
            source: Source::Server.as_str().to_owned(),
        });
        Ok(Empty {})
    }
}
