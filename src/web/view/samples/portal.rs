use askama::Template;

use super::{Page, hours_ago, in_days, portal_shell, rendered, shell, words};
use crate::domain::language::Language;
use crate::domain::stop::StopScope;
use crate::web::shell::Section;
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::Link;
use crate::web::view::portal::{
    AmountLine, ChoiceKind, PortalAccountPage, PortalAgainPage, PortalAllowed, PortalAllowedPage,
    PortalChoice, PortalCodePage, PortalEndedPage, PortalEnterPage, PortalLeftPage,
    PortalLinkUnknownPage, PortalReachPage, PortalReceiptPage, PortalStopPage,
    PortalStopReceivedPage, PortalStopWithoutLinkPage, PortalStoppedPage, again_scopes,
    stop_scopes,
};
use crate::web::view::portal_links::{PortalLinkRow, PortalLinksPage};
use crate::web::view::portal_words;

pub(super) fn pages() -> Vec<Page> {
    let english = Language::English;
    vec![
        ("portal-enter", rendered(&enter(english))),
        ("portal-code", rendered(&code(english))),
        ("portal-link-unknown", rendered(&link_unknown(english))),
        ("portal-ended", rendered(&ended(english))),
        ("portal-account", rendered(&account(english, false))),
        ("portal-account-stopped", rendered(&account(english, true))),
        ("portal-stop", rendered(&stop(english))),
        ("portal-stopped", rendered(&stopped(english))),
        (
            "portal-stop-without-link",
            rendered(&stop_without_link(english)),
        ),
        ("portal-stop-received", rendered(&received(english))),
        (
            "portal-account-es",
            rendered(&account(Language::Spanish, true)),
        ),
        ("portal-stop-es", rendered(&stop(Language::Spanish))),
        ("portal-again", rendered(&again(english, true))),
        (
            "portal-again-es",
            rendered(&again(Language::Spanish, false)),
        ),
        ("portal-reach", rendered(&reach(english))),
        ("portal-allowed", rendered(&allowed(english, true))),
        ("portal-allowed-none", rendered(&allowed(english, false))),
        ("portal-receipt", rendered(&receipt(english))),
        ("portal-reach-es", rendered(&reach(Language::Spanish))),
        (
            "portal-allowed-es",
            rendered(&allowed(Language::Spanish, true)),
        ),
        ("portal-left", rendered(&left())),
        ("portal-links", rendered(&links())),
    ]
}

fn shell_in(language: Language, title: &str, home: bool) -> crate::web::shell::PortalShell {
    let mut shell = portal_shell(title, home);
    shell.words = portal_words::of(language);
    shell
}

fn enter(language: Language) -> PortalEnterPage {
    let words = portal_words::of(language);
    PortalEnterPage {
        shell: shell_in(language, words.enter.title, false),
        send_code_href: Some("/p/token".to_owned()),
    }
}

fn code(language: Language) -> PortalCodePage {
    let words = portal_words::of(language);
    PortalCodePage {
        shell: shell_in(language, words.code.heading, false),
        action: "/p/token/code".to_owned(),
        code: Field::new("code", "12345").with_error(words.code.wrong),
        resend_href: "/p/token".to_owned(),
    }
}

fn link_unknown(language: Language) -> PortalLinkUnknownPage {
    PortalLinkUnknownPage {
        shell: shell_in(language, portal_words::of(language).link.heading, false),
    }
}

fn ended(language: Language) -> PortalEndedPage {
    PortalEndedPage {
        shell: shell_in(language, portal_words::of(language).ended.heading, false),
    }
}

fn left() -> PortalLeftPage {
    PortalLeftPage {
        words: portal_words::of(Language::English),
    }
}

fn account(language: Language, is_stopped: bool) -> PortalAccountPage {
    let words = portal_words::of(language);
    let line = |what: &str, amount: &str| AmountLine {
        what: what.replace("{date}", "Aug 3, 2026"),
        amount: amount.to_owned(),
    };
    PortalAccountPage {
        shell: shell_in(language, words.account.title, true),
        creditor: "Harbor Supply Co".to_owned(),
        invoice: "HS-20417".to_owned(),
        closed: false,
        check_code: "7K2M-X4QD".to_owned(),
        items: vec![
            line(words.account.amount_on, "$1,840.00"),
            line(words.account.interest, "$0.00"),
            line(words.account.fees, "$0.00"),
            line(words.account.credits, "\u{2212}$590.00"),
        ],
        total: AmountLine {
            what: words.account.total.replace("{date}", "Nov 21, 2026"),
            amount: "$1,250.00".to_owned(),
        },
        stopped: is_stopped.then_some(words.account.stopped_all),
        receipt_href: is_stopped.then(|| "/p/stop/7K2M94QD".to_owned()),
        choices: ChoiceKind::ALL
            .into_iter()
            .map(|kind| PortalChoice {
                kind,
                href: kind.href().map(str::to_owned),
            })
            .collect(),
    }
}

fn stop(language: Language) -> PortalStopPage {
    let words = portal_words::of(language);
    PortalStopPage {
        shell: shell_in(language, words.stop.title, true),
        action: "/p/stop".to_owned(),
        scope: stop_scopes(words, Some(StopScope::All)),
        stopped: None,
        all_stopped_href: None,
        back_href: "/p/account".to_owned(),
    }
}

fn again(language: Language, is_chosen: bool) -> PortalAgainPage {
    let words = portal_words::of(language);
    let mut scope = again_scopes(words, &[StopScope::All, StopScope::Call, StopScope::Email]);
    scope.error = (!is_chosen).then(|| words.again.choose.to_owned());
    PortalAgainPage {
        shell: shell_in(language, words.again.title, true),
        action: "/p/again".to_owned(),
        scope,
        stopped: Some(words.account.stopped_all),
        back_href: "/p/account".to_owned(),
    }
}

fn stopped(language: Language) -> PortalStoppedPage {
    let words = portal_words::of(language);
    PortalStoppedPage {
        shell: shell_in(language, words.stopped.title, true),
        reference: "7K2M94QD".to_owned(),
        what_stopped: words
            .stopped
            .all
            .replace("{time}", "2:05 PM EST on Nov 21, 2026"),
        covers: words
            .stopped
            .covers
            .replace("{creditor}", "Northwind Family Clinic"),
        next: words.stopped.next_all,
        home_href: "/p/account".to_owned(),
    }
}

fn reach(language: Language) -> PortalReachPage {
    let words = portal_words::of(language);
    let ticks = |name: &str, labels: &[&str]| {
        let options = labels.iter().map(|label| ("x", *label));
        Choices::new(name, options, "")
    };
    PortalReachPage {
        shell: shell_in(language, words.reach.title, true),
        action: "/p/reach".to_owned(),
        days: ticks("days", &words.reach.days).with_error(words.reach.nothing),
        from: Field::new("from", "18:00"),
        to: Field::new("to", "").with_error(words.reach.same_time),
        ways: ticks("ways", &[words.reach.at_work, words.reach.letters]),
        stands: Some(
            words
                .reach
                .stands
                .replace("{wishes}", words.reach.wish_work),
        ),
        back_href: "/p/account".to_owned(),
    }
}

fn allowed(language: Language, any: bool) -> PortalAllowedPage {
    let words = portal_words::of(language);
    let line = |when: &str| PortalAllowed {
        what: format!("{}: (614) 555-0148", words.allowed.autodial),
        when: when
            .replace("{date}", "Nov 3, 2026")
            .replace("{reference}", "7K2M94QD"),
        action: "/p/allowed/c1".to_owned(),
    };
    PortalAllowedPage {
        shell: shell_in(language, words.allowed.title, true),
        standing: any.then(|| line(words.allowed.given)).into_iter().collect(),
        ended: any
            .then(|| line(words.allowed.ended_on))
            .into_iter()
            .collect(),
        back_href: "/p/account".to_owned(),
    }
}

fn receipt(language: Language) -> PortalReceiptPage {
    let words = portal_words::of(language);
    PortalReceiptPage {
        shell: shell_in(language, words.reach.title, true),
        heading: words.reach.done,
        sentences: vec![
            words
                .reach
                .sentence
                .replace("{wishes}", words.reach.wish_letters),
        ],
        reference: "7K2M94QD".to_owned(),
        next: words.reach.next,
        home_href: "/p/account".to_owned(),
    }
}

fn stop_without_link(language: Language) -> PortalStopWithoutLinkPage {
    let words = portal_words::of(language);
    PortalStopWithoutLinkPage {
        shell: shell_in(language, words.stop.title, false),
        action: "/stop".to_owned(),
        phone: Field::new("phone", ""),
        email: Field::new("email", "").with_error(words.unproven.bad_email),
        words: Field::new("words", ""),
        scope: stop_scopes(words, Some(StopScope::All)),
    }
}

fn received(language: Language) -> PortalStopReceivedPage {
    PortalStopReceivedPage {
        shell: shell_in(language, portal_words::of(language).stopped.title, false),
        reference: "7K2M94QD".to_owned(),
    }
}

fn links() -> PortalLinksPage {
    PortalLinksPage {
        shell: shell("Portal links", Section::Placements),
        trail: vec![
            Link::new("Placements", "/placements"),
            Link::new("HS-20417", "/placements/p1"),
        ],
        invoice: "HS-20417".to_owned(),
        action: "/placements/p1/portal-links".to_owned(),
        fresh: Some("https://pay.example/p/AZs0bJ1Hdq2w3c4v5b6n7m8k9l0p1o2i3u4y5t6r7e8".to_owned()),
        rows: vec![
            PortalLinkRow {
                created: hours_ago(0),
                expires: in_days(60),
                last_used: None,
                revoked: None,
                expired: false,
                revoke_href: Some("/placements/p1/portal-links/l1/revoke".to_owned()),
            },
            PortalLinkRow {
                created: hours_ago(200),
                expires: in_days(52),
                last_used: Some(hours_ago(190)),
                revoked: Some(hours_ago(3)),
                expired: false,
                revoke_href: None,
            },
        ],
    }
}

/// The text of the page's own part: the frame names the agency, which may be called anything.
fn main_of(page: &impl Template) -> String {
    let html = rendered(page);
    let main = html.split_once("<main").unwrap().1;
    words(main.split_once("</main>").unwrap().0).to_lowercase()
}

#[test]
fn nothing_before_the_code_speaks_of_a_debt_in_any_language() {
    for language in [Language::English, Language::Spanish] {
        for text in [
            main_of(&enter(language)),
            main_of(&code(language)),
            main_of(&link_unknown(language)),
            main_of(&ended(language)),
            main_of(&stop_without_link(language)),
            main_of(&received(language)),
        ] {
            for word in [
                "debt", "owe", "collect", "creditor", "$", "deud", "cobr", "acreedor",
            ] {
                assert!(!text.contains(word), "{word} before the code: {text}");
            }
            assert!(!text.contains('{'), "a gap was not filled: {text}");
        }
    }
}

#[test]
fn no_title_ever_speaks_of_a_debt() {
    for (name, html) in pages() {
        let title = html.split_once("<title>").unwrap().1;
        let title = title.split_once("</title>").unwrap().0.to_lowercase();
        let speaks = |part: &str| {
            let mut words = title.split(|c: char| !c.is_alphabetic());
            words.any(|word| word.starts_with(part))
        };
        for part in ["debt", "owe", "collect", "deud", "cobr"] {
            assert!(!speaks(part), "{name}: {title}");
        }
    }
}

#[test]
fn no_text_leaves_a_gap_unfilled() {
    for (name, html) in pages() {
        assert!(!words(&html).contains('{'), "{name}");
    }
}

#[test]
fn the_account_page_says_who_asks_for_whom_and_how_much_line_by_line() {
    let text = words(&rendered(&account(Language::English, false)));
    assert!(text.contains("Northbridge Recovery is a debt collector"));
    assert!(text.contains("What Harbor Supply Co says you owe"));
    assert!(text.contains("Payments and credits since then \u{2212}$590.00"));
    assert!(text.contains("Total on Nov 21, 2026 $1,250.00"));
}

#[test]
fn only_what_exists_is_a_link_and_the_rest_says_how_to_do_it_by_phone() {
    let html = rendered(&account(Language::English, false));
    for href in ["/p/stop", "/p/reach", "/p/allowed"] {
        assert!(html.contains(&format!(r#"<a class="choice" href="{href}">"#)));
    }
    assert_eq!(html.matches(r#"<a class="choice""#).count(), 3);
    assert_eq!(html.matches(r#"<div class="choice">"#).count(), 3);
}

#[test]
fn a_stop_is_one_button_with_everything_chosen_at_first() {
    let html = rendered(&stop(Language::English));
    assert!(html.contains(r#"name="scope" value="all" checked"#));
    let form = html.split_once(r#"action="/p/stop""#).unwrap().1;
    let form = form.split_once("</form>").unwrap().0;
    assert_eq!(form.matches(r#"type="submit""#).count(), 1);
}

#[test]
fn the_receipt_gives_the_reference_number_and_what_happens_next() {
    let text = words(&rendered(&stopped(Language::English)));
    assert!(text.contains("Your reference number 7K2M94QD"));
    assert!(text.contains("Calls and emails to you stopped at 2:05 PM EST on Nov 21, 2026."));
    assert!(text.contains("What happens next"));
}

#[test]
fn every_page_of_a_debtor_lets_one_leave_and_none_is_indexed() {
    for (name, html) in pages() {
        if name == "portal-links" {
            continue;
        }
        let leaves = html.contains(r#"action="/p/leave""#) || name == "portal-left";
        assert!(leaves, "{name}");
        assert!(
            html.contains(r#"<meta name="robots" content="noindex">"#),
            "{name}"
        );
    }
}
