//! Asks a platform what only reads, with the account's own credential.
//!
//! Robots that can only speak are asked to say what nothing can be said in: a message of a kind
//! that does not exist. The platform looks at the credential first, and refuses the message.

use std::time::Duration;

use mynah_bearychat::api::user::GetMe;
use mynah_bearychat::{BearyChat, Hook};
use mynah_bot::bearychat::{Service, hubot_client};
use mynah_bot::dingtalk::app_clients;
use mynah_bot::rongcloud::app_client;
use mynah_bot::wecom::application_client;
use mynah_bot::{
    Account, AccountKind, BearyChatAccount, BearyChatHubot, BearyChatRobot, DingTalkAccount,
    DingTalkApp, DingTalkRobot, OneBotAccount, RongCloudAccount, Secret, WeComAccount,
    WeComApplication, WeComRobot, bearychat, dingtalk, transport, wecom,
};
use mynah_client::Client;
use mynah_core::{ApiError, Code, Endpoint, Error, Platform, RawRequest};
use mynah_dingtalk::DingTalk;
use mynah_dingtalk::api::robot::GetReadStatus;
use mynah_dingtalk::api::user::GetAuthScopes;
use mynah_onebot::actions::account::GetLoginInfo;
use mynah_onebot::actions::system::GetStatus;
use mynah_onebot::{AccessToken, OneBot};
use mynah_rongcloud::api::user::GetUserInfo;
use mynah_wecom::WeCom;
use mynah_wecom::api::agent::{GetAgent, ListAgents};
use serde_json::{Value, json};

use super::call::{Asked, Asker, Told};
use crate::account::onebot_client;
use crate::exit::Failure;

/// How long a question may take, with the token it needs.
const PATIENCE: Duration = Duration::from_secs(15);

/// What nothing is called: the kind of a message, the key of a sending.
const NOTHING: &str = "mynah_doctor";

/// Asks what there is to ask. A question whose answer would be that of the one before is left out.
pub(crate) async fn ask(account: &Account) -> Result<Vec<Asked>, Failure> {
    match &account.platform {
        AccountKind::OneBot(onebot) if onebot.api.is_some() => of_onebot(account, onebot).await,
        AccountKind::WeCom(WeComAccount::Application(it)) => of_application(account, it).await,
        AccountKind::WeCom(WeComAccount::Robot(it)) => of_group_robot(account, it).await,
        AccountKind::DingTalk(DingTalkAccount::App(it)) => of_app(account, it).await,
        AccountKind::DingTalk(DingTalkAccount::Robot(it)) => of_custom_robot(account, it).await,
        AccountKind::RongCloud(it) => of_rongcloud(account, it).await,
        AccountKind::BearyChat(BearyChatAccount::Hubot(it)) => of_hubot(account, it).await,
        AccountKind::BearyChat(other) => match super::profile::hook(other) {
            Some(hook) => of_hook(account, hook).await,
            None => Ok(Vec::new()),
        },
        _ => Ok(Vec::new()),
    }
}

/// The number of an account on OneBot, if it can be asked.
pub(crate) async fn self_id(account: &Account) -> Option<i64> {
    let AccountKind::OneBot(onebot) = &account.platform else {
        return None;
    };
    onebot.api.as_ref()?;
    let client = account.on_its_way(|| onebot_client(onebot)).ok()?.ok()?;
    let me = client.call(GetLoginInfo {}).timeout(PATIENCE).await;
    me.ok().map(|me| me.user_id.0)
}

/// One question, typed.
async fn call<E: Endpoint>(
    client: &Client<E::Platform>,
    asker: Asker,
    endpoint: E,
    told: impl FnOnce(E::Output) -> Told,
) -> Asked {
    let outcome = client.call(endpoint).timeout(PATIENCE).await;
    Asked {
        asker,
        name: E::META.name,
        base: client.base().to_string(),
        outcome: outcome.map(told),
    }
}

/// One question whose refusal is expected: `fine` tells which one says that all is well.
async fn probe<P: Platform>(
    client: &Client<P>,
    asker: Asker,
    name: &'static str,
    path: &str,
    body: &Value,
    fine: impl Fn(&ApiError) -> bool,
) -> Asked {
    let answer = async {
        let request = RawRequest::post(path).json(body)?;
        let response = client.raw(request).named(name).timeout(PATIENCE).await?;
        match P::open(&response) {
            Err(refusal) if !fine(&refusal) => {
                let verdict = P::classify(&refusal);
                Err(Error::refused(name, refusal, verdict))
            }
            _ => Ok(Told::Accepted),
        }
    };
    Asked {
        asker,
        name,
        base: client.base().to_string(),
        outcome: answer.await,
    }
}

async fn of_onebot(account: &Account, onebot: &OneBotAccount) -> Result<Vec<Asked>, Failure> {
    let client = account.on_its_way(|| onebot_client(onebot))??;
    let mut asked = vec![call(&client, Asker::OneBot, GetStatus {}, Told::Status).await];
    let has_token = !Secret::text(onebot.access_token.as_ref())?.is_empty();
    if has_token && asked.iter().all(Asked::goes_on) {
        let without = account.on_its_way(|| {
            let client = Client::<OneBot>::builder(client.base().clone());
            client.auth(AccessToken::none()).over(transport())
        })?;
        let answer = call(&without, Asker::OneBot, GetStatus {}, |_| Told::Unguarded).await;
        // That it is refused is as it should be.
        asked.extend(answer.outcome.is_ok().then_some(answer));
    }
    Ok(asked)
}

async fn of_application(
    account: &Account,
    application: &WeComApplication,
) -> Result<Vec<Asked>, Failure> {
    let client = account.on_its_way(|| application_client(application))??;
    let asker = Asker::WeComApplication;
    // Flags on the command line do not say which application it is.
    Ok(vec![if application.agentid == 0 {
        call(&client, asker, ListAgents {}, |_| Told::Accepted).await
    } else {
        let agent = GetAgent::new(application.agentid);
        call(&client, asker, agent, |agent| Told::Agent(Box::new(agent))).await
    }])
}

async fn of_group_robot(account: &Account, robot: &WeComRobot) -> Result<Vec<Asked>, Failure> {
    let client: Client<WeCom> = account.on_its_way(|| wecom::robot_client(robot))??;
    let path = mynah_wecom::api::webhook::SendWebhook::META.path;
    let refused = |refusal: &ApiError| {
        let known = [
            40005,
            mynah_wecom::errcode::INVALID_MESSAGE_TYPE,
            40058,
            40063,
            44004,
            93017,
        ];
        refusal
            .code
            .number()
            .is_some_and(|code| known.contains(&code))
    };
    let body = json!({ "msgtype": NOTHING });
    let name = "wecom.webhook.send";
    Ok(vec![
        probe(&client, Asker::WeComRobot, name, path, &body, refused).await,
    ])
}

async fn of_app(account: &Account, app: &DingTalkApp) -> Result<Vec<Asked>, Failure> {
    let clients = account.on_its_way(|| app_clients(app))??;
    let status = GetReadStatus::new(app.robot_code(), NOTHING);
    let asker = Asker::DingTalkApp;
    let mut robot = call(&clients.open, asker, status, |_| Told::Accepted).await;
    if robot
        .outcome
        .as_ref()
        .is_err_and(|error| error.api().is_some_and(knows_no_such_sending))
    {
        robot.outcome = Ok(Told::Accepted);
    }
    let goes_on = robot.goes_on();
    let mut all = vec![robot];
    if goes_on {
        all.push(call(&clients.classic, asker, GetAuthScopes {}, Told::Scopes).await);
    }
    Ok(all)
}

/// Whether a platform took everything but the key of a sending that never was.
fn knows_no_such_sending(refusal: &ApiError) -> bool {
    match &refusal.code {
        Code::Word(word) => word.contains("rocessQueryKey") || word == "resource.not.found",
        Code::Number(_) => false,
    }
}

async fn of_custom_robot(account: &Account, robot: &DingTalkRobot) -> Result<Vec<Asked>, Failure> {
    let client: Client<DingTalk> = account.on_its_way(|| dingtalk::robot_client(robot))??;
    let refused = |refusal: &ApiError| match refusal.code.number() {
        // The kind of the message, or what it lacks.
        Some(400_105 | 400_102 | 400_103 | 34004 | 34014) => true,
        Some(40035) => !refusal.message.contains("token"),
        // Nothing that is said has a keyword in it.
        Some(310_000) => refusal.message.contains("keywords"),
        _ => false,
    };
    let asker = Asker::DingTalkRobot {
        signs: robot.secret.is_some(),
    };
    let body = json!({ "msgtype": NOTHING });
    let name = "dingtalk.robot.send";
    Ok(vec![
        probe(&client, asker, name, "/robot/send", &body, refused).await,
    ])
}

async fn of_rongcloud(account: &Account, app: &RongCloudAccount) -> Result<Vec<Asked>, Failure> {
    let client = account.on_its_way(|| app_client(app))??;
    let id = app.user().to_owned();
    let user = GetUserInfo::new(id.clone());
    let told = |user: mynah_rongcloud::api::user::UserInfo| Told::User {
        id,
        known: !user.name.is_empty() || user.create_time != mynah_rongcloud::Moment::default(),
    };
    Ok(vec![call(&client, Asker::RongCloud, user, told).await])
}

async fn of_hubot(account: &Account, hubot: &BearyChatHubot) -> Result<Vec<Asked>, Failure> {
    let client: Client<BearyChat> = account.on_its_way(|| hubot_client(hubot))??;
    let mut asked = call(&client, Asker::Hubot, GetMe {}, |me| {
        Told::Me(Box::new(me), None)
    })
    .await;
    if let Ok(Told::Me(_, quota)) = &mut asked.outcome {
        *quota = client.quota();
    }
    Ok(vec![asked])
}

async fn of_hook(account: &Account, robot: &BearyChatRobot) -> Result<Vec<Asked>, Failure> {
    let client: Client<Hook> = account.on_its_way(|| bearychat::robot_client(robot))??;
    let path = mynah_bearychat::api::incoming::SendIncoming::META.path;
    debug_assert_eq!(Service::of(path), Service::Hook);
    let refused = |refusal: &ApiError| refusal.status == 400;
    let name = "bearychat.incoming";
    Ok(vec![
        probe(&client, Asker::Hook, name, path, &json!({}), refused).await,
    ])
}
