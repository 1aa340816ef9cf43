//! Unknown means no: every fact that can be missing, unreadable or contradictory refuses, or has
//! the default that its field states.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use forbear::gate::{Decision, Outcome, Policy, RuleId, cases};
use serde_json::{Value, json};

fn file() -> Value {
    json!({
        "facts": {
            "debtor": {
                "kind": "person", "state": "NY", "zip": "10001",
                "phones": [{"number": "+12125550142", "area_code": "212", "kind": "mobile"}],
                "emails": [{"address": "pat@mail.example", "kind": "personal"}],
                "flags": {}
            },
            "debts": [{"id": "D1", "kind": "credit-card", "status": "in_outreach",
                       "validation": {"provided_on": "2025-11-03", "method": "mail"}}],
            "history": [],
            "attempt": {"at": "2026-05-12T10:00:00-04:00", "channel": "call", "debt": "D1",
                        "phone": "+12125550142", "purpose": "collect", "party": "consumer"}
        }
    })
}

/// `None`: the file is refused before it is decided.
fn decide(file: &Value) -> Option<Decision> {
    cases::check(&Policy::builtin(), &file.to_string()).ok()
}

fn set(file: &mut Value, path: &str, value: Value) {
    if let Some(slot) = file.pointer_mut(path) {
        *slot = value;
        return;
    }
    let (parent, key) = path.rsplit_once('/').unwrap();
    file.pointer_mut(parent).unwrap()[key] = value;
}

#[test]
fn the_file_that_each_row_spoils_is_allowed() {
    assert_eq!(decide(&file()).unwrap().outcome, Outcome::Allow);
}

#[test]
fn a_missing_or_unreadable_fact_refuses_by_its_own_rule() {
    let rows: &[(&str, Value, RuleId)] = &[
        ("/facts/attempt/debt", json!(null), RuleId::DebtUnknown),
        ("/facts/attempt/debt", json!(""), RuleId::DebtUnknown),
        ("/facts/attempt/debt", json!("D2"), RuleId::DebtUnknown),
        ("/facts/debts", json!([]), RuleId::DebtUnknown),
        ("/facts/debts", json!(null), RuleId::DebtUnknown),
        (
            "/facts/attempt/phone",
            json!(null),
            RuleId::ContactPointUnknown,
        ),
        (
            "/facts/attempt/phone",
            json!(""),
            RuleId::ContactPointUnknown,
        ),
        (
            "/facts/attempt/phone",
            json!("+442071838750"),
            RuleId::ContactPointUnknown,
        ),
        (
            "/facts/debtor/phones",
            json!([]),
            RuleId::ContactPointUnknown,
        ),
        (
            "/facts/debtor/phones",
            json!(null),
            RuleId::ContactPointUnknown,
        ),
        ("/facts/debtor/zip", json!(""), RuleId::FactsUnclear),
        ("/facts/debtor/zip", json!("1001"), RuleId::FactsUnclear),
        ("/facts/debtor/zip", json!("ABCDE"), RuleId::FactsUnclear),
        ("/facts/debtor/zip", json!("10001-12"), RuleId::FactsUnclear),
        (
            "/facts/debtor/zip",
            json!("\u{0661}0001"),
            RuleId::FactsUnclear,
        ),
        ("/facts/debtor/zip", json!("90001"), RuleId::FactsUnclear),
        ("/facts/debtor/zip", json!("09012"), RuleId::TimeZoneUnknown),
        ("/facts/debtor/state", json!(""), RuleId::FactsUnclear),
        (
            "/facts/debtor/state",
            json!("New York"),
            RuleId::FactsUnclear,
        ),
        ("/facts/debtor/state", json!("ZZ"), RuleId::PolicyGap),
        ("/facts/debtor/state", json!("CA"), RuleId::FactsUnclear),
        (
            "/facts/debtor/flags/known_location",
            json!({"zone": ""}),
            RuleId::TimeZoneUnknown,
        ),
        (
            "/facts/debtor/flags/known_location",
            json!({}),
            RuleId::TimeZoneUnknown,
        ),
        ("/facts/debtor/flags/cease", json!([{}]), RuleId::Cease),
        ("/facts/debtor/flags/attorney", json!({}), RuleId::Attorney),
        ("/facts/debtor/flags/deceased", json!({}), RuleId::Deceased),
        (
            "/facts/debtor/flags/bankruptcy",
            json!({}),
            RuleId::Bankruptcy,
        ),
        (
            "/facts/debtor/flags/bankruptcy",
            json!({"status": "discharged"}),
            RuleId::Discharged,
        ),
        (
            "/facts/debtor/flags/codebtor_of",
            json!({}),
            RuleId::Bankruptcy,
        ),
        (
            "/facts/debtor/flags/do_not_call",
            json!({}),
            RuleId::DoNotCall,
        ),
        (
            "/facts/debtor/flags/do_not_call",
            json!(true),
            RuleId::DoNotCall,
        ),
        (
            "/facts/debtor/flags/call_opt_out",
            json!({}),
            RuleId::CallOptOut,
        ),
        (
            "/facts/debtor/flags/national_dnc",
            json!({}),
            RuleId::DncRegistry,
        ),
        (
            "/facts/debtor/flags/inconvenient",
            json!([{}]),
            RuleId::InconvenientTime,
        ),
        (
            "/facts/debtor/flags/inconvenient",
            json!([{"type": "time", "days": null}]),
            RuleId::InconvenientTime,
        ),
        (
            "/facts/debtor/flags/medium_optout",
            json!([{"medium": "phone"}]),
            RuleId::MediumOptout,
        ),
        (
            "/facts/debtor/flags/address_optout",
            json!([{"address": "2125550142"}]),
            RuleId::AddressOptout,
        ),
        (
            "/facts/debtor/phones/0/dnc",
            json!([{}]),
            RuleId::DncRegistry,
        ),
        (
            "/facts/debtor/phones/0/belongs_to",
            json!("mother"),
            RuleId::ThirdParty,
        ),
        (
            "/facts/debts/0/disputes",
            json!([{"in_writing": true}]),
            RuleId::DisputeHold,
        ),
        (
            "/facts/debts/0/oc_requests",
            json!([{"in_writing": true}]),
            RuleId::OcRequestHold,
        ),
        (
            "/facts/creditor",
            json!({"cleared": false}),
            RuleId::CreditorNotCleared,
        ),
        ("/facts/attempt/recorded", json!(true), RuleId::Retention),
    ];
    for (path, value, rule) in rows {
        let mut spoilt = file();
        set(&mut spoilt, path, value.clone());
        let decision = decide(&spoilt).unwrap();
        assert!(
            decision.finding(*rule).is_some(),
            "{path} = {value}: {rule}"
        );
        if *rule != RuleId::Retention {
            assert_eq!(decision.outcome, Outcome::Refuse, "{path} = {value}");
        }
    }
}

#[test]
fn a_missing_fact_with_a_stated_default_is_allowed() {
    let rows: &[(&str, Value)] = &[
        // The ZIP code tells the state, the state the zone, the number its area code.
        ("/facts/debtor/state", json!(null)),
        ("/facts/debtor/zip", json!(null)),
        ("/facts/debtor/phones/0/area_code", json!(null)),
        ("/facts/debtor/phones/0/kind", json!(null)),
        ("/facts/debtor/kind", json!("business")),
        (
            "/facts/debtor/flags",
            json!({"esign_consent": null, "attorney": null, "cease": null}),
        ),
        ("/facts/debts/0/kind", json!("other")),
        ("/facts/debts/0/validation", json!(null)),
        ("/facts/history", json!(null)),
        ("/facts/creditor", json!({})),
        ("/facts/attempt/content", json!(null)),
    ];
    for (path, value) in rows {
        let mut other = file();
        set(&mut other, path, value.clone());
        let decision = decide(&other).unwrap();
        assert_eq!(
            decision.outcome,
            Outcome::Allow,
            "{path} = {value}: {:?}",
            decision.findings
        );
    }
}

#[test]
fn an_unknown_key_or_value_is_an_error_and_no_fact() {
    let rows: &[(&str, Value)] = &[
        ("/facts/debtor/colour", json!("blue")),
        ("/facts/debtor/flags/ceased", json!([])),
        ("/facts/debts/0/statuss", json!("paid")),
        ("/facts/debts/0/status", json!("open")),
        ("/facts/attempt/channel", json!("fax")),
        ("/facts/attempt/at", json!("yesterday")),
        ("/facts/attempt/acknowledged", json!(["no-such-rule"])),
        (
            "/facts/history",
            json!([{"at": "2026-05-12T10:00:00-04:00", "channel": "call"}]),
        ),
        (
            "/facts/debtor/flags/inconvenient",
            json!([{"type": "time", "from": "8:00"}]),
        ),
        (
            "/facts/debtor/flags/inconvenient",
            json!([{"type": "time", "to": "24:01"}]),
        ),
        (
            "/facts/debtor/flags/cease",
            json!([{"received_at": "last week"}]),
        ),
    ];
    for (path, value) in rows {
        let mut spoilt = file();
        set(&mut spoilt, path, value.clone());
        assert!(decide(&spoilt).is_none(), "{path} = {value}");
    }
}

#[test]
fn the_places_the_gate_must_know_each_have_a_policy() {
    let policy = Policy::builtin();
    assert_eq!(policy.states().count(), 56);
    for state in policy.states() {
        assert!(!state.gate_zones.entries().is_empty(), "{}", state.code);
    }
}
