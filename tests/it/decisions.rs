//! How this was decided: for whoever may see the placement, each as far as they may know.

use diesel::prelude::*;
use forbear::actions::decisions::{self, Subject};
use forbear::actions::placing::{Attorney, Bankruptcy};
use forbear::db::DbConn;
use forbear::db::schema::decisions as rows;
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{DecisionId, PlacementId};
use forbear::gate::{Attempt, Channel};

use crate::support::TestApp;

const CREDITOR: &str = "Cedar Harbor";

/// A call to somebody with a lawyer and a bankruptcy, asked about and refused.
fn refused(app: &TestApp) -> (PlacementId, DecisionId) {
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.debtor.facts.attorney = Some(Attorney {
            name: Some("Rosa Ortiz".to_owned()),
            phone: Some("212-555-0177".parse().unwrap()),
            email: None,
        });
        row.debtor.facts.bankruptcy = Some(Bankruptcy {
            chapter: Some(7),
            filed_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 9),
        });
    });
    let subject = Subject {
        creditor,
        debtor: app.debtor_of(placement),
        placement,
    };
    let attempt = Attempt {
        phone: Some("+15185550001".to_owned()),
        ..Attempt::new(app.now(), Channel::Call, placement.as_str())
    };
    let (id, _) = decisions::check(&app.ctx, &Actor::System("cli"), subject, &attempt).unwrap();
    (placement, id)
}

#[actix_web::test]
async fn staff_see_every_rule_the_facts_in_words_and_that_it_replays() {
    let app = TestApp::start().await;
    let (placement, id) = refused(&app);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get(&format!("/decisions/{id}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.assert_says("Refused Checked again: the same answer");
    page.assert_says("Rosa Ortiz, (212) 555-0177 (active)");
    page.assert_says("Active, chapter 7, filed 9 Mar 2026");
    page.assert_says("11 U.S.C. 362");
    page.assert_contains(r#"<a href="/rules/attorney">"#);
    page.assert_says("rules had nothing against it");
    page.assert_contains(&format!("/placements/{placement}?tab=timeline"));
    let digest: String = app.rows(|conn| {
        rows::table
            .filter(rows::id.eq(id))
            .select(rows::digest)
            .first(conn)
    });
    page.assert_contains(&digest);
    // The stored texts are for the desk.
    page.assert_lacks("As stored");
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get(&format!("/decisions/{id}")).await;
    page.assert_says("As stored");
    page.assert_contains("&#34;policy_version&#34;");
}

#[actix_web::test]
async fn a_creditors_people_see_the_reasons_without_the_debtors_private_affairs() {
    let app = TestApp::start().await;
    let (_, id) = refused(&app);
    for role in [Role::CreditorAdmin, Role::CreditorMember] {
        let mut partner = app.sign_in(role, Some(CREDITOR)).await;
        let page = partner.get(&format!("/decisions/{id}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page.assert_says("Refused Checked again: the same answer");
        page.assert_says("What is private to the debtor is left out.");
        for private in [
            "Ortiz",
            "555-0177",
            "555-0001",
            "5550001",
            "Mar 2026",
            "chapter 7",
            "ZIP code",
            "As stored",
            "had nothing against it",
        ] {
            page.assert_lacks(private);
        }
    }
    app.creditor("Another");
    let mut stranger = app.sign_in(Role::CreditorAdmin, Some("Another")).await;
    assert_eq!(stranger.get(&format!("/decisions/{id}")).await.status, 404);
}

#[actix_web::test]
async fn a_record_that_was_changed_behind_the_programs_back_does_not_replay() {
    let app = TestApp::start().await;
    let (_, id) = refused(&app);
    // What the triggers forbid, somebody with the file of the database can do all the same.
    let forged: String = app.rows(|conn| {
        rows::table
            .filter(rows::id.eq(id))
            .select(rows::facts)
            .first::<String>(conn)
    });
    let forged = forged.replace("\"chapter\":7", "\"chapter\":13");
    app.ctx
        .db
        .write(|conn| {
            let (off, on) = match conn {
                DbConn::Sqlite(_) => ("DROP TRIGGER decisions_no_update".to_owned(), String::new()),
                DbConn::Pg(_) => (
                    "ALTER TABLE decisions DISABLE TRIGGER ALL".to_owned(),
                    "ALTER TABLE decisions ENABLE TRIGGER ALL".to_owned(),
                ),
            };
            diesel::sql_query(off).execute(conn)?;
            diesel::update(rows::table.filter(rows::id.eq(id)))
                .set(rows::facts.eq(&forged))
                .execute(conn)?;
            if !on.is_empty() {
                diesel::sql_query(on).execute(conn)?;
            }
            Ok::<_, forbear::db::DbError>(())
        })
        .unwrap();
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get(&format!("/decisions/{id}")).await;
    page.assert_says("Checked again: another answer");
    page.assert_lacks("Checked again: the same answer");
}
