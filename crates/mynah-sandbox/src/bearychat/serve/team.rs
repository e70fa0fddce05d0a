//! The team.

use mynah_bearychat::Moment;
use mynah_bearychat::api::team::GetTeam;
use mynah_bearychat::types::{Plan, Team};
use mynah_core::ApiError;

use crate::bearychat::state::millis;
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl BearyChatWorld {
    /// The team, as answers have it.
    pub(super) fn told_team(&self) -> Team {
        let team = &self.seed.team;
        Team {
            id: team.id.clone(),
            subdomain: team.subdomain.clone(),
            name: team.name.clone(),
            email_domain: team.email_domain.clone(),
            description: Some(team.description.clone()),
            plan: Some(Plan::Basic),
            created: Moment::utc(millis(self.seed.start())),
            ..Team::default()
        }
    }
}

impl Serve<GetTeam> for BearyChatWorld {
    fn serve(&mut self, _: GetTeam) -> Result<Team, ApiError> {
        Ok(self.told_team())
    }
}
