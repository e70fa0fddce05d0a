//! `mynah call`: any endpoint of any platform.

mod example;
mod help;
mod shown;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Read};
use std::time::Duration;

use clap::CommandFactory;
use mynah_bot::Platform;
use mynah_core::http::header::CONTENT_DISPOSITION;
use mynah_core::{
    BaseUrl, Encoding, Field, File, HttpRequest, HttpResponse, Kind, Operation, Parameters,
    RawRequest,
};
use serde_json::{Map, Value, json};

use crate::account::{Caller, Door, Served, caller, would_call};
use crate::arguments::{Call, Mynah, Output};
use crate::exit::Failure;
use crate::output::{self, say};

pub(crate) use help::{first_sentence, kind, uploads};
use shown::Shown;

/// The longest JSON that is read from stdin, in bytes.
const LONGEST: u64 = 8 * 1024 * 1024;

/// The largest file that is read for an upload, in bytes.
const LARGEST: u64 = 100 * 1024 * 1024;

/// Parameters that hold JSON as text.
const JSON_TEXTS: [&str; 1] = ["msgParam"];

pub(crate) async fn run(call: Call) -> Result<(), Failure> {
    let Some(platform) = call.platform.as_deref() else {
        return print_help(call.help);
    };
    let served = Served::named(platform)?;
    let Some(endpoint) = call.endpoint.as_deref() else {
        return explain(
            &call,
            || help::list(served.operations),
            || help::list_as_json(served.operations),
        );
    };
    let operation = served.operations.iter().find(|one| one.name() == endpoint);
    match operation {
        Some(operation) if call.help => explain(
            &call,
            || help::help(served.platform, operation),
            || help::as_json(operation),
        ),
        Some(operation) if !call.raw => typed(&call, served, operation).await,
        _ if call.raw => raw(&call, served, endpoint).await,
        _ => Err(unknown(endpoint, served)),
    }
}

/// Prints words that are there already, in the form that is asked for.
fn explain(
    call: &Call,
    text: impl FnOnce() -> String,
    json: impl FnOnce() -> Value,
) -> Result<(), Failure> {
    match &call.output {
        Some(output @ (Output::Json | Output::File(_))) => output::print(&json(), output),
        Some(Output::Table) | None => say(&text()),
    }
}

async fn typed(call: &Call, served: &Served, operation: &Operation) -> Result<(), Failure> {
    let parameters = parameters(call, operation)?;
    let (name, path) = (call.account.as_deref(), operation.meta.path);
    if call.dry_run {
        let base = would_call(&call.which, name, served, path)?;
        let request = encode(operation, &base, parameters)?;
        let is_frame = served.platform == Platform::WeCom && Door::of(path) == Door::Socket;
        let shown = if is_frame {
            Shown::frame(&base, path, &request)
        } else {
            Shown::of(&request)
        };
        explain(call, || shown.text(), || shown.json())?;
        if let Some(missing) = shown::authorization(operation) {
            eprintln!("mynah: nothing was sent; {missing}");
        }
        return Ok(());
    }
    let caller = caller(&call.which, name, served.platform, path)?;
    let timeout = Duration::from_secs(call.timeout);
    let response = make(operation, parameters, caller, timeout).await?;
    let answer = operation.decode(&response)?;
    if response.headers().contains_key(CONTENT_DISPOSITION) {
        return save(&response, call.output.as_ref());
    }
    output::print(&answer, call.output.as_ref().unwrap_or(&Output::Json))
}

/// The request of a call. What people wrote is read as leniently as platforms read it; but what
/// would be left out by that is named, for people mean what they write.
fn encode(
    operation: &Operation,
    base: &BaseUrl,
    parameters: Parameters,
) -> Result<HttpRequest, Failure> {
    if operation.meta.encoding != Encoding::Json {
        return Ok(operation.encode(base, parameters)?);
    }
    let meant = serde_json::to_value(&parameters).map_err(Failure::other)?;
    let request = operation.encode(base, parameters)?;
    let sent: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    for field in operation.fields() {
        let meant = meant.get(field.name).and_then(|it| object(&it["value"]));
        let sent = sent.get(field.name).filter(|sent| sent.is_object());
        if let (Some(meant), Some(sent)) = (meant, sent) {
            nothing_is_lost(&meant, sent, field.name)?;
        }
    }
    Ok(request)
}

/// A value that is an object, or the JSON of one.
fn object(value: &Value) -> Option<Value> {
    match value {
        Value::Object(_) => Some(value.clone()),
        Value::String(text) => serde_json::from_str(text).ok().filter(Value::is_object),
        _ => None,
    }
}

/// Whether everything that is meant is in what is sent.
fn nothing_is_lost(meant: &Value, sent: &Value, way: &str) -> Result<(), Failure> {
    match (meant, sent) {
        (Value::Object(meant), Value::Object(sent)) => {
            for (name, value) in meant {
                let way = format!("{way}.{name}");
                match sent.get(name) {
                    Some(sent) => nothing_is_lost(value, sent, &way)?,
                    None if is_nothing(value) => {}
                    None => eprintln!("mynah: `{way}` is not sent: there is no such field"),
                }
            }
            Ok(())
        }
        (Value::Array(meant), Value::Array(sent)) if meant.len() == sent.len() => {
            for (at, (meant, sent)) in meant.iter().zip(sent).enumerate() {
                nothing_is_lost(meant, sent, &format!("{way}[{at}]"))?;
            }
            Ok(())
        }
        (meant, sent) if is_nothing(sent) && !is_nothing(meant) => {
            let kind = match meant {
                Value::Bool(_) => "a boolean",
                Value::Number(_) => "a number",
                Value::String(_) => "a string",
                Value::Array(_) => "an array",
                _ => "an object",
            };
            let problem = format!("`{way}`: {kind} is not what is wanted there");
            let failure = Failure::usage(problem);
            Err(if matches!(meant, Value::Bool(_) | Value::Number(_)) {
                failure.advise(format!("if it is a text: \"{meant}\""))
            } else {
                failure
            })
        }
        _ => Ok(()),
    }
}

/// Whether a value says nothing that would be missed.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(on) => !on,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => matches!(text.as_str(), "" | "0" | "false"),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

/// Makes the call, wherever the account has its address.
async fn make(
    operation: &Operation,
    parameters: Parameters,
    caller: Caller,
    timeout: Duration,
) -> Result<HttpResponse, Failure> {
    // The address, which may end in a path, is the account's.
    let nowhere = "http://localhost".parse().map_err(Failure::other)?;
    let request = encode(operation, &nowhere, parameters)?;
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
    Ok(caller.call(sent, operation.meta.name, timeout).await?)
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
        let shown = Shown::of(&request.encode(&base)?);
        return explain(call, || shown.text(), || shown.json());
    }
    let caller = caller(&call.which, name, served.platform, &path)?;
    let timeout = Duration::from_secs(call.timeout);
    let response = caller.call(request, "raw", timeout).await?;
    if !response.status().is_success() {
        eprintln!("mynah: HTTP {}", response.status());
    }
    match (&call.output, serde_json::from_slice(response.body())) {
        (Some(output @ Output::Table), Ok(answer)) => output::print(&answer, output),
        (Some(Output::File(path)), _) => output::save(path, response.body()),
        _ => {
            output::write(response.body())?;
            say("")
        }
    }
}

/// Writes the file that the answer is.
fn save(response: &HttpResponse, output: Option<&Output>) -> Result<(), Failure> {
    match output {
        Some(Output::File(path)) => output::save(path, response.body()),
        _ if io::stdout().is_terminal() => Err(Failure::usage(format!(
            "the answer is a file of {} bytes",
            response.body().len()
        ))
        .advise("say where to with -o FILE")),
        _ => output::write(response.body()),
    }
}

fn parameters(call: &Call, operation: &Operation) -> Result<Parameters, Failure> {
    if call.json.is_some() {
        let mut parameters = Parameters::new();
        let object = json(call)?;
        parameters
            .add_json(object.to_string().as_bytes())
            .map_err(|bad| Failure::usage(format!("--json: {bad}")))?;
        return Ok(parameters);
    }
    given(operation, pairs(call)?)
}

/// The parameters that pairs of names and values mean to an endpoint.
fn given(
    operation: &Operation,
    pairs: impl IntoIterator<Item = (String, String)>,
) -> Result<Parameters, Failure> {
    let mut parameters = Parameters::new();
    let fields = operation.fields();
    let mut maps = Map::new();
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        if let Some((map, key)) = entry(operation, &name) {
            let entries = maps.entry(map).or_insert_with(|| json!({}));
            entries[key] = value.into();
            continue;
        }
        values.entry(name).or_default().push(value);
    }
    for (name, mut values) in values {
        let field = fields.iter().find(|field| field.name == name);
        if values.len() > 1 {
            let Some(list) = field.filter(|field| may_be_list(field)) else {
                return Err(twice(&name, field, values.len()));
            };
            let values = Value::from(values);
            parameters.add_object([(list.name.to_owned(), values)].into_iter().collect());
            continue;
        }
        let value = values.pop().unwrap_or_default();
        let is_file = field.is_some_and(|field| uploads(operation, field));
        let meant = match value.strip_prefix('@') {
            Some(path) if is_file => {
                Some(serde_json::to_value(read(path)?).map_err(Failure::other)?)
            }
            None if is_file => {
                let problem = format!("`{name}` is a file, and `{value}` is the text of a path");
                return Err(Failure::usage(problem).advise(format!("write {name}=@{value}")));
            }
            _ => field.and_then(|field| meant(operation, field, &value)),
        };
        if let Some(field) = field
            && field.kind == Kind::Object
            && meant.is_none()
            && object(&Value::from(value.as_str())).is_none()
        {
            let problem = format!("`{name}` takes an object, and `{value}` is none");
            return Err(Failure::usage(problem).advise(format!(
                "write {}='{{…}}'; the documentation has its fields: {}",
                field.name, operation.meta.doc
            )));
        }
        match meant {
            Some(value) => parameters.add_object([(name, value)].into_iter().collect()),
            None => parameters.add_one(name, value),
        }
    }
    parameters.add_object(maps);
    Ok(parameters)
}

/// Whether a parameter may be given more than once.
fn may_be_list(field: &Field) -> bool {
    field.kind == Kind::Array || field.expects.contains("array")
}

fn twice(name: &str, field: Option<&Field>, times: usize) -> Failure {
    let problem = format!("`{name}` is given {times} times");
    Failure::usage(match field {
        Some(field) => format!("{problem} and takes one {}", kind(field)),
        None => problem,
    })
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
        let (name, value) = pair.split_once('=').ok_or_else(|| {
            let problem = format!("`{pair}` is not name=value");
            Failure::usage(problem).advise("all parameters at once, as JSON: --json '{…}'")
        })?;
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
    let length = io::stdin()
        .take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(Failure::other)?;
    if u64::try_from(length).is_ok_and(|length| length > LONGEST) {
        let problem = format!("stdin: more than {LONGEST} bytes");
        return Err(Failure::usage(problem));
    }
    Ok(text.trim_end_matches('\n').to_owned())
}

/// How many endpoints are named to somebody who does not know what theirs is called.
const MOST_NAMED: usize = 8;

fn unknown(endpoint: &str, served: &Served) -> Failure {
    let names = || served.operations.iter().map(Operation::name);
    let near = names()
        .map(|name| (strsim::damerau_levenshtein(name, endpoint), name))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    let with_it: Vec<_> = names().filter(|name| name.contains(endpoint)).collect();
    let platform = served.platform;
    let failure = match (near, with_it.as_slice()) {
        (Some((_, name)), _) => {
            Failure::usage(format!("no endpoint `{endpoint}`; did you mean `{name}`?"))
        }
        (None, []) => Failure::usage(format!("no endpoint `{endpoint}`")),
        (None, some) => {
            let more = if some.len() > MOST_NAMED { ", …" } else { "" };
            let some = some[..some.len().min(MOST_NAMED)].join(", ");
            Failure::usage(format!("no endpoint `{endpoint}`; there are: {some}{more}"))
        }
    };
    failure
        .advise(format!("`mynah call {platform}` lists the endpoints"))
        .advise("--raw calls it all the same")
}

fn print_help(long: bool) -> Result<(), Failure> {
    let mut command = Mynah::command();
    command.build();
    let Some(call) = command.find_subcommand_mut("call") else {
        return Ok(());
    };
    let help = if long {
        call.render_long_help()
    } else {
        call.render_help()
    };
    say(help.to_string().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::PLATFORMS;

    fn operation(platform: &str, name: &str) -> &'static Operation {
        let mut operations = Served::named(platform).unwrap().operations.iter();
        operations.find(|one| one.name() == name).unwrap()
    }

    fn pairs(text: &str) -> Vec<(String, String)> {
        let pairs = text.split(' ').filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn a_slip_of_the_pen_is_forgiven() {
        let known = Served::named("onebot").unwrap();
        assert!(
            unknown("send_grup_msg", known)
                .to_string()
                .contains("did you mean `send_group_msg`?")
        );
        let some = unknown("essence", known).to_string();
        assert!(some.contains("there are: set_essence_msg, "), "{some}");
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
    fn a_name_that_is_repeated_is_a_list() {
        let publish = operation("rongcloud", "message.private.publish");
        let base = mynah_rongcloud::API.parse().unwrap();
        let line = "fromUserId=bot toUserId=a toUserId=b objectName=RC:TxtMsg content={}";
        let parameters = given(publish, pairs(line)).unwrap();
        let request = publish.encode(&base, parameters).unwrap();
        let form = String::from_utf8(request.body().to_vec()).unwrap();
        assert!(form.contains("toUserId=a&toUserId=b"), "{form}");

        let problem = given(publish, pairs("fromUserId=a fromUserId=b")).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "`fromUserId` is given 2 times and takes one string"
        );
    }

    #[test]
    fn whoever_forgets_the_sign_of_a_file_is_told() {
        let upload = operation("wecom", "media.upload");
        let problem = given(upload, pairs("type=file media=report.txt")).unwrap_err();
        assert!(problem.to_string().contains("write media=@report.txt"));
    }

    #[test]
    fn what_is_meant_is_sent_or_named() {
        let send = operation("wecom", "message.send");
        let base = mynah_wecom::API.parse().unwrap();
        let tried = |text: &str| {
            let line = "touser=alice agentid=1 msgtype=text";
            let pairs = pairs(line).into_iter();
            let text = ("text".to_owned(), text.to_owned());
            given(send, pairs.chain([text])).and_then(|it| encode(send, &base, it))
        };
        tried(r#"{"content":"5"}"#).unwrap();
        let number = tried(r#"{"content":5}"#).unwrap_err().to_string();
        assert!(
            number.starts_with("`text.content`: a number is not"),
            "{number}"
        );
        assert!(number.ends_with("if it is a text: \"5\""), "{number}");
        let word = tried("hi").unwrap_err().to_string();
        assert!(
            word.starts_with("`text` takes an object, and `hi` is none"),
            "{word}"
        );
    }

    /// A value that fits a parameter, as somebody would type it.
    fn any_value(operation: &Operation, field: &Field) -> String {
        if let Some(choice) = field.choices.first() {
            return choice.value.to_owned();
        }
        if JSON_TEXTS.contains(&field.name) {
            return "{}".to_owned();
        }
        match (field.kind, field.expects.as_str()) {
            _ if uploads(operation, field) => format!("@{}", env!("CARGO_MANIFEST_PATH")),
            (Kind::Integer | Kind::Number, _) | (_, "0 or 1") => "1".to_owned(),
            (Kind::Boolean, _) => "true".to_owned(),
            (Kind::Object, _) => "{}".to_owned(),
            (Kind::Array, _) => "[\"1\"]".to_owned(),
            (_, expects) if expects.contains("digits") => "17".to_owned(),
            _ => format!("hush-{}", field.name),
        }
    }

    /// Words in the names of parameters that nobody should see the values of.
    const SENSITIVE: [&str; 6] = [
        "secret",
        "token",
        "aes_key",
        "aeskey",
        "session",
        "response_code",
    ];

    #[test]
    fn every_endpoint_shows_what_it_would_send_and_no_secret() {
        let mut problems = Vec::new();
        let mut count = 0;
        for served in PLATFORMS {
            for operation in served.operations {
                count += 1;
                let path = operation.meta.path;
                let base = served.base(path).parse().unwrap();
                let fields = operation.fields();
                let needed = fields.iter().filter(|field| field.required);
                let line = needed.map(|it| (it.name.to_owned(), any_value(operation, it)));
                let line: Vec<_> = line.collect();
                let line = example::line(served.platform, operation).unwrap_or(line);
                let request = given(operation, line.clone())
                    .and_then(|parameters| encode(operation, &base, parameters));
                let request = match request {
                    Ok(request) => request,
                    Err(problem) => {
                        problems.push(format!("{line:?}: {problem}"));
                        continue;
                    }
                };
                let shown = Shown::of(&request);
                let (text, json) = (shown.text(), shown.json());
                let host = format!("{} {}", operation.meta.method.http(), served.base(path));
                assert!(text.starts_with(&host), "{text}");
                assert_eq!(json["method"], operation.meta.method.http().as_str());
                for (name, value) in &line {
                    let name = name.to_lowercase();
                    let is_sensitive = SENSITIVE.iter().any(|word| name.ends_with(word));
                    if is_sensitive && value.len() > 3 {
                        assert!(!text.contains(value.as_str()), "{name}: {text}");
                    }
                }
            }
        }
        assert!(count > 380, "{count}");
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
