//! How the system stands: policy, do-not-call lists, workers, audit trail, stop journal, disk.

use chrono::Duration;

use crate::actions::ctx::Ctx;
use crate::db::DbConn;
use crate::domain::access::Capability;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::Policy;
use crate::store::{desk_home, operations, verifications};
use crate::web::access::SignedIn;
use crate::web::dashboard::dnc_in_force::InForce;
use crate::web::dashboard::stop_journal;
use crate::web::filters;
use crate::web::view::compliance::SystemLine;
use crate::web::view::part::{Tone, When};

/// Work that waits for longer is behind.
const ON_TIME: Duration = Duration::minutes(5);

pub fn lines(
    ctx: &Ctx,
    conn: &mut DbConn,
    policy: &Policy,
    user: &SignedIn,
    now: Instant,
) -> AppResult<Vec<SystemLine>> {
    Ok(vec![
        policy_line(policy),
        lists(conn, user, now)?,
        workers(conn, user, now)?,
        trail(conn, now)?,
        journal(ctx, user),
        disk(ctx),
    ])
}

fn policy_line(policy: &Policy) -> SystemLine {
    let entries = policy.entries();
    let reviewed = entries.iter().filter_map(|entry| entry.reviewed_at).max();
    let by_counsel = entries
        .iter()
        .filter(|entry| entry.counsel_reviewed_at.is_some())
        .count();
    let reviewed = reviewed.map_or_else(
        || "not reviewed".to_owned(),
        |day| format!("last reviewed {}", day.format("%-d %b %Y")),
    );
    let version: String = policy.version().to_string().chars().take(8).collect();
    SystemLine {
        label: "Policy",
        value: format!(
            "{} values, {reviewed}; {by_counsel} reviewed by counsel. Version {version}",
            filters::with_commas(&entries.len().to_string())
        ),
        tone: Tone::Success,
        verdict: "Active",
        href: Some("/rules"),
    }
}

fn lists(conn: &mut DbConn, user: &SignedIn, now: Instant) -> AppResult<SystemLine> {
    let in_force = InForce::load(conn)?;
    let (tone, verdict) = if in_force.is_empty() {
        (Tone::Warning, "Missing")
    } else if in_force.is_stale(now) {
        (Tone::Warning, "Older than 31 days")
    } else {
        (Tone::Success, "Fresh")
    };
    Ok(SystemLine {
        label: "Do-not-call lists",
        value: in_force.sentence(user, now),
        tone,
        verdict,
        href: Some("/dnc"),
    })
}

fn workers(conn: &mut DbConn, user: &SignedIn, now: Instant) -> AppResult<SystemLine> {
    let queues = [
        operations::mails(conn, now)?,
        operations::webhooks(conn, now)?,
        operations::planned_calls(conn, now)?,
        operations::imports(conn)?,
    ];
    let waiting = queues.iter().filter_map(|queue| queue.oldest).min();
    let is_behind = waiting.is_some_and(|since| now.since(since) > ON_TIME);
    Ok(SystemLine {
        label: "Workers",
        value: waiting.map_or_else(
            || "Nothing waits".to_owned(),
            |since| format!("The oldest work was due {}", ago(since, now)),
        ),
        tone: if is_behind {
            Tone::Warning
        } else {
            Tone::Success
        },
        verdict: if is_behind { "Behind" } else { "On time" },
        href: user.can(Capability::Administer).then_some("/operations"),
    })
}

fn trail(conn: &mut DbConn, now: Instant) -> AppResult<SystemLine> {
    let (chains, events, signed) = desk_home::audit_state(conn)?;
    let counts = format!(
        "{} events in {chains} chains",
        filters::with_commas(&events.to_string())
    );
    let is_broken = verifications::chains(conn)?
        .iter()
        .any(|chain| chain.finding.is_some());
    let (value, tone, verdict) = match signed {
        _ if is_broken => (
            format!("{counts}; an event is not as it was written"),
            Tone::Danger,
            "Broken",
        ),
        Some(at) => (
            format!("{counts}, signed {}", ago(at, now)),
            Tone::Success,
            "Signed",
        ),
        None => (counts, Tone::Neutral, "Not signed yet"),
    };
    Ok(SystemLine {
        label: "Audit trail",
        value,
        tone,
        verdict,
        href: None,
    })
}

fn journal(ctx: &Ctx, user: &SignedIn) -> SystemLine {
    let is_compared = ctx.journal.is_compared();
    let is_missing = ctx.journal.outcome().is_some_and(|it| !it.is_whole());
    let (value, tone, verdict) = if is_compared {
        (
            "Every stop in the journal is in the database",
            Tone::Success,
            "Whole",
        )
    } else if is_missing {
        (
            "Stops may be missing: nothing is dialled or sent until somebody signs that off",
            Tone::Danger,
            "Stops missing",
        )
    } else {
        (
            "Not compared with the database yet: until then nothing is dialled or sent",
            Tone::Danger,
            "Not compared",
        )
    };
    let may_sign = is_missing && user.can(Capability::SignOffJournal);
    SystemLine {
        label: "Stop journal",
        value: value.to_owned(),
        tone,
        verdict,
        href: may_sign.then_some(stop_journal::HERE),
    }
}

fn disk(ctx: &Ctx) -> SystemLine {
    let declared = ctx.is_encrypted_at_rest;
    SystemLine {
        label: "Encryption at rest",
        value: if declared {
            "The operator declares that the disk is encrypted"
        } else {
            "The operator has not declared that the disk is encrypted"
        }
        .to_owned(),
        tone: if declared {
            Tone::Success
        } else {
            Tone::Warning
        },
        verdict: if declared { "Declared" } else { "Not declared" },
        href: None,
    }
}

fn ago(at: Instant, now: Instant) -> String {
    When::new(at, chrono_tz::UTC, now).relative
}
