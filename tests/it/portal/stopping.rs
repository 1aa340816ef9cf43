//! "Request no further contact", from inside the portal.

use std::sync::mpsc;
use std::time::Duration;

use diesel::prelude::*;
use forbear::actions::stops;
use forbear::db::DbError;
use forbear::db::schema::{
    audit_events, calls, email_sequences, flags, outbox, stop_requests, tasks,
};
use forbear::domain::id::{
    AttemptId, ContactId, CreditorId, DebtorId, DecisionId, EventId, PlacementId,
};
use forbear::domain::stop::FlagKind;
use forbear::domain::time::Instant;
use forbear::store::attempts::{self, AttemptRow};

use super::{link, visitor};
use crate::support::{Client, TestApp};

/// Presses the button and returns the reference number.
async fn stop(client: &mut Client<'_>, scope: &str) -> String {
    let answer = client.post("/p/stop", &[("scope", scope)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer
        .location()
        .strip_prefix("/p/stop/")
        .unwrap()
        .to_owned()
}

/// Status and next date of each email series, and status of each call.
type Outreach = (Vec<(String, Option<Instant>)>, Vec<String>);

fn outreach(app: &TestApp, debtor: DebtorId) -> Outreach {
    app.rows(|conn| {
        Ok((
            email_sequences::table
                .filter(email_sequences::debtor_id.eq(debtor))
                .select((email_sequences::status, email_sequences::next_send_at))
                .load(conn)?,
            calls::table
                .filter(calls::debtor_id.eq(debtor))
                .select(calls::status)
                .load(conn)?,
        ))
    })
}

fn flags_of(app: &TestApp, debtor: DebtorId) -> Vec<FlagKind> {
    app.rows(|conn| {
        flags::table
            .filter(flags::debtor_id.eq(debtor))
            .filter(flags::verified.eq(true))
            .order(flags::kind)
            .select(flags::kind)
            .load(conn)
    })
}

fn count_requests(app: &TestApp, debtor: DebtorId) -> i64 {
    app.rows(|conn| {
        stop_requests::table
            .filter(stop_requests::debtor_id.eq(debtor))
            .count()
            .get_result(conn)
    })
}

#[actix_web::test]
async fn two_clicks_lead_from_the_account_to_a_receipt_that_can_be_read_again() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    client
        .get("/p/account")
        .await
        .assert_contains(r#"href="/p/stop""#);
    let form = client.get("/p/stop").await;
    form.assert_contains(r#"action="/p/stop""#);
    form.assert_contains(r#"value="all" checked"#);

    let reference = stop(&mut client, "all").await;
    for _ in 0..2 {
        let receipt = client.get(&format!("/p/stop/{reference}")).await;
        assert_eq!(receipt.status, 200);
        receipt.assert_contains(&reference);
        // In the debtor's own time: it is 16:00 UTC, and they live in Albany.
        receipt.assert_contains("stopped at 12:00 PM EDT on May 13, 2026");
        receipt.assert_contains("What happens next");
        receipt.assert_contains("Print this page");
        receipt.assert_contains("This covers every account you have with Cedar Harbor.");
    }
    let account = client.get("/p/account").await;
    account.assert_contains("Calls and emails to you are stopped.");
    account.assert_contains(&format!(r#"href="/p/stop/{reference}""#));
    // There is nothing left to choose: the page leads to the receipt instead of asking again.
    let again = client.get("/p/stop").await;
    again.assert_contains("There is nothing more to do.");
    again.assert_contains(&format!(r#"href="/p/stop/{reference}""#));
    again.assert_lacks("<form class=\"stack-24\"");
}

#[actix_web::test]
async fn a_stop_of_calls_leaves_the_choice_of_stopping_more() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    let reference = stop(&mut client, "call").await;
    let page = client.get("/p/stop").await;
    page.assert_contains("Calls to you are stopped.");
    page.assert_contains(r#"value="all" checked"#);
    client
        .get("/p/account")
        .await
        .assert_contains(&format!(r#"href="/p/stop/{reference}""#));
}

#[actix_web::test]
async fn everything_stops_every_account_of_the_debtor_in_one_go() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let first = app.place(creditor, |row| {
        row.debtor.reference = Some("R-1".to_owned());
    });
    app.place(creditor, |row| {
        row.debtor.reference = Some("R-1".to_owned());
    });
    let debtor = app.debtor_of(first);
    let mut client = visitor(&app, first).await;
    let reference = stop(&mut client, "all").await;

    let stopped = ("paused_opt_out".to_owned(), None);
    let cancelled = "cancelled".to_owned();
    assert_eq!(
        outreach(&app, debtor),
        (
            vec![stopped.clone(), stopped],
            vec![cancelled.clone(), cancelled]
        )
    );
    assert_eq!(
        flags_of(&app, debtor),
        [FlagKind::CallOptOut, FlagKind::Cease, FlagKind::EmailOptOut]
    );

    let events: Vec<(EventId, String, Option<EventId>, String)> = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::debtor_id.eq(debtor))
            .select((
                audit_events::id,
                audit_events::kind,
                audit_events::cause,
                audit_events::actor,
            ))
            .load(conn)
    });
    let one = |kind: &str| events.iter().find(|event| event.1 == kind).unwrap();
    let (request, _, _, actor) = one("debtor.stop_requested");
    assert_eq!(*actor, format!("debtor:{debtor}"));
    for kind in [
        "debtor.call_opt_out_set",
        "debtor.email_opt_out_set",
        "debtor.cease_set",
        "debtor.stop_effective",
    ] {
        assert_eq!(one(kind).2, Some(*request), "{kind}");
    }
    let (titles, told): (Vec<String>, Vec<String>) = app.rows(|conn| {
        Ok((
            tasks::table.select(tasks::title).load(conn)?,
            outbox::table
                .filter(outbox::topic.eq("webhook"))
                .filter(outbox::event_type.like("debtor.%"))
                .order(outbox::event_type)
                .select(outbox::event_type)
                .load(conn)?,
        ))
    });
    assert_eq!(
        titles,
        [format!("Stop request {reference}: check the file")]
    );
    assert_eq!(
        told,
        [
            "debtor.call_opt_out_set",
            "debtor.cease_set",
            "debtor.email_opt_out_set"
        ]
    );
}

#[actix_web::test]
async fn calls_only_cancels_calls_and_holds_emails_until_a_person_has_looked() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    let reference = stop(&mut client, "call").await;
    assert_eq!(
        outreach(&app, debtor),
        (
            vec![("paused".to_owned(), None)],
            vec!["cancelled".to_owned()]
        )
    );
    assert_eq!(flags_of(&app, debtor), [FlagKind::CallOptOut]);
    let receipt = client.get(&format!("/p/stop/{reference}")).await;
    receipt.assert_contains("Calls to you stopped at");
    receipt.assert_contains("Emails are on hold too");
}

#[actix_web::test]
async fn emails_only_leaves_calls_as_they_were() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    stop(&mut client, "email").await;
    assert_eq!(
        outreach(&app, debtor),
        (
            vec![("paused_opt_out".to_owned(), None)],
            vec!["planned".to_owned()]
        )
    );
    assert_eq!(flags_of(&app, debtor), [FlagKind::EmailOptOut]);
    let account = client.get("/p/account").await;
    account.assert_contains("Emails to you are stopped.");
}

#[actix_web::test]
async fn pressing_again_shows_the_request_that_stands() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    let first = stop(&mut client, "all").await;
    assert_eq!(stop(&mut client, "all").await, first);
    // Less than what stands adds nothing either.
    assert_eq!(stop(&mut client, "call").await, first);
    assert_eq!(count_requests(&app, debtor), 1);
    let open: i64 = app.rows(|conn| tasks::table.count().get_result(conn));
    assert_eq!(open, 1);
}

#[actix_web::test]
async fn two_presses_at_once_make_one_request() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut one = visitor(&app, placement).await;
    let mut two = app.anonymous();
    two.set_cookie(super::COOKIE, one.cookie(super::COOKIE).unwrap());
    let (first, second) =
        futures_util::future::join(stop(&mut one, "all"), stop(&mut two, "all")).await;
    assert_eq!(first, second);
    assert_eq!(count_requests(&app, debtor), 1);
}

#[actix_web::test]
async fn more_than_what_stands_is_a_request_of_its_own() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    let calls = stop(&mut client, "call").await;
    let all = stop(&mut client, "all").await;
    assert_ne!(calls, all);
    assert_eq!(count_requests(&app, debtor), 2);
    assert_eq!(outreach(&app, debtor).0[0].0, "paused_opt_out");
    for reference in [calls, all] {
        let receipt = client.get(&format!("/p/stop/{reference}")).await;
        assert_eq!(receipt.status, 200);
    }
}

#[actix_web::test]
async fn a_form_without_a_choice_changes_nothing_and_says_so() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    for scope in ["", "sms", "ALL"] {
        let answer = client.post("/p/stop", &[("scope", scope)]).await;
        assert_eq!(answer.status, 422, "{scope:?}");
        answer.assert_contains("Choose what should stop");
    }
    assert_eq!(count_requests(&app, debtor), 0);
}

#[actix_web::test]
async fn a_receipt_is_for_its_own_debtor_only() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let (own, other) = (app.place(creditor, |_| {}), app.place(creditor, |_| {}));
    let mut client = visitor(&app, own).await;
    let reference = stop(&mut client, "all").await;
    let mut stranger = visitor(&app, other).await;
    let path = format!("/p/stop/{reference}");
    let foreign = stranger.get(&path).await;
    let missing = stranger.get("/p/stop/22222222").await;
    assert_eq!((foreign.status, missing.status), (404, 404));
    assert_eq!(foreign.body.len(), missing.body.len());
    // Nor for anybody without a visit.
    assert_eq!(app.anonymous().get(&path).await.location(), "/p");
}

#[actix_web::test]
async fn no_mail_confirms_a_stop() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    let before = super::mails(&app).len();
    stop(&mut client, "all").await;
    assert_eq!(super::deliver(&app).await, 0);
    assert_eq!(super::mails(&app).len(), before);
    let waiting: i64 = app.rows(|conn| {
        outbox::table
            .filter(outbox::topic.eq("mail"))
            .filter(outbox::status.eq("pending"))
            .count()
            .get_result(conn)
    });
    assert_eq!(waiting, 0);
}

/// A debtor who stopped everything may still read about the account: the code is what they ask
/// for themselves.
#[actix_web::test]
async fn after_a_stop_the_debtor_can_still_come_in() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    let reference = stop(&mut client, "all").await;
    app.clock.advance(chrono::Duration::days(1));
    let mut later = visitor(&app, placement).await;
    let receipt = later.get(&format!("/p/stop/{reference}")).await;
    assert_eq!(receipt.status, 200);
}

/// A call that a dialer is about to start.
fn starting(
    app: &TestApp,
    creditor: CreditorId,
    debtor: DebtorId,
    placement: PlacementId,
) -> AttemptId {
    let now = app.now();
    let id = AttemptId::generate(now);
    let row = AttemptRow {
        creditor_id: creditor,
        id,
        debtor_id: debtor,
        placement_id: placement,
        channel: "call".to_owned(),
        address: "+15185550100".to_owned(),
        call_id: None,
        sequence_id: None,
        step: None,
        initiator: "automated".to_owned(),
        status: "starting".to_owned(),
        contact_epoch: 0,
        decision_id: DecisionId::generate(now),
        contact_id: ContactId::generate(now),
        worker: "another".to_owned(),
        provider_ref: None,
        error: None,
        authorised_at: now,
        deadline_at: now.plus(chrono::Duration::seconds(8)),
        lease_until: now.plus(chrono::Duration::seconds(15)),
        finished_at: None,
    };
    app.ctx
        .db
        .write(|conn| attempts::insert(conn, &row).map_err(DbError::from))
        .unwrap();
    id
}

#[actix_web::test]
async fn the_receipt_waits_for_a_call_that_is_starting() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    let attempt = starting(&app, creditor, debtor, placement);
    let effective = || -> Vec<bool> {
        app.rows(|conn| {
            stop_requests::table
                .select(stop_requests::effective_at.is_not_null())
                .load(conn)
        })
    };

    let press = std::pin::pin!(client.post("/p/stop", &[("scope", "all")]));
    let until_recorded = std::pin::pin!(async {
        while effective().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    // The stop is on record, and the debtor has no answer yet.
    let press = match futures_util::future::select(press, until_recorded).await {
        futures_util::future::Either::Left((answer, _)) => {
            panic!("answered while a call was starting: {}", answer.status)
        }
        futures_util::future::Either::Right(((), press)) => press,
    };
    assert_eq!(effective(), [false]);
    app.ctx
        .db
        .write(|conn| {
            attempts::finish(conn, creditor, attempt, "started", None, None, app.now())
                .map_err(DbError::from)
        })
        .unwrap();
    assert_eq!(press.await.status, 303);
    assert_eq!(effective(), [true]);
}

#[actix_web::test]
async fn a_stop_that_cannot_be_stored_is_held_kept_in_the_journal_and_asked_for_again() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;

    // Somebody else has the debtor's row, and on SQLite with it the writer.
    let (locked, is_locked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let db = app.ctx.db.clone();
    let holder = std::thread::spawn(move || {
        db.write(|conn| -> Result<(), DbError> {
            forbear::store::debtor_lock::lock(conn, creditor, debtor)?;
            locked.send(()).unwrap();
            released.recv().unwrap();
            Ok(())
        })
        .unwrap();
    });
    is_locked.recv().unwrap();
    let answer = client.post("/p/stop", &[("scope", "all")]).await;
    release.send(()).unwrap();
    holder.join().unwrap();

    assert_eq!(answer.status, 503, "{}", answer.body);
    answer.assert_contains("Please press the button again");
    answer.assert_contains(r#"value="all" checked"#);
    answer.assert_lacks("We have stopped");
    assert!(app.ctx.journal.is_held(debtor));
    assert_eq!(app.ctx.journal.read().unwrap().entries.len(), 1);
    assert_eq!(count_requests(&app, debtor), 0);

    let reference = stop(&mut client, "all").await;
    assert_eq!(count_requests(&app, debtor), 1);
    let receipt = client.get(&format!("/p/stop/{reference}")).await;
    assert_eq!(receipt.status, 200);
    // What the journal kept is found in the database, or applied to it.
    assert!(stops::reconcile(&app.ctx).unwrap().is_whole());
}

#[actix_web::test]
async fn a_wish_to_stop_is_not_lost_with_the_visit() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    app.clock.advance(chrono::Duration::minutes(16));
    let answer = client.post("/p/stop", &[("scope", "all")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/p"));
    let page = client.get("/p").await;
    page.assert_contains("Did you want us to stop contacting you?");
    page.assert_contains(r#"href="/stop""#);
    assert_eq!(
        app.anonymous().get(&link(&app, placement)).await.status,
        200
    );
}
