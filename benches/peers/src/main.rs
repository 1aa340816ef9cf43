//! Forbear's gate, Cedar and Regorus deciding the same cases, and first checked to agree on them:
//!
//!     cargo run --release --manifest-path benches/peers/Cargo.toml
//!
//! The peers have thirteen rules. Forbear evaluates all of its rules, works out the time zones, the
//! local times and the counts itself, words every reason and finds the next lawful moment. What the
//! peers can't do is done for them before the clock runs.

mod cases;
mod cedar;
mod rego;

// The gate's own files, so that the rest of the program need not be built for this.
#[allow(dead_code)]
mod domain;
#[allow(dead_code, unused_imports)]
#[path = "../../../src/gate/mod.rs"]
mod gate;

use std::hint::black_box;
use std::time::{Duration, Instant};

use cases::{Case, reasons};
use cedar::Cedar;
use gate::{Outcome, Policy, decide};
use rego::Rego;

/// Cases that are checked and timed.
const CASES: u64 = 2_000;

/// How often all of them are decided; the first round warms up.
const ROUNDS: usize = 25;

fn main() {
    let policy = Policy::builtin();
    let cedar = Cedar::new();
    let mut raw = Rego::new("gate", include_str!("gate.rego"));
    let mut ready = Rego::new("ready", include_str!("ready.rego"));
    let cases: Vec<Case> = (0..CASES).map(|seed| cases::case(seed, None)).collect();

    let requests: Vec<_> = cases
        .iter()
        .map(|case| cedar.request(&case.ready))
        .collect();
    let raw_inputs: Vec<_> = cases.iter().map(|case| Rego::input(&case.raw)).collect();
    let ready_inputs: Vec<_> = cases
        .iter()
        .map(|case| Rego::input(&case.ready.json()))
        .collect();

    let (mut allowed, mut given) = (0, 0);
    for (index, case) in cases.iter().enumerate() {
        let decision = decide(&policy, &case.facts, &case.attempt);
        let ours = reasons(&decision);
        assert_eq!(
            decision.outcome == Outcome::Allow,
            ours.is_empty(),
            "case {index}"
        );
        let response = cedar.decide(&requests[index]);
        let is_allowed = response.decision() == cedar_policy::Decision::Allow;
        assert_eq!(is_allowed, ours.is_empty(), "case {index}: Cedar");
        // An answer that allows names the permit, which has no id of ours.
        assert_eq!(cedar.reasons(&response), ours, "case {index}: Cedar");
        for (form, answer) in [
            ("machine", raw.run(&raw_inputs[index])),
            ("interpreter", raw.interpret(&raw_inputs[index])),
            ("machine, ready facts", ready.run(&ready_inputs[index])),
            (
                "interpreter, ready facts",
                ready.interpret(&ready_inputs[index]),
            ),
        ] {
            assert_eq!(
                Rego::reasons(&answer),
                ours,
                "case {index}: Regorus, {form}"
            );
        }
        allowed += usize::from(is_allowed);
        given += ours.len();
    }
    println!(
        "{CASES} cases, the same answers with the same reasons by all: {allowed} allowed, {given} reasons\n"
    );

    println!("| who | facts | median | p99 | to Forbear |");
    println!("|---|---|---|---|---|");
    let ours = time(&cases, |index| {
        black_box(decide(
            black_box(&policy),
            black_box(&cases[index].facts),
            black_box(&cases[index].attempt),
        ));
    });
    row(
        "Forbear, all rules, reasons, next lawful moment",
        "as they are",
        &ours,
        &ours,
    );
    let times = time(&cases, |index| {
        black_box(cedar.decide(black_box(&requests[index])));
    });
    row("Cedar", "worked out before", &times, &ours);
    let times = time(&cases, |index| {
        black_box(ready.run(black_box(&ready_inputs[index])));
    });
    row(
        "Regorus, virtual machine",
        "worked out before",
        &times,
        &ours,
    );
    let times = time(&cases, |index| {
        black_box(ready.interpret(black_box(&ready_inputs[index])));
    });
    row("Regorus, interpreter", "worked out before", &times, &ours);
    let times = time(&cases, |index| {
        black_box(raw.run(black_box(&raw_inputs[index])));
    });
    row("Regorus, virtual machine", "as they are", &times, &ours);
    let times = time(&cases, |index| {
        black_box(raw.interpret(black_box(&raw_inputs[index])));
    });
    row("Regorus, interpreter", "as they are", &times, &ours);

    // Of Forbear alone: what is allowed, and what is refused with reasons and a next moment.
    let of = |allow: bool| -> Vec<&Case> {
        cases
            .iter()
            .filter(|case| {
                (decide(&policy, &case.facts, &case.attempt).outcome == Outcome::Allow) == allow
            })
            .collect()
    };
    for (what, some) in [("allowed", of(true)), ("refused", of(false))] {
        let times = time(&some, |index| {
            black_box(decide(&policy, &some[index].facts, &some[index].attempt));
        });
        row(
            &format!("Forbear, {what} alone"),
            "as they are",
            &times,
            &ours,
        );
    }

    println!("\n| contacts in the history | Forbear | a contact | Regorus, virtual machine |");
    println!("|---|---|---|---|");
    for contacts in [10_usize, 100, 1_000, 10_000] {
        let long: Vec<Case> = (0..20)
            .map(|seed| cases::case(seed, Some(contacts)))
            .collect();
        let inputs: Vec<_> = long.iter().map(|case| Rego::input(&case.raw)).collect();
        let mine = median(&time(&long, |index| {
            black_box(decide(&policy, &long[index].facts, &long[index].attempt));
        }));
        let theirs = median(&time(&long, |index| {
            black_box(raw.run(black_box(&inputs[index])));
        }));
        println!(
            "| {contacts} | {} | {:.1} ns | {} |",
            words(mine),
            mine.as_nanos() as f64 / contacts as f64,
            words(theirs)
        );
    }
}

/// The time of each decision of all rounds but the first, in order of length.
fn time<T>(cases: &[T], mut decide: impl FnMut(usize)) -> Vec<Duration> {
    let mut times = Vec::with_capacity(cases.len() * ROUNDS);
    for round in 0..=ROUNDS {
        for index in 0..cases.len() {
            let start = Instant::now();
            decide(index);
            let took = start.elapsed();
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.sort_unstable();
    times
}

fn median(times: &[Duration]) -> Duration {
    times[times.len() / 2]
}

fn row(who: &str, facts: &str, times: &[Duration], ours: &[Duration]) {
    let factor = median(times).as_secs_f64() / median(ours).as_secs_f64();
    println!(
        "| {who} | {facts} | {} | {} | {factor:.1} |",
        words(median(times)),
        words(times[times.len() * 99 / 100]),
    );
}

fn words(time: Duration) -> String {
    let nanos = time.as_nanos() as f64;
    if nanos < 10_000.0 {
        format!("{:.2} µs", nanos / 1_000.0)
    } else if nanos < 1e6 {
        format!("{:.1} µs", nanos / 1_000.0)
    } else {
        format!("{:.1} ms", nanos / 1e6)
    }
}
