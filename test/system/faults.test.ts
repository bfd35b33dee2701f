import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FAULTS_OF_ANY, faultOfRow, readFaultsTable } from '../support/faults-table.js';
import { type Sibling, type System, startSystem, type Yaml } from '../support/system.js';
import { Asking, plain } from '../support/system-asking.js';
import { VERIFICATIONS } from '../support/system-call.js';

/** CONTRACT §3, word for word: the kinds of these two beside those of any system. */
const OF = {
  sts: ['bad-password', 'clock-skew'],
  kps: ['invalid-security', 'expired-token', 'wrong-relates-to', 'hata-2', 'hata-8', 'hata-10'],
};

const COLUMNS = [
  'system',
  'kind',
  'given',
  'HTTP',
  'code',
  'reason',
  'seen',
  'units',
  'log',
  'book',
  'key',
] as const;
type Row = Record<(typeof COLUMNS)[number], string>;

const rows = readFaultsTable(COLUMNS);

let system: System;
let asking: Asking;
/** One bridge with a token for all rows of KPS; each row of the STS has a bridge of its own, which has none yet. */
let warm: Sibling;
let sent = 0;

beforeAll(async () => {
  system = await startSystem();
  asking = new Asking(system);
  warm = await system.sibling(impatient);
  expect((await asking.ask({ api: warm.api })).status).toBe(200);
  sent = 1;
});
afterAll(() => system?.stop());

/** Time limits that a test can wait for; both together are longer than the slowest answer in the table, each alone is not. */
function impatient(yaml: Yaml): void {
  Object.assign(yaml.kps, { connectTimeoutMs: 800, timeoutMs: 1500, stsTimeoutMs: 1500 });
  yaml.limits = { queriesPerUserPerMinute: 2000 };
}

describe('the table of docs/faults.md', () => {
  it('has a row for every kind of fault of CONTRACT §3 for STS and KPS, and for no other', () => {
    for (const name of ['sts', 'kps'] as const) {
      const kinds = new Set(rows.filter((row) => row.system === name).map((row) => row.kind));
      expect([...kinds].sort()).toEqual([...FAULTS_OF_ANY, ...OF[name]].sort());
    }
    expect(rows.filter((row) => row.system !== 'sts' && row.system !== 'kps')).toEqual([]);
  });

  it('names the kinds that the running stand-ins know', async () => {
    for (const name of ['sts', 'kps'] as const) {
      const refusal = await system.control
        .fault({ system: name, kind: 'none' })
        .catch((error: Error) => error);
      const known = /kind is not one of (.*)$/.exec(refusal?.message ?? '')?.[1]?.split(', ') ?? [];
      expect(known.sort()).toEqual([...FAULTS_OF_ANY, ...OF[name]].sort());
    }
  });
});

describe.each(rows.map((row, place) => ({ ...row, place })))('$system $kind ($given)', (row) => {
  it(`is ${row.HTTP} ${row.code}, ${row.units} units, ${row.log}, key ${row.key}`, async () => {
    const bridge = row.system === 'sts' ? await system.sibling(impatient) : warm;
    const call = {
      api: bridge.api,
      headers: { 'Idempotency-Key': `fault-${row.place}` },
      about: { subject: plain(asking.people.subject(row.place)) },
    };
    const mark = (await system.control.seen('kps')).length;
    await system.control.fault(faultOfRow(row));
    const answer = await asking.ask(call);
    await system.control.clear();

    // The caller.
    const told = answer.body.code ?? answer.body.outcome;
    expect([answer.status, told, answer.body.reason ?? '-']).toEqual([
      Number(row.HTTP),
      row.code,
      row.reason,
    ]);
    if (row.HTTP === '503') expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);

    // The witness, the log and the book.
    const seen = (await system.control.seen('kps')).slice(mark);
    expect(seen).toHaveLength(Number(row.seen));
    const query = await lastQuery();
    expect({ ...query.entry, messages: query.messages }).toEqual({
      kind: 'query.outcome',
      log: row.log,
      messages: seen.map(({ messageId }) => messageId?.replace('urn:uuid:', '')),
    });
    expect(query.lines).toEqual([{ result: row.book, units: Number(row.units), sent: row.key === 'bound' }]);
    if (row.key === 'bound') expect(answer.body.id).toBe(query.id);
    sent += seen.length;

    await expectKey(row, call, answer);
    if (row.system === 'sts') await bridge.stop();
  });
});

describe('after all rows', () => {
  it('nothing was ever sent again by itself', async () => {
    expect(await system.control.seen('kps')).toHaveLength(sent);
  });

  it('no query is left open', async () => {
    expect(await system.sql(`SELECT query_id FROM bridge.identity_query WHERE state = 'open'`)).toEqual([]);
  });

  it('a refused password is never tried again: the STS sees no further request, KPS none at all', async () => {
    const bridge = await system.sibling(impatient);
    await system.control.fault({ system: 'sts', kind: 'bad-password', count: 1 });
    const { api } = bridge;
    expect((await asking.ask({ api })).body.reason).toBe('password-refused');
    await system.control.clear();
    const before = await seenCounts();
    const answers = await tenAtOnce(api);
    expect(new Set(answers.map(({ body }) => `${body.code} ${body.reason}`))).toEqual(
      new Set(['KPS_UNAVAILABLE breaker-open']),
    );
    expect(await seenCounts()).toEqual(before);
    await bridge.stop();
  });

  it('many at once with a wrong password try it once', async () => {
    const bridge = await system.sibling(impatient);
    const before = await seenCounts();
    await system.control.fault({ system: 'sts', kind: 'bad-password' });
    const answers = await tenAtOnce(bridge.api);
    await system.control.clear();
    expect(answers.map(({ body }) => body.code)).toEqual(answers.map(() => 'KPS_UNAVAILABLE'));
    expect(await seenCounts()).toEqual({ sts: before.sts + 1, kps: before.kps });
    await bridge.stop();
  });

  it('one that stayed unknown is asked anew only by a new call, which names it', async () => {
    await system.control.fault({ system: 'kps', kind: 'truncate', count: 1 });
    const lost = await asking.ask({ api: warm.api });
    expect(lost.status).toBe(504);
    const again = await asking.ask({ api: warm.api, about: { retryOf: lost.body.id } });
    expect(again.status).toBe(200);
    expect(again.body.id).not.toBe(lost.body.id);
    const [row] = await system.sql(
      `SELECT e.line FROM bridge.entry e JOIN bridge.identity_query q ON q.intent_leaf = e.leaf_index WHERE q.query_id = $1`,
      [again.body.id],
    );
    expect(JSON.parse(row.line).data.retryOf).toBe(lost.body.id);
    // What was counted as charged stays so: the first, and the second beside it.
    const lines = await system.sql('SELECT units FROM bridge.fee_line WHERE query_id = ANY($1::uuid[])', [
      [lost.body.id, again.body.id],
    ]);
    expect(lines).toEqual([{ units: 1 }, { units: 1 }]);
  });
});

/** Ten calls about ten people: about one person no more than five may be under way. */
function tenAtOnce(api: string) {
  const about = (place: number) => ({ subject: plain(asking.people.subject(place)) });
  return Promise.all(Array.from({ length: 10 }, (_, place) => asking.ask({ api, about: about(place) })));
}

/** A repeat with the same key: the same answer and nothing sent where it was bound, a new query where it went free. */
async function expectKey(
  row: Row,
  call: Parameters<Asking['ask']>[0],
  first: Awaited<ReturnType<Asking['ask']>>,
): Promise<void> {
  const before = await system.witness();
  const again = await asking.ask(call);
  if (row.key === 'bound') {
    const { reason: _told, ...kept } = first.body;
    expect(again.body).toMatchObject(kept);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([first.status, 'true']);
    expect(await system.witness()).toEqual(before);
    const read = await asking.ask({
      ...call,
      path: `${VERIFICATIONS}/${first.body.id}`,
      method: 'GET',
      raw: '',
    });
    expect([read.status, read.body.state]).toEqual([200, row.log.split(' / ')[0]]);
    return;
  }
  // After a refused password nothing is asked at all.
  const asked = row.kind === 'bad-password' ? 0 : 1;
  expect([again.status, again.headers['idempotency-replayed']]).toEqual([asked === 1 ? 200 : 503, undefined]);
  expect((await system.witness()).kps - before.kps).toBe(asked);
  sent += asked;
}

async function lastQuery() {
  const [row] = await system.sql(
    `SELECT q.query_id, e.kind, e.line FROM bridge.identity_query q JOIN bridge.entry e ON e.leaf_index = q.outcome_leaf
     ORDER BY q.intent_leaf DESC LIMIT 1`,
  );
  const lines = await system.sql('SELECT result, units, sent FROM bridge.fee_line WHERE query_id = $1', [
    row.query_id,
  ]);
  const { state, reason, messageIds } = JSON.parse(row.line).data;
  return {
    id: row.query_id as string,
    entry: { kind: row.kind as string, log: `${state} / ${reason ?? '-'}` },
    messages: messageIds as string[],
    lines,
  };
}

async function seenCounts() {
  const { sts, kps } = await system.witness();
  return { sts, kps };
}
