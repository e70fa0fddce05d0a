//! `mynah doctor`: what is wrong with an account, and what to do about it.
//!
//! Who looks writes down evidence and judges nothing; who judges is given evidence and asks
//! nobody:
//!
//! | what | looks | judges |
//! |---|---|---|
//! | the settings | [`mynah_bot::Config`] | [`settings`] |
//! | the way there: name, connection, proxy, TLS, clock | [`reach`] | [`line`] |
//! | the credential, its permissions, its quota | [`ask`] | [`call`] |
//! | the socket that an account opens | [`knock`] | [`socket`] |
//! | the address that a platform calls | [`play`] | [`exam`] |
//!
//! Nothing is said to anybody: calls only read, and what is posted is of a kind that does not
//! exist.

mod ask;
mod call;
mod exam;
mod fetch;
mod finding;
mod knock;
mod line;
mod play;
mod print;
mod profile;
mod reach;
mod settings;
mod socket;
mod words;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clap::Args;
use http::Uri;
use mynah_bot::{Account, AccountKind, Config, Platform};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::finding::{Finding, Report};
use self::line::{Line, Surroundings};
use self::settings::{Places, Secret};
use self::words::Words;
use crate::account::{Served, hearing, speaking};
use crate::arguments::{Output, Which};
use crate::exit::{Exit, Failure};
use crate::language::Language;
use crate::output;

/// What is looked at, and how the findings are told.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Doctor {
    /// The account in the configuration; without it, all of them.
    pub(crate) account: Option<String>,
    /// Play the platform against this address: the checks, signatures and events it would send to
    /// the account's program there. Nobody is told anything.
    #[arg(long, value_name = "URL", value_parser = receiver)]
    pub(crate) callback: Option<Uri>,
    /// Also log in as WeCom's intelligent bot; a connection that the bot has elsewhere ends by that.
    #[arg(long)]
    pub(crate) take_over: bool,
    /// The language of the findings; that of the environment (LANG) unless said.
    #[arg(long, value_enum)]
    pub(crate) language: Option<Language>,
    /// How the findings are printed: table, json, or the file they go to.
    #[arg(short, long, default_value = "table", value_name = "FORMAT|FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) output: Output,
    /// With --url: the platform of the account.
    #[arg(long, value_name = "PLATFORM", requires = "url")]
    pub(crate) platform: Option<String>,
    #[command(flatten)]
    pub(crate) which: Which,
}

const EXAMPLES: &str = "\
Examples:
  mynah doctor                             all accounts of mynah.toml
  mynah doctor app --language zh           one account, in Chinese
  mynah doctor app --callback https://bot.example.com/wecom
  mynah doctor --platform wecom --url https://qyapi.weixin.qq.com --token env:CORP_SECRET

It ends with 0 if nothing is wrong, and else with the code of the cause: 3 settings, 4 credential,
5 refused by the platform, 6 not reached, 1 everything else.";

/// An address that a platform could call.
fn receiver(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|error| format!("{error}"))?;
    let usual = matches!(uri.scheme_str(), Some("http" | "https"));
    if usual && uri.host().is_some() {
        Ok(uri)
    } else {
        Err("must begin with https:// or http://".to_owned())
    }
}

/// How many accounts are looked at at once.
const AT_ONCE: usize = 8;

pub(crate) async fn run(doctor: Doctor) -> Result<(), Failure> {
    let language = doctor
        .language
        .unwrap_or_else(|| Language::of_environment(|name| std::env::var(name).ok()));
    let reports = match settled(&doctor)? {
        Ok(settled) => examined(&doctor, settled).await?,
        Err(report) => vec![report],
    };
    match &doctor.output {
        Output::Table => {
            let text = print::print(&reports, language);
            output::write(text.as_bytes())?;
        }
        other => {
            let accounts: Vec<_> = reports.iter().map(|it| it.json(language)).collect();
            output::print(&json!({ "accounts": accounts }), other)?;
        }
    }
    let findings: Vec<_> = reports.iter().flat_map(|report| &report.findings).collect();
    match finding::exit(findings.iter().copied()) {
        None => Ok(()),
        Some(exit) => {
            let count = findings.len();
            let words = match count {
                1 => "doctor: 1 finding; it says what to do".to_owned(),
                _ => format!("doctor: {count} findings; each says what to do"),
            };
            Err(Failure::ending(exit, words))
        }
    }
}

/// The accounts to look at, and where their settings stand.
struct Settled {
    config: Config,
    file: Option<String>,
    accounts: Vec<Account>,
}

/// The settings, or what is wrong with all of them.
fn settled(doctor: &Doctor) -> Result<Result<Settled, Report>, Failure> {
    let which = &doctor.which;
    if which.url.is_some() {
        let account = described(doctor)?;
        return Ok(Ok(Settled {
            config: Config::of(vec![account.clone()]),
            file: None,
            accounts: vec![account],
        }));
    }
    let file = which.config.display().to_string();
    let refused = |finding| {
        let mut report = Report::new("", Words::same(file.clone()));
        report.add([finding]);
        Ok(Err(report))
    };
    let config = match Config::open(&which.config) {
        Ok(config) => config,
        Err(bad) => return refused(settings::unreadable(&bad, which.config.exists())),
    };
    if config.accounts.is_empty() {
        return refused(settings::nobody(&file));
    }
    let accounts = match &doctor.account {
        None => config.accounts.clone(),
        Some(name) => {
            let Some(account) = config.account(Some(name)) else {
                let names: Vec<_> = config.accounts.iter().map(|it| it.name.as_str()).collect();
                let problem = format!(
                    "{file}: no account `{name}`; there are: {}",
                    names.join(", ")
                );
                return Err(Failure::configuration(problem));
            };
            vec![account.clone()]
        }
    };
    if doctor.callback.is_some() && accounts.len() > 1 {
        let names: Vec<_> = accounts.iter().map(|it| it.name.as_str()).collect();
        let problem = format!(
            "--callback: whose address is it? name one of: {}",
            names.join(", ")
        );
        return Err(Failure::usage(problem));
    }
    Ok(Ok(Settled {
        config,
        file: Some(file),
        accounts,
    }))
}

/// The account that `--platform`, `--url` and `--token` describe.
fn described(doctor: &Doctor) -> Result<Account, Failure> {
    let which = &doctor.which;
    let platform = doctor
        .platform
        .as_deref()
        .ok_or_else(|| Failure::usage("--url: say whose with --platform"))?;
    let socket = which
        .url
        .as_deref()
        .is_some_and(|url| url.starts_with("ws"));
    if socket && platform == Platform::OneBot.name() {
        return hearing(which, Some(platform));
    }
    let platform = Served::named(platform)?.platform;
    speaking(which, platform.name(), platform)
}

async fn examined(doctor: &Doctor, settled: Settled) -> Result<Vec<Report>, Failure> {
    let Settled {
        config,
        file,
        accounts,
    } = settled;
    let places = Places {
        config: &config,
        file,
    };
    let gate = Arc::new(Semaphore::new(AT_ONCE));
    let mut looking = JoinSet::new();
    for (index, account) in accounts.into_iter().enumerate() {
        let patient = Patient::new(&places, account, doctor)?;
        let gate = Arc::clone(&gate);
        looking.spawn(async move {
            let _turn = gate.acquire().await;
            (index, patient.examine().await)
        });
    }
    let mut reports = looking.join_all().await;
    reports.sort_by_key(|(index, _)| *index);
    let mut reports: Vec<_> = reports.into_iter().map(|(_, report)| report).collect();
    if doctor.account.is_none() {
        let clash = places.config.check_distinct();
        let clash = clash.err().map(|bad| settings::clash(&bad));
        let handler = places.config.check_handlers();
        let handler = handler.err().map(|bad| settings::handler(&bad));
        let of_all: Vec<_> = clash.into_iter().chain(handler).collect();
        if !of_all.is_empty() {
            let mut report = Report::new("", Words::same(places.file.clone().unwrap_or_default()));
            report.add(of_all);
            reports.push(report);
        }
    }
    Ok(reports)
}

/// An account under examination.
struct Patient {
    account: Account,
    /// Where the address stands at which it listens.
    listen: String,
    callback: Option<Uri>,
    take_over: bool,
    report: Report,
}

impl Patient {
    /// What the settings say.
    fn new(places: &Places<'_>, account: Account, doctor: &Doctor) -> Result<Self, Failure> {
        let secrets: Vec<_> = account
            .secrets()
            .into_iter()
            .map(|(key, secret)| Secret {
                key,
                text: secret.read(),
            })
            .collect();
        let addresses = profile::addresses(&account)?;
        let mut report = Report::new(account.name.as_str(), profile::what(&account));
        report.add(settings::judge(places, &account, &secrets, &addresses));
        Ok(Self {
            listen: places.of(&account.name, "listen"),
            callback: doctor.callback.clone(),
            take_over: doctor.take_over,
            account,
            report,
        })
    }

    async fn examine(mut self) -> Report {
        // What the platform would say of wrong settings is known beforehand.
        let wrong = |it: &Finding| {
            it.exit == Exit::Configuration && it.severity == finding::Severity::Error
        };
        if self.report.findings.iter().any(wrong) {
            return self.report;
        }
        self.look_at_listening().await;
        let open = self.look_at_ways().await;
        if open {
            self.look_at_calls().await;
        }
        // Where the socket's address comes from a call, or is the same, nothing new is learnt.
        if open || self.account.platform.platform() == Platform::OneBot {
            self.look_at_socket().await;
        }
        self.look_at_callback().await;
        self.report
    }

    async fn look_at_listening(&mut self) {
        let Some(address) = profile::listens(&self.account) else {
            return;
        };
        let bound = tokio::net::TcpListener::bind(address).await;
        let bound = bound.map(drop).map_err(|error| error.kind());
        self.report
            .add(settings::listening(&self.listen, address, bound));
    }

    /// Whether the platform can be reached.
    async fn look_at_ways(&mut self) -> bool {
        let proxy = self.account.proxy().ok().flatten();
        let addresses = profile::addresses(&self.account).unwrap_or_default();
        let mut open = true;
        let mut clock = None;
        let mut seen = Vec::new();
        for address in addresses {
            let Ok(uri) = address.url.as_str().parse::<Uri>() else {
                continue;
            };
            let authority = (
                uri.scheme_str().map(str::to_owned),
                uri.authority().cloned(),
            );
            if seen.contains(&authority) {
                continue;
            }
            seen.push(authority);
            let Some(line) = reach::visit(&uri, proxy.as_ref()).await else {
                continue;
            };
            open &= line.is_open();
            clock = clock.or_else(|| line::judge_clock(&line, window(&self.account)));
            self.note_line(&line);
        }
        self.report.add(clock);
        open
    }

    fn note_line(&mut self, line: &Line) {
        self.report.add(line::judge(line, surroundings()));
        if let Some(words) = line.well() {
            self.report.well(&line.target.url, words);
        }
    }

    async fn look_at_calls(&mut self) {
        match ask::ask(&self.account).await {
            Ok(asked) => {
                for one in asked {
                    if let Some(words) = one.well() {
                        self.report.well(one.name, words);
                    }
                    self.report.add(call::judge(&one));
                }
            }
            Err(failure) => self.report.add([settings::unusable(&failure)]),
        }
    }

    async fn look_at_socket(&mut self) {
        // Who is not let in by a call is not let in by a socket, and for the same reason.
        if self
            .report
            .findings
            .iter()
            .any(|it| it.exit == Exit::Authentication)
        {
            return;
        }
        match knock::knock(&self.account, self.take_over).await {
            Ok(Some(knocked)) => {
                if let Some(words) = knocked.well() {
                    self.report.well(&knocked.place, words);
                }
                self.report.add(socket::judge(&knocked, surroundings()));
            }
            Ok(None) => {}
            Err(failure) => self.report.add([settings::unusable(&failure)]),
        }
    }

    async fn look_at_callback(&mut self) {
        let Some(uri) = self.callback.clone() else {
            return;
        };
        let Some(target) = line::Target::of(&uri) else {
            return;
        };
        let place = target.url.clone();
        let moment = exam::Moment {
            nonce: fastrand::u64(..),
            wall: SystemTime::now(),
        };
        let me = ask::self_id(&self.account).await;
        let questions = match exam::questions(&self.account, me, moment) {
            Ok(questions) => questions,
            Err(bad) => {
                self.report.add([settings::unusable(&bad.into())]);
                return;
            }
        };
        if questions.is_empty() {
            self.report.add([exam::nothing(&place)]);
            return;
        }
        let (line, _) = reach::open(&target, None).await;
        self.report.add(line::judge(&line, Surroundings::default()));
        if !line.is_open() {
            return;
        }
        if profile::is_private(&target.host) && !is_sandboxed(&self.account) {
            self.report.add([exam::private(&place)]);
        }
        let asked = play::play(questions, &uri).await;
        let findings = exam::judge(&place, &asked);
        if findings.is_empty() {
            self.report.well(&place, exam::well(&asked));
        }
        self.report.add(findings);
    }
}

/// Whether an account belongs to a sandbox on this machine, which reaches what we reach.
fn is_sandboxed(account: &Account) -> bool {
    let addresses = profile::addresses(account).unwrap_or_default();
    let here =
        |it: &profile::Address| it.named.is_some() && profile::is_here(&profile::host(&it.url));
    match &account.platform {
        // What calls back is in one's own network.
        AccountKind::OneBot(_) => true,
        _ => addresses.iter().any(here),
    }
}

/// How far a clock may be off for what an account signs and checks.
fn window(account: &Account) -> Option<Duration> {
    match account.platform.platform() {
        Platform::DingTalk => Some(mynah_dingtalk::inbound::ROBOT_WINDOW),
        _ => None,
    }
}

/// What the environment says of proxies.
fn surroundings() -> Surroundings {
    let set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    Surroundings {
        proxy_variable: ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
            .into_iter()
            .find(set),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_for_callbacks_is_one_of_http() {
        assert!(receiver("https://bot.example.com/wecom?app=1").is_ok());
        for text in ["bot.example.com", "ftp://h/", "/path", "ws://h/"] {
            assert!(receiver(text).is_err(), "{text}");
        }
    }

    #[test]
    fn accounts_of_a_sandbox_are_reached_from_here() {
        let account = |keys: &str| {
            let config = Config::parse(&format!("[[account]]\n{keys}")).unwrap();
            config.accounts[0].clone()
        };
        let app = "platform = 'rongcloud'\napp_key = 'k'\napp_secret = 's'\n";
        assert!(!is_sandboxed(&account(app)));
        assert!(is_sandboxed(&account(&format!(
            "{app}api = 'http://127.0.0.1:7700/rongcloud'"
        ))));
    }
}
