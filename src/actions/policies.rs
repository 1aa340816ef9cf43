//! Which policy is in force. Each one ever used is kept by its version, so that a decision can be
//! made again under the law of its day.

use std::sync::Arc;

use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::audit_chain::Chain;
use crate::domain::event::EventKind;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::gate::Policy;
use crate::gate::policy::{PolicyError, PolicySource};
use crate::policies::InForce;
use crate::store::audit;
use crate::store::policies::{self, Activation, PolicyRow};

/// The policy to decide by: the one of the latest activation that this transaction sees. It is
/// parsed once in each process; afterwards asking costs one small read.
pub fn in_force(ctx: &Ctx, conn: &mut DbConn) -> AppResult<Arc<Policy>> {
    let known = ctx.policies.last_known();
    let Some(activation) = policies::in_force(conn)? else {
        return Ok(known.policy);
    };
    // A view of the database from before this process's latest activation decides by that one.
    if activation.seq <= known.activation {
        return Ok(known.policy);
    }
    let policy = if known.policy.version().to_string() == activation.version {
        known.policy
    } else {
        Arc::new(kept(conn, &activation.version)?)
    };
    ctx.policies.activate(InForce {
        activation: activation.seq,
        policy: Arc::clone(&policy),
    });
    Ok(policy)
}

/// [`in_force`] in a view of the database of its own.
pub fn current(ctx: &Ctx) -> AppResult<Arc<Policy>> {
    ctx.read(|conn| in_force(ctx, conn))
}

/// The policy of this version; the one in force where it isn't kept.
pub fn of_version(ctx: &Ctx, conn: &mut DbConn, version: &str) -> AppResult<Arc<Policy>> {
    let now = in_force(ctx, conn)?;
    if now.version().to_string() == version {
        return Ok(now);
    }
    match kept(conn, version) {
        Ok(policy) => Ok(Arc::new(policy)),
        Err(AppError::NotFound) => Ok(now),
        Err(error) => Err(error),
    }
}

/// A policy that is kept, read again.
///
/// # Errors
/// `NotFound` where none is kept under this version. One that this program can't read any more is
/// a fault: nothing may be decided by another.
pub fn kept(conn: &mut DbConn, version: &str) -> AppResult<Policy> {
    let row = policies::find(conn, version)?.ok_or(AppError::NotFound)?;
    source(&row)?
        .read()
        .map_err(|errors| AppError::internal(format!("policy {version}: {}", listed(&errors))))
}

fn source(row: &PolicyRow) -> AppResult<PolicySource> {
    Ok(serde_json::from_str(&row.content)?)
}

/// All errors of a policy on one line.
fn listed(errors: &[PolicyError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("; ")
}

/// Keeps the policy that came with the program, and puts it in force unless a person has chosen
/// another one. The policy in force is read once, so that a bad one stops the start.
pub fn open(ctx: &Ctx) -> AppResult<()> {
    let [federal, states, overlays] = Policy::builtin_sources();
    Policy::parse(federal, states, overlays).map_err(|errors| {
        AppError::internal(format!("the program's own policy: {}", listed(&errors)))
    })?;
    let builtin = Policy::builtin();
    ctx.write(&Actor::System("start"), |tx| {
        // Processes that start at once take turns here.
        audit::lock_head(tx.conn, &Chain::Platform.to_string())?;
        keep(tx, &builtin)?;
        let current = policies::in_force(tx.conn)?;
        let version = builtin.version().to_string();
        let is_outdated =
            |current: &Activation| current.origin == "program" && current.version != version;
        if current.as_ref().is_none_or(is_outdated) {
            put_in_force(tx, current.as_ref(), &builtin, "program")?;
        }
        Ok(())
    })?;
    let policy = ctx.read(|conn| in_force(ctx, conn))?;
    // Under other rules in code, the same files are another version.
    ctx.write(&Actor::System("start"), |tx| keep(tx, &policy))
}

/// Keeps a policy that a person brought, without putting it in force.
///
/// # Errors
/// `Invalid` with everything that is wrong with the files.
pub fn propose(ctx: &Ctx, actor: &Actor, source: &PolicySource) -> AppResult<Arc<Policy>> {
    let policy = source.read().map_err(|errors| {
        let mut all = FieldErrors::default();
        for error in errors {
            all.add("files", error.to_string());
        }
        AppError::Invalid(all)
    })?;
    let policy = Arc::new(policy);
    ctx.write(actor, |tx| keep(tx, &policy))?;
    Ok(policy)
}

/// Puts a kept policy in force. `seen` is the activation that the person compared it with.
///
/// # Errors
/// `NotFound` for a version that isn't kept, `Conflict` when another one was put in force since.
pub fn activate(ctx: &Ctx, actor: &Actor, version: &str, seen: i64) -> AppResult<()> {
    ctx.write(actor, |tx| {
        audit::lock_head(tx.conn, &Chain::Platform.to_string())?;
        let policy = kept(tx.conn, version)?;
        let current = policies::in_force(tx.conn)?;
        if current.as_ref().is_some_and(|it| it.version == version) {
            return Ok(());
        }
        if current.as_ref().map_or(0, |it| it.seq) != seen {
            return Err(AppError::Conflict(
                "Another policy was put in force since you opened this page. Compare again."
                    .to_owned(),
            ));
        }
        put_in_force(tx, current.as_ref(), &policy, "chosen")
    })
}

fn keep(tx: &mut Tx<'_>, policy: &Policy) -> AppResult<()> {
    let version = policy.version().to_string();
    if policies::is_kept(tx.conn, &version)? {
        return Ok(());
    }
    let row = PolicyRow {
        version,
        content: serde_json::to_string(&policy.source())?,
        activated_by: tx.actor.to_string(),
        activated_at: tx.now,
    };
    Ok(policies::insert(tx.conn, &row)?)
}

fn put_in_force(
    tx: &mut Tx<'_>,
    current: Option<&Activation>,
    policy: &Policy,
    origin: &str,
) -> AppResult<()> {
    let version = policy.version().to_string();
    let row = Activation {
        seq: current.map_or(0, |it| it.seq) + 1,
        version: version.clone(),
        origin: origin.to_owned(),
        activated_by: tx.actor.to_string(),
        activated_at: tx.now,
    };
    policies::insert_activation(tx.conn, &row)?;
    tx.record(
        NewEvent::of_platform(EventKind::PolicyActivated).body(json!({
            "activation": row.seq,
            "version": version,
            "version_before": current.map(|it| &it.version),
            "origin": origin,
        })),
    )?;
    Ok(())
}

/// The activation in force and its policy, for looking only; without one, the program's own.
pub fn look(conn: &mut DbConn) -> AppResult<(Option<Activation>, Arc<Policy>)> {
    match policies::in_force(conn)? {
        None => Ok((None, Policy::builtin())),
        Some(activation) => {
            let policy = kept(conn, &activation.version)?;
            Ok((Some(activation), Arc::new(policy)))
        }
    }
}
