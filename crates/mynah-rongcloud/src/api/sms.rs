//! Verifying telephone numbers.
