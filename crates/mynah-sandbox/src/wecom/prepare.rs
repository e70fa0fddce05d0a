//! What applications and robots say: checked, cut, and made ready to be kept.

use std::ops::RangeInclusive;

use bytes::Bytes;
use mynah_core::ApiError;
use mynah_wecom::card::{CardType, TapKind, TemplateCard};
use mynah_wecom::id::TaskId;
use mynah_wecom::message::{
    Markdown, Message, MiniprogramNotice, Mpnews, MpnewsArticle, News, NoticeItem, Picture,
    Taskcard, Text, Textcard, Video, WebhookMessage, cut, limit,
};
use mynah_wecom::{MediaId, UserId};

use super::content::{Card, Content, Face, Link, Piece, with_mentions};
use super::limits;
use super::media::{self, Kind, Medium, Owner};
use super::refusal::{refuse, refuse_with};
use super::world::WeComWorld;

/// Bytes of what is told when something is pressed, and of the id of a vote's option
/// (<https://developer.work.weixin.qq.com/document/path/90236>).
const KEY_BYTES: usize = 1_024;
const OPTION_BYTES: usize = 128;
/// Options of a drop-down.
const OPTIONS: RangeInclusive<usize> = 1..=10;
/// Width over height of a card's picture.
const ASPECT_RATIO: RangeInclusive<f64> = 1.3..=2.25;
/// Characters of the texts of a notice.
const NOTICE_CHARS: RangeInclusive<usize> = 4..=12;

impl WeComWorld {
    /// What an application says to a group or to members.
    pub(super) fn prepare(&self, message: &Message) -> Result<Content, ApiError> {
        let corp = Owner::Corp;
        let piece = match message {
            Message::Text(text) => return said(text, limit::TEXT),
            Message::Image(it) => Piece::Image(self.file(&it.media_id, Kind::Image, &corp)?),
            Message::Voice(it) => Piece::Voice {
                file: self.file(&it.media_id, Kind::Voice, &corp)?,
                words: String::new(),
            },
            Message::Video(video) => self.video(video, &corp)?,
            Message::File(it) => Piece::File(self.file(&it.media_id, Kind::File, &corp)?),
            Message::Textcard(card) => textcard(card)?,
            Message::News(news) => return articles(news),
            Message::Mpnews(news) => return self.mpnews(news),
            Message::Markdown(text) => markdown(text, limit::MARKDOWN)?,
            Message::MiniprogramNotice(notice) => miniprogram(notice)?,
            Message::TemplateCard(card) => template(card)?,
            Message::Taskcard(card) => taskcard(card)?,
            Message::Other(kind) => return Err(unknown(kind, Message::KINDS)),
            _ => return Err(refuse(40008)),
        };
        Ok(Content::of([piece]))
    }

    /// What a group robot says.
    pub(super) fn prepare_webhook(
        &self,
        message: &WebhookMessage,
        robot: usize,
    ) -> Result<Draft, ApiError> {
        let own = Owner::Robot(robot);
        let piece = match message {
            WebhookMessage::Text(text) => return self.robot_text(text).map(Draft::Ready),
            WebhookMessage::Markdown(text) | WebhookMessage::MarkdownV2(text) => {
                markdown(text, limit::WEBHOOK_MARKDOWN)?
            }
            WebhookMessage::Image(it) => return picture(it).map(Draft::Picture),
            WebhookMessage::News(news) => return articles(news).map(Draft::Ready),
            WebhookMessage::File(it) => Piece::File(self.file(&it.media_id, Kind::File, &own)?),
            WebhookMessage::Voice(it) => Piece::Voice {
                file: self.file(&it.media_id, Kind::Voice, &own)?,
                words: String::new(),
            },
            WebhookMessage::TemplateCard(card) => notice(card)?,
            WebhookMessage::Other(kind) => return Err(unknown(kind, WebhookMessage::KINDS)),
            _ => return Err(refuse(40008)),
        };
        Ok(Draft::Ready(Content::of([piece])))
    }

    /// What is said after all, and its picture with it.
    pub(super) fn keep_draft(&mut self, draft: Draft) -> Content {
        match draft {
            Draft::Ready(content) => content,
            Draft::Picture(bytes) => Content::of([Piece::Image(self.keep_picture(bytes))]),
        }
    }

    fn robot_text(&self, text: &Text) -> Result<Content, ApiError> {
        needs(&text.content, 44004)?;
        too_long("text.content", &text.content, limit::WEBHOOK_TEXT)?;
        let mut content = said(text, limit::WEBHOOK_TEXT)?;
        for mobile in &text.mentioned_mobile_list {
            if mobile == "@all" {
                content.pieces.push(Piece::Mention(UserId::all()));
                continue;
            }
            let mut users = self.state.directory.users.values();
            if let Some(user) = users.find(|user| user.mobile == *mobile) {
                content.pieces.push(Piece::Mention(user.userid.clone()));
            }
        }
        Ok(content)
    }

    /// Keeps a picture that no call can name.
    pub(super) fn keep_picture(&mut self, content: Bytes) -> String {
        let name = self.state.word(48);
        let medium = Medium::new(Kind::Image, "image", Owner::Page, content);
        self.state.media.add(name.clone(), medium);
        name
    }

    /// A file that was uploaded: its name (41006 without an id, 40007 if the
    /// id is not good for this).
    pub(super) fn file(&self, id: &MediaId, kind: Kind, owner: &Owner) -> Result<String, ApiError> {
        needs(id.as_str(), 41006)?;
        let medium = self.state.media.named(id.as_str(), owner, self.state.now);
        match medium {
            Some(medium) if medium.kind == kind => Ok(id.as_str().to_owned()),
            _ => Err(refuse(40007)),
        }
    }

    fn video(&self, video: &Video, owner: &Owner) -> Result<Piece, ApiError> {
        Ok(Piece::Video {
            file: self.file(&video.media_id, Kind::Video, owner)?,
            title: cut(text_of(video.title.as_ref()), limit::TITLE).to_owned(),
            description: cut(text_of(video.description.as_ref()), limit::DESCRIPTION).to_owned(),
        })
    }

    fn mpnews(&self, news: &Mpnews) -> Result<Content, ApiError> {
        count_articles(news.articles.len())?;
        let mut pieces = Vec::new();
        for article in &news.articles {
            pieces.push(self.mpnews_article(article)?);
        }
        Ok(Content::of(pieces))
    }

    fn mpnews_article(&self, article: &MpnewsArticle) -> Result<Piece, ApiError> {
        needs(&article.title, 41016)?;
        let thumb = self.file(&article.thumb_media_id, Kind::Image, &Owner::Corp)?;
        needs(&article.content, 44004)?;
        if article.content.len() > limit::MPNEWS_CONTENT {
            return Err(refuse(45002));
        }
        let text = match text_of(article.digest.as_ref()) {
            "" => &article.content,
            digest => digest,
        };
        Ok(Piece::Link(Link {
            url: text_of(article.content_source_url.as_ref()).to_owned(),
            title: cut(&article.title, limit::TITLE).to_owned(),
            text: cut(text, limit::DESCRIPTION).to_owned(),
            image: self.page_url(&thumb),
        }))
    }
}

/// What a group robot is about to say; its picture has not been kept yet.
pub(super) enum Draft {
    Ready(Content),
    Picture(Bytes),
}

/// A picture that came along with the message.
fn picture(picture: &Picture) -> Result<Bytes, ApiError> {
    let content = picture
        .content()
        .ok_or_else(|| refuse_with(40058, "image.md5 is not that of image.base64"))?;
    if content.len() > limits::PICTURE_BYTES {
        return Err(refuse(40009));
    }
    if media::picture(&content).is_none() {
        return Err(refuse(40123));
    }
    Ok(content.into())
}

/// A kind nobody knows, or one without its object.
fn unknown(kind: &str, known: &[&str]) -> ApiError {
    if known.contains(&kind) {
        refuse_with(40063, &format!("{kind} is missing"))
    } else {
        refuse(40008)
    }
}

/// Refuses an empty text with this code.
pub(super) fn needs(text: &str, code: i64) -> Result<(), ApiError> {
    if text.is_empty() {
        return Err(refuse(code));
    }
    Ok(())
}

/// Refuses a text that is longer than so many bytes.
pub(super) fn too_long(field: &str, text: &str, bytes: usize) -> Result<(), ApiError> {
    if text.len() <= bytes {
        return Ok(());
    }
    Err(refuse_with(
        40058,
        &format!("{field} exceed max length {bytes}"),
    ))
}

fn text_of(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

/// Text with those whom it mentions.
fn said(text: &Text, bytes: usize) -> Result<Content, ApiError> {
    needs(&text.content, 44004)?;
    let mut pieces = with_mentions(cut(&text.content, bytes));
    for user in &text.mentioned_list {
        let mention = Piece::Mention(user.clone());
        if !pieces.contains(&mention) {
            pieces.push(mention);
        }
    }
    Ok(Content::of(pieces))
}

/// Markdown, which is never cut.
pub(super) fn markdown(text: &Markdown, bytes: usize) -> Result<Piece, ApiError> {
    needs(&text.content, 44004)?;
    too_long("markdown.content", &text.content, bytes)?;
    Ok(Piece::Markdown(text.content.clone()))
}

fn needs_address(url: &str) -> Result<(), ApiError> {
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(());
    }
    Err(refuse(45034))
}

fn textcard(card: &Textcard) -> Result<Piece, ApiError> {
    needs(&card.title, 41016)?;
    needs(&card.description, 41033)?;
    needs(&card.url, 41010)?;
    needs_address(&card.url)?;
    let button = card.btntxt.as_deref().filter(|text| !text.is_empty());
    let button = button.map(|text| text.chars().take(limit::BTNTXT).collect());
    Ok(face(Face::Text(Textcard {
        title: cut(&card.title, limit::TITLE).to_owned(),
        description: cut(&card.description, limit::DESCRIPTION).to_owned(),
        url: card.url.clone(),
        btntxt: Some(button.unwrap_or_else(|| "详情".to_owned())),
    })))
}

fn count_articles(count: usize) -> Result<(), ApiError> {
    match count {
        0 => Err(refuse_with(40063, "articles is empty")),
        count if count > limit::ARTICLES => Err(refuse(45008)),
        _ => Ok(()),
    }
}

fn articles(news: &News) -> Result<Content, ApiError> {
    count_articles(news.articles.len())?;
    let mut pieces = Vec::new();
    for article in &news.articles {
        needs(&article.title, 41016)?;
        let url = text_of(article.url.as_ref());
        // A mini program is the other way to lead somewhere.
        if text_of(article.appid.as_ref()).is_empty() {
            needs(url, 41010)?;
            needs_address(url)?;
        }
        let text = text_of(article.description.as_ref());
        pieces.push(Piece::Link(Link {
            url: url.to_owned(),
            title: cut(&article.title, limit::TITLE).to_owned(),
            text: cut(text, limit::DESCRIPTION).to_owned(),
            image: text_of(article.picurl.as_ref()).to_owned(),
        }));
    }
    Ok(Content::of(pieces))
}

fn miniprogram(notice: &MiniprogramNotice) -> Result<Piece, ApiError> {
    if notice.appid.is_empty() {
        return Err(refuse_with(40063, "miniprogram_notice.appid is missing"));
    }
    needs(&notice.title, 41016)?;
    let description = text_of(notice.description.as_ref());
    for (field, text) in [("title", &*notice.title), ("description", description)] {
        if !text.is_empty() && !NOTICE_CHARS.contains(&text.chars().count()) {
            let problem = format!("{field} must have 4 to 12 characters");
            return Err(refuse_with(40058, &problem));
        }
    }
    too_long("page", text_of(notice.page.as_ref()), 1_024)?;
    if notice.content_item.len() > 10 {
        return Err(refuse_with(
            40058,
            "field `content_item` expect array size in [0, 10]",
        ));
    }
    let is_long = |it: &NoticeItem| it.key.chars().count() > 10 || it.value.chars().count() > 30;
    if notice.content_item.iter().any(is_long) {
        let problem =
            "content_item has a key of more than 10 or a value of more than 30 characters";
        return Err(refuse_with(40058, problem));
    }
    Ok(face(Face::Miniprogram(notice.clone())))
}

fn taskcard(card: &Taskcard) -> Result<Piece, ApiError> {
    needs(&card.title, 41016)?;
    needs(&card.description, 41033)?;
    if !is_task_id(&card.task_id) {
        return Err(refuse(42014));
    }
    let keys = card.btn.iter().map(|button| button.key.as_str());
    check_keys("btn", 1..=2, KEY_BYTES, keys)?;
    Ok(face(Face::Task(card.clone())))
}

fn face(face: Face) -> Piece {
    Piece::Card(Box::new(Card::new(face)))
}

fn is_task_id(id: &TaskId) -> bool {
    let bytes = id.as_str().as_bytes();
    (1..=128).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-@".contains(byte))
}

/// A card of a group robot, which knows no buttons.
fn notice(card: &TemplateCard) -> Result<Piece, ApiError> {
    if card.card_type.is_interactive() {
        return Err(refuse_with(
            40058,
            "card_type must be text_notice or news_notice",
        ));
    }
    template(card)
}

/// A template card of an application, a group robot or an intelligent bot.
pub(super) fn template(card: &TemplateCard) -> Result<Piece, ApiError> {
    match card.card_type {
        CardType::TextNotice | CardType::NewsNotice => {
            let leads = card
                .card_action
                .as_ref()
                .is_some_and(|it| it.kind.is_some());
            if !leads {
                return Err(refuse_with(40058, "card_action is missing"));
            }
        }
        CardType::ButtonInteraction => {
            let buttons = card.button_list.as_deref().unwrap_or_default();
            let keys = buttons.iter().map(|it| text_of(it.key.as_ref()));
            check_keys("button_list", 1..=6, KEY_BYTES, keys)?;
        }
        CardType::VoteInteraction => {
            let vote = card.checkbox.as_ref();
            let options = vote.map_or(&[][..], |it| &it.option_list);
            let ids = options.iter().map(|it| it.id.as_str());
            check_keys("checkbox.option_list", 1..=20, OPTION_BYTES, ids)?;
            check_submit(card)?;
        }
        CardType::MultipleInteraction => {
            let lists = card.select_list.as_deref().unwrap_or_default();
            let keys = lists.iter().map(|it| it.question_key.as_str());
            check_keys("select_list", 1..=3, KEY_BYTES, keys)?;
            check_submit(card)?;
        }
        _ => return Err(refuse_with(40058, "card_type is none of the five")),
    }
    check_lists(card)?;
    check_task(card)?;
    Ok(Card::template(card.clone()))
}

fn check_submit(card: &TemplateCard) -> Result<(), ApiError> {
    let key = card.submit_button.as_ref().map_or("", |it| &it.key);
    if key.is_empty() {
        return Err(refuse_with(40058, "submit_button is missing"));
    }
    too_long("submit_button.key", key, KEY_BYTES)
}

fn check_lists(card: &TemplateCard) -> Result<(), ApiError> {
    let sizes = [
        (
            "horizontal_content_list",
            card.horizontal_content_list.as_ref().map_or(0, Vec::len),
            6,
        ),
        ("jump_list", card.jump_list.as_ref().map_or(0, Vec::len), 3),
        (
            "vertical_content_list",
            card.vertical_content_list.as_ref().map_or(0, Vec::len),
            4,
        ),
    ];
    let over = sizes.into_iter().find(|(_, size, most)| size > most);
    if let Some((field, _, most)) = over {
        let problem = format!("field `{field}` expect array size in [0, {most}]");
        return Err(refuse_with(40058, &problem));
    }
    if let Some(menu) = &card.action_menu {
        let keys = menu.action_list.iter().map(|it| it.key.as_str());
        check_keys("action_list", 1..=3, KEY_BYTES, keys)?;
    }
    let choices = card.button_selection.iter();
    for choice in choices.chain(card.select_list.iter().flatten()) {
        check_size("option_list", &OPTIONS, choice.option_list.len())?;
    }
    check_taps(card)?;
    check_image(card)?;
    let feedback = card.feedback.as_ref().map_or("", |it| &it.id);
    too_long("feedback.id", feedback, limits::FEEDBACK_BYTES)
}

/// What a tap opens must be there.
fn check_taps(card: &TemplateCard) -> Result<(), ApiError> {
    let action = card.card_action.iter();
    let action = action.map(|it| (it.kind.as_ref(), &it.url, &it.appid));
    let quote = card.quote_area.iter();
    let quote = quote.map(|it| (it.kind.as_ref(), &it.url, &it.appid));
    for (kind, url, appid) in action.chain(quote) {
        match kind {
            Some(TapKind::Page) => needs(text_of(url.as_ref()), 41010)?,
            Some(TapKind::MiniProgram) if text_of(appid.as_ref()).is_empty() => {
                return Err(refuse_with(40058, "appid is missing"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_image(card: &TemplateCard) -> Result<(), ApiError> {
    let ratio = card.card_image.as_ref().and_then(|it| it.aspect_ratio);
    if ratio.is_none_or(|ratio| ASPECT_RATIO.contains(&ratio)) {
        return Ok(());
    }
    let problem = "card_image.aspect_ratio must be between 1.3 and 2.25";
    Err(refuse_with(40058, problem))
}

/// What can be pressed must have a task to tell it from others.
fn check_task(card: &TemplateCard) -> Result<(), ApiError> {
    let needed = card.card_type.is_interactive() || card.action_menu.is_some();
    match &card.task_id {
        Some(id) if !id.is_empty() && !is_task_id(id) => Err(refuse(42014)),
        Some(id) if !id.is_empty() => Ok(()),
        _ if needed => Err(refuse_with(40058, "task_id is missing")),
        _ => Ok(()),
    }
}

/// So many keys, none empty or longer than so many bytes, no two the same.
fn check_keys<'a>(
    field: &str,
    sizes: RangeInclusive<usize>,
    bytes: usize,
    keys: impl Iterator<Item = &'a str>,
) -> Result<(), ApiError> {
    let mut seen = Vec::new();
    for key in keys {
        if key.is_empty() || key.len() > bytes || seen.contains(&key) {
            let problem =
                format!("field `{field}` has a key that is empty, too long or there twice");
            return Err(refuse_with(40058, &problem));
        }
        seen.push(key);
    }
    check_size(field, &sizes, seen.len())
}

fn check_size(field: &str, sizes: &RangeInclusive<usize>, size: usize) -> Result<(), ApiError> {
    if sizes.contains(&size) {
        return Ok(());
    }
    let (least, most) = (sizes.start(), sizes.end());
    let problem = format!("field `{field}` expect array size in [{least}, {most}]");
    Err(refuse_with(40058, &problem))
}
