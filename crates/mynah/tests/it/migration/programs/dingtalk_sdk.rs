use mynah::bot::Result;
use mynah::client::Client;
use mynah::core::Tokens;
use mynah::dingtalk::api::chat::{CreateChat, SendChat};
use mynah::dingtalk::{App, ChatId, DingTalk, OAPI};

#[tokio::main]
async fn main() -> Result<()> {
    let app = App::new("ding1234567890", std::env::var("DINGTALK_SECRET")?);
    let tokens = Tokens::new(OAPI.parse()?, app);
    let client = Client::<DingTalk>::new(OAPI.parse()?, tokens);
    println!("made {}", rota(&client).await?);
    Ok(())
}

pub async fn rota(client: &Client<DingTalk>) -> Result<ChatId> {
    let group = CreateChat::new("值班", "alice", ["alice", "bob"]);
    let chatid = client.call(group).await?.chatid;
    client.call(SendChat::new(&chatid, "今晚谁值班？")).await?;
    Ok(chatid)
}
