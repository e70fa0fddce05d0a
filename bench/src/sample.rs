//! What is sent in the measurements: the same bytes for everybody.

use std::fmt::Write;

/// Signs the posts. Not a secret, for it protects nothing.
pub const SECRET: &str = "sandbox-secret";

/// The account that hears the events.
pub const SELF_ID: i64 = 10000;

/// The first of the groups in which things are said.
pub const FIRST_GROUP: i64 = 20001;

/// What is said, in the string format.
pub const TEXT: &str = "\"今晚几点开会？\"";

/// What is said, in the array format.
pub const SEGMENTS: &str = r#"[{"type":"text","data":{"text":"今晚几点开会？"}}]"#;

/// The first frame of a connection that carries events.
pub const CONNECTED: &str = r#"{"time":1515204254,"self_id":10000,"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"connect"}"#;

/// The event of a message in a group, with all fields of OneBot 11; `message`
/// is JSON. <https://github.com/botuniverse/onebot-11/blob/master/event/message.md>
pub fn group_message(group_id: i64, message_id: i32, message: &str) -> String {
    format!(
        "{{\"time\":1515204254,\"self_id\":{SELF_ID},\"post_type\":\"message\",\
         \"message_type\":\"group\",\"sub_type\":\"normal\",\"message_id\":{message_id},\
         \"group_id\":{group_id},\"user_id\":10001,\"anonymous\":null,\"message\":{message},\
         \"raw_message\":{TEXT},\"font\":0,\"sender\":{{\"user_id\":10001,\
         \"nickname\":\"alice\",\"card\":\"小爱\",\"sex\":\"female\",\"age\":20,\
         \"area\":\"杭州\",\"level\":\"1\",\"role\":\"member\",\"title\":\"\"}}}}"
    )
}

/// The answer to `get_group_member_list`, with all fields of OneBot 11.
/// <https://github.com/botuniverse/onebot-11/blob/master/api/public.md>
pub fn member_list(members: i64) -> String {
    let mut answer = String::from(r#"{"status":"ok","retcode":0,"data":["#);
    for number in 0..members {
        let comma = if number == 0 { "" } else { "," };
        // Writing into a String cannot fail.
        let _ = write!(
            answer,
            "{comma}{{\"group_id\":20001,\"user_id\":{},\"nickname\":\"成员{number}\",\
             \"card\":\"\",\"sex\":\"unknown\",\"age\":{},\"area\":\"杭州\",\
             \"join_time\":1514764800,\"last_sent_time\":1515204254,\"level\":\"{}\",\
             \"role\":\"member\",\"unfriendly\":false,\"title\":\"\",\
             \"title_expire_time\":0,\"card_changeable\":false}}",
            10001 + number,
            number % 90,
            number % 100,
        );
    }
    answer.push_str("]}");
    answer
}

/// A message in the string format with codes and escapes.
pub const CQ: &str = "[CQ:reply,id=1001][CQ:at,qq=10001] 今晚八点 &#91;会议室&#93; \
    [CQ:image,file=a1b2c3.jpg,url=https://example.com/a?x=1&amp;y=2]见[CQ:face,id=14]";

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn samples_are_json() {
        for message in [TEXT, SEGMENTS] {
            let event = group_message(FIRST_GROUP, 1, message);
            let event: Value = serde_json::from_str(&event).unwrap();
            assert_eq!(event["group_id"], FIRST_GROUP);
        }
        let list: Value = serde_json::from_str(&member_list(3000)).unwrap();
        assert_eq!(list["data"].as_array().unwrap().len(), 3000);
        serde_json::from_str::<Value>(CONNECTED).unwrap();
    }
}
