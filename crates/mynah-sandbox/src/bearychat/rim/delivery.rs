//! Where posts go to and how sockets are treated: what
//! `/control/bearychat/delivery` shows and changes.

use std::ops::RangeInclusive;
use std::time::Duration;

use http::Uri;
use serde_json::{Value, json};

use super::Options;
use crate::bearychat::Settings;
use crate::control::fields::{Fields, listener};
use crate::control::{Field, field};
use crate::world::Rejected;

/// How long an answer may be waited for, in seconds.
const TIMEOUT_S: RangeInclusive<f64> = 0.01..=60.0;
/// How long a socket may be silent, in seconds: up to a day.
const IDLE_S: RangeInclusive<f64> = 0.05..=86_400.0;
/// How many calls an hour may be allowed.
const CALLS: RangeInclusive<u64> = 1..=1_000_000_000;
/// The platform says nothing of it.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The platform says nothing of it but that there is an end; the clients it
/// has itself ask every two to ten seconds whether anybody is there.
const IDLE: Duration = Duration::from_secs(30);

/// What can be given to change it.
pub(super) const FIELDS: &[Field] = &[
    field(
        "outgoing_url",
        "string",
        "What begins with the trigger word of a robot is posted there (outgoing hook); null for nowhere.",
    ),
    field(
        "hubot_url",
        "string",
        "What mentions the bot is posted there (the bot over HTTP); null for nowhere. Its sockets hear of it as well.",
    ),
    field(
        "timeout_s",
        "number",
        "How long the answer to a post is waited for; 5. There is one attempt.",
    ),
    field(
        "idle_s",
        "number",
        "How long a socket may be silent before it is closed, if it opens from now on, by the virtual time; 30.",
    ),
    field(
        "calls_per_hour",
        "integer",
        "How many calls of the OpenAPI one token may make in a clock hour; 1000.",
    ),
    field(
        "anonymous_calls_per_hour",
        "integer",
        "The same for each address that calls without a valid token; 60.",
    ),
];

/// Where posts go to and how sockets are treated.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    /// What begins with a trigger word is posted there.
    pub(super) outgoing_url: Option<Uri>,
    /// What mentions the bot is posted there.
    pub(super) hubot_url: Option<Uri>,
    /// How long the answer to a post is waited for.
    pub(super) timeout: Duration,
    /// How long a socket may be silent.
    pub(super) idle: Duration,
    /// How many calls a token may make in an hour.
    pub(super) calls_per_hour: u32,
    /// How many an address may make without one.
    pub(super) anonymous_calls_per_hour: u32,
}

impl Delivery {
    /// As the options say, and what is known of the world.
    pub(super) fn new(options: &Options, settings: &Settings) -> Result<Self, Rejected> {
        Ok(Self {
            outgoing_url: listener("outgoing_url", options.outgoing_url.as_deref())?,
            hubot_url: listener("hubot_url", options.hubot_url.as_deref())?,
            timeout: TIMEOUT,
            idle: IDLE,
            calls_per_hour: settings.calls_per_hour,
            anonymous_calls_per_hour: settings.anonymous_calls_per_hour,
        })
    }

    /// As it is shown; there are no secrets in it.
    pub(super) fn view(&self) -> Value {
        json!({
            "outgoing_url": self.outgoing_url.as_ref().map(Uri::to_string),
            "hubot_url": self.hubot_url.as_ref().map(Uri::to_string),
            "timeout_s": self.timeout.as_secs_f64(),
            "idle_s": self.idle.as_secs_f64(),
            "calls_per_hour": self.calls_per_hour,
            "anonymous_calls_per_hour": self.anonymous_calls_per_hour,
        })
    }

    /// With what is given changed and nothing else.
    pub(super) fn changed(&self, mut fields: Fields) -> Result<Self, Rejected> {
        let mut next = self.clone();
        for (name, url) in [
            ("outgoing_url", &mut next.outgoing_url),
            ("hubot_url", &mut next.hubot_url),
        ] {
            if let Some(given) = fields.listener(name)? {
                *url = given;
            }
        }
        for (name, time, range) in [
            ("timeout_s", &mut next.timeout, TIMEOUT_S),
            ("idle_s", &mut next.idle, IDLE_S),
        ] {
            if let Some(given) = fields.seconds(name, range)? {
                *time = given;
            }
        }
        for (name, limit) in [
            ("calls_per_hour", &mut next.calls_per_hour),
            (
                "anonymous_calls_per_hour",
                &mut next.anonymous_calls_per_hour,
            ),
        ] {
            if let Some(calls) = fields.within(name, CALLS)? {
                *limit = u32::try_from(calls).unwrap_or(u32::MAX);
            }
        }
        fields.end()?;
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(options: &Options) -> Result<Delivery, Rejected> {
        Delivery::new(options, &Settings::default())
    }

    fn put(before: &Delivery, json: &Value) -> Result<Delivery, Rejected> {
        before.changed(Fields::read(json.to_string().as_bytes())?)
    }

    #[test]
    fn it_begins_as_the_platform_is_documented() {
        let delivery = open(&Options::default()).unwrap();
        assert_eq!(
            delivery.view(),
            json!({
                "outgoing_url": null,
                "hubot_url": null,
                "timeout_s": 5.0,
                "idle_s": 30.0,
                "calls_per_hour": 1000,
                "anonymous_calls_per_hour": 60,
            })
        );
    }

    #[test]
    fn what_is_given_changes_and_nothing_else() {
        let before = open(&Options::default()).unwrap();
        let given = json!({
            "outgoing_url": "http://127.0.0.1:8080/o?a=1",
            "hubot_url": "http://127.0.0.1:8080/bearychat",
            "timeout_s": 0.5,
            "idle_s": 2.0,
            "calls_per_hour": 5,
            "anonymous_calls_per_hour": 1,
        });
        let changed = put(&before, &given).unwrap();
        assert_eq!(changed.view(), given);
        assert_eq!(put(&changed, &json!({})).unwrap().view(), given);
        let back = put(&changed, &json!({"hubot_url": null})).unwrap();
        assert!(back.hubot_url.is_none() && back.outgoing_url.is_some());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let delivery = open(&Options::default()).unwrap();
        for (given, field) in [
            (json!({"outgoing_url": "https://h/"}), "outgoing_url"),
            (json!({"hubot_url": "h"}), "hubot_url"),
            (json!({"hubot_url": 7}), "hubot_url"),
            (json!({"timeout_s": 0}), "timeout_s"),
            (json!({"timeout_s": 61}), "timeout_s"),
            (json!({"idle_s": -1}), "idle_s"),
            (json!({"idle_s": 86_401}), "idle_s"),
            (json!({"calls_per_hour": 0}), "calls_per_hour"),
            (json!({"calls_per_hour": 1.5}), "calls_per_hour"),
            (
                json!({"anonymous_calls_per_hour": 1_000_000_001}),
                "anonymous_calls_per_hour",
            ),
            (json!({"token": "x"}), "token"),
        ] {
            let rejected = put(&delivery, &given).unwrap_err();
            assert_eq!(rejected.field, field, "{given}");
        }
        for url in ["outgoing_url", "hubot_url"] {
            let options = Options {
                outgoing_url: (url == "outgoing_url").then(|| "ftp://h/".to_owned()),
                hubot_url: (url == "hubot_url").then(|| "ftp://h/".to_owned()),
            };
            assert_eq!(open(&options).unwrap_err().field, url);
        }
    }
}
