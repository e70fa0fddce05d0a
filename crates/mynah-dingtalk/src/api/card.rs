//! Interactive cards, as the vendor's own program for Stream sends them.
//!
//! What stands in a card is not taken apart here: templates decide it.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OpenApi;
use crate::api::put;
use crate::id::{OpenConversationId, ProcessQueryKey, RobotCode, UserId};
use mynah_core::lenient::{boolean, or_default, text};

const DOC: &str = "https://github.com/open-dingtalk/dingtalk-stream-sdk-python";

/// Sends a card of a built-in template, such as `StandardCard`, into a group or to somebody.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendInteractiveCard {
    /// The template.
    #[serde(rename = "cardTemplateId", default, deserialize_with = "text")]
    pub card_template_id: String,
    /// What stands in it: JSON as text.
    #[serde(rename = "cardData", default, deserialize_with = "text")]
    pub card_data: String,
    /// The caller's name for the card.
    #[serde(rename = "cardBizId", default, deserialize_with = "text")]
    pub card_biz_id: String,
    /// The robot.
    #[serde(rename = "robotCode", default, deserialize_with = "or_default")]
    pub robot_code: RobotCode,
    /// The group.
    #[serde(
        rename = "openConversationId",
        default,
        deserialize_with = "or_default"
    )]
    pub open_conversation_id: Option<OpenConversationId>,
    /// Who gets it instead of a group: JSON as text.
    #[serde(
        rename = "singleChatReceiver",
        default,
        deserialize_with = "or_default"
    )]
    pub single_chat_receiver: Option<String>,
    /// Whom it mentions.
    #[serde(rename = "sendOptions", default, deserialize_with = "or_default")]
    pub send_options: Option<Map<String, Value>>,
    /// Where what people do with it is posted.
    #[serde(rename = "callbackUrl", default, deserialize_with = "or_default")]
    pub callback_url: Option<String>,
    /// What stands in it for somebody in particular: JSON as text.
    #[serde(
        rename = "userIdPrivateDataMap",
        default,
        deserialize_with = "or_default"
    )]
    pub user_id_private_data_map: Option<String>,
}

impl Endpoint for SendInteractiveCard {
    type Platform = OpenApi;
    type Output = ProcessQueryKey;
    const META: Meta = Meta::post(
        "dingtalk.v1.im.v1.robot.interactive_cards.send",
        "/v1.0/im/v1.0/robot/interactiveCards/send",
    )
    .at("processQueryKey")
    .doc(DOC);
}

/// Changes a card of a built-in template.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateInteractiveCard {
    /// The caller's name for the card.
    #[serde(rename = "cardBizId", default, deserialize_with = "text")]
    pub card_biz_id: String,
    /// What stands in it now: JSON as text.
    #[serde(rename = "cardData", default, deserialize_with = "text")]
    pub card_data: String,
    /// What stands in it for somebody in particular: JSON as text.
    #[serde(
        rename = "userIdPrivateDataMap",
        default,
        deserialize_with = "or_default"
    )]
    pub user_id_private_data_map: Option<String>,
    /// How it is changed.
    #[serde(rename = "updateOptions", default, deserialize_with = "or_default")]
    pub update_options: Option<Map<String, Value>>,
}

impl Endpoint for UpdateInteractiveCard {
    type Platform = OpenApi;
    type Output = ProcessQueryKey;
    const META: Meta = put(
        "dingtalk.v1.im.robots.interactive_cards",
        "/v1.0/im/robots/interactiveCards",
    )
    .at("processQueryKey")
    .doc(DOC);
}

/// What stands in a card of one's own template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CardData {
    /// The values of the template's variables.
    #[serde(rename = "cardParamMap", default, deserialize_with = "or_default")]
    pub card_param_map: Map<String, Value>,
}

impl<K: Into<String>, V: Into<Value>, const N: usize> From<[(K, V); N]> for CardData {
    fn from(values: [(K, V); N]) -> Self {
        let values = values.into_iter();
        Self {
            card_param_map: values
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }
}

/// Makes a card of one's own template. Nobody sees it before it is delivered.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateCard {
    /// The template.
    #[serde(rename = "cardTemplateId", default, deserialize_with = "text")]
    pub card_template_id: String,
    /// The caller's name for the card.
    #[serde(rename = "outTrackId", default, deserialize_with = "text")]
    pub out_track_id: String,
    /// What stands in it.
    #[serde(rename = "cardData", default, deserialize_with = "or_default")]
    pub card_data: CardData,
    /// `STREAM`, or `HTTP` to have what people do with it posted.
    #[serde(rename = "callbackType", default, deserialize_with = "or_default")]
    pub callback_type: Option<String>,
    /// Under which name the address was registered for `HTTP`.
    #[serde(rename = "callbackRouteKey", default, deserialize_with = "or_default")]
    pub callback_route_key: Option<String>,
    /// How it is shown in groups.
    #[serde(
        rename = "imGroupOpenSpaceModel",
        default,
        deserialize_with = "or_default"
    )]
    pub im_group_open_space_model: Option<Map<String, Value>>,
    /// How it is shown in conversations with the robot.
    #[serde(
        rename = "imRobotOpenSpaceModel",
        default,
        deserialize_with = "or_default"
    )]
    pub im_robot_open_space_model: Option<Map<String, Value>>,
    /// What stands in it for somebody in particular.
    #[serde(rename = "privateData", default, deserialize_with = "or_default")]
    pub private_data: Option<Map<String, Value>>,
    /// 1 for ids of members, 2 for union ids.
    #[serde(rename = "userIdType", default, deserialize_with = "or_default")]
    pub user_id_type: Option<i64>,
}

impl Endpoint for CreateCard {
    type Platform = OpenApi;
    type Output = CardDone;
    const META: Meta =
        Meta::post("dingtalk.v1.card.instances.create", "/v1.0/card/instances").doc(DOC);
}

/// What became of a card.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CardDone {
    /// Whether it worked.
    #[serde(default, deserialize_with = "boolean")]
    pub success: bool,
    /// What else is told.
    #[serde(default)]
    pub result: Option<Value>,
}

/// Delivers a card that was made before.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeliverCard {
    /// The caller's name for the card.
    #[serde(rename = "outTrackId", default, deserialize_with = "text")]
    pub out_track_id: String,
    /// Where to: `dtv1.card//IM_GROUP.` and a conversation, `dtv1.card//IM_ROBOT.` and a member.
    #[serde(rename = "openSpaceId", default, deserialize_with = "text")]
    pub open_space_id: String,
    /// 1 for ids of members, 2 for union ids.
    #[serde(rename = "userIdType", default, deserialize_with = "or_default")]
    pub user_id_type: Option<i64>,
    /// How it is delivered into a group.
    #[serde(
        rename = "imGroupOpenDeliverModel",
        default,
        deserialize_with = "or_default"
    )]
    pub im_group_open_deliver_model: Option<Map<String, Value>>,
    /// How it is delivered into a conversation with the robot.
    #[serde(
        rename = "imRobotOpenDeliverModel",
        default,
        deserialize_with = "or_default"
    )]
    pub im_robot_open_deliver_model: Option<Map<String, Value>>,
}

impl Endpoint for DeliverCard {
    type Platform = OpenApi;
    type Output = CardDone;
    const META: Meta = Meta::post(
        "dingtalk.v1.card.instances.deliver",
        "/v1.0/card/instances/deliver",
    )
    .doc(DOC);
}

/// Makes a card and delivers it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateAndDeliverCard {
    /// The template.
    #[serde(rename = "cardTemplateId", default, deserialize_with = "text")]
    pub card_template_id: String,
    /// The caller's name for the card.
    #[serde(rename = "outTrackId", default, deserialize_with = "text")]
    pub out_track_id: String,
    /// What stands in it.
    #[serde(rename = "cardData", default, deserialize_with = "or_default")]
    pub card_data: CardData,
    /// Where to, as for [`DeliverCard`].
    #[serde(rename = "openSpaceId", default, deserialize_with = "text")]
    pub open_space_id: String,
    /// `STREAM`, or `HTTP` to have what people do with it posted.
    #[serde(rename = "callbackType", default, deserialize_with = "or_default")]
    pub callback_type: Option<String>,
    /// Under which name the address was registered for `HTTP`.
    #[serde(rename = "callbackRouteKey", default, deserialize_with = "or_default")]
    pub callback_route_key: Option<String>,
    /// Who makes it.
    #[serde(rename = "userId", default, deserialize_with = "or_default")]
    pub user_id: Option<UserId>,
    /// 1 for ids of members, 2 for union ids.
    #[serde(rename = "userIdType", default, deserialize_with = "or_default")]
    pub user_id_type: Option<i64>,
    /// How it is shown in groups.
    #[serde(
        rename = "imGroupOpenSpaceModel",
        default,
        deserialize_with = "or_default"
    )]
    pub im_group_open_space_model: Option<Map<String, Value>>,
    /// How it is shown in conversations with the robot.
    #[serde(
        rename = "imRobotOpenSpaceModel",
        default,
        deserialize_with = "or_default"
    )]
    pub im_robot_open_space_model: Option<Map<String, Value>>,
    /// How it is delivered into a group.
    #[serde(
        rename = "imGroupOpenDeliverModel",
        default,
        deserialize_with = "or_default"
    )]
    pub im_group_open_deliver_model: Option<Map<String, Value>>,
    /// How it is delivered into a conversation with the robot.
    #[serde(
        rename = "imRobotOpenDeliverModel",
        default,
        deserialize_with = "or_default"
    )]
    pub im_robot_open_deliver_model: Option<Map<String, Value>>,
}

impl Endpoint for CreateAndDeliverCard {
    type Platform = OpenApi;
    type Output = CardDone;
    const META: Meta = Meta::post(
        "dingtalk.v1.card.instances.create_and_deliver",
        "/v1.0/card/instances/createAndDeliver",
    )
    .doc(DOC);
}

/// Changes a card of one's own template.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateCard {
    /// The caller's name for the card.
    #[serde(rename = "outTrackId", default, deserialize_with = "text")]
    pub out_track_id: String,
    /// What stands in it now.
    #[serde(rename = "cardData", default, deserialize_with = "or_default")]
    pub card_data: CardData,
    /// What stands in it for somebody in particular.
    #[serde(rename = "privateData", default, deserialize_with = "or_default")]
    pub private_data: Option<Map<String, Value>>,
    /// How it is changed.
    #[serde(rename = "cardUpdateOptions", default, deserialize_with = "or_default")]
    pub card_update_options: Option<Map<String, Value>>,
}

impl Endpoint for UpdateCard {
    type Platform = OpenApi;
    type Output = CardDone;
    const META: Meta = put("dingtalk.v1.card.instances.update", "/v1.0/card/instances").doc(DOC);
}

/// Writes into a card while somebody looks on.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct StreamCard {
    /// The caller's name for the card.
    #[serde(rename = "outTrackId", default, deserialize_with = "text")]
    pub out_track_id: String,
    /// The caller's name for the call; made twice with the same, it is carried out once.
    #[serde(default, deserialize_with = "text")]
    pub guid: String,
    /// The template's variable that is written.
    #[serde(default, deserialize_with = "text")]
    pub key: String,
    /// What is written.
    #[serde(default, deserialize_with = "text")]
    pub content: String,
    /// Whether it replaces what stands there.
    #[serde(rename = "isFull", default, deserialize_with = "or_default")]
    pub is_full: Option<bool>,
    /// Whether it is the end.
    #[serde(rename = "isFinalize", default, deserialize_with = "or_default")]
    pub is_finalize: Option<bool>,
    /// Whether it went wrong.
    #[serde(rename = "isError", default, deserialize_with = "or_default")]
    pub is_error: Option<bool>,
}

impl Endpoint for StreamCard {
    type Platform = OpenApi;
    type Output = CardDone;
    const META: Meta = put("dingtalk.v1.card.streaming", "/v1.0/card/streaming").doc(DOC);
}
