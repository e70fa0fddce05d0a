use mynah::bot::Result;
use mynah::client::Client;
use mynah::rongcloud::api::message::PublishPrivate;
use mynah::rongcloud::api::user::GetToken;
use mynah::rongcloud::content::Voice;
use mynah::rongcloud::{API, App, Published, RongCloud};

#[tokio::main]
async fn main() -> Result<()> {
    let app = App::new(std::env::var("APP_KEY")?, std::env::var("APP_SECRET")?)?;
    let client = Client::<RongCloud>::new(API.parse()?, app);
    for one in greet(&client).await?.message_uids {
        println!("{}", one.message_uid);
    }
    Ok(())
}

pub async fn greet(client: &Client<RongCloud>) -> Result<Published> {
    let registered = client.call(GetToken::new("frank", "Frank")).await?;
    let voice = Voice::new("AAAA", 20).extra("hello");
    let hello = PublishPrivate::saying(registered.user_id, ["bob", "carol", "dave"], voice);
    Ok(client.call(hello.push_content("语音")).await?)
}
