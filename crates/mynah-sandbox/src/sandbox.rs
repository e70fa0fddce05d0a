//! Starting a sandbox, and talking to one in the same process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use futures_util::TryStreamExt;
use http::{Request, Response};
use http_body_util::BodyExt;
use mynah_core::{Body as CoreBody, Carried, HttpRequest, HttpResponse, Transport, TransportError};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::guard::Guard;
use crate::hub::{self, Hub};
use crate::platforms::{self, Options, Place, Sides};
use crate::seed::Seed;
use crate::server::{self, Cut, Server};
use crate::world::Rejected;

/// Where a sandbox listens unless told otherwise.
const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7700);
/// Where the worlds' pictures and files are served.
const MEDIA_PATH: &str = "/control/media/";
/// How long open WebSockets may take to close when the sandbox ends.
const GRACE: Duration = Duration::from_secs(2);

/// The servers of chat platforms, in this process.
///
/// Cheap to clone; all clones are the same sandbox. It runs in the background
/// of the tokio runtime in which it was started, until the last clone is
/// dropped.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    server: Server,
    router: Router,
    /// Ends what runs in the background when it is dropped.
    _background: JoinSet<()>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end();
    }
}

impl Inner {
    /// Sends everybody away.
    fn end(&self) {
        self.server.end();
        self.server.hub().with(|state| {
            for side in state.sides.each_mut() {
                side.shut();
            }
        });
    }
}

/// A sandbox that listens on a port, until this is dropped or
/// [shut down](Self::shutdown).
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    sandbox: Sandbox,
    /// Closes the port when it is dropped.
    accepting: JoinSet<()>,
}

/// How a sandbox is to be.
#[derive(Debug, Default)]
#[must_use]
pub struct Builder {
    listen: Option<SocketAddr>,
    seed: Option<Seed>,
    control_token: Option<SecretString>,
    strict: bool,
    limits: Limits,
    options: Options,
}

/// How much a sandbox puts up with from those who connect to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long the head of a request may take; 30 s. An idle connection that
    /// is kept alive is closed after this, too.
    pub header_read: Duration,
    /// How long a body may take; 30 s. Beyond it, 408.
    pub body_read: Duration,
    /// How long a body may be; 8 MiB. Beyond it, 413. Uploads of files may be
    /// as long as the platform takes them, whatever this is.
    pub body_bytes: usize,
    /// How many connections, WebSockets included, may be open; 1024. Others wait.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(30),
            body_read: Duration::from_secs(30),
            body_bytes: 8 * 1024 * 1024,
            connections: 1024,
        }
    }
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An option is wrong; it says which one.
    #[error("{0}")]
    Option(Rejected),
    /// The address is beyond this machine, and there is no control token.
    #[error("listening on {0}, beyond this machine, needs a control token")]
    NeedsToken(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

impl From<Rejected> for StartError {
    fn from(rejected: Rejected) -> Self {
        Self::Option(rejected)
    }
}

impl Sandbox {
    /// A sandbox as the built-in seed describes it, on `127.0.0.1:7700`.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Answers a request without a socket: whatever would be answered on the
    /// port, except WebSockets and the live stream of the journal.
    ///
    /// # Errors
    /// A fault cut the connection: the request arrived and there is no answer.
    pub async fn handle(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let response = self.answer(request.map(Body::from)).await?;
        let (parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|_| TransportError::sent("the answer broke off"))?;
        Ok(HttpResponse::from_parts(parts, body.to_bytes()))
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        self.0.server.hub()
    }

    async fn answer(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        let response = server::answer(&mut self.0.router.clone(), request).await;
        match response.extensions().get::<Cut>() {
            Some(Cut) => Err(TransportError::sent("the connection was cut")),
            None => Ok(response),
        }
    }
}

impl Transport for Sandbox {
    fn send(&self, request: Request<CoreBody>) -> Carried<'_> {
        let request = request.map(|body| match body {
            CoreBody::Full(bytes) => Body::from(bytes),
            CoreBody::Stream(chunks) => Body::from_stream(chunks),
        });
        Box::pin(async move {
            let response = self.answer(request).await?;
            Ok(response.map(|body| {
                let chunks = body.into_data_stream();
                let broken = |_| TransportError::sent("the answer broke off");
                CoreBody::Stream(Box::pin(TryStreamExt::map_err(chunks, broken)))
            }))
        })
    }
}

impl Running {
    /// The same sandbox, without the socket.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// The address of the page; everything else is below it.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Closes the port and all connections, and waits for them.
    pub async fn shutdown(mut self) {
        let inner = &self.sandbox.0;
        inner.end();
        let closed = inner.server.hub().sockets_closed(Sides::sockets);
        // Who has not said goodbye by then is cut off.
        let _ = tokio::time::timeout(GRACE, closed).await;
        self.accepting.join_next().await;
    }
}

impl Builder {
    /// Listens there; `127.0.0.1:7700` unless told otherwise. Port 0 is any
    /// free port; see [`Running::addr`].
    pub fn listen(self, address: SocketAddr) -> Self {
        Self {
            listen: Some(address),
            ..self
        }
    }

    /// Starts from these people, groups and credentials.
    pub fn seed(self, seed: Seed) -> Self {
        Self {
            seed: Some(seed),
            ..self
        }
    }

    /// Asks whoever uses the control API for this token (`Authorization:
    /// Bearer`). Listening beyond this machine needs one.
    pub fn control_token(self, token: impl Into<SecretString>) -> Self {
        Self {
            control_token: Some(token.into()),
            ..self
        }
    }

    /// Turns on every quota that a platform's documentation states, also those
    /// that no test suite would like. OneBot's states none for calls.
    pub fn strict(self, strict: bool) -> Self {
        Self { strict, ..self }
    }

    /// Other limits for those who connect.
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Posts OneBot events to this address (`http://…`).
    pub fn onebot_post_url(mut self, url: impl Into<String>) -> Self {
        self.options.onebot.post_url = Some(url.into());
        self
    }

    /// Opens a reverse OneBot WebSocket to this address (`ws://…`); may be
    /// given several times.
    pub fn onebot_reverse_ws_url(mut self, url: impl Into<String>) -> Self {
        self.options.onebot.reverse_ws_urls.push(url.into());
        self
    }

    /// Sends OneBot heartbeats at this interval, from 10 ms to one day.
    pub fn onebot_heartbeat(mut self, interval: Duration) -> Self {
        self.options.onebot.heartbeat = Some(interval);
        self
    }

    /// Tells the application of WeCom at this address (`http://…`) what happens.
    pub fn wecom_callback_url(mut self, url: impl Into<String>) -> Self {
        self.options.wecom.callback_url = Some(url.into());
        self
    }

    /// Tells the intelligent bot of WeCom at this address (`http://…`) what
    /// happens, while it has no long connection.
    pub fn wecom_bot_callback_url(mut self, url: impl Into<String>) -> Self {
        self.options.wecom.bot_callback_url = Some(url.into());
        self
    }

    /// Tells the application of DingTalk at this address (`http://…`) what
    /// happens, as if it had been set up in the console.
    pub fn dingtalk_callback_url(mut self, url: impl Into<String>) -> Self {
        self.options.dingtalk.callback_url = Some(url.into());
        self
    }

    /// Tells the robot of DingTalk at this address (`http://…`) what people
    /// say to it, and not over Stream.
    pub fn dingtalk_robot_callback_url(mut self, url: impl Into<String>) -> Self {
        self.options.dingtalk.robot_callback_url = Some(url.into());
        self
    }

    /// Posts what is said in the world of RongCloud to this address
    /// (`http://…`): the full message route.
    pub fn rongcloud_route_url(mut self, url: impl Into<String>) -> Self {
        self.options.rongcloud.route_url = Some(url.into());
        self
    }

    /// Posts all kinds of callbacks of RongCloud to this address (`http://…`),
    /// the question before a message is delivered among them; what is said goes
    /// to the [other one](Self::rongcloud_route_url) where that is given too.
    pub fn rongcloud_callback_url(mut self, url: impl Into<String>) -> Self {
        self.options.rongcloud.callback_url = Some(url.into());
        self
    }

    /// Posts what begins with the trigger word of a robot of BearyChat to this
    /// address (`http://…`): the outgoing hook.
    pub fn bearychat_outgoing_url(mut self, url: impl Into<String>) -> Self {
        self.options.bearychat.outgoing_url = Some(url.into());
        self
    }

    /// Posts what mentions the bot of BearyChat to this address (`http://…`):
    /// the bot over HTTP. Sockets hear of it all the same.
    pub fn bearychat_hubot_url(mut self, url: impl Into<String>) -> Self {
        self.options.bearychat.hubot_url = Some(url.into());
        self
    }

    /// Starts a sandbox that is reached in this process only. Needs a tokio
    /// runtime around it.
    ///
    /// # Errors
    /// An option is wrong.
    pub fn open(self) -> Result<Sandbox, StartError> {
        let public_url = format!("http://{LISTEN}");
        let guard = None;
        self.assemble(guard, public_url)
    }

    /// Starts a sandbox and listens.
    ///
    /// # Errors
    /// An option is wrong, or the address cannot be had.
    pub async fn start(self) -> Result<Running, StartError> {
        let address = self.listen.unwrap_or(LISTEN);
        if !address.ip().is_loopback() && self.control_token.is_none() {
            return Err(StartError::NeedsToken(address));
        }
        let failed = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let guard = Guard::new(addr, self.control_token.clone());
        let sandbox = self.assemble(Some(guard), public_url(addr))?;
        let inner = &sandbox.0;
        let mut accepting = JoinSet::new();
        accepting.spawn(server::accept(
            inner.server.clone(),
            inner.router.clone(),
            listener,
        ));
        Ok(Running {
            addr,
            sandbox,
            accepting,
        })
    }

    fn assemble(self, guard: Option<Guard>, public_url: String) -> Result<Sandbox, StartError> {
        let place = Place {
            public_url,
            media_path: MEDIA_PATH,
            strict: self.strict,
        };
        let sides = Sides::open(&self.seed.unwrap_or_default(), self.options, &place)?;
        let hub = Arc::new(Hub::new(sides, self.strict));
        let server = Server::new(Arc::clone(&hub), guard, self.limits);
        Ok(Sandbox(Arc::new(Inner {
            router: server::router(server.clone()),
            server,
            _background: in_background(&hub),
        })))
    }
}

/// Where people and bots find the server.
fn public_url(addr: SocketAddr) -> String {
    if addr.ip().is_unspecified() {
        format!("http://127.0.0.1:{}", addr.port())
    } else {
        format!("http://{addr}")
    }
}

/// Starts what goes on without being asked.
fn in_background(hub: &Arc<Hub>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(hub::keep_time(Arc::clone(hub)));
    for platform in platforms::ALL {
        (platform.background)(hub, &mut tasks);
    }
    tasks
}
