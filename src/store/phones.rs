//! A debtor's telephone numbers, one at a time.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::phones;
use crate::domain::id::{CreditorId, DebtorId, PhoneId};
use crate::domain::phone::PhoneNumber;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = phones)]
pub struct Phone {
    pub creditor_id: CreditorId,
    pub id: PhoneId,
    pub number: PhoneNumber,
    /// `mobile`, `landline`, `work` or `unknown`.
    pub kind: String,
    /// Whose it is, where it is not the debtor's own.
    pub belongs_to: Option<String>,
}

pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    number: PhoneNumber,
) -> QueryResult<Option<Phone>> {
    phones::table
        .filter(phones::creditor_id.eq(creditor))
        .filter(phones::debtor_id.eq(debtor))
        .filter(phones::number.eq(number))
        .select(Phone::as_select())
        .get_result(conn)
        .optional()
}

pub fn correct(
    conn: &mut DbConn,
    phone: &Phone,
    kind: &str,
    belongs_to: Option<&str>,
) -> QueryResult<usize> {
    diesel::update(phones::table.find((phone.creditor_id, phone.id)))
        .set((phones::kind.eq(kind), phones::belongs_to.eq(belongs_to)))
        .execute(conn)
}
