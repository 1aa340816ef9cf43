//! Checking the audit chains, and writing them out for others to check.

use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::db::Db;
use crate::domain::audit_verify::{Break, Head, Row, Verifier};
use crate::domain::checkpoint::Checkpoint;
use crate::error::{AppError, AppResult};
use crate::store::audit::{self, Page};

/// Events read at a time. A chain may be longer than the memory is large.
const STEP: i64 = 1_000;

/// What walking a chain from its first event to its end found.
pub type Found = Result<Head, Break>;

/// Walks one chain, a thousand events at a time: every hash is computed again, the end is compared
/// with the head that is kept apart, and with what checkpoints say of it. `on_events` is told
/// after each step how many more events were looked at.
pub fn verify(
    db: &Db,
    chain: &str,
    signed: &[Head],
    mut on_events: impl FnMut(i64) -> AppResult<()>,
) -> AppResult<Found> {
    let mut verifier = verifier(chain, signed);
    let mut after = i64::MIN;
    loop {
        let (page, kept) = page_of(db, chain, after)?;
        let read = i64::try_from(page.rows.len()).unwrap_or(i64::MAX);
        for row in page.rows {
            after = row.seq;
            if let Err(broken) = verifier.feed(row) {
                return Ok(Err(broken));
            }
        }
        if page.unreadable {
            return Ok(Err(verifier.unreadable()));
        }
        on_events(read)?;
        // The chain only grows, so an end and a head of one view belong together.
        if read < STEP {
            return Ok(verifier.finish(&kept));
        }
    }
}

fn verifier(chain: &str, signed: &[Head]) -> Verifier {
    signed
        .iter()
        .cloned()
        .fold(Verifier::new(chain), Verifier::with_signed)
}

/// The next rows, and the head as it is kept in the same view of the database.
fn page_of(db: &Db, chain: &str, after: i64) -> AppResult<(Page, Head)> {
    db.read(|conn| {
        let page = audit::rows_after(conn, chain, after, STEP)?;
        let kept = audit::head(conn, chain)?.map_or_else(Head::empty, |kept| Head {
            length: kept.length,
            hash: kept.head,
        });
        Ok((page, kept))
    })
}

/// The names of all chains: one for each creditor, and the platform's own; and those a checkpoint
/// names, of which nothing may be left.
pub fn chains(db: &Db, checkpoints: &[Checkpoint]) -> AppResult<Vec<String>> {
    let mut chains = db.read(|conn| -> AppResult<_> { Ok(audit::chains(conn)?) })?;
    let signed = checkpoints.iter().flat_map(|it| it.chains.iter());
    chains.extend(signed.map(|(chain, _)| chain.clone()));
    chains.sort_unstable();
    chains.dedup();
    Ok(chains)
}

/// What checkpoints say of a chain.
pub fn signed_of(checkpoints: &[Checkpoint], chain: &str) -> Vec<Head> {
    checkpoints
        .iter()
        .filter_map(|it| it.of_chain(chain).cloned())
        .collect()
}

/// The last line of a chain in an export: the end that is kept for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndLine {
    end: ChainEnd,
}

/// How long a chain is and the hash it ends in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChainEnd {
    chain: String,
    length: i64,
    hash: String,
}

/// Writes chains as lines of JSON: each event with all that is hashed, and after a chain's last
/// event its end. Returns how many events there were.
///
/// # Errors
/// `Conflict` for an event that can't be read at all.
pub fn export(db: &Db, chains: &[String], out: &mut impl Write) -> AppResult<i64> {
    let mut events = 0;
    for chain in chains {
        let mut after = i64::MIN;
        loop {
            let (page, kept) = page_of(db, chain, after)?;
            let read = i64::try_from(page.rows.len()).unwrap_or(i64::MAX);
            for row in &page.rows {
                after = row.seq;
                write_line(out, row)?;
            }
            if page.unreadable {
                return Err(AppError::Conflict(format!(
                    "The event after {after} of chain {chain} can't be read. Verify the chains."
                )));
            }
            events += read;
            if read < STEP {
                let end = ChainEnd {
                    chain: chain.clone(),
                    length: kept.length,
                    hash: kept.hash,
                };
                write_line(out, &EndLine { end })?;
                break;
            }
        }
    }
    out.flush().map_err(AppError::internal)?;
    Ok(events)
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> AppResult<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n").map_err(AppError::internal)
}

/// Checks an export as [`verify`] checks the database. Returns what was found of each chain that
/// it holds, in its order; with checkpoints also of those that it lacks.
///
/// # Errors
/// `Invalid` for a line that is neither an event nor an end, or a chain without an end.
pub fn verify_export(
    lines: impl Iterator<Item = std::io::Result<String>>,
    checkpoints: &[Checkpoint],
) -> AppResult<Vec<(String, Found)>> {
    let mut found: Vec<(String, Found)> = Vec::new();
    let mut current: Option<Walk> = None;
    for (number, line) in (1_u64..).zip(lines) {
        let line = line.map_err(AppError::internal)?;
        match read_line(number, &line)? {
            Line::Event(row) => {
                let mut walk = current
                    .take()
                    .unwrap_or_else(|| Walk::new(&row.chain, checkpoints));
                walk.feed(*row);
                current = Some(walk);
            }
            Line::End(end) => {
                let walk = current
                    .take()
                    .unwrap_or_else(|| Walk::new(&end.chain, checkpoints));
                found.push(walk.finish(&end));
            }
        }
    }
    if let Some(walk) = current {
        let text = format!("The export breaks off inside chain {}.", walk.chain);
        return Err(AppError::invalid("file", text));
    }
    for (chain, _) in checkpoints.iter().flat_map(|it| &it.chains) {
        if found.iter().all(|(known, _)| known != chain) {
            let end = ChainEnd {
                chain: chain.clone(),
                length: 0,
                hash: Head::empty().hash,
            };
            found.push(Walk::new(chain, checkpoints).finish(&end));
        }
    }
    Ok(found)
}

/// One line of an export.
enum Line {
    Event(Box<Row>),
    End(ChainEnd),
}

fn read_line(number: u64, line: &str) -> AppResult<Line> {
    let read = if line.starts_with("{\"end\"") {
        serde_json::from_str(line).map(|line: EndLine| Line::End(line.end))
    } else {
        serde_json::from_str(line).map(Line::Event)
    };
    read.map_err(|error| {
        AppError::invalid(
            "file",
            format!("Line {number} is not of an export: {error}."),
        )
    })
}

/// One chain of an export while it is read.
struct Walk {
    chain: String,
    verifier: Verifier,
    broken: Option<Break>,
}

impl Walk {
    fn new(chain: &str, checkpoints: &[Checkpoint]) -> Self {
        Self {
            chain: chain.to_owned(),
            verifier: verifier(chain, &signed_of(checkpoints, chain)),
            broken: None,
        }
    }

    fn feed(&mut self, row: Row) {
        if self.broken.is_none() {
            self.broken = self.verifier.feed(row).err();
        }
    }

    fn finish(self, end: &ChainEnd) -> (String, Found) {
        let kept = Head {
            length: end.length,
            hash: end.hash.clone(),
        };
        let result = match self.broken {
            Some(broken) => Err(broken),
            None => self.verifier.finish(&kept),
        };
        (self.chain, result)
    }
}
