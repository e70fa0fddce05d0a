//! mynah
fn main() {}
