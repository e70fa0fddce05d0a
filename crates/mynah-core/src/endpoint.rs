//! The definition of one remote operation, and of the platform it belongs to.

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec::{BadParameters, Parameters, decode_output, encode_output};
use crate::error::{ApiError, Error, Verdict};
use crate::file::File;
use crate::quota::Quota;

/// An HTTP request with its body in memory.
pub type HttpRequest = Request<Bytes>;

/// An HTTP response with its body in memory.
pub type HttpResponse = Response<Bytes>;

/// One remote operation: the implementing type is its request.
///
/// A client serializes `Self` and reads `Output`; a server reads `Self` and
/// serializes `Output`. Both sides, the command line and the documentation
/// come from this one definition.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    note = "an endpoint is a request struct with `impl Endpoint` naming its platform, output and META"
)]
pub trait Endpoint: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Whose operation this is.
    type Platform: Platform;
    /// What the answer holds; [`Empty`] when it holds nothing.
    type Output: Serialize + DeserializeOwned + Send + 'static;
    /// The facts that do not depend on a particular call.
    const META: Meta;

    /// Client side: refuses what every server would refuse, before it is sent.
    /// Only for what cannot be right whoever asks: a limit that may move is
    /// left to the platform.
    ///
    /// # Errors
    /// The field, its limit, and how much was given.
    fn check(&self) -> Result<(), BadParameters> {
        Ok(())
    }

    /// Client side: the file this call uploads, and the form field it stands
    /// in ([`Encoding::Multipart`]). The field of the struct skips serializing;
    /// a server reads it by its name like any other.
    fn file(&self) -> Option<(&'static str, &File)> {
        None
    }

    /// Client side: finds the payload in a response, or the refusal it carries. What the platform
    /// says of all its endpoints; one whose success is of its own kind, such as a redirection,
    /// overrides it.
    ///
    /// # Errors
    /// The platform's refusal, or an answer that is not the platform's.
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        Self::Platform::open(response)
    }

    /// Client side: the output in an answer whose body is the payload that
    /// [`open`](Self::open) found. An endpoint that answers with a [`File`]
    /// overrides it with [`File::of`].
    ///
    /// # Errors
    /// The payload does not have the documented form.
    fn read(answer: &HttpResponse) -> Result<Self::Output, Error> {
        decode_output::<Self>(answer.body())
    }

    /// Server side, the inverse of [`read`](Self::read).
    fn write(outcome: Result<Self::Output, ApiError>) -> HttpResponse {
        encode_output::<Self>(outcome)
    }
}

/// The conventions that the endpoints of one platform share.
pub trait Platform: Send + Sync + 'static {
    /// The name in endpoint names, configuration and addresses: `onebot`.
    const NAME: &'static str;

    /// Client side: finds the payload (JSON) in a response, or the refusal it carries.
    ///
    /// # Errors
    /// The platform's refusal, or a 2xx whose body lacks the envelope.
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError>;

    /// Server side, the inverse of [`open`](Self::open).
    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse;

    /// Says what a refusal means for the caller's next step.
    fn classify(error: &ApiError) -> Verdict;

    /// Client side: how many calls are left, where the platform says so in the headers of its
    /// answers, refusals included. A client that has none left waits, or fails without sending.
    fn quota(_headers: &HeaderMap) -> Option<Quota> {
        None
    }

    /// Server side: gathers the parameters of a request from where this
    /// platform's clients may put them.
    ///
    /// # Errors
    /// What the platform answers to a body it cannot read.
    fn parameters(meta: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
        Parameters::of(meta, request).map_err(ApiError::from)
    }

    /// Server side: whether a JSON value must be of the kind that is asked for.
    /// Where it is not, digits may be a string, a name a number, and an
    /// optional parameter of the wrong kind counts as absent. What came as
    /// text, in a query or form, is read leniently in any case.
    const STRICT_JSON: bool = false;

    /// Server side: whether an optional parameter is refused where it is of the wrong kind, instead
    /// of counting as absent: in a query, a form, and JSON too. JSON that is not
    /// [strict](Self::STRICT_JSON) is converted before it is looked at.
    const STRICT_TEXT: bool = false;

    /// Client side: the media type that answers are asked for in (`Accept`), where
    /// the platform might choose another one.
    const ACCEPT: Option<&'static str> = None;

    /// Server side: what the platform answers to a missing or ill-typed parameter.
    fn bad_parameters(bad: BadParameters) -> ApiError {
        ApiError::from(bad)
    }
}

/// The facts about an endpoint that do not depend on a particular call.
///
/// ```
/// use mynah_core::Meta;
///
/// const META: Meta = Meta::post("dingtalk.chat.create", "/chat/create")
///     .at("chatid")
///     .doc("https://open.dingtalk.com/document/orgapp/create-group-session");
/// assert_eq!(META.at, "chatid");
/// assert!(!META.idempotent);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// The name in logs, metrics, errors and on the command line.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base address; `{field}` takes a field of the request.
    pub path: &'static str,
    /// Where the parameters stand.
    pub encoding: Encoding,
    /// The parameters that stand in the query although the others do not.
    pub query: &'static [&'static str],
    /// The parameters that are maps, whose entries stand in the form one by one, with the key in
    /// brackets behind the name: `group[g1]=One`.
    pub brackets: &'static [&'static str],
    /// The field of the payload that holds the output; empty for all of it.
    pub at: &'static str,
    /// The HTTP status of success.
    pub status: u16,
    /// Whether success says nothing further: there is no body.
    pub bodiless: bool,
    /// Whether the call carries the account's credential.
    pub authorized: bool,
    /// Whether repeating the call changes nothing further.
    pub idempotent: bool,
    /// The page of the vendor's documentation.
    pub doc: &'static str,
}

impl Meta {
    /// Parameters in the query of a GET, which is taken to be idempotent.
    pub const fn get(name: &'static str, path: &'static str) -> Self {
        Self {
            idempotent: true,
            ..Self::new(name, Method::Get, path, Encoding::Query)
        }
    }

    /// Parameters in the JSON body of a POST.
    pub const fn post(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Post, path, Encoding::Json)
    }

    /// Parameters in the JSON body of a PATCH.
    pub const fn patch(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Patch, path, Encoding::Json)
    }

    /// Parameters in the form body of a POST.
    pub const fn form(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Post, path, Encoding::Form)
    }

    /// A file and other fields in the form body of a POST.
    pub const fn upload(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Post, path, Encoding::Multipart)
    }

    /// Any method and encoding.
    pub const fn new(
        name: &'static str,
        method: Method,
        path: &'static str,
        encoding: Encoding,
    ) -> Self {
        Self {
            name,
            method,
            path,
            encoding,
            query: &[],
            brackets: &[],
            at: "",
            status: 200,
            bodiless: false,
            authorized: true,
            idempotent: false,
            doc: "",
        }
    }

    /// The output is the field `at` of the payload.
    #[must_use]
    pub const fn at(self, at: &'static str) -> Self {
        Self { at, ..self }
    }

    /// Success has this HTTP status.
    #[must_use]
    pub const fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Success has no body: the output is [`Empty`].
    #[must_use]
    pub const fn bodiless(self) -> Self {
        Self {
            bodiless: true,
            ..self
        }
    }

    /// These parameters stand in the query, whatever the encoding of the others.
    #[must_use]
    pub const fn query(self, query: &'static [&'static str]) -> Self {
        Self { query, ..self }
    }

    /// These parameters are maps, whose entries stand in the form one by one: `group[g1]=One`.
    #[must_use]
    pub const fn brackets(self, brackets: &'static [&'static str]) -> Self {
        Self { brackets, ..self }
    }

    /// The vendor's page.
    #[must_use]
    pub const fn doc(self, doc: &'static str) -> Self {
        Self { doc, ..self }
    }

    /// Repeating the call changes nothing further, so it may be retried.
    #[must_use]
    pub const fn idempotent(self) -> Self {
        Self {
            idempotent: true,
            ..self
        }
    }

    /// The call needs no credential.
    #[must_use]
    pub const fn public(self) -> Self {
        Self {
            authorized: false,
            ..self
        }
    }
}

/// An HTTP method an endpoint can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The method as `http` spells it.
    pub const fn http(self) -> http::Method {
        match self {
            Self::Get => http::Method::GET,
            Self::Post => http::Method::POST,
            Self::Put => http::Method::PUT,
            Self::Patch => http::Method::PATCH,
            Self::Delete => http::Method::DELETE,
        }
    }
}

/// Where the parameters of a request stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// In the query string.
    Query,
    /// In a JSON body.
    Json,
    /// In an `application/x-www-form-urlencoded` body; repeated keys for lists.
    Form,
    /// In a `multipart/form-data` body, beside the [file](Endpoint::file).
    Multipart,
}

/// An answer that says nothing but "done". Reads anything, writes `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Empty;

impl Serialize for Empty {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for Empty {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}
