-- Development only.
DROP INDEX dnc_loads_by_status;
DROP INDEX dnc_loads_one_loading;
DROP INDEX dnc_loads_one_active;
CREATE UNIQUE INDEX dnc_loads_active ON dnc_loads (scope, list) WHERE status = 'active';
CREATE UNIQUE INDEX dnc_loads_loading ON dnc_loads (scope, list) WHERE status = 'loading';
