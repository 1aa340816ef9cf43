//! Every page filled with a sample, for the tests of the templates.
//!
//! `FORBEAR_GALLERY=DIR cargo test gallery` also writes the pages and their files into DIR, so
//! that they can be looked at in a browser and checked by axe without a server of ours.

mod contact;
mod desk;
mod dnc_lists;
mod office;
mod placement;
mod placements;
mod portal;
mod session;
mod webhook;

use askama::Template;
use chrono::Duration;

use crate::domain::agency::Agency;
use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::gate::rules::RuleId;
use crate::web::shell::{
    Flash, NavItem, OtherLanguage, Person, PlainShell, PortalShell, Section, Shell,
};
use crate::web::view::part::When;
use crate::web::view::portal_words;

/// A page and its name in the gallery.
type Page = (&'static str, String);

fn pages() -> Vec<Page> {
    let mut pages = placements::pages();
    pages.extend(placement::pages());
    pages.extend(contact::pages());
    pages.extend(desk::pages());
    pages.extend(dnc_lists::pages());
    pages.extend(office::pages());
    pages.extend(portal::pages());
    pages.extend(session::pages());
    pages.extend(webhook::pages());
    pages
}

fn rendered(page: &impl Template) -> String {
    page.render().unwrap()
}

fn now() -> Instant {
    Instant::parse_rfc3339("2026-11-21T20:05:00Z").unwrap()
}

fn hours_ago(hours: i64) -> When {
    When::new(
        now().minus(Duration::hours(hours)),
        chrono_tz::America::New_York,
        now(),
    )
}

fn days_ago(days: i64) -> When {
    hours_ago(24 * days)
}

fn in_days(days: i64) -> When {
    hours_ago(-24 * days)
}

fn shell(title: &str, section: Section) -> Shell {
    Shell {
        title: title.to_owned(),
        nonce: "sample".to_owned(),
        person: Person {
            name: "Dana Whitfield".to_owned(),
            role: "Creditor admin".to_owned(),
            organisation: Some("Harbor Supply Co".to_owned()),
        },
        nav: NavItem::list(&Section::ALL, Some(section)),
        open_alerts: 7,
        flash: None,
        ribbon: None,
    }
}

fn with_flash(mut shell: Shell, message: &str) -> Shell {
    shell.flash = Some(Flash::success(message));
    shell
}

fn plain_shell(title: &str) -> PlainShell {
    PlainShell {
        title: title.to_owned(),
        nonce: "sample".to_owned(),
        is_signed_in: false,
    }
}

fn portal_shell(title: &str, home: bool) -> PortalShell {
    PortalShell {
        title: title.to_owned(),
        nonce: "sample".to_owned(),
        home_href: home.then(|| "/p/account".to_owned()),
        words: portal_words::of(Language::English),
        other_language: OtherLanguage {
            name: "Espa\u{f1}ol",
            lang: "es",
            href: "?lang=es".to_owned(),
        },
        agency: Agency {
            name: "Northbridge Recovery".to_owned(),
            postal_address: "410 Canal Street, Columbus, OH 43215".to_owned(),
            phone: "(614) 555-0100".to_owned(),
        },
    }
}

/// The text of a page as a reader gets it: tags gone, white space joined.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn gallery_every_page_has_one_heading_a_title_and_no_inline_style_or_handler() {
    for (name, html) in pages() {
        assert_eq!(html.matches("<h1").count(), 1, "{name}: one h1");
        assert!(html.contains("<title>"), "{name}: a title");
        assert!(
            !html.contains(" style="),
            "{name}: an inline style breaks the CSP"
        );
        assert!(!html.contains(" onclick="), "{name}: an inline handler");
        for script in html.split("<script").skip(1) {
            let tag = script.split_once('>').unwrap().0;
            assert!(
                tag.contains("nonce=\"sample\""),
                "{name}: a script without nonce"
            );
        }
    }
    if let Some(folder) = std::env::var_os("FORBEAR_GALLERY").filter(|folder| !folder.is_empty()) {
        write_gallery(std::path::Path::new(&folder));
    }
}

fn write_gallery(folder: &std::path::Path) {
    std::fs::create_dir_all(folder).unwrap();
    for (name, html) in pages() {
        std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
    for (address, bytes) in crate::web::assets::all_for_test() {
        let path = folder.join(address.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

#[test]
fn every_rule_a_page_links_to_is_a_rule_of_the_gate() {
    for (name, html) in pages() {
        for link in html.split("href=\"/rules/").skip(1) {
            let path = link.split_once('"').unwrap().0;
            // Below a rule's page there may be others of its own.
            let rule = path.split_once('/').map_or(path, |(rule, _)| rule);
            assert!(
                RuleId::ALL.into_iter().any(|known| known.as_str() == rule),
                "{name} links to {rule}"
            );
        }
    }
}
