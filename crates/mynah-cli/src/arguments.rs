//! The command line.

mod examples;

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::exit::Failure;

/// Chat platforms from a terminal: call them, listen to them, or be them.
#[derive(Debug, Parser)]
#[command(
    name = "mynah",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = examples::MYNAH
)]
pub(crate) struct Mynah {
    /// Say more on stderr; twice for even more.
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Call any endpoint of a platform.
    #[command(disable_help_flag = true, after_help = examples::CALL)]
    Call(Call),
    /// Say something in a conversation.
    #[command(after_help = examples::SEND)]
    Send(Send),
    /// Print what happens to an account, one event a line.
    #[command(after_help = examples::LISTEN)]
    Listen(Listen),
    /// Find out what is wrong with the accounts of a file, and what to do about it.
    Doctor(crate::doctor::Doctor),
    /// Tell what a platform means by a code, and what to do about it.
    Explain(crate::explain::Explain),
    /// Run the accounts of a file with handlers in any language, or with the built-in bot.
    #[command(after_help = examples::RUN)]
    Run(Run),
    /// Run the sandbox with its page, and a bot to talk to.
    #[command(after_help = examples::DEV)]
    Dev(SandboxOptions),
    /// Run the sandbox: the platforms' servers on this machine.
    #[command(after_help = examples::SANDBOX)]
    Sandbox(SandboxOptions),
    /// Print completions for a shell: commands, platforms, endpoints, parameters, accounts.
    #[command(after_help = examples::COMPLETION)]
    Completion {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// What a shell asks for while somebody types.
    #[command(name = "__complete", hide = true, disable_help_flag = true)]
    Complete(crate::complete::Complete),
}

impl Command {
    /// The account's whereabouts, if the command has to do with one account.
    fn which(&mut self) -> Option<&mut Which> {
        match self {
            Self::Call(call) => Some(&mut call.which),
            Self::Send(send) => Some(&mut send.which),
            Self::Listen(listen) => Some(&mut listen.which),
            _ => None,
        }
    }
}

/// Reads the command line. What stands on it counts before what stands in a variable: who names
/// an account there means that one, whatever `MYNAH_URL` says.
pub(crate) fn read() -> Result<Mynah, Failure> {
    let matches = Mynah::command().get_matches();
    let mut arguments = Mynah::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let Some((name, given)) = matches.subcommand() else {
        return Ok(arguments);
    };
    let Some(which) = arguments.command.which() else {
        return Ok(arguments);
    };
    let account: Option<&String> = given.get_one("account");
    let is_named = account.is_some_and(|name| name != "-");
    if !is_named || given.value_source("account") != Some(ValueSource::CommandLine) {
        return Ok(arguments);
    }
    match given.value_source("url") {
        Some(ValueSource::EnvVariable) => which.url = None,
        Some(ValueSource::CommandLine) if name == "call" => {
            let problem = "--account and --url: the one is instead of the other";
            return Err(Failure::usage(problem).advise("leave one of them out"));
        }
        _ => {}
    }
    Ok(arguments)
}

/// Which account, and where its settings are.
#[derive(Args, Clone, Debug)]
pub(crate) struct Which {
    /// The file with the accounts.
    #[arg(
        long,
        env = "MYNAH_CONFIG",
        default_value = "mynah.toml",
        value_name = "FILE",
        value_hint = clap::ValueHint::FilePath
    )]
    pub(crate) config: PathBuf,
    /// Instead of an account: the platform's address.
    #[arg(long, env = "MYNAH_URL", value_name = "URL")]
    pub(crate) url: Option<String>,
    /// With --url: the credential; --help tells its form.
    ///
    /// As env:NAME, file:PATH or itself.
    ///
    ///   OneBot     the access token
    ///   WeCom      corpid:corpsecret, with :agentid to send messages; bot_id:bot_secret;
    ///              or the key of a group robot
    ///   DingTalk   client_id:client_secret; or a custom robot's access_token, with :SEC…
    ///              if it signs
    ///   RongCloud  app_key:app_secret
    ///   BearyChat  a hubot's token, or the address of an incoming hook
    #[arg(
        long,
        env = "MYNAH_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        verbatim_doc_comment
    )]
    pub(crate) token: Option<String>,
}

#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Call {
    /// The platform: onebot, wecom, dingtalk, rongcloud or bearychat. Without an endpoint, lists the
    /// endpoints.
    pub(crate) platform: Option<String>,
    /// The endpoint, such as send_msg or appchat.create; `mynah call PLATFORM` lists them.
    pub(crate) endpoint: Option<String>,
    /// Parameters: name=value. A value that is a JSON list or object is read as such; a name that
    /// is repeated is a list. Entries of a map may be written name[id]=value, a file that is
    /// uploaded name=@path.
    #[arg(value_name = "NAME=VALUE")]
    pub(crate) parameters: Vec<String>,
    /// All parameters as one JSON object; `-` reads it from stdin.
    #[arg(long, value_name = "JSON", conflicts_with = "parameters")]
    pub(crate) json: Option<String>,
    /// Print the request and send nothing; as JSON with -o json.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Make the call although no such endpoint is known; the answer is printed as it is.
    #[arg(long)]
    pub(crate) raw: bool,
    /// The account in the configuration; needed if more than one can make the call.
    #[arg(long, env = "MYNAH_ACCOUNT", value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// How long the call may take, in seconds.
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,
    /// How the answer is printed: table, json, or the file it goes to [default: json; table for
    /// lists of endpoints and help].
    #[arg(short, long, value_name = "FORMAT|FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) output: Option<Output>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// Print help; of an endpoint, if one is named.
    #[arg(short, long)]
    pub(crate) help: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Send {
    /// The account in the configuration; `-` for what --url and --token say.
    #[arg(allow_hyphen_values = true)]
    pub(crate) account: String,
    /// The conversation, such as onebot:group:20001, wecom:user:alice, dingtalk:group:cid…,
    /// rongcloud:group:general or bearychat:group:=bwDev.
    pub(crate) conversation: mynah_bot::Conversation,
    /// What to say; `-` reads it from stdin.
    #[arg(allow_hyphen_values = true)]
    pub(crate) text: String,
    /// The text is Markdown.
    #[arg(long)]
    pub(crate) markdown: bool,
    /// Print what would be said, message by message, and send nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How the ids of the messages are printed.
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: Format,
    #[command(flatten)]
    pub(crate) which: Which,
}

#[derive(Args, Debug)]
pub(crate) struct Listen {
    /// The account in the configuration; needed if there is more than one. With --url, the
    /// platform: onebot if none is named.
    pub(crate) account: Option<String>,
    /// How the events are printed: as they came in, one JSON object a line, or in columns.
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: Format,
    #[command(flatten)]
    pub(crate) which: Which,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    /// The file with the accounts and the handlers.
    #[arg(
        long,
        env = "MYNAH_CONFIG",
        default_value = "mynah.toml",
        value_name = "FILE",
        value_hint = clap::ValueHint::FilePath
    )]
    pub(crate) config: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct SandboxOptions {
    /// Where to listen; port 0 takes any free one.
    #[arg(
        long,
        env = "MYNAH_LISTEN",
        default_value = "127.0.0.1:7700",
        value_name = "ADDRESS"
    )]
    pub(crate) listen: std::net::SocketAddr,
    /// The people, groups and credentials of the worlds, as TOML.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) seed: Option<PathBuf>,
    /// All documented quotas and limits on.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Guards the control API; needed to listen beyond this machine.
    #[arg(
        long,
        env = "MYNAH_CONTROL_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub(crate) control_token: Option<String>,
    /// OneBot: where events are posted to.
    #[arg(long, value_name = "URL")]
    pub(crate) onebot_post_url: Option<String>,
    /// OneBot: a framework to connect to; may be given more than once.
    #[arg(long, value_name = "URL")]
    pub(crate) onebot_reverse_ws_url: Vec<String>,
    /// OneBot: a heartbeat every so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) onebot_heartbeat: Option<u64>,
    /// WeCom: where the application is told what happens.
    #[arg(long, value_name = "URL")]
    pub(crate) wecom_callback_url: Option<String>,
    /// WeCom: where the intelligent bot is told, while it has no long connection.
    #[arg(long, value_name = "URL")]
    pub(crate) wecom_bot_callback_url: Option<String>,
    /// DingTalk: where the application is told of events.
    #[arg(long, value_name = "URL")]
    pub(crate) dingtalk_callback_url: Option<String>,
    /// DingTalk: where the robot is told what people say to it, instead of over Stream.
    #[arg(long, value_name = "URL")]
    pub(crate) dingtalk_robot_callback_url: Option<String>,
    /// RongCloud: where everything that is said is posted to, by the message route.
    #[arg(long, value_name = "URL")]
    pub(crate) rongcloud_route_url: Option<String>,
    /// RongCloud: where callbacks of all kinds are posted to.
    #[arg(long, value_name = "URL")]
    pub(crate) rongcloud_callback_url: Option<String>,
    /// BearyChat: where what begins with the trigger word of a robot is posted to.
    #[arg(long, value_name = "URL")]
    pub(crate) bearychat_outgoing_url: Option<String>,
    /// BearyChat: where what mentions the hubot is posted to.
    #[arg(long, value_name = "URL")]
    pub(crate) bearychat_hubot_url: Option<String>,
}

/// How things are printed that go to no file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// For programs.
    #[default]
    Json,
}

/// How answers are printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// Into a file, as it is.
    File(PathBuf),
}

impl From<&str> for Output {
    fn from(text: &str) -> Self {
        match text {
            "table" => Self::Table,
            "json" => Self::Json,
            path => Self::File(path.into()),
        }
    }
}
