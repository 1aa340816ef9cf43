//! Every operation of the API: its route, who may call it, what it takes and gives.

use actix_web::http::Method;
use actix_web::{Route, web};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{
    account, alerts, answers, consents, create, decisions, health, openapi, pause, payments,
    placement_view, placements, recall, records, trail, voice, webhooks as hooks,
};
use crate::routes::{Access, KeyAccess};

/// One operation, as the routes and the description need it.
#[derive(Clone)]
pub struct Operation {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub handler: fn() -> Route,
    /// The operation's name in generated clients.
    pub name: &'static str,
    pub summary: &'static str,
    pub params: &'static [Param],
    pub takes: Takes,
    pub gives: Option<MakeSchema>,
    /// The status of success.
    pub status: u16,
    /// Takes an `Idempotency-Key`.
    pub repeatable: bool,
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    pub name: &'static str,
    pub about: &'static str,
    pub kind: ParamKind,
}

#[derive(Debug, Clone, Copy)]
pub enum ParamKind {
    Text,
    Number,
    Instant,
}

/// Makes the schema of a type, putting what it refers to among the generator's definitions.
pub type MakeSchema = fn(&mut SchemaGenerator) -> Schema;

/// The body of a request.
#[derive(Clone, Copy)]
pub enum Takes {
    Nothing,
    Json(MakeSchema),
    /// JSON or no body at all.
    MaybeJson(MakeSchema),
}

const fn schema_of<T: JsonSchema>() -> MakeSchema {
    |generator| generator.subschema_for::<T>()
}

impl Operation {
    fn new(
        method: Method,
        path: &'static str,
        access: Access,
        name: &'static str,
        summary: &'static str,
        handler: fn() -> Route,
    ) -> Self {
        Self {
            method,
            path,
            access,
            handler,
            name,
            summary,
            params: &[],
            takes: Takes::Nothing,
            gives: None,
            status: 200,
            repeatable: false,
        }
    }

    const fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    fn takes<T: JsonSchema>(mut self) -> Self {
        self.takes = Takes::Json(schema_of::<T>());
        self
    }

    fn may_take<T: JsonSchema>(mut self) -> Self {
        self.takes = Takes::MaybeJson(schema_of::<T>());
        self
    }

    fn gives<T: JsonSchema>(mut self) -> Self {
        self.gives = Some(schema_of::<T>());
        self
    }

    const fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}

/// An operation that anyone may call.
fn open(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: fn() -> Route,
) -> Operation {
    Operation::new(Method::GET, path, Access::Public, name, summary, handler)
}

/// An operation that changes nothing.
fn get(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: fn() -> Route,
) -> Operation {
    let access = Access::Key(KeyAccess::Read);
    Operation::new(Method::GET, path, access, name, summary, handler)
}

/// An operation that changes something, once for each idempotency key.
fn post(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: fn() -> Route,
) -> Operation {
    let access = Access::Key(KeyAccess::Write);
    Operation {
        repeatable: true,
        ..Operation::new(Method::POST, path, access, name, summary, handler)
    }
}

/// A tool of the voice agent, done once for each pair of a call and a use.
fn tool<T: voice::Arguments>(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
) -> Operation {
    let access = Access::Key(KeyAccess::Write);
    Operation::new(Method::POST, path, access, name, summary, || {
        web::post().to(voice::run::<T>)
    })
    .takes::<voice::ToolRequest<T>>()
    .gives::<voice::ToolAnswer>()
}

/// A question that is sent as a body. It is kept, and nothing follows from it.
fn ask(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: fn() -> Route,
) -> Operation {
    let access = Access::Key(KeyAccess::Read);
    Operation::new(Method::POST, path, access, name, summary, handler)
}

const fn param(name: &'static str, kind: ParamKind, about: &'static str) -> Param {
    Param { name, about, kind }
}

const LIMIT: Param = param(
    "limit",
    ParamKind::Number,
    "Rows of a page: 25, at most 100.",
);
const OFFSET: Param = param("offset", ParamKind::Number, "Rows to pass over.");

const PAGE: &[Param] = &[LIMIT, OFFSET];

const PLACEMENTS: &[Param] = &[
    LIMIT,
    OFFSET,
    param("status", ParamKind::Text, "Statuses, separated by commas."),
    param(
        "q",
        ParamKind::Text,
        "A part of the debtor\u{2019}s name or of the invoice number.",
    ),
    param(
        "sort",
        ParamKind::Text,
        "placed_at, invoice_amount, days_past_due, status or updated_at; - in front for descending.",
    ),
    param("outreach_phase", ParamKind::Text, "hunt or engaged."),
    param(
        "updated_since",
        ParamKind::Instant,
        "Only what was changed after this, the oldest change first.",
    ),
    param(
        "after_id",
        ParamKind::Text,
        "With updated_since: the last placement read, so that none changed at that instant is \
         passed over.",
    ),
];

const ALERTS: &[Param] = &[
    LIMIT,
    OFFSET,
    param(
        "status",
        ParamKind::Text,
        "active, acknowledged or resolved.",
    ),
    param("severity", ParamKind::Text, "critical or warning."),
    param("alert_type", ParamKind::Text, "One of the six types."),
    param("rule", ParamKind::Text, "The rule that was in the way."),
    param("since", ParamKind::Instant, "Not before this."),
    param("until", ParamKind::Instant, "Before this."),
];

const TRAIL: &[Param] = &[
    LIMIT,
    param("cursor", ParamKind::Text, "next_cursor of the page before."),
    param(
        "view",
        ParamKind::Text,
        "summary, or full with the program\u{2019}s own bookkeeping.",
    ),
    param(
        "event_type",
        ParamKind::Text,
        "Kinds of events, separated by commas.",
    ),
    param("actor", ParamKind::Text, "user, key, debtor or system."),
    param("since", ParamKind::Instant, "Not before this."),
    param("until", ParamKind::Instant, "Not after this."),
];

const DELIVERIES: &[Param] = &[
    LIMIT,
    OFFSET,
    param(
        "status",
        ParamKind::Text,
        "pending, delivered, dead or cancelled.",
    ),
    param("event", ParamKind::Text, "One kind of event."),
];

/// Every operation.
pub fn all() -> Vec<Operation> {
    [
        open_to_all(),
        account(),
        placements(),
        records(),
        gate(),
        alerts(),
        webhooks(),
        voice_tools(),
    ]
    .concat()
}

fn open_to_all() -> Vec<Operation> {
    vec![
        open("/health", "health", "The process answers.", || {
            web::get().to(health::shallow)
        })
        .gives::<health::Health>(),
        open(
            "/health/deep",
            "health_deep",
            "The process and its database answer.",
            || web::get().to(health::deep),
        )
        .gives::<health::Health>(),
        open(
            "/openapi.json",
            "openapi",
            "This description, in OpenAPI 3.1.",
            || web::get().to(openapi::serve),
        ),
    ]
}

fn account() -> Vec<Operation> {
    vec![
        get(
            "/v1/whoami",
            "whoami",
            "The key that asks and the creditor it acts for.",
            || web::get().to(account::whoami),
        )
        .gives::<account::Whoami>(),
        get(
            "/v1/settings",
            "get_settings",
            "The creditor\u{2019}s account.",
            || web::get().to(account::settings),
        )
        .gives::<account::Settings>(),
    ]
}

fn placements() -> Vec<Operation> {
    vec![
        get(
            "/v1/placements",
            "list_placements",
            "Placements, filtered and sorted.",
            || web::get().to(placements::list),
        )
        .params(PLACEMENTS)
        .gives::<answers::Page<placement_view::PlacementSummary>>(),
        post(
            "/v1/placements",
            "create_placement",
            "Places one account.",
            || web::post().to(create::create),
        )
        .takes::<create::PlaceRequest>()
        .gives::<placement_view::PlacementDetail>()
        .status(201),
        get(
            "/v1/placements/{id}",
            "get_placement",
            "One placement, with what stands against contact.",
            || web::get().to(placements::show),
        )
        .gives::<placement_view::PlacementDetail>(),
        post(
            "/v1/placements/{id}/recall",
            "recall_placement",
            "Takes a placement back for good: sequences pause, undialled calls are cancelled. \
             There is no fee.",
            || web::post().to(recall::recall),
        )
        .may_take::<recall::RecallRequest>()
        .gives::<recall::Recalled>(),
        post(
            "/v1/placements/{id}/unrecall",
            "unrecall_placement",
            "Takes a recall back within seven days. What it stopped stays stopped.",
            || web::post().to(recall::undo),
        )
        .may_take::<recall::Nothing>()
        .gives::<placement_view::PlacementDetail>(),
        post(
            "/v1/placements/{id}/pause",
            "pause_placement",
            "Pauses outreach until a day, or until it is resumed: sequences pause, undialled calls \
             are cancelled. Again changes the day.",
            || web::post().to(pause::pause),
        )
        .may_take::<pause::PauseRequest>()
        .gives::<pause::Paused>(),
        post(
            "/v1/placements/{id}/resume",
            "resume_placement",
            "Ends a pause. What the debtor stopped stays stopped.",
            || web::post().to(pause::resume),
        )
        .may_take::<recall::Nothing>()
        .gives::<pause::Resumed>(),
        post(
            "/v1/placements/{id}/payment-received",
            "record_payment",
            "Records a payment that the debtor made to the creditor.",
            || web::post().to(payments::record),
        )
        .takes::<payments::PaymentRequest>()
        .gives::<payments::PaymentReceived>(),
    ]
}

fn records() -> Vec<Operation> {
    vec![
        get(
            "/v1/placements/{id}/payments",
            "list_placement_payments",
            "Payments of a placement, the latest first.",
            || web::get().to(payments::list),
        )
        .params(PAGE)
        .gives::<answers::Page<payments::PaymentView>>(),
        get(
            "/v1/placements/{id}/calls",
            "list_calls",
            "Planned and placed calls. A refused attempt makes none.",
            || web::get().to(records::calls),
        )
        .params(PAGE)
        .gives::<answers::Page<records::CallView>>(),
        get(
            "/v1/placements/{id}/emails",
            "list_emails",
            "Emails that went out or came in, and the series they belong to.",
            || web::get().to(records::emails),
        )
        .params(PAGE)
        .gives::<records::Emails>(),
        get(
            "/v1/placements/{id}/contacts",
            "list_contacts",
            "Contacts that took place, by every channel.",
            || web::get().to(records::contacts),
        )
        .params(PAGE)
        .gives::<answers::Page<records::ContactView>>(),
        get(
            "/v1/placements/{id}/consents",
            "list_consents",
            "Permissions of the placement\u{2019}s debtor, standing and taken back, the latest first.",
            || web::get().to(consents::list),
        )
        .params(PAGE)
        .gives::<answers::Page<consents::ConsentView>>(),
        post(
            "/v1/placements/{id}/consents",
            "grant_consent",
            "Puts a permission on record, with its evidence. It lifts no stop.",
            || web::post().to(consents::grant),
        )
        .takes::<consents::GrantRequest>()
        .gives::<consents::ConsentGranted>()
        .status(201),
        post(
            "/v1/placements/{id}/consents/{consent}/revoke",
            "revoke_consent",
            "Takes a permission back, however that reached you. In force when this answers.",
            || web::post().to(consents::revoke),
        )
        .may_take::<consents::RevokeRequest>()
        .gives::<consents::ConsentRevoked>(),
        get(
            "/v1/placements/{id}/audit",
            "get_audit",
            "The audit trail of a placement, the latest first.",
            || web::get().to(trail::of_placement),
        )
        .params(TRAIL)
        .gives::<trail::Trail>(),
        get(
            "/v1/audit/verify",
            "verify_audit",
            "Walks the audit chain and says whether it is as it was written.",
            || web::get().to(trail::verify),
        )
        .gives::<trail::ChainVerified>(),
    ]
}

fn gate() -> Vec<Operation> {
    vec![
        ask(
            "/v1/gate/check",
            "check_contact",
            "Asks the gate whether a contact would be lawful. Nobody is contacted.",
            || web::post().to(decisions::check),
        )
        .takes::<decisions::CheckRequest>()
        .gives::<decisions::DecisionView>(),
        get(
            "/v1/decisions/{id}",
            "get_decision",
            "One answer of the gate with its reasons.",
            || web::get().to(decisions::show),
        )
        .gives::<decisions::DecisionView>(),
        get(
            "/v1/placements/{id}/decisions",
            "list_decisions",
            "Answers of the gate about a placement, the latest first.",
            || web::get().to(decisions::of_placement),
        )
        .params(PAGE)
        .gives::<answers::Page<decisions::DecisionSummary>>(),
    ]
}

fn alerts() -> Vec<Operation> {
    vec![
        get(
            "/v1/alerts",
            "list_alerts",
            "Refusals and passed warnings, the latest first. For staff keys.",
            || web::get().to(alerts::list),
        )
        .params(ALERTS)
        .gives::<answers::Page<alerts::AlertView>>(),
        post(
            "/v1/alerts/{id}/acknowledge",
            "acknowledge_alert",
            "Notes that somebody has seen an alert. For staff keys, and not for the one that \
             caused it.",
            || web::post().to(alerts::acknowledge),
        )
        .may_take::<alerts::AcknowledgeRequest>()
        .gives::<alerts::AlertView>(),
        post(
            "/v1/alerts/{id}/resolve",
            "resolve_alert",
            "Notes that an alert is dealt with, and how.",
            || web::post().to(alerts::resolve),
        )
        .takes::<alerts::ResolveRequest>()
        .gives::<alerts::AlertView>(),
    ]
}

fn webhooks() -> Vec<Operation> {
    vec![
        get(
            "/v1/settings/webhook-events",
            "list_webhook_events",
            "Kinds of events that webhooks can be told of.",
            || web::get().to(hooks::events),
        )
        .gives::<hooks::Events>(),
        get(
            "/v1/settings/webhook-deliveries",
            "list_webhook_deliveries",
            "Messages to webhooks, the latest first.",
            || web::get().to(hooks::deliveries),
        )
        .params(DELIVERIES)
        .gives::<answers::Page<hooks::DeliveryView>>(),
        post(
            "/v1/settings/webhook-deliveries/test",
            "send_webhook_test",
            "Sends a test to each enabled endpoint. It is tried once.",
            || web::post().to(hooks::test),
        )
        .gives::<hooks::TestsSent>()
        .status(202),
        post(
            "/v1/settings/webhook-deliveries/{id}/redeliver",
            "redeliver_webhook",
            "Sends a message that has ended once more, under its own id.",
            || web::post().to(hooks::redeliver),
        )
        .gives::<hooks::DeliveryView>()
        .status(202),
    ]
}

fn voice_tools() -> Vec<Operation> {
    vec![
        tool::<voice::Cease>(
            "/v1/voice/tools/capture_cease",
            "voice_capture_cease",
            "The debtor asked that calls, emails or all contact stop.",
        ),
        tool::<voice::Flag>(
            "/v1/voice/tools/flag_dispute",
            "voice_flag_dispute",
            "The debtor disputes the debt or asked not to be called, in explicit arguments.",
        ),
        tool::<voice::Dispute>(
            "/v1/voice/tools/capture_dispute",
            "voice_capture_dispute",
            "The debtor disputes the debt: outreach for the placement waits.",
        ),
        tool::<voice::Attorney>(
            "/v1/voice/tools/capture_attorney",
            "voice_capture_attorney",
            "The debtor has a lawyer: all contact halts, and a task is opened.",
        ),
        tool::<voice::Bankruptcy>(
            "/v1/voice/tools/capture_bankruptcy",
            "voice_capture_bankruptcy",
            "A bankruptcy was disclosed: all contact halts, and a task is opened.",
        ),
        tool::<voice::Deceased>(
            "/v1/voice/tools/capture_deceased",
            "voice_capture_deceased",
            "The debtor has died: all contact halts, and a task is opened.",
        ),
        tool::<voice::Promise>(
            "/v1/voice/tools/capture_ptp",
            "voice_capture_ptp",
            "The debtor promised to pay an amount by a day.",
        ),
        tool::<voice::Consent>(
            "/v1/voice/tools/capture_consent",
            "voice_capture_consent",
            "The debtor gave a permission. It lifts no stop.",
        ),
    ]
}
