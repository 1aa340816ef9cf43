//! How the words of `domain` look in JSON, and how their schemas say so.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::id::Id;
use crate::domain::money::Cents;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;

/// A word of a closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<T>(pub T);

impl<T: TextEnum> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl<'de, T: TextEnum> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = Cow::<'de, str>::deserialize(deserializer)?;
        T::from_word(&word).map(Self).ok_or_else(|| {
            let words: Vec<&str> = T::WORDS.iter().map(|(_, word)| *word).collect();
            D::Error::custom(format!("{word:?} isn\u{2019}t one of {}", words.join(", ")))
        })
    }
}

impl<T: TextEnum> JsonSchema for Word<T> {
    fn schema_name() -> Cow<'static, str> {
        "Word".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = T::WORDS.iter().map(|(_, word)| *word).collect();
        json_schema!({"type": "string", "enum": words})
    }
}

/// A type of `domain` that is one value in JSON.
macro_rules! scalar_schema {
    ($type:ty $(, $param:ident)? => $schema:expr) => {
        impl$(<$param>)? JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let make: fn(&SchemaGenerator) -> Schema = $schema;
                make(generator)
            }
        }
    };
}

scalar_schema!(Id<K>, K => |_| json_schema!({"type": "string", "format": "uuid"}));

scalar_schema!(Instant => |_| json_schema!({"type": "string", "format": "date-time"}));

scalar_schema!(Cents => |generator| {
    if generator.contract().is_deserialize() {
        json_schema!({
            "description": "Dollars with at most two decimals, as text or as a number.",
            "anyOf": [
                {"type": "string", "pattern": r"^\$?[0-9,]*(\.[0-9]{1,2})?$"},
                {"type": "number", "minimum": 0, "multipleOf": 0.01},
            ],
        })
    } else {
        json_schema!({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"})
    }
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::placement::RecallReason;

    #[test]
    fn a_word_that_is_not_in_the_set_is_refused_with_the_set() {
        let known: Word<RecallReason> = serde_json::from_str("\"forgiven\"").unwrap();
        assert_eq!(known.0, RecallReason::Forgiven);
        let error = serde_json::from_str::<Word<RecallReason>>("\"bored\"").unwrap_err();
        assert!(error.to_string().contains("paid_directly"), "{error}");
    }
}
