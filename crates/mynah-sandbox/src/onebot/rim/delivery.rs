//! Where events are delivered to, and how the account behaves towards its
//! frameworks: what `/control/onebot/delivery` shows and changes.

use std::time::Duration;

use http::Uri;
use mynah_onebot::AccessToken;
use mynah_onebot::socket::Role;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Options;
use crate::control::fields::{Fields, address, duration, number};
use crate::control::{Field, field};
use crate::onebot::{MessageFormat, Settings};
use crate::world::Rejected;

/// So many reverse WebSockets can be kept up at once.
const MOST_REVERSE: usize = 32;
/// No heartbeat and no time limit is longer: one day.
const LONGEST_S: f64 = 86_400.0;
/// Heartbeats do not come more often.
const SHORTEST_HEARTBEAT_S: f64 = 0.01;
/// How long a framework may take to answer a post, unless told otherwise.
const POST_TIMEOUT: Duration = Duration::from_secs(30);

/// What can be given to change it.
pub(super) const FIELDS: &[Field] = &[
    field(
        "post_url",
        "string",
        "Events are posted there; null for nowhere.",
    ),
    field(
        "post_secret",
        "string",
        "Signs the posts; empty for no signature.",
    ),
    field(
        "post_timeout_s",
        "number",
        "How long an answer is waited for; 30.",
    ),
    field("reverse_ws_urls", "array", "WebSockets are opened there."),
    field(
        "reverse_ws_role",
        "string",
        "universal, or separate for API and Event.",
    ),
    field("reverse_scheme", "string", "Bearer or Token."),
    field(
        "heartbeat_s",
        "number",
        "Between two heartbeats; null for none.",
    ),
    field("message_format", "string", "array or string."),
    field(
        "access_token",
        "string",
        "Asked of callers and sent to frameworks; empty for none.",
    ),
    field(
        "report_self_message",
        "boolean",
        "Whether the bot's own messages are events.",
    ),
    field("legacy", "boolean", "Whether discussion groups exist."),
];

/// Where events are delivered to, besides the forward WebSockets.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// Events are posted there.
    pub(crate) post_url: Option<Uri>,
    /// Signs the posts.
    pub(crate) post_secret: SecretString,
    /// How long an answer to a post is waited for.
    pub(crate) post_timeout: Duration,
    /// WebSockets are opened there.
    pub(crate) reverse: Reverse,
    /// Between two heartbeats; `None` for none.
    pub(crate) heartbeat: Option<Duration>,
}

/// The WebSockets that we open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reverse {
    /// Where to.
    pub(crate) urls: Vec<Uri>,
    /// One connection for calls and events, or one for each.
    pub(crate) separate: bool,
    /// How the token is sent.
    pub(crate) scheme: Scheme,
}

/// The word before the token in `Authorization`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// As the standard says.
    #[default]
    Bearer,
    /// As CQHTTP and go-cqhttp do it.
    Token,
}

impl Scheme {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Token => "Token",
        }
    }
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            post_url: None,
            post_secret: SecretString::default(),
            post_timeout: POST_TIMEOUT,
            reverse: Reverse::default(),
            heartbeat: None,
        }
    }
}

impl Delivery {
    /// As the options say.
    pub(super) fn new(options: &Options) -> Result<Self, Rejected> {
        let mut delivery = Self::default();
        if let Some(url) = &options.post_url {
            delivery.post_url = Some(post_url(url)?);
        }
        for url in &options.reverse_ws_urls {
            delivery.reverse.urls.push(reverse_url(url)?);
        }
        if let Some(interval) = options.heartbeat {
            delivery.heartbeat = Some(heartbeat(interval.as_secs_f64())?);
        }
        Ok(delivery)
    }
}

impl Reverse {
    /// The roles of the connections to one address.
    pub(crate) fn roles(&self) -> &'static [Role] {
        if self.separate {
            &[Role::Api, Role::Event]
        } else {
            &[Role::Universal]
        }
    }
}

/// The address of something that listens for posts.
pub(crate) fn post_url(text: &str) -> Result<Uri, Rejected> {
    address("post_url", text, "http", "https")
}

/// The address of something that listens for reverse WebSockets.
pub(crate) fn reverse_url(text: &str) -> Result<Uri, Rejected> {
    address("reverse_ws_urls", text, "ws", "wss")
}

/// Time in seconds, within limits.
pub(crate) fn heartbeat(seconds: f64) -> Result<Duration, Rejected> {
    duration("heartbeat_s", seconds, SHORTEST_HEARTBEAT_S..=LONGEST_S)
}

/// As it is shown: without secrets.
pub(crate) fn view(delivery: &Delivery, settings: &Settings) -> Value {
    let urls: Vec<String> = delivery.reverse.urls.iter().map(Uri::to_string).collect();
    json!({
        "post_url": delivery.post_url.as_ref().map(Uri::to_string),
        "post_secret_set": !delivery.post_secret.expose_secret().is_empty(),
        "post_timeout_s": delivery.post_timeout.as_secs_f64(),
        "reverse_ws_urls": urls,
        "reverse_ws_role": if delivery.reverse.separate { "separate" } else { "universal" },
        "reverse_scheme": delivery.reverse.scheme.as_str(),
        "heartbeat_s": delivery.heartbeat.map(|interval| interval.as_secs_f64()),
        "message_format": settings.message_format,
        "access_token_set": settings.access_token.header().is_some(),
        "report_self_message": settings.report_self_message,
        "legacy": settings.legacy,
    })
}

/// Changes what is given and nothing else; or nothing at all, if anything
/// given is wrong.
pub(crate) fn change(
    delivery: &mut Delivery,
    settings: &mut Settings,
    mut fields: Fields,
) -> Result<(), Rejected> {
    let mut next = delivery.clone();
    let mut behaviour = settings.clone();
    change_post(&mut next, &mut fields)?;
    change_reverse(&mut next.reverse, &mut fields)?;
    if let Some(seconds) = fields.take("heartbeat_s") {
        next.heartbeat = match seconds {
            Value::Null => None,
            seconds => Some(heartbeat(number("heartbeat_s", &seconds)?)?),
        };
    }
    change_behaviour(&mut behaviour, &mut fields)?;
    fields.end()?;
    *delivery = next;
    *settings = behaviour;
    Ok(())
}

fn change_post(delivery: &mut Delivery, fields: &mut Fields) -> Result<(), Rejected> {
    if let Some(url) = fields.optional_or_null("post_url")? {
        delivery.post_url = url.as_deref().map(post_url).transpose()?;
    }
    if let Some(secret) = fields.optional_or_null("post_secret")? {
        delivery.post_secret = secret.unwrap_or_default().into();
    }
    if let Some(timeout) = fields.seconds("post_timeout_s", 0.001..=LONGEST_S)? {
        delivery.post_timeout = timeout;
    }
    Ok(())
}

fn change_reverse(reverse: &mut Reverse, fields: &mut Fields) -> Result<(), Rejected> {
    if let Some(urls) = fields.texts("reverse_ws_urls")? {
        if urls.len() > MOST_REVERSE {
            let problem = format!("at most {MOST_REVERSE}, not {}", urls.len());
            return Err(Rejected::bad("reverse_ws_urls", problem));
        }
        reverse.urls = urls
            .iter()
            .map(|url| reverse_url(url))
            .collect::<Result<_, _>>()?;
    }
    let roles = [("universal", false), ("separate", true)];
    if let Some(separate) = fields.choice("reverse_ws_role", &roles)? {
        reverse.separate = separate;
    }
    let schemes = [("Bearer", Scheme::Bearer), ("Token", Scheme::Token)];
    if let Some(scheme) = fields.choice("reverse_scheme", &schemes)? {
        reverse.scheme = scheme;
    }
    Ok(())
}

fn change_behaviour(settings: &mut Settings, fields: &mut Fields) -> Result<(), Rejected> {
    let formats = [
        ("array", MessageFormat::Array),
        ("string", MessageFormat::String),
    ];
    if let Some(format) = fields.choice("message_format", &formats)? {
        settings.message_format = format;
    }
    if let Some(token) = fields.optional_or_null("access_token")? {
        settings.access_token = AccessToken::new(token.unwrap_or_default())
            .map_err(|error| Rejected::bad("access_token", error.to_string()))?;
    }
    if let Some(report) = fields.flag("report_self_message")? {
        settings.report_self_message = report;
    }
    if let Some(legacy) = fields.flag("legacy")? {
        settings.legacy = legacy;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(json: &Value) -> Result<(Delivery, Settings), Rejected> {
        let mut delivery = Delivery::default();
        let mut settings = Settings::default();
        let fields = Fields::read(json.to_string().as_bytes())?;
        change(&mut delivery, &mut settings, fields)?;
        Ok((delivery, settings))
    }

    #[test]
    fn what_is_given_changes_and_secrets_do_not_show() {
        let (delivery, settings) = put(&json!({
            "post_url": "http://127.0.0.1:8080/",
            "post_secret": "sandbox-secret",
            "post_timeout_s": 2.5,
            "reverse_ws_urls": ["ws://127.0.0.1:8080/ws"],
            "reverse_ws_role": "separate",
            "reverse_scheme": "Token",
            "heartbeat_s": 15,
            "message_format": "array",
            "access_token": "sandbox-token",
            "report_self_message": true,
            "legacy": true,
        }))
        .unwrap();
        let shown = view(&delivery, &settings);
        assert_eq!(
            shown,
            json!({
                "post_url": "http://127.0.0.1:8080/",
                "post_secret_set": true,
                "post_timeout_s": 2.5,
                "reverse_ws_urls": ["ws://127.0.0.1:8080/ws"],
                "reverse_ws_role": "separate",
                "reverse_scheme": "Token",
                "heartbeat_s": 15.0,
                "message_format": "array",
                "access_token_set": true,
                "report_self_message": true,
                "legacy": true,
            })
        );
        assert!(!format!("{delivery:?} {settings:?}").contains("sandbox-"));
    }

    #[test]
    fn what_is_not_given_stays_and_null_takes_away() {
        let mut delivery = Delivery {
            post_url: Some(post_url("http://h/").unwrap()),
            heartbeat: Some(Duration::from_secs(5)),
            ..Delivery::default()
        };
        let mut settings = Settings::default();
        let mut put = |json: &str| {
            let fields = Fields::read(json.as_bytes()).unwrap();
            change(&mut delivery, &mut settings, fields).unwrap();
            (delivery.post_url.is_some(), delivery.heartbeat.is_some())
        };
        assert_eq!(put("{}"), (true, true));
        assert_eq!(put(r#"{"heartbeat_s": null}"#), (true, false));
        assert_eq!(put(r#"{"post_url": null}"#), (false, false));
    }

    #[test]
    fn one_wrong_field_and_nothing_changes() {
        for (json, field) in [
            (json!({"post_url": "ftp://h/"}), "post_url"),
            (json!({"post_url": "https://h/"}), "post_url"),
            (json!({"post_url": "http://me:pw@h/"}), "post_url"),
            (json!({"post_url": 5}), "post_url"),
            (json!({"post_timeout_s": 0}), "post_timeout_s"),
            (json!({"reverse_ws_urls": "ws://h/"}), "reverse_ws_urls"),
            (json!({"reverse_ws_urls": ["http://h/"]}), "reverse_ws_urls"),
            (json!({"reverse_ws_role": "api"}), "reverse_ws_role"),
            (json!({"reverse_scheme": "Basic"}), "reverse_scheme"),
            (json!({"heartbeat_s": 0}), "heartbeat_s"),
            (json!({"heartbeat_s": "often"}), "heartbeat_s"),
            (json!({"heartbeat_s": 1e9}), "heartbeat_s"),
            (json!({"message_format": "xml"}), "message_format"),
            (json!({"access_token": "a\nb"}), "access_token"),
            (json!({"legacy": "maybe"}), "legacy"),
            (json!({"post_ulr": "http://h/"}), "post_ulr"),
        ] {
            assert_eq!(put(&json).unwrap_err().field, field, "{json}");
        }
        let mut delivery = Delivery::default();
        let mut settings = Settings::default();
        let json = br#"{"post_url": "http://h/", "legacy": 7}"#;
        change(&mut delivery, &mut settings, Fields::read(json).unwrap()).unwrap_err();
        assert!(delivery.post_url.is_none());
    }
}
