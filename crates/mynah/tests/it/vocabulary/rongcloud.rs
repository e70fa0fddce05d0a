//! What accounts of RongCloud do.

use std::sync::Arc;

use mynah::bot::rongcloud::{UserOutbox, app_client};
use mynah::bot::{Capability, NewGroup, Outbox, Room, UserId};

use super::Subject;
use crate::rongcloud::account;
use crate::world::World;

fn id(id: &str) -> UserId {
    format!("rongcloud:{id}").parse().unwrap()
}

fn outbox(world: &World) -> Arc<dyn Outbox> {
    let client = app_client(&account(world)).unwrap();
    Arc::new(UserOutbox::new(client, "bot"))
}

/// A bot with two groups of its own, with alice in them.
pub(super) async fn user() -> Subject {
    let world = World::of("rongcloud").await;
    let outbox = outbox(&world);
    let group = async |name| {
        let group = NewGroup::new(name).member(id("alice"));
        outbox.create_group(&group).await.unwrap().place
    };
    let (own, leaves) = (group("own").await, group("other").await);
    let alice = "rongcloud:user:alice";
    let subject = Subject::new(world, Arc::clone(&outbox), &own.to_string(), alice);
    Subject {
        leaves,
        stranger: id("carol"),
        ..subject
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_and_chatrooms_are_managed() {
    let world = World::of("rongcloud").await;
    let outbox = outbox(&world);
    let members = async |room: &Room| -> Vec<UserId> {
        let members = room.members().await.unwrap().into_iter();
        members.map(|member| member.user).collect()
    };
    let group = NewGroup::new("夜班").members(["alice", "bob", "bot"].map(id));
    let created = outbox.create_group(&group).await.unwrap();
    assert!(created.missing.is_empty());
    let room = Room::new(created.place, Arc::clone(&outbox));
    assert_eq!(members(&room).await, ["bot", "alice", "bob"].map(id));
    let info = room.info().await.unwrap();
    assert_eq!((info.name.as_str(), info.size), ("夜班", Some(3)));

    let added = room.add_members(&["carol", "dave"].map(id)).await.unwrap();
    assert!(added.is_complete());
    let gone = room.remove_members(&["alice", "dave"].map(id)).await;
    assert!(gone.unwrap().is_complete());
    room.rename("白班").await.unwrap();
    room.send("早").await.unwrap();
    room.leave().await.unwrap();
    assert_eq!(members(&room).await, ["bob", "carol"].map(id));
    assert_eq!(room.info().await.unwrap().name, "白班");
    room.dismiss().await.unwrap();
    assert!(room.info().await.is_err());
    let owned = NewGroup::new("owned").owner(id("alice"));
    let refused = outbox.create_group(&owned).await.unwrap_err();
    assert_eq!(refused.unsupported().unwrap().what, Capability::SetOwner);

    let lobby = "rongcloud:group:chatroom:lobby".parse().unwrap();
    let lobby = Room::new(lobby, outbox);
    let before = members(&lobby).await;
    let added = lobby.add_members(&["alice", "bob"].map(id)).await.unwrap();
    assert!(added.is_complete());
    let after = members(&lobby).await;
    assert!(
        ["alice", "bob"]
            .map(id)
            .iter()
            .all(|user| after.contains(user))
    );
    let info = lobby.info().await.unwrap();
    assert_eq!(
        (info.name.as_str(), info.size),
        ("lobby", Some(after.len()))
    );
    assert!(before.len() < after.len());
    let refusals = [
        (lobby.rename("x").await, Capability::Rename),
        (lobby.leave().await, Capability::Leave),
    ];
    for (refused, wanted) in refusals {
        assert_eq!(refused.unwrap_err().unsupported().unwrap().what, wanted);
    }
    let kicked = lobby.remove_members(&[id("alice")]).await.unwrap_err();
    assert_eq!(
        kicked.unsupported().unwrap().what,
        Capability::RemoveMembers
    );
    lobby.dismiss().await.unwrap();
    assert!(lobby.info().await.is_err());
    world.close().await;
}
