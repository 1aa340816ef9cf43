//! The rules: a closed set, one file a family.
//!
//! Each rule is a function that reads the inquiry and raises at most one finding, beside a
//! [`RuleInfo`] with its source, its exceptions and when it clears, and above that the file of its
//! cases: a rule named there in no case, or in too few, fails a test. Numbers and lists come from
//! the policy files.

mod attorney;
mod bankruptcy;
pub(super) mod caps;
mod cease;
mod consent;
mod deceased;
mod dispute;
mod exceptions;
pub(super) mod frequency;
mod hours;
mod inconvenient;
mod limitation;
mod message;
mod optout;
mod placement;
mod reads;
mod recipient;
mod scra;
pub(super) mod timeline;
mod unknown;
mod validation;
mod work;

use serde::{Deserialize, Serialize};

use super::findings::Findings;
use super::inquiry::Now;

/// Every rule, in the order in which findings of equal severity are shown: what is about the
/// person first, because it does not clear by waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleId {
    Bankruptcy,
    Discharged,
    Attorney,
    Deceased,
    Cease,
    CreditorNotCleared,
    PlacementClosed,
    PlacementDisputed,
    PlacementPaused,
    ExtinguishedDebt,
    DisputeHold,
    OcRequestHold,
    TimeBarred,
    ThirdParty,
    LocationInfo,
    DoNotCall,
    CallOptOut,
    EmailOptOut,
    MediumOptout,
    AddressOptout,
    DncRegistry,
    Workplace,
    WorkEmail,
    InconvenientPlace,
    InconvenientTime,
    DebtUnknown,
    ContactPointUnknown,
    FactsUnclear,
    PolicyGap,
    ChannelNotOffered,
    TimeZoneUnknown,
    CallHours,
    LocationConflict,
    StateCallCap,
    NycContactCap,
    RecordingConsent,
    MiniTcpa,
    TcpaConsent,
    TcpaRevoked,
    VoicemailNotAllowed,
    VoicemailContent,
    Esign,
    Postcard,
    EmailOptoutNotice,
    MiniMiranda,
    ValidationContent,
    Overshadow,
    CallCount,
    CallConversation,
    RapidCalls,
    WeeklyCallCap,
    LimitationExpired,
    ValidationOverdue,
    ValidationDue,
    LateDispute,
    Scra,
    EmailProcedure,
    AiDisclosure,
    Retention,
}

impl RuleId {
    /// Every rule, in order.
    pub const ALL: [Self; 59] = [
        Self::Bankruptcy,
        Self::Discharged,
        Self::Attorney,
        Self::Deceased,
        Self::Cease,
        Self::CreditorNotCleared,
        Self::PlacementClosed,
        Self::PlacementDisputed,
        Self::PlacementPaused,
        Self::ExtinguishedDebt,
        Self::DisputeHold,
        Self::OcRequestHold,
        Self::TimeBarred,
        Self::ThirdParty,
        Self::LocationInfo,
        Self::DoNotCall,
        Self::CallOptOut,
        Self::EmailOptOut,
        Self::MediumOptout,
        Self::AddressOptout,
        Self::DncRegistry,
        Self::Workplace,
        Self::WorkEmail,
        Self::InconvenientPlace,
        Self::InconvenientTime,
        Self::DebtUnknown,
        Self::ContactPointUnknown,
        Self::FactsUnclear,
        Self::PolicyGap,
        Self::ChannelNotOffered,
        Self::TimeZoneUnknown,
        Self::CallHours,
        Self::LocationConflict,
        Self::StateCallCap,
        Self::NycContactCap,
        Self::RecordingConsent,
        Self::MiniTcpa,
        Self::TcpaConsent,
        Self::TcpaRevoked,
        Self::VoicemailNotAllowed,
        Self::VoicemailContent,
        Self::Esign,
        Self::Postcard,
        Self::EmailOptoutNotice,
        Self::MiniMiranda,
        Self::ValidationContent,
        Self::Overshadow,
        Self::CallCount,
        Self::CallConversation,
        Self::RapidCalls,
        Self::WeeklyCallCap,
        Self::LimitationExpired,
        Self::ValidationOverdue,
        Self::ValidationDue,
        Self::LateDispute,
        Self::Scra,
        Self::EmailProcedure,
        Self::AiDisclosure,
        Self::Retention,
    ];

    /// What is to be known about the rule.
    pub const fn info(self) -> &'static RuleInfo {
        match self {
            Self::Bankruptcy => &bankruptcy::BANKRUPTCY,
            Self::Discharged => &bankruptcy::DISCHARGED,
            Self::Attorney => &attorney::ATTORNEY,
            Self::Deceased => &deceased::DECEASED,
            Self::Cease => &cease::CEASE,
            Self::CreditorNotCleared => &placement::CREDITOR_NOT_CLEARED,
            Self::PlacementClosed => &placement::PLACEMENT_CLOSED,
            Self::PlacementDisputed => &placement::PLACEMENT_DISPUTED,
            Self::PlacementPaused => &placement::PLACEMENT_PAUSED,
            Self::ExtinguishedDebt => &limitation::EXTINGUISHED_DEBT,
            Self::DisputeHold => &dispute::DISPUTE_HOLD,
            Self::OcRequestHold => &dispute::OC_REQUEST_HOLD,
            Self::TimeBarred => &limitation::TIME_BARRED,
            Self::ThirdParty => &recipient::THIRD_PARTY,
            Self::LocationInfo => &recipient::LOCATION_INFO,
            Self::DoNotCall => &optout::DO_NOT_CALL,
            Self::CallOptOut => &optout::CALL_OPT_OUT,
            Self::EmailOptOut => &optout::EMAIL_OPT_OUT,
            Self::MediumOptout => &optout::MEDIUM_OPTOUT,
            Self::AddressOptout => &optout::ADDRESS_OPTOUT,
            Self::DncRegistry => &optout::DNC_REGISTRY,
            Self::Workplace => &work::WORKPLACE,
            Self::WorkEmail => &work::WORK_EMAIL,
            Self::InconvenientPlace => &inconvenient::INCONVENIENT_PLACE,
            Self::InconvenientTime => &inconvenient::INCONVENIENT_TIME,
            Self::DebtUnknown => &unknown::DEBT_UNKNOWN,
            Self::ContactPointUnknown => &unknown::CONTACT_POINT_UNKNOWN,
            Self::FactsUnclear => &unknown::FACTS_UNCLEAR,
            Self::PolicyGap => &unknown::POLICY_GAP,
            Self::ChannelNotOffered => &unknown::CHANNEL_NOT_OFFERED,
            Self::TimeZoneUnknown => &hours::TIME_ZONE_UNKNOWN,
            Self::CallHours => &hours::CALL_HOURS,
            Self::LocationConflict => &hours::LOCATION_CONFLICT,
            Self::StateCallCap => &caps::STATE_CALL_CAP,
            Self::NycContactCap => &caps::NYC_CONTACT_CAP,
            Self::RecordingConsent => &consent::RECORDING_CONSENT,
            Self::MiniTcpa => &consent::MINI_TCPA,
            Self::TcpaConsent => &consent::TCPA_CONSENT,
            Self::TcpaRevoked => &consent::TCPA_REVOKED,
            Self::VoicemailNotAllowed => &message::VOICEMAIL_NOT_ALLOWED,
            Self::VoicemailContent => &message::VOICEMAIL_CONTENT,
            Self::Esign => &validation::ESIGN,
            Self::Postcard => &message::POSTCARD,
            Self::EmailOptoutNotice => &message::EMAIL_OPTOUT_NOTICE,
            Self::MiniMiranda => &message::MINI_MIRANDA,
            Self::ValidationContent => &validation::VALIDATION_CONTENT,
            Self::Overshadow => &validation::OVERSHADOW,
            Self::CallCount => &frequency::CALL_COUNT,
            Self::CallConversation => &frequency::CALL_CONVERSATION,
            Self::RapidCalls => &frequency::RAPID_CALLS,
            Self::WeeklyCallCap => &frequency::WEEKLY_CALL_CAP,
            Self::LimitationExpired => &limitation::LIMITATION_EXPIRED,
            Self::ValidationOverdue => &validation::VALIDATION_OVERDUE,
            Self::ValidationDue => &validation::VALIDATION_DUE,
            Self::LateDispute => &dispute::LATE_DISPUTE,
            Self::Scra => &scra::SCRA,
            Self::EmailProcedure => &message::EMAIL_PROCEDURE,
            Self::AiDisclosure => &message::AI_DISCLOSURE,
            Self::Retention => &scra::RETENTION,
        }
    }

    /// The stable name in files, URLs and the API: `call-hours`.
    pub const fn as_str(self) -> &'static str {
        self.info().key
    }
}

impl std::fmt::Display for RuleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No rule has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such rule")]
pub struct NoSuchRule;

impl std::str::FromStr for RuleId {
    type Err = NoSuchRule;

    fn from_str(text: &str) -> Result<Self, NoSuchRule> {
        Self::ALL
            .into_iter()
            .find(|rule| rule.as_str() == text)
            .ok_or(NoSuchRule)
    }
}

/// A rule in words, for its public page.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RuleInfo {
    pub id: RuleId,
    pub key: &'static str,
    /// A heading: "Contact hours".
    pub name: &'static str,
    pub strength: Strength,
    pub category: Category,
    /// One plain sentence.
    pub sentence: &'static str,
    /// What a creditor's people are told when it stops a contact: nothing of the debtor's private
    /// affairs.
    pub public: &'static str,
    pub citation: &'static str,
    /// In plain words, each a sentence.
    pub exceptions: &'static [&'static str],
    /// When it clears, in plain words.
    pub clears: &'static str,
    /// The kind of alert a refusal by it raises.
    pub alert: AlertType,
}

/// What kind of rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// The law forbids; only a recorded exception lets it through.
    Hard,
    /// The law presumes a violation; a person may pass it with a reason.
    Presumption,
    /// This message may not go; another may.
    Content,
    /// Stops nobody.
    Reminder,
    /// The product's own, stricter than the law or beside it.
    Product,
}

/// What a finding is about, without telling the debtor's affairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Contact with this person must stop or go another way.
    Person,
    /// The person asked for it.
    StopRequest,
    Account,
    Dispute,
    Timing,
    Frequency,
    Recipient,
    Consent,
    Message,
    Limitation,
    Notice,
    /// The gate cannot tell, so it refuses.
    Unknown,
    Record,
}

/// The six kinds of compliance alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertType {
    CeaseDesist,
    Bankruptcy,
    AttorneyRep,
    DoNotCall,
    FdcpaViolation,
    SolExpired,
}

/// Every rule in words, in order.
pub fn catalog() -> impl Iterator<Item = &'static RuleInfo> {
    RuleId::ALL.into_iter().map(RuleId::info)
}

/// Asks every rule.
pub(super) fn evaluate(now: &Now<'_>, findings: &mut Findings<'_>) {
    for rule in RULES {
        rule(now, findings);
    }
}

type Rule = fn(&Now<'_>, &mut Findings<'_>);

/// One function or more for each family; each raises its own rules and no others.
const RULES: &[Rule] = &[
    bankruptcy::bankruptcy,
    attorney::attorney,
    deceased::deceased,
    cease::cease,
    placement::creditor,
    placement::account,
    limitation::limitation,
    dispute::disputes,
    recipient::recipient,
    optout::do_not_call,
    optout::medium,
    optout::address,
    optout::dnc_registry,
    work::workplace,
    work::work_email,
    inconvenient::inconvenient_place,
    inconvenient::inconvenient_time,
    unknown::not_on_file,
    unknown::unclear,
    unknown::policy_gap,
    unknown::channel,
    hours::contact_hours,
    caps::state_caps,
    caps::city_caps,
    consent::recording,
    consent::mini_tcpa,
    consent::tcpa,
    message::voicemail,
    message::postcard,
    message::email,
    message::mini_miranda,
    message::ai_disclosure,
    validation::notice,
    validation::content,
    validation::overshadow,
    validation::esign,
    frequency::call_count,
    frequency::call_conversation,
    frequency::rapid_calls,
    frequency::weekly_call_cap,
    scra::reminders,
];
