//! Alerts in words: the same on the list, the alert's own page and the compliance home.

use super::people::People;
use crate::db::DbConn;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::alert_list::Listed;
use crate::store::alerts::Alert;
use crate::web::access::SignedIn;
use crate::web::view::alert::AlertRow;
use crate::web::view::badge::{ProgressBadge, SeverityBadge};
use crate::web::view::part::When;

/// The six types: the stored word and what people read.
pub const TYPES: [(&str, &str); 6] = [
    ("cease_desist", "Cease-and-desist"),
    ("bankruptcy", "Bankruptcy"),
    ("attorney_rep", "Attorney"),
    ("do_not_call", "Do not call"),
    ("fdcpa_violation", "Fair collection rules"),
    ("sol_expired", "Past limitation"),
];

/// A type in words.
pub fn kind(alert_type: &str) -> String {
    TYPES
        .iter()
        .find(|(word, _)| *word == alert_type)
        .map_or_else(|| alert_type.to_owned(), |(_, label)| (*label).to_owned())
}

pub fn severity(word: &str) -> SeverityBadge {
    match word {
        "warning" => SeverityBadge::Warning,
        _ => SeverityBadge::Critical,
    }
}

pub fn progress(status: &str) -> ProgressBadge {
    match status {
        "acknowledged" => ProgressBadge::Acknowledged,
        "resolved" => ProgressBadge::Resolved,
        _ => ProgressBadge::Open,
    }
}

/// Everyone these alerts name.
pub fn people(conn: &mut DbConn, alerts: &[Listed]) -> AppResult<People> {
    let actors = alerts.iter().flat_map(|listed| actors(&listed.alert));
    People::load(conn, actors, false)
}

fn actors(alert: &Alert) -> impl Iterator<Item = &str> {
    [
        Some(alert.caused_by.as_str()),
        alert.acknowledged_by.as_deref(),
        alert.resolved_by.as_deref(),
    ]
    .into_iter()
    .flatten()
}

/// One line of a list.
pub fn row(listed: &Listed, people: &People, reader: &SignedIn, now: Instant) -> AlertRow {
    let alert = &listed.alert;
    AlertRow {
        id: alert.id.to_string(),
        severity: severity(&alert.severity),
        kind: kind(&alert.alert_type),
        message: alert.message.clone(),
        debtor: listed.debtor.clone(),
        placement_id: alert.placement_id.to_string(),
        invoice: listed.invoice.clone(),
        caused_by: people.name(&alert.caused_by),
        when: When::new(alert.created_at, reader.time_zone, now),
        progress: progress(&alert.status),
        pick: None,
    }
}
