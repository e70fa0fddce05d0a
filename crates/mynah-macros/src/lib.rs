//! mynah-macros
