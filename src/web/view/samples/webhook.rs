//! Webhooks and operations.

use super::{Page, days_ago, hours_ago, in_days, rendered, shell};
use crate::domain::text_enum::TextEnum;
use crate::domain::webhook::events::OFFERED;
use crate::web::shell::Section;
use crate::web::view::form::{Choice, Choices, Field};
use crate::web::view::operations::{
    DeadLetters, DeadRow, HandOffPage, LoopRow, OperationsPage, ProcessRow, QueueRow,
    UnknownHandOffs, UnknownRow,
};
use crate::web::view::part::{Chip, ChipGroup, Fact, Link, Pager, Tone, trail};
use crate::web::view::settings::{self, SettingsMay};
use crate::web::view::webhook::{
    AttemptView, DeliveryListPage, DeliveryPage, DeliveryRow, EndpointForm, EndpointListPage,
    EndpointPage, EndpointRow, NewSecret, StateBadge,
};

pub(super) fn pages() -> Vec<Page> {
    vec![
        ("webhooks", rendered(&endpoints())),
        ("webhook", rendered(&endpoint())),
        ("webhook-deliveries", rendered(&deliveries())),
        ("webhook-delivery", rendered(&delivery())),
        ("operations", rendered(&operations())),
        ("hand-off", rendered(&hand_off())),
    ]
}

const MAY: SettingsMay = SettingsMay {
    api_keys: true,
    webhooks: true,
    users: true,
    audit: true,
};

const URL: &str = "https://billing.harbor-supply.example/forbear/hooks";

fn badge(words: &str, tone: Tone) -> StateBadge {
    StateBadge {
        words: words.to_owned(),
        tone,
    }
}

fn form() -> EndpointForm {
    EndpointForm {
        url: Field::new("url", "http://billing.example")
            .with_error("Use https: messages are not sent over an open line."),
        description: Field::new("description", "Billing"),
        which: Choices::new(
            "which",
            [("all", "Every event"), ("chosen", "Only those below")],
            "chosen",
        ),
        events: Choices {
            name: "events".to_owned(),
            options: OFFERED
                .iter()
                .enumerate()
                .map(|(index, offered)| Choice {
                    value: offered.kind.as_str().to_owned(),
                    label: offered.kind.as_str().to_owned(),
                    hint: offered.about.to_owned(),
                    chosen: index < 2,
                })
                .collect(),
            error: None,
        },
        creditor: None,
        version: 3,
    }
}

fn endpoints() -> EndpointListPage {
    let row = |state, waiting, dead| EndpointRow {
        id: "e1".to_owned(),
        url: URL.to_owned(),
        description: "Billing".to_owned(),
        creditor: Some("Harbor Supply Co".to_owned()),
        events: "2 events".to_owned(),
        state,
        waiting,
        dead,
    };
    EndpointListPage {
        shell: shell("Webhooks", Section::Settings),
        tabs: settings::tabs("/settings/webhooks", MAY),
        rows: vec![
            row(badge("Enabled", Tone::Success), 0, 0),
            row(badge("Failing", Tone::Warning), 1_204, 3),
        ],
        form: form(),
    }
}

fn row(state: StateBadge, tries: &str, last: &str) -> DeliveryRow {
    DeliveryRow {
        id: "d1".to_owned(),
        event: "placement.status_changed".to_owned(),
        url: URL.to_owned(),
        when: hours_ago(2),
        state,
        tries: tries.to_owned(),
        last: last.to_owned(),
    }
}

fn rows() -> Vec<DeliveryRow> {
    vec![
        row(
            badge("Waiting", Tone::Warning),
            "2 tries, the next in 5 minutes",
            "answered 500",
        ),
        row(badge("Delivered", Tone::Success), "1 try", ""),
    ]
}

fn endpoint() -> EndpointPage {
    EndpointPage {
        shell: shell("Webhook endpoint", Section::Settings),
        trail: trail("Webhooks", "/settings/webhooks"),
        id: "e1".to_owned(),
        url: URL.to_owned(),
        state: badge("Disabled", Tone::Neutral),
        enabled: false,
        trouble: Some("Every try failed for five days.".to_owned()),
        new_secret: Some(NewSecret {
            secret: "whsec_SAMPLEsampleSAMPLEsampleSAMPLEsampleSAMPLE0=".to_owned(),
            old_valid_until: Some(in_days(1)),
        }),
        facts: vec![Fact::new("Events", "2 events")],
        form: form(),
        deliveries: rows(),
        deliveries_href: "/settings/webhook-deliveries?endpoint=e1".to_owned(),
    }
}

fn deliveries() -> DeliveryListPage {
    DeliveryListPage {
        shell: shell("Webhooks", Section::Settings),
        tabs: settings::tabs("/settings/webhooks", MAY),
        endpoint: Some(Link::new(URL, "/settings/webhooks/e1")),
        filters: vec![ChipGroup {
            label: "State",
            chips: vec![Chip {
                label: "All".to_owned(),
                count: 2,
                href: "/settings/webhook-deliveries".to_owned(),
                current: true,
            }],
        }],
        rows: rows(),
        pager: Pager {
            first: 1,
            last: 2,
            total: 2,
            ..Pager::default()
        },
        any: true,
    }
}

fn delivery() -> DeliveryPage {
    let attempt = |number, state, answer: Option<&str>, error: Option<&str>| AttemptView {
        number,
        when: hours_ago(2),
        state,
        took: "142 ms".to_owned(),
        request: format!("POST {URL}\nwebhook-id: m1\nwebhook-signature: v1,c2FtcGxl"),
        answer: answer.map(str::to_owned),
        error: error.map(str::to_owned),
    };
    DeliveryPage {
        shell: shell("Webhooks", Section::Settings),
        trail: trail("Webhooks", "/settings/webhooks"),
        delivery: rows().remove(0),
        facts: vec![Fact::new("Tries", "2 tries")],
        payload: "{\n  \"type\": \"placement.status_changed\"\n}".to_owned(),
        attempts: vec![
            attempt(
                2,
                badge("500", Tone::Warning),
                Some("server: sample\n\nSorry"),
                None,
            ),
            attempt(
                1,
                badge("No answer", Tone::Warning),
                None,
                Some("no answer within 15 seconds"),
            ),
        ],
        may_retry: true,
        may_redeliver: false,
    }
}

fn operations() -> OperationsPage {
    let process = |id: &str, state| ProcessRow {
        id: id.to_owned(),
        kind: "forbear worker".to_owned(),
        version: "0.1.0".to_owned(),
        started: days_ago(3),
        seen: hours_ago(0),
        state,
    };
    let turned = |name: &str, state, error| LoopRow {
        name: name.to_owned(),
        process: "4711-K2M9PD".to_owned(),
        last_turn: hours_ago(0),
        turns: 48_211,
        done: 1_204,
        state,
        error,
    };
    OperationsPage {
        shell: shell("Operations", Section::Settings),
        tabs: settings::tabs("/operations", MAY),
        read_at: hours_ago(0),
        processes: vec![
            process("4711-K2M9PD", badge("Running", Tone::Success)),
            process("4650-7RBXQZ", badge("Silent", Tone::Warning)),
        ],
        loops: vec![
            turned("webhooks", badge("Working", Tone::Success), None),
            turned(
                "mail",
                badge("3 failures in a row", Tone::Warning),
                Some(("the disk is full".to_owned(), hours_ago(0))),
            ),
        ],
        queues: vec![QueueRow {
            name: "Webhooks",
            in_all: 1_204,
            due: 12,
            oldest: Some(hours_ago(1)),
            held: vec!["5 by 4711-K2M9PD".to_owned()],
        }],
        sizes: vec![Fact::new("Database", "812.4 MB")],
        dead_mails: DeadLetters {
            total: 0,
            rows: Vec::new(),
        },
        dead_webhooks: DeadLetters {
            total: 1,
            rows: vec![DeadRow {
                what: "payment.received".to_owned(),
                to: URL.to_owned(),
                why: "answered 500".to_owned(),
                when: Some(days_ago(1)),
                retry_action: "/operations/webhooks/d1/retry".to_owned(),
            }],
        },
        unknown: UnknownHandOffs {
            total: 2,
            rows: vec![
                UnknownRow {
                    what: "Call",
                    when: hours_ago(1),
                    why: "the provider answered 500".to_owned(),
                    asked_next: Some(hours_ago(0)),
                    placement_href: "/placements/p1".to_owned(),
                    settle_href: "/operations/hand-offs/a1".to_owned(),
                    ask_action: "/operations/hand-offs/a1/ask".to_owned(),
                },
                UnknownRow {
                    what: "Email",
                    when: days_ago(2),
                    why: "the sender did not report".to_owned(),
                    asked_next: None,
                    placement_href: "/placements/p2".to_owned(),
                    settle_href: "/operations/hand-offs/a2".to_owned(),
                    ask_action: "/operations/hand-offs/a2/ask".to_owned(),
                },
            ],
        },
    }
}

fn hand_off() -> HandOffPage {
    HandOffPage {
        shell: shell("Settle a hand-off", Section::Settings),
        trail: vec![Link::new("Operations", "/operations")],
        title: "What became of this call?",
        facts: vec![
            Fact::new("To", "+15185550142"),
            Fact::new("What went wrong", "the provider answered 500"),
        ],
        placement_href: "/placements/p1".to_owned(),
        action: "/operations/hand-offs/a1".to_owned(),
        found: Choices::new(
            "found",
            [
                (
                    "talked",
                    "The call was placed, and somebody was spoken with",
                ),
                ("nothing", "No call was placed"),
            ],
            "",
        )
        .with_error("Choose what you found out."),
        note: Field::new("note", ""),
        cancel_href: "/operations",
    }
}
