//! Talking to a bot in a test.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use mynah_core::HttpRequest;
use serde_json::{Map, Value};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use crate::hub::Hub;
use crate::sandbox::{Sandbox, StartError};
use crate::transcript::spoken;
use crate::world::{MessageView, Part, Rejected};

/// How long a bot is waited for unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(10);
/// As many messages as are looked through for what is new.
const RECENT: usize = 1000;

/// A conversation in a sandbox, in which a test speaks for the people and hears
/// what the bot says.
///
/// ```
/// use mynah_sandbox::{Sandbox, Talk};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), mynah_sandbox::TalkError> {
/// let sandbox = Sandbox::builder().open()?;
/// let mut talk = Talk::new(&sandbox, "onebot", "group:20001")?;
/// // A bot that is connected would answer this,
/// talk.say(json!({"from": "alice", "to": "group:20001", "text": "/ping"})).await?;
/// # let bot = sandbox.clone();
/// # tokio::spawn(async move {
/// #     let body = r#"{"group_id":20001,"message":"pong"}"#;
/// #     let call = http::Request::post("/onebot/send_group_msg");
/// #     let call = call.header("authorization", "Bearer sandbox-token");
/// #     let call = call.header("content-type", "application/json").body(body.into());
/// #     bot.handle(call.unwrap()).await
/// # });
/// // and the test waits until it has.
/// talk.hears("pong").await?;
/// # Ok(())
/// # }
/// ```
///
/// `GET /control/transcript?format=test` writes such a test from a conversation
/// that took place, and so does the page.
#[derive(Debug)]
pub struct Talk {
    sandbox: Sandbox,
    platform: String,
    conversation: String,
    patience: Duration,
    /// What the bot said that was heard already, by `seq`.
    heard: HashSet<u64>,
}

/// Why a talk did not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TalkError {
    /// The sandbox did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A person cannot do that.
    #[error("{0}")]
    Rejected(Rejected),
    /// The control API was not to be reached; a fault may say so.
    #[error("the control API does not answer: {0}")]
    Unanswered(String),
    /// The bot said something else.
    #[error("the bot was to say {expected:?} and said {heard:?}")]
    Otherwise {
        /// What was expected.
        expected: String,
        /// What was heard.
        heard: String,
    },
    /// The bot said nothing.
    #[error("the bot was to say {expected:?} and said nothing for {} s", .within.as_secs_f32())]
    Silent {
        /// What was expected.
        expected: String,
        /// For how long it was waited for.
        within: Duration,
    },
}

impl From<Rejected> for TalkError {
    fn from(rejected: Rejected) -> Self {
        Self::Rejected(rejected)
    }
}

impl Talk {
    /// The conversation with this id (`group:20001`, `user:alice`), as
    /// `GET /control/conversations` names them. What was said before is not
    /// waited for.
    ///
    /// # Errors
    /// There is no such platform or conversation.
    pub fn new(sandbox: &Sandbox, platform: &str, conversation: &str) -> Result<Self, TalkError> {
        let mut talk = Self {
            sandbox: sandbox.clone(),
            platform: platform.to_owned(),
            conversation: conversation.to_owned(),
            patience: PATIENCE,
            heard: HashSet::new(),
        };
        talk.heard = talk.said_by_bot()?.iter().map(|said| said.seq).collect();
        Ok(talk)
    }

    /// Waits for the bot no longer than this; 10 s unless told otherwise.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// A person speaks: what `POST /control/say` takes, the platform left out.
    /// Tells the id of the message.
    ///
    /// # Errors
    /// The person cannot say that.
    pub async fn say(&mut self, said: Value) -> Result<String, TalkError> {
        let answer = self.post("/control/say", said).await?;
        let id = answer["ids"].get(0).and_then(Value::as_str);
        Ok(id.unwrap_or_default().to_owned())
    }

    /// A person does something else: what `POST /control/act` takes, the
    /// platform left out. Tells what came of it.
    ///
    /// # Errors
    /// The person cannot do that.
    pub async fn act(&mut self, act: Value) -> Result<Value, TalkError> {
        self.post("/control/act", act).await
    }

    /// Waits until the next thing that the bot says is this, once it is whole
    /// and has been edited for the last time. Pictures and the like stand in it
    /// as `[image a.png]`, mentions as `@alice`. Tells the id of the message.
    ///
    /// # Errors
    /// It says something else, or nothing.
    pub async fn hears(&mut self, words: &str) -> Result<String, TalkError> {
        let hub = Arc::clone(self.hub());
        let mut live = hub.listen();
        let until = Instant::now() + self.patience;
        let mut last = None;
        loop {
            if let Some(said) = self.next()? {
                let heard = spoken(&said);
                if heard == words && is_whole(&said) {
                    self.heard.insert(said.seq);
                    return Ok(said.id);
                }
                // It may yet grow, or be edited.
                last = Some(heard);
            }
            match timeout_at(until, live.recv()).await {
                Ok(Ok(_) | Err(RecvError::Lagged(_))) => {}
                Ok(Err(RecvError::Closed)) | Err(_) => break,
            }
        }
        let expected = words.to_owned();
        Err(match last {
            Some(heard) => TalkError::Otherwise { expected, heard },
            None => TalkError::Silent {
                expected,
                within: self.patience,
            },
        })
    }

    /// What the bot has said next, if it has.
    fn next(&self) -> Result<Option<MessageView>, TalkError> {
        let mut said = self.said_by_bot()?.into_iter();
        Ok(said.find(|said| !self.heard.contains(&said.seq)))
    }

    fn said_by_bot(&self) -> Result<Vec<MessageView>, TalkError> {
        let page = self.hub().with(|state| {
            let world = state.world(&self.platform)?;
            world.messages(&self.conversation, None, RECENT)
        });
        let messages = page?.messages.into_iter();
        Ok(messages
            .filter(|message| message.from.bot && message.kind == "message")
            .collect())
    }

    fn hub(&self) -> &Arc<Hub> {
        self.sandbox.hub()
    }

    /// One call of the control API, so that the journal has it too.
    async fn post(&self, path: &'static str, body: Value) -> Result<Value, TalkError> {
        let Value::Object(mut fields) = body else {
            return Err(Rejected::bad("body", "must be a JSON object").into());
        };
        fields.insert("platform".to_owned(), self.platform.clone().into());
        let body = serde_json::to_vec(&fields).unwrap_or_default();
        let mut request = HttpRequest::new(body.into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = http::Uri::from_static(path);
        let answer = self.sandbox.handle(request).await;
        let answer = answer.map_err(|error| TalkError::Unanswered(error.to_string()))?;
        let status = answer.status().as_u16();
        let answer = serde_json::from_slice(answer.body()).unwrap_or_default();
        if status == 200 {
            return Ok(answer);
        }
        Err(refusal(status, &answer).into())
    }
}

/// What is being written grows until it is whole.
fn is_whole(message: &MessageView) -> bool {
    let grows = |part: &Part| {
        matches!(
            part,
            Part::Markdown {
                finished: false,
                ..
            }
        )
    };
    !message.parts.iter().any(grows)
}

fn refusal(status: u16, answer: &Value) -> Rejected {
    let error = answer.get("error").and_then(Value::as_object);
    let text = |error: &Map<String, Value>, name: &str| {
        let text = error.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let told = |name| error.map(|error| text(error, name)).unwrap_or_default();
    Rejected {
        status,
        field: told("field"),
        message: told("message"),
    }
}
