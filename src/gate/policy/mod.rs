//! The law and the product's own limits as data: effective-dated, cited, reviewed.
//!
//! The rules are code, a closed set of predicates; the numbers, lists and dates they read come
//! from three files in `config/compliance`. A policy that can't be read whole is refused whole,
//! with every error named by file and entry.

mod cap;
mod diff;
mod entry;
mod read;
mod source;
mod switch;
mod values;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use serde::Serialize;

use super::digest::Digest;
use super::locality::Places;
use crate::domain::place::StateCode;

pub use cap::{Cap, CapPer, CapPlace, Counted};
pub use diff::{Change, Changed, diff};
pub use entry::{Confidence, Dated, Entry, PolicyEntry};
pub use read::PolicyError;
pub use source::PolicySource;
pub use values::{
    AiDisclosure, CallCount, ClockOfState, Federal, Hours, LandlinePrerecorded, LimitationYears,
    MiniMiranda, NamedCap, Overlay, RapidCalls, State, ValidationTimes,
};

const FEDERAL: &str = include_str!("../../../config/compliance/federal.json");
const STATES: &str = include_str!("../../../config/compliance/states.json");
const OVERLAYS: &str = include_str!("../../../config/compliance/overlays.json");

/// Counts up whenever the meaning of a rule in code changes, so that the version tells two
/// programs apart which read the same files differently.
pub(in crate::gate) const RULES_REVISION: u32 = 1;

/// One whole policy.
#[derive(Debug)]
pub struct Policy {
    pub federal: Federal,
    /// By [`StateCode::index`].
    states: Vec<Option<Box<State>>>,
    pub overlays: Vec<Overlay>,
    entries: Vec<PolicyEntry>,
    /// Days on which some entry begins or ends to apply.
    changes: Vec<NaiveDate>,
    version: Digest,
    /// The three files without spaces and with sorted keys.
    canonical: [String; 3],
}

impl Policy {
    /// The policy of the binary. Were it unreadable it would be empty, and every contact refused
    /// as a gap; a test reads it.
    pub fn builtin() -> Arc<Self> {
        static BUILTIN: LazyLock<Arc<Policy>> = LazyLock::new(|| {
            Arc::new(Policy::parse(FEDERAL, STATES, OVERLAYS).unwrap_or_else(|_| Policy::empty()))
        });
        Arc::clone(&BUILTIN)
    }

    /// The three files of the binary as text, in the order of [`Policy::parse`].
    pub const fn builtin_sources() -> [&'static str; 3] {
        [FEDERAL, STATES, OVERLAYS]
    }

    /// Reads and checks the texts of `federal.json`, `states.json` and `overlays.json`.
    ///
    /// # Errors
    /// Everything that is wrong: unknown keys, missing citations, overlapping dates, unknown
    /// zones, wrong values; each with its file and entry.
    pub fn parse(federal: &str, states: &str, overlays: &str) -> Result<Self, Vec<PolicyError>> {
        read::policy(federal, states, overlays)
    }

    /// A policy that answers for no place and no date.
    fn empty() -> Self {
        Self::assemble(
            Federal::default(),
            vec![None; StateCode::INDEXES],
            Vec::new(),
            Vec::new(),
            Default::default(),
        )
    }

    fn assemble(
        federal: Federal,
        states: Vec<Option<Box<State>>>,
        overlays: Vec<Overlay>,
        entries: Vec<PolicyEntry>,
        canonical: [String; 3],
    ) -> Self {
        let changes: BTreeSet<NaiveDate> = entries
            .iter()
            .filter(|entry| entry.enabled)
            .flat_map(|entry| {
                let after = entry.effective_until.and_then(|until| until.succ_opt());
                entry.effective_from.into_iter().chain(after)
            })
            .collect();
        let mut content = format!("forbear-rules {RULES_REVISION}\n");
        for part in canonical.iter().map(String::as_str).chain(Places::source()) {
            content.push_str(&Digest::of(part.as_bytes()).to_string());
            content.push('\n');
        }
        Self {
            federal,
            states,
            overlays,
            entries,
            changes: changes.into_iter().collect(),
            version: Digest::of(content.as_bytes()),
            canonical,
        }
    }

    /// The hash of everything that can change a decision: the three files (whatever their
    /// spacing and order of keys), the tables of places, and the revision of the rules.
    pub const fn version(&self) -> Digest {
        self.version
    }

    /// The policy of a state, district or territory.
    pub fn state(&self, code: StateCode) -> Option<&State> {
        self.states.get(code.index())?.as_deref()
    }

    /// Every state, district and territory, by code.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.states.iter().flatten().map(Box::as_ref)
    }

    /// Every entry of the three files, in their order.
    pub fn entries(&self) -> &[PolicyEntry] {
        &self.entries
    }

    /// The first day after `date` on which some entry begins or ends to apply.
    pub(crate) fn next_change(&self, date: NaiveDate) -> Option<NaiveDate> {
        let next = self.changes.partition_point(|change| *change <= date);
        self.changes.get(next).copied()
    }

    /// What `forbear policy check` prints and the settings page shows.
    pub fn summary(&self) -> Summary {
        let count = |keep: fn(&PolicyEntry) -> bool| {
            self.entries.iter().filter(|entry| keep(entry)).count()
        };
        Summary {
            version: self.version,
            entries: self.entries.len(),
            jurisdictions: self.states().count(),
            overlays: self.overlays.len(),
            switched_off: count(|entry| !entry.enabled),
            beyond_seed: count(|entry| entry.beyond_seed && entry.enabled),
            not_reviewed_by_counsel: count(|entry| entry.counsel_reviewed_at.is_none()),
        }
    }
}

/// Figures about a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub version: Digest,
    pub entries: usize,
    pub jurisdictions: usize,
    pub overlays: usize,
    pub switched_off: usize,
    /// Entries in force that the product's seed documents did not name.
    pub beyond_seed: usize,
    pub not_reviewed_by_counsel: usize,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "policy {}", self.version)?;
        writeln!(
            f,
            "{} entries for {} jurisdictions and {} overlays",
            self.entries, self.jurisdictions, self.overlays
        )?;
        writeln!(f, "{} beyond the seeds in force", self.beyond_seed)?;
        writeln!(f, "{} switched off", self.switched_off)?;
        write!(
            f,
            "{} not reviewed by counsel",
            self.not_reviewed_by_counsel
        )
    }
}
