//! What can be said: a word for the kind, and an object under the key of that name.

/// Defines what can be said in one place: `msgtype`, and the object under the key of its name. A
/// kind nobody told us of becomes `Other`. Whoever uses it needs `serde`.
///
/// A request that says something has it as its last field, with `#[serde(flatten)]`; it is
/// [described](crate::Described) by the kinds. [`says!`](crate::says) reads such a request.
///
/// ```
/// # #[derive(Clone, Debug, PartialEq, serde::Serialize)]
/// # pub struct Text {
/// #     content: String,
/// # }
/// mynah_core::messages! {
///     [
///         /// Plain text.
///         Text(Text) = text,
///         /// Markdown.
///         Markdown(Text) = markdown,
///     ]
///     /// What is said in a group.
///     pub enum Message
/// }
///
/// let message = Message::Text(Text { content: "hi".to_owned() });
/// assert_eq!(message.msgtype(), "text");
/// let json = serde_json::to_string(&message)?;
/// assert_eq!(json, r#"{"msgtype":"text","text":{"content":"hi"}}"#);
/// assert_eq!(Message::KINDS, ["text", "markdown"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! messages {
    (
        [$($(#[doc = $words:literal])+ $variant:ident($body:ty) = $field:ident,)+]
        $(#[$doc:meta])* pub enum $name:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $words])+ $variant($body),)+
            /// A kind nobody told us of, or one that comes without its object; empty for none.
            Other(String),
        }

        impl $name {
            /// The kinds, as `msgtype` spells them.
            pub const KINDS: &'static [&'static str] = &[$(stringify!($field)),+];

            /// The kind, as `msgtype` spells it.
            pub fn msgtype(&self) -> &str {
                match self {
                    $(Self::$variant(_) => stringify!($field),)+
                    Self::Other(kind) => kind,
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                match self {
                    $(Self::$variant(body) => {
                        serde::ser::SerializeMap::serialize_entry(
                            &mut map, "msgtype", stringify!($field),
                        )?;
                        serde::ser::SerializeMap::serialize_entry(
                            &mut map, stringify!($field), body,
                        )?;
                    })+
                    Self::Other(kind) if kind.is_empty() => {}
                    Self::Other(kind) => {
                        serde::ser::SerializeMap::serialize_entry(&mut map, "msgtype", kind)?;
                    }
                }
                serde::ser::SerializeMap::end(map)
            }
        }

        impl $crate::Described for $name {
            const DOC: &'static str = "";
            const FIELDS: &'static [$crate::FieldWords] = &[
                $crate::FieldWords::required(
                    "msgtype",
                    "The kind of message; its object stands under the key of the same name.",
                )
                .one_of(Self::KINDS),
                $($crate::FieldWords::optional(
                    stringify!($field),
                    concat!($($words),+).trim_ascii_start(),
                )
                .of_kind($crate::Kind::Object),)+
            ];
        }
    };
}

/// Reads a request that says something: the kinds, as [`messages!`](crate::messages) has them,
/// stand beside its other parameters. A kind without its object is `Other`. The request says
/// `#[serde(from = "…")]` with the name before the arrow.
///
/// They are parameters of their own, so that what is wrong with one of them is known to be wrong
/// with that one; serde's `flatten` could not tell.
///
/// ```
/// # #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
/// # pub struct Text {
/// #     content: String,
/// # }
/// /// Hands the kinds to a macro.
/// macro_rules! kinds {
///     ($callback:ident $($rest:tt)*) => {
///         mynah_core::$callback! {
///             [
///                 /// Plain text.
///                 Text(Text) = text,
///             ]
///             $($rest)*
///         }
///     };
/// }
///
/// kinds! { messages
///     /// What is said in a group.
///     pub enum Message
/// }
///
/// #[derive(Debug, PartialEq, serde::Deserialize)]
/// #[serde(from = "SendWire")]
/// struct Send {
///     chatid: String,
///     message: Message,
/// }
///
/// kinds! { says SendWire => Send(Message) {
///     chatid: String,
/// } }
///
/// let said: Send = serde_json::from_str(r#"{"chatid":"c1","msgtype":"text","text":[]}"#)?;
/// assert_eq!(said.message, Message::Other("text".to_owned()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! says {
    (
        [$($(#[doc = $words:literal])+ $variant:ident($body:ty) = $field:ident,)+]
        $wire:ident => $request:ident($message:ident) { $($other:ident: $type:ty,)* }
    ) => {
        #[derive(serde::Deserialize)]
        struct $wire {
            $($other: $type,)*
            #[serde(default)]
            msgtype: String,
            $(#[serde(default)] $field: $crate::lenient::Object<$body>,)+
        }

        impl From<$wire> for $request {
            fn from(wire: $wire) -> Self {
                let message = match wire.msgtype.as_str() {
                    $(stringify!($field) => wire.$field.0.map($message::$variant),)+
                    _ => None,
                };
                Self {
                    message: message.unwrap_or($message::Other(wire.msgtype)),
                    $($other: wire.$other,)*
                }
            }
        }
    };
}
