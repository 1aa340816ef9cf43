//! One placement.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::badge::{HoldBadge, StatusBadge};
use crate::web::view::compliance_card::{ComplianceCard, Earliest};
use crate::web::view::emails::EmailsTab;
use crate::web::view::part::{Banner, Fact, Tab, When};
use crate::web::view::placement_tabs::{CallsTab, ComplianceTab, PaymentsTab};
use crate::web::view::timeline::{EventKind, Timeline};

/// `GET /placements/{id}?tab=timeline|calls|payments|compliance`.
#[derive(Template)]
#[template(path = "placements/show.html")]
pub struct PlacementPage {
    pub shell: Shell,
    pub header: PlacementHeader,
    /// Worst first.
    pub banners: Vec<Banner>,
    pub compliance: ComplianceCard,
    /// Address, phones, emails, counsel.
    pub people: Vec<Fact>,
    /// Placed, due, limitation, validation notice.
    pub dates: Vec<Fact>,
    pub tabs: Vec<Tab>,
    pub body: PlacementTab,
}

/// The tab that is open.
#[derive(Debug, Clone)]
pub enum PlacementTab {
    Timeline(Timeline),
    Calls(CallsTab),
    Emails(EmailsTab),
    Payments(PaymentsTab),
    Compliance(ComplianceTab),
}

/// Name, state of play and money.
#[derive(Debug, Clone)]
pub struct PlacementHeader {
    pub id: String,
    pub debtor: String,
    pub debtor_href: Option<String>,
    pub invoice: String,
    pub creditor: String,
    /// City and state in words.
    pub place: String,
    pub status: StatusBadge,
    pub holds: Vec<HoldBadge>,
    pub placed: When,
    pub balance: Balance,
    pub clock: Option<DebtorClock>,
    pub may: PlacementMay,
}

/// What the reader may do here now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlacementMay {
    pub log_contact: bool,
    pub mark_as_paid: bool,
    pub recall: bool,
    pub pause: bool,
    /// A pause is in force.
    pub resume: bool,
    /// Make and revoke links into the portal.
    pub portal_links: bool,
}

/// The debtor's clock on the wall; none when the zone is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebtorClock {
    /// "2:05 pm CST".
    pub shown: String,
    /// The IANA name, for the script that lets it tick: "America/Chicago".
    pub zone: String,
    /// Whether it is between 8 am and 9 pm in every zone that could be the debtor's.
    pub within_hours: bool,
    /// Other zones that could be the debtor's, in words, where there are several.
    pub also: Option<String>,
}

/// The money of a placement: texts with cents, and the bar's share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balance {
    pub invoice: String,
    pub recovered: String,
    pub remaining: String,
    pub fee: String,
    /// "25 % of what is recovered".
    pub fee_rate: String,
    /// Recovered of the invoice, in thousandths, 0 to 1000. The fee comes out of what was
    /// recovered and takes nothing from it here.
    pub recovered_permille: u16,
}
