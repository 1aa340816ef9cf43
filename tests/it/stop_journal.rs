//! What a restored database has forgotten and the journal beside it has not.

use diesel::prelude::*;
use forbear::actions::counsel::{self, Answer, Finding};
use forbear::actions::flags::{self, FlagInput, Learned};
use forbear::actions::stops;
use forbear::db::DbError;
use forbear::db::schema::{
    calls, email_sequences, flags as rows, stop_journals as journals, tasks,
};
use forbear::domain::actor::Actor;
use forbear::domain::id::{DebtorId, FlagId, StopJournalId};
use forbear::domain::stop::{FlagKind, Medium};
use forbear::store::stop_journals;
use serde_json::json;

use crate::support::TestApp;

fn input(app: &TestApp, debtor: DebtorId, learned: Learned) -> FlagInput {
    let creditor = app.rows(|conn| rows_creditor(conn, debtor));
    FlagInput {
        creditor,
        debtor,
        learned,
        via: Medium::Phone,
        received_at: app.now(),
    }
}

fn rows_creditor(
    conn: &mut forbear::db::DbConn,
    debtor: DebtorId,
) -> QueryResult<forbear::domain::id::CreditorId> {
    use forbear::db::schema::debtors;
    debtors::table
        .filter(debtors::id.eq(debtor))
        .select(debtors::creditor_id)
        .first(conn)
}

fn attorney(name: Option<&str>) -> Learned {
    Learned::Attorney {
        name: name.map(str::to_owned),
        firm: None,
        phone: None,
    }
}

fn in_force(app: &TestApp, debtor: DebtorId) -> Vec<(FlagId, FlagKind, String)> {
    app.rows(|conn| {
        rows::table
            .filter(rows::debtor_id.eq(debtor))
            .filter(rows::lifted_at.is_null())
            .order(rows::kind)
            .select((rows::id, rows::kind, rows::detail))
            .load(conn)
    })
}

/// The database as it was before: no flag, and outreach as planned.
fn restored(app: &TestApp, debtor: DebtorId) {
    app.ctx
        .db
        .write(|conn| {
            diesel::delete(rows::table.filter(rows::debtor_id.eq(debtor))).execute(conn)?;
            diesel::update(calls::table.filter(calls::debtor_id.eq(debtor)))
                .set(calls::status.eq("planned"))
                .execute(conn)?;
            diesel::update(email_sequences::table.filter(email_sequences::debtor_id.eq(debtor)))
                .set((
                    email_sequences::status.eq("active"),
                    email_sequences::next_send_at.eq(app.now()),
                ))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
    app.ctx.journal.set_compared(false, false);
}

fn live(app: &TestApp, debtor: DebtorId) -> (i64, i64) {
    app.rows(|conn| {
        Ok((
            calls::table
                .filter(calls::debtor_id.eq(debtor))
                .filter(calls::status.eq("planned"))
                .count()
                .get_result(conn)?,
            email_sequences::table
                .filter(email_sequences::debtor_id.eq(debtor))
                .filter(email_sequences::next_send_at.is_not_null())
                .count()
                .get_result(conn)?,
        ))
    })
}

#[actix_web::test]
async fn what_staff_recorded_is_applied_again_before_anything_is_dialled() {
    for (learned, left) in [
        (attorney(Some("Rosa Ortiz")), (0, 0)),
        (
            Learned::Bankruptcy {
                chapter: Some(13),
                case_number: None,
                court: None,
                filed_on: None,
            },
            (0, 0),
        ),
        (Learned::Deceased, (0, 0)),
        (Learned::DoNotCall, (0, 1)),
    ] {
        let app = TestApp::start().await;
        let debtor = app.debtor_of(app.place(app.creditor("Cedar Harbor"), |_| {}));
        let kind = learned.kind();
        flags::record(&app.ctx, Actor::System("cli"), input(&app, debtor, learned))
            .await
            .unwrap();
        let recorded = in_force(&app, debtor);
        let text = std::fs::read_to_string(app.folder.path().join("stops.journal")).unwrap();
        assert!(!text.contains("Ortiz"), "no names: {text}");
        assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 0);
        restored(&app, debtor);
        let outcome = stops::reconcile(&app.ctx).unwrap();
        assert_eq!((outcome.in_journal, outcome.reapplied), (1, 1), "{kind:?}");
        assert!(outcome.is_whole());
        let again = in_force(&app, debtor);
        assert_eq!(again.len(), 1);
        assert_eq!((again[0].0, again[0].1), (recorded[0].0, kind));
        assert_eq!(live(&app, debtor), left, "{kind:?}");
        assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 0, "once");
    }
}

#[actix_web::test]
async fn what_a_person_lifted_since_is_not_set_again() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let debtor = app.debtor_of(app.place(creditor, |_| {}));
    flags::record(
        &app.ctx,
        Actor::System("cli"),
        input(&app, debtor, attorney(None)),
    )
    .await
    .unwrap();
    let id = in_force(&app, debtor)[0].0;
    flags::lift(
        &app.ctx,
        &Actor::System("cli"),
        (creditor, debtor),
        id,
        "No longer represents",
    )
    .unwrap();
    app.ctx.journal.set_compared(false, false);
    assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 0);
    assert!(in_force(&app, debtor).is_empty());
}

#[actix_web::test]
async fn details_on_file_outlive_a_forgotten_record_of_the_same_kind() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let debtor = app.debtor_of(app.place(creditor, |_| {}));
    // In the backup there is a lawyer with a name; later the lawyer was recorded again.
    flags::record(
        &app.ctx,
        Actor::System("cli"),
        input(&app, debtor, attorney(Some("Rosa Ortiz"))),
    )
    .await
    .unwrap();
    let line = json!({
        "record": "flag/1", "flag": FlagId::generate(app.now()), "creditor": creditor,
        "debtor": debtor, "kind": "attorney", "via": "phone", "received_at": app.now(),
    });
    let path = app.folder.path().join("stops.journal");
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str(&format!("{line}\n"));
    std::fs::write(&path, text).unwrap();
    app.ctx.journal.set_compared(false, false);
    assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 1);
    let now = in_force(&app, debtor);
    assert_eq!(now.len(), 1);
    assert!(now[0].2.contains("Rosa Ortiz"), "{}", now[0].2);
}

#[actix_web::test]
async fn a_lawyer_who_agreed_to_contact_does_not_speak_for_a_later_one() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let debtor = app.debtor_of(app.place(creditor, |_| {}));
    let by = Actor::System("cli");
    let first = input(&app, debtor, attorney(Some("Rosa Ortiz")));
    flags::record(&app.ctx, by, first).await.unwrap();
    let consented = Finding {
        creditor,
        debtor,
        flag: in_force(&app, debtor)[0].0,
        answer: Answer::Consented,
        debts: Vec::new(),
        letters_sent: Vec::new(),
        note: "Ms. Ortiz agreed on the telephone.".to_owned(),
    };
    counsel::find_out(&app.ctx, &Actor::System("cli"), &consented).unwrap();
    let line = json!({
        "record": "flag/1", "flag": FlagId::generate(app.now()), "creditor": creditor,
        "debtor": debtor, "kind": "attorney", "via": "phone", "received_at": app.now(),
    });
    let path = app.folder.path().join("stops.journal");
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str(&format!("{line}\n"));
    std::fs::write(&path, text).unwrap();
    app.ctx.journal.set_compared(false, false);
    assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 1);
    let now = in_force(&app, debtor);
    assert_eq!(now.len(), 1);
    assert!(now[0].2.contains(r#""status":"active""#), "{}", now[0].2);
}

#[actix_web::test]
async fn a_voice_tool_leaves_its_record_in_the_journal_too() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let body = json!({
        "call_id": "CA0123", "tool_call_id": "t-1", "placement_id": placement,
        "arguments": {"name": "Rosa Ortiz"},
    });
    let answer = app
        .staff_program()
        .post_json("/v1/voice/tools/capture_attorney", &body)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    restored(&app, debtor);
    assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 1);
    assert_eq!(live(&app, debtor), (0, 0));
    let opened: Vec<String> = app.rows(|conn| tasks::table.select(tasks::kind).load(conn));
    assert!(opened.contains(&"route_through_counsel".to_owned()));
}

#[actix_web::test]
async fn military_service_stops_nothing_and_is_not_in_the_journal() {
    let app = TestApp::start().await;
    let debtor = app.debtor_of(app.place(app.creditor("Cedar Harbor"), |_| {}));
    flags::record(
        &app.ctx,
        Actor::System("cli"),
        input(
            &app,
            debtor,
            Learned::Military {
                since: None,
                until: None,
                debt_before_service: None,
            },
        ),
    )
    .await
    .unwrap();
    assert_eq!(stops::reconcile(&app.ctx).unwrap().in_journal, 0);
}

/// Two of the first stops of a journal end at the same moment, in transactions of their own.
#[actix_web::test]
async fn two_stops_note_a_new_journal_at_the_same_time() {
    let app = TestApp::start().await;
    for round in 0..30 {
        let id = StopJournalId::generate(app.now());
        let gate = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            for entries in [1, 2] {
                let (ctx, gate) = (&app.ctx, &gate);
                scope.spawn(move || {
                    gate.wait();
                    let noted: Result<(), DbError> = ctx.db.write(|conn| {
                        stop_journals::confirm(conn, id, entries, ctx.now()).map_err(DbError::from)
                    });
                    noted.unwrap_or_else(|error| panic!("round {round}: {error}"));
                });
            }
        });
        let known: i64 = app.rows(|conn| {
            journals::table
                .find(id)
                .select(journals::entries)
                .get_result(conn)
        });
        assert_eq!(known, 2, "round {round}: it never shrinks");
    }
}
