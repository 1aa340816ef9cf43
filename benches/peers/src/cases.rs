//! Cases that touch the shared rules and no others, from a seed.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::gate::rules::RuleId;
use crate::gate::{Attempt, Decision, Facts};

/// Names of the shared rules, as the peers' policies have them.
pub type Reasons = BTreeSet<String>;

pub struct Case {
    pub facts: Facts,
    pub attempt: Attempt,
    /// The file as JSON with the candidate zones, for a policy that reads facts as they are.
    pub raw: Value,
    /// What a policy without clocks and loops is given.
    pub ready: Ready,
}

/// Facts worked out before.
pub struct Ready {
    pub channel: &'static str,
    pub earliest_minute: i64,
    pub latest_minute: i64,
    pub bankruptcy: &'static str,
    pub attorney: bool,
    pub cease: bool,
    pub call_opt_out: bool,
    pub email_opt_out: bool,
    pub do_not_call: bool,
    pub listed: bool,
    pub status: &'static str,
    pub calls_in_seven_days: i64,
    pub conversations_in_seven_days: i64,
}

impl Ready {
    pub fn json(&self) -> Value {
        json!({
            "channel": self.channel,
            "earliest_minute": self.earliest_minute,
            "latest_minute": self.latest_minute,
            "bankruptcy": self.bankruptcy,
            "attorney": self.attorney,
            "cease": self.cease,
            "call_opt_out": self.call_opt_out,
            "email_opt_out": self.email_opt_out,
            "do_not_call": self.do_not_call,
            "listed": self.listed,
            "status": self.status,
            "calls_in_seven_days": self.calls_in_seven_days,
            "conversations_in_seven_days": self.conversations_in_seven_days,
        })
    }
}

/// A small generator of numbers, the same for the same seed everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        // Constants of Knuth's MMIX.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }
}

const STATUSES: [&str; 8] = [
    "in_outreach",
    "in_outreach",
    "in_outreach",
    "in_outreach",
    "ready",
    "disputed",
    "recalled",
    "paid",
];

/// `contacts` is the length of the history; none for a dozen or fewer.
pub fn case(seed: u64, contacts: Option<usize>) -> Case {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for _ in 0..4 {
        dice.below(2);
    }
    let day = NaiveDate::from_ymd_opt(2026, 5, 4).expect("a day")
        + Duration::days(dice.below(200) as i64);
    // From seven in the morning to half past nine in the evening in New York, mostly by day.
    let minute = 11 * 60 + dice.below(14 * 60 + 30) as i64;
    let at: DateTime<Utc> =
        day.and_hms_opt(0, 0, 0).expect("midnight").and_utc() + Duration::minutes(minute);
    let is_call = !dice.one_in(4);
    let two_zones = dice.one_in(5);
    let zones: Vec<Tz> = if two_zones {
        vec![
            chrono_tz::America::New_York,
            chrono_tz::America::Los_Angeles,
        ]
    } else {
        vec![chrono_tz::America::New_York]
    };
    let since = "2026-05-01T10:00:00Z";
    let mut flags = json!({});
    let mut bankruptcy = "none";
    if dice.one_in(8) {
        bankruptcy = "active";
        flags["bankruptcy"] = json!({"chapter": 7, "filed_on": "2026-04-01", "status": "active"});
    }
    let mut set = |dice: &mut Dice, name: &str, value: Value| {
        let on = dice.one_in(8);
        if on {
            flags[name] = value;
        }
        on
    };
    let attorney = set(
        &mut dice,
        "attorney",
        json!({"name": "R. Ortiz", "status": "active"}),
    );
    let cease = set(
        &mut dice,
        "cease",
        json!([{"received_at": since, "via": "letter"}]),
    );
    let call_opt_out = set(&mut dice, "call_opt_out", json!({"at": since}));
    let email_opt_out = set(&mut dice, "email_opt_out", json!({"at": since}));
    let do_not_call = set(&mut dice, "do_not_call", json!({"at": since}));
    let listed = dice.one_in(8);
    let status = STATUSES[dice.below(8) as usize];

    // Calls by day, at most one a day, so that no other rule about calls comes in.
    let mut history = Vec::new();
    let (mut counted, mut talked) = (Vec::new(), Vec::new());
    let length = contacts.unwrap_or_else(|| dice.below(13) as usize);
    for index in 0..length {
        let ago = 1 + index as i64;
        let when = day.and_hms_opt(16, 0, 0).expect("an hour").and_utc() - Duration::days(ago)
            + Duration::minutes(dice.below(120) as i64);
        let outcome = match dice.below(20) {
            0 => "conversation",
            1 | 2 => "busy",
            3..=6 => "voicemail",
            _ => "no-answer",
        };
        if outcome != "busy" {
            counted.push(when);
        }
        if outcome == "conversation" {
            talked.push(when);
        }
        history.push(json!({
            "at": when.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            "channel": "call",
            "direction": "out",
            "outcome": outcome,
            "debt": "D1",
            "phone": "+15185550142",
        }));
    }
    history.reverse();
    let mut phones = vec![json!({
        "number": "+15185550142",
        "kind": "mobile",
        "dnc": if listed { json!([{"source": "federal", "added_at": since}]) } else { json!([]) },
    })];
    if two_zones {
        phones.push(json!({"number": "+13105550143", "kind": "mobile"}));
    }
    let facts = json!({
        "debtor": {
            "state": "NY",
            "zip": "12207",
            "phones": phones,
            "emails": [{"address": "pat@mail.example"}],
            "flags": flags,
        },
        "debts": [{
            "id": "D1",
            "kind": "credit-card",
            "current_creditor": "Bank of Rockville",
            "status": status,
            "validation": {"provided_on": "2025-11-03", "method": "mail", "period_ends_on": "2025-12-10"},
        }],
        "history": history,
    });
    let moment = at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let attempt = if is_call {
        json!({"at": moment, "channel": "call", "debt": "D1", "phone": "+15185550142"})
    } else {
        json!({
            "at": moment,
            "channel": "email",
            "debt": "D1",
            "email": "pat@mail.example",
            "content": {"optout_notice": true, "debt_collector_disclosure": true},
        })
    };
    let minutes = zones.iter().map(|zone| {
        let local = at.with_timezone(zone);
        i64::from(local.hour() * 60 + local.minute())
    });
    let in_week = |moments: &[DateTime<Utc>]| {
        let most = zones.iter().map(|zone| {
            let today = at.with_timezone(zone).date_naive();
            let inside = moments.iter().filter(|moment| {
                let ago = today - moment.with_timezone(zone).date_naive();
                (0..7).contains(&ago.num_days())
            });
            inside.count()
        });
        most.max().unwrap_or(0) as i64
    };
    Case {
        ready: Ready {
            channel: if is_call { "call" } else { "email" },
            earliest_minute: minutes.clone().min().unwrap_or(0),
            latest_minute: minutes.max().unwrap_or(0),
            bankruptcy,
            attorney,
            cease,
            call_opt_out,
            email_opt_out,
            do_not_call,
            listed,
            status,
            calls_in_seven_days: in_week(&counted),
            conversations_in_seven_days: in_week(&talked),
        },
        facts: serde_json::from_value(facts.clone()).expect("facts in the gate's form"),
        attempt: serde_json::from_value(attempt.clone()).expect("an attempt in the gate's form"),
        raw: json!({
            "facts": facts,
            "attempt": attempt,
            "zones": zones.iter().map(|zone| zone.name()).collect::<Vec<_>>(),
        }),
    }
}

/// What stands in the way by Forbear's gate, in the peers' names. A rule that the peers don't have
/// is no part of a case, so it stops the run.
pub fn reasons(decision: &Decision) -> Reasons {
    decision
        .in_the_way()
        .filter_map(|finding| {
            Some(
                match finding.rule {
                    RuleId::CallHours | RuleId::LocationConflict => "hours",
                    RuleId::Bankruptcy => "bankruptcy",
                    RuleId::Attorney => "attorney",
                    RuleId::Cease => "cease",
                    RuleId::CallOptOut => "call-opt-out",
                    RuleId::EmailOptOut => "email-opt-out",
                    // The same fact by another name.
                    RuleId::MediumOptout => return None,
                    RuleId::DoNotCall => "do-not-call",
                    RuleId::DncRegistry => "dnc-registry",
                    RuleId::PlacementClosed => "closed",
                    RuleId::PlacementDisputed => "disputed",
                    RuleId::CallCount => "call-count",
                    RuleId::CallConversation => "conversation",
                    other => panic!("{other} is none of the shared rules: {decision:?}"),
                }
                .to_owned(),
            )
        })
        .collect()
}
