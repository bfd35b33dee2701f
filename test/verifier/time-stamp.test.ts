import { beforeAll, describe, expect, test } from '@jest/globals';
import { verifyFolder } from '../../verifier/node-api.js';
import { type Issued, issue, pemOf, TIME_STAMPING } from './support/authority.js';
import { exportFolder, type House, instant, linesOf, newHouse } from './support/export-folder.js';
import { type Bytes, changed, writeFolder } from './support/folder.js';
import { newSigner } from './support/signer.js';
import { type TokenWish, timeStamp } from './support/token.js';
import { resultOf, verifyBytes, verifyWritten } from './support/verify.js';

let house: House;
let honest: Bytes;
const lines = linesOf(12);
beforeAll(async () => {
  house = await newHouse();
  honest = await exportFolder(house, { lines, first: 0, count: 12 });
});

/** The stamp of the checkpoint, made otherwise than it should be. */
async function stamped(wish: Partial<TokenWish> = {}, data?: Buffer): Promise<Buffer> {
  const note = data ?? (honest.get('timestamps/12.checkpoint') as Buffer);
  const usual = { signer: house.tsa, certificates: [house.tsa], genTime: instant(12) };
  return timeStamp(note, { ...usual, ...wish });
}

/** The verdict with this stamp, and with these certificates trusted. */
async function resultWith(tsr: Uint8Array, ...anchors: readonly Issued[]): Promise<string> {
  const pem = pemOf(...(anchors.length > 0 ? anchors : [house.root]));
  return resultOf(await verifyBytes(changed(honest, { 'timestamps/12.tsr': tsr, 'tsa-ca.pem': pem })));
}

const STAMP = 'timestamp-12';

describe('a time stamp holds', () => {
  test('with its root in the token or without it, and granted with changes', async () => {
    expect(await resultWith(await stamped())).toBe('ok');
    expect(await resultWith(await stamped({ certificates: [house.root, house.tsa] }))).toBe('ok');
    expect(await resultWith(await stamped({ status: 1 }))).toBe('ok');
  });

  test('over an authority in between', async () => {
    const middle = await issue({ name: 'Middle', ca: true, issuer: house.root });
    const tsa = await issue({ name: 'TSA below', issuer: middle, purposes: [TIME_STAMPING] });
    expect(await resultWith(await stamped({ signer: tsa, certificates: [tsa, middle] }))).toBe('ok');
    expect(await resultWith(await stamped({ signer: tsa, certificates: [tsa] }))).toBe(STAMP);
    expect(await resultWith(await stamped({ signer: tsa, certificates: [tsa] }), house.root, middle)).toBe(
      'ok',
    );
    // Trusted alone it ends no chain: nothing would sign its bytes.
    expect(await resultWith(await stamped({ signer: tsa, certificates: [tsa, middle] }), middle)).toBe(STAMP);
  });

  test('where it is a few minutes behind the last entry, and not where it is more', async () => {
    expect(await resultWith(await stamped({ genTime: '2026-11-01T07:55:30.000Z' }))).toBe('ok');
    expect(await resultWith(await stamped({ genTime: '2026-11-01T07:54:30.000Z' }))).toBe(STAMP);
  });
});

describe('a time stamp does not hold', () => {
  test('of another text', async () => {
    expect(await resultWith(await stamped({}, Buffer.from('another note')))).toBe(STAMP);
  });

  test('that was refused', async () => {
    expect(await resultWith(await stamped({ status: 2 }))).toBe(STAMP);
  });

  test('with something behind it, cut off, or no token at all', async () => {
    const tsr = await stamped();
    expect(await resultWith(Buffer.concat([tsr, Buffer.of(0)]))).toBe(STAMP);
    expect(await resultWith(tsr.subarray(0, -1))).toBe(STAMP);
    expect(await resultWith(Buffer.from('<html>503</html>'))).toBe(STAMP);
    expect(await resultWith(Buffer.alloc(0))).toBe(STAMP);
    // Nested without end.
    expect(await resultWith(Buffer.alloc(100_000, 0x30))).toBe(STAMP);
  });

  test('of an authority that does not lead to the trusted root', async () => {
    const stranger = await newHouse();
    const tsr = await stamped({ signer: stranger.tsa, certificates: [stranger.tsa, stranger.root] });
    expect(await resultWith(tsr)).toBe(STAMP);
    expect(await resultWith(tsr, stranger.root)).toBe('ok');
  });

  test('of a root of the same name with another key', async () => {
    const twin = await issue({ name: house.root.name, ca: true });
    expect(await resultWith(await stamped(), twin)).toBe(STAMP);
  });

  test('signed by a certificate for another purpose, for more than one, or not critically for this one', async () => {
    const server = '1.3.6.1.5.5.7.3.1';
    for (const wish of [
      {},
      { purposes: [server] },
      { purposes: [TIME_STAMPING, server] },
      { purposes: [TIME_STAMPING], criticalPurpose: false },
    ]) {
      const signer = await issue({ name: 'Other', issuer: house.root, ...wish });
      expect(await resultWith(await stamped({ signer, certificates: [signer] }))).toBe(STAMP);
    }
  });

  test('of an authority or a root that was not valid at that moment', async () => {
    const late = await issue({
      name: 'Late',
      issuer: house.root,
      purposes: [TIME_STAMPING],
      from: '2026-11-02T00:00:00Z',
    });
    expect(await resultWith(await stamped({ signer: late, certificates: [late] }))).toBe(STAMP);
    const oldRoot = await issue({
      name: 'Old root',
      ca: true,
      from: '2020-01-01T00:00:00Z',
      to: '2026-10-31T00:00:00Z',
    });
    const tsa = await issue({ name: 'Under it', issuer: oldRoot, purposes: [TIME_STAMPING] });
    expect(await resultWith(await stamped({ signer: tsa, certificates: [tsa] }), oldRoot)).toBe(STAMP);
  });

  test('whose issuer is no authority', async () => {
    const person = await issue({ name: 'No CA', issuer: house.root });
    const tsa = await issue({ name: 'Under it', issuer: person, purposes: [TIME_STAMPING] });
    expect(await resultWith(await stamped({ signer: tsa, certificates: [tsa, person] }))).toBe(STAMP);
  });

  test('that names another certificate than the one that signed', async () => {
    expect(await resultWith(await stamped({ named: house.root }))).toBe(STAMP);
  });
});

test('a stamp below the last exported entry alone leaves the rest uncovered', async () => {
  const folder = await exportFolder(house, { lines, first: 2, count: 8, stamped: [6] });
  expect(resultOf(await verifyWritten(folder))).toBe('covered');
});

test.each([2, 11])('a stamp of size %d belongs to no export of entries 2 to 9', async (size) => {
  const folder = await exportFolder(house, { lines, first: 2, count: 8, stamped: [size, 12] });
  expect(resultOf(await verifyWritten(folder))).toBe(`timestamp-${size}`);
});

test('a stamp of a log that was another one is found', async () => {
  const other = await exportFolder(house, { lines: linesOf(12), first: 2, count: 8, stamped: [6, 12] });
  const own = await exportFolder(house, { lines, first: 2, count: 8, stamped: [6, 12] });
  for (const size of [6, 12]) {
    const both = ['checkpoint', 'tsr'].map((end) => `timestamps/${size}.${end}`);
    const mixed = changed(own, Object.fromEntries(both.map((name) => [name, other.get(name) as Buffer])));
    expect(resultOf(await verifyWritten(mixed))).toBe(`timestamp-${size}`);
  }
});

describe('keys from outside the folder', () => {
  const verify = (logKeys: string[], tsaCas: string[]) =>
    verifyFolder(writeFolder(honest), { logKeys, tsaCas });

  test('take the place of the folder’s own', async () => {
    const held = await verify([`${house.signer.vkey}\n`], [pemOf(house.root)]);
    expect(resultOf(held)).toBe('ok');
    expect(held.checks.find((check) => check.name === 'keys')?.en).not.toContain('taken from this folder');
    const other = newSigner(house.signer.origin);
    expect(resultOf(await verify([other.vkey], []))).toBe('checkpoint-signature');
    const stranger = await issue({ name: 'Stranger', ca: true });
    expect(resultOf(await verify([], [pemOf(stranger)]))).toBe(STAMP);
  });

  test('that cannot be read are a failed check', async () => {
    expect(resultOf(await verify(['nonsense'], []))).toBe('keys');
    expect(resultOf(await verify([], ['nonsense']))).toBe('keys');
  });
});
