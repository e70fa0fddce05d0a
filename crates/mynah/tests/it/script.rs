//! One bot, and the same conversation with it on every platform.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mynah::bot::{
    Args, Capability, Context, Media, Message, Reply, Result, Router, State, command, joined,
    mention, request,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::everywhere::{Chat, Everywhere, chats};
use crate::world::World;

/// A transparent pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\x0bIDATx\x9cc`\0\x02\0\0\x05\0\x01z^\xab?\0\0\0\0IEND\xaeB`\x82";

/// Where the bot's picture is.
type Picture = String;

fn bot() -> Router<Picture> {
    Router::new()
        .on(command("ping"), async || "pong")
        .on(command("long"), long)
        .on(command("show"), show)
        .on(command("again"), second_thoughts)
        .on(command("order"), order)
        .on(command("slow"), slow)
        .on(request(), async || Reply::Approve(String::new()))
        .on(joined(), welcome)
        .on(mention(), async || "yes?")
}

/// So many numbered lines.
async fn long(Args(lines): Args<usize>) -> String {
    numbered(lines)
}

fn numbered(lines: usize) -> String {
    (1..=lines).fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line:04} 长话不能短说，那就说得长一点。");
        text
    })
}

async fn show(State(picture): State<Picture>) -> Message {
    Message::new().image(Media::url(picture))
}

async fn second_thoughts(cx: Context) -> Result<()> {
    let sent = cx.send("rigth").await?;
    match sent.ids.first() {
        Some(id) if cx.can(Capability::Edit) => cx.edit(id, "right").await,
        Some(id) if cx.can(Capability::Recall) => cx.recall(id).await,
        _ => cx.reply("right, I mean").await,
    }
}

async fn order(cx: Context) -> Result<String> {
    let answer = cx.ask("how many?", Duration::from_secs(30)).await?;
    Ok(answer.map_or("none, then".into(), |answer| {
        format!("{} it is", answer.text())
    }))
}

/// Longer than any platform waits.
async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_secs(8)).await;
    "at last"
}

async fn welcome(cx: Context) -> Message {
    Message::text("welcome ").mention(cx.sender())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bot_holds_the_same_conversation_on_all_five_platforms() {
    let picture = a_picture().await;
    let everywhere = Everywhere::open(bot(), picture).await;
    let everywhere = Arc::new(everywhere);
    let mut talks = JoinSet::new();
    for (index, world) in everywhere.worlds().into_iter().enumerate() {
        for chat in chats(world.platform()) {
            let everywhere = Arc::clone(&everywhere);
            talks.spawn(async move { goes_as_scripted(everywhere.worlds()[index], *chat).await });
        }
    }
    let mut failed = 0;
    while let Some(talk) = talks.join_next().await {
        failed += usize::from(talk.is_err());
    }
    assert_eq!(failed, 0, "some did not go as scripted");
    who_comes_is_welcomed(&everywhere).await;
    Arc::into_inner(everywhere).unwrap().close().await;
}

/// What people see of the bot in a chat, and how much of it was seen before.
struct Talk<'a> {
    world: &'a World,
    chat: Chat,
    seen: usize,
}

impl Talk<'_> {
    async fn say(&self, who: &str, text: &str) {
        self.chat.say(self.world, who, text).await;
    }

    /// The next things the bot says: so many, and no more.
    async fn hears(&mut self, count: usize) -> Vec<String> {
        let heard = self.world.hears(self.chat.seen_as, self.seen + count).await;
        let new = heard[self.seen.min(heard.len())..].to_vec();
        let begin = |words: &String| words.chars().take(40).collect::<String>();
        let begins: Vec<_> = new.iter().map(begin).collect();
        assert_eq!(new.len(), count, "{:?}: {begins:?}", self.chat);
        self.seen = heard.len();
        new.iter().map(|words| plain(words)).collect()
    }

    /// One thing is said, and one is heard.
    async fn answers(&mut self, text: &str, expected: &str) {
        self.say("alice", text).await;
        let chat = self.chat;
        assert_eq!(self.hears(1).await, [expected], "{chat:?}");
    }
}

/// People see nothing of what keeps text from being markup.
fn plain(words: &str) -> String {
    words.replace(['\u{200B}', '\\'], "")
}

async fn goes_as_scripted(world: &World, chat: Chat) {
    let seen = 0;
    let mut talk = Talk { world, chat, seen };
    let began = Instant::now();
    talk.answers("/ping", "pong").await;
    talk.answers("hello", "yes?").await;
    says_much(&mut talk).await;
    talk.answers("/show", picture_in(chat)).await;
    thinks_again(&mut talk).await;
    asks(&mut talk).await;
    let asked = Instant::now();
    talk.answers("/slow", "at last").await;
    assert!(asked.elapsed() >= Duration::from_secs(8), "{chat:?}");
    talk.answers("/ping", "pong").await;
    assert!(began.elapsed() < Duration::from_secs(60), "{chat:?}");
}

/// Three messages, numbered, in order, and nothing is lost between them.
async fn says_much(talk: &mut Talk<'_>) {
    let lines = lines_for_three(talk.chat);
    talk.say("alice", &format!("/long {lines}")).await;
    let parts = talk.hears(3).await;
    let chat = talk.chat;
    let mut whole = Vec::new();
    for (part, number) in parts.iter().zip(["(1/3)", "(2/3)", "(3/3)"]) {
        let end: Vec<_> = part.lines().rev().take(3).collect();
        assert!(part.contains(number), "{chat:?}: {number} of {end:?}");
        let words = part.lines().map(str::trim).filter(|line| !line.is_empty());
        whole.extend(words.filter(|line| *line != number).map(str::to_owned));
    }
    let expected: Vec<_> = numbered(lines).lines().map(str::to_owned).collect();
    let differs = whole
        .iter()
        .zip(&expected)
        .find(|(said, meant)| said != meant);
    assert_eq!(differs, None, "{chat:?}");
    assert_eq!(whole.len(), expected.len(), "{chat:?}");
}

/// How many lines fill three messages.
fn lines_for_three(chat: Chat) -> usize {
    match chat.account {
        "wecom" => 100,
        "wecom-bot" => 1000,
        "dingtalk" => 700,
        "rongcloud" => 6000,
        "bearychat" => 1500,
        _ => 480,
    }
}

fn picture_in(chat: Chat) -> &'static str {
    match chat.account {
        "bearychat" => "a.png[attachment]",
        _ => "[image]",
    }
}

/// What was said is edited where that is possible, taken back where that is, and otherwise put
/// right.
async fn thinks_again(talk: &mut Talk<'_>) {
    let chat = talk.chat;
    talk.say("alice", "/again").await;
    match chat.account {
        "bearychat" => {
            talk.hears(1).await;
            let last = last(talk, |message| message["edited"] == true).await;
            assert!(last.to_string().contains("\"right\""), "{chat:?}: {last}");
        }
        // What answers a message there has no id.
        "wecom-bot" | "dingtalk" => {
            assert_eq!(talk.hears(2).await, ["rigth", "right, I mean"], "{chat:?}");
        }
        _ => {
            talk.hears(1).await;
            last(talk, |message| message["recalled"].is_object()).await;
        }
    }
}

/// Waits until this is so of the last message.
async fn last(talk: &Talk<'_>, is_so: impl Fn(&Value) -> bool) -> Value {
    let (platform, seen_as) = (talk.world.platform(), talk.chat.seen_as);
    let path = format!("/control/messages?platform={platform}&conversation={seen_as}");
    let mut last = Value::Null;
    for _ in 0..500 {
        let page = talk.world.control("GET", &path, Value::Null).await;
        let messages = page["messages"].as_array().unwrap().iter().rev();
        let mut of_bot =
            messages.filter(|one| one["from"]["bot"] == true && one["kind"] == "message");
        last = of_bot.next().unwrap().clone();
        if is_so(&last) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}: {last}", talk.chat);
}

/// The question is for one person; what others say is answered as ever.
async fn asks(talk: &mut Talk<'_>) {
    talk.answers("/order", "how many?").await;
    if talk.chat.seen_as.starts_with("group:") {
        talk.say("bob", "7").await;
        assert_eq!(talk.hears(1).await, ["yes?"], "{:?}", talk.chat);
    }
    talk.answers("3", "3 it is").await;
}

/// Where the platform tells who comes. On OneBot the group asks before.
async fn who_comes_is_welcomed(everywhere: &Everywhere) {
    let onebot = ("group:20001", "welcome @10005");
    let dingtalk = ("group:chatgeneral", "welcome @erin");
    let rongcloud = ("chatroom:lobby", "welcome @erin");
    for (world, (seen_as, expected)) in [
        (&everywhere.onebot, onebot),
        (&everywhere.dingtalk, dingtalk),
        (&everywhere.rongcloud, rongcloud),
    ] {
        let before = world.heard(seen_as).await.len();
        let (kind, place) = seen_as.split_once(':').unwrap();
        let acts: &[_] = match kind {
            "chatroom" => &["enter"],
            _ => &["leave", "join"],
        };
        for action in acts {
            world
                .act(json!({"who": "erin", "action": action, kind: place}))
                .await;
        }
        let heard = world.hears(seen_as, before + 1).await;
        assert_eq!(heard[before..], [expected], "{seen_as}");
    }
}

/// Serves the picture for as long as the test lasts.
async fn a_picture() -> Picture {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                // Whatever is asked for, there is one picture.
                let _ = stream.read(&mut request).await?;
                let length = PNG.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(head.as_bytes()).await?;
                stream.write_all(PNG).await?;
                stream.shutdown().await
            });
        }
    });
    format!("http://{address}/a.png")
}
