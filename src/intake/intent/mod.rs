//! What a debtor's own words ask for: one reader for emails, portal messages, typed letters and
//! the transcripts of calls.
//!
//! The phrases are data (`config/intents`), versioned by their content, so that a reading can be
//! explained later. The reader never guesses in favour of going on: what is in doubt is a
//! [`Disposition::Hold`], and a person decides.
//!
//! Take the quoted history and the signature off first: see [`message`](super::message).

mod phrase;
mod rules;
mod tokens;

#[cfg(test)]
mod tests;

pub use rules::{Rules, RulesError};

use serde::{Deserialize, Serialize};

use crate::domain::text_enum::TextEnum;

/// The most of a text that is read, in bytes. What lies behind is not read, and a text that long
/// is for a person.
pub const MOST_BYTES: usize = 64 * 1024;

/// What a person asks for or tells us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// "Stop calling me": calls only.
    CeaseCalls,
    /// "Stop emailing me": emails only.
    CeaseEmail,
    /// "Do not contact me again", or a refusal to pay (15 USC 1692c(c)).
    CeaseAll,
    /// "Unsubscribe", "remove me from your list", or a bare "stop" in answer to an email.
    Unsubscribe,
    Dispute,
    /// A lawyer speaks for the debtor (15 USC 1692c(a)(2)).
    Attorney,
    /// 11 USC 362.
    Bankruptcy,
    Deceased,
    WrongPerson,
    AlreadyPaid,
    /// Proof of the debt, or the name of the original creditor (15 USC 1692g).
    Proof,
    /// A time or place at which contact is inconvenient (15 USC 1692c(a)(1)).
    Inconvenient,
}

impl TextEnum for Intent {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::CeaseCalls, "cease_calls"),
        (Self::CeaseEmail, "cease_email"),
        (Self::CeaseAll, "cease_all"),
        (Self::Unsubscribe, "unsubscribe"),
        (Self::Dispute, "dispute"),
        (Self::Attorney, "attorney"),
        (Self::Bankruptcy, "bankruptcy"),
        (Self::Deceased, "deceased"),
        (Self::WrongPerson, "wrong_person"),
        (Self::AlreadyPaid, "already_paid"),
        (Self::Proof, "proof"),
        (Self::Inconvenient, "inconvenient"),
    ];
}

impl Intent {
    /// Whether what it asks for can be done at once, without a person who reads details out of
    /// the message.
    pub const fn acts_by_itself(self) -> bool {
        match self {
            Self::CeaseCalls
            | Self::CeaseEmail
            | Self::CeaseAll
            | Self::Unsubscribe
            | Self::Dispute
            | Self::Attorney
            | Self::Bankruptcy
            | Self::Deceased => true,
            Self::WrongPerson | Self::AlreadyPaid | Self::Proof | Self::Inconvenient => false,
        }
    }
}

/// One phrase found in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub intent: Intent,
    /// False for words that may mean something else.
    pub certain: bool,
    /// The rule in `config/intents`.
    pub rule: String,
    /// The words as they stand in the text.
    pub phrase: String,
    /// Where they stand in the text that was read, in bytes.
    pub start: usize,
    pub end: usize,
}

/// What a text says, under one version of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// [`Rules::version`].
    pub rules: String,
    /// In the order of the text.
    pub findings: Vec<Finding>,
    /// Only the first [`MOST_BYTES`] were read.
    pub cut: bool,
}

/// What follows from a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Something certain was asked for that can be done at once; see [`Reading::to_do`].
    Act,
    /// A person has to read it, and nobody is contacted before.
    Hold,
    /// Nothing in it stands against going on.
    Continue,
}

impl Reading {
    pub fn disposition(&self) -> Disposition {
        if !self.to_do().is_empty() {
            Disposition::Act
        } else if self.needs_a_person() {
            Disposition::Hold
        } else {
            Disposition::Continue
        }
    }

    /// What can be done at once, each once, in the order of [`Intent`].
    pub fn to_do(&self) -> Vec<Intent> {
        self.intents_where(|finding| finding.certain && finding.intent.acts_by_itself())
    }

    /// Whether something is left that only a person can settle.
    pub fn needs_a_person(&self) -> bool {
        self.cut
            || self
                .findings
                .iter()
                .any(|finding| !finding.certain || !finding.intent.acts_by_itself())
    }

    /// Everything found, certain or not, each once.
    pub fn intents(&self) -> Vec<Intent> {
        self.intents_where(|_| true)
    }

    fn intents_where(&self, take: impl Fn(&Finding) -> bool) -> Vec<Intent> {
        let mut intents: Vec<Intent> = self
            .findings
            .iter()
            .filter(|finding| take(finding))
            .map(|finding| finding.intent)
            .collect();
        intents.sort_unstable();
        intents.dedup();
        intents
    }
}
