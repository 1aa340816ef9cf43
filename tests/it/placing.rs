//! Placing accounts: who is the same debtor, what stops contact from the first moment, and what
//! is planned.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use forbear::actions::placing::{Attorney, Bankruptcy, Cease, NewPhone, NewPlacement, Placed};
use forbear::db::schema::{
    audit_events, calls, consents, debtors, disputes, email_sequences, emails, flags, phones,
    placements, stop_requests,
};
use forbear::domain::consent::{ConsentKind, GivenTo};
use forbear::domain::id::{DebtorId, PlacementId};
use forbear::domain::money::Cents;
use forbear::domain::placement::PlacementStatus;
use forbear::domain::stop::Medium;
use serde_json::Value;

use crate::support::TestApp;
use crate::support::builders::{account, email, phone};

fn flags_of(app: &TestApp, debtor: DebtorId) -> BTreeMap<String, Value> {
    let rows: Vec<(String, String)> = app.rows(|conn| {
        flags::table
            .filter(flags::debtor_id.eq(debtor))
            .filter(flags::lifted_at.is_null())
            .select((flags::kind, flags::detail))
            .load(conn)
    });
    rows.into_iter()
        .map(|(kind, detail)| (kind, serde_json::from_str(&detail).unwrap()))
        .collect()
}

fn sequence_of(app: &TestApp, placement: PlacementId) -> Option<(String, Option<String>, bool)> {
    app.rows(|conn| {
        email_sequences::table
            .filter(email_sequences::placement_id.eq(placement))
            .select((
                email_sequences::status,
                email_sequences::pause_cause,
                email_sequences::next_send_at.is_not_null(),
            ))
            .first(conn)
            .optional()
    })
}

fn calls_of(app: &TestApp, placement: PlacementId) -> Vec<String> {
    app.rows(|conn| {
        calls::table
            .filter(calls::placement_id.eq(placement))
            .select(calls::status)
            .load(conn)
    })
}

fn status_of(app: &TestApp, placement: PlacementId) -> PlacementStatus {
    app.rows(|conn| {
        placements::table
            .filter(placements::id.eq(placement))
            .select(placements::status)
            .first(conn)
    })
}

fn epoch_of(app: &TestApp, debtor: DebtorId) -> i64 {
    app.rows(|conn| {
        debtors::table
            .filter(debtors::id.eq(debtor))
            .select(debtors::contact_epoch)
            .first(conn)
    })
}

#[actix_web::test]
async fn an_account_without_stops_is_in_outreach_with_a_call_and_a_sequence_planned() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let placement = app.place(creditor, |_| {});
    assert_eq!(status_of(&app, placement), PlacementStatus::InOutreach);
    assert_eq!(calls_of(&app, placement), ["planned"]);
    assert_eq!(
        sequence_of(&app, placement),
        Some(("active".to_owned(), None, true))
    );
    let event: (String, Option<PlacementId>) = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::chain.eq(creditor.to_string()))
            .order(audit_events::seq.desc())
            .select((audit_events::kind, audit_events::placement_id))
            .first(conn)
    });
    assert_eq!(event, ("placement.created".to_owned(), Some(placement)));
}

#[actix_web::test]
async fn a_machine_calls_a_mobile_only_where_the_file_tells_of_consent_and_a_landline_without() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let place = |kind: &'static str, consent: bool| {
        app.place(creditor, |row| {
            row.debtor.phones = vec![NewPhone {
                kind,
                automated_calls_since: consent
                    .then(|| chrono::NaiveDate::from_ymd_opt(2026, 1, 5))
                    .flatten(),
                ..phone("518-555-0142")
            }];
        })
    };
    for (kind, consent, planned) in [
        ("mobile", false, false),
        ("unknown", false, false),
        ("mobile", true, true),
        ("landline", false, true),
    ] {
        let calls = calls_of(&app, place(kind, consent));
        assert_eq!(calls.len(), usize::from(planned), "{kind} {consent}");
    }
    let consents: Vec<(ConsentKind, GivenTo, Medium)> = app.rows(|conn| {
        consents::table
            .select((consents::kind, consents::given_to, consents::via))
            .load(conn)
    });
    assert_eq!(
        consents,
        [(ConsentKind::Autodial, GivenTo::Creditor, Medium::Import)]
    );
}

#[actix_web::test]
async fn an_account_that_nobody_can_be_reached_for_is_ready_and_nothing_is_planned() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let placement = app.place(creditor, |row| {
        row.debtor.phones.clear();
        row.debtor.emails.clear();
    });
    assert_eq!(status_of(&app, placement), PlacementStatus::Ready);
    assert!(calls_of(&app, placement).is_empty());
    assert_eq!(sequence_of(&app, placement), None);
}

#[actix_web::test]
async fn a_cease_in_the_file_stops_everything_and_stands_as_a_request() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let placement = app.place(creditor, |row| {
        row.debtor.facts.cease = Some(Cease {
            received_on: chrono::NaiveDate::from_ymd_opt(2026, 4, 2),
        });
    });
    let debtor = app.debtor_of(placement);
    let flags = flags_of(&app, debtor);
    assert_eq!(
        flags.keys().collect::<Vec<_>>(),
        ["call_opt_out", "cease", "email_opt_out"]
    );
    assert_eq!(flags["cease"]["received_at"], "2026-04-02T12:00:00Z");
    assert!(calls_of(&app, placement).is_empty());
    assert_eq!(
        sequence_of(&app, placement),
        Some((
            "paused_opt_out".to_owned(),
            Some("debtor_stop".to_owned()),
            false
        ))
    );
    let request: (String, String, i64) = app.rows(|conn| {
        stop_requests::table
            .filter(stop_requests::debtor_id.eq(debtor))
            .select((
                stop_requests::scope,
                stop_requests::via,
                stop_requests::contact_epoch,
            ))
            .first(conn)
    });
    assert_eq!(request, ("all".to_owned(), "import".to_owned(), 1));
    assert_eq!(epoch_of(&app, debtor), 1);
    let linked: i64 = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::debtor_id.eq(debtor))
            .filter(audit_events::cause.is_not_null())
            .select(count_star())
            .first(conn)
    });
    assert_eq!(linked, 3);
}

#[actix_web::test]
async fn attorney_and_bankruptcy_keep_their_details_and_pause_without_opting_out() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let placement = app.place(creditor, |row| {
        row.debtor.facts.attorney = Some(Attorney {
            name: Some("Ruth Kell".to_owned()),
            phone: Some("212-555-0142".parse().unwrap()),
            email: None,
        });
        row.debtor.facts.bankruptcy = Some(Bankruptcy {
            chapter: Some(13),
            filed_on: chrono::NaiveDate::from_ymd_opt(2026, 1, 5),
        });
    });
    let flags = flags_of(&app, app.debtor_of(placement));
    assert_eq!(flags["attorney"]["name"], "Ruth Kell");
    assert_eq!(flags["attorney"]["phone"], "+12125550142");
    assert_eq!(flags["bankruptcy"]["chapter"], 13);
    assert_eq!(flags["bankruptcy"]["filed_on"], "2026-01-05");
    assert!(calls_of(&app, placement).is_empty());
    assert_eq!(
        sequence_of(&app, placement),
        Some(("paused".to_owned(), Some("attorney".to_owned()), false))
    );
}

#[actix_web::test]
async fn an_opt_out_of_one_channel_leaves_the_other_open() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let no_calls = app.place(creditor, |row| row.debtor.facts.do_not_call = true);
    assert!(calls_of(&app, no_calls).is_empty());
    assert_eq!(sequence_of(&app, no_calls).unwrap().0, "active");
    let no_emails = app.place(creditor, |row| row.debtor.facts.email_opt_out = true);
    assert_eq!(calls_of(&app, no_emails), ["planned"]);
    assert_eq!(sequence_of(&app, no_emails).unwrap().0, "paused_opt_out");
}

#[actix_web::test]
async fn a_disputed_debt_is_placed_as_disputed_and_nothing_is_planned() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let placement = app.place(creditor, |row| row.disputed = true);
    assert_eq!(status_of(&app, placement), PlacementStatus::Disputed);
    assert!(calls_of(&app, placement).is_empty());
    assert_eq!(sequence_of(&app, placement).unwrap().0, "paused");
    let open: i64 = app.rows(|conn| {
        disputes::table
            .filter(disputes::placement_id.eq(placement))
            .filter(disputes::status.eq("open"))
            .select(count_star())
            .first(conn)
    });
    assert_eq!(open, 1);
}

/// `changes` made to two rows of one person: is it one debtor or two?
fn debtors_of(app: &TestApp, creditor: &str, changes: [fn(&mut NewPlacement); 2]) -> usize {
    let creditor = app.creditor(creditor);
    let first = account();
    let mut second = account();
    let invoice = second.invoice_number.clone();
    second = NewPlacement {
        invoice_number: invoice,
        ..first.clone()
    };
    let mut rows = [first, second];
    for (row, change) in rows.iter_mut().zip(changes) {
        change(row);
    }
    // In one batch, and in two.
    let together = app.place_rows(creditor, &rows);
    let other = app.creditor(&format!("{creditor} again"));
    let apart: Vec<Placed> = rows
        .iter()
        .flat_map(|row| app.place_rows(other, std::slice::from_ref(row)))
        .collect();
    let count = |placed: &[Placed]| {
        let mut debtors: Vec<_> = placed
            .iter()
            .map(|one| app.debtor_of(one.placement()))
            .collect();
        debtors.sort();
        debtors.dedup();
        debtors.len()
    };
    assert_eq!(count(&together), count(&apart));
    count(&together)
}

#[actix_web::test]
async fn a_debtor_is_found_again_by_reference_or_by_name_and_address() {
    let app = TestApp::start().await;
    let cases: [(&str, usize, [fn(&mut NewPlacement); 2]); 7] = [
        ("same name and address", 1, [|_| {}, |_| {}]),
        (
            "spelled in another case",
            1,
            [
                |_| {},
                |row| {
                    row.debtor.name = row.debtor.name.to_uppercase();
                    row.debtor.zip = Some("12207-1234".to_owned());
                },
            ],
        ),
        (
            "another state",
            2,
            [|_| {}, |row| row.debtor.state = Some("NJ".to_owned())],
        ),
        (
            "no address to compare",
            2,
            [
                |row| row.debtor.address_line1 = None,
                |row| {
                    row.debtor.address_line1 = None;
                },
            ],
        ),
        (
            "one reference, two addresses",
            1,
            [
                |row| row.debtor.reference = Some("C-1".to_owned()),
                |row| {
                    row.debtor.reference = Some("c-1".to_owned());
                    row.debtor.address_line1 = Some("elsewhere".to_owned());
                },
            ],
        ),
        (
            "two references, one address",
            2,
            [
                |row| row.debtor.reference = Some("C-1".to_owned()),
                |row| {
                    row.debtor.reference = Some("C-2".to_owned());
                },
            ],
        ),
        (
            "a reference only later",
            1,
            [|_| {}, |row| row.debtor.reference = Some("C-9".to_owned())],
        ),
    ];
    for (name, expected, changes) in cases {
        assert_eq!(debtors_of(&app, name, changes), expected, "{name}");
    }
}

#[actix_web::test]
async fn creditors_never_share_a_debtor() {
    let app = TestApp::start().await;
    let (one, other) = (app.creditor("One"), app.creditor("Other"));
    let row = account();
    let first = app.place_rows(one, std::slice::from_ref(&row))[0].placement();
    let second = app.place_rows(other, std::slice::from_ref(&row))[0].placement();
    assert_ne!(app.debtor_of(first), app.debtor_of(second));
}

#[actix_web::test]
async fn an_invoice_is_placed_once_however_it_is_spelled() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let mut row = account();
    row.invoice_number = "Inv 7".to_owned();
    let mut again = account();
    again.invoice_number = "INV  7".to_owned();
    again.amount = Cents::new(1);
    let placed = app.place_rows(creditor, &[row.clone(), again.clone()]);
    let placement = placed[0].placement();
    assert!(matches!(placed[0], Placed::Created { .. }));
    assert_eq!(placed[1], Placed::Duplicate { placement });
    assert_eq!(
        app.place_rows(creditor, &[again]),
        [Placed::Duplicate { placement }]
    );
    let count: i64 = app.rows(|conn| debtors::table.select(count_star()).first(conn));
    assert_eq!(count, 1);
}

#[actix_web::test]
async fn a_later_row_adds_numbers_and_stops_what_was_planned_for_the_earlier_one() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let first = account();
    let invoice = account().invoice_number;
    let mut second = NewPlacement {
        invoice_number: invoice,
        ..first.clone()
    };
    second.debtor.phones = vec![first.debtor.phones[0].clone(), phone("212-555-0199")];
    second.debtor.emails = vec![email("Second@Debtors.example")];
    second.debtor.facts.cease = Some(Cease::default());

    let earlier = app.place_rows(creditor, &[first])[0].placement();
    assert_eq!(calls_of(&app, earlier), ["planned"]);
    let later = app.place_rows(creditor, &[second])[0].placement();
    let debtor = app.debtor_of(earlier);
    assert_eq!(app.debtor_of(later), debtor);
    assert_eq!(calls_of(&app, earlier), ["cancelled"]);
    for placement in [earlier, later] {
        assert_eq!(sequence_of(&app, placement).unwrap().0, "paused_opt_out");
    }
    assert_eq!(epoch_of(&app, debtor), 1);
    let numbers: i64 = app.rows(|conn| {
        phones::table
            .filter(phones::debtor_id.eq(debtor))
            .select(count_star())
            .first(conn)
    });
    let addresses: Vec<String> = app.rows(|conn| {
        emails::table
            .filter(emails::debtor_id.eq(debtor))
            .order(emails::address)
            .select(emails::address)
            .load(conn)
    });
    assert_eq!(numbers, 2);
    assert_eq!(addresses.len(), 2);
    assert!(addresses.contains(&"second@debtors.example".to_owned()));
}

#[actix_web::test]
async fn an_account_of_a_debtor_who_is_stopped_already_begins_stopped() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let mut first = account();
    first.debtor.facts.cease = Some(Cease::default());
    let mut second = NewPlacement {
        invoice_number: account().invoice_number,
        ..first.clone()
    };
    second.debtor.facts.cease = None;
    app.place_rows(creditor, &[first]);
    let later = app.place_rows(creditor, &[second])[0].placement();
    assert!(calls_of(&app, later).is_empty());
    assert_eq!(sequence_of(&app, later).unwrap().0, "paused_opt_out");
    assert_eq!(epoch_of(&app, app.debtor_of(later)), 1);
}
