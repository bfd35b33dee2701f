import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { JobKind } from '../../../src/console/jobs/port.js';
import { openJobs } from '../../../src/house/console/open-jobs.js';
import { openWork } from '../../../src/house/console/open-work.js';
import { partsOf } from '../decisions/support.js';
import { ConsoleDesk, pageOf } from '../support/console-desk.js';
import { bytesOf, JobHouse, kindOf, randomFile } from './support.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const KIND: JobKind = {
  ...kindOf(async () => randomFile(10)),
  name: { tr: 'Çeyrek icmali', en: 'Statement' },
};

let desk: ConsoleDesk;
let house: JobHouse;
let person: ConsolePerson;
let other: ConsolePerson;
let handlers: ReturnType<typeof openWork>['handlers'];
let jobs: ReturnType<typeof openJobs>['jobs'];

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  house = new JobHouse(desk);
  house.at = new Date();
  ({ jobs } = openJobs(desk.parts()));
  handlers = openWork(desk.parts({ jobs }), [], [KIND]).handlers;
  [person, other] = [
    await desk.person(1, [{ role: 'finance' }]),
    await desk.person(2, [{ role: 'finance' }]),
  ];
});
afterAll(async () => {
  await desk.close();
});

const start = () => jobs.start({ ...person.officer, role: 'finance' }, 'statement', { quarter: '2026-Q2' });
const list = async (who = person) => pageOf(await handlers.jobs(desk.call('jobs', who)));
const show = async (job: string, who = person) =>
  pageOf(await handlers.job(desk.call('job', who, { params: { job } })));

describe('the pages of long work', () => {
  it('show a queued job with its progress, its own address to refresh, and how to leave it', async () => {
    const id = await start();
    const page = await show(id);
    expect(partsOf(page.parts, 'progress')).toEqual([
      expect.objectContaining({ done: 0, total: null, refresh: `/konsol/isler/${id}` }),
    ]);
    expect(partsOf(page.parts, 'form').map(({ action }) => action)).toEqual([`/konsol/isler/${id}/iptal`]);
    expect(desk.html(page, person)).toContain('Çeyrek icmali');
    const answer = await handlers['job.cancel'](desk.call('job.cancel', person, { params: { job: id } }));
    expect(answer).toEqual({ kind: 'see-other', to: `/konsol/isler/${id}`, told: 'done' });
    expect(desk.html(await show(id), person)).toContain('İş iptal edildi');
    const again = await handlers['job.cancel'](desk.call('job.cancel', person, { params: { job: id } }));
    expect(again).toEqual({ kind: 'see-other', to: `/konsol/isler/${id}` });
  });

  it('show a finished one with size, hash and the link to its file, which is given out', async () => {
    const id = await start();
    const file = randomFile(1_234_567);
    await house.runner([kindOf(async () => file)]).runNext();
    const page = await show(id);
    const html = desk.html(page, person);
    const { sha256 } = (await jobs.find(person.officer.tag, id)) ?? {};
    for (const text of ['icmal.bin', '1,2 MB', sha256 ?? '?', `href="/konsol/isler/${id}/dosya"`, 'Hazır'])
      expect(html).toContain(text);
    expect(partsOf(page.parts, 'progress')).toEqual([]);
    expect(partsOf(page.parts, 'form')).toEqual([]);
    const answer = await handlers['job.file'](desk.call('job.file', person, { params: { job: id } }));
    if (answer.kind !== 'file') throw new Error('no file');
    expect(answer).toMatchObject({ name: 'icmal.bin', mediaType: 'application/octet-stream' });
    expect((await bytesOf(answer.body as Readable)).equals(file.body)).toBe(true);
  });

  it.each([
    ['FILE_TOO_LARGE', 'Daha kısa bir dönem seçin'],
    ['INTERRUPTED', 'yarıda kesildiği'],
    ['ROLE_REQUIRED', 'göreviniz bulunmuyor'],
    ['NEVER_HEARD_OF', ''],
    ['__proto__', ''],
  ])('say in words why one failed: %s', async (code, says) => {
    const id = await start();
    await desk.sql(
      `UPDATE bridge.console_job SET state = 'failed', code = $2, ended_at = now() WHERE job_id = $1`,
      [id, code],
    );
    const html = desk.html(await show(id), person);
    expect(html).toContain(says);
    expect(html).toContain(code);
    expect(html).not.toContain('/dosya');
  });

  it('list the person’s own, newest first, and never another’s', async () => {
    const [older, newer] = [await start(), await start()];
    const [table] = partsOf((await list()).parts, 'table');
    const ids = table?.rows.map((row) => (row[0] as { href: string }).href.split('/').at(-1));
    expect(ids?.slice(0, 2)).toEqual([newer, older]);
    const [theirs] = partsOf((await list(other)).parts, 'table');
    expect(theirs?.rows).toEqual([]);
    expect(desk.html(await list(other), other)).toContain('Bekleyen ya da hazır bir işiniz yok.');
    for (const id of [older, UNKNOWN, 'x', '']) {
      const at = { params: { job: id } };
      await expect(show(id, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      for (const name of ['job.file', 'job.cancel'] as const)
        await expect(handlers[name](desk.call(name, other, at))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await jobs.find(person.officer.tag, older)).toMatchObject({ state: 'waiting' });
  });

  it('are done by the chores of the house, and nothing is left of the run', async () => {
    await desk.sql('DELETE FROM bridge.console_job');
    const told: unknown[] = [];
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (...all: unknown[]) => told.push(all),
    };
    const parts = openJobs(desk.parts({ told: log as never }));
    let [folder, ran] = ['', 0];
    const stop = parts.startChores([
      kindOf(async (_order, _officer, tools) => {
        [folder, ran] = [tools.folder, ran + 1];
        return randomFile(5);
      }),
      kindOf(async () => {
        throw new Error('broken');
      }, 'evidence'),
    ]);
    try {
      const officer = { ...person.officer, role: 'finance' };
      const ids = [
        await parts.jobs.start(officer, 'statement', {}),
        await parts.jobs.start(officer, 'evidence', {}),
      ];
      const states = async () =>
        Promise.all(ids.map(async (id) => (await parts.jobs.find(officer.tag, id))?.state));
      for (
        let i = 0;
        i < 200 && (await states()).some((state) => state === 'waiting' || state === 'running');
        i += 1
      )
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await states()).toEqual(['done', 'failed']);
    } finally {
      await stop();
    }
    expect(ran).toBe(1);
    expect((await import('node:fs')).existsSync(folder)).toBe(false);
    expect(told).toEqual([
      ['console.job-failed', expect.objectContaining({ kind: 'evidence', code: 'INTERNAL' })],
    ]);
  }, 30_000);
});
