DROP INDEX calls_ringing;
DROP INDEX calls_by_provider_ref;
ALTER TABLE calls DROP COLUMN call_off_asked_at;
ALTER TABLE calls DROP COLUMN answered_by;
ALTER TABLE calls DROP COLUMN connected_at;
