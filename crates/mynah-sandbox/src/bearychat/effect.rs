//! What wants to leave the world.

/// Something that wants to leave the world.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {}
