-- Sign-in: sessions with limits, the OpenID provider's records, the upstream round trip, step-up, notices, staff roles.
ALTER TABLE bridge.sign_in_session
  -- Moves with use, never beyond expires_at. Rows from before have no such limit but their end.
  ADD COLUMN idle_until    timestamptz NOT NULL DEFAULT 'infinity',
  ADD COLUMN opened_at     timestamptz NOT NULL DEFAULT now(),
  -- Names as e-Devlet gave them, sealed under the master key in the place of the session.
  ADD COLUMN profile_box   bytea,
  -- Until when the person counts as stepped up in this session.
  ADD COLUMN step_up_until timestamptz,
  -- Set once the person was told that they have no authority; asked once a session.
  ADD COLUMN told_at       timestamptz;
CREATE INDEX sign_in_session_living ON bridge.sign_in_session (expires_at) WHERE ended_at IS NULL;

-- A token counts as stepped up until its own time, whatever other tokens of the session do.
ALTER TABLE bridge.access_token ADD COLUMN step_up_until timestamptz;
CREATE INDEX access_token_by_session ON bridge.access_token (session_id);
CREATE INDEX access_token_by_expiry ON bridge.access_token (expires_at);

-- Which applications a session was used for; each is told when it ends.
CREATE TABLE bridge.session_client (
  session_id uuid NOT NULL REFERENCES bridge.sign_in_session ON DELETE CASCADE,
  client_id  text NOT NULL,
  sid        text NOT NULL,
  joined_at  timestamptz NOT NULL,
  PRIMARY KEY (session_id, client_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.session_client TO bridge_app;

-- OpenID Connect Back-Channel Logout: written with the end of the session, delivered and tried again by a chore.
CREATE TABLE bridge.back_channel_logout (
  session_id uuid NOT NULL,
  client_id  text NOT NULL,
  sid        text NOT NULL,
  queued_at  timestamptz NOT NULL,
  next_at    timestamptz NOT NULL,
  attempts   integer NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, client_id)
);
CREATE INDEX back_channel_logout_due ON bridge.back_channel_logout (next_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.back_channel_logout TO bridge_app;

-- What the OpenID provider keeps (RFC 6749 codes and tokens, browser sessions, interactions, grants). Ids are SHA-256 of the
-- secret that the browser or client holds; the content is sealed under the master key in the place of model and id.
CREATE TABLE bridge.oidc_record (
  model         text NOT NULL,
  id_hash       bytea NOT NULL CHECK (octet_length(id_hash) = 32),
  box           bytea NOT NULL,
  master_key_id text NOT NULL,
  uid_hash      bytea CHECK (octet_length(uid_hash) = 32),
  grant_hash    bytea CHECK (octet_length(grant_hash) = 32),
  session_id    uuid,
  expires_at    timestamptz NOT NULL,
  consumed_at   timestamptz,
  PRIMARY KEY (model, id_hash)
);
CREATE INDEX oidc_record_by_uid ON bridge.oidc_record (uid_hash) WHERE uid_hash IS NOT NULL;
CREATE INDEX oidc_record_by_grant ON bridge.oidc_record (grant_hash) WHERE grant_hash IS NOT NULL;
CREATE INDEX oidc_record_by_session ON bridge.oidc_record (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX oidc_record_by_expiry ON bridge.oidc_record (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.oidc_record TO bridge_app;

-- One round trip to e-Devlet. `state` is used once, by the browser that started it.
CREATE TABLE bridge.upstream_state (
  state_hash    bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
  browser_hash  bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
  box           bytea NOT NULL,
  master_key_id text NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  used_at       timestamptz
);
CREATE INDEX upstream_state_by_browser ON bridge.upstream_state (browser_hash);
CREATE INDEX upstream_state_by_expiry ON bridge.upstream_state (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.upstream_state TO bridge_app;

-- Keys that sign ID tokens and logout tokens: published before they sign, and for a time after.
CREATE TABLE bridge.sign_in_key (
  kid           text PRIMARY KEY,
  public_jwk    jsonb NOT NULL,
  box           bytea NOT NULL,
  master_key_id text NOT NULL,
  created_at    timestamptz NOT NULL,
  signs_from    timestamptz NOT NULL,
  signs_until   timestamptz NOT NULL,
  gone_at       timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.sign_in_key TO bridge_app;

-- The second step for operations (TOTP, RFC 6238). One for each person; `pending_box` until the first right code.
CREATE TABLE bridge.step_up_device (
  person_tag         bytea PRIMARY KEY CHECK (octet_length(person_tag) = 16),
  box                bytea,
  pending_box        bytea,
  pending_until      timestamptz,
  master_key_id      text NOT NULL,
  enrolled_at        timestamptz,
  -- The last time step whose code was accepted: that code and all before it are worth nothing any more.
  last_step          bigint NOT NULL DEFAULT 0,
  failures           integer NOT NULL DEFAULT 0,
  locked_until       timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.step_up_device TO bridge_app;

CREATE TABLE bridge.step_up_recovery_code (
  person_tag bytea NOT NULL REFERENCES bridge.step_up_device ON DELETE CASCADE,
  code_hash  bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  used_at    timestamptz,
  PRIMARY KEY (person_tag, code_hash)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON bridge.step_up_recovery_code TO bridge_app;

-- Who has read which version of the KVKK notice (aydınlatma metni, 6698 m.10). Information, never consent.
CREATE TABLE bridge.notice_read (
  person_tag bytea NOT NULL CHECK (octet_length(person_tag) = 16),
  version    text NOT NULL,
  read_at    timestamptz NOT NULL,
  PRIMARY KEY (person_tag, version)
);
GRANT SELECT, INSERT ON bridge.notice_read TO bridge_app;

-- Roles by whoever brings them: a registry's reading never takes away what a recorded decision gave. A ministry
-- representative's role stands for one cooperative and the days of one assembly; on `ends_on` it is over.
ALTER TABLE bridge.authority_role
  ADD COLUMN source    text NOT NULL DEFAULT 'registry',
  ADD COLUMN mersis_no text,
  ADD COLUMN starts_on date,
  ADD COLUMN ends_on   date;
