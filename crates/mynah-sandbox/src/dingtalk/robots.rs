//! Robots: custom ones and what protects them, the sessions in which the
//! application's robot answers, what it sent, and what was sent to it.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mynah_core::{ApiError, Endpoint, HttpRequest, HttpResponse, Platform, media_type};
use mynah_dingtalk::api::robot::{SendBySession, SendToGroup, SendWebhook};
use mynah_dingtalk::auth::{ACCESS_TOKEN, SESSION, in_query, is_fresh, sign};
use mynah_dingtalk::event::{Kind, RobotMsg};
use mynah_dingtalk::message::{Template, WebhookBody, WebhookCard};
use mynah_dingtalk::robot::{RobotMessage, SessionWebhook};
use mynah_dingtalk::{ChatId, DingTalk, ProcessQueryKey, Secret, UserId, WebhookMessage, errors};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::archive::{Chat, Speaker, Spoken};
use super::calls::Row;
use super::content::Content;
use super::limits;
use super::refusal::{missing, refuse};
use super::seed::RobotSeed;
use super::world::DingTalkWorld;
use crate::details::Details;
use crate::frame::{Framed as _, trim};
use crate::world::{Rejected, Time};

/// Where custom robots post; whatever is posted is refused in its words.
const PATH: &str = SendWebhook::META.path;

/// Messages of a custom robot in a minute, and for how long it is silent that
/// wants to say more
/// (<https://open.dingtalk.com/document/development/custom-robots-send-group-messages>).
const MESSAGES: usize = 20;
const SILENCE_MS: i64 = 10 * limits::MINUTE_MS;
/// How long a `msgUuid` is remembered.
const UUID_MS: i64 = 5 * limits::MINUTE_MS;
/// How long a file can be fetched from the address that was handed out.
const ADDRESS_MS: i64 = limits::HOUR_MS;
/// How long the robot can take back what it said.
pub(super) const RECALL_MS: i64 = limits::DAY_MS;

/// What is remembered of robots.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Robots {
    /// How much the custom ones have said, by their place in the seed.
    paces: BTreeMap<usize, Pace>,
    /// Where the application's robot may answer without a token.
    sessions: BTreeMap<String, Session>,
    /// What the application's robot sent.
    pub(super) sent: BTreeMap<ProcessQueryKey, Sent>,
    /// The files that people sent to it, by their codes.
    codes: BTreeMap<String, Loan>,
    /// The same by where they are fetched.
    addresses: BTreeMap<String, Loan>,
}

/// How much a custom robot has said.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Pace {
    /// When, within the last minute.
    spoken: VecDeque<Time>,
    silent_until: Option<Time>,
    /// Until when the calls are remembered that were named.
    named: BTreeMap<String, Time>,
}

impl Pace {
    /// Whether it may say something more. If not, it is silent for a while.
    fn lets_speak(&mut self, now: Time) -> bool {
        if self.silent_until.is_some_and(|end| now < end) {
            return false;
        }
        let begin = now.0.saturating_sub(limits::MINUTE_MS);
        let recent = self.spoken.iter().filter(|at| at.0 > begin).count();
        if recent < MESSAGES {
            return true;
        }
        self.silent_until = Some(later(now, SILENCE_MS));
        false
    }

    fn spoke(&mut self, now: Time, name: Option<String>) {
        self.spoken.push_back(now);
        if self.spoken.len() > MESSAGES {
            self.spoken.pop_front();
        }
        self.named.retain(|_, until| now < *until);
        if let Some(name) = name {
            self.named.insert(name, later(now, UUID_MS));
        }
    }

    fn has_done(&self, name: &str, now: Time) -> bool {
        self.named.get(name).is_some_and(|until| now < *until)
    }
}

/// Where the application's robot may answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Session {
    chat: Chat,
    until: Time,
}

/// What the application's robot sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sent {
    /// The group, or nothing if it went to people one by one.
    pub(super) group: Option<ChatId>,
    /// Whom it reached, in the order in which they were named; people only.
    pub(super) reached: Vec<UserId>,
    pub(super) at: Time,
    pub(super) recalled: bool,
}

/// A file that can be had for a while.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Loan {
    file: String,
    until: Time,
}

fn later(now: Time, milliseconds: i64) -> Time {
    Time(now.0.saturating_add(milliseconds))
}

/// A time as the signatures are checked with it.
fn wall(now: Time) -> SystemTime {
    let millis = u64::try_from(now.0).unwrap_or_default();
    UNIX_EPOCH
        .checked_add(Duration::from_millis(millis))
        .unwrap_or(UNIX_EPOCH)
}

/// 310000, which says in words only what was wrong.
fn kept_out(words: impl Into<String>) -> ApiError {
    ApiError::new(310_000, words)
}

/// A refusal of version 1.0. Where the page of the call at `path` has no
/// words, those of the page for messages to groups are taken.
pub(super) fn refuse_robot(path: &str, word: &str) -> ApiError {
    let pages = [path, SendToGroup::META.path];
    let found = pages.map(|page| errors::open_page(page, word));
    let mut found = found.into_iter().flatten();
    let (status, words) = found
        .find(|(_, words)| !words.is_empty())
        .unwrap_or((400, word));
    ApiError::new(word, words).with_status(status)
}

impl DingTalkWorld {
    /// A custom robot posts. The whole of the call is looked at here, because
    /// robots are checked in an order of their own: the token, the method,
    /// the body and its type, what protects the robot, how much it says, and
    /// what it says.
    pub(super) fn custom_robot(&mut self, row: &Row, request: &HttpRequest) -> HttpResponse {
        match self.admit_robot(request) {
            Ok(robot) => {
                self.caller.robot = robot;
                (row.call)(self, request)
            }
            Err(refusal) => DingTalk::seal(Err(refusal)),
        }
    }

    /// Which custom robot it is.
    fn admit_robot(&self, request: &HttpRequest) -> Result<usize, ApiError> {
        let query = request.uri().query().unwrap_or_default();
        let token = in_query(query, ACCESS_TOKEN).ok_or_else(|| missing(ACCESS_TOKEN))?;
        let token = Secret::from(token.as_ref());
        let mut robots = self.seed.robots.iter().enumerate();
        let found = robots.find(|(_, robot)| robot.token == token);
        let (at, robot) = found.ok_or_else(|| refuse(PATH, 300_005))?;
        if request.method() != http::Method::POST {
            return Err(refuse(PATH, 43002));
        }
        if serde_json::from_slice::<Map<String, Value>>(request.body()).is_err() {
            return Err(missing("json"));
        }
        if !media_type(request).eq_ignore_ascii_case("application/json") {
            return Err(refuse(PATH, 43004));
        }
        check_signature(robot, query, self.state.now)?;
        let caller = self.caller.address;
        if !robot.addresses.is_empty() && !robot.addresses.contains(&caller) {
            return Err(kept_out(format!("ip {caller} not in whitelist")));
        }
        Ok(at)
    }

    /// A custom robot says something in its group.
    pub(super) fn custom_robot_says(&mut self, call: SendWebhook) -> Result<(), ApiError> {
        let (at, now) = (self.caller.robot, self.state.now);
        let seed = self.seed.robots.get(at);
        let seed = seed.ok_or_else(|| refuse(PATH, 300_005))?;
        let words = visible(&call.message);
        let said = |keyword: &String| words.contains(keyword.as_str());
        if !seed.keywords.is_empty() && !seed.keywords.iter().any(said) {
            return Err(kept_out("keywords not in content"));
        }
        let chat = Chat::Group(seed.chatid.clone());
        let name = call.msg_uuid.filter(|name| !name.is_empty());
        if let Some(pace) = self.state.robots.paces.get_mut(&at) {
            if name.as_ref().is_some_and(|name| pace.has_done(name, now)) {
                return Ok(());
            }
            if !pace.lets_speak(now) {
                return Err(refuse(PATH, 410_100));
            }
        }
        check_webhook(&call.message)?;
        self.needs_standing(&chat)?;
        let pace = self.state.robots.paces.entry(at).or_default();
        pace.spoke(now, name);
        self.post_webhook(&chat, Speaker::Custom(at), &call.message);
        Ok(())
    }

    /// 400013 where nothing can be said any more.
    fn needs_standing(&self, chat: &Chat) -> Result<(), ApiError> {
        match chat {
            Chat::Group(id) if self.state.standing(id).is_none() => Err(refuse(PATH, 400_013)),
            _ => Ok(()),
        }
    }

    fn post_webhook(&mut self, chat: &Chat, by: Speaker, message: &WebhookMessage) {
        let id = self.state.message_id();
        let directory = &self.state.directory;
        let member = |name: &str| {
            let user = directory.user(&name.into());
            let user = user.or_else(|| directory.by_mobile(name))?;
            Some(user.userid.clone())
        };
        let content = Content::of_webhook(message, member);
        self.post(chat, by, Spoken::new(id, content));
    }

    /// The application's robot answers in a conversation.
    ///
    /// # Errors
    /// 400105 and 40035 for what cannot be said, 400013 where the group is no
    /// more.
    pub(super) fn robot_says(
        &mut self,
        chat: &Chat,
        message: &WebhookMessage,
    ) -> Result<(), ApiError> {
        check_webhook(message)?;
        self.needs_standing(chat)?;
        self.post_webhook(chat, Speaker::App, message);
        Ok(())
    }

    /// The callback address of the robot answered a message: posts what it
    /// says into the conversation. `None` and `empty` say nothing.
    ///
    /// # Errors
    /// 300001 where there is no such conversation (any more), and those of a
    /// session: 400105 and 40035 for what cannot be said, 400013 where the
    /// group is no more.
    pub fn robot_answered(
        &mut self,
        message: &RobotMessage,
        answer: Option<WebhookMessage>,
    ) -> Result<(), ApiError> {
        let Some(answer) = answer.filter(|answer| answer.body != WebhookBody::Empty) else {
            return Ok(());
        };
        let chat = self.chat_of(&message.conversation_id);
        let chat = chat.ok_or_else(|| refuse(SendBySession::META.path, 300_001))?;
        self.robot_says(&chat, &answer)
    }

    /// An address where the robot can answer into this conversation for a
    /// while.
    pub(super) fn open_session(&mut self, chat: &Chat) -> SessionWebhook {
        let session = self.state.hex(32);
        let until = self.later(limits::SESSION_MS);
        let url = self.base_url(SendBySession::META.path);
        let url = format!("{url}?{SESSION}={session}");
        let chat = chat.clone();
        let sessions = &mut self.state.robots.sessions;
        sessions.insert(session, Session { chat, until });
        trim(sessions, limits::ISSUED, |session| session.until);
        SessionWebhook::new(url, until.0)
    }

    /// The conversation of a session; 300001 for one that is over, or that
    /// never was.
    pub(super) fn session(&self, session: &Secret) -> Result<Chat, ApiError> {
        if session.is_empty() {
            return Err(missing(SESSION));
        }
        let mut sessions = self.state.robots.sessions.iter();
        let given = session.expose().as_bytes();
        let found = sessions.find(|(known, _)| mynah_crypto::equal(known.as_bytes(), given));
        match found {
            Some((_, found)) if self.state.now < found.until => Ok(found.chat.clone()),
            _ => Err(refuse(SendBySession::META.path, 300_001)),
        }
    }

    /// Remembers what the application's robot sent.
    pub(super) fn remember_sent(&mut self, key: ProcessQueryKey, sent: Sent) {
        let all = &mut self.state.robots.sent;
        all.insert(key, sent);
        trim(all, limits::ISSUED, |sent| sent.at);
    }

    /// Takes back what the robot said, wherever it stands.
    pub(super) fn take_back(&mut self, id: &str) {
        if let Some(sent) = self.state.robots.sent.get_mut(&ProcessQueryKey::from(id)) {
            sent.recalled = true;
        }
        for (chat, seq) in self.state.archive.places(id).to_vec() {
            if let Some(spoken) = self.state.archive.message_mut(&chat, seq) {
                spoken.recalled = true;
                self.changed_entry(&chat, seq);
            }
        }
    }

    /// Somebody has read a message for the first time. The application is told
    /// if its robot sent it.
    pub(super) fn robot_read(&mut self, message_id: &str, reader: &UserId) {
        if let Some(message) = self.robot_msg(message_id, reader) {
            self.tell(Kind::RobotMsgRead(message));
        }
    }

    /// The owner of a group, or whoever got it, recalls what a robot said. The
    /// application is told if it was its own.
    ///
    /// # Errors
    /// There is no such message, it is no robot's, or it is not theirs to
    /// recall.
    pub(super) fn recalled_by(
        &mut self,
        who: &UserId,
        details: Details<'_>,
    ) -> Result<Value, Rejected> {
        let message_id = details.needs_name("message")?;
        let mut places = self.state.archive.places(message_id.as_ref()).iter();
        let seen = places.find(|(chat, _)| self.state.takes_part(who, chat));
        let none = || Rejected::missing("message", "there is no such message");
        let (chat, seq) = seen.cloned().ok_or_else(none)?;
        let entry = self.state.archive.entry(&chat, seq).ok_or_else(none)?;
        let spoken = entry.message().ok_or_else(none)?;
        if matches!(entry.by, Speaker::Person(_)) || spoken.content.notice {
            return Err(Rejected::forbidden("message", "is no robot's"));
        }
        if spoken.recalled {
            return Err(Rejected::forbidden("message", "is recalled already"));
        }
        let group = chat.group().and_then(|id| self.state.groups.get(id));
        if group.is_some_and(|group| group.owner != *who) {
            return Err(Rejected::forbidden("who", "does not own the group"));
        }
        self.take_back(&message_id);
        if let Some(message) = self.robot_msg(&message_id, who) {
            self.tell(Kind::RobotMsgRecall(message));
        }
        Ok(json!({}))
    }

    /// What an event says of a message that the application's robot sent.
    fn robot_msg(&self, message_id: &str, who: &UserId) -> Option<RobotMsg> {
        let key = ProcessQueryKey::from(message_id);
        let sent = self.state.robots.sent.get(&key)?;
        let chat = match &sent.group {
            Some(group) => Chat::Group(group.clone()),
            None => Chat::User(who.clone()),
        };
        let user = self.state.directory.user(who);
        let union_id = user.map(|user| &user.union_id);
        Some(RobotMsg {
            open_conversation_id: Some(self.conversation_id(&chat)),
            user_id: Some(who.clone()),
            union_id: union_id.cloned(),
            robot_code: Some(self.seed.app.key.as_str().into()),
            process_query_key: Some(key),
            operat_time: Some(self.state.now.0),
        })
    }

    /// A code that downloads a file which was sent to the robot.
    pub(super) fn download_code(&mut self, file: &str) -> String {
        let code = self.state.base64(42);
        let loan = Loan {
            file: file.to_owned(),
            until: self.later(limits::DOWNLOAD_MS),
        };
        let codes = &mut self.state.robots.codes;
        codes.insert(code.clone(), loan);
        trim(codes, limits::ISSUED, |loan| loan.until);
        code
    }

    /// Where the file of a code can be fetched for a while.
    pub(super) fn download_url(&mut self, code: &str) -> Option<String> {
        let now = self.state.now;
        let loan = self.state.robots.codes.get(code);
        let file = loan.filter(|loan| now < loan.until)?.file.clone();
        // It may have been forgotten meanwhile.
        self.state.media.get(&file)?;
        let address = self.state.word(48);
        let until = self.later(ADDRESS_MS);
        let addresses = &mut self.state.robots.addresses;
        addresses.insert(address.clone(), Loan { file, until });
        trim(addresses, limits::ISSUED, |loan| loan.until);
        Some(self.base_url(&format!("{FILES}{address}")))
    }

    /// The file at an address that was handed out; nothing where there is none.
    pub(super) fn download_file(&self, path: &str, request: &HttpRequest) -> Option<HttpResponse> {
        let address = path.strip_prefix(FILES)?;
        if request.method() != http::Method::GET {
            return None;
        }
        let loan = self.state.robots.addresses.get(address)?;
        let medium = self.state.media.get(&loan.file)?;
        (self.state.now < loan.until).then(|| medium.file().response())
    }
}

/// Before the addresses of files that were sent to the robot.
const FILES: &str = "/robot/messageFiles/";

/// Whether a call is signed as the robot wants it, if it does.
fn check_signature(robot: &RobotSeed, query: &str, now: Time) -> Result<(), ApiError> {
    let Some(secret) = &robot.secret else {
        return Ok(());
    };
    let timestamp = in_query(query, "timestamp").unwrap_or_default();
    if !is_fresh(&timestamp, wall(now)) {
        return Err(kept_out("invalid timestamp"));
    }
    let given = in_query(query, "sign").unwrap_or_default();
    if Secret::from(given.as_ref()) != Secret::from(sign(&timestamp, secret)) {
        return Err(kept_out("sign not match"));
    }
    Ok(())
}

/// What people can read of a message.
fn visible(message: &WebhookMessage) -> String {
    let texts: Vec<&str> = match &message.body {
        WebhookBody::Text(it) => vec![&it.content],
        WebhookBody::Markdown(it) => vec![&it.title, &it.text],
        WebhookBody::Link(it) => vec![&it.title, &it.text],
        WebhookBody::ActionCard(card) => {
            let single = card.single_title.as_deref();
            let buttons = card.btns.iter().map(|it| it.title.as_str());
            let texts = [card.title.as_str(), card.text.as_str()];
            texts.into_iter().chain(single).chain(buttons).collect()
        }
        WebhookBody::FeedCard(card) => card.links.iter().map(|it| it.title.as_str()).collect(),
        _ => Vec::new(),
    };
    texts.join("\n")
}

/// Whether a message can be posted: 400105 for a kind that there is not,
/// 40035 for one that lacks something.
fn check_webhook(message: &WebhookMessage) -> Result<(), ApiError> {
    match &message.body {
        WebhookBody::Text(it) => needs(&[("text.content", &it.content)]),
        WebhookBody::Markdown(it) => {
            needs(&[("markdown.title", &it.title), ("markdown.text", &it.text)])
        }
        WebhookBody::Link(it) => needs(&[
            ("link.title", &it.title),
            ("link.text", &it.text),
            ("link.messageUrl", &it.message_url),
        ]),
        WebhookBody::ActionCard(card) => check_card(card),
        WebhookBody::FeedCard(card) if card.links.is_empty() => Err(missing("feedCard.links")),
        WebhookBody::FeedCard(card) => card.links.iter().try_for_each(|link| {
            needs(&[
                ("feedCard.links.title", &link.title),
                ("feedCard.links.messageURL", &link.message_url),
                ("feedCard.links.picURL", &link.pic_url),
            ])
        }),
        WebhookBody::Other(kind) if kind.is_empty() => Err(missing("msgtype")),
        WebhookBody::Other(kind) if WebhookBody::KINDS.contains(&kind.as_str()) => {
            Err(missing(kind))
        }
        // To say nothing is an answer, but not something to post.
        _ => Err(refuse(PATH, 400_105)),
    }
}

fn check_card(card: &WebhookCard) -> Result<(), ApiError> {
    needs(&[
        ("actionCard.title", &card.title),
        ("actionCard.text", &card.text),
    ])?;
    if card.is_single() {
        return Ok(());
    }
    if card.btns.is_empty() {
        return Err(missing("actionCard.btns"));
    }
    card.btns.iter().try_for_each(|button| {
        needs(&[
            ("actionCard.btns.title", &button.title),
            ("actionCard.btns.actionURL", &button.action_url),
        ])
    })
}

fn needs(texts: &[(&str, &String)]) -> Result<(), ApiError> {
    match texts.iter().find(|(_, text)| text.is_empty()) {
        Some((name, _)) => Err(missing(name)),
        None => Ok(()),
    }
}

/// Whether a template can be sent: a name that there is, parameters that are
/// an object, and all that the template shows.
///
/// # Errors
/// The words of <https://open.dingtalk.com/document/development/the-robot-sends-a-group-message>.
pub(super) fn check_template(path: &str, template: &Template) -> Result<(), ApiError> {
    let wants = |texts: &[(&str, &str)]| match texts.iter().find(|(text, _)| text.is_empty()) {
        Some((_, word)) => Err(refuse_robot(path, word)),
        None => Ok(()),
    };
    match template {
        Template::Text(it) => wants(&[(&it.content, "miss.param.contentOfText")]),
        Template::Markdown(it) => wants(&[
            (&it.title, "miss.param.markdownTotitle"),
            (&it.text, "miss.param.markdownTotext"),
        ]),
        Template::Image(it) => wants(&[(&it.photo_url, "miss.param.photoTophotoUrl")]),
        Template::Link(it) => wants(&[
            (&it.text, "miss.param.textOfLink"),
            (&it.title, "miss.param.titleOfLink"),
            (&it.message_url, "miss.param.messageUrlOfLink"),
        ]),
        Template::Card(card) => {
            wants(&[
                (&card.title, "miss.param.actionCardTotitle"),
                (&card.text, "miss.param.actionCardTotext"),
            ])?;
            let [title, url] = match card.buttons.len() {
                0 | 1 => [
                    "miss.param.actionCardTosingleTitle",
                    "miss.param.actionCardTosingleUrl",
                ],
                _ => [
                    "miss.param.actionCardTobtnsTotitle",
                    "miss.param.actionCardTobtnsToactionUrl",
                ],
            };
            let mut buttons = card.buttons.iter();
            buttons.try_for_each(|(text, address)| wants(&[(text, title), (address, url)]))
        }
        Template::Audio(it) => wants(&[(it.media_id.as_str(), "miss.param.audio")]),
        Template::File(it) => wants(&[(it.media_id.as_str(), "miss.param.file")]),
        Template::Video(it) => wants(&[(it.video_media_id.as_str(), "miss.param.video")]),
        Template::Other { key, .. } if Template::KEYS.contains(&key.as_str()) => {
            Err(refuse_robot(path, "invalidParameter.msgParam.invalid"))
        }
        _ => Err(refuse_robot(path, "invalidParameter.msgKey.invalid")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_says_too_much_is_silent_for_ten_minutes() {
        let at = |seconds: i64| Time(seconds * 1000);
        let mut pace = Pace::default();
        for second in 0..20 {
            assert!(pace.lets_speak(at(second)));
            pace.spoke(at(second), None);
        }
        assert!(!pace.lets_speak(at(59)));
        assert!(!pace.lets_speak(at(61)));
        assert!(!pace.lets_speak(at(658)));
        assert!(pace.lets_speak(at(659)));
    }

    #[test]
    fn the_minute_rolls() {
        let at = |seconds: i64| Time(seconds * 1000);
        let mut pace = Pace::default();
        for second in 0..20 {
            pace.spoke(at(second), None);
        }
        assert!(pace.lets_speak(at(60)));
        pace.spoke(at(60), None);
        assert!(pace.lets_speak(at(61)));
        pace.spoke(at(61), None);
        assert!(!pace.lets_speak(at(61)));
    }
}
