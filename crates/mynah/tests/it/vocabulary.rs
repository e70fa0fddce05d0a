//! What each kind of account says it can do is what it does, in its platform's world.

mod dingtalk;
mod rongcloud;
mod wecom;

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use mynah::bot::bearychat::{HubotOutbox, RobotOutbox, hubot_client, robot_client};
use mynah::bot::onebot::{OneBotOutbox, event};
use mynah::bot::{
    Capabilities, Capability, Card, Context, Conversation, Event, Link, Location, Media, Member,
    Message, MessageId, NewGroup, OneBotAccount, Outbox, Part, Past, Place, Platform, Receipt,
    Reply, Result, Room, Router, Said, Support, UserId, message,
};
use mynah::client::Client;
use mynah::onebot::{AccessToken, RawEvent};
use serde_json::{Value, json};

use crate::bearychat::{called, hook, hubot, over_rtm};
use crate::world::{SECRET, TOKEN, World, free_port, listening};

/// One kind of account in its world.
struct Subject {
    world: World,
    outbox: Arc<dyn Outbox>,
    /// Where it speaks: a group in which it may do everything, and people.
    places: Vec<Conversation>,
    /// A group that it may leave.
    leaves: Conversation,
    /// Whether it speaks of its own accord, and not only in answer.
    speaks: bool,
    /// Somebody in its group.
    member: UserId,
    /// Who is not in it once `member` was removed.
    stranger: UserId,
    reaction: &'static str,
    /// A request, where the platform has any.
    request: Option<Event>,
    /// The same a minute later, where an account may not say so much in one.
    anew: Option<Box<dyn Fn() -> Arc<dyn Outbox>>>,
}

impl Subject {
    fn new(world: World, outbox: Arc<dyn Outbox>, group: &str, person: &str) -> Self {
        let places = [group, person].map(|place| place.parse::<Conversation>().unwrap());
        let user = UserId {
            platform: places[1].platform,
            id: places[1].id.clone(),
        };
        Self {
            world,
            outbox,
            leaves: places[0].clone(),
            places: places.into(),
            speaks: true,
            member: user.clone(),
            stranger: user,
            reaction: ":+1:",
            request: None,
            anew: None,
        }
    }

    /// It takes part in what others call for, and says nothing by itself.
    fn answering(self) -> Self {
        Self {
            speaks: false,
            ..self
        }
    }

    fn platform(&self) -> Platform {
        self.places[0].platform
    }

    fn can(&self, wanted: Capability) -> bool {
        self.outbox.capabilities().can(wanted)
    }

    async fn say(&self, at: &Conversation, text: &str) -> Result<MessageId> {
        let receipt = self.outbox.send(at, &text.into()).await?;
        let id = receipt.ids.into_iter().next();
        id.ok_or_else(|| mynah::bot::BotError::new("the message has no id"))
    }

    async fn members(&self, of: &Conversation) -> Option<Vec<UserId>> {
        if !self.can(Capability::Members) {
            return None;
        }
        let members = self.outbox.members(of).await.unwrap().into_iter();
        Some(members.map(|Member { user, .. }| user).collect())
    }

    /// Wants it, at that place; what can be read of it afterwards is so.
    async fn tries(&self, wanted: Capability, at: &Conversation) -> Result<()> {
        let outbox = &*self.outbox;
        match wanted {
            Capability::Group | Capability::Direct => {
                outbox.send(at, &"hello".into()).await.map(drop)
            }
            Capability::Edit => {
                let id = self.say(at, "rigth").await?;
                outbox.edit(at, &id, &"right".into()).await
            }
            Capability::Recall => {
                let id = self.say(at, "oops").await?;
                outbox.recall(at, &id).await
            }
            Capability::React => {
                let id = self.say(at, "look").await?;
                outbox.react(at, &id, self.reaction).await
            }
            Capability::Unreact => {
                let id = self.say(at, "look").await?;
                outbox.react(at, &id, self.reaction).await?;
                outbox.unreact(at, &id, self.reaction).await
            }
            Capability::Readers => {
                let id = self.say(at, "read this").await?;
                outbox.readers(at, &id).await.map(drop)
            }
            Capability::History => {
                let id = self.say(at, "what was").await?;
                let last = outbox.history(at, &Past::newest(1)).await?;
                let [Said { id: found, .. }] = last.as_slice() else {
                    panic!("{last:?}")
                };
                assert_eq!(*found, id);
                let before = outbox.history(at, &Past::before(id.clone(), 5)).await?;
                assert!(before.iter().all(|said| said.id != id));
                Ok(())
            }
            Capability::Fetch => {
                let icon = format!("http://{}/assets/icon.svg", self.world.sandbox.addr);
                let fetched = outbox.fetch(&Media::url(icon)).await?;
                assert!(!fetched.content.is_empty());
                Ok(())
            }
            Capability::Decide => match &self.request {
                Some(request) => {
                    let yes = Reply::Approve(String::new());
                    outbox.answer(request, &yes).await.map(drop)
                }
                None => Ok(()),
            },
            Capability::CreateGroup => {
                let members = [self.member.clone(), self.stranger.clone()];
                let group = NewGroup::new("night").members(members);
                let created = outbox.create_group(&group).await?;
                assert!(created.missing.is_empty(), "{created:?}");
                let place = created.place;
                outbox.send(&place, &"hello".into()).await?;
                let members = self.members(&place).await;
                assert!(members.is_none_or(|them| them.contains(&self.member)));
                Ok(())
            }
            Capability::ReadGroup => {
                let info = outbox.group(at).await?;
                assert_eq!(info.place, *at);
                assert!(!info.name.is_empty());
                Ok(())
            }
            Capability::Members => {
                let members = outbox.members(at).await?;
                assert!(members.iter().any(|member| member.user == self.member));
                Ok(())
            }
            Capability::Rename => {
                outbox.rename(at, "renamed").await?;
                if self.can(Capability::ReadGroup) {
                    assert_eq!(outbox.group(at).await?.name, "renamed");
                }
                Ok(())
            }
            Capability::SetOwner => {
                outbox.set_owner(at, &self.member).await?;
                if self.can(Capability::ReadGroup) {
                    let owner = outbox.group(at).await?.owner;
                    assert!(owner.is_none_or(|owner| owner == self.member));
                }
                Ok(())
            }
            Capability::AddMembers => {
                let users = [self.stranger.clone()];
                outbox.add_members(at, &users).await?.complete()?;
                let members = self.members(at).await;
                assert!(members.is_none_or(|them| them.contains(&self.stranger)));
                Ok(())
            }
            Capability::RemoveMembers => {
                let users = [self.stranger.clone()];
                outbox.remove_members(at, &users).await?.complete()?;
                let members = self.members(at).await;
                assert!(members.is_none_or(|them| !them.contains(&self.stranger)));
                Ok(())
            }
            Capability::Leave => outbox.leave(&self.leaves).await,
            Capability::Dismiss => outbox.dismiss(at).await,
            part => panic!("{part} is a part of a message"),
        }
    }

    /// Wants it without making sure that it could be had.
    async fn is_refused(&self, wanted: Capability) -> Result<()> {
        let (outbox, at) = (&*self.outbox, &self.places[0]);
        let id = MessageId::new(self.platform(), 1);
        let users = [self.stranger.clone()];
        match wanted {
            Capability::Edit => outbox.edit(at, &id, &"right".into()).await,
            Capability::Recall => outbox.recall(at, &id).await,
            Capability::React => outbox.react(at, &id, self.reaction).await,
            Capability::Unreact => outbox.unreact(at, &id, self.reaction).await,
            Capability::Readers => outbox.readers(at, &id).await.map(drop),
            Capability::History => outbox.history(at, &Past::newest(1)).await.map(drop),
            Capability::Decide => {
                let request = friend_request("flag");
                let no = Reply::Decline(String::new());
                outbox.answer(&request, &no).await.map(drop)
            }
            Capability::Direct => self.tries(wanted, &self.places[1]).await,
            Capability::SetOwner => outbox.set_owner(at, &self.member).await,
            Capability::AddMembers => outbox.add_members(at, &users).await.map(drop),
            Capability::RemoveMembers => outbox.remove_members(at, &users).await.map(drop),
            other => self.tries(other, at).await,
        }
    }

    /// A message with that part in it, in both of the ways there may be.
    async fn messages_with(&self, part: Capability, at: &Conversation) -> Vec<Message> {
        let media = |bytes: &'static [u8], name: &str| {
            let url = format!("http://127.0.0.1:9/{name}");
            [Media::bytes(name, bytes), Media::url(url)]
        };
        let one = |part: Part| vec![Message::text("look ").push(part)];
        let both = |part: fn(Media) -> Part, media: [Media; 2]| {
            let media = media.into_iter();
            media
                .map(|media| Message::text("look ").push(part(media)))
                .collect()
        };
        match part {
            Capability::Text => one("at this".into()),
            Capability::Markdown => one(Part::Markdown("**this**".into())),
            Capability::Mention => one(Part::Mention(self.member.clone())),
            Capability::MentionAll => one(Part::MentionAll),
            Capability::Quote => {
                let name = at.to_string();
                let to = name.split_once(':').unwrap().1;
                let to = if at.kind == Place::Group {
                    to
                } else {
                    "user:bot"
                };
                let said = self.world.say("alice", to, "which?").await;
                let said = MessageId::new(self.platform(), said.as_str());
                vec![Message::new().quote(said).push("this one")]
            }
            Capability::Image => both(Part::Image, media(b"\x89PNG\r\n\x1a\nabc", "a.png")),
            Capability::Voice => both(Part::Voice, media(VOICE, "a.amr")),
            Capability::Video => both(Part::Video, media(b"\0\0\0\x18ftypmp42", "a.mp4")),
            Capability::File => both(Part::File, media(b"%PDF-1.4", "a.pdf")),
            Capability::Link => one(Part::Link(Link {
                url: "https://example.com/a".into(),
                title: "page".into(),
                text: "words".into(),
                image: String::new(),
            })),
            Capability::Location => one(Part::Location(Location {
                latitude: 30.25,
                longitude: 120.125,
                title: "West Lake".into(),
            })),
            Capability::Card => {
                let card = || Card::new("pizza?").text("at noon");
                let cards = [
                    card().press("yes", "y"),
                    card().link("menu", "https://example.com/menu"),
                ];
                let message = |card| Message::text("look ").push(Part::Card(card));
                cards.map(message).into()
            }
            other => panic!("{other} is no part of a message"),
        }
    }

    /// A part that is carried is not lost, one that is substituted is named with what stands in
    /// its place, and one that is not carried is named as left out.
    async fn carries(&self, part: Capability, support: Support) {
        let (mut kept, mut lost) = (false, Vec::new());
        for at in &self.places {
            for message in self.messages_with(part, at).await {
                let losses = match self.outbox.send(at, &message).await {
                    Ok(Receipt { losses, .. }) => losses,
                    // An address at which nothing is, or a place where nothing is said.
                    Err(error) => {
                        lost.push(error.to_string());
                        continue;
                    }
                };
                let nothing = losses.iter().all(|loss| loss.instead == "nothing");
                match support {
                    Support::Yes => assert!(losses.is_empty(), "{self:?}: {part}: {losses:?}"),
                    Support::Within(_) => {}
                    Support::Substitute(_) => {
                        assert!(
                            !losses.is_empty() && !nothing,
                            "{self:?}: {part}: {losses:?}"
                        );
                    }
                    Support::No { .. } => {
                        assert!(
                            !losses.is_empty() && nothing,
                            "{self:?}: {part}: {losses:?}"
                        );
                    }
                    other => panic!("{other:?}"),
                }
                kept |= losses.is_empty();
                lost.push(format!("{losses:?}"));
            }
        }
        if matches!(support, Support::Yes | Support::Within(_)) {
            assert!(kept, "{self:?}: {part}: never carried: {lost:#?}");
        }
    }

    async fn does(&self, wanted: Capability, support: Support) {
        let places: &[Conversation] = match wanted {
            Capability::Direct => &self.places[1..],
            Capability::Edit
            | Capability::Recall
            | Capability::React
            | Capability::Unreact
            | Capability::Readers
            | Capability::History => &self.places,
            _ => &self.places[..1],
        };
        let mut done = 0;
        for at in places {
            let result = self.tries(wanted, at).await;
            match (support, result) {
                (_, Ok(())) => done += 1,
                (Support::Within(_), Err(_)) => {}
                (_, Err(error)) => panic!("{self:?}: {wanted}, {at}: {error}"),
            }
        }
        assert!(done > 0, "{self:?}: {wanted}: never done");
    }

    /// Everything that its kind of account says is so.
    async fn is_as_it_says(&mut self) {
        for (wanted, support) in self.outbox.capabilities().iter() {
            if let Some(anew) = &self.anew {
                self.outbox = anew();
                let minute = json!({ "advance_s": 60 });
                self.world.control("POST", "/control/clock", minute).await;
            }
            match support {
                _ if wanted.is_part() && self.speaks => self.carries(wanted, support).await,
                Support::No { nearest } if !wanted.is_part() => {
                    let error = self.is_refused(wanted).await.expect_err(wanted.words().en);
                    let Some(unsupported) = error.unsupported() else {
                        panic!("{self:?}: {wanted}: {error}")
                    };
                    assert_eq!(unsupported.what, wanted, "{self:?}");
                    assert_eq!(unsupported.nearest, nearest, "{self:?}");
                }
                _ if self.speaks && !wanted.is_part() => self.does(wanted, support).await,
                _ => {}
            }
        }
    }
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.outbox.capabilities().account().en)
    }
}

/// A tenth of a second of silence.
const VOICE: &[u8] = b"#!AMR\n\x3c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// A router that hands out what carries its replies.
fn handing_out() -> (Router<()>, Receiver<Arc<dyn Outbox>>) {
    let (sender, outboxes) = mpsc::channel();
    let router = Router::new().on(message(), move |cx: Context| {
        let _ = sender.send(Arc::clone(cx.outbox()));
        std::future::ready(())
    });
    (router, outboxes)
}

async fn handed(outboxes: &Receiver<Arc<dyn Outbox>>) -> Arc<dyn Outbox> {
    for _ in 0..1000 {
        if let Ok(outbox) = outboxes.try_recv() {
            return outbox;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nothing was heard");
}

fn friend_request(flag: &str) -> Event {
    let told = json!({
        "time": 1, "self_id": 10000, "post_type": "request", "request_type": "friend",
        "user_id": 10003, "comment": "hi", "flag": flag,
    });
    let raw = RawEvent::from_bytes(told.to_string().into()).unwrap();
    event("bot".into(), raw)
}

async fn onebot() -> Subject {
    let world = World::open().await;
    let token = AccessToken::new(TOKEN).unwrap();
    let client = Client::new(world.onebot("http").parse().unwrap(), token);
    let asked = json!({
        "platform": "onebot", "who": "carol", "action": "befriend", "comment": "hi",
    });
    let asked = world.control("POST", "/control/act", asked).await;
    let flag = asked["flag"].as_str().unwrap().to_owned();
    let outbox = Arc::new(OneBotOutbox::new(client));
    let subject = Subject::new(world, outbox, "onebot:group:20001", "onebot:user:10001");
    Subject {
        leaves: "onebot:group:20002".parse().unwrap(),
        stranger: "onebot:10004".parse().unwrap(),
        reaction: "128077",
        request: Some(friend_request(&flag)),
        ..subject
    }
}

async fn onebot_by_post() -> Subject {
    let mut world = World::open().await;
    let (router, outboxes) = handing_out();
    let listen = free_port();
    let account = OneBotAccount {
        listen: Some(listen),
        ..OneBotAccount::default()
    };
    world.run(account, router, ());
    listening(listen).await;
    let url = format!("http://{listen}/");
    let delivery = json!({ "post_url": url, "post_secret": SECRET });
    world.deliver(delivery).await;
    world.say("alice", "user:bot", "hello").await;
    let outbox = handed(&outboxes).await;
    Subject::new(world, outbox, "onebot:group:20001", "onebot:user:10001").answering()
}

const CHANNEL: &str = "bearychat:group:=bwAll";
const ALICE: &str = "bearychat:user:=bw52O";

/// A channel that is the hubot's own, with alice in it.
async fn with_channel(world: World, outbox: Arc<dyn Outbox>) -> Subject {
    let alice: UserId = "bearychat:=bw52O".parse().unwrap();
    let group = async |name| {
        let group = NewGroup::new(name).member(alice.clone());
        outbox.create_group(&group).await.unwrap().place
    };
    let (own, leaves) = (group("own").await, group("other").await);
    let subject = Subject::new(world, outbox, &own.to_string(), ALICE);
    Subject {
        leaves,
        stranger: "bearychat:=bw52R".parse().unwrap(),
        ..subject
    }
}

async fn beary_hubot() -> Subject {
    let world = World::of("bearychat").await;
    let outbox = Arc::new(HubotOutbox::new(hubot_client(&hubot(&world)).unwrap()));
    with_channel(world, outbox).await
}

async fn beary_socket() -> Subject {
    let (router, outboxes) = handing_out();
    let world = over_rtm(router).await;
    world.say("alice", "user:bot", "hello").await;
    let outbox = handed(&outboxes).await;
    with_channel(world, outbox).await
}

async fn beary_robot() -> Subject {
    let world = World::of("bearychat").await;
    let outbox = Arc::new(RobotOutbox::new(robot_client(&hook(&world)).unwrap()));
    let subject = Subject::new(world, outbox, "bearychat:group:dev", "bearychat:user:alice");
    Subject {
        member: "bearychat:=bw52O".parse().unwrap(),
        ..subject
    }
}

async fn beary_outgoing() -> Subject {
    let (router, outboxes) = handing_out();
    let world = called(router, false).await;
    world.say("alice", "group:=bwAll", "!robot hello").await;
    let outbox = handed(&outboxes).await;
    Subject::new(world, outbox, CHANNEL, ALICE).answering()
}

type Opening = Pin<Box<dyn Future<Output = Subject>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_account_does_what_it_says_and_refuses_the_rest() {
    let kinds: [fn() -> Opening; 13] = [
        || Box::pin(onebot()),
        || Box::pin(onebot_by_post()),
        || Box::pin(wecom::application()),
        || Box::pin(wecom::bot()),
        || Box::pin(wecom::called_bot()),
        || Box::pin(wecom::robot()),
        || Box::pin(dingtalk::app()),
        || Box::pin(dingtalk::robot()),
        || Box::pin(rongcloud::user()),
        || Box::pin(beary_socket()),
        || Box::pin(beary_hubot()),
        || Box::pin(beary_robot()),
        || Box::pin(beary_outgoing()),
    ];
    let mut seen = BTreeSet::new();
    for open in kinds {
        let mut subject = open().await;
        subject.is_as_it_says().await;
        seen.insert(subject.outbox.capabilities().account().en);
        subject.world.close().await;
    }
    let all = Capabilities::ALL.iter().map(|kind| kind.account().en);
    assert_eq!(seen, all.collect());
}

/// What people see of a group.
async fn seen(world: &World, conversation: &str) -> Vec<Value> {
    let platform = conversation.split_once(':').unwrap().0;
    let name = conversation.split_once(':').unwrap().1;
    let path = format!("/control/messages?platform={platform}&conversation={name}");
    let page = world.control("GET", &path, Value::Null).await;
    page["messages"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_is_read_from_its_end_and_before_a_message() {
    for subject in [onebot().await, beary_hubot().await] {
        let (outbox, at) = (&subject.outbox, &subject.places[0]);
        let mut ids = Vec::new();
        for text in ["one", "two", "three", "four"] {
            ids.push(subject.say(at, text).await.unwrap());
        }
        outbox.recall(at, &ids[1]).await.unwrap();
        let texts = |said: Vec<Said>| -> Vec<_> {
            said.iter().map(|said| said.message.plain_text()).collect()
        };
        let newest = outbox.history(at, &Past::newest(2)).await.unwrap();
        assert_eq!(newest[1].id, ids[3]);
        assert!(newest[1].sender.is_some() && newest[1].time > 0);
        assert_eq!(texts(newest), ["three", "four"], "{subject:?}");
        let before = Past::before(ids[3].clone(), 3);
        let before = outbox.history(at, &before).await.unwrap();
        let what_is_left = &texts(before)[..];
        assert!(
            what_is_left.ends_with(&["one".into(), "three".into()]),
            "{what_is_left:?}"
        );
        subject.world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_of_bearychat_is_managed() {
    let world = World::of("bearychat").await;
    let outbox: Arc<dyn Outbox> = Arc::new(HubotOutbox::new(hubot_client(&hubot(&world)).unwrap()));
    let user = |id: &str| UserId::new(Platform::BearyChat, id);
    let [alice, bob, nobody] = ["=bw52O", "=bw52P", "=bwNobody"].map(user);

    // Who cannot be invited is named, and the others are in it.
    let group = NewGroup::new("值班").members([alice.clone(), nobody.clone()]);
    let created = outbox.create_group(&group).await.unwrap();
    let [missing] = created.missing.as_slice() else {
        panic!("{created:?}")
    };
    assert_eq!(missing.user, nobody);
    let room = Room::new(created.place, Arc::clone(&outbox));
    let info = room.info().await.unwrap();
    assert_eq!((info.name.as_str(), info.size), ("值班", Some(2)));
    assert_eq!(info.owner, Some(user("=bwBot")));

    let changed = room.add_members(&[bob.clone(), nobody.clone()]).await;
    let changed = changed.unwrap();
    assert!(!changed.is_complete());
    assert_eq!(changed.failed[0].user, nobody);
    let members = room.members().await.unwrap();
    let name = |id| {
        members
            .iter()
            .find(|member| member.user == id)?
            .name
            .clone()
    };
    assert_eq!(
        (name(alice.clone()), name(bob.clone())),
        (Some("alice".into()), Some("bob".into()))
    );

    let none = room.add_members(std::slice::from_ref(&nobody)).await;
    assert!(none.is_err(), "nobody was added");
    room.remove_members(&[alice])
        .await
        .unwrap()
        .complete()
        .unwrap();
    assert_eq!(room.info().await.unwrap().size, Some(2));
    let refused = room.rename("夜班").await.unwrap_err();
    assert_eq!(refused.unsupported().unwrap().what, Capability::Rename);

    // Nobody says anything in what is archived.
    room.dismiss().await.unwrap();
    assert!(room.send("x").await.is_err());

    // Without a name it is a session channel, with calls of its own.
    let few = NewGroup::new("").member(bob.clone());
    let few = outbox.create_group(&few).await.unwrap();
    let room = Room::new(few.place, Arc::clone(&outbox));
    room.add_members(&[user("=bw52R")])
        .await
        .unwrap()
        .complete()
        .unwrap();
    room.remove_members(&[bob])
        .await
        .unwrap()
        .complete()
        .unwrap();
    room.send("hello").await.unwrap();
    let info = room.info().await.unwrap();
    assert_eq!(
        (info.name.as_str(), info.owner, info.size),
        ("", None, Some(2))
    );
    room.leave().await.unwrap();
    assert!(room.send("x").await.is_err());

    let owned = NewGroup::new("owned").owner(user("=bw52O"));
    let refused = outbox.create_group(&owned).await.unwrap_err();
    assert_eq!(refused.unsupported().unwrap().what, Capability::SetOwner);
    let alone: Conversation = ALICE.parse().unwrap();
    assert!(outbox.group(&alone).await.is_err(), "two are no group");
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_of_onebot_is_managed() {
    let subject = onebot().await;
    let room = |place: &Conversation| Room::new(place.clone(), Arc::clone(&subject.outbox));
    let general = room(&subject.places[0]);
    general.rename("值班").await.unwrap();
    let info = general.info().await.unwrap();
    assert_eq!((info.name.as_str(), info.size), ("值班", Some(6)));
    let members = general.members().await.unwrap();
    let alice = members.iter().find(|member| member.user == subject.member);
    assert_eq!(alice.unwrap().name.as_deref(), Some("小爱"));

    let nobody = "onebot:7".parse().unwrap();
    let users = [subject.stranger.clone(), nobody];
    let changed = general.remove_members(&users).await.unwrap();
    assert_eq!(changed.failed.len(), 1);
    assert_eq!(general.info().await.unwrap().size, Some(5));

    let sent = general.send("look").await.unwrap();
    general.react(&sent.ids[0], "128077").await.unwrap();
    let last = seen(&subject.world, "onebot:group:20001")
        .await
        .pop()
        .unwrap();
    assert_eq!(last["reactions"][0]["id"], "128077", "{last}");
    general.unreact(&sent.ids[0], "128077").await.unwrap();
    let last = seen(&subject.world, "onebot:group:20001")
        .await
        .pop()
        .unwrap();
    assert!(
        last["reactions"].as_array().is_none_or(Vec::is_empty),
        "{last}"
    );

    // The owner cannot leave, and nobody else can dismiss it.
    let other = room(&subject.leaves);
    assert!(general.leave().await.is_err());
    assert!(other.dismiss().await.is_err());
    other.leave().await.unwrap();
    assert!(other.info().await.is_err() && other.send("x").await.is_err());
    general.dismiss().await.unwrap();
    assert!(general.send("x").await.is_err());
    subject.world.close().await;
}
