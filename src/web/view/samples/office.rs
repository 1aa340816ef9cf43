//! Overview, debtors, payments, imports, settings and users.

use super::desk::desk_shell;
use super::{Page, days_ago, hours_ago, rendered, shell, words};
use crate::web::shell::Section;
use crate::web::view::audit::{ChainRow, CheckpointRow, CheckpointsPage, LastWalk, WalkProgress};
use crate::web::view::badge::{HoldBadge, StatusBadge};
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::consent::{ConsentBadge, ConsentRow, ConsentsPage, TakenBack};
use crate::web::view::debtor::{
    DebtorFlag, DebtorListPage, DebtorPage, DebtorPlacement, DebtorRow,
};
use crate::web::view::flag::{Input, LiftFlagPage, RecordPage};
use crate::web::view::form::{Choices, Field, FieldError};
use crate::web::view::import::{
    DuplicateRow, ExpectedColumn, ImportListPage, ImportMappingPage, ImportProgressPage,
    ImportResultPage, ImportReviewPage, ImportRow, ImportState, ImportUploadPage, MappedColumn,
    ProblemSeverity, RowProblem,
};
use crate::web::view::overview::{
    Bar, Figure, OverviewPage, QueueLine, RecentPlacement, RecoveredChart, StatusLine,
};
use crate::web::view::part::{Banner, Fact, Link, Pager, Search, trail};
use crate::web::view::payment::{PaymentListPage, PaymentRow};
use crate::web::view::placement_tabs::FlagRow;
use crate::web::view::policy::{
    ActivationRow, CapRow, ChangeRow, PolicyChangePage, PolicyPage, Switch,
};
use crate::web::view::settings::{
    self, ApiKeyRow, ApiKeysPage, NewKey, SecurityPage, SessionRow, SettingsMay,
};
use crate::web::view::user::{ROLES, UserEditPage, UserForm, UserListPage, UserRow};

pub(super) fn pages() -> Vec<Page> {
    vec![
        ("overview", rendered(&overview())),
        ("debtors", rendered(&debtors())),
        ("debtor", rendered(&debtor())),
        ("flag-new", rendered(&new_flag())),
        ("flag-lift", rendered(&lift_flag())),
        ("consents", rendered(&consents(consent_rows()))),
        ("consents-none", rendered(&consents(Vec::new()))),
        ("payments", rendered(&payments())),
        ("imports", rendered(&imports())),
        ("import-upload", rendered(&upload())),
        ("import-mapping", rendered(&mapping())),
        ("import-review", rendered(&review())),
        ("import-progress", rendered(&progress())),
        ("import-result", rendered(&result(None))),
        (
            "import-failed",
            rendered(&result(Some(
                "The file ends in the middle of a quoted cell that begins in row 311.",
            ))),
        ),
        ("api-keys", rendered(&api_keys())),
        ("revoke-key", rendered(&revoke_key())),
        ("security", rendered(&security())),
        ("users", rendered(&users())),
        ("user-edit", rendered(&user_edit())),
        ("checkpoints", rendered(&checkpoints())),
        ("checkpoints-verifying", rendered(&verifying())),
        ("policy", rendered(&policy())),
        ("policy-change", rendered(&policy_change())),
    ]
}

fn pager(total: u64) -> Pager {
    Pager {
        first: 1,
        last: total,
        total,
        ..Pager::default()
    }
}

fn search(action: &str) -> Search {
    Search {
        action: action.to_owned(),
        ..Search::default()
    }
}

fn overview() -> OverviewPage {
    let figure = |label: &str, value: &str, note: &str| Figure {
        label: label.to_owned(),
        value: value.to_owned(),
        note: note.to_owned(),
        href: Some("/placements".to_owned()),
    };
    let line = |label: &str, count| QueueLine {
        label: label.to_owned(),
        count,
        href: "/placements?needs=me".to_owned(),
    };
    let recent = |debtor: &str, holds| RecentPlacement {
        id: "20417".to_owned(),
        debtor: debtor.to_owned(),
        state: "OH".to_owned(),
        invoice: "HS-20417".to_owned(),
        amount: "$1,250.00".to_owned(),
        status: StatusBadge::InOutreach,
        holds,
        placed: days_ago(3),
    };
    OverviewPage {
        shell: shell("Overview", Section::Overview),
        context: "Harbor Supply Co, 21 November 2026".to_owned(),
        figures: vec![
            figure("Outstanding", "$1,204,311.08", "312 placements"),
            figure(
                "Recovered this month",
                "$48,902.75",
                "3.9 % of what was outstanding",
            ),
            figure("In outreach", "188", "27 held"),
            figure("Average days to pay", "34", "over 52 paid placements"),
        ],
        queue: vec![
            line("Contact stopped by the debtor", 3),
            line("Disputes to answer", 12),
            line("Imports waiting for review", 1),
        ],
        statuses: vec![StatusLine {
            status: StatusBadge::InOutreach,
            placements: 188,
            left: Some("$702,118.40".to_owned()),
            href: "/placements?status=in_outreach".to_owned(),
        }],
        outstanding: "$702,118.40".to_owned(),
        recovered: RecoveredChart {
            width: 300,
            height: 80,
            highest: "$4,120.00".to_owned(),
            total: "$48,902.75".to_owned(),
            first: "23 Oct".to_owned(),
            last: "21 Nov".to_owned(),
            bars: vec![Bar {
                x: 0,
                y: 20,
                width: 8,
                height: 60,
                day: "23 Oct 2026".to_owned(),
                amount: "$3,090.00".to_owned(),
                is_empty: false,
            }],
        },
        recent: vec![
            recent("Marisol Ortega", vec![HoldBadge::NoContact]),
            recent("Acme Fabrication LLC", vec![]),
        ],
        can_import: true,
    }
}

fn debtors() -> DebtorListPage {
    let row = |name: &str, holds| DebtorRow {
        id: "d1".to_owned(),
        name: name.to_owned(),
        kind: "Person".to_owned(),
        place: "Columbus, OH".to_owned(),
        placements: 2,
        remaining: "$1,560.00".to_owned(),
        holds,
    };
    DebtorListPage {
        shell: shell("Debtors", Section::Debtors),
        search: search("/debtors"),
        narrowed_to: Some("Cease-and-desist".to_owned()),
        rows: vec![
            row("Marisol Ortega", vec![HoldBadge::NoContact]),
            row("Ruth Abernathy", vec![]),
        ],
        pager: pager(2),
    }
}

fn debtor() -> DebtorPage {
    DebtorPage {
        shell: shell("Marisol Ortega", Section::Debtors),
        name: "Marisol Ortega".to_owned(),
        context: "Person · Columbus, Ohio".to_owned(),
        banners: vec![Banner::cease(
            "20417",
            "12 Nov 2026",
            "in the portal",
            "all contact",
        )],
        contact_points: vec![
            Fact::new("Address", "88 Linden Ave, Columbus, OH 43206"),
            Fact::new("Mobile", "(614) 555-0148"),
        ],
        placements: vec![DebtorPlacement {
            id: "20417".to_owned(),
            invoice: "HS-20417".to_owned(),
            creditor: "Harbor Supply Co".to_owned(),
            remaining: "$1,250.00".to_owned(),
            status: StatusBadge::InOutreach,
            placed: days_ago(40),
        }],
        flags: vec![DebtorFlag {
            row: FlagRow {
                what: "Has a lawyer (Name: R. Ortiz)".to_owned(),
                who: "Sam Reyes".to_owned(),
                how: "By letter".to_owned(),
                since: hours_ago(50),
                to_the_day: false,
                lifted: None,
            },
            lift_href: Some("/debtors/d1/flags/f1/lift".to_owned()),
            settle: Some(Link::new(
                "What the lawyer answered",
                "/debtors/d1/flags/f1/counsel",
            )),
        }],
        correct: vec![Link::new(
            "Correct (614) 555-0148",
            "/debtors/d1/numbers/6145550148",
        )],
        consents: Link::new("Permissions: 2 not taken back", "/debtors/d1/consents"),
        record: vec![
            Link::new("Asked us to stop", "/debtors/d1/flags/new?kind=stop"),
            Link::new("Has a lawyer", "/debtors/d1/flags/new?kind=attorney"),
        ],
    }
}
fn new_flag() -> RecordPage {
    RecordPage {
        shell: desk_shell("Record a request to stop"),
        trail: trail("Debtors", "/debtors"),
        title: "Record a request to stop",
        debtor: "Marisol Ortega".to_owned(),
        facts: vec![Fact::new("Limited to", "(614) 555-0148")],
        action: "/debtors/d1/flags".to_owned(),
        kind: "stop",
        inputs: vec![
            Input::Radios(
                Choices::new(
                    "scope",
                    [("all", "All contact"), ("call", "Calls only")],
                    "",
                )
                .with_error("Choose what shall stop."),
                "What shall stop",
                "",
            ),
            Input::Ticks(
                Choices::new("days", [("sat", "Saturday"), ("sun", "Sunday")], "sat"),
                "On which days",
                "None ticked: every day",
            ),
            Input::Time(Field::new("from", "18:00"), "From", "Empty for midnight"),
            Input::Select(
                Choices::new("via", [("letter", "By letter")], "letter"),
                "How it came",
            ),
            Input::Text(Field::new("name", ""), "Name of the lawyer", ""),
            Input::Phone(Field::new("phone", ""), "Phone", "If you know it"),
            Input::Date(Field::new("received_on", "2026-11-21"), "Received on", ""),
            Input::Area(Field::new("words", ""), "Their words", ""),
        ],
        effects: vec!["Planned calls are cancelled and email sequences end."],
        button: "Stop contact now",
        cancel_href: "/debtors/d1".to_owned(),
    }
}
fn lift_flag() -> LiftFlagPage {
    LiftFlagPage {
        shell: desk_shell("No longer so"),
        trail: trail("Debtors", "/debtors"),
        what: "Has a lawyer",
        debtor: "Marisol Ortega".to_owned(),
        facts: vec![Fact::new("Name", "R. Ortiz")],
        action: "/debtors/d1/flags/f1/lift".to_owned(),
        cancel_href: "/debtors/d1".to_owned(),
        via: Some(Choices::new("via", [("phone", "By telephone")], "phone")),
        reason: Field::new("reason", "").with_error("Say how you know that it is no longer so."),
        effects: vec!["This no longer stands in the way of contact. Every other rule still does."],
    }
}

fn consents(rows: Vec<ConsentRow>) -> ConsentsPage {
    ConsentsPage {
        shell: desk_shell("Permissions"),
        trail: trail("Debtors", "/debtors"),
        debtor: "Marisol Ortega".to_owned(),
        rows,
        grant: vec![Link::new(
            "Recording of calls",
            "/debtors/d1/consents/new?kind=recording",
        )],
    }
}

fn consent_rows() -> Vec<ConsentRow> {
    let row = ConsentRow {
        what: "Automated and recorded calls",
        limits: "(614) 555-0148".to_owned(),
        account: None,
        badge: ConsentBadge::InForce,
        not_counted: None,
        given_to: "to us",
        how: "by telephone",
        given: days_ago(3),
        recorded_by: "Sam Reyes".to_owned(),
        recorded: days_ago(3),
        evidence: Some("\u{201c}You can use the dialer for my cell.\u{201d}".to_owned()),
        reference: Some("7K2M94QD".to_owned()),
        taken_back: None,
        revoke_href: Some("/debtors/d1/consents/c1/revoke".to_owned()),
    };
    let ended = ConsentRow {
        badge: ConsentBadge::TakenBack,
        taken_back: Some(TakenBack {
            when: hours_ago(2),
            how: "in the portal",
            recorded_by: "Debtor".to_owned(),
            words: None,
            reference: Some("M94QD7K2".to_owned()),
        }),
        revoke_href: None,
        ..row.clone()
    };
    let other = ConsentRow {
        what: "Contact at a time of the debtor\u{2019}s choice",
        limits: "21:00 to 22:00".to_owned(),
        account: Some("HS-20417".to_owned()),
        badge: ConsentBadge::NotCounted,
        not_counted: Some("It was given to the creditor and not to us."),
        given_to: "to the creditor",
        evidence: None,
        reference: None,
        ..row.clone()
    };
    vec![row, ended, other]
}

fn payments() -> PaymentListPage {
    let row = |debtor: &str, amount: &str, fee: &str| PaymentRow {
        placement_id: "20417".to_owned(),
        debtor: debtor.to_owned(),
        invoice: "HS-20417".to_owned(),
        received: days_ago(2),
        method: "Check".to_owned(),
        reference: "1042".to_owned(),
        amount: amount.to_owned(),
        rate: "25 %".to_owned(),
        fee: fee.to_owned(),
        recorded_by: "Dana Whitfield".to_owned(),
    };
    PaymentListPage {
        shell: shell("Payments", Section::Payments),
        search: search("/payments"),
        rows: vec![
            row("Marisol Ortega", "$590.00", "$147.50"),
            row("Okafor Dental", "$2,310.00", "$577.50"),
        ],
        pager: pager(2),
        amount_total: "$2,900.00".to_owned(),
        fee_total: "$725.00".to_owned(),
    }
}

fn imports() -> ImportListPage {
    let row = |file: &str, state, taken, skipped| ImportRow {
        id: "i1".to_owned(),
        file: file.to_owned(),
        kind: "Placements".to_owned(),
        creditor: "Harbor Supply Co".to_owned(),
        by: "Dana Whitfield".to_owned(),
        when: days_ago(1),
        state,
        rows: 612,
        taken,
        skipped,
    };
    ImportListPage {
        shell: shell("Imports", Section::Imports),
        rows: vec![
            row("november.csv", ImportState::Reviewing, 0, 0),
            row("october.csv", ImportState::Done, 604, 8),
            row("broken.csv", ImportState::Failed, 0, 612),
        ],
        pager: pager(3),
        can_upload: true,
    }
}

fn upload() -> ImportUploadPage {
    let column = |name: &str, required, meaning: &str| ExpectedColumn {
        name: name.to_owned(),
        required,
        meaning: meaning.to_owned(),
    };
    ImportUploadPage {
        shell: shell("Upload a file", Section::Imports),
        file: Field::new("file", "").with_error("The file has 24 MB; at most 20 MB can be taken"),
        kind: Choices::new(
            "kind",
            [
                ("placements", "Placements"),
                ("contacts", "Contact history"),
                ("dnc", "Do-not-call list"),
            ],
            "placements",
        ),
        creditor: Some(Choices::new("creditor", [("c1", "Harbor Supply Co")], "c1")),
        encoding: Choices::new(
            "encoding",
            [
                ("detect", "UTF-8 or UTF-16"),
                ("windows-1252", "Windows-1252"),
            ],
            "detect",
        ),
        columns: vec![
            column(
                "invoice_number",
                true,
                "The creditor's own number, once per account",
            ),
            column("amount", true, "What is owed, such as 1250.00"),
            column("debtor_name", true, "Person or business"),
            column("zip_code", false, "Decides the debtor's time zone"),
        ],
        sample_href: "/imports/sample.csv".to_owned(),
    }
}

fn mapping() -> ImportMappingPage {
    let options = [
        ("invoice_number", "Invoice number"),
        ("amount", "Amount"),
        ("debtor_name", "Debtor's name"),
    ];
    let column = |n: usize, header: &str, samples: &[&str], chosen: &str| MappedColumn {
        header: header.to_owned(),
        samples: samples.iter().map(|s| (*s).to_owned()).collect(),
        target: Choices::new(format!("column_{n}"), options, chosen),
        guessed: !chosen.is_empty(),
    };
    let mut amount = column(1, "Bal.", &["1,250.00", "310", "18402.55"], "");
    amount.target = amount.target.with_error("No column means the amount yet");
    ImportMappingPage {
        shell: shell("Which column is which?", Section::Imports),
        id: "i1".to_owned(),
        file: "november.csv".to_owned(),
        rows: 612,
        columns: vec![
            column(
                0,
                "Inv No",
                &["HS-20417", "HS-20418", "HS-20419"],
                "invoice_number",
            ),
            amount,
            column(
                2,
                "Customer",
                &["Marisol Ortega", "Acme Fabrication LLC"],
                "debtor_name",
            ),
        ],
        date_order: Choices::new(
            "date_order",
            [("month_first", "Month first"), ("day_first", "Day first")],
            "month_first",
        ),
        zone: Some(Choices::new(
            "zone",
            [("America/New_York", "Eastern")],
            "America/New_York",
        )),
        errors: vec![FieldError {
            field: "column_1".to_owned(),
            message: "No column means the amount yet".to_owned(),
        }],
        remembered: false,
    }
}

fn review() -> ImportReviewPage {
    ImportReviewPage {
        shell: shell("Check before saving", Section::Imports),
        id: "i1".to_owned(),
        file: "november.csv".to_owned(),
        ready: 604,
        with_errors: 5,
        duplicates: 3,
        total_amount: Some("$811,204.10".to_owned()),
        pager: pager(3),
        more_duplicates: 0,
        problems: vec![
            RowProblem {
                row: 17,
                column: "Bal.".to_owned(),
                value: "12.345".to_owned(),
                message: "has more than two decimals".to_owned(),
                severity: ProblemSeverity::Error,
            },
            RowProblem {
                row: 31,
                column: "Due".to_owned(),
                value: "2026-02-30".to_owned(),
                message: "is not a date".to_owned(),
                severity: ProblemSeverity::Error,
            },
            RowProblem {
                row: 40,
                column: "ZIP".to_owned(),
                value: String::new(),
                message: "is empty: the time zone is taken from the state".to_owned(),
                severity: ProblemSeverity::Warning,
            },
        ],
        all_problems_href: Some("/imports/i1/problems.csv".to_owned()),
        duplicate_rows: vec![
            DuplicateRow {
                row: 88,
                invoice: "HS-20417".to_owned(),
                debtor: "Marisol Ortega".to_owned(),
                placement_id: "20417".to_owned(),
            },
            DuplicateRow {
                row: 90,
                invoice: "HS-30001".to_owned(),
                debtor: "Luz Villanueva".to_owned(),
                placement_id: "30001".to_owned(),
            },
        ],
    }
}

fn progress() -> ImportProgressPage {
    ImportProgressPage {
        shell: shell("Importing", Section::Imports),
        id: "i1".to_owned(),
        file: "november.csv".to_owned(),
        done: 2_400,
        total: 10_000,
    }
}

fn result(failure: Option<&str>) -> ImportResultPage {
    ImportResultPage {
        shell: shell("Import", Section::Imports),
        id: "i1".to_owned(),
        file: "november.csv".to_owned(),
        by: "Dana Whitfield".to_owned(),
        finished: hours_ago(1),
        taken: if failure.is_none() { 604 } else { 0 },
        skipped: 5,
        duplicates: 3,
        result_href: "/imports/i1/result.csv".to_owned(),
        failure: failure.map(str::to_owned),
    }
}

const MAY: SettingsMay = SettingsMay {
    api_keys: true,
    webhooks: true,
    users: true,
    audit: true,
};

fn api_keys() -> ApiKeysPage {
    let row = |name: &str, revoked| ApiKeyRow {
        id: "k1".to_owned(),
        name: name.to_owned(),
        creditor: None,
        prefix: "ca_7f3kq2".to_owned(),
        access: "Full".to_owned(),
        created: days_ago(30),
        created_by: "Dana Whitfield".to_owned(),
        last_used: Some(hours_ago(3)),
        revoked,
    };
    ApiKeysPage {
        shell: shell("API keys", Section::Settings),
        tabs: settings::tabs("/settings/api-keys", MAY),
        new_key: Some(NewKey {
            name: "Billing export".to_owned(),
            key: "ca_7f3kq2_SAMPLEsampleSAMPLEsampleSAMPLE0000".to_owned(),
            old_works_until: None,
        }),
        rows: vec![
            row("Billing export", None),
            row("Old integration", Some(days_ago(4))),
        ],
        name: Field::new("name", ""),
        access: Choices::new("access", [("full", "Full"), ("read", "Read only")], "read"),
        creditor: None,
        last_changed: Some("Last changed 22 Oct 2026 by Dana Whitfield".to_owned()),
    }
}

fn revoke_key() -> ConfirmPage {
    ConfirmPage {
        shell: shell("Revoke key", Section::Settings),
        trail: trail("API keys", "/settings/api-keys"),
        question: "Revoke this key?".to_owned(),
        subject: "Billing export, ca_7f3kq2…".to_owned(),
        effects: vec![
            "Every request with it is refused from now on.".to_owned(),
            "This cannot be undone; a new key can be made.".to_owned(),
        ],
        action: "/settings/api-keys/k1/revoke".to_owned(),
        button: "Revoke key".to_owned(),
        cancel_href: "/settings/api-keys".to_owned(),
        keep: vec![],
        harmless: false,
    }
}

fn security() -> SecurityPage {
    SecurityPage {
        shell: shell("Security", Section::Settings),
        tabs: settings::tabs("/settings/security", MAY),
        sessions: vec![
            SessionRow {
                device: "Chromium on Linux".to_owned(),
                signed_in: hours_ago(2),
                last_seen: hours_ago(0),
                current: true,
            },
            SessionRow {
                device: "Safari on iPhone".to_owned(),
                signed_in: hours_ago(9),
                last_seen: hours_ago(5),
                current: false,
            },
        ],
        current_password: Field::new("current_password", "")
            .with_error("That is not your current password"),
        new_password: Field::new("new_password", ""),
        must_choose: false,
    }
}

fn users() -> UserListPage {
    let row = |name: &str, role: &str, active| UserRow {
        id: "u1".to_owned(),
        name: name.to_owned(),
        email: "dana@harborsupply.example".to_owned(),
        role: role.to_owned(),
        creditor: Some("Harbor Supply Co".to_owned()),
        last_sign_in: Some(hours_ago(3)),
        active,
    };
    UserListPage {
        shell: shell("Users", Section::Settings),
        tabs: settings::tabs("/people", MAY),
        rows: vec![
            row("Dana Whitfield", "Creditor admin", true),
            row("Lee Park", "Creditor member", false),
        ],
        pager: pager(2),
        one_time_password: Some(("Lee Park".to_owned(), "sample-sample-sample".to_owned())),
    }
}

fn user_edit() -> UserEditPage {
    UserEditPage {
        shell: shell("Lee Park", Section::Settings),
        id: Some("u2".to_owned()),
        action: "/people/u2".to_owned(),
        form: UserForm {
            name: Field::new("name", "Lee Park"),
            email: Field::new("email", "lee@harborsupply.example"),
            role: Choices::new("role", ROLES, "creditor_member"),
            creditor: Choices::new("creditor", [("c1", "Harbor Supply Co")], "c1"),
        },
        active: true,
        is_oneself: false,
        version: 3,
    }
}

fn checkpoints() -> CheckpointsPage {
    CheckpointsPage {
        shell: shell("Audit record", Section::Settings),
        tabs: settings::tabs("/audit/checkpoints", MAY),
        chains: vec![
            ChainRow {
                name: "Harbor Supply Co".to_owned(),
                events: 48_201,
                head: "9c41f7…e2".to_owned(),
                verified: Some(hours_ago(1)),
                broken_at: None,
            },
            ChainRow {
                name: "Platform".to_owned(),
                events: 311,
                head: "07aa1b…4d".to_owned(),
                verified: None,
                broken_at: Some("Event 184 does not fit the one before it".to_owned()),
            },
        ],
        walk: None,
        last_walk: Some(LastWalk {
            when: hours_ago(1),
            by: "Dana Whitfield".to_owned(),
            is_whole: false,
        }),
        checkpoints: vec![CheckpointRow {
            when: hours_ago(1),
            chains: 2,
            events: 48_190,
            root: "5be0d2aa…12a9".to_owned(),
            download_href: "/audit/checkpoints/1".to_owned(),
        }],
        pager: pager(1),
        public_key: "MCowBQYDK2VwAyEAsampleSAMPLEsample".to_owned(),
    }
}

fn verifying() -> CheckpointsPage {
    CheckpointsPage {
        walk: Some(WalkProgress {
            done: 20_000,
            total: 48_512,
            asked: hours_ago(0),
        }),
        ..checkpoints()
    }
}

fn policy() -> PolicyPage {
    PolicyPage {
        shell: shell("Policy", Section::Settings),
        tabs: settings::tabs("/settings/policy", MAY),
        facts: vec![
            Fact::new("Version", "5be0d2aa".repeat(8)),
            Fact::new("Entries", "612"),
        ],
        caps: vec![CapRow {
            place: "MA".to_owned(),
            field: "Work".to_owned(),
            lines: vec![
                "{\"max\":2,\"days\":30}".to_owned(),
                "940 CMR 7.04(1)(f)".to_owned(),
            ],
            on: true,
            switch: Some(Switch {
                place: "MA".to_owned(),
                field: "work".to_owned(),
                from: String::new(),
            }),
        }],
        history: vec![ActivationRow {
            when: days_ago(3),
            by: "Dana Whitfield".to_owned(),
            version: "5be0d2aa5be0".to_owned(),
            href: format!("/settings/policy/{}", "5be0d2aa".repeat(8)),
            current: true,
        }],
        files: ["federal", "states", "overlays"]
            .map(|name| Field::new(name, ""))
            .to_vec(),
        problems: vec!["states.json: CA.mini_tcpa[0]: has no citation".to_owned()],
    }
}

fn policy_change() -> PolicyChangePage {
    PolicyChangePage {
        shell: shell("Policy", Section::Settings),
        version: "07aa1b4d".repeat(8),
        current: "5be0d2aa".repeat(8),
        is_in_force: false,
        facts: vec![Fact::new("Entries", "613")],
        changes: vec![ChangeRow {
            place: "CA".to_owned(),
            field: "call_frequency_limit".to_owned(),
            what: "Changed",
            before: vec!["7".to_owned(), "Cal. Civ. Code 1788.11".to_owned()],
            after: vec!["6".to_owned(), "Cal. Civ. Code 1788.11".to_owned()],
        }],
        may_activate: true,
        seen: 3,
    }
}

#[test]
fn a_walk_that_is_under_way_shows_how_far_it_is_and_cannot_be_asked_for_again() {
    let html = rendered(&verifying());
    assert!(words(&html).contains("20,000 of 48,512 events"));
    assert!(!html.contains("Verify now"));
}

#[test]
fn a_policy_says_what_would_change_and_by_which_source() {
    let text = words(&rendered(&policy_change()));
    assert!(text.contains("7 Cal. Civ. Code 1788.11 6 Cal. Civ. Code 1788.11"));
    assert!(text.contains("1 change"));
}

#[test]
fn the_overview_leads_every_number_to_its_rows() {
    let html = rendered(&overview());
    assert!(html.contains(r#"<a href="/placements">Outstanding</a>"#));
    assert!(words(&html).contains("Disputes to answer 12"));
}

#[test]
fn an_import_shows_errors_by_row_and_column_in_the_files_own_words() {
    let text = words(&rendered(&review()));
    assert!(text.contains("17 Bal. 12.345 has more than two decimals Error"));
    assert!(text.contains("Import only the 604 good rows"));
    assert!(text.contains("88 HS-20417 Marisol Ortega A placement on file"));
}

#[test]
fn a_column_nothing_was_mapped_to_is_pointed_at() {
    let html = rendered(&mapping());
    assert!(html.contains(r##"<a href="#column_1">No column means the amount yet</a>"##));
    assert!(html.contains(
        r#"id="column_1" name="column_1" aria-label="Bal. means" aria-describedby="column_1-error""#
    ));
}

#[test]
fn progress_refreshes_itself_without_script_and_counts_in_words() {
    let html = rendered(&progress());
    assert!(html.contains(r#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#));
    assert!(words(&html).contains("2,400 of 10,000 rows"));
}

#[test]
fn a_failed_import_says_that_nothing_was_saved_and_why() {
    let text = words(&rendered(&result(Some("The file ends too early."))));
    assert!(text.contains("Nothing was saved The file ends too early."));
    assert!(!text.contains("Go to placements"));
}

#[test]
fn a_new_key_is_shown_once_and_a_revoked_one_has_no_buttons() {
    let html = rendered(&api_keys());
    assert!(words(&html).contains("It is shown this once."));
    assert_eq!(html.matches("/settings/api-keys/k1/revoke").count(), 1);
    let mut later = api_keys();
    later.new_key = None;
    assert!(!rendered(&later).contains("SAMPLE"));
}

#[test]
fn a_confirmation_lists_what_will_happen_and_can_be_a_dialog() {
    let html = rendered(&revoke_key());
    assert!(html.contains("data-block"));
    assert!(words(&html).contains("Every request with it is refused from now on."));
}

#[test]
fn nobody_can_deactivate_themselves() {
    let mut page = user_edit();
    assert!(rendered(&page).contains("/people/u2/deactivate"));
    page.is_oneself = true;
    assert!(!rendered(&page).contains("/people/u2/deactivate"));
}

#[test]
fn a_broken_chain_names_the_bad_row() {
    let text = words(&rendered(&checkpoints()));
    assert!(text.contains("Broken Event 184 does not fit the one before it"));
    assert!(text.contains("forbear audit verify --checkpoint FILE"));
}

#[test]
fn settings_show_only_the_tabs_one_may_open() {
    let labels: Vec<_> = settings::tabs("/settings/security", SettingsMay::default())
        .into_iter()
        .map(|tab| tab.label)
        .collect();
    assert_eq!(labels, ["Security"]);
}
