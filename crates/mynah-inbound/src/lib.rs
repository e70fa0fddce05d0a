//! mynah-inbound
