//! Interactive cards.

use mynah_dingtalk::api::card::{
    CreateAndDeliverCard, CreateCard, DeliverCard, SendInteractiveCard, StreamCard, UpdateCard,
    UpdateInteractiveCard,
};

later!(
    SendInteractiveCard,
    UpdateInteractiveCard,
    CreateCard,
    DeliverCard,
    CreateAndDeliverCard,
    UpdateCard,
    StreamCard
);
