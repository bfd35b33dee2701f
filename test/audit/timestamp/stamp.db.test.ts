import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { StoredCheckpoint } from '../../../src/audit/checkpoint/store.js';
import type { Authority } from '../../../src/audit/timestamp/authorities.js';
import { readCaCertificates } from '../../../src/audit/timestamp/chain.js';
import { createStamper, type StampFailure } from '../../../src/audit/timestamp/stamp.js';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { responseOf } from './support/der.js';
import {
  CA,
  describeWithOpenssl,
  type Party,
  STAMPING,
  UNKNOWN_POLICY,
  Workshop,
} from './support/openssl.js';

describeWithOpenssl('the stamper', () => {
  let test: TestDatabase;
  let shop: Workshop;
  let root: Party;
  let signer: Party;
  let size = 0n;

  beforeAll(async () => {
    test = await createTestDatabase({ migrations: true });
    shop = new Workshop();
    root = shop.issue('Root', { extensions: CA });
    signer = shop.issue('Signer', { extensions: STAMPING, issuer: root });
  });
  afterAll(async () => {
    shop.close();
    await test.drop();
  });

  async function newCheckpoint(): Promise<StoredCheckpoint> {
    size += 1n;
    const note = `ağ ${size}\n`;
    const stored = { origin: 'o', size, root: Buffer.alloc(32), note, signedAt: new Date() };
    await test.db.query({
      text: 'INSERT INTO bridge.log_checkpoint (origin, size, root, note, signed_at) VALUES ($1, $2, $3, $4, $5)',
      values: [stored.origin, size, stored.root, note, stored.signedAt],
    });
    return stored;
  }

  const authority = (
    id: string,
    answer: (request: Buffer, imprint: Buffer) => Buffer,
    policies: readonly string[] = [],
  ): Authority => ({
    id,
    policies,
    ca: readCaCertificates(root.pem),
    client: { ask: async (request, imprint) => answer(request, imprint) },
  });
  const good = (request: Buffer) => shop.reply(request, signer);
  const silent = (): never => {
    throw new BridgeError('TIMESTAMP_UNAVAILABLE', 'silent', { fields: { reason: 'timeout' } });
  };

  function stamperOf(authorities: readonly Authority[]) {
    const seen: { authority: string; reason: StampFailure }[] = [];
    const stamper = createStamper(
      { maxClockDifferenceS: 300 },
      {
        db: test.db,
        authorities,
        now: () => new Date(),
        randomBytes,
        observe: (failure) => seen.push(failure),
      },
    );
    return { stamper, seen };
  }

  const stored = async (of: bigint) =>
    (
      await test.db.query<{ authority: string; response: Buffer }>({
        text: 'SELECT authority, response FROM bridge.log_timestamp WHERE size = $1',
        values: [of],
      })
    ).rows;

  it('asks about nothing but SHA-256 of the bytes of the note, with a fresh nonce each time', async () => {
    const checkpoint = await newCheckpoint();
    const asked: { request: Buffer; imprint: Buffer }[] = [];
    const one = authority('one', (request, imprint) => {
      asked.push({ request, imprint });
      return good(request);
    });
    const { stamper } = stamperOf([one]);
    await stamper.stamp(checkpoint);
    await stamper.stamp(checkpoint);
    const digest = createHash('sha256').update(checkpoint.note, 'utf8').digest();
    expect(asked.map(({ imprint }) => imprint)).toEqual([digest, digest]);
    expect(asked[0]?.request.equals(asked[1]?.request as Buffer)).toBe(false);
    expect(await stored(checkpoint.size)).toHaveLength(1);
  });

  it('stores the whole reply, as it came', async () => {
    const checkpoint = await newCheckpoint();
    let reply: Buffer = Buffer.alloc(0);
    const { stamper, seen } = stamperOf([
      authority('one', (request) => {
        reply = good(request);
        return reply;
      }),
    ]);
    const stamp = await stamper.stamp(checkpoint);
    expect(stamp).toMatchObject({ origin: 'o', size: checkpoint.size, authority: 'one', response: reply });
    expect(await stored(checkpoint.size)).toEqual([{ authority: 'one', response: reply }]);
    expect(Math.abs(stamp.genTime.getTime() - Date.now())).toBeLessThan(300_000);
    expect(seen).toEqual([]);
  });

  it('asks the next one where the first is silent or gives what is no time stamp, and tells of each', async () => {
    const checkpoint = await newCheckpoint();
    const { stamper, seen } = stamperOf([
      authority('silent', silent),
      authority('refusing', () => responseOf(2)),
      authority('other policy', good, [UNKNOWN_POLICY]),
      authority('html', () => Buffer.from('<html>')),
      authority('good', good),
      authority('never asked', silent),
    ]);
    expect((await stamper.stamp(checkpoint)).authority).toBe('good');
    expect(seen).toEqual([
      { authority: 'silent', reason: 'timeout' },
      { authority: 'refusing', reason: 'status-2' },
      { authority: 'other policy', reason: 'status-2' },
      { authority: 'html', reason: 'malformed' },
    ]);
    expect(await stored(checkpoint.size)).toHaveLength(1);
  });

  it('stores nothing and names each reason where none gives one', async () => {
    const checkpoint = await newCheckpoint();
    const old = good(otherRequest());
    const { stamper, seen } = stamperOf([authority('silent', silent), authority('replaying', () => old)]);
    await expect(stamper.stamp(checkpoint)).rejects.toMatchObject({
      code: 'TIMESTAMP_UNAVAILABLE',
      fields: { silent: 'timeout', replaying: 'imprint' },
    });
    expect(seen).toHaveLength(2);
    expect(await stored(checkpoint.size)).toEqual([]);
    await expect(stamperOf([]).stamper.stamp(checkpoint)).rejects.toMatchObject({
      code: 'TIMESTAMP_UNAVAILABLE',
    });
  });

  it('lets a fault of our own through: it is no failure of an authority', async () => {
    const checkpoint = await newCheckpoint();
    const broken = authority('broken', () => {
      throw new TypeError('a bug');
    });
    const { stamper, seen } = stamperOf([broken, authority('good', good)]);
    await expect(stamper.stamp(checkpoint)).rejects.toThrow('a bug');
    expect(seen).toEqual([]);
  });

  /** A request that openssl makes, about something else. */
  function otherRequest(): Buffer {
    const query = shop.write('query', '');
    shop.run('ts', '-query', '-data', root.cert, '-sha256', '-cert', '-out', query);
    return shop.read(query);
  }
});
