//! How hard an account is worked.

use serde::{Deserialize, Serialize};

use super::text_enum::TextEnum;

/// How outreach for a placement is tuned. It decides only how soon one wishes to call again; the
/// gate decides whether one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Posture {
    /// Keep the customer: slower, softer.
    #[default]
    Preserve,
    Escalate,
}

impl TextEnum for Posture {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Preserve, "preserve"), (Self::Escalate, "escalate")];
}
