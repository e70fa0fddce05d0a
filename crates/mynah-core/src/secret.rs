//! Secrets, and where they stand in a request.

use std::borrow::Cow;

use http::Uri;

use crate::endpoint::HttpRequest;
use crate::error::Error;

/// Defines what lets its holder act for somebody, each platform its own. `Debug` does not show it.
/// It is compared by the function behind `by`, which must take the same time wherever the two
/// differ: `mynah_crypto::equal`. Whoever uses it needs `secrecy` and `serde`.
///
/// ```
/// # fn equal(left: &[u8], right: &[u8]) -> bool {
/// #     left == right
/// # }
/// mynah_core::secrets! {
///     /// Lets its holder act for the organisation.
///     pub struct Secret, compared by equal;
/// }
///
/// let secret = Secret::from("s3cr3t");
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// assert_eq!(secret.expose(), "s3cr3t");
/// assert!(secret != Secret::default() && Secret::default().is_empty());
/// ```
#[macro_export]
macro_rules! secrets {
    ($($(#[$meta:meta])* pub struct $name:ident, compared by $equal:path;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Default)]
        pub struct $name(secrecy::SecretString);

        impl $name {
            /// Hands the secret out. Keep it out of logs.
            pub fn expose(&self) -> &str {
                secrecy::ExposeSecret::expose_secret(&self.0)
            }

            /// Whether there is nothing in it; the platform takes that for absent.
            pub fn is_empty(&self) -> bool {
                self.expose().is_empty()
            }
        }

        impl From<&str> for $name {
            fn from(secret: &str) -> Self {
                Self(secret.into())
            }
        }

        impl From<String> for $name {
            fn from(secret: String) -> Self {
                Self(secret.into())
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $equal(self.expose().as_bytes(), other.expose().as_bytes())
            }
        }

        impl Eq for $name {}

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.expose())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    )+};
}

/// Adds parameters to the query of a request, each escaped once; what stands there already stays
/// as it is. `name` is what an error says it is about, such as `wecom.auth`.
///
/// ```
/// use mynah_core::{HttpRequest, in_query, put_in_query};
///
/// let mut request = HttpRequest::default();
/// *request.uri_mut() = "http://h/send?id=7".parse()?;
/// put_in_query(&mut request, "plain.auth", &[("key", "a b")])?;
/// assert_eq!(request.uri(), "http://h/send?id=7&key=a+b");
/// let query = request.uri().query().unwrap_or_default();
/// assert_eq!(in_query(query, "key").as_deref(), Some("a b"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The address does not take them. The parameters are not told.
pub fn put_in_query(
    request: &mut HttpRequest,
    name: &'static str,
    pairs: &[(&str, &str)],
) -> Result<(), Error> {
    let problem = |problem: &str| Error::invalid(name, problem);
    let pairs = serde_html_form::to_string(pairs)
        .map_err(|_| problem("the credential cannot be written into the query"))?;
    let uri = request.uri();
    let path_and_query = match uri.query() {
        Some(query) if !query.is_empty() => format!("{}?{query}&{pairs}", uri.path()),
        _ => format!("{}?{pairs}", uri.path()),
    };
    let path_and_query = path_and_query
        .parse()
        .map_err(|_| problem("the credential does not fit into the query"))?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query);
    *request.uri_mut() =
        Uri::from_parts(parts).map_err(|_| problem("the credential makes a broken address"))?;
    Ok(())
}

/// Server side: a parameter in a query, if it is there and not empty. Of several the first counts.
pub fn in_query<'q>(query: &'q str, wanted: &str) -> Option<Cow<'q, str>> {
    let pairs = serde_html_form::from_str::<Vec<(Cow<'q, str>, Cow<'q, str>)>>(query).ok()?;
    pairs
        .into_iter()
        .find(|(name, value)| name == wanted && !value.is_empty())
        .map(|(_, value)| value)
}
