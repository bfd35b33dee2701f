import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import { packageRoot } from '../../../src/config/package-root.js';
import type { JobTools } from '../../../src/console/jobs/port.js';
import { createEvidenceJob } from '../../../src/console/security/evidence/evidence-job.js';
import { createExportJob } from '../../../src/console/security/export/export-job.js';
import { evidenceJobPorts, exportJobPorts } from '../../../src/house/console/cases/export-ports.js';
import type { RoomParts } from '../../../src/house/console/parts.js';
import { osUser } from '../../../src/house/os-user.js';
import type { ActingOfficer } from '../../../src/proposals/officer.js';
import { ACR_STEP_UP } from '../../../src/sign-in/access-tokens.js';
import { verifyFolder } from '../../../verifier/node-api.js';
import { type FullHouse, openFullHouse } from '../../audit/check/support/full-house.js';
import { readEntries } from '../../audit/support/log.js';
import { masterKeys, tagger } from '../../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../../config/fixture.js';
import { someone } from '../../verification/support/house.js';
import { digitsOf } from '../../verification/support/parts.js';
import { unzip } from './support/unzip.js';

let full: FullHouse;
let workplace: Workplace;
let parts: RoomParts;
let officer: ActingOfficer;
let day = '';

beforeAll(async () => {
  full = await openFullHouse();
  workplace = await makeWorkplace();
  const config = await workplace.load((settings) => {
    settings.audit.timestamps = { authorities: [] };
  });
  for (let n = 0; n < 5; n += 1) await full.ask(n);
  await full.settle();
  const { db } = full.house.test;
  const log = { appender: full.log, masterKeys, tagger };
  parts = { config, db, log, now: () => full.house.now } as RoomParts;
  const { session } = await full.signIn(someone(9));
  const person = someone(9);
  officer = {
    ...{ sessionId: session, person, tag: tagger.tag('authority', person), acr: ACR_STEP_UP },
    ...{ authTime: full.house.now, role: 'security-officer' },
  };
  day = istanbulDay(full.house.now);
}, 60_000);
afterAll(async () => {
  workplace.remove();
  await full.close();
});

const exportJob = (changes: object = {}) =>
  createExportJob({ ...exportJobPorts(parts), evidence: async () => full.exports, ...changes });
const evidenceJob = () =>
  createEvidenceJob({ ...evidenceJobPorts(parts), evidence: async () => full.exports });

/** A run in a folder of its own, which is gone with it, and what came out. */
async function run(
  kind: ReturnType<typeof createExportJob>,
  order: object,
  changes: Partial<JobTools> = {},
): Promise<{ readonly name: string; readonly names: readonly string[]; readonly folder: string }> {
  const folder = mkdtempSync(join(full.folder, 'job-'));
  const out = mkdtempSync(join(full.folder, 'out-'));
  const tools = { folder, progress: async () => undefined, stopped: () => false, ...changes };
  const made = await kind.run(order as never, officer, tools);
  expect(made.mediaType).toBe('application/zip');
  const names = unzip(await buffer(made.body as Readable), out);
  rmSync(folder, { recursive: true });
  return { name: made.name, names, folder: out };
}

/** Accepted by whoever knows the log's key and the authority from elsewhere. */
async function requireAccepted(folder: string): Promise<void> {
  const known = { logKeys: [full.signer.key.text], tsaCas: [full.exports.tsaCa] };
  const { checks, ok } = await verifyFolder(folder, known);
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
}

const lastEntry = async () => {
  const entry = (await readEntries(full.house.test.db)).at(-1);
  return { kind: entry?.kind, data: checkLine(entry?.line ?? '').data as Record<string, unknown> };
};
const BASIS = {
  basis: { authority: 'Ankara C. Başsavcılığı', documentNo: '2026/1', date: '2026-05-04' },
  reason: 'soruşturma',
};

describe('the export of a period', () => {
  it('is an archive that the offline verifier accepts, with every entry and no value in clear', async () => {
    const told: (readonly [number, number | null])[] = [];
    const order = { from: null, to: null };
    const size = (await readEntries(full.house.test.db)).length;
    const { folder, name, names } = await run(exportJob(), order, {
      progress: async (done, total) => void told.push([done, total]),
    });
    expect(name).toBe('kayitlar-bastan-simdiye.zip');
    expect(names).toContain('entries.ndjson');
    await requireAccepted(folder);
    const lines = readFileSync(join(folder, 'entries.ndjson'), 'utf8');
    expect(lines.trimEnd().split('\n')).toHaveLength(size);
    for (const n of [0, 1, 2]) expect(lines).not.toContain(digitsOf(String(700_000_000 + n)));
    expect(told.at(-1)).toEqual([size, size]);
    expect(await lastEntry()).toEqual({
      kind: 'log.exported',
      data: {
        checkpointSize: size,
        count: size,
        first: 0,
        from: null,
        instance: parts.config.instance,
        osUser: osUser(),
        to: null,
      },
    });
  });

  it('of days holds what was written on them, the last day with them', async () => {
    const { folder, name } = await run(exportJob(), { from: day, to: day });
    expect(name).toBe(`kayitlar-${day}-${day}.zip`);
    await requireAccepted(folder);
    const next = new Date(new Date(`${day}T00:00:00Z`).getTime() + 86_400_000).toISOString().slice(0, 10);
    expect((await lastEntry()).data).toMatchObject({ from: day, to: next });
    await expect(run(exportJob(), { from: '2001-01-01', to: '2001-01-02' })).rejects.toMatchObject({
      code: 'WRONG_USE',
    });
  });

  it('that would be larger than a browser is given is not begun, and one that was stopped ends; neither is an entry', async () => {
    const before = await lastEntry();
    await expect(run(exportJob({ maxFileBytes: 100 }), { from: null, to: null })).rejects.toThrow(
      'FILE_TOO_LARGE',
    );
    await expect(run(exportJob(), { from: null, to: null }, { stopped: () => true })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    expect(await lastEntry()).toEqual(before);
  });

  it('that found the log changed gives nothing out', async () => {
    await full.tamper(
      'UPDATE bridge.entry SET line = replace(line, \'"v":1\', \'"v":2\') WHERE leaf_index = 1',
    );
    await expect(run(exportJob(), { from: null, to: null })).rejects.toMatchObject({
      code: 'LOG_INCONSISTENT',
    });
    await full.tamper(
      'UPDATE bridge.entry SET line = replace(line, \'"v":2\', \'"v":1\') WHERE leaf_index = 1',
    );
  });
});

describe('the evidence of a query', () => {
  const order = async (reveal: boolean) => ({ ...BASIS, query: (await full.queries())[0], reveal });

  it('is an archive that the offline verifier accepts, the verifier in it, its values sealed', async () => {
    const asked = await order(false);
    const { folder, name, names } = await run(evidenceJob(), asked);
    expect(name).toBe(`delil-${asked.query}.zip`);
    expect(names).toEqual(expect.arrayContaining(['verify.html', 'verify.mjs', 'evidence.json']));
    expect(readFileSync(join(folder, 'verify.html'))).toEqual(
      readFileSync(join(packageRoot(), 'dist/verifier/verify.html')),
    );
    await requireAccepted(folder);
    expect(existsSync(join(folder, 'revealed.json'))).toBe(false);
    expect(await lastEntry()).toEqual({
      kind: 'log.evidence',
      data: {
        actor: {
          acr: ACR_STEP_UP,
          authTime: officer.authTime.toISOString(),
          session: officer.sessionId,
        },
        ...BASIS,
        entries: expect.any(Array),
        instance: parts.config.instance,
        query: asked.query,
        revealed: [],
      },
    });
  });

  it('with its values opened says in the log which, before they are given out', async () => {
    const { folder } = await run(evidenceJob(), await order(true));
    await requireAccepted(folder);
    const opened = JSON.parse(readFileSync(join(folder, 'revealed.json'), 'utf8')) as {
      field: string;
      leaf: number;
      text: string;
    }[];
    expect(opened.map(({ text }) => text)).toContain(digitsOf('700000000'));
    const { data } = await lastEntry();
    expect(data.revealed).toEqual(opened.map(({ field, leaf }) => ({ field, leaf })));
  });

  it('whose order is not what was typed is not made', async () => {
    const broken = { ...(await order(false)), basis: { ...BASIS.basis, authority: digitsOf('700000000') } };
    await expect(run(evidenceJob(), broken)).rejects.toThrow();
  });
});
