//! The token store, if there is one, within its time.

use std::time::Duration;

use mynah_core::{Kept, TokenStore};

use crate::settings::Settings;

/// Where one credential is kept.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The store and the key; nothing where nothing is kept.
    at: Option<(&'a dyn TokenStore, &'a str)>,
    /// A store that is slower is passed over.
    patience: Duration,
}

impl Settings {
    /// Where the credential of this name is kept.
    pub(crate) fn kept<'a>(&'a self, key: Option<&'a str>) -> Place<'a> {
        Place {
            at: self.store.as_deref().zip(key),
            patience: self.token_timeout / 4,
        }
    }
}

impl Place<'_> {
    /// Whether there is a store at all.
    #[cfg(feature = "blocking")]
    pub(crate) fn is_somewhere(self) -> bool {
        self.at.is_some()
    }

    pub(crate) async fn load(self) -> Option<Kept> {
        let (store, key) = self.at?;
        let loaded = tokio::time::timeout(self.patience, store.load(key)).await;
        loaded.unwrap_or_else(|_| {
            tracing::warn!("the token store did not answer within {:?}", self.patience);
            None
        })
    }

    pub(crate) async fn save(self, kept: &Kept) {
        let Some((store, key)) = self.at else {
            return;
        };
        let saved = tokio::time::timeout(self.patience, store.save(key, kept)).await;
        if saved.is_err() {
            tracing::warn!("the token store took nothing within {:?}", self.patience);
        }
    }
}
