DROP INDEX holds_ending;
ALTER TABLE inbound_messages DROP COLUMN channel;
DROP INDEX email_sequences_paused;
DROP INDEX attempts_unknown;
DROP INDEX attempts_to_look_up;
ALTER TABLE attempts DROP COLUMN look_up_at;
