//! A signed statement of how long every audit chain is and what it ends in.
//!
//! The form is that of C2SP `tlog-checkpoint` in a C2SP `signed-note`: origin, size and root, then
//! lines of our own, a blank line and the signature. The tree is that of RFC 6962 over one leaf for
//! each chain, in the order of their names. The lines of our own list the leaves, so that whoever
//! holds the file can say which chain was changed.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::audit_verify::Head;
use super::time::Instant;

/// The kind of key in a C2SP key id: Ed25519.
const ED25519: u8 = 0x01;

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log it is: `collections.example/audit`.
    pub origin: String,
    pub at: Instant,
    /// Every chain that has an event, by name.
    pub chains: Vec<(String, Head)>,
}

/// Why a text is no good checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    #[error("it is not a checkpoint: {0}")]
    Malformed(&'static str),
    #[error("its root is not that of the chains it lists")]
    OtherRoot,
    #[error("it carries no signature by {0}")]
    NotSigned(String),
    #[error("its signature is not good")]
    WrongSignature,
}

impl Checkpoint {
    /// Events over all chains.
    pub fn events(&self) -> i64 {
        self.chains.iter().map(|(_, head)| head.length).sum()
    }

    /// What the checkpoint says of a chain.
    pub fn of_chain(&self, chain: &str) -> Option<&Head> {
        self.chains
            .iter()
            .find(|(name, _)| name == chain)
            .map(|(_, head)| head)
    }

    /// The root of the tree over the chains.
    pub fn root(&self) -> [u8; 32] {
        let leaves: Vec<[u8; 32]> = self
            .chains
            .iter()
            .map(|(chain, head)| hash_leaf(leaf(chain, head).as_bytes()))
            .collect();
        merkle_root(&leaves)
    }

    /// The text that is signed.
    fn text(&self) -> String {
        let mut text = format!(
            "{}\n{}\n{}\ntime {}\n",
            self.origin,
            self.chains.len(),
            BASE64.encode(self.root()),
            self.at
        );
        for (chain, head) in &self.chains {
            text.push_str(&leaf(chain, head));
            text.push('\n');
        }
        text
    }

    /// The whole note: text, blank line, signature.
    pub fn sign(&self, key: &SigningKey) -> String {
        let public = PublicKey::of(&self.origin, key);
        let text = self.text();
        let mut signature = public.id().to_vec();
        signature.extend(key.sign(text.as_bytes()).to_bytes());
        format!(
            "{text}\n\u{2014} {} {}\n",
            self.origin,
            BASE64.encode(signature)
        )
    }

    /// Reads a note and checks its signature and its root.
    ///
    /// # Errors
    /// When any of them is not as it should be.
    pub fn open(note: &str, key: &PublicKey) -> Result<Self, BadCheckpoint> {
        let (text, signatures) = split(note)?;
        let signature = signatures
            .lines()
            .filter_map(|line| line.strip_prefix("\u{2014} ")?.split_once(' '))
            .filter(|(name, _)| *name == key.name)
            .filter_map(|(_, encoded)| BASE64.decode(encoded).ok())
            .find(|bytes| bytes.len() == 68 && bytes.starts_with(&key.id()))
            .ok_or_else(|| BadCheckpoint::NotSigned(key.to_string()))?;
        let bytes: [u8; 64] = signature
            .get(4..)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(BadCheckpoint::WrongSignature)?;
        key.key
            .verify_strict(text.as_bytes(), &Signature::from_bytes(&bytes))
            .map_err(|_| BadCheckpoint::WrongSignature)?;
        Self::read(text)
    }

    /// Reads the text without looking at the signature.
    ///
    /// # Errors
    /// When it is not a checkpoint, or its root is not that of its chains.
    pub fn read_unverified(note: &str) -> Result<Self, BadCheckpoint> {
        Self::read(split(note)?.0)
    }

    fn read(text: &str) -> Result<Self, BadCheckpoint> {
        let malformed = BadCheckpoint::Malformed;
        let mut lines = text.lines();
        let mut next = |what| lines.next().ok_or(malformed(what));
        let origin = next("it has no origin")?.to_owned();
        let size: usize = next("it has no size")?
            .parse()
            .map_err(|_| malformed("its size is not a number"))?;
        let root = next("it has no root")?;
        let at = next("it has no time")?
            .strip_prefix("time ")
            .and_then(|text| Instant::parse_rfc3339(text).ok())
            .ok_or(malformed("its time can't be read"))?;
        let chains = lines
            .map(|line| read_leaf(line).ok_or(malformed("a chain can't be read")))
            .collect::<Result<Vec<_>, _>>()?;
        if chains.len() != size {
            return Err(malformed("it does not list as many chains as it says"));
        }
        let checkpoint = Self { origin, at, chains };
        if BASE64.encode(checkpoint.root()) != root {
            return Err(BadCheckpoint::OtherRoot);
        }
        Ok(checkpoint)
    }
}

/// The signed text with its last newline, and the lines of signatures.
fn split(note: &str) -> Result<(&str, &str), BadCheckpoint> {
    let end = note
        .rfind("\n\n")
        .ok_or(BadCheckpoint::Malformed("it has no signature"))?;
    let (text, signatures) = note.split_at(end + 1);
    Ok((text, signatures))
}

/// `chain NAME LENGTH HASH`: a line of the note and a leaf of the tree.
fn leaf(chain: &str, head: &Head) -> String {
    format!("chain {chain} {} {}", head.length, head.hash)
}

fn read_leaf(line: &str) -> Option<(String, Head)> {
    let mut words = line.strip_prefix("chain ")?.split(' ');
    let (chain, length, hash) = (words.next()?, words.next()?, words.next()?);
    let length = length.parse().ok().filter(|length| *length > 0)?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    (words.next().is_none() && is_hash).then(|| {
        (
            chain.to_owned(),
            Head {
                length,
                hash: hash.to_owned(),
            },
        )
    })
}

/// RFC 6962, section 2.1: the hash of a leaf.
fn hash_leaf(entry: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update([0])
        .chain_update(entry)
        .finalize()
        .into()
}

/// RFC 6962, section 2.1: the hash of a tree over these leaves.
fn merkle_root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        several => {
            // The largest power of two that is smaller than the number of leaves.
            let split = several.len().next_power_of_two() / 2;
            let (left, right) = several.split_at(split);
            Sha256::new()
                .chain_update([1])
                .chain_update(merkle_root(left))
                .chain_update(merkle_root(right))
                .finalize()
                .into()
        }
    }
}

/// The public half of the key that signs, with its name. Written as C2SP writes a verifier key:
/// `NAME+ID+KEY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

impl PublicKey {
    pub fn of(name: &str, key: &SigningKey) -> Self {
        Self {
            name: name.to_owned(),
            key: key.verifying_key(),
        }
    }

    /// The first four bytes of SHA-256 over name, newline, kind and key.
    fn id(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        let mut id = [0; 4];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        id
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519];
        typed.extend(self.key.as_bytes());
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            u32::from_be_bytes(self.id()),
            BASE64.encode(typed)
        )
    }
}

/// The text is not a verifier key for Ed25519.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a public key: it looks like NAME+12345678+AR...")]
pub struct NotAPublicKey;

impl FromStr for PublicKey {
    type Err = NotAPublicKey;

    fn from_str(text: &str) -> Result<Self, NotAPublicKey> {
        let (name, rest) = text.trim().split_once('+').ok_or(NotAPublicKey)?;
        let (id, encoded) = rest.split_once('+').ok_or(NotAPublicKey)?;
        let typed = BASE64.decode(encoded).map_err(|_| NotAPublicKey)?;
        let bytes: [u8; 32] = match typed.split_first() {
            Some((&ED25519, key)) => key.try_into().map_err(|_| NotAPublicKey)?,
            _ => return Err(NotAPublicKey),
        };
        let key = Self {
            name: name.to_owned(),
            key: VerifyingKey::from_bytes(&bytes).map_err(|_| NotAPublicKey)?,
        };
        let named = u32::from_str_radix(id, 16).map_err(|_| NotAPublicKey)?;
        if name.is_empty() || named != u32::from_be_bytes(key.id()) {
            return Err(NotAPublicKey);
        }
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hash::hex;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn checkpoint(chains: usize) -> Checkpoint {
        Checkpoint {
            origin: "forbear.test/audit".to_owned(),
            at: Instant::from_micros(1_764_000_000_000_000),
            chains: (0..chains)
                .map(|n| {
                    let head = Head {
                        length: i64::try_from(n).unwrap() + 1,
                        hash: format!("{n:064x}"),
                    };
                    (format!("chain-{n:02}"), head)
                })
                .collect(),
        }
    }

    #[test]
    fn the_tree_is_that_of_rfc_6962() {
        // Certificate Transparency's own test vectors: the roots over its first leaves.
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves: Vec<[u8; 32]> = entries.iter().map(|entry| hash_leaf(entry)).collect();
        for (size, root) in [
            (
                0,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                1,
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                2,
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            ),
            (
                3,
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            ),
            (
                8,
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
            ),
        ] {
            assert_eq!(hex(&merkle_root(&leaves[..size])), root, "{size} leaves");
        }
    }

    #[test]
    fn a_note_opens_with_its_key_and_no_other() {
        for chains in [0, 1, 2, 5] {
            let checkpoint = checkpoint(chains);
            let note = checkpoint.sign(&key());
            let public = PublicKey::of("forbear.test/audit", &key());
            assert_eq!(Checkpoint::open(&note, &public), Ok(checkpoint));
            let other = PublicKey::of("forbear.test/audit", &SigningKey::from_bytes(&[8; 32]));
            assert!(matches!(
                Checkpoint::open(&note, &other),
                Err(BadCheckpoint::NotSigned(_))
            ));
        }
    }

    #[test]
    fn no_byte_of_a_note_can_be_changed() {
        let note = checkpoint(3).sign(&key());
        let public = PublicKey::of("forbear.test/audit", &key());
        for (i, original) in note.bytes().enumerate() {
            let mut bytes = note.clone().into_bytes();
            bytes[i] = if original == b'0' { b'1' } else { b'0' };
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            // The last newline is not part of what is signed.
            if i + 1 < note.len() {
                assert!(Checkpoint::open(&changed, &public).is_err(), "byte {i}");
            }
        }
    }

    #[test]
    fn a_public_key_reads_back_from_its_text() {
        let public = PublicKey::of("forbear.test/audit", &key());
        assert_eq!(public.to_string().parse(), Ok(public.clone()));
        let text = public.to_string().replace('+', "-");
        assert_eq!(text.parse::<PublicKey>(), Err(NotAPublicKey));
        let other_name = public.to_string().replacen("forbear", "another", 1);
        assert_eq!(other_name.parse::<PublicKey>(), Err(NotAPublicKey));
    }
}
