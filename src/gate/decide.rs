//! Evaluating every rule, and what follows from their findings.

use std::cmp::Reverse;

use super::attempt::{Attempt, Initiator};
use super::decision::{ClockReading, Decision, Finding, Outcome, Rung, Severity};
use super::digest::Digest;
use super::facts::Facts;
use super::findings::{Findings, Raised, Until};
use super::inquiry::{Inquiry, Now};
use super::next_contact::{self, Earliest};
use super::policy::Policy;
use super::rules::{self, RuleId};

/// The gate's answer to one intended contact.
///
/// Total: every input has an answer, and what can't be told is refused. The same inputs give the
/// same answer, to the byte.
pub fn decide(policy: &Policy, facts: &Facts, attempt: &Attempt) -> Decision {
    let inquiry = Inquiry::new(policy, facts, attempt);
    let now = Now::of(&inquiry, attempt.at);
    let mut findings = Findings::explained(attempt, &facts.creditor);
    rules::evaluate(&now, &mut findings);
    findings
        .raised
        .sort_by_key(|raised| (raised.severity, raised.rule));

    let outcome = outcome(&findings, attempt.initiator);
    let earliest = next_contact::search(&inquiry, &findings);
    let computed = findings.computed;
    let findings: Vec<Finding> = findings
        .raised
        .into_iter()
        .map(|raised| finding(&now, raised))
        .collect();
    let binding_rule = binding_rule(&findings, &earliest);
    Decision {
        outcome,
        ladder: ladder(&findings, binding_rule),
        earliest_lawful_at: earliest.at,
        binding_rule,
        never_clears: earliest.never,
        local_times: inquiry
            .place
            .zones
            .iter()
            .map(|candidate| ClockReading {
                zone: candidate.zone,
                local: candidate.zone.local(attempt.at),
            })
            .collect(),
        zones: inquiry.place.zones,
        computed,
        policy_version: policy.version(),
        facts_digest: None,
        attempt: attempt.clone(),
        findings,
    }
}

/// As [`decide`], with the digest of the facts: what is stored for every attempt.
pub fn decide_on_record(policy: &Policy, facts: &Facts, attempt: &Attempt) -> Decision {
    match serde_json::to_string(facts) {
        Ok(text) => decide_on_stored(policy, facts, &text, attempt),
        Err(_) => decide(policy, facts, attempt),
    }
}

/// As [`decide_on_record`], for a caller that keeps the facts and has their JSON already: the
/// digest is that of the text as it is stored.
pub fn decide_on_stored(
    policy: &Policy,
    facts: &Facts,
    facts_json: &str,
    attempt: &Attempt,
) -> Decision {
    let mut decision = decide(policy, facts, attempt);
    decision.facts_digest = Some(Digest::of(facts_json.as_bytes()));
    decision
}

fn outcome(findings: &Findings<'_>, initiator: Initiator) -> Outcome {
    let standing = || findings.raised.iter().filter(|raised| raised.stands());
    if standing().any(|raised| raised.severity == Severity::Block) {
        return Outcome::Refuse;
    }
    if standing().next().is_none() {
        return Outcome::Allow;
    }
    match initiator {
        Initiator::Agent => Outcome::Acknowledge,
        // A machine can't acknowledge.
        Initiator::Automated => Outcome::Refuse,
    }
}

fn finding(now: &Now<'_>, raised: Raised) -> Finding {
    let info = raised.rule.info();
    let (message, evidence, citation) = match raised.why {
        Some(why) => (why.message, why.evidence, why.citation),
        None => (info.sentence.into(), Vec::new(), None),
    };
    Finding {
        rule: raised.rule,
        severity: raised.severity,
        category: info.category,
        citation: citation.map_or(info.citation.into(), Into::into),
        message,
        message_public: info.public.into(),
        evidence,
        clears_at: match raised.until {
            Until::At(until) => now.inside_hours(until),
            Until::Never => None,
        },
        acknowledged: raised.acknowledged,
    }
}

/// The finding that holds until the earliest instant; where a rule that does not hold yet will
/// hold then, the last one of the search.
fn binding_rule(findings: &[Finding], earliest: &Earliest) -> Option<RuleId> {
    let Some(at) = earliest.at else {
        return earliest.never;
    };
    let until_then = |finding: &&Finding| finding.stands() && finding.clears_at == Some(at);
    let holding = || findings.iter().filter(until_then);
    // Every rule clears inside contact hours, so the hours bind only when nothing else does.
    let beside_hours = holding()
        .find(|finding| !matches!(finding.rule, RuleId::CallHours | RuleId::LocationConflict));
    beside_hours
        .or_else(|| holding().next())
        .map(|finding| finding.rule)
        .or(earliest.binding)
}

fn ladder(findings: &[Finding], binding: Option<RuleId>) -> Vec<Rung> {
    let mut rungs: Vec<Rung> = findings
        .iter()
        .filter(|finding| finding.stands() && Some(finding.rule) != binding)
        .filter_map(|finding| {
            Some(Rung {
                rule: finding.rule,
                clears_at: finding.clears_at?,
            })
        })
        .collect();
    rungs.sort_by_key(|rung| Reverse(rung.clears_at));
    rungs
}
