//! Every text of the debtor's pages, in each language: short sentences of everyday words (grade 8
//! or below), nothing of a debt before the code.
//!
//! `{agency}`, `{phone}`, `{address}`, `{creditor}`, `{date}`, `{time}` and `{invoice}` stand for
//! what they say.

mod en;
mod es;

use crate::domain::language::Language;

/// The texts in one language.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// The language's value of HTML's `lang`.
    pub lang: &'static str,
    /// The language's own name.
    pub name: &'static str,
    /// `strftime`: a day, and a moment.
    pub day: &'static str,
    pub moment: &'static str,

    pub skip: &'static str,
    pub this_site: &'static str,
    pub home: &'static str,
    pub leave: &'static str,
    pub error: &'static str,
    pub put_right: &'static str,
    /// Where the settings have no number.
    pub our_number: &'static str,
    pub ask_to_stop: &'static str,

    pub enter: Enter,
    pub code: Code,
    pub link: LinkUnknown,
    pub ended: Ended,
    pub left: Left,
    pub account: AccountWords,
    pub choices: ChoiceWords,
    pub stop: StopWords,
    pub stopped: StoppedWords,
    pub unproven: UnprovenWords,
    pub received: ReceivedWords,
    pub reach: ReachWords,
    pub allowed: AllowedWords,
    pub again: AgainWords,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Enter {
    pub title: &'static str,
    pub heading: &'static str,
    pub lede: &'static str,
    pub button: &'static str,
    pub no_address: &'static str,
    pub not_you: &'static str,
    pub no_code_needed: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    pub heading: &'static str,
    pub sent: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub button: &'static str,
    pub no_mail: &'static str,
    pub again: &'static str,
    pub or_stop: &'static str,
    pub wrong: &'static str,
    pub spent: &'static str,
    pub too_many: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct LinkUnknown {
    pub heading: &'static str,
    pub lede: &'static str,
    pub still: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    pub heading: &'static str,
    pub lede: &'static str,
    pub did_you_want: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    pub heading: &'static str,
    pub lede: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct AccountWords {
    pub title: &'static str,
    pub heading: &'static str,
    /// What 15 USC 1692e(11) asks to be said.
    pub lede: &'static str,
    pub closed: &'static str,
    pub stopped_all: &'static str,
    pub stopped_calls: &'static str,
    pub stopped_emails: &'static str,
    pub amount: &'static str,
    pub caption: &'static str,
    pub amount_on: &'static str,
    pub interest: &'static str,
    pub fees: &'static str,
    pub credits: &'static str,
    pub placed: &'static str,
    pub paid: &'static str,
    pub total: &'static str,
    pub invoice: &'static str,
    pub what_next: &'static str,
    pub by_phone: &'static str,
    pub who: &'static str,
    pub company: &'static str,
    pub address: &'static str,
    pub phone: &'static str,
    /// The code that our emails carry, too.
    pub check_code: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct ChoiceWords {
    pub dispute: &'static str,
    pub pay: &'static str,
    pub stop: &'static str,
    pub stop_hint: &'static str,
    pub reach: &'static str,
    pub reach_hint: &'static str,
    pub allowed: &'static str,
    pub allowed_hint: &'static str,
    pub ask: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct StopWords {
    pub title: &'static str,
    pub heading: &'static str,
    pub lede: &'static str,
    pub what: &'static str,
    pub all: &'static str,
    pub all_hint: &'static str,
    pub calls: &'static str,
    pub calls_hint: &'static str,
    pub emails: &'static str,
    pub emails_hint: &'static str,
    pub debt_remains: &'static str,
    pub button: &'static str,
    pub back: &'static str,
    /// Everything stands stopped by a request that has a receipt.
    pub already: &'static str,
    pub see_receipt: &'static str,
    pub choose: &'static str,
    /// It could not be stored, or something is still starting.
    pub not_yet: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct StoppedWords {
    pub title: &'static str,
    pub heading: &'static str,
    pub all: &'static str,
    pub calls: &'static str,
    pub emails: &'static str,
    /// How far it reaches: a stop binds every account of the debtor with the creditor.
    pub covers: &'static str,
    pub reference: &'static str,
    pub next: &'static str,
    pub next_all: &'static [&'static str],
    pub next_calls: &'static [&'static str],
    pub next_emails: &'static [&'static str],
    pub keep: &'static str,
    pub print: &'static str,
    pub back: &'static str,
}

/// Taking a request to stop back.
#[derive(Debug, PartialEq, Eq)]
pub struct AgainWords {
    pub title: &'static str,
    pub heading: &'static str,
    pub lede: &'static str,
    pub what: &'static str,
    pub all: &'static str,
    pub calls: &'static str,
    pub calls_hint: &'static str,
    pub emails: &'static str,
    pub emails_hint: &'static str,
    pub letters: &'static str,
    pub button: &'static str,
    pub choose: &'static str,
    pub nothing: &'static str,
    pub done: &'static str,
    pub done_all: &'static str,
    pub done_calls: &'static str,
    pub done_emails: &'static str,
    pub next: &'static [&'static str],
}

#[derive(Debug, PartialEq, Eq)]
pub struct UnprovenWords {
    pub lede: &'static str,
    pub phone: &'static str,
    pub email: &'static str,
    pub words: &'static str,
    pub words_hint: &'static str,
    pub bad_phone: &'static str,
    pub bad_email: &'static str,
    pub nothing: &'static str,
    pub too_many: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct ReceivedWords {
    pub heading: &'static str,
    pub lede: &'static str,
    pub next: &'static [&'static str],
}

/// When and how to be reached. A wish is `{days}`, `{from}`, `{to}` or `{point}` filled in; wishes
/// are joined by commas into the sentence at `{wishes}`.
#[derive(Debug, PartialEq, Eq)]
pub struct ReachWords {
    pub title: &'static str,
    pub heading: &'static str,
    pub lede: &'static str,
    pub when: &'static str,
    pub when_hint: &'static str,
    /// From Monday on, as in a sentence.
    pub days: [&'static str; 7],
    pub from: &'static str,
    pub to: &'static str,
    pub time_hint: &'static str,
    pub how: &'static str,
    pub at_work: &'static str,
    pub letters: &'static str,
    pub number: &'static str,
    pub address: &'static str,
    pub button: &'static str,
    pub nothing: &'static str,
    pub bad_time: &'static str,
    pub same_time: &'static str,
    pub every_hour: &'static str,
    pub not_yet: &'static str,
    pub sentence: &'static str,
    pub stands: &'static str,
    pub any_day: &'static str,
    pub and: &'static str,
    pub all_day: &'static str,
    pub between: &'static str,
    pub midnight: &'static str,
    pub wish_work: &'static str,
    pub wish_place: &'static str,
    pub wish_letters: &'static str,
    pub wish_number: &'static str,
    pub wish_address: &'static str,
    /// `strftime` of a time of day.
    pub clock: &'static str,
    pub done: &'static str,
    pub next: &'static [&'static str],
}

/// What a debtor has allowed, and takes back.
#[derive(Debug, PartialEq, Eq)]
pub struct AllowedWords {
    pub title: &'static str,
    pub heading: &'static str,
    pub lede: &'static str,
    pub none: &'static str,
    pub recording: &'static str,
    pub autodial: &'static str,
    pub time: &'static str,
    pub calls: &'static str,
    pub esign: &'static str,
    pub given: &'static str,
    pub button: &'static str,
    pub ended: &'static str,
    pub ended_on: &'static str,
    pub done: &'static str,
    pub sentence: &'static str,
    pub next: &'static [&'static str],
}

pub fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &en::WORDS,
        Language::Spanish => &es::WORDS,
    }
}
