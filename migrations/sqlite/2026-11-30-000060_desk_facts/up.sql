-- How a bankruptcy ended, and that a debtor must be located. SQLite can't change a CHECK, so the table is made anew.
CREATE TABLE flags_new (
    creditor_id TEXT NOT NULL,
    id TEXT NOT NULL CHECK (length(id) = 36),
    debtor_id TEXT NOT NULL,
    placement_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('cease', 'call_opt_out', 'email_opt_out', 'do_not_call', 'mail_opt_out', 'attorney', 'bankruptcy', 'deceased', 'known_location', 'inconvenient', 'workplace_prohibited', 'military', 'codebtor', 'address_opt_out', 'bankruptcy_dismissed', 'discharge', 'codebtor_ended', 'location_needed')),
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
    -- What the debtor may quote for a wish of their own.
    reference TEXT,
    PRIMARY KEY (creditor_id, id),
    FOREIGN KEY (creditor_id, debtor_id) REFERENCES debtors (creditor_id, id),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
) STRICT;
INSERT INTO flags_new (creditor_id, id, debtor_id, placement_id, kind, detail, source, verified, stop_request_id, set_by, received_at, set_at, lifted_at, lifted_by, lift_reason, reference)
SELECT creditor_id, id, debtor_id, placement_id, kind, detail, source, verified, stop_request_id, set_by, received_at, set_at, lifted_at, lifted_by, lift_reason, reference FROM flags;
DROP TABLE flags;
ALTER TABLE flags_new RENAME TO flags;
CREATE INDEX flags_by_debtor ON flags (creditor_id, debtor_id, lifted_at);
CREATE INDEX flags_by_kind ON flags (creditor_id, kind, lifted_at);
-- Whether a discharge in bankruptcy covers the debt. Not said: it does, unless the debt is younger than the case.
ALTER TABLE placements ADD COLUMN included_in_discharge INTEGER CHECK (included_in_discharge IN (0, 1));
