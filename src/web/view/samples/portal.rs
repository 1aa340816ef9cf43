use super::{Page, hours_ago, portal_shell, rendered, words};
use crate::web::view::form::Field;
use crate::web::view::part::Link;
use crate::web::view::portal::{
    AmountLine, ChoiceKind, PortalAccountPage, PortalChoice, PortalCodePage, PortalEnterPage,
    PortalLinkUnknownPage, PortalMessagePage, PortalStopPage, PortalStopReceivedPage,
    PortalStopWithoutLinkPage, PortalStoppedPage, stop_scopes,
};

pub(super) fn pages() -> Vec<Page> {
    vec![
        ("portal-enter", rendered(&enter())),
        ("portal-code", rendered(&code())),
        ("portal-link-unknown", rendered(&link_unknown())),
        ("portal-account", rendered(&account(None))),
        (
            "portal-account-stopped",
            rendered(&account(Some(
                "You asked us to stop calls and emails on 12 Nov 2026. We have stopped.",
            ))),
        ),
        ("portal-stop", rendered(&stop())),
        ("portal-stopped", rendered(&stopped())),
        ("portal-stop-without-link", rendered(&stop_without_link())),
        ("portal-stop-received", rendered(&stop_received())),
        ("portal-message", rendered(&message())),
    ]
}

fn enter() -> PortalEnterPage {
    PortalEnterPage {
        shell: portal_shell("Check it's you", false),
        send_code_href: "/p/code/send".to_owned(),
        masked_email: Some("j•••@e•••.com".to_owned()),
        stop_href: "/p/stop-contact".to_owned(),
    }
}

fn code() -> PortalCodePage {
    PortalCodePage {
        shell: portal_shell("Error: Enter your code", false),
        action: "/p/code".to_owned(),
        code: Field::new("code", "12345").with_error("Enter the 6 digits from our email"),
        masked_email: "j•••@e•••.com".to_owned(),
        minutes: 10,
        resend_href: "/p/code/send".to_owned(),
        stop_href: "/p/stop-contact".to_owned(),
    }
}

fn link_unknown() -> PortalLinkUnknownPage {
    PortalLinkUnknownPage {
        shell: portal_shell("This link doesn't work", false),
        stop_href: "/p/stop-contact".to_owned(),
    }
}

fn account(stopped: Option<&str>) -> PortalAccountPage {
    let line = |what: &str, amount: &str| AmountLine {
        what: what.to_owned(),
        amount: amount.to_owned(),
    };
    PortalAccountPage {
        shell: portal_shell("Your account", true),
        creditor: "Harbor Supply Co".to_owned(),
        invoice: "HS-20417".to_owned(),
        items: vec![
            line("Amount on 3 Aug 2026", "$1,840.00"),
            line("Interest since then", "$0.00"),
            line("Fees since then", "$0.00"),
            line("Payments and credits since then", "−$590.00"),
        ],
        total: "$1,250.00".to_owned(),
        as_of: "21 Nov 2026".to_owned(),
        legitimacy_code: Some("NB-4471".to_owned()),
        licence: Some("Ohio collection agency licence 88-2041".to_owned()),
        stopped: stopped.map(str::to_owned),
        choices: ChoiceKind::ALL
            .into_iter()
            .map(|kind| PortalChoice {
                kind,
                href: (kind == ChoiceKind::StopContact).then(|| "/p/stop".to_owned()),
            })
            .collect(),
    }
}

fn stop() -> PortalStopPage {
    PortalStopPage {
        shell: portal_shell("Stop contact", true),
        action: "/p/stop".to_owned(),
        scope: stop_scopes("all"),
        stopped: None,
        once_key: "k1".to_owned(),
        back_href: "/p/account".to_owned(),
    }
}

fn stopped() -> PortalStoppedPage {
    PortalStoppedPage {
        shell: portal_shell("Your request", true),
        reference: "R-7K2M-94QD".to_owned(),
        what_stopped: "Calls and emails".to_owned(),
        received: hours_ago(0),
        received_local: "2:05 pm on 21 Nov 2026".to_owned(),
        home_href: Some("/p/account".to_owned()),
    }
}

fn stop_without_link() -> PortalStopWithoutLinkPage {
    PortalStopWithoutLinkPage {
        shell: portal_shell("Stop contact", false),
        action: "/p/stop-contact".to_owned(),
        phone: Field::new("phone", ""),
        email: Field::new("email", ""),
        reference_code: Field::new("reference_code", ""),
        once_key: "k2".to_owned(),
    }
}

fn stop_received() -> PortalStopReceivedPage {
    PortalStopReceivedPage {
        shell: portal_shell("Your request", false),
        reference: "R-7K2M-94QD".to_owned(),
        no_longer_used: vec!["(614) 555-0148".to_owned(), "j@example.com".to_owned()],
        received: hours_ago(0),
        received_local: "2:05 pm on 21 Nov 2026".to_owned(),
    }
}

fn message() -> PortalMessagePage {
    PortalMessagePage {
        shell: portal_shell("Signed out", false),
        heading: "You were signed out".to_owned(),
        message: "You did nothing here for 15 minutes, so we closed the page for your safety."
            .to_owned(),
        way_on: Some(Link::new("Get a new code", "/p/code")),
        stop_href: "/p/stop-contact".to_owned(),
    }
}

#[test]
fn nothing_before_the_code_speaks_of_a_debt_and_no_title_ever_does() {
    for html in [
        rendered(&enter()),
        rendered(&code()),
        rendered(&link_unknown()),
        rendered(&stop_without_link()),
        rendered(&stop_received()),
        rendered(&message()),
    ] {
        let text = words(&html).to_lowercase();
        for word in ["debt", "owe", "collect", "creditor", "$"] {
            assert!(!text.contains(word), "{word} before the code");
        }
    }
    for (name, html) in pages() {
        let title = html.split_once("<title>").unwrap().1;
        let title = title.split_once("</title>").unwrap().0.to_lowercase();
        assert!(!title.contains("debt") && !title.contains("owe"), "{name}");
    }
}

#[test]
fn the_account_page_says_who_asks_for_whom_and_how_much_line_by_line() {
    let text = words(&rendered(&account(None)));
    assert!(text.contains("Northbridge Recovery is a debt collector"));
    assert!(text.contains("What Harbor Supply Co says you owe"));
    assert!(text.contains("Payments and credits since then −$590.00"));
    assert!(text.contains("Total on 21 Nov 2026 $1,250.00"));
}

#[test]
fn only_what_exists_is_a_link_and_the_rest_says_how_to_do_it_by_phone() {
    let html = rendered(&account(None));
    assert_eq!(html.matches(r#"<a class="choice""#).count(), 1);
    assert!(html.contains(r#"<a class="choice" href="/p/stop">"#));
    assert_eq!(html.matches(r#"<div class="choice">"#).count(), 3);
}

#[test]
fn a_stop_is_one_button_with_everything_chosen_at_first() {
    let html = rendered(&stop());
    assert!(html.contains(r#"name="scope" value="all" checked"#));
    assert_eq!(html.matches("type=\"submit\"").count(), 1);
}

#[test]
fn the_receipt_gives_the_reference_number_and_what_happens_next() {
    let text = words(&rendered(&stopped()));
    assert!(text.contains("Your reference number R-7K2M-94QD"));
    assert!(text.contains("Calls and emails stopped at 2:05 pm on 21 Nov 2026"));
    assert!(text.contains("What happens next"));
}

#[test]
fn every_page_lets_one_leave_and_none_is_indexed() {
    for (name, html) in pages() {
        assert!(html.contains("data-leave"), "{name}");
        assert!(
            html.contains(r#"<meta name="robots" content="noindex">"#),
            "{name}"
        );
    }
}
