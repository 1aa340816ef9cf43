//! All payments of a creditor, or of all.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::{Pager, Search, When};

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
