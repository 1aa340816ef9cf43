//! The gate's answers in the words of the pages.

use crate::gate::RuleId;
use crate::gate::rules::Category;
use crate::web::view::contact::Finding;

/// A finding with its name, its source and the way out, for staff.
pub fn finding(finding: &crate::gate::Finding) -> Finding {
    Finding {
        rule_id: finding.rule.as_str().to_owned(),
        name: finding.rule.info().name.to_owned(),
        message: finding.message.to_string(),
        citation: finding.citation.to_string(),
        way_out: way_out(finding.rule),
    }
}

/// "Clears when the dispute is resolved." from the rule's own words.
pub fn way_out(rule: RuleId) -> String {
    let clears = rule.info().clears;
    match clears {
        "Never." | "Not by waiting." => "This does not clear by waiting.".to_owned(),
        clears => format!("Clears {}", uncapitalised(clears)),
    }
}

fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// The evidence a person is asked for when they pass a warning.
pub const fn evidence_asked(category: Category) -> &'static str {
    match category {
        Category::Frequency => "Why is this contact needed now?",
        Category::Timing => "What did the debtor say about this time, and when?",
        Category::Limitation => "How will you tell the debtor that the time to sue has passed?",
        Category::Notice => "Why can this contact not wait for the notice?",
        Category::Consent => "What did the debtor agree to, and when?",
        Category::Person
        | Category::StopRequest
        | Category::Account
        | Category::Dispute
        | Category::Recipient
        | Category::Message
        | Category::Unknown
        | Category::Record => "Why is this contact needed?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_out_is_a_sentence_for_every_rule() {
        for rule in RuleId::ALL {
            let way_out = way_out(rule);
            assert!(
                way_out.starts_with("Clears ") || way_out.starts_with("This does not"),
                "{rule}: {way_out}"
            );
            assert!(way_out.ends_with('.'), "{rule}: {way_out}");
        }
    }
}
