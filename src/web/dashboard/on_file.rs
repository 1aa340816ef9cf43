//! A debtor's numbers and addresses, for forms that ask for one of them.

use crate::actions::flags::Point;
use crate::db::DbConn;
use crate::domain::id::{CreditorId, DebtorId};
use crate::error::AppResult;
use crate::store::placing;

/// Numbers and addresses with the words for them.
#[derive(Debug, Clone, Default)]
pub struct OnFile {
    /// As a form sends it, as it is read, and the point itself.
    points: Vec<(String, String, Point)>,
}

impl OnFile {
    pub fn load(conn: &mut DbConn, creditor: CreditorId, debtor: DebtorId) -> AppResult<Self> {
        let phones = placing::phones_of(conn, creditor, &[debtor])?;
        let emails = placing::emails_of(conn, creditor, &[debtor])?;
        let phones = phones.into_iter().map(|phone| {
            let (number, label) = (phone.number, phone.label());
            (number.to_string(), label, Point::Phone(number))
        });
        let emails = emails
            .into_iter()
            .map(|(_, address, _, _)| (address.clone(), address.clone(), Point::Email(address)));
        Ok(Self {
            points: phones.chain(emails).collect(),
        })
    }

    /// Value and label of each, numbers first.
    pub fn points(&self) -> impl Iterator<Item = (&str, &str)> {
        self.points
            .iter()
            .map(|(value, label, _)| (value.as_str(), label.as_str()))
    }

    pub fn phones(&self) -> impl Iterator<Item = (&str, &str)> {
        self.points
            .iter()
            .filter(|(_, _, point)| matches!(point, Point::Phone(_)))
            .map(|(value, label, _)| (value.as_str(), label.as_str()))
    }

    pub fn emails(&self) -> impl Iterator<Item = (&str, &str)> {
        self.points
            .iter()
            .filter(|(_, _, point)| matches!(point, Point::Email(_)))
            .map(|(value, label, _)| (value.as_str(), label.as_str()))
    }

    /// The one that a form sent.
    pub fn find(&self, sent: &str) -> Option<Point> {
        self.points
            .iter()
            .find(|(value, _, _)| value == sent)
            .map(|(_, _, point)| point.clone())
    }
}
