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
        FlagKind::Codebtor => "Shielded by a co-debtor\u{2019}s bankruptcy",
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
    const SAID_ALREADY: [&str; 7] = [
        "at",
        "via",
        "source",
        "received_at",
        "known_at",
        "said_at",
        "lifted",
    ];
    let fields: Map<String, Value> = serde_json::from_str(detail).unwrap_or_default();
    fields
        .iter()
        .filter(|(name, _)| !SAID_ALREADY.contains(&name.as_str()))
        .filter_map(|(name, value)| {
            let value = match value {
                Value::String(text) if name == "phone" => PhoneNumber::readable(text),
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(true) => "yes".to_owned(),
                Value::Bool(false) => "no".to_owned(),
                Value::Null | Value::Array(_) | Value::Object(_) => return None,
            };
            Some(Fact::new(words::spoken(name), value))
        })
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
    }
}
