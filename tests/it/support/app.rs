//! The application on a fresh database with a clock that stands still.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::test;
use forbear::actions::ctx::Ctx;
use forbear::actions::journal::StopJournal;
use forbear::actions::people::{self, NewPerson};
use forbear::actions::placement_counts::PlacementCounts;
use forbear::actions::stops;
use forbear::actions::wake::Wake;
use forbear::app::Site;
use forbear::db::{Db, Target, migrate};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::agency::Agency;
use forbear::domain::id::CreditorId;
use forbear::domain::mail::MailAddresses;
use forbear::domain::money::BasisPoints;
use forbear::domain::text_enum::TextEnum;
use forbear::domain::time::{Clock, FixedClock, Instant, SharedClock};
use forbear::domain::webhook::address::AddressRules;
use forbear::gate::Policy;
use forbear::keys::Keys;
use forbear::passwords::Passwords;
use forbear::policies::Policies;
use forbear::store::creditors::Creditor;
use futures_util::future::LocalBoxFuture;
use tempfile::TempDir;

use super::client::Client;
use super::database::TestDatabase;

/// Everyone's password in tests.
pub const PASSWORD: &str = "correct horse battery";

/// A Wednesday, 10:00 in New York: contact is lawful in every state on the mainland.
pub const NOW: &str = "2026-05-13T16:00:00Z";

type CallFn =
    dyn Fn(Request) -> LocalBoxFuture<'static, Result<ServiceResponse<BoxBody>, actix_web::Error>>;

/// The application in this process.
pub struct TestApp {
    pub ctx: Ctx,
    pub clock: Arc<FixedClock>,
    call: Box<CallFn>,
    // Dropped in this order: connections before the database they go to.
    _database: TestDatabase,
    pub folder: TempDir,
}

/// The services of one process: the first of a test, or another one on the same database.
pub fn context(target: &Target, clock: SharedClock, folder: &Path) -> Ctx {
    let db = Db::open(target, 4);
    migrate::run(&db).unwrap();
    let journal = StopJournal::open(folder, clock.now()).unwrap();
    let ctx = Ctx {
        db,
        clock,
        clock_watch: Arc::default(),
        policies: Policies::new(Policy::builtin()),
        keys: Keys::from_hex(&"5a".repeat(32)).unwrap(),
        passwords: Passwords::for_tests().unwrap(),
        journal: Arc::new(journal),
        wake: Wake::default(),
        placement_counts: PlacementCounts::default(),
        process: "test".into(),
        data_dir: Arc::new(folder.to_owned()),
        agency: Arc::new(Agency {
            name: "Northbridge Recovery".to_owned(),
            postal_address: "410 Canal Street, Columbus, OH 43215".to_owned(),
            phone: "(614) 555-0100".to_owned(),
        }),
        mail: Arc::new(MailAddresses {
            from: "contact@forbear.example".parse().unwrap(),
            replies: Some("replies@forbear.example".parse().unwrap()),
        }),
        inbound_secret: Some("a secret for the tests".into()),
        public_url: "http://forbear.test".into(),
        voice: None,
        webhook_addresses: Arc::new(AddressRules::new(
            vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
            Vec::new(),
        )),
        trusted_proxies: Arc::new([IpAddr::from([10, 0, 0, 1])]),
        is_encrypted_at_rest: false,
    };
    // As every process does when it starts.
    stops::may_reach_anybody(&ctx).unwrap();
    ctx
}

impl TestApp {
    /// On the database that the run is for.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// With services that `change` has changed.
    pub async fn start_with(change: impl FnOnce(&mut Ctx)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = TestDatabase::create(folder.path());
        Self::made(folder, database, change).await
    }

    pub async fn on(folder: TempDir, database: TestDatabase) -> Self {
        Self::made(folder, database, |_| ()).await
    }

    async fn made(folder: TempDir, database: TestDatabase, change: impl FnOnce(&mut Ctx)) -> Self {
        let clock = Arc::new(FixedClock::at(Instant::parse_rfc3339(NOW).unwrap()));
        let mut ctx = context(database.target(), clock.clone(), folder.path());
        change(&mut ctx);
        let service = Arc::new(test::init_service(Site::new(ctx.clone()).app()).await);
        let call = Box::new(move |request: Request| {
            let service = Arc::clone(&service);
            let future: LocalBoxFuture<'static, _> = Box::pin(async move {
                service
                    .call(request)
                    .await
                    .map(ServiceResponse::map_into_boxed_body)
            });
            future
        });
        Self {
            ctx,
            clock,
            call,
            _database: database,
            folder,
        }
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Ends the process; its folder and database stay.
    pub fn end(self) -> (TempDir, TestDatabase) {
        let Self {
            folder, _database, ..
        } = self;
        (folder, _database)
    }

    pub(super) async fn call(&self, request: Request) -> ServiceResponse<BoxBody> {
        match (self.call)(request).await {
            Ok(response) => response,
            // As the server does with an error that passed every layer.
            Err(error) => ServiceResponse::new(
                test::TestRequest::default().to_http_request(),
                error.as_response_error().error_response(),
            ),
        }
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Client<'_> {
        Client::new(self)
    }

    /// A creditor with a fee of 25 %.
    pub fn creditor(&self, name: &str) -> CreditorId {
        let id = CreditorId::generate(self.now());
        self.ctx
            .db
            .write(|conn| {
                forbear::store::creditors::insert(
                    conn,
                    &Creditor {
                        id,
                        name: name.to_owned(),
                        contingency_bps: BasisPoints::new(2_500).unwrap(),
                        max_calls_per_week: 3,
                        cleared: true,
                        not_cleared_reason: None,
                        contact_email: None,
                        contact_phone: None,
                        postal_address: None,
                        created_at: self.now(),
                        version: 1,
                    },
                )
                .map_err(forbear::db::DbError::from)
            })
            .unwrap();
        id
    }

    /// A signed-in person of this role: staff, or of the creditor with this name.
    pub async fn sign_in(&self, role: Role, creditor: Option<&str>) -> Client<'_> {
        let suffix = forbear::keys::random_code(6).unwrap().to_lowercase();
        let email = format!(
            "{}-{suffix}@people.example",
            role.as_str().replace('_', "-")
        );
        people::add(
            &self.ctx,
            &Actor::System("cli"),
            NewPerson {
                email: email.clone(),
                name: format!("{} {suffix}", role.label()),
                role,
                creditor_name: creditor.map(str::to_owned),
                password: PASSWORD.to_owned(),
            },
        )
        .unwrap();
        let mut client = self.anonymous();
        let answer = client
            .post("/sign-in", &[("email", &email), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        client
    }
}
