use mynah::bot::Result;
use mynah::client::Client;
use mynah::core::Tokens;
use mynah::wecom::api::appchat::{CreateAppchat, SendAppchat};
use mynah::wecom::{API, Application, ChatId, WeCom};

#[tokio::main]
async fn main() -> Result<()> {
    let application = Application::new("ww1234567890", std::env::var("WECOM_SECRET")?);
    let tokens = Tokens::new(API.parse()?, application);
    let client = Client::<WeCom>::new(API.parse()?, tokens);
    println!("made {}", rota(&client).await?);
    Ok(())
}

pub async fn rota(client: &Client<WeCom>) -> Result<ChatId> {
    let group = CreateAppchat::new(["alice", "bob"]).name("值班");
    let chatid = client.call(group).await?;
    client
        .call(SendAppchat::new(&chatid, "今晚谁值班？"))
        .await?;
    Ok(chatid)
}
