import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { findStory } from '../../../src/audit/export/find-story.js';
import { writeEvidence } from '../../../src/audit/export/write-evidence.js';
import { decideTariff } from '../../../src/fees/tariff/decide-tariff.js';
import { proposeTariff } from '../../../src/fees/tariff/propose-tariff.js';
import type { TariffTools } from '../../../src/fees/tariff/switch-terms.js';
import type { TariffRow } from '../../../src/fees/tariff/tariff.js';
import type { ActingOfficer } from '../../../src/proposals/officer.js';
import { doneValue } from '../../../src/proposals/verdict.js';
import { verifyFolder } from '../../../verifier/node-api.js';
import { recordReadings } from '../../support/authority.js';
import { noRecord } from '../../verification/support/house.js';
import { CLIENT, digitsOf, RULES } from '../../verification/support/parts.js';
import { backUp, restore } from '../check/support/backup.js';
import { type FullHouse, openFullHouse, PORTS, reading, seatOf } from '../check/support/full-house.js';
import { personOf, tagger } from '../support/parts.js';

const row = (id: string, change: Partial<TariffRow>): TariffRow => ({
  ...{ id, from: '2020-06-27', amountKurus: 3, basis: 'per-query', service: null, gazette: `RG ${id}` },
  ...change,
});
const BY_INPUT = row('by-input', { basis: 'per-input-datum' });
const OTHER_SERVICE = row('other-service', { amountKurus: 9, service: 'TumKutukDogrulaServis' });
const BY_RECORD = row('by-record', {
  amountKurus: 5,
  basis: 'per-returned-record',
  service: RULES.service.name,
});

let full: FullHouse;
let verifier = '';
let made = 0;
/** Queries by when they were asked, with what was in force then. */
const asked: Record<string, string> = {};
const TOOLS: TariffTools = {
  tariff: [BY_INPUT, OTHER_SERVICE, BY_RECORD],
  inputs: [{ service: RULES.service.name, version: RULES.service.version, inputs: 2 }],
  agreed: [RULES.service],
  hours: 72,
  ports: {
    ...{ instance: 'bridge-1', osUser: 'finans' },
    stillActs: async () => true,
    isOfficer: async () => true,
    isSessionOf: async () => true,
  },
};

function officerOf(n: number): ActingOfficer {
  const person = personOf(n);
  const tag = tagger.tag('authority', person);
  const sessionId = `00000000-0000-4000-8000-00000000000${n}`;
  return { sessionId, person, tag, acr: 'acr', authTime: full.house.now, role: 'finance' };
}

async function switchOn({ id }: TariffRow, from: string): Promise<void> {
  const wish = { row: id, from, reason: null, officer: officerOf(1) };
  const { proposal } = doneValue(await proposeTariff(full.log, TOOLS, wish));
  const decision = { proposal, decision: 'approved', reason: null, officer: officerOf(2) } as const;
  doneValue(await decideTariff(full.log, TOOLS, decision));
}

async function ask(name: string, n: number, client = CLIENT) {
  const subject = { kimlikNo: digitsOf(String(700_000_000 + n)) };
  const answer = await full.bridge.ask({ token: full.token, client, question: { subject } });
  asked[name] = (await full.queries()).at(-1) as string;
  return answer;
}

beforeAll(async () => {
  full = await openFullHouse();
  verifier = join(full.folder, 'verifier');
  mkdirSync(verifier);
  for (const name of ['verify.html', 'verify.mjs']) writeFileSync(join(verifier, name), name);
  expect(await ask('before', 1)).toBe('match');
  await switchOn(BY_INPUT, '2026-05-05');
  await switchOn(OTHER_SERVICE, '2026-05-06');
  expect(await ask('approved, still to come', 2)).toBe('match');
  full.house.now = new Date('2026-05-05T09:00:00.000Z');
  expect(await ask('by input data', 3)).toBe('match');
  expect(await ask('outside the fee', 4, { ...CLIENT, account: 'outside' })).toBe('match');
  full.house.now = new Date('2026-05-06T09:00:00.000Z');
  await full.start();
  await switchOn(BY_RECORD, '2026-05-07');
  expect(await ask('beside a switch of another service', 5)).toBe('match');
  full.house.now = new Date('2026-05-07T09:00:00.000Z');
  // What the registry said of the seat is stale by now.
  await recordReadings(full.log, full.house.test.db, PORTS, [reading([seatOf(full.asker)])], full.house.now);
  expect(await ask('by records', 6)).toBe('match');
  full.house.kps.answer = noRecord;
  await ask('by records, without one', 7);
  await full.settle();
  await backUp(full, 'switched');
});

afterEach(() => restore(full, 'switched'));
afterAll(() => full.close());

/** What the tariff of a query's evidence is, its price and the charge, as whoever gets it reads them; the verifier accepts it. */
async function evidenceOf(name: string) {
  const directory = join(full.folder, `evidence-${made++}`);
  const request = { query: asked[name] as string, directory, masterKeys: null, verifier };
  const { entries, missing } = await writeEvidence(full.exports, request, async () => undefined);
  const trust = { logKeys: [full.signer.key.text], tsaCas: [full.exports.tsaCa] };
  const { checks, ok } = await verifyFolder(directory, trust);
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
  const entryOf = (role: string) => {
    const leaf = entries.find((one) => one.role === role)?.leaf;
    return leaf === undefined
      ? null
      : JSON.parse(readFileSync(join(directory, `entries/${leaf}.json`), 'utf8'));
  };
  const tariff = entryOf('tariff');
  return {
    missing,
    tariff: tariff === null ? null : (tariff.data.row ?? tariff.kind),
    price: entryOf('intent').data.price.unitPriceKurus,
    charged: entryOf('outcome').data.fee.amountKurus,
  };
}

describe('the evidence of a query names what its price rests on', () => {
  it.each([
    ['before', 'bridge.started', 2, 2],
    ['approved, still to come', 'bridge.started', 2, 2],
    ['by input data', 'by-input', 6, 6],
    ['outside the fee', 'by-input', 0, 0],
    ['beside a switch of another service', 'by-input', 6, 6],
    ['by records', 'by-record', 5, 5],
    ['by records, without one', 'by-record', 5, 0],
  ])('%s: %s', async (name, tariff, price, charged) => {
    expect(await evidenceOf(name)).toEqual({ missing: [], tariff, price, charged });
  });

  it('and no other entry where the switch is not at hand: neither an older one nor a start that does not list it', async () => {
    const away = (id: string) =>
      full.tamper(
        `DELETE FROM bridge.log_search USING bridge.entry e WHERE e.leaf_index = log_search.leaf_index
          AND e.kind = 'fees.tariff-switched' AND e.line LIKE '%"row":"${id}"%'`,
      );
    await away('by-record');
    expect(await evidenceOf('by records')).toMatchObject({ missing: ['tariff'], tariff: null });
    expect(await evidenceOf('by input data')).toMatchObject({ missing: [], tariff: 'by-input' });
    await away('by-input');
    expect(await evidenceOf('by input data')).toMatchObject({ missing: ['tariff'], tariff: null });
  });

  it('by the day on which it was decided, also where midnight came before it was written', async () => {
    const query = asked['approved, still to come'] as string;
    await full.tamper(
      `UPDATE bridge.entry SET line = replace(line, '"at":"2026-05-04T09', '"at":"2026-05-04T21')
        WHERE kind = 'query.intent' AND line LIKE '%${query}%'`,
    );
    const { entries } = await findStory(full.house.test.db, query);
    const tariff = entries.find(({ role }) => role === 'tariff');
    expect(JSON.parse(tariff?.line as string).kind).toBe('bridge.started');
  });
});
