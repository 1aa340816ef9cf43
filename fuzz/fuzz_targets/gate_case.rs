//! Any text as a case: no panic, and the earliest lawful moment is lawful.

#![no_main]

use std::sync::{Arc, LazyLock};

use forbear::gate::cases::Case;
use forbear::gate::{Attempt, Policy, decide_on_record};
use libfuzzer_sys::fuzz_target;

static POLICY: LazyLock<Arc<Policy>> = LazyLock::new(Policy::builtin);

fuzz_target!(|text: &str| {
    let Ok(case) = Case::parse(text) else { return };
    let decision = decide_on_record(&POLICY, &case.facts, &case.attempt);
    serde_json::to_string(&decision).expect("a decision is JSON");
    match decision.earliest_lawful_at {
        None => assert!(
            decision.never_clears.is_some(),
            "no moment, and no rule that never clears"
        ),
        Some(at) => {
            let attempt = Attempt {
                at,
                ..case.attempt.clone()
            };
            let then = decide_on_record(&POLICY, &case.facts, &attempt);
            assert!(then.is_allowed(), "refused at its earliest lawful moment");
        }
    }
    case.run(&POLICY);
});
