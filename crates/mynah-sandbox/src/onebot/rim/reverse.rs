//! The WebSockets that we open to frameworks.

use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use http::{Request, Uri};
use mynah_onebot::UserId;
use mynah_onebot::socket::Role;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::delivery::{Delivery, Reverse, Scheme};
use super::socket::{self, Facts, Place};
use crate::hub::Hub;
use crate::journal::{self, Direction, Entry, Kind, Transport, Verdict};
use crate::onebot::Settings;
use crate::rim::socket::{config, run as run_socket};
use crate::rim::sockets::Ending;

/// Between the end of a connection, or a failure to open one, and the next
/// attempt; for ever
/// (<https://github.com/botuniverse/onebot-11/blob/master/communication/ws-reverse.md>).
const RECONNECT: Duration = Duration::from_secs(3);
/// How long a framework may take to accept a connection.
const DIAL_LIMIT: Duration = Duration::from_secs(10);

/// Which connections are to be kept up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dial {
    /// Off while the implementation starts over.
    pub(crate) enabled: bool,
    reverse: Reverse,
    authorization: Option<HeaderValue>,
}

impl Dial {
    pub(crate) fn new(delivery: &Delivery, settings: &Settings) -> Self {
        let reverse = delivery.reverse.clone();
        let header = settings.access_token.header();
        Self {
            enabled: true,
            authorization: header.map(|header| in_scheme(header, reverse.scheme)),
            reverse,
        }
    }

    /// Takes over what is configured now; says whether that is anything new.
    pub(crate) fn follow(&mut self, next: Self) -> bool {
        let next = Self {
            enabled: self.enabled,
            ..next
        };
        let changed = *self != next;
        *self = next;
        changed
    }

    fn targets(&self) -> Vec<Target> {
        if !self.enabled {
            return Vec::new();
        }
        let roles = self.reverse.roles();
        let urls = self.reverse.urls.iter();
        urls.flat_map(|url| roles.iter().map(move |role| (url, *role)))
            .map(|(url, role)| Target {
                url: url.clone(),
                role,
                authorization: self.authorization.clone(),
            })
            .collect()
    }
}

/// The header that carries the token, with another word in front of it.
fn in_scheme(bearer: &HeaderValue, scheme: Scheme) -> HeaderValue {
    let token = bearer
        .as_bytes()
        .strip_prefix(b"Bearer ")
        .unwrap_or_default();
    let header = [scheme.as_str().as_bytes(), b" ", token].concat();
    let mut header = HeaderValue::from_bytes(&header).unwrap_or_else(|_| bearer.clone());
    header.set_sensitive(true);
    header
}

/// Keeps up the connections that `dial` names, for ever.
pub(crate) async fn run(hub: Arc<Hub>, mut dial: watch::Receiver<Dial>) {
    loop {
        let targets = dial.borrow_and_update().targets();
        let stop = watch::Sender::new(false);
        let mut connections = JoinSet::new();
        for target in targets {
            let stopped = stop.subscribe();
            connections.spawn(keep(Arc::clone(&hub), target, stopped));
        }
        if dial.changed().await.is_err() {
            return;
        }
        // The old connections are closed before the new ones open: a
        // framework may take the late end of an old one for that of the new.
        stop.send_replace(true);
        hub.with(|state| {
            let reverse = |facts: &Facts| facts.transport == Transport::WsReverse;
            state.sides.onebot.sockets.end(Ending::Resettled, reverse);
        });
        while connections.join_next().await.is_some() {}
    }
}

/// A connection to keep up.
#[derive(Clone, Debug)]
struct Target {
    url: Uri,
    role: Role,
    authorization: Option<HeaderValue>,
}

async fn keep(hub: Arc<Hub>, target: Target, mut stopped: watch::Receiver<bool>) {
    let mut last_problem = String::new();
    loop {
        let dialled = tokio::select! {
            dialled = dial(&hub, &target) => dialled,
            _ = stopped.wait_for(|stopped| *stopped) => return,
        };
        match dialled {
            Ok(socket) => {
                last_problem.clear();
                let place = hub.with(|state| Place::take(state, target.facts()));
                if *stopped.borrow() {
                    let reverse = |facts: &Facts| facts.transport == Transport::WsReverse;
                    hub.with(|state| state.sides.onebot.sockets.end(Ending::Resettled, reverse));
                }
                run_socket(&hub, socket, place).await;
            }
            // The same problem every three seconds would push everything
            // else out of the journal.
            Err(problem) if problem == last_problem => {}
            Err(problem) => {
                hub.with(|state| {
                    state.note(Entry {
                        verdict: Verdict::Failed,
                        note: problem.clone(),
                        ..target.entry(&HeaderMap::new())
                    })
                });
                last_problem = problem;
            }
        }
        tokio::select! {
            () = sleep(RECONNECT) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// Opens a connection.
async fn dial(hub: &Arc<Hub>, target: &Target) -> Result<WebSocketStream<TcpStream>, String> {
    let self_id = hub.with(|state| state.sides.onebot.world.bot());
    let request = target.handshake(self_id)?;
    let headers = request.headers().clone();
    let opening = async {
        let stream = TcpStream::connect(target.address())
            .await
            .map_err(Error::Io)?;
        stream.set_nodelay(true).map_err(Error::Io)?;
        client_async_with_config(request, stream, Some(config())).await
    };
    let opened = match timeout(DIAL_LIMIT, opening).await {
        Ok(Ok((socket, _))) => socket,
        Ok(Err(Error::Http(response))) => return Err(format!("refused: {}", response.status())),
        Ok(Err(error)) => return Err(error.to_string()),
        Err(_) => return Err(format!("no connection within {DIAL_LIMIT:?}")),
    };
    hub.with(|state| {
        state.note(Entry {
            status: 101,
            ..target.entry(&headers)
        })
    });
    Ok(opened)
}

impl Target {
    fn facts(&self) -> Facts {
        Facts {
            transport: Transport::WsReverse,
            peer: self.peer(),
            role: self.role,
        }
    }

    fn peer(&self) -> String {
        self.url
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    fn address(&self) -> (String, u16) {
        let host = self.url.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        (host.to_owned(), self.url.port_u16().unwrap_or(80))
    }

    fn handshake(&self, self_id: UserId) -> Result<Request<()>, String> {
        let mut request = self
            .url
            .clone()
            .into_client_request()
            .map_err(|error| error.to_string())?;
        let headers = request.headers_mut();
        headers.insert("x-self-id", HeaderValue::from(self_id.0));
        let role = HeaderValue::from_static(self.role.as_str());
        headers.insert("x-client-role", role);
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        Ok(request)
    }

    fn entry(&self, headers: &HeaderMap) -> Entry {
        Entry {
            title: format!("connect {}", self.role),
            method: "GET".to_owned(),
            url: journal::url(&self.url.to_string()),
            headers: journal::headers(headers),
            ..socket::entry(&self.facts(), Direction::Out, Kind::Frame)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(role: Role) -> Target {
        let bearer = HeaderValue::from_static("Bearer sandbox-token");
        Target {
            url: "ws://127.0.0.1:8080/ws".parse().unwrap(),
            role,
            authorization: Some(in_scheme(&bearer, Scheme::Token)),
        }
    }

    #[test]
    fn the_handshake_says_who_we_are() {
        let request = target(Role::Api).handshake(UserId(10000)).unwrap();
        let header = |name| request.headers().get(name).unwrap().to_str().unwrap();
        assert_eq!(request.uri(), "ws://127.0.0.1:8080/ws");
        assert_eq!(header("x-self-id"), "10000");
        assert_eq!(header("x-client-role"), "API");
        assert_eq!(header("authorization"), "Token sandbox-token");
        assert_eq!(header("host"), "127.0.0.1:8080");
        assert!(!format!("{request:?}").contains("sandbox-token"));
    }

    #[test]
    fn separate_roles_are_two_connections_to_each_address() {
        let mut dial = Dial::new(&Delivery::default(), &Settings::default());
        assert!(dial.targets().is_empty());
        dial.reverse.urls = vec!["ws://a/".parse().unwrap(), "ws://b/".parse().unwrap()];
        dial.reverse.separate = true;
        let roles: Vec<Role> = dial.targets().iter().map(|target| target.role).collect();
        assert_eq!(roles, [Role::Api, Role::Event, Role::Api, Role::Event]);
        dial.enabled = false;
        assert!(dial.targets().is_empty());
    }

    #[test]
    fn an_address_without_port_means_80() {
        let mut target = target(Role::Universal);
        target.url = "ws://[::1]/ws".parse().unwrap();
        assert_eq!(target.address(), ("::1".to_owned(), 80));
    }
}
