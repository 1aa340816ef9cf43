-- When the provider's records are asked what became of a hand-off: of one whose fate nobody knows, and of a call of
-- whose end nobody was told. Nothing where there is nothing to ask.
ALTER TABLE attempts ADD COLUMN look_up_at TEXT CHECK (look_up_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*');
CREATE INDEX attempts_to_look_up ON attempts (look_up_at) WHERE look_up_at IS NOT NULL;
CREATE INDEX attempts_unknown ON attempts (authorised_at) WHERE status = 'unknown';
UPDATE attempts SET look_up_at = finished_at WHERE status = 'unknown' AND call_id IS NOT NULL;
-- What the planner looks over, a piece at a time: series that are paused.
CREATE INDEX email_sequences_paused ON email_sequences (creditor_id, id) WHERE status = 'paused';
-- Where debtors' words came from: an email, or a call that the voice agent wrote down.
ALTER TABLE inbound_messages ADD COLUMN channel TEXT NOT NULL DEFAULT 'email' CHECK (channel IN ('email', 'call'));
-- Pauses that end by themselves, by when.
CREATE INDEX holds_ending ON holds (until_at) WHERE kind = 'pause' AND lifted_at IS NULL AND until_at IS NOT NULL;
