//! The page, inside the binary.

use std::io::Write as _;
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::StatusCode;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderMap, HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};

use crate::server::{Request, Server};

/// Everything comes from here and nothing else may run or be talked to. Only
/// the page itself may frame it: it does, to show several people side by side.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'",
);

/// A file of the page.
#[derive(Debug)]
struct Asset {
    name: &'static str,
    bytes: &'static [u8],
    /// The same in gzip, made when somebody first takes it; nothing if it
    /// would not be smaller.
    packed: OnceLock<Option<Vec<u8>>>,
}

macro_rules! assets {
    ($($name:literal),* $(,)?) => {
        static ASSETS: [Asset; [$($name),*].len()] = [$(Asset {
            name: $name,
            bytes: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $name)),
            packed: OnceLock::new(),
        }),*];
    };
}

const INDEX: &str = "index.html";

assets![
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
    "columns.js",
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
    fn respond(&'static self, asked: &HeaderMap) -> Response {
        let tag = self.tag();
        let known = asked.get(IF_NONE_MATCH).is_some_and(|known| *known == tag);
        let packed = takes_gzip(asked).then(|| self.packed()).flatten();
        let mut response = if known {
            status(StatusCode::NOT_MODIFIED)
        } else {
            Response::new(Body::from(packed.unwrap_or(self.bytes)))
        };
        let headers = response.headers_mut();
        if packed.is_some() && !known {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind()));
        // Asked for every time, but sent only when another binary has another.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(ETAG, tag);
        headers.insert(CONTENT_SECURITY_POLICY, POLICY);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }

    fn packed(&'static self) -> Option<&'static [u8]> {
        let packed = self.packed.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(self.bytes).ok()?;
            let packed = encoder.finish().ok()?;
            (packed.len() < self.bytes.len()).then_some(packed)
        });
        packed.as_deref()
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

    /// Tells one content from another, packed or not (FNV-1a; nobody has a
    /// reason to forge it).
    fn tag(&self) -> HeaderValue {
        let hash = self
            .bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            });
        HeaderValue::try_from(format!("W/\"{hash:016x}\""))
            .unwrap_or(HeaderValue::from_static("\"\""))
    }
}

/// Whether gzip may be answered.
fn takes_gzip(asked: &HeaderMap) -> bool {
    let values = asked.get_all(ACCEPT_ENCODING).iter();
    let mut codings = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && weight != Some(Ok(0.0))
    })
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
        for asset in &ASSETS {
            assert_ne!(asset.kind(), "application/octet-stream", "{}", asset.name);
        }
    }

    #[test]
    fn the_page_names_every_module_it_will_need() {
        let page = ASSETS.iter().find(|asset| asset.name == INDEX).unwrap();
        let page = std::str::from_utf8(page.bytes).unwrap();
        for Asset { name, .. } in &ASSETS {
            if name.rsplit('.').next() != Some("js") || *name == "boot.js" {
                continue;
            }
            let named = [
                format!("<link rel=\"modulepreload\" href=\"/assets/{name}\">"),
                format!("<script type=\"module\" src=\"/assets/{name}\">"),
            ];
            assert!(named.iter().any(|named| page.contains(named)), "{name}");
        }
    }

    #[test]
    fn the_whole_page_takes_less_than_300_kb() {
        let sizes = ASSETS
            .iter()
            .map(|asset| asset.packed().unwrap_or(asset.bytes).len());
        let whole: usize = sizes.sum();
        assert!((10_000..300_000).contains(&whole), "{whole}");
    }

    #[test]
    fn it_is_packed_for_whoever_takes_it() {
        use std::io::Read as _;
        let asset = ASSETS.iter().find(|asset| asset.name == "app.css").unwrap();
        for (accepted, packed) in [
            (None, false),
            (Some("gzip"), true),
            (Some("br, GZIP;q=0.5"), true),
            (Some("gzip;q=0, identity"), false),
            (Some("gzip; q=0.000"), false),
            (Some("x-gzip2"), false),
        ] {
            let mut asked = HeaderMap::new();
            if let Some(accepted) = accepted {
                asked.insert(ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            }
            let response = asset.respond(&asked);
            let coding = response.headers().get(CONTENT_ENCODING);
            assert_eq!(coding.is_some(), packed, "{accepted:?}");
            assert_eq!(response.headers()[VARY], "accept-encoding");
        }
        let mut whole = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(asset.packed().unwrap());
        decoder.read_to_end(&mut whole).unwrap();
        assert_eq!(whole, asset.bytes);
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
