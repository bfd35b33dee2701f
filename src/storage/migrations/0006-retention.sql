-- Retention: keys that were destroyed, legal holds, and destruction that one officer proposed and another must confirm.
CREATE TABLE bridge.destroyed_key (
  key_id     uuid PRIMARY KEY,
  year       smallint NOT NULL,
  side       text NOT NULL CHECK (side IN ('actor', 'subject')),
  leaf_index bigint NOT NULL
);
GRANT SELECT, INSERT ON bridge.destroyed_key TO bridge_app;

CREATE TABLE bridge.legal_hold (
  hold_id     uuid PRIMARY KEY,
  actor_tag   bytea CHECK (octet_length(actor_tag) = 16),
  subject_tag bytea CHECK (octet_length(subject_tag) = 16),
  year_from   smallint NOT NULL,
  year_to     smallint NOT NULL CHECK (year_to >= year_from),
  placed_leaf bigint NOT NULL,
  lifted_leaf bigint
);
GRANT SELECT, INSERT, UPDATE ON bridge.legal_hold TO bridge_app;

CREATE TABLE bridge.retention_proposal (
  proposal_id   uuid PRIMARY KEY,
  what          text NOT NULL,
  proposer_tag  bytea NOT NULL CHECK (octet_length(proposer_tag) = 16),
  proposal      jsonb NOT NULL,
  person_box    bytea,
  master_key_id text,
  proposed_leaf bigint NOT NULL,
  expires_at    timestamptz NOT NULL,
  ended_leaf    bigint
);
GRANT SELECT, INSERT, UPDATE ON bridge.retention_proposal TO bridge_app;
