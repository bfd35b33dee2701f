/** What a folder may hold at most. Beyond it the check fails: a folder must not be able to exhaust who reads it. */
export const LIMITS = {
  /** Ten years of hourly time stamps are 175,200 files. */
  files: 200_000,
  /** A note of our log has some hundred bytes; witnesses may add lines. */
  noteBytes: 64 * 1024,
  /** Tokens carry a few certificates. */
  tokenBytes: 128 * 1024,
  descriptionBytes: 64 * 1024,
  keyFileBytes: 256 * 1024,
  certificates: 64,
  logKeys: 64,
  signatureLines: 64,
  lineBytes: 1024 * 1024,
  /** Two lists of at most 53 hashes. */
  rangeBytes: 16 * 1024,
  proofBytes: 96 * 1024,
  revealedBytes: 1024 * 1024,
  revealedValues: 1000,
  /** Repeats and readings of one query. */
  evidenceEntries: 10_000,
  jsonDepth: 32,
} as const;
