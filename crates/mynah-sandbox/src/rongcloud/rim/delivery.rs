//! Where callbacks go to: what `/control/rongcloud/delivery` shows and changes.

use std::ops::RangeInclusive;
use std::time::Duration;

use http::Uri;
use mynah_rongcloud::inbound::{ATTEMPTS, CHECK_PATIENCE, PATIENCE, PAUSE, SignatureNames};
use serde_json::{Map, Value, json};

use super::Options;
use super::address::Address;
use crate::control::fields::{Fields, listener};
use crate::control::{Field, field};
use crate::rongcloud::Settings;
use crate::world::Rejected;

/// How long an answer may be waited for, in seconds.
const TIMEOUT_S: RangeInclusive<f64> = 0.01..=60.0;
/// How long an address may rest, in seconds.
const PAUSE_S: RangeInclusive<f64> = 0.0..=86_400.0;
/// How often something may be posted.
const TIMES: RangeInclusive<u64> = 1..=100;
/// How often in a row an address is late before it rests. The platform does it
/// "on mass time-outs" and gives no number.
const PAUSE_AFTER: u32 = 20;

/// The generations of the names under which signatures stand in the query.
const NAMES: [(&str, SignatureNames); 3] = [
    ("current", SignatureNames::Current),
    ("2020", SignatureNames::Of2020),
    ("2014", SignatureNames::Of2014),
];

/// What can be given to change it.
pub(super) const FIELDS: &[Field] = &[
    field(
        "route_url",
        "string",
        "What is said is posted there (full message route); null for nowhere.",
    ),
    field(
        "status_url",
        "string",
        "Who comes online and who goes; null for nowhere.",
    ),
    field(
        "chatroom_url",
        "string",
        "What happens in chatrooms; null for nowhere.",
    ),
    field(
        "check_url",
        "string",
        "Is asked before what people say is delivered; null for nobody.",
    ),
    field(
        "operation_url",
        "string",
        "What is recalled; null for nowhere.",
    ),
    field("audit_url", "string", "What was audited; null for nowhere."),
    field(
        "timeout_s",
        "number",
        "How long the answer to a callback is waited for; 5.",
    ),
    field(
        "check_timeout_s",
        "number",
        "How long a verdict is waited for; 3. Without one, the message is delivered.",
    ),
    field(
        "attempts",
        "integer",
        "How often a callback is posted at most; 3. A verdict is asked for once.",
    ),
    field(
        "pause_after",
        "integer",
        "After how many posts in a row without an answer in time nothing is posted there for a while; 20, and 0 for never.",
    ),
    field("pause_s", "number", "How long that while is; 60."),
    field(
        "signature_names",
        "string",
        "The names under which signatures stand in the query: current, 2020 or 2014.",
    ),
    field(
        "route_server_messages",
        "boolean",
        "Whether what is sent by the server API is routed as well; true.",
    ),
    field(
        "sms_image_check",
        "boolean",
        "Whether codes are sent by SMS only to who reads a picture; false.",
    ),
];

/// Where callbacks go to.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    urls: [Option<Uri>; Address::ALL.len()],
    /// How long the answer to a callback is waited for.
    pub(super) timeout: Duration,
    /// How long a verdict is waited for.
    pub(super) check_timeout: Duration,
    /// How often a callback is posted at most.
    pub(super) attempts: u32,
    /// How often in a row an address is late before it rests; 0 for never.
    pub(super) pause_after: u32,
    /// How long it rests.
    pub(super) pause: Duration,
    /// Under which names signatures stand in the query.
    pub(super) names: SignatureNames,
    /// Whether what is sent by the server API is routed as well.
    pub(super) route_server_messages: bool,
    /// Whether codes are sent by SMS only to who reads a picture.
    pub(super) sms_image_check: bool,
}

impl Delivery {
    /// As the options say, and what is known of the world.
    pub(super) fn new(options: &Options, settings: &Settings) -> Result<Self, Rejected> {
        let everything = listener("callback_url", options.callback_url.as_deref())?;
        let mut urls = Address::ALL.map(|_| everything.clone());
        if let Some(route) = listener("route_url", options.route_url.as_deref())? {
            urls[Address::Route as usize] = Some(route);
        }
        Ok(Self {
            urls,
            timeout: PATIENCE,
            check_timeout: CHECK_PATIENCE,
            attempts: ATTEMPTS,
            pause_after: PAUSE_AFTER,
            pause: PAUSE,
            names: SignatureNames::Current,
            route_server_messages: settings.route_server_messages,
            sms_image_check: settings.sms_image_check,
        })
    }

    /// Where it is; nowhere if it is not set.
    pub(super) const fn url(&self, address: Address) -> Option<&Uri> {
        // There are as many as addresses.
        self.urls[address as usize].as_ref()
    }

    /// As it is shown; there are no secrets in it.
    pub(super) fn view(&self) -> Value {
        let known = NAMES.iter().find(|(_, names)| *names == self.names);
        let mut view = json!({
            "timeout_s": self.timeout.as_secs_f64(),
            "check_timeout_s": self.check_timeout.as_secs_f64(),
            "attempts": self.attempts,
            "pause_after": self.pause_after,
            "pause_s": self.pause.as_secs_f64(),
            "signature_names": known.map(|(word, _)| word),
            "route_server_messages": self.route_server_messages,
            "sms_image_check": self.sms_image_check,
        });
        let urls = Address::ALL.map(|address| {
            let url = self.url(address).map(Uri::to_string);
            (address.name().to_owned(), json!(url))
        });
        if let Value::Object(fields) = &mut view {
            fields.extend(Map::from_iter(urls));
        }
        view
    }

    /// With what is given changed and nothing else.
    pub(super) fn changed(&self, mut fields: Fields) -> Result<Self, Rejected> {
        let mut next = self.clone();
        for (kind, url) in Address::ALL.into_iter().zip(&mut next.urls) {
            if let Some(given) = fields.listener(kind.name())? {
                *url = given;
            }
        }
        for (name, time, range) in [
            ("timeout_s", &mut next.timeout, TIMEOUT_S),
            ("check_timeout_s", &mut next.check_timeout, TIMEOUT_S),
            ("pause_s", &mut next.pause, PAUSE_S),
        ] {
            if let Some(given) = fields.seconds(name, range)? {
                *time = given;
            }
        }
        for (name, count, least) in [
            ("attempts", &mut next.attempts, *TIMES.start()),
            ("pause_after", &mut next.pause_after, 0),
        ] {
            if let Some(given) = fields.within(name, least..=*TIMES.end())? {
                *count = u32::try_from(given).unwrap_or(u32::MAX);
            }
        }
        if let Some(names) = fields.choice("signature_names", &NAMES)? {
            next.names = names;
        }
        for (name, flag) in [
            ("route_server_messages", &mut next.route_server_messages),
            ("sms_image_check", &mut next.sms_image_check),
        ] {
            if let Some(given) = fields.flag(name)? {
                *flag = given;
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
                "route_url": null,
                "status_url": null,
                "chatroom_url": null,
                "check_url": null,
                "operation_url": null,
                "audit_url": null,
                "timeout_s": 5.0,
                "check_timeout_s": 3.0,
                "attempts": 3,
                "pause_after": 20,
                "pause_s": 60.0,
                "signature_names": "current",
                "route_server_messages": true,
                "sms_image_check": false,
            })
        );
    }

    #[test]
    fn one_address_may_get_everything_and_what_is_said_go_elsewhere() {
        let options = Options {
            callback_url: Some("http://h/all".to_owned()),
            route_url: Some("http://h/route".to_owned()),
        };
        let delivery = open(&options).unwrap();
        for address in Address::ALL {
            let expected = match address {
                Address::Route => "http://h/route",
                _ => "http://h/all",
            };
            let url = delivery.url(address).map(Uri::to_string);
            assert_eq!(url.as_deref(), Some(expected), "{address:?}");
        }
    }

    #[test]
    fn what_is_given_changes_and_nothing_else() {
        let before = open(&Options::default()).unwrap();
        let given = json!({
            "route_url": "http://127.0.0.1:8080/r?a=1",
            "status_url": "http://127.0.0.1:8080/s",
            "chatroom_url": "http://127.0.0.1:8080/c",
            "check_url": "http://127.0.0.1:8080/k",
            "operation_url": "http://127.0.0.1:8080/o",
            "audit_url": "http://127.0.0.1:8080/a",
            "timeout_s": 0.5,
            "check_timeout_s": 0.25,
            "attempts": 1,
            "pause_after": 0,
            "pause_s": 5.0,
            "signature_names": "2014",
            "route_server_messages": false,
            "sms_image_check": true,
        });
        let changed = put(&before, &given).unwrap();
        assert_eq!(changed.view(), given);
        assert_eq!(put(&changed, &json!({})).unwrap().view(), given);
        let back = put(&changed, &json!({"check_url": null})).unwrap();
        assert!(back.url(Address::Check).is_none() && back.url(Address::Audit).is_some());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let delivery = open(&Options::default()).unwrap();
        for (given, field) in [
            (json!({"route_url": "https://h/"}), "route_url"),
            (json!({"status_url": "h"}), "status_url"),
            (json!({"check_url": 7}), "check_url"),
            (json!({"timeout_s": 0}), "timeout_s"),
            (json!({"check_timeout_s": 61}), "check_timeout_s"),
            (json!({"attempts": 0}), "attempts"),
            (json!({"attempts": 101}), "attempts"),
            (json!({"pause_after": 101}), "pause_after"),
            (json!({"pause_s": -1}), "pause_s"),
            (json!({"signature_names": "2021"}), "signature_names"),
            (json!({"route_server_messages": 1}), "route_server_messages"),
            (json!({"sms_image_check": "yes"}), "sms_image_check"),
            (json!({"callback_url": "http://h/"}), "callback_url"),
        ] {
            let rejected = put(&delivery, &given).unwrap_err();
            assert_eq!(rejected.field, field, "{given}");
        }
        for url in ["callback_url", "route_url"] {
            let options = Options {
                callback_url: (url == "callback_url").then(|| "ftp://h/".to_owned()),
                route_url: (url == "route_url").then(|| "ftp://h/".to_owned()),
            };
            assert_eq!(open(&options).unwrap_err().field, url);
        }
    }
}
