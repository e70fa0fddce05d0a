//! `mynah call`: any endpoint of any platform.

use std::io::{self, Read, Write};
use std::time::Duration;

use clap::CommandFactory;
use mynah_core::http::header::AUTHORIZATION;
use mynah_core::{Field, HttpRequest, Operation, Parameters, RawRequest};
use serde_json::Value;

use crate::arguments::{Call, Mynah};
use crate::exit::Failure;
use crate::{account, output};

/// The longest JSON that is read from stdin, in bytes.
const LONGEST: u64 = 8 * 1024 * 1024;

/// All endpoints of all platforms.
static OPERATIONS: &[Operation] = &mynah_onebot::for_each_endpoint!(mynah_core::operations);

pub(crate) async fn run(call: Call) -> Result<(), Failure> {
    let Some(platform) = call.platform.as_deref() else {
        return print_help();
    };
    let of_platform: Vec<_> = OPERATIONS
        .iter()
        .filter(|one| one.platform == platform)
        .collect();
    if of_platform.is_empty() {
        return Err(Failure::usage(format!(
            "no platform `{platform}`; there are: onebot"
        )));
    }
    let Some(endpoint) = call.endpoint.as_deref() else {
        return say(&list(&of_platform));
    };
    let operation = of_platform.iter().find(|one| one.name() == endpoint);
    match operation {
        Some(operation) if call.help => say(&help(operation)),
        Some(operation) if !call.raw => typed(&call, operation).await,
        _ if call.raw => raw(&call, endpoint).await,
        _ => Err(unknown(endpoint, &of_platform)),
    }
}

async fn typed(call: &Call, operation: &Operation) -> Result<(), Failure> {
    let parameters = parameters(call)?;
    let account = account::onebot(&call.which, call.account.as_deref());
    let base = match (&account, call.dry_run) {
        (Ok(account), _) => account.api.clone(),
        // A request can be looked at without an account.
        (Err(_), true) => None,
        (Err(_), false) => return Err(account.err().unwrap_or_else(|| Failure::usage(""))),
    };
    let base = match base {
        Some(base) => base,
        None => "http://127.0.0.1:5700".parse().map_err(Failure::other)?,
    };
    let request = operation.encode(&base, parameters)?;
    if call.dry_run {
        return say(&shown(&request));
    }
    let client = account::client(&account?)?;
    let sent = RawRequest {
        method: operation.meta.method,
        path: operation.meta.path.to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers: request
            .headers()
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect(),
        body: request.body().clone(),
        authorized: operation.meta.authorized,
    };
    let response = client
        .raw(sent)
        .timeout(Duration::from_secs(call.timeout))
        .await?;
    output::print(&operation.decode(&response)?, call.output)
}

async fn raw(call: &Call, endpoint: &str) -> Result<(), Failure> {
    let body = if call.json.is_some() {
        json(call)?
    } else {
        let pairs = pairs(call)?
            .into_iter()
            .map(|(name, value)| (name, guess(value)));
        Value::Object(pairs.collect())
    };
    let request = RawRequest::post(format!("/{endpoint}")).json(&body)?;
    let account = account::onebot(&call.which, call.account.as_deref())?;
    if call.dry_run {
        let base = "http://127.0.0.1:5700".parse().map_err(Failure::other)?;
        return say(&shown(
            &request.encode(account.api.as_ref().unwrap_or(&base))?,
        ));
    }
    let client = account::client(&account)?;
    let response = client
        .raw(request)
        .timeout(Duration::from_secs(call.timeout))
        .await?;
    if !response.status().is_success() {
        eprintln!("HTTP {}", response.status());
    }
    io::stdout()
        .write_all(response.body())
        .map_err(Failure::other)?;
    say("")
}

fn parameters(call: &Call) -> Result<Parameters, Failure> {
    let mut parameters = Parameters::new();
    if call.json.is_some() {
        let object = json(call)?;
        parameters
            .add_json(object.to_string().as_bytes())
            .map_err(|bad| Failure::usage(format!("--json: {bad}")))?;
    }
    for (name, value) in pairs(call)? {
        parameters.add_one(name, value);
    }
    Ok(parameters)
}

fn pairs(call: &Call) -> Result<Vec<(String, String)>, Failure> {
    let split = call.parameters.iter().map(|pair| {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("`{pair}` is not name=value")))?;
        Ok((name.to_owned(), value.to_owned()))
    });
    split.collect()
}

fn json(call: &Call) -> Result<Value, Failure> {
    let text = match call.json.as_deref() {
        Some("-") => stdin()?,
        Some(text) => text.to_owned(),
        None => "{}".to_owned(),
    };
    serde_json::from_str(&text).map_err(|error| Failure::usage(format!("--json: {error}")))
}

/// JSON if it is JSON, text otherwise: an unknown endpoint has no types.
fn guess(value: String) -> Value {
    serde_json::from_str(&value).unwrap_or(Value::String(value))
}

/// What stands on stdin.
pub(crate) fn stdin() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin()
        .take(LONGEST)
        .read_to_string(&mut text)
        .map_err(Failure::other)?;
    Ok(text.trim_end_matches('\n').to_owned())
}

/// The request as it goes out, without its secrets.
fn shown(request: &HttpRequest) -> String {
    let mut lines = vec![format!("{} {}", request.method(), request.uri())];
    for (name, value) in request.headers() {
        let value = if name == AUTHORIZATION {
            "…"
        } else {
            value.to_str().unwrap_or("…")
        };
        lines.push(format!("{name}: {value}"));
    }
    lines.push(String::new());
    lines.push(String::from_utf8_lossy(request.body()).into_owned());
    lines.join("\n")
}

fn list(operations: &[&Operation]) -> String {
    let rows: Vec<_> = operations
        .iter()
        .map(|one| vec![one.name().to_owned(), first_line(one.doc).to_owned()])
        .collect();
    output::aligned(&rows)
}

fn first_line(doc: &str) -> &str {
    doc.lines().next().unwrap_or_default()
}

fn help(operation: &Operation) -> String {
    let fields = operation.fields();
    let arguments: String = fields
        .iter()
        .map(|field| match (field.name, field.required) {
            (name, true) => format!(" {name}=…"),
            (name, false) => format!(" [{name}=…]"),
        })
        .collect();
    let (platform, name) = (operation.platform, operation.name());
    let usage = format!("usage: mynah call {platform} {name}{arguments}");
    let see = format!("see {}", operation.meta.doc);
    if fields.is_empty() {
        return [operation.doc, &usage, &see].join("\n\n");
    }
    let rows: Vec<_> = fields.iter().map(row).collect();
    let table = format!("parameters:\n{}", output::aligned(&rows));
    [operation.doc, &usage, &table, &see].join("\n\n")
}

fn row(field: &Field) -> Vec<String> {
    let kind = if field.expects.is_empty() {
        field.kind.to_string()
    } else {
        field.expects.clone()
    };
    let required = if field.required { "required" } else { "" };
    vec![
        format!("  {}", field.name),
        kind,
        required.to_owned(),
        field.doc.replace('\n', " "),
    ]
}

fn unknown(endpoint: &str, operations: &[&Operation]) -> Failure {
    let near = operations
        .iter()
        .map(|one| {
            (
                strsim::damerau_levenshtein(one.name(), endpoint),
                one.name(),
            )
        })
        .min()
        .filter(|(distance, _)| *distance <= 3);
    Failure::usage(match near {
        Some((_, name)) => format!("no endpoint `{endpoint}`; did you mean `{name}`?"),
        None => format!(
            "no endpoint `{endpoint}`; `mynah call` with the platform alone lists them, --raw calls it all the same"
        ),
    })
}

fn print_help() -> Result<(), Failure> {
    let mut command = Mynah::command();
    match command.find_subcommand_mut("call") {
        Some(call) => call.print_help().map_err(Failure::other),
        None => Ok(()),
    }
}

fn say(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{text}").map_err(Failure::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(name: &str) -> &'static Operation {
        OPERATIONS.iter().find(|one| one.name() == name).unwrap()
    }

    #[test]
    fn help_comes_from_the_definition() {
        let help = help(operation("send_group_msg"));
        assert!(
            help.contains(
                "usage: mynah call onebot send_group_msg group_id=… message=… [auto_escape=…]"
            ),
            "{help}"
        );
        assert!(help.contains("auto_escape  boolean"), "{help}");
        assert!(
            help.contains("https://github.com/botuniverse/onebot-11"),
            "{help}"
        );
    }

    #[test]
    fn a_slip_of_the_pen_is_forgiven() {
        let known: Vec<_> = OPERATIONS.iter().collect();
        assert!(
            unknown("send_grup_msg", &known)
                .to_string()
                .contains("did you mean `send_group_msg`?")
        );
        assert!(
            unknown("fly_to_the_moon", &known)
                .to_string()
                .contains("--raw")
        );
    }

    #[test]
    fn every_endpoint_has_words_and_each_parameter_too() {
        for one in OPERATIONS {
            assert!(
                !one.doc.is_empty() && one.meta.doc.starts_with("https://"),
                "{}",
                one.meta.name
            );
            for field in one.fields() {
                assert!(!field.doc.is_empty(), "{}.{}", one.meta.name, field.name);
            }
        }
    }
}
