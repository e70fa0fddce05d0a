//! dingtalk-sdk: the groups of an application of DingTalk's.

use mynah::bot::{Router, command, joined, mention};
use mynah::client::Client;
use mynah::core::{Tokens, encode_request};
use mynah::dingtalk::api::chat::{CreateChat, GetChat, GetReadList, SendChat, UpdateChat};
use mynah::dingtalk::message::{ActionCard, Link, Markdown, Message, Voice};
use mynah::dingtalk::{App, DingTalk, UserId};
use mynah_sandbox::Sandbox;
use serde_json::json;

use super::programs::dingtalk_sdk as program;
use super::{Done, base, control, sandbox};

fn app(sandbox: &Sandbox) -> Client<DingTalk> {
    let base = base("dingtalk");
    let tokens = Tokens::new(base.clone(), App::new("ding-sandbox", "sandbox-secret"));
    Client::builder(base).auth(tokens).over(sandbox.clone())
}

/// Somebody looks at what was said in a group.
async fn reads(sandbox: &Sandbox, who: &str, group: &str) {
    let act = json!({
        "platform": "dingtalk", "who": who, "action": "read", "conversation": group,
    });
    control(sandbox, "/control/act", act).await;
}

#[tokio::test]
async fn the_program_of_the_page_makes_a_group_and_speaks_in_it() -> Done {
    let client = app(&sandbox());
    let group = program::rota(&client).await?;
    let info = client.call(GetChat::new(group)).await?;
    assert_eq!(info.name, "值班");
    Ok(())
}

#[tokio::test]
async fn groups() -> Done {
    let sandbox = sandbox();
    let client = app(&sandbox);

    // client.chat.create
    let call = CreateChat::new("值班", "alice", ["alice", "bob"]).searchable(true);
    let chat = client.call(call).await?.chatid;
    assert!(!chat.is_empty());

    // client.chat.get
    let info = client.call(GetChat::new(&chat)).await?;
    assert_eq!((info.name.as_str(), info.members.len()), ("值班", 2));
    assert!(info.searchable.unwrap().is_on());

    // client.chat.update
    let call = UpdateChat::new(&chat)
        .name("夜班")
        .add([UserId::from("carol")]);
    client.call(call).await?;

    let info = client.call(GetChat::new(&chat)).await?;
    assert_eq!((info.name.as_str(), info.members.len()), ("夜班", 3));
    assert!(info.searchable.unwrap().is_on(), "was not mentioned");

    // client.chat.send
    let message = client.call(SendChat::new(&chat, "今晚谁值班？")).await?;
    assert!(!message.is_empty());

    reads(&sandbox, "alice", &format!("group:{chat}")).await;
    reads(&sandbox, "bob", &format!("group:{chat}")).await;

    // client.chat.get_read_list
    let page = client.call(GetReadList::new(&message, 100)).await?;
    assert_eq!(page.readers, [UserId::from("alice"), UserId::from("bob")]);

    let message = message.clone();
    let mut readers = Vec::new();
    let mut page = Some(GetReadList::all(message));
    while let Some(asked) = page {
        let answer = client.call(asked.clone()).await?;
        page = answer.next(&asked);
        readers.extend(answer.readers);
    }
    assert_eq!(readers.len(), 2);
    Ok(())
}

#[tokio::test]
async fn what_is_said() -> Done {
    let client = app(&sandbox());
    let chat = "chatgeneral";

    // client.chat.send
    client
        .call(SendChat::new(chat, Message::image("@lADOADmaWMzazQKA")))
        .await?;

    // client.chat.send
    client
        .call(SendChat::new(chat, Voice::new("@lADOADmaWMzazQKA", 10)))
        .await?;

    // client.chat.send
    client
        .call(SendChat::new(chat, Message::file("@lADOADmaWMzazQKA")))
        .await?;

    // client.chat.send
    let link = Link::new(
        "周报",
        "本周做了什么",
        "https://example.com/1",
        "@lADOADmaWMzazQKA",
    );
    client.call(SendChat::new(chat, link)).await?;

    // client.chat.send
    client
        .call(SendChat::new(chat, Markdown::new("好了", "**好了**")))
        .await?;

    // client.chat.send
    let card = ActionCard::single("值班", "今晚是你", "查看", "https://example.com/2");
    client.call(SendChat::new(chat, card)).await?;

    let sent = encode_request(client.base(), &SendChat::new(chat, "你好"))?;
    let body = r#"{"chatid":"chatgeneral","msgtype":"text","text":{"content":"你好"}}"#;
    assert_eq!(sent.body(), body);
    Ok(())
}

#[tokio::test]
async fn what_is_refused_is_an_error() -> Done {
    let client = app(&sandbox());
    let told = match client.call(GetChat::new("nowhere")).await {
        Ok(group) => format!("{} people", group.members.len()),
        Err(error) if error.is_temporary() => format!("later: {:?}", error.retry_after()),
        Err(error) => match error.api() {
            Some(refusal) => format!("refused: {} {}", refusal.code, refusal.message),
            None => error.to_string(),
        },
    };
    assert_eq!(told, "refused: 40016 无效的chatid");
    Ok(())
}

#[test]
fn an_application_hears_whoever_talks_to_its_robot() {
    let router = Router::<()>::new()
        .on(command("ping"), async || "pong")
        .on(mention(), async || "在")
        .on(joined(), async || "欢迎");
    assert_eq!(router.commands(), ["ping"]);
}
