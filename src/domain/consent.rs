//! A debtor's permission: for what, and to whom it was given.

use super::text_enum::TextEnum;

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentKind {
    /// Calls may be recorded.
    Recording,
    /// One number may be called by a machine or with a recorded voice (47 U.S.C. 227(b)(1)(A)).
    Autodial,
    /// Contact at hours that are otherwise barred (12 CFR 1006.6(b)(4)(i)).
    Time,
    /// Calls beyond the count (12 CFR 1006.14(b)(3)(i)).
    Calls,
    /// Notices by email (15 U.S.C. 7001(c)).
    Esign,
}

impl TextEnum for ConsentKind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Recording, "recording"),
        (Self::Autodial, "autodial"),
        (Self::Time, "time"),
        (Self::Calls, "calls"),
        (Self::Esign, "esign"),
    ];
}

impl ConsentKind {
    /// One permission at a time: who takes it back takes back every one of its kind for the same
    /// number. Of times and calls there may be several, each taken back for itself.
    pub const fn is_one(self) -> bool {
        match self {
            Self::Recording | Self::Autodial | Self::Esign => true,
            Self::Time | Self::Calls => false,
        }
    }

    /// Whether the gate honours it when it was given to the creditor. Only consent to be called by
    /// a machine travels with the debt (FCC 07-232).
    pub const fn may_be_given_to_creditor(self) -> bool {
        match self {
            Self::Autodial => true,
            Self::Recording | Self::Time | Self::Calls | Self::Esign => false,
        }
    }
}

/// To whom it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GivenTo {
    /// To the agency itself.
    Collector,
    Creditor,
}

impl TextEnum for GivenTo {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Collector, "collector"), (Self::Creditor, "creditor")];
}
