//! How a bankruptcy ended: a dismissal frees what waited for the case alone, a discharge never what
//! it covers.

use diesel::prelude::*;
use forbear::actions::stops;
use forbear::db::DbError;
use forbear::db::schema::{audit_events, calls, email_sequences, flags as rows};
use forbear::domain::access::Role;
use forbear::domain::id::{CreditorId, DebtorId, FlagId, PlacementId};
use forbear::domain::stop::FlagKind;
use forbear::gate::{Channel, RuleId, Severity};
use forbear::worker::planner::Place;
use forbear::worker::{self, Stopping};

use crate::flags::{ask, epoch, in_force, in_the_way, live, record};
use crate::support::{Answer, Client, TestApp};

/// Two accounts of one debtor.
fn two_accounts(app: &TestApp, creditor: CreditorId) -> (PlacementId, PlacementId) {
    let place = || {
        app.place(creditor, |row| {
            row.debtor.name = "Two Accounts".to_owned();
            row.debtor.reference = Some("C-1".to_owned());
        })
    };
    (place(), place())
}

const CASE: [(&str, &str); 3] = [
    ("kind", "bankruptcy"),
    ("chapter", "7"),
    ("filed_on", "2026-03-02"),
];

/// Says how the only case of the debtor ended.
async fn end(
    client: &mut Client<'_>,
    debtor: DebtorId,
    flag: FlagId,
    fields: &[(&str, &str)],
) -> Answer {
    let mut all = vec![
        ("via", "letter"),
        ("received_on", "2026-05-13"),
        ("note", "Order of the court, scanned."),
    ];
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend(fields);
    let path = format!("/debtors/{debtor}/flags/{flag}/case");
    client.post(&path, &all).await
}

async fn plan(app: &TestApp) -> usize {
    worker::planner::run(&app.ctx, &Place::default(), &Stopping::never())
        .await
        .unwrap()
}

fn letter(app: &TestApp, placement: PlacementId) -> Vec<RuleId> {
    in_the_way(&ask(app, placement, Channel::Letter, None))
}

/// Whether a call is planned and the series of emails runs.
fn outreach(app: &TestApp, placement: PlacementId) -> (bool, bool) {
    app.rows(|conn| {
        let planned: i64 = calls::table
            .filter(calls::placement_id.eq(placement))
            .filter(calls::status.eq("planned"))
            .count()
            .get_result(conn)?;
        let running: i64 = email_sequences::table
            .filter(email_sequences::placement_id.eq(placement))
            .filter(email_sequences::next_send_at.is_not_null())
            .count()
            .get_result(conn)?;
        Ok((planned == 1, running == 1))
    })
}

#[actix_web::test]
async fn a_dismissed_case_only_reminds_and_what_waited_for_it_goes_on() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(&mut officer, debtor, &CASE).await;
    let (flag, _) = in_force(&app, debtor)[0];
    assert_eq!(letter(&app, placement), [RuleId::Bankruptcy]);
    assert_eq!(plan(&app).await, 0, "not while it is open");

    let path = format!("/debtors/{debtor}/flags/{flag}/case");
    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    assert_eq!(supervisor.get(&path).await.status, 403);
    officer
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_contains(&path);
    officer
        .get(&path)
        .await
        .assert_says("Accounts that the discharge does not cover");
    let dismissed = [("status", "dismissed"), ("ended_on", "2026-05-11")];
    let answer = end(&mut officer, debtor, flag, &dismissed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);

    let decision = ask(&app, placement, Channel::Letter, None);
    assert!(in_the_way(&decision).is_empty());
    assert!(decision.findings.iter().any(|finding| {
        (finding.rule, finding.severity) == (RuleId::Bankruptcy, Severity::Reminder)
    }));
    let standing: Vec<FlagKind> = in_force(&app, debtor)
        .into_iter()
        .map(|(_, kind)| kind)
        .collect();
    assert_eq!(standing, [FlagKind::BankruptcyDismissed]);
    let page = officer.get(&format!("/debtors/{debtor}")).await;
    page.assert_says("Bankruptcy that was dismissed");
    page.assert_says("Ended on: 2026-05-11");
    page.assert_says("By letter");
    let page = officer
        .get(&format!("/placements/{placement}?tab=compliance"))
        .await;
    page.assert_lacks("Contact stopped");
    page.assert_says("Status: dismissed");
    assert_eq!(live(&app, debtor), (0, 0), "nothing starts by itself here");
    assert_eq!(plan(&app).await, 2, "the worker asks the gate");
    assert_eq!(outreach(&app, placement), (true, true));
    // The record before can't be answered for again.
    assert_eq!(
        end(&mut officer, debtor, flag, &dismissed).await.status,
        409
    );
}

#[actix_web::test]
async fn a_discharge_covers_every_account_that_nobody_excludes_for_good() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let (covered, excluded) = two_accounts(&app, creditor);
    let debtor = app.debtor_of(covered);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(&mut officer, debtor, &CASE).await;
    let (flag, _) = in_force(&app, debtor)[0];
    let tick = format!("not_covered_{excluded}");
    let fields = [
        ("status", "discharged"),
        ("ended_on", "2026-05-11"),
        (tick.as_str(), "yes"),
    ];
    let answer = end(&mut officer, debtor, flag, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);

    assert_eq!(letter(&app, covered), [RuleId::Discharged]);
    assert!(letter(&app, excluded).is_empty());
    plan(&app).await;
    plan(&app).await;
    assert_eq!(outreach(&app, covered), (false, false), "never again");
    assert_eq!(outreach(&app, excluded), (true, true));
    for (placement, says, lacks) in [
        (
            covered,
            "Yes: it may never be collected",
            "Contact with care",
        ),
        (excluded, "Covered by a discharge", "Contact stopped"),
    ] {
        let page = officer
            .get(&format!("/placements/{placement}?tab=compliance"))
            .await;
        page.assert_says(says);
        page.assert_lacks(lacks);
    }
    officer
        .get(&format!("/placements/{covered}"))
        .await
        .assert_says("Contact stopped: discharged in bankruptcy, chapter 7");
    let mut creditors = app.sign_in(Role::CreditorAdmin, Some("Cedar Harbor")).await;
    creditors
        .get(&format!("/placements/{excluded}?tab=compliance"))
        .await
        .assert_lacks("Covered by a discharge");

    let mut staff = app.staff_program();
    for (placement, state) in [(covered, "blocked"), (excluded, "active")] {
        let path = format!("/v1/placements/{placement}");
        assert_eq!(staff.get(&path).await.json()["outreach_state"], state);
    }

    // Nobody lifts it, and a later account is covered until somebody says otherwise.
    let (flag, kind) = in_force(&app, debtor)[0];
    assert_eq!(kind, FlagKind::Discharge);
    let lift = format!("/debtors/{debtor}/flags/{flag}/lift");
    let answer = officer.post(&lift, &[("reason", "A mistake.")]).await;
    assert_eq!(answer.status, 404);
    let (later, _) = two_accounts(&app, creditor);
    assert_eq!(letter(&app, later), [RuleId::Discharged]);
    assert_eq!(outreach(&app, later), (false, false));
}

#[actix_web::test]
async fn a_wrong_end_is_corrected_and_stops_contact_again() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(&mut officer, debtor, &CASE).await;
    let of = |app: &TestApp| in_force(app, debtor)[0].0;
    let discharged = [("status", "discharged"), ("ended_on", "2026-05-11")];
    end(&mut officer, debtor, of(&app), &discharged).await;
    assert_eq!(letter(&app, placement), [RuleId::Discharged]);
    let dismissed = [("status", "dismissed"), ("ended_on", "2026-05-12")];
    let answer = end(&mut officer, debtor, of(&app), &dismissed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(letter(&app, placement).is_empty());
    plan(&app).await;
    assert_eq!((live(&app, debtor), epoch(&app, debtor)), ((1, 1), 1));

    let answer = end(&mut officer, debtor, of(&app), &[("status", "active")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(letter(&app, placement), [RuleId::Bankruptcy]);
    assert_eq!((live(&app, debtor), epoch(&app, debtor)), ((0, 0), 2));
    let every: i64 = app.rows(|conn| rows::table.count().get_result(conn));
    assert_eq!(every, 4, "each record stays");
}

#[actix_web::test]
async fn the_end_of_a_co_debtors_case_shields_no_more() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let shielded = [("kind", "codebtor"), ("chapter", "13")];
    record(&mut officer, debtor, &shielded).await;
    assert_eq!(letter(&app, placement), [RuleId::Bankruptcy]);
    let (flag, _) = in_force(&app, debtor)[0];
    officer
        .get(&format!("/debtors/{debtor}/flags/{flag}/case"))
        .await
        .assert_lacks("not_covered");
    let ended = [("status", "discharged"), ("ended_on", "2026-05-11")];
    let answer = end(&mut officer, debtor, flag, &ended).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(letter(&app, placement).is_empty());
    officer
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_says("Co-debtor\u{2019}s bankruptcy that has ended");
    plan(&app).await;
    assert_eq!(outreach(&app, placement), (true, true));
}

#[actix_web::test]
async fn what_does_not_fit_comes_back_as_it_was_typed_and_the_case_stays_open() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(&mut officer, debtor, &CASE).await;
    let (flag, _) = in_force(&app, debtor)[0];
    let tick = format!("not_covered_{placement}");
    for (fields, why) in [
        (
            vec![("ended_on", "2026-05-11")],
            "Choose how matters stand with the case.",
        ),
        (
            vec![("status", "dismissed")],
            "Enter the day on which the case ended.",
        ),
        (
            vec![("status", "dismissed"), ("ended_on", "2026-06-01")],
            "This day is still to come.",
        ),
        (
            vec![("status", "discharged"), ("ended_on", "2026-03-01")],
            "The case was filed after this day.",
        ),
        (
            vec![("status", "active")],
            "The case is open on file. Choose how it ended.",
        ),
        (
            vec![
                ("status", "dismissed"),
                ("ended_on", "2026-05-11"),
                (tick.as_str(), "yes"),
            ],
            "Only a discharge covers accounts.",
        ),
        (
            vec![
                ("status", "dismissed"),
                ("ended_on", "2026-05-11"),
                ("note", " "),
            ],
            "Say how you know.",
        ),
    ] {
        let answer = end(&mut officer, debtor, flag, &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        answer.assert_says(why);
    }
    let kept = end(
        &mut officer,
        debtor,
        flag,
        &[("status", "discharged"), (tick.as_str(), "yes")],
    )
    .await;
    kept.assert_contains("Order of the court, scanned.");
    kept.assert_contains(&format!(r#"name="{tick}" value="yes" checked"#));
    assert_eq!(in_force(&app, debtor), [(flag, FlagKind::Bankruptcy)]);
    assert_eq!(letter(&app, placement), [RuleId::Bankruptcy]);
    // A flag that is no case has no end.
    record(&mut officer, debtor, &[("kind", "deceased")]).await;
    let (other, _) = *in_force(&app, debtor)
        .iter()
        .find(|(_, kind)| *kind == FlagKind::Deceased)
        .unwrap();
    let path = format!("/debtors/{debtor}/flags/{other}/case");
    assert_eq!(officer.get(&path).await.status, 404);
}

#[actix_web::test]
async fn the_trail_tells_who_said_how_it_ended_and_keeps_the_words_beside_the_chain() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(&mut officer, debtor, &CASE).await;
    let (flag, _) = in_force(&app, debtor)[0];
    let dismissed = [("status", "dismissed"), ("ended_on", "2026-05-11")];
    end(&mut officer, debtor, flag, &dismissed).await;
    let (actor, body): (String, String) = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("debtor.flag_set"))
            .order(audit_events::seq.desc())
            .select((audit_events::actor, audit_events::body))
            .first(conn)
    });
    assert!(actor.starts_with("user:"), "{actor}");
    let told: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(told["was"], "bankruptcy");
    assert_eq!(told["status"], "dismissed");
    assert_eq!(told["ended_on"], "2026-05-11");
    assert_eq!(told["source"], "letter");
    assert!(!body.contains("scanned"), "{body}");
    officer
        .get(&format!("/placements/{placement}"))
        .await
        .assert_says("Noted by letter: bankruptcy that was dismissed.");
}

/// Takes a record out of the database, as a backup that is older has it.
fn forget(app: &TestApp, flag: FlagId) {
    app.ctx
        .db
        .write(|conn| {
            diesel::delete(rows::table.filter(rows::id.eq(flag)))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
    app.ctx.journal.set_compared(false, false);
}

#[actix_web::test]
async fn a_restored_database_takes_no_later_case_for_the_one_that_was_dismissed() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(&mut officer, debtor, &CASE).await;
    let (flag, _) = in_force(&app, debtor)[0];
    let dismissed = [("status", "dismissed"), ("ended_on", "2026-05-11")];
    end(&mut officer, debtor, flag, &dismissed).await;
    assert!(letter(&app, placement).is_empty());
    record(&mut officer, debtor, &CASE).await;
    let second = in_force(&app, debtor)
        .into_iter()
        .find(|(_, kind)| *kind == FlagKind::Bankruptcy)
        .unwrap();
    forget(&app, second.0);
    assert!(
        letter(&app, placement).is_empty(),
        "the backup knows of one"
    );
    assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 1);
    assert!(in_force(&app, debtor).contains(&second));
    assert_eq!(letter(&app, placement), [RuleId::Bankruptcy]);
    // The end itself is on file and is not undone by the journal's older entry.
    assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 0);
}

#[actix_web::test]
async fn a_discharge_that_a_backup_lacks_opens_the_case_again() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(&mut officer, debtor, &CASE).await;
    let (flag, _) = in_force(&app, debtor)[0];
    let tick = format!("not_covered_{placement}");
    let fields = [
        ("status", "discharged"),
        ("ended_on", "2026-05-11"),
        (tick.as_str(), "yes"),
    ];
    end(&mut officer, debtor, flag, &fields).await;
    assert!(letter(&app, placement).is_empty());
    let (discharge, _) = in_force(&app, debtor)[0];
    forget(&app, discharge);
    assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 1);
    assert_eq!(in_force(&app, debtor), [(discharge, FlagKind::Bankruptcy)]);
    assert_eq!(letter(&app, placement), [RuleId::Bankruptcy]);
}
