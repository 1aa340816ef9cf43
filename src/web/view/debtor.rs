//! Debtors: people and businesses, over all their placements.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::badge::{HoldBadge, StatusBadge};
use crate::web::view::part::{Banner, Fact, Link, Pager, Search, When};
use crate::web::view::placement_tabs::FlagRow;

/// `GET /debtors`.
#[derive(Template)]
#[template(path = "debtors/list.html")]
pub struct DebtorListPage {
    pub shell: Shell,
    pub search: Search,
    /// What the list was narrowed to, for instance "Bankruptcy": from a count's link.
    pub narrowed_to: Option<String>,
    pub rows: Vec<DebtorRow>,
    pub pager: Pager,
}

/// One debtor in the list.
#[derive(Debug, Clone)]
pub struct DebtorRow {
    pub id: String,
    pub name: String,
    /// "Person" or "Business".
    pub kind: String,
    pub place: String,
    pub placements: u64,
    pub remaining: String,
    pub holds: Vec<HoldBadge>,
}

/// `GET /debtors/{id}`.
#[derive(Template)]
#[template(path = "debtors/show.html")]
pub struct DebtorPage {
    pub shell: Shell,
    pub name: String,
    pub context: String,
    pub banners: Vec<Banner>,
    pub contact_points: Vec<Fact>,
    pub placements: Vec<DebtorPlacement>,
    pub flags: Vec<DebtorFlag>,
    /// What the reader may record; empty for those who only look.
    pub record: Vec<Link>,
    /// Where a number is corrected; empty for those who only look.
    pub correct: Vec<Link>,
    /// Where the permissions stand, and how many are in force.
    pub consents: Link,
}

/// A flag, and where it can be found to be no longer so.
#[derive(Debug, Clone)]
pub struct DebtorFlag {
    pub row: FlagRow,
    pub lift_href: Option<String>,
    /// Where compliance notes what came of it: what a lawyer answered, how a case ended.
    pub settle: Option<Link>,
}

/// One of a debtor's placements.
#[derive(Debug, Clone)]
pub struct DebtorPlacement {
    pub id: String,
    pub invoice: String,
    pub creditor: String,
    pub remaining: String,
    pub status: StatusBadge,
    pub placed: When,
}
