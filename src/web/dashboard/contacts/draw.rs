//! The form of Log contact, drawn from the gate's answer.

use chrono_tz::Tz;

use super::is_spoken;
use super::read::{Inputs, PURPOSES, Points, Submitted};
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
    CONTACT_KINDS, DisclosureScript, GateVerdict, LogContactForm, LogContactPage,
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
            debtor_time: debtor_time(decision, now),
            reminders: reminders(decision, inputs),
            validation_reminder: validation_reminder(decision, now),
            verdict: verdict(decision, inputs, user.time_zone),
            script: is_spoken(inputs.kind)
                .then(|| script(ctx, self.id, look, now))
                .flatten(),
            form: LogContactForm::new(&outcomes, only),
            once_key: self.once_key.clone(),
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

fn verdict(decision: &Decision, inputs: &Inputs, reader: Tz) -> GateVerdict {
    if inputs.direction() == Direction::In {
        return GateVerdict::Inbound;
    }
    match decision.outcome {
        Outcome::Allow => GateVerdict::Clear,
        Outcome::Acknowledge => GateVerdict::Acknowledge(
            decision
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Warning)
                .map(warning)
                .collect(),
        ),
        Outcome::Refuse => blocked(decision, reader),
    }
}

fn blocked(decision: &Decision, reader: Tz) -> GateVerdict {
    let zone = decision
        .zones
        .first()
        .map_or(reader, |place| place.zone.tz());
    GateVerdict::Blocked {
        findings: decision.in_the_way().map(gate_words::finding).collect(),
        earliest: decision.earliest_lawful_at.map(|at| words::clock(at, zone)),
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

/// What stops nobody; under an inbound contact also what stands against calling back.
fn reminders(decision: &Decision, inputs: &Inputs) -> Vec<crate::web::view::contact::Finding> {
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
fn validation_reminder(decision: &Decision, now: Instant) -> Option<String> {
    let due = decision.computed.validation_due_on?;
    decision.finding(RuleId::ValidationDue)?;
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

    /// With everything that was filled in.
    pub fn with_answers(mut self, sent: &Submitted) -> Self {
        let answer = |name: &str| sent.get(name).cloned().unwrap_or_default();
        let form = &mut self.form;
        for option in &mut form.outcome.options {
            option.chosen = option.value == answer("outcome");
        }
        for field in [
            &mut form.minutes,
            &mut form.seconds,
            &mut form.notes,
            &mut form.mini_miranda,
            &mut form.identified,
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
    pub fn with_refusal(mut self, decision: &Decision, user: &SignedIn) -> Self {
        self.verdict = blocked(decision, user.time_zone);
        self
    }
}
