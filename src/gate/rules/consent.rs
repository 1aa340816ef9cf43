//! Automated and recorded calls.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::domain::place::StateCode;
use crate::domain::time::Instant;
use crate::gate::attempt::Dialing;
use crate::gate::facts::{Phone, PhoneKind};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::inquiry::is_placed_call;
use crate::gate::locality::{Places, digits_of};
use crate::gate::words;

/// Cases: `tests/gate_cases/consent.json`.
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

/// Cases: `tests/gate_cases/consent.json`.
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

/// Cases: `tests/gate_cases/consent.json`.
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

/// Cases: `tests/gate_cases/consent.json`.
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

/// Where consent to automated calls on a number stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Autodial {
    Given,
    Revoked,
    /// Not yet, or never.
    Missing(Option<Instant>),
}

fn autodial(now: &Now<'_>, phone: Option<&Phone>) -> Autodial {
    let Some(consent) = phone.and_then(|phone| phone.autodial_consent.as_ref()) else {
        return Autodial::Missing(None);
    };
    let given = consent.given_at.map(|given| now.happens_at(given));
    let revoked = consent
        .revoked_at
        .filter(|revoked| now.has_begun(Some(*revoked)))
        .map(|revoked| revoked.earliest());
    match (given, revoked) {
        (None, _) => Autodial::Missing(None),
        (Some(given), _) if given > now.at => Autodial::Missing(Some(given)),
        (Some(given), Some(revoked)) if given <= revoked => Autodial::Revoked,
        (Some(_), _) => Autodial::Given,
    }
}

/// Raises `tcpa-consent` and `tcpa-revoked` for calls a machine dials or speaks. A number whose
/// kind is not known is treated as a mobile.
pub(super) fn tcpa(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !now.is_by_phone() || now.attempt().dialing == Dialing::Manual {
        return;
    }
    let phone = now.inquiry.phone;
    match autodial(now, phone) {
        Autodial::Given => {}
        Autodial::Revoked => findings.block(RuleId::TcpaRevoked, None, || {
            Why::says("This person has withdrawn consent to automated calls on this number.")
                .with("debtor.phones.autodial_consent", revoked(phone))
        }),
        Autodial::Missing(from) => {
            let landline = phone.and_then(|phone| phone.kind) == Some(PhoneKind::Landline);
            if landline {
                landline_limit(now, findings, from);
            } else {
                findings.block(RuleId::TcpaConsent, from, || {
                    Why::says("An automated call to this number needs the person's consent, and none is on file.")
                        .with("debtor.phones.autodial_consent", "none")
                });
            }
        }
    }
}

/// That it was withdrawn, and which entry of the file it was.
fn revoked(phone: Option<&Phone>) -> String {
    let consent = phone.and_then(|phone| phone.autodial_consent.as_ref());
    match consent.and_then(|consent| consent.source.as_deref()) {
        Some(source) => format!("revoked: {}", words::on_file(source)),
        None => "revoked".to_owned(),
    }
}

/// Recorded calls to a home line without consent: three in thirty days. The history does not say
/// which calls were recorded ones, so every call counts.
fn landline_limit(now: &Now<'_>, findings: &mut Findings<'_>, from: Option<Instant>) {
    if now.attempt().dialing != Dialing::Prerecorded {
        return;
    }
    let Some(limit) = now.policy().federal.landline_prerecorded.on(now.date()) else {
        return;
    };
    let counted = now.limit_reached(limit.max, limit.days, |contact| {
        is_placed_call(contact) && now.inquiry.is_to_same_number(contact)
    });
    let Some(reached) = counted else { return };
    let until = match (reached.until, from) {
        (Some(until), Some(from)) => Some(until.min(from)),
        (until, from) => until.or(from),
    };
    findings.block(RuleId::TcpaConsent, until, || {
        Why::says(
            "Without consent, a home line gets no more than three recorded calls in thirty days.",
        )
        .with("history", reached.count.to_string())
    });
}

/// Raises `mini-tcpa` where a state asks for consent before automated or recorded calls.
pub(super) fn mini_tcpa(now: &Now<'_>, findings: &mut Findings<'_>) {
    let attempt = now.attempt();
    let automated = attempt.dialing != Dialing::Manual || now.is_automated();
    if !now.is_by_phone() || !(automated || attempt.recorded) {
        return;
    }
    let date = now.date();
    let Some(state) = now
        .inquiry
        .states()
        .find(|state| state.mini_tcpa.on(date) == Some(&true))
    else {
        return;
    };
    let mut until: Option<Option<Instant>> = None;
    if automated {
        match autodial(now, now.inquiry.phone) {
            Autodial::Given => {}
            Autodial::Revoked => until = Some(None),
            Autodial::Missing(from) => until = Some(from),
        }
    }
    if attempt.recorded {
        let from = recording_consent_from(now);
        if from != Some(now.at) {
            until = Some(match until {
                None => from,
                // Both are missing: the later decides, and never is later than any day.
                Some(other) => other.zip(from).map(|(one, other)| one.max(other)),
            });
        }
    }
    let Some(until) = until else { return };
    findings.block(RuleId::MiniTcpa, until, || {
        let citation = state
            .mini_tcpa
            .entry_on(date)
            .map(|entry| entry.citation.as_str());
        Why::says(format!(
            "{} asks for consent before an automated or recorded call, and none is on file.",
            state.name
        ))
        .citing(citation.unwrap_or(MINI_TCPA.citation))
        .with("debtor.phones.autodial_consent", "none")
    });
}

/// `now.at` when it is given already, a later moment when it will be, `None` when it won't.
fn recording_consent_from(now: &Now<'_>) -> Option<Instant> {
    let grant = now.facts().debtor.flags.recording_consent.as_ref();
    if now.is_granted(grant) {
        return Some(now.at);
    }
    grant.and_then(|grant| now.granted_from(grant))
}

/// Raises `recording-consent` where the law of the address or of the number dialled asks for the
/// consent of all parties, or has not been verified.
pub(super) fn recording(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !now.attempt().recorded || !now.is_by_phone() {
        return;
    }
    let date = now.date();
    let dialled = state_of_number(now).and_then(|code| now.policy().state(code));
    let mut states = now.inquiry.states().chain(dialled);
    let asks = states.find(|state| match state.all_party_recording_consent.on(date) {
        Some(Some(false)) => false,
        Some(Some(true) | None) | None => true,
    });
    let Some(state) = asks else { return };
    let from = recording_consent_from(now);
    if from == Some(now.at) {
        return;
    }
    findings.block(RuleId::RecordingConsent, from, || {
        let entry = state.all_party_recording_consent.entry_on(date);
        Why::says(format!(
            "A call with somebody in {} is recorded only with their consent, and none is on file.",
            state.name
        ))
        .citing(entry.map_or(RECORDING_CONSENT.citation, |entry| entry.citation.as_str()))
        .with("debtor.flags.recording_consent", "none")
    });
}

fn state_of_number(now: &Now<'_>) -> Option<StateCode> {
    let digits = now.attempt().phone.as_deref().and_then(digits_of)?;
    let area = Places::builtin().area_code(u16::try_from(digits / 10_000_000).ok()?)?;
    if area.country == "US" {
        StateCode::of_letters(area.region).ok()
    } else {
        None
    }
}
