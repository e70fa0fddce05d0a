//! `mynah explain`: what a platform means by a code, and what to do about it.
//!
//! What is known stands in the platform crates; here it is looked up and printed. Nothing is sent.

mod layout;

use std::net::IpAddr;

use clap::{Args, ValueEnum};
use mynah_bot::Platform;
use mynah_core::{ApiError, Bilingual, Explanation, Place};
use serde_json::{Map, Value, json};

use crate::arguments::Format;
use crate::exit::Failure;
use crate::language::Language;
use crate::output;

/// Whose code, and which.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// The platform: onebot, wecom, dingtalk, rongcloud or bearychat.
    pub(crate) platform: String,
    /// The code, as the platform gives it; or words to look for, or a whole message with a code in
    /// it. Without it, lists all.
    #[arg(value_name = "CODE|WORDS", allow_negative_numbers = true)]
    pub(crate) code: Vec<String>,
    /// How it is printed.
    #[arg(
        short,
        long,
        value_enum,
        default_value = "table",
        value_name = "FORMAT"
    )]
    pub(crate) output: Format,
    /// In which language; unless said, in that of the environment (LANG), and as JSON in both.
    #[arg(long, value_enum)]
    pub(crate) language: Option<Telling>,
}

/// Which languages are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Telling {
    /// English.
    En,
    /// 中文
    Zh,
    /// One after the other.
    Both,
}

const EXAMPLES: &str = "\
Examples:
  mynah explain wecom 60020                      one code
  mynah explain wecom 60020 --language zh        in Chinese
  mynah explain dingtalk keyword signature       what has to do with these words
  mynah explain onebot -34                       a code may be negative
  mynah explain rongcloud 401                    a status: every code that comes with it
  mynah explain dingtalk -o json                 all codes, for programs";

/// What is known of a platform's codes.
fn all(platform: Platform) -> Vec<Explanation> {
    match platform {
        Platform::OneBot => mynah_onebot::explain::all().collect(),
        Platform::WeCom => mynah_wecom::explain::all().collect(),
        Platform::DingTalk => mynah_dingtalk::explain::all().collect(),
        Platform::RongCloud => mynah_rongcloud::explain::all().collect(),
        Platform::BearyChat => mynah_bearychat::explain::all().collect(),
        _ => Vec::new(),
    }
}

/// Where the platform itself writes about its codes.
fn page(platform: Platform) -> &'static str {
    match platform {
        Platform::OneBot => "https://github.com/botuniverse/onebot-11/blob/master/api/README.md",
        Platform::WeCom => "https://open.work.weixin.qq.com/devtool/query",
        Platform::DingTalk => {
            "https://open.dingtalk.com/document/development/server-api-error-codes-1"
        }
        Platform::RongCloud => "https://docs.rongcloud.cn/platform-chat-api/code",
        Platform::BearyChat => "https://github.com/bearyinnovative/OpenAPI/tree/master/api",
        _ => "",
    }
}

pub(crate) fn run(explain: &Explain) -> Result<(), Failure> {
    let platform = named(&explain.platform)?;
    let asked = explain.code.join(" ");
    let all = all(platform);
    let found = look_up(&all, asked.trim());
    if found.is_empty() {
        return Err(nothing(platform, asked.trim()));
    }
    let languages = match explain.language {
        Some(Telling::En) => vec![Language::En],
        Some(Telling::Zh) => vec![Language::Zh],
        Some(Telling::Both) => vec![Language::En, Language::Zh],
        None if explain.output == Format::Json => vec![Language::En, Language::Zh],
        None => vec![Language::of_environment(|name| std::env::var(name).ok())],
    };
    match explain.output {
        Format::Json => output::show(&as_json(platform, &found, &languages), Format::Json),
        // Who looks for everything, or for what many have in common, wants an overview.
        Format::Table if found.len() > FEW => output::say(&list(&found, &languages)),
        Format::Table => {
            let mut told = vec![layout::cards(platform, &found, &languages)];
            if let Some(address) = caller(platform, &asked) {
                told.extend(languages.iter().map(|language| match language {
                    Language::En => format!("The call came from {address}: add that one."),
                    Language::Zh => format!("调用来自 {address}，加入的就是它。"),
                }));
            }
            output::say(&told.join("\n\n"))
        }
    }
}

/// What mends a refusal, in the language of the environment.
pub(crate) fn advice(platform: &str, refusal: &ApiError) -> Option<String> {
    let platform = named(platform).ok()?;
    let behind = refusal.details.as_ref().and_then(|it| it.get("sub_code"));
    let behind = behind.and_then(Value::as_str).map(str::to_owned);
    let codes = behind.into_iter().chain([refusal.code.to_string()]);
    let all = all(platform);
    let rows: Vec<_> = codes
        .flat_map(|code| Explanation::find(all.iter().copied(), &code))
        .filter(|row| {
            !matches!(
                row.place,
                Place::App | Place::Callback | Place::Close | Place::Frame
            )
        })
        .collect();
    let bare = refusal.code.number() == Some(i64::from(refusal.status));
    let status = rows.iter().find(|row| bare && row.place == Place::Status);
    let row = status.or_else(|| rows.first())?;
    let language = Language::of_environment(|name| std::env::var(name).ok());
    let fix = language.of(row.fix);
    let asked = format!("{} {}", refusal.code, refusal.message);
    Some(match (caller(platform, &asked), language) {
        (Some(address), Language::En) => fix.replacen("that address", address, 1),
        (Some(address), Language::Zh) => fix.replacen("该 IP", address, 1),
        (None, _) => fix.to_owned(),
    })
}

/// More than these are listed and not told.
const FEW: usize = 8;

/// The codes of a platform, each with what is wrong, for whoever completes a command line.
pub(crate) fn codes(platform: &str) -> Vec<(&'static str, &'static str)> {
    let Ok(platform) = named(platform) else {
        return Vec::new();
    };
    let language = Language::of_environment(|name| std::env::var(name).ok());
    let mut codes: Vec<(&str, &str)> = Vec::new();
    for row in all(platform) {
        if codes.iter().all(|(code, _)| *code != row.code) {
            codes.push((row.code, language.of(row.cause)));
        }
    }
    codes
}

fn named(name: &str) -> Result<Platform, Failure> {
    let found = Platform::ALL
        .into_iter()
        .find(|one| one.name().eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let names = Platform::ALL.map(Platform::name).join(", ");
        let failure = Failure::usage(format!("no platform `{name}`; there are: {names}"));
        let knowing = Platform::ALL
            .into_iter()
            .filter(|one| !Explanation::find(all(*one).into_iter(), name).is_empty());
        knowing.fold(failure, |failure, one| {
            failure.advise(format!("`mynah explain {} {name}`?", one.name()))
        })
    })
}

/// What explains what was asked for: a code, the codes in a message, or what mentions all words.
fn look_up(all: &[Explanation], asked: &str) -> Vec<Explanation> {
    if asked.is_empty() {
        return all.to_vec();
    }
    let find = |code: &str| Explanation::find(all.iter().copied(), code);
    let exact = find(asked);
    if !exact.is_empty() {
        return exact;
    }
    let mut inside: Vec<Explanation> = Vec::new();
    for row in asked
        .split(ends_a_code)
        .filter(|word| is_code(word))
        .flat_map(find)
    {
        if !inside.contains(&row) {
            inside.push(row);
        }
    }
    if !inside.is_empty() {
        return inside;
    }
    let mentioned = all.iter().filter(|row| row.mentions(asked));
    mentioned.copied().collect()
}

fn ends_a_code(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || c == '.' || c == '-')
}

/// Whether a word in the midst of others is meant as a code: "1" or "error" may be anything.
fn is_code(word: &str) -> bool {
    let number = word.strip_prefix('-').unwrap_or(word);
    let is_number = number.bytes().all(|digit| digit.is_ascii_digit());
    (is_number && (number.len() > 2 || word.starts_with('-')) && !number.is_empty())
        || (!is_number && word.trim_end_matches('.').contains('.'))
}

/// The address that a refusal of WeCom names, if it is why the call was refused.
fn caller(platform: Platform, asked: &str) -> Option<&str> {
    let named = platform == Platform::WeCom && asked.contains("60020");
    let address = named.then(|| mynah_wecom::hint::Hint::read(asked).address)??;
    // It goes to a terminal.
    address.parse::<IpAddr>().is_ok().then_some(address)
}

fn nothing(platform: Platform, asked: &str) -> Failure {
    let name = platform.name();
    let failure = Failure::other(format!("nothing is known of `{asked}` on {name}"))
        .advise(format!("`mynah explain {name}` lists what is known"))
        .advise(format!("the platform's own page: {}", page(platform)));
    let elsewhere = Platform::ALL.into_iter().filter(|one| {
        *one != platform && !Explanation::find(all(*one).into_iter(), asked).is_empty()
    });
    elsewhere.fold(failure, |failure, one| {
        failure.advise(format!("`mynah explain {} {asked}`?", one.name()))
    })
}

/// The code, with where it is met unless that is the usual place.
fn label(row: &Explanation, language: Language) -> String {
    match row.place {
        Place::Answer => row.code.to_owned(),
        place => format!("{} ({})", row.code, language.of(place.words())),
    }
}

fn list(found: &[Explanation], languages: &[Language]) -> String {
    let rows = found.iter().flat_map(|row| {
        languages.iter().enumerate().map(|(place, language)| {
            let code = if place == 0 {
                label(row, *language)
            } else {
                String::new()
            };
            vec![code, language.of(row.cause).to_owned()]
        })
    });
    output::aligned(&rows.collect::<Vec<_>>())
}

fn as_json(platform: Platform, found: &[Explanation], languages: &[Language]) -> Value {
    let told = |words: Bilingual| {
        let told = languages
            .iter()
            .map(|language| (language.name().to_owned(), json!(language.of(words))));
        Value::Object(told.collect::<Map<_, _>>())
    };
    let rows = found.iter().map(|row| {
        json!({
            "platform": platform.name(),
            "code": row.code,
            "place": row.place.name(),
            "status": row.status,
            "words": row.words,
            "cause": told(row.cause),
            "fix": told(row.fix),
            "remedy": row.remedy.name(),
            "repeat": row.remedy.is_worth_repeating(),
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(platform: Platform, asked: &str) -> Vec<&'static str> {
        let rows = look_up(&all(platform), asked).into_iter();
        rows.map(|row| row.code).collect()
    }

    #[test]
    fn a_code_is_found_in_the_message_it_came_in() {
        let message = "not allow to access from your ip, hint: [1700000000123456789012345], \
                       from ip: 203.0.113.7, more info at \
                       https://open.work.weixin.qq.com/devtool/query?e=60020";
        assert_eq!(found(Platform::WeCom, message), ["60020"]);
        assert_eq!(caller(Platform::WeCom, message), Some("203.0.113.7"));
        let odd = message.replace("203.0.113.7", "\u{1b}[2J");
        assert_eq!(caller(Platform::WeCom, &odd), None);
        let message = r#"{"code":"invalidParameter.robotCode.notExsit","message":"机器人不存在"}"#;
        assert_eq!(
            found(Platform::DingTalk, message),
            ["invalidParameter.robotCode.notExsit"]
        );
        assert_eq!(found(Platform::OneBot, "retcode: -34"), ["-34"]);
    }

    #[test]
    fn words_are_looked_for_in_both_languages() {
        assert!(found(Platform::WeCom, "trusted addresses").contains(&"60020"));
        assert!(found(Platform::WeCom, "可信IP").contains(&"60020"));
        assert!(found(Platform::DingTalk, "关键词").contains(&"310000"));
        assert_eq!(found(Platform::BearyChat, "no such words"), [""; 0]);
    }

    #[test]
    fn a_refusal_comes_with_what_mends_it() {
        let told = |platform, refusal: ApiError| advice(platform, &refusal).unwrap();
        let scope = ApiError::new(60011, "no privilege to access/modify contact/party/agent ");
        assert!(told("wecom", scope).contains("可见范围"));
        let mut gateway = ApiError::new(88, "鉴权异常");
        let details = [("sub_code".to_owned(), json!("60011"))];
        gateway = gateway.with_details(details.into_iter().collect());
        assert!(told("dingtalk", gateway).contains("权限管理"));
        let token = ApiError::http(401, "");
        assert!(told("onebot", token).contains("mynah.toml"));
        let strange = ApiError::new("envelope", "<html>");
        assert!(told("rongcloud", strange).contains("mynah doctor"));
        assert_eq!(advice("wecom", &ApiError::new(1, "")), None);
    }

    #[test]
    fn nothing_asked_is_everything() {
        for platform in Platform::ALL {
            assert_eq!(look_up(&all(platform), "").len(), all(platform).len());
        }
    }

    #[test]
    fn a_code_of_another_platform_is_said_to_be_there() {
        let told = nothing(Platform::OneBot, "60020").to_string();
        assert!(told.contains("`mynah explain wecom 60020`?"), "{told}");
        assert!(told.contains("`mynah explain dingtalk 60020`?"), "{told}");
        let told = named("60020").unwrap_err().to_string();
        assert!(told.contains("`mynah explain wecom 60020`?"), "{told}");
    }

    #[test]
    fn every_platform_has_codes_to_complete() {
        for platform in Platform::ALL {
            let codes = codes(platform.name());
            assert!(
                codes
                    .iter()
                    .all(|(code, about)| !code.is_empty() && !about.is_empty())
            );
            assert!(!codes.is_empty() && page(platform).starts_with("https://"));
        }
        assert_eq!(codes("telegram"), []);
    }
}
