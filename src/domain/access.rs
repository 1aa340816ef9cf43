//! Who may do what: roles and capabilities.

use serde::{Deserialize, Serialize};

use super::text_enum::TextEnum;

/// The part a signed-in person plays. The first two belong to one creditor; the rest are staff of
/// the agency and see every creditor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    CreditorAdmin,
    CreditorMember,
    Agent,
    Supervisor,
    Compliance,
    Administrator,
}

impl TextEnum for Role {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::CreditorAdmin, "creditor_admin"),
        (Self::CreditorMember, "creditor_member"),
        (Self::Agent, "agent"),
        (Self::Supervisor, "supervisor"),
        (Self::Compliance, "compliance"),
        (Self::Administrator, "administrator"),
    ];
}

/// One thing that a route lets a person do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capability {
    /// Read placements, debtors, timelines and payments.
    ViewPlacements,
    /// Recall, mark as paid, pause.
    ManagePlacements,
    /// Upload files of placements and contact history.
    Import,
    /// Log a contact with a debtor.
    LogContact,
    /// Record what a debtor said: stops, attorneys, bankruptcies; make portal links.
    RecordFlags,
    /// Write down that a debtor took a permission back: anyone on staff who hears it.
    RevokeConsents,
    /// Say where a debtor is known to be, and what was found out with counsel.
    SettleFacts,
    /// The compliance home, tasks, notices, do-not-call lists, full decisions.
    ViewCompliance,
    /// Acknowledge and resolve alerts; take and finish the desk's tasks; lift what staff
    /// recorded; change single do-not-call numbers.
    WorkAlerts,
    /// Make, rotate and revoke the creditor's own API keys.
    ManageApiKeys,
    /// Set up the creditor's webhooks and look at what was sent.
    ManageWebhooks,
    /// The audit chains and their checkpoints, and the policy in force.
    ViewAudit,
    /// Let outreach go on although stops may be missing after a restore.
    SignOffJournal,
    /// People and roles, staff keys, which policy is in force.
    Administer,
    /// One's own password and sessions.
    OwnAccount,
}

impl Role {
    pub const fn label(self) -> &'static str {
        match self {
            Self::CreditorAdmin => "Creditor admin",
            Self::CreditorMember => "Creditor member",
            Self::Agent => "Agent",
            Self::Supervisor => "Supervisor",
            Self::Compliance => "Compliance",
            Self::Administrator => "Administrator",
        }
    }

    /// Bound to one creditor, as opposed to staff of the agency.
    pub const fn belongs_to_creditor(self) -> bool {
        match self {
            Self::CreditorAdmin | Self::CreditorMember => true,
            Self::Agent | Self::Supervisor | Self::Compliance | Self::Administrator => false,
        }
    }

    pub const fn can(self, capability: Capability) -> bool {
        use Capability as C;
        match self {
            Self::CreditorMember => matches!(
                capability,
                C::ViewPlacements | C::ManagePlacements | C::Import | C::OwnAccount
            ),
            Self::CreditorAdmin => matches!(
                capability,
                C::ViewPlacements
                    | C::ManagePlacements
                    | C::Import
                    | C::ManageApiKeys
                    | C::ManageWebhooks
                    | C::OwnAccount
            ),
            Self::Agent => matches!(
                capability,
                C::ViewPlacements
                    | C::LogContact
                    | C::RecordFlags
                    | C::RevokeConsents
                    | C::OwnAccount
            ),
            Self::Supervisor => matches!(
                capability,
                C::ViewPlacements
                    | C::LogContact
                    | C::RecordFlags
                    | C::RevokeConsents
                    | C::ViewCompliance
                    | C::WorkAlerts
                    | C::OwnAccount
            ),
            Self::Compliance => matches!(
                capability,
                C::ViewPlacements
                    | C::ManagePlacements
                    | C::Import
                    | C::RecordFlags
                    | C::RevokeConsents
                    | C::SettleFacts
                    | C::ViewCompliance
                    | C::ViewAudit
                    | C::SignOffJournal
                    | C::WorkAlerts
                    | C::OwnAccount
            ),
            Self::Administrator => matches!(
                capability,
                C::ViewPlacements
                    | C::Import
                    | C::RevokeConsents
                    | C::ViewCompliance
                    | C::ViewAudit
                    | C::Administer
                    | C::ManageApiKeys
                    | C::ManageWebhooks
                    | C::OwnAccount
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_creditors_people_never_reach_the_desk() {
        for role in [Role::CreditorAdmin, Role::CreditorMember] {
            for desk in [
                Capability::LogContact,
                Capability::RecordFlags,
                Capability::RevokeConsents,
                Capability::SettleFacts,
                Capability::ViewCompliance,
                Capability::WorkAlerts,
                Capability::ViewAudit,
                Capability::SignOffJournal,
                Capability::Administer,
            ] {
                assert!(!role.can(desk), "{role:?} {desk:?}");
            }
        }
    }

    #[test]
    fn agents_cannot_work_the_alerts_they_cause() {
        assert!(!Role::Agent.can(Capability::WorkAlerts));
        assert!(Role::Supervisor.can(Capability::WorkAlerts));
        assert!(Role::Compliance.can(Capability::WorkAlerts));
    }
}
