//! The 56 documented events, built by hand.

use mynah_onebot::event::{
    Anonymous, BotOffline, BotOnline, ClientStatus, Device, DiscussMessage, EmojiLike, Essence,
    EssenceType, FileInfo, FriendAdd, FriendRecall, FriendRequest, GrayTip, GroupAdmin,
    GroupAdminType, GroupBan, GroupBanType, GroupCard, GroupDecrease, GroupDecreaseType,
    GroupDismiss, GroupIncrease, GroupIncreaseType, GroupMessage, GroupMessageType,
    GroupMsgEmojiLike, GroupName, GroupNameChange, GroupRecall, GroupRequest, GroupUpload,
    Heartbeat, Honor, InputStatus, Lifecycle, LifecycleType, LuckyKing, MessageEvent, Meta,
    MetaEvent, Notice, NoticeEvent, OfflineFile, Poke, PokeRecall, PrivateMessage,
    PrivateMessageType, ProfileLike, Reaction, ReactionType, Request, RequestEvent, Sender,
    SentFile, Status, Title,
};
use mynah_onebot::types::{GroupRequestType, HonorType, Role, Sex, UnixSeconds};
use mynah_onebot::{Content, DiscussId, Event, GroupId, MessageId, Segment, UserId};
use serde_json::Value;

const TIME: UnixSeconds = UnixSeconds(1_515_204_254);
const BOT: UserId = UserId(10000);
const ALICE: UserId = UserId(10001);
const BOB: UserId = UserId(10002);
const CAROL: UserId = UserId(10003);
const DAVE: UserId = UserId(10004);
const ERIN: UserId = UserId(10005);
const MASK: UserId = UserId(80_000_000);
const SYSTEM: UserId = UserId(1_000_000);
const NOBODY: UserId = UserId(0);
const GROUP: GroupId = GroupId(20001);
const GROUP_MESSAGE: MessageId = MessageId(1002);
const PRIVATE_MESSAGE: MessageId = MessageId(1001);

pub(crate) fn events() -> Vec<(&'static str, Event)> {
    let mut events = messages();
    events.extend(
        notices()
            .into_iter()
            .map(|(name, notice)| (name, notice_event(notice))),
    );
    events.extend(requests());
    events.extend(metas());
    events
}

fn sender(user_id: UserId, nickname: &str, sex: Sex, age: i32) -> Sender {
    Sender {
        user_id: Some(user_id),
        nickname: Some(nickname.to_owned()),
        sex: Some(sex),
        age: Some(age),
        ..Sender::default()
    }
}

fn alice() -> Sender {
    sender(ALICE, "alice", Sex::Female, 20)
}

/// A sender in a group of whom the platform tells nothing but the name.
fn nameless_member(user_id: UserId, nickname: &str, role: Role) -> Sender {
    Sender {
        card: Some(String::new()),
        area: Some(String::new()),
        level: Some(String::new()),
        role: Some(role),
        title: Some(String::new()),
        ..sender(user_id, nickname, Sex::Unknown, 0)
    }
}

fn private(sub_type: PrivateMessageType, user_id: UserId, sender: Sender) -> PrivateMessage {
    PrivateMessage {
        time: TIME,
        self_id: BOT,
        sub_type,
        message_id: PRIVATE_MESSAGE,
        user_id,
        message: Content::cq("你好～"),
        raw_message: "你好～".to_owned(),
        font: 456,
        sender,
        target_id: None,
        group_id: None,
        temp_source: None,
        message_seq: None,
    }
}

fn group(sub_type: GroupMessageType, message: &str, sender: Sender) -> GroupMessage {
    GroupMessage {
        time: TIME,
        self_id: BOT,
        sub_type,
        message_id: GROUP_MESSAGE,
        group_id: GROUP,
        user_id: sender.user_id.unwrap(),
        anonymous: None,
        message: Content::cq(message),
        raw_message: message.to_owned(),
        font: 0,
        sender,
        message_seq: None,
    }
}

fn messages() -> Vec<(&'static str, Event)> {
    let private_event = |event| Event::Message(MessageEvent::Private(event));
    let group_event = |event| Event::Message(MessageEvent::Group(event));
    let carol = || sender(CAROL, "carol", Sex::Unknown, 0);
    let erin = || sender(ERIN, "erin", Sex::Unknown, 0);
    let alice_in_group = Sender {
        card: Some("小爱".to_owned()),
        area: Some("杭州".to_owned()),
        level: Some("1".to_owned()),
        role: Some(Role::Member),
        title: Some(String::new()),
        ..alice()
    };
    let asked = group(
        GroupMessageType::Normal,
        "[CQ:at,qq=10000] 在吗",
        alice_in_group,
    );
    let asked_in_segments = GroupMessage {
        message: Content::from(Segment::at(BOT) + " 在吗"),
        ..asked.clone()
    };
    let anonymous = GroupMessage {
        anonymous: Some(Anonymous {
            id: 1_000_019,
            name: "邓八公".to_owned(),
            flag: "AAAAAAAPQlMABrXLsMu5qwAo".to_owned(),
        }),
        ..group(
            GroupMessageType::Anonymous,
            "谁说的",
            nameless_member(MASK, "邓八公", Role::Member),
        )
    };
    let hint = group(
        GroupMessageType::Notice,
        "管理员已禁止群内匿名聊天",
        nameless_member(SYSTEM, "系统消息", Role::Member),
    );
    let discuss = DiscussMessage {
        time: TIME,
        self_id: BOT,
        message_id: MessageId(1003),
        discuss_id: DiscussId(30001),
        user_id: ALICE,
        message: Content::cq("hi"),
        raw_message: "hi".to_owned(),
        font: 0,
        sender: alice(),
    };
    let sent_to_group = GroupMessage {
        message_seq: Some(7),
        ..group(
            GroupMessageType::Normal,
            "我自己发的",
            nameless_member(BOT, "bot", Role::Owner),
        )
    };
    let sent_to_alice = PrivateMessage {
        target_id: Some(ALICE),
        ..private(
            PrivateMessageType::Friend,
            BOT,
            sender(BOT, "bot", Sex::Unknown, 0),
        )
    };
    vec![
        (
            "message.private.friend",
            private_event(private(PrivateMessageType::Friend, ALICE, alice())),
        ),
        (
            "message.private.group",
            private_event(private(PrivateMessageType::Group, CAROL, carol())),
        ),
        (
            "message.private.other",
            private_event(private(PrivateMessageType::Stranger, ERIN, erin())),
        ),
        (
            "message.private.discuss",
            private_event(private(PrivateMessageType::Discuss, CAROL, alice())),
        ),
        ("message.group.normal", group_event(asked)),
        (
            "message.group.normal (array format)",
            group_event(asked_in_segments),
        ),
        ("message.group.anonymous", group_event(anonymous)),
        ("message.group.notice", group_event(hint)),
        (
            "message.discuss",
            Event::Message(MessageEvent::Discuss(discuss)),
        ),
        (
            "message_sent.group.normal",
            Event::MessageSent(MessageEvent::Group(sent_to_group)),
        ),
        (
            "message_sent.private.friend",
            Event::MessageSent(MessageEvent::Private(sent_to_alice)),
        ),
    ]
}

fn notice_event(notice: Notice) -> Event {
    Event::Notice(NoticeEvent {
        time: TIME,
        self_id: BOT,
        notice,
    })
}

fn notices() -> Vec<(&'static str, Notice)> {
    let mut notices = group_notices();
    notices.extend(message_notices());
    notices.extend(notify_notices());
    notices.extend(file_and_account_notices());
    notices.extend(reaction_notices());
    notices
}

fn group_notices() -> Vec<(&'static str, Notice)> {
    let admin = |sub_type| {
        Notice::GroupAdmin(GroupAdmin {
            sub_type,
            group_id: GROUP,
            user_id: BOB,
        })
    };
    let decrease = |sub_type, operator_id, user_id| {
        Notice::GroupDecrease(GroupDecrease {
            sub_type,
            group_id: GROUP,
            operator_id,
            user_id,
        })
    };
    let increase = |sub_type| {
        Notice::GroupIncrease(GroupIncrease {
            sub_type,
            group_id: GROUP,
            operator_id: BOB,
            user_id: ERIN,
        })
    };
    let ban = |sub_type, user_id, duration| {
        Notice::GroupBan(GroupBan {
            sub_type,
            group_id: GROUP,
            operator_id: BOB,
            user_id,
            duration,
        })
    };
    vec![
        ("notice.group_admin.set", admin(GroupAdminType::Set)),
        ("notice.group_admin.unset", admin(GroupAdminType::Unset)),
        (
            "notice.group_decrease.leave",
            decrease(GroupDecreaseType::Leave, DAVE, DAVE),
        ),
        (
            "notice.group_decrease.kick",
            decrease(GroupDecreaseType::Kick, BOB, DAVE),
        ),
        (
            "notice.group_decrease.kick_me",
            decrease(GroupDecreaseType::KickMe, BOB, BOT),
        ),
        (
            "notice.group_decrease.disband",
            decrease(GroupDecreaseType::Disband, ALICE, BOT),
        ),
        (
            "notice.group_increase.approve",
            increase(GroupIncreaseType::Approve),
        ),
        (
            "notice.group_increase.invite",
            increase(GroupIncreaseType::Invite),
        ),
        ("notice.group_ban.ban", ban(GroupBanType::Ban, DAVE, 1800)),
        (
            "notice.group_ban.lift_ban",
            ban(GroupBanType::LiftBan, DAVE, 0),
        ),
        (
            "notice.group_ban.ban (whole group)",
            ban(GroupBanType::Ban, NOBODY, -1),
        ),
        (
            "notice.group_name_change",
            Notice::GroupNameChange(GroupNameChange {
                group_id: GROUP,
                name: "新群名".to_owned(),
            }),
        ),
        (
            "notice.group_card",
            Notice::GroupCard(GroupCard {
                group_id: GROUP,
                user_id: ALICE,
                card_new: "小爱".to_owned(),
                card_old: String::new(),
            }),
        ),
        (
            "notice.group_dismiss",
            Notice::GroupDismiss(GroupDismiss {
                group_id: GROUP,
                user_id: ALICE,
            }),
        ),
    ]
}

fn message_notices() -> Vec<(&'static str, Notice)> {
    let essence = |sub_type| {
        Notice::Essence(Essence {
            sub_type,
            group_id: GROUP,
            sender_id: ALICE,
            operator_id: BOB,
            message_id: GROUP_MESSAGE,
        })
    };
    vec![
        (
            "notice.group_recall",
            Notice::GroupRecall(GroupRecall {
                group_id: GROUP,
                user_id: ALICE,
                operator_id: BOB,
                message_id: GROUP_MESSAGE,
            }),
        ),
        (
            "notice.friend_recall",
            Notice::FriendRecall(FriendRecall {
                user_id: ALICE,
                message_id: PRIVATE_MESSAGE,
            }),
        ),
        ("notice.essence.add", essence(EssenceType::Add)),
        ("notice.essence.delete", essence(EssenceType::Delete)),
    ]
}

fn notify_notices() -> Vec<(&'static str, Notice)> {
    let honor = |honor_type| {
        Notice::Honor(Honor {
            group_id: GROUP,
            honor_type,
            user_id: ALICE,
        })
    };
    vec![
        (
            "notice.notify.poke (group)",
            Notice::Poke(Poke {
                sender_id: None,
                group_id: Some(GROUP),
                user_id: ALICE,
                target_id: BOT,
            }),
        ),
        (
            "notice.notify.poke (friend)",
            Notice::Poke(Poke {
                sender_id: Some(ALICE),
                group_id: None,
                user_id: ALICE,
                target_id: BOT,
            }),
        ),
        (
            "notice.notify.lucky_king",
            Notice::LuckyKing(LuckyKing {
                group_id: GROUP,
                user_id: ALICE,
                target_id: BOB,
            }),
        ),
        (
            "notice.notify.honor (talkative)",
            honor(HonorType::Talkative),
        ),
        (
            "notice.notify.honor (performer)",
            honor(HonorType::Performer),
        ),
        ("notice.notify.honor (emotion)", honor(HonorType::Emotion)),
        (
            "notice.notify.title",
            Notice::Title(Title {
                group_id: GROUP,
                user_id: ALICE,
                title: "群宠".to_owned(),
            }),
        ),
        (
            "notice.notify.group_name",
            Notice::GroupName(GroupName {
                group_id: GROUP,
                user_id: BOB,
                name_new: "新群名".to_owned(),
            }),
        ),
        (
            "notice.notify.input_status",
            Notice::InputStatus(InputStatus {
                status_text: "对方正在输入...".to_owned(),
                event_type: 1,
                user_id: ALICE,
                group_id: GroupId(0),
            }),
        ),
        (
            "notice.notify.profile_like",
            Notice::ProfileLike(ProfileLike {
                operator_id: ALICE,
                operator_nick: "alice".to_owned(),
                times: 10,
            }),
        ),
        (
            "notice.notify.poke_recall",
            Notice::PokeRecall(PokeRecall {
                group_id: Some(GROUP),
                user_id: ALICE,
                target_id: BOT,
                raw_info: Value::Null,
            }),
        ),
        (
            "notice.notify.gray_tip",
            Notice::GrayTip(GrayTip {
                group_id: GROUP,
                user_id: ALICE,
                message_id: GROUP_MESSAGE,
                busi_id: "2401".to_owned(),
                content: "{}".to_owned(),
                raw_info: Value::Null,
            }),
        ),
    ]
}

fn file_and_account_notices() -> Vec<(&'static str, Notice)> {
    vec![
        (
            "notice.group_upload",
            Notice::GroupUpload(GroupUpload {
                group_id: GROUP,
                user_id: ALICE,
                file: FileInfo {
                    id: "/b9a2d1e0-file-1".to_owned(),
                    name: "报告.pdf".to_owned(),
                    size: 1_048_576,
                    busid: 102,
                    url: None,
                },
            }),
        ),
        (
            "notice.offline_file",
            Notice::OfflineFile(OfflineFile {
                user_id: ALICE,
                file: SentFile {
                    name: "a.txt".to_owned(),
                    size: 5,
                    url: "http://127.0.0.1/file/2".to_owned(),
                },
            }),
        ),
        (
            "notice.friend_add",
            Notice::FriendAdd(FriendAdd { user_id: ERIN }),
        ),
        (
            "notice.client_status",
            Notice::ClientStatus(ClientStatus {
                client: Device {
                    app_id: 1,
                    device_name: "pc".to_owned(),
                    device_kind: "Windows".to_owned(),
                },
                online: true,
            }),
        ),
        (
            "notice.bot_offline",
            Notice::BotOffline(BotOffline {
                user_id: BOT,
                tag: "KickedOffLine".to_owned(),
                message: "登录态失效".to_owned(),
            }),
        ),
        (
            "notice.bot_online",
            Notice::BotOnline(BotOnline {
                reason: "Reconnect".to_owned(),
            }),
        ),
    ]
}

fn reaction_notices() -> Vec<(&'static str, Notice)> {
    vec![
        (
            "notice.group_msg_emoji_like",
            Notice::GroupMsgEmojiLike(GroupMsgEmojiLike {
                group_id: GROUP,
                user_id: ALICE,
                message_id: GROUP_MESSAGE,
                likes: vec![EmojiLike {
                    emoji_id: "76".to_owned(),
                    count: 1,
                }],
                is_add: Some(true),
            }),
        ),
        (
            "notice.reaction.add",
            Notice::Reaction(Reaction {
                sub_type: ReactionType::Add,
                group_id: GROUP,
                message_id: GROUP_MESSAGE,
                operator_id: ALICE,
                code: "76".to_owned(),
                count: 1,
            }),
        ),
    ]
}

fn requests() -> Vec<(&'static str, Event)> {
    let event = |request| {
        Event::Request(RequestEvent {
            time: TIME,
            self_id: BOT,
            request,
        })
    };
    let group = |sub_type, group_id, user_id, comment: &str, flag: &str| {
        Request::Group(GroupRequest {
            sub_type,
            group_id,
            user_id,
            comment: comment.to_owned(),
            flag: flag.to_owned(),
            invitor_id: None,
        })
    };
    let friend = Request::Friend(FriendRequest {
        user_id: ERIN,
        comment: "我是 erin".to_owned(),
        flag: "friend-req-1".to_owned(),
    });
    let add = group(GroupRequestType::Add, GROUP, ERIN, "求进群", "group-req-1");
    let invite = group(
        GroupRequestType::Invite,
        GroupId(20002),
        ALICE,
        "",
        "group-req-2",
    );
    vec![
        ("request.friend", event(friend)),
        ("request.group.add", event(add)),
        ("request.group.invite", event(invite)),
    ]
}

fn metas() -> Vec<(&'static str, Event)> {
    let event = |meta| {
        Event::Meta(MetaEvent {
            time: TIME,
            self_id: BOT,
            meta,
        })
    };
    let lifecycle = |sub_type| event(Meta::Lifecycle(Lifecycle { sub_type }));
    let heartbeat = Meta::Heartbeat(Heartbeat {
        status: Status {
            online: Some(true),
            good: true,
            extra: serde_json::Map::new(),
        },
        interval: 15000,
    });
    vec![
        (
            "meta_event.lifecycle.enable",
            lifecycle(LifecycleType::Enable),
        ),
        (
            "meta_event.lifecycle.disable",
            lifecycle(LifecycleType::Disable),
        ),
        (
            "meta_event.lifecycle.connect",
            lifecycle(LifecycleType::Connect),
        ),
        ("meta_event.heartbeat", event(heartbeat)),
    ]
}
