//! Stream: the socket that a program opens to be told what happens.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::OpenApi;
use crate::auth::Secret;
use mynah_core::lenient::{list, or_default, text};

/// Asks where to connect to; answers the address and a ticket that lives for 90 seconds and opens
/// one connection.
///
/// It carries no token but the secret itself. Fails with 401 `authFailed`.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct OpenConnection {
    /// The application.
    #[serde(rename = "clientId", default, deserialize_with = "text")]
    pub client_id: String,
    /// Its secret.
    #[serde(rename = "clientSecret", default, deserialize_with = "or_default")]
    pub client_secret: Secret,
    /// What to be told of.
    #[serde(default, deserialize_with = "list")]
    pub subscriptions: Vec<Subscription>,
    /// The name of the program.
    pub ua: Option<String>,
    /// Its address in its own network.
    #[serde(rename = "localIp")]
    pub local_ip: Option<String>,
}

impl Endpoint for OpenConnection {
    type Platform = OpenApi;
    type Output = Connection;
    const META: Meta = Meta::post(
        "dingtalk.v1.gateway.connections.open",
        "/v1.0/gateway/connections/open",
    )
    .public()
    .idempotent()
    .doc("https://open.dingtalk.com/document/development/stream");
}

/// One thing to be told of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subscription {
    /// `EVENT` or `CALLBACK`.
    #[serde(rename = "type", default, deserialize_with = "text")]
    pub kind: String,
    /// Which: for events only `*` works.
    #[serde(default, deserialize_with = "text")]
    pub topic: String,
}

impl Subscription {
    /// All events.
    pub fn events() -> Self {
        Self {
            kind: "EVENT".to_owned(),
            topic: "*".to_owned(),
        }
    }

    /// The callbacks of this topic.
    pub fn callback(topic: impl Into<String>) -> Self {
        Self {
            kind: "CALLBACK".to_owned(),
            topic: topic.into(),
        }
    }
}

/// Where to connect to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The address, without the ticket.
    pub endpoint: String,
    /// The ticket, for 90 seconds and one connection.
    pub ticket: Secret,
}
