//! mynah-sandbox
