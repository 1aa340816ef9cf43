-- What the database knows of the stop journals, the files that remember stops beside it: one that
-- was lost or cut short is missed, and nothing is dialled until a person signs that off.
CREATE TABLE stop_journals (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    -- Entries it had at least.
    entries INTEGER NOT NULL CHECK (entries >= 0),
    -- When its process last found all of it in the database.
    confirmed_at TEXT NOT NULL CHECK (confirmed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    signed_off_by TEXT,
    signed_off_at TEXT CHECK (signed_off_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    CHECK ((signed_off_at IS NULL) = (signed_off_by IS NULL))
) STRICT;
