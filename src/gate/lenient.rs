//! Readers for the few places where a case may spell one fact in several ways.

use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::domain::placement::PlacementStatus;

/// A list that may also be written `null`.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Whether something is said: `true`, `false`, or the words themselves.
pub(super) fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(said)) => Ok(Some(said)),
        Some(Value::String(words)) => Ok(Some(!words.trim().is_empty())),
        Some(Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(serde::de::Error::custom("expected true, false or a text"))
        }
    }
}

/// A text that may also be written as a number: `"12.50"`, `12.50`.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            Err(serde::de::Error::custom("expected a text or a number"))
        }
    }
}

/// For a fact whose absence must not set anybody free.
pub(super) const fn yes() -> bool {
    true
}

/// A status by its name, with hyphens or underscores, or by the short name of its rule: `closed`,
/// `withdrawn`. `null` says what no status says.
pub(super) fn status<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<PlacementStatus, D::Error> {
    let Some(word) = Option::<String>::deserialize(deserializer)? else {
        return Ok(PlacementStatus::default());
    };
    match word.replace('-', "_").as_str() {
        "closed" => Ok(PlacementStatus::ClosedUncollected),
        "withdrawn" => Ok(PlacementStatus::WithdrawnByCreditor),
        word => PlacementStatus::deserialize(word.into_deserializer()),
    }
}
