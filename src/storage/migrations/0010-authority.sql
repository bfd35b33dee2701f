-- Who may act, with its history; what is asked of MERSİS and held back; appointments; events and their delivery.

-- One row: rises with every change of who may act. What is kept in memory is good only while this number was seen a moment ago.
CREATE TABLE bridge.authority_head (
  one           boolean PRIMARY KEY DEFAULT true CHECK (one),
  version       bigint NOT NULL DEFAULT 0,
  -- The version at which roles changed last; cooperatives carry theirs.
  roles_version bigint NOT NULL DEFAULT 0,
  last_event    bigint NOT NULL DEFAULT 0,
  -- Events before this one were purged.
  first_event   bigint NOT NULL DEFAULT 1
);
INSERT INTO bridge.authority_head DEFAULT VALUES;
GRANT SELECT, UPDATE ON bridge.authority_head TO bridge_app;

-- The number behind a tag, sealed under the master key: for those who may be told it.
CREATE TABLE bridge.authority_person (
  person_tag    bytea PRIMARY KEY CHECK (octet_length(person_tag) = 16),
  person_box    bytea NOT NULL,
  master_key_id text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.authority_person TO bridge_app;

ALTER TABLE bridge.authority_cooperative
  ADD COLUMN vkn         text,
  -- [{durum, since}] in the order in which they became known; of those that have begun the last one holds.
  ADD COLUMN statuses    jsonb NOT NULL DEFAULT '[]',
  -- With `birleşme`: whose board acts.
  ADD COLUMN successor   text,
  -- [{decisionNo, decidedOn, from, to}]; `suspended_by` is the number of the one that is open.
  ADD COLUMN suspensions jsonb NOT NULL DEFAULT '[]',
  -- The instant of which the registry's word is; never goes back.
  ADD COLUMN as_of       timestamptz,
  -- `authority_head.version` and entry of the last change; 0 and null where it came before they were kept.
  ADD COLUMN changed_at_version bigint NOT NULL DEFAULT 0,
  ADD COLUMN leaf_index  bigint;
CREATE INDEX authority_cooperative_by_change ON bridge.authority_cooperative (changed_at_version);

ALTER TABLE bridge.authority_seat
  DROP CONSTRAINT authority_seat_role_check,
  ADD CHECK (role IN ('board', 'denetci', 'liquidator', 'trustee', 'appointee', 'legacy-appointee', 'ministry-representative')),
  ADD COLUMN source         text NOT NULL DEFAULT 'registry',
  -- The day on which the registry was first seen not to name it any longer.
  ADD COLUMN gone_on        date,
  ADD COLUMN state          text,
  ADD COLUMN representation text,
  ADD COLUMN gazette        text,
  -- VKN of the legal person that sits there through this representative.
  ADD COLUMN acts_for       text,
  ADD COLUMN appointment_id uuid,
  -- The entry that tells of it as it is now.
  ADD COLUMN leaf_index     bigint,
  -- Whether the feed has said that it is in force.
  ADD COLUMN told           boolean NOT NULL DEFAULT false;
CREATE INDEX authority_seat_by_end ON bridge.authority_seat (ends_on) WHERE told;
CREATE INDEX authority_seat_untold ON bridge.authority_seat (starts_on) WHERE NOT told;
-- The same for roles, of which a ministry representative's has days.
ALTER TABLE bridge.authority_role ADD COLUMN told boolean NOT NULL DEFAULT false;

-- Every version of a cooperative with all its seats: what was known from its entry on, until the next one's. Never changed.
CREATE TABLE bridge.authority_history (
  mersis_no   text NOT NULL,
  leaf_index  bigint NOT NULL,
  version     bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  facts       jsonb NOT NULL,
  PRIMARY KEY (mersis_no, leaf_index)
);
GRANT SELECT, INSERT ON bridge.authority_history TO bridge_app;

-- The feed: numbered without a gap under the lock of authority_head.
CREATE TABLE bridge.authority_event (
  position   bigint PRIMARY KEY,
  at         timestamptz NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('granted', 'lost')),
  person_tag bytea NOT NULL CHECK (octet_length(person_tag) = 16),
  -- Null for roles that rest on no cooperative.
  mersis_no  text,
  -- Seat or role, as entries name it.
  basis      uuid NOT NULL,
  data       jsonb NOT NULL,
  leaf_index bigint NOT NULL
);
CREATE INDEX authority_event_by_time ON bridge.authority_event (at);
GRANT SELECT, INSERT, DELETE ON bridge.authority_event TO bridge_app;

-- What a receiver of webhooks has been queued for, and what is on its way. Delivered ones are deleted.
CREATE TABLE bridge.webhook_receiver (
  client_id text PRIMARY KEY,
  queued_to bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.webhook_receiver TO bridge_app;
CREATE TABLE bridge.webhook_delivery (
  client_id text NOT NULL,
  position  bigint NOT NULL,
  queued_at timestamptz NOT NULL,
  next_at   timestamptz NOT NULL,
  attempts  integer NOT NULL DEFAULT 0,
  problem   text,
  -- Set where it was given up: the dead-letter list.
  dead_at   timestamptz,
  PRIMARY KEY (client_id, position)
);
CREATE INDEX webhook_delivery_due ON bridge.webhook_delivery (client_id, next_at, position) WHERE dead_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.webhook_delivery TO bridge_app;

-- The KOOPBİS yetkilisi (Yönetmelik m.15). applied -> accepted | refused; accepted -> ended.
CREATE TABLE bridge.appointment (
  appointment_id  uuid PRIMARY KEY,
  mersis_no       text NOT NULL REFERENCES bridge.authority_cooperative,
  person_tag      bytea NOT NULL CHECK (octet_length(person_tag) = 16),
  person_box      bytea NOT NULL,
  master_key_id   text NOT NULL,
  applicant_tag   bytea NOT NULL CHECK (octet_length(applicant_tag) = 16),
  -- The seat by which the applicant acted: with it goes the board that decided.
  applicant_seat  uuid NOT NULL,
  state           text NOT NULL DEFAULT 'applied' CHECK (state IN ('applied', 'accepted', 'refused', 'ended')),
  decision_no     text NOT NULL,
  decision_date   date NOT NULL,
  document_sha256 text NOT NULL,
  vkn             text NOT NULL,
  starts_on       date NOT NULL,
  ends_on         date,
  query_id        uuid NOT NULL,
  applied_at      timestamptz NOT NULL,
  applied_leaf    bigint NOT NULL,
  decided_at      timestamptz,
  decided_leaf    bigint,
  seat_id         uuid,
  reason          text
);
CREATE INDEX appointment_by_cooperative ON bridge.appointment (mersis_no);
CREATE INDEX appointment_by_person ON bridge.appointment (person_tag);
GRANT SELECT, INSERT, UPDATE ON bridge.appointment TO bridge_app;

-- What is polled: one row for each cooperative that KOOPBİS knows.
CREATE TABLE bridge.mersis_cooperative (
  mersis_no    text PRIMARY KEY,
  taken_up_at  timestamptz NOT NULL,
  -- The last reading that was taken in or found unchanged.
  read_at      timestamptz,
  due_at       timestamptz NOT NULL,
  -- Somebody waits for it: read before all others.
  wished_at    timestamptz,
  -- When a person with a seat there was last signed in.
  active_at    timestamptz,
  failures     integer NOT NULL DEFAULT 0,
  problem      text
) WITH (fillfactor = 80);
CREATE INDEX mersis_cooperative_due ON bridge.mersis_cooperative (due_at);
CREATE INDEX mersis_cooperative_wished ON bridge.mersis_cooperative (wished_at) WHERE wished_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.mersis_cooperative TO bridge_app;

CREATE TABLE bridge.mersis_run (
  run_id     uuid PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('poll', 'sync')),
  state      text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped', 'released', 'rejected')),
  started_at timestamptz NOT NULL,
  ended_at   timestamptz,
  asked      integer NOT NULL DEFAULT 0,
  changed    integer NOT NULL DEFAULT 0,
  refused    integer NOT NULL DEFAULT 0,
  failed     integer NOT NULL DEFAULT 0,
  losses     integer NOT NULL DEFAULT 0,
  -- Above so many losses it stops.
  loss_limit integer NOT NULL,
  reviewer_tag bytea,
  reviewed_at  timestamptz
);
CREATE UNIQUE INDEX mersis_run_open ON bridge.mersis_run ((true)) WHERE state IN ('running', 'stopped');
GRANT SELECT, INSERT, UPDATE ON bridge.mersis_run TO bridge_app;

-- A loss that waits: for a second reading, or for persons who release it. `digest`: keyed, of all that the reading said; a reading
-- that says something else is another one. What is lost stands as seats and counts, never as numbers.
CREATE TABLE bridge.mersis_held (
  mersis_no    text PRIMARY KEY,
  digest       bytea NOT NULL,
  why          text NOT NULL CHECK (why IN ('empty-board', 'large-loss', 'run-stopped')),
  run_id       uuid,
  seen_at      timestamptz NOT NULL,
  second_after timestamptz NOT NULL,
  -- Seats in force before, and those that the reading takes away and brings.
  held         integer NOT NULL,
  lost         uuid[] NOT NULL,
  gained       integer NOT NULL,
  -- Two persons have let it pass: the next reading that says the same is taken in.
  released_at  timestamptz
);
CREATE INDEX mersis_held_by_run ON bridge.mersis_held (run_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.mersis_held TO bridge_app;

-- Requests of one day (Europe/Istanbul), by all instances together.
CREATE TABLE bridge.mersis_budget (
  day  date PRIMARY KEY,
  used integer NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.mersis_budget TO bridge_app;
