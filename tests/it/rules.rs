//! The public pages of the law as the gate knows it.

use forbear::domain::access::Role;
use forbear::gate::Policy;
use forbear::gate::rules::catalog;

use crate::support::TestApp;

#[actix_web::test]
async fn everybody_reads_every_rule_with_its_source_and_whose_word_it_is() {
    let app = TestApp::start().await;
    let mut stranger = app.anonymous();
    let list = stranger.get("/rules").await;
    assert_eq!(list.status, 200);
    list.assert_says("59 of 59 rules");
    list.assert_contains("This is general information, not legal advice.");
    for rule in catalog() {
        list.assert_contains(&format!(r#"href="/rules/{}""#, rule.key));
        let page = stranger.get(&format!("/rules/{}", rule.key)).await;
        assert_eq!(page.status, 200, "{}", rule.key);
        page.assert_says("When it clears");
        page.assert_says(&Policy::builtin().version().to_string());
        page.assert_contains("This is general information, not legal advice.");
    }
    assert_eq!(stranger.get("/rules/no-such-rule").await.status, 404);
}

#[actix_web::test]
async fn whoever_is_signed_in_finds_the_way_back_and_nobody_else_sees_it() {
    let app = TestApp::start().await;
    let mut agent = app.sign_in(Role::Agent, None).await;
    let mut stranger = app.anonymous();
    for path in [
        "/rules",
        "/rules/call-hours",
        "/rules/recording-consent/states",
    ] {
        let page = agent.get(path).await;
        page.assert_says("Back to the dashboard");
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        stranger
            .get(path)
            .await
            .assert_lacks("Back to the dashboard");
    }
}

#[actix_web::test]
async fn the_list_is_searched_and_narrowed_by_what_stands_in_the_address() {
    let app = TestApp::start().await;
    let mut stranger = app.anonymous();
    for (query, found, missing) in [
        (
            "?q=voicemail",
            "/rules/voicemail-content",
            "/rules/bankruptcy",
        ),
        (
            "?q=1692c(c)",
            "Request to stop all contact",
            "Contact hours",
        ),
        ("?family=frequency", "New York City limit", "Contact hours"),
        (
            "?strength=reminder",
            "Reminds",
            "Request to stop all contact",
        ),
        (
            "?family=nonsense&strength=nonsense",
            "Contact hours",
            "Nothing matches",
        ),
    ] {
        let page = stranger.get(&format!("/rules{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        let found_in = page.body.split("<form").nth(1).unwrap();
        let rules = found_in.split("</form>").nth(1).unwrap();
        assert!(rules.contains(found), "{query}: {found}");
        assert!(!rules.contains(missing), "{query}: {missing}");
    }
    let nothing = stranger.get("/rules?q=zzz").await;
    nothing.assert_says("0 of 59 rules");
    nothing.assert_says("No rule fits this search.");
}

#[actix_web::test]
async fn a_rule_shows_its_values_by_place_with_field_date_and_certainty() {
    let app = TestApp::start().await;
    let mut stranger = app.anonymous();
    let caps = stranger.get("/rules/state-call-cap").await;
    caps.assert_says("California 7 calls");
    caps.assert_says("call_frequency_limit");
    caps.assert_says("Washington 3 contacts of any kind in 7 days, over all debts of the person");
    caps.assert_says("reviewed 12 May 2026 by Compliance Lead");
    caps.assert_says("Places that add nothing of their own");
    // On the day of these tests the city's rule is still to come.
    let city = stranger.get("/rules/nyc-contact-cap").await;
    city.assert_says("From 1 Sep 2026 Not today");
}

#[actix_web::test]
async fn the_states_stand_by_who_must_agree_to_a_recording() {
    let app = TestApp::start().await;
    let page = app.anonymous().get("/rules/recording-consent/states").await;
    assert_eq!(page.status, 200);
    let words = page.words();
    let all = words.find("Everybody on the call must agree").unwrap();
    let one = words.find("One person on the call is enough").unwrap();
    for state in [
        "California",
        "Connecticut",
        "Delaware",
        "Florida",
        "Illinois",
        "Maryland",
        "Massachusetts",
        "Montana",
        "Nevada",
        "New Hampshire",
        "Pennsylvania",
        "Washington",
    ] {
        let place = words.find(state).unwrap();
        assert!(all < place && place < one, "{state}");
    }
    assert!(words.find("Alabama").unwrap() > one);
    page.assert_says("Everybody on the call must agree 12 places");
}
