//! The credential: one machine, asked by many, renewed by one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mynah_core::{Auth, Bytes, Cx, Error, HttpRequest, Kept, Rules, Stamp, Step, TransportError};

/// How often one attempt waits for a credential before it gives up: a
/// platform whose tokens have ended when they arrive must not be asked forever.
pub(crate) const MOST_FLIGHTS: u32 = 3;

/// Is told how the flight it waited for ended.
pub(crate) type Waiter = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// Guards the credential machine. The lock is held only while the machine
/// thinks, never while something is awaited.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Mutex<State>>);

struct State {
    auth: Box<dyn Auth>,
    /// Those who wait for the flight; nothing while there is none.
    waiting: Option<Vec<Waiter>>,
}

/// What asking for authorization came to.
pub(crate) enum Pass<L> {
    /// The request may go out.
    Granted(Grant),
    /// A credential is being fetched.
    Wait(Wait<L>),
}

/// What to do until there is a credential.
pub(crate) struct Wait<L> {
    /// To be run by whoever got it.
    pub(crate) errand: Option<Box<Errand>>,
    /// Tells when the errand is done.
    pub(crate) landing: L,
}

/// What must be known when the answer comes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Grant {
    pub(crate) stamp: Stamp,
    pub(crate) renewable: bool,
}

/// The call that fetches a credential.
pub(crate) struct Errand {
    pub(crate) request: HttpRequest,
    pub(crate) rules: Rules,
    /// The name a store knows the credential by.
    pub(crate) key: Option<String>,
    pub(crate) flight: Flight,
}

impl Gate {
    pub(crate) fn new(auth: Box<dyn Auth>) -> Self {
        Self(Arc::new(Mutex::new(State {
            auth,
            waiting: None,
        })))
    }

    /// Authorizes the request, or has it wait for a credential: `waiter` makes
    /// what is told of the landing, and what hears of it.
    pub(crate) fn ask<L>(
        &self,
        request: &mut HttpRequest,
        cx: Cx,
        waiter: impl FnOnce() -> (Waiter, L),
    ) -> Result<Pass<L>, Error> {
        let mut state = self.lock();
        if let Some(waiting) = &mut state.waiting {
            let (waiter, landing) = waiter();
            waiting.push(waiter);
            return Ok(Pass::Wait(Wait {
                errand: None,
                landing,
            }));
        }
        match state.auth.authorize(request, cx)? {
            Step::Ready(stamp) => Ok(Pass::Granted(Grant {
                stamp,
                renewable: state.auth.renewable(),
            })),
            Step::First(request, rules) => {
                let (waiter, landing) = waiter();
                state.waiting = Some(vec![waiter]);
                let errand = Errand {
                    key: state.auth.key(),
                    request,
                    flight: Flight(Some((self.clone(), rules.name))),
                    // What fetches a credential cannot wait for one.
                    rules: Rules {
                        authorized: false,
                        ..rules
                    },
                };
                Ok(Pass::Wait(Wait {
                    errand: Some(Box::new(errand)),
                    landing,
                }))
            }
        }
    }

    /// Has the credential with this stamp forgotten.
    pub(crate) fn refused(&self, stamp: Stamp) {
        self.lock().auth.refused(stamp);
    }

    fn land(&self, outcome: Result<(Bytes, Cx), Error>) -> Option<Kept> {
        let mut state = self.lock();
        let (outcome, kept) = match outcome {
            Ok((payload, cx)) => (state.auth.absorb(payload, cx), state.auth.kept(cx)),
            Err(error) => (Err(error), None),
        };
        let kept = kept.filter(|_| outcome.is_ok());
        Self::tell(state, &outcome);
        kept
    }

    fn adopt(&self, kept: &Kept, cx: Cx) -> bool {
        let mut state = self.lock();
        let adopted = state.auth.adopt(kept, cx);
        if adopted {
            Self::tell(state, &Ok(()));
        }
        adopted
    }

    /// Ends the flight for those who wait, once nobody is kept from the machine.
    fn tell(mut state: MutexGuard<'_, State>, outcome: &Result<(), Error>) {
        let waiting = state.waiting.take();
        drop(state);
        for waiter in waiting.into_iter().flatten() {
            waiter(outcome.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A machine that panicked is in no worse state than one that failed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A fetch under way. It ends for those who wait even if it is dropped.
pub(crate) struct Flight(Option<(Gate, &'static str)>);

impl Flight {
    /// Hands over the payload of the answer, or why there is none. Gives what a
    /// store may keep.
    pub(crate) fn land(mut self, outcome: Result<Bytes, Error>, cx: Cx) -> Option<Kept> {
        let (gate, _) = self.0.take()?;
        gate.land(outcome.map(|payload| (payload, cx)))
    }

    /// Ends with a credential out of a store; goes on if that will not do.
    pub(crate) fn adopt(mut self, kept: &Kept, cx: Cx) -> Option<Self> {
        match &self.0 {
            Some((gate, _)) if gate.adopt(kept, cx) => {
                self.0 = None;
                None
            }
            _ => Some(self),
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Some((gate, name)) = self.0.take() {
            let stopped = TransportError::not_sent("the fetch of the credential was stopped");
            gate.land(Err(Error::transport(name, stopped)));
        }
    }
}

/// The error of a call whose credentials end as they arrive.
pub(crate) fn never_valid(name: &'static str) -> Error {
    Error::invalid(name, "the credential has ended whenever it arrives")
}
