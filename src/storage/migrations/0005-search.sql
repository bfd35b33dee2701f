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
-- What is searched by: refused and unknown have no outcome, and are found by their state.
CREATE INDEX log_search_outcome_by_outcome ON bridge.log_search_outcome (coalesce(outcome, state), leaf_index);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.log_search_outcome TO bridge_app;

-- Up to which leaf the search rows reach.
CREATE TABLE bridge.log_indexed (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL CHECK (size >= 0)
);
INSERT INTO bridge.log_indexed (size) VALUES (0);
GRANT SELECT, UPDATE ON bridge.log_indexed TO bridge_app;

-- A text of an entry for its search row, cut to what an index can hold; null where it is none.
CREATE FUNCTION bridge.search_text(data jsonb, member text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(data -> member) WHEN 'string' THEN left(data ->> member, 256) END
$$;

-- The same for an id; null where the text is none: one odd entry must not hold up the rows of all that follow.
CREATE FUNCTION bridge.search_uuid(data jsonb, member text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN data ->> member ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN (data ->> member)::uuid END
$$;

-- The first leaf written at `wanted` or later, of the first `size` leaves; `size` where there is none. `at` never runs backwards
-- in leaf order, so that halving finds it. Leaves of detached ranges are passed over.
CREATE FUNCTION bridge.leaf_at(wanted timestamptz, size bigint) RETURNS bigint LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  low    bigint := 0;
  high   bigint := size;
  middle bigint;
  found  record;
BEGIN
  WHILE low < high LOOP
    middle := low + (high - low) / 2;
    SELECT e.leaf_index, e.at INTO found FROM bridge.entry e
      WHERE e.leaf_index >= middle AND e.leaf_index < high ORDER BY e.leaf_index LIMIT 1;
    IF found.leaf_index IS NULL OR found.at >= wanted THEN high := middle;
    ELSE low := found.leaf_index + 1;
    END IF;
  END LOOP;
  RETURN low;
END $$;

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
