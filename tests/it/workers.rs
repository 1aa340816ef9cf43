//! The loops that run by themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use diesel::dsl::count_star;
use diesel::prelude::*;
use forbear::actions::dnc::{self, DncScope};
use forbear::actions::imports;
use forbear::db::schema::{dnc_entries, placements};
use forbear::domain::actor::Actor;
use forbear::domain::import::ImportKind;
use forbear::store::Scope;
use forbear::worker::{self, Doors, Loop};

use crate::support::TestApp;

/// Waits until `is_so`, for at most ten seconds.
async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come about");
}

#[actix_web::test]
async fn a_turn_that_dies_is_tried_again_and_the_others_go_on() {
    let app = TestApp::start().await;
    let (died, worked) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counts_deaths, counts_work) = (died.clone(), worked.clone());
    let workers = worker::start(
        &app.ctx,
        vec![
            Loop::new("dies", Duration::from_secs(60), move |_, _| {
                let turn = counts_deaths.fetch_add(1, Ordering::SeqCst);
                async move {
                    assert!(turn > 0, "the first turn dies");
                    Ok(0)
                }
            }),
            Loop::new("works", Duration::from_millis(10), move |_, _| {
                counts_work.fetch_add(1, Ordering::SeqCst);
                async { Ok(1) }
            }),
        ],
    );
    until(|| died.load(Ordering::SeqCst) >= 2 && worked.load(Ordering::SeqCst) >= 2).await;
    workers.stop().await;
    let at_the_end = worked.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(worked.load(Ordering::SeqCst), at_the_end);
}

#[actix_web::test]
async fn an_import_that_is_started_is_saved_without_anybody_asking() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let workers = worker::start(&app.ctx, worker::loops(&Doors::default()));
    let actor = Actor::System("import");
    let scope = Scope::Creditor(creditor);
    let id = imports::upload(
        &app.ctx,
        &actor,
        &imports::Upload {
            creditor,
            kind: ImportKind::Placements,
            file_name: "a.csv".to_owned(),
            bytes: b"invoice_number,name,amount\nA-1,Ann Lee,5\n".to_vec(),
            windows_1252: false,
        },
    )
    .unwrap();
    let form = imports::MappingForm {
        columns: ["invoice_number", "name", "amount"]
            .map(|key| Some(key.to_owned()))
            .to_vec(),
        ..imports::MappingForm::default()
    };
    imports::map(&app.ctx, &actor, scope, id, &form)
        .unwrap()
        .unwrap();
    imports::start(&app.ctx, &actor, scope, id, false).unwrap();
    until(|| app.rows(|conn| placements::table.select(count_star()).first::<i64>(conn)) == 1).await;
    workers.stop().await;
}

#[actix_web::test]
async fn lists_of_numbers_load_in_every_layout_and_never_end_what_a_debtor_asked_for() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Alder Clinic");
    let actor = Actor::System("cli");
    let load = |scope, text: &str| dnc::load(&app.ctx, &actor, scope, text.as_bytes()).unwrap();
    let flat = load(
        DncScope::Agency,
        "212,5550142\n2125550143\nnonsense\n212,5550142\n",
    );
    assert_eq!((flat.numbers, flat.invalid), (3, 1));
    load(DncScope::Creditor(creditor), "2125550142\n");
    load(DncScope::Agency, "number,source\n212-555-0150,debtor\n");
    load(
        DncScope::Agency,
        "number,source,added,expires\n212-555-0150,own request,2026-01-01,2026-02-01\n\
         212-555-0142,federal,2026-01-01,2031-01-01\n",
    );
    let rows: Vec<(i64, String, Option<chrono::NaiveDate>)> = app.rows(|conn| {
        dnc_entries::table
            .filter(dnc_entries::scope.eq("agency"))
            .order((dnc_entries::number, dnc_entries::source))
            .select((
                dnc_entries::number,
                dnc_entries::source,
                dnc_entries::expires_on,
            ))
            .load(conn)
    });
    let until_2031 = chrono::NaiveDate::from_ymd_opt(2031, 1, 1);
    assert_eq!(
        rows,
        [
            (2_125_550_142, "federal".to_owned(), until_2031),
            (2_125_550_143, "federal".to_owned(), None),
            (2_125_550_150, "debtor".to_owned(), None),
        ]
    );
}
