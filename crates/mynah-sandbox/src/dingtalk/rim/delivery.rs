//! Where all of it goes to: what `/control/dingtalk/delivery` shows and
//! changes.

use std::ops::RangeInclusive;
use std::time::Duration;

use http::Uri;
use mynah_crypto::EncodingAesKey;
use mynah_dingtalk::Secret;
use mynah_dingtalk::inbound::{CallbackSecret, EVENT_PATIENCE, ROBOT_PATIENCE};
use mynah_dingtalk::stream::{Outbox as Events, ServerLimits};
use serde_json::{Value, json};

use super::Options;
use crate::control::fields::{Fields, listener};
use crate::control::{Field, field};
use crate::dingtalk::DingTalkWorld;
use crate::world::Rejected;

/// What the console shows until something else is set.
const TOKEN: &str = "MynahToken123";
const AES_KEY: [u8; 32] = *b"Mynah-sandbox-encoding-aes-key!!";
/// How long a token may be, in bytes
/// (<https://open.dingtalk.com/document/development/register-callback-events>).
const TOKEN_LENGTH: RangeInclusive<usize> = 6..=63;
/// How long an answer may be waited for, in seconds.
const TIMEOUT_S: RangeInclusive<f64> = 0.01..=60.0;
/// When an event is sent again, and a connection asked whether it is alive: up
/// to a day.
const INTERVAL_S: RangeInclusive<f64> = 0.01..=86_400.0;
/// How long something may wait for a connection, in seconds.
const HOLD_S: RangeInclusive<f64> = 0.0..=60.0;
/// No event is sent again more often.
const REPEATS: RangeInclusive<u64> = 0..=100;
/// Long enough for a client that asks whether the connection is alive every
/// second or two, and opens another.
const HOLD: Duration = Duration::from_secs(5);
const REDELIVER_AFTER: Duration = Duration::from_secs(60);
const REDELIVER_MOST: u32 = 3;

/// What can be given to change it.
pub(super) const FIELDS: &[Field] = &[
    field(
        "callback_url",
        "string",
        "The application is told there what happens, as if it had been set up in the console; null for nowhere. What is registered by a call is another address.",
    ),
    field(
        "callback_token",
        "string",
        "Signs what is posted there; 6 to 63 letters and digits.",
    ),
    field(
        "aes_key",
        "string",
        "Encrypts what is posted there; 43 letters and digits.",
    ),
    field(
        "callback_timeout_s",
        "number",
        "How long the answer to an event is waited for; 1.5.",
    ),
    field(
        "robot_callback_url",
        "string",
        "The robot is told there what people say, and not over Stream; null for nowhere.",
    ),
    field(
        "robot_timeout_s",
        "number",
        "How long the answer of the robot is waited for; 3.",
    ),
    field(
        "redeliver_after_s",
        "number",
        "After how long an event that nobody has acknowledged is sent again over Stream; 60.",
    ),
    field(
        "redeliver_most",
        "integer",
        "How often it is sent again at most; 3.",
    ),
    field(
        "ping_interval_s",
        "number",
        "How often a Stream connection is asked whether it is alive, if it opens from now on; 30.",
    ),
    field(
        "hold_s",
        "number",
        "How long what is said to the robot waits for a Stream connection when those there are carry nothing any more; 5.",
    ),
    field(
        "verify",
        "boolean",
        "Posts `check_url` to the address of the application, and reports it as `verification`.",
    ),
];

/// Where all of it goes to.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    /// The application is told there what happens.
    pub(super) callback_url: Option<Uri>,
    /// How long the answer to an event is waited for.
    pub(super) callback_timeout: Duration,
    /// The robot is told there what people say.
    pub(super) robot_callback_url: Option<Uri>,
    /// How long its answer is waited for.
    pub(super) robot_timeout: Duration,
    /// After how long an event is sent again over Stream.
    pub(super) redeliver_after: Duration,
    /// How often at most.
    pub(super) redeliver_most: u32,
    /// How often a connection is asked whether it is alive.
    pub(super) ping_interval: Duration,
    /// How long something waits for a connection that is alive.
    pub(super) hold: Duration,
    token: Secret,
    aes_key: EncodingAesKey,
    app_key: String,
    app_secret: Secret,
}

impl Delivery {
    /// As the options say.
    pub(super) fn new(options: &Options, world: &DingTalkWorld) -> Result<Self, Rejected> {
        let robot_callback_url = options.robot_callback_url.as_deref();
        Ok(Self {
            callback_url: listener("callback_url", options.callback_url.as_deref())?,
            callback_timeout: EVENT_PATIENCE,
            robot_callback_url: listener("robot_callback_url", robot_callback_url)?,
            robot_timeout: ROBOT_PATIENCE,
            redeliver_after: REDELIVER_AFTER,
            redeliver_most: REDELIVER_MOST,
            ping_interval: ServerLimits::default().ping_interval,
            hold: HOLD,
            token: TOKEN.into(),
            aes_key: EncodingAesKey::from_bytes(AES_KEY),
            app_key: world.app_key().to_owned(),
            app_secret: world.app_secret().clone(),
        })
    }

    /// What the application knows that was set up in the console.
    pub(super) fn console_secret(&self) -> CallbackSecret {
        CallbackSecret::events(self.token.clone(), &self.aes_key, [self.app_key.as_str()])
    }

    /// What the robot knows.
    pub(super) fn robot_secret(&self) -> CallbackSecret {
        CallbackSecret::robot(self.app_secret.clone())
    }

    /// For the events that nobody has taken yet.
    pub(super) fn events(&self) -> Events {
        Events::new(self.redeliver_after, self.redeliver_most)
    }

    /// How connections are treated that open from now on.
    pub(super) fn limits(&self) -> ServerLimits {
        ServerLimits {
            ping_interval: self.ping_interval,
            ..ServerLimits::default()
        }
    }

    /// As it is shown: without secrets.
    pub(super) fn view(&self) -> Value {
        json!({
            "callback_url": self.callback_url.as_ref().map(Uri::to_string),
            "callback_token_set": !self.token.expose().is_empty(),
            "aes_key_set": true,
            "callback_timeout_s": self.callback_timeout.as_secs_f64(),
            "robot_callback_url": self.robot_callback_url.as_ref().map(Uri::to_string),
            "robot_timeout_s": self.robot_timeout.as_secs_f64(),
            "redeliver_after_s": self.redeliver_after.as_secs_f64(),
            "redeliver_most": self.redeliver_most,
            "ping_interval_s": self.ping_interval.as_secs_f64(),
            "hold_s": self.hold.as_secs_f64(),
        })
    }

    /// With what is given changed and nothing else, and whether the address of
    /// the application is to be checked.
    pub(super) fn changed(&self, mut fields: Fields) -> Result<(Self, bool), Rejected> {
        let mut next = self.clone();
        for (name, url) in [
            ("callback_url", &mut next.callback_url),
            ("robot_callback_url", &mut next.robot_callback_url),
        ] {
            if let Some(given) = fields.listener(name)? {
                *url = given;
            }
        }
        for (name, time, range) in [
            ("callback_timeout_s", &mut next.callback_timeout, TIMEOUT_S),
            ("robot_timeout_s", &mut next.robot_timeout, TIMEOUT_S),
            ("redeliver_after_s", &mut next.redeliver_after, INTERVAL_S),
            ("ping_interval_s", &mut next.ping_interval, INTERVAL_S),
            ("hold_s", &mut next.hold, HOLD_S),
        ] {
            if let Some(given) = fields.seconds(name, range)? {
                *time = given;
            }
        }
        if let Some(most) = fields.within("redeliver_most", REPEATS)? {
            next.redeliver_most = u32::try_from(most).unwrap_or(u32::MAX);
        }
        next.change_secrets(&mut fields)?;
        let verify = fields.flag("verify")?.unwrap_or_default();
        fields.end()?;
        Ok((next, verify))
    }

    fn change_secrets(&mut self, fields: &mut Fields) -> Result<(), Rejected> {
        if let Some(token) = fields.optional("callback_token")? {
            let plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !plain || !TOKEN_LENGTH.contains(&token.len()) {
                let (least, most) = TOKEN_LENGTH.into_inner();
                let problem = format!("must be {least} to {most} letters and digits");
                return Err(Rejected::bad("callback_token", problem));
            }
            self.token = token.into();
        }
        if let Some(key) = fields.optional("aes_key")? {
            self.aes_key = EncodingAesKey::new(&key)
                .map_err(|error| Rejected::bad("aes_key", error.to_string()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dingtalk::Seed;

    const KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

    fn open(options: &Options) -> Result<Delivery, Rejected> {
        Delivery::new(options, &DingTalkWorld::new(&Seed::default()))
    }

    fn put(before: &Delivery, json: &Value) -> Result<(Delivery, bool), Rejected> {
        before.changed(Fields::read(json.to_string().as_bytes())?)
    }

    #[test]
    fn it_begins_as_the_platform_is_documented() {
        let delivery = open(&Options::default()).unwrap();
        assert_eq!(delivery.aes_key.expose_text(), KEY);
        assert_eq!(
            delivery.view(),
            json!({
                "callback_url": null,
                "callback_token_set": true,
                "aes_key_set": true,
                "callback_timeout_s": 1.5,
                "robot_callback_url": null,
                "robot_timeout_s": 3.0,
                "redeliver_after_s": 60.0,
                "redeliver_most": 3,
                "ping_interval_s": 30.0,
                "hold_s": 5.0,
            })
        );
    }

    #[test]
    fn what_is_given_changes_and_secrets_do_not_show() {
        let delivery = open(&Options::default()).unwrap();
        let given = json!({
            "callback_url": "http://127.0.0.1:8080/dingtalk?a=1",
            "callback_token": "OtherToken",
            "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
            "callback_timeout_s": 0.5,
            "robot_callback_url": "http://127.0.0.1:8080/robot",
            "robot_timeout_s": 1.0,
            "redeliver_after_s": 2.0,
            "redeliver_most": 0,
            "ping_interval_s": 1.0,
            "hold_s": 0.0,
        });
        let (changed, verify) = put(&delivery, &given).unwrap();
        assert!(!verify);
        let shown = changed.view();
        for (name, value) in given.as_object().unwrap() {
            if let Some(shown) = shown.get(name) {
                assert_eq!(shown, value, "{name}");
            }
        }
        let debug = format!("{changed:?} {shown}");
        assert!(!debug.contains("OtherToken") && !debug.contains("jWmY"));
        let back = json!({"callback_url": null, "verify": true});
        let (changed, verify) = put(&changed, &back).unwrap();
        assert!(verify && changed.callback_url.is_none());
        assert!(changed.robot_callback_url.is_some());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let delivery = open(&Options::default()).unwrap();
        for (given, field) in [
            (json!({"callback_url": "https://h/"}), "callback_url"),
            (json!({"robot_callback_url": "h"}), "robot_callback_url"),
            (json!({"callback_token": "short"}), "callback_token"),
            (json!({"callback_token": "with space"}), "callback_token"),
            (json!({"callback_token": "x".repeat(64)}), "callback_token"),
            (json!({"aes_key": "short"}), "aes_key"),
            (json!({"callback_timeout_s": 0}), "callback_timeout_s"),
            (json!({"robot_timeout_s": 61}), "robot_timeout_s"),
            (json!({"redeliver_after_s": 86_401}), "redeliver_after_s"),
            (json!({"redeliver_most": 101}), "redeliver_most"),
            (json!({"ping_interval_s": 0}), "ping_interval_s"),
            (json!({"hold_s": -1}), "hold_s"),
            (json!({"verify": "yes"}), "verify"),
            (json!({"token": "x"}), "token"),
        ] {
            let rejected = put(&delivery, &given).unwrap_err();
            assert_eq!(rejected.field, field, "{given}");
        }
        for url in ["callback_url", "robot_callback_url"] {
            let options = Options {
                callback_url: (url == "callback_url").then(|| "ftp://h/".to_owned()),
                robot_callback_url: (url == "robot_callback_url").then(|| "ftp://h/".to_owned()),
            };
            assert_eq!(open(&options).unwrap_err().field, url);
        }
    }
}
