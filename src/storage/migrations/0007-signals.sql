-- Signals that rules raised, with the officer's decision. `year`: of the key that seals the user in the entry.
CREATE TABLE bridge.signal (
  signal_id    uuid PRIMARY KEY,
  rule         text NOT NULL,
  measure      text NOT NULL,
  actor_tag    bytea CHECK (octet_length(actor_tag) = 16),
  year         smallint NOT NULL,
  window_start timestamptz NOT NULL,
  window_end   timestamptz NOT NULL CHECK (window_end > window_start),
  measured     bigint NOT NULL,
  threshold    bigint NOT NULL,
  raised_leaf  bigint NOT NULL UNIQUE,
  raised_at    timestamptz NOT NULL,
  decision     text CHECK (decision IN ('justified', 'reported', 'false-alarm')),
  decided_leaf bigint,
  CHECK ((decision IS NULL) = (decided_leaf IS NULL)),
  UNIQUE (rule, actor_tag, window_start)
);
CREATE INDEX signal_open ON bridge.signal (raised_leaf) WHERE decided_leaf IS NULL;
CREATE INDEX signal_decided ON bridge.signal (raised_leaf) WHERE decided_leaf IS NOT NULL;
CREATE INDEX signal_by_actor ON bridge.signal (actor_tag, rule, window_end);
GRANT SELECT, INSERT, UPDATE ON bridge.signal TO bridge_app;

-- Who stood in a run of leaves: the rules look at the newest ones.
CREATE INDEX log_tag_by_leaf ON bridge.log_tag (leaf_index);

-- With a person's key the tag goes, by which the row leads to the person: whatever destroys keys need not know of signals.
CREATE FUNCTION bridge.forget_signals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE bridge.signal s SET actor_tag = NULL FROM gone g WHERE s.actor_tag = g.tag AND s.year = g.year;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_signals AFTER DELETE ON bridge.person_key REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION bridge.forget_signals();
