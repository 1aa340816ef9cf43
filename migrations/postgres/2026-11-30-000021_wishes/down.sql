DELETE FROM flags WHERE kind = 'address_opt_out';
ALTER TABLE flags DROP CONSTRAINT flags_kind_check;
ALTER TABLE flags ADD CONSTRAINT flags_kind_check CHECK (kind IN ('cease', 'call_opt_out', 'email_opt_out', 'do_not_call', 'mail_opt_out', 'attorney', 'bankruptcy', 'deceased', 'known_location', 'inconvenient', 'workplace_prohibited', 'military', 'codebtor'));
ALTER TABLE flags DROP COLUMN reference;
