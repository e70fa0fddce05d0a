//! Sensitive words.
