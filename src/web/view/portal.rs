//! The debtor's pages: one thing a page, no debt in title or address.

use askama::Template;

use crate::domain::stop::StopScope;
use crate::domain::text_enum::TextEnum;
use crate::web::shell::PortalShell;
use crate::web::view::form::{self, Choice, Choices, Field, FieldError};
use crate::web::view::portal_words::Words;

/// `GET /p/{token}`: the link was good. Shows no debt and no address; sends a code on request.
#[derive(Template)]
#[template(path = "portal/enter.html")]
pub struct PortalEnterPage {
    pub shell: PortalShell,
    /// Where the form that asks for a code goes. None: there is no address to send one to.
    pub send_code_href: Option<String>,
}

/// `GET /p/{token}/code`: type the six digits.
#[derive(Template)]
#[template(path = "portal/code.html")]
pub struct PortalCodePage {
    pub shell: PortalShell,
    pub action: String,
    /// Field `code`.
    pub code: Field,
    pub resend_href: String,
}

impl PortalCodePage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.code])
    }
}

/// A link that is unknown, expired or revoked: the same page for each, and the stop still works.
#[derive(Template)]
#[template(path = "portal/link_unknown.html")]
pub struct PortalLinkUnknownPage {
    pub shell: PortalShell,
}

/// `GET /p`: no visit lasts in this browser.
#[derive(Template)]
#[template(path = "portal/ended.html")]
pub struct PortalEndedPage {
    pub shell: PortalShell,
}

/// `GET /p/left`: says nothing of where one was.
#[derive(Template)]
#[template(path = "portal/left.html")]
pub struct PortalLeftPage {
    pub words: &'static Words,
}

/// `GET /p/account`.
#[derive(Template)]
#[template(path = "portal/account.html")]
pub struct PortalAccountPage {
    pub shell: PortalShell,
    pub creditor: String,
    pub invoice: String,
    /// The agency collects it no more.
    pub closed: bool,
    /// The lines of the amount, in the order of Regulation F's itemization.
    pub items: Vec<AmountLine>,
    /// "Total on Nov 12, 2026", and the amount.
    pub total: AmountLine,
    /// What is stopped already, in one sentence.
    pub stopped: Option<&'static str>,
    /// The receipt of the request that stopped it.
    pub receipt_href: Option<String>,
    /// As in our emails about this account.
    pub check_code: String,
    /// The choices, in order.
    pub choices: Vec<PortalChoice>,
}

impl PortalAccountPage {
    /// A text of the page, filled in.
    fn say(&self, text: &str) -> String {
        self.shell
            .say(text)
            .replace("{creditor}", &self.creditor)
            .replace("{invoice}", &self.invoice)
    }
}

/// One line of the amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountLine {
    pub what: String,
    pub amount: String,
}

/// One of the cards. Without an address it says how to do the same by phone or post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalChoice {
    pub kind: ChoiceKind,
    pub href: Option<String>,
}

/// What a debtor may want, in the order in which it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceKind {
    Dispute,
    Pay,
    StopContact,
    Reach,
    Allowed,
    Ask,
}

impl ChoiceKind {
    /// In the order of the page.
    pub const ALL: [Self; 6] = [
        Self::Dispute,
        Self::Pay,
        Self::StopContact,
        Self::Reach,
        Self::Allowed,
        Self::Ask,
    ];

    pub fn title(self, words: &Words) -> &'static str {
        match self {
            Self::Dispute => words.choices.dispute,
            Self::Pay => words.choices.pay,
            Self::StopContact => words.choices.stop,
            Self::Reach => words.choices.reach,
            Self::Allowed => words.choices.allowed,
            Self::Ask => words.choices.ask,
        }
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Self::Dispute => "flag",
            Self::Pay => "payments",
            Self::StopContact => "stop",
            Self::Reach => "clock",
            Self::Allowed => "lock",
            Self::Ask => "note",
        }
    }

    /// What the page behind it does, in one line; empty where there is none.
    pub fn hint(self, words: &Words) -> &'static str {
        match self {
            Self::StopContact => words.choices.stop_hint,
            Self::Reach => words.choices.reach_hint,
            Self::Allowed => words.choices.allowed_hint,
            Self::Dispute | Self::Pay | Self::Ask => "",
        }
    }

    /// The page behind it, where the portal has one.
    pub const fn href(self) -> Option<&'static str> {
        match self {
            Self::StopContact => Some("/p/stop"),
            Self::Reach => Some("/p/reach"),
            Self::Allowed => Some("/p/allowed"),
            Self::Dispute | Self::Pay | Self::Ask => None,
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
    pub stopped: Option<&'static str>,
    /// Everything stands stopped, by this receipt: there is nothing left to choose.
    pub all_stopped_href: Option<String>,
    pub back_href: String,
}

impl PortalStopPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.scope])
    }
}

/// The three scopes of a stop, "everything" first.
pub fn stop_scopes(words: &Words, chosen: Option<StopScope>) -> Choices {
    let option = |scope: StopScope, label: &str, hint: &str| Choice {
        value: scope.as_str().to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        chosen: chosen == Some(scope),
    };
    let words = &words.stop;
    Choices {
        name: "scope".to_owned(),
        options: vec![
            option(StopScope::All, words.all, words.all_hint),
            option(StopScope::Call, words.calls, words.calls_hint),
            option(StopScope::Email, words.emails, words.emails_hint),
        ],
        error: None,
    }
}

/// `GET /p/again`: choose what may start again. Nothing is chosen at first.
#[derive(Template)]
#[template(path = "portal/again.html")]
pub struct PortalAgainPage {
    pub shell: PortalShell,
    pub action: String,
    /// Field `scope`: those of `call`, `email` and `all` that can be chosen; none when nothing is
    /// stopped.
    pub scope: Choices,
    /// What stands stopped, in one sentence.
    pub stopped: Option<&'static str>,
    pub back_href: String,
}

impl PortalAgainPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.scope])
    }
}

/// What may be allowed again, none of it chosen.
pub fn again_scopes(words: &Words, offered: &[StopScope]) -> Choices {
    let words = &words.again;
    let option = |scope: &StopScope| {
        let (label, hint) = match scope {
            StopScope::All => (words.all, ""),
            StopScope::Call => (words.calls, words.calls_hint),
            StopScope::Email => (words.emails, words.emails_hint),
        };
        Choice {
            value: scope.as_str().to_owned(),
            label: label.to_owned(),
            // Where there is nothing else, nothing else stays stopped.
            hint: if offered.len() > 1 { hint } else { "" }.to_owned(),
            chosen: false,
        }
    };
    Choices {
        name: "scope".to_owned(),
        options: offered.iter().map(option).collect(),
        error: None,
    }
}

/// `GET /p/stop/{reference}`: the receipt. Printable.
#[derive(Template)]
#[template(path = "portal/stopped.html")]
pub struct PortalStoppedPage {
    pub shell: PortalShell,
    /// "7K2M94QD".
    pub reference: String,
    /// "Calls and emails to you stopped at 2:05 PM EST on Nov 12, 2026.", in the debtor's own
    /// time.
    pub what_stopped: String,
    /// "This covers every account you have with Northwind Clinic."
    pub covers: String,
    pub next: &'static [&'static str],
    pub home_href: String,
}

/// `GET /p/reach`: say when and how to be reached.
#[derive(Template)]
#[template(path = "portal/reach.html")]
pub struct PortalReachPage {
    pub shell: PortalShell,
    pub action: String,
    /// Fields `days_mon` to `days_sun`.
    pub days: Choices,
    /// Fields `from` and `to`, as `HH:MM`; may be empty.
    pub from: Field,
    pub to: Field,
    /// Fields `ways_work`, `ways_letters`, and one for each number and address.
    pub ways: Choices,
    /// What stands already, in one sentence.
    pub stands: Option<String>,
    pub back_href: String,
}

impl PortalReachPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.days, &self.from, &self.to])
    }
}

/// `GET /p/allowed`: each permission with a button that takes it back.
#[derive(Template)]
#[template(path = "portal/allowed.html")]
pub struct PortalAllowedPage {
    pub shell: PortalShell,
    pub standing: Vec<PortalAllowed>,
    pub ended: Vec<PortalAllowed>,
    pub back_href: String,
}

/// One permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalAllowed {
    pub what: String,
    /// Since when, or when it ended.
    pub when: String,
    /// Where the button sends its form.
    pub action: String,
}

/// `GET /p/reach/{reference}`, `GET /p/allowed/taken-back/{reference}` and
/// `GET /p/again/{reference}`: a receipt. Printable.
#[derive(Template)]
#[template(path = "portal/receipt.html")]
pub struct PortalReceiptPage {
    pub shell: PortalShell,
    pub heading: &'static str,
    pub sentences: Vec<String>,
    pub reference: String,
    pub next: &'static [&'static str],
    pub home_href: String,
}

/// `GET /stop`: no link, no code, no proof needed. It asks for what to stop contacting, and
/// answers the same whether or not we know it.
#[derive(Template)]
#[template(path = "portal/stop_without_link.html")]
pub struct PortalStopWithoutLinkPage {
    pub shell: PortalShell,
    pub action: String,
    /// Field `phone`, in any form; may be empty.
    pub phone: Field,
    /// Field `email`; may be empty.
    pub email: Field,
    /// Field `words`; may be empty.
    pub words: Field,
    /// Field `scope`.
    pub scope: Choices,
}

impl PortalStopWithoutLinkPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.phone, &self.email, &self.words, &self.scope])
    }
}

/// `GET /stop/{reference}`: the same for everybody.
#[derive(Template)]
#[template(path = "portal/stop_received.html")]
pub struct PortalStopReceivedPage {
    pub shell: PortalShell,
    pub reference: String,
}
