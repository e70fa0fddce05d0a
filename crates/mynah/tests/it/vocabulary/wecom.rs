//! What accounts of WeCom do.

use std::sync::Arc;

use mynah::bot::wecom::{ApplicationOutbox, RobotOutbox, application_client, robot_client};
use mynah::bot::{
    Capability, Context, Conversation, MemberRole, NewGroup, Outbox, Part, Result, Room, Router,
    UserId, message,
};
use serde_json::json;

use super::{Subject, handed, handing_out};
use crate::wecom::{self, as_application, as_bot, as_called_bot};
use crate::world::World;

const ALICE: &str = "wecom:user:alice";

fn user(id: &str) -> UserId {
    format!("wecom:{id}").parse().unwrap()
}

fn outbox(world: &World) -> Arc<dyn Outbox> {
    let settings = wecom::silent(world);
    let client = application_client(&settings).unwrap();
    Arc::new(ApplicationOutbox::new(client, settings.agentid))
}

/// An application with a group of alice and bob.
pub(super) async fn application() -> Subject {
    let world = World::of("wecom").await;
    let outbox = outbox(&world);
    let own = NewGroup::new("own").members(["alice", "bob"].map(user));
    let own = outbox.create_group(&own).await.unwrap().place;
    let subject = Subject::new(world, outbox, &own.to_string(), ALICE);
    Subject {
        stranger: user("carol"),
        ..subject
    }
}

/// An intelligent bot that alice has talked to, alone and in a group.
pub(super) async fn bot() -> Subject {
    let (router, outboxes) = handing_out();
    let world = as_bot(router).await;
    world.say("alice", "group:general", "@bot hello").await;
    handed(&outboxes).await;
    world.say("alice", "user:bot", "hello").await;
    let outbox = handed(&outboxes).await;
    Subject::new(world, outbox, "wecom:group:general", ALICE)
}

pub(super) async fn called_bot() -> Subject {
    let (router, outboxes) = handing_out();
    let world = as_called_bot(router).await;
    world.say("alice", "user:bot", "hello").await;
    let outbox = handed(&outboxes).await;
    Subject::new(world, outbox, "wecom:group:general", ALICE).answering()
}

pub(super) async fn robot() -> Subject {
    let world = World::of("wecom").await;
    let client = robot_client(&wecom::robot(&world)).unwrap();
    let outbox = Arc::new(RobotOutbox::new(client));
    Subject::new(world, outbox, "wecom:group:general", ALICE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_of_an_application_is_managed() {
    let world = World::of("wecom").await;
    let outbox = outbox(&world);
    // Whose it is belongs to it, named once or twice.
    let group = NewGroup::new("夜班").owner(user("bob"));
    let group = group.members(["alice", "bob"].map(user));
    let created = outbox.create_group(&group).await.unwrap();
    let room = Room::new(created.place, Arc::clone(&outbox));
    let info = room.info().await.unwrap();
    assert_eq!((info.name.as_str(), info.size), ("夜班", Some(2)));
    assert_eq!(info.owner, Some(user("bob")));

    let newcomers = ["carol", "nobody", "dave", "erin"].map(user);
    let added = room.add_members(&newcomers).await.unwrap();
    let [failed] = added.failed.as_slice() else {
        panic!("{added:?}")
    };
    assert_eq!(failed.user, user("nobody"));
    assert!(failed.error.to_string().contains("86216"), "{failed:?}");
    let elsewhere: UserId = "dingtalk:alice".parse().unwrap();
    assert!(room.add_members(&[elsewhere]).await.is_err());

    // The owner does not go before there is another one.
    assert!(room.remove_members(&[user("bob")]).await.is_err());
    room.set_owner(&user("carol")).await.unwrap();
    let gone = room.remove_members(&[user("bob")]).await.unwrap();
    assert!(gone.is_complete());
    room.rename("白班").await.unwrap();
    let members = room.members().await.unwrap();
    let roles: Vec<_> = members.into_iter().map(|it| (it.user, it.role)).collect();
    let expected = [
        (user("alice"), MemberRole::Member),
        (user("carol"), MemberRole::Owner),
        (user("dave"), MemberRole::Member),
        (user("erin"), MemberRole::Member),
    ];
    assert_eq!(roles, expected);
    let said = room.send("早").await.unwrap();
    assert!(said.ids.is_empty(), "what is said in groups has no id");

    let recalled = room.recall(&"wecom:1".parse().unwrap()).await.unwrap_err();
    assert_eq!(recalled.unsupported().unwrap().what, Capability::Recall);
    let foreign = Room::new("wecom:group:nowhere".parse().unwrap(), Arc::clone(&outbox));
    assert!(foreign.info().await.is_err() && foreign.rename("x").await.is_err());
    let alone: Conversation = ALICE.parse().unwrap();
    assert!(outbox.group(&alone).await.is_err(), "two are no group");
    let few = NewGroup::new("few").member(user("alice"));
    assert!(outbox.create_group(&few).await.is_err(), "one is no group");
    world.close().await;
}

/// To applications pictures come with an address and recordings with a `media_id`; to
/// intelligent bots files come encrypted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_with_a_message_can_be_fetched() {
    async fn look(cx: Context) -> Result<String> {
        let media = match cx.event().message().parts() {
            [Part::Image(media) | Part::Voice(media)] => media.clone(),
            _ => return Ok("nothing".to_owned()),
        };
        let content = cx.fetch(&media).await?.content;
        Ok(match () {
            () if content.starts_with(b"\x89PNG") => "a picture",
            () if content.starts_with(b"#!AMR") => "a recording",
            () => "something else",
        }
        .to_owned())
    }
    let router = || Router::new().on(message(), look);
    for (world, seen_as) in [
        (as_application(router()).await, "user:alice"),
        (as_bot(router()).await, "bot:alice"),
        (as_called_bot(router()).await, "bot:alice"),
    ] {
        let picture = json!([{"type": "image"}]);
        world.show("alice", "user:bot", picture).await;
        let heard = world.hears(seen_as, 1).await;
        assert_eq!(heard, ["a picture"], "{seen_as}");
        if seen_as == "user:alice" {
            let recording = json!([{"type": "voice"}]);
            world.show("alice", "user:bot", recording).await;
            let heard = world.hears(seen_as, 2).await;
            assert_eq!(heard, ["a picture", "a recording"]);
        }
        world.close().await;
    }
}
