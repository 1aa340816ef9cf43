//! What a row says that forbids or limits contact. Several columns may speak of one thing; where
//! they contradict each other, the row is an error.

use chrono::NaiveDate;

use super::read::{NAME_CHARS, Reader};
use super::{Attorney, Bankruptcy, DebtorFlags, InconvenientTime, PlacementField as F};
use crate::intake::cell::{line_of_text, time};
use crate::intake::words::{self, DebtorStatus};

pub(super) fn flags(reader: &mut Reader<'_>, today: NaiveDate) -> DebtorFlags {
    let status = reader.read(F::DebtorStatus, words::read::<DebtorStatus>);
    let cease_received_on = reader.past_date(F::CeaseReceivedOn, today);
    let is = |reader: &mut Reader<'_>, field| reader.yes_or_no(field).unwrap_or(false);
    DebtorFlags {
        cease_and_desist: said(
            reader,
            F::CeaseAndDesist,
            status == Some(DebtorStatus::CeaseAndDesist) || cease_received_on.is_some(),
        ),
        cease_received_on,
        attorney: attorney(reader, status),
        bankruptcy: bankruptcy(reader, status, today),
        do_not_call: is(reader, F::DoNotCall),
        deceased: said(reader, F::Deceased, status == Some(DebtorStatus::Deceased)),
        call_opt_out: is(reader, F::CallOptOut),
        email_opt_out: is(reader, F::EmailOptOut),
        no_contact_at_work: is(reader, F::NoContactAtWork),
        inconvenient: inconvenient(reader),
        disputed: said(reader, F::Disputed, status == Some(DebtorStatus::Disputed)),
    }
}

/// A flag that another column speaks of as well. A plain "no" against it is a contradiction that
/// somebody has to settle; an empty cell is not.
fn said(reader: &mut Reader<'_>, field: F, elsewhere: bool) -> bool {
    match reader.yes_or_no(field) {
        Some(false) if elsewhere => {
            reader.fail_field(
                field,
                "contradicts another column of this row, which says it is so",
            );
            true
        }
        Some(ticked) => ticked,
        None => elsewhere,
    }
}

fn attorney(reader: &mut Reader<'_>, status: Option<DebtorStatus>) -> Option<Attorney> {
    let attorney = Attorney {
        name: reader.text(F::AttorneyName, NAME_CHARS),
        phone: reader.read(F::AttorneyPhone, |text| line_of_text(text).parse()),
        email: reader.read(F::AttorneyEmail, str::parse),
    };
    let named = attorney != Attorney::default() || status == Some(DebtorStatus::Attorney);
    said(reader, F::AttorneyRepresented, named).then_some(attorney)
}

fn bankruptcy(
    reader: &mut Reader<'_>,
    status: Option<DebtorStatus>,
    today: NaiveDate,
) -> Option<Bankruptcy> {
    let bankruptcy = Bankruptcy {
        chapter: reader.read(F::BankruptcyChapter, words::read),
        filed_on: reader.past_date(F::BankruptcyFiledOn, today),
    };
    let known = bankruptcy != Bankruptcy::default() || status == Some(DebtorStatus::Bankrupt);
    said(reader, F::BankruptcyFiled, known).then_some(bankruptcy)
}

fn inconvenient(reader: &mut Reader<'_>) -> Option<InconvenientTime> {
    let from = reader.read(F::InconvenientFrom, time);
    let until = reader.read(F::InconvenientUntil, time);
    match (from, until) {
        (Some(from), Some(until)) if from == until => {
            reader.fail_field(F::InconvenientUntil, "is the same time as the beginning");
            None
        }
        (Some(from), Some(until)) => Some(InconvenientTime { from, until }),
        (Some(_), None) if reader.cell(F::InconvenientUntil).is_none() => {
            reader.fail_field(F::InconvenientUntil, "is empty, but a beginning is given");
            None
        }
        (None, Some(_)) if reader.cell(F::InconvenientFrom).is_none() => {
            reader.fail_field(F::InconvenientFrom, "is empty, but an end is given");
            None
        }
        (Some(_), None) | (None, Some(_)) | (None, None) => None,
    }
}
