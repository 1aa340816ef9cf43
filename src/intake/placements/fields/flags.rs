//! What the creditor knows that forbids or limits contact.

use super::PlacementField as F;
use crate::intake::mapping::FieldSpec;

pub(super) const SPECS: [FieldSpec<F>; 18] = [
    FieldSpec::new(
        F::CeaseAndDesist,
        "cease_and_desist",
        "Cease and desist",
        "Whether the debtor asked to stop all contact.",
    )
    .named(&[
        "cease desist",
        "cease",
        "c d",
        "cease contact",
        "cease communication",
        "cease and desist flag",
        "stop contact",
    ])
    .loosely(&["no contact"]),
    FieldSpec::new(
        F::CeaseReceivedOn,
        "cease_received_on",
        "Cease received on",
        "The day the request arrived.",
    )
    .named(&[
        "cease date",
        "cease received",
        "cease and desist date",
        "cease received date",
        "cease and desist received",
    ]),
    FieldSpec::new(
        F::AttorneyRepresented,
        "attorney_represented",
        "Attorney",
        "Whether a lawyer represents the debtor.",
    )
    .named(&[
        "attorney flag",
        "represented",
        "has attorney",
        "represented by attorney",
        "represented by counsel",
    ])
    .loosely(&["lawyer"]),
    FieldSpec::new(
        F::AttorneyName,
        "attorney_name",
        "Attorney's name",
        "The lawyer's name or firm.",
    )
    .named(&[
        "lawyer name",
        "counsel name",
        "counsel",
        "attorney firm",
        "law firm",
        "debtor attorney",
    ]),
    FieldSpec::new(
        F::AttorneyPhone,
        "attorney_phone",
        "Attorney's phone",
        "The lawyer's phone number.",
    )
    .named(&["lawyer phone", "counsel phone", "attorney telephone"]),
    FieldSpec::new(
        F::AttorneyEmail,
        "attorney_email",
        "Attorney's email",
        "The lawyer's email address.",
    )
    .named(&["lawyer email", "counsel email"]),
    FieldSpec::new(
        F::BankruptcyFiled,
        "bankruptcy_filed",
        "Bankruptcy",
        "Whether the debtor filed for bankruptcy.",
    )
    .named(&["bankrupt", "bankruptcy flag", "in bankruptcy", "bk filed"]),
    FieldSpec::new(
        F::BankruptcyChapter,
        "bankruptcy_chapter",
        "Chapter",
        "7, 9, 11, 12, 13 or 15.",
    )
    .named(&["bk chapter", "bankruptcy ch"]),
    FieldSpec::new(
        F::BankruptcyFiledOn,
        "bankruptcy_filed_on",
        "Bankruptcy filed on",
        "The day of the petition.",
    )
    .named(&[
        "bankruptcy date",
        "petition date",
        "bankruptcy filing date",
        "bk date",
        "bankruptcy filed date",
    ]),
    FieldSpec::new(
        F::DoNotCall,
        "do_not_call",
        "Do not call",
        "Whether the debtor asked not to be called on any number.",
    )
    .named(&[
        "dnc",
        "do not call flag",
        "no calls",
        "no call",
        "do not phone",
    ]),
    FieldSpec::new(
        F::Deceased,
        "deceased",
        "Deceased",
        "Whether the debtor has died.",
    )
    .named(&["is deceased", "deceased flag", "death", "dead"])
    .loosely(&["estate"]),
    FieldSpec::new(
        F::DebtorStatus,
        "debtor_status",
        "Debtor status",
        "active, deceased, bankrupt, attorney, cease-and-desist or disputed.",
    )
    .named(&["customer status", "patient status"])
    .loosely(&["status", "account status"]),
    FieldSpec::new(
        F::CallOptOut,
        "call_opt_out",
        "Call opt-out",
        "Whether the debtor asked for no calls.",
    )
    .named(&[
        "opt out calls",
        "phone opt out",
        "opted out of calls",
        "calls opt out",
        "no phone",
    ]),
    FieldSpec::new(
        F::EmailOptOut,
        "email_opt_out",
        "Email opt-out",
        "Whether the debtor asked for no email.",
    )
    .named(&[
        "opt out email",
        "opted out of email",
        "unsubscribed",
        "no email",
        "do not email",
        "email unsubscribed",
    ]),
    FieldSpec::new(
        F::NoContactAtWork,
        "no_contact_at_work",
        "Not at work",
        "Whether contact at work is forbidden.",
    )
    .named(&[
        "workplace_prohibited",
        "do not call work",
        "no work calls",
        "no calls at work",
        "do not call at work",
    ]),
    FieldSpec::new(
        F::InconvenientFrom,
        "inconvenient_from",
        "Inconvenient from",
        "Beginning of the hours in which contact is unwelcome: 18:30.",
    )
    .named(&[
        "do not call from",
        "inconvenient start",
        "quiet from",
        "do not contact from",
    ]),
    FieldSpec::new(
        F::InconvenientUntil,
        "inconvenient_until",
        "Inconvenient until",
        "End of the hours in which contact is unwelcome: 20:00.",
    )
    .named(&[
        "do not call until",
        "inconvenient end",
        "quiet until",
        "inconvenient to",
        "do not contact until",
    ]),
    FieldSpec::new(
        F::Disputed,
        "disputed",
        "Disputed",
        "Whether the debtor disputes the debt.",
    )
    .named(&["in dispute", "dispute", "dispute flag", "is disputed"]),
];
