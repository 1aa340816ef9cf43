//! `/v1/placements`: the list and one account.

use actix_web::{Error, HttpRequest, HttpResponse, web};

use super::answers::{self, Page};
use super::caller::Caller;
use super::params::{Params, Slice};
use super::placement_view::{PlacementDetail, PlacementSummary};
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, placement_feed as feed};
use crate::domain::id::PlacementId;
use crate::domain::placement::PlacementStatus;
use crate::store::placement_feed::{ChangedSince, Filter, Order, SortBy};

/// The words of `sort`, each also with `-` in front for descending.
const SORTS: &[(&str, Order)] = &[
    ("placed_at", order(SortBy::Placed, false)),
    ("invoice_amount", order(SortBy::Amount, false)),
    // The more days past due, the earlier the due date.
    ("days_past_due", order(SortBy::Due, true)),
    ("status", order(SortBy::Status, false)),
    ("updated_at", order(SortBy::Updated, false)),
];

/// `outreach_phase`: still looking for the right contact, or in touch.
const HUNT: [PlacementStatus; 3] = [
    PlacementStatus::PendingEnrichment,
    PlacementStatus::Ready,
    PlacementStatus::Unreachable,
];
const ENGAGED: [PlacementStatus; 3] = [
    PlacementStatus::InOutreach,
    PlacementStatus::PaymentPending,
    PlacementStatus::Disputed,
];

const fn order(by: SortBy, descending: bool) -> Order {
    Order { by, descending }
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    let mut params = Params::new(req.query_string());
    let (filter, order, slice) = read(&mut params);
    params.finish()?;
    let now = ctx.now();
    let (rows, total) = blocking(move || {
        feed::list(
            &ctx,
            caller.scope(),
            &filter,
            order,
            slice.offset,
            slice.limit,
        )
    })
    .await?;
    let items = rows
        .into_iter()
        .map(|row| PlacementSummary::new(now, row))
        .collect();
    Ok(answers::ok(&Page::new(items, slice, total)))
}

pub async fn show(
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let now = ctx.now();
    let whole =
        blocking(move || ctx.read(|conn| feed::whole(conn, caller.scope(), now, id))).await?;
    Ok(answers::ok(&PlacementDetail::new(now, caller, whole)?))
}

fn read(params: &mut Params) -> (Filter, Order, Slice) {
    let slice = params.slice();
    let mut statuses = params.words::<PlacementStatus>("status");
    let phase = params.parsed(
        "outreach_phase",
        "Use hunt or engaged.",
        |text| match text {
            "hunt" => Some(HUNT),
            "engaged" => Some(ENGAGED),
            _ => None,
        },
    );
    if let Some(phase) = phase {
        if statuses.is_empty() {
            statuses.extend(phase);
        } else {
            statuses.retain(|status| phase.contains(status));
            if statuses.is_empty() {
                params.refuse(
                    "outreach_phase",
                    "No status named in status is in this phase.",
                );
            }
        }
    }
    let text = params.text("q");
    let sort = params.parsed(
        "sort",
        "Use placed_at, invoice_amount, days_past_due, status or updated_at, with - in front \
         for descending.",
        parse_sort,
    );
    let changed = changed_since(params, sort);
    let order = sort.unwrap_or(match changed {
        // The oldest change first, so that the last row read is the one to go on from.
        Some(_) => order(SortBy::Updated, false),
        None => order(SortBy::Placed, true),
    });
    let filter = Filter {
        statuses,
        text,
        changed,
    };
    (filter, order, slice)
}

fn changed_since(params: &mut Params, sort: Option<Order>) -> Option<ChangedSince> {
    let at = params.instant("updated_since");
    let after = params.parsed("after_id", "Use the id of a placement.", |text| {
        text.parse().ok()
    });
    if after.is_some() {
        if at.is_none() {
            params.refuse("after_id", "Goes only with updated_since.");
        }
        if sort.is_some_and(|sort| sort != order(SortBy::Updated, false)) {
            params.refuse("after_id", "Goes only with the order by updated_at.");
        }
    }
    at.map(|at| ChangedSince { at, after })
}

fn parse_sort(text: &str) -> Option<Order> {
    let (word, reversed) = match text.strip_prefix('-') {
        Some(word) => (word, true),
        None => (text, false),
    };
    let (_, order) = SORTS.iter().find(|(known, _)| *known == word)?;
    Some(Order {
        descending: order.descending != reversed,
        ..*order
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_turns_an_order_round() {
        assert_eq!(parse_sort("placed_at"), Some(order(SortBy::Placed, false)));
        assert_eq!(parse_sort("-placed_at"), Some(order(SortBy::Placed, true)));
        assert_eq!(parse_sort("days_past_due"), Some(order(SortBy::Due, true)));
        assert_eq!(parse_sort("--placed_at"), None);
    }
}
