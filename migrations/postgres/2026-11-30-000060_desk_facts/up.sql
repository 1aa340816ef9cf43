-- How a bankruptcy ended, and that a debtor must be located.
ALTER TABLE flags DROP CONSTRAINT flags_kind_check;
ALTER TABLE flags ADD CONSTRAINT flags_kind_check CHECK (kind IN ('cease', 'call_opt_out', 'email_opt_out', 'do_not_call', 'mail_opt_out', 'attorney', 'bankruptcy', 'deceased', 'known_location', 'inconvenient', 'workplace_prohibited', 'military', 'codebtor', 'address_opt_out', 'bankruptcy_dismissed', 'discharge', 'codebtor_ended', 'location_needed'));
-- Whether a discharge in bankruptcy covers the debt. Not said: it does, unless the debt is younger than the case.
ALTER TABLE placements ADD COLUMN included_in_discharge BOOLEAN;
