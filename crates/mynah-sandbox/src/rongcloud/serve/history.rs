//! `/message/history…`: what was said in an hour, for downloading.

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::history::{DeleteHistory, GetHistory, History};
use mynah_rongcloud::history::{Record, pack};
use mynah_rongcloud::platform::code;
use mynah_rongcloud::{Content, ConversationType, Hour, ObjectName, errors};

use crate::rongcloud::history::Logged;
use crate::rongcloud::refusal::refuse;
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

impl Serve<GetHistory> for RongCloudWorld {
    fn serve(&mut self, call: GetHistory) -> Result<History, ApiError> {
        self.check_hour(&call.date)?;
        let said = self.state.history.of(&call.date, self.state.now);
        let url = if said.is_some_and(|said| !said.is_empty()) {
            let name = self.history_name(&call.date);
            self.base_url(&format!("/_history/{name}.zip"))
        } else {
            String::new()
        };
        Ok(History {
            url,
            date: call.date,
        })
    }
}

impl Serve<DeleteHistory> for RongCloudWorld {
    fn serve(&mut self, call: DeleteHistory) -> Result<Empty, ApiError> {
        self.check_hour(&call.date)?;
        self.state.history.delete(&call.date);
        Ok(Empty)
    }
}

impl RongCloudWorld {
    fn check_hour(&self, date: &Hour) -> Result<(), ApiError> {
        if date.as_str().is_empty() {
            return Err(errors::missing("date"));
        }
        if date.start().is_none() {
            return Err(errors::invalid("date"));
        }
        if !self.settings.history {
            return Err(refuse(code::NOT_ENABLED));
        }
        Ok(())
    }

    /// What the file of an hour is called: whoever does not know it does not
    /// find the file.
    fn history_name(&self, date: &Hour) -> String {
        self.digest("history", date.as_str())
    }

    /// The file of an hour, by its name: what has been said until now.
    pub(in crate::rongcloud) fn history_file(&self, name: &str) -> Option<Vec<u8>> {
        let mut dates = self.state.history.dates();
        let date = dates.find(|date| self.history_name(date) == name)?;
        let said = self.state.history.of(&date, self.state.now)?;
        let records: Vec<Record> = said.iter().map(|said| self.record(said)).collect();
        pack(date.as_str(), &records).ok()
    }

    fn record(&self, said: &Logged) -> Record {
        let app_key = self.seed.app.app_key();
        let object_name = ObjectName::from(said.body.object_name());
        let content = Content::custom(object_name, said.body.content());
        let (kind, target) = (said.conversation_type, said.target.clone());
        let group_id = match kind {
            ConversationType::Group => target.to_string(),
            _ => String::new(),
        };
        let second = Self::moment(said.time);
        let milliseconds = said.time.0.rem_euclid(1000);
        Record {
            group_id,
            date_time: Some(format!("{second}.{milliseconds:03}")),
            timestamp: Some(said.time.0),
            msg_uid: Some(said.uid.clone()),
            source: Some(said.source.as_str().into()),
            is_sensitive_word: said.sensitive,
            ..Record::new(app_key, said.from.clone(), kind, target, content)
        }
    }
}
