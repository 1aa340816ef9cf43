ALTER TABLE placements DROP COLUMN posture;
