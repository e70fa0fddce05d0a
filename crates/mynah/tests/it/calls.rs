//! Typed calls, the same over HTTP, over an open socket, and in process.

use mynah::client::Client;
use mynah::core::{ErrorKind, RawRequest};
use mynah::onebot::actions::account::GetLoginInfo;
use mynah::onebot::actions::group_info::GetGroupMemberList;
use mynah::onebot::actions::message::{DeleteMsg, GetMsg, SendGroupMsg};
use mynah::onebot::{AccessToken, GroupId, Later, MessageId, OneBot, Segment, UserId};
use serde_json::{Value, json};

use crate::world::{TOKEN, World};

async fn calls(client: &Client<OneBot>) {
    let me = client.call(GetLoginInfo::new()).await.unwrap();
    assert_eq!(me.user_id, UserId(10000));

    let message = Segment::at(UserId(10001)) + " 你好";
    let sent = client
        .call(SendGroupMsg::new(GroupId(20001), message.clone()))
        .await
        .unwrap();
    let read = client.call(GetMsg::new(sent)).await.unwrap();
    assert_eq!(read.message.to_message().into_owned(), message);

    client.call(DeleteMsg::new(sent)).await.unwrap();
    let gone = client.call(GetMsg::new(sent)).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::Refused);
    assert_eq!(gone.api().unwrap().code.number(), Some(102));
    assert!(gone.to_string().starts_with("onebot.get_msg: "), "{gone}");

    let nowhere = client
        .call(GetGroupMemberList::new(GroupId(99999)))
        .await
        .unwrap_err();
    assert_eq!(nowhere.api().unwrap().code.number(), Some(102));
}

#[tokio::test]
async fn over_http() {
    let world = World::open().await;
    let token = AccessToken::new(TOKEN).unwrap();
    let client = Client::new(world.onebot("http").parse().unwrap(), token);
    calls(&client).await;
    world.close().await;
}

#[tokio::test]
async fn in_process() {
    let world = World::open().await;
    let host = world.onebot("http").parse().unwrap();
    let token = AccessToken::new(TOKEN).unwrap();
    let client = Client::builder(host)
        .auth(token)
        .over(world.sandbox.sandbox().clone());
    calls(&client).await;
    world.close().await;
}

#[tokio::test]
async fn over_an_open_socket() {
    use mynah::inbound::{Settings, connect};
    use mynah::onebot::socket::{Forward, Role};

    let world = World::open().await;
    let url = world.onebot("ws").parse().unwrap();
    let dialer = Forward::new(&url, Role::Api, AccessToken::new(TOKEN).unwrap()).unwrap();
    let connection = connect("qq", dialer, async |_, _| {}, Settings::default());
    let base = "http://socket".parse().unwrap();
    let client = Client::builder(base).over(connection.handle().clone());
    calls(&client).await;
    connection.close().await;
    world.close().await;
}

#[tokio::test]
async fn raw_calls_answer_whatever_comes() {
    let world = World::open().await;
    let token = AccessToken::new(TOKEN).unwrap();
    let client: Client<OneBot> = Client::new(world.onebot("http").parse().unwrap(), token);

    let call = RawRequest::post("/get_status").json(&json!({})).unwrap();
    let response = client.raw(call).await.unwrap();
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body["data"]["good"], true);

    let response = client
        .raw(RawRequest::get("/no_such_action"))
        .await
        .unwrap();
    assert_eq!(response.status(), 404);

    let later = Later::Async
        .call(&SendGroupMsg::new(GroupId(20001), "later"))
        .unwrap();
    let response = client.raw(later).await.unwrap();
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        (&body["status"], &body["retcode"]),
        (&json!("async"), &json!(1))
    );
    assert_eq!(world.hears("group:20001", 1).await, ["later"]);
    world.close().await;
}

#[tokio::test]
async fn a_wrong_token_is_told_apart() {
    let world = World::open().await;
    for (token, status) in [("", 401), ("wrong", 403)] {
        let token = AccessToken::new(token).unwrap();
        let client: Client<OneBot> = Client::new(world.onebot("http").parse().unwrap(), token);
        let error = client.call(GetMsg::new(MessageId(1))).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status_code()),
            (ErrorKind::Unauthorized, Some(status))
        );
    }
    world.close().await;
}
