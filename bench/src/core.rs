//! What needs no socket, beside the same by hand.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use futures_util::FutureExt;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Uri};
use mynah_bot::onebot::{compile, event};
use mynah_bot::{Media, Message, MessageId, Outbox, Platform, UserId};
use mynah_core::{
    BaseUrl, HttpRequest, HttpResponse, Inbound, Platform as _, Received, decode_output,
    encode_request,
};
use mynah_onebot::actions::group_info::GetGroupMemberList;
use mynah_onebot::actions::message::SendGroupMsg;
use mynah_onebot::event::RawEvent;

use mynah_onebot::{GroupId, Message as Native, OneBot, PostSecret};
use serde::Serialize;

use crate::floor::outbound::{opened, request};
use crate::floor::post::{Posts, Text};
use crate::floor::{text, wire};
use crate::load::sign;
use crate::meter::Process;
use crate::{bot, sample, wecom};

/// Something done once; what it returns tells how much came out.
pub type Work = Box<dyn FnMut() -> usize>;

/// The same work twice.
pub struct Case {
    /// What is done.
    pub name: &'static str,
    /// How much goes in, or comes out where nothing goes in.
    pub bytes: usize,
    /// By hand on the bare libraries.
    pub floor: Work,
    /// With Mynah.
    pub mynah: Work,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case")
            .field("name", &self.name)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// All cases.
///
/// # Errors
/// A sample is not what it should be.
pub fn cases() -> anyhow::Result<Vec<Case>> {
    let callback = wecom::Sample::text()?;
    Ok(vec![
        post::<String>("onebot.post", sample::TEXT)?,
        post::<Vec<wire::Segment>>("onebot.post.array", sample::SEGMENTS)?,
        send_group_msg()?,
        member_list(),
        cq_parse(),
        cq_write(),
        compile_message(),
        wecom::open(&callback)?,
        wecom::seal(&callback)?,
    ])
}

/// A signed post: verified, parsed, routed, answered. `M` is the form of its
/// message in the types by hand.
///
/// # Errors
/// The signature cannot stand in a header.
pub fn post<M: Text>(name: &'static str, message: &str) -> anyhow::Result<Case> {
    let body = sample::group_message(sample::FIRST_GROUP, 1002, message);
    let signature = sign(sample::SECRET, body.as_bytes());
    let mut request: HttpRequest = Request::new(Bytes::from(body));
    *request.method_mut() = http::Method::POST;
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("x-self-id", sample::SELF_ID.into());
    headers.insert("x-signature", signature.parse()?);
    let bytes = request.body().len();

    let posts = Posts::new(sample::SECRET);
    let by_hand = request.clone();
    let secret = PostSecret::new(&sample::SECRET.to_owned().into());
    let router = bot::router();
    let account: Arc<str> = "bench".into();
    let outbox: Arc<dyn Outbox> = Arc::new(bot::NoOutbox);
    let answer = move || {
        let received = OneBot::verify(&secret, black_box(&request), SystemTime::now());
        let Ok(Received::Event(arrival)) = received else {
            return None;
        };
        let native = RawEvent {
            event: arrival.event,
            raw: arrival.raw,
        };
        let event = event(Arc::clone(&account), native);
        let operation = bot::answer(&router, event, &outbox).now_or_never()??;
        Some(arrival.reply.answer(operation))
    };
    Ok(Case {
        name,
        bytes,
        floor: Box::new(move || {
            let request = black_box(&by_hand);
            let response = posts.answer::<M>(request.headers(), request.body());
            black_box(response).body().len()
        }),
        mynah: Box::new(move || black_box(answer()).map_or(0, |response| response.body().len())),
    })
}

/// The request of a `send_group_msg`.
///
/// # Errors
/// The address is none.
pub fn send_group_msg() -> anyhow::Result<Case> {
    let base: BaseUrl = "http://127.0.0.1:5700".parse()?;
    let uri: Uri = "http://127.0.0.1:5700/send_group_msg".parse()?;
    let message = wire::SendGroupMsg::new(sample::FIRST_GROUP, "今晚八点开会");
    let bytes = serde_json::to_vec(&message)?.len();
    Ok(Case {
        name: "onebot.send_group_msg",
        bytes,
        floor: Box::new(move || {
            let message = wire::SendGroupMsg::new(sample::FIRST_GROUP, black_box("今晚八点开会"));
            black_box(request(uri.clone(), &message)).map_or(0, |request| length(request.body()))
        }),
        mynah: Box::new(move || {
            let group = GroupId(sample::FIRST_GROUP);
            let call = SendGroupMsg::new(group, black_box("今晚八点开会"));
            black_box(encode_request(&base, &call)).map_or(0, |request| request.body().len())
        }),
    })
}

fn length(body: &impl hyper::body::Body) -> usize {
    let length = body.size_hint().exact().unwrap_or_default();
    usize::try_from(length).unwrap_or_default()
}

/// The list of 3,000 members out of the answer.
pub fn member_list() -> Case {
    let answer = Bytes::from(sample::member_list(3000));
    let bytes = answer.len();
    let response = HttpResponse::new(answer.clone());
    Case {
        name: "onebot.member_list",
        bytes,
        floor: Box::new(move || {
            let members: Option<Vec<wire::Member>> = opened(black_box(&answer));
            black_box(members).map_or(0, |members| members.len())
        }),
        mynah: Box::new(move || {
            let Ok(payload) = OneBot::open(black_box(&response)) else {
                return 0;
            };
            let members = decode_output::<GetGroupMemberList>(&payload);
            black_box(members).map_or(0, |members| members.len())
        }),
    }
}

/// The string format, read.
pub fn cq_parse() -> Case {
    Case {
        name: "onebot.cq.parse",
        bytes: sample::CQ.len(),
        floor: Box::new(|| black_box(text::parse(black_box(sample::CQ))).len()),
        mynah: Box::new(|| {
            let message = Native::parse_cq(black_box(sample::CQ));
            black_box(message).segments().len()
        }),
    }
}

/// The string format, written.
pub fn cq_write() -> Case {
    let pieces = text::parse(sample::CQ);
    let message = Native::parse_cq(sample::CQ);
    Case {
        name: "onebot.cq.write",
        bytes: sample::CQ.len(),
        floor: Box::new(move || black_box(text::write(black_box(&pieces))).len()),
        mynah: Box::new(move || black_box(black_box(&message).to_cq()).len()),
    }
}

/// A message that quotes, mentions, says and shows something, as the JSON that
/// goes out.
pub fn compile_message() -> Case {
    const WORDS: &str = "今晚八点开会，请带上 [议程]";
    const PICTURE: &str = "https://example.com/agenda.png";
    let message = Message::new()
        .quote(MessageId::new(Platform::OneBot, 1001))
        .mention(UserId::new(Platform::OneBot, 10001))
        .push(WORDS)
        .image(Media::url(PICTURE));
    let by_hand = || {
        let segments = text::segments(
            black_box(1001),
            black_box(10001),
            black_box(WORDS),
            black_box(PICTURE),
        );
        serde_json::to_vec(&segments).unwrap_or_default()
    };
    Case {
        name: "onebot.compile",
        bytes: by_hand().len(),
        floor: Box::new(move || black_box(by_hand()).len()),
        mynah: Box::new(move || {
            let compiled = compile(black_box(&message));
            let json = serde_json::to_vec(&compiled.pieces.first()).unwrap_or_default();
            black_box(json).len()
        }),
    }
}

/// A case that was measured, as one line of JSON.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Line {
    /// What was done.
    pub case: &'static str,
    /// `floor` or `mynah`.
    pub r#impl: &'static str,
    /// How much goes in, or comes out where nothing goes in.
    pub bytes: usize,
    /// How often it was done.
    pub ops: u64,
    /// How long that took, in seconds.
    pub wall_s: f64,
    /// How much CPU time it took, in seconds.
    pub cpu_s: f64,
}

/// Turns floor and Mynah take.
const TURNS: u32 = 10;

/// Measures a case for `time` each, floor and Mynah in turns.
///
/// # Errors
/// The system does not tell CPU time.
pub fn measure(mut case: Case, time: Duration) -> anyhow::Result<[Line; 2]> {
    let line = |r#impl| Line {
        case: case.name,
        r#impl,
        bytes: case.bytes,
        ops: 0,
        wall_s: 0.0,
        cpu_s: 0.0,
    };
    let (mut floor, mut mynah) = (line("floor"), line("mynah"));
    for _ in 0..TURNS {
        repeat(&mut case.floor, time / TURNS, &mut floor)?;
        repeat(&mut case.mynah, time / TURNS, &mut mynah)?;
    }
    Ok([floor, mynah])
}

/// Does the work for `time` and adds to `line`.
fn repeat(work: &mut Work, time: Duration, line: &mut Line) -> anyhow::Result<()> {
    let batch = batch(work);
    let (start, cpu) = (Instant::now(), Process::THIS.cpu()?);
    while start.elapsed() < time {
        for _ in 0..batch {
            work();
        }
        line.ops += batch;
    }
    line.wall_s += start.elapsed().as_secs_f64();
    line.cpu_s += Process::THIS.cpu()?.saturating_sub(cpu).as_secs_f64();
    Ok(())
}

/// As many as take about a tenth of a millisecond, so that reading the clock
/// does not count.
fn batch(work: &mut Work) -> u64 {
    let start = Instant::now();
    for _ in 0..8 {
        work();
    }
    let nanos = (start.elapsed().as_nanos() / 8).max(1);
    u64::try_from(100_000 / nanos).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A case that fails on one side would measure nothing there.
    #[test]
    fn floor_and_mynah_bring_out_as_much() {
        for mut case in cases().unwrap() {
            let floor = (case.floor)();
            assert!(floor > 0, "{}", case.name);
            assert_eq!(floor, (case.mynah)(), "{}", case.name);
        }
    }
}
