//! The timeline's lines in words.

use serde_json::{Map, Value};

use super::{consent_words, words};
use crate::domain::consent::ConsentKind;
use crate::domain::event::EventKind;
use crate::domain::money::Cents;
use crate::domain::placement::PlacementStatus;
use crate::domain::stop::{Medium, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::store::contacts::ContactRow;
use crate::web::view::part::Fact;
use crate::web::view::timeline::EventKind as Icon;

/// A line: what sort it is, and one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub icon: Icon,
    pub sentence: String,
}

fn told(icon: Icon, sentence: impl Into<String>) -> Told {
    Told {
        icon,
        sentence: sentence.into(),
    }
}

/// What an audit event tells. A kind that this program doesn't know is told by its name.
pub fn event(kind: &str, body: &str) -> Told {
    let body: Map<String, Value> = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let count = |name: &str| body.get(name).and_then(Value::as_u64).unwrap_or(0);
    let by = || {
        let medium = Medium::from_word(text("via")).or_else(|| Medium::from_word(text("source")));
        medium.map_or_else(String::new, |medium| format!(" {}", medium.by()))
    };
    let Some(kind) = EventKind::from_word(kind) else {
        return told(Icon::Other, words::spoken(kind));
    };
    match kind {
        EventKind::PlacementCreated => told(Icon::Import, "Placed with us."),
        EventKind::PlacementRecalled => told(
            Icon::Recall,
            format!(
                "Recalled. {}",
                stopped(count("sequences_paused"), count("calls_cancelled"))
            ),
        ),
        EventKind::PlacementPaused => {
            let until = match text("until_on") {
                "" => String::new(),
                day => format!(" until {day}"),
            };
            let stopped = stopped(count("sequences_paused"), count("calls_cancelled"));
            told(Icon::Pause, format!("Paused{until}. {stopped}"))
        }
        EventKind::PlacementResumed => told(Icon::Other, "The pause ended."),
        EventKind::PlacementStatusChanged => {
            let status = PlacementStatus::from_word(text("status"))
                .map_or_else(|| text("status"), |status| words::status(status).words());
            told(Icon::Other, format!("Status is now {status}."))
        }
        EventKind::PlacementPaid => told(
            Icon::Payment,
            format!(
                "Paid in full. {}",
                stopped(count("sequences_paused"), count("calls_cancelled"))
            ),
        ),
        EventKind::PaymentReceived => told(
            Icon::Payment,
            format!(
                "{} received, fee {}.",
                money(text("amount")),
                money(text("fee"))
            ),
        ),
        EventKind::StopRequested | EventKind::VoiceCeaseRecorded => told(
            Icon::Stop,
            format!("Asked{} to stop {}.", by(), scope(text("scope"))),
        ),
        EventKind::VoiceDisputeFlagged | EventKind::VoiceDisputeRecorded => {
            told(Icon::Dispute, "The voice agent was told of a dispute.")
        }
        EventKind::VoiceAttorneyRecorded => {
            told(Icon::Stop, "The voice agent was told of a lawyer.")
        }
        EventKind::VoiceBankruptcyRecorded => {
            told(Icon::Stop, "The voice agent was told of a bankruptcy.")
        }
        EventKind::VoiceDeceasedRecorded => told(
            Icon::Stop,
            "The voice agent was told that the debtor has died.",
        ),
        EventKind::VoicePromiseRecorded => told(
            Icon::Payment,
            format!(
                "Promised to pay {} by {}.",
                money(text("amount")),
                text("due_on")
            ),
        ),
        EventKind::VoiceConsentRecorded => told(
            Icon::Other,
            format!("Gave a permission on a call: {}.", permission(text("kind"))),
        ),
        EventKind::StopReapplied => told(
            Icon::Stop,
            format!(
                "A request to stop {} was re-applied after a restore.",
                scope(text("scope"))
            ),
        ),
        EventKind::StopEffective => told(
            Icon::Stop,
            "The stop is effective: nothing was starting any more.",
        ),
        EventKind::CeaseSet => told(Icon::Stop, "All contact is stopped."),
        EventKind::CallOptOutSet => told(Icon::Stop, "Calls are stopped."),
        EventKind::EmailOptOutSet => told(Icon::Stop, "Emails are stopped."),
        EventKind::DoNotCallSet => told(Icon::Stop, "Marked as do not call."),
        EventKind::FlagSet => told(
            Icon::Stop,
            format!("Noted{}: {}.", by(), flag(text("flag"))),
        ),
        EventKind::FlagLifted if !text("allowed_again").is_empty() => told(
            Icon::Other,
            format!(
                "The debtor allowed contact again. No longer so: {}.",
                flag(text("flag"))
            ),
        ),
        EventKind::FlagLifted => told(
            Icon::Other,
            format!("No longer so: {}.", flag(text("flag"))),
        ),
        EventKind::ConsentGranted => told(
            Icon::Other,
            format!("Gave a permission{}: {}.", by(), permission(text("kind"))),
        ),
        EventKind::ConsentRevoked => told(
            Icon::Stop,
            format!(
                "Took a permission back{}: {}.",
                by(),
                permission(text("kind"))
            ),
        ),
        EventKind::PreferencesSet => told(
            Icon::Other,
            format!("Said{} how and in which language to be reached.", by()),
        ),
        EventKind::NumberCorrected if body.get("is_debtors") == Some(&Value::Bool(false)) => told(
            Icon::Stop,
            format!("A number was found{} to be somebody else\u{2019}s.", by()),
        ),
        EventKind::NumberCorrected => told(
            Icon::Other,
            format!("What is on file of a number was corrected{}.", by()),
        ),
        EventKind::SequencePaused => told(Icon::Pause, "Emails paused."),
        EventKind::SequenceResumed => told(Icon::Email, "Emails go on."),
        EventKind::SequenceDelayed => told(Icon::Email, "An email was put off."),
        EventKind::SequenceCompleted => told(Icon::Email, "The last email of the series went out."),
        EventKind::AddressSuppressed => told(
            Icon::Stop,
            "Mail did not arrive at an address or was unwelcome there; nothing is sent to it again.",
        ),
        EventKind::ReplyReceived => told(Icon::Email, "The debtor wrote to us."),
        EventKind::ReplyDecided => told(Icon::Task, "A message of the debtor was decided."),
        EventKind::HoldSet => told(
            Icon::Pause,
            "Contact is held until somebody has read a message.",
        ),
        EventKind::HoldLifted => told(Icon::Other, "The hold for a message ended."),
        EventKind::CallPlanned => told(Icon::CallOut, "A call was planned."),
        EventKind::CallCancelled => told(Icon::CallMissed, "A planned call was cancelled."),
        EventKind::CallRescheduled => told(Icon::CallOut, "A planned call was moved."),
        EventKind::DisputeOpened => told(
            Icon::Dispute,
            format!("Disputed{}. Outreach waits for an answer.", by()),
        ),
        EventKind::LetterRecorded => told(Icon::Letter, "A letter was recorded."),
        EventKind::PortalLinkCreated => told(Icon::Other, "A link into the portal was made."),
        EventKind::PortalLinkRevoked => told(Icon::Other, "A link into the portal was revoked."),
        EventKind::PortalCodeSent => told(Icon::Email, "A code for the portal was sent."),
        EventKind::PortalSignedIn => told(Icon::Other, "The debtor came into the portal."),
        EventKind::TaskOpened => told(Icon::Task, "A task was opened for the compliance desk."),
        EventKind::TaskTaken => told(Icon::Task, "A task of the compliance desk was taken."),
        EventKind::TaskPutBack => told(Icon::Task, "A task of the compliance desk was put back."),
        EventKind::TaskDone => told(Icon::Task, "A task of the compliance desk was done."),
        EventKind::TaskReopened => told(Icon::Task, "A task of the compliance desk was reopened."),
        EventKind::AlertAcknowledged => told(Icon::Task, "An alert was acknowledged."),
        EventKind::AlertResolved => told(Icon::Task, "An alert was resolved."),
        // Not on a placement's timeline, or told by their own rows: by their name, if ever.
        EventKind::ContactAuthorised
        | EventKind::ContactHandedOver
        | EventKind::CallEnded
        | EventKind::ContactLogged
        | EventKind::ContactRefused
        | EventKind::AlertRaised
        | EventKind::ImportUploaded
        | EventKind::ImportStarted
        | EventKind::ImportCompleted
        | EventKind::ImportFailed
        | EventKind::ImportDiscarded
        | EventKind::DncListLoaded
        | EventKind::DncLoadUndone
        | EventKind::DncNumberAdded
        | EventKind::DncNumberRemoved
        | EventKind::CreditorCreated
        | EventKind::SeriesChanged
        | EventKind::UserAdded
        | EventKind::UserChanged
        | EventKind::UserSignedIn
        | EventKind::UserSignedOut
        | EventKind::SignInRefused
        | EventKind::PasswordChanged
        | EventKind::SessionsEnded
        | EventKind::ApiKeyCreated
        | EventKind::ApiKeyRevoked
        | EventKind::WebhookEndpointCreated
        | EventKind::WebhookEndpointChanged
        | EventKind::WebhookEndpointEnabled
        | EventKind::WebhookEndpointDisabled
        | EventKind::WebhookEndpointDeleted
        | EventKind::WebhookSecretRotated
        | EventKind::WebhookTestRequested
        | EventKind::WebhookRedelivered
        | EventKind::WebhookDead
        | EventKind::PolicyActivated
        | EventKind::JournalReapplied
        | EventKind::JournalSignedOff
        | EventKind::CheckpointSigned => told(
            Icon::Other,
            format!("{}.", words::spoken(&kind.as_str().replace('.', " "))),
        ),
    }
}

/// What a contact tells.
pub fn contact(contact: &ContactRow) -> Told {
    let is_in = contact.direction == "in";
    let outcome = words::spoken(&contact.outcome).to_lowercase();
    let (icon, what) = match contact.channel.as_str() {
        "call" if is_in => (Icon::CallIn, "The debtor called"),
        "call" | "voicemail" => match contact.outcome.as_str() {
            "no-answer" | "busy" | "not-in-service" => (Icon::CallMissed, "Called"),
            _ => (Icon::CallOut, "Called"),
        },
        "email" if is_in => (Icon::Email, "The debtor wrote an email"),
        "email" => (Icon::Email, "Emailed"),
        "letter" if is_in => (Icon::Letter, "The debtor wrote a letter"),
        "letter" => (Icon::Letter, "Wrote a letter"),
        "portal" if is_in => (Icon::Note, "The debtor wrote in the portal"),
        "portal" => (Icon::Note, "Left a message in the portal"),
        _ if is_in => (Icon::Note, "The debtor sent a text"),
        _ => (Icon::Note, "Texted"),
    };
    let sentence = match contact.outcome.as_str() {
        "pending" => format!("{what}: in progress."),
        "sent" | "received" => format!("{what}."),
        _ => format!("{what}: {outcome}."),
    };
    told(icon, sentence)
}

/// What a refused attempt tells.
pub fn refusal(channel: &str, occasion: &str) -> String {
    let what = match channel {
        "call" => "A call",
        "voicemail" => "A voicemail",
        "email" => "An email",
        "letter" => "A letter",
        "portal" => "A message in the portal",
        _ => "A contact",
    };
    match occasion {
        "precheck" => format!("{what} was refused before it was begun:"),
        _ => format!("{what} was refused:"),
    }
}

/// The scalars of an event's body that say something to a person. Ids and hashes stay out.
pub fn body_facts(body: &str) -> Vec<Fact> {
    let fields: Map<String, Value> = serde_json::from_str(body).unwrap_or_default();
    fields
        .iter()
        .filter(|(name, _)| name.as_str() != "detail_sha256")
        .filter_map(|(name, value)| {
            let shown = match value {
                Value::String(text) if is_id(text) || text.is_empty() => return None,
                Value::String(text) if is_money(name) => money(text),
                Value::String(text) => text.clone(),
                Value::Number(number) if name == "fee_bps" => number
                    .as_i64()
                    .and_then(|points| i32::try_from(points).ok())
                    .and_then(crate::domain::money::BasisPoints::new)
                    .map_or_else(|| number.to_string(), |rate| rate.to_string()),
                Value::Number(number) => number.to_string(),
                Value::Bool(true) => "yes".to_owned(),
                Value::Bool(false) => "no".to_owned(),
                Value::Null | Value::Array(_) | Value::Object(_) => return None,
            };
            let term = match name.as_str() {
                "fee_bps" => "Rate".to_owned(),
                other => words::spoken(other),
            };
            Some(Fact::new(term, shown))
        })
        .collect()
}

fn is_id(text: &str) -> bool {
    text.parse::<crate::domain::id::EventId>().is_ok()
}

fn is_money(name: &str) -> bool {
    matches!(name, "amount" | "fee" | "recovered" | "remaining")
}

/// `1250.00` as `$1,250.00`.
fn money(decimal: &str) -> String {
    decimal
        .parse::<Cents>()
        .map_or_else(|_| decimal.to_owned(), |cents| cents.to_string())
}

fn scope(word: &str) -> &'static str {
    match StopScope::from_word(word) {
        Some(StopScope::Call) => "calls",
        Some(StopScope::Email) => "emails",
        Some(StopScope::All) | None => "all contact",
    }
}

fn permission(kind: &str) -> String {
    match ConsentKind::from_word(kind) {
        Some(kind) => consent_words::what(kind).to_lowercase(),
        None if kind == "call_back" => "to be called back at a time".to_owned(),
        None => words::spoken(kind).to_lowercase(),
    }
}

fn flag(word: &str) -> String {
    crate::domain::stop::FlagKind::from_word(word).map_or_else(
        || "a fact about the debtor".to_owned(),
        |kind| super::flag_words::what(kind).to_lowercase(),
    )
}

fn stopped(sequences: u64, calls: u64) -> String {
    let count = |count: u64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let parts: Vec<String> = [
        count(sequences, "email sequence paused", "email sequences paused"),
        count(calls, "call cancelled", "calls cancelled"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        "Nothing was under way.".to_owned()
    } else {
        format!("{}.", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recall_says_what_it_stopped() {
        let recalled = event(
            "placement.recalled",
            r#"{"sequences_paused": 1, "calls_cancelled": 2}"#,
        );
        assert_eq!(
            recalled.sentence,
            "Recalled. 1 email sequence paused, 2 calls cancelled."
        );
        let quiet = event("placement.recalled", "{}");
        assert_eq!(quiet.sentence, "Recalled. Nothing was under way.");
    }

    #[test]
    fn every_kind_of_event_is_told_in_a_sentence() {
        for (_, word) in EventKind::WORDS {
            let told = event(word, "{}");
            assert!(told.sentence.ends_with('.'), "{word}: {}", told.sentence);
        }
    }

    #[test]
    fn ids_and_hashes_stay_out_of_the_details() {
        let facts = body_facts(
            r#"{"request": "01890a5d-ac96-774b-bcce-b302099a8057", "scope": "all",
                "detail_sha256": "00", "amount": "1250.00", "fee_bps": 2500}"#,
        );
        let shown: Vec<(&str, &str)> = facts
            .iter()
            .map(|fact| (fact.term.as_str(), fact.value.as_str()))
            .collect();
        assert_eq!(
            shown,
            [("Amount", "$1,250.00"), ("Rate", "25 %"), ("Scope", "all")]
        );
    }
}
