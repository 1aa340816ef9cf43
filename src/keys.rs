//! Secrets of this installation, all derived from one.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::hash::hex;

/// What a derived key is for. Keys for different purposes tell nothing of one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signs the cookie that carries a session's key.
    SessionCookie,
    /// Signs links into the portal.
    PortalLink,
    /// Signs the checkpoints of the audit chains.
    AuditCheckpoint,
    /// Makes the secrets that webhooks are signed with.
    WebhookSecret,
    /// Keys the hash of six-digit codes, which are too short to be hashed bare.
    PortalCode,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::SessionCookie => b"forbear session cookie 1",
            Self::PortalLink => b"forbear portal link 1",
            Self::AuditCheckpoint => b"forbear audit checkpoint 1",
            Self::WebhookSecret => b"forbear webhook secret 1",
            Self::PortalCode => b"forbear portal code 1",
        }
    }
}

/// The installation's secret. Several processes that serve one database must share it.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// Why the secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("the secret must be 64 hexadecimal digits")]
    Malformed,
    #[error("{path}: {error}")]
    File { path: String, error: io::Error },
    #[error("the operating system gave no random bytes: {0}")]
    Random(getrandom::Error),
}

impl Keys {
    /// From 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self, KeysError> {
        let text = text.trim();
        let mut master = [0_u8; 32];
        if text.len() != 64 {
            return Err(KeysError::Malformed);
        }
        for (byte, pair) in master.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| KeysError::Malformed)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| KeysError::Malformed)?;
        }
        Ok(Self { master })
    }

    /// Reads the secret from `path`, or makes one there that only its owner can read.
    pub fn load_or_create(path: &Path) -> Result<Self, KeysError> {
        let file_error = |error| KeysError::File {
            path: path.display().to_string(),
            error,
        };
        match fs::read_to_string(path) {
            Ok(text) => Self::from_hex(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let keys = Self {
                    master: random_bytes().map_err(KeysError::Random)?,
                };
                let mut options = fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path).map_err(file_error)?;
                file.write_all(hex(&keys.master).as_bytes())
                    .and_then(|()| file.sync_all())
                    .map_err(file_error)?;
                Ok(keys)
            }
            Err(error) => Err(file_error(error)),
        }
    }

    /// 32 bytes for one purpose.
    pub fn derive(&self, purpose: Purpose) -> [u8; 32] {
        hmac_sha256(&self.master, &[purpose.label()])
    }

    /// 64 bytes for one purpose.
    pub fn derive_long(&self, purpose: Purpose) -> [u8; 64] {
        let mut long = [0; 64];
        let (first, second) = long.split_at_mut(32);
        first.copy_from_slice(&hmac_sha256(&self.master, &[purpose.label(), b"\x01"]));
        second.copy_from_slice(&hmac_sha256(&self.master, &[purpose.label(), b"\x02"]));
        long
    }

    /// A keyed hash of `parts`, each preceded by its length.
    pub fn authenticate(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let key = self.derive(purpose);
        let lengths: Vec<[u8; 8]> = parts
            .iter()
            .map(|part| (part.len() as u64).to_be_bytes())
            .collect();
        let framed: Vec<&[u8]> = lengths
            .iter()
            .zip(parts)
            .flat_map(|(length, part)| [length.as_slice(), part])
            .collect();
        hmac_sha256(&key, &framed)
    }
}

fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a short key with zeros to the block of the hash.
    let mut padded = [0_u8; 64];
    padded[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&padded.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Bytes nobody can guess, from the operating system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

const ALPHABET: &[u8; 28] = b"23456789BCDFGHJKMNPQRSTVWXYZ";

/// Whether a text could be a code of this length.
pub fn is_code(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// `length` characters that people can read aloud and type: no 0/O, 1/I/L, no vowels that could
/// spell a word by accident. Each carries a little over 4.8 bits.
pub fn random_code(length: usize) -> Result<String, getrandom::Error> {
    let mut code = String::with_capacity(length);
    while code.len() < length {
        let [byte] = random_bytes::<1>()?;
        // 252 is the largest multiple of 28 in a byte: no character is likelier than another.
        if byte < 252 {
            code.push(char::from(ALPHABET[usize::from(byte % 28)]));
        }
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_different_purposes_differ_and_repeat() {
        let keys = Keys::from_hex(&"ab".repeat(32)).unwrap();
        assert_ne!(
            keys.derive(Purpose::PortalLink),
            keys.derive(Purpose::AuditCheckpoint)
        );
        assert_eq!(
            keys.derive(Purpose::PortalLink),
            keys.derive(Purpose::PortalLink)
        );
    }

    #[test]
    fn parts_do_not_run_into_one_another() {
        let keys = Keys::from_hex(&"01".repeat(32)).unwrap();
        assert_ne!(
            keys.authenticate(Purpose::PortalLink, &[b"ab", b"c"]),
            keys.authenticate(Purpose::PortalLink, &[b"a", b"bc"])
        );
    }

    #[test]
    fn debug_shows_nothing() {
        let keys = Keys::from_hex(&"cd".repeat(32)).unwrap();
        assert_eq!(format!("{keys:?}"), "Keys(..)");
    }

    #[test]
    fn codes_use_only_letters_that_cannot_be_confused() {
        let code = random_code(200).unwrap();
        assert_eq!(code.len(), 200);
        assert!(!code.contains(['0', 'O', '1', 'I', 'L', 'A', 'E', 'U']));
    }
}
