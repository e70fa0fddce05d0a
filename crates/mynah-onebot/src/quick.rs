//! Quick operations.
