-- The working state of identity queries, their idempotency keys and quotas, and the fee book.
-- open -> answered | refused | unknown, once; nothing leads back.
CREATE TABLE bridge.identity_query (
  query_id          uuid PRIMARY KEY,
  client_id         text NOT NULL,
  account_id        text NOT NULL,
  actor_tag         bytea NOT NULL CHECK (octet_length(actor_tag) = 16),
  state             text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'refused', 'unknown')),
  sent_at           timestamptz NOT NULL,
  deadline          timestamptz NOT NULL,
  intent_leaf       bigint NOT NULL,
  guess_key         bytea NOT NULL,
  guess_window      timestamptz NOT NULL,
  idempotency_scope bytea,
  outcome           text,
  problem           text,
  units             smallint,
  checked_at        timestamptz,
  outcome_leaf      bigint,
  outcome_hash      bytea,
  CHECK ((state = 'open') = (outcome_leaf IS NULL)),
  CHECK (state <> 'answered' OR outcome IS NOT NULL)
);
CREATE INDEX identity_query_open ON bridge.identity_query (deadline) WHERE state = 'open';
GRANT SELECT, INSERT, UPDATE ON bridge.identity_query TO bridge_app;

CREATE TABLE bridge.idempotency_key (
  scope      bytea PRIMARY KEY,
  request    bytea NOT NULL,
  query_id   uuid NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX idempotency_key_by_expiry ON bridge.idempotency_key (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.idempotency_key TO bridge_app;

CREATE TABLE bridge.quota_use (
  key          bytea NOT NULL,
  window_start timestamptz NOT NULL,
  used         integer NOT NULL,
  PRIMARY KEY (key, window_start)
);
CREATE INDEX quota_use_by_window ON bridge.quota_use (window_start);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.quota_use TO bridge_app;

-- One line for each query, written with its outcome; the key makes a second one impossible.
CREATE TABLE bridge.fee_line (
  query_id          uuid PRIMARY KEY,
  outcome_leaf      bigint NOT NULL,
  account_id        text NOT NULL,
  fee_class         text NOT NULL CHECK (fee_class IN ('outside', 'paying')),
  client_id         text NOT NULL,
  service           text NOT NULL,
  service_version   text NOT NULL,
  purpose           text NOT NULL,
  cooperative       text NOT NULL,
  il                text NOT NULL,
  ministry          text NOT NULL,
  actor_tag         bytea NOT NULL,
  sent_at           timestamptz NOT NULL,
  quarter           text NOT NULL,
  result            text NOT NULL,
  sent              boolean NOT NULL,
  units             smallint NOT NULL CHECK (units >= 0),
  unit_price_kurus  integer NOT NULL CHECK (unit_price_kurus >= 0),
  amount_kurus      bigint NOT NULL CHECK (amount_kurus = units * unit_price_kurus)
);
CREATE INDEX fee_line_by_quarter ON bridge.fee_line (quarter, account_id);
GRANT SELECT, INSERT ON bridge.fee_line TO bridge_app;
