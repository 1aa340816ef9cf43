//! One write transaction of one actor at one moment.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::webhooks::{Message, fan_out};
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::audit_chain::Chain;
use crate::domain::event::EventKind;
use crate::domain::hash::{hex, sha256_hex};
use crate::domain::id::{CreditorId, DebtorId, EventId, OutboxId, PlacementId};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::domain::webhook::events::is_offered;
use crate::error::AppResult;
use crate::keys::random_bytes;
use crate::store::audit::{self, EventRow, Head};
use crate::store::outbox;

/// What an action holds while it works: the connection, who acts, and when. Everything written
/// through it commits together or not at all.
///
/// Lock order: the debtor's row, then other rows, then the audit chain (which the first
/// [`Tx::record`] locks).
pub struct Tx<'a> {
    pub conn: &'a mut DbConn,
    pub now: Instant,
    pub actor: &'a Actor,
    /// Heads of the chains this transaction has locked; written back once, at the end.
    heads: HashMap<Chain, Head>,
}

/// An event to append.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub chain: Chain,
    pub kind: EventKind,
    pub debtor: Option<DebtorId>,
    pub placement: Option<PlacementId>,
    /// The event that this one follows from.
    pub cause: Option<EventId>,
    /// Ids, counts and words of the trade; never a name, a number or an address of a person.
    pub body: Value,
    /// Personal details. The chain keeps only a salted commitment to them.
    pub detail: Option<Value>,
}

impl NewEvent {
    pub fn of_creditor(creditor: CreditorId, kind: EventKind) -> Self {
        Self::new(Chain::Creditor(creditor), kind)
    }

    pub fn of_platform(kind: EventKind) -> Self {
        Self::new(Chain::Platform, kind)
    }

    fn new(chain: Chain, kind: EventKind) -> Self {
        Self {
            chain,
            kind,
            debtor: None,
            placement: None,
            cause: None,
            body: json!({}),
            detail: None,
        }
    }

    pub fn debtor(mut self, id: DebtorId) -> Self {
        self.debtor = Some(id);
        self
    }

    pub fn placement(mut self, id: PlacementId) -> Self {
        self.placement = Some(id);
        self
    }

    pub fn caused_by(mut self, id: EventId) -> Self {
        self.cause = Some(id);
        self
    }

    pub fn body(mut self, body: Value) -> Self {
        self.body = body;
        self
    }

    pub fn detail(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a mut DbConn, now: Instant, actor: &'a Actor) -> Self {
        Self {
            conn,
            now,
            actor,
            heads: HashMap::new(),
        }
    }

    /// Appends to the audit chain and returns the event's id.
    pub fn record(&mut self, event: NewEvent) -> AppResult<EventId> {
        let chain = event.chain.to_string();
        let head = self.lock_chain(event.chain)?;
        let seq = head.length + 1;
        let mut body = event.body;
        if let Some(detail) = event.detail {
            let salt = hex(&random_bytes::<32>()?);
            let value = detail.to_string();
            body["detail_sha256"] = json!(sha256_hex(format!("{salt}{value}").as_bytes()));
            audit::insert_detail(self.conn, &chain, seq, &salt, &value)?;
        }
        let mut row = EventRow {
            chain,
            seq,
            id: EventId::generate(self.now),
            at: self.now,
            kind: event.kind.as_str().to_owned(),
            actor: self.actor.to_string(),
            debtor_id: event.debtor,
            placement_id: event.placement,
            cause: event.cause,
            body: body.to_string(),
            prev_hash: head.head,
            hash: String::new(),
        };
        row.hash = row.link().hash();
        audit::insert(self.conn, &row)?;
        self.heads.insert(
            event.chain,
            Head {
                length: seq,
                head: row.hash,
            },
        );
        Ok(row.id)
    }

    /// The head of a chain, which nobody else moves before this transaction ends.
    fn lock_chain(&mut self, chain: Chain) -> AppResult<Head> {
        if let Some(head) = self.heads.get(&chain) {
            return Ok(head.clone());
        }
        let head = audit::lock_head(self.conn, &chain.to_string())?;
        self.heads.insert(chain, head.clone());
        Ok(head)
    }

    /// Puts a message for the creditor's webhooks into the outbox, with a delivery for each
    /// endpoint that wants it. `subject` keeps the order: messages of one subject are delivered to
    /// an endpoint one after another, as they were committed.
    pub fn announce(
        &mut self,
        creditor: CreditorId,
        event: EventKind,
        subject: &str,
        data: Value,
    ) -> AppResult<()> {
        // A stop must never fail for want of a line in a list: only tests may trip over this.
        debug_assert!(
            is_offered(event),
            "{} is announced, but no endpoint can choose it",
            event.as_str()
        );
        // Whoever announces something of this creditor after us waits here, so that places in
        // the queue are taken in the order of commits.
        self.lock_chain(Chain::Creditor(creditor))?;
        let id = OutboxId::generate(self.now);
        let payload = json!({
            "type": event.as_str(),
            "timestamp": self.now,
            "data": data,
        });
        outbox::insert(
            self.conn,
            &outbox::NewMessage {
                creditor_id: creditor,
                id,
                topic: "webhook",
                event_type: event.as_str(),
                subject,
                payload: &payload.to_string(),
                dedupe_key: id.as_str(),
                // What is still to be done stands in its deliveries.
                status: "done",
                available_at: self.now,
                created_at: self.now,
            },
        )?;
        let message = Message {
            creditor,
            id,
            event_type: event.as_str(),
            subject,
        };
        fan_out(self, message, event)
    }

    /// Writes back the heads of the chains that grew.
    pub(super) fn finish(self) -> AppResult<()> {
        for (chain, head) in &self.heads {
            audit::update_head(self.conn, &chain.to_string(), head)?;
        }
        Ok(())
    }
}
