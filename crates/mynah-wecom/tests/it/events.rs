//! What applications are told, as the vendor's pages and the peers have it.

use mynah_core::DedupeKey;
use mynah_wecom::event::{Callback, Commas, ContactChange, Content, Decimal, Event, Kind, Message};
use mynah_wecom::xml::{BadXml, Element};
use mynah_wecom::{AgentId, DepartmentId};
use proptest::prelude::*;
use serde_json::Value;

use super::recorded::{EventCase, events};

fn event(callback: &Callback) -> &Event {
    match &callback.kind {
        Kind::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

/// An event with these fields.
fn event_with(word: &str, fields: &str) -> Callback {
    let callback = Callback::read(&format!(
        "<xml><ToUserName>ww-sandbox</ToUserName><FromUserName>alice</FromUserName>\
         <CreateTime>123456789</CreateTime><MsgType>event</MsgType><Event>{word}</Event>\
         {fields}<AgentID>1000002</AgentID></xml>"
    ))
    .unwrap();
    // Whatever else is tested: writing is the inverse.
    assert_eq!(Callback::read(&callback.to_xml()).as_ref(), Ok(&callback));
    callback
}

/// The recorded callback of this name.
fn recorded(name: &str) -> Callback {
    let cases = events().events;
    let case = cases.iter().find(|case| case.name == name).unwrap();
    Callback::read(&case.plaintext_xml).unwrap()
}

/// The elements, in an order of their own.
fn sorted(xml: &str) -> Vec<Element<'static>> {
    let mut children = Element::read(xml).unwrap().into_owned().children;
    children.sort_by(|left, right| left.name.cmp(&right.name));
    children
}

#[test]
fn every_recorded_callback_is_typed_and_written_as_it_was() {
    let cases = events().events;
    assert_eq!(cases.len(), 23);
    for case in cases {
        let callback = Callback::read(&case.plaintext_xml).unwrap();
        let typed = match &callback.kind {
            Kind::Message(message) => !matches!(message.content, Content::Other(_)),
            Kind::Event(Event::ChangeContact(change)) => !matches!(change, ContactChange::Other(_)),
            Kind::Event(event) => !matches!(event, Event::Other(_)),
            _ => false,
        };
        assert!(typed, "{}", case.name);
        // The platform says in which client it happened; that is in no type.
        let extra: Vec<&str> = callback
            .extra
            .iter()
            .map(|element| &*element.name)
            .collect();
        assert!(
            extra.is_empty() || extra == ["AppType"],
            "{}: {extra:?}",
            case.name
        );
        assert_eq!(
            sorted(&callback.to_xml()),
            sorted(&case.plaintext_xml),
            "{}",
            case.name
        );
        check_against_peer(&callback, &case);
    }
}

/// What the peer made of it, as far as it knows the kind.
fn check_against_peer(callback: &Callback, case: &EventCase) {
    let parsed = &case.parsed;
    let name = &case.name;
    assert_eq!(parsed["target"], *callback.to_user_name, "{name}");
    assert_eq!(
        parsed["source"],
        *callback.from_user_name.as_str(),
        "{name}"
    );
    if parsed["type"] == "unknown" {
        return;
    }
    assert_eq!(parsed["type"], *callback.msg_type(), "{name}");
    let agent = callback.agent_id.map(|AgentId(agent)| agent);
    assert_eq!(parsed.get("agent").and_then(Value::as_i64), agent, "{name}");
    match &callback.kind {
        Kind::Message(Message { msg_id, .. }) => {
            assert_eq!(parsed["id"].as_i64(), *msg_id, "{name}");
            assert_eq!(
                parsed.get("content").and_then(Value::as_str),
                callback.text(),
                "{name}"
            );
        }
        Kind::Event(event) => {
            // The peer writes the one in capitals like the others.
            assert_eq!(parsed["event"], *event.word().to_lowercase(), "{name}");
            let key = parsed.get("event_key").or_else(|| parsed.get("key"));
            if let Some(key) = key.and_then(Value::as_str) {
                assert_eq!(key, callback.event_key().unwrap_or_default(), "{name}");
            }
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn location_x_is_the_latitude() {
    let Kind::Message(Message {
        content: Content::Location(place),
        ..
    }) = recorded("location").kind
    else {
        panic!("a location")
    };
    assert_eq!(place.latitude.value(), Some(23.134));
    assert_eq!(place.longitude.value(), Some(113.358));
    assert_eq!((place.scale, &*place.label), (20, "位置信息"));
}

#[test]
fn the_fields_of_events_are_where_they_belong() {
    let Event::LocationSelect(place) = event(&recorded("event location_select")).clone() else {
        panic!("a place")
    };
    let info = place.send_location_info;
    assert_eq!(info.latitude, Decimal::from("23"));
    assert_eq!(info.label, " 广州市海珠区客村艺苑路 106号");

    let Event::PicSysphoto(pictures) = event(&recorded("event pic_sysphoto")).clone() else {
        panic!("pictures")
    };
    let info = pictures.send_pics_info;
    assert_eq!(info.count, 1);
    assert_eq!(
        info.pic_list[0].pic_md5_sum,
        "1b5f7c23b5bf75682a53e7b6d163e185"
    );

    let Event::TemplateCardEvent(card) = event(&recorded("event template_card_event")).clone()
    else {
        panic!("a card")
    };
    assert_eq!(card.selected_items[0].question_key, "QuestionKey1");
    assert_eq!(
        card.selected_items[0].option_ids,
        ["OptionId1", "OptionId2"]
    );

    let created = recorded("event change_contact create_user");
    let Event::ChangeContact(ContactChange::CreateUser(user)) = event(&created) else {
        panic!("a member")
    };
    let departments = [1, 2, 3].map(DepartmentId).to_vec();
    assert_eq!(user.department, Some(Commas(departments)));
    assert_eq!(user.is_leader_in_dept, Some(Commas(vec![1, 0, 0])));
    assert_eq!(created.name(), "event.change_contact.create_user");
    assert_eq!(created.agent_id, None);

    let Event::BatchJobResult(job) = event(&recorded("event batch_job_result")).clone() else {
        panic!("a job")
    };
    assert_eq!((job.batch_job.err_code, &*job.batch_job.err_msg), (0, "ok"));
}

#[test]
fn events_without_an_example_are_typed_like_their_kin() {
    let key = "<EventKey>6</EventKey>";
    let scanned = event_with(
        "scancode_waitmsg",
        &format!(
            "{key}<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>"
        ),
    );
    let Event::ScancodeWaitmsg(scan) = event(&scanned) else {
        panic!("{scanned:?}")
    };
    assert_eq!(scan.scan_code_info.scan_result, "1");
    assert!(scanned.takes_reply());

    for word in ["pic_photo_or_album", "pic_weixin"] {
        let pictures = event_with(
            word,
            &format!(
                "{key}<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>\
                 <item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>"
            ),
        );
        let (Event::PicPhotoOrAlbum(sent) | Event::PicWeixin(sent)) = event(&pictures) else {
            panic!("{pictures:?}")
        };
        assert_eq!(sent.send_pics_info.pic_list.len(), 2);
        assert!(!pictures.takes_reply());
    }
}

#[test]
fn every_change_of_the_directory_is_typed() {
    let change = |word: &str, fields: &str| {
        let callback = event_with(
            "change_contact",
            &format!("<ChangeType>{word}</ChangeType>{fields}"),
        );
        assert!(callback.extra.is_empty(), "{word}: {:?}", callback.extra);
        match callback.kind {
            Kind::Event(Event::ChangeContact(change)) => change,
            other => panic!("{other:?}"),
        }
    };
    let updated = change(
        "update_user",
        "<UserID>zhangsan</UserID><NewUserID>zhangsan001</NewUserID>",
    );
    let ContactChange::UpdateUser(user) = updated else {
        panic!("{updated:?}")
    };
    assert_eq!(user.new_user_id.as_ref().unwrap().as_str(), "zhangsan001");
    assert_eq!(user.name, None);
    assert!(matches!(
        change("delete_user", "<UserID>zhangsan</UserID>"),
        ContactChange::DeleteUser(user) if user.user_id.as_str() == "zhangsan"
    ));
    assert!(matches!(
        change("update_party", "<Id>2</Id><ParentId>1</ParentId>"),
        ContactChange::UpdateParty(party) if party.parent_id == Some(DepartmentId(1))
    ));
    assert!(matches!(
        change("delete_party", "<Id>2</Id>"),
        ContactChange::DeleteParty(party) if party.id == DepartmentId(2)
    ));
    let tagged = change(
        "update_tag",
        "<TagId>1</TagId><AddUserItems>zhangsan,lisi</AddUserItems><DelUserItems></DelUserItems>\
         <AddPartyItems>1,2</AddPartyItems>",
    );
    let ContactChange::UpdateTag(tag) = tagged else {
        panic!("{tagged:?}")
    };
    assert_eq!(tag.add_user_items.unwrap().0.len(), 2);
    assert_eq!(tag.del_user_items, Some(Commas(vec![])));
    assert_eq!(tag.del_party_items, None);
}

#[test]
fn approvals_keep_what_has_no_place() {
    let asked = event_with(
        "sys_approval_change",
        "<ApprovalInfo><SpNo>201910220003</SpNo><SpName>示例模板</SpName><SpStatus>1</SpStatus>\
         <TemplateId>T</TemplateId><ApplyTime>1571728713</ApplyTime><Applyer><UserId>alice</UserId>\
         <Party>1</Party></Applyer><SpRecord><SpStatus>1</SpStatus></SpRecord><SpRecord>\
         <SpStatus>2</SpStatus></SpRecord><StatuChangeEvent>10</StatuChangeEvent></ApprovalInfo>",
    );
    let Event::SysApprovalChange(change) = event(&asked) else {
        panic!("{asked:?}")
    };
    let approval = &change.approval_info;
    assert_eq!(approval.sp_no.as_deref(), Some("201910220003"));
    assert_eq!(approval.applyer.user_id.as_str(), "alice");
    assert_eq!(approval.statu_change_event, 10);
    let others: Vec<&str> = approval.others.0.iter().map(|other| &*other.name).collect();
    assert_eq!(others, ["SpRecord", "SpRecord"]);

    let own = event_with(
        "open_approval_change",
        "<ApprovalInfo><ThirdNo>201806010001</ThirdNo><OpenSpName>付款</OpenSpName>\
         <OpenSpStatus>1</OpenSpStatus><ApplyUserId>1</ApplyUserId><approverstep>0</approverstep>\
         </ApprovalInfo>",
    );
    let Event::OpenApprovalChange(change) = event(&own) else {
        panic!("{own:?}")
    };
    assert_eq!(change.approval_info.third_no, "201806010001");
    assert_eq!(change.approval_info.others.0[0].name, "approverstep");
}

#[test]
fn what_happens_with_customers_is_typed() {
    let added = event_with(
        "change_external_contact",
        "<ChangeType>add_external_contact</ChangeType><UserID>alice</UserID>\
         <ExternalUserID>wm1</ExternalUserID><WelcomeCode>W</WelcomeCode>",
    );
    assert!(matches!(
        event(&added),
        Event::ChangeExternalContact(change) if change.welcome_code.as_deref() == Some("W")
    ));
    let joined = event_with(
        "change_external_chat",
        "<ChatId>wr1</ChatId><ChangeType>update</ChangeType><UpdateDetail>add_member</UpdateDetail>\
         <MemChangeCnt>2</MemChangeCnt><MemChangeList><Item>a</Item><Item>b</Item></MemChangeList>",
    );
    assert!(matches!(
        event(&joined),
        Event::ChangeExternalChat(change) if change.mem_change_list == ["a", "b"]
    ));
    let tagged = event_with(
        "change_external_tag",
        "<Id>et1</Id><TagType>tag</TagType><ChangeType>create</ChangeType>",
    );
    assert!(matches!(
        event(&tagged),
        Event::ChangeExternalTag(change) if change.id.as_deref() == Some("et1")
    ));
    let asked = event_with(
        "kf_msg_or_event",
        "<Token>ENC</Token><OpenKfId>wk1</OpenKfId>",
    );
    assert!(matches!(
        event(&asked),
        Event::KfMsgOrEvent(service) if service.token == "ENC"
    ));
}

#[test]
fn what_is_not_known_is_kept_with_its_fields() {
    let booked = event_with("book_meeting_room", "<MeetingRoomId>7</MeetingRoomId>");
    assert_eq!(
        event(&booked),
        &Event::Other("book_meeting_room".to_owned())
    );
    assert_eq!(booked.extra, [Element::with_text("MeetingRoomId", "7")]);
    assert_eq!(booked.name(), "event.book_meeting_room");

    // Applications for others are told things that have no MsgType.
    let ticket = Callback::read(
        "<xml><SuiteId>ww1</SuiteId><InfoType>suite_ticket</InfoType><SuiteTicket>T</SuiteTicket></xml>",
    )
    .unwrap();
    assert_eq!(ticket.msg_type(), "");
    assert_eq!(ticket.extra.len(), 3);
    assert!(!ticket.takes_reply());
}

#[test]
fn a_field_that_is_not_what_it_should_be_is_kept() {
    let callback = event_with(
        "change_contact",
        "<ChangeType>delete_party</ChangeType><Id>x</Id>",
    );
    assert_eq!(callback.extra, [Element::with_text("Id", "x")]);
    let agent = Callback::read("<xml><MsgType>text</MsgType><AgentId>218</AgentId></xml>");
    assert_eq!(agent.unwrap().agent_id, Some(AgentId(218)));
}

#[test]
fn what_is_no_xml_is_refused() {
    assert_eq!(
        Callback::from_slice(b"<xml>\xff</xml>"),
        Err(BadXml::NotUtf8)
    );
    assert_eq!(Callback::from_slice(b"<xml>"), Err(BadXml::Unfinished));
}

#[test]
fn messages_are_told_apart_by_their_id() {
    for case in events().events.iter().filter(|case| case.dedupe == "MsgId") {
        let callback = Callback::read(&case.plaintext_xml).unwrap();
        let expected = DedupeKey::Numbers(1_000_002, 1_234_567_890_123_456);
        assert_eq!(callback.dedupe_key(), expected, "{}", case.name);
    }
}

#[test]
fn events_are_told_apart_by_who_when_what_and_to_what() {
    let click = |who: &str, when: i64, key: &str| {
        Callback::read(&format!(
            "<xml><FromUserName>{who}</FromUserName><CreateTime>{when}</CreateTime>\
             <MsgType>event</MsgType><Event>click</Event><EventKey>{key}</EventKey></xml>"
        ))
        .unwrap()
        .dedupe_key()
    };
    let first = click("alice", 1, "a");
    assert_eq!(click("alice", 1, "a"), first);
    for other in [
        click("bob", 1, "a"),
        click("alice", 2, "a"),
        click("alice", 1, "b"),
    ] {
        assert_ne!(other, first);
    }
    let view = event_with("view", "<EventKey>a</EventKey>").dedupe_key();
    assert_ne!(
        event_with("click", "<EventKey>a</EventKey>").dedupe_key(),
        view
    );
}

/// Whoever imports a hundred members is told so a hundred times in one second,
/// always in the name of `sys`.
#[test]
fn changes_of_the_directory_within_a_second_are_different() {
    let keys = ["create_user", "delete_user"].map(|word| {
        ["alice", "bob"].map(|user| {
            let fields = format!("<ChangeType>{word}</ChangeType><UserID>{user}</UserID>");
            event_with("change_contact", &fields).dedupe_key()
        })
    });
    let mut keys = keys.as_flattened().to_vec();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 4);
}

#[test]
fn a_callback_is_the_same_in_every_delivery_and_every_process() {
    let key = recorded("event click").dedupe_key().to_string();
    assert_eq!(key, recorded("event click").dedupe_key().to_string());
    let keys: Vec<DedupeKey> = events()
        .events
        .iter()
        .filter(|case| case.dedupe != "MsgId")
        .map(|case| Callback::read(&case.plaintext_xml).unwrap().dedupe_key())
        .collect();
    let mut different = keys.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), keys.len());
}

const WORDS: [&str; 34] = [
    "subscribe",
    "unsubscribe",
    "enter_agent",
    "LOCATION",
    "click",
    "view",
    "view_miniprogram",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
    "template_card_event",
    "template_card_menu_event",
    "taskcard_click",
    "batch_job_result",
    "change_contact",
    "open_approval_change",
    "sys_approval_change",
    "change_external_contact",
    "change_external_chat",
    "change_external_tag",
    "kf_msg_or_event",
    "create_user",
    "update_user",
    "delete_user",
    "create_party",
    "update_party",
    "delete_party",
    "update_tag",
    "text",
    "location",
    "other",
];

const NAMES: [&str; 46] = [
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "AgentID",
    "AgentId",
    "MsgId",
    "Content",
    "MediaId",
    "Location_X",
    "Scale",
    "Event",
    "EventKey",
    "ScanCodeInfo",
    "ScanType",
    "SendPicsInfo",
    "Count",
    "PicList",
    "item",
    "PicMd5Sum",
    "SendLocationInfo",
    "BatchJob",
    "ErrCode",
    "ChangeType",
    "UserID",
    "Department",
    "MainDepartment",
    "Id",
    "TagId",
    "AddUserItems",
    "AddPartyItems",
    "ApprovalInfo",
    "SpNo",
    "SpStatus",
    "Applyer",
    "UserId",
    "SelectedItems",
    "SelectedItem",
    "OptionIds",
    "OptionId",
    "TaskId",
    "ResponseCode",
    "MemChangeList",
    "Item",
    "Token",
    "AppType",
    "Status",
];

/// Elements of the names that mean something, with anything in them.
fn fields() -> impl Strategy<Value = Element<'static>> {
    let name = prop::sample::select(&NAMES[..]);
    let text = prop_oneof![
        "[0-9]{1,5}",
        "[0-9a-c, ]{0,8}",
        "\\PC{0,6}",
        "[\\]>\r\n]{0,5}"
    ];
    let leaf = (name.clone(), text).prop_map(|(name, text)| Element::with_text(name, text));
    leaf.prop_recursive(3, 12, 4, move |inner| {
        (name.clone(), prop::collection::vec(inner, 1..4))
            .prop_map(|(name, children)| Element::with_children(name, children))
    })
}

fn documents() -> impl Strategy<Value = Element<'static>> {
    let word = || prop::sample::select(&WORDS[..]);
    let fields = prop::collection::vec(fields(), 0..8);
    (any::<bool>(), word(), word(), fields).prop_map(|(is_event, word, change, mut fields)| {
        let msg_type = if is_event { "event" } else { word };
        fields.insert(0, Element::with_text("MsgType", msg_type));
        fields.insert(1, Element::with_text("Event", word));
        fields.insert(2, Element::with_text("ChangeType", change));
        Element::with_children("xml", fields)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_was_read_is_written_so_that_it_is_read_again(document in documents()) {
        let callback = Callback::read(&document.write()).unwrap();
        // All of these must work on whatever was read.
        let _ = (callback.name(), callback.event_key(), callback.takes_reply());
        let again = Callback::read(&callback.to_xml()).unwrap();
        prop_assert_eq!(again.dedupe_key(), callback.dedupe_key());
        prop_assert_eq!(again, callback);
    }
}
