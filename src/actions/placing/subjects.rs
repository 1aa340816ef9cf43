//! The debtors of the accounts being placed: found again by the creditor's own number or by name
//! and address, or made; with everything the rows say of them put together.

use std::collections::HashMap;

use serde_json::json;

use super::debtor::{AddressKey, NewDebtor};
use super::known::{NewFlag, Reach, event_of, reach_of};
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, EmailId, FlagId, PhoneId, StopRequestId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::keys::random_code;
use crate::store::placing::{self as store, DebtorRow, EmailRow, FlagRow, PhoneRow};

/// One debtor, with what is on file and what the rows add.
#[derive(Debug)]
pub(super) struct Subject {
    pub id: DebtorId,
    /// The row to insert, for a debtor that was not on file.
    row: Option<DebtorRow>,
    phones: Vec<Phone>,
    emails: Vec<Email>,
    /// In force already, or about to be.
    pub flags: Vec<FlagKind>,
    new_flags: Vec<NewFlag>,
    stop: Option<StopRequestId>,
    paused_sequences: usize,
    cancelled_calls: usize,
}

#[derive(Debug)]
struct Phone {
    number: PhoneNumber,
    is_work: bool,
    /// The kind to store it with, when it is not on file.
    new_kind: Option<&'static str>,
}

#[derive(Debug)]
pub(super) struct Email {
    address: String,
    is_employers: bool,
    pub opted_out: bool,
    is_new: bool,
}

impl Subject {
    fn on_file(id: DebtorId) -> Self {
        Self {
            id,
            row: None,
            phones: Vec::new(),
            emails: Vec::new(),
            flags: Vec::new(),
            new_flags: Vec::new(),
            stop: None,
            paused_sequences: 0,
            cancelled_calls: 0,
        }
    }

    pub fn is_reachable(&self) -> bool {
        !self.phones.is_empty() || !self.emails.is_empty()
    }

    /// The first number that is not the one at work; the one at work where there is no other.
    pub fn number_to_call(&self) -> Option<PhoneNumber> {
        let own = self.phones.iter().find(|phone| !phone.is_work);
        let at_work = !self.flags.contains(&FlagKind::WorkplaceProhibited);
        own.or_else(|| self.phones.first().filter(|_| at_work))
            .map(|phone| phone.number)
    }

    /// The debtor's own addresses; never an employer's, where others may read along.
    pub fn addresses_to_write_to(&self) -> Vec<&Email> {
        self.emails
            .iter()
            .filter(|email| !email.is_employers)
            .collect()
    }

    /// Adds what one row says; what is known already is not doubled.
    fn learn(&mut self, now: Instant, source: Medium, debtor: &NewDebtor) {
        for phone in &debtor.phones {
            if self.phones.iter().all(|known| known.number != phone.number) {
                self.phones.push(Phone {
                    number: phone.number,
                    is_work: phone.kind == "work",
                    new_kind: Some(phone.kind),
                });
            }
        }
        for email in &debtor.emails {
            let address = email.address.to_lowercase();
            if self.emails.iter().all(|known| known.address != address) {
                self.emails.push(Email {
                    address,
                    is_employers: email.is_employers,
                    opted_out: false,
                    is_new: true,
                });
            }
        }
        for flag in debtor.facts.flags(now, source) {
            // Several times of the day can be inconvenient; everything else is so or is not.
            if flag.kind == FlagKind::Inconvenient || !self.flags.contains(&flag.kind) {
                self.flags.push(flag.kind);
                self.new_flags.push(flag);
            }
        }
    }

    fn new_reaches(&self) -> impl Iterator<Item = Reach> {
        self.new_flags.iter().map(|flag| reach_of(flag.kind))
    }
}

/// All debtors of one batch of rows.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    list: Vec<Subject>,
    by_id: HashMap<DebtorId, usize>,
    by_reference: HashMap<String, usize>,
    by_address: HashMap<AddressKey, Vec<(usize, bool)>>,
}

impl Subjects {
    /// Loads every debtor on file that one of `debtors` may be.
    pub fn find(tx: &mut Tx<'_>, creditor: CreditorId, debtors: &[&NewDebtor]) -> AppResult<Self> {
        let references: Vec<String> = debtors.iter().filter_map(|d| d.reference_key()).collect();
        let names: Vec<String> = debtors
            .iter()
            .filter(|debtor| debtor.address_key().is_some())
            .map(|debtor| debtor.search_name())
            .collect();
        let mut subjects = Self::default();
        for known in store::debtors_alike(tx.conn, creditor, &references, &names)? {
            let address = AddressKey::new(
                known.search_name,
                known.address_line1.as_deref(),
                known.address_line2.as_deref(),
                known.state.as_deref(),
                known.zip.as_deref(),
            );
            subjects.add(Subject::on_file(known.id), known.reference_key, address);
        }
        subjects.load_contacts(tx, creditor)?;
        Ok(subjects)
    }

    fn load_contacts(&mut self, tx: &mut Tx<'_>, creditor: CreditorId) -> AppResult<()> {
        let ids: Vec<DebtorId> = self.list.iter().map(|subject| subject.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        for (debtor, number, kind) in store::phones_of(tx.conn, creditor, &ids)? {
            if let Some(subject) = self.by_id(debtor) {
                subject.phones.push(Phone {
                    number,
                    is_work: kind == "work",
                    new_kind: None,
                });
            }
        }
        for (debtor, address, kind, opted_out) in store::emails_of(tx.conn, creditor, &ids)? {
            if let Some(subject) = self.by_id(debtor) {
                subject.emails.push(Email {
                    address,
                    is_employers: kind == "employer",
                    opted_out,
                    is_new: false,
                });
            }
        }
        for (debtor, kind) in store::flags_in_force(tx.conn, creditor, &ids)? {
            if let Some(subject) = self.by_id(debtor) {
                subject.flags.push(kind);
            }
        }
        Ok(())
    }

    fn by_id(&mut self, id: DebtorId) -> Option<&mut Subject> {
        let index = *self.by_id.get(&id)?;
        self.list.get_mut(index)
    }

    fn add(
        &mut self,
        subject: Subject,
        reference: Option<String>,
        address: Option<AddressKey>,
    ) -> usize {
        if let Some(&known) = self.by_id.get(&subject.id) {
            return known;
        }
        let index = self.list.len();
        self.by_id.insert(subject.id, index);
        if let Some(address) = address {
            let alike = self.by_address.entry(address).or_default();
            alike.push((index, reference.is_some()));
        }
        if let Some(reference) = reference {
            self.by_reference.entry(reference).or_insert(index);
        }
        self.list.push(subject);
        index
    }

    /// The subject that `debtor` is, made if there is none yet, with what the row adds.
    pub fn resolve(
        &mut self,
        now: Instant,
        creditor: CreditorId,
        source: Medium,
        debtor: &NewDebtor,
    ) -> usize {
        let reference = debtor.reference_key();
        let address = debtor.address_key();
        let found = self.matching(reference.as_ref(), address.as_ref());
        let index = match found {
            Some(index) => index,
            None => {
                let mut subject = Subject::on_file(DebtorId::generate(now));
                subject.row = Some(row(subject.id, now, creditor, debtor));
                self.add(subject, reference, address)
            }
        };
        if let Some(subject) = self.list.get_mut(index) {
            subject.learn(now, source, debtor);
        }
        index
    }

    /// By the creditor's own number; else by name and address, unless both have a number, and
    /// then two different ones.
    fn matching(&self, reference: Option<&String>, address: Option<&AddressKey>) -> Option<usize> {
        if let Some(&index) = reference.and_then(|reference| self.by_reference.get(reference)) {
            return Some(index);
        }
        let alike = self.by_address.get(address?)?;
        alike
            .iter()
            .find(|(_, has_reference)| reference.is_none() || !has_reference)
            .map(|(index, _)| *index)
    }

    pub fn get(&self, index: usize) -> Option<&Subject> {
        self.list.get(index)
    }

    /// Writes debtors, numbers, addresses, stops and flags. Debtors that are on file and are now
    /// stopped begin a new epoch, and what was planned for them is undone.
    pub fn write(
        &mut self,
        tx: &mut Tx<'_>,
        creditor: CreditorId,
        source: Medium,
    ) -> AppResult<()> {
        let stopped_on_file: Vec<DebtorId> = self
            .list
            .iter()
            .filter(|subject| subject.row.is_none() && !subject.new_flags.is_empty())
            .map(|subject| subject.id)
            .collect();
        let busy = store::being_contacted(tx.conn, creditor, &stopped_on_file)?;
        let actor = tx.actor.to_string();
        let (mut debtors, mut phones, mut emails) = (Vec::new(), Vec::new(), Vec::new());
        let (mut flags, mut stops) = (Vec::new(), Vec::new());
        for subject in &mut self.list {
            let is_stopped = subject
                .new_reaches()
                .any(|reach| reach.stops_calls() || reach.stops_emails());
            let epoch = match &mut subject.row {
                Some(row) => {
                    row.contact_epoch = i64::from(is_stopped);
                    row.contact_epoch
                }
                None if is_stopped => store::begin_epoch(tx.conn, creditor, subject.id)?,
                None => 0,
            };
            if subject.row.is_none() && is_stopped {
                undo_planned(tx, creditor, subject)?;
            }
            let cease = subject
                .new_flags
                .iter()
                .find(|flag| flag.kind == FlagKind::Cease)
                .map(|flag| flag.received_at);
            if let Some(received_at) = cease {
                let id = StopRequestId::generate(tx.now);
                subject.stop = Some(id);
                stops.push(store::StopRequestRow {
                    creditor_id: creditor,
                    id,
                    debtor_id: subject.id,
                    reference: random_code(8)?,
                    scope: StopScope::All,
                    via: source,
                    requester: Requester::Debtor,
                    // Taken for the stronger kind where the file doesn't say: 15 USC 1692c(c).
                    in_writing: true,
                    verified: true,
                    recorded_by: actor.clone(),
                    contact_epoch: epoch,
                    received_at,
                    honoured_at: tx.now,
                    effective_at: (!busy.contains(&subject.id)).then_some(tx.now),
                });
            }
            phones.extend(subject.phones.iter().filter_map(|phone| {
                Some(PhoneRow {
                    creditor_id: creditor,
                    id: PhoneId::generate(tx.now),
                    debtor_id: subject.id,
                    number: phone.number,
                    kind: phone.new_kind?,
                    created_at: tx.now,
                })
            }));
            let new_emails = subject.emails.iter().filter(|email| email.is_new);
            emails.extend(new_emails.map(|email| EmailRow {
                creditor_id: creditor,
                id: EmailId::generate(tx.now),
                debtor_id: subject.id,
                address: email.address.clone(),
                kind: if email.is_employers {
                    "employer"
                } else {
                    "personal"
                },
                opted_out_at: None,
                created_at: tx.now,
            }));
            flags.extend(subject.new_flags.iter().map(|flag| {
                FlagRow {
                    creditor_id: creditor,
                    id: FlagId::generate(tx.now),
                    debtor_id: subject.id,
                    kind: flag.kind,
                    detail: flag.detail.to_string(),
                    source,
                    verified: true,
                    stop_request_id: subject
                        .stop
                        .filter(|_| FlagKind::of_scope(StopScope::All).contains(&flag.kind)),
                    set_by: actor.clone(),
                    received_at: flag.received_at,
                    set_at: tx.now,
                }
            }));
            debtors.extend(subject.row.take());
        }
        store::insert_debtors(tx.conn, &debtors)?;
        store::insert_phones(tx.conn, &phones)?;
        store::insert_emails(tx.conn, &emails)?;
        store::insert_stop_requests(tx.conn, &stops)?;
        store::insert_flags(tx.conn, &flags)?;
        Ok(())
    }

    /// Appends what happened to the audit chain: each stop, and the flags that follow from it.
    pub fn record(&self, tx: &mut Tx<'_>, creditor: CreditorId, source: Medium) -> AppResult<()> {
        for subject in &self.list {
            if subject.new_flags.is_empty() {
                continue;
            }
            let request = match subject.stop {
                Some(stop) => Some(
                    tx.record(
                        NewEvent::of_creditor(creditor, EventKind::StopRequested)
                            .debtor(subject.id)
                            .body(json!({
                                "request": stop,
                                "scope": StopScope::All.as_str(),
                                "via": source.as_str(),
                                "sequences_paused": subject.paused_sequences,
                                "calls_cancelled": subject.cancelled_calls,
                            })),
                    )?,
                ),
                None => None,
            };
            for flag in &subject.new_flags {
                let mut event = NewEvent::of_creditor(creditor, event_of(flag.kind))
                    .debtor(subject.id)
                    .body(json!({"flag": flag.kind.as_str(), "source": source.as_str()}));
                event.cause =
                    request.filter(|_| FlagKind::of_scope(StopScope::All).contains(&flag.kind));
                tx.record(event)?;
            }
        }
        Ok(())
    }
}

fn undo_planned(tx: &mut Tx<'_>, creditor: CreditorId, subject: &mut Subject) -> AppResult<()> {
    // A debtor's own word last: it must be what remains.
    let mut kinds: Vec<FlagKind> = subject.new_flags.iter().map(|flag| flag.kind).collect();
    kinds.sort_by_key(|kind| reach_of(*kind).is_opt_out_of_email());
    for kind in kinds {
        let reach = reach_of(kind);
        if reach.stops_emails() {
            subject.paused_sequences += store::stop_sequences(
                tx.conn,
                creditor,
                subject.id,
                reach.is_opt_out_of_email(),
                kind.as_str(),
                tx.now,
            )?;
        }
        if reach.stops_calls() {
            subject.cancelled_calls +=
                store::cancel_calls(tx.conn, creditor, subject.id, kind.as_str(), tx.now)?;
        }
    }
    Ok(())
}

fn row(id: DebtorId, now: Instant, creditor: CreditorId, debtor: &NewDebtor) -> DebtorRow {
    DebtorRow {
        creditor_id: creditor,
        id,
        reference: debtor.reference.clone(),
        reference_key: debtor.reference_key(),
        kind: debtor.kind,
        name: debtor.name.clone(),
        search_name: debtor.search_name(),
        address_line1: debtor.address_line1.clone(),
        address_line2: debtor.address_line2.clone(),
        city: debtor.city.clone(),
        state: debtor.state.clone(),
        zip: debtor.zip.clone(),
        language: debtor.language,
        preferred_contact_method: debtor.preferred_contact_method,
        contact_epoch: 0,
        created_at: now,
    }
}
