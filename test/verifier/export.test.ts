import { beforeAll, describe, expect, test } from '@jest/globals';
import { exportFolder, type House, linesOf, newHouse } from './support/export-folder.js';
import type { Bytes } from './support/folder.js';
import { resultOf, verifyBytes, verifyWritten } from './support/verify.js';

let house: House;
let honest: Bytes;
beforeAll(async () => {
  house = await newHouse();
  honest = await exportFolder(house, { lines: linesOf(20), first: 5, count: 10, stamped: [7, 20] });
});

describe('an honest export', () => {
  test('holds', async () => {
    const r = await verifyWritten(honest);
    expect(resultOf(r)).toBe('ok');
    expect(resultOf(await verifyBytes(honest))).toBe('ok');
  });
});
