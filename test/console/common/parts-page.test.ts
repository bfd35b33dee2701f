import { expect, test } from '@jest/globals';
import { showParts } from '../../../src/console/common/parts-page.js';
import { SAMPLES } from '../../../src/console/common/parts-page-samples.js';
import type { Cell, Field, FormPart, Page, Part, TablePart, Tone } from '../../../src/console/frame/parts.js';
import { createConsolePages } from '../../../src/console/frame/render.js';

/** Every kind, so that a new one does not compile before it is listed here, and does not pass before it is shown. */
const KINDS: Record<Part['part'], true> = {
  ...{
    heading: true,
    text: true,
    notice: true,
    facts: true,
    tiles: true,
    table: true,
    chart: true,
    form: true,
  },
  ...{ links: true, steps: true, pager: true, progress: true, code: true, more: true },
};
const FIELDS: Record<Field['kind'], true> = {
  ...{ text: true, date: true, datetime: true, number: true, textarea: true },
  ...{ select: true, radio: true, checkboxes: true, file: true },
};
const TONES: Record<Tone, true> = { good: true, warning: true, problem: true, calm: true };
const CELLS = ['text', 'value', 'href', 'mark', 'code', 'lines', 'button'];

const page = async (): Promise<Page> => {
  const answer = await showParts({} as never);
  if (answer.kind !== 'page') throw new Error('no page');
  return answer.page;
};
const all = (parts: readonly Part[]): readonly Part[] =>
  parts.flatMap((part) => (part.part === 'more' ? [part, ...all(part.parts)] : [part]));
const only = <Kind extends Part['part']>(parts: readonly Part[], kind: Kind) =>
  parts.filter((part): part is Extract<Part, { part: Kind }> => part.part === kind);

function kindsOf(cell: Cell): string[] {
  if (typeof cell === 'string') return ['value'];
  if ('tr' in cell) return ['text'];
  return [
    ...CELLS.filter((name) => name !== 'text' && name in cell),
    ...('lines' in cell ? cell.lines.flatMap(kindsOf) : []),
  ];
}

test('every kind of part stands on the page, under a heading of its name, with a word on when to use it', async () => {
  const { parts } = await page();
  expect([...new Set(all(parts).map(({ part }) => part))].sort()).toEqual(Object.keys(KINDS).sort());
  expect(SAMPLES.map(({ name }) => name).sort()).toEqual(Object.keys(KINDS).sort());
  expect(only(parts, 'heading').map(({ id }) => id)).toEqual(SAMPLES.map(({ name }) => name));
  for (const { name, parts: shown, when } of SAMPLES) {
    expect([name, when.tr.length > 30, when.en.length > 30]).toEqual([name, true, true]);
    if (name !== 'heading') expect([name, shown.some(({ part }) => part === name)]).toEqual([name, true]);
  }
});

test('every kind of field, of cell, of link and of step stands on the page, and every tone wherever there are tones', async () => {
  const parts = all((await page()).parts);
  const forms = only(parts, 'form') as readonly FormPart[];
  expect([...new Set(forms.flatMap(({ fields }) => fields.map(({ kind }) => kind)))].sort()).toEqual(
    Object.keys(FIELDS).sort(),
  );
  expect(forms.some(({ grave }) => grave)).toBe(true);
  expect(forms.some(({ inline, method }) => inline === true && method === 'get')).toBe(true);
  const tables = [
    ...(only(parts, 'table') as readonly TablePart[]),
    ...only(parts, 'chart').map(({ table }) => table),
  ];
  const cells = [
    ...tables.flatMap(({ foot = [], rows }) => [...rows.flat(), ...foot]),
    ...only(parts, 'facts').flatMap(({ rows }) => rows.map(({ value }) => value)),
  ];
  expect([...new Set(cells.flatMap(kindsOf))].sort()).toEqual([...CELLS].sort());
  expect(tables.some(({ rows }) => rows.length === 0)).toBe(true);
  const tones = Object.keys(TONES).sort();
  expect(
    only(parts, 'notice')
      .map(({ tone }) => tone)
      .sort(),
  ).toEqual(tones);
  expect(
    [...new Set(only(parts, 'tiles').flatMap(({ tiles }) => tiles.flatMap(({ tone = [] }) => tone)))].sort(),
  ).toEqual(tones);
  const marks = cells.flatMap((cell) => (typeof cell === 'object' && 'mark' in cell ? [cell.mark] : []));
  expect([...new Set(marks)].sort()).toEqual(tones);
  expect(
    [
      ...new Set(only(parts, 'links').flatMap(({ links }) => links.map(({ kind }) => kind ?? 'plain'))),
    ].sort(),
  ).toEqual(['current', 'main', 'plain', 'second']);
  expect(
    only(parts, 'steps')
      .flatMap(({ steps }) => steps.map(({ state }) => state))
      .sort(),
  ).toEqual(['current', 'done', 'failed', 'todo']);
  expect(only(parts, 'progress').map(({ total }) => total === null)).toEqual([false, true]);
});

test('the whole page with everything that it loads takes under 100 kB, in both languages', async () => {
  const pages = createConsolePages();
  const assets = pages.assets.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  for (const language of ['tr', 'en'] as const) {
    const html = pages.render({
      ...{ page: await page(), person: null, language, csrf: '', path: '/konsol/parcalar', said: null },
      ...{ name: 'parts', code: null, requestId: '00000000-0000-4000-8000-000000000001' },
    });
    expect(Buffer.byteLength(html) + assets).toBeLessThan(100_000);
    expect(html).toContain(`<html lang="${language}">`);
  }
});
