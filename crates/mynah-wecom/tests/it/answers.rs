//! Answers: typed ones in both directions, and the samples of a peer's own tests.

use std::collections::BTreeSet;
use std::fmt::Debug;

use mynah_core::{ApiError, Empty, Endpoint, File, HttpResponse, Platform};
use mynah_wecom::aibot::{
    RespondMsg, RespondUpdateMsg, RespondWelcomeMsg, SendMsg, UploadMediaChunk, UploadMediaFinish,
    UploadMediaInit,
};
use mynah_wecom::api::agent::{
    Agent, AgentName, CreateMenu, DeleteMenu, GetAgent, GetMenu, ListAgents, Menu, MenuButton,
    SetAgent,
};
use mynah_wecom::api::aibot::RespondAibot;
use mynah_wecom::api::appchat::{ChatInfo, CreateAppchat, GetAppchat, SendAppchat, UpdateAppchat};
use mynah_wecom::api::department::{
    CreateDepartment, DeleteDepartment, Department, DepartmentPlace, GetDepartment,
    ListDepartmentIds, ListDepartments, UpdateDepartment,
};
use mynah_wecom::api::media::{GetJssdkMedia, GetMedia, UploadImage, UploadMedia, Uploaded};
use mynah_wecom::api::message::{
    RecallMessage, SendMessage, Sent, Unreached, UpdateTaskcard, UpdateTemplateCard,
};
use mynah_wecom::api::misc::GetCallbackIp;
use mynah_wecom::api::tag::{
    AddTagUsers, CreateTag, DeleteTag, DeleteTagUsers, GetTag, ListTags, Tag, Tagged, TaggedUser,
    Untagged, UpdateTag,
};
use mynah_wecom::api::token::{GetToken, Token};
use mynah_wecom::api::user::{
    ConvertToOpenid, ConvertToUserid, CreateUser, DeleteUser, DeleteUsers, GetActiveStat,
    GetJoinQrcode, GetUser, GetUserId, GetUserInfo, ListUserIds, ListUserNames, ListUsers,
    Membership, UpdateUser, User, UserIds, UserName, VerifyUser, Visitor,
};
use mynah_wecom::api::webhook::{SendWebhook, UploadWebhookMedia};
use mynah_wecom::types::{MediaType, UserStatus};
use mynah_wecom::{AgentId, DepartmentId, Joined, TagId, WeCom};
use serde_json::{Value, json};

use crate::table::{row, rows};

/// Writes an answer and a refusal, and sees that the client reads the same: the law of answers.
fn answered<E>(output: &E::Output) -> (&'static str, HttpResponse)
where
    E: Endpoint<Platform = WeCom>,
    E::Output: Clone + PartialEq + Debug,
{
    let response = E::write(Ok(output.clone()));
    let payload = WeCom::open(&response).unwrap();
    let read = E::read(&response.clone().map(|_| payload)).unwrap();
    assert_eq!(&read, output, "{}", E::META.name);

    let mut details = serde_json::Map::new();
    details.insert("invaliduser".to_owned(), "admin".into());
    let refusal = ApiError::new(60011, "no privilege 无权限").with_details(details);
    let refused = E::write(Err(refusal.clone()));
    assert_eq!(WeCom::open(&refused), Err(refusal), "{}", E::META.name);
    assert_eq!(refused.headers()["error-code"], "60011");

    (E::META.path, response)
}

fn answers() -> Vec<(&'static str, HttpResponse)> {
    let file = File::new("报告.txt", "mytext").with_media_type("text/plain");
    let uploaded = Uploaded {
        kind: MediaType::Voice,
        media_id: "M".into(),
        created_at: 1_700_000_000,
    };
    let department = Department {
        id: DepartmentId(2),
        name: "研发".to_owned(),
        parentid: DepartmentId(1),
        order: Some(4_294_967_295),
        ..Department::default()
    };
    let unreached = Unreached {
        invaliduser: vec!["bob".into()],
    };
    let untagged = Untagged {
        invalidlist: ["x", "y"].into(),
        invalidparty: vec![DepartmentId(7)],
    };
    let mut user = User {
        userid: "alice".into(),
        name: "Alice".to_owned(),
        department: vec![DepartmentId(1)],
        status: Some(UserStatus::Left),
        gender: Some("1".to_owned()),
        ..User::default()
    };
    user.extra.insert("new_field".to_owned(), json!([1]));
    let button = MenuButton::menu("更多", [MenuButton::view("帮助", "https://example.com")]);
    vec![
        answered::<GetToken>(&Token {
            access_token: "T".into(),
            expires_in: Some(7200),
        }),
        answered::<CreateAppchat>(&"wrABC".into()),
        answered::<GetAppchat>(&ChatInfo {
            chatid: "c1".into(),
            owner: "alice".into(),
            members: vec!["alice".into(), "bob".into()],
            chat_type: Some(0),
            ..ChatInfo::default()
        }),
        answered::<UpdateAppchat>(&Empty),
        answered::<SendAppchat>(&Empty),
        answered::<SendMessage>(&Sent {
            invaliduser: ["alice", "bob"].into(),
            invalidparty: Joined::new([DepartmentId(3)]),
            invalidtag: "4|x".into(),
            unlicenseduser: ["carol"].into(),
            msgid: Some("MSG".into()),
            response_code: Some("CODE".into()),
        }),
        answered::<RecallMessage>(&Empty),
        answered::<UpdateTemplateCard>(&unreached),
        answered::<UpdateTaskcard>(&unreached),
        answered::<UploadMedia>(&uploaded),
        answered::<GetMedia>(&file),
        answered::<GetJssdkMedia>(&file),
        answered::<UploadImage>(&"https://p.qpic.cn/pic_wework/1/0".to_owned()),
        answered::<GetUser>(&user),
        answered::<ListUsers>(&vec![user.clone()]),
        answered::<ListUserNames>(&vec![UserName {
            userid: "alice".into(),
            name: "Alice".to_owned(),
            ..UserName::default()
        }]),
        answered::<ListUserIds>(&UserIds {
            next_cursor: "next".to_owned(),
            memberships: vec![Membership {
                userid: "alice".into(),
                department: DepartmentId(1),
            }],
        }),
        answered::<GetUserId>(&"alice".into()),
        answered::<CreateUser>(&Empty),
        answered::<UpdateUser>(&Empty),
        answered::<DeleteUser>(&Empty),
        answered::<DeleteUsers>(&Empty),
        answered::<ConvertToOpenid>(&"OPENID".into()),
        answered::<ConvertToUserid>(&"alice".into()),
        answered::<VerifyUser>(&Empty),
        answered::<GetJoinQrcode>(&"https://work.weixin.qq.com/join".to_owned()),
        answered::<GetActiveStat>(&100),
        answered::<GetUserInfo>(&Visitor {
            userid: Some("alice".into()),
            ..Visitor::default()
        }),
        answered::<ListDepartments>(&vec![department.clone()]),
        answered::<ListDepartmentIds>(&vec![DepartmentPlace {
            id: DepartmentId(2),
            parentid: DepartmentId(1),
            order: 5,
        }]),
        answered::<GetDepartment>(&department),
        answered::<CreateDepartment>(&DepartmentId(2)),
        answered::<UpdateDepartment>(&Empty),
        answered::<DeleteDepartment>(&Empty),
        answered::<ListTags>(&vec![Tag {
            tagid: TagId(1),
            tagname: "a".to_owned(),
        }]),
        answered::<GetTag>(&Tagged {
            tagname: Some("a".to_owned()),
            userlist: vec![TaggedUser {
                userid: "alice".into(),
                name: "Alice".to_owned(),
            }],
            partylist: vec![DepartmentId(2)],
        }),
        answered::<CreateTag>(&TagId(1)),
        answered::<UpdateTag>(&Empty),
        answered::<DeleteTag>(&Empty),
        answered::<AddTagUsers>(&untagged),
        answered::<DeleteTagUsers>(&untagged),
        answered::<GetAgent>(&Agent {
            agentid: AgentId(1_000_002),
            name: "Mynah".to_owned(),
            ..Agent::default()
        }),
        answered::<ListAgents>(&vec![AgentName {
            agentid: AgentId(1_000_002),
            ..AgentName::default()
        }]),
        answered::<SetAgent>(&Empty),
        answered::<CreateMenu>(&Empty),
        answered::<GetMenu>(&Menu {
            buttons: vec![button],
        }),
        answered::<DeleteMenu>(&Empty),
        answered::<GetCallbackIp>(&vec!["101.226.103.*".to_owned()]),
        answered::<SendWebhook>(&Empty),
        answered::<UploadWebhookMedia>(&uploaded),
        answered::<RespondAibot>(&Empty),
        answered::<RespondMsg>(&Empty),
        answered::<RespondWelcomeMsg>(&Empty),
        answered::<RespondUpdateMsg>(&Empty),
        answered::<SendMsg>(&Empty),
        answered::<UploadMediaInit>(&"UPLOAD_1".to_owned()),
        answered::<UploadMediaChunk>(&Empty),
        answered::<UploadMediaFinish>(&uploaded),
    ]
}

#[test]
fn what_the_server_answers_the_client_reads_for_every_endpoint() {
    let answered: BTreeSet<_> = answers().into_iter().map(|(path, _)| path).collect();
    for row in rows() {
        assert!(
            answered.contains(row.meta.path),
            "nobody answers {}",
            row.meta.name
        );
    }
}

#[test]
fn writes_to_the_directory_are_not_called_ok() {
    for (path, response) in answers() {
        let Ok(answer) = serde_json::from_slice::<Value>(response.body()) else {
            continue;
        };
        let area = path.split('/').nth(2).unwrap();
        let expected = match path.rsplit('/').next().unwrap() {
            "create" if ["user", "department", "tag"].contains(&area) => "created",
            "update" if ["user", "department", "tag"].contains(&area) => "updated",
            "delete" if area != "menu" => "deleted",
            "batchdelete" | "deltagusers" => "deleted",
            _ => "ok",
        };
        assert_eq!(answer["errmsg"], expected, "{path}");
        assert_eq!(answer["errcode"], 0, "{path}");
    }
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../vectors/fixtures/", $name, ".json"))
    };
}

/// Sees that our server writes a sample as it was read, but for `change`.
fn rewritten(path: &str, file: &str, change: impl FnOnce(&mut Value)) {
    let response = HttpResponse::new(file.to_owned().into());
    let written = row(path).reanswer(&response);
    let written: Value = serde_json::from_slice(written.body()).unwrap();
    let mut expected: Value = serde_json::from_str(file).unwrap();
    // Older servers left the envelope out.
    expected["errcode"] = json!(0);
    if expected["errmsg"].is_null() {
        expected["errmsg"] = json!("ok");
    }
    change(&mut expected);
    assert_eq!(written, expected, "{path}");
}

#[test]
fn the_samples_of_a_peer_are_read_and_nothing_documented_is_lost() {
    let same = |_: &mut Value| {};
    rewritten(
        "/cgi-bin/department/create",
        fixture!("department_create"),
        same,
    );
    rewritten(
        "/cgi-bin/department/list",
        fixture!("department_list"),
        same,
    );
    rewritten("/cgi-bin/getcallbackip", fixture!("getcallbackip"), same);
    rewritten("/cgi-bin/gettoken", fixture!("gettoken"), same);
    // The documentation has a string.
    rewritten(
        "/cgi-bin/media/upload",
        fixture!("media_upload"),
        |sample| {
            sample["created_at"] = json!("123456789");
        },
    );
    rewritten("/cgi-bin/tag/create", fixture!("tag_create"), |sample| {
        sample["tagid"] = json!(1);
    });
    rewritten("/cgi-bin/tag/get", fixture!("tag_get"), same);
    rewritten("/cgi-bin/tag/list", fixture!("tag_list"), same);
    // Older servers told an id of the corp too, which is not documented.
    let openid = fixture!("user_convert_to_openid");
    rewritten("/cgi-bin/user/convert_to_openid", openid, |sample| {
        sample.as_object_mut().unwrap().remove("appid");
    });
    rewritten("/cgi-bin/user/list", fixture!("user_list"), same);
    rewritten(
        "/cgi-bin/user/simplelist",
        fixture!("user_simplelist"),
        same,
    );
}

#[test]
fn whom_a_message_did_not_reach_may_be_a_string_a_list_or_nothing() {
    let read = |value: Value| serde_json::from_value::<Sent>(value).unwrap();
    assert_eq!(read(json!({"invaliduser": "a|b"})).invaliduser.len(), 2);
    assert_eq!(
        read(json!({"invaliduser": ["a", "b"]})).invaliduser.len(),
        2
    );
    assert_eq!(
        read(json!({"invalidparty": 7})).invalidparty.items,
        [DepartmentId(7)]
    );
    for nothing in [
        json!({}),
        json!({"invaliduser": null, "msgid": 5}),
        json!({"invalidtag": {}}),
    ] {
        assert!(read(nothing.clone()).is_complete(), "{nothing}");
    }
    assert!(!read(json!({"unlicenseduser": "carol"})).is_complete());
}

#[test]
fn a_file_is_told_from_a_refusal_to_give_it() {
    let refused = GetMedia::write(Err(ApiError::new(40007, "invalid media_id")));
    assert_eq!(
        WeCom::open(&refused).unwrap_err().code.number(),
        Some(40007)
    );
    let json = File::new("a.json", r#"{"errcode":40007}"#).with_media_type("application/json");
    assert_eq!(
        WeCom::open(&json.response()).unwrap(),
        r#"{"errcode":40007}"#
    );
    let mut nameless = HttpResponse::new("\u{1}".into());
    nameless
        .headers_mut()
        .insert("content-type", "image/png".parse().unwrap());
    assert!(WeCom::open(&nameless).is_ok());
}
