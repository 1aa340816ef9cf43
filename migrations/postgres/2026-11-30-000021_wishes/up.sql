-- What the debtor may quote for a wish of their own.
ALTER TABLE flags ADD COLUMN reference TEXT;
-- One number or address that is not to be used.
ALTER TABLE flags DROP CONSTRAINT flags_kind_check;
ALTER TABLE flags ADD CONSTRAINT flags_kind_check CHECK (kind IN ('cease', 'call_opt_out', 'email_opt_out', 'do_not_call', 'mail_opt_out', 'attorney', 'bankruptcy', 'deceased', 'known_location', 'inconvenient', 'workplace_prohibited', 'military', 'codebtor', 'address_opt_out'));
