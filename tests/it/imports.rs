//! Files that are imported: every step, every kind of bad file, and what a crash leaves behind.

use chrono::Duration;
use diesel::dsl::count_star;
use diesel::prelude::*;
use forbear::actions::imports::{self, Step};
use forbear::db::schema::{audit_events, contacts, import_files, letters, placements};
use forbear::domain::access::Role;
use forbear::domain::id::{CreditorId, ImportId};
use forbear::domain::money::Cents;
use forbear::domain::placement::PlacementStatus;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::support::{Answer, Client, TestApp};

const CREDITOR: &str = "Alder Clinic";

/// A file with everything that an account needs.
const GOOD: &str = "Invoice #,Customer,Street,City,State,Zip,Phone,Email,Balance,Due Date,Cease\n\
    INV-1,Marisol Ortega,1 Elm St,Albany,NY,12207,518-555-0101,marisol@debtors.example,\"1,250.00\",1/31/2026,no\n\
    INV-2,Acme \"Steel\" LLC,2 Elm St,Austin,TX,78701,512-555-0102,,310.5,2026-02-01,\n\
    INV-3,\"Lee\nPark\",3 Elm St,Boise,ID,83702,,,99,2/1/2026,yes\n";

async fn upload(client: &mut Client<'_>, kind: &str, csv: &[u8]) -> Answer {
    client
        .upload("/imports", &[("kind", kind)], ("file", "november.csv", csv))
        .await
}

/// The columns as they are guessed, sent back unchanged, as a person does who agrees.
async fn agree(client: &mut Client<'_>, import: &str) -> Answer {
    let page = client.get(import).await;
    let fields: Vec<(String, String)> = page
        .body
        .split("<select class=\"input\"")
        .skip(1)
        .map(|select| {
            let select = select.split("</select>").next().unwrap();
            let name = between(select, "name=\"", "\"");
            let chosen = select
                .split("<option value=\"")
                .find(|option| option.contains(" selected"))
                .map_or("", |option| option.split('"').next().unwrap());
            (name.to_owned(), chosen.to_owned())
        })
        .collect();
    assert!(!fields.is_empty(), "{}", page.body);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    client.post(&format!("{import}/columns"), &fields).await
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

fn id_of(import: &str) -> ImportId {
    import.trim_start_matches("/imports/").parse().unwrap()
}

/// Uploads and settles the columns; the address of the import.
async fn ready(client: &mut Client<'_>, kind: &str, csv: &[u8]) -> String {
    let answer = upload(client, kind, csv).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let import = answer.location().to_owned();
    let mapped = agree(client, &import).await;
    assert_eq!(mapped.status, 303, "{}", mapped.body);
    import
}

async fn import(app: &TestApp, client: &mut Client<'_>, kind: &str, csv: &[u8]) -> String {
    let import = ready(client, kind, csv).await;
    let answer = client.post(&format!("{import}/commit"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(imports::run_all(&app.ctx).unwrap(), 1);
    import
}

fn placed(app: &TestApp) -> i64 {
    app.rows(|conn| placements::table.select(count_star()).first(conn))
}

/// `count` rows without anything remarkable.
fn many(count: usize) -> String {
    let mut csv = String::from("invoice_number,name,amount,phone\n");
    for n in 0..count {
        csv.push_str(&format!(
            "M-{n},Person {n},10.00,518-555-{:04}\n",
            n % 10_000
        ));
    }
    csv
}

#[actix_web::test]
async fn the_pages_of_an_import_do_not_contradict_themselves() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let file = "invoice_number,name,amount,phone\nA-1,Ann One,10.00,518-555-0001\nA-2,Ben Two,ten,518-555-0002\n";
    let import = ready(&mut user, "placements", file.as_bytes()).await;
    let review = user.get(&import).await;
    review.assert_says("or import only the 1 good row: then what has errors is left out.");
    review.assert_lacks("Nothing is imported");
    let commit = format!("{import}/commit");
    let started = user.post(&commit, &[("good_only", "yes")]).await;
    assert_eq!(started.status, 303, "{}", started.body);
    assert_eq!(imports::run_all(&app.ctx).unwrap(), 1);
    let result = user.get(&import).await;
    result.assert_contains("Import finished");
    result.assert_lacks("You may leave this page");
    result.assert_contains("<title>Import \u{b7} november.csv");
}

#[actix_web::test]
async fn a_file_in_utf16_is_read_with_its_mark_and_without() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let file = "invoice_number,name,amount,phone\nU-1,Jos\u{e9} Ruiz,10.00,518-555-0001\n";
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = file.encode_utf16().flat_map(unit).collect();
        let import = ready(&mut user, "placements", &bytes).await;
        user.get(&import).await.assert_contains("Import 1 row");
    }
}

#[actix_web::test]
async fn a_page_that_is_none_is_the_first() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    for page in ["-5", "0", "two", ""] {
        let answer = user.get(&format!("/imports?page={page}")).await;
        assert_eq!(answer.status, 200, "{page}");
    }
    let mut officer = app.sign_in(Role::Compliance, None).await;
    assert_eq!(officer.get("/replies?page=-5").await.status, 200);
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    let people = administrator.get("/people?offset=-5").await;
    assert_eq!(people.status, 200);
}

#[actix_web::test]
async fn a_creditors_file_becomes_placements_step_by_step() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let import = ready(&mut user, "placements", GOOD.as_bytes()).await;

    let review = user.get(&import).await;
    review.assert_contains("Import 3 rows");
    review.assert_contains("$1,659.50");
    assert_eq!(placed(&app), 0);

    let started = user.post(&format!("{import}/commit"), &[]).await;
    assert_eq!(started.location(), import);
    let progress = user.get(&import).await;
    progress.assert_contains("0 of 3 rows");
    progress.assert_contains("http-equiv=\"refresh\"");
    let json = user.get(&format!("{import}/progress")).await.json();
    assert_eq!(json["status"], "committing");
    assert_eq!((&json["done"], &json["total"]), (&0.into(), &3.into()));

    assert_eq!(imports::run_all(&app.ctx).unwrap(), 1);
    let result = user.get(&import).await;
    result.assert_contains("Import finished");
    let csv = user.get(&format!("{import}/result.csv")).await;
    assert!(
        csv.header("content-disposition")
            .contains("import-result.csv")
    );
    assert_eq!(csv.body.matches(",created,").count(), 3, "{}", csv.body);
    csv.assert_contains("http://forbear.test/placements/");

    let rows: Vec<(String, PlacementStatus, Cents)> = app.rows(|conn| {
        placements::table
            .order(placements::invoice_key)
            .select((
                placements::invoice_number,
                placements::status,
                placements::amount_cents,
            ))
            .load(conn)
    });
    assert_eq!(
        rows,
        [
            (
                "INV-1".to_owned(),
                PlacementStatus::InOutreach,
                Cents::new(125_000)
            ),
            (
                "INV-2".to_owned(),
                PlacementStatus::InOutreach,
                Cents::new(31_050)
            ),
            (
                "INV-3".to_owned(),
                PlacementStatus::Ready,
                Cents::new(9_900)
            ),
        ]
    );
    let history = user.get("/imports").await;
    history.assert_contains("november.csv");
    history.assert_contains("Done");
}

#[actix_web::test]
async fn the_same_file_again_is_all_duplicates_and_its_columns_are_remembered() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    import(&app, &mut user, "placements", GOOD.as_bytes()).await;

    let again = upload(&mut user, "placements", GOOD.as_bytes()).await;
    let second = again.location().to_owned();
    let columns = user.get(&second).await;
    columns.assert_contains("Filled in as for your last file");
    agree(&mut user, &second).await;
    let review = user.get(&second).await;
    review.assert_contains("On file already; left out");
    review.assert_contains("A placement on file");
    review.assert_lacks("Import 3 rows");
    // Not offered, and harmless when it is asked for all the same.
    user.post(&format!("{second}/commit"), &[]).await;
    assert_eq!(imports::run_all(&app.ctx).unwrap(), 1);
    assert_eq!(placed(&app), 3);
    let csv = user.get(&format!("{second}/result.csv")).await;
    assert_eq!(csv.body.matches(",duplicate,").count(), 3);
}

#[actix_web::test]
async fn a_row_that_is_placed_while_the_file_waits_is_reported_as_duplicate() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    let waiting = ready(&mut user, "placements", GOOD.as_bytes()).await;
    app.place(creditor, |row| row.invoice_number = "inv-2".to_owned());
    user.post(&format!("{waiting}/commit"), &[]).await;
    imports::run_all(&app.ctx).unwrap();
    let json = user.get(&format!("{waiting}/progress")).await.json();
    assert_eq!(
        (&json["created"], &json["duplicates"]),
        (&2.into(), &1.into())
    );
}

#[actix_web::test]
async fn nothing_is_imported_while_there_are_errors_unless_the_good_rows_are_asked_for() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let csv = "Invoice #,Customer,Bal.,Due,St\n\
        A-1,Ann Lee,12.345,1/31/2026,NY\n\
        A-2,Bo Lin,-5,2026-02-30,NY\n\
        A-3,Cy Orr,10,1/31/2026,Narnia\n\
        A-4,Di Fox,20,1/31/2026,NY\n\
        A-4,Di Fox,21,1/31/2026,NY\n";
    let import = ready(&mut user, "placements", csv.as_bytes()).await;
    let review = user.get(&import).await;
    review.assert_contains("4 rows have errors");
    for said in [
        "12.345",
        "Bal.",
        "2026-02-30",
        "Narnia",
        "Import only the 1 good row",
    ] {
        review.assert_contains(said);
    }
    let refused = user.post(&format!("{import}/commit"), &[]).await;
    assert_eq!(refused.status, 409);
    assert_eq!(imports::run_all(&app.ctx).unwrap(), 0);
    let problems = user.get(&format!("{import}/problems.csv")).await;
    problems.assert_contains("Narnia");

    let good = user
        .post(&format!("{import}/commit"), &[("good_only", "yes")])
        .await;
    assert_eq!(good.status, 303);
    imports::run_all(&app.ctx).unwrap();
    assert_eq!(placed(&app), 1);
    let csv = user.get(&format!("{import}/result.csv")).await;
    csv.assert_contains("left out");
    csv.assert_contains("Narnia");
}

#[actix_web::test]
async fn files_that_cannot_be_read_say_why_and_leave_nothing() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let huge_cell = format!("invoice_number,name,amount\n\"{}", "x".repeat(10_000_000));
    let cases: [(&[u8], &str); 8] = [
        (b"", "Choose a file that is not empty"),
        (b"\xEF\xBB\xBF", "The file is empty"),
        (b"invoice_number,name,amount\n", "nothing below it"),
        (b"invoice,na\xEFme\n1,2\n", "not UTF-8"),
        (b"PK\x03\x04 [Content_Types].xml", "Excel workbook"),
        (b"a,b\0c\n1,2\n", "NUL byte"),
        (b"1,2,3\n4,5,6\n", "must name the columns"),
        (huge_cell.as_bytes(), "never closed"),
    ];
    for (bytes, why) in cases {
        let answer = upload(&mut user, "placements", bytes).await;
        assert_eq!(answer.status, 422, "{why}");
        answer.assert_contains(why);
    }
    let too_large = vec![b'a'; 21 * 1024 * 1024];
    assert_eq!(
        upload(&mut user, "placements", &too_large).await.status,
        413
    );
    let kept: i64 = app.rows(|conn| import_files::table.select(count_star()).first(conn));
    assert_eq!(kept, 0);
}

#[actix_web::test]
async fn a_cell_of_ten_million_characters_is_an_error_of_its_row_alone() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let csv = format!(
        "invoice_number,name,amount\nA-1,\"{}\",1\nA-2,Bo Lin,2\n",
        "x".repeat(10_000_000)
    );
    let import = ready(&mut user, "placements", csv.as_bytes()).await;
    let review = user.get(&import).await;
    review.assert_contains("1 row has errors");
    review.assert_contains("10000000 characters");
    assert!(review.body.len() < 100_000);
}

#[actix_web::test]
async fn windows_1252_is_read_when_it_is_chosen() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let answer = user
        .upload(
            "/imports",
            &[("kind", "placements"), ("encoding", "windows-1252")],
            (
                "file",
                "a.csv",
                b"invoice_number,name,amount\n1,Jos\xE9,5\n",
            ),
        )
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    user.get(answer.location())
        .await
        .assert_contains("Jos\u{e9}");
}

#[actix_web::test]
async fn columns_that_do_not_fit_bring_the_page_back_with_the_reason() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let answer = upload(&mut user, "placements", GOOD.as_bytes()).await;
    let import = answer.location().to_owned();
    let columns = format!("{import}/columns");
    let missing = user.post(&columns, &[("column_0", "invoice_number")]).await;
    assert_eq!(missing.status, 422);
    missing.assert_contains("No column is mapped to Amount");
    let twice = user
        .post(
            &columns,
            &[
                ("column_0", "invoice_number"),
                ("column_1", "name"),
                ("column_8", "amount"),
                ("column_2", "amount"),
            ],
        )
        .await;
    assert_eq!(twice.status, 422);
    twice.assert_contains("are mapped to Amount");
    let unknown = user.post(&columns, &[("column_0", "no_such_field")]).await;
    assert_eq!(unknown.status, 422);
    user.get(&import)
        .await
        .assert_contains("Which column is which?");
}

#[actix_web::test]
async fn pressing_import_twice_imports_once() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let import = ready(&mut user, "placements", GOOD.as_bytes()).await;
    let commit = format!("{import}/commit");
    assert_eq!(user.post(&commit, &[]).await.status, 303);
    assert_eq!(user.post(&commit, &[]).await.status, 303);
    assert_eq!(imports::run_all(&app.ctx).unwrap(), 1);
    assert_eq!(user.post(&commit, &[]).await.status, 303);
    assert_eq!(imports::run_all(&app.ctx).unwrap(), 0);
    assert_eq!(placed(&app), 3);
    assert_eq!(events(&app, "import.started"), 1);
    assert_eq!(events(&app, "import.completed"), 1);
}

fn events(app: &TestApp, kind: &str) -> i64 {
    app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq(kind))
            .select(count_star())
            .first(conn)
    })
}

#[actix_web::test]
async fn a_discarded_file_is_gone_and_nothing_can_start_from_it() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let import = ready(&mut user, "placements", GOOD.as_bytes()).await;
    let discarded = user.post(&format!("{import}/discard"), &[]).await;
    assert_eq!(discarded.location(), "/imports");
    let kept: i64 = app.rows(|conn| import_files::table.select(count_star()).first(conn));
    assert_eq!(kept, 0);
    assert_eq!(
        user.post(&format!("{import}/commit"), &[]).await.status,
        409
    );
    assert_eq!(agree_blindly(&mut user, &import).await, 409);
    user.get("/imports").await.assert_contains("Discarded");
}

async fn agree_blindly(user: &mut Client<'_>, import: &str) -> u16 {
    user.post(&format!("{import}/columns"), &[("column_0", "amount")])
        .await
        .status
}

#[actix_web::test]
async fn a_crash_between_chunks_is_taken_up_by_another_process_behind_the_saved_rows() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let import = ready(&mut user, "placements", many(1_200).as_bytes()).await;
    user.post(&format!("{import}/commit"), &[]).await;

    let first = imports::claim(&app.ctx).unwrap().unwrap();
    assert_eq!(first.step(&app.ctx).unwrap(), Step::More);
    let saved = placed(&app);
    assert!(saved > 0 && saved < 1_200, "{saved}");

    let mut other = app.ctx.clone();
    other.process = "another".into();
    assert!(
        imports::claim(&other).unwrap().is_none(),
        "the first one may still live"
    );
    app.clock.advance(Duration::minutes(2));
    let second = imports::claim(&other).unwrap().unwrap();
    // The first one was only slow: it must not save anything any more.
    assert_eq!(first.step(&app.ctx).unwrap(), Step::Lost);
    while second.step(&other).unwrap() == Step::More {}

    assert_eq!(placed(&app), 1_200);
    let json = user.get(&format!("{import}/progress")).await.json();
    assert_eq!(json["status"], "completed");
    assert_eq!(
        (&json["created"], &json["duplicates"]),
        (&1_200.into(), &0.into())
    );
    assert_eq!(events(&app, "placement.created"), 1_200);
}

#[actix_web::test]
async fn another_creditors_import_is_not_there() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    app.creditor("Other Trades");
    let mut owner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let import = ready(&mut owner, "placements", GOOD.as_bytes()).await;
    let mut stranger = app.sign_in(Role::CreditorAdmin, Some("Other Trades")).await;
    for path in ["", "/columns", "/problems.csv", "/result.csv", "/progress"] {
        assert_eq!(
            stranger.get(&format!("{import}{path}")).await.status,
            404,
            "{path}"
        );
    }
    for path in ["/columns", "/commit", "/discard"] {
        let answer = stranger.post(&format!("{import}{path}"), &[]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    stranger.get("/imports").await.assert_lacks("november.csv");
    owner.get(&import).await.assert_contains("Import 3 rows");
}

#[actix_web::test]
async fn agents_do_not_import_and_staff_say_whose_file_it_is() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let other = app.creditor("Other Trades");
    let mut agent = app.sign_in(Role::Agent, None).await;
    assert_eq!(agent.get("/imports").await.status, 403);
    assert_eq!(
        upload(&mut agent, "placements", GOOD.as_bytes())
            .await
            .status,
        403
    );

    let mut staff = app.sign_in(Role::Compliance, None).await;
    let unsaid = upload(&mut staff, "placements", GOOD.as_bytes()).await;
    assert_eq!(unsaid.status, 422);
    unsaid.assert_contains("Choose the creditor");
    let file = ("file", "a.csv", GOOD.as_bytes());
    let said = [("kind", "placements"), ("creditor", creditor.as_str())];
    let taken = staff.upload("/imports", &said, file).await;
    assert_eq!(taken.status, 303);
    staff.get("/imports").await.assert_contains(CREDITOR);

    // Nobody of a creditor can put a file under another's name.
    let mut member = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let forged = [("kind", "placements"), ("creditor", other.as_str())];
    let taken = member.upload("/imports", &forged, file).await;
    assert_eq!(owner_of(&app, id_of(taken.location())), creditor);
}

fn owner_of(app: &TestApp, import: ImportId) -> CreditorId {
    use forbear::db::schema::imports;
    app.rows(|conn| {
        imports::table
            .filter(imports::id.eq(import))
            .select(imports::creditor_id)
            .first(conn)
    })
}

#[actix_web::test]
async fn a_contact_history_fills_the_windows_and_names_notices_sent_before() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| row.invoice_number = "H-1".to_owned());
    let mut user = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    let csv = "invoice_number,at,channel,direction,outcome,phone,purpose,mini_miranda,agent\n\
        H-1,2026-05-12T10:00:00-04:00,call,out,voicemail,518-555-0101,,yes,K. Sample\n\
        h-1,2026-05-12T10:00:00-04:00,call,out,no-answer,518-555-0101,,,\n\
        H-1,2026-05-01T12:00:00Z,letter,out,sent,,validation-notice,,\n";
    import(&app, &mut user, "contacts", csv.as_bytes()).await;

    let rows: Vec<(String, String, Option<String>, Option<bool>)> = app.rows(|conn| {
        contacts::table
            .filter(contacts::placement_id.eq(placement))
            .order((contacts::at, contacts::outcome))
            .select((
                contacts::channel,
                contacts::outcome,
                contacts::address,
                contacts::mini_miranda,
            ))
            .load(conn)
    });
    let phone = Some("+15185550101".to_owned());
    assert_eq!(
        rows,
        [
            ("letter".to_owned(), "sent".to_owned(), None, None),
            (
                "call".to_owned(),
                "no-answer".to_owned(),
                phone.clone(),
                None
            ),
            ("call".to_owned(), "voicemail".to_owned(), phone, Some(true)),
        ]
    );
    let notice: (String, chrono::NaiveDate) = app.rows(|conn| {
        letters::table
            .filter(letters::placement_id.eq(placement))
            .select((letters::letter_type, letters::sent_on))
            .first(conn)
    });
    assert_eq!(notice.0, "validation_notice");
    assert_eq!(notice.1.to_string(), "2026-05-01");

    // The same history again adds nothing: no window may be filled twice.
    app.clock.advance(Duration::seconds(1));
    let again = import(&app, &mut user, "contacts", csv.as_bytes()).await;
    let json = user.get(&format!("{again}/progress")).await.json();
    assert_eq!(
        (&json["created"], &json["duplicates"]),
        (&0.into(), &3.into())
    );
}

#[actix_web::test]
async fn a_contact_whose_file_names_only_the_day_is_shown_without_an_hour() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| row.invoice_number = "H-1".to_owned());
    let mut user = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    let csv = "invoice_number,at,channel,direction,outcome\n\
        H-1,2026-05-01,letter,out,sent\n\
        H-1,2026-05-02T10:30:00-04:00,letter,out,sent\n";
    let import = ready(&mut user, "contacts", csv.as_bytes()).await;
    let columns = [
        ("column_0", "invoice_number"),
        ("column_1", "at"),
        ("column_2", "channel"),
        ("column_3", "direction"),
        ("column_4", "outcome"),
        ("zone", "America/New_York"),
    ];
    user.post(&format!("{import}/columns"), &columns).await;
    let answer = user.post(&format!("{import}/commit"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(imports::run_all(&app.ctx).unwrap(), 1);

    let page = user
        .get(&format!("/placements/{placement}?kind=contacts"))
        .await;
    page.assert_says("Friday, 1 May 2026 Wrote a letter.");
    page.assert_says("Day only");
    page.assert_says("10:30 am");
    assert!(!page.words().contains("11:59 pm"), "{}", page.words());
}

#[actix_web::test]
async fn a_contact_of_an_unknown_invoice_and_a_time_without_a_zone_are_errors() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    app.place(creditor, |row| row.invoice_number = "H-1".to_owned());
    let mut user = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    let csv = "invoice_number,at,channel,direction,outcome\n\
        H-1,2026-05-12 10:00,call,out,voicemail\n\
        H-9,2026-05-12T10:00:00Z,call,out,voicemail\n";
    let import = ready(&mut user, "contacts", csv.as_bytes()).await;
    let review = user.get(&import).await;
    review.assert_contains("names no time zone");
    review.assert_contains("is not placed with this creditor");

    let columns = [
        ("column_0", "invoice_number"),
        ("column_1", "at"),
        ("column_2", "channel"),
        ("column_3", "direction"),
        ("column_4", "outcome"),
        ("zone", "America/Chicago"),
    ];
    user.post(&format!("{import}/columns"), &columns).await;
    let review = user.get(&import).await;
    review.assert_lacks("names no time zone");
    review.assert_contains("1 row has errors");

    let good = [("good_only", "yes")];
    assert_eq!(
        user.post(&format!("{import}/commit"), &good).await.status,
        303
    );
    imports::run_all(&app.ctx).unwrap();
    let result = user.get(&format!("{import}/result.csv")).await;
    assert_eq!(result.body.matches(",created,").count(), 1);
    result.assert_contains("left out");
    result.assert_contains("is not placed with this creditor");
}

#[actix_web::test]
async fn templates_to_fill_in_can_be_downloaded() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    for name in ["placements-template.csv", "contact-history-template.csv"] {
        let answer = user.get(&format!("/imports/{name}")).await;
        assert_eq!(answer.status, 200);
        answer.assert_contains("invoice_number");
        assert!(answer.header("content-disposition").contains(name));
    }
}

/// Bytes as they may come: anything at all, and things that look like a table.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        "[ -~]{0,12}",
        Just("\"".to_owned()),
        Just("a\"b,c\n".to_owned()),
        Just("=cmd|' /C calc'!A0".to_owned()),
        Just("1e9".to_owned()),
        "\\PC{0,6}",
    ];
    let table =
        proptest::collection::vec(proptest::collection::vec(cell, 1..6), 1..8).prop_map(|rows| {
            let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
            format!("invoice_number,name,amount\n{}", lines.join("\n")).into_bytes()
        });
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..400), table,]
}

#[actix_web::test]
async fn whatever_is_uploaded_is_never_a_fault_of_ours() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for round in 0..60 {
        let bytes = any_file().new_tree(&mut runner).unwrap().current();
        let kind = if round % 3 == 0 {
            "contacts"
        } else {
            "placements"
        };
        let answer = upload(&mut user, kind, &bytes).await;
        assert!(
            matches!(answer.status, 303 | 422),
            "{}: {bytes:?}",
            answer.status
        );
        if answer.status == 303 {
            let import = answer.location().to_owned();
            assert_eq!(user.get(&import).await.status, 200, "{bytes:?}");
            let mapped = agree(&mut user, &import).await;
            assert!(matches!(mapped.status, 303 | 422), "{bytes:?}");
            assert_eq!(user.get(&import).await.status, 200, "{bytes:?}");
            let committed = user
                .post(&format!("{import}/commit"), &[("good_only", "yes")])
                .await;
            assert!(matches!(committed.status, 303 | 409), "{bytes:?}");
            imports::run_all(&app.ctx).unwrap();
        }
    }
}

#[actix_web::test]
async fn a_form_that_is_no_form_is_refused() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut user = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let answer = user.post("/imports", &[("kind", "placements")]).await;
    assert_eq!(answer.status, 400);
    let no_file = user
        .upload("/imports", &[("kind", "planets")], ("other", "x", b"abc"))
        .await;
    assert_eq!(no_file.status, 422);
    no_file.assert_contains("Choose what is in the file");
}
