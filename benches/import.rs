//! What saving a file of 10,000 placements costs, from the moment somebody presses Import.
//!
//! `cargo bench --bench import` prints the seconds of each run: reading the stored file again,
//! and saving its rows in chunks, each in a transaction that reaches the disk. Every row has a
//! debtor with an address, a phone number and an email address of its own, and one in fifty a
//! cease, an attorney or a bankruptcy.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first thing that is not as it should be, and prints"
)]

use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant as Monotonic;

use forbear::actions::creditors::{self, NewCreditor};
use forbear::actions::ctx::Ctx;
use forbear::actions::imports::{self, MappingForm, Step, Upload};
use forbear::actions::journal::StopJournal;
use forbear::actions::placement_counts::PlacementCounts;
use forbear::actions::wake::Wake;
use forbear::db::{Db, Target, migrate};
use forbear::domain::actor::Actor;
use forbear::domain::agency::Agency;
use forbear::domain::id::CreditorId;
use forbear::domain::import::ImportKind;
use forbear::domain::mail::MailAddresses;
use forbear::domain::money::BasisPoints;
use forbear::domain::time::{Clock, SystemClock};
use forbear::gate::Policy;
use forbear::keys::Keys;
use forbear::passwords::Passwords;
use forbear::policies::Policies;
use forbear::store::Scope;

const ROWS: usize = 10_000;
const RUNS: usize = 5;
const ACTOR: Actor = Actor::System("import");

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the database");
    let ctx = context(folder.path());
    for run in 1..=RUNS {
        let creditor = creditors::add(
            &ctx,
            &ACTOR,
            NewCreditor {
                name: format!("Creditor {run}"),
                contingency: BasisPoints::new(2_500).expect("a rate"),
                contact_email: None,
                contact_phone: None,
                postal_address: None,
            },
        )
        .expect("a creditor");
        let id = ready(&ctx, creditor, &file());
        imports::start(&ctx, &ACTOR, Scope::Creditor(creditor), id, false).expect("starts");
        let begun = Monotonic::now();
        let job = imports::claim(&ctx).expect("claims").expect("a job");
        let read = begun.elapsed();
        let mut longest = std::time::Duration::ZERO;
        loop {
            let step_begun = Monotonic::now();
            let step = job.step(&ctx).expect("saves");
            longest = longest.max(step_begun.elapsed());
            if step == Step::Done {
                break;
            }
        }
        println!(
            "run {run}: {ROWS} rows in {:.2} s; of these {:.2} s reading the file; longest chunk {:.0} ms",
            begun.elapsed().as_secs_f64(),
            read.as_secs_f64(),
            longest.as_secs_f64() * 1_000.0,
        );
    }
}

/// Uploads a file and agrees with the guessed columns.
fn ready(ctx: &Ctx, creditor: CreditorId, csv: &str) -> forbear::domain::id::ImportId {
    let scope = Scope::Creditor(creditor);
    let upload = Upload {
        creditor,
        kind: ImportKind::Placements,
        file_name: "bench.csv".to_owned(),
        bytes: csv.as_bytes().to_vec(),
        windows_1252: false,
    };
    let id = imports::upload(ctx, &ACTOR, &upload).expect("uploads");
    let guessed = imports::mapping(ctx, scope, id).expect("guesses");
    let form = MappingForm {
        columns: guessed
            .columns
            .iter()
            .map(|column| column.field.map(str::to_owned))
            .collect(),
        ..MappingForm::default()
    };
    imports::map(ctx, &ACTOR, scope, id, &form)
        .expect("maps")
        .expect("fits");
    id
}

fn file() -> String {
    let mut csv = String::from(
        "invoice_number,name,address_line1,city,state,zip_code,phone,email,amount,due_date,\
         cease_and_desist,attorney_name,bankruptcy_chapter\n",
    );
    for n in 0..ROWS {
        let (cease, attorney, chapter) = match n % 150 {
            0 => ("yes", "", ""),
            50 => ("", "Ruth Kell", ""),
            100 => ("", "", "13"),
            _ => ("", "", ""),
        };
        writeln!(
            csv,
            "B-{n},Person {n},{n} Elm Street,Albany,NY,12207,518-{:03}-{:04},p{n}@debtors.example,\
             {}.{:02},2026-01-31,{cease},{attorney},{chapter}",
            300 + n / 10_000,
            n % 10_000,
            50 + n % 900,
            n % 100,
        )
        .expect("writes to memory");
    }
    csv
}

fn context(folder: &std::path::Path) -> Ctx {
    let db = Db::open(&Target::Sqlite(folder.join("bench.db")), 4);
    migrate::run(&db).expect("migrates");
    Ctx {
        db,
        clock: Arc::new(SystemClock),
        clock_watch: Arc::default(),
        policies: Policies::new(Policy::builtin()),
        keys: Keys::from_hex(&"5a".repeat(32)).expect("a key"),
        passwords: Passwords::for_tests().expect("parameters"),
        journal: Arc::new(StopJournal::open(folder, SystemClock.now()).expect("a journal")),
        wake: Wake::default(),
        placement_counts: PlacementCounts::default(),
        voice: None,
        mail: Arc::new(MailAddresses {
            from: "no-reply@forbear.example".parse().expect("an address"),
            replies: None,
        }),
        inbound_secret: None,
        webhook_addresses: Arc::default(),
        trusted_proxies: Arc::default(),
        is_encrypted_at_rest: false,
        process: "bench".into(),
        data_dir: Arc::new(folder.to_owned()),
        agency: Arc::new(Agency {
            name: String::new(),
            postal_address: String::new(),
            phone: String::new(),
        }),
        public_url: "http://forbear.test".into(),
    }
}
