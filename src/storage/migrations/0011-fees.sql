-- The book's sums, tariff, quarters, the Interior Ministry's figures, and what one officer proposes and another decides.

-- What a line lacked: who caused it by unit, and what one unit was. Both stand in the intent.
ALTER TABLE bridge.fee_line ADD COLUMN unit text, ADD COLUMN basis text;
UPDATE bridge.fee_line AS l SET
  unit = CASE
    WHEN d.role = 'directorate' THEN l.ministry || '/' || l.il
    WHEN d.role LIKE 'ministry-%' THEN l.ministry || '/merkez'
    ELSE 'kooperatif' END,
  basis = coalesce(d.basis, 'per-query')
FROM (
  SELECT q.query_id, e.line::jsonb #>> '{data,authority,role}' AS role, e.line::jsonb #>> '{data,price,basis}' AS basis
  FROM bridge.identity_query q LEFT JOIN bridge.entry e ON e.leaf_index = q.intent_leaf) AS d
WHERE d.query_id = l.query_id;
UPDATE bridge.fee_line SET unit = 'kooperatif', basis = 'per-query' WHERE unit IS NULL;
ALTER TABLE bridge.fee_line ALTER COLUMN unit SET NOT NULL, ALTER COLUMN basis SET NOT NULL;
-- The sums are made from lines in the order of the log; statements down to the line go by account and time.
CREATE INDEX fee_line_by_leaf ON bridge.fee_line (outcome_leaf);
CREATE INDEX fee_line_by_time ON bridge.fee_line (account_id, sent_at, query_id);

-- What the stop of a budget is held against, kept with each line: one row for each account and quarter (by time sent).
CREATE TABLE bridge.fee_usage (
  account_id   text NOT NULL,
  quarter      text NOT NULL,
  queries      bigint NOT NULL,
  units        bigint NOT NULL,
  amount_kurus bigint NOT NULL,
  PRIMARY KEY (account_id, quarter)
);
INSERT INTO bridge.fee_usage
  SELECT account_id, quarter, count(*) FILTER (WHERE sent), sum(units), sum(amount_kurus) FROM bridge.fee_line GROUP BY 1, 2;
GRANT SELECT, INSERT, UPDATE ON bridge.fee_usage TO bridge_app;

-- Up to which leaf the sums below reach; `saved_size`: the counts of queries that never left.
CREATE TABLE bridge.fee_fold (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  size       bigint NOT NULL CHECK (size >= 0),
  saved_size bigint NOT NULL CHECK (saved_size >= 0)
);
INSERT INTO bridge.fee_fold (size, saved_size) VALUES (0, 0);
GRANT SELECT, UPDATE ON bridge.fee_fold TO bridge_app;

-- Sums of lines. `quarter` is the one in which they are billed, `day` (Europe/Istanbul) the one on which they were sent.
CREATE TABLE bridge.fee_rollup (
  quarter          text NOT NULL,
  day              date NOT NULL,
  account_id       text NOT NULL,
  fee_class        text NOT NULL,
  client_id        text NOT NULL,
  service          text NOT NULL,
  service_version  text NOT NULL,
  purpose          text NOT NULL,
  ministry         text NOT NULL,
  il               text NOT NULL,
  unit             text NOT NULL,
  result           text NOT NULL,
  basis            text NOT NULL,
  unit_price_kurus integer NOT NULL,
  lines            bigint NOT NULL,
  queries          bigint NOT NULL,
  units            bigint NOT NULL,
  amount_kurus     bigint NOT NULL CHECK (amount_kurus = units * unit_price_kurus),
  PRIMARY KEY (quarter, day, account_id, fee_class, client_id, service, service_version, purpose, ministry, il, unit, result, basis,
    unit_price_kurus)
) WITH (fillfactor = 70);
CREATE INDEX fee_rollup_by_day ON bridge.fee_rollup (day, account_id);
CREATE TABLE bridge.fee_by_cooperative (
  quarter      text NOT NULL,
  day          date NOT NULL,
  account_id   text NOT NULL,
  fee_class    text NOT NULL,
  cooperative  text NOT NULL,
  lines        bigint NOT NULL,
  queries      bigint NOT NULL,
  units        bigint NOT NULL,
  amount_kurus bigint NOT NULL,
  PRIMARY KEY (quarter, account_id, fee_class, cooperative, day)
) WITH (fillfactor = 70);
CREATE INDEX fee_by_cooperative_by_day ON bridge.fee_by_cooperative (day, account_id);
-- `last_leaf`: the outcome of one of the user's queries; its intent holds the number, sealed.
CREATE TABLE bridge.fee_by_actor (
  quarter      text NOT NULL,
  day          date NOT NULL,
  account_id   text NOT NULL,
  fee_class    text NOT NULL,
  actor_tag    bytea NOT NULL,
  last_leaf    bigint NOT NULL,
  lines        bigint NOT NULL,
  queries      bigint NOT NULL,
  units        bigint NOT NULL,
  amount_kurus bigint NOT NULL,
  PRIMARY KEY (quarter, account_id, fee_class, actor_tag, day)
) WITH (fillfactor = 70);
CREATE INDEX fee_by_actor_by_day ON bridge.fee_by_actor (day, account_id);
-- Calls that a check before sending, or a repeated answer, kept from costing anything.
CREATE TABLE bridge.fee_saved (
  day       date NOT NULL,
  client_id text NOT NULL,
  code      text NOT NULL,
  calls     bigint NOT NULL,
  PRIMARY KEY (day, client_id, code)
);
GRANT SELECT, INSERT, UPDATE ON bridge.fee_rollup, bridge.fee_by_cooperative, bridge.fee_by_actor, bridge.fee_saved TO bridge_app;

-- What one officer proposes and another decides. One mechanism; `what` says whose.
CREATE TABLE bridge.proposal (
  proposal_id   uuid PRIMARY KEY,
  what          text NOT NULL,
  subject       text NOT NULL,
  terms         jsonb NOT NULL,
  proposer_tag  bytea NOT NULL CHECK (octet_length(proposer_tag) = 16),
  proposed_at   timestamptz NOT NULL,
  proposed_leaf bigint NOT NULL,
  expires_at    timestamptz NOT NULL,
  decision      text CHECK (decision IN ('approved', 'refused', 'withdrawn', 'expired')),
  ended_leaf    bigint,
  CHECK ((decision IS NULL) = (ended_leaf IS NULL))
);
-- One proposal about one subject at a time.
CREATE UNIQUE INDEX proposal_open ON bridge.proposal (what, subject) WHERE decision IS NULL;
GRANT SELECT, INSERT, UPDATE ON bridge.proposal TO bridge_app;

-- Rows of the tariff that were switched on, from which day; the first two by law, without a decision. `inputs`: how many input data each
-- version of a service takes, as the decision had it: settings that are edited later change no price that it knows.
CREATE TABLE bridge.fee_tariff_switch (
  row_id       text NOT NULL,
  from_day     date NOT NULL,
  amount_kurus integer NOT NULL CHECK (amount_kurus >= 0),
  basis        text NOT NULL CHECK (basis IN ('per-query', 'per-input-datum', 'per-returned-record')),
  service      text,
  gazette      text NOT NULL,
  leaf         bigint,
  inputs       jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(inputs) = 'array'),
  PRIMARY KEY (from_day, row_id)
);
INSERT INTO bridge.fee_tariff_switch VALUES
  ('rg-26296', '2006-09-21', 1, 'per-query', NULL, 'RG 26296', NULL),
  ('rg-27399', '2009-11-07', 2, 'per-query', NULL, 'RG 27399', NULL);
GRANT SELECT, INSERT ON bridge.fee_tariff_switch TO bridge_app;

-- A quarter that somebody has begun to close. Without a row it is open or collecting, as the clock has it.
CREATE TABLE bridge.fee_quarter (
  quarter        text PRIMARY KEY,
  state          text NOT NULL CHECK (state IN ('collecting', 'frozen', 'approved', 'sealed')),
  statement      text,
  statement_hash bytea CHECK (octet_length(statement_hash) = 32),
  frozen_leaf    bigint,
  proposal_id    uuid REFERENCES bridge.proposal,
  approved_leaf  bigint,
  sealed_leaf    bigint,
  CHECK ((state = 'collecting') = (statement IS NULL)),
  CHECK ((statement IS NULL) = (statement_hash IS NULL)),
  CHECK ((statement IS NULL) = (frozen_leaf IS NULL)),
  CHECK ((state IN ('approved', 'sealed')) = (approved_leaf IS NOT NULL)),
  CHECK ((state = 'sealed') = (sealed_leaf IS NOT NULL))
);
GRANT SELECT, INSERT, UPDATE ON bridge.fee_quarter TO bridge_app;
-- What is sealed never changes; what is approved is only sealed.
CREATE FUNCTION bridge.keep_quarter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'sealed' OR NEW.quarter <> OLD.quarter
    OR (OLD.state = 'approved' AND (NEW.state <> 'sealed' OR NEW.statement IS DISTINCT FROM OLD.statement
      OR NEW.statement_hash IS DISTINCT FROM OLD.statement_hash OR NEW.frozen_leaf IS DISTINCT FROM OLD.frozen_leaf
      OR NEW.approved_leaf IS DISTINCT FROM OLD.approved_leaf)) THEN
    RAISE EXCEPTION 'an approved quarter never changes' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_quarter BEFORE UPDATE ON bridge.fee_quarter FOR EACH ROW EXECUTE FUNCTION bridge.keep_quarter();

-- Between these leaves a quarter took no more lines: what was sent in it and ended then is billed in the next one.
CREATE TABLE bridge.fee_freeze (
  quarter       text NOT NULL,
  frozen_leaf   bigint NOT NULL,
  reopened_leaf bigint CHECK (reopened_leaf > frozen_leaf),
  PRIMARY KEY (quarter, frozen_leaf)
);
GRANT SELECT, INSERT, UPDATE ON bridge.fee_freeze TO bridge_app;

CREATE FUNCTION bridge.next_quarter(quarter text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE right(quarter, 1) WHEN '4' THEN (left(quarter, 4)::int + 1)::text || '-Q1'
    ELSE left(quarter, 6) || (right(quarter, 1)::int + 1)::text END
$$;
-- In which quarter the line of an outcome at `leaf` is billed, that was sent in `quarter`. Depends on the log alone.
CREATE FUNCTION bridge.billed_quarter(quarter text, leaf bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  q text := quarter;
BEGIN
  FOR i IN 1..400 LOOP
    PERFORM 1 FROM bridge.fee_freeze f
      WHERE f.quarter = q AND f.frozen_leaf < leaf AND (f.reopened_leaf IS NULL OR f.reopened_leaf > leaf);
    IF NOT FOUND THEN RETURN q; END IF;
    q := bridge.next_quarter(q);
  END LOOP;
  RAISE EXCEPTION 'a hundred years of frozen quarters';
END $$;

-- What the Interior Ministry counts and asks for; the last one of a quarter holds, and is what is paid. One that was recorded wrongly is
-- recorded again under its number: a new row.
CREATE TABLE bridge.fee_notice (
  notice_id    uuid PRIMARY KEY,
  account_id   text NOT NULL,
  quarter      text NOT NULL,
  number       text NOT NULL,
  dated        date NOT NULL,
  queries      bigint NOT NULL CHECK (queries >= 0),
  amount_kurus bigint NOT NULL CHECK (amount_kurus >= 0),
  leaf         bigint NOT NULL
);
-- A payment that was recorded wrongly is corrected by another row of its reference, which names it: the one that no row replaces holds. Nothing
-- was paid only where it takes an earlier row back.
CREATE TABLE bridge.fee_payment (
  payment_id   uuid PRIMARY KEY,
  notice_id    uuid NOT NULL REFERENCES bridge.fee_notice,
  reference    text NOT NULL,
  paid_on      date NOT NULL,
  amount_kurus bigint NOT NULL CHECK (amount_kurus >= 0),
  replaces     uuid UNIQUE REFERENCES bridge.fee_payment CHECK (replaces <> payment_id),
  leaf         bigint NOT NULL,
  CHECK (amount_kurus > 0 OR replaces IS NOT NULL)
);
CREATE UNIQUE INDEX fee_payment_first ON bridge.fee_payment (notice_id, reference) WHERE replaces IS NULL;
GRANT SELECT, INSERT ON bridge.fee_notice, bridge.fee_payment TO bridge_app;

-- Their figures as a file brought them, whole or not at all. Days inclusive.
CREATE TABLE bridge.fee_import (
  import_id   uuid PRIMARY KEY,
  account_id  text NOT NULL,
  from_day    date NOT NULL,
  to_day      date NOT NULL CHECK (to_day >= from_day),
  file_sha256 bytea NOT NULL CHECK (octet_length(file_sha256) = 32),
  detail      text NOT NULL CHECK (detail IN ('total', 'day', 'service', 'day-service')),
  imported_at timestamptz NOT NULL,
  leaf        bigint NOT NULL,
  UNIQUE (account_id, file_sha256, from_day, to_day)
);
CREATE TABLE bridge.fee_figure (
  import_id    uuid NOT NULL REFERENCES bridge.fee_import,
  line_no      integer NOT NULL CHECK (line_no > 0),
  day          date,
  service      text,
  queries      bigint NOT NULL CHECK (queries >= 0),
  amount_kurus bigint CHECK (amount_kurus >= 0),
  PRIMARY KEY (import_id, line_no)
);
-- Differences of an import, theirs minus ours. `place` orders them; entries behind one are found by day, service and class.
CREATE TABLE bridge.fee_difference (
  difference_id uuid PRIMARY KEY,
  import_id     uuid NOT NULL REFERENCES bridge.fee_import,
  place         integer NOT NULL,
  class         text NOT NULL CHECK (class IN ('only-with-us', 'only-with-them', 'unknown-outcome', 'tariff-differs', 'day-boundary',
    'rounding')),
  day           date,
  service       text,
  queries       bigint NOT NULL,
  amount_kurus  bigint NOT NULL,
  behind        bigint NOT NULL CHECK (behind >= 0),
  decision      text,
  decided_leaf  bigint,
  UNIQUE (import_id, place),
  CHECK ((decision IS NULL) = (decided_leaf IS NULL))
);
GRANT SELECT, INSERT ON bridge.fee_import, bridge.fee_figure TO bridge_app;
GRANT SELECT, INSERT, UPDATE ON bridge.fee_difference TO bridge_app;

-- An unknown outcome that was settled: what it changes is a new line that names the old one, in a quarter that takes lines.
CREATE TABLE bridge.fee_correction (
  query_id         uuid PRIMARY KEY REFERENCES bridge.fee_line,
  account_id       text NOT NULL,
  fee_class        text NOT NULL,
  quarter          text NOT NULL,
  of_quarter       text NOT NULL,
  of_day           date NOT NULL,
  counted          boolean NOT NULL,
  units            smallint NOT NULL CHECK (units <= 0),
  unit_price_kurus integer NOT NULL,
  amount_kurus     bigint NOT NULL CHECK (amount_kurus = units * unit_price_kurus),
  difference_id    uuid NOT NULL REFERENCES bridge.fee_difference,
  leaf             bigint NOT NULL
);
CREATE INDEX fee_correction_by_quarter ON bridge.fee_correction (quarter, account_id);
GRANT SELECT, INSERT ON bridge.fee_correction TO bridge_app;

-- How far a stop was lifted for the rest of a quarter: to so many percent of the budget; null: altogether.
CREATE TABLE bridge.fee_stop_lift (
  account_id text NOT NULL,
  quarter    text NOT NULL,
  to_percent integer CHECK (to_percent > 0),
  leaf       bigint NOT NULL,
  PRIMARY KEY (account_id, quarter, leaf)
);
GRANT SELECT, INSERT ON bridge.fee_stop_lift TO bridge_app;

-- What was asked of NVİ about an agreement: a further service (ek servis talebi), another address, another user.
CREATE TABLE bridge.fee_agreement_request (
  request_id   uuid PRIMARY KEY,
  account_id   text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('service', 'static-ip', 'administrative-user', 'technical-user', 'renewal')),
  wanted       text NOT NULL,
  document_no  text NOT NULL,
  requested_on date NOT NULL,
  leaf         bigint NOT NULL,
  decision     text CHECK (decision IN ('granted', 'refused')),
  decided_on   date,
  decided_leaf bigint,
  CHECK ((decision IS NULL) = (decided_leaf IS NULL) AND (decision IS NULL) = (decided_on IS NULL))
);
GRANT SELECT, INSERT, UPDATE ON bridge.fee_agreement_request TO bridge_app;
