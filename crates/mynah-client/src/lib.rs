//! mynah-client
