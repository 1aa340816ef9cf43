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
ALTER TABLE consents ADD COLUMN revocation_recorded_at TIMESTAMP;

-- A ledger: a row is written once, and once taken back. Nothing is deleted.
CREATE FUNCTION consents_revoked_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change CONSTANT TEXT[] := ARRAY['revoked_at', 'revoked_by', 'revoked_via', 'revoked_words', 'revocation_reference', 'revocation_recorded_at'];
BEGIN
    IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'consents is append-only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consents_revoked_once BEFORE UPDATE ON consents FOR EACH ROW EXECUTE FUNCTION consents_revoked_once();
ALTER TABLE consents ENABLE ALWAYS TRIGGER consents_revoked_once;
CREATE TRIGGER consents_no_change BEFORE DELETE ON consents FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE consents ENABLE ALWAYS TRIGGER consents_no_change;
CREATE TRIGGER consents_no_truncate BEFORE TRUNCATE ON consents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE consents ENABLE ALWAYS TRIGGER consents_no_truncate;
