//! The families of rules and their strengths in words.

use crate::gate::rules::{Category, Strength};

/// Every family, in the order of the catalogue: the word of the address, and the heading.
pub const FAMILIES: [(Category, &str, &str); 13] = [
    (Category::StopRequest, "stop-request", "Requests to stop"),
    (Category::Person, "person", "The person\u{2019}s situation"),
    (Category::Timing, "timing", "Hours and places"),
    (Category::Frequency, "frequency", "How often"),
    (Category::Recipient, "recipient", "Who is reached"),
    (
        Category::Consent,
        "consent",
        "Consent to calls and recording",
    ),
    (Category::Message, "message", "What a message says"),
    (Category::Notice, "notice", "The validation notice"),
    (Category::Dispute, "dispute", "Disputes"),
    (Category::Limitation, "limitation", "Old debts"),
    (Category::Account, "account", "The account"),
    (
        Category::Unknown,
        "unknown",
        "When the gate can\u{2019}t tell",
    ),
    (Category::Record, "record", "Records"),
];

/// The word and the heading of a family.
pub fn of(category: Category) -> (&'static str, &'static str) {
    FAMILIES
        .iter()
        .find(|(known, _, _)| *known == category)
        .map_or(("", ""), |(_, key, name)| (*key, *name))
}

/// Every strength: the word of the address, in short, and in a sentence.
pub const STRENGTHS: [(Strength, &str, &str, &str); 5] = [
    (
        Strength::Hard,
        "hard",
        "Blocks contact",
        "Blocks contact. Nobody at the agency can override it.",
    ),
    (
        Strength::Presumption,
        "presumption",
        "Warns",
        "Warns a person, who may go on only with a reason that is kept. Refuses anything automated.",
    ),
    (
        Strength::Content,
        "content",
        "Stops this message",
        "Stops this message as it is written. Another may go.",
    ),
    (
        Strength::Product,
        "product",
        "Our own rule",
        "A rule of the product\u{2019}s own, beside the law or stricter.",
    ),
    (
        Strength::Reminder,
        "reminder",
        "Reminds",
        "Reminds whoever makes the contact. Stops nobody.",
    ),
];

/// In short, and in a sentence.
pub fn strength(strength: Strength) -> (&'static str, &'static str) {
    STRENGTHS
        .iter()
        .find(|(known, ..)| *known == strength)
        .map_or(("", ""), |(_, _, short, sentence)| (*short, *sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::rules::catalog;

    #[test]
    fn every_rule_has_a_family_and_a_strength_with_a_name() {
        for rule in catalog() {
            assert!(!of(rule.category).1.is_empty(), "{}", rule.key);
            assert!(!strength(rule.strength).1.is_empty(), "{}", rule.key);
        }
    }
}
