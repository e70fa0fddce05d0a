//! Callbacks of WeCom, beside the same by hand.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request};
use mynah_core::{HttpRequest, Inbound, Received};
use mynah_wecom::WeCom;
use mynah_wecom::inbound::{CallbackSecret, Event, Stamp};
use serde::{Deserialize, Serialize};

use crate::core::{Case, Work};
use crate::floor::wecom::Keys;
use crate::meter::Process;

/// What a receiver of callbacks knows; the credentials of the sandbox.
const TOKEN: &str = "MynahToken123";
const ENCODING_AES_KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";
const CORPID: &str = "ww-sandbox";

/// What is said in the answer.
const MESSAGE: &str = "<xml><ToUserName><![CDATA[alice]]></ToUserName>\
    <FromUserName><![CDATA[ww-sandbox]]></FromUserName><CreateTime>1700000000</CreateTime>\
    <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[收到，今晚八点开会]]></Content></xml>";

/// A callback as it comes, and what a receiver must know to take it.
#[derive(Clone, Debug)]
pub struct Sample {
    token: String,
    encoding_aes_key: String,
    corpid: String,
    /// `msg_signature`, `timestamp` and `nonce`.
    query: [String; 3],
    body: String,
    /// How long the XML inside is.
    xml_bytes: usize,
}

/// The recorded callbacks: the file `events.json` of the vectors.
#[derive(Deserialize)]
struct Vectors {
    credentials: Credentials,
    events: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Credentials {
    token: String,
    encoding_aes_key: String,
    corpid: String,
}

#[derive(Deserialize)]
struct Recorded {
    name: String,
    plaintext_xml: String,
    http: Http,
}

#[derive(Deserialize)]
struct Http {
    query: Vec<(String, String)>,
    body: String,
}

impl Sample {
    /// A text message, made by hand.
    ///
    /// # Errors
    /// The credentials are none.
    pub fn text() -> anyhow::Result<Self> {
        let xml = "<xml><ToUserName><![CDATA[ww-sandbox]]></ToUserName>\
            <FromUserName><![CDATA[alice]]></FromUserName><CreateTime>1348831860</CreateTime>\
            <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[今晚几点开会？]]></Content>\
            <MsgId>1234567890123456</MsgId><AgentID>1000002</AgentID></xml>";
        let keys = Keys::new(TOKEN, ENCODING_AES_KEY, CORPID).context("the key is none")?;
        let (timestamp, nonce) = ("1700000000", "1372623149");
        let random = *b"0123456789abcdef";
        let (encrypt, signature) = keys
            .sealed(xml, timestamp, nonce, random)
            .context("nothing was sealed")?;
        Ok(Self {
            token: TOKEN.to_owned(),
            encoding_aes_key: ENCODING_AES_KEY.to_owned(),
            corpid: CORPID.to_owned(),
            query: [signature, timestamp.to_owned(), nonce.to_owned()],
            body: format!(
                "<xml><ToUserName><![CDATA[{CORPID}]]></ToUserName>\
                 <AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
            ),
            xml_bytes: xml.len(),
        })
    }

    /// The recorded text message in `vectors`: the file, or the folder it is in.
    ///
    /// # Errors
    /// There is no such file, or it is another.
    pub fn recorded(vectors: &Path) -> anyhow::Result<Self> {
        let file = if vectors.is_dir() {
            vectors.join("events.json")
        } else {
            vectors.to_owned()
        };
        let text = std::fs::read(&file).with_context(|| file.display().to_string())?;
        let vectors: Vectors =
            serde_json::from_slice(&text).with_context(|| file.display().to_string())?;
        let recorded = vectors
            .events
            .into_iter()
            .find(|event| event.name == "text");
        let Recorded {
            plaintext_xml,
            http: Http { query, body },
            ..
        } = recorded.context("no event `text`")?;
        let value = |wanted: &str| {
            let found = query.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        Ok(Self {
            query: ["msg_signature", "timestamp", "nonce"].map(value),
            token: vectors.credentials.token,
            encoding_aes_key: vectors.credentials.encoding_aes_key,
            corpid: vectors.credentials.corpid,
            body,
            xml_bytes: plaintext_xml.len(),
        })
    }

    fn request(&self) -> anyhow::Result<HttpRequest> {
        let [signature, timestamp, nonce] = &self.query;
        let uri = format!("/?msg_signature={signature}&timestamp={timestamp}&nonce={nonce}");
        let mut request: HttpRequest = Request::new(Bytes::from(self.body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri.parse()?;
        Ok(request)
    }

    fn secret(&self) -> anyhow::Result<CallbackSecret> {
        let key = self.encoding_aes_key.parse()?;
        let token = self.token.clone().into();
        Ok(CallbackSecret::application(&token, &key, &self.corpid))
    }

    fn keys(&self) -> anyhow::Result<Keys> {
        Keys::new(&self.token, &self.encoding_aes_key, &self.corpid).context("the key is none")
    }
}

/// A callback: verified, decrypted, read. Brings out how long its text is.
///
/// # Errors
/// The credentials are none.
pub fn open(sample: &Sample) -> anyhow::Result<Case> {
    let (request, secret, keys) = (sample.request()?, sample.secret()?, sample.keys()?);
    let by_hand = request.clone();
    Ok(Case {
        name: "wecom.callback.open",
        bytes: sample.xml_bytes,
        floor: Box::new(move || {
            let text = keys.open(black_box(&by_hand));
            black_box(text).map_or(0, |text| text.content.len())
        }),
        mynah: Box::new(move || {
            let received = WeCom::verify(&secret, black_box(&request), SystemTime::now());
            let Ok(Received::Event(arrival)) = received else {
                return 0;
            };
            match &black_box(arrival).event {
                Event::Application(callback) => callback.text().map_or(0, str::len),
                _ => 0,
            }
        }),
    })
}

/// An answer: encrypted, signed, written. Brings out how long that is.
///
/// # Errors
/// The credentials are none.
pub fn seal(sample: &Sample) -> anyhow::Result<Case> {
    let (secret, keys) = (sample.secret()?, sample.keys()?);
    let random = *b"0123456789abcdef";
    Ok(Case {
        name: "wecom.answer.seal",
        bytes: MESSAGE.len(),
        floor: Box::new(move || {
            let sealed = keys.seal(black_box(MESSAGE), "1700000000", "1372623149", random);
            black_box(sealed).map_or(0, |sealed| sealed.len())
        }),
        mynah: Box::new(move || {
            let stamp = Stamp {
                timestamp: 1_700_000_000,
                nonce: "1372623149".to_owned(),
                random,
            };
            black_box(secret.seal(black_box(MESSAGE), &stamp).to_xml()).len()
        }),
    })
}

/// A case as the bench contract wants it for `wecom`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Line {
    /// `mynah`.
    pub lib: &'static str,
    /// `open`: verify, decrypt and read; `seal`: encrypt and sign.
    pub case: &'static str,
    /// How long the XML inside is.
    pub xml_bytes: usize,
    /// How often it was done.
    pub ops: u64,
    /// How long that took, in seconds.
    pub wall_s: f64,
    /// How much CPU time it took, in seconds.
    pub cpu_s: f64,
}

/// Measures both cases for `time` each, Mynah alone.
///
/// # Errors
/// The vectors are none, or the system does not tell CPU time.
pub fn run(vectors: &Path, time: Duration) -> anyhow::Result<[Line; 2]> {
    let sample = Sample::recorded(vectors)?;
    Ok([
        line("open", open(&sample)?, time)?,
        line("seal", seal(&sample)?, time)?,
    ])
}

fn line(case: &'static str, measured: Case, time: Duration) -> anyhow::Result<Line> {
    let Case {
        bytes, mut mynah, ..
    } = measured;
    anyhow::ensure!(mynah() > 0, "{case}: nothing came of it");
    let (ops, wall, cpu) = repeat(&mut mynah, time)?;
    Ok(Line {
        lib: "mynah",
        case,
        xml_bytes: bytes,
        ops,
        wall_s: wall.as_secs_f64(),
        cpu_s: cpu.as_secs_f64(),
    })
}

fn repeat(work: &mut Work, time: Duration) -> anyhow::Result<(u64, Duration, Duration)> {
    let (start, cpu) = (Instant::now(), Process::THIS.cpu()?);
    let mut ops = 0;
    while start.elapsed() < time {
        for _ in 0..100 {
            work();
        }
        ops += 100;
    }
    Ok((
        ops,
        start.elapsed(),
        Process::THIS.cpu()?.saturating_sub(cpu),
    ))
}
