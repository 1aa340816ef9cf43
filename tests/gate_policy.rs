//! The policy as data: what is refused, by file and entry, and what changes a version.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use forbear::gate::policy::PolicyError;
use forbear::gate::rules::{RuleId, catalog};
use forbear::gate::{Policy, Severity, cases};
use serde_json::{Value, json};

fn sources() -> [Value; 3] {
    Policy::builtin_sources().map(|text| serde_json::from_str(text).unwrap())
}

fn parse(sources: &[Value; 3]) -> Result<Policy, Vec<PolicyError>> {
    let [federal, states, overlays] = sources;
    Policy::parse(
        &federal.to_string(),
        &states.to_string(),
        &overlays.to_string(),
    )
}

#[test]
fn the_builtin_policy_reads_whole() {
    let [federal, states, overlays] = Policy::builtin_sources();
    let policy = Policy::parse(federal, states, overlays).unwrap();
    assert_eq!(policy.version(), Policy::builtin().version());
    let summary = policy.summary();
    assert_eq!(summary.jurisdictions, 56);
    assert_eq!(summary.overlays, 1);
    assert_eq!(summary.switched_off, 0);
    assert!(summary.beyond_seed > 0);
    assert!(summary.to_string().contains("56 jurisdictions"));
}

#[test]
fn the_seeds_stand_in_the_policy_by_their_own_names() {
    let policy = Policy::builtin();
    let value = |place: &str, field: &str| {
        let entry = policy
            .entries()
            .iter()
            .find(|entry| entry.place == place && entry.field == field);
        entry.unwrap().value.clone()
    };
    assert_eq!(value("CA", "call_frequency_limit"), json!(7));
    assert_eq!(value("CA", "call_frequency_window_days"), json!(7));
    assert_eq!(value("NY", "call_frequency_limit"), json!(null));
    assert_eq!(
        value("nyc_shield", "nyc_shield_contacts_per_7_days"),
        json!(3)
    );
    let with = |field: &str| -> Vec<String> {
        let states = policy.entries().iter();
        states
            .filter(|entry| entry.field == field && entry.value == json!(true))
            .map(|entry| entry.place.clone())
            .collect()
    };
    assert_eq!(with("mini_tcpa"), ["FL", "OK", "TX"]);
    assert_eq!(with("sol_hard_stop"), ["MS", "NC", "WI"]);
    assert_eq!(
        with("all_party_recording_consent"),
        [
            "CA", "CT", "DE", "FL", "IL", "MA", "MD", "MT", "NH", "NV", "PA", "WA"
        ]
    );
}

#[test]
fn every_mistake_is_named_by_file_and_entry() {
    let entry = json!({"value": 7, "citation": "x", "confidence": "seed"});
    let rows: &[(usize, &str, Value, &str)] = &[
        (
            0,
            "/entries/call_cuont",
            json!([]),
            "federal.json: US.call_cuont: unknown key",
        ),
        (
            0,
            "/entries/call_hours",
            json!(null),
            "federal.json: US.call_hours: is not a list of entries",
        ),
        (
            0,
            "/entries/consent_days/0/citation",
            json!(" "),
            "federal.json: US.consent_days[0]: has no citation",
        ),
        (
            0,
            "/entries/consent_days/0/colour",
            json!(1),
            "federal.json: US.consent_days[0]: unknown field `colour`",
        ),
        (
            0,
            "/entries/consent_days/0/effective_until",
            json!("2020-01-01"),
            "federal.json: US.consent_days[0]: ends before it begins",
        ),
        (
            0,
            "/entries/consent_days",
            json!([entry, entry]),
            "federal.json: US.consent_days: has entries whose dates overlap",
        ),
        (
            0,
            "/entries/call_hours/0/value",
            json!({"from": "21:00", "to": "08:00"}),
            "federal.json: US.call_hours: opens after it closes",
        ),
        (
            0,
            "/version",
            json!(1),
            "federal.json: version: unknown key",
        ),
        (
            1,
            "/states/CA/call_frequency_limit/0/value",
            json!("7"),
            "states.json: CA.call_frequency_limit[0]: ",
        ),
        (
            1,
            "/states/CA/call_frequency_window_days/0/value",
            json!(null),
            "states.json: CA.call_frequency_limit: ",
        ),
        (
            1,
            "/states/CA/gate_zones/0/value",
            json!(["America/Fresno"]),
            "states.json: CA.gate_zones[0]: ",
        ),
        (
            1,
            "/states/CA/gate_zones/0/value",
            json!([]),
            "states.json: CA.gate_zones: names no zone",
        ),
        (
            1,
            "/states/California",
            json!({}),
            "states.json: California: is not a two-letter state code",
        ),
        (
            1,
            "/states/CA/max_calls",
            json!([]),
            "states.json: CA.max_calls: unknown key",
        ),
        (
            1,
            "/states/MA/caps/work/0/value/days",
            json!(0),
            "states.json: MA.caps.work: counts over no days",
        ),
        (
            1,
            "/states/MA/caps/work/0/value/channels",
            json!([]),
            "states.json: MA.caps.work: names no channel",
        ),
        (
            2,
            "/overlays/nyc_shield/zip_prefixes",
            json!(["10O"]),
            "overlays.json: nyc_shield.zip_prefixes: ",
        ),
        (
            2,
            "/overlays/nyc_shield/state",
            json!(null),
            "overlays.json: nyc_shield.state: ",
        ),
    ];
    for (file, path, value, expected) in rows {
        let mut sources = sources();
        let (parent, key) = path.rsplit_once('/').unwrap();
        let parent = sources[*file].pointer_mut(parent).unwrap();
        if let Some(items) = parent.as_array_mut() {
            items[key.parse::<usize>().unwrap()] = value.clone();
        } else {
            parent[key] = value.clone();
        }
        let errors = parse(&sources).unwrap_err();
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(
            errors.iter().any(|error| error.starts_with(expected)),
            "{path}: {errors:?}"
        );
    }
}

#[test]
fn a_missing_field_or_file_is_an_error() {
    let mut sources = sources();
    sources[1]["states"]["CA"]
        .as_object_mut()
        .unwrap()
        .remove("sol_hard_stop");
    let errors = parse(&sources).unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "states.json: CA.sol_hard_stop: is missing"
    );
    let errors = Policy::parse("{", "[]", "{}").unwrap_err();
    let files: Vec<&str> = errors.iter().map(|error| error.file).collect();
    assert!(
        files.contains(&"federal.json")
            && files.contains(&"states.json")
            && files.contains(&"overlays.json")
    );
}

#[test]
fn all_errors_are_reported_at_once() {
    let mut sources = sources();
    sources[0]["entries"]["consent_days"][0]["citation"] = json!("");
    sources[1]["states"]["CA"]["name"] = json!(1);
    sources[2]["overlays"]["nyc_shield"]["boroughs"] = json!("all");
    assert_eq!(parse(&sources).unwrap_err().len(), 3);
}

#[test]
fn spacing_and_order_of_keys_do_not_change_the_version_and_a_value_does() {
    let same = parse(&sources()).unwrap();
    assert_eq!(same.version(), Policy::builtin().version());
    let mut sources = sources();
    sources[1]["states"]["CA"]["call_frequency_limit"][0]["value"] = json!(6);
    assert_ne!(parse(&sources).unwrap().version(), same.version());
}

#[test]
fn an_entry_that_is_switched_off_does_not_apply() {
    let mut sources = sources();
    sources[2]["overlays"]["nyc_shield"]["nyc_shield_contacts_per_7_days"][0]["enabled"] =
        json!(false);
    let policy = parse(&sources).unwrap();
    assert_eq!(policy.summary().switched_off, 1);
    let limit = &policy.overlays[0].nyc_shield_contacts_per_7_days;
    assert_eq!(limit.on("2026-09-02".parse().unwrap()), None);
}

#[test]
fn a_state_that_bars_voicemail_bars_it() {
    let file = |channel: &str| {
        json!({"facts": {
            "debtor": {"state": "NY", "zip": "10001", "phones": [{"number": "+12125550142"}]},
            "debts": [{"id": "D1", "validation": {"provided_on": "2025-11-03"}}],
            "attempt": {"at": "2026-05-12T10:00:00-04:00", "channel": channel, "debt": "D1",
                        "phone": "+12125550142", "content": {"script": "limited-content"}}}})
        .to_string()
    };
    let mut sources = sources();
    let allowed = "/states/NY/voicemail_disclosure_allowed/0/value";
    *sources[1].pointer_mut(allowed).unwrap() = json!(false);
    let stricter = parse(&sources).unwrap();
    let voicemail = cases::check(&stricter, &file("voicemail")).unwrap();
    let finding = voicemail.finding(RuleId::VoicemailNotAllowed).unwrap();
    assert_eq!(finding.severity, Severity::Block);
    assert_eq!(finding.message, "New York does not allow a voicemail.");
    assert!(cases::check(&stricter, &file("call")).unwrap().is_allowed());
    assert!(
        cases::check(&Policy::builtin(), &file("voicemail"))
            .unwrap()
            .is_allowed()
    );
}

/// Waiting does not lift the bar, but the day on which the law changes does.
#[test]
fn what_waiting_never_clears_a_newer_entry_may() {
    let mut sources = sources();
    let bar = sources[1]
        .pointer_mut("/states/NY/voicemail_disclosure_allowed")
        .unwrap();
    let mut newer = bar[0].clone();
    bar[0]["value"] = json!(false);
    bar[0]["effective_until"] = json!("2026-05-31");
    newer["effective_from"] = json!("2026-06-01");
    bar.as_array_mut().unwrap().push(newer);
    let policy = parse(&sources).unwrap();
    let file = json!({"facts": {
        "debtor": {"state": "NY", "zip": "10001", "phones": [{"number": "+12125550142"}]},
        "debts": [{"id": "D1", "validation": {"provided_on": "2025-11-03"}}],
        "attempt": {"at": "2026-05-12T10:00:00-04:00", "channel": "voicemail", "debt": "D1",
                    "phone": "+12125550142", "content": {"script": "limited-content"}}}});
    let decision = cases::check(&policy, &file.to_string()).unwrap();
    assert!(!decision.is_allowed());
    assert_eq!(
        decision.earliest_lawful_at.unwrap().to_string(),
        "2026-06-01T12:00:00Z"
    );
    assert_eq!(decision.never_clears, None);
}

/// The rules are asked anew on the day on which an entry ends.
#[test]
fn a_limit_that_ends_clears_with_it() {
    let mut sources = sources();
    let limit = "/overlays/nyc_shield/nyc_shield_contacts_per_7_days/0";
    let entry = sources[2].pointer_mut(limit).unwrap();
    entry["effective_until"] = json!("2026-09-12");
    let policy = parse(&sources).unwrap();
    let contact = |day: u8| {
        json!({"at": format!("2026-09-{day:02}T10:00:00-04:00"), "channel": "call",
               "direction": "out", "outcome": "no-answer", "debt": "D1"})
    };
    let file = json!({"facts": {
        "debtor": {"state": "NY", "zip": "10001", "phones": [{"number": "+12125550142"}]},
        "debts": [{"id": "D1", "validation": {"provided_on": "2025-11-03"}}],
        "history": [contact(9), contact(10), contact(11)],
        "attempt": {"at": "2026-09-12T10:00:00-04:00", "channel": "call", "debt": "D1",
                    "phone": "+12125550142"}}});
    let decision = cases::check(&policy, &file.to_string()).unwrap();
    let next_morning = "2026-09-13T12:00:00Z";
    assert_eq!(
        decision.earliest_lawful_at.unwrap().to_string(),
        next_morning
    );
    let unchanged = cases::check(&Policy::builtin(), &file.to_string()).unwrap();
    let window_over = "2026-09-16T12:00:00Z";
    assert_eq!(
        unchanged.earliest_lawful_at.unwrap().to_string(),
        window_over
    );
}

#[test]
fn everything_beyond_the_seeds_is_marked() {
    for entry in Policy::builtin().entries() {
        let researched = entry.field == "work"
            || entry.field == "residence_or_cell"
            || entry.field == "communications"
            || entry.field == "calls";
        if researched {
            assert!(entry.beyond_seed, "{}.{}", entry.place, entry.field);
            assert!(entry.source.is_some(), "{}.{}", entry.place, entry.field);
        }
        assert!(!entry.citation.is_empty());
        assert_eq!(
            entry.counsel_reviewed_at, None,
            "no counsel has reviewed anything yet"
        );
    }
}

#[test]
fn the_catalog_tells_every_rule_by_its_stable_name() {
    for (index, info) in catalog().enumerate() {
        assert_eq!(info.id, RuleId::ALL[index], "{}", info.key);
        assert_eq!(serde_json::to_value(info.id).unwrap(), json!(info.key));
        assert_eq!(info.key.parse(), Ok(info.id));
        for text in [
            info.name,
            info.sentence,
            info.public,
            info.citation,
            info.clears,
        ] {
            assert!(!text.is_empty() && !text.contains('!'), "{}", info.key);
        }
        assert!(
            info.sentence.ends_with('.') && info.public.ends_with('.'),
            "{}",
            info.key
        );
        assert!(
            info.exceptions
                .iter()
                .all(|exception| exception.ends_with('.'))
        );
    }
    let mut sorted = RuleId::ALL;
    sorted.sort_unstable();
    assert_eq!(sorted, RuleId::ALL);
}
