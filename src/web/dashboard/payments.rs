//! `GET /payments`.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::list_state::address;
use super::people::People;
use super::{frame, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::money::Cents;
use crate::domain::search;
use crate::error::AppResult;
use crate::store::payments::{self, Listed, Totals};
use crate::store::search_words;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::part::Search;
use crate::web::view::payment::{PaymentListPage, PaymentRow};

/// Rows on a page.
const PAGE: u64 = 25;

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    q: Option<String>,
    page: Option<String>,
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    let query: String = text(&params.q).chars().take(100).collect();
    let asked: u64 = text(&params.page).parse().unwrap_or(1).max(1);
    let (reader, wanted) = (user.clone(), search::words(&query));
    let (rows, totals, page) = blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let scope = reader.scope();
            let (found, totals, page) = if wanted.is_empty() {
                let totals = payments::totals(conn, scope, None)?;
                let page = page_within(asked, totals.payments);
                let offset = i64::try_from((page - 1) * PAGE).unwrap_or(i64::MAX);
                let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
                (payments::list(conn, scope, offset, limit)?, totals, page)
            } else {
                let candidates = search_words::candidates(conn, scope, &wanted)?;
                let found: Vec<Listed> = payments::of_placements(conn, scope, &candidates.ids)?
                    .into_iter()
                    .filter(|(_, debtor, invoice)| {
                        search::matches(&candidates.unchecked, &format!("{debtor} {invoice}"))
                    })
                    .collect();
                let totals = add_up(&found);
                let page = page_within(asked, totals.payments);
                let skip = usize::try_from((page - 1) * PAGE).unwrap_or(usize::MAX);
                let take = usize::try_from(PAGE).unwrap_or(usize::MAX);
                let found = found.into_iter().skip(skip).take(take).collect();
                (found, totals, page)
            };
            let people = People::load(
                conn,
                found
                    .iter()
                    .map(|(payment, _, _)| payment.recorded_by.as_str()),
                reader.creditor.is_some(),
            )?;
            let rows: Vec<PaymentRow> = found
                .iter()
                .map(|(payment, debtor, invoice)| PaymentRow {
                    placement_id: payment.placement_id.to_string(),
                    debtor: debtor.clone(),
                    invoice: invoice.clone(),
                    received: words::day(payment.paid_on, reader.time_zone, now),
                    method: payment.method.label().to_owned(),
                    reference: payment.reference.clone().unwrap_or_default(),
                    amount: payment.amount_cents.to_string(),
                    rate: payment.fee_bps.to_string(),
                    fee: payment.fee_cents.to_string(),
                    recorded_by: people.name(&payment.recorded_by),
                })
                .collect();
            Ok((rows, totals, page))
        })
    })
    .await?;
    let pairs = |page: u64| {
        let mut pairs = Vec::new();
        if !query.is_empty() {
            pairs.push(("q", query.clone()));
        }
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        pairs
    };
    page::ok(&PaymentListPage {
        shell: frame::shell(&req, &session, &user, "Payments", Some(Section::Payments)),
        search: Search {
            action: "/payments".to_owned(),
            query: query.clone(),
            keep: Vec::new(),
            clear_href: (!query.is_empty()).then(|| "/payments".to_owned()),
        },
        rows,
        pager: words::pager(page, PAGE, totals.payments, |page| {
            address("/payments", &pairs(page))
        }),
        amount_total: totals.amount.to_string(),
        fee_total: totals.fee.to_string(),
    })
}

fn page_within(page: u64, total: u64) -> u64 {
    page.min(total.div_ceil(PAGE).max(1))
}

fn add_up(found: &[Listed]) -> Totals {
    let add = |sum: Cents, one: Cents| sum.checked_add(one).unwrap_or(sum);
    found
        .iter()
        .fold(Totals::default(), |sum, (payment, _, _)| Totals {
            payments: sum.payments + 1,
            amount: add(sum.amount, payment.amount_cents),
            fee: add(sum.fee, payment.fee_cents),
        })
}
