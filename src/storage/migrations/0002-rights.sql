-- Sign-in state and authority state. Persons stand here by keyed hash, and their number sealed under the master key.
CREATE TABLE bridge.sign_in_session (
  session_id uuid PRIMARY KEY,
  person_tag bytea NOT NULL CHECK (octet_length(person_tag) = 16),
  person_box bytea NOT NULL,
  master_key_id text NOT NULL,
  acr        text NOT NULL,
  auth_time  timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at   timestamptz
);
CREATE INDEX sign_in_session_by_person ON bridge.sign_in_session (person_tag);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.sign_in_session TO bridge_app;

-- Only the hash of a token is kept; the token is bound to one client and one certificate (RFC 8705).
CREATE TABLE bridge.access_token (
  token_hash         bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  session_id         uuid NOT NULL REFERENCES bridge.sign_in_session ON DELETE CASCADE,
  client_id          text NOT NULL,
  certificate_sha256 bytea NOT NULL CHECK (octet_length(certificate_sha256) = 32),
  expires_at         timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.access_token TO bridge_app;

CREATE TABLE bridge.authority_cooperative (
  mersis_no       text PRIMARY KEY,
  unvan           text NOT NULL,
  tur             text NOT NULL,
  kanun           text NOT NULL,
  seviye          text NOT NULL,
  il              text NOT NULL,
  ilgili_bakanlik text NOT NULL CHECK (ilgili_bakanlik IN ('ticaret', 'tarim', 'cevre')),
  durum           text NOT NULL,
  suspended_by    text,
  version         bigint NOT NULL DEFAULT 1,
  read_at         timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON bridge.authority_cooperative TO bridge_app;

-- A seat or appointment at one cooperative. Dates are days in Europe/Istanbul; on `ends_on` the term is over.
CREATE TABLE bridge.authority_seat (
  seat_id       uuid PRIMARY KEY,
  person_tag    bytea NOT NULL CHECK (octet_length(person_tag) = 16),
  mersis_no     text NOT NULL REFERENCES bridge.authority_cooperative,
  role          text NOT NULL CHECK (role IN ('board', 'denetci', 'appointee', 'legacy-appointee', 'ministry-representative')),
  starts_on     date NOT NULL,
  ends_on       date,
  registered_on date
);
CREATE INDEX authority_seat_by_person ON bridge.authority_seat (person_tag, mersis_no);
CREATE INDEX authority_seat_by_cooperative ON bridge.authority_seat (mersis_no);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.authority_seat TO bridge_app;

-- A role that does not rest on one cooperative: directorate and ministry staff, officers.
CREATE TABLE bridge.authority_role (
  role_id    uuid PRIMARY KEY,
  person_tag bytea NOT NULL CHECK (octet_length(person_tag) = 16),
  role       text NOT NULL,
  ministry   text CHECK (ministry IN ('ticaret', 'tarim', 'cevre')),
  il         text
);
CREATE INDEX authority_role_by_person ON bridge.authority_role (person_tag);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.authority_role TO bridge_app;
