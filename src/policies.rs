//! The policy in force, shared by all threads of the process.

use std::sync::{Arc, PoisonError, RwLock};

use crate::gate::Policy;

/// Holds the policy that this process decides by, and the number of its activation; a newer one
/// takes effect with the next decision.
#[derive(Debug, Clone)]
pub struct Policies(Arc<RwLock<InForce>>);

/// A policy and the activation that put it in force; 0 is the one that came with the program,
/// before any is recorded.
#[derive(Debug, Clone)]
pub struct InForce {
    pub activation: i64,
    pub policy: Arc<Policy>,
}

impl Policies {
    pub fn new(policy: Arc<Policy>) -> Self {
        Self(Arc::new(RwLock::new(InForce {
            activation: 0,
            policy,
        })))
    }

    /// What this process decided by last. What is in force by now is for the database to say.
    pub fn last_known(&self) -> InForce {
        // A thread that died while it swapped two values has left them whole.
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes over a newer activation; an older one changes nothing.
    pub fn activate(&self, newer: InForce) {
        let mut slot = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if newer.activation > slot.activation {
            *slot = newer;
        }
    }
}
