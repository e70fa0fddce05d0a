use mynah_core::{ApiError, Empty};
use mynah_onebot::actions::notice::{
    DelGroupNotice, DeleteEssenceMsg, EssenceMsg, GetEssenceMsgList, GetGroupNotice, GroupNotice,
    NoticeContent, NoticeImage, NoticeSent, SendGroupNotice, SetEssenceMsg,
};
use mynah_onebot::types::NoticeId;
use serde_json::Map;

use super::done;
use crate::onebot::archive::{Bilingual, Chat, LineKind};
use crate::onebot::limits;
use crate::onebot::media::Kind;
use crate::onebot::refusal::Refusal;
use crate::onebot::speech::shown_author;
use crate::onebot::state::{Announcement, Essence, needs_chars, next};
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<GetGroupNotice> for OneBotWorld {
    /// Newest first.
    fn serve(&mut self, call: GetGroupNotice) -> Result<Vec<GroupNotice>, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        let notices = group.notices.iter().rev().map(|notice| GroupNotice {
            notice_id: Some(NoticeId(notice.id.clone())),
            sender_id: Some(notice.by),
            publish_time: Some(notice.time.into()),
            message: Some(NoticeContent {
                text: notice.text.clone(),
                images: notice.images.iter().map(|name| image(name)).collect(),
                extra: Map::new(),
            }),
            extra: Map::new(),
        });
        Ok(notices.collect())
    }
}

/// The world does not look into pictures, so their measures are not known.
fn image(name: &str) -> NoticeImage {
    NoticeImage {
        id: Some(name.to_owned()),
        height: None,
        width: None,
        extra: Map::new(),
    }
}

impl Serve<SendGroupNotice> for OneBotWorld {
    fn serve(&mut self, call: SendGroupNotice) -> Result<NoticeSent, ApiError> {
        if call.content.is_empty() {
            return Err(Refusal::bad("content", "must not be empty").into());
        }
        needs_chars("content", &call.content, limits::NOTICE_CHARS)?;
        let title = call.title.unwrap_or_default();
        needs_chars("title", &title, limits::NAME_CHARS)?;
        let image = call.image.as_deref().filter(|image| !image.is_empty());
        let image = image
            .map(|image| self.state.media.read(Kind::Image, image, "image"))
            .transpose()?;
        let (bot, time) = (self.bot(), self.state.now.seconds());
        self.state.own_group(call.group_id)?.needs_admin(bot)?;

        let id = format!("notice-{}", next(&mut self.state.counters.notice));
        let image = image.map(|taken| self.state.media.put(taken));
        let text = if title.is_empty() {
            call.content
        } else {
            format!("{title}\n{}", call.content)
        };
        let notices = &mut self.state.own_group_mut(call.group_id)?.notices;
        notices.push_back(Announcement {
            id: id.clone(),
            by: bot,
            time,
            text: text.clone(),
            images: image.into_iter().collect(),
        });
        if notices.len() > limits::NOTICES {
            notices.pop_front();
        }
        let chat = Chat::Group(call.group_id);
        let by = self.state.display(bot, chat);
        let told = Bilingual::new(
            format!("{by} announced: {text}"),
            format!("{by} 发布了群公告：{text}"),
        );
        self.line(chat, LineKind::Notice, bot, told);
        Ok(NoticeSent {
            notice_id: Some(NoticeId(id)),
        })
    }
}

impl Serve<DelGroupNotice> for OneBotWorld {
    fn serve(&mut self, call: DelGroupNotice) -> Result<Empty, ApiError> {
        let bot = self.bot();
        let group = self.state.own_group_mut(call.group_id)?;
        let at = group
            .notices
            .iter()
            .position(|notice| notice.id == call.notice_id.as_str())
            .ok_or_else(|| Refusal::missing("notice_id", "there is no such announcement"))?;
        group.needs_admin(bot)?;
        group.notices.remove(at);
        Ok(Empty)
    }
}

impl Serve<SetEssenceMsg> for OneBotWorld {
    fn serve(&mut self, call: SetEssenceMsg) -> Result<Empty, ApiError> {
        let bot = self.bot();
        done(self.set_essence(bot, call.message_id, true))
    }
}

impl Serve<DeleteEssenceMsg> for OneBotWorld {
    fn serve(&mut self, call: DeleteEssenceMsg) -> Result<Empty, ApiError> {
        let bot = self.bot();
        done(self.set_essence(bot, call.message_id, false))
    }
}

impl Serve<GetEssenceMsgList> for OneBotWorld {
    /// Those whose message is still known, newest first.
    fn serve(&mut self, call: GetEssenceMsgList) -> Result<Vec<EssenceMsg>, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        let essences = group.essences.iter().rev();
        Ok(essences.filter_map(|it| self.essence(it)).collect())
    }
}

impl OneBotWorld {
    fn essence(&self, essence: &Essence) -> Option<EssenceMsg> {
        let found = self.state.archive.find(essence.message)?;
        let (_, sender) = self.author(found.chat, &found.spoken.by);
        Some(EssenceMsg {
            sender_id: shown_author(&found.spoken.by),
            sender_nick: sender.nickname.unwrap_or_default(),
            sender_time: Some(found.time.seconds().into()),
            operator_id: essence.operator,
            operator_nick: self.state.nickname(essence.operator),
            operator_time: Some(essence.time.into()),
            message_id: essence.message,
            extra: Map::new(),
        })
    }
}
