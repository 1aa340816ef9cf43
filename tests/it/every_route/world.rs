//! Two creditors with one of everything each, so that any route's path can be filled in.

use diesel::connection::SimpleConnection;
use forbear::actions::decisions::{self, Subject};
use forbear::actions::{checkpoints, policies};
use forbear::db::DbError;
use forbear::domain::actor::Actor;
use forbear::domain::id::{
    AlertId, ApiKeyId, CallId, ConsentId, CreditorId, DebtorId, DecisionId, FlagId, ImportId,
    PaymentId, PlacementId, PortalLinkId, SequenceId, TaskId, UserId, WebhookDeliveryId,
    WebhookEndpointId,
};
use forbear::gate::{Attempt, Channel, Policy};

use crate::support::TestApp;

/// The creditor whose people ask.
pub const OWN: &str = "Own Supplies";
/// Another one, of which they must learn nothing.
pub const FOREIGN: &str = "Foreign Freight";

/// What stands in a path where a parameter is: `None` where the parameter names nothing of a
/// creditor's, so that there is nothing foreign.
pub struct Value {
    pub own: String,
    pub foreign: Option<String>,
}

/// Everything that a path can name.
pub struct World {
    pub own_creditor: CreditorId,
    checkpoint: String,
    own: Tenant,
    foreign: Tenant,
}

struct Tenant {
    placement: PlacementId,
    debtor: DebtorId,
    decision: DecisionId,
    call: CallId,
    flag: FlagId,
    consent: ConsentId,
    payment: PaymentId,
    import: ImportId,
    task: TaskId,
    portal_link: PortalLinkId,
    alert: AlertId,
    api_key: ApiKeyId,
    endpoint: WebhookEndpointId,
    delivery: WebhookDeliveryId,
    person: UserId,
    sequence: SequenceId,
}

impl World {
    pub fn make(app: &TestApp) -> Self {
        let own_creditor = app.creditor(OWN);
        policies::open(&app.ctx).unwrap();
        let checkpoint = checkpoints::sign(&app.ctx, &Actor::System("worker")).unwrap();
        Self {
            own_creditor,
            checkpoint: checkpoint.id.to_string(),
            own: Tenant::make(app, own_creditor),
            foreign: Tenant::make(app, app.creditor(FOREIGN)),
        }
    }

    /// What to put for a parameter, told by the step of the path before it: `placements` for
    /// `/placements/{id}/recall`. `None` where the step isn't known here.
    pub fn value(&self, step_before: &str) -> Option<Value> {
        let of_creditor = |pick: fn(&Tenant) -> String| {
            Some(Value {
                own: pick(&self.own),
                foreign: Some(pick(&self.foreign)),
            })
        };
        let open = |text: &str| {
            Some(Value {
                own: text.to_owned(),
                foreign: None,
            })
        };
        match step_before {
            "placements" => of_creditor(|tenant| tenant.placement.to_string()),
            "debtors" => of_creditor(|tenant| tenant.debtor.to_string()),
            "decisions" => of_creditor(|tenant| tenant.decision.to_string()),
            "calls" => of_creditor(|tenant| tenant.call.to_string()),
            "flags" => of_creditor(|tenant| tenant.flag.to_string()),
            "consents" | "allowed" => of_creditor(|tenant| tenant.consent.to_string()),
            "payments" => of_creditor(|tenant| tenant.payment.to_string()),
            "imports" => of_creditor(|tenant| tenant.import.to_string()),
            "tasks" => of_creditor(|tenant| tenant.task.to_string()),
            // Lists are the agency's; this load is nobody's.
            "lists" => open("0198c0de-0000-7000-8000-000000000000"),
            "rules" => open("call-hours"),
            // A telephone number, whoever it belongs to.
            "numbers" => open("5185550142"),
            "portal-links" => of_creditor(|tenant| tenant.portal_link.to_string()),
            "alerts" => of_creditor(|tenant| tenant.alert.to_string()),
            "webhooks" => of_creditor(|tenant| tenant.endpoint.to_string()),
            "webhook-deliveries" => of_creditor(|tenant| tenant.delivery.to_string()),
            // Mails are the operators' business, whoever they are of.
            "mails" => open(self.own.delivery.as_str()),
            // The agency's clients are the administrators' business.
            "creditors" => open(&self.own_creditor.to_string()),
            "hand-offs" => open(self.own.delivery.as_str()),
            "api-keys" => of_creditor(|tenant| tenant.api_key.to_string()),
            "checkpoints" => open(&self.checkpoint),
            "policy" => open(&Policy::builtin().version().to_string()),
            // People are the administrators' business, whoever they work for.
            "people" => open(self.own.person.as_str()),
            // A token that we never made, and the number of a request.
            "replies" => open(self.own.person.as_str()),
            "emails" => of_creditor(|tenant| tenant.sequence.to_string()),
            "u" => open("AZs0bJ1Hdq2w3c4v5b6n7m8k9l0p1o2i3u4y5t6r7e8"),
            "p" => open("AZs0bJ1Hdq2w3c4v5b6n7m8k9l0p1o2i3u4y5t6r7e8"),
            "stop" | "again" | "reach" | "taken-back" => open("7K2M94QD"),
            // Files of the binary: a tag of another release, and a name.
            "static" => open("0000000000000000"),
            "{tag}" => open("app.css"),
            _ => None,
        }
    }
}

impl Tenant {
    fn make(app: &TestApp, creditor: CreditorId) -> Self {
        let now = app.now();
        let placement = app.place(creditor, |row| {
            row.debtor.name = "Dana Doe".to_owned();
        });
        let debtor = app.debtor_of(placement);
        let subject = Subject {
            creditor,
            debtor,
            placement,
        };
        let attempt = Attempt::new(now, Channel::Call, placement.as_str());
        let (decision, _) =
            decisions::check(&app.ctx, &Actor::System("cli"), subject, &attempt).unwrap();
        let tenant = Self {
            placement,
            debtor,
            decision,
            call: CallId::generate(now),
            flag: FlagId::generate(now),
            consent: ConsentId::generate(now),
            payment: PaymentId::generate(now),
            import: ImportId::generate(now),
            task: TaskId::generate(now),
            portal_link: PortalLinkId::generate(now),
            alert: AlertId::generate(now),
            api_key: ApiKeyId::generate(now),
            endpoint: WebhookEndpointId::generate(now),
            delivery: WebhookDeliveryId::generate(now),
            person: UserId::generate(now),
            sequence: app.sequence_of(placement),
        };
        app.ctx
            .db
            .write(|conn| {
                conn.batch_execute(&tenant.rows(creditor))
                    .map_err(DbError::from)
            })
            .unwrap();
        tenant
    }

    /// The rest of the rows, in words that both databases read.
    fn rows(&self, creditor: CreditorId) -> String {
        const AT: &str = "'2026-05-01 12:00:00'";
        let Self {
            placement,
            debtor,
            call,
            flag,
            consent,
            payment,
            import,
            task,
            portal_link,
            alert,
            api_key,
            endpoint,
            delivery,
            person,
            ..
        } = self;
        let zeros = "0".repeat(64);
        format!(
            "INSERT INTO calls (creditor_id, id, placement_id, debtor_id, number, status,
                 scheduled_at, created_at, updated_at)
             VALUES ('{creditor}', '{call}', '{placement}', '{debtor}', 2125550142, 'planned',
                 {AT}, {AT}, {AT});
             INSERT INTO flags (creditor_id, id, debtor_id, kind, source, set_by, received_at, set_at)
             VALUES ('{creditor}', '{flag}', '{debtor}', 'email_opt_out', 'desk', 'system:test', {AT}, {AT});
             INSERT INTO consents (creditor_id, id, debtor_id, kind, evidence, given_to, received_at,
                 recorded_by, created_at, via)
             VALUES ('{creditor}', '{consent}', '{debtor}', 'recording', 'Said so.', 'collector', {AT},
                 'system:test', {AT}, 'phone');
             INSERT INTO payments (creditor_id, id, placement_id, amount_cents, fee_cents, fee_bps,
                 paid_on, method, source, recorded_by, created_at)
             VALUES ('{creditor}', '{payment}', '{placement}', 100, 25, 2500, '2026-05-01', 'wire',
                 'dashboard', 'system:test', {AT});
             UPDATE placements SET recovered_cents = 100, fee_cents = 25 WHERE id = '{placement}';
             INSERT INTO imports (creditor_id, id, kind, status, file_name, sha256, created_by, created_at)
             VALUES ('{creditor}', '{import}', 'placements', 'discarded', 'a.csv', '{zeros}',
                 'system:test', {AT});
             INSERT INTO tasks (creditor_id, id, debtor_id, placement_id, kind, title, status, created_at)
             VALUES ('{creditor}', '{task}', '{debtor}', '{placement}', 'cease_notice',
                 'Confirm the stop in writing', 'open', {AT});
             INSERT INTO portal_links (creditor_id, id, placement_id, debtor_id, created_by,
                 created_at, expires_at)
             VALUES ('{creditor}', '{portal_link}', '{placement}', '{debtor}', 'system:test',
                 {AT}, '2026-07-01 12:00:00');
             INSERT INTO alerts (creditor_id, id, debtor_id, placement_id, alert_type, rule, severity,
                 status, message, caused_by, created_at)
             VALUES ('{creditor}', '{alert}', '{debtor}', '{placement}', 'fdcpa_violation', 'call-hours',
                 'critical', 'active', 'It is outside contact hours.', 'system:worker', {AT});
             INSERT INTO api_keys (id, creditor_id, prefix, secret_hash, access, label, created_at)
             VALUES ('{api_key}', '{creditor}', '{prefix}', '{zeros}', 'read', 'Reports', {AT});
             INSERT INTO webhook_endpoints (creditor_id, id, url, description, status, status_at,
                 created_by, created_at)
             VALUES ('{creditor}', '{endpoint}', 'https://example.com/hooks', 'Billing', 'enabled',
                 {AT}, 'system:test', {AT});
             INSERT INTO outbox (creditor_id, id, topic, event_type, subject, payload, dedupe_key,
                 status, available_at, created_at)
             VALUES ('{creditor}', '{delivery}', 'webhook', 'payment.received', 'p', '{{}}',
                 '{delivery}', 'done', {AT}, {AT});
             INSERT INTO webhook_deliveries (creditor_id, id, endpoint_id, message_id, event_type,
                 subject, position, status, attempts, next_attempt_at, created_at)
             VALUES ('{creditor}', '{delivery}', '{endpoint}', '{delivery}', 'payment.received', 'p',
                 1, 'pending', 1, {AT}, {AT});
             INSERT INTO users (id, creditor_id, email, name, role, password_hash, created_at)
             VALUES ('{person}', '{creditor}', '{person}@people.example', 'Robin Roe', 'creditor_member',
                 'none', {AT});",
            prefix = &api_key.as_str()[28..],
        )
    }
}
