//! What a message says and how it looks.

use super::timeline::first_communication;
use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::{Content, Dialing, Format, Party, Purpose, Script};
use crate::gate::facts::Channel;
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::words;

/// Cases: `tests/gate_policy.rs`, on a policy with such a state.
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

/// Cases: `tests/gate_cases/message.json`.
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

/// Cases: `tests/gate_cases/message.json`.
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

/// Cases: `tests/gate_cases/message.json`.
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

/// Cases: `tests/gate_cases/message.json`.
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

/// Cases: `tests/gate_cases/message.json`.
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

/// Cases: `tests/gate_cases/message.json`.
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

/// Raises `voicemail-not-allowed` and `voicemail-content`.
pub(super) fn voicemail(now: &Now<'_>, findings: &mut Findings<'_>) {
    if now.attempt().channel != Channel::Voicemail {
        return;
    }
    let date = now.date();
    let barred = now
        .inquiry
        .states()
        .find(|state| state.voicemail_disclosure_allowed.on(date) == Some(&false));
    if let Some(state) = barred {
        findings.block(RuleId::VoicemailNotAllowed, None, || {
            Why::says(format!("{} does not allow a voicemail.", state.name)).citing(
                state
                    .voicemail_disclosure_allowed
                    .entry_on(date)
                    .map_or(VOICEMAIL_NOT_ALLOWED.citation, |entry| {
                        entry.citation.as_str()
                    }),
            )
        });
    }
    if now.party() == Party::Attorney {
        return;
    }
    if let Some(fault) = fault_of_voicemail(now) {
        findings.block(RuleId::VoicemailContent, None, || {
            Why::says(fault).with("attempt.content", "voicemail")
        });
    }
}

/// What keeps a message from being a limited-content message. A message whose words nobody knows
/// is none; a script by that name without its parts is the product's own complete one.
fn fault_of_voicemail(now: &Now<'_>) -> Option<&'static str> {
    let attempt = now.attempt();
    match now.party() {
        Party::ThirdParty => return Some("A voicemail may not be left for somebody else."),
        Party::Consumer | Party::Attorney | Party::Spouse | Party::PersonalRepresentative => {}
    }
    let Some(content) = attempt.content.as_deref() else {
        return Some("Nobody knows what this voicemail would say.");
    };
    if content.script != Some(Script::LimitedContent) {
        return Some("Only a limited-content message may be left as a voicemail.");
    }
    if says_more(content) {
        return Some("The voicemail says more than a limited-content message may.");
    }
    if let Some(name) = content.business_name.as_deref()
        && tells_of_collection(now, name)
    {
        return Some("The business name in the voicemail tells of debt collection.");
    }
    let parts = [
        is_filled(content.business_name.as_ref()),
        is_filled(content.contact_name.as_ref()),
        is_filled(content.callback_number.as_ref()),
        content.reply_request.map(|request| request.then_some(())),
    ];
    let stated = parts.iter().any(Option::is_some);
    let complete = parts.iter().all(|part| *part == Some(Some(())));
    (stated && !complete).then_some(
        "The voicemail lacks the business name, a request to reply, a person's name or a number.",
    )
}

/// `None`: not stated; `Some(None)`: stated and empty.
fn is_filled(part: Option<&String>) -> Option<Option<()>> {
    part.map(|text| (!text.trim().is_empty()).then_some(()))
}

/// Anything beside the parts, state disclosures included, breaks the format.
fn says_more(content: &Content) -> bool {
    content.debt_collector_disclosure == Some(true)
        || content.optout_notice == Some(true)
        || content.dispute_right_restated == Some(true)
        || content.demand_by.is_some()
        || content.amount_sought.is_some()
        || content.itemization.is_some()
        || content.account_number.is_some()
        || content.end_date_shown.is_some()
}

fn tells_of_collection(now: &Now<'_>, name: &str) -> bool {
    let name = name.to_lowercase();
    match now.policy().federal.debt_collection_words.on(now.date()) {
        Some(telling) => telling.iter().any(|word| name.contains(word.as_str())),
        None => true,
    }
}

/// Raises `postcard`.
pub(super) fn postcard(now: &Now<'_>, findings: &mut Findings<'_>) {
    let content = now.attempt().content.as_deref();
    if content.and_then(|content| content.format) == Some(Format::Postcard) {
        findings.block(RuleId::Postcard, None, || {
            Why::says("A debt may not be mentioned on a postcard; use an envelope.")
                .with("attempt.content.format", "postcard")
        });
    }
}

/// Raises `email-optout-notice` and `email-procedure`. An email whose words are not stated is one
/// of the product's templates, which carry the notice; the reminder says what they must carry.
pub(super) fn email(now: &Now<'_>, findings: &mut Findings<'_>) {
    let attempt = now.attempt();
    if attempt.channel != Channel::Email || now.party() == Party::Attorney {
        return;
    }
    match attempt
        .content
        .as_deref()
        .and_then(|content| content.optout_notice)
    {
        Some(true) => {}
        Some(false) => findings.block(RuleId::EmailOptoutNotice, None, || {
            Why::says("This email does not say how to stop further emails to the address.")
                .with("attempt.content.optout_notice", "false")
        }),
        None => findings.remind(RuleId::EmailOptoutNotice, || {
            Why::says("The email must say how to stop further emails to the address.")
        }),
    }
    let used = now
        .inquiry
        .email
        .is_some_and(|email| now.certainly_happened(email.consumer_used_for_debt_at));
    if !used {
        findings.remind(RuleId::EmailProcedure, || {
            Why::says(EMAIL_PROCEDURE.sentence)
        });
    }
}

/// Raises `mini-miranda` for a message that is known to lack the disclosure, and reminds of it on
/// every call.
pub(super) fn mini_miranda(now: &Now<'_>, findings: &mut Findings<'_>) {
    let attempt = now.attempt();
    if attempt.channel == Channel::Voicemail || attempt.purpose == Purpose::LocationInfo {
        return;
    }
    let disclosed = attempt
        .content
        .as_deref()
        .and_then(|content| content.debt_collector_disclosure);
    match disclosed {
        Some(true) => {}
        Some(false) => findings.block(RuleId::MiniMiranda, None, || {
            Why::says("This message does not say that it is from a debt collector.")
                .with("attempt.content.debt_collector_disclosure", "false")
        }),
        None if attempt.channel == Channel::Call => findings.remind(RuleId::MiniMiranda, || {
            Why::says(if first_communication(now).is_none() {
                "Say that this is an attempt to collect a debt and that information will be used for that purpose."
            } else {
                "Say that the call is from a debt collector."
            })
        }),
        None => {}
    }
}

/// Reminds of `ai-disclosure` when no person speaks.
pub(super) fn ai_disclosure(now: &Now<'_>, findings: &mut Findings<'_>) {
    let spoken_by_machine = now.is_automated() || now.attempt().dialing == Dialing::Prerecorded;
    if !now.is_by_phone() || !spoken_by_machine {
        return;
    }
    findings.remind(RuleId::AiDisclosure, || {
        match now.policy().federal.ai_disclosure.on(now.date()) {
            Some(disclosure) => Why::says(format!(
                "An automated voice says within {} seconds: {}",
                disclosure.within_seconds,
                words::on_file(&disclosure.line)
            )),
            None => Why::says(AI_DISCLOSURE.sentence),
        }
    });
}
