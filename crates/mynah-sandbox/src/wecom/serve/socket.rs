//! What the intelligent bot asks, on its long connection and by the address
//! for one more answer.

use mynah_core::{ApiError, Empty};
use mynah_wecom::BotMessage;
use mynah_wecom::aibot::{
    Reply, RespondMsg, RespondUpdateMsg, RespondWelcomeMsg, SendMsg, Text, UploadMediaChunk,
    UploadMediaFinish, UploadMediaInit,
};
use mynah_wecom::api::aibot::RespondAibot;
use mynah_wecom::api::media::Uploaded;

use crate::serve::Serve;
use crate::wecom::refusal::{refuse, refuse_with};
use crate::wecom::world::WeComWorld;

impl Serve<RespondAibot> for WeComWorld {
    fn serve(&mut self, call: RespondAibot) -> Result<Empty, ApiError> {
        let chat = self.use_response_url(&call.response_code)?;
        let reply = match call.message {
            BotMessage::Markdown(text) => Reply::Markdown {
                markdown: Text::from(text.content),
            },
            BotMessage::TemplateCard(card) => Reply::TemplateCard {
                template_card: *card,
            },
            BotMessage::Other(kind) if BotMessage::KINDS.contains(&kind.as_str()) => {
                return Err(refuse_with(40063, &format!("{kind} is missing")));
            }
            _ => return Err(refuse(40008)),
        };
        self.bot_says(&chat, &reply)?;
        self.used_response_url(&call.response_code);
        Ok(Empty)
    }
}

impl Serve<RespondMsg> for WeComWorld {
    fn serve(&mut self, call: RespondMsg) -> Result<Empty, ApiError> {
        self.respond(call.req_id.as_str(), call.reply)?;
        Ok(Empty)
    }
}

impl Serve<RespondWelcomeMsg> for WeComWorld {
    fn serve(&mut self, call: RespondWelcomeMsg) -> Result<Empty, ApiError> {
        self.respond_welcome(call.req_id.as_str(), call.reply)?;
        Ok(Empty)
    }
}

impl Serve<RespondUpdateMsg> for WeComWorld {
    fn serve(&mut self, call: RespondUpdateMsg) -> Result<Empty, ApiError> {
        self.respond_update(call.req_id.as_str(), call.reply)?;
        Ok(Empty)
    }
}

impl Serve<SendMsg> for WeComWorld {
    fn serve(&mut self, call: SendMsg) -> Result<Empty, ApiError> {
        self.bot_sends(&call.chatid, call.chat_type, &call.reply)?;
        Ok(Empty)
    }
}

impl Serve<UploadMediaInit> for WeComWorld {
    fn serve(&mut self, call: UploadMediaInit) -> Result<String, ApiError> {
        self.begin_upload(call)
    }
}

impl Serve<UploadMediaChunk> for WeComWorld {
    fn serve(&mut self, call: UploadMediaChunk) -> Result<Empty, ApiError> {
        self.add_chunk(
            &call.upload_id,
            u64::from(call.chunk_index),
            &call.base64_data,
        )?;
        Ok(Empty)
    }
}

impl Serve<UploadMediaFinish> for WeComWorld {
    fn serve(&mut self, call: UploadMediaFinish) -> Result<Uploaded, ApiError> {
        self.finish_upload(&call.upload_id)
    }
}
