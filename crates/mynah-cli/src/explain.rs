//! `mynah explain`: what a platform means by a code, and what to do about it.

use clap::Args;

use crate::exit::Failure;

/// Whose code, and which.
#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The platform: onebot, wecom, dingtalk, rongcloud or bearychat.
    pub(crate) platform: String,
    /// The code, as the platform gives it, or words to look for; without it, lists all.
    pub(crate) code: Option<String>,
}

pub(crate) fn run(explain: &Explain) -> Result<(), Failure> {
    let _ = (&explain.platform, &explain.code);
    Err(Failure::usage("explain: not there yet"))
}
