//! Why a line to the server could not be made, in the operator's words.

use std::fmt;
use std::io;

use chrono::{DateTime, SecondsFormat};
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error};

/// What kept a connection from being made. The text is an answer to "what is wrong", without the
/// name of the server, and ends without a full stop.
#[derive(Debug)]
pub(super) enum Failure {
    Resolve(io::Error),
    Connect(io::Error),
    /// The server answered the request for TLS with "no".
    NoTlsThere,
    /// The server answered the request for TLS with something else.
    NotPostgres,
    Tls(Error),
    /// The line broke, or stayed silent too long, in the handshake or right after it.
    Broken(io::Error),
}

impl Failure {
    /// Brings a TLS error out of the I/O error that carries it.
    pub(super) fn in_handshake(error: io::Error) -> Self {
        match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Error>())
        {
            Some(tls) => Self::Tls(tls.clone()),
            None => Self::Broken(error),
        }
    }

    /// The SQLSTATE a client is told: 08001 "unable to establish the connection", or 08006
    /// "connection failure" where a line that stood was lost.
    pub(super) fn sqlstate(&self) -> &'static str {
        match self {
            Self::Broken(_) => "08006",
            Self::Resolve(_)
            | Self::Connect(_)
            | Self::NoTlsThere
            | Self::NotPostgres
            | Self::Tls(_) => "08001",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolve(error) => write!(f, "the name of the host was not found: {error}"),
            Self::Connect(error) => write!(f, "no connection: {}", io_words(error)),
            Self::NoTlsThere => f.write_str(
                "the server does not offer TLS (turn it on there with ssl=on, or add \
                 sslmode=disable to DATABASE_URL if the network between is trusted)",
            ),
            Self::NotPostgres => {
                f.write_str("what answers there does not answer as a PostgreSQL server does")
            }
            Self::Tls(error) => tls_words(error, f),
            Self::Broken(error) => f.write_str(&io_words(error)),
        }
    }
}

fn io_words(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::TimedOut {
        return "the server did not answer in time".to_owned();
    }
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return "the server closed the connection".to_owned();
    }
    error.to_string()
}

fn tls_words(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Error::InvalidCertificate(reason) = error {
        return certificate_words(reason, f);
    }
    if let Error::AlertReceived(alert) = error {
        return alert_words(*alert, f);
    }
    write!(f, "{error}")
}

fn certificate_words(reason: &CertificateError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let CertificateError::NotValidForNameContext { presented, .. } = reason {
        return if presented.is_empty() {
            f.write_str(
                "the server's certificate is not valid for that name: it names no host (a subject \
                 alternative name is needed; the common name does not count)",
            )
        } else {
            let names: Vec<_> = presented.iter().map(|name| bare_name(name)).collect();
            let names = names.join(", ");
            write!(
                f,
                "the server's certificate is not valid for that name, but for {names}"
            )
        };
    }
    if let CertificateError::ExpiredContext { not_after, .. } = reason {
        return write!(
            f,
            "the server's certificate expired at {}",
            instant(*not_after)
        );
    }
    if let CertificateError::NotValidYetContext { not_before, .. } = reason {
        return write!(
            f,
            "the server's certificate is not valid before {}",
            instant(*not_before)
        );
    }
    // A bad signature is one by another key than the trusted authority of that name has.
    if *reason == CertificateError::UnknownIssuer || *reason == CertificateError::BadSignature {
        return f.write_str(
            "the server's certificate comes from an authority that is not trusted here (name the \
             authority's certificate with sslrootcert)",
        );
    }
    if let CertificateError::Other(cause) = reason {
        return write!(
            f,
            "the server's certificate is not one for a server ({cause}; where it is signed by \
             itself, name it with sslrootcert)"
        );
    }
    write!(f, "the server's certificate is not valid: {reason}")
}

/// rustls tells a name with its kind: `DnsName("db.example")`, `IpAddress(192.0.2.7)`.
fn bare_name(told: &str) -> &str {
    told.split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'))
        .map_or(told, |name| name.trim_matches('"'))
}

fn alert_words(alert: AlertDescription, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if alert == AlertDescription::CertificateRequired {
        return f.write_str(
            "the server asks for a client certificate (name one with sslcert and sslkey)",
        );
    }
    write!(f, "the server refused the handshake: {alert:?}")
}

fn instant(at: UnixTime) -> String {
    i64::try_from(at.as_secs())
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map_or_else(
            || "an unknown time".to_owned(),
            |at| at.to_rfc3339_opts(SecondsFormat::Secs, true),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(reason: CertificateError) -> String {
        Failure::Tls(Error::InvalidCertificate(reason)).to_string()
    }

    #[test]
    fn a_wrong_name_is_told_with_the_names_that_are_right() {
        let reason = |presented: &[&str]| CertificateError::NotValidForNameContext {
            expected: "other.example".try_into().unwrap(),
            presented: presented.iter().map(|&name| name.to_owned()).collect(),
        };
        let text = words(reason(&[
            r#"DnsName("db.example")"#,
            "IpAddress(192.0.2.7)",
        ]));
        assert!(text.ends_with("but for db.example, 192.0.2.7"), "{text}");
        assert!(words(reason(&[])).contains("it names no host"));
    }

    #[test]
    fn dates_are_told_as_dates() {
        let at = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let text = words(CertificateError::NotValidYetContext {
            time: at(0),
            not_before: at(1_800_000_000),
        });
        assert!(
            text.ends_with("not valid before 2027-01-15T08:00:00Z"),
            "{text}"
        );
    }

    #[test]
    fn a_tls_error_is_found_within_the_io_error_that_carries_it() {
        let carried = io::Error::new(io::ErrorKind::InvalidData, Error::DecryptError);
        assert_eq!(Failure::in_handshake(carried).sqlstate(), "08001");
        let broken = Failure::in_handshake(io::ErrorKind::UnexpectedEof.into());
        assert_eq!(broken.sqlstate(), "08006");
        assert_eq!(broken.to_string(), "the server closed the connection");
    }
}
