//! Signatures of Standard Webhooks 1.0: `v1,<base64 of HMAC-SHA256 over id.timestamp.body>`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// A key that one endpoint and we share. It never shows itself in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret([u8; 32]);

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(..)")
    }
}

impl WebhookSecret {
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// As the receiver's library takes it: `whsec_` and base64.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0))
    }

    /// The signature of one body under one id at one time (seconds since 1970).
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        sign_with(&self.0, id, timestamp, body)
    }
}

fn sign_with(key: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    // HMAC takes a key of any length: a long one is hashed, a short one padded.
    let mut block = [0_u8; 64];
    if key.len() <= block.len() {
        block[..key.len()].copy_from_slice(key);
    } else {
        use sha2::Digest;
        block[..32].copy_from_slice(&Sha256::digest(key));
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The header: one signature for each secret that is valid, the newest first.
pub fn header(secrets: &[WebhookSecret], id: &str, timestamp: i64, body: &str) -> String {
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| secret.sign(id, timestamp, body))
        .collect();
    signatures.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the specification's reference libraries are tested with.
    #[test]
    fn the_published_vector_comes_out() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = sign_with(
            &key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_two_secrets_are_valid_both_sign_and_neither_shows_in_a_log() {
        let (new, old) = (WebhookSecret::new([1; 32]), WebhookSecret::new([2; 32]));
        let header = header(&[new.clone(), old.clone()], "id", 5, "{}");
        assert_eq!(
            header,
            format!("{} {}", new.sign("id", 5, "{}"), old.sign("id", 5, "{}"))
        );
        assert_eq!(format!("{new:?}"), "WebhookSecret(..)");
        assert_eq!(new.text().len(), "whsec_".len() + 44);
    }
}
