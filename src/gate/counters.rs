//! How often the person has been contacted, against each limit: for the compliance card.

use chrono::NaiveDate;
use serde::Serialize;

use super::attempt::Attempt;
use super::facts::{Channel, Contact, Facts};
use super::inquiry::{Inquiry, Now, is_conversation, is_placed_call};
use super::policy::{Cap, CapPlace, Policy};
use super::rules::{caps, frequency, timeline};
use super::windows::add_days;
use crate::domain::time::Instant;

/// The counts for one debt at one moment, each by the window of its own rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Calls to the person about the debt, of the federal seven in seven days.
    pub calls: Count,
    /// Of those calls, how many ended in a conversation or reached somebody.
    pub connected: usize,
    /// The last telephone conversation about the debt within the quiet days.
    pub last_conversation: Option<Instant>,
    /// The first time that the debt was spoken or written of to the debtor, if it ever was.
    pub first_communication: Option<Instant>,
    /// The first local day on which a call about the debt is free of that conversation.
    pub quiet_until: Option<NaiveDate>,
    /// Successful calls over all of the debtor's accounts, of the account's own cap.
    pub weekly: Count,
    /// One for each limit of the states and cities of the address. Empty: none applies.
    pub limits: Vec<NamedCount>,
}

/// How much of a limit is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    pub used: usize,
    /// `None`: no limit.
    pub limit: Option<u32>,
    pub days: u32,
}

/// A limit of a state or city, with its name and source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedCount {
    /// `California`, `New York City`.
    pub place: String,
    /// Where it counts contacts: everywhere, at work, or anywhere but at work.
    pub at: CapPlace,
    pub citation: String,
    pub channels: Vec<Channel>,
    pub count: Count,
}

/// The counts for `debt` at `at`. A debt that is not on file has the counts of contacts that name
/// no debt.
pub fn counters(policy: &Policy, facts: &Facts, debt: &str, at: Instant) -> Counters {
    let attempt = Attempt::new(at, Channel::Call, debt);
    let inquiry = Inquiry::new(policy, facts, &attempt);
    let now = Now::of(&inquiry, at);
    let date = now.date();
    let federal = &policy.federal;
    let limit = federal.call_count.on(date);
    let days = limit.map_or(7, |limit| limit.days);
    let is_call = |contact: &Contact| frequency::is_counted_call(&now, contact);
    let quiet = federal
        .conversation_quiet_days
        .on(date)
        .copied()
        .unwrap_or(7);
    let last_conversation = inquiry
        .recent
        .iter()
        .filter(|contact| {
            is_conversation(contact)
                && inquiry.is_with_same_person(contact)
                && inquiry.is_about_debt(contact)
                && add_days(now.earliest_date_of(contact.at), i64::from(quiet)) > date
        })
        .map(|contact| contact.at)
        .max();
    let weekly_days = federal.weekly_cap_days.on(date).copied().unwrap_or(7);
    Counters {
        calls: Count {
            used: now.count(days, is_call),
            limit: limit.map(|limit| limit.max),
            days,
        },
        connected: now.count(days, |contact| {
            is_placed_call(contact)
                && is_call(contact)
                && frequency::is_successful_call(&now, contact)
        }),
        last_conversation,
        first_communication: timeline::first_communication(&now),
        quiet_until: last_conversation
            .map(|at| add_days(now.earliest_date_of(at), i64::from(quiet))),
        weekly: Count {
            used: now.count(weekly_days, |contact| {
                frequency::is_successful_call(&now, contact)
            }),
            limit: inquiry.debt.and_then(|debt| debt.max_calls_per_week),
            days: weekly_days,
        },
        limits: limits(&now),
    }
}

fn limits(now: &Now<'_>) -> Vec<NamedCount> {
    let named = |place: &str, citation: &str, cap: Cap| NamedCount {
        place: place.to_owned(),
        at: cap.place,
        citation: citation.to_owned(),
        count: Count {
            used: now.count(cap.days, |contact| caps::is_counted(now, &cap, contact)),
            limit: Some(cap.max),
            days: cap.days,
        },
        channels: cap.channels,
    };
    let mut limits: Vec<NamedCount> = now
        .inquiry
        .states()
        .flat_map(|state| {
            caps::caps_of(now, state).map(move |(cap, citation)| (state, cap, citation))
        })
        .map(|(state, cap, citation)| named(&state.name, citation, cap))
        .collect();
    limits.extend(caps::overlays_of(now).filter_map(|overlay| {
        let entry = overlay
            .nyc_shield_contacts_per_7_days
            .entry_on(now.date())?;
        Some(named(
            &overlay.name,
            &entry.citation,
            caps::city_cap(entry.value),
        ))
    }));
    limits
}
