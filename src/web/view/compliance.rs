//! The compliance desk's home.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::alert::AlertRow;
use crate::web::view::part::{Chip, Link, Pager, Tab, Tone, When};
use crate::web::view::placement_tabs::Disclosure;
use crate::web::view::task::TaskRow;

/// `GET /compliance`: five sections, each row leading to the placement's Timeline.
#[derive(Template)]
#[template(path = "compliance/home.html")]
pub struct ComplianceHomePage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// What waits for a person: alerts by severity, tasks, each with its count.
    pub waiting: Vec<Chip>,
    /// Section 1: policy, lists, workers, chain.
    pub system: Vec<SystemLine>,
    /// Section 2: how many debtors carry each flag.
    pub flags: Vec<FlagCount>,
    /// Open tasks, the first that are due.
    pub tasks: Vec<TaskRow>,
    /// Requests to stop of the last days, newest first.
    pub stops: Vec<RecentStop>,
    /// Section 3: the last 25 violations, newest first.
    pub violations: Vec<AlertRow>,
    /// Section 4: accounts overdue for a validation notice, most days first, in pages.
    pub overdue_notices: Vec<OverdueNotice>,
    pub overdue_pager: Pager,
    /// Section 5: the last 15 contacts.
    pub contacts: Vec<RecentContact>,
}

/// The tabs of the compliance desk.
pub fn tabs(current: &str, open_alerts: u64, open_tasks: u64) -> Vec<Tab> {
    [
        ("Overview", "/compliance", None),
        ("Alerts", "/alerts", Some(open_alerts)),
        ("Tasks", "/tasks", Some(open_tasks)),
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
    pub label: &'static str,
    /// "48,201 events in 3 chains, signed 12 minutes ago".
    pub value: String,
    pub tone: Tone,
    /// The state in one word: "Fresh", "Old", "Behind".
    pub verdict: &'static str,
    pub href: Option<&'static str>,
}

/// How many debtors carry a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagCount {
    pub label: &'static str,
    pub count: u64,
    pub href: String,
}

/// A request to stop.
#[derive(Debug, Clone)]
pub struct RecentStop {
    /// "All contact, in the portal".
    pub what: String,
    pub debtor: Link,
    pub reference: String,
    pub when: When,
    /// Nothing of the debtor was starting any more.
    pub effective: bool,
    pub verified: bool,
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
