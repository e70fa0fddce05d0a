//! aiobearychat: OpenAPI and RTM of BearyChat.

use mynah::bearychat::api::channel::{
    ArchiveChannel, CreateChannel, GetChannel, InviteToChannel, JoinChannel, KickFromChannel,
    KickOutOfChannel, LeaveChannel, ListChannels, UnarchiveChannel,
};
use mynah::bearychat::api::emoji::{ListEmoji, ListStickers};
use mynah::bearychat::api::message::{
    CreateMessage, DeleteMessage, GetMessage, QueryMessages, UpdateMessageText,
};
use mynah::bearychat::api::meta::GetMeta;
use mynah::bearychat::api::p2p::{CreateP2p, GetP2p, ListP2ps};
use mynah::bearychat::api::rtm::{SendMessage, Start, StartRtm};
use mynah::bearychat::api::session_channel::{
    ArchiveSessionChannel, ConvertToChannel, CreateSessionChannel, GetSessionChannel,
    InviteToSessionChannel, KickFromSessionChannel, KickOutOfSessionChannel, LeaveSessionChannel,
    ListSessionChannels,
};
use mynah::bearychat::api::team::GetTeam;
use mynah::bearychat::api::user::{GetMe, GetUser, ListUsers, UpdateMe};
use mynah::bearychat::api::vchannel::GetVchannel;
use mynah::bearychat::types::{Attachment, Subtype, UserType, Vchannel};
use mynah::bearychat::{API, BearyChat, Query, RTM, Rtm, Token};
use mynah::bot::{Router, command, edited, mention};
use mynah::client::{Client, HyperTransport};
use mynah::core::{ErrorKind, RawRequest, Retry, encode_request};
use mynah_sandbox::Sandbox;
use serde_json::Value;

use super::programs::aiobearychat as program;
use super::{Done, client, sandbox};

fn openapi(sandbox: &Sandbox) -> Client<BearyChat> {
    client(sandbox, "bearychat/v1", Token::from("sandbox-token"))
}

#[tokio::test]
async fn the_program_of_the_page_lists_the_team() -> Done {
    let people = program::people(&openapi(&sandbox())).await?;
    assert!(people.contains(&"=bw52O alice".to_owned()), "{people:?}");
    Ok(())
}

#[tokio::test]
async fn people_and_team() -> Done {
    let api = openapi(&sandbox());

    // api.meta.get
    let meta = api.call(GetMeta::new()).await?;
    assert_eq!(meta.version, "1");

    // api.team.info
    let team = api.call(GetTeam::new()).await?;
    assert_eq!(team.name, "Mynah");

    // api.user.list
    let users = api.call(ListUsers::new()).await?;
    assert_eq!(users.len(), 7);

    // api.user.info
    let user = api.call(GetUser::new("=bw52O")).await?;
    assert_eq!(user.name, "alice");

    // api.user.me
    let me = api.call(GetMe::new()).await?;
    assert_eq!(me.kind, UserType::Hubot);

    // api.user.update_me
    let me = api.call(UpdateMe::new().full_name("八哥")).await?;
    assert_eq!(me.full_name.as_deref(), Some("八哥"));
    assert_eq!(me.name, "mynah");

    // api.emoji.list
    let emoji = api.call(ListEmoji::new()).await?;
    assert_eq!(emoji[0].name, "mynah");

    // api.sticker.list
    let packs = api.call(ListStickers::new()).await?;
    assert_eq!(packs[0].stickers[0].name, "你好");
    Ok(())
}

#[tokio::test]
async fn channels() -> Done {
    let api = openapi(&sandbox());

    // api.channel.create
    let call = CreateChannel::new("deploys")
        .topic("今天发什么")
        .private(false);
    let channel = api.call(call).await?;
    assert_eq!(channel.topic.as_deref(), Some("今天发什么"));
    assert!(channel.is_member && !channel.private);

    // api.channel.info
    let same = api.call(GetChannel::new(&channel.id)).await?;
    assert_eq!(same, channel);

    // api.channel.list
    let channels = api.call(ListChannels::new()).await?;
    let names: Vec<_> = channels.iter().map(|channel| &*channel.name).collect();
    assert_eq!(names, ["所有人", "dev", "deploys"]);

    // api.channel.invite
    api.call(InviteToChannel::new(&channel.id, "=bw52R"))
        .await?;
    api.call(InviteToChannel::new(&channel.id, "=bw52S"))
        .await?;
    let members = api.call(GetChannel::new(&channel.id)).await?.member_uids;
    assert_eq!(members.len(), 3);

    // api.channel.kick
    api.call(KickFromChannel::new(&channel.id, "=bw52R"))
        .await?;

    // api.channel.kickout
    api.call(KickOutOfChannel::new(&channel.id, "=bw52S"))
        .await?;
    let members = api.call(GetChannel::new(&channel.id)).await?.member_uids;
    assert_eq!(members.len(), 1);

    // api.channel.archive
    let archived = api.call(ArchiveChannel::new(&channel.id)).await?;
    assert!(!archived.is_active);

    // api.channel.unarchive
    let open = api.call(UnarchiveChannel::new(&channel.id)).await?;
    assert!(open.is_active);

    // api.channel.join
    let joined = api.call(JoinChannel::new("=bwDev")).await?;
    assert!(joined.is_member);

    // api.channel.leave
    api.call(LeaveChannel::new("=bwDev")).await?;
    let left = api.call(LeaveChannel::new("=bwDev")).await.unwrap_err();
    assert_eq!(left.status_code(), Some(403));

    // api.vchannel.info
    let vchannel = api.call(GetVchannel::new("=bwAll")).await?;
    let Vchannel::Channel(everybody) = vchannel else {
        panic!("{vchannel:?}")
    };
    assert!(everybody.general);
    Ok(())
}

#[tokio::test]
async fn discussions_and_conversations_of_two() -> Done {
    let api = openapi(&sandbox());

    // api.session_channel.create
    let call = CreateSessionChannel::new(["=bw52O", "=bw52P"]).name("lunch");
    let session = api.call(call).await?;
    assert_eq!(session.name.as_deref(), Some("lunch"));

    // api.session_channel.info
    let same = api.call(GetSessionChannel::new(&session.id)).await?;
    assert_eq!(same, session);

    // api.session_channel.list
    let sessions = api.call(ListSessionChannels::new()).await?;
    assert_eq!(sessions, [same]);

    // api.session_channel.invite
    api.call(InviteToSessionChannel::new(&session.id, "=bw52R"))
        .await?;
    api.call(InviteToSessionChannel::new(&session.id, "=bw52S"))
        .await?;
    let members = api
        .call(GetSessionChannel::new(&session.id))
        .await?
        .member_uids;
    assert_eq!(members.len(), 5);

    // api.session_channel.kick
    api.call(KickFromSessionChannel::new(&session.id, "=bw52R"))
        .await?;

    // api.session_channel.kickout
    api.call(KickOutOfSessionChannel::new(&session.id, "=bw52S"))
        .await?;
    let members = api
        .call(GetSessionChannel::new(&session.id))
        .await?
        .member_uids;
    assert_eq!(members.len(), 3);

    // api.session_channel.convert_to_channel
    let call = ConvertToChannel::new(&session.id, "lunch").private(true);
    let channel = api.call(call).await?;
    assert!(channel.private);
    assert_eq!(channel.vchannel_id, session.vchannel_id);

    let call = CreateSessionChannel::new(["=bw52O"]);
    let session = api.call(call).await?;

    // api.session_channel.archive
    let archived = api.call(ArchiveSessionChannel::new(&session.id)).await?;
    assert!(!archived.is_active);

    // api.session_channel.leave
    api.call(LeaveSessionChannel::new(&session.id)).await?;
    assert_eq!(api.call(ListSessionChannels::new()).await?, []);

    // api.p2p.create
    let two = api.call(CreateP2p::new("=bw52O")).await?;
    assert_eq!(two.member_uids.len(), 2);

    // api.p2p.info
    let same = api.call(GetP2p::new(&two.id)).await?;
    assert_eq!(same, two);

    // api.p2p.list
    let twos = api.call(ListP2ps::new()).await?;
    assert_eq!(twos, [two]);
    Ok(())
}

#[tokio::test]
async fn messages() -> Done {
    let api = openapi(&sandbox());

    // api.message.create
    let call =
        CreateMessage::new("=bwAll", "deployed").attachments(vec![Attachment::text("3.2.1")]);
    let message = api.call(call).await?;
    assert_eq!(message.attachments.len(), 1);

    // api.message.info
    let same = api.call(GetMessage::new("=bwAll", &message.key)).await?;
    assert_eq!(same.text, "deployed");

    // api.message.update_text
    let edited = api
        .call(UpdateMessageText::new(
            "=bwAll",
            &message.key,
            "rolled back",
        ))
        .await?;
    assert_eq!(edited.text, "rolled back");

    // api.message.query
    let messages = api
        .call(QueryMessages::new("=bwAll", Query::latest(10)))
        .await?;
    assert_eq!(messages.last().unwrap().key, message.key);

    // api.message.delete
    api.call(DeleteMessage::new("=bwAll", &message.key)).await?;
    let deleted = api.call(GetMessage::new("=bwAll", &message.key)).await?;
    assert_eq!(deleted.subtype, Subtype::Info);
    Ok(())
}

#[tokio::test]
async fn rtm_over_http() -> Done {
    let sandbox = sandbox();
    let api = openapi(&sandbox);
    let rtm: Client<Rtm> = client(&sandbox, "bearychat/rtm", Token::from("sandbox-token"));

    // api.rtm.start
    let started = api.call(StartRtm::new()).await?;
    assert_eq!(started.user.name, "mynah");

    // rtm.start
    let started = rtm.call(Start::new()).await?;
    assert!(started.ws_host.expose().contains("/nimbus/ws:"));

    // rtm.message
    rtm.call(SendMessage::new("=bwAll", "*deployed*").markdown(true))
        .await?;
    let said = api
        .call(QueryMessages::new("=bwAll", Query::latest(1)))
        .await?;
    assert_eq!(said[0].text, "*deployed*");
    Ok(())
}

#[tokio::test]
async fn the_parts_that_are_no_calls() -> Done {
    let token = "sandbox-token";

    // OpenAPI
    let api = Client::<BearyChat>::new(API.parse()?, Token::from(token));
    assert_eq!(api.base().to_string(), "https://api.bearychat.com/v1");

    // RtmAPI
    let rtm = Client::<Rtm>::new(RTM.parse()?, Token::from(token));
    assert_eq!(rtm.base().to_string(), "https://rtm.bearychat.com");

    // Requester
    let transport = HyperTransport::new();

    // API
    let base = "https://bearychat.example/v1".parse()?;
    let own = Client::<BearyChat>::builder(base)
        .auth(Token::from(token))
        .over(transport);
    assert_eq!(own.base().to_string(), "https://bearychat.example/v1");

    let api = openapi(&sandbox());
    // requester.request
    let response = api.raw(RawRequest::get("/user.me")).await?;
    assert_eq!(response.status(), 200);

    // Response
    let (status, body) = (response.status(), response.body());
    assert!(status.is_success() && !body.is_empty());

    // response.json
    let me: Value = serde_json::from_slice(response.body())?;
    assert_eq!(me["name"], "mynah");

    // requester.sleep
    let meta = api.call(GetMeta::new()).retry(Retry::NONE).await?;
    assert_eq!(meta.version, "1");

    // sansio.format_url
    let request = encode_request(api.base(), &GetUser::new("=bw52O"))?;
    assert_eq!(request.uri().query(), Some("user_id=%3Dbw52O"));

    // sansio.clean_nothing_keys
    let request = encode_request(api.base(), &UpdateMe::new().name("mynah"))?;
    assert_eq!(request.body(), r#"{"name":"mynah"}"#);
    Ok(())
}

#[tokio::test]
async fn what_is_refused_is_an_error() -> Done {
    let api = openapi(&sandbox());
    let told = match api.call(CreateMessage::new("=bwDev", "hello")).await {
        Ok(message) => format!("said {}", message.key),
        Err(error) if error.is_temporary() => format!("later: {:?}", error.retry_after()),
        Err(error) => match error.api() {
            Some(refusal) => format!("refused: {} {}", refusal.code, refusal.message),
            None => error.to_string(),
        },
    };
    assert_eq!(told, "refused: 4 没有权限");

    let nobody = api.call(GetUser::new("")).await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Invalid);
    Ok(())
}

#[test]
fn a_bot_hears_more_than_calls_answer() {
    let router = Router::<()>::new()
        .on(command("ping"), async || "pong")
        .on(mention(), async || "在")
        .on(edited(), async || "改了什么？");
    assert_eq!(router.commands(), ["ping"]);
}
