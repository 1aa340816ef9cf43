//! A debtor's request that contact stop.

use super::text_enum::TextEnum;

/// What shall stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopScope {
    Call,
    Email,
    /// Calls, emails and everything else: a cease of all contact.
    All,
}

impl TextEnum for StopScope {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Call, "call"),
        (Self::Email, "email"),
        (Self::All, "all"),
    ];
}

/// How a fact or a request reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Medium {
    Portal,
    Voice,
    Email,
    Letter,
    Fax,
    Phone,
    Desk,
    Api,
    Import,
    /// Re-applied from the stop journal after a restore.
    Journal,
}

impl TextEnum for Medium {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Portal, "portal"),
        (Self::Voice, "voice"),
        (Self::Email, "email"),
        (Self::Letter, "letter"),
        (Self::Fax, "fax"),
        (Self::Phone, "phone"),
        (Self::Desk, "desk"),
        (Self::Api, "api"),
        (Self::Import, "import"),
        (Self::Journal, "journal"),
    ];
}

impl Medium {
    /// As part of a sentence: "received by letter".
    pub const fn by(self) -> &'static str {
        match self {
            Self::Portal => "in the portal",
            Self::Voice => "on a call with the voice agent",
            Self::Email => "by email",
            Self::Letter => "by letter",
            Self::Fax => "by fax",
            Self::Phone => "by telephone",
            Self::Desk => "at the desk",
            Self::Api => "through the API",
            Self::Import => "in the creditor\u{2019}s file",
            Self::Journal => "before a restore",
        }
    }
}

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Requester {
    Debtor,
    Attorney,
    Other,
}

impl TextEnum for Requester {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Debtor, "debtor"),
        (Self::Attorney, "attorney"),
        (Self::Other, "other"),
    ];
}

/// What is known of a debtor and binds the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlagKind {
    Cease,
    CallOptOut,
    EmailOptOut,
    DoNotCall,
    MailOptOut,
    Attorney,
    Bankruptcy,
    Deceased,
    KnownLocation,
    Inconvenient,
    WorkplaceProhibited,
    Military,
    Codebtor,
    /// One number or address that is not to be used.
    AddressOptOut,
    /// A bankruptcy case that was dismissed: it stops nobody.
    BankruptcyDismissed,
    /// A bankruptcy case that ended with a discharge; each account says whether it is covered.
    Discharge,
    /// A co-debtor's case that has ended.
    CodebtorEnded,
    /// Nobody knows how to reach the debtor, so others must be asked.
    LocationNeeded,
}

impl TextEnum for FlagKind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Cease, "cease"),
        (Self::CallOptOut, "call_opt_out"),
        (Self::EmailOptOut, "email_opt_out"),
        (Self::DoNotCall, "do_not_call"),
        (Self::MailOptOut, "mail_opt_out"),
        (Self::Attorney, "attorney"),
        (Self::Bankruptcy, "bankruptcy"),
        (Self::Deceased, "deceased"),
        (Self::KnownLocation, "known_location"),
        (Self::Inconvenient, "inconvenient"),
        (Self::WorkplaceProhibited, "workplace_prohibited"),
        (Self::Military, "military"),
        (Self::Codebtor, "codebtor"),
        (Self::AddressOptOut, "address_opt_out"),
        (Self::BankruptcyDismissed, "bankruptcy_dismissed"),
        (Self::Discharge, "discharge"),
        (Self::CodebtorEnded, "codebtor_ended"),
        (Self::LocationNeeded, "location_needed"),
    ];
}

impl FlagKind {
    /// The flags that a stop of this scope sets. That a debtor's calls are stopped is one fact; the
    /// API shows it under the name `do_not_call` too.
    pub const fn of_scope(scope: StopScope) -> &'static [Self] {
        match scope {
            StopScope::Call => &[Self::CallOptOut],
            StopScope::Email => &[Self::EmailOptOut],
            StopScope::All => &[Self::Cease, Self::CallOptOut, Self::EmailOptOut],
        }
    }

    /// The kinds that stand in the way of what a scope covers, whoever set them. A request to stop
    /// everything is one for each.
    pub const fn against(scope: StopScope) -> &'static [Self] {
        match scope {
            StopScope::Call => &[Self::Cease, Self::CallOptOut, Self::DoNotCall],
            StopScope::Email => &[Self::Cease, Self::EmailOptOut],
            StopScope::All => &[
                Self::Cease,
                Self::CallOptOut,
                Self::EmailOptOut,
                Self::DoNotCall,
            ],
        }
    }
}
