//! Who did something, by name where the reader may know it.

use std::collections::HashMap;

use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::error::AppResult;
use crate::store::users;

/// The names behind actors' texts.
#[derive(Debug, Default)]
pub struct People {
    names: HashMap<UserId, (String, bool)>,
    /// The reader belongs to a creditor: staff of the agency are not named to it.
    hide_staff: bool,
}

impl People {
    /// Looks up everyone among these actors.
    pub fn load<'a>(
        conn: &mut DbConn,
        actors: impl Iterator<Item = &'a str>,
        hide_staff: bool,
    ) -> AppResult<Self> {
        let mut ids: Vec<UserId> = actors
            .filter_map(|text| match text.parse() {
                Ok(Actor::User(id)) => Some(id),
                Ok(Actor::ApiKey(_) | Actor::Debtor(_) | Actor::Anonymous | Actor::System(_))
                | Err(_) => None,
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let names = if ids.is_empty() {
            HashMap::new()
        } else {
            users::names(conn, &ids)?
                .into_iter()
                .map(|(id, name, is_staff)| (id, (name, is_staff)))
                .collect()
        };
        Ok(Self { names, hide_staff })
    }

    pub fn name(&self, actor: &str) -> String {
        match actor.parse() {
            Ok(Actor::User(id)) => match self.names.get(&id) {
                Some((_, true)) if self.hide_staff => "Agency staff".to_owned(),
                Some((name, _)) => name.clone(),
                None => "A former user".to_owned(),
            },
            Ok(Actor::ApiKey(_)) => "API key".to_owned(),
            Ok(Actor::Debtor(_)) => "Debtor".to_owned(),
            Ok(Actor::Anonymous) => "Somebody who gave no name".to_owned(),
            Ok(Actor::System(part)) => match part {
                "worker" => "Scheduler",
                "import" => "Import",
                "journal" => "Stop journal",
                "cli" => "Operator",
                _ => "Forbear",
            }
            .to_owned(),
            Err(_) => "Forbear".to_owned(),
        }
    }
}
