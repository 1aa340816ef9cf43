-- One load of a list in force, and one being read. Not partial indexes: where one could serve, SQLite plans a statement
-- anew for each value that is bound, and this one is asked for every contact.
DROP INDEX dnc_loads_active;
DROP INDEX dnc_loads_loading;
CREATE UNIQUE INDEX dnc_loads_one_active ON dnc_loads (scope, list, (CASE WHEN status = 'active' THEN 0 ELSE version END));
CREATE UNIQUE INDEX dnc_loads_one_loading ON dnc_loads (scope, list, (CASE WHEN status = 'loading' THEN 0 ELSE version END));
CREATE INDEX dnc_loads_by_status ON dnc_loads (status, scope);
