//! What this side accepts from the server and shows of itself in a TLS handshake.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{
    WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::version::{TLS12, TLS13};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    SupportedProtocolVersion,
};

use super::PgTlsError;
use super::route::{Environment, SslMode, look_up};
use super::settings::Settings;

/// Parameters of libpq this side would have to obey and cannot: better refused than overheard.
const NOT_SUPPORTED: [&str; 4] = ["sslcrl", "sslcrldir", "sslpassword", "sslkeylogfile"];

/// The TLS configuration for a mode other than `disable`.
pub(super) fn client_config(
    mode: SslMode,
    settings: &Settings,
    environment: Environment,
) -> Result<Arc<ClientConfig>, PgTlsError> {
    let look_up = |keyword| look_up(settings, environment, keyword);
    if let Some(keyword) = NOT_SUPPORTED.into_iter().find(|k| look_up(k).is_some()) {
        return Err(PgTlsError::NotSupported(keyword));
    }
    if look_up("sslnegotiation").is_some_and(|value| value != "postgres") {
        return Err(PgTlsError::NotSupported("sslnegotiation=direct"));
    }
    if look_up("channel_binding").as_deref() == Some("require") {
        return Err(PgTlsError::ChannelBinding);
    }
    let provider = Arc::new(ring::default_provider());
    let versions = protocol_versions(
        look_up("ssl_min_protocol_version").as_deref(),
        look_up("ssl_max_protocol_version").as_deref(),
    )?;
    let verifier = ServerCheck {
        anchors: anchors(mode, look_up("sslrootcert"))?,
        check_name: mode == SslMode::VerifyFull,
        algorithms: provider.signature_verification_algorithms,
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&versions)
        .map_err(PgTlsError::Configuration)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match client_certificate(&look_up)? {
        Some((chain, key)) => builder
            .with_client_auth_cert(chain, key)
            .map_err(PgTlsError::Configuration)?,
        None => builder.with_no_client_auth(),
    };
    config.enable_sni = look_up("sslsni").as_deref() != Some("0");
    Ok(Arc::new(config))
}

/// Certificates a chain may end in.
#[derive(Debug)]
struct Anchors {
    roots: RootCertStore,
    /// The certificates of `sslrootcert` as they stand in the file.
    named: Vec<CertificateDer<'static>>,
}

/// None where the mode asks for no verification.
fn anchors(mode: SslMode, root_file: Option<String>) -> Result<Option<Anchors>, PgTlsError> {
    match (mode, root_file.as_deref()) {
        (SslMode::Disable | SslMode::Prefer, _) | (SslMode::Require, None) => Ok(None),
        (SslMode::Require | SslMode::VerifyCa, Some("system")) => Err(PgTlsError::WeakSystemRoots),
        (SslMode::VerifyFull, Some("system")) | (SslMode::VerifyCa | SslMode::VerifyFull, None) => {
            system_anchors().map(Some)
        }
        // libpq's old promise: with a root, `require` verifies as `verify-ca` does.
        (SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull, Some(path)) => {
            named_anchors(path).map(Some)
        }
    }
}

/// The roots of `SSL_CERT_FILE` or `SSL_CERT_DIR`, else those of the operating system.
fn system_anchors() -> Result<Anchors, PgTlsError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let first = found.errors.first();
        return Err(PgTlsError::NoSystemRoots(first.map_or_else(
            || "none are installed".to_owned(),
            ToString::to_string,
        )));
    }
    Ok(Anchors {
        roots,
        named: Vec::new(),
    })
}

fn named_anchors(path: &str) -> Result<Anchors, PgTlsError> {
    let named = read_certificates("sslrootcert", path)?;
    let mut roots = RootCertStore::empty();
    for certificate in &named {
        roots
            .add(certificate.clone())
            .map_err(PgTlsError::Configuration)?;
    }
    Ok(Anchors { roots, named })
}

type ClientCertificate = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn client_certificate(
    look_up: &dyn Fn(&'static str) -> Option<String>,
) -> Result<Option<ClientCertificate>, PgTlsError> {
    match look_up("sslcertmode").as_deref() {
        None | Some("allow") => {}
        Some("disable") => return Ok(None),
        Some(_) => return Err(PgTlsError::NotSupported("sslcertmode=require")),
    }
    match (look_up("sslcert"), look_up("sslkey")) {
        (None, None) => Ok(None),
        (Some(chain), Some(key)) => {
            let chain = read_certificates("sslcert", &chain)?;
            let key = PrivateKeyDer::from_pem_file(&key).map_err(|source| PgTlsError::Pem {
                keyword: "sslkey",
                path: PathBuf::from(&key),
                source,
            })?;
            Ok(Some((chain, key)))
        }
        (Some(_), None) | (None, Some(_)) => Err(PgTlsError::HalfClientCertificate),
    }
}

fn read_certificates(
    keyword: &'static str,
    path: &str,
) -> Result<Vec<CertificateDer<'static>>, PgTlsError> {
    let unreadable = |source| PgTlsError::Pem {
        keyword,
        path: PathBuf::from(path),
        source,
    };
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(unreadable)?;
    if certificates.is_empty() {
        return Err(unreadable(rustls::pki_types::pem::Error::NoItemsFound));
    }
    Ok(certificates)
}

fn protocol_versions(
    lowest: Option<&str>,
    highest: Option<&str>,
) -> Result<Vec<&'static SupportedProtocolVersion>, PgTlsError> {
    let rank = |keyword, text| match text {
        "TLSv1" | "TLSv1.1" => Ok(1),
        "TLSv1.2" => Ok(2),
        "TLSv1.3" => Ok(3),
        _ => Err(PgTlsError::Value {
            keyword,
            allowed: "TLSv1.2 or TLSv1.3",
        }),
    };
    let lowest = rank("ssl_min_protocol_version", lowest.unwrap_or("TLSv1.2"))?;
    let highest = rank("ssl_max_protocol_version", highest.unwrap_or("TLSv1.3"))?;
    let chosen: Vec<_> = [(2, &TLS12), (3, &TLS13)]
        .into_iter()
        .filter(|(rank, _)| (lowest..=highest).contains(rank))
        .map(|(_, version)| version)
        .collect();
    if chosen.is_empty() {
        return Err(PgTlsError::Value {
            keyword: "ssl_max_protocol_version",
            allowed: "not below ssl_min_protocol_version",
        });
    }
    Ok(chosen)
}

/// Verifies what the mode asks for, and in every mode that the server holds the key of the
/// certificate it shows.
#[derive(Debug)]
struct ServerCheck {
    anchors: Option<Anchors>,
    check_name: bool,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for ServerCheck {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(anchors) = &self.anchors else {
            return Ok(ServerCertVerified::assertion());
        };
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let chain = verify_server_cert_signed_by_trust_anchor(
            &certificate,
            &anchors.roots,
            intermediates,
            now,
            self.algorithms.all,
        );
        match chain {
            // A self-signed certificate as `openssl req -x509` makes it is marked as an authority,
            // which no server's certificate should be. One that `sslrootcert` names itself is
            // trusted all the same. Its dates were checked before its marks.
            Err(Error::InvalidCertificate(CertificateError::Other(_)))
                if anchors.named.contains(end_entity) => {}
            other => other?,
        }
        if self.check_name {
            verify_server_name(&certificate, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
