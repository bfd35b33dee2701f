import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { periodHolds } from '../../../src/audit/export/write-export.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import { jobFailure } from '../../../src/console/common/jobs-words.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page, Part } from '../../../src/console/frame/parts.js';
import { Refusal } from '../../../src/errors/refusal.js';
import { openCases } from '../../../src/house/console/open-cases.js';
import { digitsOf, numberOf } from '../../audit/support/parts.js';
import { intentDraft } from '../../support/drafts.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';

const JOB = randomUUID();
const TODAY = istanbulDay(new Date());
/** As people write a day. */
const dayWords = (day: string) => day.split('-').reverse().join('.');
/** Whether too much work of the person waits. */
let isFull = false;
let desk: ConsoleDesk;
let officer: ConsolePerson;
let inspector: ConsolePerson;
let handlers: ReturnType<typeof openCases>['handlers'];
const started: unknown[] = [];
const query = randomUUID();

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  officer = await desk.person(50, [{ role: 'security-officer' }]);
  inspector = await desk.person(51, [{ role: 'log-inspector' }]);
  const start = async (_who: unknown, what: string, order: unknown) => {
    if (isFull) throw new Refusal('RATE_LIMITED', { reason: 'jobs-waiting' });
    started.push({ what, order });
    return JOB;
  };
  ({ handlers } = openCases(desk.parts({ jobs: { start } as never })));
  await desk.log.appender.submit(
    plainLane,
    intentDraft({ query }, [numberOf('actor', 1), numberOf('subject', 2)]),
  );
  await indexUpToHead(desk.test.db);
}, 60_000);
afterAll(() => desk.close());

const BASIS = {
  authority: 'Ankara C. Başsavcılığı',
  documentNo: '2026/77',
  date: '2026-05-04',
  reason: 'Soruşturma dosyası',
};
type Fields = Readonly<Record<string, string>>;
const make = (fields: Fields, who = officer) => {
  const call = desk.call('export.make', who, { fields: typed(fields) });
  return handlers['export.make'](call).then((answer) => ({ answer, requestId: call.requestId }));
};
const evidence = (fields: Fields, id: string = query) =>
  handlers['evidence.make'](
    desk.call('evidence.make', officer, { params: { query: id }, fields: typed(fields) }),
  );
const formOf = (page: Page) =>
  page.parts.find((one): one is Extract<Part, { part: 'form' }> => one.part === 'form');
/** Names of the fields that are wrong; each field holds what was typed. */
function wrongOf(answer: Answer, fields: Fields): readonly string[] {
  expect(answer).toMatchObject({ kind: 'page', status: 422 });
  const form = formOf(pageOf(answer));
  for (const field of form?.fields ?? []) expect(field).toMatchObject({ value: fields[field.name] ?? '' });
  return (form?.fields ?? []).filter(({ error }) => error !== undefined).map(({ name }) => name);
}
const GOES_ON = { kind: 'see-other', to: `/konsol/isler/${JOB}`, told: 'job-started' };
const WRONG_BASIS: readonly (readonly [Fields, readonly string[]])[] = [
  [{ authority: '' }, ['authority']],
  [{ authority: 'x'.repeat(201) }, ['authority']],
  [{ documentNo: `no ${digitsOf(3)}` }, ['documentNo']],
  [{ date: '2999-01-01' }, ['date']],
  [{ date: '31.02.2026' }, ['date']],
  [{ reason: '' }, ['reason']],
  [{ reason: 'x'.repeat(501) }, ['reason']],
  [{ reason: `TC ${digitsOf(3)}` }, ['reason']],
];

describe('an export in the console', () => {
  it('is queued with its days, and why it is made is an entry before it is begun', async () => {
    const { answer, requestId } = await make({ from: '2026-05-01', to: dayWords(TODAY), ...BASIS });
    expect(answer).toEqual(GOES_ON);
    expect(started.at(-1)).toEqual({ what: 'log-export', order: { from: '2026-05-01', to: TODAY } });
    const { acr, authTime, sessionId: session } = officer.officer;
    const { reason, ...basis } = BASIS;
    expect(await desk.lastEntries(1)).toEqual([
      {
        kind: 'log.export-asked',
        data: {
          actor: { acr, authTime: authTime.toISOString(), session },
          basis,
          from: '2026-04-30T21:00:00.000Z',
          instance: desk.config.instance,
          reason,
          requestId,
          to: `${TODAY}T21:00:00.000Z`,
        },
      },
    ]);
  });

  it('of everything has no days', async () => {
    expect((await make({ from: '', to: '', ...BASIS }, inspector)).answer).toEqual(GOES_ON);
    expect(started.at(-1)).toEqual({ what: 'log-export', order: { from: null, to: null } });
    expect(await desk.lastEntries(1)).toMatchObject([{ data: { from: null, to: null } }]);
  });

  it('with a wrong field comes back with what was typed and what is wrong; nothing is queued or written', async () => {
    const before = [started.length, await desk.lastEntries(1)];
    const cases = [
      ...WRONG_BASIS,
      [{ from: '2026-13-01' }, ['from']],
      [{ to: '2999-01-01' }, ['to']],
      [{ from: '2026-05-02', to: '2026-05-01' }, ['to']],
    ] as const;
    for (const [change, wrong] of cases) {
      const fields = { from: '', to: '', ...BASIS, ...change };
      expect(wrongOf((await make(fields)).answer, fields)).toEqual(wrong);
    }
    expect([started.length, await desk.lastEntries(1)]).toEqual(before);
  });

  it('of a period without entries is refused beside its day; nothing is queued or written', async () => {
    const before = [started.length, await desk.lastEntries(1)];
    for (const days of [
      { from: '2001-01-06', to: '2001-01-07' },
      { from: '', to: '2001-01-07' },
    ]) {
      const fields = { ...BASIS, ...days };
      const { answer } = await make(fields);
      expect(wrongOf(answer, fields)).toEqual(['to']);
      expect(desk.html(pageOf(answer), officer)).toContain('Bu dönemde kayıt yok.');
    }
    expect([started.length, await desk.lastEntries(1)]).toEqual(before);
  });

  it('knows of a period that is over whether an entry stands in it, and a job that found none says so', async () => {
    const [first] = await desk.sql<{ at: Date }>('SELECT at FROM bridge.entry ORDER BY leaf_index LIMIT 1');
    const at = first?.at.getTime() ?? 0;
    const later = new Date(at + 3_600_000);
    const holds = (from: number, to: number) =>
      periodHolds(desk.test.db, { from: new Date(from), to: new Date(to) }, later);
    expect(await holds(at, at + 1)).toBe(true);
    expect(await holds(at - 1_000, at)).toBe(false);
    expect(jobFailure('WRONG_USE').tr).toContain('İstenen dönemde kayıt yok');
  });

  it('shows hostile words harmlessly where they come back', async () => {
    const { answer } = await make({ ...BASIS, authority: '"><script>x</script>\u202e', reason: '' });
    const html = desk.html(pageOf(answer), officer);
    expect(html).not.toContain('<script>x');
    expect(html).toContain('&lt;script&gt;');
  });
});

describe('long work of a person who has too much of it waiting', () => {
  const KVKK = { person: digitsOf(2), requestNo: '2026/5', receivedOn: '2026-05-04', from: '', to: '' };
  const ways: Readonly<Record<string, readonly [Fields, (fields: Fields) => Promise<Answer>]>> = {
    export: [{ from: '', to: '', ...BASIS }, async (fields) => (await make(fields)).answer],
    evidence: [{ ...BASIS, reveal: 'evet' }, (fields) => evidence(fields)],
    kvkk: [
      KVKK,
      (fields) => handlers['kvkk.answer'](desk.call('kvkk.answer', officer, { fields: typed(fields) })),
    ],
  };

  it.each(Object.keys(ways))('is not begun: the form of %s says so and keeps what was typed', async (way) => {
    const [fields, send] = ways[way] as (typeof ways)[string];
    isFull = true;
    try {
      const answer = await send(fields);
      expect(answer).toMatchObject({ kind: 'page', status: 429 });
      const page = pageOf(answer);
      expect(page.parts[0]).toMatchObject({ part: 'notice', link: { href: '/konsol/isler' } });
      expect(desk.html(page, officer)).toContain('Bekleyen ve süren işleriniz');
      for (const field of formOf(page)?.fields ?? [])
        expect(field).toMatchObject({ value: fields[field.name] ?? '' });
    } finally {
      isFull = false;
    }
  });
});

describe('evidence in the console', () => {
  it('shows the query’s entries and is queued with basis, reason and whether to open', async () => {
    const page = pageOf(await handlers.evidence(desk.call('evidence', officer, { params: { query } })));
    const [row] = await desk.sql<{ leaf_index: bigint }>(
      'SELECT leaf_index FROM bridge.log_search WHERE query = $1',
      [query],
    );
    expect(desk.html(page, officer)).toContain(`/konsol/guvenlik/kayit/${row?.leaf_index}`);
    const { reason, ...basis } = BASIS;
    for (const [reveal, wanted] of [
      ['hayir', false],
      ['evet', true],
    ] as const) {
      expect(await evidence({ ...BASIS, reveal })).toEqual(GOES_ON);
      expect(started.at(-1)).toEqual({ what: 'evidence', order: { query, basis, reason, reveal: wanted } });
    }
  });

  it('with a wrong field comes back with what was typed and what is wrong; nothing is queued', async () => {
    const before = started.length;
    for (const [change, wrong] of [...WRONG_BASIS, [{ reveal: 'belki' }, ['reveal']]] as const) {
      const fields: Fields = { ...BASIS, reveal: 'hayir', ...change };
      expect(wrongOf(await evidence(fields), fields)).toEqual(wrong);
    }
    expect(started).toHaveLength(before);
  });

  it('of a query that the log does not hold, or of no id, is not found', async () => {
    for (const id of [randomUUID(), 'x', digitsOf(2), "' OR 1=1"])
      await expect(evidence({ ...BASIS, reveal: 'hayir' }, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('and exports are for officers and inspectors of the log alone', async () => {
    const admin = await desk.person(52, [{ role: 'administrator' }, { role: 'finance' }]);
    for (const id of ['export', 'export.make', 'evidence', 'evidence.make'] as const) {
      expect(() => desk.call(id, admin)).toThrow('ROLE_REQUIRED');
      expect(() => desk.call(id, inspector)).not.toThrow();
    }
  });
});
