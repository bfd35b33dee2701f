import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { openCheckpoint } from '../../../src/audit/note/checkpoint.js';
import { parseVerifierKey } from '../../../src/audit/note/note.js';
import { readCaCertificates } from '../../../src/audit/timestamp/chain.js';
import { checkResponse } from '../../../src/audit/timestamp/check-response.js';
import { describeWithOpenssl, Workshop } from './support/openssl.js';

interface Vector {
  readonly verifierKey: string;
  readonly checkpoint: string;
  readonly imprint: string;
  readonly nonce: string;
  readonly response: string;
  readonly ca: string;
  readonly genTime: string;
  readonly serial: string;
  readonly policy: string;
}

const text = readFileSync(new URL('../../../docs/vectors/timestamp.json', import.meta.url), 'utf8');
const vector = JSON.parse(text) as Vector;
const response = Buffer.from(vector.response, 'base64');

describe('the published time stamp', () => {
  it('is one of the published checkpoint, by our check', async () => {
    const imprint = createHash('sha256').update(vector.checkpoint, 'utf8').digest();
    expect(imprint.toString('hex')).toBe(vector.imprint);
    const checked = await checkResponse(response, {
      imprint,
      nonce: Buffer.from(vector.nonce, 'hex'),
      policies: [vector.policy],
      ca: readCaCertificates(vector.ca),
      clock: { now: new Date(vector.genTime), maxDifferenceS: 0 },
    });
    expect(checked).toEqual({
      genTime: new Date(vector.genTime),
      serial: vector.serial,
      policy: vector.policy,
    });
    const origin = 'audit.example.gov.tr/log';
    expect(openCheckpoint(vector.checkpoint, origin, [parseVerifierKey(vector.verifierKey)]).size).toBe(1n);
  });

  it('holds no private key', () => {
    expect(text).not.toMatch(/PRIVATE/);
  });
});

describeWithOpenssl('the published time stamp, by openssl', () => {
  it('is one of the published checkpoint, and of no other bytes', () => {
    const shop = new Workshop();
    try {
      const verify = (data: string) =>
        shop.run(
          ...[
            'ts',
            '-verify',
            '-in',
            shop.write('1.tsr', response),
            '-CAfile',
            shop.write('ca.pem', vector.ca),
          ],
          ...['-data', shop.write('1.checkpoint', data)],
        );
      expect(() => verify(vector.checkpoint)).not.toThrow();
      expect(() => verify(`${vector.checkpoint}\n`)).toThrow(/message imprint mismatch/);
    } finally {
      shop.close();
    }
  });
});
