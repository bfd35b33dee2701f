import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evidenceFolder } from './support/evidence-folder.js';
import { exportFolder, type House, linesOf, newHouse } from './support/export-folder.js';
import { type Bytes, changed } from './support/folder.js';
import { resultOf, verifyBytes } from './support/verify.js';

let house: House;
beforeAll(async () => {
  house = await newHouse();
});

/** A log, a range of it, and sizes in it that were stamped. */
const anyExport = fc
  .record({ size: fc.integer({ min: 1, max: 70 }), a: fc.nat(), b: fc.nat(), stamp: fc.nat() })
  .map(({ size, a, b, stamp }) => {
    const [first, end] = [a % (size + 1), b % (size + 1)].sort((x, y) => x - y) as [number, number];
    const inner = end > first ? [first + 1 + (stamp % (end - first))] : [];
    return { lines: linesOf(size), first, count: end - first, stamped: [...new Set([...inner, size])] };
  });

test('an honest export of any range of any log holds', async () => {
  await fc.assert(
    fc.asyncProperty(anyExport, fc.integer({ min: 1, max: 5000 }), async (wish, piece) => {
      expect(resultOf(await verifyBytes(await exportFolder(house, wish), piece))).toBe('ok');
    }),
    { numRuns: 40 },
  );
});

/** Changes one bit of one file. `at` chooses the byte among all bytes of the file. */
function flipped(files: Bytes, name: string, at: number, bit: number): Bytes {
  const bytes = Buffer.from(files.get(name) as Buffer);
  const place = at % bytes.length;
  bytes[place] = (bytes[place] as number) ^ (1 << bit);
  return changed(files, { [name]: bytes });
}

/** What a report claims, without what belongs to keys that nothing rests on. */
async function claims(files: Bytes): Promise<string> {
  return JSON.stringify(await verifyBytes(files, 100_000));
}

/**
 * Signed by nobody: the frame of a token around what is signed in it, and `madeAt`. Flips there are refused or change nothing
 * that the report says.
 */
const FRAMES = /\.tsr$|^evidence\.json$/;

async function refusesEveryFlip(files: Bytes, runs: number): Promise<void> {
  const honest = await claims(files);
  const names = [...files.keys()].filter((name) => (files.get(name) as Buffer).length > 0);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.nat({ max: 7 }), async (name, at, bit) => {
      const tampered = flipped(files, name, at, bit);
      const result = resultOf(await verifyBytes(tampered, 100_000));
      if (FRAMES.test(name) && result === 'ok') expect(await claims(tampered)).toBe(honest);
      else expect([name, result]).not.toEqual([name, 'ok']);
    }),
    { numRuns: runs },
  );
}

describe('no single flipped bit passes', () => {
  test('in any file of an export', async () => {
    const wish = { lines: linesOf(9), first: 3, count: 4, stamped: [5, 9] };
    await refusesEveryFlip(await exportFolder(house, wish), 250);
  });

  test('in any file of an evidence folder', async () => {
    await refusesEveryFlip(await evidenceFolder(house), 250);
  });

  test('in the bytes of the small files, one after the other', async () => {
    const files = await exportFolder(house, { lines: linesOf(9), first: 3, count: 4 });
    for (const name of ['export.json', 'checkpoint', 'log.pub', 'proofs/range.json', 'tsa-ca.pem']) {
      // The longest by far; the properties above choose their places in it freely.
      const step = name === 'tsa-ca.pem' ? 7 : 1;
      for (let at = 0; at < (files.get(name) as Buffer).length; at += step) {
        const result = resultOf(await verifyBytes(flipped(files, name, at, at % 8), 100_000));
        expect([name, at, result]).not.toEqual([name, at, 'ok']);
      }
    }
  });
});
