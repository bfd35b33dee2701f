-- Signals that rules raised, with the officer's decision.
CREATE TABLE bridge.signal (
  signal_id    uuid PRIMARY KEY,
  rule         text NOT NULL,
  actor_tag    bytea NOT NULL CHECK (octet_length(actor_tag) = 16),
  window_start timestamptz NOT NULL,
  measured     bigint NOT NULL,
  threshold    bigint NOT NULL,
  raised_leaf  bigint NOT NULL,
  raised_at    timestamptz NOT NULL,
  decision     text,
  decided_leaf bigint,
  UNIQUE (rule, actor_tag, window_start)
);
CREATE INDEX signal_open ON bridge.signal (raised_leaf) WHERE decided_leaf IS NULL;
GRANT SELECT, INSERT, UPDATE ON bridge.signal TO bridge_app;
