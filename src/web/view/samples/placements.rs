use super::{Page, days_ago, in_days, rendered, shell, words};
use crate::web::shell::{Section, Shell};
use crate::web::view::badge::{HoldBadge, StatusBadge};
use crate::web::view::form::Field;
use crate::web::view::mark_as_paid::{MarkAsPaidForm, MarkAsPaidPage, PaymentQuote};
use crate::web::view::part::{Chip, Column, Direction, Fact, Pager, Search};
use crate::web::view::pause::PausePage;
use crate::web::view::placement_list::{
    NextContact, PlacementColumns, PlacementListPage, PlacementRow,
};
use crate::web::view::recall::{ConflictPage, RecallEffects, RecallForm, RecallPage};

pub(super) fn pages() -> Vec<Page> {
    vec![
        ("placements", rendered(&list())),
        ("placements-empty", rendered(&empty_list())),
        ("placements-none-match", rendered(&none_match())),
        ("recall", rendered(&recall())),
        ("pause", rendered(&pause())),
        ("mark-as-paid", rendered(&mark_as_paid())),
        ("mark-as-paid-error", rendered(&mark_as_paid_error())),
        ("conflict", rendered(&conflict())),
    ]
}
pub(super) fn placements_shell(title: &str) -> Shell {
    shell(title, Section::Placements)
}
pub(super) fn chip(label: &str, count: u64, current: bool) -> Chip {
    Chip {
        label: label.to_owned(),
        count,
        href: format!("/placements?status={}", label.to_lowercase()),
        current,
    }
}
fn list() -> PlacementListPage {
    PlacementListPage {
        shell: placements_shell("Placements"),
        context: "All accounts that Harbor Supply Co has placed with Northbridge Recovery"
            .to_owned(),
        search: Search {
            action: "/placements".to_owned(),
            query: String::new(),
            keep: vec![("sort".to_owned(), "-placed".to_owned())],
            clear_href: None,
        },
        creditors: None,
        more: false,
        statuses: vec![
            chip("All", 312, true),
            chip("Ready", 41, false),
            chip("In outreach", 188, false),
            chip("Disputed", 12, false),
            chip("Paid", 52, false),
            chip("Recalled", 19, false),
        ],
        filters: vec![
            chip("Held", 27, false),
            chip("Paused", 4, false),
            chip("Needs me", 3, false),
        ],
        columns: PlacementColumns {
            amount: Column::number("Amount").sortable("/placements?sort=-amount", None),
            past_due: Column::number("Past due").sortable("/placements?sort=-past_due", None),
            placed: Column::text("Placed")
                .sortable("/placements?sort=placed", Some(Direction::Descending)),
        },
        rows: rows(),
        pager: Pager {
            first: 1,
            last: 25,
            total: 312,
            previous_href: None,
            next_href: Some("/placements?page=2".to_owned()),
        },
        export_href: "/placements/export.csv".to_owned(),
        any_placement: true,
        can_import: true,
    }
}
fn rows() -> Vec<PlacementRow> {
    let row = |id: &str,
               debtor: &str,
               state: &str,
               amount: &str,
               due: Option<i64>,
               status,
               holds,
               next_contact| PlacementRow {
        id: id.to_owned(),
        debtor: debtor.to_owned(),
        state: state.to_owned(),
        creditor: None,
        invoice: format!("HS-{id}"),
        amount: amount.to_owned(),
        past_due_days: due,
        is_closed: false,
        status,
        holds,
        next_contact,
        placed: days_ago(i64::from(id.len() as u32) + 3),
    };
    vec![
        row(
            "20417",
            "Marisol Ortega",
            "OH",
            "$1,250.00",
            Some(96),
            StatusBadge::InOutreach,
            vec![HoldBadge::NoContact],
            NextContact::NotByItself("the debtor's stop stands".to_owned()),
        ),
        row(
            "20418",
            "Acme Fabrication LLC",
            "TX",
            "$18,402.55",
            Some(41),
            StatusBadge::InOutreach,
            vec![],
            NextContact::At {
                when: in_days(1),
                debtor_time: "8:00 am their time".to_owned(),
                warned: false,
            },
        ),
        row(
            "20419",
            "Jonathan Featherstonehaugh-Williamson",
            "NY",
            "$310.00",
            Some(12),
            StatusBadge::Ready,
            vec![],
            NextContact::Now,
        ),
        row(
            "20420",
            "Blue Heron Bakery",
            "MS",
            "$4,999.99",
            Some(1_201),
            StatusBadge::InOutreach,
            vec![HoldBadge::TimeBarred],
            NextContact::NotByItself("past limitation".to_owned()),
        ),
        row(
            "20421",
            "Peter Nakagawa",
            "CA",
            "$742.10",
            Some(64),
            StatusBadge::Disputed,
            vec![HoldBadge::Disputed],
            NextContact::NotByItself("the dispute is open".to_owned()),
        ),
        row(
            "20422",
            "Ruth Abernathy",
            "FL",
            "$88.00",
            None,
            StatusBadge::Ready,
            vec![HoldBadge::Paused(Some("4 Dec".to_owned()))],
            NextContact::At {
                when: in_days(13),
                debtor_time: "8:00 am their time".to_owned(),
                warned: false,
            },
        ),
        row(
            "20423",
            "Wm. Dorsey & Sons",
            "WI",
            "$12,000.00",
            Some(200),
            StatusBadge::InOutreach,
            vec![HoldBadge::Attorney],
            NextContact::NotByItself("a lawyer acts".to_owned()),
        ),
        row(
            "20424",
            "Luz Villanueva",
            "PR",
            "$560.45",
            Some(33),
            StatusBadge::InOutreach,
            vec![HoldBadge::Bankruptcy(Some("7".to_owned()))],
            NextContact::NotByItself("bankruptcy".to_owned()),
        ),
        row(
            "20425",
            "Okafor Dental",
            "NJ",
            "$2,310.00",
            Some(75),
            StatusBadge::Paid,
            vec![],
            NextContact::Closed,
        ),
        row(
            "20426",
            "Terry Lindqvist",
            "AZ",
            "$95.20",
            Some(18),
            StatusBadge::Recalled,
            vec![],
            NextContact::Closed,
        ),
    ]
}
fn empty_list() -> PlacementListPage {
    let mut page = list();
    page.any_placement = false;
    page.rows.clear();
    page
}
fn none_match() -> PlacementListPage {
    let mut page = list();
    page.search.query = "zzz".to_owned();
    page.search.clear_href = Some("/placements".to_owned());
    page.rows.clear();
    page.pager = Pager::default();
    page
}
fn pause() -> PausePage {
    PausePage {
        shell: shell("Pause", Section::Placements),
        id: "p1".to_owned(),
        debtor: "Harbor Lane Bakery".to_owned(),
        invoice: "INV-4411".to_owned(),
        version: "3".to_owned(),
        sequences: 1,
        calls: 1,
        calls_in_progress: 0,
        standing: Some("until 4 Dec 2026".to_owned()),
        until_on: Field::new("until_on", "2026-05-01").with_error("Choose a day that is to come."),
        reason: Field::new("reason", ""),
    }
}

fn recall() -> RecallPage {
    RecallPage {
        shell: placements_shell("Recall HS-20417"),
        id: "20417".to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        invoice: "HS-20417".to_owned(),
        version: "7".to_owned(),
        effects: RecallEffects {
            sequences: 1,
            calls: 2,
            calls_in_progress: 1,
            undo_until: "28 Nov 2026".to_owned(),
        },
        form: RecallForm::new("", ""),
    }
}
fn mark_as_paid() -> MarkAsPaidPage {
    MarkAsPaidPage {
        shell: placements_shell("Mark HS-20417 as paid"),
        id: "20417".to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        invoice: "HS-20417".to_owned(),
        version: "7".to_owned(),
        once_key: "k3".to_owned(),
        form: MarkAsPaidForm::new("1250.00", "2026-11-21", "", "", ""),
        quote: PaymentQuote {
            amount: "1250.00".to_owned(),
            fee_so_far: "$147.50".to_owned(),
            fee: "$312.50".to_owned(),
            remaining_before: "$1,250.00".to_owned(),
            remaining_after: "$0.00".to_owned(),
            closes: true,
            rate: "25 %".to_owned(),
            rate_basis_points: 2_500,
            remaining_before_cents: 125_000,
        },
        look_again: false,
        before_placement: false,
        duplicate_of: None,
    }
}
fn mark_as_paid_error() -> MarkAsPaidPage {
    let mut page = mark_as_paid();
    page.form = MarkAsPaidForm::new("1e9", "2026-08-01", "check", "1042", "");
    page.form.amount = page
        .form
        .amount
        .with_error("Enter the amount in dollars and cents, such as 1250.00");
    page.before_placement = true;
    page.duplicate_of = Some("$590.00 on 19 Nov 2026, check 1042".to_owned());
    page
}
fn conflict() -> ConflictPage {
    ConflictPage {
        shell: placements_shell("The payment was not recorded"),
        id: "20417".to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        invoice: "HS-20417".to_owned(),
        not_done: "The payment was not recorded".to_owned(),
        because: "Lee Park recalled this placement 2 minutes ago, after you opened the form."
            .to_owned(),
        status: StatusBadge::Recalled,
        now: vec![
            Fact::new("Recalled", "21 Nov 2026, 3:03 pm EST, by Lee Park"),
            Fact::new("Remaining", "$1,250.00"),
            Fact::new("Undo possible until", "28 Nov 2026"),
        ],
        ways_on: vec![],
    }
}
#[test]
fn the_list_says_holds_and_the_next_lawful_contact_in_words() {
    let text = words(&rendered(&list()));
    assert!(text.contains("No contact: cease-and-desist"));
    assert!(text.contains("8:00 am their time"));
    assert!(text.contains("1,201 days overdue"));
    assert!(text.contains("1–25 of 312 placements"));
}
#[test]
fn the_list_marks_the_sorted_column_and_the_chosen_chip() {
    let html = rendered(&list());
    assert!(html.contains(r#"aria-sort="descending""#));
    assert_eq!(html.matches("aria-sort").count(), 1);
    assert!(html.contains(r#"href="/placements?status=all" aria-current="true""#));
}
#[test]
fn without_any_placement_the_page_asks_for_an_upload() {
    let html = rendered(&empty_list());
    assert!(words(&html).contains("No placements yet"));
    assert!(html.contains(r#"href="/imports/new""#));
    assert!(!html.contains("<table"));
}
#[test]
fn recall_lists_its_exact_effects_before_it_is_confirmed() {
    let text = words(&rendered(&recall()));
    assert!(text.contains("1 email sequence will pause"));
    assert!(text.contains("2 scheduled calls will be cancelled"));
    assert!(text.contains("no fee"));
    assert!(text.contains("28 Nov 2026"));
}
#[test]
fn fee_and_remaining_balance_stand_beside_the_button_that_records_a_payment() {
    let html = rendered(&mark_as_paid());
    assert!(html.contains("<strong data-quote-fee>$312.50</strong>"));
    assert!(html.contains("<strong data-quote-remaining>$0.00</strong>"));
    assert!(html.contains(r#"name="quoted" value="1250.00""#));
}
#[test]
fn a_payment_from_before_placement_is_offered_a_recall() {
    let html = rendered(&mark_as_paid_error());
    assert!(words(&html).contains("You received this before you placed the account"));
    assert!(html.contains(r##"href="#amount""##));
    assert!(html.contains(r#"value="1e9""#), "what was typed is kept");
}
#[test]
fn a_conflict_says_what_is_true_now() {
    let text = words(&rendered(&conflict()));
    assert!(text.contains("The payment was not recorded"));
    assert!(text.contains("What is true now Recalled"));
}
