//! The buttons at the bottom of the chat with an application.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_wecom::UserId;
use mynah_wecom::api::agent::MenuButton;
use mynah_wecom::event::{
    Event, PicItem, Pictures, Place, Pressed, ScanCodeInfo, Scanned, SendLocationInfo, SendPicsInfo,
};
use serde_json::{Value, json};

use super::archive::{Chat, Speaker};
use super::world::WeComWorld;
use crate::archive::{Bilingual, LineKind};
use crate::details::Details;
use crate::frame::Framed as _;
use crate::world::Rejected;

/// What a button can do.
pub(super) const KINDS: [&str; 9] = [
    "click",
    "view",
    "view_miniprogram",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
];

impl WeComWorld {
    /// Somebody presses a button of the menu: the one with this key, address
    /// or name, and of this kind, if one is named.
    pub(super) fn press_menu(
        &mut self,
        who: &UserId,
        details: Details<'_>,
        kind: Option<&str>,
    ) -> Result<Value, Rejected> {
        let chat = self.partner_in(who, details)?;
        if let Chat::Bot(_) = chat {
            return Err(Rejected::bad("target", "must be an application"));
        }
        let agent = self.agent_in(&chat);
        let name = details.needs_name("key")?;
        let menu = self.state.applications.get(&agent);
        let menu = menu.and_then(|it| it.menu.as_ref());
        let buttons = menu.map_or(&[][..], |menu| &menu.buttons);
        let fits =
            |button: &MenuButton| key_of(button) == name.as_ref() || button.name == name.as_ref();
        let of_kind = |button: &&MenuButton| {
            kind.is_none_or(|kind| button.kind.as_deref() == Some(kind)) && fits(button)
        };
        let mut all = buttons
            .iter()
            .chain(buttons.iter().flat_map(|it| &it.sub_button));
        let button = all.find(|button| button.sub_button.is_empty() && of_kind(button));
        let button = button.cloned().ok_or_else(|| {
            Rejected::missing(
                "key",
                "there is no such button in the menu; call menu/create",
            )
        })?;
        let event = menu_event(&button, details)?;
        let name = &button.name;
        let text = Bilingual::new(format!("pressed “{name}”"), format!("点击了「{name}」"));
        self.line(&chat, LineKind::Notice, &Speaker::Person(who.clone()), text);
        self.tell_event(agent, who, event);
        Ok(json!({}))
    }
}

/// What an event calls the button.
fn key_of(button: &MenuButton) -> &str {
    let key = match button.kind.as_deref() {
        Some("view") => &button.url,
        Some("view_miniprogram") => &button.pagepath,
        _ => &button.key,
    };
    key.as_deref().unwrap_or_default()
}

fn menu_event(button: &MenuButton, details: Details<'_>) -> Result<Event, Rejected> {
    let event_key = key_of(button).to_owned();
    let pressed = |event_key| Pressed { event_key };
    Ok(match button.kind.as_deref().unwrap_or_default() {
        "click" => Event::Click(pressed(event_key)),
        "view" => Event::View(pressed(event_key)),
        "view_miniprogram" => Event::ViewMiniprogram(pressed(event_key)),
        "scancode_push" => Event::ScancodePush(scanned(event_key, details)?),
        "scancode_waitmsg" => Event::ScancodeWaitmsg(scanned(event_key, details)?),
        "pic_sysphoto" => Event::PicSysphoto(pictures(event_key, details)?),
        "pic_photo_or_album" => Event::PicPhotoOrAlbum(pictures(event_key, details)?),
        "pic_weixin" => Event::PicWeixin(pictures(event_key, details)?),
        "location_select" => Event::LocationSelect(place(event_key, details)?),
        _ => return Err(Rejected::forbidden("key", "this button does nothing")),
    })
}

fn scanned(event_key: String, details: Details<'_>) -> Result<Scanned, Rejected> {
    Ok(Scanned {
        event_key,
        scan_code_info: ScanCodeInfo {
            scan_type: details.text_or("scan_type", "qrcode")?.to_owned(),
            scan_result: details.text_or("result", "1")?.to_owned(),
        },
    })
}

/// The pictures are named by what they hold.
fn pictures(event_key: String, details: Details<'_>) -> Result<Pictures, Rejected> {
    let wrong = || Rejected::bad("pictures", "must be a list of pictures in base64");
    let given = match details.get("pictures") {
        None => Vec::new(),
        Some(Value::Array(items)) => items.clone(),
        Some(_) => return Err(wrong()),
    };
    let mut pic_list = Vec::new();
    for picture in &given {
        let base64 = picture.as_str().ok_or_else(wrong)?;
        let content = STANDARD.decode(base64).map_err(|_| wrong())?;
        pic_list.push(PicItem {
            pic_md5_sum: mynah_crypto::hex(&mynah_crypto::md5(&content)),
        });
    }
    Ok(Pictures {
        event_key,
        send_pics_info: SendPicsInfo {
            count: i64::try_from(pic_list.len()).unwrap_or(i64::MAX),
            pic_list,
        },
    })
}

fn place(event_key: String, details: Details<'_>) -> Result<Place, Rejected> {
    Ok(Place {
        event_key,
        send_location_info: SendLocationInfo {
            latitude: details.decimal_or("latitude", 23.0)?.into(),
            longitude: details.decimal_or("longitude", 113.0)?.into(),
            scale: details.number_or("scale", 15)?,
            label: details.text_or("label", "")?.to_owned(),
            poiname: details.text_or("poiname", "")?.to_owned(),
        },
    })
}
