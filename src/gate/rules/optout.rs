//! Ways, numbers and addresses the person has closed.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::{Party, Purpose};
use crate::gate::facts::{Channel, Direction, DncEntry, Medium};
use crate::gate::findings::Until;
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::inquiry::{medium_of, same_address, same_number};
use crate::gate::when::When;
use crate::gate::windows::add_days;
use crate::gate::words;

/// Cases: `tests/gate_cases/optout.json`.
pub(super) const DO_NOT_CALL: RuleInfo = RuleInfo {
    id: RuleId::DoNotCall,
    key: "do-not-call",
    name: "Do not call",
    strength: Strength::Product,
    category: Category::StopRequest,
    sentence: "The file says that this person is not to be telephoned on any number.",
    public: "The person has asked not to be telephoned.",
    citation: "Product policy; 12 CFR 1006.14(h)",
    exceptions: &[],
    clears: "When the flag is lifted.",
    alert: AlertType::DoNotCall,
};

/// Cases: `tests/gate_cases/optout.json`.
pub(super) const CALL_OPT_OUT: RuleInfo = RuleInfo {
    id: RuleId::CallOptOut,
    key: "call-opt-out",
    name: "Opted out of calls",
    strength: Strength::Product,
    category: Category::StopRequest,
    sentence: "The person has asked not to be called.",
    public: "The person has asked not to be telephoned.",
    citation: "12 CFR 1006.14(h)(1)",
    exceptions: &["One reply by telephone to a person who telephones."],
    clears: "When the person says so.",
    alert: AlertType::DoNotCall,
};

/// Cases: `tests/gate_cases/optout.json`.
pub(super) const EMAIL_OPT_OUT: RuleInfo = RuleInfo {
    id: RuleId::EmailOptOut,
    key: "email-opt-out",
    name: "Opted out of email",
    strength: Strength::Product,
    category: Category::StopRequest,
    sentence: "The person has asked not to be emailed.",
    public: "The person has asked not to be emailed.",
    citation: "12 CFR 1006.14(h)(1), 1006.6(e)",
    exceptions: &[
        "One bare confirmation of the opt-out.",
        "One reply by email to a person who emails.",
    ],
    clears: "When the person says so.",
    alert: AlertType::DoNotCall,
};

/// Cases: `tests/gate_cases/optout.json`.
pub(super) const MEDIUM_OPTOUT: RuleInfo = RuleInfo {
    id: RuleId::MediumOptout,
    key: "medium-optout",
    name: "Not by this way",
    strength: Strength::Hard,
    category: Category::StopRequest,
    sentence: "A person who asks not to be reached in a certain way is not reached that way, from that moment.",
    public: "The person has asked not to be contacted in this way.",
    citation: "12 CFR 1006.14(h)",
    exceptions: &[
        "One bare confirmation of an electronic opt-out.",
        "One reply in the same way to a person who makes contact that way.",
        "A notice that the law requires in that way.",
    ],
    clears: "When the person says so.",
    alert: AlertType::DoNotCall,
};

/// Cases: `tests/gate_cases/optout.json`.
pub(super) const ADDRESS_OPTOUT: RuleInfo = RuleInfo {
    id: RuleId::AddressOptout,
    key: "address-optout",
    name: "Not this number or address",
    strength: Strength::Hard,
    category: Category::StopRequest,
    sentence: "A person may ask that one number or address is not used.",
    public: "The person has asked that this number or address is not used.",
    citation: "12 CFR 1006.14(h), 1006.6(e); comment 14(h)(1)-2",
    exceptions: &[
        "One bare confirmation of an electronic opt-out.",
        "One reply in the same way to a person who makes contact that way.",
    ],
    clears: "When the person says so.",
    alert: AlertType::DoNotCall,
};

/// Cases: `tests/gate_cases/optout.json`.
pub(super) const DNC_REGISTRY: RuleInfo = RuleInfo {
    id: RuleId::DncRegistry,
    key: "dnc-registry",
    name: "Do-not-call list",
    strength: Strength::Product,
    category: Category::StopRequest,
    sentence: "The number stands on a do-not-call list, and Forbear honours every such list.",
    public: "The number is on a do-not-call list.",
    citation: "Product policy: every do-not-call list is honoured; 47 CFR 64.1200(c)-(d) itself governs sales calls",
    exceptions: &[],
    clears: "When the entry expires or is removed.",
    alert: AlertType::DoNotCall,
};

/// Raises `do-not-call`.
pub(super) fn do_not_call(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !is_by_telephone(now) || !binds(now) {
        return;
    }
    let Some(stop) = now.stops(now.facts().debtor.flags.do_not_call.as_ref()) else {
        return;
    };
    findings.block(RuleId::DoNotCall, None, || {
        Why::says("The file says that this person is not to be telephoned on any number.").with(
            "debtor.flags.do_not_call",
            stop.source
                .as_deref()
                .map_or_else(|| "on file".to_owned(), words::on_file),
        )
    });
}

fn is_by_telephone(now: &Now<'_>) -> bool {
    now.is_by_phone() || now.attempt().channel == Channel::Sms
}

/// The consumer's wishes bind everyone but the lawyer, and the representative of somebody who has
/// died, who has wishes of their own.
fn binds(now: &Now<'_>) -> bool {
    match now.party() {
        Party::Consumer | Party::ThirdParty | Party::Spouse => true,
        Party::Attorney | Party::PersonalRepresentative => false,
    }
}

/// Raises `medium-optout`, and beside it `call-opt-out` or `email-opt-out`: one stored fact by two
/// names, whichever of them the file uses. In force at once.
pub(super) fn medium(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !binds(now) {
        return;
    }
    let flags = &now.facts().debtor.flags;
    let medium = medium_of(now.attempt().channel);
    let (by_name, rule) = match medium {
        Medium::Phone => (flags.call_opt_out.as_ref(), Some(RuleId::CallOptOut)),
        Medium::Email => (flags.email_opt_out.as_ref(), Some(RuleId::EmailOptOut)),
        Medium::Mail | Medium::Text | Medium::Portal => (None, None),
    };
    let stop = now.stops(by_name);
    let asked = flags
        .medium_optout
        .iter()
        .find(|optout| optout.medium == medium && now.has_begun(optout.at));
    let since = match (stop, asked) {
        (None, None) => return,
        (Some(stop), _) => stop.at,
        (None, Some(optout)) => optout.at,
    };
    let stated = stop
        .and_then(|stop| stop.source.as_deref().or(stop.via.as_deref()))
        .or(asked.and_then(|optout| optout.via.as_deref()));
    if answers_or_confirms(now, since, stated) || is_required_by_law(now) {
        return;
    }
    let message = match medium {
        Medium::Phone => "This person has asked not to be telephoned.",
        Medium::Email => "This person has asked not to be emailed.",
        Medium::Mail => "This person has asked not to be written to.",
        Medium::Text => "This person has asked not to be sent texts.",
        Medium::Portal => "This person has asked not to be sent messages in the portal.",
    };
    let via = || stated.map_or_else(|| "on file".to_owned(), words::on_file);
    findings.block(RuleId::MediumOptout, None, || {
        Why::says(message).with("debtor.flags.medium_optout", via())
    });
    if let Some(rule) = rule {
        findings.block(rule, None, || {
            Why::says(message).with("debtor.flags", via())
        });
    }
}

/// A written notice after "send me no mail" (12 CFR 1006.14(h)(2)(iii)).
fn is_required_by_law(now: &Now<'_>) -> bool {
    now.attempt().channel == Channel::Letter
        && match now.attempt().purpose {
            Purpose::ValidationNotice | Purpose::DisputeResponse => true,
            Purpose::Collect
            | Purpose::LocationInfo
            | Purpose::RespondOnce
            | Purpose::Terminate
            | Purpose::RemedyNotice
            | Purpose::ConfirmOptout
            | Purpose::LegalThreat => false,
        }
}

/// The one reply to a contact by the same medium, or the one bare confirmation of an opt-out that
/// came electronically (12 CFR 1006.14(h)(2)(i)).
fn answers_or_confirms(now: &Now<'_>, since: Option<When>, via: Option<&str>) -> bool {
    let since = since.map(When::earliest);
    let answers = now
        .unanswered_contact()
        .is_some_and(|contact| since.is_none_or(|since| contact.at >= since));
    answers || (!via.is_some_and(is_by_voice_or_paper) && confirms(now, since))
}

/// Whether the file says that an opt-out came by word of mouth or on paper.
fn is_by_voice_or_paper(via: &str) -> bool {
    let ways = [
        "oral",
        "spoken",
        "phone",
        "telephone",
        "call",
        "voice",
        "voicemail",
        "in-person",
        "letter",
        "mail",
        "paper",
        "fax",
    ];
    ways.iter().any(|way| via.trim().eq_ignore_ascii_case(way))
}

fn confirms(now: &Now<'_>, since: Option<crate::domain::time::Instant>) -> bool {
    let attempt = now.attempt();
    attempt.channel == Channel::Email
        && attempt.purpose == Purpose::ConfirmOptout
        && !now.facts().history.iter().any(|contact| {
            contact.channel == Channel::Email
                && contact.direction == Direction::Out
                && contact.purpose == Some(Purpose::ConfirmOptout)
                && since.is_none_or(|since| contact.at >= since)
        })
}

/// Raises `address-optout` for one number or one email address.
pub(super) fn address(now: &Now<'_>, findings: &mut Findings<'_>) {
    let attempt = now.attempt();
    let flags = &now.facts().debtor.flags;
    let listed = flags.address_optout.iter().find(|optout| {
        now.has_begun(optout.at)
            && match attempt.channel {
                Channel::Call | Channel::Voicemail | Channel::Sms => attempt
                    .phone
                    .as_deref()
                    .is_some_and(|phone| same_number(phone, &optout.address)),
                Channel::Email => attempt
                    .email
                    .as_deref()
                    .is_some_and(|email| same_address(email, &optout.address)),
                Channel::Letter | Channel::Portal => false,
            }
    });
    let opted_out = (attempt.channel == Channel::Email)
        .then_some(now.inquiry.email)
        .flatten()
        .and_then(|email| email.opted_out_at)
        .filter(|at| now.has_begun(Some(*at)));
    let since = match (listed, opted_out) {
        (None, None) => return,
        (Some(optout), _) => optout.at,
        (None, Some(at)) => Some(at),
    };
    if answers_or_confirms(now, since, None) {
        return;
    }
    findings.block(RuleId::AddressOptout, None, || {
        Why::says("This person has asked that this number or address is not used.").with(
            "debtor.flags.address_optout",
            words::on_file(
                attempt
                    .phone
                    .as_deref()
                    .or(attempt.email.as_deref())
                    .unwrap_or(""),
            ),
        )
    });
}

/// Raises `dnc-registry` for the number about to be dialled, and for a person known to stand on the
/// national registry, whose numbers nobody has listed.
pub(super) fn dnc_registry(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !is_by_telephone(now) {
        return;
    }
    let entries = now
        .inquiry
        .phone
        .map_or(&[][..], |phone| phone.dnc.as_slice());
    let mut until: Option<Until> = None;
    let mut source = None;
    for entry in entries {
        let Some(ends) = active_until(now, entry) else {
            continue;
        };
        source = source.or(entry.source.as_deref());
        until = Some(match (until, ends) {
            (Some(Until::At(one)), Until::At(other)) => Until::At(one.max(other)),
            (Some(Until::Never), _) | (_, Until::Never) => Until::Never,
            (None, ends) => ends,
        });
    }
    if binds(now)
        && now
            .stops(now.facts().debtor.flags.national_dnc.as_ref())
            .is_some()
    {
        until = Some(Until::Never);
        source = source.or(Some("national registry"));
    }
    let Some(until) = until else {
        return;
    };
    findings.block(RuleId::DncRegistry, until, || {
        Why::says("This number is on a do-not-call list, and every such list is honoured.").with(
            "debtor.phones.dnc",
            source.map_or_else(|| "a list".to_owned(), words::on_file),
        )
    });
}

fn active_until(now: &Now<'_>, entry: &DncEntry) -> Option<Until> {
    // A list names a day and no clock: it holds from the first moment at which it is that day
    // anywhere, so that a number put on a list this evening isn't called while it is still
    // yesterday where the debtor lives.
    if entry
        .added_at
        .is_some_and(|added| added.earliest() > now.at)
    {
        return None;
    }
    let ends = match entry.expires_at {
        None => return Some(Until::Never),
        Some(When::At(at)) => at,
        Some(When::On(last)) => now.begun_everywhere(add_days(last, 1)),
    };
    (now.at < ends).then_some(Until::At(ends))
}
