//! What accounts of DingTalk do.

use std::sync::Arc;

use mynah::bot::dingtalk::{AppOutbox, RobotOutbox, robot_client};
use mynah::bot::{Capability, Conversation, MemberRole, NewGroup, Outbox, Room, UserId};
use mynah::dingtalk::api::im::ConvertToOpenConversationId;
use serde_json::json;

use super::{Subject, handed, handing_out};
use crate::dingtalk::{self, over_stream};
use crate::world::World;

const ALICE: &str = "dingtalk:user:alice";
const BOB: &str = "dingtalk:user:bob";
const CHAT: &str = "dingtalk:group:chatgeneral";

fn user(id: &str) -> UserId {
    format!("dingtalk:{id}").parse().unwrap()
}

/// An application that answers alice, with a group of its own.
pub(super) async fn app() -> Subject {
    let (router, outboxes) = handing_out();
    let world = over_stream(router).await;
    world.say("alice", "user:bot", "hello").await;
    let outbox = handed(&outboxes).await;
    let own = NewGroup::new("own").members(["alice", "bob"].map(user));
    let own = outbox.create_group(&own).await.unwrap().place;
    let mut subject = Subject::new(world, outbox, &own.to_string(), ALICE);
    // An answer has no id and can mention, and what is said to others is the other way round.
    subject.places.push(BOB.parse().unwrap());
    Subject {
        stranger: user("carol"),
        ..subject
    }
}

pub(super) async fn robot() -> Subject {
    let world = World::of("dingtalk").await;
    let client = robot_client(&dingtalk::robot(&world)).unwrap();
    let outbox = move || -> Arc<dyn Outbox> { Arc::new(RobotOutbox::new(client.clone())) };
    let subject = Subject::new(world, outbox(), CHAT, ALICE);
    Subject {
        anew: Some(Box::new(outbox)),
        ..subject
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_of_an_application_is_managed() {
    let world = World::of("dingtalk").await;
    let app = AppOutbox::open(&dingtalk::app(&world)).unwrap();
    let outbox: Arc<dyn Outbox> = Arc::new(app.clone());
    let group = NewGroup::new("夜班").owner(user("bob"));
    let group = group.members(["alice", "bob"].map(user));
    let created = outbox.create_group(&group).await.unwrap();
    let room = Room::new(created.place, Arc::clone(&outbox));
    let info = room.info().await.unwrap();
    assert_eq!((info.name.as_str(), info.size), ("夜班", Some(2)));
    assert_eq!(info.owner, Some(user("bob")));

    let newcomers = ["carol", "nobody", "dave"].map(user);
    let added = room.add_members(&newcomers).await.unwrap();
    let [failed] = added.failed.as_slice() else {
        panic!("{added:?}")
    };
    assert_eq!(failed.user, user("nobody"));
    room.set_owner(&user("carol")).await.unwrap();
    let gone = room.remove_members(&[user("bob")]).await.unwrap();
    assert!(gone.is_complete());
    room.rename("白班").await.unwrap();
    assert_eq!(room.info().await.unwrap().name, "白班");
    let members = room.members().await.unwrap();
    let roles: Vec<_> = members.into_iter().map(|it| (it.user, it.role)).collect();
    let expected = [
        (user("alice"), MemberRole::Member),
        (user("carol"), MemberRole::Owner),
        (user("dave"), MemberRole::Member),
    ];
    assert_eq!(roles, expected);
    let sent = room.send("早").await.unwrap();
    let recalled = room.recall(&sent.ids[0]).await.unwrap_err();
    assert_eq!(recalled.unsupported().unwrap().what, Capability::Recall);

    // By the name that events have for a group it can be spoken in, and no more.
    let convert = ConvertToOpenConversationId::new("chatgeneral");
    let told = app.clients().open.call(convert).await.unwrap();
    let told: Conversation = format!("dingtalk:group:{told}").parse().unwrap();
    let told = Room::new(told, outbox);
    told.send("早").await.unwrap();
    let renamed = told.rename("x").await.unwrap_err();
    let unsupported = renamed.unsupported().unwrap();
    assert_eq!(unsupported.what, Capability::Rename);
    assert!(unsupported.nearest.en.contains("chatid"), "{renamed}");
    assert!(told.info().await.unwrap_err().unsupported().is_some());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_read_it_is_told() {
    let world = World::of("dingtalk").await;
    let app = AppOutbox::open(&dingtalk::app(&world)).unwrap();
    let convert = ConvertToOpenConversationId::new("chatgeneral");
    let open = app.clients().open.call(convert).await.unwrap();
    let group = format!("dingtalk:group:{open}");
    for (at, unread) in [
        (ALICE, Some(vec![user("alice")])),
        (&*group, None),
        (CHAT, None),
    ] {
        let at: Conversation = at.parse().unwrap();
        let sent = app.send(&at, &"看一下".into()).await.unwrap();
        let id = &sent.ids[0];
        let readers = app.readers(&at, id).await.unwrap();
        assert_eq!((readers.read, readers.unread), (Vec::new(), unread), "{at}");
        let read = json!({"who": "alice", "action": "read", "message": id.id.to_string()});
        world.act(read).await;
        let readers = app.readers(&at, id).await.unwrap();
        assert_eq!(readers.read, [user("alice")], "{at}");
        assert!(readers.unread.is_none_or(|them| them.is_empty()), "{at}");
        let unknown = "dingtalk:nothing".parse().unwrap();
        assert!(app.readers(&at, &unknown).await.is_err(), "{at}");
    }
    world.close().await;
}
