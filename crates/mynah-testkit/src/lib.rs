//! mynah-testkit
