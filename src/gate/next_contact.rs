//! The earliest lawful moment, by jumping from one clearing to the next.
//!
//! Each standing rule says until when it stands all else being equal, so nothing is allowed before
//! the latest of those moments; there every rule is asked anew. No minute is ever tried for luck.

use super::attempt::{Attempt, Initiator};
use super::decision::Severity;
use super::facts::{Channel, Facts};
use super::findings::{Findings, Raised, Until};
use super::inquiry::{Inquiry, Now};
use super::policy::Policy;
use super::rules::{self, RuleId};
use super::windows::start_of_day;
use crate::domain::time::Instant;

/// Jumps after which the search gives up. Ordinary files need two or three.
const JUMPS: usize = 4_000;

/// When a contact is next lawful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earliest {
    /// The first instant, not before the one asked from. `None`: waiting does not help.
    pub at: Option<Instant>,
    /// The rule that holds until then. `None` when lawful at once.
    pub binding: Option<RuleId>,
    /// The rule that never clears by itself, when there is no instant.
    pub never: Option<RuleId>,
}

/// Whether warnings stand in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warnings {
    /// They do, unless the attempt acknowledges them.
    Stand,
    /// A person will acknowledge each of them.
    WillBeAcknowledged,
}

/// When this attempt is next lawful, from its own instant on, with nothing else changing.
pub fn earliest(policy: &Policy, facts: &Facts, attempt: &Attempt, warnings: Warnings) -> Earliest {
    let inquiry = Inquiry::new(policy, facts, attempt);
    let now = Now::of(&inquiry, attempt.at);
    let mut findings = Findings::silent(attempt, &facts.creditor);
    rules::evaluate(&now, &mut findings);
    run(now, findings, Standing::new(attempt, warnings))
}

/// The earliest moment for one debt by each way of contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerChannel {
    pub call: Earliest,
    pub email: Earliest,
    pub letter: Earliest,
}

/// The earliest moment for each channel, by the number or address that is free first.
pub fn per_channel(
    policy: &Policy,
    facts: &Facts,
    debt: &str,
    from: Instant,
    initiator: Initiator,
    warnings: Warnings,
) -> PerChannel {
    let attempt = |channel| Attempt {
        initiator,
        ..Attempt::new(from, channel, debt)
    };
    let own_phones = facts
        .debtor
        .phones
        .iter()
        .filter(|phone| phone.belongs_to.is_none());
    let calls = own_phones.map(|phone| Attempt {
        phone: Some(phone.number.clone()),
        ..attempt(Channel::Call)
    });
    let emails = facts.debtor.emails.iter().map(|email| Attempt {
        email: Some(email.address.clone()),
        ..attempt(Channel::Email)
    });
    let first = |attempts: &mut dyn Iterator<Item = Attempt>, channel| {
        attempts
            .map(|attempt| earliest(policy, facts, &attempt, warnings))
            .reduce(sooner)
            .unwrap_or_else(|| earliest(policy, facts, &attempt(channel), warnings))
    };
    PerChannel {
        call: first(&mut calls.into_iter(), Channel::Call),
        email: first(&mut emails.into_iter(), Channel::Email),
        letter: earliest(policy, facts, &attempt(Channel::Letter), warnings),
    }
}

fn sooner(one: Earliest, other: Earliest) -> Earliest {
    match (one.at, other.at) {
        (Some(first), Some(second)) if second < first => other,
        (None, Some(_)) => other,
        (Some(_) | None, _) => one,
    }
}

/// The search that a decision shows, begun from its own findings.
pub(super) fn search(inquiry: &Inquiry<'_>, first: &Findings<'_>) -> Earliest {
    if first.is_clear() {
        return Earliest {
            at: Some(inquiry.attempt.at),
            binding: None,
            never: None,
        };
    }
    let standing = Standing::new(inquiry.attempt, Warnings::Stand);
    run(
        Now::of(inquiry, inquiry.attempt.at),
        first.silent_copy(),
        standing,
    )
}

#[derive(Clone, Copy)]
struct Standing {
    warnings_pass: bool,
}

impl Standing {
    fn new(attempt: &Attempt, warnings: Warnings) -> Self {
        Self {
            warnings_pass: warnings == Warnings::WillBeAcknowledged
                && attempt.initiator == Initiator::Agent,
        }
    }

    fn includes(self, raised: &Raised) -> bool {
        raised.stands() && !(self.warnings_pass && raised.severity == Severity::Warning)
    }
}

fn run(mut now: Now<'_>, mut findings: Findings<'_>, standing: Standing) -> Earliest {
    let mut binding = None;
    for _ in 0..JUMPS {
        let mut never: Option<RuleId> = None;
        let mut latest: Option<(Instant, RuleId)> = None;
        for raised in findings
            .raised
            .iter()
            .filter(|raised| standing.includes(raised))
        {
            match raised.until {
                Until::Never => never = Some(never.map_or(raised.rule, |it| it.min(raised.rule))),
                Until::At(until) => {
                    if latest.is_none_or(|(other, _)| until > other) {
                        latest = Some((until, raised.rule));
                    }
                }
            }
        }
        if never.is_none() && latest.is_none() {
            return Earliest {
                at: Some(now.at),
                binding,
                never: None,
            };
        }
        let clearing = if never.is_some() { None } else { latest };
        // A change of policy may lift what waiting alone does not.
        let change = next_policy_change(&now).filter(|change| *change > now.at);
        let next = match (clearing, change) {
            (Some((until, rule)), change) => {
                binding = Some(rule);
                Some(change.map_or(until, |change| until.min(change)))
            }
            (None, change) => change,
        };
        // From the moment the person's location is known, every clock is another.
        let moves = now.inquiry.moves_at.filter(|moves| *moves > now.at);
        if let Some(moves) = moves.filter(|moves| next.is_none_or(|next| *moves <= next)) {
            let later = search_from(&now, moves, standing);
            return Earliest {
                binding: later.binding.or(binding).or(never),
                ..later
            };
        }
        let Some(next) = next else {
            return never_clears(never);
        };
        if next <= now.at {
            // A rule that stands and claims to have cleared: refuse rather than guess.
            return never_clears(latest.map(|(_, rule)| rule).or(never));
        }
        now.move_to(next);
        findings.clear();
        rules::evaluate(&now, &mut findings);
    }
    never_clears(binding)
}

/// The search of the same attempt from a later moment on.
fn search_from(now: &Now<'_>, at: Instant, standing: Standing) -> Earliest {
    let attempt = Attempt {
        at,
        ..now.attempt().clone()
    };
    let inquiry = Inquiry::new(now.policy(), now.facts(), &attempt);
    let later = Now::of(&inquiry, at);
    let mut findings = Findings::silent(&attempt, &now.facts().creditor);
    rules::evaluate(&later, &mut findings);
    run(later, findings, standing)
}

const fn never_clears(rule: Option<RuleId>) -> Earliest {
    Earliest {
        at: None,
        binding: rule,
        never: rule,
    }
}

fn next_policy_change(now: &Now<'_>) -> Option<Instant> {
    let date = now.policy().next_change(now.date())?;
    let clock = now.clocks.first()?;
    Some(start_of_day(clock.zone, date))
}
