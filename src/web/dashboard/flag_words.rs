//! Flags in words: what is so, who said it, how it came.

use serde_json::{Map, Value};

use super::people::People;
use super::words;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::time::Instant;
use crate::store::flags::Flag;
use crate::web::access::SignedIn;
use crate::web::view::part::{Fact, When};
use crate::web::view::placement_tabs::FlagRow;
use crate::web::zones;

/// The flag as a heading: it tells no detail.
pub const fn what(kind: FlagKind) -> &'static str {
    match kind {
        FlagKind::Cease => "Asked us to stop all contact",
        FlagKind::CallOptOut => "Asked us to stop calling",
        FlagKind::EmailOptOut => "Asked us to stop emailing",
        FlagKind::DoNotCall => "Do not call",
        FlagKind::MailOptOut => "Asked us to stop writing",
        FlagKind::Attorney => "Has a lawyer",
        FlagKind::Bankruptcy => "Bankruptcy",
        FlagKind::Deceased => "Deceased",
        FlagKind::KnownLocation => "Known to be elsewhere",
        FlagKind::Inconvenient => "Inconvenient time or place",
        FlagKind::WorkplaceProhibited => "Not at work",
        FlagKind::Military => "On active military duty",
        FlagKind::AddressOptOut => "Not this number or address",
        FlagKind::Codebtor => "Shielded by a co-debtor\u{2019}s bankruptcy",
        FlagKind::BankruptcyDismissed => "Bankruptcy that was dismissed",
        FlagKind::Discharge => "Discharged in bankruptcy",
        FlagKind::CodebtorEnded => "Co-debtor\u{2019}s bankruptcy that has ended",
        FlagKind::LocationNeeded => "Must be located",
    }
}

/// One row of the table of flags. Details are for staff alone.
pub fn row(flag: &Flag, people: &People, reader: &SignedIn, now: Instant) -> FlagRow {
    let details = if reader.creditor.is_none() {
        in_words(&flag.detail)
    } else {
        String::new()
    };
    let title = what(flag.kind);
    FlagRow {
        what: if details.is_empty() {
            title.to_owned()
        } else {
            format!("{title} ({details})")
        },
        who: people.name(&flag.set_by),
        how: how(flag.source, flag.verified),
        since: When::new(flag.received_at, reader.time_zone, now),
        to_the_day: flag.source == Medium::Import,
        lifted: flag
            .lifted_at
            .map(|at| When::new(at, reader.time_zone, now)),
    }
}

fn how(source: Medium, verified: bool) -> String {
    let came = words::spoken(source.by());
    if verified {
        came
    } else {
        format!("{came}; sender not confirmed")
    }
}

/// Details that say something, in the order of the words: `Name: R. Ortiz, phone: (212) 555-0100`.
pub fn in_words(detail: &str) -> String {
    facts(detail)
        .into_iter()
        .map(|fact| format!("{}: {}", fact.term, fact.value))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What stands in a flag's details, without what the row says already.
pub fn facts(detail: &str) -> Vec<Fact> {
    const SAID_ALREADY: [&str; 10] = [
        "at",
        "via",
        "source",
        "received_at",
        "known_at",
        "said_at",
        "lifted",
        "type",
        "reviewed_by",
        "given",
    ];
    let fields: Map<String, Value> = serde_json::from_str(detail).unwrap_or_default();
    let mut facts: Vec<Fact> = fields
        .iter()
        .filter(|(name, _)| !SAID_ALREADY.contains(&name.as_str()))
        .filter_map(|(name, value)| Some(Fact::new(words::spoken(name), in_short(name, value)?)))
        .collect();
    // How a place is known, or why it is not; of other flags the row tells how they came.
    let has = |name| fields.contains_key(name);
    if let Some(Value::String(source)) = fields.get("source")
        && (has("zone") || has("given"))
    {
        facts.push(Fact::new("How we know", source.clone()));
    }
    facts
}

fn in_short(name: &str, value: &Value) -> Option<String> {
    match (name, value) {
        ("phone" | "address", Value::String(text)) => Some(PhoneNumber::readable(text)),
        ("zone", Value::String(zone)) => Some(zones::on_file(zone)),
        // The accounts have ids that tell nobody anything.
        ("debts", Value::Array(debts)) => {
            (!debts.is_empty()).then(|| format!("{} of the debtor\u{2019}s", debts.len()))
        }
        (_, Value::Array(texts)) => {
            let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        ("representative", Value::Object(person)) => {
            let text = |name: &str| person.get(name).and_then(Value::as_str);
            let known: Vec<&str> = [text("name"), text("authority")]
                .into_iter()
                .flatten()
                .collect();
            (!known.is_empty()).then(|| known.join(", "))
        }
        (_, Value::String(text)) => Some(text.clone()),
        (_, Value::Number(number)) => Some(number.to_string()),
        (_, Value::Bool(true)) => Some("yes".to_owned()),
        (_, Value::Bool(false)) => Some("no".to_owned()),
        (_, Value::Null | Value::Object(_)) => None,
    }
}

/// The texts of a list in the details.
pub fn list(flag: &Flag, name: &str) -> Vec<String> {
    let fields: Map<String, Value> = serde_json::from_str(&flag.detail).unwrap_or_default();
    fields
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// One value of the details.
pub fn detail(flag: &Flag, name: &str) -> Option<String> {
    let fields: Map<String, Value> = serde_json::from_str(&flag.detail).unwrap_or_default();
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_leave_out_what_is_empty_or_said_elsewhere() {
        let detail =
            r#"{"name": "R. Ortiz", "phone": "+12125550100", "address": null, "via": "letter"}"#;
        assert_eq!(in_words(detail), "Name: R. Ortiz, Phone: (212) 555-0100");
        assert_eq!(in_words("not json"), "");
        let time = r#"{"type": "time", "days": ["Sat", "Sun"], "from": "18:00", "to": null}"#;
        assert_eq!(in_words(time), "Days: Sat, Sun, From: 18:00");
        let place = r#"{"zone": "America/Denver", "at": "2026-05-01", "source": "Lease"}"#;
        assert_eq!(in_words(place), "Zone: Mountain time, How we know: Lease");
    }
}
