-- What can be searched without opening entries. Made from the entries after they were written; can always be remade.
CREATE TABLE bridge.log_search (
  leaf_index  bigint NOT NULL,
  kind        text NOT NULL,
  client      text,
  cooperative text,
  purpose     text,
  screen      text,
  service     text,
  reference   text,
  code        text,
  query       uuid,
  session     uuid,
  ref         text,
  PRIMARY KEY (leaf_index)
) PARTITION BY RANGE (leaf_index);
CREATE INDEX log_search_by_kind ON bridge.log_search (kind, leaf_index);
CREATE INDEX log_search_by_cooperative ON bridge.log_search (cooperative, leaf_index) WHERE cooperative IS NOT NULL;
CREATE INDEX log_search_by_reference ON bridge.log_search (reference, leaf_index) WHERE reference IS NOT NULL;
CREATE INDEX log_search_by_query ON bridge.log_search (query, leaf_index) WHERE query IS NOT NULL;
CREATE INDEX log_search_by_session ON bridge.log_search (session, leaf_index) WHERE session IS NOT NULL;
CREATE INDEX log_search_by_ref ON bridge.log_search (ref, leaf_index) WHERE ref IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.log_search TO bridge_app;

-- What became of an intent, beside its row: the row itself never changes.
CREATE TABLE bridge.log_search_outcome (
  leaf_index   bigint NOT NULL,
  outcome_leaf bigint NOT NULL,
  outcome      text,
  state        text NOT NULL,
  PRIMARY KEY (leaf_index, outcome_leaf)
) PARTITION BY RANGE (leaf_index);
CREATE INDEX log_search_outcome_by_outcome ON bridge.log_search_outcome (outcome, leaf_index);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.log_search_outcome TO bridge_app;

-- Up to which leaf the search rows reach.
CREATE TABLE bridge.log_indexed (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL CHECK (size >= 0)
);
INSERT INTO bridge.log_indexed (size) VALUES (0);
GRANT SELECT, UPDATE ON bridge.log_indexed TO bridge_app;

-- As in 0001, for all tables that are cut by leaf.
CREATE OR REPLACE FUNCTION bridge.ensure_log_partition(leaf bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  k      bigint := leaf >> 20;
  lower_ bigint := k << 20;
  upper_ bigint := (k + 1) << 20;
  suffix text := lpad(k::text, 6, '0');
  parent text;
BEGIN
  IF leaf < 0 OR k > 999999 THEN RAISE EXCEPTION 'leaf out of range'; END IF;
  IF to_regclass('bridge.log_search_outcome_' || suffix) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(7202, 3);
  FOREACH parent IN ARRAY ARRAY['entry', 'log_tag', 'log_search', 'log_search_outcome'] LOOP
    IF to_regclass('bridge.' || parent || '_' || suffix) IS NULL THEN
      -- Made apart and attached: ATTACH locks far less than CREATE TABLE .. PARTITION OF would.
      EXECUTE format('CREATE TABLE bridge.%s_%s (LIKE bridge.%s INCLUDING CONSTRAINTS)', parent, suffix, parent);
      EXECUTE format('ALTER TABLE bridge.%s ATTACH PARTITION bridge.%s_%s FOR VALUES FROM (%s) TO (%s)', parent, parent, suffix, lower_, upper_);
    END IF;
  END LOOP;
END $$;
DO $$
DECLARE k bigint;
BEGIN
  FOR k IN SELECT substring(c.relname from 7)::bigint FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'bridge.entry'::regclass LOOP
    PERFORM bridge.ensure_log_partition(k << 20);
  END LOOP;
END $$;
