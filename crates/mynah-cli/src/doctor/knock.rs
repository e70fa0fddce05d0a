//! Knocks at the sockets an account opens, by the platform's own machines, and goes away again.

use std::time::{Duration, Instant, SystemTime};

use futures_util::{SinkExt, StreamExt};
use http::{Request, Uri};
use mynah_bot::bearychat::Service;
use mynah_bot::{
    Account, AccountKind, BearyChatAccount, BearyChatHubot, DingTalkAccount, DingTalkApp,
    OneBotAccount, Secret, WeComAccount, WeComBot, transport,
};
use mynah_client::{HyperTransport, Proxy};
use mynah_core::{
    BaseUrl, Cx, Dial, Dialer, Error, Frame, HttpRequest, HttpResponse, Session, Transport,
    TransportError,
};
use mynah_dingtalk::api::stream::Subscription;
use mynah_dingtalk::stream::StreamDialer;
use mynah_onebot::AccessToken;
use mynah_onebot::socket::{Forward, Role};
use mynah_wecom::aibot::{BotEvent, BotSecret, BotSocket};
use secrecy::ExposeSecret;
use tokio::time::{Instant as Later, timeout, timeout_at};
use tokio_tungstenite::tungstenite::{self, Message, client::IntoClientRequest};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::fetch::fetch;
use super::line::Target;
use super::reach::{self, Stream};
use super::socket::{End, Kind, Knocked};
use crate::exit::Failure;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long the first frame of an implementation is waited for.
const FIRST: Duration = Duration::from_secs(5);

/// How long a socket must stay open.
const STAYS: Duration = Duration::from_millis(500);

/// How long the answer to a subscription may take.
const SUBSCRIPTION: Duration = Duration::from_secs(5);

/// A callback that nothing but AI plug-ins is told of: a connection that asks for it alone takes no
/// event away from the bot.
const QUIET: &str = "/v1.0/graph/api/invoke";

type Socket = WebSocketStream<Box<dyn Stream>>;

/// Knocks at the socket of an account, if it opens one. `take_over` lets it do what another
/// connection of the same bot does not survive.
pub(crate) async fn knock(account: &Account, take_over: bool) -> Result<Option<Knocked>, Failure> {
    let proxy = account.proxy()?;
    let proxy = proxy.as_ref();
    Ok(match &account.platform {
        AccountKind::OneBot(onebot) => match &onebot.connect {
            Some(url) => Some(at_onebot(onebot, url, proxy).await?),
            None => None,
        },
        AccountKind::WeCom(WeComAccount::Bot(bot)) => Some(at_wecom(bot, proxy, take_over).await?),
        AccountKind::DingTalk(DingTalkAccount::App(app)) if app.callback.is_none() => {
            Some(at_dingtalk(account, app, proxy).await?)
        }
        AccountKind::BearyChat(BearyChatAccount::Hubot(hubot)) if hubot.listen.is_none() => {
            Some(at_bearychat(account, hubot, proxy).await?)
        }
        _ => None,
    })
}

async fn at_onebot(
    onebot: &OneBotAccount,
    url: &BaseUrl,
    proxy: Option<&Proxy>,
) -> Result<Knocked, Failure> {
    let token = AccessToken::new(Secret::text(onebot.access_token.as_ref())?)?;
    let mut dialer = Forward::new(url, Role::Universal, token)?;
    let (place, opened) = dial(&mut dialer, proxy, None::<&HyperTransport>, "onebot.socket").await;
    let end = match opened {
        Ok(mut socket) => {
            let heard = hear(&mut socket, FIRST).await;
            leave(socket).await;
            heard
        }
        Err(end) => end,
    };
    Ok(Knocked {
        kind: Kind::OneBot,
        place,
        end,
    })
}

async fn at_wecom(
    bot: &WeComBot,
    proxy: Option<&Proxy>,
    take_over: bool,
) -> Result<Knocked, Failure> {
    let url: BaseUrl = match &bot.connect {
        Some(url) => url.clone(),
        None => BotSocket::ADDRESS.parse().map_err(Failure::other)?,
    };
    let secret = BotSecret::new(bot.bot_secret.read()?.expose_secret());
    let mut dialer = BotSocket::new(&url, bot.bot_id.as_str(), secret)?;
    let (place, opened) = dial(&mut dialer, proxy, None::<&HyperTransport>, SUBSCRIBE).await;
    let end = match opened {
        Ok(socket) if take_over => subscribe(&mut dialer, socket).await,
        Ok(mut socket) => {
            let heard = hear(&mut socket, STAYS).await;
            leave(socket).await;
            heard
        }
        Err(end) => end,
    };
    Ok(Knocked {
        kind: Kind::WeComBot {
            logged_in: take_over,
        },
        place,
        end,
    })
}

const SUBSCRIBE: &str = "wecom.aibot_subscribe";

async fn at_dingtalk(
    account: &Account,
    app: &DingTalkApp,
    proxy: Option<&Proxy>,
) -> Result<Knocked, Failure> {
    let base: BaseUrl = match &app.api {
        Some(api) => api.clone(),
        None => mynah_dingtalk::API.parse().map_err(Failure::other)?,
    };
    let secret = app.client_secret.read()?;
    let dialer = StreamDialer::new(&base, app.client_id.as_str(), secret.expose_secret());
    let mut dialer = dialer.subscriptions([Subscription::callback(QUIET)]);
    asked(
        account,
        &mut dialer,
        proxy,
        Kind::Stream,
        "dingtalk.v1.gateway.connections.open",
    )
    .await
}

async fn at_bearychat(
    account: &Account,
    hubot: &BearyChatHubot,
    proxy: Option<&Proxy>,
) -> Result<Knocked, Failure> {
    let base = Service::Rtm.base(hubot.api.as_ref())?;
    let token = hubot.token.read()?;
    let token = mynah_bearychat::Token::from(token.expose_secret());
    let mut dialer = mynah_bearychat::socket::RtmDialer::new(&base, token);
    asked(
        account,
        &mut dialer,
        proxy,
        Kind::Rtm,
        "bearychat.rtm.start",
    )
    .await
}

/// Knocks where one has to ask for the address first.
async fn asked<D: Dialer>(
    account: &Account,
    dialer: &mut D,
    proxy: Option<&Proxy>,
    kind: Kind,
    name: &'static str,
) -> Result<Knocked, Failure> {
    let http = account.on_its_way(transport)?;
    let (place, opened) = dial(dialer, proxy, Some(&http), name).await;
    let end = match opened {
        Ok(mut socket) => {
            let heard = hear(&mut socket, STAYS).await;
            leave(socket).await;
            match heard {
                // What it says meanwhile is for others.
                End::Opened { closed, .. } => End::Opened {
                    first: None,
                    closed,
                },
                other => other,
            }
        }
        Err(end) => end,
    };
    Ok(Knocked { kind, place, end })
}

fn cx() -> Cx {
    Cx {
        now: Instant::now(),
        wall: SystemTime::now(),
        nonce: fastrand::u64(..),
    }
}

/// Takes the steps of a dialer, and tells where it led.
async fn dial<D: Dialer>(
    dialer: &mut D,
    proxy: Option<&Proxy>,
    http: Option<&impl Transport>,
    name: &'static str,
) -> (String, Result<Socket, End>) {
    let refused = |error| End::Refused { name, error };
    let mut place = String::new();
    // A dialer asks once.
    for _ in 0..2 {
        match dialer.dial(cx()) {
            Ok(Dial::Connect(handshake)) => {
                let (there, opened) = connect(handshake, proxy).await;
                return (there, opened);
            }
            Ok(Dial::Ask(request)) => {
                place = told(request.uri());
                let Some(http) = http else {
                    break;
                };
                let absorbed = match send(http, request, name).await {
                    Ok(response) => dialer.absorb(response, cx()),
                    Err(error) => Err(error),
                };
                if let Err(error) = absorbed {
                    return (place, Err(refused(error)));
                }
            }
            Err(error) => return (place, Err(refused(error))),
        }
    }
    (
        place,
        Err(End::Broken("the dialer leads nowhere".to_owned())),
    )
}

/// An address without its query, which may open what it leads to.
fn told(uri: &Uri) -> String {
    Target::of(uri).map_or_else(String::new, |target| target.url)
}

async fn send(
    http: &impl Transport,
    request: HttpRequest,
    name: &'static str,
) -> Result<HttpResponse, Error> {
    let answer = timeout(HANDSHAKE, fetch(http, request)).await;
    let answer = answer.unwrap_or_else(|_| Err(TransportError::sent("no answer came in time")));
    answer.map_err(|problem| Error::transport(name, problem))
}

/// Opens a socket. Its handshake may carry a token, so it goes only where the way is open.
async fn connect(handshake: Request<()>, proxy: Option<&Proxy>) -> (String, Result<Socket, End>) {
    let Some(target) = Target::of(handshake.uri()) else {
        let problem = "the address has no host".to_owned();
        return (String::new(), Err(End::Broken(problem)));
    };
    let place = target.url.clone();
    let (line, stream) = reach::open(&target, proxy).await;
    let Some(stream) = stream.filter(|_| line.is_open()) else {
        return (place, Err(End::Way(Box::new(line))));
    };
    let upgraded = async {
        let mut request = handshake.uri().clone().into_client_request()?;
        let headers = handshake.headers().iter();
        request
            .headers_mut()
            .extend(headers.map(|(name, value)| (name.clone(), value.clone())));
        client_async(request, stream).await
    };
    let opened = match timeout(HANDSHAKE, upgraded).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(tungstenite::Error::Http(response))) => Err(End::NoUpgrade {
            status: response.status().as_u16(),
            body: response
                .body()
                .as_deref()
                .map(|body| String::from_utf8_lossy(body).into_owned())
                .unwrap_or_default(),
        }),
        Ok(Err(error)) => Err(End::Broken(error.to_string())),
        Err(_) => Err(End::Broken(
            "the handshake was not answered in time".to_owned(),
        )),
    };
    (place, opened)
}

/// Waits for the first frame, or for the end.
async fn hear(socket: &mut Socket, patience: Duration) -> End {
    let until = Later::now() + patience;
    let mut first = None;
    let mut closed = None;
    while first.is_none() && closed.is_none() {
        match timeout_at(until, socket.next()).await {
            Err(_) => break,
            Ok(Some(Ok(Message::Text(text)))) => first = Some(text.to_string()),
            Ok(Some(Ok(Message::Close(frame)))) => {
                closed = Some(frame.map_or_else(String::new, |frame| {
                    format!("{} {}", u16::from(frame.code), frame.reason)
                }));
            }
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(error))) => closed = Some(error.to_string()),
            Ok(None) => closed = Some(String::new()),
        }
    }
    End::Opened { first, closed }
}

/// Goes away politely.
async fn leave(mut socket: Socket) {
    let _ = timeout(STAYS, socket.close(None)).await;
}

/// Subscribes as the bot, by its own machine, and tells whether the platform takes it.
async fn subscribe(dialer: &mut BotSocket, mut socket: Socket) -> End {
    let mut session = dialer.open(Instant::now());
    let until = Later::now() + SUBSCRIPTION;
    let mut end = End::Opened {
        first: None,
        closed: None,
    };
    'talk: loop {
        while let Some(frame) = session.poll_send() {
            let sent = match frame {
                Frame::Text(bytes) => match String::from_utf8(bytes.to_vec()) {
                    Ok(text) => socket.send(Message::Text(text.into())).await,
                    Err(_) => break 'talk,
                },
                _ => break 'talk,
            };
            if let Err(error) = sent {
                end = End::Broken(error.to_string());
                break 'talk;
            }
        }
        while let Some(event) = session.poll_event() {
            match event {
                BotEvent::Subscribed => break 'talk,
                BotEvent::Refused(error) => {
                    let verdict = mynah_core::Verdict::Unauthorized;
                    end = End::Refused {
                        name: SUBSCRIBE,
                        error: Error::refused(SUBSCRIBE, error, verdict),
                    };
                    break 'talk;
                }
                _ => {}
            }
        }
        match timeout_at(until, socket.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => {
                let bytes = bytes::Bytes::copy_from_slice(text.as_bytes());
                session.handle_frame(Instant::now(), Frame::Text(bytes));
            }
            Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) => {
                end = End::Opened {
                    first: None,
                    closed: Some("before the subscription was answered".to_owned()),
                };
                break;
            }
            Ok(Some(Ok(_))) => {}
            Err(_) => break,
        }
    }
    leave(socket).await;
    end
}
