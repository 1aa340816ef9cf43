-- How a permission was given. Until now only calls with the voice agent were on record.
ALTER TABLE consents ADD COLUMN via TEXT NOT NULL DEFAULT 'voice' CHECK (via IN ('portal', 'voice', 'email', 'letter', 'fax', 'phone', 'desk', 'api', 'import', 'journal'));
-- The email address it is about.
ALTER TABLE consents ADD COLUMN address TEXT;
-- What the debtor may quote; a request to be called back is two permissions under one reference.
ALTER TABLE consents ADD COLUMN reference TEXT;
-- Who took it back, how, in which words. revoked_at is when that reached us.
ALTER TABLE consents ADD COLUMN revoked_by TEXT;
ALTER TABLE consents ADD COLUMN revoked_via TEXT CHECK (revoked_via IN ('portal', 'voice', 'email', 'letter', 'fax', 'phone', 'desk', 'api', 'import', 'journal'));
ALTER TABLE consents ADD COLUMN revoked_words TEXT;
ALTER TABLE consents ADD COLUMN revocation_reference TEXT;
ALTER TABLE consents ADD COLUMN revocation_recorded_at TEXT CHECK (revocation_recorded_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*');

-- A ledger: a row is written once, and once taken back. Nothing is deleted.
CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'consents is append-only'); END;
CREATE TRIGGER consents_no_replace BEFORE INSERT ON consents
WHEN EXISTS (SELECT 1 FROM consents WHERE (creditor_id = NEW.creditor_id AND id = NEW.id) OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'consents is append-only'); END;
CREATE TRIGGER consents_revoked_once BEFORE UPDATE ON consents
WHEN OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
  OR NEW.creditor_id IS NOT OLD.creditor_id OR NEW.id IS NOT OLD.id OR NEW.debtor_id IS NOT OLD.debtor_id
  OR NEW.placement_id IS NOT OLD.placement_id OR NEW.kind IS NOT OLD.kind OR NEW.number IS NOT OLD.number
  OR NEW.detail IS NOT OLD.detail OR NEW.evidence IS NOT OLD.evidence OR NEW.given_to IS NOT OLD.given_to
  OR NEW.received_at IS NOT OLD.received_at OR NEW.through_on IS NOT OLD.through_on
  OR NEW.recorded_by IS NOT OLD.recorded_by OR NEW.created_at IS NOT OLD.created_at
  OR NEW.via IS NOT OLD.via OR NEW.address IS NOT OLD.address OR NEW.reference IS NOT OLD.reference
BEGIN SELECT RAISE(ABORT, 'consents is append-only'); END;
