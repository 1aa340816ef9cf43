-- The foundation. Both databases carry the same tables and columns under the same names; a test compares them.
-- Every row that belongs to a creditor carries creditor_id, and it leads the primary key, so that a row can only
-- refer to rows of its own creditor and a distributed PostgreSQL could shard by it.
-- Instants are UTC with microseconds. Money is in integer cents. Ids are 36 characters of UUID text.

CREATE TABLE creditors (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    contingency_bps INTEGER NOT NULL CHECK (contingency_bps BETWEEN 0 AND 10000),
    max_calls_per_week INTEGER NOT NULL DEFAULT 3 CHECK (max_calls_per_week BETWEEN 0 AND 100),
    cleared BOOLEAN NOT NULL DEFAULT TRUE,
    not_cleared_reason TEXT,
    contact_email TEXT,
    contact_phone TEXT,
    postal_address TEXT,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX creditors_by_name ON creditors (name);

-- People who sign in. A creditor's people are bound to it; staff have none.
CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    creditor_id TEXT REFERENCES creditors (id),
    email TEXT NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    role TEXT NOT NULL CHECK (role IN ('creditor_admin', 'creditor_member', 'agent', 'supervisor', 'compliance', 'administrator')),
    password_hash TEXT NOT NULL,
    -- Given by somebody else, who knows it too: the first thing to do is to choose another.
    password_is_temporary BOOLEAN NOT NULL DEFAULT FALSE,
    time_zone TEXT NOT NULL DEFAULT 'America/New_York',
    active BOOLEAN NOT NULL DEFAULT TRUE,
    last_sign_in_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((role IN ('creditor_admin', 'creditor_member')) = (creditor_id IS NOT NULL))
);
CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE INDEX users_by_creditor ON users (creditor_id, name);

-- One row a browser that is signed in, or about to be. Only the hash of the key in the cookie is kept.
CREATE TABLE sessions (
    key_hash TEXT NOT NULL PRIMARY KEY CHECK (length(key_hash) = 64),
    user_id TEXT REFERENCES users (id),
    portal_link_id TEXT,
    state TEXT NOT NULL,
    user_agent TEXT,
    created_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Counters of failures for sign-in, codes and other things that can be guessed; shared by all processes.
CREATE TABLE throttles (
    bucket TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    window_started_at TIMESTAMP NOT NULL,
    blocked_until TIMESTAMP
);

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    creditor_id TEXT REFERENCES creditors (id),
    prefix TEXT NOT NULL,
    secret_hash TEXT NOT NULL CHECK (length(secret_hash) = 64),
    access TEXT NOT NULL CHECK (access IN ('full', 'read', 'staff')),
    label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 100),
    created_by TEXT,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP,
    CHECK ((access = 'staff') = (creditor_id IS NULL))
);
CREATE UNIQUE INDEX api_keys_by_prefix ON api_keys (prefix);
CREATE INDEX api_keys_by_creditor ON api_keys (creditor_id, created_at);

CREATE TABLE debtors (
    creditor_id TEXT NOT NULL REFERENCES creditors (id),
    id TEXT NOT NULL CHECK (length(id) = 36),
    reference TEXT,
    -- The reference under which one debtor of the creditor is found again: lower case, single spaces.
    reference_key TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'business')),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    search_name TEXT NOT NULL,
    address_line1 TEXT,
    address_line2 TEXT,
    city TEXT,
    state TEXT,
    zip TEXT,
    language TEXT NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'es')),
    preferred_contact_method TEXT,
    -- Grows by one with every stop: an attempt is lawful only in the epoch it was authorised in.
    contact_epoch BIGINT NOT NULL DEFAULT 0 CHECK (contact_epoch >= 0),
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
);
CREATE INDEX debtors_by_id ON debtors (id);
CREATE INDEX debtors_by_name ON debtors (creditor_id, search_name);
CREATE UNIQUE INDEX debtors_by_reference ON debtors (creditor_id, reference_key);

CREATE TABLE phones (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    -- The ten digits as a number.
    number BIGINT NOT NULL CHECK (number BETWEEN 2002000000 AND 9999999999),
    kind TEXT NOT NULL CHECK (kind IN ('mobile', 'landline', 'work', 'unknown')),
    belongs_to TEXT,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
);
CREATE UNIQUE INDEX phones_by_debtor ON phones (creditor_id, debtor_id, number);
CREATE INDEX phones_by_number ON phones (number);

CREATE TABLE emails (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    address TEXT NOT NULL CHECK (address = lower(address) AND length(address) BETWEEN 3 AND 254),
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'employer')),
    opted_out_at TIMESTAMP,
    used_for_debt_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
);
CREATE UNIQUE INDEX emails_by_debtor ON emails (creditor_id, debtor_id, address);
CREATE INDEX emails_by_address ON emails (address);

-- What was learned about a debtor and binds the gate: who, when, how. A flag is in force until lifted_at.
CREATE TABLE flags (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('cease', 'call_opt_out', 'email_opt_out', 'do_not_call', 'mail_opt_out', 'attorney', 'bankruptcy', 'deceased', 'known_location', 'inconvenient', 'workplace_prohibited', 'military', 'codebtor')),
    -- The gate's own form of the details: an attorney's name and phone, a chapter, a zone.
    detail TEXT NOT NULL DEFAULT '{}',
    source TEXT NOT NULL CHECK (source IN ('portal', 'voice', 'email', 'letter', 'fax', 'phone', 'desk', 'api', 'import', 'journal')),
    verified BOOLEAN NOT NULL DEFAULT TRUE,
    stop_request_id TEXT,
    set_by TEXT NOT NULL,
    -- When the debtor said it; set_at is when it took effect here.
    received_at TIMESTAMP NOT NULL,
    set_at TIMESTAMP NOT NULL,
    lifted_at TIMESTAMP,
    lifted_by TEXT,
    lift_reason TEXT,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE INDEX flags_by_debtor ON flags (creditor_id, debtor_id, lifted_at);
CREATE INDEX flags_by_kind ON flags (creditor_id, kind, lifted_at);

CREATE TABLE placements (
    creditor_id TEXT NOT NULL REFERENCES creditors (id),
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    invoice_number TEXT NOT NULL CHECK (length(invoice_number) BETWEEN 1 AND 100),
    -- The number under which a debt is the same debt: inv-1 is no second one beside INV-1.
    invoice_key TEXT NOT NULL,
    debt_kind TEXT NOT NULL CHECK (debt_kind IN ('credit-card', 'medical', 'student-loan', 'lease-balance', 'mortgage', 'invoice', 'other')),
    original_creditor TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending_enrichment', 'ready', 'in_outreach', 'payment_pending', 'unreachable', 'disputed', 'paid', 'recalled', 'closed_uncollected', 'resolved', 'withdrawn_by_creditor')),
    -- The status before a dispute, to go back to.
    status_before_dispute TEXT,
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    recovered_cents BIGINT NOT NULL DEFAULT 0 CHECK (recovered_cents >= 0 AND recovered_cents <= amount_cents),
    fee_cents BIGINT NOT NULL DEFAULT 0 CHECK (fee_cents >= 0),
    due_on DATE,
    incurred_on DATE,
    last_payment_on DATE,
    limitation_expires_on DATE,
    itemization_on DATE,
    itemization_amount_cents BIGINT,
    itemization_interest_cents BIGINT,
    itemization_fees_cents BIGINT,
    itemization_credits_cents BIGINT,
    max_calls_per_week INTEGER,
    notes TEXT,
    recall_reason TEXT,
    outcome_score TEXT,
    import_id TEXT,
    placed_at TIMESTAMP NOT NULL,
    resolved_at TIMESTAMP,
    updated_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
);
CREATE UNIQUE INDEX placements_by_invoice ON placements (creditor_id, invoice_key);
CREATE INDEX placements_by_id ON placements (id);
CREATE INDEX placements_by_debtor ON placements (creditor_id, debtor_id, placed_at, id);
-- The list's three orders, for one creditor and for all, with and without a status: each page is read off an index.
-- A placement without a due date comes after every other.
CREATE INDEX placements_by_placed ON placements (creditor_id, placed_at, id);
CREATE INDEX placements_by_due ON placements (creditor_id, (coalesce(due_on, '9999-12-31'::date)), id);
CREATE INDEX placements_by_amount ON placements (creditor_id, amount_cents, id);
CREATE INDEX placements_by_status ON placements (creditor_id, status, placed_at, id);
CREATE INDEX placements_by_status_and_due ON placements (creditor_id, status, (coalesce(due_on, '9999-12-31'::date)), id);
CREATE INDEX placements_by_status_and_amount ON placements (creditor_id, status, amount_cents, id);
CREATE INDEX placements_of_all_by_placed ON placements (placed_at, id);
CREATE INDEX placements_of_all_by_due ON placements ((coalesce(due_on, '9999-12-31'::date)), id);
CREATE INDEX placements_of_all_by_amount ON placements (amount_cents, id);
CREATE INDEX placements_of_all_by_status ON placements (status, placed_at, id);
CREATE INDEX placements_of_all_by_status_and_due ON placements (status, (coalesce(due_on, '9999-12-31'::date)), id);
CREATE INDEX placements_of_all_by_status_and_amount ON placements (status, amount_cents, id);

-- The words of a debtor's name and of the invoice number, folded: what the search box looks through. Compared byte
-- by byte, so that the words with one beginning lie together whatever the language of the database.
CREATE TABLE search_words (
    creditor_id TEXT NOT NULL,
    word TEXT COLLATE "C" NOT NULL CHECK (length(word) BETWEEN 1 AND 40),
    placement_id TEXT NOT NULL,
    PRIMARY KEY (creditor_id, word, placement_id)
);

-- A pause of one placement, by its creditor or by operations. Never a status.
CREATE TABLE holds (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pause', 'review')),
    reason TEXT,
    until_at TIMESTAMP,
    set_by TEXT NOT NULL,
    set_at TIMESTAMP NOT NULL,
    lifted_at TIMESTAMP,
    lifted_by TEXT,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
);
CREATE INDEX holds_by_placement ON holds (creditor_id, placement_id, lifted_at);
CREATE INDEX holds_in_force ON holds (creditor_id, placement_id) WHERE lifted_at IS NULL;

-- A debtor's request that contact stop, however it came. Requests are never changed but for effective_at.
CREATE TABLE stop_requests (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT,
    -- What the debtor is given to quote: eight characters.
    reference TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('call', 'email', 'all')),
    via TEXT NOT NULL CHECK (via IN ('portal', 'voice', 'email', 'letter', 'fax', 'phone', 'desk', 'api', 'import', 'journal')),
    requester TEXT NOT NULL CHECK (requester IN ('debtor', 'attorney', 'other')),
    words TEXT,
    in_writing BOOLEAN NOT NULL,
    verified BOOLEAN NOT NULL,
    recorded_by TEXT NOT NULL,
    contact_epoch BIGINT NOT NULL,
    received_at TIMESTAMP NOT NULL,
    honoured_at TIMESTAMP NOT NULL,
    -- When no attempt of the debtor was starting any more: only then was the request acknowledged.
    effective_at TIMESTAMP,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
);
CREATE UNIQUE INDEX stop_requests_by_reference ON stop_requests (reference);
CREATE INDEX stop_requests_by_debtor ON stop_requests (creditor_id, debtor_id, received_at);

CREATE TABLE email_sequences (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('scheduled', 'active', 'paused', 'paused_opt_out', 'completed', 'failed', 'cancelled')),
    pause_cause TEXT,
    step INTEGER NOT NULL DEFAULT 0 CHECK (step >= 0),
    next_send_at TIMESTAMP,
    last_error TEXT,
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id),
    -- Nothing is due on a sequence that does not run.
    CHECK (status IN ('scheduled', 'active') OR next_send_at IS NULL)
);
CREATE INDEX email_sequences_by_placement ON email_sequences (creditor_id, placement_id);
CREATE INDEX email_sequences_by_debtor ON email_sequences (creditor_id, debtor_id);
CREATE INDEX email_sequences_due ON email_sequences (next_send_at) WHERE next_send_at IS NOT NULL;

-- Planned and placed telephone calls. A refused attempt never makes a row here.
CREATE TABLE calls (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('planned', 'claimed', 'starting', 'started', 'completed', 'failed', 'cancelled', 'unknown')),
    status_cause TEXT,
    scheduled_at TIMESTAMP NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    attempt_id TEXT,
    contact_id TEXT,
    simulated BOOLEAN NOT NULL DEFAULT FALSE,
    provider_ref TEXT,
    outcome TEXT,
    duration_seconds INTEGER,
    started_at TIMESTAMP,
    ended_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
);
CREATE INDEX calls_by_placement ON calls (creditor_id, placement_id, scheduled_at);
CREATE INDEX calls_by_debtor ON calls (creditor_id, debtor_id, status);
CREATE INDEX calls_due ON calls (scheduled_at) WHERE status IN ('planned', 'claimed');

-- The fence: one row for each hand-off to a provider. A stop waits until none of the debtor's is starting.
CREATE TABLE attempts (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('call', 'voicemail', 'email')),
    address TEXT NOT NULL,
    call_id TEXT,
    sequence_id TEXT,
    step INTEGER,
    initiator TEXT NOT NULL CHECK (initiator IN ('automated', 'agent')),
    status TEXT NOT NULL CHECK (status IN ('starting', 'started', 'failed', 'unknown')),
    contact_epoch BIGINT NOT NULL,
    decision_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    worker TEXT NOT NULL,
    provider_ref TEXT,
    error TEXT,
    authorised_at TIMESTAMP NOT NULL,
    -- The hand-off must have begun by then; the lease is longer, so that a sender that died is waited for.
    deadline_at TIMESTAMP NOT NULL,
    lease_until TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
);
CREATE INDEX attempts_starting ON attempts (creditor_id, debtor_id) WHERE status = 'starting';
CREATE INDEX attempts_by_debtor ON attempts (creditor_id, debtor_id, authorised_at);

-- Contacts that took place or are taking place. Refused attempts are decisions, never contacts.
CREATE TABLE contacts (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('call', 'voicemail', 'email', 'letter', 'portal', 'sms')),
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    outcome TEXT NOT NULL,
    party TEXT NOT NULL DEFAULT 'consumer',
    purpose TEXT,
    address TEXT,
    initiator TEXT NOT NULL CHECK (initiator IN ('automated', 'agent', 'debtor')),
    logged_by TEXT NOT NULL,
    decision_id TEXT,
    contact_epoch BIGINT,
    mini_miranda BOOLEAN,
    identified_as_collector BOOLEAN,
    excluded TEXT,
    in_flight_at_recall BOOLEAN NOT NULL DEFAULT FALSE,
    source TEXT NOT NULL CHECK (source IN ('desk', 'worker', 'api', 'import', 'portal', 'voice', 'email')),
    duration_seconds INTEGER,
    notes TEXT,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
);
CREATE INDEX contacts_by_debtor ON contacts (creditor_id, debtor_id, at);
CREATE INDEX contacts_by_placement ON contacts (creditor_id, placement_id, at);
CREATE INDEX contacts_by_time ON contacts (at);

-- Each warning that a person passed, with the words shown.
CREATE TABLE acknowledgements (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    decision_id TEXT NOT NULL,
    contact_id TEXT,
    rule TEXT NOT NULL,
    shown TEXT NOT NULL,
    evidence TEXT NOT NULL,
    acknowledged_by TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, id)
);
CREATE INDEX acknowledgements_by_decision ON acknowledgements (creditor_id, decision_id);

-- Every answer of the gate that was asked for in earnest, with its inputs, so that it can be replayed.
CREATE TABLE decisions (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    asked_by TEXT NOT NULL,
    -- authorize: a hand-off; log: a contact being logged; precheck: an agent opened the form; check: a question only.
    occasion TEXT NOT NULL CHECK (occasion IN ('authorize', 'log', 'precheck', 'check')),
    channel TEXT NOT NULL,
    initiator TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('allow', 'acknowledge', 'refuse')),
    binding_rule TEXT,
    earliest_lawful_at TIMESTAMP,
    policy_version TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    attempt TEXT NOT NULL,
    facts TEXT NOT NULL,
    decision TEXT NOT NULL,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
);
CREATE INDEX decisions_by_id ON decisions (id);
CREATE INDEX decisions_by_placement ON decisions (creditor_id, placement_id, at);

CREATE TABLE alerts (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT NOT NULL,
    decision_id TEXT,
    alert_type TEXT NOT NULL CHECK (alert_type IN ('cease_desist', 'bankruptcy', 'attorney_rep', 'do_not_call', 'fdcpa_violation', 'sol_expired')),
    rule TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('critical', 'warning')),
    status TEXT NOT NULL CHECK (status IN ('active', 'acknowledged', 'resolved')),
    message TEXT NOT NULL,
    caused_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    acknowledged_by TEXT,
    acknowledged_at TIMESTAMP,
    acknowledge_note TEXT,
    resolved_by TEXT,
    resolved_at TIMESTAMP,
    resolve_note TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
);
CREATE INDEX alerts_by_id ON alerts (id);
CREATE INDEX alerts_by_time ON alerts (created_at);
CREATE INDEX alerts_by_status ON alerts (status, created_at);
CREATE INDEX alerts_by_placement ON alerts (creditor_id, placement_id, created_at);

CREATE TABLE payments (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    fee_cents BIGINT NOT NULL CHECK (fee_cents >= 0),
    fee_bps INTEGER NOT NULL CHECK (fee_bps BETWEEN 0 AND 10000),
    paid_on DATE NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('wire', 'check', 'card', 'cash', 'prior_platform', 'other')),
    reference TEXT,
    note TEXT,
    source TEXT NOT NULL CHECK (source IN ('dashboard', 'api', 'import', 'portal')),
    recorded_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
);
CREATE INDEX payments_by_placement ON payments (creditor_id, placement_id, created_at);
CREATE INDEX payments_by_time ON payments (creditor_id, created_at, id);
CREATE INDEX payments_of_all_by_time ON payments (created_at, id);
CREATE INDEX payments_by_day ON payments (creditor_id, paid_on);

CREATE TABLE disputes (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    details TEXT,
    in_writing BOOLEAN NOT NULL,
    via TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'reviewing', 'upheld', 'denied', 'withdrawn')),
    received_at TIMESTAMP NOT NULL,
    responded_at TIMESTAMP,
    response TEXT,
    recorded_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
);
CREATE INDEX disputes_by_debtor ON disputes (creditor_id, debtor_id);
CREATE INDEX disputes_by_placement ON disputes (creditor_id, placement_id);

-- Letters and notices; validation notices above all.
CREATE TABLE letters (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    letter_type TEXT NOT NULL CHECK (letter_type IN ('validation_notice', 'dispute_response', 'original_creditor', 'collection', 'statutory_notice', 'other')),
    sent_on DATE NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('mail', 'email', 'oral')),
    assumed_receipt_on DATE,
    period_ends_on DATE,
    returned_on DATE,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
);
CREATE INDEX letters_by_debtor ON letters (creditor_id, debtor_id);
CREATE INDEX letters_by_placement ON letters (creditor_id, placement_id, letter_type);

CREATE TABLE consents (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('calls', 'time', 'recording', 'autodial', 'esign')),
    number BIGINT,
    detail TEXT NOT NULL DEFAULT '{}',
    evidence TEXT NOT NULL,
    given_to TEXT NOT NULL CHECK (given_to IN ('collector', 'creditor')),
    received_at TIMESTAMP NOT NULL,
    through_on DATE,
    revoked_at TIMESTAMP,
    recorded_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
);
CREATE INDEX consents_by_debtor ON consents (creditor_id, debtor_id);

-- Numbers nobody may call. scope is 'agency', or the id of the creditor whose list it is.
CREATE TABLE dnc_entries (
    number BIGINT NOT NULL CHECK (number BETWEEN 2002000000 AND 9999999999),
    scope TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('federal', 'state', 'debtor', 'internal')),
    list_id TEXT,
    added_on DATE NOT NULL,
    expires_on DATE,
    PRIMARY KEY (number, scope, source)
);

-- Work for the compliance desk.
CREATE TABLE tasks (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT,
    placement_id TEXT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    due_at TIMESTAMP,
    status TEXT NOT NULL CHECK (status IN ('open', 'done')),
    done_by TEXT,
    done_at TIMESTAMP,
    note TEXT,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
);
CREATE INDEX tasks_by_status ON tasks (status, due_at);
CREATE INDEX tasks_by_id ON tasks (id);
CREATE INDEX tasks_open_by_placement ON tasks (creditor_id, placement_id) WHERE status = 'open';

CREATE TABLE imports (
    creditor_id TEXT NOT NULL REFERENCES creditors (id),
    id TEXT NOT NULL CHECK (length(id) = 36),
    kind TEXT NOT NULL CHECK (kind IN ('placements', 'contacts', 'dnc')),
    status TEXT NOT NULL CHECK (status IN ('uploaded', 'mapped', 'committing', 'completed', 'failed', 'discarded')),
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    mapping TEXT,
    total_rows INTEGER NOT NULL DEFAULT 0,
    -- Rows before this one are committed; a process that takes over after a crash goes on from here.
    next_row INTEGER NOT NULL DEFAULT 0,
    created_rows INTEGER NOT NULL DEFAULT 0,
    duplicate_rows INTEGER NOT NULL DEFAULT 0,
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    error TEXT,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
);
CREATE INDEX imports_by_id ON imports (id);
CREATE INDEX imports_by_time ON imports (creditor_id, created_at);

-- The bytes as they came, kept apart so that lists of imports stay small.
CREATE TABLE import_files (
    creditor_id TEXT NOT NULL,
    import_id TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (creditor_id, import_id),
    FOREIGN KEY (creditor_id, import_id) REFERENCES imports (creditor_id, id)
);

CREATE TABLE import_results (
    creditor_id TEXT NOT NULL,
    import_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('created', 'duplicate')),
    invoice_number TEXT NOT NULL,
    placement_id TEXT,
    PRIMARY KEY (creditor_id, import_id, line),
    FOREIGN KEY (creditor_id, import_id) REFERENCES imports (creditor_id, id)
);

CREATE TABLE import_mappings (
    creditor_id TEXT NOT NULL REFERENCES creditors (id),
    kind TEXT NOT NULL,
    mapping TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (creditor_id, kind)
);

-- A link into the portal. Its address is this id and a signature: nothing secret of it is kept.
CREATE TABLE portal_links (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    last_used_at TIMESTAMP,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
);
CREATE INDEX portal_links_by_id ON portal_links (id);
CREATE INDEX portal_links_by_placement ON portal_links (creditor_id, placement_id);

CREATE TABLE portal_codes (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    link_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, link_id) REFERENCES portal_links (creditor_id, id)
);
CREATE INDEX portal_codes_by_link ON portal_codes (creditor_id, link_id, created_at);

-- Messages for webhooks and mail, written in the transaction of the change they tell of.
CREATE TABLE outbox (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    topic TEXT NOT NULL CHECK (topic IN ('webhook', 'mail')),
    event_type TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'done', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    available_at TIMESTAMP NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    last_error TEXT,
    created_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP,
    PRIMARY KEY (creditor_id, id)
);
CREATE UNIQUE INDEX outbox_by_dedupe ON outbox (creditor_id, dedupe_key);
CREATE INDEX outbox_due ON outbox (available_at) WHERE status = 'pending';
CREATE INDEX outbox_by_subject ON outbox (creditor_id, subject, created_at);

-- First answers, kept so that a repeated request is answered again and not done again.
CREATE TABLE idempotency_keys (
    scope TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL CHECK (length(request_hash) = 64),
    status INTEGER,
    response TEXT,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scope, idempotency_key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- Each policy ever used, so that any decision can be replayed under the law of its day.
CREATE TABLE policies (
    version TEXT NOT NULL PRIMARY KEY CHECK (length(version) = 64),
    content TEXT NOT NULL,
    activated_by TEXT NOT NULL,
    activated_at TIMESTAMP NOT NULL
);

-- One chain a creditor, and one for the platform. The head is locked by whoever appends.
CREATE TABLE audit_chains (
    chain TEXT NOT NULL PRIMARY KEY,
    length BIGINT NOT NULL CHECK (length >= 0),
    head TEXT NOT NULL CHECK (length(head) = 64)
);

CREATE TABLE audit_events (
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    id TEXT NOT NULL CHECK (length(id) = 36),
    at TIMESTAMP NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    debtor_id TEXT,
    placement_id TEXT,
    -- The event this one follows from: a portal request, for the opt-outs it sets.
    cause TEXT,
    body TEXT NOT NULL,
    prev_hash TEXT NOT NULL CHECK (length(prev_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (chain, seq)
);
CREATE UNIQUE INDEX audit_events_by_id ON audit_events (id);
CREATE INDEX audit_events_by_placement ON audit_events (chain, placement_id, seq);
CREATE INDEX audit_events_by_debtor ON audit_events (chain, debtor_id, seq);

-- Personal details of an event. The chain holds only a salted commitment to them, so that they can be erased at
-- the end of retention and the chain still verifies.
CREATE TABLE audit_details (
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL,
    salt TEXT NOT NULL CHECK (length(salt) = 64),
    value TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
);

CREATE TABLE audit_checkpoints (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    at TIMESTAMP NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX audit_checkpoints_by_time ON audit_checkpoints (at);

-- Append-only, enforced here and not only in the program. ENABLE ALWAYS keeps the triggers under
-- session_replication_role = replica; the statement triggers stop TRUNCATE, which passes row triggers.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

CREATE FUNCTION audit_events_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_seq BIGINT;
    last_hash TEXT;
BEGIN
    SELECT seq, hash INTO last_seq, last_hash FROM audit_events WHERE chain = NEW.chain ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> coalesce(last_seq, 0) + 1 THEN
        RAISE EXCEPTION 'audit_events: seq must be gapless';
    END IF;
    IF NEW.prev_hash <> coalesce(last_hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'audit_events: prev_hash must be the hash of the row before';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_events_follow BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_events_follow();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_follow;
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_change;
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_truncate;
CREATE TRIGGER decisions_no_change BEFORE UPDATE OR DELETE ON decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE decisions ENABLE ALWAYS TRIGGER decisions_no_change;
CREATE TRIGGER decisions_no_truncate BEFORE TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE decisions ENABLE ALWAYS TRIGGER decisions_no_truncate;
CREATE TRIGGER payments_no_change BEFORE UPDATE OR DELETE ON payments FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE payments ENABLE ALWAYS TRIGGER payments_no_change;
CREATE TRIGGER payments_no_truncate BEFORE TRUNCATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE payments ENABLE ALWAYS TRIGGER payments_no_truncate;
CREATE TRIGGER acknowledgements_no_change BEFORE UPDATE OR DELETE ON acknowledgements FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE acknowledgements ENABLE ALWAYS TRIGGER acknowledgements_no_change;
CREATE TRIGGER acknowledgements_no_truncate BEFORE TRUNCATE ON acknowledgements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE acknowledgements ENABLE ALWAYS TRIGGER acknowledgements_no_truncate;
CREATE TRIGGER audit_checkpoints_no_change BEFORE UPDATE OR DELETE ON audit_checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_checkpoints ENABLE ALWAYS TRIGGER audit_checkpoints_no_change;
CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_checkpoints ENABLE ALWAYS TRIGGER audit_checkpoints_no_truncate;
