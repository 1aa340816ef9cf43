//! A policy as it is kept and sent: whole, so that a decision can be made again anywhere.

use serde::{Deserialize, Serialize};

use super::{Policy, PolicyError, RULES_REVISION};
use crate::gate::digest::Digest;
use crate::gate::locality::Places;

/// The three files of a policy, and which program read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySource {
    /// Counts up whenever the meaning of a rule in code changes.
    pub rules_revision: u32,
    /// The tables of area codes and ZIP codes that the program carries.
    pub places: Digest,
    /// The text of `federal.json`.
    pub federal: String,
    /// The text of `states.json`.
    pub states: String,
    /// The text of `overlays.json`.
    pub overlays: String,
}

impl PolicySource {
    /// Three files as this program reads them.
    pub fn of_files(federal: String, states: String, overlays: String) -> Self {
        Self {
            rules_revision: RULES_REVISION,
            places: places(),
            federal,
            states,
            overlays,
        }
    }

    /// Reads and checks the files.
    ///
    /// # Errors
    /// Everything that is wrong with them, by file and entry.
    pub fn read(&self) -> Result<Policy, Vec<PolicyError>> {
        Policy::parse(&self.federal, &self.states, &self.overlays)
    }

    /// Why this program makes another version of the same files; nothing where it doesn't.
    pub fn other_program(&self) -> Option<String> {
        if self.rules_revision != RULES_REVISION {
            return Some(format!(
                "it was made by rules of revision {}, and this program has revision {RULES_REVISION}; \
                 replay it with the program of that day",
                self.rules_revision
            ));
        }
        (self.places != places()).then(|| {
            "it was made with other tables of area codes and ZIP codes than this program carries; \
             replay it with the program of that day"
                .to_owned()
        })
    }
}

impl Policy {
    /// The policy as it is kept, its files without spaces and with sorted keys.
    pub fn source(&self) -> PolicySource {
        let [federal, states, overlays] = self.canonical.clone();
        PolicySource::of_files(federal, states, overlays)
    }
}

fn places() -> Digest {
    Digest::of(Places::source().concat().as_bytes())
}
