//! The policy in force, shared by all threads of the process.

use std::sync::{Arc, RwLock};

use crate::gate::Policy;

/// Holds the active policy; a newer one takes effect with the next decision.
#[derive(Debug, Clone)]
pub struct Policies(Arc<RwLock<Arc<Policy>>>);

impl Policies {
    pub fn new(policy: Arc<Policy>) -> Self {
        Self(Arc::new(RwLock::new(policy)))
    }

    pub fn active(&self) -> Arc<Policy> {
        // A thread that died while it swapped two pointers has left one of them whole.
        match self.0.read() {
            Ok(policy) => Arc::clone(&policy),
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        }
    }

    pub fn activate(&self, policy: Arc<Policy>) {
        match self.0.write() {
            Ok(mut slot) => *slot = policy,
            Err(poisoned) => *poisoned.into_inner() = policy,
        }
    }
}
