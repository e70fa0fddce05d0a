//! What a typed call costs, beside the same call written by hand.
//!
//! All variants make the same OneBot call over loopback with 64 in flight, on
//! one thread, against a server on another thread that does next to nothing.
//! The figure is the CPU time of the calling thread per call, so it does not
//! depend on what else the machine does.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::header::HeaderValue;
use hyper::{Request, Response};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use mynah_client::Client;
use mynah_core::{Bytes, Endpoint, Meta};
use mynah_onebot::{AccessToken, OneBot};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const IN_FLIGHT: usize = 64;
const ROUND: Duration = Duration::from_millis(500);
const ROUNDS: usize = 7;

#[derive(Serialize, Deserialize)]
struct SendGroupMsg {
    group_id: i64,
    message: String,
    auto_escape: bool,
}

#[derive(Serialize, Deserialize)]
struct Sent {
    message_id: i32,
}

impl Endpoint for SendGroupMsg {
    type Platform = OneBot;
    type Output = Sent;
    const META: Meta = Meta::post("onebot.send_group_msg", "/send_group_msg");
}

fn message() -> SendGroupMsg {
    SendGroupMsg {
        group_id: 20001,
        message: "今晚八点开会 [CQ:at,qq=10001]".to_owned(),
        auto_escape: false,
    }
}

#[derive(Deserialize)]
struct Envelope<T> {
    status: String,
    retcode: i64,
    data: T,
}

const TOKEN: &str = "Bearer sandbox-token";

fn by_hand(uri: &str) -> Request<Full<Bytes>> {
    let body = serde_json::to_vec(&message()).unwrap();
    Request::post(uri)
        .header("content-type", "application/json")
        .header("authorization", TOKEN)
        .body(Full::from(body))
        .unwrap()
}

async fn opened(response: Response<hyper::body::Incoming>) -> i32 {
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let envelope: Envelope<Sent> = serde_json::from_slice(&body).unwrap();
    assert!(envelope.status == "ok" && envelope.retcode == 0);
    envelope.data.message_id
}

/// A name, and what a call costs.
type Variant = (&'static str, fn(&str) -> f64);

fn main() {
    let base = serve();
    let variants: [Variant; 3] = [
        ("hyper connection", connection),
        ("hyper-util client", pool),
        ("mynah client", client),
    ];
    let mut costs = variants.map(|_| Vec::new());
    let wanted = std::env::args()
        .nth(1)
        .filter(|word| !word.starts_with('-'));
    for _ in 0..ROUNDS {
        for ((name, run), costs) in variants.iter().zip(&mut costs) {
            if wanted.as_ref().is_none_or(|wanted| name.contains(wanted)) {
                costs.push(run(&base));
            }
        }
    }
    let costs = costs.map(median);
    for ((name, _), cost) in variants.iter().zip(costs) {
        let speed = costs.map(|floor| 100.0 * floor / cost);
        println!(
            "{name:18} {cost:6.2} µs a call: {:5.1} % of a connection's speed, {:5.1} % of hyper-util's",
            speed[0], speed[1]
        );
    }
}

fn median(mut costs: Vec<f64>) -> f64 {
    costs.sort_by(f64::total_cmp);
    costs.get(costs.len() / 2).copied().unwrap_or(f64::NAN)
}

/// One connection for each call in flight, and nothing else.
fn connection(base: &str) -> f64 {
    let host = base.trim_start_matches("http://").to_owned();
    run(move || {
        let host = host.clone();
        async move |count: &AtomicUsize| {
            let stream = TcpStream::connect(&host).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream))
                    .await
                    .unwrap();
            tokio::spawn(connection);
            loop {
                let mut request = by_hand("/send_group_msg");
                let host = HeaderValue::from_str(&host).unwrap();
                request.headers_mut().insert("host", host);
                sender.ready().await.unwrap();
                let response = sender.send_request(request).await.unwrap();
                assert_eq!(opened(response).await, -7);
                count.fetch_add(1, Relaxed);
            }
        }
    })
}

fn pool(base: &str) -> f64 {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    let client = legacy::Client::builder(TokioExecutor::new()).build(tcp);
    let uri = format!("{base}/send_group_msg");
    run(move || {
        let client = client.clone();
        let uri = uri.clone();
        async move |count: &AtomicUsize| {
            loop {
                let response = client.request(by_hand(&uri)).await.unwrap();
                assert_eq!(opened(response).await, -7);
                count.fetch_add(1, Relaxed);
            }
        }
    })
}

fn client(base: &str) -> f64 {
    let token = AccessToken::new("sandbox-token").unwrap();
    let client = Client::<OneBot>::new(base.parse().unwrap(), token);
    run(move || {
        let client = client.clone();
        async move |count: &AtomicUsize| {
            loop {
                assert_eq!(client.call(message()).await.unwrap().message_id, -7);
                count.fetch_add(1, Relaxed);
            }
        }
    })
}

/// The CPU time a call costs the calling thread, in microseconds.
fn run<C>(caller: impl Fn() -> C) -> f64
where
    C: AsyncFnOnce(&AtomicUsize) + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    tokio::task::LocalSet::new().block_on(&runtime, async {
        for _ in 0..IN_FLIGHT {
            let call = caller();
            let calls = Arc::clone(&calls);
            tokio::task::spawn_local(async move { call(&calls).await });
        }
        tokio::time::sleep(ROUND / 5).await;
        let (cpu_before, calls_before) = (cpu(), calls.load(Relaxed));
        tokio::time::sleep(ROUND).await;
        let done = u32::try_from(calls.load(Relaxed) - calls_before).unwrap();
        (cpu().saturating_sub(cpu_before) / done).as_secs_f64() * 1e6
    })
}

fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanos = text.split_whitespace().next().unwrap();
    Duration::from_nanos(nanos.parse().unwrap())
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\n\
    content-type: application/json\r\n\
    content-length: 58\r\n\
    date: Sat, 21 Nov 2026 10:00:00 GMT\r\n\r\n\
    {\"status\":\"ok\",\"retcode\":0,\"data\":{\"message_id\":-7},\"e\":0}";

/// A server that reads one request after the other and always says the same.
fn serve() -> String {
    let (tell, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                tokio::spawn(answer(stream));
            }
        });
    });
    format!("http://{}", address.recv().unwrap())
}

/// Every request of the benchmark fits into one read.
async fn answer(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(1..) = stream.read(&mut buffer).await {
        if stream.write_all(ANSWER).await.is_err() {
            return;
        }
    }
}
