//! A callback of WeCom by hand: RustCrypto, base64 and an XML reader.

use std::borrow::Cow;

use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, PAD, STANDARD};
use bytes::Bytes;
use http::{Request, Uri};
use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::Event;
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

/// What both ends know.
#[derive(Clone, Debug)]
pub struct Keys {
    token: String,
    cipher: Aes256,
    iv: [u8; 16],
    corpid: String,
}

/// What stands in the query of a callback.
#[derive(Default)]
struct Query<'a> {
    signature: Cow<'a, str>,
    timestamp: Cow<'a, str>,
    nonce: Cow<'a, str>,
}

impl<'a> Query<'a> {
    fn of(uri: &'a Uri) -> Option<Self> {
        let mut query = Self::default();
        for pair in uri.query()?.split('&') {
            let (name, value) = pair.split_once('=')?;
            let value = percent_decode_str(value).decode_utf8().ok()?;
            match name {
                "msg_signature" => query.signature = value,
                "timestamp" => query.timestamp = value,
                "nonce" => query.nonce = value,
                _ => {}
            }
        }
        Some(query)
    }
}

/// A text message.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Text {
    pub to: String,
    pub from: String,
    pub created: i64,
    pub kind: String,
    pub content: String,
    pub id: i64,
    pub agent: i64,
}

impl Keys {
    /// The keys as an administrator copies them; `None` if the key is none.
    pub fn new(token: &str, encoding_aes_key: &str, corpid: &str) -> Option<Self> {
        // The last letter of such a key holds two bits too many.
        let lenient = GeneralPurpose::new(&ALPHABET, PAD.with_decode_allow_trailing_bits(true));
        let key = lenient.decode(format!("{encoding_aes_key}=")).ok()?;
        let key: [u8; 32] = key.try_into().ok()?;
        Some(Self {
            token: token.to_owned(),
            cipher: Aes256::new(&key.into()),
            iv: *key.first_chunk()?,
            corpid: corpid.to_owned(),
        })
    }

    fn signature(&self, timestamp: &str, nonce: &str, encrypt: &str) -> String {
        let mut parts = [self.token.as_str(), timestamp, nonce, encrypt];
        parts.sort_unstable();
        let mut hasher = Sha1::new();
        for part in parts {
            hasher.update(part);
        }
        hex(&hasher.finalize())
    }

    /// Verifies, decrypts and reads a callback.
    pub fn open(&self, request: &Request<Bytes>) -> Option<Text> {
        let query = Query::of(request.uri())?;
        let encrypt = outer(std::str::from_utf8(request.body()).ok()?)?;
        let signature = self.signature(&query.timestamp, &query.nonce, encrypt);
        if !bool::from(signature.as_bytes().ct_eq(query.signature.as_bytes())) {
            return None;
        }
        let mut data = STANDARD.decode(encrypt).ok()?;
        let cipher = cbc::Decryptor::inner_iv_init(&self.cipher, &self.iv.into());
        let plain = cipher.decrypt_padded::<NoPadding>(&mut data).ok()?;
        let padding = usize::from(*plain.last()?);
        let (plain, padded) = plain.split_at_checked(plain.len().checked_sub(padding)?)?;
        if !(1..=32).contains(&padding) || padded.iter().any(|byte| usize::from(*byte) != padding) {
            return None;
        }
        let (_random, rest) = plain.split_at_checked(16)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (message, receiver) = rest.split_at_checked(length)?;
        if !bool::from(receiver.ct_eq(self.corpid.as_bytes())) {
            return None;
        }
        inner(std::str::from_utf8(message).ok()?)
    }

    /// Encrypts and signs a message, as the XML of an answer.
    pub fn seal(
        &self,
        message: &str,
        timestamp: &str,
        nonce: &str,
        random: [u8; 16],
    ) -> Option<String> {
        let (encrypt, signature) = self.sealed(message, timestamp, nonce, random)?;
        Some(format!(
            "<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>\
             <TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        ))
    }

    /// The encrypted text and its signature.
    pub fn sealed(
        &self,
        message: &str,
        timestamp: &str,
        nonce: &str,
        random: [u8; 16],
    ) -> Option<(String, String)> {
        let length = u32::try_from(message.len()).ok()?;
        let size = 20 + message.len() + self.corpid.len();
        let padding = 32 - size % 32;
        let mut data = Vec::with_capacity(size + padding);
        data.extend_from_slice(&random);
        data.extend_from_slice(&length.to_be_bytes());
        data.extend_from_slice(message.as_bytes());
        data.extend_from_slice(self.corpid.as_bytes());
        data.resize(size + padding, u8::try_from(padding).ok()?);
        let cipher = cbc::Encryptor::inner_iv_init(&self.cipher, &self.iv.into());
        let size = data.len();
        cipher.encrypt_padded::<NoPadding>(&mut data, size).ok()?;
        let encrypt = STANDARD.encode(&data);
        let signature = self.signature(timestamp, nonce, &encrypt);
        Some((encrypt, signature))
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

/// What stands in `<Encrypt>`.
fn outer(body: &str) -> Option<&str> {
    let mut reader = Reader::from_str(body);
    let mut here = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => here = start.name().as_ref() == "Encrypt",
            Event::CData(text) if here => {
                // What the reader lends lives as long as the body.
                return match text.into_inner() {
                    Cow::Borrowed(text) => Some(text),
                    Cow::Owned(_) => None,
                };
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// A text message out of its XML.
fn inner(xml: &str) -> Option<Text> {
    let mut reader = Reader::from_str(xml);
    let mut text = Text::default();
    let mut name = String::new();
    loop {
        let value = match reader.read_event().ok()? {
            Event::Start(start) => {
                name.clear();
                name.push_str(start.name().into_inner());
                continue;
            }
            Event::CData(value) => value.into_inner().into_owned(),
            Event::Text(value) => value.into_inner().into_owned(),
            Event::End(_) => {
                name.clear();
                continue;
            }
            Event::Eof => return Some(text),
            _ => continue,
        };
        match name.as_str() {
            "ToUserName" => text.to = value,
            "FromUserName" => text.from = value,
            "CreateTime" => text.created = value.parse().ok()?,
            "MsgType" => text.kind = value,
            "Content" => text.content = value,
            "MsgId" => text.id = value.parse().ok()?,
            "AgentID" => text.agent = value.parse().ok()?,
            _ => {}
        }
    }
}
