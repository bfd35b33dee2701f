-- The web console: what a person's pages work with, long work, counts by day, maintenance windows, state of the national systems.

-- What a page works with and must not stand in its address: criteria of a search, an uploaded file before it is taken in. The content is
-- sealed under the master key in the place of its id; it belongs to one session and goes with it.
CREATE TABLE bridge.console_look (
  look_id       uuid PRIMARY KEY,
  session_id    uuid NOT NULL,
  what          text NOT NULL,
  box           bytea NOT NULL,
  master_key_id text NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL
);
CREATE INDEX console_look_by_session ON bridge.console_look (session_id, what, created_at);
CREATE INDEX console_look_by_expiry ON bridge.console_look (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.console_look TO bridge_app;

-- Long work that a person asked for and may come back to: an instance claims it, renews its claim, and leaves the file here in sealed pieces.
CREATE TABLE bridge.console_job (
  job_id        uuid PRIMARY KEY,
  person_tag    bytea NOT NULL CHECK (octet_length(person_tag) = 16),
  session_id    uuid NOT NULL,
  what          text NOT NULL,
  -- What was asked for, by whom, and the key of the file; sealed in the place of the id.
  box           bytea NOT NULL,
  master_key_id text NOT NULL,
  state         text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  done_units    bigint NOT NULL DEFAULT 0,
  total_units   bigint,
  -- A code where it failed; never more.
  code          text,
  file_name     text,
  media_type    text,
  bytes         bigint,
  sha256        text,
  created_at    timestamptz NOT NULL,
  claimed_by    text,
  claimed_until timestamptz,
  -- How often it was begun: work that takes its process down with it is given up.
  runs          integer NOT NULL DEFAULT 0,
  ended_at      timestamptz,
  expires_at    timestamptz NOT NULL
);
CREATE INDEX console_job_by_person ON bridge.console_job (person_tag, created_at DESC);
CREATE INDEX console_job_due ON bridge.console_job (created_at) WHERE state IN ('waiting', 'running');
CREATE INDEX console_job_by_expiry ON bridge.console_job (expires_at);
CREATE TABLE bridge.console_job_piece (
  job_id uuid NOT NULL REFERENCES bridge.console_job ON DELETE CASCADE,
  n      integer NOT NULL CHECK (n >= 0),
  -- Under a key of the file alone, which stands in the box of the job.
  box    bytea NOT NULL,
  PRIMARY KEY (job_id, n)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.console_job, bridge.console_job_piece TO bridge_app;

-- How many entries of each kind and code a day (Europe/Istanbul) has: what a start page shows without reading the log.
CREATE TABLE bridge.log_day (
  day     date NOT NULL,
  kind    text NOT NULL,
  code    text NOT NULL,
  entries bigint NOT NULL,
  PRIMARY KEY (day, kind, code)
) WITH (fillfactor = 70);
CREATE TABLE bridge.log_day_fold (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL CHECK (size >= 0)
);
INSERT INTO bridge.log_day_fold (size) VALUES (0);
GRANT SELECT, INSERT, UPDATE ON bridge.log_day TO bridge_app;
GRANT SELECT, UPDATE ON bridge.log_day_fold TO bridge_app;

-- Times in which a national system is not asked. A window is never changed, only closed.
CREATE TABLE bridge.maintenance_window (
  window_id   uuid PRIMARY KEY,
  system      text NOT NULL CHECK (system IN ('kps', 'mersis')),
  starts_at   timestamptz NOT NULL,
  ends_at     timestamptz NOT NULL CHECK (ends_at > starts_at),
  reason      text NOT NULL,
  opened_leaf bigint NOT NULL,
  closed_at   timestamptz,
  closed_leaf bigint,
  CHECK ((closed_at IS NULL) = (closed_leaf IS NULL))
);
CREATE INDEX maintenance_window_ahead ON bridge.maintenance_window (ends_at) WHERE closed_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON bridge.maintenance_window TO bridge_app;

-- What each instance has last seen of each national system: renewed by the instance itself.
CREATE TABLE bridge.system_state (
  instance      text NOT NULL,
  -- e-devlet, kps:<account>, sts:<account>, mersis, tsa:<authority>
  system        text NOT NULL,
  state         text NOT NULL CHECK (state IN ('up', 'slow', 'failing', 'breaker-open', 'unused')),
  last_ok_at    timestamptz,
  last_fault_at timestamptz,
  fault         text,
  calls         integer NOT NULL,
  faults        integer NOT NULL,
  slowest_ms    integer,
  seen_at       timestamptz NOT NULL,
  PRIMARY KEY (instance, system)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.system_state TO bridge_app;

-- Who is to get a role that two persons grant, until the proposal has ended: numbers of that person and of who proposed, sealed under the
-- master key in the place of the proposal. The proposal's terms hold a salted hash of it; nothing personal outlives the decision.
CREATE TABLE bridge.role_proposal (
  proposal_id   uuid PRIMARY KEY REFERENCES bridge.proposal,
  box           bytea NOT NULL,
  master_key_id text NOT NULL,
  expires_at    timestamptz NOT NULL
);
CREATE INDEX role_proposal_by_expiry ON bridge.role_proposal (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.role_proposal TO bridge_app;

-- A name as its letters stand in the Turkish alphabet, capitals and small ones alike: for order and beginnings of names, whatever the
-- collation of the database is. Of â, î, û the letter beneath counts.
CREATE FUNCTION bridge.name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(upper(translate(name, 'iıçğöşüâîûÂÎÛ', 'İIÇĞÖŞÜAİUAİU') COLLATE "C"),
    'ABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZ', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`')
$$;
-- Pages of the list of roles, in its order.
CREATE INDEX authority_role_listed ON bridge.authority_role
  (role, coalesce(ministry, ''), (bridge.name_key(coalesce(il, ''))) COLLATE "C", coalesce(mersis_no, ''), role_id);
-- The cooperatives of a directorate, and of a ministry, by name.
CREATE INDEX authority_cooperative_by_area
  ON bridge.authority_cooperative (ilgili_bakanlik, il, (bridge.name_key(unvan)) COLLATE "C", mersis_no);
CREATE INDEX authority_cooperative_by_ministry
  ON bridge.authority_cooperative (ilgili_bakanlik, (bridge.name_key(unvan)) COLLATE "C", mersis_no);
-- Representatives at the assemblies of one cooperative.
CREATE INDEX authority_role_by_cooperative ON bridge.authority_role (mersis_no) WHERE mersis_no IS NOT NULL;
-- Applications that wait, the longest first.
CREATE INDEX appointment_waiting ON bridge.appointment (applied_at, appointment_id) WHERE state = 'applied';

-- What contradicts an appointment (`authority.disagreed`), and what the directorate has decided about it.
CREATE TABLE bridge.appointment_disagreement (
  told_leaf      bigint PRIMARY KEY,
  appointment_id uuid NOT NULL,
  mersis_no      text NOT NULL,
  matter         text NOT NULL,
  told_at        timestamptz NOT NULL,
  decision       text CHECK (decision IN ('appointment-stands', 'board-applies-anew', 'registry-to-be-corrected')),
  settled_at     timestamptz,
  settled_leaf   bigint,
  CHECK ((decision IS NULL) = (settled_leaf IS NULL) AND (decision IS NULL) = (settled_at IS NULL))
);
CREATE INDEX appointment_disagreement_open ON bridge.appointment_disagreement (told_leaf) WHERE decision IS NULL;
CREATE INDEX appointment_disagreement_by_cooperative ON bridge.appointment_disagreement (mersis_no, told_leaf);
GRANT SELECT, INSERT, UPDATE ON bridge.appointment_disagreement TO bridge_app;
-- Those that were told of before they were kept.
INSERT INTO bridge.appointment_disagreement (told_leaf, appointment_id, mersis_no, matter, told_at)
  SELECT e.leaf_index, (e.line::jsonb #>> '{data,appointment}')::uuid, e.line::jsonb #>> '{data,cooperative}',
    e.line::jsonb #>> '{data,matter}', e.at
  FROM bridge.entry e WHERE e.kind = 'authority.disagreed';

-- Holds in the order in which they are shown: standing ones first, the newest first in each.
CREATE INDEX legal_hold_standing ON bridge.legal_hold (placed_leaf) WHERE lifted_leaf IS NULL;
CREATE INDEX legal_hold_lifted ON bridge.legal_hold (placed_leaf) WHERE lifted_leaf IS NOT NULL;

-- Lines behind a difference of the reconciliation: unknown outcomes, and what was sent and not counted, are a few of millions.
CREATE INDEX fee_line_unknown ON bridge.fee_line (account_id, sent_at, query_id) WHERE result = 'unknown';
CREATE INDEX fee_line_uncounted ON bridge.fee_line (account_id, sent_at, query_id) WHERE sent AND units = 0;
