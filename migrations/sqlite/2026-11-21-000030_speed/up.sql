-- Do-not-call lists that are kept whole: the national registry, a state's. Each load of a list makes a version of it;
-- the one in force is 'active', and making another one active is one transaction. Single numbers, and what debtors
-- asked for themselves, stay in dnc_entries.
CREATE TABLE dnc_loads (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    -- Names the blocks.
    version INTEGER NOT NULL CHECK (version > 0),
    -- 'agency', or the id of the creditor whose list it is.
    scope TEXT NOT NULL,
    list TEXT NOT NULL CHECK (length(list) BETWEEN 1 AND 100),
    source TEXT NOT NULL CHECK (source IN ('federal', 'state', 'internal')),
    mode TEXT NOT NULL CHECK (mode IN ('full', 'change')),
    file_name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('loading', 'active', 'replaced', 'undone', 'failed')),
    -- Whether blocks of this version may be there.
    has_blocks INTEGER NOT NULL CHECK (has_blocks IN (0, 1)),
    as_of TEXT NOT NULL CHECK (as_of GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    expires_on TEXT CHECK (expires_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    numbers INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0,
    invalid INTEGER NOT NULL DEFAULT 0,
    bytes_read INTEGER NOT NULL DEFAULT 0,
    bytes_total INTEGER,
    error TEXT,
    claimed_by TEXT NOT NULL,
    claimed_until TEXT NOT NULL CHECK (claimed_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'),
    finished_at TEXT CHECK (finished_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*')
) STRICT;
CREATE UNIQUE INDEX dnc_loads_by_version ON dnc_loads (version);
CREATE UNIQUE INDEX dnc_loads_active ON dnc_loads (scope, list) WHERE status = 'active';
CREATE UNIQUE INDEX dnc_loads_loading ON dnc_loads (scope, list) WHERE status = 'loading';
CREATE INDEX dnc_loads_by_list ON dnc_loads (scope, list, created_at);

-- The numbers of one version with the same area code and exchange: prefix is a number's first six digits. A block of
-- 1,250 bytes has a bit for each of the 10,000 lines; a shorter one is a sorted list of lines, two bytes each, the
-- lower byte first.
CREATE TABLE dnc_blocks (
    version INTEGER NOT NULL,
    prefix INTEGER NOT NULL CHECK (prefix BETWEEN 200200 AND 999999),
    lines BLOB NOT NULL CHECK (length(lines) BETWEEN 2 AND 1250),
    PRIMARY KEY (version, prefix)
) STRICT, WITHOUT ROWID;
