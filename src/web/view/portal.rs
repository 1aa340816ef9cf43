//! The debtor's pages: grade-8 English, one thing a page, no debt in title or address.

use askama::Template;

use crate::web::shell::PortalShell;
use crate::web::view::form::{self, Choice, Choices, Field, FieldError};
use crate::web::view::part::{Link, When};

/// `GET /p/{token}`: the link was good. Shows no debt; sends a code on request.
#[derive(Template)]
#[template(path = "portal/enter.html")]
pub struct PortalEnterPage {
    pub shell: PortalShell,
    /// Where the form that asks for a code goes.
    pub send_code_href: String,
    /// The address the code goes to, mostly hidden: "j•••@e•••.com". None: no email on file.
    pub masked_email: Option<String>,
    /// What the code check printed on letters is for; the same words for everybody.
    pub stop_href: String,
}

/// `GET /p/code`: type the six digits.
#[derive(Template)]
#[template(path = "portal/code.html")]
pub struct PortalCodePage {
    pub shell: PortalShell,
    pub action: String,
    /// Field `code`.
    pub code: Field,
    pub masked_email: String,
    /// Minutes for which the code is good.
    pub minutes: u32,
    pub resend_href: String,
    pub stop_href: String,
}

impl PortalCodePage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.code])
    }
}

/// A link that is unknown, expired or used up: the same page for each, and the stop still works.
#[derive(Template)]
#[template(path = "portal/link_unknown.html")]
pub struct PortalLinkUnknownPage {
    pub shell: PortalShell,
    pub stop_href: String,
}

/// `GET /p/account`.
#[derive(Template)]
#[template(path = "portal/account.html")]
pub struct PortalAccountPage {
    pub shell: PortalShell,
    pub creditor: String,
    pub invoice: String,
    /// The lines of the amount, in the order of Regulation F's itemization.
    pub items: Vec<AmountLine>,
    pub total: String,
    /// The day to which the amount is worked out: "12 Nov 2026".
    pub as_of: String,
    /// A code that proves this page is ours, also printed on letters.
    pub legitimacy_code: Option<String>,
    /// Licence numbers of the agency that the debtor's state asks for.
    pub licence: Option<String>,
    /// What the debtor has asked us to stop already, in one sentence.
    pub stopped: Option<String>,
    /// The four choices, in order.
    pub choices: Vec<PortalChoice>,
}

/// One line of the amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountLine {
    pub what: String,
    pub amount: String,
}

/// One of the four cards. Without an address it says how to do the same by phone or post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalChoice {
    pub kind: ChoiceKind,
    pub href: Option<String>,
}

/// The four things a debtor may want, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceKind {
    Dispute,
    Pay,
    StopContact,
    Ask,
}

impl ChoiceKind {
    /// In the order of the page.
    pub const ALL: [Self; 4] = [Self::Dispute, Self::Pay, Self::StopContact, Self::Ask];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Dispute => "This isn't mine, or it's wrong",
            Self::Pay => "Pay",
            Self::StopContact => "Stop or change how you contact me",
            Self::Ask => "Ask a question",
        }
    }

    /// What the card says under its title when it leads somewhere.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Dispute => "Tell us why. We stop collecting while we look into it.",
            Self::Pay => "Pay all of it, or a part.",
            Self::StopContact => "Request no further contact. It takes effect at once.",
            Self::Ask => "Send us a message.",
        }
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Self::Dispute => "flag",
            Self::Pay => "payments",
            Self::StopContact => "stop",
            Self::Ask => "note",
        }
    }
}

/// `GET /p/stop`: choose what stops. One click here, one on the account page before.
#[derive(Template)]
#[template(path = "portal/stop.html")]
pub struct PortalStopPage {
    pub shell: PortalShell,
    pub action: String,
    /// Field `scope`: `call`, `email`, `all`.
    pub scope: Choices,
    /// What already stands, in one sentence.
    pub stopped: Option<String>,
    /// One per form shown, so that sending it twice makes one request.
    pub once_key: String,
    pub back_href: String,
}

impl PortalStopPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.scope])
    }
}

/// The three scopes of a stop, "everything" first and chosen.
pub fn stop_scopes(chosen: &str) -> Choices {
    let option = |value: &str, label: &str, hint: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        chosen: value == chosen,
    };
    Choices {
        name: "scope".to_owned(),
        options: vec![
            option(
                "all",
                "Everything",
                "No calls and no emails. We may still send a letter that the law requires.",
            ),
            option(
                "call",
                "Calls only",
                "You may still get emails and letters.",
            ),
            option(
                "email",
                "Emails only",
                "You may still get calls and letters.",
            ),
        ],
        error: None,
    }
}

/// `GET /p/stop/{reference}`: the receipt. Printable.
#[derive(Template)]
#[template(path = "portal/stopped.html")]
pub struct PortalStoppedPage {
    pub shell: PortalShell,
    /// "R-7K2M-94QD".
    pub reference: String,
    /// "Calls and emails", "Calls", "Emails".
    pub what_stopped: String,
    pub received: When,
    /// "2:05 pm on 12 Nov 2026", in the debtor's own time.
    pub received_local: String,
    pub home_href: Option<String>,
}

/// `GET /p/stop-contact`: no link, no code, no proof needed. It asks for what to stop contacting,
/// and answers the same whether or not we know it.
#[derive(Template)]
#[template(path = "portal/stop_without_link.html")]
pub struct PortalStopWithoutLinkPage {
    pub shell: PortalShell,
    pub action: String,
    /// Field `phone`, in any form; may be empty.
    pub phone: Field,
    /// Field `email`; may be empty.
    pub email: Field,
    /// Field `reference_code`, from a letter; may be empty.
    pub reference_code: Field,
    pub once_key: String,
}

/// The receipt of a stop that came without link or code. The same whether or not we know the number
/// or address, and no word of a debt: whoever reads it may be somebody else.
#[derive(Template)]
#[template(path = "portal/stop_received.html")]
pub struct PortalStopReceivedPage {
    pub shell: PortalShell,
    pub reference: String,
    /// What will not be used any more, as it was typed: "(614) 555-0148", "j@example.com".
    pub no_longer_used: Vec<String>,
    pub received: When,
    /// "2:05 pm on 12 Nov 2026".
    pub received_local: String,
}

/// Whatever else has to be said to a debtor: a session that ended, too many tries, something that
/// went wrong on our side. Never a word of a debt.
#[derive(Template)]
#[template(path = "portal/message.html")]
pub struct PortalMessagePage {
    pub shell: PortalShell,
    pub heading: String,
    pub message: String,
    pub way_on: Option<Link>,
    /// The stop stays open to everybody.
    pub stop_href: String,
}

impl PortalStopWithoutLinkPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.phone, &self.email, &self.reference_code])
    }
}
