//! The registration of the address to which events go.

use mynah_dingtalk::api::callback::{
    DeleteCallback, GetCallback, GetFailedCallbacks, RegisterCallback, UpdateCallback,
};

later!(
    RegisterCallback,
    GetCallback,
    UpdateCallback,
    DeleteCallback,
    GetFailedCallbacks
);
