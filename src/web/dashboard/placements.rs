//! `GET /placements`.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::list_state::{ListState, Params, Show, Sort, address};
use super::{frame, holds, words};
use crate::actions::ctx::Ctx;
use crate::actions::placement_list::{self, ListPage, ListRequest, PAGE, count_of};
use crate::actions::{policies, standing};
use crate::domain::access::Capability;
use crate::domain::placement::PlacementStatus;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::locality::zones_for;
use crate::gate::next_contact::Warnings;
use crate::gate::{Facts, Policy};
use crate::store::creditors::{self, Creditor};
use crate::store::placement_list::{Filter, Row};
use crate::store::{Scope, placement_counts::Counts};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::form::Choices;
use crate::web::view::part::{Chip, Column, Direction, Search, When};
use crate::web::view::placement_list::{
    CreditorFilter, NextContact, PlacementColumns, PlacementListPage, PlacementRow,
};

/// What a creditor is asked to look at: data that is missing, and disputes to answer.
const CREDITOR_IS_ASKED: &[PlacementStatus] = &[
    PlacementStatus::PendingEnrichment,
    PlacementStatus::Disputed,
];

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let mut state = ListState::read(&params);
    if user.creditor.is_some() {
        state.creditor = None;
    }
    let request = request(&state, &user);
    let reader = user.clone();
    let looked = ctx.look(move |ctx, conn| {
        let listed = placement_list::page(ctx, conn, &request)?;
        let policy = policies::in_force(ctx, conn)?;
        let rows: Vec<PlacementRow> = listed
            .rows
            .iter()
            .map(|row| view(row, &listed, &policy, &reader))
            .collect();
        let creditors = match reader.scope() {
            Scope::Creditor(_) => Vec::new(),
            Scope::Agency => creditors::list(conn)?,
        };
        Ok((listed, rows, creditors))
    });
    let (listed, rows, creditors) = looked.await?;
    state.page = listed.page;
    page::ok(&PlacementListPage {
        shell: frame::shell(
            &req,
            &session,
            &user,
            "Placements",
            Some(Section::Placements),
        ),
        context: context(&user, &state, &creditors),
        search: Search {
            action: "/placements".to_owned(),
            query: state.search.clone(),
            keep: kept(&state.with(|state| state.search.clear())),
            clear_href: is_narrowed(&state).then(|| "/placements".to_owned()),
        },
        creditors: creditor_filter(&state, &creditors),
        statuses: status_chips(&state, &listed.counts),
        filters: filter_chips(&state, &listed.counts, &user),
        columns: columns(&state),
        rows,
        pager: words::pager(listed.page, PAGE, listed.total, |page| {
            let mut other = state.clone();
            other.page = page;
            other.href()
        }),
        more: listed.more,
        export_href: address("/placements/export.csv", &state.with(|_| {}).pairs()),
        any_placement: listed.any,
        can_import: user.can(Capability::Import),
    })
}

/// The list that an address names, as far as the reader may see it.
pub(super) fn request(state: &ListState, user: &SignedIn) -> ListRequest {
    ListRequest {
        scope: scope(user, state),
        search: state.search.clone(),
        filter: filter(state.show, user),
        order: state.order(),
        page: state.page,
    }
}

/// The parameters of a list as hidden fields of a form.
fn kept(state: &ListState) -> Vec<(String, String)> {
    state
        .pairs()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn scope(user: &SignedIn, state: &ListState) -> Scope {
    match (user.scope(), state.creditor) {
        (Scope::Agency, Some(creditor)) => Scope::Creditor(creditor),
        (scope, _) => scope,
    }
}

fn filter(show: Show, user: &SignedIn) -> Filter {
    match show {
        Show::All => Filter::All,
        Show::Status(status) => Filter::Status(status),
        Show::Held => Filter::Held,
        Show::Paused => Filter::Paused,
        Show::NeedsMe if user.creditor.is_some() => Filter::Statuses(CREDITOR_IS_ASKED),
        Show::NeedsMe => Filter::HasTask,
    }
}

fn is_narrowed(state: &ListState) -> bool {
    !state.search.is_empty() || state.show != Show::All || state.creditor.is_some()
}

fn context(user: &SignedIn, state: &ListState, creditors: &[Creditor]) -> String {
    if let Some(name) = &user.creditor_name {
        return format!("Accounts that {name} has placed");
    }
    let chosen = creditors
        .iter()
        .find(|creditor| Some(creditor.id) == state.creditor);
    match chosen {
        Some(creditor) => format!("Accounts that {} has placed", creditor.name),
        None => "Accounts of every creditor".to_owned(),
    }
}

/// The creditors that staff may narrow the list to.
fn creditor_filter(state: &ListState, creditors: &[Creditor]) -> Option<CreditorFilter> {
    if creditors.is_empty() {
        return None;
    }
    let ids: Vec<(String, &str)> = creditors
        .iter()
        .map(|creditor| (creditor.id.to_string(), creditor.name.as_str()))
        .collect();
    let chosen = state
        .creditor
        .map(|creditor| creditor.to_string())
        .unwrap_or_default();
    Some(CreditorFilter {
        choices: Choices::new(
            "creditor",
            ids.iter().map(|(id, name)| (id.as_str(), *name)),
            &chosen,
        ),
        keep: kept(&state.with(|state| state.creditor = None)),
    })
}

/// All, then each status that has placements, or is the one chosen.
fn status_chips(state: &ListState, counts: &Counts) -> Vec<Chip> {
    let chip = |label: &str, show: Show, count: u64| Chip {
        label: label.to_owned(),
        count,
        href: state.with(|state| state.show = show).href(),
        current: state.show == show,
    };
    let mut chips = vec![chip("All", Show::All, counts.all())];
    for (status, _) in PlacementStatus::WORDS {
        let show = Show::Status(*status);
        let count = counts.of(*status);
        if count > 0 || state.show == show {
            chips.push(chip(words::status(*status).words(), show, count));
        }
    }
    chips
}

fn filter_chips(state: &ListState, counts: &Counts, user: &SignedIn) -> Vec<Chip> {
    [
        ("Held", Show::Held),
        ("Paused", Show::Paused),
        ("Disputed", Show::Status(PlacementStatus::Disputed)),
        ("Needs me", Show::NeedsMe),
    ]
    .into_iter()
    .map(|(label, show)| Chip {
        label: label.to_owned(),
        count: count_of(counts, filter(show, user)),
        href: state.with(|state| state.show = show).href(),
        current: state.show == show,
    })
    .collect()
}

fn columns(state: &ListState) -> PlacementColumns {
    let sortable = |column: Column, sort: Sort| {
        let is_sorted = state.sort == sort;
        // A second click turns the order round.
        let descending = !is_sorted || !state.descending;
        let href = state
            .with(|state| {
                state.sort = sort;
                state.descending = descending;
            })
            .href();
        let sorted = is_sorted.then_some(if state.descending {
            Direction::Descending
        } else {
            Direction::Ascending
        });
        column.sortable(href, sorted)
    };
    PlacementColumns {
        amount: sortable(Column::number("Amount"), Sort::Amount),
        past_due: sortable(Column::number("Past due"), Sort::PastDue),
        placed: sortable(Column::text("Placed"), Sort::Placed),
    }
}

fn view(row: &Row, list: &ListPage, policy: &Policy, reader: &SignedIn) -> PlacementRow {
    let (zone, now) = (reader.time_zone, list.now);
    let facts = list.facts.get(&row.debtor_id);
    let is_staff = reader.creditor.is_none();
    PlacementRow {
        id: row.id.to_string(),
        debtor: row.debtor.clone(),
        state: row.state.clone().unwrap_or_default(),
        creditor: is_staff.then(|| row.creditor.clone()),
        invoice: row.invoice_number.clone(),
        amount: row.amount_cents.to_string(),
        past_due_days: row
            .due_on
            .filter(|_| !row.status.is_closed())
            .map(|due| now.date_in(zone).signed_duration_since(due).num_days())
            .filter(|days| *days > 0),
        is_closed: row.status.is_closed(),
        status: words::status(row.status),
        holds: facts.map_or_else(Vec::new, |facts| holds::badges(facts, row.id, zone, now)),
        next_contact: next_contact_of(row, facts, policy, zone, now),
        placed: When::new(row.placed_at, zone, now),
    }
}

pub(super) fn next_contact_of(
    row: &Row,
    facts: Option<&Facts>,
    policy: &Policy,
    zone: chrono_tz::Tz,
    now: Instant,
) -> NextContact {
    match facts {
        Some(facts) if !row.status.is_closed() => next_contact(row, facts, policy, zone, now),
        Some(_) | None => NextContact::Closed,
    }
}

fn next_contact(
    row: &Row,
    facts: &Facts,
    policy: &Policy,
    zone: chrono_tz::Tz,
    now: Instant,
) -> NextContact {
    let next = |warnings| standing::next_contact(policy, facts, row.id, now, warnings);
    let earliest = next(Warnings::WillBeAcknowledged);
    match earliest.at {
        Some(at) if at <= now => {
            if standing::is_clear(policy, facts, row.id, now) {
                NextContact::Now
            } else {
                NextContact::WithWarning
            }
        }
        Some(at) => NextContact::At {
            when: When::new(at, zone, now),
            warned: next(Warnings::Stand).at != Some(at),
            debtor_time: zones_for(policy, &facts.debtor, at)
                .first()
                .map(|candidate| format!("{} their time", words::hour(at, candidate.zone.tz())))
                .unwrap_or_default(),
        },
        None => NextContact::NotByItself(
            earliest
                .never
                .map_or("It is not known why.", |rule| rule.info().name)
                .to_owned(),
        ),
    }
}
