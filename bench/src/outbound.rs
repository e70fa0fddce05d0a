//! Calls through the ordinary client.

use mynah_client::Client;
use mynah_onebot::actions::message::SendGroupMsg;
use mynah_onebot::{AccessToken, GroupId, OneBot};

use crate::meter::{Figures, Plan, closed_loop};
use crate::sample;

/// The platforms whose calls can be measured.
pub const PLATFORMS: [&str; 1] = ["onebot"];

/// Says which platforms can be measured, if `platform` is none of them.
pub fn unsupported(platform: &str) -> Option<String> {
    let supported = PLATFORMS.join(", ");
    (!PLATFORMS.contains(&platform)).then(|| {
        format!("outbound calls of `{platform}` cannot be measured yet; supported: {supported}")
    })
}

/// Makes `send_group_msg` calls to `base` in a closed loop.
///
/// # Errors
/// The address is none.
pub async fn run(base: &str, plan: Plan) -> anyhow::Result<Figures> {
    measure(Client::new(base.parse()?, AccessToken::none()), plan).await
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
