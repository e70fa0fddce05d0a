//! The way out of an account: its connections, and the proxy they go through.
//!
//! What calls is made deep inside the adapters, out of settings that say nothing of proxies. So
//! the way stands around the making: whatever is made within a scope of it goes out by it.

use mynah_client::{HyperTransport, Proxies};
use mynah_inbound::{Settings, Tunnel};

use crate::config::{Account, BadConfig};

tokio::task_local! {
    static WAY: Way;
}

/// How the calls of one account go out.
#[derive(Clone, Debug)]
struct Way {
    http: HyperTransport,
    tunnel: Option<Tunnel>,
}

impl Way {
    fn of(account: &Account) -> Result<Self, BadConfig> {
        let Some(proxy) = account.proxy()? else {
            let http = HyperTransport::new();
            return Ok(Self { http, tunnel: None });
        };
        let tunnel = Tunnel::new(proxy.uri().clone(), proxy.authorization().cloned());
        let proxies = Proxies::all(proxy);
        Ok(Self {
            http: HyperTransport::builder().proxies(proxies).build(),
            tunnel: Some(tunnel),
        })
    }
}

impl Account {
    /// Makes clients and outboxes whose calls go out by the proxy of this account, if it has one.
    ///
    /// # Errors
    /// The proxy cannot be read, or is none.
    pub fn on_its_way<T>(&self, make: impl FnOnce() -> T) -> Result<T, BadConfig> {
        Ok(WAY.sync_scope(Way::of(self)?, make))
    }

    /// As [`on_its_way`](Self::on_its_way), for what takes its time.
    pub(crate) async fn opened_on_its_way<F: Future>(
        &self,
        open: F,
    ) -> Result<F::Output, BadConfig> {
        Ok(WAY.scope(Way::of(self)?, open).await)
    }
}

/// What carries the calls of the account that is being made.
pub fn transport() -> HyperTransport {
    let way = WAY.try_with(|way| way.http.clone());
    way.unwrap_or_default()
}

/// How the sockets of the account that is being made are driven.
pub(crate) fn sockets() -> Settings {
    let tunnel = WAY.try_with(|way| way.tunnel.clone());
    Settings {
        tunnel: tunnel.unwrap_or_default(),
        ..Settings::default()
    }
}
