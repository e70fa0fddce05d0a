//! `mynah call`: any endpoint of any platform.

use std::io::{self, IsTerminal, Read, Write};
use std::time::Duration;

use clap::CommandFactory;
use mynah_bot::Platform;
use mynah_core::http::header::{AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE};
use mynah_core::{
    BaseUrl, Encoding, Field, File, HttpRequest, HttpResponse, Kind, Operation, Parameters,
    RawRequest,
};
use serde_json::{Map, Value, json};

use crate::account::{Door, Served, caller, would_call};
use crate::arguments::{Call, Mynah, Output};
use crate::exit::Failure;
use crate::output;

/// The longest JSON that is read from stdin, in bytes.
const LONGEST: u64 = 8 * 1024 * 1024;

/// The largest file that is read for an upload, in bytes.
const LARGEST: u64 = 100 * 1024 * 1024;

/// What must not be seen of a query. A code that answers once is as good as a token.
const SECRETS: [&str; 9] = [
    "access_token",
    "appsecret",
    "corpsecret",
    "key",
    "response_code",
    "secret",
    "session",
    "sign",
    "token",
];

/// Parameters that hold JSON as text.
const JSON_TEXTS: [&str; 1] = ["msgParam"];

/// What must not be seen of a body.
const SECRETS_IN_BODIES: [&str; 5] = [
    "aes_key",
    "appSecret",
    "clientSecret",
    "client_secret",
    "token",
];

pub(crate) async fn run(call: Call) -> Result<(), Failure> {
    let Some(platform) = call.platform.as_deref() else {
        return print_help();
    };
    let served = Served::named(platform)?;
    let Some(endpoint) = call.endpoint.as_deref() else {
        return say(&list(served.operations));
    };
    let operation = served.operations.iter().find(|one| one.name() == endpoint);
    match operation {
        Some(operation) if call.help => say(&help(operation)),
        Some(operation) if !call.raw => typed(&call, served, operation).await,
        _ if call.raw => raw(&call, served, endpoint).await,
        _ => Err(unknown(endpoint, served.operations)),
    }
}

async fn typed(call: &Call, served: &Served, operation: &Operation) -> Result<(), Failure> {
    let parameters = parameters(call, operation)?;
    let (name, path) = (call.account.as_deref(), operation.meta.path);
    if call.dry_run {
        let base = would_call(&call.which, name, served, path)?;
        let request = operation.encode(&base, parameters)?;
        let is_frame = served.platform == Platform::WeCom && Door::of(path) == Door::Socket;
        return say(&if is_frame {
            shown_frame(&base, path, &request)
        } else {
            shown(&request)
        });
    }
    let caller = caller(&call.which, name, served.platform, path)?;
    // The address, which may end in a path, is the account's.
    let nowhere = "http://localhost".parse().map_err(Failure::other)?;
    let request = operation.encode(&nowhere, parameters)?;
    let sent = RawRequest {
        method: operation.meta.method,
        // What stands in the path is filled in.
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers: request
            .headers()
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect(),
        body: request.body().clone(),
        authorized: operation.meta.authorized,
    };
    let timeout = Duration::from_secs(call.timeout);
    let response = caller.call(sent, operation.meta.name, timeout).await?;
    let answer = operation.decode(&response)?;
    if response.headers().contains_key(CONTENT_DISPOSITION) {
        return save(&response, &call.output);
    }
    output::print(&answer, &call.output)
}

async fn raw(call: &Call, served: &Served, endpoint: &str) -> Result<(), Failure> {
    let body = if call.json.is_some() {
        json(call)?
    } else {
        let pairs = pairs(call)?
            .into_iter()
            .map(|(name, value)| (name, guess(value)));
        Value::Object(pairs.collect())
    };
    let path = format!("/{}", endpoint.trim_start_matches('/'));
    let name = call.account.as_deref();
    let request = RawRequest::post(&*path);
    // RongCloud's calls are forms, except a few.
    let is_form = served.platform == Platform::RongCloud && call.json.is_none();
    let request = if is_form {
        request.form(&pairs(call)?)?
    } else {
        request.json(&body)?
    };
    if call.dry_run {
        let base = would_call(&call.which, name, served, &path)?;
        return say(&shown(&request.encode(&base)?));
    }
    let caller = caller(&call.which, name, served.platform, &path)?;
    let timeout = Duration::from_secs(call.timeout);
    let response = caller.call(request, "raw", timeout).await?;
    if !response.status().is_success() {
        eprintln!("HTTP {}", response.status());
    }
    io::stdout()
        .write_all(response.body())
        .map_err(Failure::other)?;
    say("")
}

/// Writes the file that the answer is.
fn save(response: &HttpResponse, output: &Output) -> Result<(), Failure> {
    match output {
        Output::File(path) => std::fs::write(path, response.body())
            .map_err(|error| Failure::other(format!("{}: {error}", path.display()))),
        _ if io::stdout().is_terminal() => Err(Failure::usage(format!(
            "the answer is a file of {} bytes: say where to with -o FILE",
            response.body().len()
        ))),
        _ => io::stdout()
            .write_all(response.body())
            .map_err(Failure::other),
    }
}

fn parameters(call: &Call, operation: &Operation) -> Result<Parameters, Failure> {
    let mut parameters = Parameters::new();
    if call.json.is_some() {
        let object = json(call)?;
        parameters
            .add_json(object.to_string().as_bytes())
            .map_err(|bad| Failure::usage(format!("--json: {bad}")))?;
    }
    let fields = operation.fields();
    let mut maps = Map::new();
    for (name, value) in pairs(call)? {
        if let Some((map, key)) = entry(operation, &name) {
            let entries = maps.entry(map).or_insert_with(|| json!({}));
            entries[key] = value.into();
            continue;
        }
        let field = fields.iter().find(|field| field.name == name);
        let is_file = field.is_some_and(|field| uploads(operation, field));
        let meant = match value.strip_prefix('@') {
            Some(path) if is_file => {
                Some(serde_json::to_value(read(path)?).map_err(Failure::other)?)
            }
            _ => field.and_then(|field| meant(operation, field, &value)),
        };
        match meant {
            Some(value) => parameters.add_object([(name, value)].into_iter().collect()),
            None => parameters.add_one(name, value),
        }
    }
    parameters.add_object(maps);
    Ok(parameters)
}

/// The map and the key in it that `group[g1]` names, as in a form.
fn entry<'n>(operation: &Operation, name: &'n str) -> Option<(&'static str, &'n str)> {
    let (map, rest) = name.split_once('[')?;
    let mut maps = operation.meta.brackets.iter();
    let map = maps.find(|one| **one == map)?;
    Some((map, rest.strip_suffix(']')?))
}

/// A value that is to be taken as it is, where the type that reads it cannot
/// tell what is meant.
fn meant(operation: &Operation, field: &Field, value: &str) -> Option<Value> {
    if JSON_TEXTS.contains(&field.name) {
        return Some(value.into());
    }
    // Messages of OneBot may begin with a bracket and be text all the same.
    let may_be_list = operation.platform != Platform::OneBot.name()
        && matches!(field.kind, Kind::Any | Kind::Array);
    let list = value.starts_with('[') && may_be_list;
    list.then(|| serde_json::from_str(value).ok())?
}

/// Whether a parameter is a file: `media=@PATH`.
fn uploads(operation: &Operation, field: &Field) -> bool {
    operation.meta.encoding == Encoding::Multipart && field.kind == Kind::Object
}

/// The file at `path`, under its own name.
fn read(path: &str) -> Result<File, Failure> {
    let failed = |error: io::Error| Failure::usage(format!("{path}: {error}"));
    let mut content = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut content))
        .map_err(failed)?;
    if u64::try_from(content.len()).is_ok_and(|length| length > LARGEST) {
        let problem = format!("{path}: larger than {LARGEST} bytes");
        return Err(Failure::usage(problem));
    }
    let name = std::path::Path::new(path).file_name().unwrap_or_default();
    Ok(File::new(name.to_string_lossy(), content))
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
    let mut lines = vec![format!("{} {}", request.method(), without_secrets(request))];
    for (name, value) in request.headers() {
        let value = if name == AUTHORIZATION {
            "…"
        } else {
            value.to_str().unwrap_or("…")
        };
        lines.push(format!("{name}: {value}"));
    }
    lines.push(String::new());
    lines.push(match std::str::from_utf8(request.body()) {
        Ok(text) if !is_form(request) => body_without_secrets(text),
        _ => format!("({} bytes)", request.body().len()),
    });
    lines.join("\n")
}

/// The frame as it goes out over a bot's socket. Its `req_id` is made when it
/// does, unless it is that of a callback.
fn shown_frame(base: &BaseUrl, path: &str, request: &HttpRequest) -> String {
    let mut body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let query = request.uri().query().unwrap_or_default();
    let req_id = query.strip_prefix("req_id=").unwrap_or("…").to_owned();
    let cmd = path.rsplit('/').next().unwrap_or_default();
    let frame = json!({"cmd": cmd, "headers": {"req_id": req_id}, "body": body.take()});
    format!("{base}\n\n{frame}")
}

/// Whether the body holds a file.
fn is_form(request: &HttpRequest) -> bool {
    let media_type = request.headers().get(CONTENT_TYPE);
    media_type.is_some_and(|media_type| media_type.as_bytes().starts_with(b"multipart/"))
}

/// The address, with `…` for what is secret in its query.
fn without_secrets(request: &HttpRequest) -> String {
    let whole = request.uri().to_string();
    let Some((address, query)) = whole.split_once('?') else {
        return whole;
    };
    let pairs: Vec<_> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if SECRETS.contains(&name) => format!("{name}=…"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{address}?{}", pairs.join("&"))
}

/// A body, with `…` for what is secret in it.
fn body_without_secrets(text: &str) -> String {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
        return text.to_owned();
    };
    let secret = fields
        .iter_mut()
        .filter(|(name, _)| SECRETS_IN_BODIES.contains(&name.as_str()));
    let hidden = secret.map(|(_, value)| *value = "…".into()).count();
    if hidden == 0 {
        return text.to_owned();
    }
    Value::Object(fields).to_string()
}

fn list(operations: &[Operation]) -> String {
    let rows: Vec<_> = operations
        .iter()
        .map(|one| vec![one.name().to_owned(), first_sentence(one.doc)])
        .collect();
    output::aligned(&rows)
}

/// The first sentence, on one line.
fn first_sentence(doc: &str) -> String {
    let paragraph: Vec<_> = doc.lines().take_while(|line| !line.is_empty()).collect();
    let words = without_links(&paragraph.join(" "));
    match words.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => words,
    }
}

/// The words without what leads from them into the documentation of Rust.
fn without_links(doc: &str) -> String {
    let mut written = String::with_capacity(doc.len());
    let mut rest = doc;
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, behind)) = link.split_once("`]") else {
            break;
        };
        written.extend([before, "`", name, "`"]);
        let target = behind.strip_prefix('(').and_then(|it| it.split_once(')'));
        rest = target.map_or(behind, |(_, behind)| behind);
    }
    written + rest
}

fn help(operation: &Operation) -> String {
    let fields = operation.fields();
    let arguments: String = fields
        .iter()
        .map(|field| match (field.name, field.required) {
            (name, true) if uploads(operation, field) => format!(" {name}=@FILE"),
            (name, true) => format!(" {name}=…"),
            (name, false) => format!(" [{name}=…]"),
        })
        .collect();
    let (platform, name) = (operation.platform, operation.name());
    let usage = format!("usage: mynah call {platform} {name}{arguments}");
    let see = format!("see {}", operation.meta.doc);
    let doc = without_examples(operation.doc);
    if fields.is_empty() {
        return [&*doc, &usage, &see].join("\n\n");
    }
    let rows: Vec<_> = fields.iter().map(row).collect();
    let table = format!("parameters:\n{}", output::aligned(&rows));
    [&*doc, &usage, &table, &see].join("\n\n")
}

/// The words without the Rust in them.
fn without_examples(doc: &str) -> String {
    let mut inside = false;
    let lines = doc.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    });
    without_links(lines.collect::<Vec<_>>().join("\n").trim_end())
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
        without_links(&field.doc.replace('\n', " ")),
    ]
}

fn unknown(endpoint: &str, operations: &[Operation]) -> Failure {
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
    use crate::account::PLATFORMS;

    fn operation(platform: &str, name: &str) -> &'static Operation {
        let mut operations = Served::named(platform).unwrap().operations.iter();
        operations.find(|one| one.name() == name).unwrap()
    }

    #[test]
    fn help_comes_from_the_definition() {
        let help = help(operation("onebot", "send_group_msg"));
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
        let known = Served::named("onebot").unwrap().operations;
        assert!(
            unknown("send_grup_msg", known)
                .to_string()
                .contains("did you mean `send_group_msg`?")
        );
        assert!(
            unknown("fly_to_the_moon", known)
                .to_string()
                .contains("--raw")
        );
    }

    #[test]
    fn every_endpoint_has_words_and_each_parameter_too() {
        for one in PLATFORMS.iter().flat_map(|served| served.operations) {
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

    #[test]
    fn lenient_parameters_say_what_they_mean() {
        let all = PLATFORMS.iter().flat_map(|served| served.operations);
        let fields = all.flat_map(|one| one.fields().into_iter().map(|it| (one.meta.name, it)));
        let vague = fields.filter(|(_, field)| field.expects == "any valid JSON value");
        let vague: Vec<_> = vague.map(|(name, field)| (name, field.name)).collect();
        assert_eq!(vague, []);
        let update = operation("dingtalk", "chat.update");
        let mut parameters = Parameters::new();
        parameters.add_one("chatid", "chat1");
        parameters.add_one("add_useridlist", "dave");
        let base = mynah_dingtalk::OAPI.parse().unwrap();
        let request = update.encode(&base, parameters).unwrap();
        assert_eq!(
            request.body(),
            r#"{"chatid":"chat1","add_useridlist":["dave"]}"#
        );
    }

    #[test]
    fn a_file_is_named_in_the_help() {
        let help = help(operation("wecom", "media.upload"));
        assert!(help.contains("media.upload type=… media=@FILE"), "{help}");
    }

    #[test]
    fn help_has_words_and_no_code() {
        let help = help(operation("wecom", "message.send"));
        assert!(help.contains("Sends a message to members"), "{help}");
        assert!(
            !help.contains("```") && !help.contains("use mynah_wecom"),
            "{help}"
        );
        assert!(!help.contains("](") && !help.contains("[`"), "{help}");
    }

    #[test]
    fn the_list_has_whole_sentences() {
        for served in PLATFORMS {
            for one in served.operations {
                let words = first_sentence(one.doc);
                assert!(words.ends_with('.') && !words.contains("[`"), "{words}");
            }
        }
        let doc = "Renames a [`Card`](crate::Card) that\nwas pressed. Fails.\n\nMore.";
        assert_eq!(first_sentence(doc), "Renames a `Card` that was pressed.");
    }

    #[test]
    fn lists_are_lists_and_json_as_text_is_text() {
        let send = operation("dingtalk", "v1.robot.o_to_messages.batch_send");
        let fields = send.fields();
        let meant_by = |name: &str, value: &str| {
            let field = fields.iter().find(|field| field.name == name).unwrap();
            meant(send, field, value)
        };
        assert_eq!(meant_by("userIds", r#"["a"]"#), Some(json!(["a"])));
        assert_eq!(meant_by("userIds", "[a"), None);
        assert_eq!(
            meant_by("msgParam", r#"{"a":1}"#),
            Some(json!(r#"{"a":1}"#))
        );
        let say = operation("onebot", "send_msg");
        let message = say
            .fields()
            .into_iter()
            .find(|field| field.name == "message");
        assert_eq!(meant(say, &message.unwrap(), "[1]"), None);
    }

    #[test]
    fn secrets_of_a_body_are_not_shown() {
        let body = r#"{"appKey":"ding","appSecret":"hush"}"#;
        assert_eq!(
            body_without_secrets(body),
            r#"{"appKey":"ding","appSecret":"…"}"#
        );
        let plain = r#"{"b":1,  "a":"x"}"#;
        assert_eq!(body_without_secrets(plain), plain);
    }

    #[test]
    fn secrets_of_the_query_are_not_shown() {
        let mut request = HttpRequest::new("{}".into());
        *request.uri_mut() = "http://h/cgi-bin/gettoken?corpid=ww&corpsecret=hush&key=hush2"
            .parse()
            .unwrap();
        assert_eq!(
            shown(&request),
            "GET http://h/cgi-bin/gettoken?corpid=ww&corpsecret=…&key=…\n\n{}"
        );
    }
}
