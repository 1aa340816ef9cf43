//! One placement, with each of its tabs.

use super::placements::{chip, placements_shell};
use super::{Page, days_ago, hours_ago, rendered, with_flash, words};
use crate::web::view::badge::{HoldBadge, StatusBadge};
use crate::web::view::compliance_card::{
    Channel, ChannelVerdict, ComplianceCard, Counter, Earliest, Rung, Warned, Way,
};
use crate::web::view::part::{Banner, Fact, Pager, Tab, Tone};
use crate::web::view::placement::{
    Balance, DebtorClock, PlacementHeader, PlacementMay, PlacementPage, PlacementTab,
};
use crate::web::view::placement_tabs::{
    CallRow, CallsTab, ComplianceTab, DecisionRow, Disclosure, FlagRow, LedgerRow, Outcome,
    PaymentsTab,
};
use crate::web::view::timeline::{EventKind, Timeline, TimelineDay, TimelineEntry, TimelineEvent};

pub(super) fn pages() -> Vec<Page> {
    vec![
        (
            "placement-timeline",
            rendered(&page("timeline", PlacementTab::Timeline(timeline()))),
        ),
        (
            "placement-calls",
            rendered(&page("calls", PlacementTab::Calls(calls()))),
        ),
        (
            "placement-payments",
            rendered(&page("payments", PlacementTab::Payments(payments()))),
        ),
        (
            "placement-compliance",
            rendered(&page("compliance", PlacementTab::Compliance(record()))),
        ),
        ("placement-open", rendered(&open_page())),
    ]
}
fn header() -> PlacementHeader {
    PlacementHeader {
        id: "20417".to_owned(),
        debtor: "Marisol Ortega".to_owned(),
        debtor_href: Some("/debtors/d1".to_owned()),
        invoice: "HS-20417".to_owned(),
        creditor: "Harbor Supply Co".to_owned(),
        place: "Columbus, Ohio".to_owned(),
        status: StatusBadge::InOutreach,
        holds: vec![HoldBadge::NoContact],
        placed: days_ago(40),
        balance: Balance {
            invoice: "$1,840.00".to_owned(),
            recovered: "$590.00".to_owned(),
            remaining: "$1,250.00".to_owned(),
            fee: "$147.50".to_owned(),
            fee_rate: "25 % of what is recovered".to_owned(),
            recovered_permille: 321,
        },
        clock: Some(DebtorClock {
            shown: "3:05 pm EST".to_owned(),
            zone: "America/New_York".to_owned(),
            within_hours: true,
            also: None,
        }),
        may: PlacementMay {
            log_contact: true,
            mark_as_paid: true,
            recall: true,
            pause: true,
            resume: false,
            portal_links: true,
        },
    }
}
fn tabs(current: &str) -> Vec<Tab> {
    [
        ("Timeline", "timeline", Some(14)),
        ("Calls", "calls", Some(3)),
        ("Payments", "payments", Some(1)),
        ("Compliance", "compliance", None),
    ]
    .into_iter()
    .map(|(label, key, count)| Tab {
        label,
        href: format!("/placements/20417?tab={key}"),
        count,
        current: key == current,
    })
    .collect()
}
fn refused_card() -> ComplianceCard {
    let refused = |channel, reason: &str| ChannelVerdict {
        channel,
        way: Way::Closed,
        reason: reason.to_owned(),
        rule: Some(("Cease-and-desist".to_owned(), "/rules/cease".to_owned())),
        earliest: Earliest::NotByItself(
            "Clears only when the person withdraws it in writing.".to_owned(),
        ),
        warned: None,
        others: Vec::new(),
    };
    ComplianceCard {
        channels: vec![
            refused(
                Channel::Call,
                "The debtor asked us on 12 Nov 2026 to stop all contact.",
            ),
            refused(
                Channel::Email,
                "The debtor asked us on 12 Nov 2026 to stop all contact.",
            ),
            refused(
                Channel::Letter,
                "Only a letter that ends collection or names a remedy may be sent, once.",
            ),
        ],
        counters: counters(),
        policy: "Policy 2026-11-01".to_owned(),
        decision_href: Some("/decisions/01J".to_owned()),
    }
}
fn counters() -> Vec<Counter> {
    let counter = |label: &str, value: &str, reached| Counter {
        label: label.to_owned(),
        value: value.to_owned(),
        reached,
    };
    vec![
        counter("Call attempts, 7 days", "5 of 7", false),
        counter("Last conversation", "3 days ago", false),
        counter("Calls answered, 7 days", "3 of 3", true),
        counter("New York City contacts", "Not in the city", false),
    ]
}
fn page(current: &str, body: PlacementTab) -> PlacementPage {
    PlacementPage {
        shell: placements_shell("HS-20417"),
        header: header(),
        banners: vec![
            Banner::cease("20417", "12 Nov 2026", "in the portal", "all contact"),
            Banner {
                tone: Tone::Warning,
                title: "Validation notice overdue by 3 days".to_owned(),
                body: "First contact was on 13 Nov 2026. The notice was due by 18 Nov 2026."
                    .to_owned(),
                actions: vec![],
            },
        ],
        compliance: refused_card(),
        people: vec![
            Fact::new("Address", "88 Linden Ave, Columbus, OH 43206"),
            Fact::new("Mobile", "(614) 555-0148"),
            Fact::new("Email", "m.ortega@example.com"),
        ],
        dates: vec![
            Fact::new("Placed", "12 Oct 2026"),
            Fact::new("Due", "17 Aug 2026"),
            Fact::new("Suit open until", "17 Aug 2032"),
            Fact::new("Validation notice", "Due 18 Nov 2026, not sent"),
        ],
        tabs: tabs(current),
        body,
    }
}
/// A placement that nothing holds.
fn open_page() -> PlacementPage {
    let allowed = |channel, reason: &str| ChannelVerdict {
        channel,
        way: Way::Open,
        reason: reason.to_owned(),
        rule: None,
        earliest: Earliest::Now,
        warned: None,
        others: Vec::new(),
    };
    let mut page = page("timeline", PlacementTab::Timeline(timeline()));
    page.shell = with_flash(page.shell, "Payment of $590.00 recorded. $1,250.00 remain.");
    page.banners.clear();
    page.header.holds.clear();
    page.compliance.channels = vec![
        ChannelVerdict {
            channel: Channel::Call,
            way: Way::Closed,
            reason: "Seven call attempts were made about this debt in seven days.".to_owned(),
            rule: Some((
                "Seven calls in seven days".to_owned(),
                "/rules/call-count".to_owned(),
            )),
            earliest: Earliest::At("Tue 24 Nov 2026, 8:00 am EST".to_owned()),
            warned: None,
            others: vec![Rung {
                rule: ("Contact hours".to_owned(), "/rules/call-hours".to_owned()),
                until: Some("Wed 18 Nov 2026, 8:00 am EST".to_owned()),
            }],
        },
        ChannelVerdict {
            way: Way::WithWarnings(2),
            warned: Some(Warned {
                rules: vec![
                    (
                        "Limitation period expired".to_owned(),
                        "/rules/limitation-expired".to_owned(),
                    ),
                    (
                        "Validation notice overdue".to_owned(),
                        "/rules/validation-overdue".to_owned(),
                    ),
                ],
                without_any: None,
            }),
            ..allowed(
                Channel::Email,
                "A person must acknowledge first: the time to sue on this debt is over.",
            )
        },
        allowed(Channel::Letter, "No rule stands against a letter."),
    ];
    page
}
fn event(anchor: &str, kind: EventKind, sentence: &str, actor: &str, hours: i64) -> TimelineEvent {
    TimelineEvent {
        anchor: anchor.to_owned(),
        permalink: format!("/placements/p1?until=2026-11-21T20:05:00Z#{anchor}"),
        kind,
        sentence: sentence.to_owned(),
        event_name: None,
        actor: actor.to_owned(),
        when: hours_ago(hours),
        to_the_day: false,
        recorded: None,
        elsewhere: None,
        rule: None,
        decision_href: None,
        details: vec![],
    }
}
fn timeline() -> Timeline {
    let single = |event| TimelineEntry {
        events: vec![event],
    };
    let mut refused = event(
        "e-18",
        EventKind::Refused,
        "Call to (614) 555-0148 refused:",
        "Scheduler",
        2,
    );
    refused.rule = Some(("Cease-and-desist".to_owned(), "/rules/cease".to_owned()));
    refused.decision_href = Some("/decisions/01J".to_owned());
    let mut calls_off = event(
        "e-17",
        EventKind::Stop,
        "Calls stopped for every placement of this debtor",
        "Debtor, in the portal",
        50,
    );
    calls_off.event_name = Some("debtor.call_opt_out_set".to_owned());
    let mut emails_off = event(
        "e-16",
        EventKind::Stop,
        "Emails stopped for every placement of this debtor",
        "Debtor, in the portal",
        50,
    );
    emails_off.event_name = Some("debtor.email_opt_out_set".to_owned());
    let mut request = event(
        "e-15",
        EventKind::Stop,
        "Request no further contact: everything",
        "Debtor, in the portal",
        50,
    );
    request.details = vec![
        Fact::new("Reference", "R-7K2M-94QD"),
        Fact::new("Sequences paused", "1"),
        Fact::new("Calls cancelled", "2"),
    ];
    Timeline {
        kinds: vec![
            chip("Everything", 14, true),
            chip("Contacts", 5, false),
            chip("Refused", 1, false),
            chip("Stops", 3, false),
            chip("Payments", 1, false),
        ],
        days: vec![
            TimelineDay {
                heading: "Saturday, 21 November 2026".to_owned(),
                entries: vec![single(refused)],
            },
            TimelineDay {
                heading: "Thursday, 19 November 2026".to_owned(),
                entries: vec![
                    TimelineEntry {
                        events: vec![calls_off, emails_off, request],
                    },
                    single(event(
                        "e-14",
                        EventKind::CallOut,
                        "Call to (614) 555-0148: conversation, 4 min 12 s",
                        "Sam Reyes, agent",
                        52,
                    )),
                    single(event(
                        "e-13",
                        EventKind::Payment,
                        "Payment of $590.00 by check, fee $147.50",
                        "Dana Whitfield",
                        54,
                    )),
                ],
            },
            TimelineDay {
                heading: "Monday, 12 October 2026".to_owned(),
                entries: vec![
                    single(event(
                        "e-2",
                        EventKind::Email,
                        "Email 1 of 4 sent to m.ortega@example.com",
                        "Scheduler",
                        900,
                    )),
                    single(event(
                        "e-1",
                        EventKind::Import,
                        "Placed from october.csv, row 17",
                        "Dana Whitfield",
                        960,
                    )),
                ],
            },
        ],
        pager: Pager {
            first: 1,
            last: 8,
            total: 14,
            previous_href: None,
            next_href: Some("/placements/20417?before=e-1".to_owned()),
        },
    }
}
fn calls() -> CallsTab {
    let row = |outcome: &str, outcome_tone, duration: &str, disclosure, hours| CallRow {
        when: hours_ago(hours),
        debtor_time: (hours < 0).then(|| "8:00 am ChST on 2 Dec".to_owned()),
        direction: "Outgoing".to_owned(),
        number: "(614) 555-0148".to_owned(),
        outcome: outcome.to_owned(),
        outcome_tone,
        duration: duration.to_owned(),
        disclosure,
        by: "Sam Reyes".to_owned(),
        simulated: hours > 60,
        change_href: (hours < 0).then(|| "/placements/20417/calls/7".to_owned()),
    };
    CallsTab {
        plan_href: None,
        rows: vec![
            row(
                "Cancelled: debtor asked us to stop",
                Tone::Neutral,
                "",
                Disclosure::NotApplicable,
                49,
            ),
            row(
                "Conversation",
                Tone::Success,
                "4 min 12 s",
                Disclosure::MiniMiranda,
                52,
            ),
            row(
                "Voicemail left",
                Tone::Info,
                "0 min 28 s",
                Disclosure::NotGiven,
                99,
            ),
        ],
        refused_href: "/placements/20417?tab=timeline&kind=refused".to_owned(),
        refused_count: 1,
    }
}
fn payments() -> PaymentsTab {
    PaymentsTab {
        rows: vec![LedgerRow {
            received: days_ago(2),
            method: "Check".to_owned(),
            reference: "1042".to_owned(),
            amount: "$590.00".to_owned(),
            rate: "25 %".to_owned(),
            fee: "$147.50".to_owned(),
            recorded_by: "Dana Whitfield".to_owned(),
            receipt_href: "/placements/p-1/payments/y-1".to_owned(),
        }],
        recovered_total: "$590.00".to_owned(),
        fee_total: "$147.50".to_owned(),
        can_record: true,
    }
}
fn record() -> ComplianceTab {
    let decision = |attempt: &str, outcome, rules: Vec<(String, String)>, hours| DecisionRow {
        href: "/decisions/01J".to_owned(),
        when: hours_ago(hours),
        attempt: attempt.to_owned(),
        asked_by: "Scheduler".to_owned(),
        outcome,
        rules,
    };
    let cease = ("Cease-and-desist".to_owned(), "/rules/cease".to_owned());
    ComplianceTab {
        flags: vec![FlagRow {
            what: "Asked us to stop all contact".to_owned(),
            who: "Debtor".to_owned(),
            how: "Portal request R-7K2M-94QD".to_owned(),
            since: hours_ago(50),
            to_the_day: false,
            lifted: None,
        }],
        decisions: vec![
            decision("Call to (614) 555-0148", Outcome::Refused, vec![cease], 2),
            decision("Call to (614) 555-0148", Outcome::Allowed, vec![], 52),
        ],
        notices: vec![],
        facts: vec![Fact::new(
            "(614) 555-0148",
            "Mobile, not on a do-not-call list (checked 3 Nov 2026)",
        )],
    }
}
#[test]
fn a_stopped_placement_shows_the_banner_and_three_ways_on() {
    let text = words(&rendered(&page(
        "timeline",
        PlacementTab::Timeline(timeline()),
    )));
    assert!(text.contains("Contact stopped: cease-and-desist, received 12 Nov 2026 in the portal"));
    for way in [
        "Sue or refer to counsel",
        "Recall placement",
        "Negotiate through counsel",
    ] {
        assert!(text.contains(way), "{way}");
    }
    assert!(text.contains("Cannot call"));
    assert!(text.contains("Cannot email"));
    assert!(text.contains("Cannot write"));
}
#[test]
fn a_request_and_what_it_caused_stand_in_one_bracket() {
    let html = rendered(&page("timeline", PlacementTab::Timeline(timeline())));
    let bracket = html.split_once(r#"<ol class="linked""#).unwrap().1;
    let bracket = bracket.split_once("</ol>").unwrap().0;
    assert!(bracket.contains("debtor.call_opt_out_set"));
    assert!(bracket.contains("Request no further contact"));
    assert!(!bracket.contains("e-14"));
}
#[test]
fn a_refused_attempt_names_its_rule_in_the_timeline_and_makes_no_call_row() {
    let html = rendered(&page("timeline", PlacementTab::Timeline(timeline())));
    assert!(html.contains(r#"<a href="/rules/cease">Cease-and-desist</a>"#));
    let calls = words(&rendered(&page("calls", PlacementTab::Calls(calls()))));
    assert!(calls.contains(
        "Only scheduled and placed calls are listed. 1 refused attempt in the timeline."
    ));
}
#[test]
fn a_placement_without_a_known_zone_says_that_calls_are_refused() {
    let mut page = open_page();
    page.header.clock = None;
    assert!(words(&rendered(&page)).contains("time zone is unknown, so calls are refused"));
}
