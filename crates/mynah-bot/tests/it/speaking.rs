//! Who speaks when nothing was said, and what becomes of posts when a bot ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mynah_bot::{Bot, Config, Conversation, Platform, Router, State, command};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(10);

async fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

/// Takes what is posted there, one request after the other, and gives each this answer.
async fn answering(listener: TcpListener, answer: &'static str) -> String {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut heard = Vec::new();
    let mut chunk = [0; 4096];
    while !String::from_utf8_lossy(&heard).ends_with('}') {
        let read = socket.read(&mut chunk).await.unwrap();
        assert!(read > 0, "it hangs up");
        heard.extend_from_slice(&chunk[..read]);
    }
    let length = answer.len();
    let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{answer}");
    socket.write_all(response.as_bytes()).await.unwrap();
    String::from_utf8(heard).unwrap()
}

#[tokio::test]
async fn a_bot_speaks_by_the_name_of_an_account_when_nothing_was_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = listener.local_addr().unwrap();
    let config = format!(
        "[[account]]\nname = 'qq'\nplatform = 'onebot'\napi = 'http://{api}'\n\
         [[account]]\nname = 'mute'\nplatform = 'onebot'\nlisten = '127.0.0.1:0'\n"
    );
    let bot = Bot::new(Config::parse(&config).unwrap());
    let outboxes = bot.outboxes();
    let mut names = outboxes.accounts();
    names.sort();
    assert_eq!(names, [Arc::from("mute"), Arc::from("qq")]);
    assert!(outboxes.get("qq").is_none() && outboxes.when_open("wx").await.is_err());

    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let running = tokio::spawn(bot.run_until(Router::<()>::new(), (), stopped));
    let qq = timeout(PATIENCE, outboxes.when_open("qq")).await.unwrap();
    let place = Conversation::group(Platform::OneBot, 20001);
    let answer = r#"{"status":"ok","retcode":0,"data":{"message_id":7}}"#;
    let told = tokio::spawn(answering(listener, answer));
    let sent = qq
        .unwrap()
        .send(&place, &"good morning".into())
        .await
        .unwrap();
    assert_eq!(sent.ids[0].to_string(), "onebot:7");
    let told = told.await.unwrap();
    assert!(
        told.contains("send_group_msg") && told.contains("good morning"),
        "{told}"
    );
    assert!(outboxes.room("qq", place.clone()).is_ok());
    // It can speak once somebody has opened a socket.
    assert!(outboxes.room("mute", place).is_err());

    let waiting = outboxes.clone();
    let waiting = tokio::spawn(async move { waiting.when_open("mute").await.is_err() });
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert!(waiting.await.unwrap() && outboxes.get("qq").is_none());
}

fn post(id: u32, text: &str) -> (String, String) {
    let body = format!(
        r#"{{"time":1,"self_id":10000,"post_type":"message","message_type":"private",
           "sub_type":"friend","message_id":{id},"user_id":10001,"message":"{text}",
           "raw_message":"{text}","font":0,"sender":{{}}}}"#
    );
    let length = body.len();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: h\r\nx-self-id: 10000\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n"
    );
    (head, body)
}

/// What was under way is answered, and what comes too late is not said to have been taken.
#[tokio::test]
async fn what_is_posted_while_a_bot_ends_is_handled_or_not_acknowledged() {
    let address = free().await;
    let config = format!("[[account]]\nplatform = 'onebot'\nlisten = '{address}'\n");
    let at_work = Arc::new(Notify::new());
    let slow = async |State(at_work): State<Arc<Notify>>| {
        at_work.notify_one();
        sleep(Duration::from_secs(1)).await;
        "at last"
    };
    let router = Router::new()
        .on(command("slow"), slow)
        .on(command("ping"), async || "pong");
    let (stop, stopped) = oneshot::channel::<()>();
    let bot = Bot::new(Config::parse(&config).unwrap());
    let stopped = async { drop(stopped.await) };
    let running = tokio::spawn(bot.run_until(router, Arc::clone(&at_work), stopped));
    while TcpStream::connect(address).await.is_err() {
        sleep(Duration::from_millis(10)).await;
    }

    let mut first = TcpStream::connect(address).await.unwrap();
    let (head, body) = post(1, "/slow");
    first.write_all((head + &body).as_bytes()).await.unwrap();
    timeout(PATIENCE, at_work.notified()).await.unwrap();
    let mut second = TcpStream::connect(address).await.unwrap();
    let (head, body) = post(2, "/ping");
    second.write_all(head.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    sleep(Duration::from_millis(100)).await;
    second.write_all(body.as_bytes()).await.unwrap();

    let mut answer = String::new();
    let read = first.read_to_string(&mut answer);
    timeout(PATIENCE, read).await.unwrap().unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("at last"),
        "{answer}"
    );
    let mut answer = String::new();
    // It is cut off or broken off, whichever comes first.
    let _ = timeout(PATIENCE, second.read_to_string(&mut answer))
        .await
        .unwrap();
    assert_eq!(answer, "");
    timeout(PATIENCE, running).await.unwrap().unwrap().unwrap();
}
