-- How soon a placement's next call follows the last.
ALTER TABLE placements ADD COLUMN posture TEXT NOT NULL DEFAULT 'preserve' CHECK (posture IN ('preserve', 'escalate'));
