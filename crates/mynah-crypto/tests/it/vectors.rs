//! The vector files.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) const CRYPTO: &str = include_str!("../vectors/crypto.json");
pub(crate) const SIGNATURE: &str = include_str!("../vectors/signature.json");

pub(crate) fn read<T: DeserializeOwned>(file: &str) -> T {
    serde_json::from_str(file).unwrap()
}

#[derive(Deserialize)]
pub(crate) struct CryptoFile {
    pub(crate) vectors: Vec<CryptoCase>,
    pub(crate) encoding_aes_keys: Vec<KeyCase>,
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub(crate) enum CryptoCase {
    Encrypt {
        id: String,
        input: Plain,
        output: Sealed,
    },
    Decrypt {
        id: String,
        input: Received,
        expect: String,
        verdict: Value,
    },
}

#[derive(Deserialize)]
pub(crate) struct Plain {
    pub(crate) token: String,
    pub(crate) encoding_aes_key: String,
    pub(crate) receiveid: String,
    pub(crate) message: String,
    pub(crate) random16: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
}

#[derive(Deserialize)]
pub(crate) struct Sealed {
    pub(crate) encrypt: String,
    pub(crate) msg_signature: String,
}

#[derive(Deserialize)]
pub(crate) struct Received {
    pub(crate) token: String,
    pub(crate) encoding_aes_key: String,
    pub(crate) receiveid: String,
    pub(crate) encrypt: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    pub(crate) msg_signature: String,
}

#[derive(Deserialize)]
pub(crate) struct KeyCase {
    pub(crate) id: String,
    pub(crate) encoding_aes_key: String,
    pub(crate) verdict: Value,
}

#[derive(Deserialize)]
pub(crate) struct SignatureFile {
    pub(crate) callback_signatures: Vec<SignatureCase>,
    pub(crate) aibot_media: Vec<MediaCase>,
}

#[derive(Deserialize)]
pub(crate) struct SignatureCase {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    pub(crate) encrypt: String,
    pub(crate) signature: String,
}

#[derive(Deserialize)]
pub(crate) struct MediaCase {
    pub(crate) id: String,
    pub(crate) aeskey: String,
    pub(crate) encrypted_base64: String,
    pub(crate) plain_base64: Option<String>,
}

/// What the peer `named` made of a case, where it made anything.
pub(crate) fn said<'a>(verdict: &'a Value, named: &str) -> Option<&'a Value> {
    let (_, said) = verdict
        .as_object()?
        .iter()
        .find(|(peer, _)| peer.starts_with(named))?;
    said.get("ok")
}
