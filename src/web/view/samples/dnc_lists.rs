//! The do-not-call lists that are kept whole.

use super::desk::desk_shell;
use super::{Page, days_ago, hours_ago, rendered};
use crate::web::view::compliance;
use crate::web::view::dnc::DncLoad;
use crate::web::view::dnc_lists::{DncListsPage, LoadChanges, LoadState, LoadView};
use crate::web::view::form::{Choices, Field};

pub(super) fn pages() -> Vec<Page> {
    vec![
        ("dnc-lists", rendered(&page(false))),
        ("dnc-lists-loading", rendered(&page(true))),
    ]
}

fn page(looks_again: bool) -> DncListsPage {
    let load = |list: &str, days: i64, state| LoadView {
        id: "0198c0de-0000-7000-8000-000000000001".to_owned(),
        list: list.to_owned(),
        scope: "Every creditor".to_owned(),
        file_name: "list.txt".to_owned(),
        begun: days_ago(days),
        state,
    };
    let changes = LoadChanges {
        added: 10_482_113,
        removed: 0,
        invalid: 2,
    };
    let national = LoadState::InForce {
        numbers: 10_482_113,
        as_of: "18 Oct 2026".to_owned(),
        stale: true,
        changes,
    };
    let mut loads = vec![
        load(
            "Indiana",
            1,
            LoadState::Failed("The file is empty.".to_owned()),
        ),
        load("National registry", 34, national),
        load("National registry", 61, LoadState::Replaced(changes)),
        load("Texas", 90, LoadState::TakenBack),
    ];
    if looks_again {
        let mut begun = load("Indiana", 0, LoadState::Loading(Some(42)));
        begun.begun = hours_ago(0);
        loads.insert(0, begun);
    }
    DncListsPage {
        shell: desk_shell("Do-not-call lists"),
        tabs: compliance::tabs("/dnc", 7, 3),
        looks_again,
        loads,
        files: vec![DncLoad {
            name: "A file of single numbers".to_owned(),
            as_of: None,
            when: days_ago(9),
            binds: "Every creditor".to_owned(),
            numbers: 180,
            invalid: 0,
            by: "Operator".to_owned(),
            stale: false,
        }],
        file: Field::new("file", "").with_error("Choose a file that is not empty."),
        list: Field::new("list", "National registry"),
        source: Choices::new("source", [("federal", "The national registry")], "federal"),
        as_of: Field::new("as_of", ""),
        expires_on: Field::new("expires_on", ""),
    }
}

#[test]
fn the_form_waits_while_the_page_looks_again() {
    let (still, moving) = (rendered(&page(false)), rendered(&page(true)));
    assert!(still.contains("enctype") && !still.contains("http-equiv=\"refresh\""));
    assert!(!moving.contains("enctype") && moving.contains("http-equiv=\"refresh\""));
    assert!(still.contains("Older than 31 days"));
}
