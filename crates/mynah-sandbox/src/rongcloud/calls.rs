//! From a call to its answer.

use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use mynah_core::{
    ApiError, Endpoint, HttpRequest, HttpResponse, Meta, Method, Platform, decode_request,
};
use mynah_rongcloud::RongCloud;
use mynah_rongcloud::auth::{self, Refused, Signed};
use mynah_rongcloud::platform::code;

use super::limits;
use super::quotas::Quota;
use super::refusal::refuse;
use super::world::RongCloudWorld;
use crate::frame::push;
use crate::serve::{Route, Routes, Serve};
use crate::world::Time;

macro_rules! table {
    ($($endpoint:ty),* $(,)?) => { [$(route::<$endpoint>()),*].into_iter().collect() };
}

static ROUTES: LazyLock<Routes<RongCloudWorld>> =
    LazyLock::new(|| mynah_rongcloud::for_each_endpoint!(table));

/// The route to `E`, which is refused what no platform would take.
fn route<E: Endpoint>() -> Route<RongCloudWorld>
where
    RongCloudWorld: Serve<E>,
{
    Route {
        call: |world, request| {
            let call = decode_request::<E>(request).and_then(|call| {
                call.check().map_err(E::Platform::bad_parameters)?;
                if let Some(quota) = Quota::of_call(E::META.path) {
                    world.take(quota, "", 1)?;
                }
                Ok(call)
            });
            E::write(call.and_then(|call| world.serve(call)))
        },
        ..Route::to::<E>()
    }
}

const JSON: &str = ".json";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The most characters of the number that a client gives its call.
const REQUEST_ID_LENGTH: usize = 36;

/// One page of the documentation writes so what all programs write otherwise.
const ALIAS: (&str, &str) = ("/user/blocklist/", "/user/blacklist/");

/// The endpoint at a path, which may lack its ending.
fn find(path: &str) -> Option<&'static Route<RongCloudWorld>> {
    let (alias, usual) = ALIAS;
    let renamed = path
        .strip_prefix(alias)
        .map(|rest| format!("{usual}{rest}"));
    let path = renamed.as_deref().unwrap_or(path);
    let found = ROUTES.find(path);
    found.or_else(|| ROUTES.find(&format!("{path}{JSON}")))
}

impl RongCloudWorld {
    /// Answers an HTTP call. `path` is what follows the root of the RongCloud
    /// URLs, with its leading slash and without the query:
    /// `/user/getToken.json`, or the same without `.json`.
    ///
    /// Checks in the order path, method, App Key, signature, parameters, state,
    /// frequency. Also answers `GET /_history/<name>.zip`, what was said in an
    /// hour, and `GET /_files/<name>`, what people sent, without a signature.
    pub fn http(&mut self, path: &str, request: &HttpRequest, _caller: IpAddr) -> HttpResponse {
        if let Some(file) = self.download(path, request) {
            return file;
        }
        let answer = match find(path) {
            Some(route) => match self.admit(&route.meta, request) {
                Ok(()) => (route.call)(self, request),
                Err(refusal) => RongCloud::seal(Err(refusal)),
            },
            None => RongCloud::seal(Err(refuse(code::NOT_FOUND))),
        };
        with_request_id(request, answer)
    }

    /// Lets a call in by its method and its signature.
    fn admit(&mut self, meta: &Meta, request: &HttpRequest) -> Result<(), ApiError> {
        let method = request.method();
        // What is a GET may be a POST as well.
        let post = meta.method == Method::Get && *method == http::Method::POST;
        if *method != meta.method.http() && !post {
            return Err(refuse(code::NOT_ALLOWED));
        }
        auth::check(request, &self.seed.app)?;
        if self.settings.strict_signatures {
            self.check_freshness(&Signed::of(request.headers()))?;
        }
        Ok(())
    }

    /// A signature is of these minutes, and not used before.
    fn check_freshness(&mut self, signed: &Signed<'_>) -> Result<(), Refused> {
        let time = signed.time().ok_or(Refused::Signature)?;
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        let away = time.0.saturating_sub(self.state.now.0).saturating_abs();
        let repeated = self.nonces.iter().any(|nonce| nonce == signed.nonce);
        if away > limits::FRESH_MS || repeated {
            return Err(Refused::Signature);
        }
        push(&mut self.nonces, signed.nonce.to_owned(), limits::NONCES);
        Ok(())
    }

    /// A file that is there for whoever knows its address.
    fn download(&self, path: &str, request: &HttpRequest) -> Option<HttpResponse> {
        let (media_type, content) = if let Some(name) = path.strip_prefix("/_files/") {
            self.file(name)?
        } else {
            let name = path.strip_prefix("/_history/")?.strip_suffix(".zip")?;
            ("application/zip".to_owned(), self.history_file(name)?)
        };
        if *request.method() != http::Method::GET {
            return None;
        }
        let mut response = HttpResponse::new(content.into());
        if let Ok(value) = HeaderValue::from_str(&media_type) {
            response.headers_mut().insert(CONTENT_TYPE, value);
        }
        Some(response)
    }
}

/// The number that a client gave its call, given back.
fn with_request_id(request: &HttpRequest, answer: HttpResponse) -> HttpResponse {
    let mut answer = answer;
    let id = request.headers().get(REQUEST_ID);
    if let Some(id) = id.filter(|id| id.len() <= REQUEST_ID_LENGTH) {
        answer.headers_mut().insert(REQUEST_ID, id.clone());
    }
    answer
}
