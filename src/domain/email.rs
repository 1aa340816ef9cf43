//! Email addresses, in the plain form that every mail server takes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `name@host.example`: ASCII, at most 254 characters, the host in lower case.
///
/// Quoted local parts, comments and address literals of RFC 5322 are refused: nobody is reached
/// by them, and they are how headers are smuggled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// The text isn't an email address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an email address: write it as name@host.example")]
pub struct NotAnEmailAddress;

impl EmailAddress {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the `@`.
    pub fn host(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, host)| host)
    }
}

impl FromStr for EmailAddress {
    type Err = NotAnEmailAddress;

    fn from_str(text: &str) -> Result<Self, NotAnEmailAddress> {
        let text = text.trim();
        let (local, host) = text.split_once('@').ok_or(NotAnEmailAddress)?;
        // RFC 5321 4.5.3.1: 64 octets before the @, 254 in all.
        if text.len() > 254 || !is_local_part(local) || !is_host(host) {
            return Err(NotAnEmailAddress);
        }
        Ok(Self(format!("{local}@{}", host.to_ascii_lowercase())))
    }
}

/// A dot-atom of RFC 5322 3.2.3.
fn is_local_part(local: &str) -> bool {
    let is_atom = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b))
    };
    local.len() <= 64 && local.split('.').all(is_atom)
}

/// Two labels or more, the last one not a number.
pub fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let top_is_named = host
        .rsplit_once('.')
        .is_some_and(|(_, top)| top.bytes().any(|b| b.is_ascii_alphabetic()));
    host.len() <= 253 && top_is_named && host.split('.').all(is_label)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ordinary_addresses() {
        let address: EmailAddress = " Jo.O'Neil+bills@Mail.Example.COM ".parse().unwrap();
        assert_eq!(address.as_str(), "Jo.O'Neil+bills@mail.example.com");
        assert_eq!(address.host(), "mail.example.com");
    }

    #[test]
    fn refuses_what_cannot_be_reached_or_is_dangerous() {
        for text in [
            "",
            "jo",
            "jo@",
            "@example.com",
            "jo@example",
            "jo@@example.com",
            "jo@example..com",
            "jo@-example.com",
            "jo@192.0.2.1",
            ".jo@example.com",
            "jo.@example.com",
            "j o@example.com",
            "jo@example.com\r\nBcc: x@example.com",
            "\"jo\"@example.com",
            "jo@example.com, al@example.com",
            "jö@example.com",
        ] {
            assert_eq!(
                text.parse::<EmailAddress>(),
                Err(NotAnEmailAddress),
                "{text}"
            );
        }
        assert!(
            format!("{}@example.com", "a".repeat(65))
                .parse::<EmailAddress>()
                .is_err()
        );
    }
}
