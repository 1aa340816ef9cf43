//! A row of a placements file as an account to place.

use crate::actions::placing::{
    Attorney, Bankruptcy, Cease, Itemization, KnownFacts, NewDebtor, NewEmail, NewPhone,
    NewPlacement,
};
use crate::domain::id::ImportId;
use crate::gate::facts::PhoneKind;
use crate::intake::placements::{DebtorFlags, NewPlacementRow};
use crate::intake::words::{DebtKind, Word};

pub(super) fn placement(row: &NewPlacementRow, import: ImportId) -> NewPlacement {
    let (debtor, debt) = (&row.debtor, &row.debt);
    NewPlacement {
        invoice_number: row.invoice_number.clone(),
        amount: row.amount,
        debtor: NewDebtor {
            reference: debtor.reference.clone(),
            kind: debtor.kind.key(),
            name: debtor.name.clone(),
            address_line1: debtor.address.line1.clone(),
            address_line2: debtor.address.line2.clone(),
            city: debtor.address.city.clone(),
            state: debtor.address.state.map(|state| state.to_string()),
            zip: debtor.address.zip.map(|zip| zip.to_string()),
            language: "en",
            preferred_contact_method: debtor.preferred_contact.map(Word::key),
            phones: debtor
                .phones
                .iter()
                .map(|phone| NewPhone {
                    number: phone.number,
                    kind: phone_kind(phone.kind),
                    automated_calls_since: phone.automated_calls_since,
                })
                .collect(),
            emails: debtor
                .emails
                .iter()
                .map(|email| NewEmail {
                    address: email.address.to_string(),
                    is_employers: email.is_employers,
                })
                .collect(),
            facts: facts(&debtor.flags),
        },
        debt_kind: debt.kind.unwrap_or(DebtKind::Other).key(),
        original_creditor: debt.original_creditor.clone(),
        due_on: debt.due_date,
        incurred_on: debt.incurred_on,
        last_payment_on: debt.last_payment_on,
        limitation_expires_on: debt.limitations_expires_on,
        itemization: debt.itemization.as_ref().map(|item| Itemization {
            on: item.date,
            amount: item.amount,
            interest: item.interest,
            fees: item.fees,
            credits: item.credits,
        }),
        max_calls_per_week: row.max_calls_per_week.map(i32::from),
        notes: notes(row),
        posture: row.posture.unwrap_or_default(),
        disputed: debtor.flags.disputed,
        import: Some(import),
    }
}

const fn phone_kind(kind: Option<PhoneKind>) -> &'static str {
    match kind {
        Some(PhoneKind::Mobile) => "mobile",
        Some(PhoneKind::Landline) => "landline",
        Some(PhoneKind::Work) => "work",
        None => "unknown",
    }
}

fn facts(flags: &DebtorFlags) -> KnownFacts {
    KnownFacts {
        cease: flags.cease_and_desist.then_some(Cease {
            received_on: flags.cease_received_on,
        }),
        attorney: flags.attorney.as_ref().map(|attorney| Attorney {
            name: attorney.name.clone(),
            phone: attorney.phone,
            email: attorney.email.as_ref().map(ToString::to_string),
        }),
        bankruptcy: flags.bankruptcy.as_ref().map(|bankruptcy| Bankruptcy {
            chapter: bankruptcy
                .chapter
                .and_then(|chapter| chapter.key().parse().ok()),
            filed_on: bankruptcy.filed_on,
        }),
        deceased: flags.deceased,
        do_not_call: flags.do_not_call,
        call_opt_out: flags.call_opt_out,
        email_opt_out: flags.email_opt_out,
        no_contact_at_work: flags.no_contact_at_work,
        inconvenient: flags.inconvenient.map(|time| (time.from, time.until)),
    }
}

/// The file's own notes, and below them what has no place of its own, so that nothing a creditor
/// sends is lost.
fn notes(row: &NewPlacementRow) -> Option<String> {
    let (debtor, debt) = (&row.debtor, &row.debt);
    let mut lines: Vec<String> = row.notes.iter().cloned().collect();
    let mut add = |label: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{label}: {value}")));
    };
    add("Ask for", debtor.contact_name.clone());
    add("Web site", debtor.domain.clone());
    add("Purchase order", debt.po_number.clone());
    add(
        "Invoice date",
        debt.invoice_date.map(|date| date.to_string()),
    );
    add(
        "Written contract",
        debt.has_written_contract
            .map(|has| if has { "yes" } else { "no" }.to_owned()),
    );
    (!lines.is_empty()).then(|| lines.join("\n"))
}
