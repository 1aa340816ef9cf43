-- A case that has ended is a case again: what is not known stops contact.
ALTER TABLE placements DROP COLUMN included_in_discharge;
DELETE FROM flags WHERE kind = 'location_needed';
UPDATE flags SET kind = 'bankruptcy' WHERE kind IN ('bankruptcy_dismissed', 'discharge');
UPDATE flags SET kind = 'codebtor' WHERE kind = 'codebtor_ended';
ALTER TABLE flags DROP CONSTRAINT flags_kind_check;
ALTER TABLE flags ADD CONSTRAINT flags_kind_check CHECK (kind IN ('cease', 'call_opt_out', 'email_opt_out', 'do_not_call', 'mail_opt_out', 'attorney', 'bankruptcy', 'deceased', 'known_location', 'inconvenient', 'workplace_prohibited', 'military', 'codebtor', 'address_opt_out'));
