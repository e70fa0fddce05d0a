use mynah_core::{ApiError, Empty};
use mynah_onebot::actions::system::{
    BotExit, CleanCache, GetStatus, GetSupportedActions, GetUpdates, GetVersionInfo,
    ReloadEventFilter, SetRestart, VersionInfo,
};
use mynah_onebot::event::{Event, Status};
use serde_json::Map;

use crate::onebot::calls::queued;
use crate::onebot::media::Kind;
use crate::onebot::refusal::Refusal;
use crate::onebot::world::{Effect, OneBotWorld};
use crate::serve::Serve;

impl Serve<GetStatus> for OneBotWorld {
    fn serve(&mut self, _: GetStatus) -> Result<Status, ApiError> {
        Ok(self.status())
    }
}

impl Serve<GetVersionInfo> for OneBotWorld {
    fn serve(&mut self, _: GetVersionInfo) -> Result<VersionInfo, ApiError> {
        Ok(VersionInfo {
            app_name: Some("mynah-sandbox".to_owned()),
            app_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            protocol_version: Some("v11".to_owned()),
            extra: Map::new(),
        })
    }
}

impl Serve<SetRestart> for OneBotWorld {
    fn serve(&mut self, call: SetRestart) -> Result<Empty, ApiError> {
        self.restart(call.delay)
    }
}

impl OneBotWorld {
    /// Answers that it will be done, whatever becomes of it.
    pub(super) fn restart(&mut self, delay: Option<i64>) -> Result<Empty, ApiError> {
        let delay_ms = u64::try_from(delay.unwrap_or_default())
            .map_err(|_| Refusal::bad("delay", "must not be below 0"))?;
        self.effect(Effect::Restart { delay_ms });
        Err(queued())
    }
}

impl Serve<BotExit> for OneBotWorld {
    /// Ends the implementation; whoever watches over it starts it again.
    fn serve(&mut self, _: BotExit) -> Result<Empty, ApiError> {
        self.effect(Effect::Restart { delay_ms: 0 });
        Ok(Empty)
    }
}

impl Serve<CleanCache> for OneBotWorld {
    /// Throws away what `download_file` has stored.
    fn serve(&mut self, _: CleanCache) -> Result<Empty, ApiError> {
        self.state.media.clean(Kind::Download);
        Ok(Empty)
    }
}

impl Serve<ReloadEventFilter> for OneBotWorld {
    /// The world keeps no event to itself.
    fn serve(&mut self, _: ReloadEventFilter) -> Result<Empty, ApiError> {
        Ok(Empty)
    }
}

impl Serve<GetSupportedActions> for OneBotWorld {
    fn serve(&mut self, _: GetSupportedActions) -> Result<Vec<String>, ApiError> {
        Ok(self.action_names())
    }
}

impl Serve<GetUpdates> for OneBotWorld {
    /// Hands out what has happened; the world cannot wait for more.
    fn serve(&mut self, call: GetUpdates) -> Result<Vec<Event>, ApiError> {
        if !self.settings.long_polling {
            let off = ApiError::new(mynah_onebot::retcode::FAILED, "long polling is off");
            return Err(off);
        }
        let limit = usize::try_from(call.limit.unwrap_or_default())
            .map_err(|_| Refusal::bad("limit", "must not be below 0"))?;
        let count = match limit {
            0 => self.updates.len(),
            limit => limit.min(self.updates.len()),
        };
        Ok(self.updates.drain(..count).collect())
    }
}
