//! Conversations of any kind.

use mynah_core::{BadParameters, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::id::VchannelId;
use crate::limits;
use crate::types::Vchannel;

/// Tells of a conversation, whatever kind it is of. Fails with 4 for what is closed to the user of
/// the token, and with 6 when there is none.
#[doc(alias = "vchannel.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetVchannel {
    /// The conversation.
    pub vchannel_id: VchannelId,
}

impl Endpoint for GetVchannel {
    type Platform = BearyChat;
    type Output = Vchannel;
    const META: Meta = Meta::get("bearychat.vchannel.info", "/vchannel.info")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/vchannel.info.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("vchannel_id", &self.vchannel_id)
    }
}
