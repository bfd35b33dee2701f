import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  evidenceFolder,
  KEY,
  NUMBER,
  type Part,
  QUERY,
  recorded,
  STORY,
  told,
} from './support/evidence-folder.js';
import { type House, instant, newHouse, ORIGIN } from './support/export-folder.js';
import { type Bytes, changed } from './support/folder.js';
import { checkpointOf } from './support/signer.js';
import { timeStamp } from './support/token.js';
import { resultOf, verifyBytes, verifyWritten } from './support/verify.js';

let house: House;
let honest: Bytes;
beforeAll(async () => {
  house = await newHouse();
  honest = await evidenceFolder(house);
});

const resultWith = async (changes: Readonly<Record<string, string | Uint8Array | null>>) =>
  resultOf(await verifyWritten(changed(honest, changes)));
const text = (name: string) => (honest.get(name) as Buffer).toString('utf8');
const described = () => JSON.parse(text('evidence.json')) as Record<string, unknown>;
const describedWith = (changes: object) => ({
  'evidence.json': JSON.stringify({ ...described(), ...changes }),
});
const resultOfStory = async (parts: readonly Part[]) =>
  resultOf(await verifyBytes(await evidenceFolder(house, parts)));

describe('an honest evidence folder holds', () => {
  test('with every check in its order, and no number in the report', async () => {
    const report = await verifyWritten(honest);
    expect(resultOf(report)).toBe('ok');
    expect(report.kind).toBe('evidence');
    expect(report.checks.map((check) => check.name)).toEqual([
      'files',
      'description',
      'keys',
      'checkpoint-signature',
      'timestamp-12',
      'entry-1',
      'entry-3',
      'entry-4',
      'entry-6',
      'entry-8',
      'entry-9',
      'story',
      'revealed-6-subject.number',
    ]);
    expect(JSON.stringify(report)).not.toContain(NUMBER);
  });

  test.each<[string, () => readonly Part[]]>([
    ['without an outcome yet', () => STORY.filter(({ role }) => role !== 'outcome')],
    ['closed as unknown', () => told('outcome', { kind: 'query.unknown' })],
    [
      'answered late, when the fee does not change',
      () => told('outcome', { role: 'late-outcome', kind: 'query.late-outcome' }, { fee: null }),
    ],
    [
      'by a role instead of a seat',
      () => told('authority', { kind: 'role.granted' }, { role: 'board', roleId: 'seat-1' }),
    ],
    ['by a seat that its own entry tells of', () => recorded()],
    ['by a seat of which nothing more is told', () => recorded().filter(({ role }) => role !== 'seat')],
    ['the intent alone', () => STORY.filter(({ role }) => role === 'intent')],
  ])('%s', async (_, parts) => {
    expect(await resultOfStory(parts())).toBe('ok');
  });

  test('where nothing was revealed', async () => {
    expect(await resultWith({ 'revealed.json': null })).toBe('ok');
  });
});

describe('a tampered evidence folder is found', () => {
  test.each<[string, () => Record<string, string | Uint8Array | null>, string]>([
    ['a missing entry', () => ({ 'entries/6.json': null }), 'description'],
    ['an entry that nothing lists', () => ({ 'entries/7.json': text('entries/6.json') }), 'description'],
    ['no time stamp', () => ({ 'timestamps/12.tsr': null, 'timestamps/12.checkpoint': null }), 'files'],
    ['another version', () => describedWith({ v: 2 }), 'description'],
    [
      'a role that is none',
      () => describedWith({ entries: [{ leaf: 6, role: 'constructor' }] }),
      'description',
    ],
    [
      'an entry twice',
      () =>
        describedWith({
          entries: [
            { leaf: 6, role: 'intent' },
            { leaf: 6, role: 'read' },
          ],
        }),
      'description',
    ],
    ['another origin', () => describedWith({ origin: 'other.example' }), 'keys'],
    ['another query', () => describedWith({ query: QUERY.replace('6f', '7f') }), 'story'],
    [
      'roles exchanged',
      () => ({
        'evidence.json': text('evidence.json')
          .replace('"outcome"', '"x"')
          .replace('"read"', '"outcome"')
          .replace('"x"', '"read"'),
      }),
      'story',
    ],
    [
      'a changed entry',
      () => ({ 'entries/8.json': text('entries/8.json').replace('match', 'mismatch') }),
      'entry-8',
    ],
    [
      'an entry with a line feed behind it',
      () => ({ 'entries/8.json': `${text('entries/8.json')}\n` }),
      'entry-8',
    ],
    ['another entry of the log', () => ({ 'entries/8.json': text('entries/9.json') }), 'entry-8'],
    [
      'the proof of another leaf',
      () => ({ 'entries/8.tlog-proof': text('entries/9.tlog-proof') }),
      'entry-8',
    ],
    [
      'the proof of another leaf under this number',
      () => ({ 'entries/8.tlog-proof': text('entries/9.tlog-proof').replace('index 9', 'index 8') }),
      'entry-8',
    ],
    [
      'a number with a zero before it',
      () => ({ 'entries/8.tlog-proof': text('entries/8.tlog-proof').replace('index 8', 'index 08') }),
      'entry-8',
    ],
    ['a proof that is none', () => ({ 'entries/8.tlog-proof': 'hello' }), 'entry-8'],
    [
      'another checkpoint in the proof',
      () => ({ 'entries/8.tlog-proof': text('entries/8.tlog-proof').replace('\n12\n', '\n13\n') }),
      'entry-8',
    ],
    [
      'another checkpoint',
      () => ({ checkpoint: checkpointOf(house.signer, 12, Buffer.alloc(32)) }),
      'timestamp-12',
    ],
    [
      'a changed signature',
      () => ({ checkpoint: text('checkpoint').replace('\n12\n', '\n11\n') }),
      'checkpoint-signature',
    ],
    [
      'another text',
      () => ({ 'revealed.json': text('revealed.json').replace(NUMBER, `${NUMBER}1`) }),
      'revealed-6-subject.number',
    ],
    [
      'another key',
      () => ({
        'revealed.json': text('revealed.json').replace(
          KEY.toString('base64url'),
          Buffer.alloc(32).toString('base64url'),
        ),
      }),
      'revealed-6-subject.number',
    ],
    [
      'a short key',
      () => ({ 'revealed.json': text('revealed.json').replace(KEY.toString('base64url'), 'AAAA') }),
      'description',
    ],
    [
      'a field that the entry does not have',
      () => ({ 'revealed.json': text('revealed.json').replace('subject.number', 'actor.number') }),
      'revealed-6-actor.number',
    ],
    [
      'a leaf that is not in the folder',
      () => ({ 'revealed.json': text('revealed.json').replace('"leaf":6', '"leaf":7') }),
      'revealed-7-subject.number',
    ],
    [
      'a field that writes on the terminal',
      () => ({ 'revealed.json': text('revealed.json').replace('subject.number', 'x\\u001b[2J') }),
      'description',
    ],
    ['nothing revealed, but a file that says so', () => ({ 'revealed.json': '[]' }), 'description'],
  ])('%s', async (_, changes, check) => {
    expect(await resultWith(changes())).toBe(check);
  });

  test('a time stamp older than the entry', async () => {
    const note = honest.get('checkpoint') as Buffer;
    const wish = { signer: house.tsa, certificates: [house.tsa], genTime: '2026-11-01T07:30:00.000Z' };
    expect(await resultWith({ 'timestamps/12.tsr': await timeStamp(note, wish) })).toBe('entry-1');
  });
});

describe('entries that are all proved, but of another story, are found', () => {
  test.each<[string, () => readonly Part[]]>([
    ['the intent of another query', () => told('intent', {}, { query: 'x' })],
    ['the outcome of another query', () => told('outcome', {}, { query: 'x' })],
    ['the outcome of another intent', () => told('outcome', {}, { intent: 5 })],
    ['an outcome before its intent', () => told('outcome', { leaf: 5 })],
    [
      'an outcome at another price',
      () => told('outcome', {}, { fee: { account: 'main', amountKurus: 1, unitPriceKurus: 1, units: 1 } }),
    ],
    [
      'an outcome with a wrong sum',
      () => told('outcome', {}, { fee: { account: 'main', amountKurus: 59, unitPriceKurus: 60, units: 1 } }),
    ],
    ['a reading of another query', () => told('read', {}, { of: 'x' })],
    ['a sign-in of another session', () => told('sign-in', {}, { session: 'x' })],
    ['a sign-in after the intent', () => told('sign-in', { leaf: 7 })],
    ['a sign-in of another kind', () => told('sign-in', { kind: 'session.closed' })],
    [
      'no session on either side',
      () =>
        told('sign-in', {}, { session: undefined }).map((part) =>
          part.role === 'intent' ? { ...part, data: { ...part.data, actor: {} } } : part,
        ),
    ],
    ['the authority of another cooperative', () => told('authority', {}, { cooperative: 'x' })],
    [
      'an authority without the seat that was used',
      () => told('authority', {}, { seats: [{ seat: 'seat-0' }] }),
    ],
    ['another version of the authority', () => told('authority', {}, { version: 8 })],
    ['a version that does not list the seat', () => recorded({ seats: ['seat-0'] })],
    ['another seat than the one that was used', () => recorded({}, { data: { seat: 'seat-0' } })],
    ['a seat at another cooperative', () => recorded({}, { data: { cooperative: 'x' } })],
    ['a seat that was told of only later', () => recorded({}, { leaf: 5 })],
    ['a seat after the intent', () => recorded({}, { leaf: 7 })],
    ['a seat without the version that lists it', () => recorded().filter(({ role }) => role !== 'authority')],
    ['two seats', () => [...recorded(), ...recorded({}, { leaf: 0 }).filter(({ role }) => role === 'seat')]],
    [
      'a role that the intent does not rest on',
      () => told('authority', { kind: 'role.granted' }, { role: 'board', roleId: 'x' }),
    ],
    ['a tariff of another instance', () => told('tariff', {}, { instance: 'b' })],
    [
      'a tariff that does not give the price',
      () =>
        told(
          'tariff',
          {},
          {
            tariff: [
              {
                active: true,
                amountKurus: 31,
                basis: 'per-input-datum',
                from: '2026-01-01',
                gazette: '33123',
              },
            ],
          },
        ),
    ],
    [
      'a tariff that was not in force',
      () =>
        told(
          'tariff',
          {},
          {
            tariff: [
              {
                active: true,
                amountKurus: 30,
                basis: 'per-input-datum',
                from: '2026-11-02',
                gazette: '33123',
              },
            ],
          },
        ),
    ],
    ['no intent at all', () => STORY.filter(({ role }) => role !== 'intent')],
    ['two outcomes', () => [...STORY, { ...(STORY[4] as Part), leaf: 10 }]],
  ])('%s', async (_, parts) => {
    expect(await resultOfStory(parts())).toBe('story');
  });
});

test('the folder says which log and query it is about', async () => {
  const report = await verifyWritten(honest);
  const words = report.checks.find((check) => check.name === 'description');
  for (const part of [ORIGIN, QUERY])
    expect([words?.tr, words?.en].every((one) => one?.includes(part))).toBe(true);
  expect(report.checks.find((check) => check.name === 'story')?.detail).toContain(instant(6));
});
