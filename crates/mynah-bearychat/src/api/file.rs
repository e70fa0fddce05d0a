//! Files.

use mynah_core::http::StatusCode;
use mynah_core::http::header::{HeaderValue, LOCATION};
use mynah_core::{
    ApiError, BadParameters, Bytes, Endpoint, Error, HttpResponse, Meta, Platform, Request,
};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::errors;
use crate::id::FileKey;
use crate::limits;

/// Tells where a file is. The platform redirects to it; the client does not follow. Fails with 6 when
/// there is none.
#[doc(alias = "file.location")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct LocateFile {
    /// The file.
    pub file_key: FileKey,
}

impl Endpoint for LocateFile {
    type Platform = BearyChat;
    type Output = FileLocation;
    const META: Meta = Meta::get("bearychat.file.location", "/file.location")
        .status(302)
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/file.location.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("file_key", &self.file_key)
    }

    /// A redirection is success, and nothing else is.
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        if response.status() == StatusCode::FOUND && response.headers().contains_key(LOCATION) {
            return Ok(Bytes::new());
        }
        let words = "the answer is no redirection";
        BearyChat::open(response).and(Err(ApiError::new("envelope", words)))
    }

    fn read(answer: &HttpResponse) -> Result<FileLocation, Error> {
        let url = answer.headers().get(LOCATION);
        match url.map(HeaderValue::to_str) {
            Some(Ok(url)) => Ok(FileLocation {
                url: url.to_owned(),
            }),
            _ => Err(Error::decode(
                Self::META.name,
                "there is no address in `Location`",
                answer.body().clone(),
            )),
        }
    }

    fn write(outcome: Result<FileLocation, ApiError>) -> HttpResponse {
        let url = outcome.and_then(|location| {
            HeaderValue::try_from(location.url).map_err(|_| errors::internal())
        });
        match url {
            Ok(url) => {
                let mut response = HttpResponse::default();
                *response.status_mut() = StatusCode::FOUND;
                response.headers_mut().insert(LOCATION, url);
                response
            }
            Err(error) => BearyChat::seal(Err(error)),
        }
    }
}

/// Where a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLocation {
    /// Its address.
    pub url: String,
}
