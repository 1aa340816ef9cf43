//! Log contact as a form: what is sent is what the person sees, and nothing that was typed is lost.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::placing::Cease;
use forbear::db::schema::{alerts, contacts};
use forbear::domain::access::Role;
use forbear::domain::id::PlacementId;
use forbear::domain::stop::{Medium, StopScope};

use crate::log_contact::{alerts_of, contacts_of, decisions_of, log, open, pair, picked};
use crate::placement_page::stop;
use crate::support::{Answer, Client, TestApp};

/// The value of the field that says what the check was about.
fn checked(page: &Answer) -> String {
    let (_, rest) = page.body.split_once(r#"name="checked" value=""#).unwrap();
    rest.split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

async fn check(client: &mut Client<'_>, placement: PlacementId, fields: &[(&str, &str)]) -> Answer {
    client
        .post(&format!("/placements/{placement}/contact-checks"), fields)
        .await
}

fn saved(app: &TestApp, placement: PlacementId) -> Vec<(String, String)> {
    app.rows(|conn| {
        contacts::table
            .filter(contacts::placement_id.eq(placement))
            .select((contacts::channel, contacts::outcome))
            .load(conn)
    })
}

#[actix_web::test]
async fn one_form_holds_the_controls_and_both_buttons() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = open(&mut agent, placement, &[]).await;
    let (_, form) = page
        .body
        .split_once(&format!(r#"action="/placements/{placement}/contacts""#))
        .unwrap();
    let (form, _) = form.split_once("</form>").unwrap();
    for control in [
        r#"<select class="input w-20" id="kind" name="kind""#,
        r#"name="outcome""#,
        r#"name="notes""#,
        r#"name="at" type="datetime-local""#,
        &format!(r#"formaction="/placements/{placement}/contact-checks">Check again"#),
        r#"type="submit">Log contact"#,
    ] {
        assert!(form.contains(control), "{control} in {form}");
    }
    for hidden in ["kind", "to", "purpose", "other", "at"] {
        assert!(
            !form.contains(&format!(r#"type="hidden" name="{hidden}""#)),
            "{hidden}"
        );
    }
}

#[actix_web::test]
async fn a_contact_that_was_changed_since_its_check_is_checked_before_it_is_logged() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = open(&mut agent, placement, &[]).await;
    let shown = checked(&page);

    // "Outgoing call" was checked; now the control says "Letter".
    let changed = [
        ("kind", "letter"),
        ("to", ""),
        ("outcome", "busy"),
        ("notes", "Sent the plan"),
        ("once_key", "K1"),
        ("checked", shown.as_str()),
    ];
    let answer = log(&mut agent, placement, &changed).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    answer.assert_contains("Nothing was logged yet");
    answer.assert_contains(r#"value="letter" selected"#);
    answer.assert_contains("Sent the plan");
    answer.assert_contains("“Busy” doesn’t fit this kind of contact");
    answer.assert_contains(r#"name="once_key" value="K1""#);
    assert_eq!(contacts_of(&app, placement), 0);
    assert_eq!(
        decisions_of(&app, placement),
        [pair("precheck", "allow"), pair("precheck", "allow")]
    );

    let shown = checked(&answer);
    let sent = [
        ("kind", "letter"),
        ("to", ""),
        ("outcome", "sent"),
        ("checked", shown.as_str()),
    ];
    let answer = log(&mut agent, placement, &sent).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(saved(&app, placement), [pair("letter", "sent")]);
}

#[actix_web::test]
async fn a_changed_contact_that_is_blocked_shows_red_and_raises_the_alert() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |row| {
        row.debtor.facts.cease = Some(Cease::default());
    });
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = check(
        &mut agent,
        placement,
        &[("kind", "phone_inbound"), ("to", ""), ("once_key", "K1")],
    )
    .await;
    page.assert_contains("The debtor made contact");
    let shown = checked(&page);
    let answer = log(
        &mut agent,
        placement,
        &[("notes", "He asked why"), ("checked", shown.as_str())],
    )
    .await;
    assert_eq!(answer.status, 422);
    answer.assert_contains("Contact BLOCKED");
    answer.assert_contains("He asked why");
    assert_eq!(contacts_of(&app, placement), 0);
    assert_eq!(alerts_of(&app, placement).len(), 1);
}

#[actix_web::test]
async fn checking_again_keeps_everything_that_was_typed() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let typed = [
        ("outcome", "callback_requested"),
        ("minutes", "4"),
        ("seconds", "12"),
        ("notes", "Wants to hear about a plan"),
        ("mini_miranda", "yes"),
        ("evidence_call-count", "Asked for it"),
        ("once_key", "K1"),
    ];
    let page = check(&mut agent, placement, &typed).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.assert_contains(r#"value="callback_requested" selected"#);
    page.assert_contains(r#"name="minutes" inputmode="numeric" value="4""#);
    page.assert_contains(r#"name="seconds" inputmode="numeric" value="12""#);
    page.assert_contains("Wants to hear about a plan");
    page.assert_contains(r#"name="mini_miranda" value="yes" checked"#);
    page.assert_contains(r#"type="hidden" name="evidence_call-count" value="Asked for it""#);
    assert_eq!(decisions_of(&app, placement), [pair("precheck", "allow")]);

    // A letter has nothing to say by mouth; back to the call, the tick is there again.
    let mut letter = typed.to_vec();
    letter.extend([("kind", "letter"), ("to", "")]);
    let page = check(&mut agent, placement, &letter).await;
    page.assert_contains(r#"type="hidden" name="mini_miranda" value="yes""#);
    page.assert_contains("Wants to hear about a plan");
}

#[actix_web::test]
async fn a_refused_contact_keeps_its_note() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = open(&mut agent, placement, &[]).await;
    let shown = checked(&page);
    stop(&app, placement, StopScope::All, Medium::Letter).await;
    let answer = log(
        &mut agent,
        placement,
        &[
            ("outcome", "hostile"),
            ("notes", "Shouted at me"),
            ("checked", shown.as_str()),
        ],
    )
    .await;
    assert_eq!(answer.status, 409);
    answer.assert_contains("Contact BLOCKED");
    answer.assert_contains("disabled>Log contact");
    answer.assert_contains("Shouted at me");
    answer.assert_contains(r#"value="hostile" selected"#);
    assert_eq!(contacts_of(&app, placement), 0);
}

#[actix_web::test]
async fn from_the_red_panel_one_press_leads_to_what_the_debtor_began() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |row| {
        row.debtor.facts.cease = Some(Cease::default());
    });
    let mut agent = app.sign_in(Role::Agent, None).await;
    open(&mut agent, placement, &[])
        .await
        .assert_contains(r#"name="instead" value="phone_inbound">The debtor called us"#);
    let page = check(
        &mut agent,
        placement,
        &[
            ("kind", "phone_outbound"),
            ("instead", "phone_inbound"),
            ("notes", "Rang about the letter"),
            ("once_key", "K1"),
        ],
    )
    .await;
    assert_eq!(page.status, 200);
    page.assert_contains("The debtor made contact");
    page.assert_contains(r#"value="phone_inbound" selected"#);
    page.assert_contains("Rang about the letter");
}

#[actix_web::test]
async fn what_took_place_against_a_block_goes_on_record_with_a_critical_alert() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |row| {
        row.debtor.facts.cease = Some(Cease::default());
    });
    app.clock.advance(Duration::minutes(20));
    let mut agent = app.sign_in(Role::Agent, None).await;

    // What is only meant to happen has no time and no story.
    let intended = log(&mut agent, placement, &[("took_place", "yes")]).await;
    assert_eq!(intended.status, 422);
    intended.assert_contains("Enter when it took place.");
    intended.assert_contains("Say how it came about.");
    assert_eq!(contacts_of(&app, placement), 0);
    assert_eq!(decisions_of(&app, placement), []);

    let at = picked(app.now().minus(Duration::minutes(10)));
    let happened = [
        ("took_place", "yes"),
        ("at", at.as_str()),
        ("notes", "Dialled from my own telephone before I looked"),
        ("mini_miranda", "yes"),
    ];
    let answer = log(&mut agent, placement, &happened).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(saved(&app, placement), [pair("call", "conversation")]);
    assert_eq!(decisions_of(&app, placement), [pair("log", "refuse")]);
    let told: Vec<(String, String, String)> = app.rows(|conn| {
        alerts::table
            .select((alerts::rule, alerts::severity, alerts::message))
            .load(conn)
    });
    let [(rule, severity, message)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!((rule.as_str(), severity.as_str()), ("cease", "critical"));
    assert!(
        message.starts_with("Took place although blocked."),
        "{message}"
    );

    let page = agent
        .get(&format!("/placements/{placement}?tab=timeline"))
        .await;
    page.assert_contains("Called: conversation. A rule stood against it.");
    page.assert_contains("· recorded <time");
    page.assert_lacks("A call was refused:");
}
