//! The rows of debtors: made together, written together.

use serde_json::json;

use super::known::event_of;
use super::subjects::Subject;
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::consent::{ConsentKind, GivenTo};
use crate::domain::event::EventKind;
use crate::domain::id::{ConsentId, CreditorId, DebtorId, EmailId, FlagId, PhoneId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::keys::random_code;
use crate::store::consents::{self, Consent};
use crate::store::placing::{
    self as store, DebtorRow, EmailRow, FlagRow, PhoneRow, StopRequestRow,
};

/// The evidence for a consent that a creditor tells of: the file it came with is kept.
const CREDITORS_WORD: &str = "The creditor\u{2019}s file says that the person agreed to automated calls on this number that day.";

/// Rows to be written together.
pub(super) struct NewRows {
    creditor: CreditorId,
    source: Medium,
    now: Instant,
    actor: String,
    debtors: Vec<DebtorRow>,
    phones: Vec<PhoneRow>,
    emails: Vec<EmailRow>,
    flags: Vec<FlagRow>,
    stops: Vec<StopRequestRow>,
    consents: Vec<Consent>,
}

impl NewRows {
    pub fn new(tx: &Tx<'_>, creditor: CreditorId, source: Medium) -> Self {
        Self {
            creditor,
            source,
            now: tx.now,
            actor: tx.actor.to_string(),
            debtors: Vec::new(),
            phones: Vec::new(),
            emails: Vec::new(),
            flags: Vec::new(),
            stops: Vec::new(),
            consents: Vec::new(),
        }
    }

    /// The stop with which a new debtor begins, and the epoch that follows from it. Nothing can
    /// be starting yet, so it is effective at once.
    pub fn stop(&mut self, subject: &mut Subject) -> AppResult<()> {
        let is_stopped = subject
            .new_reaches()
            .any(|reach| reach.stops_calls() || reach.stops_emails());
        if let Some(row) = &mut subject.row {
            row.contact_epoch = i64::from(is_stopped);
        }
        let Some(stop) = subject.stop else {
            return Ok(());
        };
        self.stops.push(StopRequestRow {
            creditor_id: self.creditor,
            id: stop.request,
            debtor_id: subject.id,
            reference: random_code(8)?,
            scope: StopScope::All,
            via: self.source,
            requester: Requester::Debtor,
            // Taken for the stronger kind where the file doesn't say: 15 USC 1692c(c).
            in_writing: true,
            verified: true,
            recorded_by: self.actor.clone(),
            contact_epoch: 1,
            received_at: stop.received_at,
            honoured_at: self.now,
            effective_at: Some(self.now),
        });
        Ok(())
    }

    /// The debtor's own row, numbers, addresses and flags, as far as they are new.
    pub fn add(&mut self, subject: &mut Subject) {
        let (creditor_id, debtor_id, created_at) = (self.creditor, subject.id, self.now);
        self.debtors.extend(subject.row.take());
        let new_phones = subject.phones.iter().filter_map(|phone| {
            Some(PhoneRow {
                creditor_id,
                id: PhoneId::generate(created_at),
                debtor_id,
                number: phone.number,
                kind: phone.new_kind?,
                created_at,
            })
        });
        self.phones.extend(new_phones);
        let new_emails = subject.emails.iter().filter(|email| email.is_new);
        self.emails.extend(new_emails.map(|email| EmailRow {
            creditor_id,
            id: EmailId::generate(created_at),
            debtor_id,
            address: email.address.clone(),
            kind: if email.is_employers {
                "employer"
            } else {
                "personal"
            },
            created_at,
        }));
        for phone in &subject.phones {
            for at in &phone.new_consents {
                let consent = self.consent(subject.id, phone.number, *at);
                self.consents.push(consent);
            }
        }
        for flag in &subject.new_flags {
            self.flags.push(FlagRow {
                creditor_id,
                id: FlagId::generate(created_at),
                debtor_id,
                kind: flag.kind,
                detail: flag.detail.to_string(),
                source: self.source,
                verified: true,
                stop_request_id: subject
                    .stop
                    .filter(|_| is_of_cease(flag.kind))
                    .map(|stop| stop.request),
                set_by: self.actor.clone(),
                received_at: flag.received_at,
                set_at: created_at,
            });
        }
    }

    fn consent(&self, debtor: DebtorId, number: PhoneNumber, at: Instant) -> Consent {
        Consent {
            creditor_id: self.creditor,
            id: ConsentId::generate(self.now),
            debtor_id: debtor,
            placement_id: None,
            kind: ConsentKind::Autodial,
            number: Some(number),
            detail: "{}".to_owned(),
            evidence: CREDITORS_WORD.to_owned(),
            given_to: GivenTo::Creditor,
            received_at: at,
            through_on: None,
            revoked_at: None,
            recorded_by: self.actor.clone(),
            created_at: self.now,
            via: self.source,
            address: None,
            reference: None,
            revoked_by: None,
            revoked_via: None,
            revoked_words: None,
            revocation_reference: None,
            revocation_recorded_at: None,
        }
    }

    pub fn write(&self, tx: &mut Tx<'_>) -> AppResult<()> {
        store::insert_debtors(tx.conn, &self.debtors)?;
        store::insert_phones(tx.conn, &self.phones)?;
        store::insert_emails(tx.conn, &self.emails)?;
        store::insert_stop_requests(tx.conn, &self.stops)?;
        store::insert_flags(tx.conn, &self.flags)?;
        consents::insert_all(tx.conn, &self.consents)?;
        Ok(())
    }
}

/// Appends the stop of a new debtor to the audit chain, and the flags that follow from it.
pub(super) fn record(
    tx: &mut Tx<'_>,
    creditor: CreditorId,
    source: Medium,
    subject: &Subject,
) -> AppResult<()> {
    let stop = subject.stop.filter(|_| !subject.was_on_file);
    let request = match stop {
        Some(stop) => Some(
            tx.record(
                NewEvent::of_creditor(creditor, EventKind::StopRequested)
                    .debtor(subject.id)
                    .body(json!({
                        "request": stop.request,
                        "scope": StopScope::All.as_str(),
                        "via": source.as_str(),
                        "received_at": stop.received_at,
                    })),
            )?,
        ),
        None => None,
    };
    for phone in &subject.phones {
        for at in &phone.new_consents {
            tx.record(
                NewEvent::of_creditor(creditor, EventKind::ConsentGranted)
                    .debtor(subject.id)
                    .body(json!({
                        "kind": ConsentKind::Autodial.as_str(),
                        "via": source.as_str(),
                        "given_to": GivenTo::Creditor.as_str(),
                        "received_at": at,
                    }))
                    .detail(json!({"words": CREDITORS_WORD, "number": phone.number})),
            )?;
        }
    }
    for flag in &subject.new_flags {
        let mut event = NewEvent::of_creditor(creditor, event_of(flag.kind))
            .debtor(subject.id)
            .body(json!({"flag": flag.kind.as_str(), "source": source.as_str()}));
        event.cause = request.filter(|_| is_of_cease(flag.kind));
        tx.record(event)?;
    }
    Ok(())
}

/// Whether a cease sets this flag.
fn is_of_cease(kind: FlagKind) -> bool {
    FlagKind::of_scope(StopScope::All).contains(&kind)
}
