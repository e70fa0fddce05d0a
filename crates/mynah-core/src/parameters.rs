//! Reads parameters as chat platforms read them: by the declared type.
//!
//! A number may come as digits in a string, a switch as `1` or `yes`, a name
//! as a number. An optional parameter of the wrong kind counts as absent, an
//! unknown one is ignored. The declared type is what serde asks for, so
//! endpoints need no attributes for any of this.

use std::cell::RefCell;
use std::collections::{BTreeMap, btree_map};
use std::fmt;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::codec::{BadParameters, Parameter, Parameters};
use crate::describe::{Kind, expected_by};
use crate::lenient::MEANT;

/// Types the parameters of an endpoint as a person means them: whatever is
/// wrong is said.
pub(crate) fn read_strict<T: DeserializeOwned>(parameters: Parameters) -> Result<T, BadParameters> {
    let current = RefCell::new(String::new());
    let fields = Fields {
        parameters,
        current: &current,
        strict: false,
    };
    T::deserialize(fields).map_err(|problem| match problem {
        Problem::Missing(field) => BadParameters::missing(field),
        Problem::Other(problem) => BadParameters::field(current.into_inner(), problem),
    })
}

/// What must be of the kind that is asked for, where the rest counts as absent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strictness {
    /// What came as JSON, which is then not converted either.
    pub(crate) json: bool,
    /// What came as text, and what came as JSON and cannot be converted.
    pub(crate) text: bool,
}

/// Types the parameters of an endpoint. Null counts as absent.
pub(crate) fn read<T: DeserializeOwned>(
    parameters: Parameters,
    strict: Strictness,
) -> Result<T, BadParameters> {
    let mut parameters = parameters;
    parameters
        .0
        .retain(|_, parameter| !parameter.value.is_null());
    let mut complaints = BTreeMap::new();
    loop {
        let current = RefCell::new(String::new());
        let error = match T::deserialize(Fields {
            parameters: parameters.clone(),
            current: &current,
            strict: strict.json,
        }) {
            Ok(endpoint) => return Ok(endpoint),
            Err(error) => error,
        };
        // A value of the wrong kind counts as absent, and so does a second
        // spelling of a field. If that leaves a required field empty, what was
        // wrong with its value is the complaint that helps.
        match error {
            Problem::Missing(field) => {
                return Err(match complaints.remove(&field) {
                    Some(problem) => BadParameters::field(field, problem),
                    None => BadParameters::missing(field),
                });
            }
            Problem::Other(problem) => {
                let field = current.into_inner();
                match parameters.0.remove(&field) {
                    Some(Parameter { text: true, .. }) if !strict.text => {}
                    Some(Parameter { text: false, .. }) if !strict.json && !strict.text => {}
                    _ => return Err(BadParameters::field(field, problem)),
                }
                complaints.insert(field, problem);
            }
        }
    }
}

/// The member `name` of a JSON object, as it stands there.
pub(crate) fn field<'a>(json: &'a [u8], name: &str) -> serde_json::Result<&'a RawValue> {
    struct Wanted<'n>(&'n str);
    impl<'de> Visitor<'de> for Wanted<'_> {
        type Value = &'de RawValue;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object with the field `{}`", self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some(wanted) = map.next_key_seed(Is(self.0))? {
                if wanted {
                    found = Some(map.next_value()?);
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            found.ok_or_else(|| de::Error::custom(format_args!("missing field `{}`", self.0)))
        }
    }
    serde_json::Deserializer::from_slice(json).deserialize_map(Wanted(name))
}

/// The members of a JSON object in their order, the values as they stand there.
pub(crate) fn members(json: &[u8]) -> serde_json::Result<Vec<(String, &RawValue)>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_slice(json).deserialize_map(Members)
}

/// Whether a key is the one that is looked for.
struct Is<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}

#[derive(Debug)]
enum Problem {
    Missing(String),
    Other(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => write!(f, "`{field}` is required"),
            Self::Other(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::Other(problem.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field.to_owned())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::Other(format!("must be {expected}, not {}", kind_of(unexpected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::Other(format!("must be {expected}, not {}", kind_of(unexpected)))
    }
}

/// What a value is, without saying the value itself.
fn kind_of(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(_) => "a boolean".to_owned(),
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a number out of range".to_owned(),
        Unexpected::Float(_) => "a fraction".to_owned(),
        Unexpected::Char(_) | Unexpected::Str(_) => match unexpected {
            Unexpected::Str(text) => format!("a string of {} bytes", text.len()),
            _ => "a character".to_owned(),
        },
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Seq => "an array".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        other => other.to_string(),
    }
}

/// All parameters of one request.
struct Fields<'c> {
    parameters: Parameters,
    current: &'c RefCell<String>,
    strict: bool,
}

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_map(Entries {
            rest: self.parameters.0.into_iter(),
            next: None,
            current: self.current,
            strict: self.strict,
        })
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Entries<'c> {
    rest: btree_map::IntoIter<String, Parameter>,
    next: Option<Parameter>,
    current: &'c RefCell<String>,
    strict: bool,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Problem> {
        let Some((name, parameter)) = self.rest.next() else {
            return Ok(None);
        };
        self.next = Some(parameter);
        self.current.borrow_mut().clone_from(&name);
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Problem> {
        match self.next.take() {
            Some(parameter) if self.strict && !parameter.text => {
                seed.deserialize(parameter.value).map_err(rephrase)
            }
            Some(parameter) => seed.deserialize(One(parameter)),
            None => Err(de::Error::custom("a value was read before its key")),
        }
    }
}

/// One parameter, read by the type that is asked for.
struct One(Parameter);

impl One {
    /// A JSON text in a query or form stands for the JSON.
    fn into_json(self) -> Value {
        match self.0 {
            Parameter {
                value: Value::String(text),
                text: true,
            } if text.starts_with("[{") || text.starts_with('{') => {
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            }
            Parameter { value, .. } => value,
        }
    }

    /// A list of one cannot be told from a plain value in a query or form.
    fn into_list(self) -> Value {
        match self.0 {
            Parameter {
                value: Value::String(text),
                text: true,
            } => match text.as_bytes().first() {
                Some(b'[') => match serde_json::from_str(&text) {
                    Ok(list) => list,
                    Err(_) => Value::Array(vec![Value::String(text)]),
                },
                _ => Value::Array(vec![Value::String(text)]),
            },
            Parameter { value, .. } => value,
        }
    }

    fn into_number(self) -> Value {
        match self.0.value {
            Value::String(text) => match text.parse::<i64>() {
                Ok(number) => Value::from(number),
                Err(_) => text.parse::<u64>().map_or(Value::String(text), Value::from),
            },
            other => other,
        }
    }
}

macro_rules! number_methods {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            self.into_number().$method(visitor).map_err(rephrase)
        }
    )*};
}

impl<'de> Deserializer<'de> for One {
    type Error = Problem;

    number_methods! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let value = match self.0.value {
            Value::String(text) => text.parse::<f64>().map_or(Value::String(text), Value::from),
            other => other,
        };
        value.deserialize_f64(visitor).map_err(rephrase)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let switch = match &self.0.value {
            Value::Bool(switch) => Some(*switch),
            Value::Number(number) => match number.as_i64() {
                Some(1) => Some(true),
                Some(0) => Some(false),
                _ => None,
            },
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        };
        match switch {
            Some(switch) => visitor.visit_bool(switch),
            None => self.0.value.deserialize_bool(visitor).map_err(rephrase),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0.value {
            Value::Number(number) => visitor.visit_string(number.to_string()),
            other => other.deserialize_string(visitor).map_err(rephrase),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_string(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let wants = (name == MEANT).then(|| Kind::meant_by(&expected_by(&visitor)));
        if wants == Some(Some(Kind::Array)) {
            let value = self.into_list();
            return visitor.visit_newtype_struct(value).map_err(rephrase);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.into_list().deserialize_seq(visitor).map_err(rephrase)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.into_json()
            .deserialize_enum(name, variants, visitor)
            .map_err(rephrase)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.into_json().deserialize_any(visitor).map_err(rephrase)
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier
        ignored_any
    }
}

/// serde_json quotes the value in its complaint; ours names only its kind.
#[allow(clippy::needless_pass_by_value)]
fn rephrase(error: serde_json::Error) -> Problem {
    let text = error.to_string();
    let Some(rest) = text
        .strip_prefix("invalid type: ")
        .or(text.strip_prefix("invalid value: "))
    else {
        return Problem::Other(text);
    };
    match rest.rsplit_once(", expected ") {
        Some((found, expected)) => {
            let kind = found.split([' ', '`']).next().unwrap_or_default();
            Problem::Other(format!("must be {expected}, not a value of kind {kind}"))
        }
        None => Problem::Other("is of the wrong kind".to_owned()),
    }
}
