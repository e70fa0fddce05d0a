//! Files on their way to a group or a person.

use mynah_onebot::event::{FileInfo, GroupUpload, Notice, OfflineFile, SentFile};
use mynah_onebot::{GroupId, Message, Segment, UserId};

use super::archive::{Bilingual, Chat, LineKind};
use super::files::{BUSID, File};
use super::limits;
use super::media::{Kind, Taken};
use super::refusal::Refusal;
use super::speech::Speech;
use super::state::{needs_chars, next};
use super::world::OneBotWorld;

/// A file somebody hands over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Upload<'a> {
    pub(super) name: &'a str,
    /// What it holds: `base64://…`, an address, or a path, which is not read.
    pub(super) file: Option<&'a str>,
    /// How many bytes it is said to have, where the content is not here.
    pub(super) size: i64,
}

impl OneBotWorld {
    /// Puts a file among those of a group. Returns its id.
    pub(super) fn upload(
        &mut self,
        who: UserId,
        group_id: GroupId,
        folder: &str,
        upload: Upload<'_>,
    ) -> Result<String, Refusal> {
        let (taken, size) = self.take(upload)?;
        let uploaded = self.state.now.seconds();
        let group = self.state.group(who, group_id)?;
        group.files.needs_folder(folder)?;
        let id = format!("/file-{}", self.state.counters.file.saturating_add(1));
        let file = File {
            name: upload.name.to_owned(),
            folder: folder.to_owned(),
            size,
            media: taken.as_ref().map(|taken| taken.name.clone()),
            uploaded,
            uploader: who,
        };
        let group = self.state.group_mut(who, group_id)?;
        group.files.add(id.clone(), file)?;
        next(&mut self.state.counters.file);
        if let Some(taken) = taken {
            self.state.media.put(taken);
        }
        let chat = Chat::Group(group_id);
        let by = self.state.display(who, chat);
        self.line(chat, LineKind::Upload, who, upload_text(&by, upload.name));
        self.group_notice(
            group_id,
            Notice::GroupUpload(GroupUpload {
                group_id,
                user_id: who,
                file: FileInfo {
                    id: id.clone(),
                    name: upload.name.to_owned(),
                    size,
                    busid: i64::from(BUSID),
                    url: None,
                },
            }),
        );
        Ok(id)
    }

    /// The bot sends somebody a file: a message with the file in it.
    pub(super) fn bot_sends_file(
        &mut self,
        user: UserId,
        upload: Upload<'_>,
    ) -> Result<(), Refusal> {
        let (_, size) = self.take(upload)?;
        let segment = Segment::new("file")
            .with("file", upload.file.unwrap_or_default())
            .with("name", upload.name)
            .with("file_size", size);
        let message = Message::from(segment);
        let speech = Speech::new(self.bot(), Chat::Direct(user), message);
        self.speak(speech).map(|_| ())
    }

    /// A person sends the bot a file.
    pub(super) fn person_sends_file(
        &mut self,
        user_id: UserId,
        upload: Upload<'_>,
    ) -> Result<(), Refusal> {
        let (taken, size) = self.take(upload)?;
        let media = taken.map(|taken| self.state.media.put(taken));
        let url = media.and_then(|name| self.media_url(&name));
        let by = self.state.nickname(user_id);
        let text = upload_text(&by, upload.name);
        self.line(Chat::Direct(user_id), LineKind::Upload, user_id, text);
        self.notice(Notice::OfflineFile(OfflineFile {
            user_id,
            file: SentFile {
                name: upload.name.to_owned(),
                size,
                url: url.unwrap_or_default(),
            },
        }));
        Ok(())
    }

    /// Reads what was handed over; its size counts where the content is here.
    fn take(&self, upload: Upload<'_>) -> Result<(Option<Taken>, i64), Refusal> {
        if upload.name.is_empty() {
            return Err(Refusal::bad("name", "must not be empty"));
        }
        needs_chars("name", upload.name, limits::LINE_CHARS)?;
        if !(0..=limits::FILE_SPACE_BYTES).contains(&upload.size) {
            return Err(Refusal::bad(
                "size",
                format!("must be from 0 to {} bytes", limits::FILE_SPACE_BYTES),
            ));
        }
        let taken = upload
            .file
            .map(|file| self.state.media.read(Kind::File, file, "file"))
            .transpose()?;
        let size = taken.as_ref().map_or(0, |taken| self.size_of(taken));
        Ok((taken, size.max(upload.size)))
    }

    fn size_of(&self, taken: &Taken) -> i64 {
        let known = self.state.media.get(&taken.name);
        known.map_or_else(|| taken.size(), super::media::Item::size)
    }
}

fn upload_text(who: &str, name: &str) -> Bilingual {
    Bilingual::new(
        format!("{who} uploaded {name}"),
        format!("{who} 上传了文件 {name}"),
    )
}
