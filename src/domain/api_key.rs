//! Keys of programs: what one may do, and how one is written.

use super::text_enum::TextEnum;

/// What a key may do. The first two belong to one creditor; a staff key is the agency's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiKeyAccess {
    /// Everything a creditor may do.
    Full,
    /// Look, but change nothing.
    Read,
    /// The compliance desk and the voice platform: every creditor, named by each request.
    Staff,
}

impl TextEnum for ApiKeyAccess {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Full, "full"),
        (Self::Read, "read"),
        (Self::Staff, "staff"),
    ];
}

impl ApiKeyAccess {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Full => "Full access",
            Self::Read => "Read only",
            Self::Staff => "Staff",
        }
    }

    /// What a key of this kind begins with: `ca` as the trade's public client expects of a
    /// creditor's key, `st` for the agency's own.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Full | Self::Read => "ca",
            Self::Staff => "st",
        }
    }

    /// Bound to one creditor, as opposed to the agency's own.
    pub const fn belongs_to_creditor(self) -> bool {
        match self {
            Self::Full | Self::Read => true,
            Self::Staff => false,
        }
    }

    pub const fn may_write(self) -> bool {
        match self {
            Self::Full | Self::Staff => true,
            Self::Read => false,
        }
    }
}

/// Characters of the part by which a key is found and listed.
pub const PREFIX_LENGTH: usize = 8;

/// Characters of the part that nobody may know. At 4.8 bits each this is over 256 bits, so a
/// plain hash of the key tells nothing and no slow one is needed.
pub const SECRET_LENGTH: usize = 54;

/// The whole key, as it is shown once: `ca_2345BCDF_…`.
pub fn written(access: ApiKeyAccess, prefix: &str, secret: &str) -> String {
    format!("{}_{prefix}_{secret}", access.tag())
}

/// The prefix of a text that has the form of a key.
pub fn prefix_of(text: &str) -> Option<&str> {
    let rest = text
        .strip_prefix("ca_")
        .or_else(|| text.strip_prefix("st_"))?;
    let (prefix, secret) = rest.split_once('_')?;
    let fits = prefix.len() == PREFIX_LENGTH
        && secret.len() == SECRET_LENGTH
        && prefix.bytes().all(|b| b.is_ascii_alphanumeric())
        && secret.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_key_gives_back_its_prefix_and_nothing_else_does() {
        let secret = "X".repeat(SECRET_LENGTH);
        for access in [ApiKeyAccess::Full, ApiKeyAccess::Read, ApiKeyAccess::Staff] {
            let key = written(access, "2345BCDF", &secret);
            assert_eq!(prefix_of(&key), Some("2345BCDF"));
        }
        for bad in [
            String::new(),
            "ca_2345BCDF_".to_owned(),
            format!("pa_2345BCDF_{secret}"),
            format!("ca_2345BCD_{secret}"),
            format!("ca_2345BCDF_{secret}X"),
            format!("ca_2345BCDF_{}", "\u{00e9}".repeat(SECRET_LENGTH / 2)),
            format!(" ca_2345BCDF_{secret}"),
        ] {
            assert_eq!(prefix_of(&bad), None, "{bad:?}");
        }
    }
}
