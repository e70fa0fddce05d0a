//! Settings of conversations.
