//! The agent's and the compliance desk's pages.

use super::{Page, days_ago, hours_ago, in_days, plain_shell, rendered, shell, words};
use crate::web::shell::{Section, Shell};
use crate::web::view::after_stop::{AfterStopPage, Limitation};
use crate::web::view::alert::{AlertListPage, AlertMay, AlertPage, AlertRow, AlertStep};
use crate::web::view::badge::{ProgressBadge, SeverityBadge};
use crate::web::view::compliance::{
    self, ComplianceHomePage, FlagCount, OverdueNotice, RecentContact, SystemLine,
};
use crate::web::view::contact::{
    CALL_OUTCOMES, CONTACT_KINDS, DisclosureScript, Finding, GateVerdict, LogContactForm,
    LogContactPage, WarningToAcknowledge,
};
use crate::web::view::decision::{DecisionPage, RuleResult, RuleVerdict};
use crate::web::view::dnc::{DncEntry, DncPage, DncSource, DncVerdict};
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::{Chip, ChipGroup, Fact, Pager, Tone, trail, trail_to_placement};
use crate::web::view::placement_tabs::{Disclosure, Outcome};
use crate::web::view::rule::{RulePage, RuleParameter};
use crate::web::view::task::{TaskListPage, TaskRow};

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
        ("compliance", rendered(&home())),
        ("compliance-quiet", rendered(&quiet_home())),
        ("alerts", rendered(&alerts())),
        ("alert", rendered(&alert(may_answer()))),
        ("alert-own", rendered(&alert(own()))),
        ("tasks", rendered(&tasks())),
        ("dnc", rendered(&dnc(true))),
        ("dnc-clear", rendered(&dnc(false))),
        ("decision", rendered(&decision())),
        ("rule", rendered(&rule())),
    ]
}

fn desk_shell(title: &str) -> Shell {
    let mut shell = shell(title, Section::Compliance);
    shell.person.name = "Priya Raman".to_owned();
    shell.person.role = "Compliance".to_owned();
    shell.person.organisation = None;
    shell.ribbon = Some("Demo: calls are simulated and emails are written to files.".to_owned());
    shell
}

fn cease() -> Finding {
    Finding {
        rule_id: "cease-communication".to_owned(),
        name: "Cease-and-desist".to_owned(),
        message: "The debtor asked us on 12 Nov 2026 to stop all contact.".to_owned(),
        citation: "15 U.S.C. 1692c(c); 12 CFR 1006.6(c)".to_owned(),
        way_out: "Only the debtor, or two people with a reason, can lift it.".to_owned(),
    }
}

fn attorney() -> Finding {
    Finding {
        rule_id: "attorney-represented".to_owned(),
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
        debtor: "Marisol Ortega".to_owned(),
        invoice: "HS-20417".to_owned(),
        kind: Choices::new("kind", CONTACT_KINDS, "phone_outbound"),
        to: Choices::new("to", [("+16145550148", "(614) 555-0148, mobile")], "+16145550148"),
        other: Field::new("other", ""),
        purpose: Choices::new("purpose", [("collect", "To collect")], "collect"),
        at: Field::new("at", ""),
        at_zone: "Leave empty for now".to_owned(),
        checked: hours_ago(0),
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
        decision_href: Some("/decisions/01J".to_owned()),
    }
}

fn after_stop() -> AfterStopPage {
    AfterStopPage {
        shell: shell("What you can still do", Section::Placements),
        id: "20417".to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        invoice: "HS-20417".to_owned(),
        since: "12 Nov 2026".to_owned(),
        how: "in the portal".to_owned(),
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

fn alert_row(id: &str, severity: SeverityBadge, message: &str, hours: i64) -> AlertRow {
    AlertRow {
        id: id.to_owned(),
        severity,
        kind: "Cease-and-desist".to_owned(),
        message: message.to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        placement_id: "20417".to_owned(),
        invoice: "HS-20417".to_owned(),
        caused_by: "Scheduler".to_owned(),
        when: hours_ago(hours),
        progress: ProgressBadge::Open,
    }
}

fn alert_rows() -> Vec<AlertRow> {
    vec![
        alert_row(
            "a1",
            SeverityBadge::Critical,
            "Call refused: the debtor asked us on 12 Nov 2026 to stop all contact",
            2,
        ),
        alert_row(
            "a2",
            SeverityBadge::Warning,
            "Weekly limit acknowledged by Sam Reyes: the debtor asked for the call",
            30,
        ),
    ]
}

fn chips(labels: &[(&str, u64)]) -> Vec<Chip> {
    labels
        .iter()
        .enumerate()
        .map(|(i, (label, count))| Chip {
            label: (*label).to_owned(),
            count: *count,
            href: format!("/alerts?f={i}"),
            current: i == 0,
        })
        .collect()
}

fn alerts() -> AlertListPage {
    AlertListPage {
        shell: desk_shell("Alerts"),
        tabs: compliance::tabs("/alerts", 7, 3),
        filters: vec![
            ChipGroup {
                label: "Status",
                chips: chips(&[
                    ("Open", 7),
                    ("Acknowledged", 2),
                    ("Resolved", 31),
                    ("All", 40),
                ]),
            },
            ChipGroup {
                label: "Type",
                chips: chips(&[
                    ("All types", 7),
                    ("Cease-and-desist", 3),
                    ("Attorney", 1),
                    ("Bankruptcy", 1),
                    ("Do not call", 2),
                ]),
            },
        ],
        rows: alert_rows(),
        pager: Pager {
            first: 1,
            last: 2,
            total: 2,
            ..Pager::default()
        },
        any_alert: true,
    }
}

fn may_answer() -> AlertMay {
    AlertMay {
        acknowledge: true,
        resolve: true,
        why_not: None,
    }
}

fn own() -> AlertMay {
    AlertMay {
        why_not: Some("You caused this alert, so somebody else has to answer it.".to_owned()),
        ..AlertMay::default()
    }
}

fn alert(may: AlertMay) -> AlertPage {
    AlertPage {
        shell: desk_shell("Alert"),
        alert: alert_rows().remove(0),
        facts: vec![
            Fact::new("Debtor", "Marisol Ortega"),
            Fact::new("Attempt", "Call to (614) 555-0148"),
            Fact::new("Asked by", "Scheduler"),
        ],
        rule: (
            "Cease-and-desist".to_owned(),
            "/rules/cease-communication".to_owned(),
        ),
        decision_href: "/decisions/01J".to_owned(),
        history: vec![AlertStep {
            what: "Acknowledged by Lee Park".to_owned(),
            note: "The schedule held a call from before the stop.".to_owned(),
            when: hours_ago(1),
        }],
        may,
        version: 1,
        note: Field::new("note", ""),
        similar: Some((3, "/alerts?rule=cease-communication".to_owned())),
    }
}

fn home() -> ComplianceHomePage {
    let line = |label: &str, value: &str, tone, verdict: &str| SystemLine {
        label: label.to_owned(),
        value: value.to_owned(),
        tone,
        verdict: verdict.to_owned(),
        href: None,
    };
    let flag = |label: &str, count| FlagCount {
        label: label.to_owned(),
        count,
        href: "/debtors?flag=x".to_owned(),
    };
    ComplianceHomePage {
        shell: desk_shell("Compliance"),
        tabs: compliance::tabs("/compliance", 7, 3),
        system: vec![
            line(
                "Policy",
                "2026-11-01, reviewed 24 May 2026",
                Tone::Success,
                "Active",
            ),
            line(
                "Do-not-call lists",
                "Oldest is 34 days old",
                Tone::Warning,
                "Old",
            ),
            line("Worker", "Nothing waits", Tone::Success, "On time"),
            line(
                "Audit chain",
                "48,201 events, verified 12 minutes ago",
                Tone::Success,
                "Whole",
            ),
        ],
        flags: vec![
            flag("Cease-and-desist", 18),
            flag("Attorney", 6),
            flag("Bankruptcy", 9),
            flag("Do not call", 24),
            flag("Deceased", 2),
        ],
        violations: alert_rows(),
        overdue_notices: vec![
            overdue("Wm. Dorsey & Sons", 21, "Itemization date"),
            overdue("Marisol Ortega", 8, ""),
        ],
        contacts: vec![
            contact("Outgoing call, conversation", Disclosure::MiniMiranda, 52),
            contact("Outgoing call, voicemail left", Disclosure::NotGiven, 99),
            contact("Letter sent", Disclosure::NotApplicable, 400),
        ],
    }
}

fn overdue(debtor: &str, days: i64, missing: &str) -> OverdueNotice {
    OverdueNotice {
        placement_id: "20417".to_owned(),
        debtor: debtor.to_owned(),
        invoice: "HS-20417".to_owned(),
        creditor: "Harbor Supply Co".to_owned(),
        first_contact: days_ago(days),
        due: "18 Nov 2026".to_owned(),
        days_since_first_contact: days,
        missing: missing.to_owned(),
    }
}

fn contact(what: &str, disclosure: Disclosure, hours: i64) -> RecentContact {
    RecentContact {
        placement_id: "20417".to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        invoice: "HS-20417".to_owned(),
        what: what.to_owned(),
        by: "Sam Reyes".to_owned(),
        when: hours_ago(hours),
        disclosure,
    }
}

fn quiet_home() -> ComplianceHomePage {
    let mut page = home();
    page.violations.clear();
    page.overdue_notices.clear();
    page.contacts.clear();
    page
}

fn tasks() -> TaskListPage {
    let task = |what: &str, why: &str, due, overdue| TaskRow {
        id: "t1".to_owned(),
        what: what.to_owned(),
        why: why.to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        placement_id: "20417".to_owned(),
        invoice: "HS-20417".to_owned(),
        created: days_ago(2),
        due,
        overdue,
        progress: ProgressBadge::Open,
        may_complete: true,
    };
    TaskListPage {
        shell: desk_shell("Tasks"),
        tabs: compliance::tabs("/tasks", 7, 3),
        statuses: chips(&[("Open", 3), ("Done", 12)]),
        rows: vec![
            task(
                "Confirm the stop by letter",
                "The debtor asked us in the portal to stop all contact.",
                Some(in_days(3)),
                false,
            ),
            task(
                "Route contact through counsel",
                "The debtor named a lawyer on a call.",
                Some(days_ago(1)),
                true,
            ),
        ],
        pager: Pager {
            first: 1,
            last: 2,
            total: 2,
            ..Pager::default()
        },
    }
}

fn dnc(listed: bool) -> DncPage {
    DncPage {
        shell: desk_shell("Do not call"),
        tabs: compliance::tabs("/dnc", 7, 3),
        number: Field::new("number", "614 555 0148"),
        verdict: Some(DncVerdict {
            number: "(614) 555-0148".to_owned(),
            listed,
            entries: if listed {
                vec![
                    DncEntry {
                        source: "The debtor's own request".to_owned(),
                        added: days_ago(2),
                        expires: "Never".to_owned(),
                        origin: "Portal request R-7K2M-94QD".to_owned(),
                        active: true,
                    },
                    DncEntry {
                        source: "State list, Indiana".to_owned(),
                        added: days_ago(500),
                        expires: "Ended 4 Mar 2026".to_owned(),
                        origin: "in-2025-06.csv".to_owned(),
                        active: false,
                    },
                ]
            } else {
                vec![]
            },
        }),
        sources: vec![
            DncSource {
                name: "National registry".to_owned(),
                numbers: 10_482_113,
                updated: Some(days_ago(34)),
                stale: true,
            },
            DncSource {
                name: "Debtors' own requests".to_owned(),
                numbers: 24,
                updated: Some(days_ago(2)),
                stale: false,
            },
        ],
        can_import: true,
    }
}

fn decision() -> DecisionPage {
    let verdict = |finding: Finding, result, clears: &str| RuleVerdict {
        rule_id: finding.rule_id,
        name: finding.name,
        result,
        message: finding.message,
        citation: finding.citation,
        clears: clears.to_owned(),
    };
    DecisionPage {
        shell: desk_shell("Decision"),
        id: "01JD6Q3V9KZ8".to_owned(),
        trail: trail_to_placement("20417", "HS-20417"),
        outcome: Outcome::Refused,
        attempt: "Call to (614) 555-0148, asked by the scheduler".to_owned(),
        when: hours_ago(2),
        local_times: vec!["1:05 pm in America/New_York".to_owned()],
        earliest: "No lawful moment: the cease-and-desist never clears by itself.".to_owned(),
        verdicts: vec![
            verdict(cease(), RuleResult::Block, ""),
            RuleVerdict {
                rule_id: "hours".to_owned(),
                name: "Calling hours".to_owned(),
                result: RuleResult::Silent,
                message: String::new(),
                citation: "15 U.S.C. 1692c(a)(1)".to_owned(),
                clears: String::new(),
            },
        ],
        inputs: vec![
            Fact::new("State", "OH"),
            Fact::new("ZIP", "43206"),
            Fact::new("Stop", "12 Nov 2026, all contact, portal"),
            Fact::new("Calls, 7 days", "5"),
        ],
        policy_version: "2026-11-01+9c41f7".to_owned(),
        digest: "c0ffee5ab1e5d1ce9f".to_owned(),
    }
}

fn rule() -> RulePage {
    RulePage {
        shell: plain_shell("Seven calls in seven days"),
        id: "call-count".to_owned(),
        name: "Seven calls in seven days".to_owned(),
        strength: "Warns a person, refuses anything automated".to_owned(),
        summary: "A collector may not call a person about one debt more than seven times in seven days in a row.".to_owned(),
        clears: "When fewer than seven calls lie in the seven days before the next one.".to_owned(),
        way_out: "Write or email, or wait until the day shown on the placement.".to_owned(),
        citations: vec!["15 U.S.C. 1692d(5)".to_owned(), "12 CFR 1006.14(b)(2)(i)(A)".to_owned()],
        parameters: vec![RuleParameter {
            place: "California".to_owned(),
            value: "7 calls in 7 days".to_owned(),
            field: "call_frequency_limit".to_owned(),
            citation: "Mirrors the federal rule".to_owned(),
            effective: "Since 30 Nov 2021".to_owned(),
        }],
        review: vec![
            Fact::new("Policy", "2026-11-01"),
            Fact::new("Reviewed", "24 May 2026 by Compliance Lead"),
        ],
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
    assert!(!html.contains(r#"name="outcome""#));
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
    assert!(!html.contains("checked"));
}

#[test]
fn a_late_validation_notice_is_said_before_the_contact_is_logged() {
    let text = words(&rendered(&log_contact(GateVerdict::Clear)));
    assert!(text.contains("no validation notice is on record. It was due by 18 Nov 2026"));
}

#[test]
fn each_row_of_the_compliance_home_leads_to_a_timeline() {
    let html = rendered(&home());
    let rows = 2 + 2 + 3;
    assert_eq!(
        html.matches(r#"href="/placements/20417?tab=timeline""#)
            .count(),
        rows
    );
    let text = words(&html);
    for section in [
        "1 System",
        "2 Debtor flags",
        "3 Last 25 violations",
        "4 Overdue validation notices",
        "5 Last 15 contacts",
    ] {
        assert!(text.contains(section), "{section}");
    }
    assert!(text.contains("Mini-Miranda given"));
}

#[test]
fn an_alert_cannot_be_answered_by_whoever_caused_it() {
    let html = rendered(&alert(own()));
    assert!(words(&html).contains("You caused this alert, so somebody else has to answer it."));
    assert!(!html.contains("/alerts/a1/resolve"));
    assert!(rendered(&alert(may_answer())).contains(r#"formaction="/alerts/a1/acknowledge""#));
}

#[test]
fn a_number_on_a_list_shows_who_asked_and_until_when() {
    let text = words(&rendered(&dnc(true)));
    assert!(text.contains("(614) 555-0148 must not be called"));
    assert!(text.contains("Portal request R-7K2M-94QD"));
    assert!(text.contains("Older than 31 days"));
    assert!(words(&rendered(&dnc(false))).contains("(614) 555-0148 is on no list"));
}

#[test]
fn a_decision_shows_inputs_each_rules_verdict_its_source_and_its_page() {
    let html = rendered(&decision());
    assert!(html.contains(r#"<a href="/rules/cease-communication">Cease-and-desist</a>"#));
    let text = words(&html);
    assert!(text.contains("Nothing against it"));
    assert!(text.contains("15 U.S.C. 1692c(c)"));
    assert!(text.contains("2026-11-01+9c41f7"));
}

#[test]
fn after_a_stop_each_of_the_three_ways_has_its_anchor() {
    let html = rendered(&after_stop());
    for anchor in ["legal", "recall", "negotiate"] {
        assert!(html.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}

#[test]
fn a_rule_page_gives_the_policy_field_of_every_number() {
    let text = words(&rendered(&rule()));
    assert!(text.contains("7 calls in 7 days"));
    assert!(text.contains("call_frequency_limit"));
    assert!(text.contains("not legal advice"));
}

#[test]
fn the_tabs_of_the_desk_mark_the_page_that_is_open() {
    let open: Vec<_> = compliance::tabs("/tasks", 7, 3)
        .into_iter()
        .filter(|tab| tab.current)
        .map(|tab| tab.label)
        .collect();
    assert_eq!(open, ["Tasks"]);
    assert_eq!(trail("Alerts", "/alerts").len(), 1);
}
