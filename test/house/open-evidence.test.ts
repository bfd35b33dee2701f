import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createSigner } from '../../src/audit/note/note.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openEvidence } from '../../src/house/open-evidence.js';
import type { Database } from '../../src/storage/database.js';

const key = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ORIGIN = 'log.example/after';
const active = key();
const earlier = createSigner(ORIGIN, key()).key.text;
const ofTheLogBefore = createSigner('log.example/before', active).key.text;

const config = {
  audit: {
    origin: ORIGIN,
    checkpointKey: { reveal: () => active },
    oldCheckpointKeys: [ofTheLogBefore, earlier],
    checkpointFile: 'nowhere',
    timestamps: { authorities: [], maxClockDifferenceS: 300 },
  },
} as unknown as BridgeConfig;

describe('log.pub of an export, where a log goes on under a new name', () => {
  it('holds keys of this log alone, the active one first: a verifier refuses one of another', async () => {
    const { verifierKeys } = await openEvidence(config, {} as Database);
    expect(verifierKeys).toEqual([createSigner(ORIGIN, active).key.text, earlier]);
  });

  it('while the check of the live database still opens what the log before had signed', async () => {
    const { keys } = await openEvidence(config, {} as Database);
    expect(keys.map(({ text }) => text)).toContain(ofTheLogBefore);
  });
});
