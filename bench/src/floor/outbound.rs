//! Calls of `send_group_msg`, on hyper.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::wire::{Answer, SendGroupMsg, Sent};
use crate::meter::{Figures, Plan, closed_loop};
use crate::sample;

type Pool = Client<HttpConnector, Full<Bytes>>;

/// Makes calls to `base` in a closed loop.
///
/// # Errors
/// The address is none.
pub async fn run(base: &str, plan: Plan) -> anyhow::Result<Figures> {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    let pool: Pool = Client::builder(TokioExecutor::new()).build(tcp);
    let uri: Uri = format!("{}/send_group_msg", base.trim_end_matches('/')).parse()?;
    let call = move || {
        let (pool, uri) = (pool.clone(), uri.clone());
        async move { call(&pool, uri).await.is_some() }
    };
    Ok(closed_loop(plan, call).await?)
}

async fn call(pool: &Pool, uri: Uri) -> Option<i32> {
    let message = SendGroupMsg::new(sample::FIRST_GROUP, "pong");
    let request = request(uri, &message)?;
    let response = pool.request(request).await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    let body = response.into_body().collect().await.ok()?.to_bytes();
    opened(&body).map(|sent: Sent| sent.message_id)
}

/// The request that makes the call.
pub fn request(uri: Uri, message: &SendGroupMsg) -> Option<Request<Full<Bytes>>> {
    let body = serde_json::to_vec(message).ok()?;
    let json = HeaderValue::from_static("application/json");
    Request::post(uri)
        .header(CONTENT_TYPE, json)
        .body(Full::from(body))
        .ok()
}

/// The data of an answer, if the action succeeded.
pub fn opened<T: serde::de::DeserializeOwned>(body: &[u8]) -> Option<T> {
    let answer: Answer<T> = serde_json::from_slice(body).ok()?;
    answer.data.filter(|_| answer.status == "ok")
}
