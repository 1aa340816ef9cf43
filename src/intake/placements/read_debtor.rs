//! The debtor's columns of one row.

use chrono::NaiveDate;

use super::read::{NAME_CHARS, NUMBER_CHARS, Reader};
use super::read_flags::flags;
use super::{Address, NewDebtor, NewEmail, NewPhone, PlacementField as F};
use crate::domain::email::{EmailAddress, is_host};
use crate::domain::phone::PhoneNumber;
use crate::gate::facts::PhoneKind;
use crate::intake::cell::line_of_text;
use crate::intake::words::{self, DebtorKind};

const MOST_PHONES: usize = 10;
const MOST_EMAILS: usize = 10;

pub(super) fn debtor(reader: &mut Reader<'_>, today: NaiveDate) -> Option<NewDebtor> {
    let kind = reader.read(F::DebtorKind, words::read::<DebtorKind>);
    let failures_before = reader.failures();
    let first_name = reader.text(F::FirstName, NAME_CHARS);
    let last_name = reader.text(F::LastName, NAME_CHARS);
    let person = joined(first_name.as_deref(), last_name.as_deref());
    let name = reader.text(F::Name, NAME_CHARS);
    let mut company_name = reader.text(F::CompanyName, NAME_CHARS);
    let mut contact_name = reader.text(F::ContactName, NAME_CHARS);
    let kind = kind.unwrap_or_else(|| {
        let is_business = company_name.is_some()
            || (person.is_none() && name.as_deref().is_some_and(is_legal_entity));
        // In doubt a person: consumer law protects more.
        if is_business {
            DebtorKind::Business
        } else {
            DebtorKind::Person
        }
    });
    let shown = match kind {
        DebtorKind::Business => {
            company_name = company_name.or(name);
            contact_name = contact_name.or_else(|| person.clone());
            company_name.clone().or(person)
        }
        DebtorKind::Person => name.or(person).or_else(|| company_name.clone()),
    };
    if shown.is_none() && reader.failures() == failures_before {
        let mapped = [F::Name, F::CompanyName, F::LastName];
        let field = mapped.into_iter().find(|&field| reader.is_mapped(field));
        reader.fail_field(
            field.unwrap_or(F::Name),
            "is empty: the row names no debtor",
        );
    }
    country(reader);
    let address = Address {
        line1: reader.text(F::AddressLine1, NAME_CHARS),
        line2: reader.text(F::AddressLine2, NAME_CHARS),
        city: reader.text(F::City, NUMBER_CHARS),
        state: reader.read(F::State, str::parse),
        zip: reader.read(F::ZipCode, str::parse),
    };
    let phones = phones(reader, today);
    let emails = emails(reader);
    let domain = reader.read(F::Domain, host);
    let preferred_contact = reader.read(F::PreferredContactMethod, words::read);
    let reference = reader.text(F::DebtorReference, NUMBER_CHARS);
    let flags = flags(reader, today);
    Some(NewDebtor {
        reference,
        kind,
        name: shown?,
        first_name,
        last_name,
        company_name,
        contact_name,
        address,
        phones,
        emails,
        domain,
        preferred_contact,
        flags,
    })
}

fn joined(first: Option<&str>, last: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

/// Whether a name ends in a form that only a legal entity may carry.
fn is_legal_entity(name: &str) -> bool {
    const FORMS: [&str; 12] = [
        "llc",
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "ltd",
        "limited",
        "llp",
        "lp",
        "pllc",
        "lllp",
        "plc",
    ];
    let last = name.split_whitespace().next_back().unwrap_or_default();
    let letters = last.replace(['.', ','], "").to_ascii_lowercase();
    name.contains(' ') && FORMS.contains(&letters.as_str())
}

fn country(reader: &mut Reader<'_>) {
    reader.read(F::Country, |text| {
        let letters = text.replace('.', "");
        let is_here = [
            "us",
            "usa",
            "united states",
            "united states of america",
            "puerto rico",
            "pr",
        ]
        .iter()
        .any(|name| letters.eq_ignore_ascii_case(name));
        if is_here {
            Ok(())
        } else {
            Err("is not the United States: only US debtors are taken")
        }
    });
}

fn phones(reader: &mut Reader<'_>, today: NaiveDate) -> Vec<NewPhone> {
    let allowed = reader.past_date(F::AutomatedCallsSince, today);
    let mut phones: Vec<NewPhone> = Vec::new();
    // The columns that know the kind come first, so that a repeated number keeps it.
    for (field, kind) in [
        (F::MobilePhone, Some(PhoneKind::Mobile)),
        (F::WorkPhone, Some(PhoneKind::Work)),
        (F::LandlinePhone, Some(PhoneKind::Landline)),
        (F::Phone, None),
    ] {
        for number in reader.read_all(field, str::parse::<PhoneNumber>) {
            if phones.iter().all(|phone| phone.number != number) {
                // A landline needs no such consent, and a number at work is not the person's to give.
                let may_be_mobile = matches!(kind, None | Some(PhoneKind::Mobile));
                phones.push(NewPhone {
                    number,
                    kind,
                    automated_calls_since: allowed.filter(|_| may_be_mobile),
                });
            }
        }
    }
    if phones.len() > MOST_PHONES {
        reader.fail_field(F::Phone, format!("brings more than {MOST_PHONES} numbers"));
    }
    phones
}

fn emails(reader: &mut Reader<'_>) -> Vec<NewEmail> {
    let mut emails: Vec<NewEmail> = Vec::new();
    for (field, is_employers) in [(F::WorkEmail, true), (F::Email, false)] {
        for address in reader.read_all(field, str::parse::<EmailAddress>) {
            if emails.iter().all(|email| email.address != address) {
                emails.push(NewEmail {
                    address,
                    is_employers,
                });
            }
        }
    }
    if emails.len() > MOST_EMAILS {
        reader.fail_field(
            F::Email,
            format!("brings more than {MOST_EMAILS} addresses"),
        );
    }
    emails
}

/// A host name, also out of `https://www.example.com/contact`.
fn host(text: &str) -> Result<String, &'static str> {
    let text = line_of_text(text).to_ascii_lowercase();
    let text = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or(&text);
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    if is_host(host) {
        Ok(host.to_owned())
    } else {
        Err("is not a domain, such as host.example")
    }
}
