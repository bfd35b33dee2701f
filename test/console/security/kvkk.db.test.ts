import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPublisher } from '../../../src/audit/checkpoint/publisher.js';
import { lastCheckpoint } from '../../../src/audit/checkpoint/store.js';
import { sideTag } from '../../../src/audit/person-keys.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { addDays } from '../../../src/calendar/add-days.js';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page, Part, TablePart } from '../../../src/console/frame/parts.js';
import { createJobs } from '../../../src/console/jobs/jobs.js';
import type { MadeFile } from '../../../src/console/jobs/port.js';
import { createJobRunner } from '../../../src/console/jobs/run-jobs.js';
import { openCases } from '../../../src/house/console/open-cases.js';
import { publisherDepsOf } from '../../../src/house/open-evidence.js';
import { digitsOf, numberOf, personOf } from '../../audit/support/parts.js';
import { pdfLines } from '../../fees/export/support/pdf-text.js';
import { intentDraft } from '../../support/drafts.js';
import { signInForTest } from '../../support/sign-in.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';

const [OFFICER, INSPECTOR, ASKER] = [50, 51, 1];
const TODAY = istanbulDay(new Date());
let desk: ConsoleDesk;
let officer: ConsolePerson;
let session = '';
const started: unknown[] = [];

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  officer = await desk.person(OFFICER, [{ role: 'security-officer' }]);
  const tools = { ...desk.log, log: desk.log.appender, db: desk.test.db };
  const asker = { person: personOf(ASKER), names: { ad: 'Ayşe', soyad: 'Yılmaz' } };
  session = (await signInForTest(tools, asker)).sessionId;
}, 60_000);
afterAll(() => desk.close());

function open(names: 'none' | 'unit' | 'full' = 'unit') {
  const { config, log, test } = desk;
  const jobs = createJobs({
    ...{ db: test.db, masterKeys: log.masterKeys, maxWaiting: 100, keepHours: 1 },
    stillHolds: async () => true,
    now: () => new Date(),
  });
  const published = { publisher: createPublisher(publisherDepsOf(config, test.db)) };
  const kvkk = { ...config.console.kvkk, staffNames: names };
  return openCases(
    desk.parts({
      config: { ...config, console: { ...config.console, kvkk } },
      published: published as never,
      jobs: {
        ...jobs,
        start: async (who, what, order) => {
          started.push({ what, order });
          return jobs.start(who, what, order);
        },
      },
    }),
  );
}

/** The asker looks the citizen `subject` up. */
const ask = (subject: number, changes: object = {}, by = ASKER) =>
  desk.log.appender.submit(
    plainLane,
    intentDraft({ actor: { ...actorOf(), session }, query: randomUUID(), ...changes }, [
      numberOf('actor', by),
      numberOf('subject', subject),
    ]),
  );
const actorOf = () => ({ acr: 'urn:koopbis:acr:two-step', authTime: '2026-05-05T09:00:00.000Z' });

const REQUEST = { person: digitsOf(7), requestNo: '2026/KVKK-12', receivedOn: TODAY, from: '', to: '' };
const answer = (fields: Readonly<Record<string, string>>) =>
  open().handlers['kvkk.answer'](desk.call('kvkk.answer', officer, { fields: typed(fields) }));
const partsOf = <K extends Part['part']>(page: Page, part: K) =>
  page.parts.filter((one): one is Extract<Part, { part: K }> => one.part === part);

/** Runs the work of an answer; the file as it is given out. */
async function make(
  order: object,
  names: 'none' | 'unit' | 'full' = 'unit',
): Promise<{ readonly file: MadeFile; readonly bytes: Buffer; readonly text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'kvkk-'));
  try {
    const kind = open(names).jobKinds?.find(({ what }) => what === 'kvkk-answer');
    const tools = { folder, progress: async () => undefined, stopped: () => false };
    const whole = { person: digitsOf(7), requestNo: '12', receivedOn: TODAY, from: null, to: null, ...order };
    const file = await (kind as NonNullable<typeof kind>).run(whole, officer.officer, tools);
    const bytes = Buffer.isBuffer(file.body) ? file.body : await buffer(file.body as Readable);
    return {
      file,
      bytes,
      text: pdfLines(bytes)
        .map((line) => line.join(' '))
        .join('\n'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the answer to a citizen', () => {
  it('names each look-up about that person and none about another, in words', async () => {
    const { leafIndex } = await ask(7, {
      il: 'İzmir',
      authority: { basis: randomUUID(), role: 'directorate', version: 1 },
    });
    await ask(8, { il: 'Bursa' });
    const { text } = await make({});
    for (const words of [
      desk.config.console.kvkk.sender,
      'Başvuru numarası 12',
      `Cevabın son günü ${addDays(TODAY, 30).split('-').reverse().join('.')} (6698 sayılı Kanun m.13)`,
      'Hakkınızda yapılan sorgu 1',
      'Kooperatif ortağı olarak',
      'henüz sonuç kaydı yok',
      'il müdürlüğü görevlisi',
      '[1] KOOPBİS Yönetmeliği m.9(3)',
    ])
      expect(text).toContain(words);
    expect(text).toMatch(new RegExp(`^${leafIndex} `, 'm'));
    expect(text).toContain('İzmir');
    expect(text).not.toContain('Bursa');
    // Whole sentences go over lines.
    expect(text.replaceAll('\n', ' ')).toContain(
      'otuz (30) ve her hâlde başvuru tarihinden itibaren altmış (60) gün',
    );
  });

  it('holds nobody’s number, in its bytes or its texts', async () => {
    const { bytes, text } = await make({}, 'full');
    for (const n of [7, ASKER, OFFICER]) {
      expect(text).not.toContain(digitsOf(n));
      expect(bytes.includes(digitsOf(n))).toBe(false);
    }
  });

  it('is written down before it is given out, with the hash of the very file', async () => {
    const { bytes, file } = await make({ from: TODAY, to: TODAY });
    expect(file).toMatchObject({ name: `kvkk-cevabi-${TODAY}.pdf`, mediaType: 'application/pdf' });
    const { acr, authTime, sessionId } = officer.officer;
    expect(await desk.lastEntries(1)).toEqual([
      {
        kind: 'kvkk.answered',
        data: {
          actor: { acr, authTime: authTime.toISOString(), session: sessionId },
          dueBy: addDays(TODAY, 30),
          entries: 1,
          from: new Date(`${TODAY}T00:00:00+03:00`).toISOString(),
          instance: desk.config.instance,
          names: 'unit',
          receivedOn: TODAY,
          requestNo: '12',
          sha256: createHash('sha256').update(bytes).digest('hex'),
          to: new Date(`${addDays(TODAY, 1)}T00:00:00+03:00`).toISOString(),
        },
      },
    ]);
    const { tagger } = desk.log;
    const [row] = await desk.sql<{ leaf_index: bigint }>(
      'SELECT leaf_index FROM bridge.log_tag WHERE tag = $1 ORDER BY leaf_index DESC LIMIT 1',
      [sideTag(tagger, 'subject', personOf(7))],
    );
    const [head] = await desk.sql<{ size: bigint }>('SELECT size FROM bridge.log_head');
    expect(row?.leaf_index).toBe((head?.size ?? 0n) - 1n);
  });

  it('shows staff as the settings say: not at all, by role, or by name where it is still kept', async () => {
    await ask(7, { actor: { ...actorOf(), session: randomUUID() } }, 2);
    const none = (await make({}, 'none')).text;
    expect(none).not.toContain('görevlisi,');
    expect(none).not.toContain('Görevli');
    expect(none).not.toContain('Ayşe');
    const unit = (await make({}, 'unit')).text;
    expect(unit).toContain('kooperatif yönetim kurulu');
    expect(unit).not.toContain('Ayşe');
    const full = (await make({}, 'full')).text.replaceAll('\n', ' ');
    expect(full).toContain('Ayşe Yılmaz');
    expect(full).toContain('adı saklanmıyor *** (1)');
  });

  it('leaves out what lies outside the period that was asked for', async () => {
    const { text } = await make({ from: null, to: addDays(TODAY, -1) });
    expect(text).toContain('bulunmamaktadır');
    expect(text).toContain('Hakkınızda yapılan sorgu 0');
  });

  it('says how often officers looked at the person’s entries, apart from the look-ups', async () => {
    const before = /kayıtlara\s+(\d+)\s+kez/.exec((await make({ person: digitsOf(9) })).text)?.[1];
    expect(before).toBe('0');
    await desk.log.appender.submit(plainLane, {
      ...intentDraft({}, []),
      id: randomUUID(),
      kind: 'log.revealed',
      data: {
        actor: { ...actorOf(), session: randomUUID() },
        ...{ entry: randomUUID(), field: 'subject.number', instance: 'test-1', leaf: 0, reason: 'denetim' },
      },
      personal: [numberOf('actor', OFFICER), numberOf('subject', 9)],
    });
    const { text } = await make({ person: digitsOf(9) });
    expect(text).toMatch(/kayıtlara\s+1\s+kez/);
    expect(text).toContain('Hakkınızda yapılan sorgu 0');
  });

  it('proves itself by a checkpoint that covers everything it names', async () => {
    const { text } = await make({});
    const checkpoint = await lastCheckpoint(desk.test.db, desk.config.audit.origin);
    expect(text).toContain(`Kayıt: ${desk.config.audit.origin}`);
    expect(text).toContain(checkpoint?.root.toString('hex'));
  });

  it('is no answer for a number that is none', async () => {
    await expect(make({ person: '12345678901' })).rejects.toMatchObject({ code: 'IDENTITY_NUMBER_INVALID' });
  });
});

describe('the page of KVKK requests', () => {
  it('queues the answer; the number stands in no address and sealed in what waits', async () => {
    const told = await answer(REQUEST);
    expect(told).toMatchObject({ kind: 'see-other', told: 'job-started' });
    expect(JSON.stringify(told)).not.toContain(digitsOf(7));
    expect(started.at(-1)).toEqual({
      what: 'kvkk-answer',
      order: { ...REQUEST, from: null, to: null },
    });
    const rows = await desk.sql<{ box: Buffer }>('SELECT box FROM bridge.console_job');
    expect(rows.length).toBeGreaterThan(0);
    for (const { box } of rows) expect(box.includes(digitsOf(7))).toBe(false);
  });

  it('gives out, as long work, the very file whose hash is in the log', async () => {
    await desk.sql('DELETE FROM bridge.console_job');
    const told = (await answer({ ...REQUEST, requestNo: 'SIRA-1' })) as { to: string };
    const { db } = desk.test;
    const failed: unknown[] = [];
    const tools = {
      ...{ db, masterKeys: desk.log.masterKeys, keepHours: 1, now: () => new Date() },
      stillHolds: async () => true,
    };
    const runner = createJobRunner(
      {
        ...tools,
        ...{ instance: 'test-1', maxFileBytes: 10_000_000, isSound: () => true },
        makeFolder: async () => {
          const path = mkdtempSync(join(tmpdir(), 'kvkk-job-'));
          return { path, remove: async () => rmSync(path, { recursive: true }) };
        },
        failed: (...why) => void failed.push(why),
      },
      open().jobKinds ?? [],
    );
    expect(await runner.runNext()).toBe(true);
    expect(failed).toEqual([]);
    const id = told.to.split('/').at(-1) ?? '';
    const file = await createJobs({ ...tools, maxWaiting: 5 }).file(officer.officer.tag, id);
    const bytes = await buffer(file?.body as Readable);
    const [entry] = await desk.lastEntries(1);
    expect(entry?.data).toMatchObject({
      requestNo: 'SIRA-1',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('comes back field by field where something is wrong, and queues nothing', async () => {
    const before = started.length;
    const cases = [
      [{ person: '' }, ['person']],
      [{ person: digitsOf(7).replace(/.$/, (digit) => String((Number(digit) + 1) % 10)) }, ['person']],
      [{ requestNo: '' }, ['requestNo']],
      [{ requestNo: 'x'.repeat(101) }, ['requestNo']],
      [{ requestNo: `dilekçe ${digitsOf(7)}` }, ['requestNo']],
      [{ receivedOn: addDays(TODAY, 1) }, ['receivedOn']],
      [{ receivedOn: 'dün' }, ['receivedOn']],
      [{ from: '2026-13-01' }, ['from']],
      [{ from: '2026-05-05', to: '2026-05-04' }, ['to']],
    ] as const;
    for (const [change, wrong] of cases) {
      const fields = { ...REQUEST, ...change };
      const told = await answer(fields);
      expect(told).toMatchObject({ kind: 'page', status: 422 });
      const [form] = partsOf(pageOf(told), 'form');
      expect(form?.fields.filter(({ error }) => error !== undefined).map(({ name }) => name)).toEqual(wrong);
      for (const field of form?.fields ?? [])
        expect(field).toMatchObject({ value: fields[field.name as keyof typeof fields] });
    }
    expect(started).toHaveLength(before);
  });

  it('lists the answers with their due days as their entries have them', async () => {
    const received = addDays(TODAY, -35);
    await make({ requestNo: 'GEÇ-1', receivedOn: received });
    await make({ requestNo: '<script>1</script>' });
    await indexUpToHead(desk.test.db);
    const page = pageOf(await open().handlers.kvkk(desk.call('kvkk', officer)));
    const { rows } = partsOf(page, 'table')[0] as TablePart;
    expect(rows[0]?.[0]).toBe('<script>1</script>');
    expect(rows[0]?.[4]).toMatchObject({ mark: 'good', text: { tr: 'Süresinde; son güne 30 gün var' } });
    expect(rows[1]?.[0]).toBe('GEÇ-1');
    expect(rows[1]?.[4]).toMatchObject({ mark: 'problem', text: { tr: '5 gün geç cevaplandı' } });
    expect(rows[1]?.[6]).toMatchObject({ href: expect.stringMatching(/^\/konsol\/guvenlik\/kayit\/\d+$/) });
    const html = desk.html(page, officer);
    expect(html).not.toContain('<script>1');
    expect(html).not.toContain(digitsOf(7));
  });

  it('is for security officers alone', async () => {
    const inspector = await desk.person(INSPECTOR, [{ role: 'log-inspector' }]);
    for (const id of ['kvkk', 'kvkk.answer'] as const)
      expect(() => desk.call(id, inspector)).toThrow('ROLE_REQUIRED');
  });
});
