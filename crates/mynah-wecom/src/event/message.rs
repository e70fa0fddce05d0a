//! What members say to an application.

use super::field::{fields, kinds};
use super::value::Decimal;
use crate::id::MediaId;

fields! {
    /// Text.
    pub struct Text {
        /// What was said.
        pub content: String = "Content",
    }

    /// A picture.
    pub struct Image {
        /// Where it can be seen.
        pub pic_url: String = "PicUrl",
        /// The file, for three days.
        pub media_id: MediaId = "MediaId",
    }

    /// Speech.
    pub struct Voice {
        /// The file, for three days.
        pub media_id: MediaId = "MediaId",
        /// What kind of file it is: `amr`, `speex`.
        pub format: String = "Format",
    }

    /// A film.
    pub struct Video {
        /// The file, for three days.
        pub media_id: MediaId = "MediaId",
        /// A picture of it, for three days.
        pub thumb_media_id: MediaId = "ThumbMediaId",
    }

    /// A place.
    pub struct Location {
        /// Degrees north; `Location_X` is the latitude.
        pub latitude: Decimal = "Location_X",
        /// Degrees east.
        pub longitude: Decimal = "Location_Y",
        /// How far the map is zoomed in.
        pub scale: i64 = "Scale",
        /// What the place is called.
        pub label: String = "Label",
    }

    /// A link.
    pub struct Link {
        /// Its title.
        pub title: String = "Title",
        /// What is said about it.
        pub description: String = "Description",
        /// Where it leads.
        pub url: String = "Url",
        /// Its picture.
        pub pic_url: String = "PicUrl",
    }
}

kinds! {
    /// What a member said.
    ///
    /// <https://developer.work.weixin.qq.com/document/path/90239>
    pub enum Content {
        /// Text.
        Text(Text) = "text",
        /// A picture.
        Image(Image) = "image",
        /// Speech.
        Voice(Voice) = "voice",
        /// A film.
        Video(Video) = "video",
        /// A place.
        Location(Location) = "location",
        /// A link.
        Link(Link) = "link",
    }
}
