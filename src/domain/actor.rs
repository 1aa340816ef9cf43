//! Who did something: written on every row of the trail.

use std::fmt;
use std::str::FromStr;

use super::id::{ApiKeyId, DebtorId, UserId};

/// The one who acts. Stored as `user:ID`, `key:ID`, `debtor:ID`, `voice:ID`, `system:worker`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    User(UserId),
    ApiKey(ApiKeyId),
    /// The debtor, in the portal or by a message.
    Debtor(DebtorId),
    /// Somebody who gave no proof of who they are, and needed none: a stop from an unknown sender.
    Anonymous,
    /// The program itself, by the name of its part: `worker`, `import`, `demo`, `journal`, `cli`, `start`.
    System(&'static str),
}

/// The text names no actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an actor")]
pub struct NotAnActor;

/// The parts of the program that act on their own.
const PARTS: &[&str] = &["worker", "import", "demo", "journal", "cli", "start"];

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::ApiKey(id) => write!(f, "key:{id}"),
            Self::Debtor(id) => write!(f, "debtor:{id}"),
            Self::Anonymous => f.write_str("anonymous"),
            Self::System(part) => write!(f, "system:{part}"),
        }
    }
}

impl FromStr for Actor {
    type Err = NotAnActor;

    fn from_str(text: &str) -> Result<Self, NotAnActor> {
        if text == "anonymous" {
            return Ok(Self::Anonymous);
        }
        let (kind, name) = text.split_once(':').ok_or(NotAnActor)?;
        match kind {
            "user" => name.parse().map(Self::User).map_err(|_| NotAnActor),
            "key" => name.parse().map(Self::ApiKey).map_err(|_| NotAnActor),
            "debtor" => name.parse().map(Self::Debtor).map_err(|_| NotAnActor),
            "system" => PARTS
                .iter()
                .find(|part| **part == name)
                .map(|part| Self::System(part))
                .ok_or(NotAnActor),
            _ => Err(NotAnActor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;

    #[test]
    fn every_actor_reads_back_from_its_text() {
        let now = Instant::from_micros(0);
        for actor in [
            Actor::User(UserId::generate(now)),
            Actor::ApiKey(ApiKeyId::generate(now)),
            Actor::Debtor(DebtorId::generate(now)),
            Actor::Anonymous,
            Actor::System("worker"),
        ] {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        assert_eq!("system:nobody".parse::<Actor>(), Err(NotAnActor));
    }
}
