//! Interactive cards.

use mynah_core::{ApiError, Endpoint};
use mynah_dingtalk::api::card::{
    CardDone, CreateAndDeliverCard, CreateCard, DeliverCard, SendInteractiveCard, StreamCard,
    UpdateCard, UpdateInteractiveCard,
};
use mynah_dingtalk::{OpenConversationId, ProcessQueryKey, RobotCode};
use serde_json::{Map, Value, json};

use crate::dingtalk::archive::Chat;
use crate::dingtalk::cards::Card;
use crate::dingtalk::limits;
use crate::dingtalk::refusal::invalid;
use crate::dingtalk::robots::{Sent, refuse_robot};
use crate::dingtalk::world::DingTalkWorld;
use crate::serve::Serve;

/// Where the words stand that the calls for cards share with those of robots.
const PATH: &str = SendInteractiveCard::META.path;
/// Before the places of `openSpaceId`, of which there may be several.
const SPACES: &str = "dtv1.card//";
/// Ids of people are union ids.
const BY_UNION_ID: i64 = 2;

/// 400 `parameter.invalid` for the first of these that is empty.
fn needs(texts: &[(&str, &str)]) -> Result<(), ApiError> {
    match texts.iter().find(|(_, text)| text.is_empty()) {
        Some((name, _)) => Err(invalid(&format!("{name} is missing"))),
        None => Ok(()),
    }
}

/// The object that a JSON text is.
fn parsed(name: &str, text: &str) -> Result<Map<String, Value>, ApiError> {
    let wrong = |_| invalid(&format!("{name} must be a JSON object as text"));
    serde_json::from_str(text).map_err(wrong)
}

/// What a call answers that is about a card.
fn done(id: &str) -> CardDone {
    CardDone {
        success: true,
        result: Some(json!({ "outTrackId": id })),
    }
}

/// Whether an option of a change is set.
fn is_set(options: Option<&Map<String, Value>>, name: &str) -> bool {
    options.is_some_and(|options| options.get(name) == Some(&Value::Bool(true)))
}

/// Puts values in the place of others: by name, or all of them.
fn change(values: &mut Map<String, Value>, new: Map<String, Value>, by_name: bool) {
    if !by_name {
        values.clear();
    }
    values.extend(new);
}

impl DingTalkWorld {
    fn needs_our_robot(&self, code: &RobotCode) -> Result<(), ApiError> {
        if self.is_our_robot(code) {
            return Ok(());
        }
        Err(refuse_robot(PATH, "invalidParameter.robotCode.notExsit"))
    }

    fn card_group(&self, id: &OpenConversationId) -> Result<Chat, ApiError> {
        let group = self.state.group_by_open_id(id);
        let group = group.map(|(id, _)| id.clone());
        let group = group.ok_or_else(|| refuse_robot(PATH, "invalid.openConversationId"))?;
        if self.state.standing(&group).is_none() {
            return Err(refuse_robot(PATH, "group.disbanded"));
        }
        Ok(Chat::Group(group))
    }

    fn card_user(&self, id: &str, by_union_id: bool) -> Result<Chat, ApiError> {
        let directory = &self.state.directory;
        let found = if by_union_id {
            directory.by_union_id(&id.into())
        } else {
            directory.user(&id.into())
        };
        let found = found.map(|user| Chat::User(user.userid.clone()));
        found.ok_or_else(|| refuse_robot(PATH, "staffId.notExisted"))
    }

    /// The conversations that an `openSpaceId` names.
    fn spaces(&self, id: &str, id_type: Option<i64>) -> Result<Vec<Space>, ApiError> {
        let wrong = || invalid("openSpaceId must be dtv1.card//IM_GROUP.… or …IM_ROBOT.…");
        let spaces = id.strip_prefix(SPACES).ok_or_else(wrong)?.split(';');
        let space = |space: &str| {
            let (kind, id) = space.split_once('.').ok_or_else(wrong)?;
            let chat = match kind {
                "IM_GROUP" => self.card_group(&id.into())?,
                "IM_ROBOT" => self.card_user(id, id_type == Some(BY_UNION_ID))?,
                _ => return Err(wrong()),
            };
            Ok(Space {
                kind: kind.to_owned(),
                id: id.to_owned(),
                chat,
            })
        };
        if spaces.clone().count() > limits::CARD_SPACES {
            let most = limits::CARD_SPACES;
            return Err(invalid(&format!("openSpaceId may name {most} places")));
        }
        spaces.map(space).collect()
    }

    /// Puts a card where it was to be delivered.
    fn deliver(&mut self, id: &str, spaces: &[Space]) -> CardDone {
        let message = self.state.message_id();
        let chats: Vec<Chat> = spaces.iter().map(|space| space.chat.clone()).collect();
        self.post_card(id, &message, &chats);
        let results = spaces.iter().map(|space| {
            json!({ "spaceType": space.kind, "spaceId": space.id, "success": true,
                "carrierId": message, "errorMsg": "" })
        });
        let results: Vec<Value> = results.collect();
        CardDone {
            success: true,
            result: Some(json!({ "outTrackId": id, "deliverResults": results })),
        }
    }

    /// Changes a card, and shows it.
    fn change_card(
        &mut self,
        field: &str,
        id: &str,
        changed: impl FnOnce(&mut Card),
    ) -> Result<(), ApiError> {
        let mut card = self.card(field, id)?.clone();
        changed(&mut card);
        self.keep_card(id, card)
    }
}

/// A place for cards.
struct Space {
    kind: String,
    id: String,
    chat: Chat,
}

impl Serve<SendInteractiveCard> for DingTalkWorld {
    fn serve(&mut self, call: SendInteractiveCard) -> Result<ProcessQueryKey, ApiError> {
        needs(&[
            ("cardTemplateId", &call.card_template_id),
            ("cardBizId", &call.card_biz_id),
            ("cardData", &call.card_data),
            ("robotCode", call.robot_code.as_str()),
        ])?;
        let data = parsed("cardData", &call.card_data)?;
        let private = call.user_id_private_data_map.as_deref();
        let private = private.map(|text| parsed("userIdPrivateDataMap", text));
        let private = private.transpose()?.unwrap_or_default();
        self.needs_our_robot(&call.robot_code)?;
        let chat = match (&call.open_conversation_id, &call.single_chat_receiver) {
            (Some(id), _) if !id.is_empty() => self.card_group(id)?,
            (_, Some(receiver)) => {
                let receiver = parsed("singleChatReceiver", receiver)?;
                let user = receiver.get("userId").and_then(Value::as_str);
                self.card_user(user.unwrap_or_default(), false)?
            }
            _ => return Err(refuse_robot(PATH, "miss.openConversationId")),
        };
        let now = self.state.now;
        let mut card = Card::new(call.card_template_id, data, now);
        card.private = private;
        self.keep_card(&call.card_biz_id, card)?;
        let key = self.query_key();
        self.post_card(&call.card_biz_id, key.as_str(), std::slice::from_ref(&chat));
        let sent = Sent {
            group: chat.group().cloned(),
            reached: chat.person().cloned().into_iter().collect(),
            at: now,
            recalled: false,
        };
        self.remember_sent(key.clone(), sent);
        Ok(key)
    }
}

impl Serve<UpdateInteractiveCard> for DingTalkWorld {
    fn serve(&mut self, call: UpdateInteractiveCard) -> Result<ProcessQueryKey, ApiError> {
        needs(&[("cardBizId", &call.card_biz_id)])?;
        let options = call.update_options.as_ref();
        let by_name = is_set(options, "updateCardDataByKey");
        let private_by_name = is_set(options, "updatePrivateDataByKey");
        let data = Some(call.card_data).filter(|text| !text.is_empty());
        let data = data.map(|text| parsed("cardData", &text)).transpose()?;
        let private = call.user_id_private_data_map.as_deref();
        let private = private.map(|text| parsed("userIdPrivateDataMap", text));
        let private = private.transpose()?;
        self.change_card("cardBizId", &call.card_biz_id, |card| {
            if let Some(data) = data {
                change(&mut card.data, data, by_name);
            }
            if let Some(private) = private {
                change(&mut card.private, private, private_by_name);
            }
        })?;
        let card = self.state.cards.get(&call.card_biz_id);
        let message = card.and_then(|card| card.message.clone());
        Ok(message.unwrap_or_default().into())
    }
}

impl Serve<CreateCard> for DingTalkWorld {
    fn serve(&mut self, call: CreateCard) -> Result<CardDone, ApiError> {
        needs(&[
            ("cardTemplateId", &call.card_template_id),
            ("outTrackId", &call.out_track_id),
        ])?;
        let data = call.card_data.card_param_map;
        let mut card = Card::new(call.card_template_id, data, self.state.now);
        card.private = call.private_data.unwrap_or_default();
        self.keep_card(&call.out_track_id, card)?;
        Ok(done(&call.out_track_id))
    }
}

impl Serve<DeliverCard> for DingTalkWorld {
    fn serve(&mut self, call: DeliverCard) -> Result<CardDone, ApiError> {
        needs(&[
            ("outTrackId", &call.out_track_id),
            ("openSpaceId", &call.open_space_id),
        ])?;
        self.card("outTrackId", &call.out_track_id)?;
        let spaces = self.spaces(&call.open_space_id, call.user_id_type)?;
        Ok(self.deliver(&call.out_track_id, &spaces))
    }
}

impl Serve<CreateAndDeliverCard> for DingTalkWorld {
    fn serve(&mut self, call: CreateAndDeliverCard) -> Result<CardDone, ApiError> {
        needs(&[
            ("cardTemplateId", &call.card_template_id),
            ("outTrackId", &call.out_track_id),
            ("openSpaceId", &call.open_space_id),
        ])?;
        let spaces = self.spaces(&call.open_space_id, call.user_id_type)?;
        let data = call.card_data.card_param_map;
        let card = Card::new(call.card_template_id, data, self.state.now);
        self.keep_card(&call.out_track_id, card)?;
        Ok(self.deliver(&call.out_track_id, &spaces))
    }
}

impl Serve<UpdateCard> for DingTalkWorld {
    fn serve(&mut self, call: UpdateCard) -> Result<CardDone, ApiError> {
        needs(&[("outTrackId", &call.out_track_id)])?;
        let options = call.card_update_options.as_ref();
        let by_name = is_set(options, "updateCardDataByKey");
        let private_by_name = is_set(options, "updatePrivateDataByKey");
        self.change_card("outTrackId", &call.out_track_id, |card| {
            let data = call.card_data.card_param_map;
            // Whoever changes only what is private leaves it away.
            if !data.is_empty() {
                change(&mut card.data, data, by_name);
            }
            if let Some(private) = call.private_data {
                change(&mut card.private, private, private_by_name);
            }
        })?;
        Ok(done(&call.out_track_id))
    }
}

impl Serve<StreamCard> for DingTalkWorld {
    fn serve(&mut self, call: StreamCard) -> Result<CardDone, ApiError> {
        needs(&[
            ("outTrackId", &call.out_track_id),
            ("guid", &call.guid),
            ("key", &call.key),
        ])?;
        let replaces = call.is_full == Some(true);
        self.change_card("outTrackId", &call.out_track_id, |card| {
            card.write(&call.guid, &call.key, &call.content, replaces);
        })?;
        Ok(done(&call.out_track_id))
    }
}
