-- Which policy is in force: the one of the highest number. Every process reads it with each decision.
CREATE TABLE policy_activations (
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    version TEXT NOT NULL REFERENCES policies (version),
    -- program: the one that came with the program; chosen: by a person.
    origin TEXT NOT NULL CHECK (origin IN ('program', 'chosen')),
    activated_by TEXT NOT NULL,
    activated_at TIMESTAMP NOT NULL
);

-- Walks over the audit chains that people and the program asked for.
CREATE TABLE audit_verifications (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    status TEXT NOT NULL CHECK (status IN ('open', 'whole', 'broken')),
    requested_by TEXT NOT NULL,
    requested_at TIMESTAMP NOT NULL,
    events_done BIGINT NOT NULL DEFAULT 0 CHECK (events_done >= 0),
    events_total BIGINT NOT NULL DEFAULT 0 CHECK (events_total >= 0),
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    finished_at TIMESTAMP
);
-- One at a time.
CREATE UNIQUE INDEX audit_verifications_open ON audit_verifications (status) WHERE status = 'open';
CREATE INDEX audit_verifications_by_time ON audit_verifications (requested_at);

-- What the last walk over each chain found.
CREATE TABLE audit_verified_chains (
    chain TEXT NOT NULL PRIMARY KEY,
    verification_id TEXT NOT NULL REFERENCES audit_verifications (id),
    events BIGINT NOT NULL CHECK (events >= 0),
    -- The first bad event in words; absent where the chain is whole.
    finding TEXT,
    verified_at TIMESTAMP NOT NULL
);

-- A policy that was ever used stays as it was.
CREATE TRIGGER policies_no_change BEFORE UPDATE OR DELETE ON policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE policies ENABLE ALWAYS TRIGGER policies_no_change;
CREATE TRIGGER policies_no_truncate BEFORE TRUNCATE ON policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE policies ENABLE ALWAYS TRIGGER policies_no_truncate;
CREATE TRIGGER policy_activations_no_change BEFORE UPDATE OR DELETE ON policy_activations FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE policy_activations ENABLE ALWAYS TRIGGER policy_activations_no_change;
CREATE TRIGGER policy_activations_no_truncate BEFORE TRUNCATE ON policy_activations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE policy_activations ENABLE ALWAYS TRIGGER policy_activations_no_truncate;
