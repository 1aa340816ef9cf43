//! Which entries of the policy each rule reads: for its public page.

use super::RuleId;
use crate::gate::policy::{Policy, PolicyEntry};

impl RuleId {
    /// The policy's fields that this rule reads, without a state's named caps.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::CallHours | Self::LocationConflict => {
                &["call_hours", "call_hours_clock", "gate_zones"]
            }
            Self::TimeZoneUnknown => &["gate_zones"],
            Self::StateCallCap => &["call_frequency_limit", "call_frequency_window_days"],
            Self::NycContactCap => &["nyc_shield_contacts_per_7_days"],
            Self::RecordingConsent => &["all_party_recording_consent"],
            Self::MiniTcpa => &["mini_tcpa"],
            Self::TcpaConsent | Self::TcpaRevoked => &["landline_prerecorded"],
            Self::VoicemailNotAllowed => &["voicemail_disclosure_allowed"],
            Self::VoicemailContent => &["debt_collection_words"],
            Self::MiniMiranda => &["mini_miranda"],
            Self::AiDisclosure => &["ai_disclosure"],
            Self::CallCount => &["call_count", "consent_days"],
            Self::CallConversation => &["conversation_quiet_days", "consent_days"],
            Self::RapidCalls => &["rapid_calls"],
            Self::WeeklyCallCap => &["weekly_cap_days"],
            Self::ExtinguishedDebt => &["sol_hard_stop", "limitation_years"],
            Self::LimitationExpired => &["time_barred_disclosure", "limitation_years"],
            Self::TimeBarred => &["limitation_years"],
            Self::ValidationOverdue
            | Self::ValidationDue
            | Self::ValidationContent
            | Self::Overshadow
            | Self::DisputeHold
            | Self::OcRequestHold
            | Self::LateDispute => &["validation"],
            Self::Bankruptcy
            | Self::Discharged
            | Self::Attorney
            | Self::Deceased
            | Self::Cease
            | Self::CreditorNotCleared
            | Self::PlacementClosed
            | Self::PlacementDisputed
            | Self::PlacementPaused
            | Self::ThirdParty
            | Self::LocationInfo
            | Self::DoNotCall
            | Self::CallOptOut
            | Self::EmailOptOut
            | Self::MediumOptout
            | Self::AddressOptout
            | Self::DncRegistry
            | Self::Workplace
            | Self::WorkEmail
            | Self::InconvenientPlace
            | Self::InconvenientTime
            | Self::DebtUnknown
            | Self::ContactPointUnknown
            | Self::FactsUnclear
            | Self::PolicyGap
            | Self::ChannelNotOffered
            | Self::Esign
            | Self::Postcard
            | Self::EmailOptoutNotice
            | Self::Scra
            | Self::EmailProcedure
            | Self::Retention => &[],
        }
    }

    /// The entries of `policy` that this rule reads, in the order of the files.
    pub fn entries(self, policy: &Policy) -> Vec<&PolicyEntry> {
        let fields = self.fields();
        policy
            .entries()
            .iter()
            .filter(|entry| {
                fields.contains(&entry.field.as_str())
                    || (self == Self::StateCallCap && is_named_cap(policy, entry))
            })
            .collect()
    }
}

/// Whether an entry is one of a state's own limits, which go by names of the file's choosing.
fn is_named_cap(policy: &Policy, entry: &PolicyEntry) -> bool {
    policy
        .states()
        .filter(|state| state.code.to_string() == entry.place)
        .any(|state| state.caps.iter().any(|cap| cap.id == entry.field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_of_the_policy_stands_on_the_page_of_some_rule() {
        let policy = Policy::builtin();
        let shown: Vec<&PolicyEntry> = RuleId::ALL
            .into_iter()
            .flat_map(|rule| rule.entries(&policy))
            .collect();
        for entry in policy.entries() {
            assert!(
                shown.iter().any(|other| std::ptr::eq(*other, entry)),
                "{} {}",
                entry.place,
                entry.field
            );
        }
    }

    #[test]
    fn the_states_own_limits_stand_with_the_rule_that_counts_them() {
        let policy = Policy::builtin();
        let places: Vec<&str> = RuleId::StateCallCap
            .entries(&policy)
            .into_iter()
            .filter(|entry| entry.value.get("max").is_some())
            .map(|entry| entry.place.as_str())
            .collect();
        assert!(places.contains(&"WA"), "{places:?}");
        assert!(
            !RuleId::StateCallCap
                .entries(&policy)
                .iter()
                .any(|entry| entry.field == "mini_tcpa")
        );
        assert!(RuleId::Cease.entries(&policy).is_empty());
    }
}
