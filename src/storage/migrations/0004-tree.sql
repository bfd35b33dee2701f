-- The public side of the log: hash tiles, signed checkpoints, their time stamps; and what the log's own chores remember.

-- C2SP tlog-tiles, height 8. Made from the leaf hashes by whoever publishes, before it signs.
CREATE TABLE bridge.log_tile (
  level      smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
  tile_index bigint NOT NULL CHECK (tile_index >= 0),
  hashes     bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
  PRIMARY KEY (level, tile_index)
);
GRANT SELECT, INSERT, UPDATE ON bridge.log_tile TO bridge_app;

-- A tile grows at its end and never changes: the application's role may lengthen one, nothing else.
CREATE FUNCTION bridge.keep_tile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.level <> OLD.level OR NEW.tile_index <> OLD.tile_index
    OR substring(NEW.hashes FOR octet_length(OLD.hashes)) IS DISTINCT FROM OLD.hashes THEN
    RAISE EXCEPTION 'a tile never changes' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_tile BEFORE UPDATE ON bridge.log_tile FOR EACH ROW EXECUTE FUNCTION bridge.keep_tile();

-- One each second at the most. Those without a time stamp are thinned out after a while; stamped ones stay.
CREATE TABLE bridge.log_checkpoint (
  origin    text NOT NULL,
  size      bigint NOT NULL CHECK (size > 0),
  root      bytea NOT NULL CHECK (octet_length(root) = 32),
  note      text NOT NULL,
  signed_at timestamptz NOT NULL,
  PRIMARY KEY (origin, size)
);
GRANT SELECT, INSERT, DELETE ON bridge.log_checkpoint TO bridge_app;

CREATE TABLE bridge.log_timestamp (
  origin      text NOT NULL,
  size        bigint NOT NULL,
  authority   text NOT NULL,
  response    bytea NOT NULL,
  gen_time    timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (origin, size, authority),
  FOREIGN KEY (origin, size) REFERENCES bridge.log_checkpoint
);
GRANT SELECT, INSERT ON bridge.log_timestamp TO bridge_app;

-- What a chore remembers between its runs (an outage that was told, the last periodic run): one row for each.
CREATE TABLE bridge.log_state (
  name  text PRIMARY KEY,
  state jsonb NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.log_state TO bridge_app;
