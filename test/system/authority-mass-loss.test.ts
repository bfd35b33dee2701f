import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import {
  confirmedAnew,
  dataOf,
  decisionOn,
  expectSound,
  metricsText,
  Registry,
  stepUpToken,
} from '../support/system-authority.js';
import { bridgeCommand, type CommandRan } from '../support/system-command.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let people: People;
let registry: Registry;
let sample: readonly Actor[];
let officers: Record<'first' | 'second', { readonly plain: string; readonly steppedUp: string }>;

beforeAll(async () => {
  system = await startSystem({ people: 400, cooperatives: 40 });
  people = new People(system.sandbox);
  registry = new Registry(system);
  sample = [0, 1, 2, 3, 4].map((place) => people.actor('board', place)).concat(people.actor('denetci'));
  const tokens = async (wanted: string) => {
    const { kimlikNo } = people.staff((role) => role === wanted);
    return { plain: await system.token(kimlikNo), steppedUp: await stepUpToken(system, kimlikNo) };
  };
  officers = { first: await tokens('administrator'), second: await tokens('security-officer') };
});
afterAll(() => system?.stop());

/** Every seat as it stands, and how many are in force. */
const seats = () =>
  system.sql(
    'SELECT seat_id, person_tag, role, ends_on, gone_on, told FROM bridge.authority_seat ORDER BY seat_id',
  );
const inForce = async (): Promise<number> =>
  (
    await system.sql("SELECT count(*)::int AS n FROM bridge.authority_seat WHERE told AND source = 'mersis'")
  )[0].n;
const held = async (): Promise<number> =>
  (await system.sql('SELECT count(*)::int AS n FROM bridge.mersis_held'))[0].n;
const openRun = async (): Promise<string | null> =>
  (await system.sql("SELECT state FROM bridge.mersis_run WHERE state IN ('running', 'stopped')"))[0]?.state ??
  null;
const asked = async (): Promise<number> => (await system.control.seen('mersis')).length;
const command = (token: string, ...args: string[]): Promise<CommandRan> => bridgeCommand(system, args, token);
const read = (person: string, cooperative: string) =>
  decisionOn(system, { person, cooperative, action: 'document.read' });
const decisions = () => Promise.all(sample.map(({ kimlikNo, cooperative }) => read(kimlikNo, cooperative)));
const GRANTED = () => sample.map(() => 'granted');

async function sync(): Promise<CommandRan> {
  return command(officers.first.plain, 'mersis', 'sync', '--all', '--json');
}

/** Everything that was due was read, and no run is open any longer. */
async function settled(): Promise<void> {
  const left = 'SELECT 1 FROM bridge.mersis_cooperative WHERE due_at <= now() OR wished_at IS NOT NULL';
  await until(async () => (await openRun()) === null && (await system.sql(left)).length === 0, 30_000);
}

async function metric(name: string, value: number): Promise<void> {
  await until(async () => (await metricsText(system)).split('\n').includes(`${name} ${value}`), 30_000);
}

describe('MERSİS names nobody any longer, for every cooperative', () => {
  let before: unknown;
  let standing: number;

  it('the run stops, a person is told so, and nobody has lost a right', async () => {
    await settled();
    [before, standing] = [await seats(), await inForce()];
    expect(standing).toBeGreaterThan(100);
    expect(await decisions()).toEqual(GRANTED());
    await system.control.fault({ system: 'mersis', kind: 'empty-board' });

    const ran = await sync();
    expect([ran.code, JSON.parse(ran.out).end]).toEqual([1, 'stopped']);
    expect(ran.err).toContain('bridge mersis review');
    expect(await openRun()).toBe('stopped');
    expect(await seats()).toEqual(before);
    await confirmedAnew();
    expect(await decisions()).toEqual(GRANTED());
    expect(await dataOf(system, 'session.ended')).toEqual([]);
  });

  it('one alarm says so: one entry for the whole of it, and a gauge', async () => {
    const stopped = await dataOf(system, 'mersis.run-stopped');
    expect(stopped).toHaveLength(1);
    const [{ losses, lossLimit }] = stopped;
    expect(losses).toBeGreaterThan(lossLimit);
    await metric('bridge_mersis_run_stopped', 1);
    await metric('bridge_mersis_held', await held());
    expect(system.bridge.log().match(/mersis\.run-stopped/g)).toHaveLength(1);
  });

  it('whoever acts by a seat goes on acting', async () => {
    const [actor] = sample as [Actor];
    const token = await system.token(actor.kimlikNo);
    const { body } = await system.call({ token, body: question(actor.cooperative, people.subject()) });
    expect(body.outcome).toBe('match');
  });

  it('and nothing more is asked while it stands, whatever is wished or due', async () => {
    const before = await asked();
    const { cooperative } = people.actor('board', 5);
    await registry.patch(cooperative, { unvan: 'S.S. BEKLEYEN KOOPERATİF' });
    const wished = 'SELECT 1 FROM bridge.mersis_cooperative WHERE mersis_no = $1 AND wished_at IS NOT NULL';
    await until(async () => (await system.sql(wished, [cooperative])).length > 0);
    expect((await sync()).code).toBe(1);
    // Three turns of polling.
    await sleep(3000);
    expect(await asked()).toBe(before);
  });

  it('an immediate reading for a person takes nothing away either', async () => {
    const [actor] = sample as [Actor];
    const token = await system.token(actor.kimlikNo);
    const path = `/v1/cooperatives/${actor.cooperative}/refresh`;
    const { status, body } = await system.call({ token, path, method: 'POST' });
    expect([status, body.result]).toEqual([200, 'held']);
    expect(await seats()).toEqual(before);
  });

  it('one officer alone cannot let it pass, whatever role they show', async () => {
    const unreviewed = await command(officers.first.steppedUp, 'mersis', 'release');
    expect([unreviewed.code, unreviewed.err]).toEqual([1, expect.stringMatching(/^SECOND_PERSON_REQUIRED/)]);
    const reviewed = await command(officers.first.plain, 'mersis', 'review', '--json');
    expect(reviewed.code).toBe(0);
    expect(JSON.parse(reviewed.out)).toMatchObject({
      total: await held(),
      reviewed: { cooperatives: await held() },
    });
    const alone = await command(officers.first.steppedUp, 'mersis', 'release');
    expect([alone.code, alone.err]).toEqual([1, expect.stringMatching(/^SECOND_PERSON_REQUIRED/)]);
    const nobody = await command(await system.token(people.nobody().kimlikNo), 'mersis', 'release');
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringMatching(/^ROLE_REQUIRED/)]);
    const oneStep = await command(officers.second.plain, 'mersis', 'release');
    expect([oneStep.code, oneStep.err]).toEqual([1, expect.stringMatching(/^STEP_UP_REQUIRED/)]);
    expect(await openRun()).toBe('stopped');
    expect(await dataOf(system, 'mersis.released')).toEqual([]);
    expect(await seats()).toEqual(before);
  });

  it('once MERSİS answers rightly, a second officer lets the run go on, and everything is as it was', async () => {
    await system.control.clear();
    const ran = await command(officers.second.steppedUp, 'mersis', 'release', '--json');
    expect([ran.code, ran.err]).toEqual([0, '']);
    await settled();
    expect(await held()).toBe(0);
    expect(await seats()).toEqual(before);
    await confirmedAnew();
    expect(await decisions()).toEqual(GRANTED());
    expect(await dataOf(system, 'mersis.run-stopped')).toHaveLength(1);
    expect(await dataOf(system, 'mersis.released')).toMatchObject([{ decision: 'released' }]);
    await metric('bridge_mersis_run_stopped', 0);
    expect((await sync()).code).toBe(0);
    expect(await seats()).toEqual(before);
    await expectSound(system);
  });

  it('an old release lets no later loss pass', async () => {
    await system.control.fault({ system: 'mersis', kind: 'empty-board' });
    expect((await sync()).code).toBe(1);
    expect(await dataOf(system, 'mersis.run-stopped')).toHaveLength(2);
    expect(await seats()).toEqual(before);
  });

  it('where it stays so and two persons let it pass, the boards are gone: that is what they decided', async () => {
    const [actor] = sample as [Actor];
    const token = await system.token(actor.kimlikNo);
    const { code } = await command(officers.second.plain, 'mersis', 'review');
    expect(code).toBe(0);
    expect((await command(officers.second.steppedUp, 'mersis', 'release')).err).toMatch(
      /^SECOND_PERSON_REQUIRED/,
    );
    const ran = await command(officers.first.steppedUp, 'mersis', 'release', '--json');
    expect([ran.code, ran.err]).toEqual([0, '']);
    await settled();
    expect(await inForce()).toBe(0);
    await confirmedAnew();
    expect(await decisions()).not.toContain('granted');
    const { body } = await system.call({ token, body: question(actor.cooperative, people.subject()) });
    expect(['TOKEN_INVALID', 'NOT_AUTHORISED_FOR_COOPERATIVE']).toContain(body.code);
    await expectSound(system);
  });

  it('and when MERSİS names them again they are back, without anybody’s decision', async () => {
    await system.control.clear();
    expect((await sync()).code).toBe(0);
    await settled();
    expect(await inForce()).toBe(standing);
    await confirmedAnew();
    expect(await decisions()).toEqual(GRANTED());
    expect(await dataOf(system, 'mersis.released')).toHaveLength(2);
    await expectSound(system);
  });
});
