-- When somebody or something answered.
ALTER TABLE calls ADD COLUMN connected_at TIMESTAMP;
-- What the provider takes the answerer for.
ALTER TABLE calls ADD COLUMN answered_by TEXT CHECK (answered_by IN ('human', 'machine', 'fax', 'unknown'));
-- When the provider was asked to call off a call that had not been answered.
ALTER TABLE calls ADD COLUMN call_off_asked_at TIMESTAMP;
CREATE INDEX calls_by_provider_ref ON calls (provider_ref) WHERE provider_ref IS NOT NULL;
CREATE INDEX calls_ringing ON calls (started_at) WHERE status = 'started' AND connected_at IS NULL;
