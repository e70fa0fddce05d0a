//! `mynah sandbox`: the platforms' servers on this machine.

use mynah_sandbox::{Running, Sandbox, Seed, StartError};

use crate::arguments::SandboxOptions;
use crate::exit::Failure;
use crate::output;

/// Runs until the process is told to stop.
pub(crate) async fn run(options: SandboxOptions) -> Result<(), Failure> {
    let stop = mynah_bot::told_to_stop();
    let seed = seed(&options)?;
    let running = start(options, seed).await?;
    output::say(&format!("mynah sandbox listening on {}", running.url()))?;
    stop.await;
    running.shutdown().await;
    Ok(())
}

/// The seed the options name, or the built-in one.
pub(crate) fn seed(options: &SandboxOptions) -> Result<Seed, Failure> {
    let Some(path) = &options.seed else {
        return Ok(Seed::default());
    };
    let wrong = |problem: String| Failure::configuration(format!("{}: {problem}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    Seed::parse(&text).map_err(|error| wrong(error.to_string()))
}

/// Starts a sandbox as the options say.
pub(crate) async fn start(options: SandboxOptions, seed: Seed) -> Result<Running, Failure> {
    let mut sandbox = Sandbox::builder()
        .listen(options.listen)
        .strict(options.strict)
        .seed(seed);
    if let Some(token) = options.control_token {
        sandbox = sandbox.control_token(token);
    }
    if let Some(url) = options.onebot_post_url {
        sandbox = sandbox.onebot_post_url(url);
    }
    for url in options.onebot_reverse_ws_url {
        sandbox = sandbox.onebot_reverse_ws_url(url);
    }
    if let Some(seconds) = options.onebot_heartbeat {
        sandbox = sandbox.onebot_heartbeat(std::time::Duration::from_secs(seconds));
    }
    if let Some(url) = options.wecom_callback_url {
        sandbox = sandbox.wecom_callback_url(url);
    }
    if let Some(url) = options.wecom_bot_callback_url {
        sandbox = sandbox.wecom_bot_callback_url(url);
    }
    if let Some(url) = options.dingtalk_callback_url {
        sandbox = sandbox.dingtalk_callback_url(url);
    }
    if let Some(url) = options.dingtalk_robot_callback_url {
        sandbox = sandbox.dingtalk_robot_callback_url(url);
    }
    if let Some(url) = options.rongcloud_route_url {
        sandbox = sandbox.rongcloud_route_url(url);
    }
    if let Some(url) = options.rongcloud_callback_url {
        sandbox = sandbox.rongcloud_callback_url(url);
    }
    if let Some(url) = options.bearychat_outgoing_url {
        sandbox = sandbox.bearychat_outgoing_url(url);
    }
    if let Some(url) = options.bearychat_hubot_url {
        sandbox = sandbox.bearychat_hubot_url(url);
    }
    sandbox.start().await.map_err(|error| {
        let failure = Failure::configuration(error.to_string());
        match error {
            StartError::NeedsToken(_) => {
                failure.advise("give it one with --control-token, or listen on 127.0.0.1")
            }
            StartError::Listen { .. } => failure.advise(
                "another sandbox may be at work there; --listen 127.0.0.1:0 takes any free port",
            ),
            _ => failure,
        }
    })
}
