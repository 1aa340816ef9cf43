//! What staff may record about a debtor, and what each of it does.

use crate::domain::text_enum::TextEnum;

/// What is recorded, as the address names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Stop,
    Attorney,
    Bankruptcy,
    Deceased,
    DoNotCall,
    Military,
    /// One number or address is not to be used.
    Address,
    /// No letters.
    Mail,
    Time,
    Place,
    Work,
    Codebtor,
    Estate,
}

impl TextEnum for Kind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Stop, "stop"),
        (Self::Attorney, "attorney"),
        (Self::Bankruptcy, "bankruptcy"),
        (Self::Deceased, "deceased"),
        (Self::DoNotCall, "do_not_call"),
        (Self::Military, "military"),
        (Self::Address, "address_opt_out"),
        (Self::Mail, "mail_opt_out"),
        (Self::Time, "inconvenient_time"),
        (Self::Place, "inconvenient_place"),
        (Self::Work, "workplace_prohibited"),
        (Self::Codebtor, "codebtor"),
        (Self::Estate, "estate"),
    ];
}

impl Kind {
    /// On the button that leads here.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stop => "Asked us to stop",
            Self::Attorney => "Has a lawyer",
            Self::Bankruptcy => "Bankruptcy",
            Self::Deceased => "Deceased",
            Self::DoNotCall => "Do not call",
            Self::Military => "Military duty",
            Self::Address => "Not this number or address",
            Self::Mail => "No letters",
            Self::Time => "Inconvenient time",
            Self::Place => "Inconvenient place",
            Self::Work => "Not at work",
            Self::Codebtor => "Co-debtor\u{2019}s bankruptcy",
            Self::Estate => "Speaks for the estate",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Stop => "Record a request to stop",
            Self::Attorney => "Record a lawyer",
            Self::Bankruptcy => "Record a bankruptcy",
            Self::Deceased => "Record a death",
            Self::DoNotCall => "Mark as do not call",
            Self::Military => "Record military duty",
            Self::Address => "Record a number or address not to be used",
            Self::Mail => "Record that no letters are wanted",
            Self::Time => "Record a time that is not convenient",
            Self::Place => "Record a place that is not convenient",
            Self::Work => "Record that the employer does not allow calls",
            Self::Codebtor => "Record a co-debtor\u{2019}s bankruptcy",
            Self::Estate => "Record who speaks for the estate",
        }
    }

    pub const fn button(self) -> &'static str {
        match self {
            Self::Stop => "Stop contact now",
            Self::Attorney | Self::Bankruptcy | Self::Deceased | Self::Codebtor => {
                "Record and stop contact"
            }
            Self::DoNotCall => "Stop calls now",
            Self::Military
            | Self::Address
            | Self::Mail
            | Self::Time
            | Self::Place
            | Self::Work
            | Self::Estate => "Record",
        }
    }

    pub fn effects(self) -> Vec<&'static str> {
        let first: &[&str] = match self {
            Self::Stop => &[
                "What the debtor names stops at once, on every account of theirs with this creditor. Nothing in progress is let through.",
                "Planned calls are cancelled and email sequences end.",
                "A task asks a person to check the file within a day.",
            ],
            Self::Attorney => &[
                "All contact with the debtor stops at once, on every account.",
                "Planned calls are cancelled and email sequences pause.",
                "A task asks a person to route contact through the lawyer.",
            ],
            Self::Bankruptcy => &[
                "All contact with the debtor stops at once, on every account.",
                "Planned calls are cancelled and email sequences pause.",
                "A task asks a person to confirm the case.",
            ],
            Self::Deceased => &[
                "All contact with the debtor stops at once, on every account.",
                "Planned calls are cancelled and email sequences pause.",
                "A task asks a person to find out who speaks for the estate.",
            ],
            Self::DoNotCall => &[
                "No number of this debtor is called any more. Planned calls are cancelled.",
                "Emails and letters are judged as before.",
            ],
            Self::Military => &[
                "Whoever makes a contact is reminded of the debtor\u{2019}s rights on active duty, until its last day.",
                "A later record replaces this one.",
            ],
            Self::Address => &[
                "This number or address is not used from now on, whoever asks. Planned calls to the number are cancelled.",
                "Other numbers and addresses are judged as before.",
            ],
            Self::Mail => &[
                "No letter goes to the debtor from now on, but for notices that the law asks for in writing.",
                "Calls and emails are judged as before.",
            ],
            Self::Time => &[
                "No call and no message goes to the debtor at this time, by every clock that may be theirs. Letters are not bound to the hour.",
                "Planned calls are decided anew when their time comes.",
            ],
            Self::Place => &[
                "Telephones that ring at this place are not called. A mobile and an email address are tied to no place.",
            ],
            Self::Work => &[
                "Telephones at work are not called from now on.",
                "The debtor\u{2019}s mobile may be called during office hours.",
            ],
            Self::Codebtor => &[
                "All contact with the debtor stops at once, on every account.",
                "Planned calls are cancelled and email sequences pause.",
                "A task asks a person to confirm the case.",
            ],
            Self::Estate => &[
                "This person may be contacted about the debts in the debtor\u{2019}s place. Nobody else may.",
                "What was stopped stays stopped until somebody starts it.",
            ],
        };
        first.to_vec()
    }
}
