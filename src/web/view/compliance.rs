//! The compliance desk's home.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::alert::AlertRow;
use crate::web::view::part::{Tab, Tone, When};
use crate::web::view::placement_tabs::Disclosure;

/// `GET /compliance`: five sections, each row leading to the placement's Timeline.
#[derive(Template)]
#[template(path = "compliance/home.html")]
pub struct ComplianceHomePage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// Section 1: policy, lists, workers, chain.
    pub system: Vec<SystemLine>,
    /// Section 2: how many debtors carry each flag.
    pub flags: Vec<FlagCount>,
    /// Section 3: the last 25 violations, newest first.
    pub violations: Vec<AlertRow>,
    /// Section 4: all accounts overdue for a validation notice, most days first.
    pub overdue_notices: Vec<OverdueNotice>,
    /// Section 5: the last 15 contacts.
    pub contacts: Vec<RecentContact>,
}

/// The tabs of the compliance desk.
pub fn tabs(current: &str, open_alerts: u64, open_tasks: u64) -> Vec<Tab> {
    [
        ("Overview", "/compliance", None),
        ("Alerts", "/alerts", Some(open_alerts)),
        ("Tasks", "/tasks", Some(open_tasks)),
        ("Replies", "/replies", None),
        ("Do not call", "/dnc", None),
    ]
    .into_iter()
    .map(|(label, href, count)| Tab {
        label,
        href: href.to_owned(),
        count,
        current: href == current,
    })
    .collect()
}

/// One line of the system's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemLine {
    pub label: String,
    /// "Verified 12 minutes ago, 48,201 events".
    pub value: String,
    pub tone: Tone,
    /// The state in one word: "Fresh", "Old", "Behind".
    pub verdict: String,
    pub href: Option<String>,
}

/// How many debtors carry a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagCount {
    pub label: String,
    pub count: u64,
    pub href: String,
}

/// An account whose validation notice is late.
#[derive(Debug, Clone)]
pub struct OverdueNotice {
    pub placement_id: String,
    pub debtor: String,
    pub invoice: String,
    pub creditor: String,
    pub first_contact: When,
    pub due: String,
    pub days_since_first_contact: i64,
    /// What is missing for the notice, in words; empty when nothing is.
    pub missing: String,
}

/// One of the last contacts.
#[derive(Debug, Clone)]
pub struct RecentContact {
    pub placement_id: String,
    pub debtor: String,
    pub invoice: String,
    /// "Outgoing call, conversation".
    pub what: String,
    pub by: String,
    pub when: When,
    pub disclosure: Disclosure,
}
