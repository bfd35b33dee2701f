-- The log, the keys of persons and the search table beside the log.
-- Run as the owner's role; the application's role (bridge_app) can add to the log and read it, never change it.
CREATE SCHEMA bridge;
REVOKE ALL ON SCHEMA bridge FROM PUBLIC;
GRANT USAGE ON SCHEMA bridge TO bridge_app;

-- The one row that gives leaf indices. Locked last in every batch.
CREATE TABLE bridge.log_head (
  one           boolean PRIMARY KEY DEFAULT true CHECK (one),
  size          bigint NOT NULL CHECK (size >= 0),
  compact_range bytea NOT NULL CHECK (octet_length(compact_range) % 32 = 0),
  last_at       timestamptz NOT NULL
);
INSERT INTO bridge.log_head (size, compact_range, last_at) VALUES (0, '', 'epoch');
GRANT SELECT, UPDATE ON bridge.log_head TO bridge_app;

-- Ranges of 2^20 leaves, aligned with hash tiles, from the first day: an old range can later be detached whole.
CREATE TABLE bridge.entry (
  leaf_index bigint NOT NULL CHECK (leaf_index >= 0),
  entry_id   uuid NOT NULL,
  at         timestamptz NOT NULL,
  kind       text NOT NULL,
  leaf_hash  bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
  line       text NOT NULL,
  PRIMARY KEY (leaf_index)
) PARTITION BY RANGE (leaf_index);
CREATE INDEX entry_by_id ON bridge.entry (entry_id);
GRANT SELECT, INSERT ON bridge.entry TO bridge_app;

-- Who stands in which leaf, by keyed hash only. Rows go with the person's key, and can be re-tagged.
CREATE TABLE bridge.log_tag (
  tag        bytea NOT NULL CHECK (octet_length(tag) = 16),
  leaf_index bigint NOT NULL,
  tag_key_id smallint NOT NULL,
  year       smallint NOT NULL,
  PRIMARY KEY (tag, leaf_index)
) PARTITION BY RANGE (leaf_index);
GRANT SELECT, INSERT, DELETE ON bridge.log_tag TO bridge_app;

-- One random key for each person, year and side (the person asking and the person asked about never share one).
CREATE TABLE bridge.person_key (
  key_id        uuid PRIMARY KEY,
  tag           bytea NOT NULL CHECK (octet_length(tag) = 16),
  year          smallint NOT NULL,
  side          text NOT NULL CHECK (side IN ('actor', 'subject')),
  tag_key_id    smallint NOT NULL,
  master_key_id text NOT NULL,
  wrapped       bytea NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tag, year)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.person_key TO bridge_app;

-- Partitions are made by the owner's right, since the application's role may not create tables.
CREATE FUNCTION bridge.ensure_log_partition(leaf bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  k      bigint := leaf >> 20;
  lower_ bigint := k << 20;
  upper_ bigint := (k + 1) << 20;
  suffix text := lpad(k::text, 6, '0');
BEGIN
  IF leaf < 0 OR k > 999999 THEN RAISE EXCEPTION 'leaf out of range'; END IF;
  IF to_regclass('bridge.entry_' || suffix) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(7202, 3);
  IF to_regclass('bridge.entry_' || suffix) IS NOT NULL THEN RETURN; END IF;
  -- Made apart and attached: ATTACH locks far less than CREATE TABLE .. PARTITION OF would.
  EXECUTE format('CREATE TABLE bridge.entry_%s (LIKE bridge.entry INCLUDING CONSTRAINTS)', suffix);
  EXECUTE format('ALTER TABLE bridge.entry ATTACH PARTITION bridge.entry_%s FOR VALUES FROM (%s) TO (%s)', suffix, lower_, upper_);
  EXECUTE format('CREATE TABLE bridge.log_tag_%s (LIKE bridge.log_tag INCLUDING CONSTRAINTS)', suffix);
  EXECUTE format('ALTER TABLE bridge.log_tag ATTACH PARTITION bridge.log_tag_%s FOR VALUES FROM (%s) TO (%s)', suffix, lower_, upper_);
END $$;
REVOKE ALL ON FUNCTION bridge.ensure_log_partition(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bridge.ensure_log_partition(bigint) TO bridge_app;
SELECT bridge.ensure_log_partition(0);
