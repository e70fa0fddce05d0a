//! Group chats of applications.

use super::support::*;
use mynah_sandbox::World;
use serde_json::{Value, json};

fn create(body: Value) -> i64 {
    Corp::new().refused("appchat/create", body)
}

#[test]
fn a_group_is_created_as_it_is_asked_for() {
    let mut corp = Corp::new();
    let made = corp.ok(
        "appchat/create",
        json!({"chatid": "mynah001", "name": "测试群", "owner": "bob",
            "userlist": ["carol", "BOB", "carol", "alice"], "whatever": [1]}),
    );
    assert_eq!(made["chatid"], "mynah001");
    // Repeated members are stored once, as the directory spells them, in the given order.
    assert_eq!(
        corp.info("mynah001"),
        json!({"chatid": "mynah001", "name": "测试群", "owner": "bob",
            "userlist": ["carol", "bob", "alice"], "chat_type": 0})
    );
}

#[test]
fn what_is_not_given_is_made_up() {
    let mut corp = Corp::new();
    let body = json!({"chatid": "", "name": "", "owner": "", "userlist": ["alice", "bob"]});
    let made = corp.ok("appchat/create", body);
    let chatid = made["chatid"].as_str().unwrap();
    assert!(chatid.starts_with("wr") && chatid.len() == 32, "{chatid}");
    let info = corp.info(chatid);
    assert_eq!(info["name"], "");
    assert!(["alice", "bob"].contains(&info["owner"].as_str().unwrap()));
}

#[test]
fn a_group_has_between_2_and_2000_different_members_who_are_there() {
    assert_eq!(create(json!({})), 86204);
    assert_eq!(create(json!({"userlist": null})), 86204);
    assert_eq!(create(json!({"userlist": "alice"})), 40058);
    assert_eq!(create(json!({"userlist": [{}]})), 40058);
    assert_eq!(create(json!({"userlist": []})), 86006);
    assert_eq!(create(json!({"userlist": ["alice"]})), 86006);
    assert_eq!(create(json!({"userlist": ["alice", "ALICE"]})), 86006);
    let many: Vec<String> = (0..2001).map(|at| format!("u{at}")).collect();
    assert_eq!(create(json!({"userlist": many})), 86006);
    assert_eq!(create(json!({"userlist": ["alice", "nobody"]})), 86007);
}

#[test]
fn a_parameter_of_another_json_type_is_refused_and_null_is_absent() {
    let members = json!(["alice", "bob"]);
    for (name, wrong) in [
        ("name", json!(5)),
        ("owner", json!(["alice"])),
        ("chatid", json!({})),
    ] {
        let body = with(json!({"userlist": members}), name, wrong);
        assert_eq!(create(body), 40058, "{name}");
    }
    let mut corp = Corp::new();
    corp.group("mynah001");
    let before = corp.info("mynah001");
    for (name, wrong) in [
        ("add_user_list", json!("bob")),
        ("add_user_list", json!([3])),
        ("del_user_list", json!(true)),
        ("name", json!(5)),
    ] {
        let body = with(json!({"chatid": "mynah001"}), name, wrong.clone());
        assert_eq!(
            corp.refused("appchat/update", body),
            40058,
            "{name}: {wrong}"
        );
    }
    corp.ok(
        "appchat/update",
        json!({"chatid": "mynah001", "name": null}),
    );
    assert_eq!(corp.info("mynah001"), before);
}

#[test]
fn an_administrator_may_lower_the_number_of_members() {
    let mut corp = Corp::new();
    corp.world.settings_mut().group_members = 2;
    let body = json!({"userlist": ["alice", "bob", "carol"]});
    assert_eq!(corp.refused("appchat/create", body), 86006);
}

#[test]
fn the_owner_is_one_of_the_members() {
    let of = |owner: &str| create(json!({"userlist": ["alice", "bob"], "owner": owner}));
    assert_eq!(of("nobody"), 86005);
    assert_eq!(of("carol"), 86207);
}

#[test]
fn a_chatid_is_32_letters_and_digits_that_nobody_has() {
    let of = |chatid: &str| create(json!({"userlist": ["alice", "bob"], "chatid": chatid}));
    assert_eq!(of(&"a".repeat(33)), 86205);
    assert_eq!(of("my-chat"), 86001);
    assert_eq!(of("群"), 86001);
    let mut corp = Corp::new();
    let longest = "a".repeat(32);
    corp.group(&longest);
    let body = json!({"userlist": ["alice", "bob"], "chatid": longest});
    assert_eq!(corp.refused("appchat/create", body.clone()), 86215);
    // Not even in another application.
    let other = corp.other.clone();
    assert_eq!(
        post(&mut corp.world, "appchat/create", &other, &body).code(),
        86215
    );
}

#[test]
fn a_name_is_cut_to_50_characters() {
    let mut corp = Corp::new();
    let name = "🚀".repeat(51);
    let body = json!({"chatid": "c", "name": name, "userlist": ["alice", "bob"]});
    corp.ok("appchat/create", body);
    assert_eq!(corp.info("c")["name"], "🚀".repeat(50));
    corp.ok(
        "appchat/update",
        json!({"chatid": "c", "name": "群".repeat(60)}),
    );
    assert_eq!(corp.info("c")["name"], "群".repeat(50));
}

#[test]
fn a_new_group_is_invisible_until_the_first_message() {
    let mut corp = Corp::new();
    corp.group("mynah001");
    let sees = |corp: &Corp| {
        let seen = corp.world.conversations(Some("alice")).unwrap();
        seen.conversations
            .iter()
            .any(|it| it.id == "group:mynah001")
    };
    assert!(!sees(&corp));
    corp.ok("appchat/send", text("mynah001", "first"));
    assert!(sees(&corp));
}

fn text(chatid: &str, content: &str) -> Value {
    json!({"chatid": chatid, "msgtype": "text", "text": {"content": content}})
}

#[test]
fn a_group_belongs_to_the_application_that_made_it() {
    let mut corp = Corp::new();
    corp.group("mynah001");
    let other = corp.other.clone();
    let world = &mut corp.world;
    assert_eq!(
        get(world, "appchat/get", &other, "chatid=mynah001").code(),
        86008
    );
    let body = text("mynah001", "hi");
    assert_eq!(post(world, "appchat/send", &other, &body).code(), 86008);
    let body = json!({"chatid": "mynah001", "name": "mine"});
    assert_eq!(post(world, "appchat/update", &other, &body).code(), 86008);
}

#[test]
fn a_group_that_is_not_there_is_not_found() {
    let mut corp = Corp::new();
    for (chatid, code) in [("", 86201), ("nowhere", 86003)] {
        assert_eq!(
            corp.refused_get("appchat/get", &format!("chatid={chatid}")),
            code
        );
        assert_eq!(corp.refused("appchat/send", text(chatid, "x")), code);
        assert_eq!(
            corp.refused("appchat/update", json!({"chatid": chatid})),
            code
        );
    }
    assert_eq!(corp.refused_get("appchat/get", ""), 86201);
    assert_eq!(
        corp.refused("appchat/update", json!({"chatid": null})),
        86201
    );
}

#[test]
fn a_message_that_makes_no_sense_is_told_so_before_its_group_is_looked_for() {
    let mut corp = Corp::new();
    for chatid in ["nowhere", "general"] {
        if chatid == "general" {
            // It belongs to the other application.
            corp.token = corp.other.clone();
        }
        let sense = text(chatid, "x");
        for (body, code) in [
            (with(sense.clone(), "text", json!({})), 44004),
            (with(sense.clone(), "msgtype", json!("poem")), 40008),
            (with(sense.clone(), "safe", json!(9)), 40058),
        ] {
            assert_eq!(corp.refused("appchat/send", body.clone()), code, "{body}");
        }
    }
    let nowhere = json!({"msgtype": "poem"});
    assert_eq!(corp.refused("appchat/send", nowhere), 86201);
}

#[test]
fn only_an_application_that_sees_the_whole_corp_has_groups() {
    let toml = include_str!("../../../assets/seed.toml");
    let toml = toml.replace(
        "secret = \"sandbox-secret-2\"",
        "secret = \"sandbox-secret-2\"\nparties = []\nusers = [\"alice\"]",
    );
    let seed = mynah_sandbox::wecom::Seed::parse(&toml).unwrap();
    let mut corp = Corp::of(mynah_sandbox::wecom::WeComWorld::new(&seed));
    let other = corp.other.clone();
    let body = json!({"userlist": ["alice", "bob"]});
    let answer = post(&mut corp.world, "appchat/create", &other, &body);
    assert_eq!(answer.code(), 60011);
    let words = "no privilege to access/modify contact/party/agent , hint: [";
    assert!(answer.words().starts_with(words), "{answer:?}");
}

fn updated(change: Value) -> Value {
    let mut corp = Corp::new();
    corp.group("mynah001");
    let mut body = change;
    body["chatid"] = json!("mynah001");
    corp.ok("appchat/update", body);
    corp.info("mynah001")
}

fn update_refused(change: Value) -> i64 {
    let mut corp = Corp::new();
    corp.group("mynah001");
    let mut body = change;
    body["chatid"] = json!("mynah001");
    corp.refused("appchat/update", body)
}

#[test]
fn a_change_adds_then_removes_then_names_the_owner() {
    let info = updated(json!({"name": "新名字", "owner": "dave",
        "add_user_list": ["DAVE", "erin", "bob"], "del_user_list": ["alice", "erin"]}));
    assert_eq!(info["name"], "新名字");
    assert_eq!(info["owner"], "dave");
    // Added ones stand at the end, present ones are ignored, who is in both lists is removed.
    assert_eq!(info["userlist"], json!(["bob", "carol", "dave"]));
}

#[test]
fn a_new_owner_does_not_drive_the_old_one_out() {
    let info = updated(json!({"owner": "bob"}));
    assert_eq!(info["owner"], "bob");
    assert_eq!(info["userlist"], json!(["alice", "bob", "carol"]));
}

#[test]
fn a_change_of_nothing_succeeds() {
    let before = updated(json!({}));
    for change in [
        json!({"add_user_list": [], "del_user_list": []}),
        json!({"name": ""}),
        json!({"owner": "", "name": null}),
    ] {
        assert_eq!(updated(change), before);
    }
}

#[test]
fn a_change_that_cannot_be_is_refused() {
    assert_eq!(update_refused(json!({"add_user_list": ["nobody"]})), 86216);
    assert_eq!(update_refused(json!({"del_user_list": ["dave"]})), 86216);
    assert_eq!(update_refused(json!({"del_user_list": ["alice"]})), 86203);
    assert_eq!(update_refused(json!({"owner": "dave"})), 86207);
    let gone = json!({"owner": "bob", "del_user_list": ["bob"]});
    assert_eq!(update_refused(gone), 86207);
    assert_eq!(
        update_refused(json!({"del_user_list": ["bob", "carol"]})),
        86006
    );
    let mut corp = Corp::new();
    corp.group("mynah001");
    corp.world.settings_mut().group_members = 3;
    let body = json!({"chatid": "mynah001", "add_user_list": ["dave"]});
    assert_eq!(corp.refused("appchat/update", body), 86006);
}

#[test]
fn people_see_what_an_application_changes() {
    let mut corp = Corp::new();
    corp.group("mynah001");
    corp.ok(
        "appchat/update",
        json!({"chatid": "mynah001", "name": "n", "owner": "bob",
        "add_user_list": ["dave"], "del_user_list": ["carol"]}),
    );
    let lines = seen(&corp.world, "group:mynah001");
    let kinds = lines.iter().map(|line| line.notice.as_ref().unwrap().kind);
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        ["rename", "join", "kick", "admin"]
    );
}

/// What a group is told, checked and cut: the refusal's code.
fn send_refused(msgtype: &str, object: Value) -> i64 {
    let mut corp = Corp::new();
    let mut body = json!({"chatid": "general", "msgtype": msgtype});
    body[msgtype] = object;
    corp.refused("appchat/send", body)
}

fn sent(corp: &mut Corp, msgtype: &str, object: Value) -> Value {
    let mut body = json!({"chatid": "general", "msgtype": msgtype, "safe": 0});
    body[msgtype] = object;
    corp.ok("appchat/send", body);
    parts(&corp.world, "group:general")
}

#[test]
fn a_message_is_one_of_nine_kinds_with_its_object() {
    let mut corp = Corp::new();
    for body in [
        json!({"chatid": "general"}),
        json!({"chatid": "general", "msgtype": null}),
        json!({"chatid": "general", "msgtype": "poem", "poem": {}}),
        json!({"chatid": "general", "msgtype": "template_card", "template_card": buttons("t")}),
    ] {
        assert_eq!(corp.refused("appchat/send", body), 40008);
    }
    let body = json!({"chatid": "general", "msgtype": "text"});
    assert_eq!(corp.refused("appchat/send", body), 40063);
    assert_eq!(send_refused("text", json!("hello")), 40063);
}

#[test]
fn an_empty_content_is_refused() {
    for kind in ["text", "markdown"] {
        for content in [
            json!({}),
            json!({"content": null}),
            json!({"content": ""}),
            json!({"content": 7}),
        ] {
            assert_eq!(send_refused(kind, content), 44004, "{kind}");
        }
    }
}

#[test]
fn a_file_must_be_there_and_of_the_right_kind() {
    let mut corp = Corp::new();
    let image = corp.upload("image", "a.png", PNG);
    for kind in ["image", "voice", "video", "file"] {
        let send = |corp: &mut Corp, object: Value| {
            let mut body = json!({"chatid": "general", "msgtype": kind});
            body[kind] = object;
            corp.post("appchat/send", &body).code()
        };
        assert_eq!(send(&mut corp, json!({})), 41006);
        assert_eq!(send(&mut corp, json!({"media_id": ""})), 41006);
        assert_eq!(send(&mut corp, json!({"media_id": "unknown"})), 40007);
        let code = send(&mut corp, json!({"media_id": image}));
        assert_eq!(code, if kind == "image" { 0 } else { 40007 }, "{kind}");
    }
    corp.wait(3 * 24 * 3600);
    let token = token(&mut corp.world, "sandbox-secret");
    let body = json!({"chatid": "general", "msgtype": "image", "image": {"media_id": image}});
    assert_eq!(
        post(&mut corp.world, "appchat/send", &token, &body).code(),
        40007
    );
}

#[test]
fn a_textcard_needs_title_description_and_an_address() {
    let card = json!({"title": "t", "description": "d", "url": "https://example.com"});
    for (field, code) in [("title", 41016), ("description", 41033), ("url", 41010)] {
        assert_eq!(
            send_refused("textcard", with(card.clone(), field, json!(null))),
            code
        );
    }
    for url in ["example.com", "ftp://example.com"] {
        assert_eq!(
            send_refused("textcard", with(card.clone(), "url", json!(url))),
            45034
        );
    }
}

#[test]
fn news_has_1_to_8_articles_with_titles() {
    let article = json!({"title": "t", "url": "https://example.com"});
    let of = |articles: Value| send_refused("news", json!({"articles": articles}));
    assert_eq!(send_refused("news", json!({})), 40063);
    assert_eq!(of(json!([])), 40063);
    assert_eq!(of(json!(vec![article.clone(); 9])), 45008);
    assert_eq!(
        of(json!([with(article.clone(), "title", json!(""))])),
        41016
    );
    assert_eq!(
        of(json!([with(article, "url", json!("example.com"))])),
        45034
    );
}

#[test]
fn mpnews_needs_a_picture_and_a_content_for_each_article() {
    let mut corp = Corp::new();
    let image = corp.upload("image", "a.png", PNG);
    let article = json!({"title": "t", "thumb_media_id": image, "content": "c"});
    let mut of = |articles: Value| {
        let body =
            json!({"chatid": "general", "msgtype": "mpnews", "mpnews": {"articles": articles}});
        corp.post("appchat/send", &body).code()
    };
    assert_eq!(of(json!([])), 40063);
    assert_eq!(of(json!(vec![article.clone(); 9])), 45008);
    assert_eq!(
        of(json!([with(article.clone(), "title", json!(""))])),
        41016
    );
    assert_eq!(
        of(json!([with(article.clone(), "thumb_media_id", json!(""))])),
        41006
    );
    assert_eq!(
        of(json!([with(article.clone(), "content", json!(""))])),
        44004
    );
    let long = "c".repeat(666 * 1024 + 1);
    assert_eq!(
        of(json!([with(article.clone(), "content", json!(long))])),
        45002
    );
    assert_eq!(of(json!([article])), 0);
}

#[test]
fn safe_is_0_or_1_as_a_number_or_a_string() {
    let mut corp = Corp::new();
    for safe in [json!(0), json!(1), json!("0"), json!("1"), json!(null)] {
        corp.ok("appchat/send", with(text("general", "x"), "safe", safe));
    }
    for safe in [json!(2), json!("x"), json!(-1), json!([])] {
        assert_eq!(
            corp.refused("appchat/send", with(text("general", "x"), "safe", safe)),
            40058
        );
    }
}

#[test]
fn keys_that_nobody_knows_are_ignored() {
    let mut corp = Corp::new();
    let body = json!({"chatid": "general", "msgtype": "text", "whatever": 1,
        "text": {"content": "x", "safe": 1, "whatever": {}}});
    corp.ok("appchat/send", body);
}

#[test]
fn a_long_text_is_cut_between_two_characters() {
    let mut corp = Corp::new();
    let cut = sent(&mut corp, "text", json!({"content": "值".repeat(700)}));
    assert_eq!(cut, json!([{"type": "text", "text": "值".repeat(682)}]));
    let card = json!({"title": "t".repeat(200), "description": "d".repeat(600),
        "url": "https://example.com"});
    let cut = sent(&mut corp, "textcard", card);
    assert_eq!(cut[0]["title"], "t".repeat(128));
    assert_eq!(cut[0]["text"], "d".repeat(512));
}

#[test]
fn a_long_markdown_is_refused() {
    let code = send_refused("markdown", json!({"content": "x".repeat(2049)}));
    assert_eq!(code, 40058);
    let mut corp = Corp::new();
    let shown = sent(&mut corp, "markdown", json!({"content": "x".repeat(2048)}));
    assert_eq!(shown[0]["type"], "markdown");
}

#[test]
fn messages_of_a_group_stand_in_the_order_in_which_they_were_accepted() {
    let mut corp = Corp::new();
    for content in ["one", "two", "three"] {
        corp.ok("appchat/send", text("general", content));
    }
    let seen = seen(&corp.world, "group:general");
    let seqs: Vec<u64> = seen.iter().map(|message| message.seq).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(seen.len(), 3);
    assert!(
        seen.iter()
            .all(|message| message.from.id == "1000002" && message.from.bot)
    );
}
