//! A conversation as a test: what people did, and what the bot said.
//!
//! Recorded by the Mynah sandbox: onebot, general.
//!
//! `bot_in` is for you to write: it connects the bot to the sandbox, and what it
//! returns keeps the bot running until it is dropped.
//!
//! ```ignore
//! async fn bot_in(sandbox: &mynah_sandbox::Running) -> impl Sized { … }
//! ```

use mynah_sandbox::{Sandbox, Talk, TalkError};
use serde_json::json;

use super::bot_in;

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_in_general_on_onebot() -> Result<(), TalkError> {
    let sandbox = Sandbox::builder().listen(([127, 0, 0, 1], 0).into()).start().await?;
    let bot = bot_in(&sandbox).await;
    let mut talk = Talk::new(sandbox.sandbox(), "onebot", "group:20001")?;

    talk.say(json!({"from": "alice", "text": "/ping", "to": "group:20001"})).await?;
    talk.hears("pong").await?;
    talk.say(json!({"from": "bob", "text": "/twice", "to": "group:20001"})).await?;
    talk.hears("one").await?;
    let heard_3 = talk.hears("two").await?;
    talk.say(json!({
        "from": "carol",
        "message": [
            {"data": {"id": heard_3}, "type": "reply"},
            {"data": {"qq": "10000"}, "type": "at"},
            {"data": {"text": " was heißt \"two\"?"}, "type": "text"}
        ],
        "to": "group:20001"
    })).await?;
    talk.hears("yes?").await?;
    let said_4 = talk.say(json!({"from": "dave", "text": "oops", "to": "group:20001"})).await?;
    talk.act(json!({"action": "recall", "message": said_4, "who": "dave"})).await?;
    talk.hears("seen it").await?;
    talk.act(json!({"action": "leave", "group": "20001", "who": "erin"})).await?;
    talk.act(json!({"action": "join", "group": "20001", "who": "erin"})).await?;
    talk.hears("welcome @erin").await?;

    drop(bot);
    sandbox.shutdown().await;
    Ok(())
}
