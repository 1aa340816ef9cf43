-- The foundation. Both databases carry the same tables and columns under the same names; a test compares them.
-- Every row that belongs to a creditor carries creditor_id, and it leads the primary key, so that a row can only
-- refer to rows of its own creditor and a distributed PostgreSQL could shard by it.
-- Instants are UTC with microseconds. Money is in integer cents. Ids are 36 characters of UUID text.

CREATE TABLE creditors (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    contingency_bps INTEGER NOT NULL CHECK (contingency_bps BETWEEN 0 AND 10000),
    max_calls_per_week INTEGER NOT NULL DEFAULT 3 CHECK (max_calls_per_week BETWEEN 0 AND 100),
    cleared INTEGER NOT NULL DEFAULT 1 CHECK (cleared IN (0, 1)),
    not_cleared_reason TEXT,
    contact_email TEXT,
    contact_phone TEXT,
    postal_address TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
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
    password_is_temporary INTEGER NOT NULL DEFAULT 0 CHECK (password_is_temporary IN (0, 1)),
    time_zone TEXT NOT NULL DEFAULT 'America/New_York',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    last_sign_in_at TEXT CHECK (last_sign_in_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((role IN ('creditor_admin', 'creditor_member')) = (creditor_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE INDEX users_by_creditor ON users (creditor_id, name);

-- One row a browser that is signed in, or about to be. Only the hash of the key in the cookie is kept.
CREATE TABLE sessions (
    key_hash TEXT NOT NULL PRIMARY KEY CHECK (length(key_hash) = 64),
    user_id TEXT REFERENCES users (id),
    portal_link_id TEXT,
    state TEXT NOT NULL,
    user_agent TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    last_seen_at TEXT NOT NULL CHECK (last_seen_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*')
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Counters of failures for sign-in, codes and other things that can be guessed; shared by all processes.
CREATE TABLE throttles (
    bucket TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    window_started_at TEXT NOT NULL CHECK (window_started_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    blocked_until TEXT
) STRICT;

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    creditor_id TEXT REFERENCES creditors (id),
    prefix TEXT NOT NULL,
    secret_hash TEXT NOT NULL CHECK (length(secret_hash) = 64),
    access TEXT NOT NULL CHECK (access IN ('full', 'read', 'staff')),
    label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 100),
    created_by TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    last_used_at TEXT CHECK (last_used_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    revoked_at TEXT CHECK (revoked_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    CHECK ((access = 'staff') = (creditor_id IS NULL))
) STRICT;
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
    contact_epoch INTEGER NOT NULL DEFAULT 0 CHECK (contact_epoch >= 0),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
) STRICT;
CREATE INDEX debtors_by_id ON debtors (id);
CREATE INDEX debtors_by_name ON debtors (creditor_id, search_name);
CREATE UNIQUE INDEX debtors_by_reference ON debtors (creditor_id, reference_key);

CREATE TABLE phones (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    -- The ten digits as a number.
    number INTEGER NOT NULL CHECK (number BETWEEN 2002000000 AND 9999999999),
    kind TEXT NOT NULL CHECK (kind IN ('mobile', 'landline', 'work', 'unknown')),
    belongs_to TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
) STRICT;
CREATE UNIQUE INDEX phones_by_debtor ON phones (creditor_id, debtor_id, number);
CREATE INDEX phones_by_number ON phones (number);

CREATE TABLE emails (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    address TEXT NOT NULL CHECK (address = lower(address) AND length(address) BETWEEN 3 AND 254),
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'employer')),
    opted_out_at TEXT CHECK (opted_out_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    used_for_debt_at TEXT CHECK (used_for_debt_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
) STRICT;
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
    verified INTEGER NOT NULL DEFAULT 1 CHECK (verified IN (0, 1)),
    stop_request_id TEXT,
    set_by TEXT NOT NULL,
    -- When the debtor said it; set_at is when it took effect here.
    received_at TEXT NOT NULL CHECK (received_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    set_at TEXT NOT NULL CHECK (set_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    lifted_at TEXT CHECK (lifted_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    lifted_by TEXT,
    lift_reason TEXT,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
) STRICT;
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
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    recovered_cents INTEGER NOT NULL DEFAULT 0 CHECK (recovered_cents >= 0 AND recovered_cents <= amount_cents),
    fee_cents INTEGER NOT NULL DEFAULT 0 CHECK (fee_cents >= 0),
    due_on TEXT CHECK (due_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    incurred_on TEXT CHECK (incurred_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    last_payment_on TEXT CHECK (last_payment_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    limitation_expires_on TEXT CHECK (limitation_expires_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    itemization_on TEXT CHECK (itemization_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    itemization_amount_cents INTEGER,
    itemization_interest_cents INTEGER,
    itemization_fees_cents INTEGER,
    itemization_credits_cents INTEGER,
    max_calls_per_week INTEGER,
    notes TEXT,
    recall_reason TEXT,
    outcome_score TEXT,
    import_id TEXT,
    placed_at TEXT NOT NULL CHECK (placed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    resolved_at TEXT CHECK (resolved_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
) STRICT;
CREATE UNIQUE INDEX placements_by_invoice ON placements (creditor_id, invoice_key);
CREATE INDEX placements_by_id ON placements (id);
CREATE INDEX placements_by_debtor ON placements (creditor_id, debtor_id, placed_at, id);
-- The list's three orders, for one creditor and for all, with and without a status: each page is read off an index.
-- A placement without a due date comes after every other.
CREATE INDEX placements_by_placed ON placements (creditor_id, placed_at, id);
CREATE INDEX placements_by_due ON placements (creditor_id, coalesce(due_on, '9999-12-31'), id);
CREATE INDEX placements_by_amount ON placements (creditor_id, amount_cents, id);
CREATE INDEX placements_by_status ON placements (creditor_id, status, placed_at, id);
CREATE INDEX placements_by_status_and_due ON placements (creditor_id, status, coalesce(due_on, '9999-12-31'), id);
CREATE INDEX placements_by_status_and_amount ON placements (creditor_id, status, amount_cents, id);
CREATE INDEX placements_of_all_by_placed ON placements (placed_at, id);
CREATE INDEX placements_of_all_by_due ON placements (coalesce(due_on, '9999-12-31'), id);
CREATE INDEX placements_of_all_by_amount ON placements (amount_cents, id);
CREATE INDEX placements_of_all_by_status ON placements (status, placed_at, id);
CREATE INDEX placements_of_all_by_status_and_due ON placements (status, coalesce(due_on, '9999-12-31'), id);
CREATE INDEX placements_of_all_by_status_and_amount ON placements (status, amount_cents, id);

-- The words of a debtor's name and of the invoice number, folded: what the search box looks through.
CREATE TABLE search_words (
    creditor_id TEXT NOT NULL,
    word TEXT NOT NULL CHECK (length(word) BETWEEN 1 AND 40),
    placement_id TEXT NOT NULL,
    PRIMARY KEY (creditor_id, word, placement_id)
) STRICT, WITHOUT ROWID;

-- A pause of one placement, by its creditor or by operations. Never a status.
CREATE TABLE holds (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pause', 'review')),
    reason TEXT,
    until_at TEXT CHECK (until_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    set_by TEXT NOT NULL,
    set_at TEXT NOT NULL CHECK (set_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    lifted_at TEXT CHECK (lifted_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    lifted_by TEXT,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
) STRICT;
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
    in_writing INTEGER NOT NULL CHECK (in_writing IN (0, 1)),
    verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
    recorded_by TEXT NOT NULL,
    contact_epoch INTEGER NOT NULL,
    received_at TEXT NOT NULL CHECK (received_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    honoured_at TEXT NOT NULL CHECK (honoured_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    -- When no attempt of the debtor was starting any more: only then was the request acknowledged.
    effective_at TEXT CHECK (effective_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
) STRICT;
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
    next_send_at TEXT CHECK (next_send_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    last_error TEXT,
    claimed_by TEXT,
    claimed_until TEXT CHECK (claimed_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id),
    -- Nothing is due on a sequence that does not run.
    CHECK (status IN ('scheduled', 'active') OR next_send_at IS NULL)
) STRICT;
CREATE INDEX email_sequences_by_placement ON email_sequences (creditor_id, placement_id);
CREATE INDEX email_sequences_by_debtor ON email_sequences (creditor_id, debtor_id);
CREATE INDEX email_sequences_due ON email_sequences (next_send_at) WHERE next_send_at IS NOT NULL;

-- Planned and placed telephone calls. A refused attempt never makes a row here.
CREATE TABLE calls (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('planned', 'claimed', 'starting', 'started', 'completed', 'failed', 'cancelled', 'unknown')),
    status_cause TEXT,
    scheduled_at TEXT NOT NULL CHECK (scheduled_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    claimed_by TEXT,
    claimed_until TEXT CHECK (claimed_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    attempt_id TEXT,
    contact_id TEXT,
    simulated INTEGER NOT NULL DEFAULT 0 CHECK (simulated IN (0, 1)),
    provider_ref TEXT,
    outcome TEXT,
    duration_seconds INTEGER,
    started_at TEXT CHECK (started_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    ended_at TEXT CHECK (ended_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
) STRICT;
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
    contact_epoch INTEGER NOT NULL,
    decision_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    worker TEXT NOT NULL,
    provider_ref TEXT,
    error TEXT,
    authorised_at TEXT NOT NULL CHECK (authorised_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    -- The hand-off must have begun by then; the lease is longer, so that a sender that died is waited for.
    deadline_at TEXT NOT NULL CHECK (deadline_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    lease_until TEXT NOT NULL CHECK (lease_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    finished_at TEXT CHECK (finished_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
) STRICT;
CREATE INDEX attempts_starting ON attempts (creditor_id, debtor_id) WHERE status = 'starting';
CREATE INDEX attempts_by_debtor ON attempts (creditor_id, debtor_id, authorised_at);

-- Contacts that took place or are taking place. Refused attempts are decisions, never contacts.
CREATE TABLE contacts (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    channel TEXT NOT NULL CHECK (channel IN ('call', 'voicemail', 'email', 'letter', 'portal', 'sms')),
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    outcome TEXT NOT NULL,
    party TEXT NOT NULL DEFAULT 'consumer',
    purpose TEXT,
    address TEXT,
    initiator TEXT NOT NULL CHECK (initiator IN ('automated', 'agent', 'debtor')),
    logged_by TEXT NOT NULL,
    decision_id TEXT,
    contact_epoch INTEGER,
    mini_miranda INTEGER CHECK (mini_miranda IN (0, 1)),
    identified_as_collector INTEGER CHECK (identified_as_collector IN (0, 1)),
    excluded TEXT,
    in_flight_at_recall INTEGER NOT NULL DEFAULT 0 CHECK (in_flight_at_recall IN (0, 1)),
    source TEXT NOT NULL CHECK (source IN ('desk', 'worker', 'api', 'import', 'portal', 'voice', 'email')),
    duration_seconds INTEGER,
    notes TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
) STRICT;
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
    at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id)
) STRICT;
CREATE INDEX acknowledgements_by_decision ON acknowledgements (creditor_id, decision_id);

-- Every answer of the gate that was asked for in earnest, with its inputs, so that it can be replayed.
CREATE TABLE decisions (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    asked_by TEXT NOT NULL,
    -- authorize: a hand-off; log: a contact being logged; precheck: an agent opened the form; check: a question only.
    occasion TEXT NOT NULL CHECK (occasion IN ('authorize', 'log', 'precheck', 'check')),
    channel TEXT NOT NULL,
    initiator TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('allow', 'acknowledge', 'refuse')),
    binding_rule TEXT,
    earliest_lawful_at TEXT CHECK (earliest_lawful_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    policy_version TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    attempt TEXT NOT NULL,
    facts TEXT NOT NULL,
    decision TEXT NOT NULL,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
) STRICT;
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
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    acknowledged_by TEXT,
    acknowledged_at TEXT CHECK (acknowledged_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    acknowledge_note TEXT,
    resolved_by TEXT,
    resolved_at TEXT CHECK (resolved_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    resolve_note TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
) STRICT;
CREATE INDEX alerts_by_id ON alerts (id);
CREATE INDEX alerts_by_time ON alerts (created_at);
CREATE INDEX alerts_by_status ON alerts (status, created_at);
CREATE INDEX alerts_by_placement ON alerts (creditor_id, placement_id, created_at);

CREATE TABLE payments (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    fee_cents INTEGER NOT NULL CHECK (fee_cents >= 0),
    fee_bps INTEGER NOT NULL CHECK (fee_bps BETWEEN 0 AND 10000),
    paid_on TEXT NOT NULL CHECK (paid_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    method TEXT NOT NULL CHECK (method IN ('wire', 'check', 'card', 'cash', 'prior_platform', 'other')),
    reference TEXT,
    note TEXT,
    source TEXT NOT NULL CHECK (source IN ('dashboard', 'api', 'import', 'portal')),
    recorded_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
) STRICT;
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
    in_writing INTEGER NOT NULL CHECK (in_writing IN (0, 1)),
    via TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'reviewing', 'upheld', 'denied', 'withdrawn')),
    received_at TEXT NOT NULL CHECK (received_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    responded_at TEXT CHECK (responded_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    response TEXT,
    recorded_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
) STRICT;
CREATE INDEX disputes_by_debtor ON disputes (creditor_id, debtor_id);
CREATE INDEX disputes_by_placement ON disputes (creditor_id, placement_id);

-- Letters and notices; validation notices above all.
CREATE TABLE letters (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    letter_type TEXT NOT NULL CHECK (letter_type IN ('validation_notice', 'dispute_response', 'original_creditor', 'collection', 'statutory_notice', 'other')),
    sent_on TEXT NOT NULL CHECK (sent_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    method TEXT NOT NULL CHECK (method IN ('mail', 'email', 'oral')),
    assumed_receipt_on TEXT CHECK (assumed_receipt_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    period_ends_on TEXT CHECK (period_ends_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    returned_on TEXT CHECK (returned_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
) STRICT;
CREATE INDEX letters_by_debtor ON letters (creditor_id, debtor_id);
CREATE INDEX letters_by_placement ON letters (creditor_id, placement_id, letter_type);

CREATE TABLE consents (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('calls', 'time', 'recording', 'autodial', 'esign')),
    number INTEGER,
    detail TEXT NOT NULL DEFAULT '{}',
    evidence TEXT NOT NULL,
    given_to TEXT NOT NULL CHECK (given_to IN ('collector', 'creditor')),
    received_at TEXT NOT NULL CHECK (received_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    through_on TEXT CHECK (through_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    revoked_at TEXT CHECK (revoked_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    recorded_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id)
) STRICT;
CREATE INDEX consents_by_debtor ON consents (creditor_id, debtor_id);

-- Numbers nobody may call. scope is 'agency', or the id of the creditor whose list it is.
CREATE TABLE dnc_entries (
    number INTEGER NOT NULL CHECK (number BETWEEN 2002000000 AND 9999999999),
    scope TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('federal', 'state', 'debtor', 'internal')),
    list_id TEXT,
    added_on TEXT NOT NULL CHECK (added_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    expires_on TEXT CHECK (expires_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    PRIMARY KEY (number, scope, source)
) STRICT, WITHOUT ROWID;

-- Work for the compliance desk.
CREATE TABLE tasks (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT,
    placement_id TEXT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    due_at TEXT CHECK (due_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    status TEXT NOT NULL CHECK (status IN ('open', 'done')),
    done_by TEXT,
    done_at TEXT CHECK (done_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    note TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
) STRICT;
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
    claimed_until TEXT CHECK (claimed_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    error TEXT,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    finished_at TEXT CHECK (finished_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (creditor_id, id)
) STRICT;
CREATE INDEX imports_by_id ON imports (id);
CREATE INDEX imports_by_time ON imports (creditor_id, created_at);

-- The bytes as they came, kept apart so that lists of imports stay small.
CREATE TABLE import_files (
    creditor_id TEXT NOT NULL,
    import_id TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (creditor_id, import_id),
    FOREIGN KEY (creditor_id, import_id) REFERENCES imports (creditor_id, id)
) STRICT;

CREATE TABLE import_results (
    creditor_id TEXT NOT NULL,
    import_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('created', 'duplicate')),
    invoice_number TEXT NOT NULL,
    placement_id TEXT,
    PRIMARY KEY (creditor_id, import_id, line),
    FOREIGN KEY (creditor_id, import_id) REFERENCES imports (creditor_id, id)
) STRICT;

CREATE TABLE import_mappings (
    creditor_id TEXT NOT NULL REFERENCES creditors (id),
    kind TEXT NOT NULL,
    mapping TEXT NOT NULL,
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, kind)
) STRICT;

-- A link into the portal. Its address is this id and a signature: nothing secret of it is kept.
CREATE TABLE portal_links (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    placement_id TEXT NOT NULL,
    debtor_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    revoked_at TEXT CHECK (revoked_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    last_used_at TEXT CHECK (last_used_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, placement_id) REFERENCES placements (creditor_id, id)
) STRICT;
CREATE INDEX portal_links_by_id ON portal_links (id);
CREATE INDEX portal_links_by_placement ON portal_links (creditor_id, placement_id);

CREATE TABLE portal_codes (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    link_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    used_at TEXT CHECK (used_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, link_id) REFERENCES portal_links (creditor_id, id)
) STRICT;
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
    available_at TEXT NOT NULL CHECK (available_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    claimed_by TEXT,
    claimed_until TEXT CHECK (claimed_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    last_error TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    done_at TEXT CHECK (done_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (creditor_id, id)
) STRICT;
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
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    PRIMARY KEY (scope, idempotency_key)
) STRICT;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- Each policy ever used, so that any decision can be replayed under the law of its day.
CREATE TABLE policies (
    version TEXT NOT NULL PRIMARY KEY CHECK (length(version) = 64),
    content TEXT NOT NULL,
    activated_by TEXT NOT NULL,
    activated_at TEXT NOT NULL CHECK (activated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*')
) STRICT;

-- One chain a creditor, and one for the platform. The head is locked by whoever appends.
CREATE TABLE audit_chains (
    chain TEXT NOT NULL PRIMARY KEY,
    length INTEGER NOT NULL CHECK (length >= 0),
    head TEXT NOT NULL CHECK (length(head) = 64)
) STRICT;

CREATE TABLE audit_events (
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    id TEXT NOT NULL CHECK (length(id) = 36),
    at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
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
) STRICT;
CREATE UNIQUE INDEX audit_events_by_id ON audit_events (id);
CREATE INDEX audit_events_by_placement ON audit_events (chain, placement_id, seq);
CREATE INDEX audit_events_by_debtor ON audit_events (chain, debtor_id, seq);

-- Personal details of an event. The chain holds only a salted commitment to them, so that they can be erased at
-- the end of retention and the chain still verifies.
CREATE TABLE audit_details (
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL,
    salt TEXT NOT NULL CHECK (length(salt) = 64),
    value TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT;

CREATE TABLE audit_checkpoints (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    note TEXT NOT NULL
) STRICT;
CREATE INDEX audit_checkpoints_by_time ON audit_checkpoints (at);

-- Append-only, enforced here and not only in the program. The check on insert also stops INSERT OR REPLACE, which
-- deletes the old row without firing the delete trigger.
CREATE TRIGGER audit_events_follow BEFORE INSERT ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit_events: seq must be gapless')
    WHERE NEW.seq <> coalesce((SELECT max(seq) FROM audit_events WHERE chain = NEW.chain), 0) + 1;
    SELECT RAISE(ABORT, 'audit_events: prev_hash must be the hash of the row before')
    WHERE NEW.prev_hash <> coalesce(
        (SELECT hash FROM audit_events WHERE chain = NEW.chain AND seq = NEW.seq - 1),
        '0000000000000000000000000000000000000000000000000000000000000000');
END;
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END;
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END;
CREATE TRIGGER decisions_no_replace BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM decisions WHERE creditor_id = NEW.creditor_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END;
CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments BEGIN SELECT RAISE(ABORT, 'payments is append-only'); END;
CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments BEGIN SELECT RAISE(ABORT, 'payments is append-only'); END;
CREATE TRIGGER payments_no_replace BEFORE INSERT ON payments
WHEN EXISTS (SELECT 1 FROM payments WHERE creditor_id = NEW.creditor_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'payments is append-only'); END;
CREATE TRIGGER acknowledgements_no_update BEFORE UPDATE ON acknowledgements BEGIN SELECT RAISE(ABORT, 'acknowledgements is append-only'); END;
CREATE TRIGGER acknowledgements_no_delete BEFORE DELETE ON acknowledgements BEGIN SELECT RAISE(ABORT, 'acknowledgements is append-only'); END;
CREATE TRIGGER acknowledgements_no_replace BEFORE INSERT ON acknowledgements
WHEN EXISTS (SELECT 1 FROM acknowledgements WHERE creditor_id = NEW.creditor_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'acknowledgements is append-only'); END;
CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only'); END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only'); END;
CREATE TRIGGER audit_checkpoints_no_replace BEFORE INSERT ON audit_checkpoints
WHEN EXISTS (SELECT 1 FROM audit_checkpoints WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only'); END;
