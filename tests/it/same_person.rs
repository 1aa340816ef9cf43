//! A stop is a person's: it holds at their number and address, whatever account it was said of and
//! whichever creditor placed it.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::stops::{self, StopInput};
use forbear::db::schema::{audit_events, calls, email_sequences, flags};
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId, EventId, PlacementId};
use forbear::domain::stop::{FlagKind, Medium, Requester, StopScope};
use forbear::gate::facts::Channel;
use forbear::gate::{Attempt, Decision, Policy, RuleId, decide};
use forbear::store::facts;

use crate::support::TestApp;
use crate::support::builders::{email, phone};

const NUMBER: &str = "518-555-0142";
const ADDRESS: &str = "robin@debtors.example";

fn account(
    app: &TestApp,
    creditor: CreditorId,
    number: Option<&str>,
    address: Option<&str>,
) -> (PlacementId, DebtorId) {
    let placement = app.place(creditor, |row| {
        row.debtor.phones = number.map(phone).into_iter().collect();
        row.debtor.emails = address.map(email).into_iter().collect();
    });
    (placement, app.debtor_of(placement))
}

async fn stop(app: &TestApp, creditor: CreditorId, debtor: DebtorId, scope: StopScope) {
    let input = StopInput {
        creditor,
        debtor,
        placement: None,
        scope,
        via: Medium::Portal,
        requester: Requester::Debtor,
        words: None,
        in_writing: true,
        verified: true,
        received_at: app.now(),
    };
    let done = stops::stop_once(&app.ctx, Actor::Debtor(debtor), input).await;
    done.unwrap();
}

fn kinds(app: &TestApp, debtor: DebtorId) -> Vec<FlagKind> {
    app.rows(|conn| {
        flags::table
            .filter(flags::debtor_id.eq(debtor))
            .filter(flags::lifted_at.is_null())
            .order(flags::kind.asc())
            .select(flags::kind)
            .load(conn)
    })
}

/// Planned calls, and emails that may go out.
fn planned(app: &TestApp, debtor: DebtorId) -> (i64, i64) {
    app.rows(|conn| {
        let calls = calls::table
            .filter(calls::debtor_id.eq(debtor))
            .filter(calls::status.eq("planned"))
            .count()
            .get_result(conn)?;
        let emails = email_sequences::table
            .filter(email_sequences::debtor_id.eq(debtor))
            .filter(email_sequences::next_send_at.is_not_null())
            .count()
            .get_result(conn)?;
        Ok((calls, emails))
    })
}

fn ask(
    app: &TestApp,
    creditor: CreditorId,
    (placement, debtor): (PlacementId, DebtorId),
    channel: Channel,
) -> Decision {
    let file = app
        .rows(|conn| facts::load_one(conn, creditor, debtor))
        .unwrap();
    let mut attempt = Attempt::new(
        app.now().plus(Duration::minutes(5)),
        channel,
        placement.as_str(),
    );
    match channel {
        Channel::Email => attempt.email = Some(file.debtor.emails[0].address.clone()),
        _ => attempt.phone = Some(file.debtor.phones[0].number.clone()),
    }
    decide(&Policy::builtin(), &file, &attempt)
}

fn rules(decision: &Decision) -> Vec<RuleId> {
    decision.in_the_way().map(|finding| finding.rule).collect()
}

#[actix_web::test]
async fn the_same_number_and_address_are_the_same_person_for_every_creditor() {
    let app = TestApp::start().await;
    let (cedar, granite) = (app.creditor("Cedar Harbor"), app.creditor("Granite Ridge"));
    let (_, asked) = account(&app, cedar, Some(NUMBER), Some(ADDRESS));
    let (_, same) = account(&app, granite, Some(NUMBER), Some(ADDRESS));
    let (_, stranger) = account(
        &app,
        granite,
        Some("518-555-0143"),
        Some("else@debtors.example"),
    );

    stop(&app, cedar, asked, StopScope::All).await;
    assert_eq!(kinds(&app, same), kinds(&app, asked));
    assert_eq!(planned(&app, same), (0, 0));
    assert_eq!(kinds(&app, stranger), []);
    assert_eq!(planned(&app, stranger), (1, 1));

    // Each has a request of its own, and neither trail names the other creditor's.
    let (requests, causes): (i64, Vec<Option<EventId>>) = app.rows(|conn| {
        let own = audit_events::table
            .filter(audit_events::debtor_id.eq(same))
            .filter(audit_events::kind.eq("debtor.stop_requested"));
        Ok((
            own.count().get_result(conn)?,
            own.select(audit_events::cause).load(conn)?,
        ))
    });
    assert_eq!((requests, causes), (1, vec![None]));
}

#[actix_web::test]
async fn who_shares_a_number_alone_is_not_called_and_who_shares_an_address_alone_not_emailed() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let (_, asked) = account(&app, creditor, Some(NUMBER), Some(ADDRESS));
    let (_, at_number) = account(&app, creditor, Some(NUMBER), Some("else@debtors.example"));
    let (_, at_address) = account(&app, creditor, Some("518-555-0143"), Some(ADDRESS));

    stop(&app, creditor, asked, StopScope::All).await;
    assert_eq!(kinds(&app, at_number), [FlagKind::CallOptOut]);
    assert_eq!(kinds(&app, at_address), [FlagKind::EmailOptOut]);
}

#[actix_web::test]
async fn a_stop_of_emails_leaves_those_alone_who_share_only_the_number() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let (_, asked) = account(&app, creditor, Some(NUMBER), Some(ADDRESS));
    let (_, at_number) = account(&app, creditor, Some(NUMBER), None);
    stop(&app, creditor, asked, StopScope::Email).await;
    assert_eq!(kinds(&app, at_number), []);
    assert_eq!(planned(&app, at_number), (1, 0));
}

#[actix_web::test]
async fn who_is_placed_afterwards_under_another_name_is_not_reached_there_either() {
    let app = TestApp::start().await;
    let (cedar, granite) = (app.creditor("Cedar Harbor"), app.creditor("Granite Ridge"));
    let (_, asked) = account(&app, cedar, Some(NUMBER), Some(ADDRESS));
    stop(&app, cedar, asked, StopScope::All).await;
    app.clock.advance(Duration::minutes(2));

    let later = account(&app, granite, Some(NUMBER), Some(ADDRESS));
    for channel in [Channel::Call, Channel::Email] {
        let decision = ask(&app, granite, later, channel);
        assert!(!decision.is_allowed(), "{channel:?}");
        assert!(
            rules(&decision).contains(&RuleId::AddressOptout),
            "{channel:?}"
        );
    }
}

#[actix_web::test]
async fn more_debtors_at_one_number_than_a_person_has_are_not_stopped_one_by_one_but_not_called() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let all: Vec<_> = (0..22)
        .map(|_| account(&app, creditor, Some(NUMBER), None))
        .collect();
    stop(&app, creditor, all[0].1, StopScope::Call).await;
    assert_eq!(kinds(&app, all[1].1), []);
    let decision = ask(&app, creditor, all[1], Channel::Call);
    assert!(rules(&decision).contains(&RuleId::AddressOptout));
}
