-- A task says who has taken it, and keeps what came of it apart from what it was opened with.
ALTER TABLE tasks ADD COLUMN taken_by TEXT;
ALTER TABLE tasks ADD COLUMN taken_at TIMESTAMP;
ALTER TABLE tasks ADD COLUMN outcome TEXT;

-- The compliance home shows the latest stops of all creditors.
CREATE INDEX stop_requests_by_time ON stop_requests (honoured_at);
