//! Debtors who are on file already and of whom a later row tells that contact must stop.

use super::known::reach_of;
use super::subjects::{Stop, Subject};
use crate::actions::journal::JournalEntry;
use crate::actions::stops::{self, StopInput};
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::store::{attempts, calls, debtor_lock, sequences, stop_requests};

/// Locks the debtors on file that are about to be stopped, always in the same order, before
/// anything else is written.
pub(super) fn lock(tx: &mut Tx<'_>, creditor: CreditorId, subjects: &[Subject]) -> AppResult<()> {
    let mut ids: Vec<DebtorId> = subjects
        .iter()
        .filter(|subject| subject.was_on_file && !subject.new_flags.is_empty())
        .map(|subject| subject.id)
        .collect();
    ids.sort();
    for id in ids {
        debtor_lock::lock(tx.conn, creditor, id)?.ok_or(AppError::NotFound)?;
    }
    Ok(())
}

/// Undoes what is planned for a debtor on file whom a row stops. A cease goes the way of every
/// cease, by [`apply_cease`], and takes its flags with it.
pub(super) fn stop(tx: &mut Tx<'_>, creditor: CreditorId, subject: &mut Subject) -> AppResult<()> {
    if subject.stop.is_some() {
        let of_cease = FlagKind::of_scope(StopScope::All);
        subject
            .new_flags
            .retain(|flag| !of_cease.contains(&flag.kind));
    }
    let is_stopped = subject
        .new_reaches()
        .any(|reach| reach.stops_calls() || reach.stops_emails());
    if !is_stopped {
        return Ok(());
    }
    let epoch = debtor_lock::lock(tx.conn, creditor, subject.id)?.ok_or(AppError::NotFound)?;
    debtor_lock::begin_epoch(tx.conn, creditor, subject.id, epoch + 1)?;
    for flag in &subject.new_flags {
        let (reach, cause) = (reach_of(flag.kind), flag.kind.as_str());
        if reach.is_opt_out_of_email() {
            sequences::opt_out_of_debtor(tx.conn, creditor, subject.id, tx.now)?;
        } else if reach.stops_emails() {
            sequences::pause_of_debtor(tx.conn, creditor, subject.id, cause, tx.now)?;
        }
        if reach.stops_calls() {
            calls::cancel_of_debtor(tx.conn, creditor, subject.id, cause, tx.now)?;
        }
    }
    Ok(())
}

/// Applies a cease that a row tells of a debtor on file. It is effective at once if nothing is
/// starting: the debtor is locked, so nothing can begin.
pub(super) fn apply_cease(
    tx: &mut Tx<'_>,
    creditor: CreditorId,
    source: Medium,
    subject: &Subject,
) -> AppResult<Option<JournalEntry>> {
    let Some(Stop {
        request,
        received_at,
    }) = subject.stop.filter(|_| subject.was_on_file)
    else {
        return Ok(None);
    };
    let input = StopInput {
        creditor,
        debtor: subject.id,
        placement: None,
        scope: StopScope::All,
        via: source,
        requester: Requester::Debtor,
        words: None,
        // Taken for the stronger kind where the file doesn't say: 15 USC 1692c(c).
        in_writing: true,
        verified: true,
        received_at,
    };
    stops::apply(tx, request, &input)?;
    if attempts::count_starting(tx.conn, creditor, subject.id)? == 0 {
        stop_requests::set_effective(tx.conn, creditor, request, tx.now)?;
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::StopEffective)
                .debtor(subject.id)
                .body(serde_json::json!({"request": request})),
        )?;
    }
    Ok(Some(stops::journal_entry(request, &input)))
}
