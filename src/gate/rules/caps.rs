//! Limits of states and cities.

use super::exceptions::{calls_consent, next_calls_consent};
use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::domain::time::Instant;
use crate::gate::attempt::Party;
use crate::gate::facts::{Channel, Contact, Direction};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::inquiry::{Reached, is_by_phone, is_conversation, is_placed_call};
use crate::gate::policy::{Cap, CapPer, CapPlace, Counted, Entry, Overlay, State};
use crate::gate::words;

/// Cases: `tests/gate_cases/caps.json`.
pub(super) const STATE_CALL_CAP: RuleInfo = RuleInfo {
    id: RuleId::StateCallCap,
    key: "state-call-cap",
    name: "State limit on contacts",
    strength: Strength::Hard,
    category: Category::Frequency,
    sentence: "Some states limit how often a person may be contacted.",
    public: "The state's limit on contacts is reached.",
    citation: "The state's entry in the policy",
    exceptions: &["Notices and answers that the law requires."],
    clears: "When the oldest counted contact leaves the window.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/caps.json`.
pub(super) const NYC_CONTACT_CAP: RuleInfo = RuleInfo {
    id: RuleId::NycContactCap,
    key: "nyc-contact-cap",
    name: "New York City limit",
    strength: Strength::Hard,
    category: Category::Frequency,
    sentence: "In New York City an account allows three contacts in seven days over calls, emails and texts.",
    public: "The city's limit on contacts is reached.",
    citation: "6 RCNY 5-77 as amended, effective 2026-09-01",
    exceptions: &[
        "Letters are not counted.",
        "Notices and answers that the law requires.",
    ],
    clears: "When the oldest counted contact leaves the window.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `state-call-cap` for the first limit of the states that is reached, the one that lasts
/// longest.
pub(super) fn state_caps(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !limits_apply(now) {
        return;
    }
    let mut worst: Option<(Reached, &State, Cap, &str)> = None;
    for state in now.inquiry.states() {
        for (cap, citation) in caps_of(now, state) {
            let Some(reached) = cap_reached(now, &cap) else {
                remind_of_condition(now, state, &cap, citation, findings);
                continue;
            };
            let lasts_longer = worst.as_ref().is_none_or(|(other, ..)| {
                other.until.is_some() && reached.until.is_none_or(|until| Some(until) > other.until)
            });
            if lasts_longer {
                worst = Some((reached, state, cap, citation));
            }
        }
    }
    let Some((reached, state, cap, citation)) = worst else {
        return;
    };
    let until = with_consent(now, &cap, reached.until);
    findings.block(RuleId::StateCallCap, until, || {
        let message = if cap.max == 0 {
            format!("{} does not allow this contact at work.", state.name)
        } else {
            let what = match cap.counts {
                Counted::Attempts => words::count(to_usize(cap.max), "contact", "contacts"),
                Counted::Conversations => {
                    words::count(to_usize(cap.max), "conversation", "conversations")
                }
            };
            format!(
                "{} allows {what} in {} days, and that many have taken place.",
                state.name, cap.days
            )
        };
        Why::says(message).citing(citation).with(
            "history",
            format!("{} of {} counted", reached.count, cap.max),
        )
    });
}

/// The limits of a state in force on the day: the seeds' call frequency limit and what research
/// found beyond it.
pub(in crate::gate) fn caps_of<'a>(
    now: &Now<'a>,
    state: &'a State,
) -> impl Iterator<Item = (Cap, &'a str)> {
    let date = now.date();
    let seed = state.call_frequency_limit.entry_on(date).and_then(|entry| {
        let days = (*state.call_frequency_window_days.on(date)?)?;
        Some((calls_cap(entry.value?, days), entry.citation.as_str()))
    });
    let found = state
        .caps
        .iter()
        .filter_map(move |named| named.cap.entry_on(date))
        .map(|entry: &Entry<Cap>| (entry.value.clone(), entry.citation.as_str()));
    seed.into_iter().chain(found)
}

/// A state's limit counts what the federal count counts.
fn calls_cap(max: u32, days: u32) -> Cap {
    Cap {
        max,
        days,
        channels: vec![Channel::Call, Channel::Voicemail],
        counts: Counted::Attempts,
        place: CapPlace::Any,
        per: CapPer::Debt,
        except_requested: true,
        until_consent: false,
        only_when: None,
    }
}

/// Whether limits concern this attempt. Notices and answers that the law requires must go out.
fn limits_apply(now: &Now<'_>) -> bool {
    !now.attempt().purpose.is_not_collection() && now.party() != Party::Attorney
}

fn remind_of_condition(
    now: &Now<'_>,
    state: &State,
    cap: &Cap,
    citation: &str,
    findings: &mut Findings<'_>,
) {
    let Some(condition) = &cap.only_when else {
        return;
    };
    if concerns(now, cap) {
        findings.remind(RuleId::StateCallCap, || {
            Why::says(format!(
                "{} allows this contact only when {condition}.",
                state.name
            ))
            .citing(citation)
        });
    }
}

/// Whether a limit is about contacts such as this one.
fn concerns(now: &Now<'_>, cap: &Cap) -> bool {
    cap.channels.contains(&now.attempt().channel)
        && match cap.place {
            CapPlace::Any => true,
            CapPlace::Work => now.inquiry.is_at_work(),
            CapPlace::Home => !now.inquiry.is_at_work(),
        }
}

/// Whether this limit is reached for the attempt.
pub(in crate::gate) fn cap_reached(now: &Now<'_>, cap: &Cap) -> Option<Reached> {
    if !concerns(now, cap) {
        return None;
    }
    if cap.until_consent && has_electronic_consent(now) {
        return None;
    }
    let reached = now.limit_reached(cap.max, cap.days, |contact| is_counted(now, cap, contact))?;
    if cap.except_requested && now.is_by_phone() && calls_consent(now).is_some() {
        return None;
    }
    Some(reached)
}

/// Whether a contact counts towards a limit.
pub(in crate::gate) fn is_counted(now: &Now<'_>, cap: &Cap, contact: &Contact) -> bool {
    if cap.per == CapPer::Debt && !now.inquiry.is_about_debt(contact) {
        return false;
    }
    if cap.except_requested && contact.excluded.is_some() {
        return false;
    }
    let with_household = match contact.party {
        None | Some(Party::Consumer | Party::Spouse | Party::PersonalRepresentative) => true,
        Some(Party::ThirdParty | Party::Attorney) => false,
    };
    if !with_household {
        return false;
    }
    match cap.counts {
        Counted::Conversations => is_conversation(contact),
        Counted::Attempts => {
            contact.direction == Direction::Out
                && cap.channels.contains(&contact.channel)
                && (!is_by_phone(contact.channel) || is_placed_call(contact))
                && is_at_place(now, cap.place, contact)
        }
    }
}

/// A call without a number may have rung anywhere; a written message did not ring at work.
fn is_at_place(now: &Now<'_>, place: CapPlace, contact: &Contact) -> bool {
    let at_work = if is_by_phone(contact.channel) {
        now.inquiry.was_at_work(contact)
    } else {
        Some(false)
    };
    match place {
        CapPlace::Any => true,
        CapPlace::Work => at_work != Some(false),
        CapPlace::Home => at_work != Some(true),
    }
}

fn has_electronic_consent(now: &Now<'_>) -> bool {
    now.is_granted(now.facts().debtor.flags.esign_consent.as_ref())
        || now
            .inquiry
            .email
            .is_some_and(|email| now.certainly_happened(email.consumer_used_for_debt_at))
}

/// A permission yet to come may end the limit sooner than the window.
fn with_consent(now: &Now<'_>, cap: &Cap, until: Option<Instant>) -> Option<Instant> {
    let mut sooner = until;
    let mut consider = |at: Option<Instant>| {
        if let Some(at) = at.filter(|at| *at > now.at) {
            sooner = Some(sooner.map_or(at, |sooner| sooner.min(at)));
        }
    };
    if cap.except_requested {
        consider(next_calls_consent(now));
    }
    if cap.until_consent {
        let email = now
            .inquiry
            .email
            .and_then(|email| email.consumer_used_for_debt_at);
        consider(email.map(|used| now.happens_at(used)));
        let esign = now.facts().debtor.flags.esign_consent.as_ref();
        consider(
            esign
                .and_then(|grant| grant.at)
                .map(|at| now.happens_at(at)),
        );
    }
    sooner
}

fn to_usize(max: u32) -> usize {
    usize::try_from(max).unwrap_or(usize::MAX)
}

/// Raises `nyc-contact-cap`: per account, over calls, emails and texts. A New York address whose
/// ZIP code is not known may lie in the city, and is taken to.
pub(super) fn city_caps(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !limits_apply(now) {
        return;
    }
    for overlay in overlays_of(now) {
        let Some(entry) = overlay.nyc_shield_contacts_per_7_days.entry_on(now.date()) else {
            continue;
        };
        let cap = city_cap(entry.value);
        let Some(reached) = cap_reached(now, &cap) else {
            continue;
        };
        findings.block(RuleId::NycContactCap, reached.until, || {
            Why::says(format!(
                "{} allows {} in seven days on one account, over calls, emails and texts, and that many have taken place.",
                overlay.name,
                words::count(to_usize(cap.max), "contact", "contacts")
            ))
            .citing(&entry.citation)
            .with("debtor.zip", now.facts().debtor.zip.as_deref().unwrap_or("not known"))
            .with("history", format!("{} of {} counted", reached.count, cap.max))
        });
    }
}

/// The city's limit, as a cap.
pub(in crate::gate) fn city_cap(max: u32) -> Cap {
    Cap {
        max,
        days: 7,
        channels: vec![
            Channel::Call,
            Channel::Voicemail,
            Channel::Email,
            Channel::Sms,
        ],
        counts: Counted::Attempts,
        place: CapPlace::Any,
        per: CapPer::Debt,
        except_requested: false,
        until_consent: false,
        only_when: None,
    }
}

/// The cities the address lies in, or may lie in.
pub(in crate::gate) fn overlays_of<'a>(now: &Now<'a>) -> impl Iterator<Item = &'a Overlay> {
    let place = &now.inquiry.place;
    let overlays = &now.inquiry.policy.overlays;
    overlays.iter().filter(|overlay| {
        place.states.contains(&overlay.state)
            && match place.zip {
                Some(zip) if place.zip_is_known => overlay.contains(zip),
                Some(_) | None => true,
            }
    })
}
