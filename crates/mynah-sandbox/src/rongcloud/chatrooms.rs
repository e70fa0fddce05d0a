//! What happens in chatrooms, whoever brings it about.

use mynah_rongcloud::event::{ChatroomCause, ChatroomChange};
use mynah_rongcloud::{ChatroomId, MessageUid, UserId};

use super::archive::{Bilingual, Chat, Fate, LineKind, What};
use super::groups::Gag;
use super::limits;
use super::world::RongCloudWorld;

impl RongCloudWorld {
    /// Makes a chatroom, if it is not there.
    pub(super) fn create_room(&mut self, id: &ChatroomId, name: &str) {
        if self.state.rooms.create(id, name, self.state.now) {
            self.tell_room(id, ChatroomChange::Created, ChatroomCause::Call, &[]);
            self.changed_conversations();
        }
    }

    /// A chatroom is no more, and nothing of it is kept.
    pub(super) fn destroy_room(&mut self, id: &ChatroomId, cause: ChatroomCause) {
        if self.state.rooms.destroy(id) {
            self.state.archive.forget_chat(&Chat::Room(id.clone()));
            self.tell_room(id, ChatroomChange::Destroyed, cause, &[]);
            self.changed_conversations();
        }
    }

    /// People join a chatroom, which is made if it is not there. Whether they
    /// may is not looked at.
    pub(super) fn enter_room(&mut self, users: &[UserId], id: &ChatroomId) {
        self.create_room(id, id.as_str());
        let newcomers = self.state.rooms.join(id, users, self.state.now);
        let Some(first) = newcomers.first() else {
            return;
        };
        let names = self.names(&newcomers);
        let text = Bilingual::new(
            format!("{} joined the chatroom", names.en),
            format!("{}加入了聊天室", names.zh),
        );
        self.line(&Chat::Room(id.clone()), LineKind::Join, first, text);
        self.tell_room(id, ChatroomChange::Joined, ChatroomCause::Call, &newcomers);
        self.changed_conversations();
    }

    /// People leave a chatroom.
    pub(super) fn leave_room(&mut self, users: &[UserId], id: &ChatroomId, cause: ChatroomCause) {
        let gone = self.state.rooms.leave(id, users);
        self.left_room(&gone, id, cause);
    }

    /// People may not be in a chatroom.
    pub(super) fn block_in_room(&mut self, users: &[UserId], id: &ChatroomId, block: Gag) {
        let gone = self.state.rooms.block(id, users, block);
        self.left_room(&gone, id, ChatroomCause::Banned);
    }

    /// People who were in a chatroom are not any more.
    fn left_room(&mut self, gone: &[UserId], id: &ChatroomId, cause: ChatroomCause) {
        let Some(first) = gone.first() else {
            return;
        };
        let names = self.names(gone);
        let banned = cause == ChatroomCause::Banned;
        let (kind, text) = if banned {
            let en = format!("{} was removed from the chatroom", names.en);
            (
                LineKind::Kick,
                Bilingual::new(en, format!("{}被移出了聊天室", names.zh)),
            )
        } else {
            let en = format!("{} left the chatroom", names.en);
            (
                LineKind::Leave,
                Bilingual::new(en, format!("{}退出了聊天室", names.zh)),
            )
        };
        self.line(&Chat::Room(id.clone()), kind, first, text);
        self.tell_room(id, ChatroomChange::Left, cause, gone);
        self.changed_conversations();
    }

    /// People may not speak in a chatroom.
    pub(super) fn gag_in_room(&mut self, users: &[UserId], id: &ChatroomId, gag: Gag) {
        self.state.rooms.gag(id, users, gag);
        let names = self.names(users);
        let text = Bilingual::new(
            format!("{} may not speak", names.en),
            format!("{}被禁言", names.zh),
        );
        self.room_line(id, LineKind::Mute, users, text);
    }

    /// People may speak in a chatroom again.
    pub(super) fn ungag_in_room(&mut self, users: &[UserId], id: &ChatroomId) {
        let now = self.state.now;
        let gagged = |user: &&UserId| self.state.rooms.gagged(id, user, now).is_some();
        let again: Vec<UserId> = users.iter().filter(gagged).cloned().collect();
        self.state.rooms.ungag(id, users);
        let names = self.names(&again);
        let text = Bilingual::new(
            format!("{} may speak again", names.en),
            format!("{}被解除禁言", names.zh),
        );
        self.room_line(id, LineKind::Unmute, &again, text);
    }

    /// Writes a line about people into a chatroom, if it is there.
    fn room_line(&mut self, id: &ChatroomId, kind: LineKind, users: &[UserId], text: Bilingual) {
        let there = self.state.rooms.get(id).is_some();
        if let Some(first) = users.first().filter(|_| there) {
            self.line(&Chat::Room(id.clone()), kind, first, text);
            self.changed_conversations();
        }
    }

    /// What is kept for those who join later, oldest first: the last messages
    /// that were delivered, at most [`limits::ROOM_MESSAGES`].
    pub(super) fn latest_in_room(&self, id: &ChatroomId, most: usize) -> Vec<MessageUid> {
        let chat = Chat::Room(id.clone());
        let entries = self.state.archive.newest_first(&chat);
        let messages = entries.filter_map(|entry| match &entry.what {
            What::Message(spoken) if spoken.fate == Fate::Delivered => Some(&spoken.uid),
            _ => None,
        });
        let most = most.min(limits::ROOM_MESSAGES);
        let mut latest: Vec<MessageUid> = messages.take(most).cloned().collect();
        latest.reverse();
        latest
    }

    /// The names of people, as a line has them.
    fn names(&self, users: &[UserId]) -> Bilingual {
        let names: Vec<String> = users.iter().map(|user| self.display(user)).collect();
        Bilingual::new(names.join(", "), names.join("、"))
    }
}
