//! From a name on the command line to somebody who makes calls.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use mynah_bot::bearychat::{HubotOutbox, Service};
use mynah_bot::dingtalk::{AppOutbox, app_clients};
use mynah_bot::onebot::OneBotOutbox;
use mynah_bot::rongcloud::UserOutbox;
use mynah_bot::wecom::{
    ApplicationOutbox, BotSocket, RobotOutbox, application_client, robot_client,
};
use mynah_bot::{
    Account, AccountKind, BearyChatAccount, BearyChatHubot, BearyChatRobot, Config,
    DingTalkAccount, DingTalkApp, DingTalkRobot, OneBotAccount, Outbox, Platform, RongCloudAccount,
    Secret, WeComAccount, WeComApplication, WeComBot, WeComRobot, bearychat, dingtalk, rongcloud,
    transport,
};
use mynah_client::Client;
use mynah_core::{BaseUrl, Error, HttpResponse, Operation, RawRequest};
use mynah_onebot::AccessToken;
use secrecy::ExposeSecret;

use crate::arguments::Which;
use crate::exit::Failure;

/// What `mynah call` knows of a platform.
pub(crate) struct Served {
    /// Which one.
    pub(crate) platform: Platform,
    /// Its endpoints.
    pub(crate) operations: &'static [Operation],
    /// Where calls go if nothing else is said, by their path.
    base: fn(&str) -> &'static str,
}

/// All platforms.
pub(crate) static PLATFORMS: &[Served] = &[
    Served {
        platform: Platform::OneBot,
        operations: &mynah_onebot::for_each_endpoint!(mynah_core::operations),
        base: |_| "http://127.0.0.1:5700",
    },
    Served {
        platform: Platform::WeCom,
        operations: &mynah_wecom::for_each_endpoint!(mynah_core::operations),
        base: |path| match Door::of(path) {
            Door::Socket => WIRE,
            _ => mynah_wecom::API,
        },
    },
    Served {
        platform: Platform::DingTalk,
        operations: &mynah_dingtalk::for_each_endpoint!(mynah_core::operations),
        base: |path| Entrance::of(path).host(),
    },
    Served {
        platform: Platform::RongCloud,
        operations: &mynah_rongcloud::for_each_endpoint!(mynah_core::operations),
        base: |path| {
            if verifies_numbers(path) {
                mynah_rongcloud::SMS
            } else {
                mynah_rongcloud::API
            }
        },
    },
    Served {
        platform: Platform::BearyChat,
        operations: &mynah_bearychat::for_each_endpoint!(mynah_core::operations),
        base: |path| Service::of(path).host(),
    },
];

impl Served {
    /// The platform of this name.
    pub(crate) fn named(name: &str) -> Result<&'static Self, Failure> {
        let found = PLATFORMS.iter().find(|one| one.platform.name() == name);
        found.ok_or_else(|| {
            let names: Vec<_> = PLATFORMS.iter().map(|one| one.platform.name()).collect();
            Failure::usage(format!(
                "no platform `{name}`; there are: {}",
                names.join(", ")
            ))
            .advise("`mynah call PLATFORM` lists the endpoints of one")
        })
    }

    /// Where calls to a path go if nothing else is said.
    pub(crate) fn base(&self, path: &str) -> &'static str {
        (self.base)(path)
    }
}

/// A call on its way.
type Calling = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send>>;

/// Somebody who makes a call, with the credential it needs.
pub(crate) struct Caller {
    call: Box<dyn FnOnce(RawRequest, &'static str, Duration) -> Calling>,
}

impl Caller {
    fn new<P: mynah_core::Platform>(client: Client<P>) -> Self {
        Self {
            call: Box::new(move |request, name, timeout| {
                Box::pin(async move { client.raw(request).named(name).timeout(timeout).await })
            }),
        }
    }

    /// The same over the socket of a bot, which stays open meanwhile.
    fn over(socket: BotSocket) -> Self {
        let call = Self::new(socket.outbox().client().clone()).call;
        Self {
            call: Box::new(move |request, name, timeout| {
                let calling = call(request, name, timeout);
                Box::pin(async move {
                    let answer = calling.await;
                    answer.map_err(|error| socket.refused().unwrap_or(error))
                })
            }),
        }
    }

    /// Makes the call, which errors name so; any answer is the answer.
    pub(crate) async fn call(
        self,
        request: RawRequest,
        name: &'static str,
        timeout: Duration,
    ) -> Result<HttpResponse, Error> {
        (self.call)(request, name, timeout).await
    }
}

/// Which credential of WeCom a path asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Application,
    Robot,
    Socket,
}

impl Door {
    pub(crate) fn of(path: &str) -> Self {
        if path.starts_with("/cgi-bin/webhook/") {
            Self::Robot
        } else if path.starts_with("/openws/") {
            Self::Socket
        } else {
            Self::Application
        }
    }

    const fn wants(self) -> &'static str {
        match self {
            Self::Application => "an application (`corpid`)",
            Self::Robot => "a group robot (`webhook_key`)",
            Self::Socket => "an intelligent bot with a socket (`bot_secret`)",
        }
    }

    const fn opens(self, account: &WeComAccount) -> bool {
        matches!(
            (self, account),
            (Self::Application, WeComAccount::Application(_))
                | (Self::Robot, WeComAccount::Robot(_))
                | (Self::Socket, WeComAccount::Bot(_))
        )
    }
}

/// Which interface of DingTalk a path belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entrance {
    /// Version 1.0.
    Open,
    /// A custom robot.
    Robot,
    /// The obsolete gateway.
    Top,
    /// The classic interface and topapi.
    Classic,
}

impl Entrance {
    fn of(path: &str) -> Self {
        match path {
            "/robot/send" => Self::Robot,
            "/router/rest" => Self::Top,
            path if path.starts_with("/v1.0/") => Self::Open,
            _ => Self::Classic,
        }
    }

    const fn host(self) -> &'static str {
        match self {
            Self::Open => mynah_dingtalk::API,
            Self::Top => mynah_dingtalk::TOP,
            Self::Robot | Self::Classic => mynah_dingtalk::OAPI,
        }
    }

    const fn wants(self) -> &'static str {
        match self {
            Self::Robot => "a custom robot (`access_token`)",
            _ => "an application (`client_id`)",
        }
    }

    const fn opens(self, account: &DingTalkAccount) -> bool {
        match account {
            DingTalkAccount::Robot(_) => matches!(self, Self::Robot),
            DingTalkAccount::App(_) => !matches!(self, Self::Robot),
            _ => false,
        }
    }
}

/// Whether a path belongs to the host of RongCloud that verifies telephone
/// numbers.
fn verifies_numbers(path: &str) -> bool {
    let path = path.strip_suffix(".json").unwrap_or(path);
    matches!(path, "/getImgCode" | "/sendCode" | "/verifyCode")
}

/// Whether calls to a path of DingTalk are those of a custom robot.
pub(crate) fn is_robot_of_dingtalk(path: &str) -> bool {
    Entrance::of(path) == Entrance::Robot
}

/// Whether calls to a path can be made from an account.
pub(crate) fn serves(account: &Account, platform: Platform, path: &str) -> bool {
    match &account.platform {
        AccountKind::WeCom(wecom) => platform == Platform::WeCom && Door::of(path).opens(wecom),
        AccountKind::DingTalk(dingtalk) => {
            platform == Platform::DingTalk && Entrance::of(path).opens(dingtalk)
        }
        AccountKind::BearyChat(bearychat) => {
            platform == Platform::BearyChat && has(bearychat, Service::of(path))
        }
        other => other.platform() == platform,
    }
}

/// The account that is meant by its name, or the only one that `fits`. A name is said behind
/// `said_by` on the command line.
pub(crate) fn account(
    which: &Which,
    name: Option<&str>,
    said_by: &str,
    fits: impl Fn(&Account) -> bool,
) -> Result<Account, Failure> {
    let file = which.config.display();
    if !which.config.exists() {
        let problem = format!("{file}: there is no such file, and no --url");
        return Err(Failure::configuration(problem)
            .advise("write the account into it, or name another file with --config")
            .advise("or say where the platform is: --url URL --token TOKEN"));
    }
    let config = Config::open(&which.config)?;
    let names = |accounts: &[&Account]| -> String {
        let names: Vec<_> = accounts.iter().map(|one| one.name.as_str()).collect();
        names.join(", ")
    };
    let all: Vec<_> = config.accounts.iter().collect();
    if let Some(name) = name {
        return config.account(Some(name)).cloned().ok_or_else(|| {
            Failure::configuration(format!(
                "{file}: no account `{name}`; there are: {}",
                names(&all)
            ))
        });
    }
    let fitting: Vec<_> = all.iter().copied().filter(|one| fits(one)).collect();
    match fitting.as_slice() {
        [one] => Ok((*one).clone()),
        [] if all.is_empty() => Err(
            Failure::configuration(format!("{file}: there is no account"))
                .advise("write one: [[account]], then name, platform and its keys"),
        ),
        [] => Err(Failure::configuration(format!(
            "{file}: no account can do this; there are: {}",
            names(&all)
        ))),
        several => Err(Failure::configuration(format!(
            "which account? there are: {}",
            names(several)
        ))
        .advise(format!("say so: {said_by} {}", several[0].name))),
    }
}

/// The account that calls to `path`: one of the configuration, or what
/// `--url` and `--token` describe.
pub(crate) fn calling(
    which: &Which,
    name: Option<&str>,
    platform: Platform,
    path: &str,
) -> Result<Account, Failure> {
    match &which.url {
        Some(url) => described(platform, path, url, which.token.as_deref()),
        None => account(which, name, "--account", |one| serves(one, platform, path)),
    }
}

/// Where a dry run would call. It can do without an account, but not with a
/// wrong one.
pub(crate) fn would_call(
    which: &Which,
    name: Option<&str>,
    served: &Served,
    path: &str,
) -> Result<BaseUrl, Failure> {
    let named = if which.url.is_some() || name.is_some() || which.config.exists() {
        let account = calling(which, name, served.platform, path);
        match account {
            Ok(account) => address(&account.platform, path)?,
            Err(error) if which.url.is_some() || name.is_some() => return Err(error),
            // None or several can; but the file must be one.
            Err(_) => Config::open(&which.config).map(|_| None)?,
        }
    } else {
        None
    };
    named.map_or_else(|| served.base(path).parse().map_err(Failure::other), Ok)
}

/// The address of an intelligent bot's socket.
const WIRE: &str = mynah_wecom::aibot::BotSocket::ADDRESS;

/// The address that an account names for calls to a path.
fn address(kind: &AccountKind, path: &str) -> Result<Option<BaseUrl>, Failure> {
    Ok(match kind {
        AccountKind::OneBot(onebot) => onebot.api.clone(),
        AccountKind::WeCom(WeComAccount::Application(application)) => application.api.clone(),
        AccountKind::WeCom(WeComAccount::Robot(robot)) => robot.api.clone(),
        AccountKind::WeCom(WeComAccount::Bot(bot)) => bot.connect.clone(),
        AccountKind::DingTalk(DingTalkAccount::App(app)) => app.api.clone(),
        AccountKind::DingTalk(DingTalkAccount::Robot(robot)) => robot.api.clone(),
        AccountKind::RongCloud(rongcloud) => rongcloud.api.clone(),
        AccountKind::BearyChat(bearychat) => {
            let api = match bearychat {
                BearyChatAccount::Hubot(hubot) => hubot.api.as_ref(),
                other => hook_of(other).and_then(|robot| robot.api.as_ref()),
            };
            Some(Service::of(path).base(api)?)
        }
        _ => None,
    })
}

/// Whether an account has to do with a service.
fn has(account: &BearyChatAccount, service: Service) -> bool {
    match service {
        Service::Hook => hook_of(account).is_some(),
        Service::OpenApi | Service::Rtm => matches!(account, BearyChatAccount::Hubot(_)),
    }
}

/// The incoming hook of an account.
fn hook_of(account: &BearyChatAccount) -> Option<&BearyChatRobot> {
    match account {
        BearyChatAccount::Robot(robot) => Some(robot),
        BearyChatAccount::Outgoing(outgoing) => outgoing.hook.as_ref(),
        _ => None,
    }
}

/// Who makes calls to `path`.
pub(crate) fn caller(
    which: &Which,
    name: Option<&str>,
    platform: Platform,
    path: &str,
) -> Result<Caller, Failure> {
    let account = calling(which, name, platform, path)?;
    account.on_its_way(|| caller_as(&account, platform, path))?
}

fn caller_as(account: &Account, platform: Platform, path: &str) -> Result<Caller, Failure> {
    match &account.platform {
        AccountKind::OneBot(onebot) if platform == Platform::OneBot => {
            onebot_client(onebot).map(Caller::new)
        }
        AccountKind::WeCom(wecom) if platform == Platform::WeCom => {
            let door = Door::of(path);
            if !door.opens(wecom) {
                return Err(wrong_kind(&account.name, door.wants()));
            }
            wecom_caller(wecom)
        }
        AccountKind::DingTalk(dingtalk) if platform == Platform::DingTalk => {
            let entrance = Entrance::of(path);
            if !entrance.opens(dingtalk) {
                return Err(wrong_kind(&account.name, entrance.wants()));
            }
            dingtalk_caller(dingtalk, entrance)
        }
        AccountKind::RongCloud(app) if platform == Platform::RongCloud => {
            if verifies_numbers(path) {
                Ok(Caller::new(rongcloud::sms_client(app)?))
            } else {
                Ok(Caller::new(rongcloud::app_client(app)?))
            }
        }
        AccountKind::BearyChat(bearychat) if platform == Platform::BearyChat => {
            bearychat_caller(&account.name, bearychat, Service::of(path))
        }
        other => Err(Failure::configuration(format!(
            "account {}: not a {platform} account",
            account.name
        ))
        .advise(format!("it is one of {}", other.platform()))),
    }
}

fn wrong_kind(name: &str, wants: &str) -> Failure {
    let problem = format!("account {name}: this call needs {wants}");
    Failure::configuration(problem).advise("name another account with --account")
}

/// The account that `--url` and `--token` describe. WeCom's token is
/// `corpid:corpsecret`, with `:agentid` behind it to send messages, `bot_id:bot_secret` or a
/// group robot's key; DingTalk's is
/// `client_id:client_secret`, or a custom robot's `access_token`, with `:SEC…`
/// behind it if it signs; RongCloud's is `app_key:app_secret`; BearyChat's is that of a hubot, or
/// the address of an incoming hook.
fn described(
    platform: Platform,
    path: &str,
    url: &str,
    token: Option<&str>,
) -> Result<Account, Failure> {
    let base: BaseUrl = url
        .parse()
        .map_err(|e| Failure::usage(format!("--url: {e}")))?;
    let token = token.map(Secret::new);
    let kind = match platform {
        Platform::OneBot => AccountKind::OneBot(OneBotAccount {
            api: Some(base),
            access_token: token,
            ..OneBotAccount::default()
        }),
        Platform::WeCom => AccountKind::WeCom(wecom_described(Door::of(path), base, token)?),
        Platform::DingTalk => {
            AccountKind::DingTalk(dingtalk_described(Entrance::of(path), base, token)?)
        }
        Platform::RongCloud => AccountKind::RongCloud(rongcloud_described(base, token)?),
        Platform::BearyChat => {
            AccountKind::BearyChat(bearychat_described(Service::of(path), base, token)?)
        }
        other => return Err(Failure::usage(format!("{other}: needs an account"))),
    };
    Ok(Account::new(platform.name(), kind))
}

fn wecom_described(
    door: Door,
    base: BaseUrl,
    token: Option<Secret>,
) -> Result<WeComAccount, Failure> {
    let token = token.ok_or_else(|| Failure::usage("--url: WeCom needs --token as well"))?;
    if door == Door::Robot {
        let robot = WeComRobot {
            webhook_key: token,
            api: Some(base),
        };
        return Ok(WeComAccount::Robot(robot));
    }
    let token = token.read()?;
    let (id, secret) = token.expose_secret().split_once(':').ok_or_else(|| {
        Failure::usage("--token: write corpid:corpsecret, or bot_id:bot_secret for a bot's socket")
    })?;
    let numbered = secret.rsplit_once(':').and_then(|(secret, number)| {
        let agentid = number.parse().ok()?;
        Some((secret, agentid))
    });
    let (secret, agentid) = numbered.unwrap_or((secret, 0));
    let (id, secret) = (id.to_owned(), Secret::value(secret));
    Ok(match door {
        Door::Socket => WeComAccount::Bot(WeComBot {
            bot_id: id,
            bot_secret: secret,
            connect: Some(base),
        }),
        _ => WeComAccount::Application(WeComApplication {
            corpid: id,
            corpsecret: secret,
            agentid,
            api: Some(base),
            callback: None,
        }),
    })
}

fn dingtalk_described(
    entrance: Entrance,
    base: BaseUrl,
    token: Option<Secret>,
) -> Result<DingTalkAccount, Failure> {
    let token = token.ok_or_else(|| Failure::usage("--url: DingTalk needs --token as well"))?;
    let token = token.read()?;
    let parts = token.expose_secret().rsplit_once(':');
    if entrance == Entrance::Robot {
        // An address has colons of its own.
        let signing = parts.filter(|(_, secret)| secret.starts_with("SEC"));
        let (key, secret) = signing.unzip();
        return Ok(DingTalkAccount::Robot(DingTalkRobot {
            access_token: Secret::value(key.unwrap_or(token.expose_secret())),
            secret: secret.map(Secret::value),
            api: Some(base),
        }));
    }
    let (id, secret) =
        parts.ok_or_else(|| Failure::usage("--token: write client_id:client_secret"))?;
    Ok(DingTalkAccount::App(DingTalkApp {
        api: Some(base),
        ..DingTalkApp::new(id, Secret::value(secret))
    }))
}

fn rongcloud_described(base: BaseUrl, token: Option<Secret>) -> Result<RongCloudAccount, Failure> {
    let token = token.ok_or_else(|| Failure::usage("--url: RongCloud needs --token as well"))?;
    let token = token.read()?;
    let parts = token.expose_secret().split_once(':');
    let (key, secret) = parts.ok_or_else(|| Failure::usage("--token: write app_key:app_secret"))?;
    let mut account = RongCloudAccount::new(key, Secret::value(secret));
    account.api = Some(base);
    Ok(account)
}

fn bearychat_described(
    service: Service,
    base: BaseUrl,
    token: Option<Secret>,
) -> Result<BearyChatAccount, Failure> {
    let token = token.ok_or_else(|| Failure::usage("--url: BearyChat needs --token as well"))?;
    let api = Some(base);
    Ok(match service {
        Service::Hook => BearyChatAccount::Robot(BearyChatRobot { hook: token, api }),
        Service::OpenApi | Service::Rtm => BearyChatAccount::Hubot(BearyChatHubot {
            api,
            ..BearyChatHubot::new(token)
        }),
    })
}

fn bearychat_caller(
    name: &str,
    account: &BearyChatAccount,
    service: Service,
) -> Result<Caller, Failure> {
    match (service, account, hook_of(account)) {
        (Service::OpenApi, BearyChatAccount::Hubot(hubot), _) => {
            Ok(Caller::new(bearychat::hubot_client(hubot)?))
        }
        (Service::Rtm, BearyChatAccount::Hubot(hubot), _) => {
            Ok(Caller::new(bearychat::rtm_client(hubot)?))
        }
        (Service::Hook, _, Some(robot)) => Ok(Caller::new(bearychat::robot_client(robot)?)),
        (Service::Hook, ..) => Err(wrong_kind(name, "an incoming hook (`hook`)")),
        _ => Err(wrong_kind(name, "a hubot (`token`)")),
    }
}

fn dingtalk_caller(account: &DingTalkAccount, entrance: Entrance) -> Result<Caller, Failure> {
    Ok(match account {
        DingTalkAccount::App(app) => match entrance {
            Entrance::Open => Caller::new(app_clients(app)?.open),
            Entrance::Top => Caller::new(top_client(app)?),
            Entrance::Classic | Entrance::Robot => Caller::new(app_clients(app)?.classic),
        },
        DingTalkAccount::Robot(robot) => Caller::new(dingtalk::robot_client(robot)?),
        _ => return Err(Failure::configuration("this account cannot call")),
    })
}

/// The obsolete gateway has an address of its own.
fn top_client(app: &DingTalkApp) -> Result<Client<mynah_dingtalk::DingTalk>, Failure> {
    if app.api.is_some() {
        return Ok(app_clients(app)?.classic);
    }
    let oapi: BaseUrl = mynah_dingtalk::OAPI.parse().map_err(Failure::other)?;
    let top: BaseUrl = mynah_dingtalk::TOP.parse().map_err(Failure::other)?;
    let secret = app.client_secret.read()?;
    let app = mynah_dingtalk::App::new(app.client_id.as_str(), secret.expose_secret());
    let tokens = mynah_core::Tokens::new(oapi, app);
    Ok(Client::builder(top).auth(tokens).over(transport()))
}

fn wecom_caller(account: &WeComAccount) -> Result<Caller, Failure> {
    Ok(match account {
        WeComAccount::Application(application) => Caller::new(application_client(application)?),
        WeComAccount::Robot(robot) => Caller::new(robot_client(robot)?),
        WeComAccount::Bot(bot) => Caller::over(BotSocket::open(bot)?),
        _ => return Err(Failure::configuration("this account cannot call")),
    })
}

/// The account that speaks to a conversation on a platform: by its name, or what `--url` and
/// `--token` describe.
pub(crate) fn speaking(which: &Which, name: &str, platform: Platform) -> Result<Account, Failure> {
    let Some(url) = &which.url else {
        return account(which, Some(name), "mynah send", |_| true);
    };
    // What a path would tell, the form of the address and of the token tell.
    let secret = which.token.as_deref().map(|it| Secret::new(it).read());
    let secret = secret.transpose()?;
    let token = secret.as_ref().map_or("", |it| it.expose_secret());
    let path = match platform {
        Platform::WeCom if url.starts_with("ws") => "/openws/",
        Platform::WeCom if !token.contains(':') => "/cgi-bin/webhook/",
        Platform::DingTalk if !token.contains(':') || token.contains(":SEC") => "/robot/send",
        Platform::BearyChat if token.contains("/incoming/") => "/incoming",
        _ => "",
    };
    described(platform, path, url, which.token.as_deref())
}

/// The account that is listened to: by its name, the only one, or what `--url` and `--token`
/// describe on the platform that is named instead.
pub(crate) fn hearing(which: &Which, name: Option<&str>) -> Result<Account, Failure> {
    let Some(url) = &which.url else {
        return account(which, name, "mynah listen", |account| {
            account.platform.hears()
        });
    };
    let platform = match name {
        Some(name) => Served::named(name)?.platform,
        None => Platform::OneBot,
    };
    let path = match platform {
        Platform::WeCom => "/openws/",
        _ => "",
    };
    let mut account = described(platform, path, url, which.token.as_deref())?;
    if let AccountKind::OneBot(onebot) = &mut account.platform
        && url.starts_with("ws")
    {
        onebot.connect = onebot.api.take();
    }
    Ok(account)
}

/// What sends from an account, and what has to stay open meanwhile.
pub(crate) fn outbox(account: &Account) -> Result<Sender, Failure> {
    account.on_its_way(|| outbox_of(account))?
}

type Sender = (Arc<dyn Outbox>, Option<BotSocket>);

fn outbox_of(account: &Account) -> Result<Sender, Failure> {
    Ok(match &account.platform {
        AccountKind::OneBot(onebot) => (Arc::new(OneBotOutbox::new(onebot_client(onebot)?)), None),
        AccountKind::WeCom(WeComAccount::Application(application)) => {
            let client = application_client(application)?;
            let outbox = ApplicationOutbox::new(client, application.agentid);
            (Arc::new(outbox), None)
        }
        AccountKind::WeCom(WeComAccount::Robot(robot)) => {
            (Arc::new(RobotOutbox::new(robot_client(robot)?)), None)
        }
        AccountKind::WeCom(WeComAccount::Bot(bot)) => {
            let socket = BotSocket::open(bot)?;
            (Arc::new(socket.outbox().clone()), Some(socket))
        }
        AccountKind::DingTalk(DingTalkAccount::App(app)) => (Arc::new(AppOutbox::open(app)?), None),
        AccountKind::DingTalk(DingTalkAccount::Robot(robot)) => {
            let client = dingtalk::robot_client(robot)?;
            (Arc::new(dingtalk::RobotOutbox::new(client)), None)
        }
        AccountKind::RongCloud(rongcloud) => {
            let client = rongcloud::app_client(rongcloud)?;
            (Arc::new(UserOutbox::new(client, rongcloud.user())), None)
        }
        AccountKind::BearyChat(BearyChatAccount::Hubot(hubot)) => {
            let client = bearychat::hubot_client(hubot)?;
            (Arc::new(HubotOutbox::new(client)), None)
        }
        AccountKind::BearyChat(other) if hook_of(other).is_some() => {
            let client = hook_of(other).map(bearychat::robot_client);
            let none = || Failure::configuration("the account has no hook");
            let client = client.ok_or_else(none)??;
            (Arc::new(bearychat::RobotOutbox::new(client)), None)
        }
        _ => {
            let problem = format!("account {}: can only answer", account.name);
            return Err(Failure::configuration(problem));
        }
    })
}

/// A client that calls over HTTP.
pub(crate) fn onebot_client(
    account: &OneBotAccount,
) -> Result<Client<mynah_onebot::OneBot>, Failure> {
    let base = account.api.clone().ok_or_else(|| {
        Failure::configuration("the account has no `api` address to call over HTTP")
            .advise("add it: api = \"http://HOST:PORT\", the HTTP server of the implementation")
    })?;
    let token = AccessToken::new(Secret::text(account.access_token.as_ref())?)?;
    Ok(Client::builder(base).auth(token).over(transport()))
}
