-- Development only: drops everything.
DROP TABLE dnc_blocks;
DROP TABLE dnc_loads;
