//! mynah
