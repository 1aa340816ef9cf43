//! The contact history: what others did before, so that the windows of the frequency rules don't
//! start blind. Letters come here too, the validation notice among them.

mod fields;
mod moment;
mod read;
mod shift;

pub use self::fields::ContactField;
pub use self::read::{ContactIntake, Reading, read};
pub use self::shift::days_to_end_at;

use serde::{Deserialize, Serialize};

use super::words::{Channel, Direction, Outcome, Party, Purpose};
use crate::domain::email::EmailAddress;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;

/// One contact that took place, or was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    /// The physical line of the file, from 1.
    pub line: u32,
    pub invoice_number: String,
    /// Where the file gives only a date: the end of that day, because a window that is counted
    /// from a contact must not end too early.
    pub at: Instant,
    /// Whether the file gives only a date.
    pub is_date_only: bool,
    pub channel: Channel,
    pub direction: Direction,
    pub outcome: Outcome,
    pub phone: Option<PhoneNumber>,
    pub email: Option<EmailAddress>,
    /// `Collect` where the file says nothing.
    pub purpose: Purpose,
    pub party: Option<Party>,
    /// `None`: not recorded.
    pub mini_miranda: Option<bool>,
    pub agent: Option<String>,
    pub notes: Option<String>,
}
