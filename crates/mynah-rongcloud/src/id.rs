//! The ids of users, groups, chatrooms and messages.
//!
//! Each is a type of its own. The application chooses those of users, groups and chatrooms: at
//! most 64 bytes.

mynah_core::ids! {
    /// A user of the application: at most 64 bytes.
    pub struct UserId(String);

    /// A group: at most 64 bytes.
    pub struct GroupId(String);

    /// A chatroom: at most 64 bytes.
    pub struct ChatroomId(String);

    /// A discussion: what came before groups. It cannot be managed from a server.
    pub struct DiscussionId(String);

    /// The other end of a conversation: a user, a group or a chatroom, as its
    /// [type](crate::ConversationType) says.
    pub struct TargetId(String);

    /// A message: four times four letters or digits, joined by `-`, such as `5FGT-7VA9-G4DD-4V5P`.
    pub struct MessageUid(String);

    /// A push.
    pub struct PushId(String);

    /// A picture that shows the code to enter before a text message is sent to a telephone.
    pub struct VerifyId(String);

    /// A code that was sent to a telephone, waiting to be verified.
    pub struct SessionId(String);
}

impl From<UserId> for TargetId {
    fn from(id: UserId) -> Self {
        Self(id.0)
    }
}

impl From<GroupId> for TargetId {
    fn from(id: GroupId) -> Self {
        Self(id.0)
    }
}

impl From<ChatroomId> for TargetId {
    fn from(id: ChatroomId) -> Self {
        Self(id.0)
    }
}
