//! What must hold for every value and not only for the examples we thought of. A failure prints
//! the smallest case found, and keeps it in `proptest-regressions/` beside the source.

mod audit_chain;
mod ids_and_instants;
mod money;
mod phone;

use proptest::prelude::ProptestConfig;

/// Enough to meet the corners; the whole of the laws takes about two seconds.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        ..ProptestConfig::default()
    }
}
