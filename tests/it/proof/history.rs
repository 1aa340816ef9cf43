//! What happened, checked afterwards by rules that know nothing of how the program works: the
//! providers' notes, the acknowledgements, the attempts with their epochs, and the order of commits.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant as Monotonic;

use diesel::prelude::*;
use forbear::db::schema::{attempts, audit_events, stop_requests};
use forbear::domain::id::{AttemptId, DebtorId};

use super::world::Start;
use crate::support::TestApp;

/// A stop that was acknowledged, and when.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    pub debtor: DebtorId,
    pub at: Monotonic,
}

/// An attempt, as the database has it.
#[derive(Debug, Clone)]
struct Attempted {
    id: AttemptId,
    debtor: DebtorId,
    /// The call, or the step of the series.
    what: String,
    epoch: i64,
    status: String,
}

/// Everything that is known of a run.
#[derive(Debug, Default)]
pub struct History {
    starts: Vec<Start>,
    acknowledged: Vec<Acknowledged>,
    attempts: Vec<Attempted>,
    /// The first stop of each debtor, and the epoch that began with it. None was lifted.
    stops: Vec<(DebtorId, i64)>,
    /// Of each debtor, in the order in which the audit chain has them: what was committed.
    commits: Vec<(DebtorId, String)>,
}

impl History {
    pub fn of(app: &TestApp, starts: Vec<Start>, acknowledged: Vec<Acknowledged>) -> Self {
        app.rows(|conn| {
            let rows: Vec<(
                AttemptId,
                DebtorId,
                Option<String>,
                Option<String>,
                Option<i32>,
                i64,
                String,
            )> = attempts::table
                .select((
                    attempts::id,
                    attempts::debtor_id,
                    attempts::call_id,
                    attempts::sequence_id,
                    attempts::step,
                    attempts::contact_epoch,
                    attempts::status,
                ))
                .load(conn)?;
            let attempts = rows
                .into_iter()
                .map(
                    |(id, debtor, call, series, step, epoch, status)| Attempted {
                        id,
                        debtor,
                        what: format!("{call:?} {series:?} {step:?}"),
                        epoch,
                        status,
                    },
                )
                .collect();
            let stops: Vec<(DebtorId, Option<i64>)> = stop_requests::table
                .group_by(stop_requests::debtor_id)
                .select((
                    stop_requests::debtor_id,
                    diesel::dsl::min(stop_requests::contact_epoch),
                ))
                .load(conn)?;
            let commits: Vec<(Option<DebtorId>, String)> = audit_events::table
                .filter(audit_events::kind.eq_any(["contact.authorised", "debtor.stop_requested"]))
                .order((audit_events::chain, audit_events::seq))
                .select((audit_events::debtor_id, audit_events::kind))
                .load(conn)?;
            Ok(Self {
                starts,
                acknowledged,
                attempts,
                stops: stops
                    .into_iter()
                    .filter_map(|(debtor, epoch)| Some((debtor, epoch?)))
                    .collect(),
                commits: commits
                    .into_iter()
                    .filter_map(|(debtor, kind)| Some((debtor?, kind)))
                    .collect(),
            })
        })
    }

    /// How many attempts ended in this way.
    pub fn ended(&self, status: &str) -> usize {
        let of_status = |attempt: &&Attempted| attempt.status == status;
        self.attempts.iter().filter(of_status).count()
    }

    /// Debtors who were reached before their stop was acknowledged.
    pub fn reached_before(&self) -> usize {
        let debtors = self.debtors();
        self.acknowledged
            .iter()
            .filter(|stop| {
                self.starts.iter().any(|start| {
                    debtors.get(&start.attempt) == Some(&stop.debtor) && start.at < stop.at
                })
            })
            .count()
    }

    fn debtors(&self) -> HashMap<AttemptId, DebtorId> {
        self.attempts
            .iter()
            .map(|attempt| (attempt.id, attempt.debtor))
            .collect()
    }

    /// Every breach of a promise, in words.
    pub fn breaches(&self) -> Vec<String> {
        let mut found = self.late();
        found.extend(self.doubled());
        found.extend(self.of_a_later_epoch());
        found.extend(self.committed_after_a_stop());
        found
    }

    fn late(&self) -> Vec<String> {
        let debtors = self.debtors();
        let mut found = Vec::new();
        for start in &self.starts {
            let Some(debtor) = debtors.get(&start.attempt) else {
                found.push(format!(
                    "{} reached a provider without a fence",
                    start.attempt
                ));
                continue;
            };
            for stop in self.acknowledged.iter().filter(|it| it.debtor == *debtor) {
                if start.at > stop.at {
                    let late = start.at - stop.at;
                    found.push(format!("{} is {late:?} late for {debtor}", start.attempt));
                }
            }
        }
        found
    }

    fn doubled(&self) -> Vec<String> {
        let what: HashMap<AttemptId, &str> = self
            .attempts
            .iter()
            .map(|attempt| (attempt.id, attempt.what.as_str()))
            .collect();
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for start in &self.starts {
            if let Some(what) = what.get(&start.attempt) {
                *times.entry(what).or_default() += 1;
            }
        }
        times
            .into_iter()
            .filter(|(_, times)| *times > 1)
            .map(|(what, times)| format!("{what} reached a provider {times} times"))
            .collect()
    }

    fn of_a_later_epoch(&self) -> Vec<String> {
        let stops: HashMap<DebtorId, i64> = self.stops.iter().copied().collect();
        self.attempts
            .iter()
            .filter_map(|attempt| {
                let stop = stops.get(&attempt.debtor)?;
                (attempt.epoch >= *stop).then(|| {
                    let epoch = attempt.epoch;
                    format!("{} is of epoch {epoch}, its stop of {stop}", attempt.id)
                })
            })
            .collect()
    }

    fn committed_after_a_stop(&self) -> Vec<String> {
        let mut stopped = HashSet::new();
        let mut found = Vec::new();
        for (debtor, kind) in &self.commits {
            if kind == "debtor.stop_requested" {
                stopped.insert(debtor);
            } else if stopped.contains(debtor) {
                found.push(format!("{debtor}: {kind} was committed after a stop"));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use forbear::domain::time::Instant;

    use super::*;

    /// One debtor who was called, then asked for a stop that was acknowledged.
    fn good() -> History {
        let now = Instant::from_micros(1_764_000_000_000_000);
        let (debtor, id) = (DebtorId::generate(now), AttemptId::generate(now));
        let began = Monotonic::now();
        History {
            starts: vec![Start {
                at: began,
                attempt: id,
            }],
            acknowledged: vec![Acknowledged {
                debtor,
                at: began + Duration::from_millis(1),
            }],
            attempts: vec![Attempted {
                id,
                debtor,
                what: "a call".to_owned(),
                epoch: 0,
                status: "started".to_owned(),
            }],
            stops: vec![(debtor, 1)],
            commits: vec![
                (debtor, "contact.authorised".to_owned()),
                (debtor, "debtor.stop_requested".to_owned()),
            ],
        }
    }

    #[test]
    fn each_breach_is_found_and_nothing_else_is() {
        assert_eq!(good().breaches(), Vec::<String>::new());
        assert_eq!(good().reached_before(), 1);
        let breaks: [fn(&mut History); 5] = [
            |it| it.starts[0].at += Duration::from_secs(1),
            |it| it.starts.push(it.starts[0].clone()),
            |it| it.attempts.clear(),
            |it| it.attempts[0].epoch = 1,
            |it| it.commits.reverse(),
        ];
        for (n, breaks) in breaks.into_iter().enumerate() {
            let mut history = good();
            breaks(&mut history);
            assert_eq!(history.breaches().len(), 1, "{n}: {history:?}");
        }
    }
}
