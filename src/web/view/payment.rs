//! All payments of a creditor, or of all.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::{Fact, Link, Pager, Search, When};

/// `GET /placements/{id}/payments/{payment}`. Printable.
#[derive(Template)]
#[template(path = "payments/receipt.html")]
pub struct ReceiptPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub amount: String,
    pub fee: String,
    /// The rate as it was on the day: "25 %".
    pub rate: String,
    /// What remained after this payment.
    pub left: String,
    pub facts: Vec<Fact>,
    pub back_href: String,
}

/// `GET /payments`.
#[derive(Template)]
#[template(path = "payments/list.html")]
pub struct PaymentListPage {
    pub shell: Shell,
    pub search: Search,
    pub rows: Vec<PaymentRow>,
    pub pager: Pager,
    /// Of all rows that match, not of this page.
    pub amount_total: String,
    pub fee_total: String,
}

/// One payment.
#[derive(Debug, Clone)]
pub struct PaymentRow {
    pub placement_id: String,
    pub debtor: String,
    pub invoice: String,
    pub received: When,
    pub method: String,
    pub reference: String,
    pub amount: String,
    pub rate: String,
    pub fee: String,
    pub recorded_by: String,
}
