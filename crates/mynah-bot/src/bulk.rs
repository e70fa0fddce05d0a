//! Calls that do something with several people at once.

use std::future::Future;

use mynah_core::{Error, ErrorKind};

use crate::id::{Platform, UserId};
use crate::reply::{BotError, Result};
use crate::room::NotDone;

/// What came of it with each of them.
pub(crate) type Results = Vec<(UserId, Result<()>)>;

/// Does something with people, with at most `most` of them in one call.
///
/// Platforms refuse a call as a whole if one of many is the reason. Such a call is made again
/// with each half of them, so that all others have what they should. What is no refusal is not
/// repeated, and ends it.
pub(crate) async fn with_all<F, Doing>(
    users: &[UserId],
    here: Platform,
    most: usize,
    call: F,
) -> Results
where
    F: Fn(Vec<String>) -> Doing,
    Doing: Future<Output = Result<()>>,
{
    let (ours, others): (Vec<_>, Vec<_>) = users.iter().partition(|user| user.platform == here);
    let others = others.into_iter();
    let mut results: Results = others
        .map(|user| (user.clone(), Err(nobody(user, here))))
        .collect();
    let mut waiting: Vec<&[&UserId]> = ours.chunks(most.max(1)).rev().collect();
    let mut broken: Option<String> = None;
    while let Some(several) = waiting.pop() {
        if let Some(problem) = &broken {
            let failed = |user: &&UserId| ((*user).clone(), Err(BotError::new(problem.clone())));
            results.extend(several.iter().map(failed));
            continue;
        }
        let ids = several.iter().map(|user| user.id.to_string()).collect();
        match (call(ids).await, several) {
            (Ok(()), _) => results.extend(several.iter().map(|user| ((*user).clone(), Ok(())))),
            (Err(error), [user]) => {
                if !is_refusal(&error) {
                    broken = Some(error.to_string());
                }
                results.push(((*user).clone(), Err(error)));
            }
            (Err(error), _) => {
                if !is_refusal(&error) {
                    broken = Some(error.to_string());
                }
                let (first, second) = several.split_at(several.len() / 2);
                waiting.extend([second, first]);
            }
        }
    }
    results
}

/// With whom it was not done.
pub(crate) fn not_done(results: Results) -> Vec<NotDone> {
    let failed = results.into_iter();
    let failed = failed.filter_map(|(user, result)| Some((user, result.err()?)));
    failed
        .map(|(user, error)| NotDone { user, error })
        .collect()
}

fn nobody(user: &UserId, here: Platform) -> BotError {
    BotError::new(format!("{user} is nobody on {}", here.title()))
}

/// Whether the call itself was the reason, and others might be taken.
fn is_refusal(error: &BotError) -> bool {
    let error = error.inner().downcast_ref::<Error>();
    error.is_some_and(|error| matches!(error.kind(), ErrorKind::Refused | ErrorKind::Invalid))
}

/// The platform's own id of somebody.
///
/// # Errors
/// They are somewhere else.
pub(crate) fn id_of(user: &UserId, here: Platform) -> Result<String> {
    if user.platform == here {
        return Ok(user.id.to_string());
    }
    Err(nobody(user, here))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use mynah_core::{ApiError, Verdict};

    use super::*;

    const HERE: Platform = Platform::WeCom;

    fn users(ids: impl IntoIterator<Item = usize>) -> Vec<UserId> {
        let ids = ids.into_iter();
        ids.map(|id| UserId::new(HERE, format!("u{id}").as_str()))
            .collect()
    }

    fn refused() -> BotError {
        Error::refused("test", ApiError::new(1, "no"), Verdict::Permanent).into()
    }

    #[tokio::test]
    async fn one_who_is_not_taken_does_not_keep_the_others_out() {
        let calls = Mutex::new(Vec::new());
        let call = async |ids: Vec<String>| {
            calls.lock().unwrap().push(ids.len());
            if ids.contains(&"u3".to_owned()) {
                return Err(refused());
            }
            Ok(())
        };
        let results = with_all(&users(0..10), HERE, 4, call).await;
        assert_eq!(results.len(), 10);
        let failed = not_done(results);
        let [NotDone { user, .. }] = failed.as_slice() else {
            panic!("{failed:?}")
        };
        assert_eq!(user.to_string(), "wecom:u3");
        assert_eq!(*calls.lock().unwrap(), [4, 2, 2, 1, 1, 4, 2]);
    }

    #[tokio::test]
    async fn what_is_no_refusal_is_not_tried_again() {
        let calls = Mutex::new(0);
        let call = async |_: Vec<String>| {
            *calls.lock().unwrap() += 1;
            Err(BotError::new("no connection"))
        };
        let failed = not_done(with_all(&users(0..10), HERE, 4, call).await);
        assert_eq!(failed.len(), 10);
        assert_eq!(*calls.lock().unwrap(), 1);
    }

    #[tokio::test]
    async fn who_is_elsewhere_is_not_asked_for() {
        let elsewhere = UserId::new(Platform::DingTalk, "dave");
        let all: Vec<_> = users(0..2).into_iter().chain([elsewhere]).collect();
        let call = async |ids: Vec<String>| {
            assert_eq!(ids, ["u0", "u1"]);
            Ok(())
        };
        let failed = not_done(with_all(&all, HERE, 40, call).await);
        let [NotDone { user, error }] = failed.as_slice() else {
            panic!("{failed:?}")
        };
        assert_eq!(user.to_string(), "dingtalk:dave");
        assert!(error.to_string().contains("nobody on WeCom"), "{error}");
    }
}
