//! By which addresses the agency writes and is written to, and what a series of emails consists
//! of.

use super::email::EmailAddress;
use super::text_enum::TextEnum;

/// The addresses of this installation, from the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddresses {
    /// Whom our mail comes from.
    pub from: EmailAddress,
    /// Where answers arrive. The part before the `@` gets a tag for each account; without an
    /// address answers go to [`from`](Self::from), and no program reads them.
    pub replies: Option<EmailAddress>,
}

/// The account with Postmark, a provider that sends mail.
#[derive(Clone)]
pub struct PostmarkAccount {
    /// Of the provider's API, without a slash at the end.
    pub base_url: String,
    /// Of one server of the account.
    pub token: String,
    /// The message stream that series of emails go out by.
    pub series_stream: String,
    /// The one for codes that somebody asked for.
    pub service_stream: String,
}

impl std::fmt::Debug for PostmarkAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostmarkAccount(..)")
    }
}

/// What an email of a series is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailTemplate {
    /// Who we are, for whom, and about what.
    Introduction,
    Reminder,
    /// How to pay in part, ask, or dispute.
    Options,
}

impl TextEnum for MailTemplate {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Introduction, "introduction"),
        (Self::Reminder, "reminder"),
        (Self::Options, "options"),
    ];
}

/// One email of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesStep {
    pub template: MailTemplate,
    /// After the step before it, in hours.
    pub wait_hours: u16,
}

/// The series of a creditor that has none of its own: three emails over two weeks.
pub const DEFAULT_SERIES: [SeriesStep; 3] = [
    SeriesStep {
        template: MailTemplate::Introduction,
        wait_hours: 0,
    },
    SeriesStep {
        template: MailTemplate::Reminder,
        wait_hours: 5 * 24,
    },
    SeriesStep {
        template: MailTemplate::Options,
        wait_hours: 9 * 24,
    },
];
