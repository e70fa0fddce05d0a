//! A made-up platform: an envelope, tokens in a header, and a server side.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mynah_client::Client;
use mynah_core::{
    ApiError, Bytes, Endpoint, Error, File, HttpRequest, HttpResponse, Issuer, Meta, Platform,
    Quota, Request, Tokens, TransportError, Verdict, decode_request, encode_output,
    http::HeaderMap,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub struct Test;

/// Where the platform says how many calls are left.
pub const QUOTA: [&str; 3] = ["x-limit", "x-remaining", "x-reset"];

#[derive(Serialize, Deserialize)]
struct Envelope {
    code: i64,
    #[serde(default)]
    words: String,
    data: Option<Box<RawValue>>,
}

impl Platform for Test {
    const NAME: &'static str = "test";

    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        let status = response.status().as_u16();
        if status != 200 {
            let words = String::from_utf8_lossy(response.body());
            return Err(ApiError::http(status, words));
        }
        let envelope: Envelope = serde_json::from_slice(response.body())
            .map_err(|error| ApiError::new("envelope", error.to_string()))?;
        match envelope.code {
            0 => Ok(envelope.data.map_or_else(
                || Bytes::from_static(b"null"),
                |data| Bytes::copy_from_slice(data.get().as_bytes()),
            )),
            code => Err(ApiError::new(code, envelope.words)),
        }
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        let envelope = match outcome {
            Ok(payload) => Envelope {
                code: 0,
                words: String::new(),
                data: serde_json::from_slice(&payload).unwrap(),
            },
            Err(error) if error.status != 200 => {
                let mut response = HttpResponse::new(error.message.into());
                *response.status_mut() = error.status.try_into().unwrap();
                return response;
            }
            Err(error) => Envelope {
                code: error.code.number().unwrap_or(-1),
                words: error.message,
                data: None,
            },
        };
        HttpResponse::new(serde_json::to_vec(&envelope).unwrap().into())
    }

    fn classify(error: &ApiError) -> Verdict {
        match error.code.number() {
            Some(401) => Verdict::Unauthorized,
            Some(429) => Verdict::Throttled(None),
            Some(500..=599) => Verdict::Transient,
            _ => Verdict::Permanent,
        }
    }

    fn quota(headers: &HeaderMap) -> Option<Quota> {
        Quota::read(headers, QUOTA)
    }
}

/// Says something; answers what was said. Must not happen twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Say {
    pub text: String,
}

impl Endpoint for Say {
    type Platform = Test;
    type Output = String;
    const META: Meta = Meta::post("test.say", "/say").at("said");
}

/// Looks something up; may happen any number of times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Look {
    pub at: String,
}

impl Endpoint for Look {
    type Platform = Test;
    type Output = String;
    const META: Meta = Meta::get("test.look", "/look");
}

/// Puts a file somewhere; answers how long it was, and its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct Put {
    pub at: String,
    #[serde(skip_serializing)]
    pub file: File,
}

impl Endpoint for Put {
    type Platform = Test;
    type Output = String;
    const META: Meta = Meta::upload("test.put", "/put").query(&["at"]);

    fn file(&self) -> Option<(&'static str, &File)> {
        Some(("file", &self.file))
    }
}

/// Gives a token for the secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetToken {
    pub secret: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    pub token: String,
    pub expires_in: u64,
}

impl Endpoint for GetToken {
    type Platform = Test;
    type Output = Token;
    const META: Meta = Meta::get("test.get_token", "/token").public();
}

#[derive(Debug)]
pub struct Account;

pub const SECRET: &str = "the-secret-of-the-account";

impl Issuer for Account {
    type Endpoint = GetToken;

    fn key(&self) -> Option<String> {
        Some("test:account".to_owned())
    }

    fn ask(&self) -> GetToken {
        GetToken::new(SECRET)
    }

    fn issued(token: Token) -> (String, Duration) {
        (token.token, Duration::from_secs(token.expires_in))
    }

    fn attach(request: &mut HttpRequest, token: &str) -> Result<(), Error> {
        let token = token.parse().expect("tokens are made of letters");
        request.headers_mut().insert("x-token", token);
        Ok(())
    }
}

pub fn tokens() -> Tokens<Account> {
    Tokens::new("http://test".parse().unwrap(), Account)
}

/// A client whose calls need tokens.
pub fn client(transport: impl mynah_core::Transport) -> Client<Test> {
    Client::builder("http://test".parse().unwrap())
        .auth(tokens())
        .over(transport)
}

/// The platform's side: knows its tokens, counts what is asked.
#[derive(Clone)]
pub struct World(Arc<Rules>);

struct Rules {
    lifetime: u64,
    issued: AtomicUsize,
    calls: AtomicUsize,
    /// Tokens with a lower number have been taken back.
    valid_from: AtomicUsize,
    refuses_accounts: bool,
    said: Mutex<HashMap<String, usize>>,
}

impl World {
    pub fn new() -> Self {
        Self::with(7200, false)
    }

    /// Whose tokens live that long.
    pub fn with_lifetime(seconds: u64) -> Self {
        Self::with(seconds, false)
    }

    /// That gives nobody a token.
    pub fn refusing() -> Self {
        Self::with(7200, true)
    }

    fn with(lifetime: u64, refuses_accounts: bool) -> Self {
        Self(Arc::new(Rules {
            lifetime,
            issued: AtomicUsize::new(0),
            calls: AtomicUsize::new(0),
            valid_from: AtomicUsize::new(0),
            refuses_accounts,
            said: Mutex::default(),
        }))
    }

    /// How many tokens were asked for.
    pub fn issued(&self) -> usize {
        self.0.issued.load(SeqCst)
    }

    /// How many other calls there were.
    pub fn calls(&self) -> usize {
        self.0.calls.load(SeqCst)
    }

    /// How often a text was said.
    pub fn said(&self, text: &str) -> usize {
        self.0.said.lock().unwrap().get(text).copied().unwrap_or(0)
    }

    /// Takes back all tokens issued so far.
    pub fn revoke(&self) {
        self.0.valid_from.store(self.issued(), SeqCst);
    }

    /// Takes back every token, those of the future too.
    pub fn revoke_all(&self) {
        self.0.valid_from.store(usize::MAX, SeqCst);
    }

    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        if request.uri().path() == "/token" {
            return encode_output::<GetToken>(self.issue(request));
        }
        self.0.calls.fetch_add(1, SeqCst);
        if !self.knows(request) {
            return Test::seal(Err(ApiError::new(401, "token expired")));
        }
        match request.uri().path() {
            "/say" => encode_output::<Say>(decode_request(request).map(|say: Say| {
                let mut said = self.0.said.lock().unwrap();
                *said.entry(say.text.clone()).or_default() += 1;
                say.text
            })),
            "/look" => encode_output::<Look>(decode_request(request).map(|look: Look| look.at)),
            "/put" => encode_output::<Put>(decode_request(request).map(|put: Put| {
                let File { name, content, .. } = put.file;
                format!("{} bytes of {name} at {}", content.len(), put.at)
            })),
            _ => Test::seal(Err(ApiError::http(404, "no such call"))),
        }
    }

    fn issue(&self, request: &HttpRequest) -> Result<Token, ApiError> {
        let number = self.0.issued.fetch_add(1, SeqCst);
        let GetToken { secret } = decode_request(request)?;
        if self.0.refuses_accounts || secret != SECRET {
            return Err(ApiError::new(40001, "账号无效"));
        }
        Ok(Token {
            token: format!("issued-token-{number}"),
            expires_in: self.0.lifetime,
        })
    }

    fn knows(&self, request: &HttpRequest) -> bool {
        let token = request.headers().get("x-token");
        let number = token.and_then(|token| {
            token
                .to_str()
                .ok()?
                .strip_prefix("issued-token-")?
                .parse()
                .ok()
        });
        number.is_some_and(|number: usize| number >= self.0.valid_from.load(SeqCst))
    }

    /// The world as a transport.
    pub fn transport(&self) -> impl mynah_core::Transport + Clone + use<> {
        let world = self.clone();
        mynah_testkit::Serve::new(move |request: HttpRequest| {
            Ok::<_, TransportError>(world.answer(&request))
        })
    }
}
