//! What a callback is signed with, and where that stands.

use std::borrow::Cow;

use http::{HeaderMap, Uri};
use mynah_core::{Check, Forged};

use super::SignatureNames;
use crate::auth;

/// The four parts of a signature; the key need not be there.
pub(super) struct Signed<'r> {
    pub(super) app_key: Option<Cow<'r, str>>,
    pub(super) nonce: Cow<'r, str>,
    pub(super) timestamp: Cow<'r, str>,
    pub(super) signature: Cow<'r, str>,
}

type Pairs<'r> = Vec<(Cow<'r, str>, Cow<'r, str>)>;

impl<'r> Signed<'r> {
    /// The signature in the query, in the first of the three generations of
    /// names that is complete; otherwise the one in the headers.
    pub(super) fn of(uri: &'r Uri, headers: &'r HeaderMap) -> Result<Self, Forged> {
        let query = uri.query().unwrap_or_default();
        let pairs: Pairs<'r> = serde_html_form::from_str(query).unwrap_or_default();
        // `signTimestamp` can mean nothing else; `timestamp` might be of the receiver's own address.
        for names in [
            SignatureNames::Of2020,
            SignatureNames::Current,
            SignatureNames::Of2014,
        ] {
            if let Some(found) = Self::named(names, &pairs)? {
                return Ok(found);
            }
        }
        Self::in_headers(headers).ok_or_else(|| {
            let detail =
                "nonce, timestamp and signature stand neither in the query nor in the headers";
            Forged::new(401, Check::SignatureMissing, detail)
        })
    }

    fn named(names: SignatureNames, pairs: &Pairs<'r>) -> Result<Option<Self>, Forged> {
        let [nonce, timestamp, signature] = names.names().map(|name| (name, value(pairs, name)));
        let (Some(found_nonce), Some(found_time), Some(found)) =
            (nonce.1, timestamp.1, signature.1)
        else {
            return Ok(None);
        };
        for name in [SignatureNames::APP_KEY, nonce.0, timestamp.0, signature.0] {
            once(pairs, name)?;
        }
        Ok(Some(Self {
            app_key: value(pairs, SignatureNames::APP_KEY).cloned(),
            nonce: found_nonce.clone(),
            timestamp: found_time.clone(),
            signature: found.clone(),
        }))
    }

    fn in_headers(headers: &'r HeaderMap) -> Option<Self> {
        let signed = auth::Signed::of(headers);
        let present = |text: &'r str| (!text.is_empty()).then_some(Cow::Borrowed(text));
        Some(Self {
            app_key: present(signed.app_key),
            nonce: present(signed.nonce)?,
            timestamp: present(signed.timestamp)?,
            signature: present(signed.signature)?,
        })
    }
}

/// The parameter, if it is there and not empty.
fn value<'p, 'r>(pairs: &'p Pairs<'r>, name: &str) -> Option<&'p Cow<'r, str>> {
    let (_, value) = pairs.iter().find(|(key, _)| key == name)?;
    (!value.is_empty()).then_some(value)
}

/// Of two, nobody could say which one was signed.
fn once(pairs: &Pairs<'_>, name: &str) -> Result<(), Forged> {
    if pairs.iter().filter(|(key, _)| key == name).nth(1).is_none() {
        return Ok(());
    }
    let detail = format!("{name} stands in the query more than once");
    Err(Forged::new(401, Check::Form, detail))
}
