//! From settings to a running process: the folder, the database, the services, the server.

use std::fs::{self, File, TryLockError};
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use actix_web::HttpServer;

use crate::actions::ctx::Ctx;
use crate::actions::journal::StopJournal;
use crate::actions::placement_counts::PlacementCounts;
use crate::actions::policies;
use crate::actions::stops;
use crate::actions::wake::Wake;
use crate::app::Site;
use crate::config::{AtRest, Config, ConfigError};
use crate::db::{Db, Target, migrate, pg_tls};
use crate::domain::agency::Agency;
use crate::domain::time::SharedClock;
use crate::domain::webhook::address::AddressRules;
use crate::error::AppError;
use crate::gate::Policy;
use crate::keys::{Keys, KeysError, random_code};
use crate::passwords::Passwords;
use crate::policies::Policies;
use crate::worker::Workers;

/// Why the process could not start, in words for whoever starts it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{path}: {error}")]
    Folder { path: String, error: io::Error },
    #[error(
        "another process uses the data folder {0}. SQLite serves one process; set DATABASE_URL \
         to a PostgreSQL database to run several."
    )]
    InUse(String),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    PostgresTls(#[from] pg_tls::PgTlsError),
    #[error("the database could not be prepared: {0}")]
    Migrate(#[from] migrate::MigrateError),
    #[error("there is no database at {0} yet; serve makes one")]
    NoDatabase(String),
    #[error("the database's schema is older than this program; run forbear migrate: {0}")]
    Outdated(String),
    #[error("cannot listen on {address}: {error}")]
    Listen { address: String, error: io::Error },
    #[error(transparent)]
    App(#[from] AppError),
    #[error("the server stopped: {0}")]
    Server(io::Error),
}

/// What must live as long as the process.
#[derive(Debug)]
pub struct Services {
    pub ctx: Ctx,
    /// Held while an SQLite database is in use; the system releases it when the process ends,
    /// however it ends.
    _lock: Option<File>,
    /// Carries the connections to a PostgreSQL server that wants TLS.
    _tunnel: Option<pg_tls::PreparedUrl>,
}

/// A database that is this process's own to write to.
struct Opened {
    db: Db,
    lock: Option<File>,
    tunnel: Option<pg_tls::PreparedUrl>,
}

/// Where the data is, as the settings say.
fn target(config: &Config) -> Result<(Target, Option<pg_tls::PreparedUrl>), StartError> {
    match &config.database_url {
        None => Ok((Target::Sqlite(config.data.join("forbear.db")), None)),
        Some(url) => {
            let prepared = pg_tls::prepare(url.expose())?;
            let target = Target::Postgres(prepared.conninfo().to_owned());
            Ok((target, Some(prepared)))
        }
    }
}

/// Prepares the data folder and takes the database.
fn open(config: &Config) -> Result<Opened, StartError> {
    create_private_folder(&config.data)?;
    let lock = match &config.database_url {
        None => Some(lock_folder(&config.data)?),
        Some(_) => None,
    };
    let (target, tunnel) = target(config)?;
    Ok(Opened {
        db: Db::open(&target, config.database_connections),
        lock,
        tunnel,
    })
}

/// Brings the schema up to date and returns the names of what was run.
pub fn migrate(config: &Config) -> Result<Vec<String>, StartError> {
    Ok(migrate::run(&open(config)?.db)?)
}

/// The database for looking only, beside a process that may be serving it.
#[derive(Debug)]
pub struct Looking {
    pub db: Db,
    /// None where no secret has been made yet.
    pub keys: Option<Keys>,
    /// Carries the connections to a PostgreSQL server that wants TLS.
    _tunnel: Option<pg_tls::PreparedUrl>,
}

/// Opens the database without taking it, and changes nothing.
///
/// # Errors
/// Where there is none yet, or its schema is not that of this program.
pub fn look(config: &Config) -> Result<Looking, StartError> {
    let (target, tunnel) = target(config)?;
    if let Target::Sqlite(file) = &target
        && !file.is_file()
    {
        return Err(StartError::NoDatabase(file.display().to_string()));
    }
    let db = Db::open(&target, config.database_connections);
    let pending = migrate::pending(&db)?;
    if !pending.is_empty() {
        return Err(StartError::Outdated(pending.join(", ")));
    }
    Ok(Looking {
        db,
        keys: existing_keys(config)?,
        _tunnel: tunnel,
    })
}

/// The installation's secret, if one has been made.
pub fn existing_keys(config: &Config) -> Result<Option<Keys>, StartError> {
    let file = config.data.join("secret");
    Ok(match &config.secret {
        Some(secret) => Some(Keys::from_hex(secret.expose())?),
        None if file.is_file() => Some(Keys::load_or_create(&file)?),
        None => None,
    })
}

/// Prepares the data folder and the database and builds the services.
pub fn services(config: &Config, clock: SharedClock) -> Result<Services, StartError> {
    let folder = &config.data;
    let Opened { db, lock, tunnel } = open(config)?;
    for name in migrate::run(&db)? {
        tracing::info!(migration = %name, "migrated");
    }
    let keys = match &config.secret {
        Some(secret) => Keys::from_hex(secret.expose())?,
        None => Keys::load_or_create(&folder.join("secret"))?,
    };
    let journal = StopJournal::open(folder, clock.now()).map_err(|error| StartError::Folder {
        path: folder.display().to_string(),
        error,
    })?;
    let process = format!(
        "{}-{}",
        std::process::id(),
        random_code(6).map_err(AppError::from)?
    );
    let ctx = Ctx {
        db,
        clock,
        clock_watch: Arc::default(),
        policies: Policies::new(Policy::builtin()),
        keys,
        passwords: Passwords::new()?,
        journal: Arc::new(journal),
        wake: Wake::default(),
        placement_counts: PlacementCounts::default(),
        process: process.into(),
        data_dir: Arc::new(folder.clone()),
        agency: Arc::new(agency(config)),
        mail: Arc::new(config.mail_addresses()?),
        inbound_secret: config
            .inbound_secret
            .as_ref()
            .map(|secret| secret.expose().into()),
        public_url: config.public_url().into(),
        voice: config.voice()?.map(Arc::new),
        webhook_addresses: Arc::new(AddressRules::new(
            config.webhook_local_hosts.clone(),
            config.webhook_ports.clone(),
        )),
        trusted_proxies: config.trusted_proxies.as_slice().into(),
        is_encrypted_at_rest: config.at_rest == AtRest::Volume,
    };
    policies::open(&ctx)?;
    // Before anything is shown or dialled: a restored database has forgotten stops. What can't be
    // compared now keeps everything quiet until it can.
    if let Err(error) = stops::may_reach_anybody(&ctx) {
        tracing::error!(%error, "the stop journal could not be compared with the database");
    }
    Ok(Services {
        ctx,
        _lock: lock,
        _tunnel: tunnel,
    })
}

/// Who collects, as the settings say.
pub fn agency(config: &Config) -> Agency {
    Agency {
        name: config.agency_name.trim().to_owned(),
        postal_address: config.agency_address.trim().to_owned(),
        phone: config.agency_phone.trim().to_owned(),
    }
}

/// Only its owner may look into the folder: it holds the secret and the debtors.
pub(crate) fn create_private_folder(folder: &Path) -> Result<(), StartError> {
    let failed = |error| StartError::Folder {
        path: folder.display().to_string(),
        error,
    };
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

/// Takes the folder for this process, as long as the file is held.
pub(crate) fn lock_folder(folder: &Path) -> Result<File, StartError> {
    let path = folder.join("lock");
    let failed = |error| StartError::Folder {
        path: path.display().to_string(),
        error,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(folder.display().to_string())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Takes the address before anything is promised about it.
pub fn bind(address: std::net::SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|error| StartError::Listen {
        address: address.to_string(),
        error,
    })
}

/// Serves until the process is told to stop. Then nothing new is begun, neither a request nor a
/// piece of the workers' work, and what has begun is let end.
pub async fn serve(ctx: Ctx, listener: TcpListener, workers: Workers) -> Result<(), StartError> {
    let site = Site::new(ctx);
    let server = HttpServer::new(move || site.app())
        .shutdown_timeout(20)
        // Told by us, together with the workers.
        .disable_signals()
        // Or the last part of a page waits for the browser to say that it has the first.
        .tcp_nodelay(true)
        .client_request_timeout(std::time::Duration::from_secs(5))
        .listen(listener)
        .map_err(StartError::Server)?
        .run();
    let handle = server.handle();
    let mut server = std::pin::pin!(server);
    let told = tokio::select! {
        ended = &mut server => Err(ended),
        told = told_to_stop() => Ok(told),
    };
    match told {
        Err(ended) => {
            workers.stop().await;
            ended.map_err(StartError::Server)
        }
        Ok(told) => {
            let ((), (), served) = tokio::join!(handle.stop(true), workers.stop(), server);
            told.and(served.map_err(StartError::Server))
        }
    }
}

/// Waits for the signal by which a terminal or a service manager ends a process.
pub async fn told_to_stop() -> Result<(), StartError> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(StartError::Server)?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.map_err(StartError::Server),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(StartError::Server)
}
