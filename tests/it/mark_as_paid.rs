//! Recording a payment: exact cents, once, and never more than is owed.

use diesel::prelude::*;
use forbear::db::schema::{audit_events, calls, email_sequences, payments, placements};
use forbear::domain::access::Role;
use forbear::domain::id::PlacementId;

use crate::support::{Answer, Client, TestApp};

const CREDITOR: &str = "Harbor Supply";

struct Scene {
    app: TestApp,
    placement: PlacementId,
}

/// What a person fills in; the rest comes from the form that was shown.
#[derive(Clone, Copy)]
struct Typed<'a> {
    amount: &'a str,
    received_on: &'a str,
    method: &'a str,
    reference: &'a str,
    is_another: &'a str,
}

const TODAY: Typed<'_> = Typed {
    amount: "250.00",
    received_on: "2026-05-13",
    method: "wire",
    reference: "",
    is_another: "",
};

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let creditor = app.creditor(CREDITOR);
        let placement = app.place(creditor, |_| {});
        Self { app, placement }
    }

    async fn partner(&self) -> Client<'_> {
        self.app.sign_in(Role::CreditorMember, Some(CREDITOR)).await
    }

    fn path(&self) -> String {
        format!("/placements/{}/mark-as-paid", self.placement)
    }

    /// Sends the form that `page` shows, having seen fee and balance for `quoted`.
    async fn send(
        &self,
        client: &mut Client<'_>,
        page: &Answer,
        typed: Typed<'_>,
        quoted: &str,
    ) -> Answer {
        client
            .post(
                &self.path(),
                &[
                    ("amount", typed.amount),
                    ("received_on", typed.received_on),
                    ("method", typed.method),
                    ("reference", typed.reference),
                    ("note", ""),
                    ("is_another", typed.is_another),
                    ("quoted", quoted),
                    ("version", &page.field("version")),
                    ("once_key", &page.field("once_key")),
                ],
            )
            .await
    }

    async fn pay(&self, client: &mut Client<'_>, typed: Typed<'_>) -> Answer {
        let page = client.get(&self.path()).await;
        self.send(client, &page, typed, typed.amount).await
    }

    fn totals(&self) -> (String, i64, i64) {
        self.app.rows(|conn| {
            placements::table
                .filter(placements::id.eq(self.placement))
                .select((
                    placements::status,
                    placements::recovered_cents,
                    placements::fee_cents,
                ))
                .first(conn)
        })
    }

    fn ledger(&self) -> Vec<(i64, i64, i32)> {
        self.app.rows(|conn| {
            payments::table
                .order(payments::amount_cents.asc())
                .select((
                    payments::amount_cents,
                    payments::fee_cents,
                    payments::fee_bps,
                ))
                .load(conn)
        })
    }
}

#[actix_web::test]
async fn a_search_that_finds_no_payment_says_so() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let page = partner.get("/payments?q=zzz").await;
    page.assert_says("Nothing matches");
    page.assert_lacks("recorded on its placement");
    partner
        .get("/payments")
        .await
        .assert_says("A payment made to you is recorded on its placement");
}

#[actix_web::test]
async fn a_part_payment_stores_fee_and_rate_and_leaves_the_rest_open() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let answer = scene.pay(&mut partner, TODAY).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let ledger = partner.get(answer.location()).await;
    ledger.assert_says("$250.00 is recorded. Our fee on it is $62.50. $1,000.00 remains.");
    ledger.assert_says("Wire or bank transfer");
    assert_eq!(scene.ledger(), [(25_000, 6_250, 2_500)]);
    assert_eq!(scene.totals(), ("in_outreach".to_owned(), 25_000, 6_250));
    let list = partner.get("/payments").await;
    list.assert_says("All 1 payment");
    list.assert_says("$62.50");
}

#[actix_web::test]
async fn a_later_rate_does_not_touch_an_earlier_fee() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    scene.pay(&mut partner, TODAY).await;
    scene
        .app
        .ctx
        .db
        .write(|conn| {
            diesel::update(forbear::db::schema::creditors::table)
                .set(forbear::db::schema::creditors::contingency_bps.eq(1_000))
                .execute(conn)
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    let odd = Typed {
        amount: "333.35",
        ..TODAY
    };
    assert_eq!(scene.pay(&mut partner, odd).await.status, 303);
    // 10 % of 333.35 is 33.335, half up.
    assert_eq!(
        scene.ledger(),
        [(25_000, 6_250, 2_500), (33_335, 3_334, 1_000)]
    );
    assert_eq!(scene.totals().2, 6_250 + 3_334);
}

#[actix_web::test]
async fn the_last_payment_closes_the_placement_and_stops_everything_under_way() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let all = Typed {
        amount: "1,250.00",
        ..TODAY
    };
    let page = partner.get(&scene.path()).await;
    page.assert_says("closes as paid");
    let answer = scene.send(&mut partner, &page, all, "1250.00").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    partner
        .get(answer.location())
        .await
        .assert_says("The placement is paid in full and closed.");
    assert_eq!(scene.totals(), ("paid".to_owned(), 125_000, 31_250));
    let sequences: Vec<String> = scene.app.rows(|conn| {
        email_sequences::table
            .select(email_sequences::status)
            .load(conn)
    });
    assert_eq!(sequences, ["paused"]);
    let planned: Vec<String> = scene
        .app
        .rows(|conn| calls::table.select(calls::status).load(conn));
    assert_eq!(planned, ["cancelled"]);
    let linked: i64 = scene.app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("placement.paid"))
            .filter(audit_events::cause.is_not_null())
            .count()
            .get_result(conn)
    });
    assert_eq!(linked, 1);
    let again = scene
        .send(&mut scene.partner().await, &page, TODAY, "250.00")
        .await;
    assert_eq!(again.status, 409);
}

#[actix_web::test]
async fn fee_and_balance_are_seen_for_the_very_amount_before_it_is_recorded() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let page = partner.get(&scene.path()).await;
    page.assert_says("Our fee on this payment $312.50");
    let look = scene.send(&mut partner, &page, TODAY, "1250.00").await;
    assert_eq!(look.status, 200);
    look.assert_says("You changed the amount.");
    look.assert_says("Our fee on this payment $62.50");
    look.assert_says("Remaining afterwards $1,000.00");
    assert!(scene.ledger().is_empty());
    assert_eq!(look.field("quoted"), "250.00");
    let done = scene.send(&mut partner, &look, TODAY, "250.00").await;
    assert_eq!(done.status, 303);
    assert_eq!(scene.ledger().len(), 1);
}

#[actix_web::test]
async fn amounts_that_are_none_are_refused_with_what_was_typed() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    for (amount, sentence) in [
        ("", "Enter the amount received."),
        ("0", "Enter an amount of more than zero."),
        ("0.00", "Enter an amount of more than zero."),
        ("-5", "The amount is negative"),
        ("NaN", "The amount is not an amount"),
        ("1e9", "The amount is not an amount"),
        ("inf", "The amount is not an amount"),
        ("10.005", "The amount has more than two decimals"),
        ("1250.01", "Enter at most $1,250.00"),
        ("999999999999", "The amount is larger than"),
        ("12 50", "The amount is not an amount"),
    ] {
        let typed = Typed {
            amount,
            reference: "REF-7",
            ..TODAY
        };
        for quoted in [amount, ""] {
            let page = partner.get(&scene.path()).await;
            let answer = scene.send(&mut partner, &page, typed, quoted).await;
            assert_eq!(answer.status, 422, "{amount:?}");
            answer.assert_says(sentence);
            assert_eq!(answer.field("amount"), amount);
            assert_eq!(answer.field("reference"), "REF-7");
        }
    }
    assert!(scene.ledger().is_empty());
}

#[actix_web::test]
async fn a_day_before_placement_offers_recall_and_one_to_come_is_refused() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let before = scene
        .pay(
            &mut partner,
            Typed {
                received_on: "2026-05-12",
                ..TODAY
            },
        )
        .await;
    assert_eq!(before.status, 422);
    before.assert_says("No fee is due if you recall the placement instead.");
    before.assert_contains(&format!("/placements/{}/recall", scene.placement));
    let to_come = scene
        .pay(
            &mut partner,
            Typed {
                received_on: "2026-05-14",
                ..TODAY
            },
        )
        .await;
    assert_eq!(to_come.status, 422);
    to_come.assert_says("Enter a day that has come.");
    let no_day = scene
        .pay(
            &mut partner,
            Typed {
                received_on: "yesterday",
                method: "barter",
                ..TODAY
            },
        )
        .await;
    assert_eq!(no_day.status, 422);
    no_day.assert_says("Enter the day it was received");
    no_day.assert_says("Choose how it was paid.");
    assert!(scene.ledger().is_empty());
}

#[actix_web::test]
async fn one_form_sent_twice_records_one_payment() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let page = partner.get(&scene.path()).await;
    let first = scene.send(&mut partner, &page, TODAY, "250.00").await;
    let second = scene.send(&mut partner, &page, TODAY, "250.00").await;
    assert_eq!((first.status, second.status), (303, 303));
    partner
        .get(second.location())
        .await
        .assert_says("The payment of $250.00 was recorded already. Nothing was done again.");
    assert_eq!(scene.ledger().len(), 1);
    // Gone back in the browser and typed another amount into the used form.
    let other = Typed {
        amount: "300.00",
        ..TODAY
    };
    let reused = scene.send(&mut partner, &page, other, "300.00").await;
    assert_eq!(reused.status, 409);
    assert_eq!(scene.ledger().len(), 1);
}

#[actix_web::test]
async fn a_payment_like_one_on_record_needs_a_tick() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let typed = Typed {
        reference: "CHK 1042",
        method: "check",
        ..TODAY
    };
    assert_eq!(scene.pay(&mut partner, typed).await.status, 303);
    let alike = scene.pay(&mut partner, typed).await;
    assert_eq!(alike.status, 422);
    alike.assert_says("A payment like this is on record already: $250.00 on 13 May 2026.");
    assert_eq!(scene.ledger().len(), 1);
    let ticked = Typed {
        is_another: "yes",
        ..typed
    };
    let done = scene.send(&mut partner, &alike, ticked, "250.00").await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(scene.ledger().len(), 2);
    let other_reference = Typed {
        reference: "CHK 1043",
        ..typed
    };
    assert_eq!(scene.pay(&mut partner, other_reference).await.status, 303);
}

#[actix_web::test]
async fn a_form_shown_before_another_payment_is_stale() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let page = partner.get(&scene.path()).await;
    scene.pay(&mut partner, TODAY).await;
    let stale = scene
        .send(
            &mut partner,
            &page,
            Typed {
                amount: "1000.00",
                ..TODAY
            },
            "1000.00",
        )
        .await;
    assert_eq!(stale.status, 409);
    stale.assert_says("The payment was not recorded");
    stale.assert_says("Remaining $1,000.00");
    assert_eq!(scene.ledger().len(), 1);
}

#[actix_web::test]
async fn another_creditors_placement_is_not_found_whatever_is_sent() {
    let scene = Scene::set().await;
    scene.app.creditor("Other Freight");
    let mut other = scene
        .app
        .sign_in(Role::CreditorAdmin, Some("Other Freight"))
        .await;
    assert_eq!(other.get(&scene.path()).await.status, 404);
    assert_eq!(
        other.post(&scene.path(), &[("amount", "x")]).await.status,
        404
    );
    assert!(scene.ledger().is_empty());
}

#[actix_web::test]
async fn each_payment_has_a_receipt_that_later_payments_do_not_change() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    for (amount, quoted) in [("250.00", "250.00"), ("100.00", "100.00")] {
        scene.app.clock.advance(chrono::Duration::minutes(1));
        let page = partner.get(&scene.path()).await;
        let typed = Typed {
            amount,
            reference: "W-7",
            ..TODAY
        };
        let answer = scene.send(&mut partner, &page, typed, quoted).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    let tab = format!("/placements/{}?tab=payments", scene.placement);
    let page = partner.get(&tab).await;
    let receipts: Vec<String> = page
        .body
        .split("href=\"")
        .filter(|rest| rest.starts_with(&format!("/placements/{}/payments/", scene.placement)))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(receipts.len(), 2);
    let mut told: Vec<String> = Vec::new();
    for path in &receipts {
        let receipt = partner.get(path).await;
        assert_eq!(receipt.status, 200);
        receipt.assert_says("Creditor Harbor Supply");
        receipt.assert_says("Received on 13 May 2026");
        receipt.assert_says("Reference W-7");
        told.push(receipt.words());
    }
    let of = |amount: &str| {
        told.iter()
            .find(|words| words.contains(&format!("Payment received: {amount}")))
            .unwrap()
    };
    assert!(of("$250.00").contains("Remaining after it $1,000.00"));
    assert!(of("$250.00").contains("$62.50 (25 % of this payment)"));
    assert!(of("$100.00").contains("Remaining after it $900.00"));

    // Nobody else's, and not under another placement.
    let stranger = "Somebody Else";
    scene.app.creditor(stranger);
    let mut other = scene
        .app
        .sign_in(Role::CreditorMember, Some(stranger))
        .await;
    assert_eq!(other.get(&receipts[0]).await.status, 404);
    let elsewhere = scene
        .app
        .place(scene.app.creditor("Third"), |_| {})
        .to_string();
    let moved = receipts[0].replace(&scene.placement.to_string(), &elsewhere);
    let mut agent = scene.app.sign_in(Role::Agent, None).await;
    assert_eq!(agent.get(&moved).await.status, 404);
    assert_eq!(agent.get(&receipts[0]).await.status, 200);
}
