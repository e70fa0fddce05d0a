//! What applications and the intelligent bot are told.

use std::collections::BTreeSet;

use mynah_wecom::aibot::{Reply, Stream};
use mynah_wecom::event::Callback;
use serde_json::{Value, json};

use super::support::*;

/// The names of the elements of a callback, and of those in them.
fn elements(xml: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for piece in xml.split('<').skip(1) {
        let name = piece.split('>').next().unwrap();
        if !name.starts_with(['/', '!']) {
            names.insert(name.to_owned());
        }
    }
    // Only some clients add it.
    names.remove("AppType");
    names
}

/// A corp in which anything can happen.
fn lively() -> Corp {
    let mut corp = Corp::new();
    let kinds = ["click", "scancode_push", "scancode_waitmsg"];
    let pictures = [
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    ];
    let button = |kind: &&str| json!({"type": kind, "name": kind, "key": format!("key-{kind}")});
    let pages = json!([{"type": "view", "name": "view", "url": "www.qq.com"},
        {"type": "view_miniprogram", "name": "mini", "pagepath": "index", "appid": "wx1"}]);
    let menu = json!({"button": [
        {"name": "a", "sub_button": kinds.iter().map(button).collect::<Vec<_>>()},
        {"name": "b", "sub_button": pictures.iter().map(button).collect::<Vec<_>>()},
        {"name": "c", "sub_button": pages}]});
    corp.ok("menu/create?agentid=1000002", menu);
    corp
}

/// Makes everything happen that can happen. Returns all that was told.
fn everything() -> Vec<Told> {
    let mut corp = lively();
    let world = &mut corp.world;
    let mut all = Vec::new();
    say(world, "alice", "user:bot", "你好 <b>&amp; 🚀</b>\n第二行");
    for part in ["image", "voice", "video", "location"] {
        says(world, "alice", "user:bot", json!({"type": part}));
    }
    let link =
        json!({"type": "link", "url": "https://x.y", "title": "t", "text": "d", "image": "i"});
    says(world, "alice", "user:bot", link);
    act(world, "alice", "unsubscribe", json!({}));
    act(world, "alice", "subscribe", json!({}));
    act(world, "alice", "enter", json!({}));
    act(
        world,
        "alice",
        "location",
        json!({"latitude": 23.104, "longitude": 113.32}),
    );
    for kind in [
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "location_select",
    ] {
        act(
            world,
            "alice",
            kind,
            json!({ "key": format!("key-{kind}") }),
        );
    }
    for kind in ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"] {
        let details = json!({ "key": format!("key-{kind}"), "pictures": [base64(PNG)] });
        act(world, "alice", kind, details);
    }
    act(world, "alice", "view", json!({ "key": "www.qq.com" }));
    act(world, "alice", "menu", json!({ "key": "mini" }));
    act(world, "alice", "batch_job", json!({}));
    let sent = corp.tell_alice(
        "template_card",
        with(
            buttons("t-1"),
            "button_selection",
            json!({"question_key": "q", "option_list": [{"id": "a", "text": "A"}]}),
        ),
    );
    let id = sent["msgid"].clone();
    let selected = json!({"message": id, "key": "yes", "selected": {"q": ["a"]}});
    act(&mut corp.world, "alice", "press", selected);
    act(
        &mut corp.world,
        "alice",
        "press",
        json!({"message": id, "key": "later"}),
    );
    let task = json!({"title": "t", "description": "d", "task_id": "t-2",
        "btn": [{"key": "yes", "name": "同意"}]});
    let sent = corp.tell_alice("taskcard", task);
    act(
        &mut corp.world,
        "alice",
        "press",
        json!({"message": sent["msgid"], "key": "yes"}),
    );
    corp.ok(
        "user/create",
        json!({"userid": "frank", "name": "F", "department": [1],
        "position": "p", "mobile": "1", "gender": 1, "email": "e", "alias": "a", "telephone": "t"}),
    );
    corp.ok("user/update", json!({"userid": "frank", "name": "G"}));
    corp.ok_get("user/delete", "userid=frank");
    corp.ok(
        "department/create",
        json!({"id": 2, "name": "n", "parentid": 1}),
    );
    corp.ok("department/update", json!({"id": 2, "name": "m"}));
    corp.ok_get("department/delete", "id=2");
    corp.ok("tag/create", json!({"tagname": "t"}));
    corp.ok(
        "tag/addtagusers",
        json!({"tagid": 1, "userlist": ["alice"]}),
    );
    all.extend(told(&mut corp.world));
    all.extend(bots(&mut corp));
    all
}

/// The same for the intelligent bot.
fn bots(corp: &mut Corp) -> Vec<Told> {
    let world = &mut corp.world;
    let bot = "user:aib-sandbox";
    act(world, "alice", "enter", json!({"target": "aib-sandbox"}));
    say(world, "alice", bot, "hello");
    for part in ["image", "file", "video"] {
        says(world, "alice", bot, json!({"type": part}));
    }
    says(
        world,
        "alice",
        bot,
        json!({"type": "voice", "text": "words"}),
    );
    says(
        world,
        "alice",
        bot,
        json!([{"type": "text", "text": "see"}, {"type": "image"}]),
    );
    let id = say(world, "bob", "group:general", "今日的测试情况");
    says(
        world,
        "alice",
        "group:general",
        json!([{"type": "quote", "message_id": id},
        {"type": "mention", "id": "bot"}, {"type": "text", "text": "hello robot"}]),
    );
    let all = told(world);
    let (callback, _) = all.last().unwrap().clone().bot();
    let stream = Stream::new("s", "…").feedback("f");
    world
        .bot_answered(&callback, Some(Reply::from(stream)))
        .unwrap();
    let id = last(world, "group:general").id;
    wait(world, 1);
    act(
        world,
        "alice",
        "feedback",
        json!({"message": id, "rating": "bad", "reasons": [2]}),
    );
    let card = serde_json::from_value(buttons("t-9")).unwrap();
    world
        .bot_answered(&callback, Some(Reply::template_card(card)))
        .unwrap();
    let id = last(world, "group:general").id;
    act(
        world,
        "alice",
        "press",
        json!({"message": id, "key": "yes"}),
    );
    all.into_iter().chain(told(world)).collect()
}

#[test]
fn every_documented_callback_is_produced_with_the_documented_elements() {
    let events = vectors("events");
    let all = everything();
    let mut kinds = BTreeSet::new();
    for recorded in events["events"].as_array().unwrap() {
        let xml = recorded["plaintext_xml"].as_str().unwrap();
        let documented = Callback::read(xml).unwrap();
        let name = documented.name();
        let mut ours = all.iter().filter(|told| told.name() == name);
        let ours = ours
            .next()
            .unwrap_or_else(|| panic!("nobody is told of {name}"));
        let ours = ours.clone().application();
        let (documented, ours) = (elements(xml), elements(&ours.to_xml()));
        let missing: Vec<_> = documented.difference(&ours).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
        kinds.insert(name.into_owned());
    }
    assert_eq!(kinds.len(), 22);
}

/// The keys of an object, and of those in it.
fn keys(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let at = format!("{at}.{name}");
                found.insert(at.clone());
                keys(value, &at, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, at, found)),
        _ => {}
    }
}

fn keys_of(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    keys(value, "", &mut found);
    // Not sent to bots of the own corp.
    found.remove(".from.corpid");
    found
}

#[test]
fn every_documented_bot_callback_is_produced_with_the_documented_keys() {
    let events = vectors("events");
    let all = everything();
    let mut kinds = BTreeSet::new();
    for recorded in events["aibot_callbacks"].as_array().unwrap() {
        let documented = &recorded["plaintext_json"];
        let documented: Value = match documented {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            object => object.clone(),
        };
        let callback: mynah_wecom::aibot::Callback =
            serde_json::from_value(documented.clone()).unwrap();
        let name = callback.name();
        let place =
            |callback: &mynah_wecom::aibot::Callback| (callback.name(), callback.chatid.is_some());
        let mut ours = all.iter().filter_map(|told| match told {
            Told::Bot(ours, _) => Some(ours),
            Told::Application(_) => None,
        });
        // Images and so on come from single chats only, whatever the example says.
        let ours = ours
            .clone()
            .find(|ours| place(ours) == place(&callback))
            .or_else(|| ours.find(|ours| ours.name() == name));
        let ours = ours.unwrap_or_else(|| panic!("the bot is not told of {name}"));
        let ours = keys_of(&serde_json::to_value(&**ours).unwrap());
        let missing: Vec<_> = keys_of(&documented)
            .into_iter()
            .filter(|key| !ours.contains(key) && !OPTIONAL.contains(&key.as_str()))
            .collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
        kinds.insert(name);
    }
    assert!(kinds.len() >= 10, "{kinds:?}");
}

/// What only some callbacks of a kind have.
const OPTIONAL: &[&str] = &[
    ".chatid",
    ".event.feedback_event.content",
    ".event.template_card_event.selected_items",
    ".event.template_card_event.selected_items.selected_item",
    ".event.template_card_event.selected_items.selected_item.question_key",
    ".event.template_card_event.selected_items.selected_item.option_ids",
    ".event.template_card_event.selected_items.selected_item.option_ids.option_id",
];

/// Every kind of callback that the world makes.
pub(crate) const PRODUCED: &[&str] = &[
    "bot event.enter_chat",
    "bot event.feedback_event",
    "bot event.template_card_event",
    "bot file",
    "bot image",
    "bot mixed",
    "bot stream",
    "bot text",
    "bot video",
    "bot voice",
    "event.LOCATION",
    "event.batch_job_result",
    "event.change_contact.create_party",
    "event.change_contact.create_user",
    "event.change_contact.delete_party",
    "event.change_contact.delete_user",
    "event.change_contact.update_party",
    "event.change_contact.update_tag",
    "event.change_contact.update_user",
    "event.click",
    "event.enter_agent",
    "event.location_select",
    "event.pic_photo_or_album",
    "event.pic_sysphoto",
    "event.pic_weixin",
    "event.scancode_push",
    "event.scancode_waitmsg",
    "event.subscribe",
    "event.taskcard_click",
    "event.template_card_event",
    "event.template_card_menu_event",
    "event.unsubscribe",
    "event.view",
    "event.view_miniprogram",
    "image",
    "link",
    "location",
    "text",
    "video",
    "voice",
];

#[test]
fn every_kind_of_callback_in_the_coverage_is_produced() {
    let told: BTreeSet<String> = everything().iter().map(Told::name).collect();
    let produced: BTreeSet<String> = PRODUCED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(told, produced);
}

#[test]
fn anything_else_that_wecom_tells_can_be_told_as_it_is_written() {
    let mut corp = Corp::new();
    let xml = "<xml><ToUserName><![CDATA[x]]></ToUserName><FromUserName><![CDATA[y]]>\
        </FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[event]]></MsgType>\
        <Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[t]]></Token></xml>";
    act(&mut corp.world, "alice", "event", json!({ "xml": xml }));
    let told = one_told(&mut corp.world).application();
    assert_eq!(told.name(), "event.kf_msg_or_event");
    assert_eq!(told.from_user_name.as_str(), "alice");
    assert_eq!(told.create_time, 1_700_000_000);
    for xml in ["", "<xml>", "<xml><MsgType>text</MsgType></xml>"] {
        assert_eq!(
            may_not(&mut corp.world, "alice", "event", json!({ "xml": xml })),
            400
        );
    }
}

#[test]
fn pictures_are_named_by_what_they_hold() {
    let mut corp = lively();
    told(&mut corp.world);
    let details = json!({"key": "key-pic_weixin", "pictures": [base64(PNG), base64(b"other")]});
    act(&mut corp.world, "alice", "menu", details);
    let xml = one_told(&mut corp.world).application().to_xml();
    for content in [PNG, b"other"] {
        let sum = mynah_crypto::hex(&mynah_crypto::md5(content));
        assert!(
            xml.contains(&format!("<PicMd5Sum><![CDATA[{sum}]]></PicMd5Sum>")),
            "{xml}"
        );
    }
    let details = json!({"key": "key-pic_weixin", "pictures": ["no base64"]});
    let status = may_not(&mut corp.world, "alice", "menu", details);
    assert_eq!(status, 400);
}

#[test]
fn a_message_has_an_id_of_its_own_and_an_event_has_none() {
    let mut corp = Corp::new();
    let first = say(&mut corp.world, "alice", "user:bot", "a");
    let second = say(&mut corp.world, "alice", "user:bot", "b");
    assert_ne!(first, second);
    let told = told(&mut corp.world);
    let xml = told[0].clone().application().to_xml();
    assert!(xml.contains(&format!("<MsgId>{first}</MsgId>")), "{xml}");
    act(&mut corp.world, "alice", "enter", json!({}));
    let xml = one_told(&mut corp.world).application().to_xml();
    assert!(!xml.contains("MsgId"), "{xml}");
}
