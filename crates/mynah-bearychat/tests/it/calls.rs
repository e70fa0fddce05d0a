//! Calls of every endpoint, as our client makes them.

use mynah_bearychat::api::channel::{
    ArchiveChannel, CreateChannel, GetChannel, InviteToChannel, JoinChannel, KickFromChannel,
    KickOutOfChannel, LeaveChannel, ListChannels, UnarchiveChannel,
};
use mynah_bearychat::api::emoji::{ListEmoji, ListStickers};
use mynah_bearychat::api::file::LocateFile;
use mynah_bearychat::api::incoming::SendIncoming;
use mynah_bearychat::api::message::{
    CreateMessage, DeleteMessage, ForwardMessage, GetMessage, QueryMessages, UpdateMessageText,
};
use mynah_bearychat::api::message_pin::{CreatePin, DeletePin, ListPins};
use mynah_bearychat::api::meta::GetMeta;
use mynah_bearychat::api::p2p::{CreateP2p, GetP2p, ListP2ps};
use mynah_bearychat::api::reaction::{CreateReaction, DeleteReaction};
use mynah_bearychat::api::rtm::{
    GetCurrentChannel, GetCurrentTeam, GetCurrentUser, ListCurrentChannels, ListCurrentMembers,
    SendMessage, Start, StartRtm,
};
use mynah_bearychat::api::session_channel::{
    ArchiveSessionChannel, ConvertToChannel, CreateSessionChannel, GetSessionChannel,
    InviteToSessionChannel, KickFromSessionChannel, KickOutOfSessionChannel, LeaveSessionChannel,
    ListSessionChannels,
};
use mynah_bearychat::api::team::GetTeam;
use mynah_bearychat::api::user::{GetMe, GetUser, ListUsers, UpdateMe};
use mynah_bearychat::api::vchannel::GetVchannel;
use mynah_bearychat::{Attachment, MessageKey, Millis, Query};
use mynah_core::{Endpoint, HttpRequest, encode_request};

use crate::table::{Based, base};

/// One call as our client makes it.
pub(crate) struct Call {
    /// Whether a peer was recorded to make the same.
    pub(crate) recorded: bool,
    pub(crate) request: HttpRequest,
}

fn call<E: Endpoint<Platform: Based>>(endpoint: &E) -> Call {
    Call {
        recorded: true,
        request: encode_request(&base::<E>(), endpoint).unwrap(),
    }
}

/// A call that no peer was recorded to make.
fn ours<E: Endpoint<Platform: Based>>(endpoint: &E) -> Call {
    let recorded = false;
    Call {
        recorded,
        ..call(endpoint)
    }
}

const KEY: &str = "1487667236785.0077";

pub(crate) fn calls() -> Vec<Call> {
    let mut calls = team();
    calls.extend(channels());
    calls.extend(session_channels());
    calls.extend(messages());
    calls.extend(elsewhere());
    calls
}

fn team() -> Vec<Call> {
    vec![
        call(&GetMeta::new()),
        call(&GetTeam::new()),
        call(&GetUser::new("=bw52O")),
        call(&GetUser::new("=none")),
        call(&ListUsers::new()),
        call(&GetMe::new()),
        call(&UpdateMe::new()),
        call(&UpdateMe::new().name("beary_bot")),
        call(&UpdateMe::new().name("beary_bot").full_name("倍洽")),
        call(&UpdateMe::new().name("beary_bot").full_name("倍洽小助手 🐻")),
        call(&ListEmoji::new()),
        call(&ListStickers::new()),
        ours(&LocateFile::new("2f1e8a")),
    ]
}

fn channels() -> Vec<Call> {
    let named = CreateChannel::new;
    vec![
        call(&GetVchannel::new("=bw52O")),
        call(&GetChannel::new("=bw52O")),
        call(&ListChannels::new()),
        call(&named("吃喝玩乐在深圳")),
        call(&named("吃喝玩乐在深圳").topic("今天吃什么？").private(false)),
        call(&named("dev-ops_1.0").topic("今天吃什么？")),
        call(&named("dev").topic("t").private(true)),
        call(&named("dev").private(true)),
        call(&named("dev").private(false)),
        call(&ArchiveChannel::new("=bw52O")),
        call(&UnarchiveChannel::new("=bw52O")),
        call(&LeaveChannel::new("=bw52O")),
        call(&JoinChannel::new("=bw52O")),
        call(&InviteToChannel::new("=bw52O", "=bw52P")),
        call(&KickFromChannel::new("=bw52O", "=bw52P")),
        call(&KickOutOfChannel::new("=bw52O", "=bw52P")),
    ]
}

fn session_channels() -> Vec<Call> {
    let both = ["=bw52O", "=bw52P"];
    let dev = ConvertToChannel::new("=bw52O", "dev");
    let eat = ConvertToChannel::new("=bw52O", "吃喝玩乐在深圳");
    vec![
        call(&GetSessionChannel::new("=bw52O")),
        call(&ListSessionChannels::new()),
        call(&CreateSessionChannel::new(both)),
        call(&CreateSessionChannel::new(both).name("临时讨论组名称")),
        call(&ArchiveSessionChannel::new("=bw52O")),
        call(&dev),
        call(&dev.clone().private(true)),
        call(&dev.clone().private(false)),
        call(&eat.private(true)),
        call(&LeaveSessionChannel::new("=bw52O")),
        call(&InviteToSessionChannel::new("=bw52O", "=bw52P")),
        call(&KickFromSessionChannel::new("=bw52O", "=bw52P")),
        call(&KickOutOfSessionChannel::new("=bw52O", "=bw52P")),
        call(&GetP2p::new("=bw52O")),
        call(&ListP2ps::new()),
        call(&CreateP2p::new("=bw52P")),
    ]
}

fn messages() -> Vec<Call> {
    let key = || MessageKey::from("1485236262366.0193");
    let time = Millis(1_485_236_262_366);
    let query = |query: Query| call(&QueryMessages::new("=bw52O", query));
    let say = |text: &str| CreateMessage::new("=bw52O", text);
    vec![
        query(Query::Latest(None)),
        query(Query::latest(10)),
        query(Query::since(time).into()),
        query(Query::since(key()).forward(20).into()),
        query(Query::since(key()).forward(2).backward(2).into()),
        query(Query::since(MessageKey::from(KEY)).backward(50).into()),
        query(
            Query::window(time, Millis(1_485_236_362_366))
                .forward(100)
                .into(),
        ),
        query(
            Query::window(key(), MessageKey::from("1485236362366.0200"))
                .backward(5)
                .into(),
        ),
        call(&GetMessage::new("=bw52O", KEY)),
        call(&say("hello")),
        call(&say("中午吃啥啊？")),
        call(&say("@<==bw52P=> **早** :smile: 🐻\n第二行")),
        call(&say("中午吃啥啊？").attachments(vec![attachment()])),
        call(&DeleteMessage::new("=bw52O", KEY)),
        call(&UpdateMessageText::new("=bw52O", KEY, "x")),
        call(&UpdateMessageText::new("=bw52O", KEY, "改过的")),
        call(&UpdateMessageText::new("=bw52O", KEY, "改过的 text")),
        call(&ForwardMessage::new("=bw52O", KEY, "=bw52P")),
        call(&ListPins::new("=bw52O")),
        call(&CreatePin::new("=bw52O", KEY)),
        call(&DeletePin::new("=bw52O", "=bw52T")),
        ours(&CreateReaction::new("=bw52O", KEY, ":smile:")),
        ours(&DeleteReaction::new("=bw52O", KEY, ":smile:")),
    ]
}

fn elsewhere() -> Vec<Call> {
    let say = |text: &str| SendMessage::new("=bw52O", text);
    let post = |text: &str| SendIncoming::new(text);
    let refused = SendMessage::new("=bwFlb", "this is a test").markdown(true);
    let titled = Attachment::title("only a title");
    let force = Attachment {
        title: Some("Star Wars III".to_owned()),
        ..colored("Return of the Jedi")
    };
    vec![
        call(&StartRtm::new()),
        call(&Start::new()),
        call(&say("test").markdown(true)),
        call(&say("test").markdown(true).attachments(vec![attachment()])),
        call(&say("**not bold**").markdown(false)),
        call(&say("测试").markdown(true).attachments(vec![attachment()])),
        call(&refused),
        call(&GetCurrentTeam::new()),
        call(&ListCurrentMembers::new().all(true)),
        call(&ListCurrentChannels::new()),
        call(&GetCurrentUser::new("=bw52O")),
        call(&GetCurrentChannel::new("=bw52O")),
        call(&post("hello")),
        call(&post("Hello, world").markdown(false)),
        call(&post("你好").user("alice")),
        call(&post("t").attachments(vec![titled])),
        call(&post("愿原力与你同在").attachments(vec![force])),
        call(
            &post("**Hello**")
                .markdown(true)
                .channel("机器人市场")
                .attachments(vec![
                    Attachment::text("It is simple,"),
                    colored("but colorful."),
                ]),
        ),
        call(
            &post("text, this field may accept **markdown**")
                .markdown(true)
                .notification("Hello, BearyChat in Notification")
                .channel("bearychat-dev")
                .attachments(vec![attachment()]),
        ),
    ]
}

fn colored(text: &str) -> Attachment {
    Attachment {
        color: Some("#ffa500".to_owned()),
        ..Attachment::text(text)
    }
}

fn attachment() -> Attachment {
    Attachment {
        title: Some("title_1".to_owned()),
        url: Some("https://bearychat.com".to_owned()),
        images: Some(vec!["http://example.com/1.jpg".into()]),
        ..colored("attachment_text")
    }
}
