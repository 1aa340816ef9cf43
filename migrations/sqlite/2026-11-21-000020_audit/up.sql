-- Which policy is in force: the one of the highest number. Every process reads it with each decision.
CREATE TABLE policy_activations (
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
    version TEXT NOT NULL REFERENCES policies (version),
    -- program: the one that came with the program; chosen: by a person.
    origin TEXT NOT NULL CHECK (origin IN ('program', 'chosen')),
    activated_by TEXT NOT NULL,
    activated_at TEXT NOT NULL CHECK (activated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*')
) STRICT;

-- Walks over the audit chains that people and the program asked for.
CREATE TABLE audit_verifications (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    status TEXT NOT NULL CHECK (status IN ('open', 'whole', 'broken')),
    requested_by TEXT NOT NULL,
    requested_at TEXT NOT NULL CHECK (requested_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    events_done INTEGER NOT NULL DEFAULT 0 CHECK (events_done >= 0),
    events_total INTEGER NOT NULL DEFAULT 0 CHECK (events_total >= 0),
    claimed_by TEXT,
    claimed_until TEXT CHECK (claimed_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    finished_at TEXT CHECK (finished_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*')
) STRICT;
-- One at a time.
CREATE UNIQUE INDEX audit_verifications_open ON audit_verifications (status) WHERE status = 'open';
CREATE INDEX audit_verifications_by_time ON audit_verifications (requested_at);

-- What the last walk over each chain found.
CREATE TABLE audit_verified_chains (
    chain TEXT NOT NULL PRIMARY KEY,
    verification_id TEXT NOT NULL REFERENCES audit_verifications (id),
    events INTEGER NOT NULL CHECK (events >= 0),
    -- The first bad event in words; absent where the chain is whole.
    finding TEXT,
    verified_at TEXT NOT NULL CHECK (verified_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*')
) STRICT;

-- A policy that was ever used stays as it was.
CREATE TRIGGER policies_no_update BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'policies is append-only'); END;
CREATE TRIGGER policies_no_delete BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'policies is append-only'); END;
CREATE TRIGGER policies_no_replace BEFORE INSERT ON policies
WHEN EXISTS (SELECT 1 FROM policies WHERE version = NEW.version OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'policies is append-only'); END;
CREATE TRIGGER policy_activations_no_update BEFORE UPDATE ON policy_activations BEGIN SELECT RAISE(ABORT, 'policy_activations is append-only'); END;
CREATE TRIGGER policy_activations_no_delete BEFORE DELETE ON policy_activations BEGIN SELECT RAISE(ABORT, 'policy_activations is append-only'); END;
CREATE TRIGGER policy_activations_no_replace BEFORE INSERT ON policy_activations
WHEN EXISTS (SELECT 1 FROM policy_activations WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'policy_activations is append-only'); END;

-- INSERT OR REPLACE deletes a row that holds any of its unique values, or its rowid, without firing the delete trigger.
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
CREATE TRIGGER decisions_no_replace_row BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM decisions WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END;
CREATE TRIGGER payments_no_replace_row BEFORE INSERT ON payments
WHEN EXISTS (SELECT 1 FROM payments WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'payments is append-only'); END;
CREATE TRIGGER acknowledgements_no_replace_row BEFORE INSERT ON acknowledgements
WHEN EXISTS (SELECT 1 FROM acknowledgements WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'acknowledgements is append-only'); END;
CREATE TRIGGER audit_checkpoints_no_replace_row BEFORE INSERT ON audit_checkpoints
WHEN EXISTS (SELECT 1 FROM audit_checkpoints WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only'); END;
