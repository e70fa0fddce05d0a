//! Chatrooms.
