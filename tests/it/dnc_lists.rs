//! Do-not-call lists that are kept whole: what a load changes, and that one which fails changes
//! nothing.

use std::io::{BufReader, Read};

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::dnc::DncScope;
use forbear::actions::dnc_lists::{self, ListSource, NewLoad};
use forbear::db::schema::{dnc_blocks, dnc_loads};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DncLoadId};
use forbear::error::{AppError, AppResult};
use forbear::store::dnc_listings::is_listed;
use forbear::store::dnc_lists::LoadRow;
use forbear::store::reachable;

use crate::support::TestApp;
use crate::support::chain::assert_unbroken;

const ACTOR: Actor = Actor::System("cli");

fn national(app: &TestApp) -> NewLoad {
    NewLoad {
        scope: DncScope::Agency,
        list: "National registry".to_owned(),
        source: ListSource::Federal,
        file_name: "list.txt".to_owned(),
        as_of: app.now().as_naive_utc().date(),
        expires_on: None,
        bytes: None,
    }
}

fn load_as(app: &TestApp, new: &NewLoad, file: impl Read) -> AppResult<LoadRow> {
    let id = dnc_lists::begin(&app.ctx, &ACTOR, new)?;
    dnc_lists::run(&app.ctx, &ACTOR, id, BufReader::new(file), &mut |_| {})
}

fn load(app: &TestApp, file: &str) -> AppResult<LoadRow> {
    load_as(app, &national(app), file.as_bytes())
}

/// The lists that a number stands on, as this creditor sees them.
fn lists_of(app: &TestApp, creditor: CreditorId, number: &str) -> Vec<String> {
    let number = number.parse().unwrap();
    let found = app.rows(|conn| is_listed(conn, creditor, number));
    found
        .into_iter()
        .map(|listing| listing.list.unwrap_or(listing.source))
        .collect()
}

fn is_on_national(app: &TestApp, number: &str) -> bool {
    let anybody = CreditorId::generate(app.now());
    lists_of(app, anybody, number) == ["National registry"]
}

fn statuses(app: &TestApp) -> Vec<(String, bool)> {
    app.rows(|conn| {
        dnc_loads::table
            .order(dnc_loads::version)
            .select((dnc_loads::status, dnc_loads::has_blocks))
            .load(conn)
    })
}

fn blocks(app: &TestApp) -> i64 {
    app.rows(|conn| dnc_blocks::table.count().get_result(conn))
}

#[actix_web::test]
async fn a_number_on_a_list_is_not_called_and_one_beside_it_is() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    load(&app, "518,5550199\n518,5550197\n212,5550142\n").unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    for (number, says) in [
        ("518-555-0199", "Contact BLOCKED"),
        ("518-555-0198", "Contact allowed"),
    ] {
        let answer = agent
            .post(
                &format!("/placements/{placement}/contact-checks"),
                &[("other", number)],
            )
            .await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        agent.get(answer.location()).await.assert_contains(says);
    }
}

#[actix_web::test]
async fn a_number_on_file_is_looked_up_when_the_gate_is_asked() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Acme");
    let on_file = |number: &'static str| {
        app.place(creditor, |row| {
            row.debtor.phones = vec![crate::support::builders::phone(number)];
        })
    };
    let (listed, free) = (on_file("518-555-0199"), on_file("518-555-0198"));
    load(&app, "5185550199\n").unwrap();
    let entries = |placement| {
        let debtor = app.debtor_of(placement);
        let facts = app.rows(|conn| forbear::store::facts::load_one(conn, creditor, debtor));
        let several = app.rows(|conn| {
            let other = app.debtor_of(free);
            forbear::store::facts::load(conn, creditor, &[debtor, other])
        });
        let facts = facts.unwrap();
        assert_eq!(several.get(&debtor), Some(&facts), "one by one or together");
        facts.debtor.phones[0].dnc.len()
    };
    assert_eq!((entries(listed), entries(free)), (1, 0));
}

#[actix_web::test]
async fn a_full_list_replaces_the_one_before_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let first = load(&app, "212,5550142\n305,5550143\n").unwrap();
    assert_eq!((first.numbers, first.added, first.removed), (2, 2, 0));
    let second = load(&app, "3055550143\n3055550144\n3055550144\n").unwrap();
    assert_eq!((second.numbers, second.added, second.removed), (2, 1, 1));
    assert!(!is_on_national(&app, "212-555-0142"));
    assert!(is_on_national(&app, "305-555-0143") && is_on_national(&app, "305-555-0144"));

    let back = dnc_lists::undo(&app.ctx, &ACTOR, second.id).unwrap();
    assert_eq!(back.map(|back| back.id), Some(first.id));
    assert!(is_on_national(&app, "212-555-0142"));
    assert!(!is_on_national(&app, "305-555-0144"));
    assert_eq!(
        statuses(&app),
        [("active".to_owned(), true), ("undone".to_owned(), false)]
    );
    assert!(matches!(
        dnc_lists::undo(&app.ctx, &ACTOR, second.id),
        Err(AppError::Conflict(_))
    ));
    assert!(matches!(
        dnc_lists::undo(&app.ctx, &ACTOR, DncLoadId::generate(app.now())),
        Err(AppError::NotFound)
    ));
    assert!(assert_unbroken(&app.ctx.db) >= 3);
}

#[actix_web::test]
async fn only_the_version_before_is_kept() {
    let app = TestApp::start().await;
    for file in ["2125550142\n", "2125550143\n", "2125550144\n"] {
        load(&app, file).unwrap();
    }
    assert_eq!(
        statuses(&app),
        [
            ("replaced".to_owned(), false),
            ("replaced".to_owned(), true),
            ("active".to_owned(), true)
        ]
    );
    assert_eq!(blocks(&app), 2);
}

#[actix_web::test]
async fn changes_add_and_delete_and_never_touch_what_a_debtor_asked_for() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Acme");
    load(&app, "212,5550142\n212,5550143\n305,5550143\n").unwrap();
    let asked: forbear::domain::phone::PhoneNumber = "212-555-0143".parse().unwrap();
    let on = app.now().as_naive_utc().date();
    app.ctx
        .db
        .write(|conn| reachable::do_not_call(conn, asked, on).map_err(forbear::db::DbError::from))
        .unwrap();

    let changed = load(
        &app,
        "212,5550143,2026-05-12,D\n305,5550144,2026-05-12,A\n305,5550143,2026-05-12,D\n\
         305,5550143,2026-05-13,A\n818,5550145,2026-05-12,D\n",
    )
    .unwrap();
    assert_eq!(changed.mode, "change");
    assert_eq!((changed.numbers, changed.added, changed.removed), (3, 1, 1));
    assert!(is_on_national(&app, "212-555-0142") && is_on_national(&app, "305-555-0144"));
    assert!(
        is_on_national(&app, "305-555-0143"),
        "the last line decides"
    );
    assert_eq!(lists_of(&app, creditor, "212-555-0143"), ["debtor"]);
}

#[actix_web::test]
async fn changes_of_a_list_that_is_not_there_are_refused() {
    let app = TestApp::start().await;
    let refused = load(&app, "212,5550143,2026-05-12,A\n").unwrap_err();
    assert!(
        refused.to_string().contains("Load the full list first"),
        "{refused}"
    );
    assert_eq!(statuses(&app), [("failed".to_owned(), false)]);
}

/// A file whose reading ends in an error.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::Error::other("the cable was pulled")),
            some => Ok(some),
        }
    }
}

#[actix_web::test]
async fn a_file_that_breaks_off_or_is_no_list_leaves_the_list_as_it_was() {
    let app = TestApp::start().await;
    load(&app, "2125550142\n").unwrap();
    let broken = load_as(&app, &national(&app), Broken(b"3055550143\n3055550144\n"));
    assert!(matches!(broken, Err(AppError::Invalid(_))));
    for no_list in [
        "",
        "Dear all,\n",
        "<html></html>",
        "000,0000000\n2125550199\n111\n",
    ] {
        assert!(
            matches!(load(&app, no_list), Err(AppError::Invalid(_))),
            "{no_list}"
        );
    }
    assert!(is_on_national(&app, "212-555-0142"));
    assert!(!is_on_national(&app, "305-555-0143"));
    assert_eq!(blocks(&app), 1);
    let why: Option<String> = app.rows(|conn| {
        dnc_loads::table
            .filter(dnc_loads::version.eq(2))
            .select(dnc_loads::error)
            .first(conn)
    });
    assert!(why.unwrap().contains("the cable was pulled"));
}

#[actix_web::test]
async fn a_load_whose_process_died_counts_for_nothing_and_makes_room() {
    let app = TestApp::start().await;
    load(&app, "2125550142\n").unwrap();
    dnc_lists::begin(&app.ctx, &ACTOR, &national(&app)).unwrap();
    app.ctx
        .db
        .write(|conn| {
            let block = forbear::store::dnc_lists::BlockRow {
                version: 2,
                prefix: 305_555,
                lines: vec![1, 0],
            };
            forbear::store::dnc_lists::insert_blocks(conn, &[block])
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    assert!(
        !is_on_national(&app, "305-555-0001"),
        "it is not in force yet"
    );
    assert!(matches!(
        dnc_lists::begin(&app.ctx, &ACTOR, &national(&app)),
        Err(AppError::Conflict(_))
    ));

    app.clock.set(app.now().plus(Duration::seconds(61)));
    load(&app, "2125550143\n").unwrap();
    assert!(is_on_national(&app, "212-555-0143"));
    let (status, has_blocks) = statuses(&app)[1].clone();
    assert_eq!((status.as_str(), has_blocks), ("failed", false));
    assert_eq!(blocks(&app), 2, "the one in force and the one before");
}

#[actix_web::test]
async fn a_creditor_s_own_list_binds_that_creditor_alone_until_its_last_day() {
    let app = TestApp::start().await;
    let (acme, borough) = (app.creditor("Acme"), app.creditor("Borough"));
    let last = app.now().as_naive_utc().date() + Duration::days(3);
    let own = NewLoad {
        scope: DncScope::Creditor(acme),
        list: "Own".to_owned(),
        source: ListSource::Internal,
        expires_on: Some(last),
        ..national(&app)
    };
    load_as(&app, &own, b"2125550142\n".as_slice()).unwrap();
    assert_eq!(lists_of(&app, acme, "212-555-0142"), ["Own"]);
    assert!(lists_of(&app, borough, "212-555-0142").is_empty());
    let number = "212-555-0142".parse().unwrap();
    let listing = app.rows(|conn| is_listed(conn, acme, number)).remove(0);
    assert_eq!(listing.expires_on, Some(last));
}

#[actix_web::test]
async fn a_list_of_the_future_or_without_a_name_is_refused() {
    let app = TestApp::start().await;
    let nameless = NewLoad {
        list: "  ".to_owned(),
        ..national(&app)
    };
    let future = NewLoad {
        as_of: app.now().as_naive_utc().date() + Duration::days(2),
        ..national(&app)
    };
    for new in [nameless, future] {
        assert!(matches!(
            dnc_lists::begin(&app.ctx, &ACTOR, &new),
            Err(AppError::Invalid(_))
        ));
    }
    assert!(statuses(&app).is_empty());
}

async fn upload(
    app: &TestApp,
    client: &mut crate::support::Client<'_>,
    fields: &[(&str, &str)],
    file: &[u8],
) -> crate::support::Answer {
    let answer = client
        .upload("/dnc/lists", fields, ("file", "list.txt", file))
        .await;
    // The load goes on behind the answer.
    for _ in 0..500 {
        if statuses(app).iter().all(|(status, _)| status != "loading") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    answer
}

#[actix_web::test]
async fn a_list_is_loaded_and_taken_back_on_its_page() {
    let app = TestApp::start().await;
    let mut desk = app.sign_in(Role::Compliance, None).await;
    desk.get("/dnc/lists")
        .await
        .assert_says("No list is loaded");
    let fields = [
        ("list", "Indiana"),
        ("source", "state"),
        ("as_of", "2026-04-01"),
    ];
    let answer = upload(&app, &mut desk, &fields, b"number\n317-555-0142\n").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = desk.get("/dnc/lists").await;
    page.assert_says("Indiana");
    page.assert_says("1 number, as of 1 Apr 2026");
    page.assert_says("Older than 31 days");
    let anybody = CreditorId::generate(app.now());
    assert_eq!(lists_of(&app, anybody, "317-555-0142"), ["Indiana"]);

    let (start, end) = ("/dnc/lists/", "/undo");
    let id = page
        .body
        .split(start)
        .nth(1)
        .unwrap()
        .split(end)
        .next()
        .unwrap();
    let undo = format!("{start}{id}{end}");
    for _ in 0..2 {
        let answer = desk.post(&undo, &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    desk.get("/dnc/lists").await.assert_says("Taken back");
    assert!(lists_of(&app, anybody, "317-555-0142").is_empty());
}

#[actix_web::test]
async fn what_does_not_fit_comes_back_with_what_was_typed() {
    let app = TestApp::start().await;
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let fields = [
        ("list", "Indiana"),
        ("source", "mars"),
        ("as_of", "someday"),
    ];
    let answer = upload(&app, &mut desk, &fields, b"").await;
    assert_eq!(answer.status, 422);
    for text in [
        "Choose who keeps the list.",
        "Write the day as 2026-11-21.",
        "Choose a file that is not empty.",
    ] {
        answer.assert_says(text);
    }
    answer.assert_contains(r#"value="Indiana""#);
    assert!(statuses(&app).is_empty());

    let fields = [("list", "Indiana"), ("source", "state")];
    let answer = upload(&app, &mut desk, &fields, b"Dear all,\n").await;
    assert_eq!(answer.status, 303, "it is read behind the answer");
    desk.get("/dnc/lists").await.assert_says("Failed");
}
