//! The debtors of the accounts being placed: found again by the creditor's own number or by name
//! and address, or made; with everything the rows say of them put together.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::debtor::{AddressKey, NewDebtor};
use super::known::{NewFlag, Reach, on_day, reach_of};
use super::on_file;
use super::rows::{self, NewRows};
use crate::actions::journal::JournalEntry;
use crate::actions::tx::Tx;
use crate::domain::id::{CreditorId, DebtorId, StopRequestId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::locality::zones_for;
use crate::gate::{Policy, facts};
use crate::store::consents;
use crate::store::placing::{self as store, DebtorRow};

/// One debtor, with what is on file and what the rows add.
#[derive(Debug)]
pub(super) struct Subject {
    pub id: DebtorId,
    pub was_on_file: bool,
    /// The row to insert, for a debtor that was not on file.
    pub row: Option<DebtorRow>,
    pub phones: Vec<Phone>,
    pub emails: Vec<Email>,
    /// In force already, or about to be.
    pub flags: Vec<FlagKind>,
    pub new_flags: Vec<NewFlag>,
    /// The request that a cease in a row stands for.
    pub stop: Option<Stop>,
}

/// A cease that a row tells of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    pub request: StopRequestId,
    pub received_at: Instant,
}

#[derive(Debug)]
pub(super) struct Phone {
    pub number: PhoneNumber,
    is_work: bool,
    is_landline: bool,
    /// Not somebody else's.
    is_own: bool,
    /// The kind to store it with, when it is not on file.
    pub new_kind: Option<&'static str>,
    /// When consent to automated calls was given, by the ledger and by the rows; taken back or not.
    consents: Vec<Instant>,
    /// Those that only the rows tell of.
    pub new_consents: Vec<Instant>,
}

impl Phone {
    fn new(number: PhoneNumber, kind: &str, new_kind: Option<&'static str>) -> Self {
        Self {
            number,
            is_work: kind == "work",
            is_landline: kind == "landline",
            is_own: true,
            new_kind,
            consents: Vec::new(),
            new_consents: Vec::new(),
        }
    }

    /// Whether a machine may call it, as far as is known before the gate is asked.
    fn may_be_automated(&self) -> bool {
        self.is_landline || !self.consents.is_empty()
    }

    fn learn_consent(&mut self, at: Instant) {
        if !self.consents.contains(&at) {
            self.consents.push(at);
            self.new_consents.push(at);
        }
    }
}

#[derive(Debug)]
pub(super) struct Email {
    pub address: String,
    pub is_employers: bool,
    pub opted_out: bool,
    pub is_new: bool,
}

impl Subject {
    fn on_file(id: DebtorId) -> Self {
        Self {
            id,
            was_on_file: true,
            row: None,
            phones: Vec::new(),
            emails: Vec::new(),
            flags: Vec::new(),
            new_flags: Vec::new(),
            stop: None,
        }
    }

    pub fn is_reachable(&self) -> bool {
        !self.phones.is_empty() || !self.emails.is_empty()
    }

    /// The first number a machine may call that is not the one at work; the one at work where there
    /// is no other.
    pub fn number_to_call(&self) -> Option<PhoneNumber> {
        let callable = || {
            self.phones
                .iter()
                .filter(|phone| phone.is_own && phone.may_be_automated())
        };
        let elsewhere = callable().find(|phone| !phone.is_work);
        let at_work = !self.flags.contains(&FlagKind::WorkplaceProhibited);
        elsewhere
            .or_else(|| callable().next().filter(|_| at_work))
            .map(|phone| phone.number)
    }

    /// Where the debtor may be, as far as the rows and the numbers on file tell.
    pub fn zones(&self, policy: &Policy, now: Instant) -> Vec<Tz> {
        let row = self.row.as_ref();
        let debtor = facts::Debtor {
            state: row.and_then(|row| row.state.clone()),
            zip: row.and_then(|row| row.zip.clone()),
            phones: self
                .phones
                .iter()
                .map(|phone| facts::Phone {
                    number: phone.number.to_string(),
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        };
        zones_for(policy, &debtor, now)
            .into_iter()
            .map(|candidate| candidate.zone.tz())
            .collect()
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
                self.phones
                    .push(Phone::new(phone.number, phone.kind, Some(phone.kind)));
            }
            let known = self
                .phones
                .iter_mut()
                .find(|known| known.number == phone.number);
            if let (Some(known), Some(day)) = (known, phone.automated_calls_since) {
                known.learn_consent(on_day(day, now));
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
            if flag.kind == FlagKind::Cease && !self.flags.contains(&FlagKind::Cease) {
                self.stop = Some(Stop {
                    request: StopRequestId::generate(now),
                    received_at: flag.received_at,
                });
            }
            // Several times of the day can be inconvenient; everything else is so or is not.
            if flag.kind == FlagKind::Inconvenient || !self.flags.contains(&flag.kind) {
                self.flags.push(flag.kind);
                self.new_flags.push(flag);
            }
        }
    }

    /// The reaches of the flags that are about to be set.
    pub fn new_reaches(&self) -> impl Iterator<Item = Reach> {
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
        for phone in store::phones_of(tx.conn, creditor, &ids)? {
            if let Some(subject) = self.by_id(phone.debtor) {
                subject.phones.push(Phone {
                    is_own: phone.is_own(),
                    ..Phone::new(phone.number, &phone.kind, None)
                });
            }
        }
        for (debtor, number, at) in consents::to_automated_calls(tx.conn, creditor, &ids)? {
            let phones = self.by_id(debtor).map(|subject| &mut subject.phones);
            let known = phones.and_then(|phones| phones.iter_mut().find(|p| p.number == number));
            if let Some(phone) = known {
                phone.consents.push(at);
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
                subject.was_on_file = false;
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
        on_file::lock(tx, creditor, &self.list)?;
        let mut rows = NewRows::new(tx, creditor, source);
        for subject in &mut self.list {
            if subject.was_on_file {
                on_file::stop(tx, creditor, subject)?;
            } else {
                rows.stop(subject)?;
            }
            rows.add(subject);
        }
        rows.write(tx)
    }

    /// Appends what happened to the audit chain, and applies what stops debtors on file. Returns
    /// those stops for the journal.
    pub fn record(
        &self,
        tx: &mut Tx<'_>,
        creditor: CreditorId,
        source: Medium,
    ) -> AppResult<Vec<JournalEntry>> {
        let mut stops = Vec::new();
        for subject in &self.list {
            stops.extend(on_file::apply_cease(tx, creditor, source, subject)?);
            rows::record(tx, creditor, source, subject)?;
        }
        Ok(stops)
    }
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
