//! mynah-bot
