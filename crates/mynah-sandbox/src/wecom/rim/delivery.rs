//! Where callbacks go to: what `/control/wecom/delivery` shows and changes.

use std::time::Duration;

use http::Uri;
use mynah_crypto::EncodingAesKey;
use mynah_wecom::inbound::{CallbackSecret, PATIENCE};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Options;
use crate::control::fields::{Fields, listener};
use crate::control::{Field, field};
use crate::world::Rejected;

/// What the console shows until something else is set.
const TOKEN: &str = "MynahToken123";
const ENCODING_AES_KEY: [u8; 32] = *b"Mynah-sandbox-encoding-aes-key!!";
/// Longest token of a callback, in bytes
/// (<https://developer.work.weixin.qq.com/document/path/90930>).
const LONGEST_TOKEN: usize = 32;
/// Longest id of a receiver, in bytes; no corp has a longer one.
const LONGEST_RECEIVER: usize = 64;
/// The shortest and longest time an answer is waited for.
const TIMEOUT_S: std::ops::RangeInclusive<f64> = 0.01..=60.0;

/// What can be given to change it.
pub(super) const FIELDS: &[Field] = &[
    field(
        "callback_url",
        "string",
        "The application is told there what happens; null for nowhere.",
    ),
    field(
        "bot_callback_url",
        "string",
        "The intelligent bot is told there, while it has no long connection; null for nowhere.",
    ),
    field(
        "callback_token",
        "string",
        "Signs callbacks; 1 to 32 letters and digits.",
    ),
    field(
        "encoding_aes_key",
        "string",
        "Encrypts callbacks and the files sent to the bot; 43 letters and digits.",
    ),
    field(
        "receiver",
        "string",
        "For whom callbacks to the application are; null for the corp.",
    ),
    field(
        "callback_timeout_s",
        "number",
        "How long an answer is waited for; 5.",
    ),
    field(
        "verify",
        "boolean",
        "Asks the addresses to decrypt something, and reports it as `verification`.",
    ),
];

/// Where callbacks go to.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    /// The application is told there what happens.
    pub(super) callback_url: Option<Uri>,
    /// The intelligent bot is told there.
    pub(super) bot_callback_url: Option<Uri>,
    /// Encrypts callbacks, and the files sent to the bot.
    pub(super) encoding_aes_key: EncodingAesKey,
    /// How long an answer is waited for.
    pub(super) timeout: Duration,
    token: SecretString,
    receiver: String,
    corpid: String,
}

impl Delivery {
    /// As the options say.
    pub(super) fn new(options: &Options, corpid: &str) -> Result<Self, Rejected> {
        let bot_callback_url = options.bot_callback_url.as_deref();
        Ok(Self {
            callback_url: listener("callback_url", options.callback_url.as_deref())?,
            bot_callback_url: listener("bot_callback_url", bot_callback_url)?,
            encoding_aes_key: EncodingAesKey::from_bytes(ENCODING_AES_KEY),
            timeout: PATIENCE,
            token: TOKEN.into(),
            receiver: corpid.to_owned(),
            corpid: corpid.to_owned(),
        })
    }

    /// What the application knows.
    pub(super) fn application_secret(&self) -> CallbackSecret {
        CallbackSecret::application(&self.token, &self.encoding_aes_key, &self.receiver)
    }

    /// What the intelligent bot knows.
    pub(super) fn bot_secret(&self) -> CallbackSecret {
        CallbackSecret::bot(&self.token, &self.encoding_aes_key)
    }

    /// As it is shown: without secrets.
    pub(super) fn view(&self) -> Value {
        json!({
            "callback_url": self.callback_url.as_ref().map(Uri::to_string),
            "bot_callback_url": self.bot_callback_url.as_ref().map(Uri::to_string),
            "callback_token_set": !self.token.expose_secret().is_empty(),
            "encoding_aes_key_set": true,
            "receiver": self.receiver,
            "callback_timeout_s": self.timeout.as_secs_f64(),
        })
    }

    /// With what is given changed and nothing else, and whether the addresses
    /// are to be verified.
    pub(super) fn changed(&self, mut fields: Fields) -> Result<(Self, bool), Rejected> {
        let mut next = self.clone();
        for (name, url) in [
            ("callback_url", &mut next.callback_url),
            ("bot_callback_url", &mut next.bot_callback_url),
        ] {
            if let Some(given) = fields.listener(name)? {
                *url = given;
            }
        }
        next.change_secrets(&mut fields)?;
        if let Some(given) = fields.seconds("callback_timeout_s", TIMEOUT_S)? {
            next.timeout = given;
        }
        let verify = fields.flag("verify")?.unwrap_or_default();
        fields.end()?;
        Ok((next, verify))
    }

    fn change_secrets(&mut self, fields: &mut Fields) -> Result<(), Rejected> {
        if let Some(token) = fields.optional("callback_token")? {
            let plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !plain || !(1..=LONGEST_TOKEN).contains(&token.len()) {
                let problem = format!("must be 1 to {LONGEST_TOKEN} letters and digits");
                return Err(Rejected::bad("callback_token", problem));
            }
            self.token = token.into();
        }
        if let Some(key) = fields.optional("encoding_aes_key")? {
            self.encoding_aes_key = EncodingAesKey::new(&key)
                .map_err(|error| Rejected::bad("encoding_aes_key", error.to_string()))?;
        }
        if let Some(receiver) = fields.optional_or_null("receiver")? {
            let receiver = receiver.unwrap_or_else(|| self.corpid.clone());
            if receiver.len() > LONGEST_RECEIVER {
                let problem = format!("{} bytes, at most {LONGEST_RECEIVER}", receiver.len());
                return Err(Rejected::bad("receiver", problem));
            }
            self.receiver = receiver;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

    fn delivery() -> Delivery {
        Delivery::new(&Options::default(), "ww-sandbox").unwrap()
    }

    fn put(before: &Delivery, json: &Value) -> Result<(Delivery, bool), Rejected> {
        before.changed(Fields::read(json.to_string().as_bytes())?)
    }

    #[test]
    fn it_begins_as_the_console_of_the_sandbox_shows_it() {
        assert_eq!(delivery().encoding_aes_key.expose_text(), KEY);
        assert_eq!(
            delivery().view(),
            json!({
                "callback_url": null,
                "bot_callback_url": null,
                "callback_token_set": true,
                "encoding_aes_key_set": true,
                "receiver": "ww-sandbox",
                "callback_timeout_s": 5.0,
            })
        );
    }

    #[test]
    fn what_is_given_changes_and_secrets_do_not_show() {
        let given = json!({
            "callback_url": "http://127.0.0.1:8080/wecom?a=1",
            "bot_callback_url": "http://127.0.0.1:8080/bot",
            "callback_token": "OtherToken",
            "encoding_aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
            "receiver": "suite",
            "callback_timeout_s": 0.5,
        });
        let (changed, verify) = put(&delivery(), &given).unwrap();
        assert!(!verify);
        let shown = changed.view();
        assert_eq!(shown["callback_url"], given["callback_url"]);
        assert_eq!(shown["bot_callback_url"], given["bot_callback_url"]);
        assert_eq!(shown["receiver"], "suite");
        assert_eq!(shown["callback_timeout_s"], 0.5);
        let debug = format!("{changed:?} {shown}");
        assert!(!debug.contains("OtherToken") && !debug.contains("jWmY"));

        let back = json!({"callback_url": null, "receiver": null, "verify": true});
        let (changed, verify) = put(&changed, &back).unwrap();
        assert!(verify);
        assert_eq!(changed.view()["callback_url"], Value::Null);
        assert_eq!(changed.view()["receiver"], "ww-sandbox");
        assert!(changed.bot_callback_url.is_some());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (given, field) in [
            (json!({"callback_url": "https://h/"}), "callback_url"),
            (json!({"bot_callback_url": "h"}), "bot_callback_url"),
            (json!({"callback_token": ""}), "callback_token"),
            (json!({"callback_token": "with space"}), "callback_token"),
            (json!({"callback_token": "x".repeat(33)}), "callback_token"),
            (json!({"encoding_aes_key": "short"}), "encoding_aes_key"),
            (json!({"receiver": "x".repeat(65)}), "receiver"),
            (json!({"callback_timeout_s": 0}), "callback_timeout_s"),
            (json!({"callback_timeout_s": 61}), "callback_timeout_s"),
            (json!({"verify": "yes"}), "verify"),
            (json!({"token": "x"}), "token"),
        ] {
            assert_eq!(
                put(&delivery(), &given).unwrap_err().field,
                field,
                "{given}"
            );
        }
        for url in ["callback_url", "bot_callback_url"] {
            let options = Options {
                callback_url: (url == "callback_url").then(|| "ftp://h/".to_owned()),
                bot_callback_url: (url == "bot_callback_url").then(|| "ftp://h/".to_owned()),
            };
            assert_eq!(Delivery::new(&options, "").unwrap_err().field, url);
        }
    }
}
