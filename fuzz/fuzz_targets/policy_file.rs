//! Any text as one file of the policy, beside the program's own other two: an error or a policy
//! that decides, never a panic.

#![no_main]

use forbear::gate::{Policy, cases};
use libfuzzer_sys::fuzz_target;

const CASE: &str = include_str!("../seeds/gate_case/hours-conflict.json");

fuzz_target!(|text: &str| {
    let [federal, states, overlays] = Policy::builtin_sources();
    let read = if text.contains("\"states\"") {
        Policy::parse(federal, text, overlays)
    } else if text.contains("\"overlays\"") {
        Policy::parse(federal, states, text)
    } else {
        Policy::parse(text, states, overlays)
    };
    match read {
        Ok(policy) => {
            cases::check(&policy, CASE).expect("the seed is a case");
        }
        Err(errors) => assert!(!errors.is_empty(), "refused without a reason"),
    }
});
