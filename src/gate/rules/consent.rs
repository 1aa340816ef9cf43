//! Automated and recorded calls.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const RECORDING_CONSENT: RuleInfo = RuleInfo {
    id: RuleId::RecordingConsent,
    key: "recording-consent",
    name: "Consent to recording",
    strength: Strength::Hard,
    category: Category::Consent,
    sentence: "Where all parties must agree, a call is not recorded without the person's consent.",
    public: "Consent to recording is missing.",
    citation: "The state's entry in the policy; 18 U.S.C. 2511(2)(d)",
    exceptions: &["A call that is not recorded."],
    clears: "When the person agrees.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const MINI_TCPA: RuleInfo = RuleInfo {
    id: RuleId::MiniTcpa,
    key: "mini-tcpa",
    name: "State consent to automated calls",
    strength: Strength::Hard,
    category: Category::Consent,
    sentence: "In some states an automated or recorded call needs consent first.",
    public: "Consent to automated or recorded calls is missing.",
    citation: "Fla. Stat. 501.059; 15 O.S. 775C; Tex. Bus. & Com. Code chs. 302, 304, 305 (product policy)",
    exceptions: &["A call that a person dials and that is not recorded."],
    clears: "When the person agrees.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const TCPA_CONSENT: RuleInfo = RuleInfo {
    id: RuleId::TcpaConsent,
    key: "tcpa-consent",
    name: "Consent to automated calls",
    strength: Strength::Hard,
    category: Category::Consent,
    sentence: "An autodialled or recorded call to a mobile needs the person's consent.",
    public: "Consent to automated calls is missing.",
    citation: "47 U.S.C. 227(b)(1); 47 CFR 64.1200(a)(1), (3)",
    exceptions: &[
        "A call that a person dials by hand.",
        "Up to three recorded calls to a landline in thirty days.",
    ],
    clears: "When the person agrees.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const TCPA_REVOKED: RuleInfo = RuleInfo {
    id: RuleId::TcpaRevoked,
    key: "tcpa-revoked",
    name: "Consent to automated calls withdrawn",
    strength: Strength::Hard,
    category: Category::Consent,
    sentence: "A person may withdraw consent to automated calls at any time and in any reasonable way.",
    public: "Consent to automated calls was withdrawn.",
    citation: "47 CFR 64.1200(a)(10)",
    exceptions: &[
        "A call that a person dials by hand.",
        "A new consent after the withdrawal.",
    ],
    clears: "When the person agrees anew.",
    alert: AlertType::FdcpaViolation,
};
