//! TLS to PostgreSQL without a TLS library in libpq.
//!
//! libpq is built from source without OpenSSL, so that a Rust toolchain and a C compiler are all
//! that a build needs; it cannot speak TLS itself. [`prepare`] turns `DATABASE_URL` into what
//! libpq is to connect by. Where TLS is asked for, that is a Unix socket in a directory only this
//! user can enter. Behind it this process makes the TLS connection to the server with rustls, one
//! for each of libpq's, and carries the bytes both ways:
//!
//! ```text
//! libpq -- Unix socket -- tunnel (this process) -- TLS over TCP -- PostgreSQL
//! ```
//!
//! # What `sslmode` means
//!
//! The names and meanings are libpq's (PostgreSQL documentation, 34.18), as a parameter of the
//! URL or as `PGSSLMODE`, with these differences:
//!
//! - Without an `sslmode`, a host on the network is verified in full (`verify-full`; libpq:
//!   `prefer`). Loopback addresses and Unix sockets are reached without TLS.
//! - `prefer` goes on without TLS only if the server says that it has none, not after a failed
//!   handshake. `allow` is read as `prefer`.
//! - Roots come from `sslrootcert`, else from `SSL_CERT_FILE` or `SSL_CERT_DIR`, else from the
//!   operating system. libpq's `~/.postgresql` is not read, nor is the password file: with TLS
//!   the password stands in the URL or in `PGPASSWORD`.
//! - A host name must be among the certificate's subject alternative names. The common name does
//!   not count.
//! - `channel_binding=require`, revocation lists, `sslnegotiation=direct`, encrypted client keys
//!   and several hosts in one URL are refused rather than ignored.
//! - `connect_timeout` is ten seconds where it is not given.
//!
//! Files are read once, in [`prepare`]: a new root or client certificate takes a restart.

mod dial;
mod failure;
mod line;
mod packet;
mod relay;
mod route;
mod settings;
mod trust;
mod tunnel;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;

pub use settings::UrlError;

use dial::Dialler;
use route::{Environment, Line, Route, SslMode};
use settings::Settings;
use tunnel::Tunnel;

/// Why `DATABASE_URL` cannot be followed. No variant holds a password.
#[derive(Debug, thiserror::Error)]
pub enum PgTlsError {
    #[error("DATABASE_URL cannot be read: {0}")]
    Url(#[from] UrlError),
    #[error("in DATABASE_URL, {keyword} must be {allowed}")]
    Value {
        keyword: &'static str,
        allowed: &'static str,
    },
    #[error("{0} in DATABASE_URL is not supported")]
    NotSupported(&'static str),
    #[error("DATABASE_URL must name one host")]
    SeveralHosts,
    #[error("the host in DATABASE_URL is not a name or address that a certificate can hold")]
    HostName,
    #[error(
        "channel_binding=require cannot be met: TLS is made outside libpq (sslmode=verify-full \
         keeps others from standing in between)"
    )]
    ChannelBinding,
    #[error("sslrootcert=system needs sslmode=verify-full: anybody can get a certificate from it")]
    WeakSystemRoots,
    #[error(
        "no root certificates were found to verify the database server by ({0}); name the \
         authority's certificate with sslrootcert in DATABASE_URL"
    )]
    NoSystemRoots(String),
    #[error("{keyword} {path}: {source}")]
    Pem {
        keyword: &'static str,
        path: PathBuf,
        source: rustls::pki_types::pem::Error,
    },
    #[error("sslcert and sslkey go together: one of them is missing")]
    HalfClientCertificate,
    #[error("the certificates in DATABASE_URL cannot be used: {0}")]
    Configuration(rustls::Error),
    #[error("the local end of the TLS tunnel to the database cannot be opened: {0}")]
    Socket(io::Error),
}

/// What libpq is to connect by. While any clone of it lives, new connections can be made; those
/// that stand then go on until they are closed.
#[derive(Clone)]
pub struct PreparedUrl {
    conninfo: String,
    route: Route,
    tunnel: Option<Arc<Tunnel>>,
}

impl PreparedUrl {
    /// The string for `PgConnection::establish`. It holds the password.
    pub fn conninfo(&self) -> &str {
        &self.conninfo
    }
}

impl fmt::Debug for PreparedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedUrl")
            .field("route", &self.route)
            .field("tunnel", &self.tunnel)
            .finish_non_exhaustive()
    }
}

/// Reads `DATABASE_URL` (`postgres://` or `postgresql://`) and, where TLS is asked for, opens the
/// local end of the tunnel. The server itself is not reached yet.
pub fn prepare(database_url: &str) -> Result<PreparedUrl, PgTlsError> {
    prepare_in(database_url, &|name| std::env::var(name).ok())
}

fn prepare_in(database_url: &str, environment: Environment) -> Result<PreparedUrl, PgTlsError> {
    let mut settings = Settings::from_url(database_url)?;
    let route = Route::of(&settings, environment)?;
    let tunnel = match &route {
        Route::Plain => None,
        Route::Tls { line, mode } => {
            let tunnel = open_tunnel(line, *mode, &settings, environment)?;
            lead_into(&tunnel, line, &mut settings);
            Some(Arc::new(tunnel))
        }
    };
    leave_tls_out(&mut settings);
    Ok(PreparedUrl {
        conninfo: settings.to_conninfo(),
        route,
        tunnel,
    })
}

fn open_tunnel(
    line: &Line,
    mode: SslMode,
    settings: &Settings,
    environment: Environment,
) -> Result<Tunnel, PgTlsError> {
    let server_name =
        ServerName::try_from(line.server.name.clone()).map_err(|_| PgTlsError::HostName)?;
    let dialler = Dialler {
        line: line.clone(),
        config: trust::client_config(mode, settings, environment)?,
        server_name,
        plain_will_do: mode == SslMode::Prefer,
    };
    Tunnel::open(dialler).map_err(PgTlsError::Socket)
}

/// Has libpq take the tunnel's socket for the server.
fn lead_into(tunnel: &Tunnel, line: &Line, settings: &mut Settings) {
    settings.set("host", tunnel.directory().to_string_lossy());
    settings.set("port", line.server.port.to_string());
    // Empty, lest the environment names another host, or an owner the socket should have.
    settings.set("hostaddr", "");
    settings.set("requirepeer", "");
    // The tunnel gives up first and says why; this is for a server that falls silent afterwards.
    let patience = line.connect_timeout * 2 + Duration::from_secs(5);
    settings.set("connect_timeout", patience.as_secs().to_string());
}

/// Takes out what libpq would refuse without a TLS library, and what it would take from the
/// environment instead.
fn leave_tls_out(settings: &mut Settings) {
    for keyword in [
        "channel_binding",
        "sslcert",
        "sslcompression",
        "sslcrl",
        "sslcrldir",
        "sslkey",
        "sslkeylogfile",
        "sslpassword",
        "sslsni",
        "ssl_max_protocol_version",
        "ssl_min_protocol_version",
    ] {
        settings.remove(keyword);
    }
    settings.set("sslcertmode", "disable");
    settings.set("sslmode", "disable");
    settings.set("sslnegotiation", "postgres");
    settings.set("sslrootcert", "");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepare_alone(url: &str) -> Result<PreparedUrl, PgTlsError> {
        prepare_in(url, &|_| None)
    }

    #[test]
    fn a_plain_connection_keeps_its_host_and_loses_what_libpq_cannot_read() {
        let prepared =
            prepare_alone("postgres://alice:secret@localhost:6000/x?sslsni=0&application_name=f")
                .unwrap();
        assert_eq!(
            prepared.conninfo(),
            "application_name='f' dbname='x' host='localhost' password='secret' port='6000' \
             sslcertmode='disable' sslmode='disable' sslnegotiation='postgres' sslrootcert='' \
             user='alice'"
        );
    }

    #[test]
    fn a_tunnel_lives_as_long_as_a_clone_of_its_url() {
        let prepared = prepare_alone("postgres://alice@db.example:6000/x?sslmode=require").unwrap();
        let directory = prepared.tunnel.as_ref().unwrap().directory().to_owned();
        assert!(prepared.conninfo().contains(directory.to_str().unwrap()));
        assert!(!prepared.conninfo().contains("db.example"));
        let clone = prepared.clone();
        drop(prepared);
        assert!(directory.join(".s.PGSQL.6000").exists());
        drop(clone);
        assert!(!directory.exists());
    }

    #[test]
    fn only_this_user_can_enter_the_directory_of_the_socket() {
        use std::os::unix::fs::PermissionsExt;
        let prepared = prepare_alone("postgres://db.example/x?sslmode=require").unwrap();
        let directory = prepared.tunnel.as_ref().unwrap().directory().to_owned();
        let mode = directory.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn debug_output_and_errors_keep_the_password_to_themselves() {
        for url in [
            "postgres://alice:hunter2@db.example/x?sslmode=require",
            "postgres://alice@localhost/x?password=hunter2",
        ] {
            let shown = format!("{:?}", prepare_alone(url).unwrap());
            assert!(!shown.contains("hunter2"), "{shown}");
        }
        for url in [
            "postgres://alice:hunter2/3@db.example/x",
            "postgres://alice:hunter2%@db.example/x",
            "postgres://alice:x/hunter2?hunter2@db.example/x",
            "hunter2",
        ] {
            let error = prepare_alone(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}");
        }
    }

    #[test]
    fn what_tls_cannot_honour_is_refused_in_words() {
        let cases = [
            ("sslmode=require&channel_binding=require", "channel_binding"),
            ("sslmode=require&sslnegotiation=direct", "direct"),
            ("sslmode=require&sslcrl=/x", "sslcrl"),
            ("sslmode=require&sslcert=/x", "sslkey"),
            ("sslmode=require&sslcertmode=require", "sslcertmode"),
            ("sslmode=verify-ca&sslrootcert=system", "verify-full"),
            ("sslmode=verify-ca&sslrootcert=/none/such", "/none/such"),
            (
                "sslmode=require&ssl_max_protocol_version=TLSv1.1",
                "ssl_max",
            ),
        ];
        for (parameters, word) in cases {
            let url = format!("postgres://db.example/x?{parameters}");
            let error = prepare_alone(&url).unwrap_err().to_string();
            assert!(error.contains(word), "{parameters}: {error}");
        }
    }
}
