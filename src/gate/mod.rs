//! The compliance gate: may this contact be made, and if not, why and until when.
//!
//! [`decide`] is a pure, total function of a policy, the facts on file and one intended contact.
//! It reads no clock and no database, evaluates every rule every time, and refuses when it can't
//! tell.

// A new value of an enum must be thought about in every rule.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod attempt;
mod calendar;
pub mod cases;
pub mod counters;
mod decide;
pub mod decision;
pub mod digest;
pub mod facts;
mod findings;
mod inquiry;
mod lenient;
pub mod locality;
pub mod next_contact;
pub mod policy;
pub mod replay;
pub mod rules;
pub mod when;
mod windows;
mod words;

pub use attempt::Attempt;
pub use counters::{Counters, counters};
pub use decide::{decide, decide_on_record, decide_on_stored};
pub use decision::{Decision, Finding, Outcome, Severity};
pub use facts::{Channel, Facts};
pub use policy::Policy;
pub use rules::RuleId;
