//! mynah-crypto
