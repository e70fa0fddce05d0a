//! What persons say.

use mynah_dingtalk::UserId;
use mynah_dingtalk::robot::{
    AtUser, Audio, Content as Told, ConversationType, File, RichPart, RobotMessage, Video,
};
use serde_json::{Map, Value};

use super::archive::{Chat, Speaker, Spoken};
use super::content::{Content, Mentioned, Piece};
use super::effect::Effect;
use super::limits;
use super::media::extension;
use super::view::ALL;
use super::world::DingTalkWorld;
use crate::details::Details;
use crate::frame::Framed as _;
use crate::world::{Rejected, Said, Say};

/// A piece of what is about to be said; its file has not been kept yet.
enum Draft {
    Ready(Piece),
    File {
        kind: Kind,
        name: String,
        content: Vec<u8>,
        /// What speech recognition makes of it.
        words: String,
        /// In milliseconds.
        duration: u64,
    },
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Voice,
    Video,
    File,
}

impl DingTalkWorld {
    pub(super) fn person_says(&mut self, say: Say) -> Result<Said, Rejected> {
        let who = self.person("from", &say.from)?;
        let chat = self.chat("to", &say.to, &who)?;
        let drafts = match (say.text, say.message) {
            (Some(text), None) => vec![Draft::Ready(Piece::Text(text))],
            (None, Some(message)) => self.drafts(&message)?,
            _ => return Err(Rejected::bad("text", "give either `text` or `message`")),
        };
        check_length(&drafts)?;
        self.may_speak(&who, &chat)?;
        let content = self.keep(drafts);
        let id = self.state.message_id();
        let by = Speaker::Person(who.clone());
        let seq = self.post(&chat, by, Spoken::new(id.clone(), content.clone()));
        if self.hears(&chat, &content) {
            let message = self.robot_message(&who, &chat, &id, &content);
            self.effect(Effect::Robot(Box::new(message)));
        }
        Ok(Said { ids: vec![id], seq })
    }

    fn may_speak(&self, who: &UserId, chat: &Chat) -> Result<(), Rejected> {
        let Some(group) = self.group_at(chat) else {
            return Ok(());
        };
        if group.disbanded {
            return Err(Rejected::forbidden("to", "was disbanded"));
        }
        if !group.has(who) {
            return Err(Rejected::forbidden("to", "is not a group of theirs"));
        }
        let leads = group.owner == *who || group.admins.contains(who);
        if group.flags.banned && !leads {
            return Err(Rejected::forbidden("to", "nobody may say anything there"));
        }
        Ok(())
    }

    /// Whether the robot hears what somebody says: in groups, what mentions it.
    fn hears(&self, chat: &Chat, content: &Content) -> bool {
        match self.group_at(chat) {
            Some(group) => group.robot && self.mentions_robot(content),
            None => true,
        }
    }

    /// What the robot is told
    /// (<https://open.dingtalk.com/document/development/receive-message>).
    fn robot_message(
        &mut self,
        who: &UserId,
        chat: &Chat,
        id: &str,
        content: &Content,
    ) -> RobotMessage {
        let told = self.told(content);
        let webhook = self.open_session(chat);
        let (kind, title, mentioned) = match self.group_at(chat) {
            Some(group) => (
                ConversationType::Group,
                Some(group.name.clone()),
                self.at_users(content),
            ),
            None => (ConversationType::Single, None, Vec::new()),
        };
        let user = self.state.directory.user(who);
        let conversation = self.conversation_id(chat);
        let corp_id = Some(self.seed.corp_id.clone());
        RobotMessage {
            conversation_title: title,
            sender_staff_id: Some(who.clone()),
            sender_union_id: user.map(|user| user.union_id.clone()),
            sender_nick: Some(self.display(who)),
            sender_corp_id: corp_id.clone(),
            chatbot_user_id: Some(self.encrypted(&self.seed.app.key)),
            chatbot_corp_id: corp_id,
            robot_code: Some(self.seed.app.key.as_str().into()),
            create_at: Some(self.state.now.0),
            is_admin: Some(user.is_some_and(|user| user.admin.is_some())),
            is_in_at_list: (kind == ConversationType::Group).then_some(true),
            at_users: mentioned,
            session_webhook: Some(webhook),
            ..RobotMessage::new(id, conversation, kind, self.encrypted(who.as_str()), told)
        }
    }

    /// A person or the robot as programs are told of them: the same every
    /// time, and nothing to be read in it.
    fn encrypted(&self, id: &str) -> String {
        format!("$:LWCP_v1:${}", self.digest("sender", id))
    }

    /// Who is mentioned, the robot first.
    fn at_users(&self, content: &Content) -> Vec<AtUser> {
        let robot = AtUser {
            dingtalk_id: Some(self.encrypted(&self.seed.app.key)),
            ..AtUser::default()
        };
        let people = content.pieces.iter().filter_map(|piece| match piece {
            Piece::Mention(Mentioned::Person(user)) => Some(user),
            _ => None,
        });
        let people = people.map(|user| AtUser {
            union_id: self
                .state
                .directory
                .user(user)
                .map(|it| it.union_id.clone()),
            ..AtUser::staff(self.encrypted(user.as_str()), user.clone())
        });
        std::iter::once(robot).chain(people).collect()
    }

    /// What was said, as the robot is told.
    fn told(&mut self, content: &Content) -> Told {
        match content.pieces.as_slice() {
            [Piece::Image(file)] => Told::picture(self.download_code(file)),
            [
                Piece::Voice {
                    file,
                    words,
                    duration,
                },
            ] => Told::Audio(Audio {
                download_code: self.download_code(file),
                recognition: (!words.is_empty()).then(|| words.clone()),
                duration: i64::try_from(*duration).ok(),
                extra: Map::new(),
            }),
            [Piece::Video { file, duration }] => Told::Video(Video {
                download_code: self.download_code(file),
                duration: i64::try_from(*duration).ok(),
                video_type: Some(self.extension_of(file, "mp4")),
                extra: Map::new(),
            }),
            [Piece::File { file, name }] => Told::File(File {
                download_code: self.download_code(file),
                file_name: Some(name.clone()),
                space_id: Some(self.state.number().to_string()),
                file_id: Some(self.state.number().to_string()),
                extra: Map::new(),
            }),
            pieces if pieces.iter().any(|it| matches!(it, Piece::Image(_))) => {
                self.told_rich(content)
            }
            _ => Told::text(self.heard_text(content)),
        }
    }

    /// Text and pictures: what stands between two pictures is one part.
    fn told_rich(&mut self, content: &Content) -> Told {
        let mut parts = Vec::new();
        for run in content.pieces.chunk_by(|one, other| {
            !matches!(one, Piece::Image(_)) && !matches!(other, Piece::Image(_))
        }) {
            if let [Piece::Image(file)] = run {
                parts.push(RichPart::picture(self.download_code(file)));
                continue;
            }
            let text = self.heard_text(&Content::of(run.iter().cloned()));
            if !text.trim().is_empty() {
                parts.push(RichPart::text(text));
            }
        }
        Told::rich(parts)
    }

    fn extension_of(&self, file: &str, usual: &str) -> String {
        let medium = self.state.media.get(file);
        let found = medium.map(|medium| extension(&medium.filename));
        let found = found.filter(|found| !found.is_empty());
        found.unwrap_or_else(|| usual.to_owned())
    }

    /// Keeps the files of what is about to be said.
    fn keep(&mut self, drafts: Vec<Draft>) -> Content {
        let pieces: Vec<Piece> = drafts
            .into_iter()
            .map(|draft| match draft {
                Draft::Ready(piece) => piece,
                Draft::File {
                    kind,
                    name,
                    content,
                    words,
                    duration,
                } => {
                    let file = self.keep_file(&name, content.into());
                    kind.piece(file, name, words, duration)
                }
            })
            .collect();
        Content::of(pieces)
    }

    /// Reads a message: a part, or a list of parts.
    fn drafts(&self, message: &Value) -> Result<Vec<Draft>, Rejected> {
        let parts = match message {
            Value::Array(parts) => parts.as_slice(),
            part => std::slice::from_ref(part),
        };
        if !(1..=limits::SAID_PARTS).contains(&parts.len()) {
            return Err(Rejected::bad("message", "must have 1 to 100 parts"));
        }
        let wrong = || Rejected::bad("message", "must be a part or a list of parts");
        let drafts = parts.iter().map(|part| {
            let part = part.as_object().ok_or_else(wrong)?;
            self.draft(Details(part))
        });
        let drafts: Vec<Draft> = drafts.collect::<Result<_, _>>()?;
        let alone =
            |draft: &Draft| matches!(draft, Draft::File { kind, .. } if *kind != Kind::Image);
        if drafts.len() > 1 && drafts.iter().any(alone) {
            let problem = "voice messages, videos and files each stand alone";
            return Err(Rejected::bad("message", problem));
        }
        Ok(drafts)
    }

    fn draft(&self, details: Details<'_>) -> Result<Draft, Rejected> {
        Ok(match details.needs_text("type")? {
            "text" => Draft::Ready(Piece::Text(details.needs_text("text")?.to_owned())),
            "mention" => {
                let who = self.mentioned(&details.needs_name("id")?)?;
                Draft::Ready(Piece::Mention(who))
            }
            kind => Kind::of(kind)?.draft(details)?,
        })
    }

    fn mentioned(&self, name: &str) -> Result<Mentioned, Rejected> {
        if name == ALL {
            return Ok(Mentioned::All);
        }
        if self.is_robot(name) {
            return Ok(Mentioned::Robot);
        }
        self.person("id", name).map(Mentioned::Person)
    }
}

impl Kind {
    fn of(word: &str) -> Result<Self, Rejected> {
        match word {
            "image" | "picture" => Ok(Self::Image),
            "voice" | "audio" => Ok(Self::Voice),
            "video" => Ok(Self::Video),
            "file" => Ok(Self::File),
            _ => Err(Rejected::bad("type", "there is no such kind of part")),
        }
    }

    /// A name and the beginning of a file, where nothing else is given.
    fn sample(self) -> (&'static str, &'static [u8]) {
        match self {
            Self::Image => ("image.png", b"\x89PNG\r\n\x1a\n"),
            Self::Voice => ("voice.amr", b"#!AMR\n"),
            Self::Video => ("video.mp4", b"\0\0\0\x18ftypmp42"),
            Self::File => ("file.txt", b"file\n"),
        }
    }

    fn draft(self, details: Details<'_>) -> Result<Draft, Rejected> {
        let (name, sample) = self.sample();
        let content = details.bytes("base64")?.unwrap_or_else(|| sample.to_vec());
        if content.len() > limits::SAID_BYTES {
            let problem = format!("may have {} bytes", limits::SAID_BYTES);
            return Err(Rejected::bad("base64", problem));
        }
        let usual = match self {
            Self::Voice | Self::Video => 2_000,
            Self::Image | Self::File => 0,
        };
        let duration = details.number_or("duration", usual)?;
        let duration = u64::try_from(duration)
            .map_err(|_| Rejected::bad("duration", "must be milliseconds"))?;
        Ok(Draft::File {
            kind: self,
            name: details.text_or("name", name)?.to_owned(),
            content,
            words: details.text_or("text", "")?.to_owned(),
            duration,
        })
    }

    fn piece(self, file: String, name: String, words: String, duration: u64) -> Piece {
        match self {
            Self::Image => Piece::Image(file),
            Self::Voice => Piece::Voice {
                file,
                words,
                duration,
            },
            Self::Video => Piece::Video { file, duration },
            Self::File => Piece::File { file, name },
        }
    }
}

fn check_length(drafts: &[Draft]) -> Result<(), Rejected> {
    let count = |draft: &Draft| match draft {
        Draft::Ready(Piece::Text(text)) => text.chars().count(),
        _ => 0,
    };
    let chars: usize = drafts.iter().map(count).sum();
    if chars > limits::SAID_CHARS {
        let problem = format!("may have {} characters, not {chars}", limits::SAID_CHARS);
        return Err(Rejected::bad("text", problem));
    }
    Ok(())
}
