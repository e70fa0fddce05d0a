//! What a message says, as the page shows it.

use mynah_rongcloud::content::Text;
use mynah_rongcloud::{Content, MessageUid, ObjectName, UserId};
use serde_json::Value;

use super::archive::Body;
use super::world::RongCloudWorld;
use crate::world::Part;

/// Who is mentioned when everybody is.
pub(super) const ALL: &str = "all";

impl RongCloudWorld {
    /// The parts of a message.
    pub(super) fn view_parts(&self, uid: &MessageUid, body: &Body) -> Vec<Part> {
        let object_name = ObjectName::from(body.object_name());
        let content = Content::read(&object_name, body.content());
        if let Content::Text(text) = &content {
            return self.view_text(text);
        }
        vec![self.view_part(uid, body, content)]
    }

    fn view_part(&self, uid: &MessageUid, body: &Body, content: Content) -> Part {
        // What stands in the message itself is found by its id.
        let inside = || format!("{}{uid}", self.settings.media_path);
        let seconds = |duration: u64| (duration > 0).then(|| duration.saturating_mul(1000));
        match content {
            Content::Image(image) => Part::Image {
                url: match image.image_uri.as_str() {
                    "" => inside(),
                    uri => self.page_url(uri),
                },
                name: name_in(&image.image_uri),
            },
            Content::Voice(voice) => Part::Voice {
                url: inside(),
                name: "voice.amr".to_owned(),
                duration_ms: seconds(voice.duration),
            },
            Content::HighQualityVoice(voice) => Part::Voice {
                url: self.page_url(&voice.remote_url),
                name: name_in(&voice.remote_url),
                duration_ms: seconds(voice.duration),
            },
            Content::RichText(link) => Part::Link {
                url: link.url,
                title: link.title,
                text: link.content,
                image: self.page_url(&link.image_uri),
            },
            Content::File(file) => Part::File {
                url: self.page_url(&file.file_url),
                name: file.name,
                size: file.size,
            },
            Content::Sight(sight) => Part::Video {
                url: self.page_url(&sight.sight_url),
                name: sight.name,
            },
            other => Part::Other {
                name: body.object_name().to_owned(),
                text: in_words(&other, body),
                data: serde_json::from_str(body.content())
                    .unwrap_or_else(|_| Value::String(body.content().to_owned())),
            },
        }
    }

    /// Text with its mentions where they stand in it, or before it.
    fn view_text(&self, text: &Text) -> Vec<Part> {
        let mut parts = vec![Part::Text {
            text: text.content.clone(),
        }];
        let Some(info) = &text.mentioned_info else {
            return parts;
        };
        let mut mentioned: Vec<(String, String)> = info
            .user_ids
            .iter()
            .map(|user| (user.to_string(), self.display(user)))
            .collect();
        if info.kind == mynah_rongcloud::content::MentionedInfo::ALL {
            mentioned = vec![(ALL.to_owned(), "所有人".to_owned())];
        }
        for (id, name) in mentioned {
            mention(&mut parts, id, name);
        }
        parts
    }

    /// The name on the screen.
    pub(super) fn display(&self, user: &UserId) -> String {
        let known = self.state.users.get(user).map(|user| user.name.as_str());
        let name = known.filter(|name| !name.is_empty());
        name.unwrap_or(user.as_str()).to_owned()
    }
}

/// Puts a mention where the text has it, or before everything.
fn mention(parts: &mut Vec<Part>, id: String, name: String) {
    let found = parts.iter().enumerate().find_map(|(at, part)| {
        let Part::Text { text } = part else {
            return None;
        };
        let (before, after) = [&name, &id]
            .into_iter()
            .find_map(|name| text.split_once(&format!("@{name}")))?;
        Some((at, before.to_owned(), after.to_owned()))
    });
    let Some((at, before, after)) = found else {
        parts.insert(0, Part::Mention { id, name });
        return;
    };
    let text = |text: String| (!text.is_empty()).then_some(Part::Text { text });
    let pieces = text(before)
        .into_iter()
        .chain([Part::Mention { id, name }])
        .chain(text(after));
    parts.splice(at..=at, pieces);
}

/// A line that stands for a message.
fn in_words(content: &Content, body: &Body) -> String {
    match content {
        Content::InfoNotice(notice) => notice.message.clone(),
        Content::ContactNotice(notice) => format!("{}: {}", notice.operation, notice.message),
        Content::GroupNotice(notice) => notice.message.clone(),
        Content::ProfileNotice(notice) => notice.operation.clone(),
        Content::CommandNotice(command) => command.name.clone(),
        Content::Command(command) => command.name.clone(),
        Content::Location(location) => location.poi.clone(),
        Content::Custom { text, .. } => text.chars().take(200).collect(),
        _ => body.object_name().to_owned(),
    }
}

/// The last part of an address.
fn name_in(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.to_owned()
}
