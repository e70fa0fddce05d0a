//! mynah-core
