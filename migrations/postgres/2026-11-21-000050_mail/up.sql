-- The steps of a creditor's own series of emails; a creditor without any has the default one.
CREATE TABLE email_steps (
    creditor_id TEXT NOT NULL REFERENCES creditors (id),
    step INTEGER NOT NULL CHECK (step >= 0),
    template TEXT NOT NULL CHECK (template IN ('introduction', 'reminder', 'options')),
    -- Between the step before and this one; not used for the first.
    wait_hours INTEGER NOT NULL CHECK (wait_hours BETWEEN 0 AND 8784),
    PRIMARY KEY (creditor_id, step)
);

-- Addresses that mail did not reach or was unwelcome at: nothing is sent there again.
CREATE TABLE email_suppressions (
    creditor_id TEXT NOT NULL REFERENCES creditors (id),
    address TEXT NOT NULL CHECK (address = lower(address) AND length(address) BETWEEN 3 AND 254),
    cause TEXT NOT NULL CHECK (cause IN ('hard_bounce', 'complaint')),
    since_at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, address)
);

-- What debtors write, as it came. In place of a creditor, a message that belongs to nobody we know has the agency's
-- own id, under which only staff look.
CREATE TABLE inbound_messages (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    -- The provider's id: the same message is taken once.
    provider_ref TEXT NOT NULL CHECK (length(provider_ref) BETWEEN 1 AND 200),
    debtor_id TEXT,
    placement_id TEXT,
    from_address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    -- Without quoted history and signature: what was read.
    own_words TEXT NOT NULL,
    -- The whole message without attachments, as JSON.
    raw TEXT NOT NULL,
    matched_by TEXT NOT NULL CHECK (matched_by IN ('token', 'address', 'nothing')),
    sender_known BOOLEAN NOT NULL,
    dkim TEXT NOT NULL CHECK (dkim IN ('pass', 'fail', 'unknown')),
    -- The reader's findings, as JSON.
    reading TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ignored', 'continued', 'acted', 'held', 'decided')),
    decision TEXT,
    decided_by TEXT,
    decided_at TIMESTAMP,
    note TEXT,
    received_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX inbound_messages_by_ref ON inbound_messages (provider_ref);
CREATE INDEX inbound_messages_by_id ON inbound_messages (id);
CREATE INDEX inbound_messages_by_status ON inbound_messages (status, received_at);
CREATE INDEX inbound_messages_by_placement ON inbound_messages (creditor_id, placement_id, received_at);

-- The holds that a message set until somebody decides.
CREATE TABLE inbound_holds (
    creditor_id TEXT NOT NULL,
    hold_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    placement_id TEXT NOT NULL,
    PRIMARY KEY (creditor_id, hold_id),
    FOREIGN KEY (creditor_id, hold_id) REFERENCES holds (creditor_id, id)
);
CREATE INDEX inbound_holds_by_message ON inbound_holds (message_id);

CREATE TABLE inbound_attachments (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    message_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What the bytes say they are; `unknown` for what is not among the known kinds.
    kind TEXT NOT NULL CHECK (kind IN ('pdf', 'png', 'jpeg', 'tiff', 'text', 'unknown')),
    size INTEGER NOT NULL CHECK (size >= 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    -- Missing for what was too large to keep.
    content BYTEA,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, message_id) REFERENCES inbound_messages (creditor_id, id)
);
CREATE INDEX inbound_attachments_by_message ON inbound_attachments (creditor_id, message_id);
