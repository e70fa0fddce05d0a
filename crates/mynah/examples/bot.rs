//! A bot for a group that is on call. Its accounts stand in `mynah.toml`,
//! its rota in `rota.toml`: `people = ["alice", "bob"]`.

use std::time::SystemTime;

use mynah::bot::{
    Args, Context, Message, Result, Router, State, command, contains, joined, mention,
};

#[tokio::main]
async fn main() -> Result<()> {
    let bot = Router::<Rota>::new()
        .on(command("ping"), async || "pong")
        .on(command("roll"), roll)
        .on(mention() & contains("值班"), on_call)
        .on(joined(), welcome);
    mynah::Bot::open("mynah.toml")?
        .run(bot, Rota::load("rota.toml")?)
        .await
}

/// `/roll 20`
async fn roll(Args(sides): Args<u32>) -> String {
    format!("🎲 {}", fastrand::u32(1..=sides.max(1)))
}

async fn on_call(cx: Context, State(rota): State<Rota>) -> Result<()> {
    cx.reply(format!("今天值班：{}", rota.today())).await
}

async fn welcome(cx: Context) -> Message {
    Message::text("欢迎 ").mention(cx.sender())
}

/// Who is on call, a day each.
#[derive(Clone, serde::Deserialize)]
struct Rota {
    people: Vec<String>,
}

impl Rota {
    fn load(path: &str) -> Result<Self> {
        Ok(toml::from_str(&std::fs::read_to_string(path)?)?)
    }

    fn today(&self) -> &str {
        let days = SystemTime::UNIX_EPOCH
            .elapsed()
            .unwrap_or_default()
            .as_secs()
            / 86_400;
        let index = usize::try_from(days).unwrap_or_default() % self.people.len().max(1);
        self.people.get(index).map_or("?", String::as_str)
    }
}
