//! What the head of a message tells: whether a person wrote it, and whether the sender's domain
//! vouches for it.

use super::postmark::PostmarkMessage;
use crate::domain::text_enum::TextEnum;

/// What is known of the signature of the sender's domain (DKIM, RFC 6376).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dkim {
    Pass,
    Fail,
    Unknown,
}

impl TextEnum for Dkim {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Pass, "pass"),
        (Self::Fail, "fail"),
        (Self::Unknown, "unknown"),
    ];
}

/// Written by a program: a holiday notice, a bounce, a mailing list (RFC 3834). Such a message
/// asks for nothing and is never answered.
pub fn is_automatic(message: &PostmarkMessage) -> bool {
    let any = |name: &str, is_so: &dyn Fn(&str) -> bool| {
        message
            .header(name)
            .any(|value| is_so(&value.to_ascii_lowercase()))
    };
    let sender = message.sender();
    let local = sender.split('@').next().unwrap_or_default();
    any("Auto-Submitted", &|value| {
        !value.starts_with("no") && !value.is_empty()
    }) || any("Precedence", &|value| {
        matches!(value, "bulk" | "junk" | "list" | "auto_reply")
    }) || any("X-Autoreply", &|value| value != "no")
        || any("X-Autorespond", &|value| value != "no")
        || any("X-Auto-Response-From", &|_| true)
        || any("Return-Path", &|value| value == "<>")
        || any("List-Id", &|_| true)
        || any("Content-Type", &|value| {
            value.starts_with("multipart/report")
        })
        || matches!(local, "mailer-daemon" | "postmaster")
}

/// What the provider says of the domain's signature. The sender can write any header, so one that
/// stands there twice tells nothing.
pub fn dkim(message: &PostmarkMessage) -> Dkim {
    let mut tests = message.header("X-Spam-Tests");
    let (Some(found), None) = (tests.next(), tests.next()) else {
        return Dkim::Unknown;
    };
    let found: Vec<&str> = found
        .split([',', ' '])
        .map(str::trim)
        .filter(|test| !test.is_empty())
        .collect();
    // `_AU`: by the domain of the author, and not by anybody's.
    if found.contains(&"DKIM_INVALID") {
        Dkim::Fail
    } else if found.contains(&"DKIM_VALID_AU") {
        Dkim::Pass
    } else {
        Dkim::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::message::postmark::MessageHeader;

    fn with(headers: &[(&str, &str)]) -> PostmarkMessage {
        PostmarkMessage {
            from: "Jo <jo@debtors.example>".to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| MessageHeader {
                    name: (*name).to_owned(),
                    value: (*value).to_owned(),
                })
                .collect(),
            ..PostmarkMessage::default()
        }
    }

    #[test]
    fn programs_are_told_from_people() {
        for header in [
            ("Auto-Submitted", "auto-replied"),
            ("auto-submitted", "auto-generated; owner"),
            ("Precedence", "bulk"),
            ("X-Autoreply", "yes"),
            ("Return-Path", "<>"),
            (
                "Content-Type",
                "multipart/report; report-type=delivery-status",
            ),
        ] {
            assert!(is_automatic(&with(&[header])), "{header:?}");
        }
        for header in [
            ("Auto-Submitted", "no"),
            ("Return-Path", "<jo@debtors.example>"),
            ("Subject", "auto-replied"),
        ] {
            assert!(!is_automatic(&with(&[header])), "{header:?}");
        }
    }

    #[test]
    fn a_signature_counts_only_if_the_provider_alone_speaks_of_it() {
        let tests = |value| ("X-Spam-Tests", value);
        let passes = tests("DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU,SPF_PASS");
        assert_eq!(dkim(&with(&[passes])), Dkim::Pass);
        assert_eq!(dkim(&with(&[passes, passes])), Dkim::Unknown);
        assert_eq!(
            dkim(&with(&[tests("DKIM_SIGNED,DKIM_VALID")])),
            Dkim::Unknown
        );
        assert_eq!(
            dkim(&with(&[tests("DKIM_SIGNED,DKIM_INVALID")])),
            Dkim::Fail
        );
        assert_eq!(dkim(&with(&[])), Dkim::Unknown);
    }
}
