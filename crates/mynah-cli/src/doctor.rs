//! `mynah doctor`: what is wrong with an account, and what to do about it.

use clap::Args;

use crate::arguments::Which;
use crate::exit::Failure;

/// What is looked at, and how the findings are told.
#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// The account in the configuration; without it, all of them.
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) which: Which,
}

pub(crate) async fn run(doctor: Doctor) -> Result<(), Failure> {
    let _ = (doctor.account, doctor.which);
    Err(Failure::usage("doctor: not there yet"))
}
