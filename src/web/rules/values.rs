//! Values of the policy as people read them.

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::gate::Channel;
use crate::gate::facts::LocalTime;
use crate::gate::policy::{
    AiDisclosure, CallCount, Cap, CapPer, CapPlace, ClockOfState, Confidence, Counted, Hours,
    LandlinePrerecorded, LimitationYears, MiniMiranda, Policy, PolicyEntry, RapidCalls,
    ValidationTimes,
};
use crate::web::view::rule::RuleParameter;
use crate::web::zones;

/// An entry of the policy as a row of a table, on this day.
pub fn parameter(policy: &Policy, entry: &PolicyEntry, today: NaiveDate) -> RuleParameter {
    RuleParameter {
        place: place(policy, &entry.place),
        value: value(entry),
        field: entry.field.clone(),
        citation: entry.citation.clone(),
        effective: effective(entry, today),
        certainty: certainty(entry),
        dormant: !applies(entry, today),
    }
}

fn applies(entry: &PolicyEntry, today: NaiveDate) -> bool {
    entry.enabled
        && entry.effective_from.is_none_or(|from| from <= today)
        && entry.effective_until.is_none_or(|until| today <= until)
}

/// Whether the place adds nothing to what holds everywhere.
pub fn adds_nothing(entry: &PolicyEntry) -> bool {
    match (entry.field.as_str(), &entry.value) {
        ("voicemail_disclosure_allowed", Value::Bool(allowed)) => *allowed,
        // Not verified means that consent is asked for.
        ("all_party_recording_consent", value) => *value == Value::Bool(false),
        (_, value) => matches!(value, Value::Null | Value::Bool(false)),
    }
}

/// "Everywhere", "California", "New York City".
pub fn place(policy: &Policy, place: &str) -> String {
    if place == "US" {
        return "Everywhere".to_owned();
    }
    let state = policy
        .states()
        .find(|state| state.code.to_string() == place);
    let overlay = policy.overlays.iter().find(|overlay| overlay.id == place);
    match (state, overlay) {
        (Some(state), _) => state.name.clone(),
        (None, Some(overlay)) => overlay.name.clone(),
        (None, None) => place.to_owned(),
    }
}

fn effective(entry: &PolicyEntry, today: NaiveDate) -> String {
    let day = |date: NaiveDate| date.format("%-d %b %Y").to_string();
    let from = match entry.effective_from {
        Some(from) if from > today => format!("From {}", day(from)),
        Some(from) => format!("Since {}", day(from)),
        None => "No start date".to_owned(),
    };
    let dates = match entry.effective_until {
        Some(until) => format!("{from}, until {}", day(until)),
        None => from,
    };
    if entry.enabled {
        dates
    } else {
        format!("Switched off. {dates}")
    }
}

fn certainty(entry: &PolicyEntry) -> String {
    let sure = match entry.confidence {
        Confidence::Seed => "Policy of the product",
        Confidence::TextFound => "Text of the law read",
        Confidence::WellKnown => "Well known; text not read",
        Confidence::Unsure => "Not verified",
    };
    match (&entry.reviewed_by, entry.reviewed_at) {
        (Some(by), Some(at)) => format!("{sure}; reviewed {} by {by}", at.format("%-d %b %Y")),
        (Some(by), None) => format!("{sure}; reviewed by {by}"),
        (None, _) => format!("{sure}; not reviewed"),
    }
}

/// The value in words. One whose field is not known here is told as it stands in the file.
pub fn value(entry: &PolicyEntry) -> String {
    let value = &entry.value;
    let told = match entry.field.as_str() {
        "call_hours" => read(value).map(|hours: Hours| hours_in_words(hours)),
        "call_hours_clock" => read(value).map(|clock: ClockOfState| {
            format!(
                "{} by the clock of {}",
                hours_in_words(clock.hours),
                zones::name(clock.zone.tz())
            )
        }),
        "call_count" => {
            read(value).map(|it: CallCount| format!("{} calls in {} days", it.max, it.days))
        }
        "conversation_quiet_days" => read(value).map(|days: u32| {
            format!("{days} days after a conversation, the day of the conversation being the first")
        }),
        "consent_days" => read(value).map(|days: u32| {
            format!("Consent to calls lasts {days} days, the day of receipt being the first")
        }),
        "rapid_calls" => read(value).map(|it: RapidCalls| {
            format!(
                "Another call within {} minutes, or {} calls to one number on one day",
                it.minutes, it.same_number_per_day
            )
        }),
        "weekly_cap_days" => read(value)
            .map(|days: u32| format!("The account\u{2019}s own limit counts over {days} days")),
        "validation" => read(value).map(validation),
        "landline_prerecorded" => read(value).map(|it: LandlinePrerecorded| {
            format!(
                "{} recorded calls to a landline in {} days",
                it.max, it.days
            )
        }),
        "mini_miranda" => read(value).map(|it: MiniMiranda| {
            format!(
                "First: \u{201c}{}\u{201d} Later: \u{201c}{}\u{201d}",
                it.full, it.short
            )
        }),
        "ai_disclosure" => read(value).map(|it: AiDisclosure| {
            format!(
                "\u{201c}{}\u{201d} within {} seconds",
                it.line, it.within_seconds
            )
        }),
        "debt_collection_words" => read(value).map(|words: Vec<String>| words.join(", ")),
        "gate_zones" => read(value).map(|all: Vec<String>| {
            let names: Vec<String> = all.iter().map(|zone| zones::on_file(zone)).collect();
            names.join(", ")
        }),
        "call_frequency_limit" => read(value).map(|limit: Option<u32>| {
            limit.map_or_else(
                || "No limit of its own".to_owned(),
                |calls| format!("{calls} calls"),
            )
        }),
        "call_frequency_window_days" => read(value).map(|days: Option<u32>| {
            days.map_or_else(
                || "No window of its own".to_owned(),
                |days| format!("Counted over {days} days"),
            )
        }),
        "nyc_shield_contacts_per_7_days" => {
            read(value).map(|max: u32| format!("{max} contacts in 7 days on each account"))
        }
        "voicemail_disclosure_allowed" => yes_or_no(
            value,
            "A message with limited content may be left",
            "No voicemail may be left",
        ),
        "mini_tcpa" => yes_or_no(
            value,
            "Consent is needed before automated or recorded calls",
            "Nothing beyond the federal rule",
        ),
        "all_party_recording_consent" => {
            read(value).map(|all: Option<bool>| recording(all).to_owned())
        }
        "sol_hard_stop" => yes_or_no(
            value,
            "The debt ends with its limitation period: no collection",
            "An old debt may be collected with the words for an old debt",
        ),
        "time_barred_disclosure" => {
            read(value).map(|text: Option<String>| text.unwrap_or_else(|| "None known".to_owned()))
        }
        "limitation_years" => read(value).map(limitation),
        _ => read(value).map(|cap: Cap| cap_in_words(&cap)),
    };
    told.unwrap_or_else(|| value.to_string())
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

fn yes_or_no(value: &Value, yes: &str, no: &str) -> Option<String> {
    value
        .as_bool()
        .map(|is_so| if is_so { yes } else { no }.to_owned())
}

/// Who must agree before a call is recorded.
pub const fn recording(all_parties: Option<bool>) -> &'static str {
    match all_parties {
        Some(true) => "Everybody on the call must agree",
        Some(false) => "One person on the call is enough",
        None => "Not verified, so everybody is asked",
    }
}

fn hours_in_words(hours: Hours) -> String {
    format!("{} to {}", clock(hours.from), clock(hours.to))
}

fn clock(time: LocalTime) -> String {
    let (hour, minute) = (time.minutes() / 60, time.minutes() % 60);
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    format!("{hour}:{minute:02} {half}")
}

fn validation(times: ValidationTimes) -> String {
    format!(
        "Notice within {} days of the first communication; receipt assumed {} business days after \
         sending; then {} days to dispute",
        times.notice_due_days, times.receipt_business_days, times.period_days
    )
}

fn limitation(years: LimitationYears) -> String {
    let kinds = [
        ("open account", years.open_account),
        ("written contract", years.written_contract),
        ("promissory note", years.promissory_note),
    ];
    let known: Vec<String> = kinds
        .into_iter()
        .filter_map(|(kind, years)| Some(format!("{kind} {} years", years?)))
        .collect();
    if known.is_empty() {
        "Not known".to_owned()
    } else {
        crate::web::rules::capitalised(&known.join(", "))
    }
}

fn cap_in_words(cap: &Cap) -> String {
    let what = what_is_counted(cap);
    let mut words = if cap.max == 0 {
        format!("No {what}")
    } else {
        format!("{} {what} in {} days", cap.max, cap.days)
    };
    words.push_str(match cap.place {
        CapPlace::Any => "",
        CapPlace::Work => " at work",
        CapPlace::Home => " at home or on a mobile",
    });
    words.push_str(match cap.per {
        CapPer::Debt => ", for each debt",
        CapPer::Person => ", over all debts of the person",
    });
    if cap.except_requested {
        words.push_str("; calls that the person asked for are not counted");
    }
    if cap.until_consent {
        words.push_str("; until the person agrees to electronic contact");
    }
    if let Some(condition) = &cap.only_when {
        words.push_str(&format!("; only when {condition}"));
    }
    words
}

fn what_is_counted(cap: &Cap) -> String {
    let plural = if cap.max == 1 { "" } else { "s" };
    if cap.counts == Counted::Conversations {
        return format!("conversation{plural}");
    }
    if cap.channels.len() >= 6 {
        return format!("contact{plural} of any kind");
    }
    let names: Vec<String> = cap
        .channels
        .iter()
        .map(|channel| {
            let name = match channel {
                Channel::Call => "call",
                Channel::Voicemail => "voicemail",
                Channel::Email => "email",
                Channel::Letter => "letter",
                Channel::Portal => "portal message",
                Channel::Sms => "text",
            };
            format!("{name}{plural}")
        })
        .collect();
    match names.as_slice() {
        [] => format!("contact{plural}"),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_the_policy_is_told_in_words() {
        let policy = Policy::builtin();
        for entry in policy.entries() {
            let told = value(entry);
            assert!(
                !told.is_empty() && !told.contains(['{', '[', '"']) && told != "null",
                "{} {}: {told}",
                entry.place,
                entry.field
            );
            let place = place(&policy, &entry.place);
            assert_ne!(place, entry.place, "{}", entry.field);
        }
    }

    #[test]
    fn a_named_cap_says_what_is_counted_where_and_over_what() {
        let cap: Cap = serde_json::from_str(
            r#"{"max": 2, "days": 7, "channels": ["call", "voicemail", "sms"], "place": "home"}"#,
        )
        .unwrap();
        assert_eq!(
            cap_in_words(&cap),
            "2 calls, voicemails or texts in 7 days at home or on a mobile, for each debt"
        );
    }

    #[test]
    fn an_entry_that_is_still_to_come_says_from_when() {
        let policy = Policy::builtin();
        let entry = policy
            .entries()
            .iter()
            .find(|entry| entry.field == "nyc_shield_contacts_per_7_days")
            .unwrap();
        let day = |text: &str| text.parse().unwrap();
        let before = parameter(&policy, entry, day("2026-08-31"));
        assert!(before.dormant);
        assert_eq!(before.effective, "From 1 Sep 2026");
        let after = parameter(&policy, entry, day("2026-09-01"));
        assert!(!after.dormant);
        assert_eq!(after.effective, "Since 1 Sep 2026");
        assert_eq!(after.place, "New York City");
    }
}
