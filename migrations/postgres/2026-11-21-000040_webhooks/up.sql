-- Webhooks out: where a creditor wants to be told, what was sent there and what came back.
CREATE TABLE webhook_endpoints (
    creditor_id TEXT NOT NULL REFERENCES creditors (id),
    id TEXT NOT NULL CHECK (length(id) = 36),
    url TEXT NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    description TEXT NOT NULL CHECK (length(description) <= 200),
    -- The kinds of events in JSON, or null for every kind there is and will be.
    event_types TEXT,
    status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled', 'deleted')),
    -- Why it is not enabled: by_person, gone (410) or failing.
    status_reason TEXT CHECK (status_reason IN ('by_person', 'gone', 'failing')),
    status_at TIMESTAMP NOT NULL,
    -- The first failure since the last success.
    failing_since TIMESTAMP,
    -- The receiver asked for quiet until then (429 or 503 with Retry-After).
    quiet_until TIMESTAMP,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    CHECK ((status = 'disabled') = (status_reason IS NOT NULL))
);

-- A secret is made from the installation's own secret and this row's id: it is not in the database.
CREATE TABLE webhook_secrets (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    endpoint_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- Set when it was replaced: until then both sign.
    expires_at TIMESTAMP,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, endpoint_id) REFERENCES webhook_endpoints (creditor_id, id)
);
CREATE INDEX webhook_secrets_by_endpoint ON webhook_secrets (creditor_id, endpoint_id, created_at);

-- One message of the outbox on its way to one endpoint.
CREATE TABLE webhook_deliveries (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    endpoint_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    -- Those of one subject go to one endpoint in the order of their positions.
    subject TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'dead', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at TIMESTAMP NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    last_status INTEGER,
    last_error TEXT,
    -- The delivery that a person had repeated.
    repeats TEXT,
    created_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, endpoint_id) REFERENCES webhook_endpoints (creditor_id, id),
    FOREIGN KEY (creditor_id, message_id) REFERENCES outbox (creditor_id, id),
    CHECK ((status = 'pending') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX webhook_deliveries_by_position ON webhook_deliveries (creditor_id, endpoint_id, position);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (creditor_id, endpoint_id, subject, position) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (creditor_id, created_at);
CREATE INDEX webhook_deliveries_repeats ON webhook_deliveries (creditor_id, repeats) WHERE repeats IS NOT NULL;
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (ended_at) WHERE status = 'dead';

-- One try, with what was sent and what came back.
CREATE TABLE webhook_attempts (
    creditor_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    at TIMESTAMP NOT NULL,
    process TEXT NOT NULL,
    url TEXT NOT NULL,
    -- The headers that were signed, as they were sent.
    signed_timestamp BIGINT NOT NULL,
    signature TEXT NOT NULL,
    duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
    status INTEGER,
    error TEXT,
    answer_headers TEXT,
    answer_body TEXT,
    PRIMARY KEY (creditor_id, delivery_id, number),
    FOREIGN KEY (creditor_id, delivery_id) REFERENCES webhook_deliveries (creditor_id, id)
);

-- Until now a message for webhooks had nowhere to go. From now on its deliveries are told apart
-- from it, and it is done when they are made.
UPDATE outbox SET status = 'done', done_at = created_at WHERE topic = 'webhook' AND status = 'pending';

-- The processes that run, as each says of itself every few seconds.
CREATE TABLE processes (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('serve', 'worker', 'demo')),
    version TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    stopped_at TIMESTAMP
);

-- What the loops of a process did.
CREATE TABLE worker_loops (
    process TEXT NOT NULL REFERENCES processes (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    turns BIGINT NOT NULL,
    -- Pieces of work done since the process started.
    done BIGINT NOT NULL,
    last_turn_at TIMESTAMP NOT NULL,
    last_success_at TIMESTAMP,
    -- Failures since the last success.
    failures INTEGER NOT NULL,
    last_error TEXT,
    last_error_at TIMESTAMP,
    PRIMARY KEY (process, name)
);
