//! Calls that no type describes.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;

use crate::base::BaseUrl;
use crate::codec::accept;
use crate::endpoint::{HttpRequest, Method, Platform};
use crate::error::Error;

/// Any call: path, parameters and headers as you say. The answer comes back
/// as it is: status, headers, body.
///
/// ```
/// use mynah_core::RawRequest;
///
/// let call = RawRequest::post("/send_msg_async").json(&serde_json::json!({"user_id": 10001}))?;
/// assert_eq!(call.body.as_ref(), br#"{"user_id":10001}"#);
/// # Ok::<(), mynah_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RawRequest {
    /// The HTTP method.
    pub method: Method,
    /// The path below the base address, starting with a slash.
    pub path: String,
    /// The query, without a question mark.
    pub query: String,
    /// Headers besides those the client sets.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Bytes,
    /// Whether the call carries the account's credential. On by default.
    pub authorized: bool,
}

const NAME: &str = "raw";

impl RawRequest {
    /// A call with any method.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: String::new(),
            headers: Vec::new(),
            body: Bytes::new(),
            authorized: true,
        }
    }

    /// A GET.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::Get, path)
    }

    /// A POST.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::Post, path)
    }

    /// Writes `value` as the JSON body.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn json(self, value: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(value).map_err(|e| Error::invalid(NAME, e.to_string()))?;
        Ok(self.with_body("application/json", body))
    }

    /// Writes `value` as the form body; repeated keys for lists.
    ///
    /// # Errors
    /// The value cannot be written as a form.
    pub fn form(self, value: &impl Serialize) -> Result<Self, Error> {
        let body =
            serde_html_form::to_string(value).map_err(|e| Error::invalid(NAME, e.to_string()))?;
        Ok(self.with_body("application/x-www-form-urlencoded", body.into_bytes()))
    }

    /// Writes `value` as the query.
    ///
    /// # Errors
    /// The value cannot be written as a query.
    pub fn query(self, value: &impl Serialize) -> Result<Self, Error> {
        let query =
            serde_html_form::to_string(value).map_err(|e| Error::invalid(NAME, e.to_string()))?;
        Ok(Self { query, ..self })
    }

    /// Any body.
    #[must_use]
    pub fn with_body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers
            .push((CONTENT_TYPE, HeaderValue::from_static(content_type)));
        self.body = body.into();
        self
    }

    /// Leaves the credential away.
    #[must_use]
    pub fn public(self) -> Self {
        Self {
            authorized: false,
            ..self
        }
    }

    /// The request as it goes out, before it is authorized.
    ///
    /// # Errors
    /// Path and query do not make an address.
    pub fn encode(&self, base: &BaseUrl) -> Result<HttpRequest, Error> {
        let mut request = HttpRequest::new(self.body.clone());
        *request.method_mut() = self.method.http();
        *request.uri_mut() = base
            .join(&self.path, &self.query)
            .map_err(|error| Error::invalid(NAME, error.to_string()))?;
        for (name, value) in &self.headers {
            request.headers_mut().append(name, value.clone());
        }
        Ok(request)
    }

    /// As [`encode`](Self::encode), asking for answers as the platform's typed
    /// calls do ([`Platform::ACCEPT`]).
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_for<P: Platform>(&self, base: &BaseUrl) -> Result<HttpRequest, Error> {
        let mut request = self.encode(base)?;
        accept(&mut request, P::ACCEPT);
        Ok(request)
    }
}
