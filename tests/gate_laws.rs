//! Laws that hold for every file, tried on thousands of random ones, always the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod gate_dice;
mod gate_random;

use std::sync::Arc;

use chrono::Duration;
use forbear::domain::time::Instant;
use forbear::gate::attempt::Initiator;
use forbear::gate::facts::{Cease, Stop};
use forbear::gate::next_contact::{Warnings, earliest, per_channel};
use forbear::gate::{Attempt, Decision, Facts, Outcome, Policy, RuleId, decide, replay};

use gate_dice::Dice;
use gate_random::random_file;

const HISTORIES: u64 = 10_000;

fn at(decision: &Decision) -> Instant {
    decision.attempt.at
}

fn moved(attempt: &Attempt, at: Instant) -> Attempt {
    Attempt {
        at,
        ..attempt.clone()
    }
}

fn is_allowed(policy: &Policy, facts: &Facts, attempt: &Attempt, when: Instant) -> bool {
    decide(policy, facts, &moved(attempt, when)).is_allowed()
}

/// Block one second before, allow at the instant, and no allow in between.
#[test]
fn the_earliest_instant_is_lawful_and_nothing_before_it_is() {
    let policy = Policy::builtin();
    let (mut found, mut never, mut at_once) = (0, 0, 0);
    for seed in 0..HISTORIES {
        let mut dice = Dice::new(seed);
        let (facts, attempt) = random_file(&mut dice);
        let decision = decide(&policy, &facts, &attempt);
        let from = at(&decision);
        let Some(first) = decision.earliest_lawful_at else {
            never += 1;
            assert!(decision.never_clears.is_some(), "seed {seed}");
            for _ in 0..4 {
                let later = from.plus(Duration::minutes(dice.below(60 * 24 * 40)));
                assert!(
                    !is_allowed(&policy, &facts, &attempt, later),
                    "seed {seed}: never clears, but is allowed at {later}"
                );
            }
            continue;
        };
        if decision.is_allowed() {
            at_once += 1;
            assert_eq!(first, from, "seed {seed}");
            continue;
        }
        found += 1;
        assert!(first > from, "seed {seed}");
        assert!(decision.binding_rule.is_some(), "seed {seed}");
        assert!(
            is_allowed(&policy, &facts, &attempt, first),
            "seed {seed}: refused at {first}"
        );
        let second_before = first.minus(Duration::seconds(1));
        if second_before >= from {
            assert!(
                !is_allowed(&policy, &facts, &attempt, second_before),
                "seed {seed}: allowed a second before {first}"
            );
        }
        // Rules change on whole quarter hours of the clock, or with an event: half of the tries
        // fall on such quarters.
        let span = first.since(from).num_minutes();
        for _ in 0..12 {
            let mut minutes = dice.below(span.max(1));
            if dice.one_in(2) {
                minutes -= minutes % 15;
            }
            let between = from.plus(Duration::minutes(minutes));
            assert!(
                between >= first || !is_allowed(&policy, &facts, &attempt, between),
                "seed {seed}: allowed at {between}, before {first}"
            );
        }
    }
    // The law would hold for an empty test too.
    assert!(found > 2_000, "{found} found");
    assert!(never > 500, "{never} never");
    assert!(at_once > 500, "{at_once} at once");
}

#[test]
fn the_decision_and_the_search_alone_agree() {
    let policy = Policy::builtin();
    for seed in 0..3_000 {
        let (facts, attempt) = random_file(&mut Dice::new(seed));
        let decision = decide(&policy, &facts, &attempt);
        let alone = earliest(&policy, &facts, &attempt, Warnings::Stand);
        assert_eq!(alone.at, decision.earliest_lawful_at, "seed {seed}");
        assert_eq!(alone.never, decision.never_clears, "seed {seed}");
        let acknowledging = earliest(&policy, &facts, &attempt, Warnings::WillBeAcknowledged);
        if let (Some(soft), Some(hard)) = (acknowledging.at, alone.at) {
            assert!(soft <= hard, "seed {seed}");
        }
    }
}

/// Adding a stop, or taking the person away, never turns a no into a yes.
#[test]
fn adding_a_block_never_turns_no_into_yes() {
    let policy = Policy::builtin();
    let additions: [fn(&mut Facts); 6] = [
        |facts| facts.debtor.flags.cease.push(Cease::default()),
        |facts| facts.debtor.flags.do_not_call = Some(Stop::default()),
        |facts| facts.debtor.flags.call_opt_out = Some(Stop::default()),
        |facts| facts.debtor.flags.email_opt_out = Some(Stop::default()),
        |facts| facts.creditor.cleared = false,
        |facts| facts.creditor.harden = RuleId::ALL.to_vec(),
    ];
    for seed in 0..2_000 {
        let (facts, attempt) = random_file(&mut Dice::new(seed));
        let before = decide(&policy, &facts, &attempt);
        for (index, add) in additions.iter().enumerate() {
            let mut stricter = facts.clone();
            add(&mut stricter);
            let after = decide(&policy, &stricter, &attempt);
            assert!(
                severity(after.outcome) >= severity(before.outcome),
                "seed {seed}: addition {index} softened {:?} to {:?}",
                before.outcome,
                after.outcome
            );
        }
    }
}

fn severity(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Allow => 0,
        Outcome::Acknowledge => 1,
        Outcome::Refuse => 2,
    }
}

#[test]
fn a_machine_is_never_allowed_what_an_agent_must_acknowledge() {
    let policy = Policy::builtin();
    for seed in 0..2_000 {
        let (facts, attempt) = random_file(&mut Dice::new(seed));
        let agent = Attempt {
            initiator: Initiator::Agent,
            acknowledged: Vec::new(),
            ..attempt.clone()
        };
        let machine = Attempt {
            initiator: Initiator::Automated,
            acknowledged: attempt.acknowledged.clone(),
            ..attempt
        };
        let agent = decide(&policy, &facts, &agent).outcome;
        let machine = decide(&policy, &facts, &machine).outcome;
        assert_ne!(machine, Outcome::Acknowledge, "seed {seed}");
        if agent != Outcome::Allow {
            assert_eq!(machine, Outcome::Refuse, "seed {seed}");
        }
    }
}

#[test]
fn acknowledging_every_rule_passes_no_block() {
    let policy = Policy::builtin();
    for seed in 0..2_000 {
        let (facts, mut attempt) = random_file(&mut Dice::new(seed));
        attempt.acknowledged.clear();
        let before = decide(&policy, &facts, &attempt).outcome;
        attempt.acknowledged = RuleId::ALL
            .into_iter()
            .map(|rule| forbear::gate::attempt::Acknowledgement {
                rule,
                evidence: None,
                by: None,
            })
            .collect();
        let after = decide(&policy, &facts, &attempt).outcome;
        match (before, attempt.initiator) {
            (Outcome::Acknowledge, Initiator::Agent) => assert_eq!(after, Outcome::Allow),
            (before, _) => assert_eq!(after, before, "seed {seed}"),
        }
    }
}

#[test]
fn a_record_replays_to_the_byte_and_its_json_reads_back() {
    let policy = Policy::builtin();
    for seed in 0..1_000 {
        let (facts, attempt) = random_file(&mut Dice::new(seed));
        let record = replay::record(&policy, &facts, &attempt).unwrap();
        let again = replay::replay(&policy, &record).unwrap();
        assert!(
            again.same,
            "seed {seed}:\n{}\n{}",
            record.decision, again.decision
        );
        let read: Decision = serde_json::from_str(&record.decision).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), record.decision);
        assert!(read.facts_digest.is_some());
    }
}

#[test]
fn a_record_of_another_policy_is_not_replayed() {
    let policy = Policy::builtin();
    let (facts, attempt) = random_file(&mut Dice::new(1));
    let mut record = replay::record(&policy, &facts, &attempt).unwrap();
    record.policy_version = forbear::gate::digest::Digest::of(b"another");
    assert!(matches!(
        replay::replay(&policy, &record),
        Err(replay::CannotReplay::OtherPolicy { .. })
    ));
}

#[test]
fn the_order_of_the_history_does_not_matter() {
    let policy = Policy::builtin();
    for seed in 0..1_000 {
        let (facts, attempt) = random_file(&mut Dice::new(seed));
        let mut reversed = facts.clone();
        reversed.history.reverse();
        let one = decide(&policy, &facts, &attempt);
        let other = decide(&policy, &reversed, &attempt);
        assert_eq!(one.outcome, other.outcome, "seed {seed}");
        assert_eq!(
            one.earliest_lawful_at, other.earliest_lawful_at,
            "seed {seed}"
        );
    }
}

#[test]
fn the_page_of_every_channel_agrees_with_the_single_questions() {
    let policy: Arc<Policy> = Policy::builtin();
    for seed in 0..500 {
        let (facts, attempt) = random_file(&mut Dice::new(seed));
        let debt = attempt.debt.clone().unwrap_or_default();
        let page = per_channel(
            &policy,
            &facts,
            &debt,
            attempt.at,
            Initiator::Agent,
            Warnings::Stand,
        );
        let by_number = facts
            .debtor
            .phones
            .iter()
            .filter(|phone| phone.belongs_to.is_none())
            .map(|phone| {
                let call = Attempt {
                    phone: Some(phone.number.clone()),
                    ..Attempt::new(attempt.at, forbear::gate::Channel::Call, debt.clone())
                };
                decide(&policy, &facts, &call).earliest_lawful_at
            });
        assert_eq!(page.call.at, by_number.flatten().min(), "seed {seed}");
    }
}

/// Dates at the ends of the calendar, empty lists, contradictory and absurd values.
#[test]
fn no_input_panics() {
    let policy = Policy::builtin();
    let ends = [
        i64::MIN,
        -62_135_596_800_000_000,
        0,
        253_402_300_799_000_000,
        i64::MAX,
    ];
    for seed in 0..1_000 {
        let mut dice = Dice::new(seed);
        let (mut facts, attempt) = random_file(&mut dice);
        for end in ends {
            let attempt = moved(&attempt, Instant::from_micros(end));
            let decision = decide(&policy, &facts, &attempt);
            assert!(end > 0 || !decision.is_allowed(), "no policy reaches {end}");
        }
        for contact in &mut facts.history {
            contact.at = Instant::from_micros(ends[usize::try_from(dice.below(5)).unwrap()]);
        }
        decide(&policy, &facts, &attempt);
        decide(&policy, &Facts::default(), &attempt);
    }
}
