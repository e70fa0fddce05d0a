//! The calls of five Python packages, each done with Mynah against the sandbox.
//!
//! The pages in `docs/migration` show them. A comment that is the name of a call begins a section;
//! what the page says of the call stands in it word for word, which a test of `xtask` sees to, as
//! it does that no call is missing.

mod aiobearychat;
mod aiocqhttp;
mod dingtalk_sdk;
mod rongcloud_server_sdk_python;
mod wechatpy;

/// The programs at the head of each page.
#[allow(dead_code, unreachable_pub)]
mod programs {
    pub(super) mod aiobearychat;
    pub(super) mod aiocqhttp;
    pub(super) mod dingtalk_sdk;
    pub(super) mod rongcloud_server_sdk_python;
    pub(super) mod wechatpy;
}

use std::path::Path;

use mynah::bot::{Config, Result};
use mynah::client::Client;
use mynah::core::http::Method;
use mynah::core::{Auth, BaseUrl, HttpRequest, Platform};
use mynah_sandbox::Sandbox;
use serde_json::Value;

type Done = Result<()>;

/// A sandbox without sockets.
fn sandbox() -> Sandbox {
    Sandbox::builder().open().unwrap()
}

/// One call of the control API: somebody speaks or acts.
async fn control(sandbox: &Sandbox, path: &str, body: Value) -> Value {
    let mut request = HttpRequest::new(body.to_string().into());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = path.parse().unwrap();
    let headers = request.headers_mut();
    headers.insert("host", "127.0.0.1:7700".parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    let answer = sandbox.handle(request).await.unwrap();
    assert!(answer.status().is_success(), "{:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap()
}

/// Where a platform is in the sandbox.
fn base(path: &str) -> BaseUrl {
    format!("http://127.0.0.1:7700/{path}").parse().unwrap()
}

/// Somebody who calls the sandbox.
fn client<P: Platform>(sandbox: &Sandbox, path: &str, auth: impl Auth) -> Client<P> {
    Client::builder(base(path)).auth(auth).over(sandbox.clone())
}

#[test]
fn the_accounts_on_the_pages_can_be_read() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/migration");
    let mut read = 0;
    for page in std::fs::read_dir(pages).unwrap() {
        let page = page.unwrap().path();
        let text = std::fs::read_to_string(&page).unwrap();
        for block in text.split("```toml\n").skip(1) {
            let (accounts, _) = block.split_once("```").unwrap();
            let config = Config::parse(accounts);
            assert!(config.is_ok(), "{}: {config:?}", page.display());
            read += 1;
        }
    }
    assert!(read >= 10, "{read}");
}
