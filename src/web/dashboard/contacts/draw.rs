//! The form of Log contact, drawn from the gate's answer.

use chrono_tz::Tz;

use super::is_spoken;
use super::read::{self, Inputs, Kind, PURPOSES, Points, Submitted};
use crate::actions::contacts::{Look, is_first_communication};
use crate::actions::ctx::Ctx;
use crate::domain::id::{DebtorId, DecisionId, PlacementId};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::gate::facts::Direction;
use crate::gate::{Decision, Outcome, RuleId, Severity};
use crate::keys::random_code;
use crate::store::{debtors, placement_refs, placing};
use crate::web::access::SignedIn;
use crate::web::dashboard::gate_words;
use crate::web::dashboard::words;
use crate::web::shell::Shell;
use crate::web::view::contact::{
    CONTACT_KINDS, DisclosureScript, Finding, GateVerdict, LogContactForm, LogContactPage,
    WarningToAcknowledge,
};
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::When;

/// What the form needs of the file.
pub struct Sheet {
    pub id: PlacementId,
    invoice: String,
    debtor_id: DebtorId,
    debtor: String,
    pub points: Points,
    /// The recorded answer that the form stands on, if there is one.
    pub decision: Option<DecisionId>,
    once_key: String,
}

impl Sheet {
    pub fn load(ctx: &Ctx, user: &SignedIn, id: PlacementId) -> AppResult<Self> {
        ctx.read(|conn| {
            let of = placement_refs::find(conn, user.scope(), id)?.ok_or(AppError::NotFound)?;
            let (debtor, _) =
                debtors::find(conn, user.scope(), of.debtor_id)?.ok_or(AppError::NotFound)?;
            let mut phones = placing::phones_of(conn, of.creditor_id, &[of.debtor_id])?;
            // The one that is chosen first is the debtor's own.
            phones.sort_by_key(|phone| !phone.is_own());
            let phones = phones
                .into_iter()
                .map(|phone| (phone.number, phone.label()))
                .collect();
            let emails = placing::emails_of(conn, of.creditor_id, &[of.debtor_id])?
                .into_iter()
                .map(|(_, address, kind, _)| {
                    let label = match kind.as_str() {
                        "employer" => format!("{address}, at work"),
                        _ => address.clone(),
                    };
                    (address, label)
                })
                .collect();
            Ok(Self {
                id,
                invoice: of.invoice_number,
                debtor_id: debtor.id,
                debtor: debtor.name,
                points: Points { phones, emails },
                decision: None,
                once_key: random_code(24)?,
            })
        })
    }

    /// The page with an empty form under the gate's answer.
    pub fn draw(
        &self,
        shell: Shell,
        ctx: &Ctx,
        user: &SignedIn,
        inputs: &Inputs,
        look: &Look,
    ) -> LogContactPage {
        let now = ctx.now();
        let decision = &look.decision;
        let outcomes = inputs.kind.outcomes();
        let only = match outcomes.as_slice() {
            [(code, _)] => code,
            _ => "",
        };
        LogContactPage {
            shell,
            id: self.id.to_string(),
            debtor_id: self.debtor_id.to_string(),
            debtor: self.debtor.clone(),
            invoice: self.invoice.clone(),
            kind: Choices::new("kind", CONTACT_KINDS, inputs.kind.as_str()),
            to: self.points_to_choose(&inputs.to),
            other: Field::new("other", &*inputs.other),
            purpose: Choices::new(
                "purpose",
                PURPOSES.map(|(_, code, label)| (code, label)),
                inputs.purpose_code(),
            ),
            at: Field::new("at", &*inputs.at),
            at_zone: format!(
                "Leave empty if it is now. Otherwise by the clock in {}",
                user.time_zone.name().replace('_', " ")
            ),
            checked: When::new(now, user.time_zone, now),
            checked_for: inputs.query(),
            check_is_new: false,
            debtor_time: debtor_time(decision, now),
            reminders: reminders(decision, inputs),
            validation_reminder: validation_reminder(look, now),
            verdict: verdict(look, inputs, user.time_zone),
            script: is_spoken(inputs.kind)
                .then(|| script(ctx, self.id, look, now))
                .flatten(),
            form: LogContactForm::new(&outcomes, only),
            once_key: self.once_key.clone(),
            kept: Vec::new(),
            from_the_debtor: from_the_debtor(inputs.kind),
            decision_href: self.decision.map(|id| format!("/decisions/{id}")),
        }
    }

    fn points_to_choose(&self, chosen: &str) -> Choices {
        let mut options: Vec<(String, String)> = self
            .points
            .phones
            .iter()
            .map(|(number, label)| (number.to_string(), label.clone()))
            .collect();
        options.extend(self.points.emails.iter().cloned());
        options.push((String::new(), "None of these".to_owned()));
        Choices::new(
            "to",
            options
                .iter()
                .map(|(value, label)| (value.as_str(), label.as_str())),
            chosen,
        )
    }
}

/// The kind that a person may log whatever the gate says, and how its button is called.
fn from_the_debtor(kind: Kind) -> (&'static str, &'static str) {
    let kind = kind.begun_by_the_debtor();
    let words = match kind {
        Kind::PhoneOutbound | Kind::PhoneInbound | Kind::Voicemail => "The debtor called us",
        Kind::Email | Kind::EmailInbound => "The debtor emailed us",
        Kind::Letter | Kind::LetterInbound => "The debtor wrote to us",
    };
    (kind.as_str(), words)
}

fn verdict(look: &Look, inputs: &Inputs, reader: Tz) -> GateVerdict {
    if inputs.direction() == Direction::In {
        return GateVerdict::Inbound;
    }
    let decision = &look.decision;
    if decision.outcome == Outcome::Refuse {
        return blocked(decision, look.by_a_person, reader);
    }
    let mut warnings: Vec<WarningToAcknowledge> = look.since.iter().map(stopped_since).collect();
    warnings.extend(
        decision
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Warning)
            .map(warning),
    );
    if warnings.is_empty() {
        GateVerdict::Clear
    } else {
        GateVerdict::Acknowledge(warnings)
    }
}

/// `by_a_person`: when somebody who acknowledges every warning may go on.
fn blocked(decision: &Decision, by_a_person: Option<Instant>, reader: Tz) -> GateVerdict {
    let zone = decision
        .zones
        .first()
        .map_or(reader, |place| place.zone.tz());
    GateVerdict::Blocked {
        findings: decision.in_the_way().map(gate_words::finding).collect(),
        earliest: by_a_person.map(|at| words::clock(at, zone)),
        without_warnings: decision.earliest_lawful_at.map(|at| words::clock(at, zone)),
        is_warned: by_a_person != decision.earliest_lawful_at,
        only_time: decision
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Block)
            .all(|finding| {
                matches!(
                    finding.rule,
                    RuleId::CallHours | RuleId::LocationConflict | RuleId::InconvenientTime
                )
            }),
    }
}

fn warning(finding: &crate::gate::Finding) -> WarningToAcknowledge {
    let rule = finding.rule;
    WarningToAcknowledge {
        finding: gate_words::finding(finding),
        tick: Field::new(format!("ack_{rule}"), ""),
        statement: "I have read this warning and make the contact for the reason below".to_owned(),
        evidence: Field::new(format!("evidence_{rule}"), ""),
        evidence_label: gate_words::evidence_asked(finding.category).to_owned(),
    }
}

/// A stop that came after a contact which is put on record only now.
fn stopped_since(since: &crate::gate::Finding) -> WarningToAcknowledge {
    let shown = warning(since);
    WarningToAcknowledge {
        finding: Finding {
            message: Look::told_since(since),
            ..shown.finding
        },
        statement: "I have read this, and the contact took place before it".to_owned(),
        evidence_label: "How is it known when the contact took place?".to_owned(),
        ..shown
    }
}

/// What stops nobody; under an inbound contact also what stands against calling back.
fn reminders(decision: &Decision, inputs: &Inputs) -> Vec<Finding> {
    let inbound = inputs.direction() == Direction::In;
    decision
        .findings
        .iter()
        .filter(|finding| match finding.rule {
            // Shown as the notice's own reminder, and as the words to say.
            RuleId::ValidationDue | RuleId::MiniMiranda => false,
            // Said to a person who was called; who calls has chosen the hour and the number.
            RuleId::ContactPointUnknown => !inbound,
            _ => inbound || finding.severity == Severity::Reminder,
        })
        .map(gate_words::finding)
        .collect()
}

/// How long there is to send the notice. One that is overdue says so itself, among the warnings.
fn validation_reminder(look: &Look, now: Instant) -> Option<String> {
    let decision = &look.decision;
    let due = decision.computed.validation_due_on?;
    decision.finding(RuleId::ValidationDue)?;
    if let Some(block) = &look.no_notice {
        return Some(format!(
            "It would be due by {}, and may not be sent: {}",
            words::date(due),
            block.message
        ));
    }
    let zone = decision
        .zones
        .first()
        .map_or(Tz::UTC, |place| place.zone.tz());
    let left = match due.signed_duration_since(now.date_in(zone)).num_days() {
        0 => "today is the last day".to_owned(),
        1 => "one day is left".to_owned(),
        days => format!("{days} days are left"),
    };
    Some(format!(
        "The validation notice must be sent by {}: {left}.",
        words::date(due)
    ))
}

fn script(ctx: &Ctx, id: PlacementId, look: &Look, now: Instant) -> Option<DisclosureScript> {
    let policy = ctx.policies.last_known().policy;
    let words = policy.federal.mini_miranda.on(now.date_in(Tz::UTC))?;
    Some(DisclosureScript {
        mini_miranda: words.full.clone(),
        identification: words.short.clone(),
        first_communication: is_first_communication(&look.on_file.facts, id),
    })
}

/// "3:05 pm EST", or each of several; none when nobody can tell.
fn debtor_time(decision: &Decision, now: Instant) -> Option<String> {
    let mut times: Vec<String> = decision
        .zones
        .iter()
        .map(|place| words::hour(now, place.zone.tz()))
        .collect();
    times.dedup();
    (!times.is_empty()).then(|| times.join(" or "))
}

/// The outcome that was chosen before, or why it can't be this contact's.
fn chosen_again(mut outcome: Choices, before: &str) -> Choices {
    if before.is_empty() {
        return outcome;
    }
    for option in &mut outcome.options {
        option.chosen = option.value == before;
    }
    if outcome.options.iter().any(|option| option.chosen) {
        return outcome;
    }
    let label = read::outcome_label(before).unwrap_or(before);
    outcome.with_error(format!(
        "\u{201c}{label}\u{201d} doesn\u{2019}t fit this kind of contact. Choose what happened."
    ))
}

impl LogContactPage {
    /// With the problems at their fields.
    pub fn with_errors(mut self, errors: &FieldErrors) -> Self {
        let form = &mut self.form;
        for error in errors.iter() {
            let message = Some(error.message.clone());
            match error.field {
                "kind" => self.kind.error = message,
                "to" => self.to.error = message,
                "other" => self.other.error = message,
                "purpose" => self.purpose.error = message,
                "at" => self.at.error = message,
                "outcome" => form.outcome.error = message,
                "minutes" => form.minutes.error = message,
                "seconds" => form.seconds.error = message,
                _ => form.notes.error = message,
            }
        }
        self
    }

    /// With everything that was filled in, also where this page doesn't ask for it any more.
    pub fn with_answers(mut self, sent: &Submitted) -> Self {
        let answer = |name: &str| sent.get(name).cloned().unwrap_or_default();
        self.form.outcome = chosen_again(self.form.outcome, &answer("outcome"));
        for field in [
            &mut self.form.minutes,
            &mut self.form.seconds,
            &mut self.form.notes,
            &mut self.form.mini_miranda,
            &mut self.form.identified,
        ] {
            field.value = answer(&field.name);
        }
        if let GateVerdict::Acknowledge(warnings) = &mut self.verdict {
            for warning in warnings {
                warning.tick.value = answer(&warning.tick.name);
                warning.evidence.value = answer(&warning.evidence.name);
            }
        }
        if let Some(key) = sent.get("once_key") {
            self.once_key.clone_from(key);
        }
        self.kept = self.not_asked_for(sent);
        self
    }

    /// Reasons and disclosures that were filled in and for which this check has no field. An
    /// acknowledgement is not among them: it counts only under the warning it was given to.
    fn not_asked_for(&self, sent: &Submitted) -> Vec<Field> {
        let asked_for: Vec<&str> = match &self.verdict {
            GateVerdict::Acknowledge(warnings) => warnings
                .iter()
                .map(|warning| warning.evidence.name.as_str())
                .collect(),
            GateVerdict::Clear | GateVerdict::Inbound | GateVerdict::Blocked { .. } => Vec::new(),
        };
        let is_kept = |name: &str| {
            let is_disclosure = ["mini_miranda", "identified"].contains(&name);
            (name.starts_with("evidence_") && !asked_for.contains(&name))
                || (is_disclosure && self.script.is_none())
        };
        let mut kept: Vec<Field> = sent
            .iter()
            .filter(|(name, value)| !value.is_empty() && is_kept(name))
            .map(|(name, value)| Field::new(name, value))
            .collect();
        kept.sort_by(|one, other| one.name.cmp(&other.name));
        kept
    }

    /// Says that what was sent was not what the last check was about, so that nothing was logged.
    pub fn with_new_check(mut self) -> Self {
        self.check_is_new = true;
        self
    }

    /// Marks each warning that has not been passed.
    pub fn with_unanswered_warnings(mut self) -> Self {
        if let GateVerdict::Acknowledge(warnings) = &mut self.verdict {
            for warning in warnings {
                if warning.tick.value != "yes" {
                    warning.tick.error = Some("Acknowledge this warning to go on.".to_owned());
                }
                if warning.evidence.value.trim().is_empty() {
                    warning.evidence.error = Some("Say why, in a few words.".to_owned());
                }
            }
        }
        self
    }

    /// With the refusal that is on record, whatever has changed since.
    pub fn with_refusal(mut self, decision: &Decision, look: &Look, user: &SignedIn) -> Self {
        self.verdict = blocked(decision, look.by_a_person, user.time_zone);
        self
    }
}
