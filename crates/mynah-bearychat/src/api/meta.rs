//! The interface itself.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::types::MetaInfo;

/// Tells which version the interface has. It needs no token.
#[doc(alias = "meta")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetMeta {}

impl Endpoint for GetMeta {
    type Platform = BearyChat;
    type Output = MetaInfo;
    const META: Meta = Meta::get("bearychat.meta", "/meta")
        .public()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/meta.md");
}
