//! Events: what happens around the bot.
