//! Where the server is and how much TLS the operator asked for: libpq's connection parameters,
//! read the way libpq reads them, with one safer default.

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use super::PgTlsError;
use super::settings::Settings;

/// How long a connection may take to be made when the operator names no `connect_timeout`.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_PORT: u16 = 5432;

/// Reads a variable of the environment. A function, so that tests bring their own.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What is asked for, with libpq's names (PostgreSQL documentation, 32.1.2, `sslmode`). `allow`
/// is read as `prefer`: it would only try without TLS first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SslMode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl FromStr for SslMode {
    type Err = PgTlsError;

    fn from_str(text: &str) -> Result<Self, PgTlsError> {
        match text {
            "disable" => Ok(Self::Disable),
            "allow" | "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-ca" => Ok(Self::VerifyCa),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(PgTlsError::Value {
                keyword: "sslmode",
                allowed: "disable, allow, prefer, require, verify-ca or verify-full",
            }),
        }
    }
}

/// The server's address on the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerAddress {
    /// What the certificate is held against, and what messages say.
    pub(super) name: String,
    /// What is dialled: `hostaddr` if it is given, else the name.
    pub(super) dial: String,
    pub(super) port: u16,
}

impl std::fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.name.contains(':') {
            write!(f, "[{}]:{}", self.name, self.port)
        } else {
            write!(f, "{}:{}", self.name, self.port)
        }
    }
}

/// `keepalives` and its companions, in libpq's meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Keepalive {
    pub(super) idle: Duration,
    pub(super) interval: Duration,
    pub(super) probes: u32,
}

/// A server on the network, and how to hold the line to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) server: ServerAddress,
    /// For everything until the server's first answer within TLS.
    pub(super) connect_timeout: Duration,
    /// None where the operator turned it off.
    pub(super) keepalive: Option<Keepalive>,
    /// How long sent data may stay unacknowledged; None leaves it to the system.
    pub(super) user_timeout: Option<Duration>,
}

/// How libpq gets to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// libpq connects by itself, without TLS.
    Plain,
    Tls {
        line: Line,
        mode: SslMode,
    },
}

impl Route {
    /// Without an `sslmode`, a Unix socket and a loopback address are reached without TLS, and
    /// any other host with `verify-full`. (libpq's default, `prefer`, gives the password to
    /// whoever stands in the way.)
    pub(super) fn of(settings: &Settings, environment: Environment) -> Result<Self, PgTlsError> {
        let look_up = |keyword| look_up(settings, environment, keyword);
        if look_up("service").is_some() {
            return Err(PgTlsError::NotSupported(
                "service (name the host in the URL)",
            ));
        }
        let host = look_up("host");
        let address = look_up("hostaddr");
        if [&host, &address]
            .into_iter()
            .flatten()
            .any(|h| h.contains(','))
        {
            return Err(PgTlsError::SeveralHosts);
        }
        let (name, dial) = match (host.filter(|host| !is_socket(host)), address) {
            (Some(name), Some(address)) => (name, address),
            (Some(one), None) | (None, Some(one)) => (one.clone(), one),
            (None, None) => return Ok(Self::Plain),
        };
        let mode = match look_up("sslmode") {
            Some(text) => text.parse()?,
            None if is_loopback(&dial) => SslMode::Disable,
            None => SslMode::VerifyFull,
        };
        if mode == SslMode::Disable {
            return Ok(Self::Plain);
        }
        let line = Line {
            server: ServerAddress {
                name,
                dial,
                port: port(look_up("port"))?,
            },
            connect_timeout: connect_timeout(look_up("connect_timeout"))?,
            keepalive: keepalive(settings)?,
            user_timeout: user_timeout(settings)?,
        };
        Ok(Self::Tls { line, mode })
    }
}

/// The URL wins, then libpq's variable in the environment.
pub(super) fn look_up(
    settings: &Settings,
    environment: Environment,
    keyword: &'static str,
) -> Option<String> {
    let variable = match keyword {
        "channel_binding" => "PGCHANNELBINDING".to_owned(),
        "ssl_min_protocol_version" => "PGSSLMINPROTOCOLVERSION".to_owned(),
        "ssl_max_protocol_version" => "PGSSLMAXPROTOCOLVERSION".to_owned(),
        other => format!("PG{}", other.to_uppercase()),
    };
    settings
        .get(keyword)
        .map(str::to_owned)
        .or_else(|| environment(&variable).filter(|value| !value.is_empty()))
}

/// A path, or `@name` in Linux's abstract namespace.
fn is_socket(host: &str) -> bool {
    host.starts_with(['/', '@'])
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn port(text: Option<String>) -> Result<u16, PgTlsError> {
    text.map_or(Ok(DEFAULT_PORT), |text| {
        text.parse()
            .ok()
            .filter(|port| *port > 0)
            .ok_or(PgTlsError::Value {
                keyword: "port",
                allowed: "a number from 1 to 65535",
            })
    })
}

/// libpq waits for ever on 0 and below; here that means the default.
fn connect_timeout(text: Option<String>) -> Result<Duration, PgTlsError> {
    let Some(text) = text else {
        return Ok(DEFAULT_CONNECT_TIMEOUT);
    };
    let seconds: i32 = text.parse().map_err(|_| PgTlsError::Value {
        keyword: "connect_timeout",
        allowed: "a whole number of seconds",
    })?;
    Ok(u64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds > 0)
        .map_or(DEFAULT_CONNECT_TIMEOUT, Duration::from_secs))
}

/// On by default as in libpq, but after one minute rather than the system's two hours: a server
/// that vanishes must not hold a request for that long.
fn keepalive(settings: &Settings) -> Result<Option<Keepalive>, PgTlsError> {
    if settings.get("keepalives") == Some("0") {
        return Ok(None);
    }
    Ok(Some(Keepalive {
        idle: Duration::from_secs(number(settings, "keepalives_idle")?.unwrap_or(60).into()),
        interval: Duration::from_secs(
            number(settings, "keepalives_interval")?
                .unwrap_or(10)
                .into(),
        ),
        probes: number(settings, "keepalives_count")?.unwrap_or(6),
    }))
}

fn user_timeout(settings: &Settings) -> Result<Option<Duration>, PgTlsError> {
    let milliseconds = number(settings, "tcp_user_timeout")?;
    Ok(milliseconds.map(|count| Duration::from_millis(count.into())))
}

/// None for 0, which to libpq means the default.
fn number(settings: &Settings, keyword: &'static str) -> Result<Option<u32>, PgTlsError> {
    let number = settings.get(keyword).map(str::parse).transpose();
    let number = number.map_err(|_| PgTlsError::Value {
        keyword,
        allowed: "a whole number",
    })?;
    Ok(number.filter(|number| *number > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(url: &str) -> Result<Route, PgTlsError> {
        Route::of(&Settings::from_url(url).unwrap(), &|_| None)
    }

    fn mode(url: &str) -> SslMode {
        match route(url).unwrap() {
            Route::Plain => SslMode::Disable,
            Route::Tls { mode, .. } => mode,
        }
    }

    fn line(url: &str) -> Line {
        match route(url).unwrap() {
            Route::Plain => panic!("{url} is reached without TLS"),
            Route::Tls { line, .. } => line,
        }
    }

    #[test]
    fn a_host_on_the_network_is_verified_in_full_unless_the_operator_says_otherwise() {
        assert_eq!(mode("postgres://db.example/x"), SslMode::VerifyFull);
        assert_eq!(mode("postgres://192.0.2.7/x"), SslMode::VerifyFull);
        assert_eq!(
            mode("postgres://localhost.db.example/x"),
            SslMode::VerifyFull
        );
        assert_eq!(mode("postgres://h/x?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://h/x?sslmode=allow"), SslMode::Prefer);
        assert_eq!(mode("postgres://h/x?sslmode=require"), SslMode::Require);
    }

    #[test]
    fn this_machine_is_reached_without_tls_unless_the_operator_asks_for_it() {
        for url in [
            "postgres:///x",
            "postgres://%2Frun%2Fpostgresql/x?sslmode=require",
            "postgres://localhost/x",
            "postgres://127.0.0.2/x",
            "postgres://[::1]/x",
        ] {
            assert_eq!(mode(url), SslMode::Disable, "{url}");
        }
        assert_eq!(
            mode("postgres://localhost/x?sslmode=verify-ca"),
            SslMode::VerifyCa
        );
    }

    #[test]
    fn hostaddr_is_dialled_and_host_is_held_against_the_certificate() {
        let line = line("postgres://db.example:6000/x?hostaddr=192.0.2.7");
        assert_eq!(line.server.name, "db.example");
        assert_eq!(line.server.dial, "192.0.2.7");
        assert_eq!(line.server.to_string(), "db.example:6000");
        let here = route("postgres://db.example/x?hostaddr=127.0.0.1").unwrap();
        assert_eq!(here, Route::Plain);
    }

    #[test]
    fn the_environment_counts_where_the_url_is_silent() {
        let environment = |name: &str| match name {
            "PGHOST" => Some("db.example".to_owned()),
            "PGPORT" => Some("6000".to_owned()),
            "PGSSLMODE" => Some("require".to_owned()),
            _ => None,
        };
        let read = |url| Route::of(&Settings::from_url(url).unwrap(), &environment).unwrap();
        let Route::Tls { line, mode } = read("postgres:///x") else {
            panic!("PGHOST was not seen");
        };
        assert_eq!(line.server.to_string(), "db.example:6000");
        assert_eq!(mode, SslMode::Require);
        assert_eq!(read("postgres://h/x?sslmode=disable"), Route::Plain);
    }

    #[test]
    fn time_outs_and_keepalives_have_bounded_defaults() {
        let defaults = line("postgres://h/x?connect_timeout=0");
        assert_eq!(defaults.connect_timeout, Duration::from_secs(10));
        assert_eq!(
            defaults.keepalive.map(|keepalive| keepalive.idle),
            Some(Duration::from_secs(60))
        );
        let chosen = line("postgres://h/x?connect_timeout=3&keepalives=0");
        assert_eq!(chosen.connect_timeout, Duration::from_secs(3));
        assert_eq!(chosen.keepalive, None);
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        let refused = |url| route(url).unwrap_err().to_string();
        assert!(refused("postgres://a,b/x").contains("one host"));
        assert!(refused("postgres://h:70000/x").contains("65535"));
        assert!(refused("postgres://h/x?sslmode=full").contains("verify-full"));
        assert!(refused("postgres://h/x?connect_timeout=soon").contains("seconds"));
        assert!(refused("postgres:///x?service=main").contains("service"));
    }
}
