//! Push and tags.
