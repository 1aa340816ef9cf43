//! The agent's and the compliance desk's pages.

use super::contact::cease;
use super::{Page, days_ago, hours_ago, in_days, plain_shell, rendered, shell, words};
use crate::web::shell::{Section, Shell};
use crate::web::view::alert::{
    AlertAnswers, AlertListPage, AlertMay, AlertPage, AlertPick, AlertRow, AlertStep,
};
use crate::web::view::badge::{ProgressBadge, SeverityBadge};
use crate::web::view::compliance::{
    self, ComplianceHomePage, FlagCount, OverdueNotice, RecentContact, RecentStop, SystemLine,
};
use crate::web::view::decision::{
    DecisionPage, InputGroup, RawText, Replay, RuleResult, RuleVerdict,
};
use crate::web::view::dnc::{
    AddNumber, DncEntry, DncLoad, DncPage, DncStanding, DncVerdict, RemoveNumberPage,
};
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::{
    Chip, ChipGroup, Fact, Link, Pager, Tone, When, trail, trail_to_placement,
};
use crate::web::view::placement_tabs::{Disclosure, Outcome};
use crate::web::view::rule::{
    RecordingConsentPage, RecordingGroup, RuleFamily, RuleLine, RuleListPage, RulePage,
    RuleParameter,
};
use crate::web::view::task::{TaskListPage, TaskMay, TaskOutcome, TaskPage, TaskRow};

pub(super) fn pages() -> Vec<Page> {
    vec![
        ("compliance", rendered(&home())),
        ("compliance-quiet", rendered(&quiet_home())),
        ("alerts", rendered(&alerts())),
        ("alert", rendered(&alert(may_answer()))),
        ("alert-own", rendered(&alert(own()))),
        ("tasks", rendered(&some_tasks())),
        ("tasks-none", rendered(&tasks(Vec::new(), false))),
        ("task", rendered(&open_task())),
        ("task-done", rendered(&finished_task())),
        ("dnc", rendered(&dnc(true))),
        ("dnc-clear", rendered(&dnc(false))),
        ("dnc-remove", rendered(&dnc_remove())),
        ("decision", rendered(&decision())),
        ("rule", rendered(&rule())),
        ("rules", rendered(&rules(true))),
        ("rules-none", rendered(&rules(false))),
        ("recording-consent", rendered(&recording())),
    ]
}
pub(super) fn desk_shell(title: &str) -> Shell {
    let mut shell = shell(title, Section::Compliance);
    shell.person.name = "Priya Raman".to_owned();
    shell.person.role = "Compliance".to_owned();
    shell.person.organisation = None;
    shell.ribbon = Some("Demo: calls are simulated and emails are written to files.".to_owned());
    shell
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
        pick: None,
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
        rows: alert_rows()
            .into_iter()
            .map(|row| AlertRow {
                pick: Some(AlertPick {
                    value: format!("{}.1", row.id),
                    is_chosen: row.id == "a1",
                }),
                ..row
            })
            .collect(),
        answers: Some(AlertAnswers {
            chosen: Field::new("alert", ""),
            note: Field::new("note", "").with_error("Say what you found and what was done."),
            list_href: "/alerts".to_owned(),
            all_href: Some("/alerts?rule=cease&chosen=all".to_owned()),
        }),
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
        rule: ("Cease-and-desist".to_owned(), "/rules/cease".to_owned()),
        decision_href: "/decisions/01J".to_owned(),
        history: vec![AlertStep {
            what: "Acknowledged by Lee Park".to_owned(),
            note: "The schedule held a call from before the stop.".to_owned(),
            when: hours_ago(1),
        }],
        may,
        version: 1,
        note: Field::new("note", ""),
        similar: Some((3, "/alerts?rule=cease".to_owned())),
    }
}
fn home() -> ComplianceHomePage {
    let line = |label, value: &str, tone, verdict| SystemLine {
        label,
        value: value.to_owned(),
        tone,
        verdict,
        href: None,
    };
    let flag = |label, count| FlagCount {
        label,
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
        waiting: chips(&[
            ("Critical alerts", 5),
            ("Warnings", 2),
            ("Overdue tasks", 1),
        ]),
        tasks: vec![task(
            "Speak with the lawyer from now on",
            Some(days_ago(1)),
            true,
        )],
        stops: vec![RecentStop {
            what: "All contact, in the portal".to_owned(),
            debtor: Link::new("Marisol Ortega", "/placements/20417?tab=timeline"),
            reference: "R7K2M94Q".to_owned(),
            when: hours_ago(30),
            effective: true,
            verified: false,
        }],
        violations: alert_rows(),
        overdue_notices: vec![
            overdue("Wm. Dorsey & Sons", 21, "Itemization date"),
            overdue("Marisol Ortega", 8, ""),
        ],
        overdue_pager: Pager {
            first: 1,
            last: 2,
            total: 2,
            ..Pager::default()
        },
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
    page.tasks.clear();
    page.stops.clear();
    page
}
fn task(what: &str, due: Option<When>, overdue: bool) -> TaskRow {
    TaskRow {
        id: "t1".to_owned(),
        what: what.to_owned(),
        why: "The debtor asked us in the portal to stop all contact.".to_owned(),
        placement: Some(Link::new("HS-20417", "/placements/20417?tab=timeline")),
        debtor: Some(Link::new("Marisol Ortega", "/debtors/d1")),
        created: days_ago(2),
        due,
        overdue,
        taken_by: overdue.then(|| "Sam Reyes".to_owned()),
        progress: ProgressBadge::Open,
    }
}
fn tasks(rows: Vec<TaskRow>, any_task: bool) -> TaskListPage {
    let total = u64::try_from(rows.len()).unwrap();
    TaskListPage {
        shell: desk_shell("Tasks"),
        tabs: compliance::tabs("/tasks", 7, 3),
        filters: vec![ChipGroup {
            label: "Status",
            chips: chips(&[("Open", 3), ("Done", 12)]),
        }],
        rows,
        pager: Pager {
            first: 1,
            last: total,
            total,
            ..Pager::default()
        },
        any_task,
    }
}
fn some_tasks() -> TaskListPage {
    let unmatched = TaskRow {
        placement: None,
        debtor: None,
        ..task("Stop request 7K2M94QD: find out who asked", None, false)
    };
    tasks(
        vec![
            task(
                "Stop request R7K2M94Q: check the file",
                Some(in_days(3)),
                false,
            ),
            task("Speak with the lawyer from now on", Some(days_ago(1)), true),
            unmatched,
        ],
        true,
    )
}
fn one_task(may: TaskMay, outcome: Option<TaskOutcome>) -> TaskPage {
    TaskPage {
        shell: desk_shell("Task"),
        task: task(
            "Stop request 7K2M94QD: find out who asked",
            Some(in_days(1)),
            false,
        ),
        told: Some("Phone: (614) 555-0148. In their words: stop calling my mother".to_owned()),
        facts: vec![
            Fact::new("Kind", "Stops without a debtor"),
            Fact::new("In hand", "Nobody"),
        ],
        outcome,
        may,
        version: 1,
        note: Field::new("note", ""),
    }
}
fn open_task() -> TaskPage {
    let mut page = one_task(
        TaskMay {
            take: true,
            finish: true,
            ..TaskMay::default()
        },
        None,
    );
    page.note.error = Some("Say what was done, for whoever looks at it later.".to_owned());
    page
}
fn finished_task() -> TaskPage {
    one_task(
        TaskMay {
            reopen: true,
            ..TaskMay::default()
        },
        Some(TaskOutcome {
            by: "Sam Reyes".to_owned(),
            when: hours_ago(1),
            note: "Found by her maiden name, and stopped.".to_owned(),
        }),
    )
}
fn dnc(listed: bool) -> DncPage {
    DncPage {
        shell: desk_shell("Do not call"),
        tabs: compliance::tabs("/dnc", 7, 3),
        number: Field::new("number", "614 555 0148"),
        verdict: Some(DncVerdict {
            number: "(614) 555-0148".to_owned(),
            standing: if listed {
                DncStanding::ForNobody
            } else {
                DncStanding::Free
            },
            entries: if listed { dnc_entries() } else { vec![] },
            debtors: vec![Link::new(
                "Marisol Ortega (Harbor Supply Co)",
                "/debtors/d1",
            )],
        }),
        add: Some(AddNumber {
            number: Field::new("add_number", ""),
            source: Choices::new(
                "source",
                [
                    ("debtor", "The person asked not to be called"),
                    ("internal", "We do not want it called"),
                ],
                "",
            )
            .with_error("Choose whose wish it is."),
            scope: Choices::new("scope", [("agency", "Every creditor")], "agency"),
            note: Field::new("note", ""),
        }),
        loads: vec![DncLoad {
            name: "National registry".to_owned(),
            as_of: Some("18 Oct 2026".to_owned()),
            when: days_ago(34),
            binds: "Every creditor".to_owned(),
            numbers: 10_482_113,
            invalid: 3,
            by: "Operator".to_owned(),
            stale: true,
        }],
    }
}
fn dnc_entries() -> Vec<DncEntry> {
    vec![
        DncEntry {
            source: "The person\u{2019}s own request",
            binds: "Every creditor".to_owned(),
            added: days_ago(2),
            expires: "Never".to_owned(),
            origin: "A request",
            active: true,
            remove_href: Some(
                "/dnc/numbers/6145550148/remove?scope=agency&source=debtor".to_owned(),
            ),
        },
        DncEntry {
            source: "State registry",
            binds: "Every creditor".to_owned(),
            added: days_ago(500),
            expires: "Ended 4 Mar 2026".to_owned(),
            origin: "A loaded list",
            active: false,
            remove_href: None,
        },
    ]
}
fn dnc_remove() -> RemoveNumberPage {
    RemoveNumberPage {
        shell: desk_shell("Take a number off a list"),
        trail: trail("Do not call", "/dnc"),
        number: "(614) 555-0148".to_owned(),
        facts: vec![Fact::new("Source", "The person\u{2019}s own request")],
        action: "/dnc/numbers/6145550148/remove".to_owned(),
        cancel_href: "/dnc?number=6145550148".to_owned(),
        keep: vec![
            ("scope", "agency".to_owned()),
            ("source", "debtor".to_owned()),
        ],
        consent_on: Some(Field::new("consent_on", "").with_error("Enter the day.")),
        reason: Field::new("reason", ""),
    }
}
fn decision() -> DecisionPage {
    let finding = cease();
    DecisionPage {
        shell: desk_shell("How this was decided"),
        id: "01JD6Q3V9KZ8".to_owned(),
        trail: trail_to_placement("20417", "HS-20417"),
        outcome: Outcome::Refused,
        attempt: "Call to (614) 555-0148".to_owned(),
        asked: "Asked before a hand-off by Scheduler".to_owned(),
        when: hours_ago(2),
        local_times: vec!["1:05 pm in America/New York".to_owned()],
        earliest: "No lawful moment: the cease-and-desist never clears by itself.".to_owned(),
        verdicts: vec![RuleVerdict {
            rule_id: finding.rule_id,
            name: finding.name,
            result: RuleResult::Block,
            message: finding.message,
            citation: finding.citation,
            clears: "This does not clear by waiting.".to_owned(),
            evidence: vec![("debtor.flags.cease".to_owned(), "12 Nov 2026".to_owned())],
            acknowledged: false,
        }],
        silent: vec![Link::new("Contact hours", "/rules/call-hours")],
        inputs: vec![InputGroup {
            name: "The debtor",
            facts: vec![
                Fact::new("State", "OH"),
                Fact::new("ZIP code", "43206"),
                Fact::new("Asked us to stop all contact", "12 Nov 2026, portal"),
            ],
        }],
        policy_version: "2026-11-01+9c41f7".to_owned(),
        digest: "c0ffee5ab1e5d1ce9f".to_owned(),
        replay: Replay::Same,
        raw: vec![RawText {
            name: "The attempt",
            text: "{ \"channel\": \"call\" }".to_owned(),
        }],
        timeline: Link::new("Timeline of HS-20417", "/placements/20417?tab=timeline"),
        is_shortened: false,
    }
}
fn parameter(place: &str, value: &str) -> RuleParameter {
    RuleParameter {
        place: place.to_owned(),
        value: value.to_owned(),
        field: "call_frequency_limit".to_owned(),
        citation: "Mirrors the federal rule".to_owned(),
        effective: "Since 30 Nov 2021".to_owned(),
        certainty: "Policy of the product; reviewed 12 May 2026 by Compliance Lead".to_owned(),
        dormant: false,
    }
}
fn review() -> Vec<Fact> {
    vec![
        Fact::new("Policy version", "2026-11-01"),
        Fact::new("Reviewed", "1 of 1 values, the last on 24 May 2026"),
        Fact::new("Reviewed by counsel", "Not yet"),
    ]
}
fn rule() -> RulePage {
    RulePage {
        shell: plain_shell("Seven calls in seven days"),
        id: "call-count".to_owned(),
        name: "Seven calls in seven days".to_owned(),
        family: Link::new("How often", "/rules?family=frequency"),
        strength: "Warns a person, refuses anything automated".to_owned(),
        summary: "A collector may not call a person about one debt more than seven times in seven days in a row.".to_owned(),
        clears: "When fewer than seven calls lie in the seven days before the next one.".to_owned(),
        exceptions: vec!["Calls that the person asked for.".to_owned()],
        citations: vec!["15 U.S.C. 1692d(5)".to_owned(), "12 CFR 1006.14(b)(2)(i)(A)".to_owned()],
        more: vec![Link::new("Rules", "/rules")],
        parameters: vec![parameter("California", "7 calls in 7 days")],
        elsewhere: vec![RuleParameter {
            dormant: true,
            ..parameter("Alabama", "No limit of its own")
        }],
        review: review(),
    }
}
fn rules(found: bool) -> RuleListPage {
    RuleListPage {
        shell: plain_shell("Rules"),
        query: "calls".to_owned(),
        family: Choices::new("family", [("frequency", "How often")], "frequency"),
        strength: Choices::new("strength", [("hard", "Blocks contact")], ""),
        shown: usize::from(found),
        total: 59,
        families: if found {
            vec![RuleFamily {
                key: "frequency".to_owned(),
                name: "How often",
                rules: vec![RuleLine {
                    id: "call-count",
                    name: "Seven calls in seven days",
                    sentence: "No more than seven calls in seven days.",
                    strength: "Warns",
                    citation: "12 CFR 1006.14(b)(2)(i)(A)",
                }],
            }]
        } else {
            Vec::new()
        },
        policy: review(),
    }
}
fn recording() -> RecordingConsentPage {
    RecordingConsentPage {
        shell: plain_shell("Recording consent by state"),
        groups: vec![RecordingGroup {
            key: "all",
            name: "Everybody on the call must agree",
            sentence: "A call is recorded only after each person on it has agreed.",
            places: vec![parameter("California", "Everybody on the call must agree")],
        }],
        review: review(),
    }
}
#[test]
fn each_row_of_the_compliance_home_leads_to_a_timeline() {
    let html = rendered(&home());
    // A task, a stop, the violations, the notices, the contacts.
    let rows = 1 + 1 + 2 + 2 + 3;
    assert_eq!(
        html.matches(r#"href="/placements/20417?tab=timeline""#)
            .count(),
        rows
    );
    let text = words(&html);
    for section in [
        "1 System",
        "2 Debtor flags",
        "3 Last 25 refused contacts",
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
    assert!(text.contains("The person\u{2019}s own request Every creditor"));
    assert!(text.contains("Older than 31 days"));
    assert!(words(&rendered(&dnc(false))).contains("(614) 555-0148 is on no list today"));
}
#[test]
fn a_decision_shows_inputs_each_rules_verdict_its_source_and_its_page() {
    let html = rendered(&decision());
    assert!(html.contains(r#"<a href="/rules/cease">Cease-and-desist</a>"#));
    let text = words(&html);
    assert!(text.contains("1 rule had nothing against it"));
    assert!(text.contains("Checked again: the same answer"));
    assert!(text.contains("15 U.S.C. 1692c(c)"));
    assert!(text.contains("2026-11-01+9c41f7"));
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
