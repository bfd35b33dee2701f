-- Ranges of 2^20 leaves that were detached as sealed exports. Only the owner's role can take a partition away.
CREATE TABLE bridge.log_detached (
  part           bigint PRIMARY KEY,
  entries_sha256 bytea NOT NULL CHECK (octet_length(entries_sha256) = 32),
  detached_leaf  bigint NOT NULL
);
GRANT SELECT ON bridge.log_detached TO bridge_app;
