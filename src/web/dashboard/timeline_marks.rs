//! What a line of the timeline says beside what happened: that a contact took place against a rule,
//! that it was put on record later, and which other placement an event is about.

use std::collections::{HashMap, HashSet};

use chrono::Duration;

use super::timeline::{Item, events};
use super::timeline_kinds as kinds;
use crate::db::DbConn;
use crate::domain::id::{DecisionId, PlacementId};
use crate::error::AppResult;
use crate::gate::RuleId;
use crate::gate::rules::Category;
use crate::store::audit::EventRow;
use crate::store::contacts::ContactRow;
use crate::store::timeline::{self as store, Subject};
use crate::store::{acknowledgements, placement_refs};

#[derive(Debug, Default)]
pub struct Marks {
    /// Decisions that said no to a contact which took place.
    against: HashSet<DecisionId>,
    /// Decisions on a contact that was put on record after a stop.
    after_a_stop: HashSet<DecisionId>,
    invoices: HashMap<PlacementId, String>,
}

impl Marks {
    pub fn load(
        conn: &mut DbConn,
        of: Subject,
        items: &[Item],
        causes: &[EventRow],
    ) -> AppResult<Self> {
        let decided: Vec<DecisionId> = items
            .iter()
            .filter_map(|item| match item {
                Item::Contact(contact) => contact.decision_id,
                Item::Event(_) | Item::Refusal(_) => None,
            })
            .collect();
        let mut marks = Self::default();
        if !decided.is_empty() {
            marks.against = store::refused_among(conn, of, &decided)?
                .into_iter()
                .collect();
            let passed = acknowledgements::rules_of_decisions(conn, of.creditor, &decided)?;
            marks.after_a_stop = passed
                .into_iter()
                .filter(|(_, rule)| is_a_stop(rule))
                .map(|(decision, _)| decision)
                .collect();
        }
        let mut others: Vec<PlacementId> = events(items, causes)
            .filter(|event| !kinds::binds_every_placement(&event.kind))
            .filter_map(|event| event.placement_id)
            .filter(|placement| *placement != of.placement)
            .collect();
        others.sort();
        others.dedup();
        if !others.is_empty() {
            marks.invoices = placement_refs::invoices(conn, of.creditor, &others)?
                .into_iter()
                .collect();
        }
        Ok(marks)
    }

    /// What follows the sentence of a contact.
    pub fn of_contact(&self, contact: &ContactRow) -> &'static str {
        let is_among = |decisions: &HashSet<DecisionId>| {
            contact
                .decision_id
                .is_some_and(|decision| decisions.contains(&decision))
        };
        if is_among(&self.against) {
            " A rule stood against it."
        } else if is_among(&self.after_a_stop) {
            " It was put on record after contact was stopped."
        } else {
            ""
        }
    }

    /// The invoice and the page of another placement that an event is about; none for what binds
    /// every placement.
    pub fn elsewhere(&self, of: Subject, event: &EventRow) -> Option<(String, String)> {
        let placement = event.placement_id.filter(|id| *id != of.placement)?;
        if kinds::binds_every_placement(&event.kind) {
            return None;
        }
        let invoice = self.invoices.get(&placement)?;
        Some((invoice.clone(), format!("/placements/{placement}")))
    }
}

/// A debtor's stop always blocks: it is passed only where it came after the contact.
fn is_a_stop(rule: &str) -> bool {
    rule.parse::<RuleId>()
        .is_ok_and(|rule| rule.info().category == Category::StopRequest)
}

/// Whether a person put it on record when some time had passed. What a file brings is older than
/// its import by nature.
pub fn is_recorded_later(contact: &ContactRow) -> bool {
    contact.source == "desk" && contact.created_at.since(contact.at) >= Duration::minutes(1)
}
