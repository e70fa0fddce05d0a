//! Calls through the ordinary client.

use mynah_client::Client;
use mynah_core::{BaseUrl, Tokens};
use mynah_onebot::actions::message::SendGroupMsg;
use mynah_onebot::{AccessToken, GroupId, OneBot};
use mynah_wecom::api::appchat::SendAppchat;
use mynah_wecom::{Application, WeCom};

use crate::meter::{Figures, Plan, closed_loop};
use crate::sample;

/// The platforms whose calls can be measured.
pub const PLATFORMS: [&str; 2] = ["onebot", "wecom"];

/// Says which platforms can be measured, if `platform` is none of them.
pub fn unsupported(platform: &str) -> Option<String> {
    let supported = PLATFORMS.join(", ");
    (!PLATFORMS.contains(&platform)).then(|| {
        format!("outbound calls of `{platform}` cannot be measured yet; supported: {supported}")
    })
}

/// Makes send-message calls to `base` in a closed loop: `send_group_msg`, or
/// the text of a WeCom group chat.
///
/// # Errors
/// The address is none.
pub async fn run(platform: &str, base: &str, plan: Plan) -> anyhow::Result<Figures> {
    match platform {
        "wecom" => {
            let base: BaseUrl = base.parse()?;
            let application = Application::new("ww-sandbox", "sandbox-secret");
            let tokens = Tokens::new(base.clone(), application);
            measure_wecom(Client::new(base, tokens), plan).await
        }
        _ => measure(Client::new(base.parse()?, AccessToken::none()), plan).await,
    }
}

/// Makes `appchat/send` calls through `client` in a closed loop.
///
/// # Errors
/// The system does not tell CPU time or memory.
pub async fn measure_wecom(client: Client<WeCom>, plan: Plan) -> anyhow::Result<Figures> {
    let call = move || {
        let call = client.call(SendAppchat::new("mynah001", "pong"));
        async move { call.await.is_ok() }
    };
    Ok(closed_loop(plan, call).await?)
}

/// Makes `send_group_msg` calls through `client` in a closed loop.
///
/// # Errors
/// The system does not tell CPU time or memory.
pub async fn measure(client: Client<OneBot>, plan: Plan) -> anyhow::Result<Figures> {
    let call = move || {
        let call = client.call(SendGroupMsg::new(GroupId(sample::FIRST_GROUP), "pong"));
        async move { call.await.is_ok() }
    };
    Ok(closed_loop(plan, call).await?)
}
