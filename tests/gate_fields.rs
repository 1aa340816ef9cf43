//! Fail closed, field by field: each field of a case removed, null, or unreadable, in a situation
//! in which it matters, refuses or has the default that the format states.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::panic, reason = "a row that is wrong fails")]

use std::collections::BTreeSet;

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

/// What becomes of a file that lacks one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Without {
    /// Refused, by this rule.
    Refused(RuleId),
    /// A warning, by this rule.
    Warned(RuleId),
    /// The default that the field states leaves the contact free.
    Free,
    /// It is no case any more.
    NoCase,
}

use Without::{Free, NoCase, Refused, Warned};

/// A file in which the fact matters: what is set in the good file, the fact, and what its absence
/// means.
struct Row {
    given: Vec<(String, Value)>,
    fact: String,
    without: Without,
}

/// Rows of one situation: the facts that make it, and each fact with what its absence means.
fn rows(given: &[(&str, Value)], facts: &[(&str, Without)]) -> Vec<Row> {
    facts
        .iter()
        .map(|(fact, without)| Row {
            given: given
                .iter()
                .map(|(path, value)| ((*path).to_owned(), value.clone()))
                .collect(),
            fact: (*fact).to_owned(),
            without: *without,
        })
        .collect()
}

/// Every field of a case, in a situation in which it matters.
fn table() -> Vec<Row> {
    let mut table = rows(
        &[],
        &[
            ("/facts/debtor", Refused(RuleId::ContactPointUnknown)),
            ("/facts/debts", Refused(RuleId::DebtUnknown)),
            ("/facts/history", Free),
            ("/facts/creditor", Free),
            ("/facts/debtor/kind", Free),
            ("/facts/debtor/state", Free),
            ("/facts/debtor/zip", Free),
            ("/facts/debtor/phones", Refused(RuleId::ContactPointUnknown)),
            ("/facts/debtor/flags", Free),
            (
                "/facts/debtor/phones/0/number",
                Refused(RuleId::ContactPointUnknown),
            ),
            ("/facts/debtor/phones/0/area_code", Free),
            ("/facts/debts/0/id", Refused(RuleId::DebtUnknown)),
            ("/facts/debts/0/current_creditor", Free),
            ("/facts/attempt/at", NoCase),
            ("/facts/attempt/channel", NoCase),
            ("/facts/attempt/debt", Refused(RuleId::DebtUnknown)),
            ("/facts/attempt/phone", Refused(RuleId::ContactPointUnknown)),
        ],
    );
    table.extend(creditor_and_phones());
    table.extend(emails());
    table.extend(stops());
    table.extend(grants());
    table.extend(inconvenient());
    table.extend(persons());
    table.extend(cases_in_court());
    table.extend(consents());
    table.extend(debts());
    table.extend(disputes());
    table.extend(history());
    table.extend(attempts());
    table.extend(contents());
    table
}

fn creditor_and_phones() -> Vec<Row> {
    let phone = "/facts/debtor/phones/0";
    let autodialed = ("/facts/attempt/dialing", json!("autodialed"));
    let consent = "/facts/debtor/phones/0/autodial_consent";
    let mut all = rows(
        &[(
            "/facts/creditor",
            json!({"cleared": false, "reason": "test mode", "harden": ["call-count"]}),
        )],
        &[
            ("/facts/creditor/cleared", Free),
            (
                "/facts/creditor/reason",
                Refused(RuleId::CreditorNotCleared),
            ),
            (
                "/facts/creditor/harden",
                Refused(RuleId::CreditorNotCleared),
            ),
        ],
    );
    // Without its kind a number is a mobile.
    all.extend(rows(
        &[
            ("/facts/debtor/phones/0/kind", json!("landline")),
            ("/facts/attempt/dialing", json!("prerecorded")),
        ],
        &[("/facts/debtor/phones/0/kind", Refused(RuleId::TcpaConsent))],
    ));
    // A home line that rings at no stated place rings at home.
    all.extend(rows(
        &[
            (
                phone,
                json!({"number": "+12125550142", "kind": "landline", "place": "work"}),
            ),
            (
                "/facts/debtor/flags/inconvenient",
                json!([{"type": "place", "place": "home"}]),
            ),
        ],
        &[(
            "/facts/debtor/phones/0/place",
            Refused(RuleId::InconvenientPlace),
        )],
    ));
    all.extend(rows(
        &[("/facts/debtor/phones/0/belongs_to", json!("spouse"))],
        &[("/facts/debtor/phones/0/belongs_to", Free)],
    ));
    all.extend(rows(
        &[
            autodialed.clone(),
            (
                consent,
                json!({"given_at": "2025-01-01", "revoked_at": "2026-12-01"}),
            ),
        ],
        &[
            (consent, Refused(RuleId::TcpaConsent)),
            (
                "/facts/debtor/phones/0/autodial_consent/given_at",
                Refused(RuleId::TcpaConsent),
            ),
            ("/facts/debtor/phones/0/autodial_consent/revoked_at", Free),
        ],
    ));
    all.extend(rows(
        &[(
            "/facts/debtor/phones/0/dnc",
            json!([{"source": "state", "added_at": "2025-01-01", "expires_at": "2026-01-01"}]),
        )],
        &[
            ("/facts/debtor/phones/0/dnc", Free),
            ("/facts/debtor/phones/0/dnc/0/source", Free),
            (
                "/facts/debtor/phones/0/dnc/0/expires_at",
                Refused(RuleId::DncRegistry),
            ),
        ],
    ));
    all.extend(rows(
        &[(
            "/facts/debtor/phones/0/dnc",
            json!([{"source": "state", "added_at": "2026-12-01"}]),
        )],
        &[(
            "/facts/debtor/phones/0/dnc/0/added_at",
            Refused(RuleId::DncRegistry),
        )],
    ));
    all
}

fn emails() -> Vec<Row> {
    let by_email = [
        ("/facts/attempt/channel", json!("email")),
        ("/facts/attempt/email", json!("pat@mail.example")),
        (
            "/facts/debtor/emails",
            json!([{"address": "pat@mail.example", "kind": "employer",
                    "consumer_used_for_debt_at": "2026-04-01", "opted_out_at": "2026-12-01"}]),
        ),
    ];
    rows(
        &by_email,
        &[
            ("/facts/attempt/email", Refused(RuleId::ContactPointUnknown)),
            ("/facts/debtor/emails", Refused(RuleId::ContactPointUnknown)),
            (
                "/facts/debtor/emails/0/address",
                Refused(RuleId::ContactPointUnknown),
            ),
            ("/facts/debtor/emails/0/kind", Free),
            ("/facts/debtor/emails/0/opted_out_at", Free),
            (
                "/facts/debtor/emails/0/consumer_used_for_debt_at",
                Refused(RuleId::WorkEmail),
            ),
        ],
    )
}

/// A stop that begins later is not in force; without its date it is.
fn stops() -> Vec<Row> {
    let at_work = ("/facts/debtor/phones/0/place", json!("work"));
    let by_email = ("/facts/attempt/channel", json!("email"));
    let address = ("/facts/attempt/email", json!("pat@mail.example"));
    [
        ("workplace_prohibited", RuleId::Workplace, vec![at_work]),
        ("call_opt_out", RuleId::CallOptOut, vec![]),
        (
            "email_opt_out",
            RuleId::EmailOptOut,
            vec![by_email, address],
        ),
        ("do_not_call", RuleId::DoNotCall, vec![]),
        ("national_dnc", RuleId::DncRegistry, vec![]),
    ]
    .into_iter()
    .flat_map(|(flag, rule, situation)| {
        let flag = format!("/facts/debtor/flags/{flag}");
        let later = json!({"at": "2026-12-01", "source": "voice", "via": "oral"});
        let lifted = json!({"lifted": true});
        let (at, source) = (format!("{flag}/at"), format!("{flag}/source"));
        let (via, lift) = (format!("{flag}/via"), format!("{flag}/lifted"));
        let with = |stop: Value| {
            let mut given = situation.clone();
            given.push((flag.as_str(), stop));
            given
        };
        let mut all = rows(
            &with(later),
            &[
                (&flag, Free),
                (&at, Refused(rule)),
                (&source, Free),
                (&via, Free),
            ],
        );
        all.extend(rows(&with(lifted), &[(&lift, Refused(rule))]));
        all
    })
    .collect()
}

/// A permission on record holds without a date; nothing on record is none.
fn grants() -> Vec<Row> {
    let flags = "/facts/debtor/flags";
    let recorded = vec![
        ("/facts/debtor/state", json!("CA")),
        ("/facts/debtor/zip", json!("90001")),
        ("/facts/attempt/at", json!("2026-05-12T12:00:00-07:00")),
        ("/facts/attempt/recorded", json!(true)),
    ];
    let location = vec![
        ("/facts/attempt/party", json!("third-party")),
        ("/facts/attempt/purpose", json!("location-info")),
    ];
    let notice = vec![
        ("/facts/attempt/channel", json!("email")),
        ("/facts/attempt/email", json!("pat@mail.example")),
        ("/facts/attempt/purpose", json!("validation-notice")),
    ];
    let mut all: Vec<Row> = [
        ("recording_consent", RuleId::RecordingConsent, recorded),
        ("location_needed", RuleId::LocationInfo, location),
        ("esign_consent", RuleId::Esign, notice),
    ]
    .into_iter()
    .flat_map(|(flag, rule, situation)| {
        let flag = format!("{flags}/{flag}");
        let fields = ["given", "at", "revoked_at", "source", "via"];
        let paths: Vec<String> = fields
            .iter()
            .map(|field| format!("{flag}/{field}"))
            .collect();
        let mut given = situation;
        let grant = json!({"given": true, "at": "2026-05-01", "revoked_at": "2026-12-01",
                           "source": "call", "via": "oral"});
        given.push((&flag, grant));
        let mut facts: Vec<(&str, Without)> =
            paths.iter().map(|path| (path.as_str(), Free)).collect();
        facts.push((&flag, Refused(rule)));
        rows(&given, &facts)
    })
    .collect();
    let located = [
        ("/facts/debtor/state", json!("CA")),
        ("/facts/debtor/zip", json!("90001")),
        (
            "/facts/debtor/flags/known_location",
            json!({"zone": "America/New_York", "at": "2026-05-01", "source": "call"}),
        ),
    ];
    all.extend(rows(
        &located,
        &[
            (
                "/facts/debtor/flags/known_location",
                Refused(RuleId::CallHours),
            ),
            (
                "/facts/debtor/flags/known_location/zone",
                Refused(RuleId::TimeZoneUnknown),
            ),
            ("/facts/debtor/flags/known_location/at", Free),
            ("/facts/debtor/flags/known_location/source", Free),
        ],
    ));
    all
}

/// What is not said about a barred time or place bars more.
fn inconvenient() -> Vec<Row> {
    let flag = "/facts/debtor/flags/inconvenient";
    let path = |field: &str| format!("{flag}/0/{field}");
    let barred = Refused(RuleId::InconvenientTime);
    let one = |said: Value, field: &str, without: Without| {
        rows(&[(flag, json!([said]))], &[(&path(field), without)])
    };
    let mut all = rows(
        &[(flag, json!([{"type": "time", "days": ["Sat"]}]))],
        &[(flag, Free)],
    );
    all.extend(one(
        json!({"type": "time", "days": ["Sat"], "via": "call"}),
        "days",
        barred,
    ));
    all.extend(one(
        json!({"type": "time", "days": ["Sat"], "via": "call"}),
        "via",
        Free,
    ));
    all.extend(one(
        json!({"type": "time", "from": "18:00", "to": "24:00"}),
        "from",
        barred,
    ));
    all.extend(one(
        json!({"type": "time", "from": "00:00", "to": "09:00"}),
        "to",
        barred,
    ));
    all.extend(one(
        json!({"type": "time", "said_at": "2026-12-01"}),
        "said_at",
        barred,
    ));
    all.extend(one(
        json!({"type": "place", "place": "school"}),
        "type",
        barred,
    ));
    all.extend(rows(
        &[
            ("/facts/debtor/phones/0/kind", json!("work")),
            (flag, json!([{"type": "place", "place": "school"}])),
        ],
        &[(&path("place"), Refused(RuleId::InconvenientPlace))],
    ));
    all
}

fn persons() -> Vec<Row> {
    let represented = Refused(RuleId::Attorney);
    let stopped = Refused(RuleId::Cease);
    let dead = Refused(RuleId::Deceased);
    let mut all = rows(
        &[(
            "/facts/debtor/flags/attorney",
            json!({
            "name": "Bergman", "firm": "Bergman & Fields", "address": "100 Main St",
            "phone": "+12125550160", "debts": ["D1"], "status": "unresponsive",
            "letters_sent": ["2026-03-02"], "reviewed_by": "compliance"}),
        )],
        &[
            ("/facts/debtor/flags/attorney", Free),
            ("/facts/debtor/flags/attorney/name", Free),
            ("/facts/debtor/flags/attorney/firm", Free),
            ("/facts/debtor/flags/attorney/address", Free),
            ("/facts/debtor/flags/attorney/phone", Free),
            ("/facts/debtor/flags/attorney/status", represented),
            ("/facts/debtor/flags/attorney/letters_sent", represented),
            ("/facts/debtor/flags/attorney/reviewed_by", represented),
        ],
    );
    all.extend(rows(
        &[(
            "/facts/debtor/flags/attorney",
            json!({"debts": ["D2"], "reviewed_by": "compliance"}),
        )],
        &[("/facts/debtor/flags/attorney/debts", represented)],
    ));
    all.extend(rows(
        &[(
            "/facts/debtor/flags/cease",
            json!([{"debts": ["D2"], "received_at": "2026-03-12",
            "mailed_at": "2026-03-09", "text": "stop", "via": "letter"}]),
        )],
        &[
            ("/facts/debtor/flags/cease", Free),
            ("/facts/debtor/flags/cease/0/debts", stopped),
            ("/facts/debtor/flags/cease/0/mailed_at", Free),
            ("/facts/debtor/flags/cease/0/text", Free),
            ("/facts/debtor/flags/cease/0/via", Free),
        ],
    ));
    all.extend(rows(
        &[(
            "/facts/debtor/flags/cease",
            json!([{"received_at": "2026-12-01"}]),
        )],
        &[("/facts/debtor/flags/cease/0/received_at", stopped)],
    ));
    all.extend(rows(
        &[(
            "/facts/debtor/flags/medium_optout",
            json!([{"medium": "phone", "at": "2026-12-01", "via": "oral"}]),
        )],
        &[
            ("/facts/debtor/flags/medium_optout", Free),
            ("/facts/debtor/flags/medium_optout/0/medium", NoCase),
            (
                "/facts/debtor/flags/medium_optout/0/at",
                Refused(RuleId::MediumOptout),
            ),
            ("/facts/debtor/flags/medium_optout/0/via", Free),
        ],
    ));
    all.extend(rows(
        &[(
            "/facts/debtor/flags/address_optout",
            json!([{"address": "2125550142", "at": "2026-12-01"}]),
        )],
        &[
            ("/facts/debtor/flags/address_optout", Free),
            ("/facts/debtor/flags/address_optout/0/address", NoCase),
            (
                "/facts/debtor/flags/address_optout/0/at",
                Refused(RuleId::AddressOptout),
            ),
        ],
    ));
    all.extend(rows(
        &[
            ("/facts/attempt/party", json!("personal-representative")),
            (
                "/facts/debtor/flags/deceased",
                json!({"known_at": "2026-04-01",
                "representative": {"name": "Ann Doe", "authority": "executor"}}),
            ),
        ],
        &[
            ("/facts/debtor/flags/deceased", Refused(RuleId::ThirdParty)),
            ("/facts/debtor/flags/deceased/representative", dead),
            ("/facts/debtor/flags/deceased/representative/name", dead),
            (
                "/facts/debtor/flags/deceased/representative/authority",
                dead,
            ),
        ],
    ));
    all.extend(rows(
        &[(
            "/facts/debtor/flags/deceased",
            json!({"known_at": "2026-12-01"}),
        )],
        &[("/facts/debtor/flags/deceased/known_at", dead)],
    ));
    all
}

fn cases_in_court() -> Vec<Row> {
    let stayed = Refused(RuleId::Bankruptcy);
    let own = "/facts/debtor/flags/bankruptcy";
    let other = "/facts/debtor/flags/codebtor_of";
    let mut all = rows(
        &[(
            own,
            json!({"chapter": 7, "case_number": "26-1", "court": "SDNY", "filed_on": "2026-01-05",
                       "status": "dismissed", "ended_on": "2026-04-20"}),
        )],
        &[
            (own, Free),
            ("/facts/debtor/flags/bankruptcy/chapter", Free),
            ("/facts/debtor/flags/bankruptcy/case_number", Free),
            ("/facts/debtor/flags/bankruptcy/court", Free),
            ("/facts/debtor/flags/bankruptcy/status", stayed),
            // A case that is said to have ended has.
            ("/facts/debtor/flags/bankruptcy/ended_on", Free),
        ],
    );
    all.extend(rows(
        &[(own, json!({"filed_on": "2026-12-01"}))],
        &[("/facts/debtor/flags/bankruptcy/filed_on", stayed)],
    ));
    all.extend(rows(
        &[(other, json!({"chapter": 7, "filed_on": "2026-01-05"}))],
        &[
            (other, Free),
            ("/facts/debtor/flags/codebtor_of/chapter", stayed),
        ],
    ));
    all.extend(rows(
        &[(other, json!({"chapter": 13, "filed_on": "2026-12-01"}))],
        &[("/facts/debtor/flags/codebtor_of/filed_on", stayed)],
    ));
    all.extend(rows(
        &[(
            other,
            json!({"chapter": 13, "status": "dismissed", "ended_on": "2026-04-20"}),
        )],
        &[
            ("/facts/debtor/flags/codebtor_of/status", stayed),
            ("/facts/debtor/flags/codebtor_of/ended_on", Free),
        ],
    ));
    let scra = "/facts/debtor/flags/scra";
    all.extend(rows(
        &[(
            scra,
            json!({"active_duty": true, "since": "2026-02-01", "until": "2026-11-30",
                        "debt_before_service": true}),
        )],
        &[
            (scra, Free),
            ("/facts/debtor/flags/scra/active_duty", Free),
            ("/facts/debtor/flags/scra/since", Free),
            ("/facts/debtor/flags/scra/until", Free),
            ("/facts/debtor/flags/scra/debt_before_service", Free),
        ],
    ));
    all
}

/// A consent that lacks what makes it one is none.
fn consents() -> Vec<Row> {
    let shut = Refused(RuleId::CallHours);
    rows(
        &[
            ("/facts/attempt/at", json!("2026-05-12T21:30:00-04:00")),
            (
                "/facts/debtor/flags/prior_consents",
                json!([{"type": "time", "debt": "D1",
                "received_at": "2026-05-01", "through": "2026-06-01", "from": "21:00", "to": "22:00",
                "given_to": "collector", "during_compliant_contact": true}]),
            ),
        ],
        &[
            ("/facts/debtor/flags/prior_consents", shut),
            ("/facts/debtor/flags/prior_consents/0/type", NoCase),
            // Absent: all debts, no last day, from midnight, until midnight.
            ("/facts/debtor/flags/prior_consents/0/debt", Free),
            ("/facts/debtor/flags/prior_consents/0/through", Free),
            ("/facts/debtor/flags/prior_consents/0/from", Free),
            ("/facts/debtor/flags/prior_consents/0/to", Free),
            ("/facts/debtor/flags/prior_consents/0/received_at", shut),
            ("/facts/debtor/flags/prior_consents/0/given_to", shut),
            (
                "/facts/debtor/flags/prior_consents/0/during_compliant_contact",
                shut,
            ),
        ],
    )
}

fn debts() -> Vec<Row> {
    let mut all = rows(
        &[(
            "/facts/debts/0",
            json!({
            "id": "D1", "kind": "credit-card", "status": "in_outreach", "paused_until": "2026-01-01",
            "account_group": "G", "max_calls_per_week": 3, "limitations_expires_on": "2030-01-01",
            "limitations_expired_on": null, "time_barred": false,
            "validation": {"provided_on": "2025-11-03", "method": "mail", "period_ends_on": "2025-12-10",
                           "earlier_notices": [{"provided_on": "2025-10-01", "returned_on": "2025-10-20"}]}}),
        )],
        &[
            ("/facts/debts/0/status", Free),
            ("/facts/debts/0/paused_until", Free),
            ("/facts/debts/0/account_group", Free),
            ("/facts/debts/0/max_calls_per_week", Free),
            ("/facts/debts/0/limitations_expires_on", Free),
            ("/facts/debts/0/limitations_expired_on", Free),
            ("/facts/debts/0/time_barred", Free),
            ("/facts/debts/0/validation", Free),
            ("/facts/debts/0/validation/method", Free),
            ("/facts/debts/0/validation/period_ends_on", Free),
            ("/facts/debts/0/validation/earlier_notices", Free),
            (
                "/facts/debts/0/validation/earlier_notices/0/provided_on",
                Free,
            ),
            (
                "/facts/debts/0/validation/earlier_notices/0/returned_on",
                Free,
            ),
        ],
    );
    // Nobody knows what kind it is: taken as a consumer financial product.
    all.extend(rows(
        &[
            ("/facts/debts/0/kind", json!("lease-balance")),
            ("/facts/attempt/channel", json!("letter")),
            ("/facts/attempt/purpose", json!("validation-notice")),
            (
                "/facts/attempt/content",
                json!({"omitted": ["cfpb_website"]}),
            ),
        ],
        &[("/facts/debts/0/kind", Refused(RuleId::ValidationContent))],
    ));
    all.extend(rows(
        &[(
            "/facts/history",
            json!([{"at": "2026-04-01T10:00:00-04:00", "channel": "letter", "direction": "out"}]),
        )],
        &[(
            "/facts/debts/0/validation/provided_on",
            Warned(RuleId::ValidationOverdue),
        )],
    ));
    all.extend(rows(
        &[
            ("/facts/debts/0/incurred_on", json!("2026-02-01")),
            (
                "/facts/debtor/flags/bankruptcy",
                json!({"filed_on": "2026-01-05"}),
            ),
            ("/facts/attempt/acknowledged", json!(["bankruptcy"])),
        ],
        &[("/facts/debts/0/incurred_on", Refused(RuleId::Bankruptcy))],
    ));
    all.extend(rows(
        &[
            ("/facts/debts/0/included_in_discharge", json!(false)),
            (
                "/facts/debtor/flags/bankruptcy",
                json!({"status": "discharged"}),
            ),
        ],
        &[(
            "/facts/debts/0/included_in_discharge",
            Refused(RuleId::Discharged),
        )],
    ));
    all
}

fn disputes() -> Vec<Row> {
    let held = Refused(RuleId::DisputeHold);
    let answered = json!([{"received_at": "2025-11-20", "in_writing": true, "via": "mail",
        "form": "response-form", "portion": "all", "duplicative": true,
        "response": "duplicative-notice", "responded_at": "2025-11-25"}]);
    let mut all = rows(
        &[("/facts/debts/0/disputes", answered)],
        &[
            ("/facts/debts/0/disputes", Free),
            ("/facts/debts/0/disputes/0/via", Free),
            ("/facts/debts/0/disputes/0/form", Free),
            ("/facts/debts/0/disputes/0/duplicative", held),
            // An answer whose kind is not said is verification.
            ("/facts/debts/0/disputes/0/response", Free),
            ("/facts/debts/0/disputes/0/responded_at", held),
        ],
    );
    all.extend(rows(
        &[(
            "/facts/debts/0/disputes",
            json!([{"received_at": "2026-03-01", "in_writing": true}]),
        )],
        &[("/facts/debts/0/disputes/0/received_at", held)],
    ));
    all.extend(rows(
        &[(
            "/facts/debts/0/disputes",
            json!([{"received_at": "2025-11-20", "in_writing": false}]),
        )],
        &[("/facts/debts/0/disputes/0/in_writing", held)],
    ));
    all.extend(rows(
        &[
            (
                "/facts/debts/0/disputes",
                json!([{"in_writing": true, "portion": {"amount": "20.00", "what": "fees"}}]),
            ),
            (
                "/facts/attempt/content",
                json!({"amount_sought": "undisputed"}),
            ),
        ],
        &[
            ("/facts/debts/0/disputes/0/portion", held),
            ("/facts/debts/0/disputes/0/portion/amount", Free),
            ("/facts/debts/0/disputes/0/portion/what", Free),
            ("/facts/attempt/content/amount_sought", held),
        ],
    ));
    let asked = Refused(RuleId::OcRequestHold);
    all.extend(rows(
        &[(
            "/facts/debts/0/oc_requests",
            json!([{"received_at": "2025-11-20", "in_writing": true,
            "responded_at": "2025-11-25", "via": "mail"}]),
        )],
        &[
            ("/facts/debts/0/oc_requests", Free),
            ("/facts/debts/0/oc_requests/0/responded_at", asked),
            ("/facts/debts/0/oc_requests/0/via", Free),
        ],
    ));
    all.extend(rows(
        &[(
            "/facts/debts/0/oc_requests",
            json!([{"received_at": "2026-03-01", "in_writing": true}]),
        )],
        &[("/facts/debts/0/oc_requests/0/received_at", asked)],
    ));
    all.extend(rows(
        &[(
            "/facts/debts/0/oc_requests",
            json!([{"received_at": "2025-11-20", "in_writing": false}]),
        )],
        &[("/facts/debts/0/oc_requests/0/in_writing", asked)],
    ));
    all
}

/// A contact of which something is not known counts.
fn history() -> Vec<Row> {
    let talked = Warned(RuleId::CallConversation);
    let contact = |fields: Value| {
        let mut contact = json!({"at": "2026-05-11T10:00:00-04:00", "channel": "call",
                                 "direction": "out", "outcome": "conversation", "debt": "D1"});
        for (key, value) in fields.as_object().unwrap() {
            contact[key] = value.clone();
        }
        ("/facts/history", json!([contact]))
    };
    let mut all = rows(
        &[contact(
            json!({"party": "attorney", "script": "custom", "ringless": true,
                         "excluded": "consent", "consumer_said": "no", "debts": ["D1"]}),
        )],
        &[
            ("/facts/history/0/at", NoCase),
            ("/facts/history/0/channel", NoCase),
            ("/facts/history/0/direction", NoCase),
            ("/facts/history/0/party", talked),
            ("/facts/history/0/script", Free),
            ("/facts/history/0/ringless", Free),
            ("/facts/history/0/consumer_said", Free),
        ],
    );
    all.extend(rows(
        &[contact(json!({"debt": "D2"}))],
        &[("/facts/history/0/debt", talked)],
    ));
    all.extend(rows(
        &[contact(json!({"debt": null, "debts": ["D2"]}))],
        &[("/facts/history/0/debts", talked)],
    ));
    all.extend(rows(
        &[contact(json!({"purpose": "location-info"}))],
        &[("/facts/history/0/purpose", talked)],
    ));
    let just_now = |fields: Value| {
        let mut fields = fields;
        fields["at"] = json!("2026-05-12T09:58:00-04:00");
        contact(fields)
    };
    let rapid = Warned(RuleId::RapidCalls);
    all.extend(rows(
        &[just_now(
            json!({"outcome": "no-answer", "phone": "+12125550143"}),
        )],
        &[("/facts/history/0/phone", rapid)],
    ));
    all.extend(rows(
        &[just_now(json!({"outcome": "busy"}))],
        &[("/facts/history/0/outcome", rapid)],
    ));
    let call = |excluded: Option<&str>| {
        json!({"at": "2026-05-11T10:00:00-04:00", "channel": "call", "direction": "out",
               "outcome": "no-answer", "excluded": excluded})
    };
    let mut seven = vec![call(None); 7];
    seven[0] = call(Some("consent"));
    all.extend(rows(
        &[("/facts/history", json!(seven))],
        &[("/facts/history/0/excluded", Warned(RuleId::CallCount))],
    ));
    all
}

fn attempts() -> Vec<Row> {
    let talked = json!([{"at": "2026-05-11T10:00:00-04:00", "channel": "call", "direction": "in",
                         "outcome": "conversation", "debt": "D1"}]);
    let mut all = rows(
        &[
            ("/facts/attempt/initiator", json!("agent")),
            ("/facts/attempt/dialing", json!("manual")),
            ("/facts/attempt/recorded", json!(false)),
            ("/facts/attempt/recipient", json!("Pat Doe")),
            ("/facts/attempt/pushes_notification", json!(true)),
            (
                "/facts/attempt/expected_delivery_at",
                json!("2026-05-12T23:00:00-04:00"),
            ),
            ("/facts/attempt/content", json!({})),
        ],
        &[
            ("/facts/attempt/initiator", Free),
            ("/facts/attempt/dialing", Free),
            ("/facts/attempt/recorded", Free),
            ("/facts/attempt/recipient", Free),
            ("/facts/attempt/pushes_notification", Free),
            ("/facts/attempt/expected_delivery_at", Free),
            ("/facts/attempt/content", Free),
        ],
    );
    all.extend(rows(
        &[
            ("/facts/attempt/channel", json!("letter")),
            ("/facts/attempt/purpose", json!("dispute-response")),
            ("/facts/debts/0/disputes", json!([{"in_writing": true}])),
        ],
        &[("/facts/attempt/purpose", Refused(RuleId::DisputeHold))],
    ));
    all.extend(rows(
        &[
            ("/facts/attempt/party", json!("attorney")),
            ("/facts/debtor/flags/attorney", json!({"name": "Bergman"})),
        ],
        &[("/facts/attempt/party", Refused(RuleId::Attorney))],
    ));
    let acknowledged = json!([{"rule": "call-conversation", "evidence": "she asked", "by": "Ann"}]);
    all.extend(rows(
        &[
            ("/facts/history", talked),
            ("/facts/attempt/acknowledged", acknowledged),
        ],
        &[
            (
                "/facts/attempt/acknowledged",
                Warned(RuleId::CallConversation),
            ),
            ("/facts/attempt/acknowledged/0/rule", NoCase),
            ("/facts/attempt/acknowledged/0/evidence", Free),
            ("/facts/attempt/acknowledged/0/by", Free),
        ],
    ));
    all
}

fn contents() -> Vec<Row> {
    let faulty = Refused(RuleId::VoicemailContent);
    let mut all = rows(
        &[
            ("/facts/attempt/channel", json!("voicemail")),
            (
                "/facts/attempt/content",
                json!({"script": "limited-content", "business_name": "ABC, Inc.",
                "contact_name": "Robin Smith", "callback_number": "+12125550100", "reply_request": true}),
            ),
        ],
        &[
            ("/facts/attempt/content/script", faulty),
            ("/facts/attempt/content/business_name", faulty),
            ("/facts/attempt/content/contact_name", faulty),
            ("/facts/attempt/content/callback_number", faulty),
            ("/facts/attempt/content/reply_request", faulty),
        ],
    );
    all.extend(rows(
        &[
            ("/facts/attempt/channel", json!("letter")),
            (
                "/facts/debts/0/validation",
                json!({"provided_on": "2026-05-01"}),
            ),
            (
                "/facts/attempt/content",
                json!({"optout_notice": true, "debt_collector_disclosure": true,
                "demand_by": "2026-05-20", "dispute_right_restated": true, "format": "letter",
                "addressee": "Pat Doe"}),
            ),
        ],
        &[
            ("/facts/attempt/content/optout_notice", Free),
            ("/facts/attempt/content/debt_collector_disclosure", Free),
            ("/facts/attempt/content/demand_by", Free),
            (
                "/facts/attempt/content/dispute_right_restated",
                Refused(RuleId::Overshadow),
            ),
            ("/facts/attempt/content/format", Free),
            ("/facts/attempt/content/addressee", Free),
        ],
    ));
    let incomplete = Refused(RuleId::ValidationContent);
    all.extend(rows(
        &[
            ("/facts/attempt/channel", json!("letter")),
            ("/facts/attempt/purpose", json!("validation-notice")),
            ("/facts/debts/0/kind", json!("mortgage")),
            ("/facts/attempt/content", json!({"all_required_items": true, "omitted": ["itemization"],
                "missing": [], "itemization": {"interest": "0", "fees": "0", "credits": "0"},
                "end_date_shown": "2026-08-01", "account_number": "x1", "periodic_statement_attached": true})),
        ],
        &[
            ("/facts/attempt/content/all_required_items", Free),
            ("/facts/attempt/content/omitted", Free),
            ("/facts/attempt/content/missing", Free),
            ("/facts/attempt/content/itemization", Free),
            ("/facts/attempt/content/itemization/interest", incomplete),
            ("/facts/attempt/content/itemization/fees", incomplete),
            ("/facts/attempt/content/itemization/credits", incomplete),
            ("/facts/attempt/content/end_date_shown", Free),
            ("/facts/attempt/content/account_number", Free),
            ("/facts/attempt/content/periodic_statement_attached", incomplete),
        ],
    ));
    all
}

impl Row {
    fn file(&self) -> Value {
        let mut file = file();
        for (path, value) in &self.given {
            set(&mut file, path, value.clone());
        }
        file
    }

    fn check(&self, file: &Value, how: &str) {
        let (path, decision) = (&self.fact, decide(file));
        let Some(decision) = decision else {
            assert_eq!(self.without, NoCase, "{path} {how}: is no case");
            return;
        };
        let findings = &decision.findings;
        match self.without {
            NoCase => panic!("{path} {how}: is a case"),
            Free => assert!(
                !matches!(self.standing_rule(&decision), Some(rule) if Some(rule) != self.rule_before()),
                "{path} {how}: {findings:?}"
            ),
            Refused(rule) => {
                assert_eq!(decision.outcome, Outcome::Refuse, "{path} {how}");
                assert!(
                    decision.finding(rule).is_some(),
                    "{path} {how}: {rule} not in {findings:?}"
                );
            }
            Warned(rule) => {
                assert_eq!(
                    decision.outcome,
                    Outcome::Acknowledge,
                    "{path} {how}: {findings:?}"
                );
                assert!(
                    decision.finding(rule).is_some(),
                    "{path} {how}: {rule} not in {findings:?}"
                );
            }
        }
    }

    fn standing_rule(&self, decision: &Decision) -> Option<RuleId> {
        let standing = decision.findings.iter().find(|finding| finding.stands());
        standing.map(|finding| finding.rule)
    }

    /// What stands with the fact in place; nothing in nearly every situation.
    fn rule_before(&self) -> Option<RuleId> {
        self.standing_rule(&decide(&self.file()).unwrap())
    }
}

fn remove(file: &mut Value, path: &str) {
    let (parent, key) = path.rsplit_once('/').unwrap();
    let fields = file.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    fields.remove(key);
}

#[test]
fn a_fact_that_is_missing_refuses_or_has_the_default_that_is_stated() {
    for row in table() {
        let mut without = row.file();
        remove(&mut without, &row.fact);
        row.check(&without, "removed");
    }
}

#[test]
fn a_fact_that_is_null_is_missing() {
    for row in table() {
        let mut null = row.file();
        set(&mut null, &row.fact, Value::Null);
        // Where null is not taken for absent it is an error, which refuses.
        if decide(&null).is_some() {
            row.check(&null, "null");
        }
    }
}

#[test]
fn a_fact_that_cannot_be_read_is_an_error_that_says_where() {
    for row in table() {
        let mut spoilt = row.file();
        set(&mut spoilt, &row.fact, json!({"no such key": 1}));
        let error = cases::check(&Policy::builtin(), &spoilt.to_string())
            .expect_err(&row.fact)
            .to_string();
        let named = row
            .fact
            .rsplit('/')
            .filter(|part| part.parse::<usize>().is_err());
        assert!(
            named.take(2).any(|part| error.contains(part)),
            "{}: {error}",
            row.fact
        );
    }
}

/// A field that is added to the format without a row here fails.
#[test]
fn every_field_of_the_format_has_a_row() {
    let mut fields = BTreeSet::new();
    let mut rows = BTreeSet::new();
    for row in table() {
        rows.insert(schema_path(&row.fact));
        let case = cases::Case::parse(&row.file().to_string()).unwrap();
        let written = json!({"facts": serde_json::to_value(&case.facts).unwrap()});
        collect_fields("", &written, &mut fields);
        let attempt = json!({"facts": {"attempt": serde_json::to_value(&case.attempt).unwrap()}});
        collect_fields("", &attempt, &mut fields);
    }
    for field in ["/facts", "/facts/attempt"] {
        fields.remove(field);
    }
    let missing: Vec<&String> = fields.difference(&rows).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
    assert!(fields.len() > 130, "{}", fields.len());
}

/// `/facts/debts/0/id` as `/facts/debts/id`.
fn schema_path(path: &str) -> String {
    let parts = path
        .split('/')
        .filter(|part| part.parse::<usize>().is_err());
    parts.collect::<Vec<_>>().join("/")
}

fn collect_fields(at: &str, value: &Value, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let path = format!("{at}/{key}");
                collect_fields(&path, value, fields);
                fields.insert(path);
            }
        }
        Value::Array(values) => {
            for value in values {
                collect_fields(at, value, fields);
            }
        }
        _ => {}
    }
}
