//! The telephone.

mod twilio;

pub use twilio::TwilioDialer;

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::actions::authorize::{HandOffResult, Permit};
use crate::actions::unknowns::{Records, Sought};
use crate::domain::id::AttemptId;

/// Places calls. Takes the permit by value: one permit, one call.
pub trait Dialer: Send + Sync {
    /// Hands the call to the provider within the permit's time. Too late is a failure, not a call.
    fn place<'a>(&'a self, permit: Permit) -> Pin<Box<dyn Future<Output = Placed> + Send + 'a>>;

    /// Asks the provider to end a call that nobody has answered. True when the provider has
    /// answered, whatever it said: then it is not asked again.
    fn call_off<'a>(
        &'a self,
        _provider_ref: &'a str,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        // Who answers at once has nothing that still rings.
        Box::pin(async { true })
    }

    /// Asks the provider's records what became of a call.
    fn look_up<'a>(
        &'a self,
        _sought: &'a Sought,
    ) -> Pin<Box<dyn Future<Output = Records> + Send + 'a>> {
        Box::pin(async { Records::NoneKept })
    }
}

/// What came of handing a call over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub result: HandOffResult,
    /// Nobody's telephone rang.
    pub simulated: bool,
    /// What became of the call, where that is known at once: a word of the gate.
    pub outcome: Option<&'static str>,
    pub duration_seconds: Option<i32>,
}

impl Placed {
    /// By a real provider, which tells later how it ends.
    fn by_provider(result: HandOffResult) -> Self {
        Self {
            result,
            simulated: false,
            outcome: None,
            duration_seconds: None,
        }
    }
}

/// A dialer that reaches nobody, for the demo and for tests. Everything it does is labelled as
/// simulated.
#[derive(Debug, Default)]
pub struct SimulatedDialer {
    placed: Mutex<Vec<AttemptId>>,
}

impl SimulatedDialer {
    /// The attempts it was handed, in order.
    pub fn placed(&self) -> Vec<AttemptId> {
        self.placed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// How simulated calls end, in turn.
const OUTCOMES: [(&str, i32); 5] = [
    ("no-answer", 0),
    ("voicemail-no-message", 12),
    ("no-answer", 0),
    ("conversation", 184),
    ("busy", 0),
];

impl Dialer for SimulatedDialer {
    fn place<'a>(&'a self, permit: Permit) -> Pin<Box<dyn Future<Output = Placed> + Send + 'a>> {
        Box::pin(async move {
            if permit.time_left().is_none() {
                return Placed {
                    result: HandOffResult::Failed {
                        error: "too late to dial".to_owned(),
                    },
                    simulated: true,
                    outcome: None,
                    duration_seconds: None,
                };
            }
            let mut placed = self.placed.lock().unwrap_or_else(PoisonError::into_inner);
            let (outcome, seconds) = OUTCOMES[placed.len() % OUTCOMES.len()];
            placed.push(permit.attempt());
            Placed {
                result: HandOffResult::Started {
                    provider_ref: format!("simulated-{}", permit.attempt()),
                },
                simulated: true,
                outcome: Some(outcome),
                duration_seconds: Some(seconds),
            }
        })
    }
}
