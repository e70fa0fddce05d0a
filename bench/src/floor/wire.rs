//! The types a hand-written bot would have for the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A message in a group; `M` is the form of its `message`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct GroupMessage<M> {
    pub time: i64,
    pub self_id: i64,
    pub post_type: PostType,
    pub message_type: MessageType,
    pub sub_type: SubType,
    pub message_id: i32,
    pub group_id: i64,
    pub user_id: i64,
    pub anonymous: Option<Anonymous>,
    pub message: M,
    pub raw_message: String,
    pub font: i32,
    pub sender: Sender,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PostType {
    Message,
    MessageSent,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MessageType {
    Group,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SubType {
    Normal,
    Anonymous,
    Notice,
}

#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Anonymous {
    pub id: i64,
    pub name: String,
    pub flag: String,
}

#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Sender {
    pub user_id: Option<i64>,
    pub nickname: Option<String>,
    pub card: Option<String>,
    pub sex: Option<Sex>,
    pub age: Option<i32>,
    pub area: Option<String>,
    pub level: Option<String>,
    pub role: Option<Role>,
    pub title: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Sex {
    Male,
    Female,
    Unknown,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Role {
    Owner,
    Admin,
    Member,
}

/// A piece of a message in the array format.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Segment {
    pub r#type: String,
    pub data: BTreeMap<String, String>,
}

/// A member in the answer to `get_group_member_list`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Member {
    pub group_id: i64,
    pub user_id: i64,
    pub nickname: String,
    pub card: Option<String>,
    pub sex: Option<Sex>,
    pub age: Option<i32>,
    pub area: Option<String>,
    pub join_time: Option<i64>,
    pub last_sent_time: Option<i64>,
    pub level: Option<String>,
    pub role: Option<Role>,
    pub unfriendly: Option<bool>,
    pub title: Option<String>,
    pub title_expire_time: Option<i64>,
    pub card_changeable: Option<bool>,
}

/// The answer to an action.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Answer<T> {
    pub status: String,
    pub retcode: i64,
    pub data: Option<T>,
}

/// What `send_group_msg` answers.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Sent {
    pub message_id: i32,
}

/// The parameters of `send_group_msg`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct SendGroupMsg {
    pub group_id: i64,
    pub message: Vec<Said>,
}

/// A piece of a message that is said.
#[derive(Debug, Serialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Said {
    Text { text: String },
    At { qq: String },
    Image { file: String },
    Reply { id: String },
}

impl SendGroupMsg {
    /// Says `text`.
    pub fn new(group_id: i64, text: &str) -> Self {
        Self {
            group_id,
            message: vec![Said::Text {
                text: text.to_owned(),
            }],
        }
    }
}

/// The answer in the response to a post.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Reply {
    pub reply: &'static str,
}
