//! The fields of a contact history, and the headers under which files bring them.

use serde::{Deserialize, Serialize};

use self::ContactField as F;
use crate::intake::mapping::{Field, FieldGroup, FieldSpec};

/// What a column of a contact history can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactField {
    InvoiceNumber,
    At,
    TimeZone,
    Channel,
    Direction,
    Outcome,
    Phone,
    Email,
    Purpose,
    Party,
    MiniMiranda,
    Agent,
    Notes,
}

impl Field for ContactField {
    const GROUPS: &'static [FieldGroup<Self>] = &[FieldGroup {
        label: "The contact",
        specs: &SPECS,
    }];

    fn index(self) -> usize {
        self as usize
    }

    fn missing(_is_mapped: &dyn Fn(Self) -> bool) -> Vec<String> {
        Vec::new()
    }
}

const SPECS: [FieldSpec<F>; 13] = [
    FieldSpec::new(F::InvoiceNumber, "invoice_number", "Invoice number", "The account or invoice that the contact was about.").named(&["invoice", "invoice no", "account number", "account"]).loosely(&["document number", "file number", "claim number", "bill number", "reference number"]).required(),
    FieldSpec::new(F::At, "at", "At", "When: 2026-05-12T10:00:00-04:00, or a local date and time.").named(&["date and time", "datetime", "date time", "timestamp", "contact date", "contacted at", "contact time", "call date", "call time", "occurred at", "date contacted"]).loosely(&["date", "time", "when", "created at", "started at"]).required(),
    FieldSpec::new(F::TimeZone, "time_zone", "Time zone", "The zone of local times, such as America/Chicago.").named(&["timezone", "tz", "zone"]),
    FieldSpec::new(F::Channel, "channel", "Channel", "call, voicemail, email, letter, portal or sms.").named(&["contact type", "contact method", "medium", "type of contact"]).loosely(&["type", "method"]).required(),
    FieldSpec::new(F::Direction, "direction", "Direction", "out for contacts with the debtor, in for contacts by the debtor.").named(&["inbound or outbound", "in out", "call direction"]),
    FieldSpec::new(F::Outcome, "outcome", "Outcome", "no-answer, voicemail, voicemail-no-message, busy, not-in-service, conversation, third-party-answered, sent or received.").named(&["result", "disposition", "call result", "contact result", "call outcome"]).loosely(&["status", "call status"]),
    FieldSpec::new(F::Phone, "phone", "Phone", "The number that was called or that called.").named(&["number dialed", "dialed number", "called number", "phone number", "phone dialed"]).loosely(&["to number"]),
    FieldSpec::new(F::Email, "email", "Email", "The address that was written to or that wrote.").named(&["email address", "sent to"]).loosely(&["to address"]),
    FieldSpec::new(F::Purpose, "purpose", "Purpose", "collect, validation-notice, dispute-response and so on; empty means collect.").named(&["contact purpose", "letter type"]).loosely(&["reason", "template"]),
    FieldSpec::new(F::Party, "party", "Party", "Who was reached: consumer, third-party, attorney, spouse or personal-representative.").named(&["spoke with", "spoke to", "contacted party", "talked to"]).loosely(&["who"]),
    FieldSpec::new(F::MiniMiranda, "mini_miranda", "Mini-Miranda", "Whether the disclosure of 15 USC 1692e(11) was given: yes or no.").named(&["mini miranda given", "mini_miranda_given", "miranda", "disclosure given"]).loosely(&["disclosure"]),
    FieldSpec::new(F::Agent, "agent", "Agent", "Who made the contact.").named(&["collector", "agent name", "representative", "rep", "user", "employee"]).loosely(&["operator", "by"]),
    FieldSpec::new(F::Notes, "notes", "Notes", "What was said; at most 2,000 characters.").named(&["note", "comment", "comments", "remarks", "summary"]).loosely(&["description", "details"]),
];
