//! What is around the encrypted text.

use std::borrow::Cow;

use mynah_core::{Check, Forged};
use serde::{Deserialize, Serialize};

use super::{Mode, forged};
use crate::event::field::fields;
use crate::xml::{Element, Writer, first_text};

/// What is new each time something is sealed.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// When, in seconds since 1970.
    pub timestamp: i64,
    /// A word that is used once; digits mostly.
    pub nonce: String,
    /// What goes into the ciphertext first; nobody may foresee it.
    pub random: [u8; 16],
}

/// An encrypted answer with its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The encrypted text.
    pub encrypt: String,
    /// Its signature, in lower-case hexadecimal.
    #[serde(rename = "msgsignature")]
    pub msg_signature: String,
    /// When, in seconds since 1970; bots must say it as a number.
    #[serde(deserialize_with = "timestamp")]
    pub timestamp: i64,
    /// For bots that of the request, for applications any.
    pub nonce: String,
}

fields! {
    /// The same in XML.
    struct Envelope {
        /// The encrypted text.
        pub encrypt: String = "Encrypt",
        /// Its signature.
        pub msg_signature: String = "MsgSignature",
        /// When.
        pub timestamp: i64 = "TimeStamp",
        /// Any word.
        pub nonce: String = "Nonce",
    }
}

fn timestamp<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    mynah_core::lenient::whole(deserializer, "seconds")
}

/// What stands around the encrypted text is shorter, mostly.
pub(super) const AROUND: usize = 256;

impl Sealed {
    /// As applications answer.
    pub fn to_xml(&self) -> String {
        let mut out = Writer::with_capacity(self.encrypt.len() + AROUND);
        out.nest("xml", |out| {
            out.text("Encrypt", &self.encrypt);
            out.text("MsgSignature", &self.msg_signature);
            out.number("TimeStamp", self.timestamp);
            out.text("Nonce", &self.nonce);
        });
        out.finish()
    }

    /// The inverse of [`to_xml`](Self::to_xml).
    ///
    /// # Errors
    /// When it is no XML.
    pub fn from_xml(xml: &str) -> Result<Self, crate::xml::BadXml> {
        use crate::event::field::{Content, Fields};

        let envelope = Envelope::read(&mut Fields::of(Element::read(xml)?));
        Ok(Self {
            encrypt: envelope.encrypt,
            msg_signature: envelope.msg_signature,
            timestamp: envelope.timestamp,
            nonce: envelope.nonce,
        })
    }

    /// As bots answer.
    pub fn to_json(&self) -> String {
        // Text and a number can be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct BotBody<'a> {
    #[serde(borrow)]
    encrypt: Cow<'a, str>,
}

/// The encrypted text out of the body of a callback, whatever its media type.
pub(super) fn encrypt(mode: Mode, body: &[u8]) -> Result<Cow<'_, str>, Forged> {
    let text = std::str::from_utf8(body);
    let text = text.map_err(|_| forged(Check::Body, "the body is not UTF-8"))?;
    match mode {
        Mode::Application => {
            first_text(text, "Encrypt").map_err(|bad| forged(Check::Body, bad.to_string()))
        }
        Mode::Bot => serde_json::from_str(text)
            .map(|BotBody { encrypt }| encrypt)
            .map_err(|bad| {
                let detail = format!(
                    "no JSON object with `encrypt`: stopped at column {} of {} bytes",
                    bad.column(),
                    body.len()
                );
                forged(Check::Body, detail)
            }),
    }
}
