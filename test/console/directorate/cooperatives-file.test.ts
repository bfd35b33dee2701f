import { describe, expect, it } from '@jest/globals';
import { cooperativesFile } from '../../../src/console/directorate/cooperatives-file.js';
import { typedFilter } from '../../../src/console/directorate/cooperatives-page.js';
import type { AreaPorts } from '../../../src/console/directorate/ports.js';

const PAGE = 50;

/** An area of `pages` pages, and how much of it was asked for. */
function areaOf(pages: number) {
  const asked: (string | null)[] = [];
  const cooperatives: AreaPorts['cooperatives'] = async (_areas, _filter, { after }) => {
    asked.push(after);
    const place = asked.length;
    const numbers = Array.from({ length: PAGE }, (_, i) => String((place - 1) * PAGE + i).padStart(16, '0'));
    const one = {
      ...{ unvan: 'S.S. ÖRNEK', tur: 'Tüketim', il: 'Ankara', ilgiliBakanlik: 'ticaret' as const },
      ...{ durum: 'faal', suspended: false, readAt: new Date(0) },
    };
    const found = numbers.map((mersisNo) => ({ ...one, mersisNo }));
    return { cooperatives: found, next: place < pages ? (numbers.at(-1) ?? null) : null };
  };
  return { asked, ports: { cooperatives, acting: async () => new Map() } };
}

const rowsOf = ({ ports }: ReturnType<typeof areaOf>) =>
  cooperativesFile(
    ports,
    [{ ministry: 'ticaret', il: 'Ankara' }],
    typedFilter(new URLSearchParams()),
    new Date(0),
  ).table.rows as AsyncIterable<unknown>;

describe('the file of an area that is long', () => {
  it('is read page by page behind the last one, to its end', async () => {
    const area = areaOf(40);
    let count = 0;
    for await (const _row of rowsOf(area)) count += 1;
    expect(count).toBe(40 * PAGE);
    expect(area.asked.slice(0, 2)).toEqual([null, String(PAGE - 1).padStart(16, '0')]);
    expect(area.asked).toHaveLength(40);
  });

  it('asks for no page before the rows of the one before are taken', async () => {
    const area = areaOf(1_000);
    let count = 0;
    for await (const _row of rowsOf(area)) {
      count += 1;
      expect(area.asked).toHaveLength(Math.ceil(count / PAGE));
      if (count === 3 * PAGE) break;
    }
    expect(area.asked).toHaveLength(3);
  });
});
