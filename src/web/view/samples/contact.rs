//! Logging a contact, and what is left after a stop.

use super::desk::desk_shell;
use super::{Page, hours_ago, rendered, shell, words};
use crate::web::shell::Section;
use crate::web::view::after_stop::{AfterStopPage, Limitation, StopWords};
use crate::web::view::contact::{
    CALL_OUTCOMES, CONTACT_KINDS, DisclosureScript, Finding, GateVerdict, LogContactForm,
    LogContactPage, WarningToAcknowledge,
};
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::Fact;

pub(super) fn pages() -> Vec<Page> {
    vec![
        ("after-stop", rendered(&after_stop())),
        (
            "log-contact-clear",
            rendered(&log_contact(GateVerdict::Clear)),
        ),
        (
            "log-contact-amber",
            rendered(&log_contact(acknowledge(false))),
        ),
        (
            "log-contact-amber-error",
            rendered(&log_contact(acknowledge(true))),
        ),
        ("log-contact-blocked", rendered(&log_contact(blocked()))),
    ]
}
pub(super) fn cease() -> Finding {
    Finding {
        rule_id: "cease".to_owned(),
        name: "Cease-and-desist".to_owned(),
        message: "The debtor asked us on 12 Nov 2026 to stop all contact.".to_owned(),
        citation: "15 U.S.C. 1692c(c); 12 CFR 1006.6(c)".to_owned(),
        way_out: "Only the debtor can lift it, in the portal.".to_owned(),
    }
}
fn attorney() -> Finding {
    Finding {
        rule_id: "attorney".to_owned(),
        name: "Attorney".to_owned(),
        message: "A lawyer acts for the debtor: Helen Osei, (614) 555-0177.".to_owned(),
        citation: "15 U.S.C. 1692c(a)(2); 12 CFR 1006.6(b)(2)".to_owned(),
        way_out: "Contact the lawyer instead.".to_owned(),
    }
}
fn blocked() -> GateVerdict {
    GateVerdict::Blocked {
        findings: vec![cease(), attorney()],
        earliest: None,
        is_warned: false,
        without_warnings: None,
        only_time: true,
    }
}
fn acknowledge(unanswered: bool) -> GateVerdict {
    let mut tick = Field::new("ack_weekly-call-cap", "");
    let mut evidence = Field::new("evidence_weekly-call-cap", "");
    if unanswered {
        tick = tick.with_error("Acknowledge this warning to go on");
        evidence = evidence.with_error("Say why this call is needed");
    }
    GateVerdict::Acknowledge(vec![WarningToAcknowledge {
        finding: Finding {
            rule_id: "weekly-call-cap".to_owned(),
            name: "Calls in a week".to_owned(),
            message: "Three calls with this debtor were answered in the last seven days; the account's limit is three."
                .to_owned(),
            citation: "Account setting max_calls_per_week".to_owned(),
            way_out: String::new(),
        },
        tick,
        statement: "I know that the weekly limit is reached, and call for the reason below.".to_owned(),
        evidence,
        evidence_label: "Why is this call needed now?".to_owned(),
    }])
}
fn log_contact(verdict: GateVerdict) -> LogContactPage {
    let mut shell = desk_shell("Log contact");
    shell.person.role = "Agent".to_owned();
    LogContactPage {
        shell,
        id: "20417".to_owned(),
        debtor_id: "d1".to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        invoice: "HS-20417".to_owned(),
        kind: Choices::new("kind", CONTACT_KINDS, "phone_outbound"),
        to: Choices::new("to", [("+16145550148", "(614) 555-0148, mobile")], "+16145550148"),
        other: Field::new("other", ""),
        purpose: Choices::new("purpose", [("collect", "To collect")], "collect"),
        at: Field::new("at", ""),
        at_zone: "Leave empty for now".to_owned(),
        checked: hours_ago(0),
        checked_for: "kind=phone_outbound".to_owned(),
        check_is_new: false,
        debtor_time: Some("3:05 pm EST".to_owned()),
        verdict,
        reminders: vec![],
        validation_reminder: Some(
            "First contact was on 13 Nov 2026 and no validation notice is on record. It was due by 18 Nov 2026."
                .to_owned(),
        ),
        script: Some(DisclosureScript {
            mini_miranda: "This is an attempt to collect a debt. Any information obtained will be used for that purpose. This communication is from a debt collector."
                .to_owned(),
            identification: "Every later communication has to say that it is from a debt collector."
                .to_owned(),
            first_communication: true,
        }),
        form: LogContactForm::new(&CALL_OUTCOMES, ""),
        once_key: "k4".to_owned(),
        kept: vec![],
        from_the_debtor: ("phone_inbound", "The debtor called us"),
        decision_href: Some("/decisions/01J".to_owned()),
    }
}
fn after_stop() -> AfterStopPage {
    AfterStopPage {
        shell: shell("What you can still do", Section::Placements),
        id: "20417".to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        invoice: "HS-20417".to_owned(),
        stop: StopWords {
            what: "Marisol Ortega asked us on 12 Nov 2026, in the portal, to stop contact."
                .to_owned(),
            suit: "A stop does not take away your right to file suit.",
            until_then: "until then the placement rests.",
            rule: (
                "Request to stop all contact",
                "/rules/cease".to_owned(),
                "15 U.S.C. 1692c(c)",
            ),
        },
        for_counsel: vec![
            Fact::new("Balance", "$1,250.00"),
            Fact::new("Due since", "17 Aug 2026"),
            Fact::new("Debtor's address", "88 Linden Ave, Columbus, OH 43206"),
        ],
        limitation: Some(Limitation {
            last_day: "17 Aug 2032".to_owned(),
            passed: false,
        }),
        debtor_counsel: None,
        may_recall: true,
    }
}
#[test]
fn a_blocked_contact_names_every_reason_and_its_button_is_disabled() {
    let html = rendered(&log_contact(blocked()));
    let text = words(&html);
    assert!(text.contains("Contact BLOCKED"));
    assert!(text.contains("stop all contact"));
    assert!(text.contains("Helen Osei, (614) 555-0177"));
    assert!(html.contains(r#"type="submit" disabled>Log contact"#));
    // What has happened nevertheless can be put on record, folded away.
    assert!(html.contains(r#"<details class="fold">"#));
    assert!(html.contains(r#"name="took_place" value="yes">"#));
}
#[test]
fn each_warning_has_its_own_unticked_box_and_asks_for_its_evidence() {
    let html = rendered(&log_contact(acknowledge(false)));
    assert!(html.contains(r#"name="ack_weekly-call-cap" value="yes">"#));
    assert!(html.contains(r#"name="evidence_weekly-call-cap""#));
    let unanswered = rendered(&log_contact(acknowledge(true)));
    assert!(
        unanswered
            .contains(r##"<a href="#ack_weekly-call-cap">Acknowledge this warning to go on</a>"##)
    );
}
#[test]
fn the_two_disclosures_are_asked_for_with_the_script_and_without_default() {
    let html = rendered(&log_contact(GateVerdict::Clear));
    assert!(html.contains("This is an attempt to collect a debt."));
    assert!(html.contains(r#"name="mini_miranda" value="yes" aria-describedby"#));
    assert!(html.contains(r#"name="identified" value="yes" aria-describedby"#));
    assert!(!html.contains(" checked"));
}
#[test]
fn a_late_validation_notice_is_said_before_the_contact_is_logged() {
    let text = words(&rendered(&log_contact(GateVerdict::Clear)));
    assert!(text.contains("no validation notice is on record. It was due by 18 Nov 2026"));
}
#[test]
fn after_a_stop_each_of_the_three_ways_has_its_anchor() {
    let html = rendered(&after_stop());
    for anchor in ["legal", "recall", "negotiate"] {
        assert!(html.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}
