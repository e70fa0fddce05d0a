//! Worlds as people see them, as far as all platforms are the same.

use std::cmp::Reverse;

use crate::archive::{Entry, Line, Message, What};
use crate::frame::{ChatOf, Framed, MessageOf, SpeakerOf, State};
use crate::world::{
    Conversation, Conversations, Drawing, Joinable, Member, MessageView, Messages, Notice, Person,
    Rejected, Speaker,
};

/// The most messages in one page.
const PAGE: usize = 1_000;

/// How a platform's world looks.
pub(crate) trait View: Framed {
    /// Who looks at it.
    type Viewer;

    /// Everybody, the bot first.
    fn everybody(&self) -> Vec<SpeakerOf<Self>>;

    /// Who is called so.
    ///
    /// # Errors
    /// There is no such person, or it is the bot.
    fn viewer(&self, name: &str) -> Result<Self::Viewer, Rejected>;

    /// The conversation with this id.
    ///
    /// # Errors
    /// There is no such conversation.
    fn chat(&self, id: &str) -> Result<ChatOf<Self>, Rejected>;

    /// All conversations, or those that somebody sees, whether something was
    /// said in them or not.
    fn chats(&self, viewer: Option<&Self::Viewer>) -> Vec<ChatOf<Self>>;

    /// What somebody could join.
    fn joinable(&self, viewer: &Self::Viewer) -> Vec<Joinable>;

    /// The emoji that the people here have made themselves.
    fn emoji(&self) -> Vec<Drawing> {
        Vec::new()
    }

    /// The stickers that can be sent.
    fn stickers(&self) -> Vec<Drawing> {
        Vec::new()
    }

    /// Whether somebody keeps a conversation above the others.
    fn is_on_top(&self, _chat: &ChatOf<Self>, _viewer: &Self::Viewer) -> bool {
        false
    }

    /// A conversation as somebody sees it.
    fn view_conversation(&self, chat: &ChatOf<Self>, viewer: Option<&Self::Viewer>)
    -> Conversation;

    /// Somebody, with the role that they have in a conversation.
    fn view_speaker(&self, who: &SpeakerOf<Self>, chat: Option<&ChatOf<Self>>) -> Speaker;

    /// A message; who said it and when stands in `view` already.
    fn view_message(
        &self,
        chat: &ChatOf<Self>,
        message: &MessageOf<Self>,
        view: MessageView,
    ) -> MessageView;

    /// What somebody who reads a conversation finds there, newest first.
    fn entries<'a>(
        &'a self,
        chat: &ChatOf<Self>,
    ) -> impl Iterator<Item = &'a Entry<MessageOf<Self>>> {
        self.state().archive().entries(chat).rev()
    }

    /// The entry with this number, if it is to be found there.
    fn entry(&self, chat: &ChatOf<Self>, seq: u64) -> Option<&Entry<MessageOf<Self>>> {
        self.state().archive().entry(chat, seq)
    }

    /// The last thing that somebody who reads a conversation finds there.
    fn newest(&self, chat: &ChatOf<Self>) -> Option<&Entry<MessageOf<Self>>> {
        self.entries(chat).next()
    }

    /// The same, as it looks.
    fn view_newest(&self, chat: &ChatOf<Self>) -> Option<MessageView> {
        self.newest(chat).map(|entry| self.view_entry(chat, entry))
    }

    fn view_people(&self) -> Vec<Person> {
        let everybody = self.everybody().into_iter();
        let view = everybody.map(|who| {
            let speaker = self.view_speaker(&who, None);
            Person {
                name: speaker.name,
                id: speaker.id,
                display: speaker.display,
                bot: speaker.bot,
            }
        });
        view.collect()
    }

    /// Somebody in a conversation that gives no names and titles.
    fn view_member(&self, who: &SpeakerOf<Self>, chat: &ChatOf<Self>) -> Member {
        let speaker = self.view_speaker(who, Some(chat));
        Member {
            id: speaker.id,
            name: speaker.name,
            card: String::new(),
            role: speaker.role,
            title: String::new(),
            muted_until: None,
        }
    }

    fn view_conversations(&self, viewer: Option<&str>) -> Result<Conversations, Rejected> {
        let viewer = viewer.map(|name| self.viewer(name)).transpose()?;
        let viewer = viewer.as_ref();
        let mut chats = self.chats(viewer);
        chats.sort_by_cached_key(|chat| {
            let on_top = viewer.is_some_and(|viewer| self.is_on_top(chat, viewer));
            Reverse((on_top, self.newest(chat).map_or(0, |entry| entry.seq)))
        });
        let conversations = chats.iter();
        Ok(Conversations {
            conversations: conversations
                .map(|chat| self.view_conversation(chat, viewer))
                .collect(),
            joinable: viewer.map_or_else(Vec::new, |viewer| self.joinable(viewer)),
            emoji: self.emoji(),
            stickers: self.stickers(),
        })
    }

    fn view_messages(
        &self,
        conversation: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Messages, Rejected> {
        let chat = self.chat(conversation)?;
        let mut older = self
            .entries(&chat)
            .filter(|entry| before.is_none_or(|before| entry.seq < before));
        let mut page: Vec<MessageView> = older
            .by_ref()
            .take(limit.clamp(1, PAGE))
            .map(|entry| self.view_entry(&chat, entry))
            .collect();
        page.reverse();
        Ok(Messages {
            messages: page,
            more: older.next().is_some(),
        })
    }

    /// A message, or a line that says what happened.
    fn view_entry(&self, chat: &ChatOf<Self>, entry: &Entry<MessageOf<Self>>) -> MessageView {
        let view = MessageView {
            seq: entry.seq,
            id: String::new(),
            conversation: chat.to_string(),
            time: entry.time.seconds(),
            from: self.view_speaker(&entry.by, Some(chat)),
            kind: "notice",
            parts: Vec::new(),
            recalled: None,
            reactions: Vec::new(),
            notice: None,
            journal: entry.journal.iter().copied().collect(),
            readers: None,
            unread: None,
            tag: None,
            edited: false,
            pinned: None,
        };
        match &entry.what {
            What::Message(message) => {
                let view = MessageView {
                    id: message.id().to_string(),
                    kind: "message",
                    ..view
                };
                self.view_message(chat, message, view)
            }
            What::Line(line) => MessageView {
                notice: Some(view_line(line)),
                ..view
            },
        }
    }
}

fn view_line(line: &Line) -> Notice {
    Notice {
        kind: line.kind.as_str(),
        text_en: line.text.en.clone(),
        text_zh: line.text.zh.clone(),
    }
}
