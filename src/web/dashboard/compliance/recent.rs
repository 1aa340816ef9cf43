//! The last contacts and the last stops.

use chrono::Duration;

use crate::db::DbConn;
use crate::domain::stop::StopScope;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::contacts::ContactRow;
use crate::store::desk_home;
use crate::web::access::SignedIn;
use crate::web::dashboard::people::People;
use crate::web::dashboard::words;
use crate::web::view::compliance::{RecentContact, RecentStop};
use crate::web::view::part::{Link, When};
use crate::web::view::placement_tabs::Disclosure;

/// The last contacts that are shown (RM-42).
const CONTACTS: i64 = 15;

/// Stops that are shown, and how far back.
const STOPS: i64 = 8;
const STOPS_OF: Duration = Duration::days(7);

pub fn contacts(conn: &mut DbConn, user: &SignedIn, now: Instant) -> AppResult<Vec<RecentContact>> {
    let found = desk_home::last_contacts(conn, CONTACTS)?;
    let names = desk_home::names(conn, found.iter().map(|it| it.placement_id).collect())?;
    let people = People::load(conn, found.iter().map(|it| it.logged_by.as_str()), false)?;
    Ok(found
        .iter()
        .map(|contact| {
            let named = names.get(&contact.placement_id);
            RecentContact {
                placement_id: contact.placement_id.to_string(),
                debtor: named.map_or_else(String::new, |it| it.debtor.clone()),
                invoice: named.map_or_else(String::new, |it| it.invoice.clone()),
                what: what(contact),
                by: people.name(&contact.logged_by),
                when: When::new(contact.at, user.time_zone, now),
                disclosure: disclosure(contact),
            }
        })
        .collect())
}

fn what(contact: &ContactRow) -> String {
    let direction = if contact.direction == "in" {
        "Incoming"
    } else {
        "Outgoing"
    };
    format!(
        "{direction} {}, {}",
        words::spoken(&contact.channel).to_lowercase(),
        words::spoken(&contact.outcome).to_lowercase()
    )
}

/// Whether the debtor was told who was speaking: asked of conversations alone.
fn disclosure(contact: &ContactRow) -> Disclosure {
    match (contact.mini_miranda, contact.identified_as_collector) {
        (Some(true), _) => Disclosure::MiniMiranda,
        (_, Some(true)) => Disclosure::Identified,
        _ if contact.outcome != "conversation" => Disclosure::NotApplicable,
        (None, None) => Disclosure::NotRecorded,
        (_, _) => Disclosure::NotGiven,
    }
}

pub fn stops(conn: &mut DbConn, user: &SignedIn, now: Instant) -> AppResult<Vec<RecentStop>> {
    let found = desk_home::last_stops(conn, now.minus(STOPS_OF), STOPS)?;
    let names = desk_home::debtor_names(conn, found.iter().map(|it| it.debtor_id).collect())?;
    Ok(found
        .iter()
        .map(|stop| {
            let scope = match stop.scope {
                StopScope::Call => "Calls",
                StopScope::Email => "Emails",
                StopScope::All => "All contact",
            };
            RecentStop {
                what: format!("{scope}, {}", stop.via.by()),
                debtor: Link::new(
                    names.get(&stop.debtor_id).cloned().unwrap_or_default(),
                    stop.placement_id.map_or_else(
                        || format!("/debtors/{}", stop.debtor_id),
                        |id| format!("/placements/{id}?tab=timeline"),
                    ),
                ),
                reference: stop.reference.clone(),
                when: When::new(stop.received_at, user.time_zone, now),
                effective: stop.effective_at.is_some(),
                verified: stop.verified,
            }
        })
        .collect())
}
