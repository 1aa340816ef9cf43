//! Everything the gate reads about debtors, loaded in one go.
//!
//! Nothing is judged here. A stored detail that can't be read becomes the form that protects the
//! debtor: an attorney without a name is still an attorney.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::db::DbConn;
use crate::db::schema::{
    consents, contacts, creditors, debtors, disputes, dnc_entries, emails, flags, holds, letters,
    phones, placements,
};
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::placement::PlacementStatus;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::gate::facts::{self, Facts};
use crate::gate::when::When;

/// How a pause without an end is told to the gate.
const NO_END: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(date) => date,
    None => NaiveDate::MAX,
};

/// Entries under this scope bind every creditor.
pub const AGENCY_WIDE: &str = "agency";

/// The facts of several debtors of one creditor. A debtor that isn't there is left out.
pub fn load(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
) -> QueryResult<HashMap<DebtorId, Facts>> {
    let mut loaded = load_debtors(conn, creditor, ids)?;
    add_flags(conn, creditor, ids, &mut loaded)?;
    add_phones(conn, creditor, ids, &mut loaded)?;
    add_emails(conn, creditor, ids, &mut loaded)?;
    let owners = add_debts(conn, creditor, ids, &mut loaded)?;
    add_holds(conn, creditor, &owners, &mut loaded)?;
    add_letters(conn, creditor, ids, &mut loaded)?;
    add_disputes(conn, creditor, ids, &mut loaded)?;
    add_consents(conn, creditor, ids, &mut loaded)?;
    add_history(conn, creditor, ids, &mut loaded)?;
    Ok(loaded
        .into_iter()
        .map(|(id, file)| (id, file.facts))
        .collect())
}

/// The facts of one debtor, or nothing if the creditor has no such debtor.
pub fn load_one(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Option<Facts>> {
    Ok(load(conn, creditor, &[debtor])?.remove(&debtor))
}

/// One debtor's facts while they are put together.
struct File {
    facts: Facts,
    /// The creditor's cap for placements that have none of their own.
    default_weekly_cap: i32,
}

type Files = HashMap<DebtorId, File>;

/// Narrows a query to the debtors: by equality for one, so that the statement is prepared once
/// and kept, by a list for several.
macro_rules! of_debtors {
    ($table:ident, $creditor:expr, $ids:expr) => {{
        let query = $table::table
            .filter($table::creditor_id.eq($creditor))
            .into_boxed();
        match $ids {
            [one] => query.filter($table::debtor_id.eq(*one)),
            several => query.filter($table::debtor_id.eq_any(several.to_vec())),
        }
    }};
}

fn load_debtors(conn: &mut DbConn, creditor: CreditorId, ids: &[DebtorId]) -> QueryResult<Files> {
    type Row = (
        DebtorId,
        String,
        Option<String>,
        Option<String>,
        bool,
        Option<String>,
        i32,
        String,
    );
    let query = debtors::table
        .inner_join(creditors::table.on(creditors::id.eq(debtors::creditor_id)))
        .filter(debtors::creditor_id.eq(creditor))
        .select((
            debtors::id,
            debtors::kind,
            debtors::state,
            debtors::zip,
            creditors::cleared,
            creditors::not_cleared_reason,
            creditors::max_calls_per_week,
            creditors::name,
        ))
        .into_boxed();
    let query = match ids {
        [one] => query.filter(debtors::id.eq(*one)),
        several => query.filter(debtors::id.eq_any(several.to_vec())),
    };
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, state, zip, cleared, reason, cap, _name)| {
            let facts = Facts {
                debtor: facts::Debtor {
                    kind: if kind == "business" {
                        facts::DebtorKind::Business
                    } else {
                        facts::DebtorKind::Person
                    },
                    state,
                    zip,
                    ..Default::default()
                },
                creditor: facts::Creditor {
                    cleared,
                    reason,
                    ..Default::default()
                },
                ..Default::default()
            };
            (
                id,
                File {
                    facts,
                    default_weekly_cap: cap,
                },
            )
        })
        .collect())
}

/// Reads a flag's details; what can't be read is the type's default, which is in force.
fn detail<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

fn add_flags(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (DebtorId, FlagKind, String, Medium, Instant);
    let rows: Vec<Row> = of_debtors!(flags, creditor, ids)
        .filter(flags::lifted_at.is_null())
        .order(flags::received_at.asc())
        .select((
            flags::debtor_id,
            flags::kind,
            flags::detail,
            flags::source,
            flags::received_at,
        ))
        .load(conn)?;
    for (debtor, kind, text, source, at) in rows {
        let Some(file) = files.get_mut(&debtor) else {
            continue;
        };
        let flags = &mut file.facts.debtor.flags;
        let stop = || facts::Stop {
            at: Some(When::At(at)),
            source: Some(source.as_str().to_owned()),
            ..Default::default()
        };
        match kind {
            FlagKind::Cease => flags.cease.push(facts::Cease {
                received_at: Some(When::At(at)),
                via: Some(source.as_str().to_owned()),
                ..detail(&text)
            }),
            // The first of several stops: it has been in force since then.
            FlagKind::CallOptOut => {
                flags.call_opt_out.get_or_insert_with(stop);
            }
            FlagKind::EmailOptOut => {
                flags.email_opt_out.get_or_insert_with(stop);
            }
            FlagKind::DoNotCall => {
                flags.do_not_call.get_or_insert_with(stop);
            }
            FlagKind::MailOptOut => flags.medium_optout.push(facts::MediumOptout {
                medium: facts::Medium::Mail,
                at: Some(When::At(at)),
                via: Some(source.as_str().to_owned()),
            }),
            FlagKind::Attorney => flags.attorney = Some(detail(&text)),
            FlagKind::Bankruptcy => flags.bankruptcy = Some(detail(&text)),
            FlagKind::Deceased => flags.deceased = Some(detail(&text)),
            FlagKind::KnownLocation => flags.known_location = Some(detail(&text)),
            FlagKind::Inconvenient => flags.inconvenient.push(detail(&text)),
            FlagKind::WorkplaceProhibited => {
                flags.workplace_prohibited.get_or_insert_with(stop);
            }
            FlagKind::Military => flags.scra = Some(detail(&text)),
            FlagKind::Codebtor => flags.codebtor_of = Some(detail(&text)),
        }
    }
    Ok(())
}

fn add_phones(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (DebtorId, PhoneNumber, String, Option<String>);
    let rows: Vec<Row> = of_debtors!(phones, creditor, ids)
        .order((phones::created_at.asc(), phones::id.asc()))
        .select((
            phones::debtor_id,
            phones::number,
            phones::kind,
            phones::belongs_to,
        ))
        .load(conn)?;
    let mut listed = listed_numbers(conn, creditor, rows.iter().map(|row| row.1).collect())?;
    for (debtor, number, kind, belongs_to) in rows {
        let Some(file) = files.get_mut(&debtor) else {
            continue;
        };
        let (kind, place) = match kind.as_str() {
            "mobile" => (Some(facts::PhoneKind::Mobile), None),
            "landline" => (Some(facts::PhoneKind::Landline), None),
            "work" => (Some(facts::PhoneKind::Work), Some("work".to_owned())),
            _ => (None, None),
        };
        file.facts.debtor.phones.push(facts::Phone {
            number: number.to_string(),
            area_code: None,
            kind,
            place,
            belongs_to,
            autodial_consent: None,
            dnc: listed.remove(&number).unwrap_or_default(),
        });
    }
    Ok(())
}

/// Entries of do-not-call lists for these numbers, the agency's and the creditor's own.
pub fn listed_numbers(
    conn: &mut DbConn,
    creditor: CreditorId,
    numbers: Vec<PhoneNumber>,
) -> QueryResult<HashMap<PhoneNumber, Vec<facts::DncEntry>>> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    type Row = (PhoneNumber, String, NaiveDate, Option<NaiveDate>);
    let own = creditor.to_string();
    let query = dnc_entries::table
        .filter(dnc_entries::scope.eq_any([AGENCY_WIDE, own.as_str()]))
        .select((
            dnc_entries::number,
            dnc_entries::source,
            dnc_entries::added_on,
            dnc_entries::expires_on,
        ))
        .into_boxed();
    let query = match numbers.as_slice() {
        [one] => query.filter(dnc_entries::number.eq(*one)),
        several => query.filter(dnc_entries::number.eq_any(several.to_vec())),
    };
    let mut listed: HashMap<PhoneNumber, Vec<facts::DncEntry>> = HashMap::new();
    for (number, source, added_on, expires_on) in query.load::<Row>(conn)? {
        listed.entry(number).or_default().push(facts::DncEntry {
            source: Some(source),
            added_at: Some(When::On(added_on)),
            expires_at: expires_on.map(When::On),
        });
    }
    Ok(listed)
}

fn add_emails(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (DebtorId, String, String, Option<Instant>, Option<Instant>);
    let rows: Vec<Row> = of_debtors!(emails, creditor, ids)
        .order((emails::created_at.asc(), emails::id.asc()))
        .select((
            emails::debtor_id,
            emails::address,
            emails::kind,
            emails::opted_out_at,
            emails::used_for_debt_at,
        ))
        .load(conn)?;
    for (debtor, address, kind, opted_out_at, used_at) in rows {
        if let Some(file) = files.get_mut(&debtor) {
            file.facts.debtor.emails.push(facts::Email {
                address,
                kind: if kind == "employer" {
                    facts::EmailKind::Employer
                } else {
                    facts::EmailKind::Personal
                },
                opted_out_at: opted_out_at.map(When::At),
                consumer_used_for_debt_at: used_at.map(When::At),
            });
        }
    }
    Ok(())
}

/// Every placement of the debtors, and whose each is.
fn add_debts(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<HashMap<PlacementId, DebtorId>> {
    type Row = (
        PlacementId,
        DebtorId,
        String,
        PlacementStatus,
        Option<NaiveDate>,
        Option<NaiveDate>,
        Option<i32>,
        Option<String>,
    );
    let rows: Vec<Row> = of_debtors!(placements, creditor, ids)
        // By debtor first, as the index has it: sorted by time alone, SQLite walks every
        // placement of the creditor in that order.
        .order((
            placements::debtor_id.asc(),
            placements::placed_at.asc(),
            placements::id.asc(),
        ))
        .select((
            placements::id,
            placements::debtor_id,
            placements::debt_kind,
            placements::status,
            placements::incurred_on,
            placements::limitation_expires_on,
            placements::max_calls_per_week,
            placements::original_creditor,
        ))
        .load(conn)?;
    let mut owners = HashMap::with_capacity(rows.len());
    for (id, debtor, kind, status, incurred_on, limitation, cap, original) in rows {
        owners.insert(id, debtor);
        if let Some(file) = files.get_mut(&debtor) {
            let cap = cap.unwrap_or(file.default_weekly_cap);
            file.facts.debts.push(facts::Debt {
                id: id.to_string(),
                kind: word(&kind),
                current_creditor: original,
                status,
                incurred_on,
                max_calls_per_week: u32::try_from(cap).ok(),
                limitations_expires_on: limitation,
                ..Default::default()
            });
        }
    }
    Ok(owners)
}

/// Reads one of the gate's words; one it doesn't know is its default.
fn word<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).unwrap_or_default()
}

/// The debt of this placement among the debtor's.
fn debt_mut(
    files: &mut Files,
    debtor: DebtorId,
    placement: PlacementId,
) -> Option<&mut facts::Debt> {
    files
        .get_mut(&debtor)?
        .facts
        .debts
        .iter_mut()
        .find(|debt| debt.id == placement.as_str())
}

fn add_holds(
    conn: &mut DbConn,
    creditor: CreditorId,
    owners: &HashMap<PlacementId, DebtorId>,
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (PlacementId, Option<Instant>);
    let ids: Vec<PlacementId> = owners.keys().copied().collect();
    let query = holds::table
        .filter(holds::creditor_id.eq(creditor))
        .filter(holds::lifted_at.is_null())
        .select((holds::placement_id, holds::until_at))
        .into_boxed();
    let query = match ids.as_slice() {
        [] => return Ok(()),
        [one] => query.filter(holds::placement_id.eq(*one)),
        several => query.filter(holds::placement_id.eq_any(several.to_vec())),
    };
    for (placement, until) in query.load::<Row>(conn)? {
        let Some(debt) = owners
            .get(&placement)
            .and_then(|debtor| debt_mut(files, *debtor, placement))
        else {
            continue;
        };
        // A pause without an end lasts until somebody ends it.
        let until = until.map_or(When::On(NO_END), When::At);
        let later = debt
            .paused_until
            .is_none_or(|known| known.latest() < until.latest());
        if later {
            debt.paused_until = Some(until);
        }
    }
    Ok(())
}

fn add_letters(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (
        DebtorId,
        PlacementId,
        NaiveDate,
        String,
        Option<NaiveDate>,
        Option<NaiveDate>,
    );
    let rows: Vec<Row> = of_debtors!(letters, creditor, ids)
        .filter(letters::letter_type.eq("validation_notice"))
        .order(letters::sent_on.asc())
        .select((
            letters::debtor_id,
            letters::placement_id,
            letters::sent_on,
            letters::method,
            letters::period_ends_on,
            letters::returned_on,
        ))
        .load(conn)?;
    for (debtor, placement, sent_on, method, period_ends_on, returned_on) in rows {
        let Some(debt) = debt_mut(files, debtor, placement) else {
            continue;
        };
        if returned_on.is_some() {
            // It came back: as if it had never been sent, except that it is on file.
            debt.validation
                .get_or_insert_default()
                .earlier_notices
                .push(facts::EarlierNotice {
                    provided_on: Some(sent_on),
                    returned_on,
                });
        } else {
            let validation = debt.validation.get_or_insert_default();
            validation.provided_on = Some(sent_on);
            validation.method = Some(method);
            validation.period_ends_on = period_ends_on;
        }
    }
    Ok(())
}

fn add_disputes(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (
        DebtorId,
        PlacementId,
        Instant,
        bool,
        String,
        Option<Instant>,
    );
    let rows: Vec<Row> = of_debtors!(disputes, creditor, ids)
        .order(disputes::received_at.asc())
        .select((
            disputes::debtor_id,
            disputes::placement_id,
            disputes::received_at,
            disputes::in_writing,
            disputes::via,
            disputes::responded_at,
        ))
        .load(conn)?;
    for (debtor, placement, received_at, in_writing, via, responded_at) in rows {
        if let Some(debt) = debt_mut(files, debtor, placement) {
            debt.disputes.push(facts::Dispute {
                received_at: Some(When::At(received_at)),
                in_writing,
                via: Some(via),
                response: responded_at.map(|_| facts::DisputeResponse::Verification),
                responded_at: responded_at.map(When::At),
                ..Default::default()
            });
        }
    }
    Ok(())
}

/// The part of a consent's details that the gate reads.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ConsentWindow {
    from: Option<facts::LocalTime>,
    to: Option<facts::LocalTime>,
    during_compliant_contact: Option<bool>,
}

fn add_consents(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (
        DebtorId,
        Option<PlacementId>,
        String,
        Option<PhoneNumber>,
        String,
        String,
        Instant,
        Option<NaiveDate>,
        Option<Instant>,
    );
    let rows: Vec<Row> = of_debtors!(consents, creditor, ids)
        .order(consents::received_at.asc())
        .select((
            consents::debtor_id,
            consents::placement_id,
            consents::kind,
            consents::number,
            consents::detail,
            consents::given_to,
            consents::received_at,
            consents::through_on,
            consents::revoked_at,
        ))
        .load(conn)?;
    for (debtor, placement, kind, number, text, given_to, at, through, revoked) in rows {
        let Some(file) = files.get_mut(&debtor) else {
            continue;
        };
        let grant = || facts::Grant {
            given: true,
            at: Some(When::At(at)),
            revoked_at: revoked.map(When::At),
            ..Default::default()
        };
        let flags = &mut file.facts.debtor.flags;
        match kind.as_str() {
            "recording" => flags.recording_consent = Some(grant()),
            "esign" => flags.esign_consent = Some(grant()),
            "autodial" => {
                let number = number.map(|number| number.to_string());
                for phone in &mut file.facts.debtor.phones {
                    if number.as_deref() == Some(phone.number.as_str()) {
                        phone.autodial_consent = Some(facts::AutodialConsent {
                            given_at: Some(When::At(at)),
                            revoked_at: revoked.map(When::At),
                        });
                    }
                }
            }
            // A permission that was taken back is none.
            "calls" | "time" if revoked.is_none() => {
                let window: ConsentWindow = detail(&text);
                flags.prior_consents.push(facts::PriorConsent {
                    kind: if kind == "time" {
                        facts::ConsentKind::Time
                    } else {
                        facts::ConsentKind::Calls
                    },
                    debt: placement.map(|id| id.to_string()),
                    received_at: Some(When::At(at)),
                    through: through.map(When::On),
                    from: window.from,
                    to: window.to,
                    given_to: serde_json::from_value(given_to.into()).ok(),
                    during_compliant_contact: window.during_compliant_contact,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

fn add_history(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (
        DebtorId,
        PlacementId,
        Instant,
        String,
        String,
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
    );
    let rows: Vec<Row> = of_debtors!(contacts, creditor, ids)
        // What certainly reached nobody is no contact.
        .filter(contacts::outcome.ne("not-placed"))
        .order(contacts::at.asc())
        .select((
            contacts::debtor_id,
            contacts::placement_id,
            contacts::at,
            contacts::channel,
            contacts::direction,
            contacts::outcome,
            contacts::party,
            contacts::purpose,
            contacts::address,
            contacts::excluded,
        ))
        .load(conn)?;
    for (debtor, placement, at, channel, direction, outcome, party, purpose, address, excluded) in
        rows
    {
        let Some(file) = files.get_mut(&debtor) else {
            continue;
        };
        let direction = if direction == "in" {
            facts::Direction::In
        } else {
            facts::Direction::Out
        };
        file.facts.history.push(facts::Contact {
            // What is not known yet counts as placed.
            outcome: serde_json::from_value(outcome.into()).ok(),
            debt: Some(placement.to_string()),
            party: serde_json::from_value(party.into()).ok(),
            purpose: purpose.and_then(|text| serde_json::from_value(text.into()).ok()),
            phone: address.filter(|text| text.starts_with('+')),
            excluded: excluded.and_then(|text| serde_json::from_value(text.into()).ok()),
            ..facts::Contact::new(at, word(&channel), direction)
        });
    }
    Ok(())
}
