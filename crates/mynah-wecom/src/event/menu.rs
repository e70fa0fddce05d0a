//! What members do with menus and cards.

use super::field::fields;
use super::value::Decimal;
use crate::id::{ResponseCode, TaskId};

fields! {
    /// Somebody began or ceased to follow the application.
    pub struct Following {
        /// Empty, where it is there at all.
        pub event_key: Option<String> = "EventKey",
    }

    /// Something was opened or pressed.
    pub struct Pressed {
        /// What: the key of a menu's button, the address it leads to, the page
        /// of the mini program. Empty for entering the application.
        pub event_key: String = "EventKey",
    }

    /// Where a member is who entered the application.
    pub struct Position {
        /// Degrees north.
        pub latitude: Decimal = "Latitude",
        /// Degrees east.
        pub longitude: Decimal = "Longitude",
        /// How precise that is, in metres.
        pub precision: Decimal = "Precision",
    }

    /// A code was scanned.
    pub struct Scanned {
        /// The key of the menu's button.
        pub event_key: String = "EventKey",
        /// What was scanned.
        pub scan_code_info: ScanCodeInfo = "ScanCodeInfo",
    }

    /// What was scanned.
    pub struct ScanCodeInfo {
        /// What kind of code: `qrcode` mostly.
        pub scan_type: String = "ScanType",
        /// What it says.
        pub scan_result: String = "ScanResult",
    }

    /// Pictures were taken or chosen; they come as messages of their own.
    pub struct Pictures {
        /// The key of the menu's button.
        pub event_key: String = "EventKey",
        /// Which pictures.
        pub send_pics_info: SendPicsInfo = "SendPicsInfo",
    }

    /// Which pictures were taken or chosen.
    pub struct SendPicsInfo {
        /// How many.
        pub count: i64 = "Count",
        /// Each of them.
        pub pic_list: Vec<PicItem> = "PicList" / "item",
    }

    /// A picture that was taken or chosen.
    pub struct PicItem {
        /// The MD5 of the file, in hexadecimal.
        pub pic_md5_sum: String = "PicMd5Sum",
    }

    /// A place was chosen.
    pub struct Place {
        /// The key of the menu's button.
        pub event_key: String = "EventKey",
        /// Which place.
        pub send_location_info: SendLocationInfo = "SendLocationInfo",
    }

    /// Which place was chosen.
    pub struct SendLocationInfo {
        /// Degrees north; `Location_X` is the latitude.
        pub latitude: Decimal = "Location_X",
        /// Degrees east.
        pub longitude: Decimal = "Location_Y",
        /// How far the map is zoomed in.
        pub scale: i64 = "Scale",
        /// What the place is called.
        pub label: String = "Label",
        /// What WeChat calls it; may be empty.
        pub poiname: String = "Poiname",
    }

    /// A button of a template card was pressed, or an entry of its menu.
    pub struct CardPressed {
        /// The key of the button.
        pub event_key: String = "EventKey",
        /// The card's `task_id`.
        pub task_id: TaskId = "TaskId",
        /// What kind of card it is.
        pub card_type: String = "CardType",
        /// Allows one update of the card, for 72 hours.
        pub response_code: ResponseCode = "ResponseCode",
        /// What was chosen, where the card lets people choose.
        pub selected_items: Vec<SelectedItem> = "SelectedItems" / "SelectedItem",
    }

    /// What was chosen of one question.
    pub struct SelectedItem {
        /// The key of the question.
        pub question_key: String = "QuestionKey",
        /// The options.
        pub option_ids: Vec<String> = "OptionIds" / "OptionId",
    }

    /// A button of a task card, which is older than template cards, was pressed.
    pub struct TaskCardPressed {
        /// The key of the button.
        pub event_key: String = "EventKey",
        /// The card's `task_id`.
        pub task_id: TaskId = "TaskId",
    }
}
