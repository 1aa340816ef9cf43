DROP TABLE stop_journals;
