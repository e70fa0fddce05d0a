use mynah::bearychat::api::user::ListUsers;
use mynah::bearychat::{API, BearyChat, Token};
use mynah::bot::Result;
use mynah::client::Client;

#[tokio::main]
async fn main() -> Result<()> {
    let token = Token::from(std::env::var("BEARYCHAT_TOKEN")?);
    let api = Client::<BearyChat>::new(API.parse()?, token);
    for person in people(&api).await? {
        println!("{person}");
    }
    Ok(())
}

pub async fn people(api: &Client<BearyChat>) -> Result<Vec<String>> {
    let users = api.call(ListUsers::new()).await?;
    let people = users
        .iter()
        .map(|user| format!("{} {}", user.id, user.name));
    Ok(people.collect())
}
