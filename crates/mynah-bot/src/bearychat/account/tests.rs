use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use mynah_bearychat::api::message::QueryMessages;
use mynah_bearychat::types::Message as Stored;
use mynah_bearychat::{MessageKey, Millis, VchannelId};
use mynah_client::Client;
use mynah_core::http::Request;
use mynah_core::{Body as HttpBody, Carried, HttpResponse, Transport};
use mynah_inbound::Connection;
use serde_json::{Value, json};

use super::*;
use crate::extract::Context;
use crate::filter::message;
use crate::reply::Reply;
use crate::router::Router;

const CHANNEL: &str = "=bwAll";
const ALONE: &str = "=bwP2P";
const ALICE: &str = "=bw52O";
const BOT: &str = "=bwBot";

/// A platform that remembers what was said in its conversations, and sometimes stumbles.
#[derive(Clone, Default)]
struct Platform(Arc<Inner>);

#[derive(Default)]
struct Inner {
    said: Mutex<BTreeMap<String, Vec<Stored>>>,
    /// How many of the next calls fail.
    stumbles: AtomicU32,
    /// After how many further calls that begins.
    later: AtomicU32,
    calls: Mutex<Vec<String>>,
}

impl Platform {
    /// Somebody says something; the event that tells it.
    fn say(&self, vchannel: &str, millis: u64, text: &str) -> Told {
        self.say_as(ALICE, vchannel, millis, text)
    }

    fn say_as(&self, uid: &str, vchannel: &str, millis: u64, text: &str) -> Told {
        let stored = Stored {
            key: MessageKey::from(format!("{millis:013}.{:04}", millis % 10_000)),
            uid: Some(uid.into()),
            vchannel_id: VchannelId::from(vchannel),
            text: text.to_owned(),
            created_ts: Millis(millis),
            is_channel: vchannel != ALONE,
            ..Stored::default()
        };
        let told = Told::said(&stored, None, stored.created_ts);
        let mut said = self.0.said.lock().unwrap();
        said.entry(vchannel.to_owned()).or_default().push(stored);
        told
    }

    /// Behind so many calls, so many fail.
    fn stumble(&self, later: u32, count: u32) {
        self.0.later.store(later, Ordering::Relaxed);
        self.0.stumbles.store(count, Ordering::Relaxed);
    }

    fn stumbles(&self) -> bool {
        let one_less = |count: u32| count.checked_sub(1);
        let count = |count: &AtomicU32| {
            let order = Ordering::Relaxed;
            count.fetch_update(order, order, one_less).is_ok()
        };
        !count(&self.0.later) && count(&self.0.stumbles)
    }

    /// How many calls there were to a path.
    fn calls(&self, path: &str) -> usize {
        let calls = self.0.calls.lock().unwrap();
        calls.iter().filter(|called| *called == path).count()
    }

    fn latest(&self, vchannel: &str) -> u64 {
        let said = self.0.said.lock().unwrap();
        let last = said.get(vchannel).and_then(|messages| messages.last());
        last.map_or(0, |message| message.created_ts.0)
    }

    fn answer(&self, path: &str, body: &[u8]) -> Value {
        match path {
            "/channel.list" => json!([
                {"id": CHANNEL, "vchannel_id": CHANNEL, "type": "normal", "is_member": true,
                 "latest_ts": self.latest(CHANNEL)},
                {"id": "=other", "vchannel_id": "=other", "type": "normal", "is_member": false,
                 "latest_ts": 1},
            ]),
            "/p2p.list" if self.latest(ALONE) > 0 => json!([
                {"id": ALONE, "vchannel_id": ALONE, "type": "p2p", "member_uids": [BOT, ALICE],
                 "latest_ts": self.latest(ALONE)},
            ]),
            "/message.query" => {
                let asked: QueryMessages = serde_json::from_slice(body).unwrap();
                let said = self.0.said.lock().unwrap();
                let said = said.get(asked.vchannel_id.as_str()).unwrap();
                let place = |message: &Stored| message.key.place().unwrap();
                json!({ "messages": asked.query.select(said, place) })
            }
            _ => json!([]),
        }
    }
}

impl Transport for Platform {
    fn send(&self, request: Request<HttpBody>) -> Carried<'_> {
        let path = request.uri().path().to_owned();
        let body = match request.into_body() {
            HttpBody::Full(body) => body,
            HttpBody::Stream(_) => Bytes::new(),
        };
        self.0.calls.lock().unwrap().push(path.clone());
        let mut response = HttpResponse::default();
        if self.stumbles() {
            *response.status_mut() = 500.try_into().unwrap();
        } else {
            *response.body_mut() = self.answer(&path, &body).to_string().into();
        }
        Box::pin(std::future::ready(Ok(response.map(HttpBody::Full))))
    }
}

/// A hubot that writes down what it hears, and the connection it could speak over.
struct Bot {
    hubot: Arc<Hubot<()>>,
    heard: Arc<Mutex<Vec<String>>>,
    connection: Connection,
}

impl Bot {
    fn on(platform: &Platform) -> Self {
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let written = Arc::clone(&heard);
        let router = Router::new().on(message(), move |cx: Context| {
            written.lock().unwrap().push(cx.text().to_owned());
            async { Reply::Nothing }
        });
        let client = Client::builder("http://h".parse().unwrap()).over(platform.clone());
        let hubot = Hubot::new("beary".into(), Arc::new(Desk::new(router, ())), client);
        let nowhere = "http://127.0.0.1:1".parse().unwrap();
        let dialer = RtmDialer::new(&nowhere, "token");
        let ignore = async |_: Handle, _: RtmEvent| {};
        Self {
            hubot: Arc::new(hubot),
            heard,
            connection: connect("beary", dialer, ignore, Settings::default()),
        }
    }

    async fn connects(&self) {
        let me = User {
            id: BOT.into(),
            ..User::default()
        };
        let connected = RtmEvent::Connected(Some(Box::new(me)));
        self.hears(connected).await;
    }

    async fn is_told(&self, told: Told) {
        let from = self.connection.handle();
        self.hubot.take(from, told, Bytes::new()).await;
    }

    async fn hears(&self, heard: RtmEvent) {
        let from = self.connection.handle().clone();
        Arc::clone(&self.hubot).hear(from, heard).await;
    }

    /// What the handler was given, once everything is handled.
    async fn heard(&self) -> Vec<String> {
        // Clocks stand still while anybody has something to do.
        sleep(Duration::from_millis(1)).await;
        self.heard.lock().unwrap().clone()
    }
}

fn numbers(range: std::ops::RangeInclusive<u64>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}

const T: u64 = 1_485_236_260_000;

#[tokio::test(start_paused = true)]
async fn what_was_said_before_the_first_connection_is_nobodys_business() {
    let platform = Platform::default();
    platform.say(CHANNEL, T, "0");
    let bot = Bot::on(&platform);
    bot.connects().await;
    assert!(bot.heard().await.is_empty());
    assert_eq!(platform.calls("/message.query"), 0);

    // It is compared with from then on, although nothing was heard.
    platform.say(CHANNEL, T + 1, "1");
    bot.connects().await;
    assert_eq!(bot.heard().await, ["1"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_is_heard_once_in_order_and_before_what_comes_then() {
    let platform = Platform::default();
    let bot = Bot::on(&platform);
    bot.connects().await;
    bot.is_told(platform.say(CHANNEL, T, "0")).await;
    for number in 1..=250 {
        platform.say(CHANNEL, T + number, &number.to_string());
    }
    platform.say_as(BOT, CHANNEL, T + 251, "the bot itself");
    bot.connects().await;
    bot.is_told(platform.say(CHANNEL, T + 252, "251")).await;
    assert_eq!(bot.heard().await, numbers(0..=251));
    assert_eq!(platform.calls("/message.query"), 3);

    // Nothing is missing now, so nothing is read; what is told again is known.
    bot.connects().await;
    let again = platform.say(CHANNEL, T + 300_000, "252");
    bot.is_told(again.clone()).await;
    bot.is_told(again).await;
    assert_eq!(bot.heard().await, numbers(0..=252));
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_began_meanwhile_is_heard_from_its_beginning() {
    let platform = Platform::default();
    let bot = Bot::on(&platform);
    bot.connects().await;
    bot.is_told(platform.say(CHANNEL, T, "0")).await;
    platform.say(ALONE, T + 1, "1");
    platform.say_as(BOT, ALONE, T + 2, "the bot itself");
    platform.say(ALONE, T + 3, "2");
    bot.connects().await;
    assert_eq!(bot.heard().await, numbers(0..=2));
}

/// The platform is asked again, and events are not held up for long.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_at_once_is_read_later_and_once() {
    // Where it begins to fail: with each of the lists, and with each page.
    for later in 0..5 {
        let platform = Platform::default();
        let bot = Bot::on(&platform);
        bot.connects().await;
        bot.is_told(platform.say(CHANNEL, T, "0")).await;
        for number in 1..=150 {
            platform.say(CHANNEL, T + number, &number.to_string());
        }
        // The client repeats each call twice by itself.
        platform.stumble(later, 7);
        bot.connects().await;
        bot.is_told(platform.say(CHANNEL, T + 151, "151")).await;
        let early = bot.heard().await;
        assert_eq!(early.last().map(String::as_str), Some("151"), "{later}");
        assert!(early.len() < 152, "{later}: nothing went wrong");

        sleep(Duration::from_secs(120)).await;
        let mut heard = bot.heard().await;
        assert_eq!(heard.len(), 152, "{later}: {heard:?}");
        // Everything but what came meanwhile is in order.
        heard.retain(|text| text != "151");
        assert_eq!(heard, numbers(0..=150), "{later}");
    }
}

/// What comes over the socket says nothing of what lies before it.
#[tokio::test(start_paused = true)]
async fn a_second_break_loses_nothing_of_the_first_one() {
    let platform = Platform::default();
    let bot = Bot::on(&platform);
    bot.connects().await;
    bot.is_told(platform.say(CHANNEL, T, "0")).await;
    platform.say(CHANNEL, T + 1, "1");
    platform.stumble(0, 3);
    bot.connects().await;
    bot.is_told(platform.say(CHANNEL, T + 2, "2")).await;
    platform.say(CHANNEL, T + 3, "3");
    bot.connects().await;
    let mut heard = bot.heard().await;
    heard.sort();
    assert_eq!(heard, numbers(0..=3));
}

#[tokio::test(start_paused = true)]
async fn nobody_reads_any_more_once_the_account_is_closed() {
    let platform = Platform::default();
    let bot = Bot::on(&platform);
    bot.connects().await;
    platform.stumble(0, 1000);
    bot.connects().await;
    let asked = platform.calls("/channel.list");
    drop(bot);
    sleep(Duration::from_secs(7200)).await;
    assert_eq!(platform.calls("/channel.list"), asked);
}
