//! The smallest bot. Its accounts stand in `mynah.toml`.

use mynah::bot::{Result, Router, command};

#[tokio::main]
async fn main() -> Result<()> {
    let bot = Router::<()>::new().on(command("ping"), async || "pong");
    mynah::Bot::open("mynah.toml")?.run(bot, ()).await
}
