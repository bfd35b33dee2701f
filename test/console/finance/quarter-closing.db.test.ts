import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { decideQuarter } from '../../../src/fees/quarter/decide.js';
import { readClosing } from '../../../src/fees/quarter/read-closing.js';
import { deedPortsOf } from '../../../src/house/deed-ports.js';
import { typed } from '../support/console-desk.js';
import {
  actionsOf,
  BEFORE,
  CLOSABLE,
  errorsOf,
  momentIn,
  partsOf,
  QuarterDesk,
  RUNNING,
  shown,
  tableOf,
  withBirlik,
} from './quarter-desk.js';

const PARAMS = { quarter: CLOSABLE };
const PATH = `/konsol/mali/ceyrek/${CLOSABLE}`;

let quarters: QuarterDesk;
let first: ConsolePerson;
let second: ConsolePerson;

beforeEach(async () => {
  quarters = await QuarterDesk.open();
  first = await quarters.finance(1);
  second = await quarters.finance(2);
  await quarters.book(
    { sentAt: momentIn(CLOSABLE, 500) },
    { sentAt: momentIn(CLOSABLE, 600), unitPriceKurus: 6 },
  );
});
afterEach(() => quarters.close());

const show = (person: ConsolePerson, quarter = CLOSABLE) =>
  quarters.page('quarter', person, { params: { quarter } });
const freeze = (person: ConsolePerson, gerekce = '') =>
  quarters.ask('quarter.freeze', person, { params: PARAMS, fields: typed({ gerekce }) });
const seal = (person: ConsolePerson) => quarters.ask('quarter.seal', person, { params: PARAMS });

/** The decision of the page of decisions. */
async function decide(person: ConsolePerson, decision: 'approved' | 'refused' | 'withdrawn'): Promise<void> {
  const { desk } = quarters;
  const { proposal } = await readClosing(desk.test.db, CLOSABLE, new Date());
  const officer = { ...person.officer, role: 'finance' };
  const order = { quarter: CLOSABLE, proposal: proposal?.id ?? '', decision, reason: 'sınama', officer };
  const tools = {
    ports: deedPortsOf('bridge-1', null, ['finance']),
    settings: { inputs: [], accounts: [], collectHours: 24, holidays: [] },
    proposalHours: 72,
  };
  expect((await decideQuarter(desk.log.appender, tools, order)).kind).toBe('done');
}

/** States of the five steps, and what of closing can be done from here: forms that close, links to a decision. */
function stands(page: Page): { readonly steps: string; readonly next: readonly string[] } {
  const [part] = partsOf(page, 'steps');
  const links = partsOf(page, 'notice').flatMap(({ link }) => (link === undefined ? [] : [link.href]));
  return {
    steps: part?.steps.map(({ state }) => state[0]).join('') ?? '',
    next: [...actionsOf(page), ...links]
      .filter((one) => /\/(dondur|muhurle)$|^\/konsol\/kararlar\//.test(one))
      .map((one) =>
        one
          .replace(/[0-9a-f-]{36}$/, 'ID')
          .split('/')
          .slice(-2)
          .join('/'),
      ),
  };
}
const told = (answer: Answer) => (answer.kind === 'see-other' ? [answer.to, answer.told] : answer.kind);
const WAITS = { next: [] };
const FREEZE = { next: [`${CLOSABLE}/dondur`] };
const DECIDE = { next: ['kararlar/ID'] };
const SEAL = { next: [`${CLOSABLE}/muhurle`] };

describe('each state of a quarter', () => {
  it('shows exactly its next step, from open to sealed', async () => {
    expect(stands(await show(first, RUNNING))).toEqual({ steps: 'ctttt', ...WAITS });
    expect(stands(await show(first))).toEqual({ steps: 'ddctt', ...FREEZE });

    expect(told(await freeze(first, 'üçüncü çeyrek'))).toEqual([PATH, 'proposed']);
    expect(stands(await show(first))).toEqual({ steps: 'dddct', ...DECIDE });
    expect(stands(await show(second))).toEqual({ steps: 'dddct', ...DECIDE });

    await decide(second, 'approved');
    expect(stands(await show(first))).toEqual({ steps: 'ddddc', ...SEAL });

    expect(told(await seal(first))).toEqual([PATH, 'done']);
    expect(stands(await show(second))).toEqual({ steps: 'ddddd', ...WAITS });
    const page = await show(first);
    expect(partsOf(page, 'steps')[0]?.steps.map(({ at }) => at !== undefined)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('tells who froze it to wait, and another one to decide', async () => {
    await freeze(first);
    const texts = async (person: ConsolePerson) =>
      partsOf(await show(person), 'notice').map(({ text }) => shown(text));
    expect(await texts(first)).toEqual([expect.stringContaining('siz dondurdunuz')]);
    expect(await texts(second)).toEqual([expect.stringContaining('sizin kararınızı bekliyor')]);
  });

  it.each(['refused', 'withdrawn'] as const)('asks to freeze it again once it was %s', async (decision) => {
    await freeze(first);
    await decide(decision === 'refused' ? second : first, decision);
    expect(stands(await show(first))).toEqual({ steps: 'ddctt', ...FREEZE });
  });

  it('asks to freeze it again once nobody decided in time, which ends the old proposal', async () => {
    await freeze(first);
    await quarters.desk.sql(`UPDATE bridge.proposal SET expires_at = now() - interval '1 hour'`);
    expect(stands(await show(second))).toEqual({ steps: 'ddctt', ...FREEZE });
    await freeze(second);
    const entries = await quarters.desk.lastEntries(4);
    expect(entries.map(({ kind }) => kind)).toEqual([
      'proposal.ended',
      'fees.quarter-reopened',
      'proposal.made',
      'fees.quarter-frozen',
    ]);
    expect(stands(await show(first))).toEqual({ steps: 'dddct', ...DECIDE });
  });

  it('names the moment from which it can be frozen while late outcomes are collected, and offers nothing before', async () => {
    await quarters.close();
    quarters = await QuarterDesk.open((settings) => {
      withBirlik(settings);
      settings.fees = { collectHours: 720 };
    });
    const officer = await quarters.finance(3);
    const at = new Date(momentIn(RUNNING, 0).getTime() + 3_600_000);
    const page = await quarters.page('quarter', officer, { params: { quarter: BEFORE }, at });
    expect(stands(page)).toEqual({ steps: 'dcttt', ...WAITS });
    expect(partsOf(page, 'notice').map(({ text }) => shown(text))).toEqual([
      expect.stringMatching(/Çeyrek \d{2}\.\d{2}\.\d{4} 00:00 tarihinden sonra dondurulabilir/),
    ]);
  });

  it('says how many queries without an end stand in the way', async () => {
    await quarters.desk.sql(
      `INSERT INTO bridge.identity_query (query_id, client_id, account_id, actor_tag, sent_at, deadline, intent_leaf, guess_key, guess_window)
        VALUES (gen_random_uuid(), 'core', 'birlik', decode(repeat('07', 16), 'hex'), $1, $1, 0, '\\x00', $1)`,
      [momentIn(CLOSABLE, 999)],
    );
    expect(partsOf(await show(first), 'notice').map(({ text }) => shown(text))).toEqual([
      expect.stringContaining('1 sorgu henüz sonuçlanmadı'),
    ]);
    await expect(freeze(first)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});

describe('a step that is repeated', () => {
  it('is refused: frozen twice, sealed before it is approved, sealed twice', async () => {
    await expect(seal(first)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await freeze(first);
    for (const person of [first, second])
      await expect(freeze(person)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(seal(second)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await decide(second, 'approved');
    await seal(second);
    for (const again of [freeze, seal])
      await expect(again(first)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  it('happens once where two officers freeze at the same moment', async () => {
    const results = await Promise.allSettled([freeze(first), freeze(second)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const rows = await quarters.desk.sql(`SELECT 1 FROM bridge.proposal WHERE what = 'fees.quarter'`);
    expect(rows.length).toBe(1);
  });

  it('is refused to whom the role was taken from meanwhile', async () => {
    const call = quarters.desk.call('quarter.freeze', first, {
      params: PARAMS,
      fields: typed({ gerekce: '' }),
    });
    await quarters.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [first.officer.tag]);
    await expect(quarters.handlers['quarter.freeze'](call)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });
});

describe('what the log says of closing', () => {
  it('has who froze it with the note, by the console, and the hash that the page shows', async () => {
    await freeze(first, 'dönem sonu');
    const [made, frozen] = await quarters.desk.lastEntries(2);
    const session = first.session.sessionId;
    expect(made).toMatchObject({
      kind: 'proposal.made',
      data: { reason: 'dönem sonu', subject: CLOSABLE, osUser: null, actor: { session } },
    });
    expect(frozen).toMatchObject({ kind: 'fees.quarter-frozen', data: { osUser: null, quarter: CLOSABLE } });
    const hash = frozen?.data.statementSha256;
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const facts = partsOf(await show(second), 'facts').flatMap(({ rows }) =>
      rows.map(({ value }) => shown(value)),
    );
    expect(facts).toContain(hash);
  });

  it('never has an identity number in the note: it comes back with what is wrong', async () => {
    const answer = await freeze(first, 'TCKN 10000000146 için');
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    expect(errorsOf((answer as { page: Page }).page)).toEqual({
      gerekce: expect.stringContaining('kimlik numarası yazmayın'),
    });
    const long = await freeze(first, 'ş'.repeat(501));
    expect(errorsOf((long as { page: Page }).page)).toEqual({ gerekce: 'En çok 500 karakter yazın.' });
    expect(await quarters.desk.sql('SELECT 1 FROM bridge.fee_quarter')).toEqual([]);
  });
});

describe('a frozen statement', () => {
  it('keeps what it shows while more queries end, and is not shown once somebody changed it', async () => {
    await freeze(first);
    const before = partsOf(await show(first), 'tiles')[0]?.tiles.slice(0, 3);
    await quarters.book({ sentAt: momentIn(CLOSABLE, 700) });
    expect(partsOf(await show(first), 'tiles')[0]?.tiles.slice(0, 3)).toEqual(before);
    await quarters.desk.sql(
      `UPDATE bridge.fee_quarter SET statement = replace(statement, '"units":1', '"units":9')`,
    );
    await expect(show(first)).rejects.toMatchObject({ code: 'LOG_INCONSISTENT' });
    const list = await quarters.page('quarters', first);
    const marks = partsOf(list, 'table')[0]?.rows.map((row) => shown(row[1] ?? ''));
    expect(marks).toEqual(['Açık: çeyrek sürüyor', expect.stringContaining('değiştirilmiş')]);
  });

  it('leaves what ended later to the next quarter, where its line is shown', async () => {
    await freeze(first);
    const [late] = await quarters.book({ sentAt: momentIn(CLOSABLE, 700) });
    const ids = async (quarter: string) =>
      tableOf(
        await quarters.page('quarter.lines', first, { params: { quarter } }),
        'Sorgu satırları',
      ).rows.map((row) => shown(row.at(-1) ?? ''));
    expect(await ids(BEFORE)).toEqual([late]);
    const kept = await ids(CLOSABLE);
    expect(kept).toHaveLength(2);
    expect(kept).not.toContain(late);
  });
});
