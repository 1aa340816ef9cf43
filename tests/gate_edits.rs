//! Cases and policies edited at random: an answer or an error, never a panic, and an earliest
//! lawful moment that is lawful. `fuzz/` holds the same laws for any text at all.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::sync::LazyLock;

use forbear::gate::cases::Case;
use forbear::gate::{Attempt, Policy, cases, decide};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

static CASES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gate_cases");
    let files = std::fs::read_dir(folder).unwrap();
    files
        .flat_map(|file| {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            serde_json::from_str::<Vec<Value>>(&text).unwrap()
        })
        .collect()
});

#[derive(Debug, Clone)]
enum Edit {
    Remove(Index),
    Set(Index, Value),
    /// What stands at the second place is written over the first.
    Copy(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any::<Index>().prop_map(Edit::Remove),
        (any::<Index>(), odd_value()).prop_map(|(at, value)| Edit::Set(at, value)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, from)| Edit::Copy(at, from)),
    ]
}

/// Values at the edges of what the format and the calendar know, and a few far outside.
fn odd_value() -> impl Strategy<Value = Value> {
    let words = [
        "",
        " ",
        "0",
        "all",
        "null",
        "true",
        "voicemail",
        "email",
        "letter",
        "portal",
        "sms",
        "in",
        "conversation",
        "no-answer",
        "respond-once",
        "validation-notice",
        "location-info",
        "third-party",
        "personal-representative",
        "automated",
        "prerecorded",
        "active",
        "discharged",
        "disputed",
        "paid",
        "ZZ",
        "AZ",
        "GU",
        "MS",
        "00901",
        "86503",
        "96910",
        "99999",
        "09012",
        "America/Adak",
        "Pacific/Kiritimati",
        "Etc/GMT+12",
        "Mars/Olympus",
        "+16715550142",
        "+18005550142",
        "08:00",
        "24:00",
        "23:59",
        "25:00",
        "2026-03-08",
        "2028-02-29",
        "2026-02-30",
        "0000-01-01",
        "9999-12-31",
        "-262143-01-01",
        "+262142-12-31",
        "2026-03-08T02:30:00-05:00",
        "2026-11-01T01:30:00-04:00",
        "2016-12-31T23:59:60Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "1969-12-31T23:59:59+14:00",
        "\u{0}",
        "\u{202e}x",
        "\u{1f4de}",
    ];
    let numbers = [
        0,
        1,
        -1,
        7,
        255,
        256,
        1440,
        i64::from(u32::MAX),
        i64::MAX,
        i64::MIN,
    ];
    prop_oneof![
        select(words.to_vec()).prop_map(Value::from),
        select(numbers.to_vec()).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        select(vec![
            Value::Null,
            json!([]),
            json!({}),
            json!([{}]),
            json!(1e308)
        ]),
    ]
}

fn apply(edit: &Edit, value: &mut Value) {
    let mut places = Vec::new();
    collect_places("", value, &mut places);
    if places.is_empty() {
        return;
    }
    let place = |index: &Index| places[index.index(places.len())].as_str();
    match edit {
        Edit::Remove(at) => remove(value, place(at)),
        Edit::Set(at, new) => *value.pointer_mut(place(at)).unwrap() = new.clone(),
        Edit::Copy(at, from) => {
            let copied = value.pointer(place(from)).unwrap().clone();
            *value.pointer_mut(place(at)).unwrap() = copied;
        }
    }
}

fn collect_places(at: &str, value: &Value, places: &mut Vec<String>) {
    let mut place = |key: &str, value: &Value| {
        let key = key.replace('~', "~0").replace('/', "~1");
        let here = format!("{at}/{key}");
        collect_places(&here, value, places);
        places.push(here);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| place(key, value)),
        Value::Array(values) => {
            let numbered = values.iter().enumerate();
            numbered.for_each(|(index, value)| place(&index.to_string(), value));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn remove(value: &mut Value, place: &str) {
    let (parent, key) = place.rsplit_once('/').unwrap();
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.remove(key);
        }
        Some(Value::Array(values)) => {
            values.remove(key.parse().unwrap());
        }
        _ => {}
    }
}

/// The laws of `fuzz/fuzz_targets/gate_case.rs`.
fn answers_lawfully(policy: &Policy, text: &str) -> Result<(), TestCaseError> {
    let Ok(case) = Case::parse(text) else {
        return Ok(());
    };
    let decision = decide(policy, &case.facts, &case.attempt);
    prop_assert!(serde_json::to_string(&decision).is_ok());
    match decision.earliest_lawful_at {
        None => prop_assert!(decision.never_clears.is_some()),
        Some(at) => {
            let attempt = Attempt {
                at,
                ..case.attempt.clone()
            };
            let then = decide(policy, &case.facts, &attempt);
            prop_assert!(then.is_allowed(), "refused at {at}: {:?}", then.findings);
        }
    }
    case.run(policy);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn an_edited_case_is_answered_or_is_none(
        which in any::<Index>(),
        edits in prop::collection::vec(edit(), 1..5),
    ) {
        let mut case = which.get(&CASES).clone();
        for edit in &edits {
            apply(edit, &mut case);
        }
        answers_lawfully(&Policy::builtin(), &case.to_string())?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn an_edited_policy_decides_or_says_what_is_wrong(
        file in 0..3_usize,
        edits in prop::collection::vec(edit(), 1..3),
        which in any::<Index>(),
    ) {
        let mut sources = Policy::builtin_sources().map(str::to_owned);
        let mut value: Value = serde_json::from_str(&sources[file]).unwrap();
        for edit in &edits {
            apply(edit, &mut value);
        }
        sources[file] = value.to_string();
        let [federal, states, overlays] = &sources;
        match Policy::parse(federal, states, overlays) {
            Ok(policy) => {
                let case = which.get(&CASES).to_string();
                answers_lawfully(&policy, &case)?;
                prop_assert!(cases::check(&policy, &case).is_ok());
            }
            Err(errors) => prop_assert!(!errors.is_empty()),
        }
    }
}
