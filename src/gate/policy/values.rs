//! What the three files hold, by name.

use serde::{Deserialize, Serialize};

use super::cap::Cap;
use super::entry::Dated;
use crate::domain::place::StateCode;
use crate::gate::facts::LocalTime;
use crate::gate::locality::Zone;

/// Values that hold everywhere.
#[derive(Debug, Clone, Default)]
pub struct Federal {
    pub call_hours: Dated<Hours>,
    pub call_count: Dated<CallCount>,
    /// Days after a conversation without a call, the day of the conversation being the first.
    pub conversation_quiet_days: Dated<u32>,
    /// Days a consent to calls lasts, the day of receipt being the first.
    pub consent_days: Dated<u32>,
    pub rapid_calls: Dated<RapidCalls>,
    pub validation: Dated<ValidationTimes>,
    pub landline_prerecorded: Dated<LandlinePrerecorded>,
    /// Words in a business name that tell of debt collection, in lower case.
    pub debt_collection_words: Dated<Vec<String>>,
    pub mini_miranda: Dated<MiniMiranda>,
    pub ai_disclosure: Dated<AiDisclosure>,
    /// Days of the account's own cap on successful calls.
    pub weekly_cap_days: Dated<u32>,
}

/// From the first minute, to the minute before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub from: LocalTime,
    pub to: LocalTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallCount {
    pub max: u32,
    pub days: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RapidCalls {
    /// Minutes after an unanswered call in which another to the same number is clustered.
    pub minutes: u32,
    /// The call to one number on one day that is clustered.
    pub same_number_per_day: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidationTimes {
    /// Calendar days after the initial communication.
    pub notice_due_days: u32,
    /// Days until receipt is assumed, without Saturdays, Sundays and federal holidays.
    pub receipt_business_days: u32,
    /// Calendar days after receipt.
    pub period_days: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LandlinePrerecorded {
    pub max: u32,
    pub days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MiniMiranda {
    /// For the first communication.
    pub full: String,
    /// For each later one.
    pub short: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AiDisclosure {
    pub line: String,
    pub within_seconds: u32,
}

/// Values of one state, district or territory.
#[derive(Debug, Clone)]
pub struct State {
    pub code: StateCode,
    pub name: String,
    /// One zone for each clock kept there.
    pub gate_zones: Dated<Vec<Zone>>,
    /// `null`: no numeric cap of the seeds.
    pub call_frequency_limit: Dated<Option<u32>>,
    pub call_frequency_window_days: Dated<Option<u32>>,
    pub voicemail_disclosure_allowed: Dated<bool>,
    /// Consent before automated or recorded calls.
    pub mini_tcpa: Dated<bool>,
    /// `null`: not verified, so consent is asked for.
    pub all_party_recording_consent: Dated<Option<bool>>,
    /// The debt ends with its limitation period.
    pub sol_hard_stop: Dated<bool>,
    /// What must be said about a time-barred debt. `null`: nothing known.
    pub time_barred_disclosure: Dated<Option<String>>,
    /// A clock of the state's own, beside the consumer's.
    pub call_hours_clock: Dated<ClockOfState>,
    pub caps: Vec<NamedCap>,
    pub limitation_years: Dated<LimitationYears>,
}

/// Contact hours by the state's clock, wherever the consumer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockOfState {
    pub zone: Zone,
    pub hours: Hours,
}

#[derive(Debug, Clone)]
pub struct NamedCap {
    pub id: String,
    pub cap: Dated<Cap>,
}

/// Years to sue, for pages and imports. The gate reads each debt's own date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitationYears {
    pub open_account: Option<u32>,
    pub written_contract: Option<u32>,
    pub promissory_note: Option<u32>,
}

/// A city's rule, by ZIP code.
#[derive(Debug, Clone)]
pub struct Overlay {
    pub id: String,
    pub name: String,
    pub state: StateCode,
    /// Leading digits that lie wholly inside.
    pub zip_prefixes: Vec<String>,
    /// ZIP codes with some address inside: taken as inside.
    pub partial_zips: Vec<u32>,
    pub boroughs: Vec<String>,
    /// Contacts per account in seven days over calls, emails and texts.
    pub nyc_shield_contacts_per_7_days: Dated<u32>,
}

impl Overlay {
    /// Whether a ZIP code lies inside, at least in part.
    pub fn contains(&self, zip: u32) -> bool {
        self.partial_zips.contains(&zip)
            || self.zip_prefixes.iter().any(|prefix| {
                let digits = u32::try_from(prefix.len()).unwrap_or(5).min(5);
                prefix
                    .parse()
                    .is_ok_and(|leading: u32| zip / 10_u32.pow(5 - digits) == leading)
            })
    }
}
