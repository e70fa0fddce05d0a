//! Where tokens can be kept, so that they outlive a client or serve several.

use std::collections::BTreeMap;
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use secrecy::SecretString;

/// A token as a store keeps it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The token.
    pub token: SecretString,
    /// When the platform stops taking it.
    pub until: SystemTime,
}

/// What a store is about to say.
pub type Storing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Keeps tokens for several clients, processes or machines: a file, a
/// database, a cache on the network. A client asks it before it asks the
/// platform, and tells it what the platform gave.
///
/// The key names account and secret without containing the secret. A store
/// that fails says so in its own log and has nothing: the client then asks the
/// platform, as it would without a store.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use mynah_core::{Kept, MemoryTokens, TokenStore};
///
/// # async fn example() {
/// let store = MemoryTokens::default();
/// let kept = Kept { token: "t".into(), until: SystemTime::now() + Duration::from_secs(7200) };
/// store.save("wecom:ww-sandbox", &kept).await;
/// assert!(store.load("wecom:ww-sandbox").await.is_some());
/// # }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// The token kept under `key`, if there is one.
    fn load<'a>(&'a self, key: &'a str) -> Storing<'a, Option<Kept>>;

    /// Keeps a token under `key`, in the place of the one before.
    fn save<'a>(&'a self, key: &'a str, kept: &'a Kept) -> Storing<'a, ()>;
}

impl<T: TokenStore + ?Sized> TokenStore for Arc<T> {
    fn load<'a>(&'a self, key: &'a str) -> Storing<'a, Option<Kept>> {
        (**self).load(key)
    }

    fn save<'a>(&'a self, key: &'a str, kept: &'a Kept) -> Storing<'a, ()> {
        (**self).save(key, kept)
    }
}

/// Keeps tokens in memory, for the clients of one process. It holds one token
/// for each key; clones share them.
#[derive(Clone, Default)]
pub struct MemoryTokens(Arc<Mutex<BTreeMap<String, Kept>>>);

impl TokenStore for MemoryTokens {
    fn load<'a>(&'a self, key: &'a str) -> Storing<'a, Option<Kept>> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Box::pin(ready(tokens.get(key).cloned()))
    }

    fn save<'a>(&'a self, key: &'a str, kept: &'a Kept) -> Storing<'a, ()> {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.insert(key.to_owned(), kept.clone());
        Box::pin(ready(()))
    }
}

impl fmt::Debug for MemoryTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryTokens(…)")
    }
}
