//! What happens in chatrooms, whoever brings it about.

use mynah_rongcloud::event::{ChatroomCause, ChatroomChange};
use mynah_rongcloud::{ChatroomId, MessageUid, UserId};

use super::archive::{Chat, Fate};
use super::groups::Gag;
use super::world::RongCloudWorld;
use crate::archive::LineKind;
use crate::frame::Framed as _;

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
        let text = self.coming_and_going(LineKind::Join, &newcomers);
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
    pub(super) fn left_room(&mut self, gone: &[UserId], id: &ChatroomId, cause: ChatroomCause) {
        let Some(first) = gone.first() else {
            return;
        };
        let kind = if cause == ChatroomCause::Banned {
            LineKind::Kick
        } else {
            LineKind::Leave
        };
        let text = self.coming_and_going(kind, gone);
        self.line(&Chat::Room(id.clone()), kind, first, text);
        self.tell_room(id, ChatroomChange::Left, cause, gone);
        self.changed_conversations();
    }

    /// People may not speak in a chatroom.
    pub(super) fn gag_in_room(&mut self, users: &[UserId], id: &ChatroomId, gag: Gag) {
        self.state.rooms.gag(id, users, gag);
        self.gag_line_in_room(id, LineKind::Mute, users);
    }

    /// People may speak in a chatroom again.
    pub(super) fn ungag_in_room(&mut self, users: &[UserId], id: &ChatroomId) {
        self.state.rooms.ungag(id, users);
        self.gag_line_in_room(id, LineKind::Unmute, users);
    }

    /// Says in a chatroom who may or may not speak, if it is there.
    fn gag_line_in_room(&mut self, id: &ChatroomId, kind: LineKind, users: &[UserId]) {
        if self.state.rooms.get(id).is_none() {
            return;
        }
        let text = self.gag_words(kind, users);
        let bot = self.seed.bot.id.clone();
        self.line(&Chat::Room(id.clone()), kind, &bot, text);
        self.changed_conversations();
    }

    /// The last messages that were delivered in a chatroom, oldest first: what
    /// whoever joins is told.
    pub(super) fn latest_in_room(&self, id: &ChatroomId, most: usize) -> Vec<MessageUid> {
        let chat = Chat::Room(id.clone());
        let entries = self.state.archive.newest_first(&chat);
        let messages = entries.filter_map(|entry| entry.message());
        let delivered = messages.filter(|spoken| spoken.fate == Fate::Delivered);
        let delivered = delivered.map(|spoken| spoken.uid.clone());
        let mut latest: Vec<MessageUid> = delivered.take(most).collect();
        latest.reverse();
        latest
    }
}
