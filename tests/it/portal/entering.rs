//! From the link to the account, and every way in which one doesn't get there.

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use forbear::actions::placing::Itemization;
use forbear::actions::portal::links as actions;
use forbear::db::schema::{audit_events, portal_codes};
use forbear::domain::actor::Actor;
use forbear::domain::id::PortalLinkId;
use forbear::domain::money::Cents;
use forbear::domain::text_enum::TextEnum;
use forbear::store::{Scope, portal_links};

use super::{COOKIE, code, deliver, link, mails, newest_code, not, visitor};
use crate::support::builders::email;
use crate::support::{Answer, TestApp};

/// Before the code nobody learns whose account it is, whose money, or where the code went.
fn assert_discreet(answer: &Answer) {
    for word in [
        "Cedar Harbor",
        "Dana",
        "dana",
        "debtors.example",
        "INV-",
        "1,250",
        "debt",
        "owe",
    ] {
        answer.assert_lacks(word);
    }
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn a_link_and_the_code_from_the_mail_open_the_account() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |row| {
        row.invoice_number = "CH-77".to_owned();
        row.itemization = Some(Itemization {
            on: NaiveDate::from_ymd_opt(2026, 1, 31).unwrap(),
            amount: Some(Cents::new(120_000)),
            interest: Some(Cents::new(10_000)),
            fees: None,
            credits: Some(Cents::new(5_000)),
        });
    });
    let link = link(&app, placement);
    let mut client = app.anonymous();
    let landing = client.get(&link).await;
    assert_eq!(landing.status, 200);
    landing.assert_contains("Email me a code");
    assert_discreet(&landing);

    let sent = client.post(&link, &[]).await;
    assert_eq!(
        (sent.status, sent.location()),
        (303, &*format!("{link}/code"))
    );
    let form = client.get(sent.location()).await;
    assert_eq!(form.status, 200);
    assert_discreet(&form);
    assert_eq!(deliver(&app).await, 1);

    let code = newest_code(&app);
    let entered = client
        .post(&format!("{link}/code"), &[("code", &format!(" {code} "))])
        .await;
    assert_eq!((entered.status, entered.location()), (303, "/p/account"));
    let cookie = entered.header("set-cookie");
    for part in [COOKIE, "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }

    let account = client.get("/p/account").await;
    assert_eq!(account.status, 200);
    for text in [
        "<title>Your account</title>",
        "Northbridge Recovery",
        "410 Canal Street",
        "(614) 555-0100",
        "Cedar Harbor",
        "Invoice CH-77",
        "Amount on Jan 31, 2026",
        "$1,200.00",
        "$100.00",
        "\u{2212}$50.00",
        "Total on May 13, 2026",
        "$1,250.00",
        r#"href="/p/stop""#,
    ] {
        account.assert_contains(text);
    }
    assert_eq!(account.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn what_happened_on_the_way_in_is_on_record_without_personal_details() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    visitor(&app, placement).await;
    let events: Vec<(String, String, String)> = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::placement_id.eq(placement))
            .filter(audit_events::kind.like("portal.%"))
            .order(audit_events::seq)
            .select((audit_events::kind, audit_events::actor, audit_events::body))
            .load(conn)
    });
    let kinds: Vec<&str> = events.iter().map(|(kind, _, _)| kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "portal.link_created",
            "portal.code_sent",
            "portal.signed_in"
        ]
    );
    let code = newest_code(&app);
    for (kind, _, body) in &events {
        assert!(
            !body.contains('@') && !body.contains(&code),
            "{kind}: {body}"
        );
    }
    assert_eq!(events[1].1, "anonymous");
    assert_eq!(events[2].1, format!("debtor:{}", app.debtor_of(placement)));
}

#[actix_web::test]
async fn five_wrong_codes_spend_the_right_one() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let link = link(&app, placement);
    let mut client = app.anonymous();
    let right = code(&app, &mut client, &link).await;
    let wrong = not(&right);
    let form = format!("{link}/code");
    for attempt in 1..=5 {
        let answer = client.post(&form, &[("code", &wrong)]).await;
        assert_eq!(answer.status, 422, "try {attempt}");
        let expected = if attempt < 5 {
            "That is not the code"
        } else {
            "no longer works"
        };
        answer.assert_contains(expected);
    }
    let late = client.post(&form, &[("code", &right)]).await;
    assert_eq!(late.status, 422);
    assert_eq!(client.cookie(COOKIE), None);

    let fresh = code(&app, &mut client, &link).await;
    assert_eq!(client.post(&form, &[("code", &fresh)]).await.status, 303);
}

#[actix_web::test]
async fn a_code_is_good_for_ten_minutes_and_once() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let link = link(&app, placement);
    let form = format!("{link}/code");
    let mut client = app.anonymous();
    let late = code(&app, &mut client, &link).await;
    app.clock.advance(Duration::minutes(10));
    assert_eq!(client.post(&form, &[("code", &late)]).await.status, 422);

    let once = code(&app, &mut client, &link).await;
    app.clock.advance(Duration::minutes(9));
    assert_eq!(client.post(&form, &[("code", &once)]).await.status, 303);
    let mut second = app.anonymous();
    let again = second.post(&form, &[("code", &once)]).await;
    assert_eq!(again.status, 422);
    again.assert_contains("no longer works");
    assert_eq!(second.cookie(COOKIE), None);
}

#[actix_web::test]
async fn only_the_newest_code_is_good_and_a_code_opens_no_other_link() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let own = link(&app, app.place(creditor, |_| {}));
    let other = link(&app, app.place(creditor, |_| {}));
    let mut client = app.anonymous();
    let first = code(&app, &mut client, &own).await;
    let second = code(&app, &mut client, &own).await;
    assert_ne!(first, second);
    code(&app, &mut client, &other).await;
    let form = format!("{own}/code");
    assert_eq!(client.post(&form, &[("code", &first)]).await.status, 422);
    let other_form = format!("{other}/code");
    let foreign = client.post(&other_form, &[("code", &second)]).await;
    assert_eq!(foreign.status, 422);
    assert_eq!(client.post(&form, &[("code", &second)]).await.status, 303);
}

#[actix_web::test]
async fn a_link_sends_five_codes_an_hour() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let link = link(&app, placement);
    let mut client = app.anonymous();
    for _ in 0..5 {
        assert_eq!(client.post(&link, &[]).await.status, 303);
        app.clock.advance(Duration::minutes(1));
    }
    let sixth = client.post(&link, &[]).await;
    assert_eq!(sixth.status, 429);
    sixth.assert_contains("call us at (614) 555-0100");
    sixth.assert_contains(r#"href="/stop""#);
    let made: i64 = app.rows(|conn| portal_codes::table.count().get_result(conn));
    assert_eq!(made, 5);

    app.clock.advance(Duration::minutes(55));
    assert_eq!(client.post(&link, &[]).await.status, 303);
}

#[actix_web::test]
async fn a_code_stands_nowhere_in_the_database() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let link = link(&app, placement);
    app.anonymous().post(&link, &[]).await;
    let stored: Vec<String> = app.rows(|conn| {
        use forbear::db::schema::outbox;
        let mut stored: Vec<String> = outbox::table
            .filter(outbox::topic.eq("mail"))
            .select(outbox::payload)
            .load(conn)?;
        stored.extend(
            portal_codes::table
                .select(portal_codes::code_hash)
                .load::<String>(conn)?,
        );
        Ok(stored)
    });
    assert_eq!(stored.len(), 2);
    deliver(&app).await;
    let code = newest_code(&app);
    for text in stored {
        assert!(!text.contains(&format!("\"{code}\"")), "{text}");
        assert!(!text.contains('@'), "{text}");
    }
}

#[actix_web::test]
async fn every_link_that_is_not_good_looks_the_same() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let make = |lifetime| {
        let (id, address) = actions::create_link(
            &app.ctx,
            &Actor::System("demo"),
            Scope::Agency,
            placement,
            lifetime,
        )
        .unwrap();
        (id, address.replace("http://forbear.test", ""))
    };
    let (revoked_id, revoked) = make(actions::LIFETIME);
    let (_, expired) = make(Duration::days(1));
    let (gone_id, gone) = make(actions::LIFETIME);
    let good = link(&app, placement);
    let forged = format!("{}{}", &good[..good.len() - 8], "AAAAAAAA");
    let unknown = format!("/p/{}", "A".repeat(43));
    actions::revoke_link(
        &app.ctx,
        &Actor::System("demo"),
        Scope::Agency,
        placement,
        revoked_id,
    )
    .unwrap();
    app.ctx
        .db
        .write(|conn| {
            use forbear::db::schema::portal_links;
            diesel::delete(portal_links::table.filter(portal_links::id.eq(gone_id)))
                .execute(conn)
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    app.clock.advance(Duration::days(2));
    assert_eq!(app.anonymous().get(&good).await.status, 200);

    // What differs by itself: the address, and the nonce.
    let plain = |answer: Answer, path: &str| {
        let body = answer.body.replace(path, "/p/TOKEN");
        let mut parts = body.split("nonce=\"");
        let mut text = parts.next().unwrap().to_owned();
        for part in parts {
            text.push_str(part.split_once('"').unwrap().1);
        }
        (answer.status, text)
    };
    let mut seen = Vec::new();
    for path in [&revoked, &expired, &gone, &forged, &unknown] {
        let mut client = app.anonymous();
        let shown = client.get(path).await;
        shown.assert_contains(r#"href="/stop""#);
        assert_discreet(&shown);
        seen.push(plain(shown, path));
        seen.push(plain(client.post(path, &[]).await, path));
        let form = format!("{path}/code");
        let body = plain(client.post(&form, &[("code", "123456")]).await, path);
        seen.push((body.0, body.1.replace("TOKEN/code", "TOKEN")));
    }
    assert_eq!(seen[0].0, 404);
    assert!(seen.iter().all(|answer| *answer == seen[0]), "{seen:#?}");
    assert_eq!(deliver(&app).await, 0);
}

#[actix_web::test]
async fn a_visit_ends_after_a_quarter_of_an_hour_unused() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    app.clock.advance(Duration::minutes(14));
    assert_eq!(client.get("/p/account").await.status, 200);
    app.clock.advance(Duration::minutes(14));
    assert_eq!(client.get("/p/account").await.status, 200);
    app.clock.advance(Duration::minutes(15));
    let ended = client.get("/p/account").await;
    assert_eq!((ended.status, ended.location()), (303, "/p"));
    let page = client.get("/p").await;
    assert_eq!(page.status, 200);
    page.assert_contains(r#"href="/stop""#);
    assert_discreet(&page);
}

#[actix_web::test]
async fn a_visit_ends_after_an_hour_however_much_it_is_used() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    for _ in 0..5 {
        app.clock.advance(Duration::minutes(11));
        assert_eq!(client.get("/p/account").await.status, 200);
    }
    app.clock.advance(Duration::minutes(5));
    assert_eq!(client.get("/p/account").await.location(), "/p");
}

#[actix_web::test]
async fn leaving_ends_the_visit_on_the_server_and_the_page_after_it_names_nobody() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    let key = client.cookie(COOKIE).unwrap().to_owned();
    let left = client.post("/p/leave", &[]).await;
    assert_eq!((left.status, left.location()), (303, "/p/left"));
    assert_eq!(client.cookie(COOKIE), None);
    let page = client.get("/p/left").await;
    assert_eq!(page.status, 200);
    assert_discreet(&page);
    page.assert_lacks("Northbridge");

    let mut thief = app.anonymous();
    thief.set_cookie(COOKIE, &key);
    assert_eq!(thief.get("/p/account").await.location(), "/p");
}

#[actix_web::test]
async fn revoking_a_link_ends_the_visits_that_came_by_it() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let mut client = visitor(&app, placement).await;
    let id: PortalLinkId = app
        .rows(|conn| portal_links::of_placement(conn, creditor, placement))
        .first()
        .unwrap()
        .id;
    actions::revoke_link(
        &app.ctx,
        &Actor::System("demo"),
        Scope::Agency,
        placement,
        id,
    )
    .unwrap();
    assert_eq!(client.get("/p/account").await.location(), "/p");
}

#[actix_web::test]
async fn a_dashboards_cookie_opens_no_portal_and_the_other_way_round() {
    use forbear::domain::access::Role;
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = visitor(&app, placement).await;
    let mut staff = app.sign_in(Role::Supervisor, None).await;
    assert_eq!(staff.get("/p/account").await.location(), "/p");
    let mut crossed = app.anonymous();
    crossed.set_cookie("forbear", debtor.cookie(COOKIE).unwrap());
    assert!(crossed.get("/").await.location().starts_with("/sign-in"));
    crossed.set_cookie(COOKIE, staff.cookie("forbear").unwrap());
    assert_eq!(crossed.get("/p/account").await.location(), "/p");
}

#[actix_web::test]
async fn without_an_address_of_their_own_a_debtor_hears_how_else_to_reach_us() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let none = app.place(creditor, |row| row.debtor.emails.clear());
    // A code at work would show colleagues that there is something to hide.
    let at_work = app.place(creditor, |row| {
        let mut address = email("dana@employer.example");
        address.is_employers = true;
        row.debtor.emails = vec![address];
    });
    for placement in [none, at_work] {
        let link = link(&app, placement);
        let mut client = app.anonymous();
        for answer in [client.get(&link).await, client.post(&link, &[]).await] {
            assert_eq!(answer.status, 200);
            answer.assert_contains("Call us at (614) 555-0100");
            answer.assert_contains("410 Canal Street");
            answer.assert_contains(r#"href="/stop""#);
            answer.assert_lacks("Email me a code");
        }
    }
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(mails(&app), Vec::<String>::new());
}

#[actix_web::test]
async fn an_account_that_is_closed_is_not_asked_for_any_more() {
    use forbear::db::schema::placements;
    use forbear::domain::placement::PlacementStatus;
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    app.ctx
        .db
        .write(|conn| {
            diesel::update(placements::table.filter(placements::id.eq(placement)))
                .set(placements::status.eq(PlacementStatus::Recalled.as_str()))
                .execute(conn)
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    let account = client.get("/p/account").await;
    account.assert_contains("no longer collects this account");
    account.assert_lacks("We are trying to collect");
}

#[actix_web::test]
async fn the_pages_speak_spanish_to_who_understands_it_better() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |row| {
        row.debtor.language = "es";
    });
    let link = link(&app, placement);
    let mut client = app.anonymous();
    client
        .get(&link)
        .await
        .assert_contains(r#"<html lang="en">"#);
    client.set_header("accept-language", "es-MX,es;q=0.9,en;q=0.8");
    client
        .get(&link)
        .await
        .assert_contains(r#"<html lang="es">"#);
    client.post(&link, &[]).await;
    deliver(&app).await;
    let mail = mails(&app).pop().unwrap();
    assert!(mail.contains("Su c\u{f3}digo es "), "{mail}");

    // A choice counts for more than the browser, and is kept.
    let english = client.get(&format!("{link}?lang=en")).await;
    english.assert_contains(r#"<html lang="en">"#);
    client
        .get(&link)
        .await
        .assert_contains(r#"<html lang="en">"#);

    // Inside, the language on file counts, unless there was a choice.
    let mut inside = visitor(&app, placement).await;
    let account = inside.get("/p/account").await;
    account.assert_contains(r#"<html lang="es">"#);
    account.assert_contains("Su cuenta con Cedar Harbor");
    let chosen = inside.get("/p/account?lang=en").await;
    chosen.assert_contains(r#"<html lang="en">"#);
    inside
        .get("/p/stop")
        .await
        .assert_contains(r#"<html lang="en">"#);
}
