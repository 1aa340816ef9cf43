//! Which certificates are believed.

use std::sync::{Arc, LazyLock};

use rustls::pki_types::CertificateDer;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore};

/// Why no certificate could be checked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TrustError {
    #[error("no root certificates were found on this machine: {0}")]
    NoRoots(String),
    #[error("TLS could not be set up: {0}")]
    Setup(String),
}

/// The roots of `SSL_CERT_FILE` or `SSL_CERT_DIR`, else those of the operating system. Read once.
pub fn system_trust() -> Result<Arc<ClientConfig>, TrustError> {
    static TRUST: LazyLock<Result<Arc<ClientConfig>, TrustError>> = LazyLock::new(|| {
        let found = rustls_native_certs::load_native_certs();
        let why = found
            .errors
            .first()
            .map_or_else(|| "none are installed".to_owned(), ToString::to_string);
        trust_in(found.certs).map_err(|error| match error {
            TrustError::NoRoots(_) => TrustError::NoRoots(why),
            other => other,
        })
    });
    TRUST.clone()
}

/// These roots and no other.
pub fn trust_in(
    certificates: Vec<CertificateDer<'static>>,
) -> Result<Arc<ClientConfig>, TrustError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() {
        return Err(TrustError::NoRoots("none were given".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| TrustError::Setup(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
