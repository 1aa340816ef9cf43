//! What the answer tells people: reasons, sources, what comes next, and nothing that is not theirs
//! to know.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use forbear::gate::locality::ZoneSource;
use forbear::gate::{Decision, Facts, Outcome, Policy, RuleId, Severity, cases, counters};
use serde_json::{Value, json};

fn decide(change: impl FnOnce(&mut Value)) -> Decision {
    cases::check(&Policy::builtin(), &file(change).to_string()).unwrap()
}

fn file(change: impl FnOnce(&mut Value)) -> Value {
    let mut file = json!({"facts": {
        "debtor": {"state": "NY", "zip": "10001",
            "phones": [{"number": "+12125550142", "area_code": "212", "kind": "mobile"}],
            "emails": [{"address": "pat@mail.example"}], "flags": {}},
        "debts": [{"id": "D1", "kind": "credit-card", "validation": {"provided_on": "2025-11-03"}}],
        "history": [],
        "attempt": {"at": "2026-05-12T10:00:00-04:00", "channel": "call", "debt": "D1",
                    "phone": "+12125550142"}}});
    change(&mut file["facts"]);
    file
}

fn message(decision: &Decision, rule: RuleId) -> String {
    decision.finding(rule).unwrap().message.clone().into_owned()
}

#[test]
fn the_attorneys_name_and_phone_stand_in_the_reason_and_not_in_the_public_one() {
    let decision = decide(|facts| {
        facts["debtor"]["flags"]["attorney"] =
            json!({"name": "Bergman & Fields", "phone": "+12125550160", "debts": ["D1"]});
    });
    assert_eq!(
        message(&decision, RuleId::Attorney),
        "Bergman & Fields, (212) 555-0160, represents this person; contact the lawyer instead."
    );
    let public = &decision.finding(RuleId::Attorney).unwrap().message_public;
    assert!(!public.contains("Bergman") && !public.contains("212"));
}

#[test]
fn a_name_on_file_cannot_break_the_sentence() {
    let decision = decide(|facts| {
        let name = format!("A\r\nBcc: x\u{0}{}", "y".repeat(500));
        facts["debtor"]["flags"]["attorney"] = json!({"name": name});
    });
    let message = message(&decision, RuleId::Attorney);
    assert!(!message.chars().any(char::is_control), "{message}");
    assert!(message.len() < 200, "{message}");
}

#[test]
fn the_chapter_stands_in_the_reason() {
    for chapter in [7, 9, 11, 12, 13, 15] {
        let decision = decide(|facts| {
            facts["debtor"]["flags"]["bankruptcy"] =
                json!({"chapter": chapter, "filed_on": "2026-05-01"});
        });
        let message = message(&decision, RuleId::Bankruptcy);
        assert!(
            message.starts_with(&format!("Chapter {chapter} bankruptcy is open")),
            "{message}"
        );
    }
}

#[test]
fn a_stop_says_since_when() {
    let decision = decide(|facts| {
        facts["debtor"]["flags"]["cease"] =
            json!([{"received_at": "2026-03-12T23:30:00-04:00", "via": "portal"}]);
    });
    assert_eq!(
        message(&decision, RuleId::Cease),
        "This person asked on 12 March 2026 that contact stops."
    );
    let evidence = &decision.finding(RuleId::Cease).unwrap().evidence[0];
    assert_eq!(
        (&*evidence.fact, &*evidence.value),
        ("debtor.flags.cease", "portal")
    );
}

#[test]
fn the_hour_is_told_as_people_tell_it() {
    for (at, told) in [
        ("2026-05-12T21:05:00-04:00", "At 9:05 pm "),
        ("2026-05-12T00:30:00-04:00", "At 12:30 am "),
        ("2026-05-12T07:59:59-04:00", "At 7:59 am "),
    ] {
        let decision = decide(|facts| facts["attempt"]["at"] = json!(at));
        assert!(
            message(&decision, RuleId::CallHours).starts_with(told),
            "{at}"
        );
    }
}

#[test]
fn reasons_about_the_person_come_first_and_the_rest_by_weight() {
    let decision = decide(|facts| {
        facts["attempt"]["at"] = json!("2026-05-12T22:00:00-04:00");
        facts["attempt"]["recorded"] = json!(true);
        facts["debtor"]["flags"] = json!({
            "cease": [{}], "attorney": {}, "bankruptcy": {"chapter": 7}, "deceased": {}});
        facts["debts"][0]["limitations_expired_on"] = json!("2020-01-01");
    });
    let rules: Vec<RuleId> = decision
        .findings
        .iter()
        .map(|finding| finding.rule)
        .collect();
    let person = [
        RuleId::Bankruptcy,
        RuleId::Attorney,
        RuleId::Deceased,
        RuleId::Cease,
    ];
    assert_eq!(rules[..4], person);
    let severities: Vec<Severity> = decision
        .findings
        .iter()
        .map(|finding| finding.severity)
        .collect();
    assert!(severities.is_sorted());
    assert_eq!(decision.never_clears, Some(RuleId::Bankruptcy));
    assert_eq!(decision.earliest_lawful_at, None);
    assert_eq!(decision.in_the_way().count(), 6);
}

#[test]
fn the_binding_rule_is_the_last_to_clear_and_the_ladder_holds_the_others() {
    let decision = decide(|facts| {
        facts["attempt"]["at"] = json!("2026-05-12T21:30:00-04:00");
        facts["debts"][0]["paused_until"] = json!("2026-05-14T12:00:00-04:00");
        facts["history"] = json!([{"at": "2026-05-10T10:00:00-04:00", "channel": "call",
            "direction": "out", "outcome": "conversation", "debt": "D1"}]);
    });
    assert_eq!(decision.binding_rule, Some(RuleId::CallConversation));
    let ladder: Vec<(RuleId, String)> = decision
        .ladder
        .iter()
        .map(|rung| (rung.rule, rung.clears_at.to_string()))
        .collect();
    assert_eq!(
        ladder,
        [
            (RuleId::PlacementPaused, "2026-05-14T16:00:00Z".to_owned()),
            (RuleId::CallHours, "2026-05-13T12:00:00Z".to_owned()),
        ]
    );
    assert_eq!(decision.never_clears, None);
}

/// Every rule clears inside contact hours, so the hours never hide the rule that holds until then.
#[test]
fn the_hours_bind_only_where_nothing_else_does() {
    let late = decide(|facts| facts["attempt"]["at"] = json!("2026-05-12T21:30:00-04:00"));
    assert_eq!(late.binding_rule, Some(RuleId::CallHours));
    let paused = decide(|facts| {
        facts["attempt"]["at"] = json!("2026-05-12T21:30:00-04:00");
        facts["debts"][0]["paused_until"] = json!("2026-05-12T22:00:00-04:00");
    });
    assert_eq!(paused.binding_rule, Some(RuleId::PlacementPaused));
    assert_eq!(paused.earliest_lawful_at, late.earliest_lawful_at);
}

#[test]
fn the_evidence_says_what_on_the_file_decided() {
    let evidence = |decision: &Decision, rule| {
        let first = &decision.finding(rule).unwrap().evidence[0];
        (first.fact.to_string(), first.value.to_string())
    };
    let of = |fact: &str, value: &str| (fact.to_owned(), value.to_owned());
    let old = decide(|facts| facts["debts"][0]["limitations_expired_on"] = json!("2025-01-31"));
    assert_eq!(
        evidence(&old, RuleId::LimitationExpired),
        of("debts.limitations", "31 January 2025")
    );
    let said = decide(|facts| facts["debts"][0]["time_barred"] = json!(true));
    assert_eq!(
        evidence(&said, RuleId::LimitationExpired),
        of("debts.limitations", "time-barred")
    );
    let tested = decide(|facts| {
        facts["creditor"] = json!({"cleared": false, "reason": "test mode"});
    });
    assert_eq!(
        evidence(&tested, RuleId::CreditorNotCleared),
        of("creditor.reason", "test mode")
    );
    let blocked = decide(|facts| facts["creditor"] = json!({"cleared": false, "reason": " "}));
    assert_eq!(
        evidence(&blocked, RuleId::CreditorNotCleared),
        of("creditor.cleared", "false")
    );
}

#[test]
fn a_conflict_says_which_datum_points_where() {
    let decision = decide(|facts| {
        facts["debtor"]["state"] = json!("CA");
        facts["debtor"]["zip"] = json!("90001-1234");
        facts["attempt"]["at"] = json!("2026-05-12T10:30:00-04:00");
    });
    let zones: Vec<(&str, String)> = decision
        .zones
        .iter()
        .map(|candidate| (candidate.zone.name(), candidate.because.to_string()))
        .collect();
    assert_eq!(
        zones,
        [
            ("America/Los_Angeles", "ZIP 900".to_owned()),
            ("America/New_York", "area code 212".to_owned()),
        ]
    );
    let local: Vec<String> = decision
        .local_times
        .iter()
        .map(|reading| reading.local.to_rfc3339())
        .collect();
    assert_eq!(
        local,
        ["2026-05-12T07:30:00-07:00", "2026-05-12T10:30:00-04:00"]
    );
    let conflict = decision.finding(RuleId::LocationConflict).unwrap();
    assert_eq!(
        conflict.clears_at.unwrap().to_string(),
        "2026-05-12T15:00:00Z"
    );
    assert_eq!(conflict.evidence.len(), 2);
}

#[test]
fn a_known_location_says_so() {
    let decision = decide(|facts| {
        facts["debtor"]["flags"]["known_location"] = json!({"zone": "America/Chicago"});
    });
    assert_eq!(decision.zones.len(), 1);
    assert_eq!(decision.zones[0].because, ZoneSource::KnownLocation);
}

#[test]
fn a_states_rule_names_the_state_and_its_source() {
    let decision = decide(|facts| {
        facts["debtor"] = json!({"state": "MA", "zip": "02108",
            "phones": [{"number": "+16175550142", "kind": "mobile"}]});
        facts["attempt"]["phone"] = json!("+16175550142");
        facts["history"] = json!([
            {"at": "2026-05-10T10:00:00-04:00", "channel": "call", "direction": "out", "outcome": "no-answer"},
            {"at": "2026-05-11T10:00:00-04:00", "channel": "call", "direction": "out", "outcome": "no-answer"}]);
    });
    let finding = decision.finding(RuleId::StateCallCap).unwrap();
    assert_eq!(
        finding.message,
        "Massachusetts allows 2 contacts in 7 days, and that many have taken place."
    );
    assert_eq!(finding.citation, "940 CMR 7.04(1)(f); 209 CMR 18.16(1)(d)");
    assert_eq!(finding.evidence[0].value, "2 of 2 counted");
}

#[test]
fn an_old_debt_shows_the_words_its_state_asks_for() {
    let decision = decide(|facts| {
        facts["debts"][0]["limitations_expired_on"] = json!("2025-01-31");
    });
    let finding = decision.finding(RuleId::LimitationExpired).unwrap();
    assert!(
        finding.citation.contains("23 NYCRR 1.3"),
        "{}",
        finding.citation
    );
    let disclosure = finding
        .evidence
        .iter()
        .find(|evidence| evidence.fact == "disclosure");
    assert!(disclosure.unwrap().value.contains("statute of limitations"));
}

#[test]
fn an_automated_voice_is_told_what_to_say_and_by_when() {
    let decision = decide(|facts| facts["attempt"]["initiator"] = json!("automated"));
    let message = message(&decision, RuleId::AiDisclosure);
    assert!(
        message.starts_with("An automated voice says within 10 seconds: "),
        "{message}"
    );
    assert_eq!(decision.outcome, Outcome::Allow);
}

#[test]
fn the_first_call_is_reminded_of_the_whole_disclosure_and_a_later_one_of_the_short_one() {
    let first = decide(|_| {});
    assert!(message(&first, RuleId::MiniMiranda).contains("attempt to collect a debt"));
    let later = decide(|facts| {
        facts["history"] = json!([{"at": "2026-04-10T10:00:00-04:00", "channel": "letter",
            "direction": "out", "outcome": "sent", "debt": "D1"}]);
    });
    assert_eq!(
        message(&later, RuleId::MiniMiranda),
        "Say that the call is from a debt collector."
    );
}

#[test]
fn reminders_come_only_where_they_belong() {
    let reminded = |decision: &Decision, rule| decision.finding(rule).is_some();
    let plain = decide(|_| {});
    for rule in [
        RuleId::Scra,
        RuleId::Retention,
        RuleId::AiDisclosure,
        RuleId::EmailProcedure,
        RuleId::EmailOptoutNotice,
        RuleId::ValidationDue,
        RuleId::LateDispute,
        RuleId::TimeBarred,
    ] {
        assert!(!reminded(&plain, rule), "{rule}");
    }
    let over = decide(|facts| {
        facts["debtor"]["flags"]["scra"] =
            json!({"active_duty": true, "since": "2025-01-01", "until": "2026-05-11"});
    });
    assert!(!reminded(&over, RuleId::Scra));
    let last_day = decide(|facts| {
        facts["debtor"]["flags"]["scra"] = json!({"active_duty": true, "until": "2026-05-12"});
    });
    assert!(reminded(&last_day, RuleId::Scra));
    let to_come = decide(|facts| {
        facts["debtor"]["flags"]["scra"] = json!({"active_duty": true, "since": "2026-05-13"});
    });
    assert!(!reminded(&to_come, RuleId::Scra));
    let used = decide(|facts| {
        facts["debtor"]["emails"][0]["consumer_used_for_debt_at"] = json!("2026-05-01T10:00:00Z");
        facts["attempt"]["channel"] = json!("email");
        facts["attempt"]["email"] = json!("pat@mail.example");
        facts["attempt"]["content"] = json!({"optout_notice": true});
    });
    assert!(!reminded(&used, RuleId::EmailProcedure));
    assert!(!reminded(&used, RuleId::EmailOptoutNotice));
    let to_the_lawyer = decide(|facts| {
        facts["debts"][0]["validation"] = json!(null);
        facts["debtor"]["flags"]["attorney"] = json!({"name": "Bergman & Fields"});
        facts["attempt"]["party"] = json!("attorney");
        facts["attempt"]["phone"] = json!("+12125550160");
    });
    assert!(!reminded(&to_the_lawyer, RuleId::ValidationDue));
    assert_eq!(to_the_lawyer.computed.validation_due_on, None);
}

#[test]
fn every_word_a_creditor_may_read_is_free_of_the_debtors_affairs() {
    let decision = decide(|facts| {
        facts["debtor"]["flags"] = json!({
            "cease": [{"text": "secret words"}],
            "attorney": {"name": "Bergman", "phone": "+12125550160"},
            "bankruptcy": {"chapter": 13},
            "deceased": {"representative": {"name": "Lee Doe"}},
            "workplace_prohibited": {}});
    });
    for finding in &decision.findings {
        let public = finding.message_public.to_lowercase();
        for private in [
            "bergman", "chapter", "bankrupt", "died", "lawyer", "lee", "secret", "employer",
        ] {
            assert!(!public.contains(private), "{}: {public}", finding.rule);
        }
    }
}

#[test]
fn no_sentence_shouts_or_runs_on() {
    for text in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gate_cases")).unwrap()
    {
        let text = std::fs::read_to_string(text.unwrap().path()).unwrap();
        let all: Vec<Value> = serde_json::from_str(&text).unwrap();
        for case in all {
            let decision = cases::check(&Policy::builtin(), &case.to_string()).unwrap();
            for finding in decision.findings {
                let message = &finding.message;
                assert!(
                    message.ends_with('.') && !message.contains('!'),
                    "{message}"
                );
                assert!(message.len() < 200 && !message.contains("  "), "{message}");
                assert!(!finding.citation.is_empty());
            }
        }
    }
}

#[test]
fn the_counters_are_those_the_rules_count_by() {
    let file = file(|facts| {
        facts["debtor"]["zip"] = json!("10001");
        facts["debts"][0]["max_calls_per_week"] = json!(3);
        facts["history"] = json!([
            {"at": "2026-08-20T10:00:00-04:00", "channel": "call", "direction": "out", "outcome": "no-answer", "debt": "D1"},
            {"at": "2026-09-06T00:00:00-04:00", "channel": "call", "direction": "out", "outcome": "no-answer", "debt": "D1"},
            {"at": "2026-09-07T10:00:00-04:00", "channel": "call", "direction": "out", "outcome": "busy", "debt": "D1"},
            {"at": "2026-09-08T10:00:00-04:00", "channel": "email", "direction": "out", "outcome": "sent", "debt": "D1"},
            {"at": "2026-09-09T10:00:00-04:00", "channel": "call", "direction": "in", "outcome": "conversation", "debt": "D1"},
            {"at": "2026-09-10T10:00:00-04:00", "channel": "call", "direction": "out", "outcome": "third-party-answered", "debt": "D1"}]);
    });
    let facts: Facts = {
        let mut facts = file["facts"].clone();
        facts.as_object_mut().unwrap().remove("attempt");
        serde_json::from_value(facts).unwrap()
    };
    let at = "2026-09-12T10:00:00-04:00";
    let at = forbear::domain::time::Instant::parse_rfc3339(at).unwrap();
    let counters = counters(&Policy::builtin(), &facts, "D1", at);
    assert_eq!((counters.calls.used, counters.calls.limit), (2, Some(7)));
    assert_eq!(counters.connected, 1);
    assert_eq!((counters.weekly.used, counters.weekly.limit), (2, Some(3)));
    assert_eq!(
        counters.last_conversation.unwrap().to_string(),
        "2026-09-09T14:00:00Z"
    );
    assert_eq!(counters.quiet_until, "2026-09-16".parse().ok());
    let city = &counters.limits[0];
    assert_eq!(city.place, "New York City");
    assert_eq!((city.count.used, city.count.limit), (3, Some(3)));
    assert_eq!(counters.limits.len(), 1);
}
