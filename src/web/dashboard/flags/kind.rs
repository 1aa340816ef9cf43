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
}

impl TextEnum for Kind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Stop, "stop"),
        (Self::Attorney, "attorney"),
        (Self::Bankruptcy, "bankruptcy"),
        (Self::Deceased, "deceased"),
        (Self::DoNotCall, "do_not_call"),
        (Self::Military, "military"),
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
        }
    }

    pub const fn button(self) -> &'static str {
        match self {
            Self::Stop => "Stop contact now",
            Self::Attorney | Self::Bankruptcy | Self::Deceased => "Record and stop contact",
            Self::DoNotCall => "Stop calls now",
            Self::Military => "Record",
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
                "Whoever makes a contact is reminded of the debtor\u{2019}s rights on active duty.",
            ],
        };
        first.to_vec()
    }
}
