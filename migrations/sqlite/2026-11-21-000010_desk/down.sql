DROP INDEX stop_requests_by_time;
ALTER TABLE tasks DROP COLUMN outcome;
ALTER TABLE tasks DROP COLUMN taken_at;
ALTER TABLE tasks DROP COLUMN taken_by;
