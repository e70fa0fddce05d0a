//! wechatpy: the group chats of an application of WeCom's.

use std::time::Duration;

use mynah::bot::{EventKind, Router, command, kind, message};
use mynah::client::Client;
use mynah::core::{ErrorKind, File, Retry, Tokens, encode_request};
use mynah::wecom::api::appchat::{CreateAppchat, GetAppchat, SendAppchat, UpdateAppchat};
use mynah::wecom::api::media::UploadMedia;
use mynah::wecom::message::{
    Article, Markdown, Message, Mpnews, MpnewsArticle, News, Text, Textcard, Video,
};
use mynah::wecom::types::MediaType;
use mynah::wecom::{Application, MediaId, UserId, WeCom};
use mynah_sandbox::Sandbox;

use super::programs::wechatpy as program;
use super::{Done, base, sandbox};

fn application(sandbox: &Sandbox) -> Client<WeCom> {
    let base = base("wecom");
    let application = Application::new("ww-sandbox", "sandbox-secret");
    let tokens = Tokens::new(base.clone(), application);
    Client::builder(base).auth(tokens).over(sandbox.clone())
}

#[tokio::test]
async fn the_program_of_the_page_makes_a_group_and_speaks_in_it() -> Done {
    let client = application(&sandbox());
    let group = program::rota(&client).await?;
    let info = client.call(GetAppchat::new(group)).await?;
    assert_eq!(info.name, "值班");
    Ok(())
}

#[tokio::test]
async fn groups() -> Done {
    let client = application(&sandbox());

    // client.appchat.create
    let call = CreateAppchat::new(["alice", "bob"])
        .chatid("mynah001")
        .name("值班")
        .owner("alice");
    let chatid = client.call(call).await?;
    assert_eq!(chatid.as_str(), "mynah001");

    // client.appchat.get
    let info = client.call(GetAppchat::new("mynah001")).await?;
    assert_eq!((info.name.as_str(), info.owner.as_str()), ("值班", "alice"));

    // client.appchat.update
    let call = UpdateAppchat::new("mynah001")
        .owner("bob")
        .add([UserId::from("carol")]);
    client.call(call).await?;

    let info = client.call(GetAppchat::new("mynah001")).await?;
    assert_eq!((info.name.as_str(), info.owner.as_str()), ("值班", "bob"));
    assert_eq!(info.members.len(), 3);

    let call = UpdateAppchat::new("mynah001").remove([UserId::from("carol")]);
    client.call(call).await?;
    let info = client.call(GetAppchat::new("mynah001")).await?;
    assert_eq!(info.members.len(), 2);
    Ok(())
}

async fn upload(client: &Client<WeCom>, kind: MediaType, content: &[u8]) -> MediaId {
    let file = File::new("media", content.to_vec());
    let uploaded = client.call(UploadMedia::new(kind, file)).await.unwrap();
    uploaded.media_id
}

#[tokio::test]
async fn what_is_said() -> Done {
    let client = application(&sandbox());
    let chat = client.call(CreateAppchat::new(["alice", "bob"])).await?;
    let image = upload(&client, MediaType::Image, b"\xff\xd8\xff\xe0 a picture").await;
    let voice = upload(&client, MediaType::Voice, b"#!AMR\n a voice").await;
    let video = upload(&client, MediaType::Video, b"\0\0\0\x18ftypmp42 a video").await;
    let file = upload(&client, MediaType::File, b"a report").await;

    // client.appchat.send_text
    client
        .call(SendAppchat::new(&chat, "今晚谁值班？").safe(true))
        .await?;

    // client.appchat.send
    client
        .call(SendAppchat::new(
            &chat,
            Text::new("今晚谁值班？").mention_all(),
        ))
        .await?;

    // client.appchat.send
    client
        .call(SendAppchat::new(&chat, Message::image(&image)))
        .await?;

    // client.appchat.send
    client
        .call(SendAppchat::new(&chat, Message::voice(&voice)))
        .await?;

    // client.appchat.send
    let video = Video {
        title: Some("演示".to_owned()),
        ..Video::new(&video)
    };
    client.call(SendAppchat::new(&chat, video)).await?;

    // client.appchat.send
    client
        .call(SendAppchat::new(&chat, Message::file(&file)))
        .await?;

    // client.appchat.send
    let card = Textcard::new("会议", "三点，二号会议室", "https://example.com/1");
    client.call(SendAppchat::new(&chat, card)).await?;

    // client.appchat.send
    let news = News::new([Article::new("周报", "https://example.com/2")]);
    client.call(SendAppchat::new(&chat, news)).await?;

    // client.appchat.send
    let news = Mpnews::new([MpnewsArticle::new("周报", &image, "<p>本周</p>")]);
    client.call(SendAppchat::new(&chat, news)).await?;

    // client.appchat.send
    client
        .call(SendAppchat::new(&chat, Markdown::new("**好了**")))
        .await?;

    // client.appchat._build_msg_content
    let request = encode_request(client.base(), &SendAppchat::new("mynah001", "你好"))?;
    let body = r#"{"chatid":"mynah001","msgtype":"text","text":{"content":"你好"}}"#;
    assert_eq!(request.body(), body);
    Ok(())
}

#[tokio::test]
async fn what_is_refused_is_an_error() -> Done {
    let client = application(&sandbox());
    let told = match client.call(GetAppchat::new("nowhere")).await {
        Ok(group) => format!("{} people", group.members.len()),
        Err(error) if error.is_temporary() => format!("later: {:?}", error.retry_after()),
        Err(error) => match error.api() {
            Some(refusal) => format!("refused: {} {}", refusal.code, refusal.message),
            None => error.to_string(),
        },
    };
    assert!(told.starts_with("refused: 86003 "), "{told}");

    let alone = client
        .call(CreateAppchat::new(["alice"]))
        .await
        .unwrap_err();
    assert_eq!(alone.kind(), ErrorKind::Invalid);

    let call = GetAppchat::new("nowhere");
    let patient = Retry {
        attempts: 5,
        ..Retry::default()
    };
    let answer = client
        .call(call)
        .timeout(Duration::from_secs(10))
        .retry(patient)
        .await;
    assert!(answer.is_err());
    Ok(())
}

#[test]
fn an_application_hears_its_members() {
    let router = Router::<()>::new()
        .on(command("ping"), async || "pong")
        .on(kind(EventKind::Pressed), async || "收到")
        .on(message(), async || "在");
    assert_eq!(router.commands(), ["ping"]);
}
