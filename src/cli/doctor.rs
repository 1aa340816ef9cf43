//! `forbear doctor`: looks over an installation and changes nothing.

use std::fmt;

use chrono::Duration;

use super::{CliError, clock, say};
use crate::actions::heartbeat::SILENT_AFTER;
use crate::actions::journal::StopJournal;
use crate::actions::journal_check;
use crate::actions::policies;
use crate::config::{AtRest, Config, Switch};
use crate::db::Db;
use crate::domain::audit_chain::Chain;
use crate::domain::event::EventKind;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::Policy;
use crate::start;
use crate::store::processes::{self, Process};
use crate::store::{audit, health};

/// Less free than this, and the database will soon not be able to store a stop.
const LEAST_FREE: u64 = 512 * 1024 * 1024;
const LITTLE_FREE: u64 = 4 * LEAST_FREE;

/// The national registry may be no older (16 CFR 310.4(b)(3)(iv)).
const REGISTRY_DAYS: i64 = 31;

/// A policy that nobody has reviewed for so long may not be the law any more.
const POLICY_DAYS: i64 = 180;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok  ",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        })
    }
}

/// What was looked at, so far.
#[derive(Default)]
struct Findings {
    warnings: usize,
    failures: usize,
}

impl Findings {
    fn tell(&mut self, what: &str, verdict: Verdict, text: impl fmt::Display) {
        match verdict {
            Verdict::Ok => {}
            Verdict::Warn => self.warnings += 1,
            Verdict::Fail => self.failures += 1,
        }
        say(&format!("{verdict}  {what}: {text}"));
    }

    fn tell_of(&mut self, what: &str, found: AppResult<(Verdict, String)>) {
        match found {
            Ok((verdict, text)) => self.tell(what, verdict, text),
            Err(error) => self.tell(what, Verdict::Fail, error),
        }
    }
}

pub fn run(config: &Config) -> Result<(), CliError> {
    let mut findings = Findings::default();
    findings.tell("settings", Verdict::Ok, "every key is known");
    agency(config, &mut findings);
    at_rest(config, &mut findings);
    disk(config, &mut findings);
    match start::look(config) {
        Err(error) => findings.tell("database", Verdict::Fail, error),
        Ok(looking) => {
            findings.tell(
                "database",
                Verdict::Ok,
                "it answers, and its schema is current",
            );
            let (db, now) = (&looking.db, clock().now());
            findings.tell_of("durability", durability(db));
            findings.tell_of("clock", clock_is_sane(db, now));
            findings.tell_of("stop journal", journal(config, db));
            findings.tell_of("policy", policy(db, now));
            findings.tell_of("do-not-call registry", registry(db, now));
            workers(config, db, now, &mut findings);
            let keys = if looking.keys.is_some() {
                (Verdict::Ok, "it is there".to_owned())
            } else {
                (
                    Verdict::Warn,
                    "none has been made yet; serve makes one".to_owned(),
                )
            };
            findings.tell_of("secret", Ok(keys));
        }
    }
    say(&format!(
        "{} warnings, {} failures",
        findings.warnings, findings.failures
    ));
    if findings.failures > 0 {
        return Err(CliError::Told);
    }
    Ok(())
}

fn agency(config: &Config, findings: &mut Findings) {
    if start::agency(config).is_known() {
        findings.tell("agency", Verdict::Ok, "debtors can see who is asking");
    } else {
        findings.tell(
            "agency",
            Verdict::Warn,
            "agency_name, agency_address and agency_phone are not all set: there are no portal links",
        );
    }
}

fn at_rest(config: &Config, findings: &mut Findings) {
    match config.at_rest {
        AtRest::Volume => {
            findings.tell("disk encryption", Verdict::Ok, "declared for the volume");
        }
        AtRest::None => findings.tell(
            "disk encryption",
            Verdict::Warn,
            "none is declared (setting at_rest)",
        ),
    }
}

#[cfg(unix)]
fn disk(config: &Config, findings: &mut Findings) {
    let free = match rustix::fs::statvfs(&config.data) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(error) => {
            let folder = config.data.display();
            findings.tell("disk space", Verdict::Fail, format!("{folder}: {error}"));
            return;
        }
    };
    let verdict = match free {
        0..LEAST_FREE => Verdict::Fail,
        LEAST_FREE..LITTLE_FREE => Verdict::Warn,
        _ => Verdict::Ok,
    };
    findings.tell(
        "disk space",
        verdict,
        format!("{} MB free", free / 1_048_576),
    );
}

#[cfg(not(unix))]
fn disk(_: &Config, findings: &mut Findings) {
    findings.tell("disk space", Verdict::Warn, "not known on this system");
}

fn durability(db: &Db) -> AppResult<(Verdict, String)> {
    let settings = db.read(|conn| health::durability(conn).map_err(AppError::from))?;
    let words: Vec<String> = settings
        .iter()
        .map(|found| format!("{} = {}", found.setting, found.value))
        .collect();
    let verdict = if settings.iter().all(|found| found.is_safe) {
        Verdict::Ok
    } else {
        Verdict::Fail
    };
    Ok((verdict, words.join(", ")))
}

/// No event was recorded in the future.
fn clock_is_sane(db: &Db, now: Instant) -> AppResult<(Verdict, String)> {
    let platform = Chain::Platform.to_string();
    let last = db.read(|conn| audit::latest_at(conn, &platform).map_err(AppError::from))?;
    Ok(match last {
        Some(last) if last > now.plus(Duration::minutes(1)) => (
            Verdict::Fail,
            format!("it is {now} here, but an event was recorded at {last}"),
        ),
        _ => (Verdict::Ok, format!("{now}")),
    })
}

/// Every stop that the journal knows is in the database.
fn journal(config: &Config, db: &Db) -> AppResult<(Verdict, String)> {
    let Some(contents) = StopJournal::look(&config.data).map_err(AppError::internal)? else {
        let any = db.read(|conn| health::any_stop(conn).map_err(AppError::from))?;
        return Ok(if any {
            let text = "the database knows of stops, but there is no journal of them";
            (Verdict::Fail, text.to_owned())
        } else {
            (
                Verdict::Warn,
                "none has been made yet; serve makes one".to_owned(),
            )
        });
    };
    if !contents.damaged_lines.is_empty() {
        let lines = format!("lines {:?} can't be read", contents.damaged_lines);
        return Ok((Verdict::Fail, lines));
    }
    let total = contents.entries.len();
    let missing = db.read(|conn| -> AppResult<usize> {
        let mut missing = 0;
        for entry in &contents.entries {
            missing += usize::from(!journal_check::is_known(conn, entry)?);
        }
        Ok(missing)
    })?;
    Ok(if missing == 0 {
        (Verdict::Ok, format!("{total} stops, all in the database"))
    } else {
        let text = format!(
            "{missing} of {total} stops are not in the database; the next start applies them"
        );
        (Verdict::Fail, text)
    })
}

fn policy(db: &Db, now: Instant) -> AppResult<(Verdict, String)> {
    let (activation, policy) = db.read(policies::look)?;
    let reviewed = policy
        .entries()
        .iter()
        .filter_map(|entry| entry.reviewed_at);
    let version = policy.version().to_string();
    let short = version.get(..12).unwrap_or_default();
    let since = match &activation {
        Some(activation) => format!("{short} in force since {}", activation.activated_at),
        None => format!("{short}, which came with the program"),
    };
    let Some(last) = reviewed.max() else {
        return Ok((
            Verdict::Warn,
            format!("{since}; no entry says when it was reviewed"),
        ));
    };
    let days = now
        .to_utc()
        .date_naive()
        .signed_duration_since(last)
        .num_days();
    let verdict = if days > POLICY_DAYS || is_unreviewed(&policy) {
        Verdict::Warn
    } else {
        Verdict::Ok
    };
    let counsel = policy.summary().not_reviewed_by_counsel;
    Ok((
        verdict,
        format!("{since}; last reviewed on {last}; {counsel} entries not reviewed by counsel"),
    ))
}

fn is_unreviewed(policy: &Policy) -> bool {
    policy.summary().not_reviewed_by_counsel > 0
}

fn registry(db: &Db, now: Instant) -> AppResult<(Verdict, String)> {
    let kind = EventKind::DncListLoaded.as_str();
    let last = db.read(|conn| health::last_on_platform(conn, kind).map_err(AppError::from))?;
    Ok(match last {
        None => (Verdict::Warn, "no list was ever loaded".to_owned()),
        Some(last) => {
            let days = now.since(last).num_days();
            let verdict = if days > REGISTRY_DAYS {
                Verdict::Warn
            } else {
                Verdict::Ok
            };
            (verdict, format!("last loaded {days} days ago"))
        }
    })
}

fn workers(config: &Config, db: &Db, now: Instant, findings: &mut Findings) {
    let found =
        db.read(|conn| -> AppResult<_> { Ok((processes::all(conn)?, processes::loops(conn)?)) });
    let (running, loops) = match found {
        Ok((all, loops)) => {
            let is_running =
                |it: &Process| it.stopped_at.is_none() && it.seen_at.plus(SILENT_AFTER) >= now;
            let running: Vec<Process> = all.into_iter().filter(is_running).collect();
            (running, loops)
        }
        Err(error) => return findings.tell("workers", Verdict::Fail, error),
    };
    if running.is_empty() {
        let hint = match config.workers {
            Switch::On => "no process runs them now",
            Switch::Off => "no process runs them now, and they are off here: run forbear worker",
        };
        findings.tell("workers", Verdict::Warn, hint);
    }
    for row in loops {
        if !running.iter().any(|process| process.id == row.process) {
            continue;
        }
        let what = format!("worker {}", row.name);
        if row.failures > 0 {
            let text = format!("its last {} turns failed", row.failures);
            findings.tell(&what, Verdict::Fail, text);
        } else {
            let text = format!("last turn at {}", row.last_turn_at);
            findings.tell(&what, Verdict::Ok, text);
        }
    }
}
