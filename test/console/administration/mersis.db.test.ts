import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DecisionDesk } from '../../../src/console/decisions/port.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Part } from '../../../src/console/frame/parts.js';
import { openStaff } from '../../../src/house/console/open-staff.js';
import { digitsOf, personOf } from '../../audit/support/parts.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../../support/authority.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';
import { errorsOf, refusalOf } from './role-desk.js';

const HOSTILE = '<script>alert(1)</script>\u202E=cmd';
const mersisNo = (n: number) => `0${1_000_000_000 + n}00015`;

let desk: ConsoleDesk;
let staff: ReturnType<typeof openStaff>;
let administrator: ConsolePerson;
let officer: ConsolePerson;
let runId: string;
let seen: Date;

/** A run over cooperatives that stands stopped, with what it holds: one seat each. */
beforeEach(async () => {
  desk = await ConsoleDesk.open();
  staff = openStaff(desk.parts());
  administrator = await desk.person(1, [{ role: 'administrator' }]);
  officer = await desk.person(2, [{ role: 'security-officer' }]);
  runId = randomUUID();
  seen = new Date(Date.now() - 60_000);
  await desk.sql(
    `INSERT INTO bridge.mersis_run (run_id, kind, state, started_at, asked, losses, loss_limit) VALUES ($1, 'poll', 'stopped', $2, 90, 3, 2)`,
    [runId, new Date(Date.now() - 3_600_000)],
  );
  for (const n of [0, 1, 2]) await hold(n, seen);
});
afterEach(() => desk?.close());

async function hold(n: number, at: Date, unvan = 'S.S. ÖRNEK'): Promise<void> {
  const { log, test } = desk;
  const reading = cooperativeReading(mersisNo(n), {
    unvan,
    seats: [seatReading(log.tagger, personOf(700 + n))],
  });
  await recordReadings(log.appender, test.db, portsOf(log), [reading], new Date());
  await desk.sql(
    'INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, due_at) VALUES ($1, $2, $3)',
    [mersisNo(n), at, new Date(Date.now() + 86_400_000)],
  );
  await desk.sql(
    `INSERT INTO bridge.mersis_held (mersis_no, digest, why, run_id, seen_at, second_after, held, lost, gained)
     SELECT $1, '\\x00', $2, $3, $4, $4, 1, array_agg(seat_id), 0 FROM bridge.authority_seat WHERE mersis_no = $1`,
    [mersisNo(n), n === 0 ? 'empty-board' : 'run-stopped', runId, at],
  );
}

const page = async (by = administrator, query: Readonly<Record<string, string>> = {}) =>
  pageOf(await staff.handlers.mersis(desk.call('mersis', by, { query })));
const propose = (by: ConsolePerson, more: Readonly<Record<string, string>> = {}) => {
  const fields = typed({
    ...{ tur: runId, goruldu: new Date().toISOString(), karar: 'released', neden: 'MERSİS düzeltmesi' },
    ...more,
  });
  return staff.handlers['mersis.propose'](desk.call('mersis.propose', by, { fields }));
};
const releases = (): DecisionDesk => {
  const found = staff.desks?.find(({ what }) => what === 'mersis.release');
  if (found === undefined) throw new Error('no desk of releases');
  return found;
};
const decide = (by: ConsolePerson, decision: 'approve' | 'refuse' | 'withdraw', id: string) => {
  const role = by === officer ? 'security-officer' : 'administrator';
  const call = desk.call('decision.decide', by, { params: { proposal: id } });
  const acting = { ...call.person, officer: { ...call.person.officer, role } };
  return refusalOf(releases().decide({ ...call, person: acting }, id, decision, 'uygun'));
};
const waitingId = async () => (await releases().waiting(officer))[0]?.id ?? '';
const run = async () =>
  (
    await desk.sql<{ state: string; reviewer: Buffer }>(
      'SELECT state, reviewer_tag AS reviewer FROM bridge.mersis_run',
    )
  )[0];
const held = async () =>
  (
    await desk.sql<{ n: string; passed: boolean }>(
      'SELECT mersis_no AS n, released_at IS NOT NULL AS passed FROM bridge.mersis_held ORDER BY 1',
    )
  ).map(({ n, passed }) => [n, passed]);
const table = (parts: readonly Part[], caption: string) =>
  parts.find((one) => one.part === 'table' && typeof one.caption !== 'string' && one.caption.tr === caption);

describe('the page about MERSİS', () => {
  it('shows what the stopped run holds as the database has it, by reason, by seat and one by one', async () => {
    const { parts } = await page();
    expect(table(parts, 'Nedenlere göre')).toMatchObject({
      rows: [
        [{ tr: 'Kurul boş geldi' }, '1'],
        [{ tr: 'Tur durduktan sonra okundu' }, '2'],
      ],
    });
    expect(table(parts, 'Düşecek görevlere göre')).toMatchObject({
      rows: [[{ tr: 'Yönetim kurulu üyesi' }, '3']],
    });
    const rows = table(parts, 'Kooperatif kooperatif');
    expect(rows?.part === 'table' ? rows.rows.map(([no]) => no) : []).toEqual(
      [0, 1, 2].map((n) => ({ code: mersisNo(n) })),
    );
    const html = desk.html(await page(), administrator);
    for (const n of [700, 701, 702]) expect(html).not.toContain(digitsOf(n));
  });

  it('shows at most fifty cooperatives, and each of them once over its pages', async () => {
    for (let n = 3; n < 58; n += 1) await hold(n, seen);
    const first = await page();
    const pager = first.parts.find((one) => one.part === 'pager');
    expect(pager).toMatchObject({ first: null, next: `/konsol/yonetim/mersis?sonra=${mersisNo(49)}` });
    const second = await page(administrator, { sonra: mersisNo(49) });
    const rows = table(second.parts, 'Kooperatif kooperatif');
    expect(rows?.part === 'table' ? rows.rows.map(([no]) => no) : []).toEqual(
      [50, 51, 52, 53, 54, 55, 56, 57].map((n) => ({ code: mersisNo(n) })),
    );
    expect(second.parts.find((one) => one.part === 'pager')).toMatchObject({ next: null });
  });

  it('shows a hostile title harmlessly, and takes no place that is none of ours', async () => {
    await hold(9, seen, `${HOSTILE}${'x'.repeat(300)}`);
    const html = desk.html(await page(administrator, { sonra: HOSTILE }), administrator);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;');
  });

  it('says that nothing is read where the settings have no MERSİS', async () => {
    expect(JSON.stringify(await page())).toContain('Ayarlarda MERSİS yok');
  });

  it('opens for administrators and security officers alone', async () => {
    const finance = await desk.person(4, [{ role: 'finance' }]);
    expect(() => desk.call('mersis', finance)).toThrow('ROLE_REQUIRED');
    expect(() => desk.call('mersis.propose', finance)).toThrow('ROLE_REQUIRED');
    expect((await page(officer)).parts.length).toBeGreaterThan(0);
  });
});

describe('the release of a stopped run', () => {
  it('is a review and a proposal first: nothing passes by it', async () => {
    expect(await propose(administrator)).toEqual({
      kind: 'see-other',
      to: '/konsol/yonetim/mersis',
      told: 'proposed',
    });
    const [reviewed, made] = await desk.lastEntries(2);
    expect(reviewed).toMatchObject({
      kind: 'mersis.reviewed',
      data: { cooperatives: 3, lost: 3, run: runId, actor: { session: administrator.session.sessionId } },
    });
    expect(made).toMatchObject({
      kind: 'proposal.made',
      data: { what: 'mersis.release', subject: runId, reason: 'MERSİS düzeltmesi', osUser: null },
    });
    expect(await run()).toMatchObject({ state: 'stopped' });
    expect((await held()).every(([, passed]) => passed === false)).toBe(true);
    expect(JSON.stringify(await page())).toContain(`/konsol/kararlar/${await waitingId()}`);
  });

  it('passes by the second officer’s approval, in one transaction with its entries; what came after the look is judged anew', async () => {
    await propose(administrator);
    const id = await waitingId();
    await hold(5, new Date(Date.now() + 1000));
    expect(await decide(administrator, 'approve', id)).toBe('SECOND_PERSON_REQUIRED');
    expect(await decide(officer, 'approve', id)).toBe('done');
    const [ended, released] = await desk.lastEntries(2);
    expect(ended).toMatchObject({
      kind: 'proposal.ended',
      data: { proposal: id, decision: 'approved', reason: 'uygun' },
    });
    expect(released).toMatchObject({
      kind: 'mersis.released',
      data: {
        ...{ cooperatives: 3, decision: 'released', run: runId, reason: 'MERSİS düzeltmesi' },
        actor: { session: officer.session.sessionId },
        osUser: expect.any(String),
      },
    });
    expect(await run()).toEqual({ state: 'released', reviewer: administrator.officer.tag });
    expect(await held()).toEqual([0, 1, 2].map((n) => [mersisNo(n), true]));
    const [due] = await desk.sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM bridge.mersis_cooperative WHERE wished_at IS NOT NULL AND due_at <= now()',
    );
    expect(due?.n).toBe(4);
    expect(await decide(officer, 'approve', id)).toBe('STATE_CONFLICT');
  });

  it('is rejected the same way: what the run holds is forgotten and read again', async () => {
    await propose(officer, { karar: 'rejected' });
    expect(await decide(administrator, 'approve', await waitingId())).toBe('done');
    expect(await run()).toEqual({ state: 'rejected', reviewer: officer.officer.tag });
    expect(await held()).toEqual([]);
    expect((await desk.lastEntries(1))[0]).toMatchObject({ data: { decision: 'rejected' } });
  });

  it('is refused where the proposer has lost the role, the terms were changed, or the run was decided on meanwhile', async () => {
    await propose(administrator);
    const id = await waitingId();
    await desk.sql(
      `UPDATE bridge.proposal SET terms = jsonb_set(terms, '{decision}', '"rejected"') WHERE proposal_id = $1`,
      [id],
    );
    expect((await releases().waiting(officer))[0]?.state).toBe('unreadable');
    expect(await decide(officer, 'approve', id)).toBe('STATE_CONFLICT');
    await desk.sql(
      `UPDATE bridge.proposal SET terms = jsonb_set(terms, '{decision}', '"released"') WHERE proposal_id = $1`,
      [id],
    );
    await desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [administrator.officer.tag]);
    expect(await decide(officer, 'approve', id)).toBe('SECOND_PERSON_REQUIRED');
    await desk.person(1, [{ role: 'administrator' }]);
    await desk.sql(`UPDATE bridge.mersis_run SET state = 'rejected', ended_at = now()`);
    expect(await decide(officer, 'approve', id)).toBe('STATE_CONFLICT');
    expect((await held()).every(([, passed]) => passed === false)).toBe(true);
  });

  it('is proposed once at a time, and of a run that stands stopped alone', async () => {
    await propose(administrator);
    expect(await refusalOf(propose(officer))).toBe('STATE_CONFLICT');
    expect(await decide(administrator, 'withdraw', await waitingId())).toBe('done');
    expect(await refusalOf(propose(officer, { tur: randomUUID() }))).toBe('STATE_CONFLICT');
    expect(await refusalOf(propose(officer))).toBe('done');
  });

  it('needs a decision and a reason in clear words; a form that is not ours is refused', async () => {
    const wrong = async (more: Readonly<Record<string, string>>) => {
      const answer = await propose(administrator, more);
      return [answer.kind === 'page' ? answer.status : 0, Object.keys(errorsOf(answer))];
    };
    expect(await wrong({ karar: 'yes' })).toEqual([422, ['karar']]);
    expect(await wrong({ neden: '' })).toEqual([422, ['neden']]);
    expect(await wrong({ neden: digitsOf(3), karar: '' })).toEqual([422, ['karar', 'neden']]);
    expect(await refusalOf(propose(administrator, { tur: HOSTILE }))).toBe('REQUEST_INVALID');
    expect(await refusalOf(propose(administrator, { goruldu: 'dün' }))).toBe('REQUEST_INVALID');
    const html = desk.html(pageOf(await propose(administrator, { neden: `${HOSTILE}\n` })), administrator);
    expect(html).not.toContain('<script>alert');
  });
});
