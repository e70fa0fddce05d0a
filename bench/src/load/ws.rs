//! A OneBot implementation on a WebSocket: says things and waits for the
//! `send_group_msg` that answers each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use bytes::BytesMut;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::frame::{self, CLOSE, PING, TEXT};
use super::http::{Reader, connect, header};
use crate::meter::{Figures, Meter, Plan, Process};
use crate::sample;

/// Room for what is read at once, in bytes.
const READ: usize = 16 << 10;

/// A connection to the program under test, past the handshake.
#[derive(Debug)]
pub struct Peer {
    stream: TcpStream,
    incoming: BytesMut,
    outgoing: BytesMut,
    masked: bool,
}

impl Peer {
    /// Waits for the program to connect: forward.
    ///
    /// # Errors
    /// What connects makes no handshake.
    pub async fn accept(listener: &TcpListener) -> anyhow::Result<Self> {
        let (mut stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let mut reader = Reader::new();
        let request = reader.next(&mut stream).await?.context("no handshake")?;
        let key = header(&request.head, "sec-websocket-key").context("no Sec-WebSocket-Key")?;
        let accept = derive_accept_key(key.as_bytes());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        stream.write_all(answer.as_bytes()).await?;
        Ok(Self::new(stream, reader.into_rest(), false))
    }

    /// Connects to the program at `port` as `account`: reverse.
    ///
    /// # Errors
    /// The program does not listen, or refuses the handshake.
    pub async fn connect(port: u16, account: i64) -> anyhow::Result<Self> {
        let mut stream = connect(port).await?;
        let handshake = format!(
            "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             X-Self-ID: {account}\r\nX-Client-Role: Universal\r\n\r\n"
        );
        stream.write_all(handshake.as_bytes()).await?;
        let mut reader = Reader::new();
        let response = reader.next(&mut stream).await?.context("no answer")?;
        if !response.head.starts_with(b"HTTP/1.1 101 ") {
            bail!("the handshake was refused");
        }
        Ok(Self::new(stream, reader.into_rest(), true))
    }

    fn new(stream: TcpStream, incoming: BytesMut, masked: bool) -> Self {
        Self {
            stream,
            incoming,
            outgoing: BytesMut::new(),
            masked,
        }
    }

    /// Adds a text to what [`flush`](Self::flush) sends.
    pub fn say(&mut self, text: &str) {
        frame::put(&mut self.outgoing, TEXT, text.as_bytes(), self.masked);
    }

    /// Sends what was said.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn flush(&mut self) -> anyhow::Result<()> {
        self.stream.write_all(&self.outgoing).await?;
        self.outgoing.clear();
        Ok(())
    }

    /// Reads once, at least.
    async fn read(&mut self) -> anyhow::Result<()> {
        self.incoming.reserve(READ);
        if self.stream.read_buf(&mut self.incoming).await? == 0 {
            bail!("the program went away");
        }
        Ok(())
    }

    /// The next text of what was read; answers pings.
    fn next(&mut self) -> anyhow::Result<Option<BytesMut>> {
        while let Some(frame) = frame::take(&mut self.incoming) {
            match frame.opcode {
                TEXT => return Ok(Some(frame.payload)),
                PING => {
                    const PONG: u8 = 10;
                    frame::put(&mut self.outgoing, PONG, &frame.payload, self.masked);
                }
                CLOSE => bail!("the program closed the connection"),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Keeps the connection, without a word, until the program ends it.
    ///
    /// # Errors
    /// Always: the connection has ended.
    pub async fn hold(&mut self) -> anyhow::Result<()> {
        loop {
            self.read().await?;
            while self.next()?.is_some() {}
            self.flush().await?;
        }
    }
}

/// The call that a program makes.
#[derive(Deserialize)]
struct Call<'a> {
    #[serde(borrow)]
    action: &'a str,
    params: Params,
    #[serde(borrow)]
    echo: &'a RawValue,
}

#[derive(Deserialize)]
struct Params {
    group_id: i64,
}

/// Something said in a group of its own, which waits for an answer.
struct Said {
    event: String,
    at: Instant,
}

/// Keeps as many events outstanding as `plan` has in flight, each in a group
/// of its own, and answers the calls. `message` is JSON.
///
/// # Errors
/// The connection broke, or the process under test is gone.
pub async fn run(
    mut peer: Peer,
    message: &str,
    plan: Plan,
    process: Process,
) -> anyhow::Result<Figures> {
    peer.say(sample::CONNECTED);
    peer.flush().await?;
    // A program may still be on its way from the handshake to its loop.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let meter = Meter::new();
    let measuring = Arc::clone(&meter);
    tokio::select! {
        figures = measuring.measure(plan, process) => Ok(figures?),
        broken = converse(&mut peer, message, plan.in_flight, &meter) => {
            broken?;
            bail!("the conversation ended early")
        }
    }
}

async fn converse(
    peer: &mut Peer,
    message: &str,
    outstanding: usize,
    meter: &Meter,
) -> anyhow::Result<()> {
    let mut said: Vec<Said> = (sample::FIRST_GROUP..)
        .zip(1..)
        .take(outstanding)
        .map(|(group, id)| Said {
            event: sample::group_message(group, id, message),
            at: Instant::now(),
        })
        .collect();
    for said in &said {
        peer.say(&said.event);
    }
    loop {
        peer.flush().await?;
        peer.read().await?;
        while let Some(text) = peer.next()? {
            let call: Call<'_> = serde_json::from_slice(&text)?;
            let place = usize::try_from(call.params.group_id - sample::FIRST_GROUP)?;
            let said = said.get_mut(place).context("a call for another group")?;
            let echo = call.echo.get();
            peer.say(&format!(
                "{{\"status\":\"ok\",\"retcode\":0,\"data\":{{\"message_id\":1001}},\"echo\":{echo}}}"
            ));
            let now = Instant::now();
            meter.count(said.at, now, call.action == "send_group_msg");
            said.at = now;
            peer.say(&said.event);
        }
    }
}

/// Asks for a closed loop of calls by saying `bench …`, and answers them for
/// as long as it takes.
///
/// # Errors
/// The connection broke.
pub async fn calls(mut peer: Peer, plan: Plan) -> anyhow::Result<()> {
    let Plan {
        in_flight,
        warmup,
        measured,
    } = plan;
    let (warmup, measured) = (warmup.as_secs_f64(), measured.as_secs_f64());
    peer.say(sample::CONNECTED);
    let request = format!("\"bench {in_flight} {warmup} {measured}\"");
    peer.say(&sample::group_message(sample::FIRST_GROUP, 1, &request));
    loop {
        peer.flush().await?;
        peer.read().await?;
        while let Some(text) = peer.next()? {
            let call: Call<'_> = serde_json::from_slice(&text)?;
            let echo = call.echo.get();
            peer.say(&format!(
                "{{\"status\":\"ok\",\"retcode\":0,\"data\":{{\"message_id\":1001}},\"echo\":{echo}}}"
            ));
        }
    }
}
