import { describe, expect, it } from '@jest/globals';
import { formatTlogProof } from '../../../src/audit/note/tlog-proof.js';
import { SUMDB } from './support/published-notes.js';

/** c2sp.org/tlog-proof: the example, without its `extra` line and with a whole checkpoint. */
const HASHES = [
  'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=',
  'B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=',
  'EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=',
  'RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=',
  'AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=',
];

describe('a tlog-proof', () => {
  it('has the lines of the published example, then the whole checkpoint', () => {
    const proof = HASHES.map((hash) => Buffer.from(hash, 'base64'));
    expect(formatTlogProof({ leaf: 73894n, proof, checkpoint: SUMDB.note })).toBe(
      `c2sp.org/tlog-proof@v1\nindex 73894\n${HASHES.join('\n')}\n\n${SUMDB.note}`,
    );
  });

  // transparency-dev/formats, proof/tlog_proof_test.go (TestMarshal, "proof with empty hashes").
  it('of the only leaf has no hashes', () => {
    expect(formatTlogProof({ leaf: 0n, proof: [], checkpoint: 'checkpoint\n' })).toBe(
      'c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n',
    );
  });
});
