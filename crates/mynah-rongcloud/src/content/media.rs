//! Pictures, voice, files, places and videos.

use mynah_core::lenient::{or_default, text};

use super::{amount, content};

content! {
    /// A picture.
    pub struct Image {
        /// A small picture of it: JPEG in base64.
        #[serde(default, deserialize_with = "text")]
        pub content: String,
        /// Where it is.
        #[serde(rename = "imageUri", default, deserialize_with = "text")]
        pub image_uri: String,
    }
}

impl Image {
    /// The picture at an address, and a small one of it in base64.
    pub fn new(image_uri: impl Into<String>, thumbnail: impl Into<String>) -> Self {
        Self {
            content: thumbnail.into(),
            image_uri: image_uri.into(),
            ..Self::default()
        }
    }
}

content! {
    /// A voice message, in the message itself.
    pub struct Voice {
        /// AMR in base64.
        #[serde(default, deserialize_with = "text")]
        pub content: String,
        /// How long it is, in seconds.
        #[serde(default, deserialize_with = "amount")]
        pub duration: u64,
    }
}

impl Voice {
    /// A voice in base64, so many seconds long.
    pub fn new(content: impl Into<String>, duration: u64) -> Self {
        Self {
            content: content.into(),
            duration,
            ..Self::default()
        }
    }
}

content! {
    /// A voice message at an address.
    pub struct HighQualityVoice {
        /// Where it is: AAC.
        #[serde(rename = "remoteUrl", default, deserialize_with = "text")]
        pub remote_url: String,
        /// Where a client keeps it.
        #[serde(rename = "localPath", default, deserialize_with = "or_default")]
        pub local_path: Option<String>,
        /// How long it is, in seconds.
        #[serde(default, deserialize_with = "amount")]
        pub duration: u64,
    }
}

impl HighQualityVoice {
    /// The voice at an address, so many seconds long.
    pub fn new(remote_url: impl Into<String>, duration: u64) -> Self {
        Self {
            remote_url: remote_url.into(),
            duration,
            ..Self::default()
        }
    }
}

content! {
    /// A title, a text and a picture that lead to an address.
    pub struct RichText {
        /// The title.
        #[serde(default, deserialize_with = "text")]
        pub title: String,
        /// The text.
        #[serde(default, deserialize_with = "text")]
        pub content: String,
        /// Where the picture is.
        #[serde(rename = "imageUri", default, deserialize_with = "text")]
        pub image_uri: String,
        /// Where it leads.
        #[serde(default, deserialize_with = "text")]
        pub url: String,
    }
}

impl RichText {
    /// A title and a text that lead to an address.
    pub fn new(
        title: impl Into<String>,
        content: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            content: content.into(),
            url: url.into(),
            ..Self::default()
        }
    }
}

content! {
    /// A file.
    pub struct File {
        /// Its name.
        #[serde(default, deserialize_with = "text")]
        pub name: String,
        /// How large it is, in bytes. Some clients write it as text.
        #[serde(default, deserialize_with = "amount")]
        pub size: u64,
        /// What is in it, such as `pdf`; also seen as `fileType`.
        #[serde(rename = "type", alias = "fileType", default, deserialize_with = "text")]
        pub kind: String,
        /// Where it is.
        #[serde(rename = "fileUrl", default, deserialize_with = "text")]
        pub file_url: String,
    }
}

impl File {
    /// The file at an address: its name, and how many bytes it has. What is in it is told by the
    /// end of the name.
    pub fn new(name: impl Into<String>, size: u64, file_url: impl Into<String>) -> Self {
        let name = name.into();
        let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
        Self {
            kind: kind.to_owned(),
            name,
            size,
            file_url: file_url.into(),
            ..Self::default()
        }
    }
}

content! {
    /// A place.
    pub struct Location {
        /// A small picture of the map: JPEG in base64.
        #[serde(default, deserialize_with = "text")]
        pub content: String,
        /// In degrees.
        #[serde(default, deserialize_with = "or_default")]
        pub latitude: f64,
        /// In degrees.
        #[serde(default, deserialize_with = "or_default")]
        pub longitude: f64,
        /// What is there.
        #[serde(default, deserialize_with = "text")]
        pub poi: String,
    }
}

impl Location {
    /// The place with this name.
    pub fn new(latitude: f64, longitude: f64, poi: impl Into<String>) -> Self {
        Self {
            latitude,
            longitude,
            poi: poi.into(),
            ..Self::default()
        }
    }
}

content! {
    /// A short video.
    pub struct Sight {
        /// Where it is.
        #[serde(rename = "sightUrl", default, deserialize_with = "text")]
        pub sight_url: String,
        /// A picture out of it: JPEG in base64.
        #[serde(default, deserialize_with = "text")]
        pub content: String,
        /// How long it is, in seconds.
        #[serde(default, deserialize_with = "amount")]
        pub duration: u64,
        /// How large it is, in bytes.
        #[serde(default, deserialize_with = "amount")]
        pub size: u64,
        /// Its name.
        #[serde(default, deserialize_with = "text")]
        pub name: String,
    }
}

impl Sight {
    /// The video at an address, so many seconds long.
    pub fn new(sight_url: impl Into<String>, duration: u64) -> Self {
        Self {
            sight_url: sight_url.into(),
            duration,
            ..Self::default()
        }
    }
}
