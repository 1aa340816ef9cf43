//! What our emails carry so that an answer or a click is known to be one: signed, and telling
//! nothing about anybody.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::ctx::Ctx;
use crate::domain::email::EmailAddress;
use crate::domain::hash::hex;
use crate::domain::id::PlacementId;
use crate::keys::{Keys, Purpose};

/// Bytes of an id.
const ID: usize = 16;
/// Bytes of the signature in a link, and in an address, where room is short. Sixty-four bits that
/// can be tried only by sending us mail.
const LINK_SIGNATURE: usize = 16;
const ADDRESS_SIGNATURE: usize = 8;

/// The token of the link that ends the emails about a placement: 43 characters of base64url.
pub fn unsubscribe(keys: &Keys, placement: PlacementId) -> String {
    URL_SAFE_NO_PAD.encode(sealed(
        keys,
        Purpose::Unsubscribe,
        placement,
        LINK_SIGNATURE,
    ))
}

/// The placement of an unsubscribe link of ours.
pub fn open_unsubscribe(keys: &Keys, token: &str) -> Option<PlacementId> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    opened(keys, Purpose::Unsubscribe, &bytes, LINK_SIGNATURE)
}

/// Where an answer about this placement goes: `replies+3f…@host`, or the sender's own address
/// where the installation reads no answers.
pub fn reply_address(ctx: &Ctx, placement: PlacementId) -> EmailAddress {
    let tagged = ctx.mail.replies.as_ref().and_then(|replies| {
        let (local, host) = replies.as_str().split_once('@')?;
        let tag = hex(&sealed(
            &ctx.keys,
            Purpose::ReplyAddress,
            placement,
            ADDRESS_SIGNATURE,
        ));
        format!("{local}+{tag}@{host}").parse().ok()
    });
    tagged.unwrap_or_else(|| ctx.mail.from.clone())
}

/// The placement that an address of ours is about. Mail servers may change the case of letters.
pub fn open_reply_tag(keys: &Keys, tag: &str) -> Option<PlacementId> {
    let bytes = unhex(&tag.to_ascii_lowercase())?;
    opened(keys, Purpose::ReplyAddress, &bytes, ADDRESS_SIGNATURE)
}

/// Eight characters that stand in our emails about a placement and in its portal: `7K2M-X4QD`.
pub fn check_code(keys: &Keys, placement: PlacementId) -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mac = keys.authenticate(Purpose::CheckCode, &[placement.as_str().as_bytes()]);
    let mut code: String = mac
        .iter()
        .take(8)
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    code.insert(4, '-');
    code
}

fn sealed(keys: &Keys, purpose: Purpose, placement: PlacementId, signature: usize) -> Vec<u8> {
    let id = Uuid::try_parse(placement.as_str()).unwrap_or_default();
    let mac = keys.authenticate(purpose, &[placement.as_str().as_bytes()]);
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend(mac.iter().take(signature));
    bytes
}

fn opened(keys: &Keys, purpose: Purpose, bytes: &[u8], signature: usize) -> Option<PlacementId> {
    let (id, _) = bytes.split_at_checked(ID)?;
    let placement = PlacementId::from_uuid(Uuid::from_slice(id).ok()?);
    let known = sealed(keys, purpose, placement, signature);
    bool::from(known.as_slice().ct_eq(bytes)).then_some(placement)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;

    #[test]
    fn tokens_open_only_under_their_key_and_for_their_use() {
        let keys = Keys::from_hex(&"5a".repeat(32)).unwrap();
        let other = Keys::from_hex(&"5b".repeat(32)).unwrap();
        let placement = PlacementId::generate(Instant::from_micros(1_790_000_000_000_000));
        let link = unsubscribe(&keys, placement);
        assert_eq!(open_unsubscribe(&keys, &link), Some(placement));
        assert_eq!(open_unsubscribe(&other, &link), None);
        let tag = hex(&sealed(&keys, Purpose::ReplyAddress, placement, 8));
        assert_eq!(open_reply_tag(&keys, &tag.to_uppercase()), Some(placement));
        assert_eq!(open_reply_tag(&keys, &format!("{tag}00")), None);
        assert_eq!(open_reply_tag(&keys, &tag[..46]), None);
        for text in ["", "zz", "\u{e9}\u{e9}", &link] {
            assert_eq!(open_reply_tag(&keys, text), None, "{text}");
        }
        assert_eq!(check_code(&keys, placement).len(), 9);
    }
}
