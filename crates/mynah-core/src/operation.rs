//! Endpoints as values: for tables, help texts and command lines.

use std::fmt;

use serde_json::Value;

use crate::base::BaseUrl;
use crate::codec::{BadParameters, Parameters, encode_request};
use crate::describe::{Described, Field, describe};
use crate::endpoint::{Endpoint, HttpRequest, HttpResponse, Meta, Platform};
use crate::error::{ApiError, Error};
use crate::exchange::Rules;
use crate::parameters;

/// One endpoint of a platform's list, without its type.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The facts about it.
    pub meta: Meta,
    /// The platform's name.
    pub platform: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// When and how often it may be made.
    pub rules: Rules,
    fields: fn() -> Vec<Field>,
    encode: fn(&BaseUrl, Parameters) -> Result<HttpRequest, Error>,
    output: fn(&HttpResponse) -> Result<Value, Error>,
}

impl Operation {
    /// The operation that `E` is.
    pub const fn of<E: Endpoint + Described>() -> Self {
        Self {
            meta: E::META,
            platform: E::Platform::NAME,
            doc: E::DOC,
            rules: Rules::of::<E>(),
            fields: describe::<E>,
            encode: |base, parameters| {
                let endpoint: E = parameters::read_strict(parameters)
                    .map_err(|bad| Error::invalid(E::META.name, bad.to_string()))?;
                encode_request(base, &endpoint)
            },
            output: |answer| {
                let output = E::read(answer)?;
                serde_json::to_value(output)
                    .map_err(|error| Error::decode(E::META.name, error, answer.body().clone()))
            },
        }
    }

    /// The name without the platform: `send_msg` of `onebot.send_msg`.
    pub fn name(&self) -> &'static str {
        self.meta
            .name
            .split_once('.')
            .map_or(self.meta.name, |(_, name)| name)
    }

    /// The parameters.
    pub fn fields(&self) -> Vec<Field> {
        (self.fields)()
    }

    /// The request that makes the call. Digits may stand for numbers and words
    /// for switches; what is unknown or of the wrong kind is refused, and so is
    /// what lacks something, however lenient the platform's own end is.
    ///
    /// # Errors
    /// A parameter is missing, wrong or unknown.
    pub fn encode(&self, base: &BaseUrl, parameters: Parameters) -> Result<HttpRequest, Error> {
        let fields = self.fields();
        if let Some(unknown) = parameters
            .names()
            .find(|name| fields.iter().all(|field| field.name != *name))
        {
            let known: Vec<_> = fields.iter().map(|field| field.name).collect();
            let problem = format!(
                "`{unknown}`: no such parameter; there are: {}",
                known.join(", ")
            );
            return Err(Error::invalid(self.meta.name, problem));
        }
        let given: Vec<_> = parameters.names().collect();
        let required = fields.iter().filter(|field| field.required);
        let missing: Vec<_> = required
            .filter(|field| !given.contains(&field.name))
            .map(|field| BadParameters::missing(field.name).to_string())
            .collect();
        if !missing.is_empty() {
            return Err(Error::invalid(self.meta.name, missing.join("; ")));
        }
        (self.encode)(base, parameters)
    }

    /// The output in an answer, as JSON.
    ///
    /// # Errors
    /// The platform refused, or the answer does not have the documented form.
    pub fn decode(&self, response: &HttpResponse) -> Result<Value, Error> {
        let refused = |error: ApiError| {
            let verdict = (self.rules.classify)(&error);
            Error::refused(self.meta.name, error, verdict)
        };
        let payload = (self.rules.open)(response).map_err(refused)?;
        let mut answer = HttpResponse::new(payload);
        answer.headers_mut().clone_from(response.headers());
        self.output(&answer)
    }

    /// The output in an answer whose body is a payload that was found already.
    ///
    /// # Errors
    /// The payload does not have the documented form.
    pub fn output(&self, answer: &HttpResponse) -> Result<Value, Error> {
        (self.output)(answer)
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Operation").field(&self.meta.name).finish()
    }
}

/// Makes a table out of a platform's list of endpoints:
/// `mynah_onebot::for_each_endpoint!(mynah_core::operations)`.
#[macro_export]
macro_rules! operations {
    ($($endpoint:ty),* $(,)?) => { [$($crate::Operation::of::<$endpoint>()),*] };
}
