//! What a message says and how it looks.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const VOICEMAIL_NOT_ALLOWED: RuleInfo = RuleInfo {
    id: RuleId::VoicemailNotAllowed,
    key: "voicemail-not-allowed",
    name: "No voicemail in this state",
    strength: Strength::Product,
    category: Category::Message,
    sentence: "Some states do not allow a voicemail.",
    public: "A voicemail may not be left.",
    citation: "The state's entry in the policy",
    exceptions: &[],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const VOICEMAIL_CONTENT: RuleInfo = RuleInfo {
    id: RuleId::VoicemailContent,
    key: "voicemail-content",
    name: "What a voicemail may say",
    strength: Strength::Content,
    category: Category::Message,
    sentence: "A voicemail says who called, asks for a reply, names a person and a number, and nothing else.",
    public: "The message must be changed.",
    citation: "12 CFR 1006.2(j); comments 2(j)-2, 2(d)-2",
    exceptions: &["A message to the person's lawyer."],
    clears: "When the message is changed.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const POSTCARD: RuleInfo = RuleInfo {
    id: RuleId::Postcard,
    key: "postcard",
    name: "No postcards",
    strength: Strength::Hard,
    category: Category::Message,
    sentence: "A debt is never mentioned on a postcard.",
    public: "The message must be changed.",
    citation: "15 U.S.C. 1692f(7); 12 CFR 1006.22(f)(1)",
    exceptions: &[],
    clears: "When it goes in an envelope.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const EMAIL_OPTOUT_NOTICE: RuleInfo = RuleInfo {
    id: RuleId::EmailOptoutNotice,
    key: "email-optout-notice",
    name: "How to stop emails",
    strength: Strength::Content,
    category: Category::Message,
    sentence: "Every email says how to stop further emails to that address.",
    public: "The message must be changed.",
    citation: "12 CFR 1006.6(e)",
    exceptions: &["A message to the person's lawyer."],
    clears: "When the message is changed.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const MINI_MIRANDA: RuleInfo = RuleInfo {
    id: RuleId::MiniMiranda,
    key: "mini-miranda",
    name: "Saying who is calling and why",
    strength: Strength::Content,
    category: Category::Message,
    sentence: "Every communication says that it is from a debt collector, the first one also that information will be used to collect.",
    public: "The message must be changed.",
    citation: "15 U.S.C. 1692e(11); 12 CFR 1006.18(e)",
    exceptions: &["A limited-content voicemail and a question where someone is."],
    clears: "When the message is changed.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const EMAIL_PROCEDURE: RuleInfo = RuleInfo {
    id: RuleId::EmailProcedure,
    key: "email-procedure",
    name: "How the address was obtained",
    strength: Strength::Reminder,
    category: Category::Message,
    sentence: "An address the person has not used with us should be covered by the written procedures.",
    public: "Check how the address was obtained.",
    citation: "12 CFR 1006.6(d)(3)-(5)",
    exceptions: &[],
    clears: "When the person uses the address.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const AI_DISCLOSURE: RuleInfo = RuleInfo {
    id: RuleId::AiDisclosure,
    key: "ai-disclosure",
    name: "An automated voice says so",
    strength: Strength::Reminder,
    category: Category::Message,
    sentence: "An automated voice says at the start that it is one.",
    public: "The call must begin by saying that the voice is automated.",
    citation: "47 CFR 64.1200(b)(1); product policy",
    exceptions: &[],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};
