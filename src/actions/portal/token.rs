//! What a link carries: its id and a signature, and nothing about anybody.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::domain::id::PortalLinkId;
use crate::keys::{Keys, Purpose};

/// Bytes of the id, and of the signature: 128 bits each.
const PART: usize = 16;

/// The text in a link's address: 43 characters of base64url.
pub fn seal(keys: &Keys, id: PortalLinkId) -> String {
    let mut bytes = Vec::with_capacity(2 * PART);
    bytes.extend(Uuid::try_parse(id.as_str()).unwrap_or_default().as_bytes());
    bytes.extend(signature(keys, id));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The link that a token of ours names; nothing for any other text.
pub fn open(keys: &Keys, token: &str) -> Option<PortalLinkId> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, claimed) = bytes.split_at_checked(PART)?;
    let id = PortalLinkId::from_uuid(Uuid::from_slice(id).ok()?);
    bool::from(claimed.ct_eq(&signature(keys, id))).then_some(id)
}

fn signature(keys: &Keys, id: PortalLinkId) -> [u8; PART] {
    let mut cut = [0; PART];
    let whole = keys.authenticate(Purpose::PortalLink, &[id.as_str().as_bytes()]);
    cut.copy_from_slice(&whole[..PART]);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;

    fn keys(digits: &str) -> Keys {
        Keys::from_hex(&digits.repeat(32)).unwrap()
    }

    #[test]
    fn a_token_names_its_link_and_only_under_the_key_it_was_made_with() {
        let id = PortalLinkId::generate(Instant::from_micros(1_790_000_000_000_000));
        let token = seal(&keys("5a"), id);
        assert_eq!(token.len(), 43);
        assert_eq!(open(&keys("5a"), &token), Some(id));
        assert_eq!(open(&keys("5b"), &token), None);
    }

    #[test]
    fn a_token_changed_in_any_character_names_nothing() {
        let id = PortalLinkId::generate(Instant::from_micros(0));
        let token = seal(&keys("5a"), id);
        for place in 0..token.len() {
            let mut other: Vec<char> = token.chars().collect();
            other[place] = if other[place] == 'A' { 'B' } else { 'A' };
            let other: String = other.into_iter().collect();
            assert_eq!(open(&keys("5a"), &other), None, "{other}");
        }
        for text in ["", "A", &token[..42], &format!("{token}A"), "\u{e9}"] {
            assert_eq!(open(&keys("5a"), text), None, "{text}");
        }
    }
}
