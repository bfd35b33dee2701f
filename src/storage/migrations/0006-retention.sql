-- Retention: keys that were destroyed, legal holds, and what one officer proposed and another must confirm.
-- By the entry that destroyed it first: a key that a backup brought back is destroyed by a second entry.
CREATE TABLE bridge.destroyed_key (
  key_id     uuid PRIMARY KEY,
  year       smallint NOT NULL,
  side       text NOT NULL CHECK (side IN ('actor', 'subject')),
  leaf_index bigint NOT NULL
);
GRANT SELECT, INSERT ON bridge.destroyed_key TO bridge_app;

-- The periodic run takes the keys of a year; everything else finds a key by its person.
CREATE INDEX person_key_by_year ON bridge.person_key (year, side, key_id);

-- Keys under which the log says who destroyed: records of destruction are kept for three years, whatever the term.
CREATE TABLE bridge.destruction_officer (
  tag        bytea NOT NULL CHECK (octet_length(tag) = 16),
  year       smallint NOT NULL,
  kept_until date NOT NULL,
  PRIMARY KEY (tag, year)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.destruction_officer TO bridge_app;

-- A hold that was lifted keeps no tag: nothing that leads to the person is left but what the entries hold.
CREATE TABLE bridge.legal_hold (
  hold_id     uuid PRIMARY KEY,
  actor_tag   bytea CHECK (octet_length(actor_tag) = 16),
  subject_tag bytea CHECK (octet_length(subject_tag) = 16),
  year_from   smallint NOT NULL,
  year_to     smallint NOT NULL CHECK (year_to >= year_from),
  document    jsonb NOT NULL,
  placed_leaf bigint NOT NULL,
  lifted_leaf bigint,
  CHECK ((lifted_leaf IS NULL) = (actor_tag IS NOT NULL AND subject_tag IS NOT NULL))
);
GRANT SELECT, INSERT, UPDATE ON bridge.legal_hold TO bridge_app;

-- The box holds the numbers of the person concerned and of the proposer; it is emptied when the proposal ends.
CREATE TABLE bridge.retention_proposal (
  proposal_id   uuid PRIMARY KEY,
  what          text NOT NULL CHECK (what IN ('destroy', 'lift-hold', 'shorter-term')),
  proposer_tag  bytea CHECK (octet_length(proposer_tag) = 16),
  proposal      jsonb NOT NULL,
  person_box    bytea,
  master_key_id text,
  proposed_leaf bigint NOT NULL,
  expires_at    timestamptz NOT NULL,
  ended_leaf    bigint,
  CHECK ((ended_leaf IS NULL) = (proposer_tag IS NOT NULL AND person_box IS NOT NULL AND master_key_id IS NOT NULL))
);
GRANT SELECT, INSERT, UPDATE ON bridge.retention_proposal TO bridge_app;
