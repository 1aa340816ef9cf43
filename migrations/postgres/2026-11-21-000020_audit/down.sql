-- Development only.
DROP TRIGGER policies_no_change ON policies;
DROP TRIGGER policies_no_truncate ON policies;
DROP TABLE audit_verified_chains;
DROP TABLE audit_verifications;
DROP TABLE policy_activations;
