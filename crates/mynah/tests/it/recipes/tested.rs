use std::error::Error;
use std::time::Duration;

use mynah::bot::{Bot, Config, Router, command};
use mynah::core::HttpRequest;
use mynah_sandbox::{Running, Sandbox};
use serde_json::{Value, json};

fn bot() -> Router<()> {
    Router::new().on(command("ping"), async || "pong")
}

/// A call of the control API, without a socket. What the page does, a test can do.
async fn control(sandbox: &Running, method: &str, path: &str, body: &str) -> Value {
    let mut request = HttpRequest::new(body.to_owned().into());
    *request.method_mut() = method.parse().unwrap();
    *request.uri_mut() = path.parse().unwrap();
    let headers = request.headers_mut();
    headers.insert("host", sandbox.addr.to_string().parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    let answer = sandbox.sandbox().handle(request).await.unwrap();
    serde_json::from_slice(answer.body()).unwrap()
}

#[tokio::test]
async fn alice_says_ping_and_hears_pong() -> Result<(), Box<dyn Error>> {
    let any_port = "127.0.0.1:0".parse()?;
    let sandbox = Sandbox::builder().listen(any_port).start().await?;
    let account = format!(
        "[[account]]\nplatform = 'onebot'\naccess_token = 'sandbox-token'\n\
         connect = 'ws://{}/onebot/'",
        sandbox.addr
    );
    let accounts = Bot::new(Config::parse(&account)?);
    tokio::spawn(accounts.run_until(bot(), (), std::future::pending()));

    let say = json!({"platform": "onebot", "from": "alice", "to": "user:bot", "text": "/ping"});
    let seen = "/control/messages?platform=onebot&conversation=user:10001";
    for _ in 0..500 {
        // Until the bot is connected nobody hears her, so she says it again.
        control(&sandbox, "POST", "/control/say", &say.to_string()).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        let seen = control(&sandbox, "GET", seen, "").await;
        let mut messages = seen["messages"].as_array().into_iter().flatten();
        if messages.any(|message| message["parts"][0]["text"] == "pong") {
            return Ok(());
        }
    }
    panic!("the bot did not answer");
}

mod proof {
    /// It is a test; that it can fail is left to show.
    #[tokio::test]
    async fn nobody_answers_where_no_bot_is() {
        let any_port = "127.0.0.1:0".parse().unwrap();
        let builder = mynah_sandbox::Sandbox::builder().listen(any_port);
        let sandbox = builder.start().await.unwrap();
        let said = r#"{"platform": "onebot", "from": "alice", "to": "user:bot", "text": "/ping"}"#;
        super::control(&sandbox, "POST", "/control/say", said).await;
        let chat = "/control/messages?platform=onebot&conversation=user:10001";
        let seen = super::control(&sandbox, "GET", chat, "").await;
        assert_eq!(seen["messages"].as_array().unwrap().len(), 1);
    }
}
