//! A line to try for each endpoint, with what there is in the sandbox.

use mynah_bot::Platform;
use mynah_bot::bearychat::Service;
use mynah_core::Operation;

use super::uploads;
use crate::account::{Door, is_robot_of_dingtalk};

/// Whole lines, where the parameters that are needed do not make one.
const LINES: &[(&str, &[(&str, &str)])] = &[];

/// What the parameters of these names can be.
const VALUES: &[(Platform, &[(&str, &str)])] = &[];

/// The line of an endpoint; nothing if it takes what an earlier call has answered.
pub(super) fn line(platform: Platform, operation: &Operation) -> Option<Vec<(String, String)>> {
    let pairs = pairs(platform, operation);
    pairs
        .into_iter()
        .map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect()
}

/// The parameters of the line, with a value for each that can be told beforehand.
fn pairs(platform: Platform, operation: &Operation) -> Vec<(&'static str, Option<&'static str>)> {
    let whole = LINES.iter().find(|(name, _)| *name == operation.meta.name);
    if let Some((_, pairs)) = whole {
        return pairs
            .iter()
            .map(|(name, value)| (*name, Some(*value)))
            .collect();
    }
    let values = VALUES.iter().filter(|(of, _)| *of == platform);
    let values: Vec<_> = values.flat_map(|(_, values)| *values).collect();
    let fields = operation.fields();
    let needed = fields.iter().filter(|field| field.required);
    let pairs = needed.map(|field| {
        let value = values.iter().find(|(name, _)| *name == field.name);
        let value = value.map(|(_, value)| *value);
        (field.name, value.filter(|_| !uploads(operation, field)))
    });
    pairs.collect()
}

/// The address and the credential that the sandbox has for the path.
pub(super) fn door(platform: Platform, path: &str) -> (&'static str, &'static str) {
    match platform {
        Platform::OneBot => ("http://127.0.0.1:7700/onebot", "sandbox-token"),
        Platform::WeCom => match Door::of(path) {
            Door::Application => ("http://127.0.0.1:7700/wecom", "ww-sandbox:sandbox-secret"),
            Door::Robot => ("http://127.0.0.1:7700/wecom", "sandbox-webhook-key"),
            Door::Socket => (
                "ws://127.0.0.1:7700/wecom/openws",
                "aib-sandbox:sandbox-secret",
            ),
        },
        Platform::DingTalk if is_robot_of_dingtalk(path) => {
            ("http://127.0.0.1:7700/dingtalk", "robot-sandbox:SECsandbox")
        }
        Platform::DingTalk => (
            "http://127.0.0.1:7700/dingtalk",
            "ding-sandbox:sandbox-secret",
        ),
        Platform::RongCloud => (
            "http://127.0.0.1:7700/rongcloud",
            "rc-sandbox:sandbox-secret",
        ),
        _ => match Service::of(path) {
            Service::Hook => (
                "http://127.0.0.1:7700/bearychat",
                "/=bwTeam/incoming/sandbox-hook",
            ),
            Service::OpenApi | Service::Rtm => ("http://127.0.0.1:7700/bearychat", "sandbox-token"),
        },
    }
}

/// The line as it is typed.
pub(super) fn lines(platform: Platform, operation: &Operation) -> String {
    let fields = operation.fields();
    let arguments: String = pairs(platform, operation)
        .into_iter()
        .map(|(name, value)| {
            let field = fields.iter().find(|field| field.name == name);
            let is_file = field.is_some_and(|field| uploads(operation, field));
            match value {
                Some(value) => format!(" {name}={}", quoted(value)),
                None if is_file => format!(" {name}=@FILE"),
                None => format!(" {name}=…"),
            }
        })
        .collect();
    let (url, token) = door(platform, operation.meta.path);
    let name = operation.name();
    let socket = (platform == Platform::WeCom && Door::of(operation.meta.path) == Door::Socket)
        .then_some("\n  (it takes the place of the bot of `mynah dev`: use `mynah sandbox`)")
        .unwrap_or_default();
    format!("  mynah call {platform} {name}{arguments} \\\n    --url {url} --token {token}{socket}")
}

/// A word as a shell reads it.
fn quoted(value: &str) -> String {
    let is_plain = |sign: char| sign.is_alphanumeric() || "_./:@%+,-=".contains(sign);
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}
