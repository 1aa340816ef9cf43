//! How fast the gate decides: `cargo bench --bench gate`.
//!
//! The file is a plausible one: an address, two numbers, two debts, a stop on another channel and
//! twelve contacts of the last weeks.

use std::hint::black_box;

use divan::Bencher;
use divan::counter::ItemsCount;
use forbear::gate::attempt::Initiator;
use forbear::gate::next_contact::{Warnings, earliest, per_channel};
use forbear::gate::{Attempt, Decision, Facts, Policy, cases, counters, decide, decide_on_record};

fn main() {
    divan::main();
}

const ALLOWED: &str = r#"{"facts": {
  "debtor": {"state": "CA", "zip": "90001",
    "phones": [{"number": "+13105550142", "area_code": "310", "kind": "mobile",
                "dnc": [{"source": "federal", "added_at": "2020-01-01T00:00:00Z", "expires_at": "2025-01-01T00:00:00Z"}]},
               {"number": "+12135550143", "area_code": "213", "kind": "landline"}],
    "emails": [{"address": "pat@mail.example"}],
    "flags": {"email_opt_out": {"at": "2026-05-01T10:00:00Z"},
              "inconvenient": [{"type": "time", "days": ["Sat", "Sun"], "said_at": "2026-05-01T10:00:00Z"}]}},
  "debts": [{"id": "D1", "kind": "credit-card", "max_calls_per_week": 3, "validation": {"provided_on": "2026-03-03"}},
            {"id": "D2", "kind": "medical", "validation": {"provided_on": "2026-02-03"}}],
  "history": [
    {"at": "2026-04-01T17:00:00Z", "channel": "letter", "direction": "out", "outcome": "sent", "debt": "D1"},
    {"at": "2026-04-10T17:00:00Z", "channel": "call", "direction": "out", "outcome": "conversation", "debt": "D1"},
    {"at": "2026-04-20T17:00:00Z", "channel": "email", "direction": "out", "outcome": "sent", "debt": "D1"},
    {"at": "2026-04-22T17:00:00Z", "channel": "email", "direction": "in", "outcome": "received", "debt": "D1"},
    {"at": "2026-05-01T17:00:00Z", "channel": "call", "direction": "out", "outcome": "voicemail", "debt": "D1", "phone": "+13105550142"},
    {"at": "2026-05-03T17:00:00Z", "channel": "call", "direction": "out", "outcome": "no-answer", "debt": "D2", "phone": "+13105550142"},
    {"at": "2026-05-06T17:00:00Z", "channel": "call", "direction": "out", "outcome": "busy", "debt": "D1", "phone": "+13105550142"},
    {"at": "2026-05-07T17:00:00Z", "channel": "call", "direction": "out", "outcome": "no-answer", "debt": "D1", "phone": "+13105550142"},
    {"at": "2026-05-08T17:00:00Z", "channel": "call", "direction": "out", "outcome": "no-answer", "debt": "D1", "phone": "+12135550143"},
    {"at": "2026-05-10T17:00:00Z", "channel": "call", "direction": "out", "outcome": "voicemail", "debt": "D1", "phone": "+13105550142"},
    {"at": "2026-05-11T17:00:00Z", "channel": "call", "direction": "in", "outcome": "conversation", "debt": "D2"},
    {"at": "2026-05-11T18:00:00Z", "channel": "letter", "direction": "out", "outcome": "sent", "debt": "D2"}],
  "attempt": {"at": "2026-05-12T18:00:00Z", "channel": "call", "debt": "D1", "phone": "+13105550142"}}}"#;

struct File {
    policy: std::sync::Arc<Policy>,
    facts: Facts,
    attempt: Attempt,
}

fn file() -> File {
    let case = cases::Case::parse(ALLOWED).unwrap_or_else(|error| unreachable!("{error}"));
    File {
        policy: Policy::builtin(),
        facts: case.facts,
        attempt: case.attempt,
    }
}

/// The same file at night, a day after a conversation.
fn refused_file() -> File {
    let mut file = file();
    file.attempt.at = file.attempt.at.plus(chrono::Duration::hours(12));
    file.attempt.debt = Some("D2".to_owned());
    file
}

/// As [`file`], with a history many times as long.
fn long_file(contacts: usize) -> File {
    let mut file = file();
    let history = file.facts.history.clone();
    file.facts.history = history.into_iter().cycle().take(contacts).collect();
    for (index, contact) in file.facts.history.iter_mut().enumerate() {
        let days = i64::try_from(index).unwrap_or(0);
        contact.at = file.attempt.at.minus(chrono::Duration::days(days));
    }
    file
}

fn decision(file: &File) -> Decision {
    decide(
        black_box(&file.policy),
        black_box(&file.facts),
        black_box(&file.attempt),
    )
}

#[divan::bench]
fn decide_allowed(bencher: Bencher<'_, '_>) {
    let file = file();
    assert!(decision(&file).is_allowed());
    bencher.bench_local(|| decision(&file));
}

#[divan::bench]
fn decide_refused_with_reasons_and_earliest(bencher: Bencher<'_, '_>) {
    let file = refused_file();
    assert!(!decision(&file).is_allowed());
    bencher.bench_local(|| decision(&file));
}

#[divan::bench]
fn decide_with_digest(bencher: Bencher<'_, '_>) {
    let file = file();
    bencher.bench_local(|| decide_on_record(&file.policy, &file.facts, &file.attempt));
}

#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn decide_by_length_of_history(bencher: Bencher<'_, '_>, contacts: usize) {
    let file = long_file(contacts);
    bencher.bench_local(|| decision(&file));
}

#[divan::bench]
fn earliest_instant_of_a_refused_call(bencher: Bencher<'_, '_>) {
    let file = refused_file();
    bencher.bench_local(|| earliest(&file.policy, &file.facts, &file.attempt, Warnings::Stand));
}

/// What a list page asks for each of its rows.
#[divan::bench]
fn earliest_per_channel(bencher: Bencher<'_, '_>) {
    let file = refused_file();
    let at = file.attempt.at;
    bencher.bench_local(|| {
        per_channel(
            &file.policy,
            &file.facts,
            "D2",
            at,
            Initiator::Agent,
            Warnings::Stand,
        )
    });
}

#[divan::bench]
fn counters_of_one_debt(bencher: Bencher<'_, '_>) {
    let file = file();
    bencher.bench_local(|| counters(&file.policy, &file.facts, "D1", file.attempt.at));
}

/// The scheduler's question: a hundred thousand candidates on two threads, half of them refused.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn a_hundred_thousand_candidates_on_two_threads(bencher: Bencher<'_, '_>) {
    const CANDIDATES: usize = 100_000;
    let files = [file(), refused_file()];
    bencher
        .counter(ItemsCount::new(CANDIDATES))
        .bench_local(|| {
            std::thread::scope(|scope| {
                let run = |_| {
                    let files = &files;
                    scope.spawn(move || {
                        let pairs = (0..CANDIDATES / 4).flat_map(|_| files);
                        pairs.filter(|file| decision(file).is_allowed()).count()
                    })
                };
                let threads: Vec<_> = (0..2).map(run).collect();
                let joined = threads.into_iter().map(|thread| thread.join().unwrap_or(0));
                joined.sum::<usize>()
            })
        });
}
