//! The page, inside the binary.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

use crate::server::{Request, Server};

/// Everything comes from here and nothing else may run or be talked to.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
);

/// A file of the page.
#[derive(Debug)]
struct Asset {
    name: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal),* $(,)?) => {
        &[$(Asset {
            name: $name,
            bytes: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $name)),
        }),*]
    };
}

const INDEX: &str = "index.html";

const ASSETS: &[Asset] = assets![
    "index.html",
    "hello.svg",
    "icon.svg",
    "address.js",
    "app.css",
    "api.js",
    "app.js",
    "boot.js",
    "cards.js",
    "channels.js",
    "chat.js",
    "composer.js",
    "dialogs.js",
    "dom.js",
    "emoji.js",
    "entry.js",
    "format.js",
    "i18n.js",
    "inspector.js",
    "lists.js",
    "live.js",
    "markdown.js",
    "message.js",
    "parts.js",
    "route.js",
    "store.js",
    "strip.js",
    "tools.js",
    "traffic.js",
    "transcript.js",
    "virtual.js",
    "worlds.js",
];

/// The page and its files.
pub(crate) fn router() -> Router<Server> {
    Router::new()
        .route("/", get(page))
        .route("/assets/{name}", get(file))
}

async fn page(State(server): State<Server>, request: Request) -> Response {
    serve(&server, INDEX, &request)
}

async fn file(
    State(server): State<Server>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    serve(&server, &name, &request)
}

fn serve(server: &Server, name: &str, request: &Request) -> Response {
    if let Err(stranger) = server.admit(request) {
        return stranger;
    }
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => asset.respond(request.headers()),
        None => status(StatusCode::NOT_FOUND),
    }
}

impl Asset {
    fn respond(&self, asked: &HeaderMap) -> Response {
        let tag = self.tag();
        let known = asked.get(IF_NONE_MATCH).is_some_and(|known| *known == tag);
        let mut response = if known {
            status(StatusCode::NOT_MODIFIED)
        } else {
            Response::new(Body::from(self.bytes))
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind()));
        // Asked for every time, but sent only when another binary has another.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(ETAG, tag);
        headers.insert(CONTENT_SECURITY_POLICY, POLICY);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }

    /// The media type, by the name.
    fn kind(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "application/octet-stream",
        }
    }

    /// Tells one content from another (FNV-1a; nobody has a reason to forge it).
    fn tag(&self) -> HeaderValue {
        let hash = self
            .bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            });
        HeaderValue::try_from(format!("\"{hash:016x}\""))
            .unwrap_or(HeaderValue::from_static("\"\""))
    }
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_inside() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let ours = [".html", ".css", ".js", ".svg"];
            if ours.iter().any(|end| name.ends_with(end)) {
                assert!(ASSETS.iter().any(|asset| asset.name == name), "{name}");
            }
        }
    }

    #[test]
    fn every_file_has_a_type() {
        for asset in ASSETS {
            assert_ne!(asset.kind(), "application/octet-stream", "{}", asset.name);
        }
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let asset = &ASSETS[0];
        let mut asked = HeaderMap::new();
        assert_eq!(asset.respond(&asked).status(), StatusCode::OK);
        asked.insert(IF_NONE_MATCH, asset.tag());
        assert_eq!(asset.respond(&asked).status(), StatusCode::NOT_MODIFIED);
        asked.insert(IF_NONE_MATCH, ASSETS[1].tag());
        assert_eq!(asset.respond(&asked).status(), StatusCode::OK);
    }
}
