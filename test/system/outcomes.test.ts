import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sibling, type System, startSystem } from '../support/system.js';
import { VERIFICATIONS } from '../support/system-call.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let people: People;
let board: Actor;

beforeAll(async () => {
  system = await startSystem();
  people = new People(system.sandbox);
  board = people.actor('board');
});
afterAll(() => system?.stop());

type Asked = { kimlikNo: string; ad: string; soyad: string; dogumTarihi: string };

async function ask(
  subject: Asked,
  options: { api?: string | undefined; client?: 'koopbis-core' | 'union-portal'; actor?: Actor } = {},
) {
  const { client = 'koopbis-core', actor = board } = options;
  return system.call({
    client,
    ...(options.api === undefined ? {} : { api: options.api }),
    token: await system.token(actor.kimlikNo, client),
    body: question(actor.cooperative, subject),
  });
}

/** Asks and gives the outcome; every answer costs one unit and has a text in both languages. */
async function outcomeOf(subject: Asked, api?: string): Promise<string> {
  const answer = await ask(subject, { api });
  expect(answer.body).toMatchObject({ units: 1, text: { tr: expect.any(String), en: expect.any(String) } });
  expect(answer.status).toBe(200);
  return answer.body.outcome;
}

const dead = () => people.person((one) => one.durum === 'ölüm');
const closed = () => people.person((one) => one.durum === 'kapalı');
const foreigner = () => people.person((one) => one.kimlikNo.startsWith('9') && one.durum === 'açık');
const withoutSurname = () =>
  people.person((one) => one.soyad === '' && one.durum === 'açık' && !one.kimlikNo.startsWith('9'));
const withoutDay = () => people.person((one) => /-[01][1-9]-00$/.test(one.dogumTarihi));
const withoutMonth = () => people.person((one) => one.dogumTarihi.endsWith('-00-00'));

/** What every service and version must tell alike. */
function commonOutcomes(api: () => string | undefined): void {
  it('is a match where number, names and birth date equal an open record', async () => {
    expect(await outcomeOf(people.subject(1), api())).toBe('match');
  });

  it('tells the dead from the living, also where everything else equals', async () => {
    expect(await outcomeOf(dead(), api())).toBe('deceased');
  });

  it('is inactive where the record is closed otherwise', async () => {
    expect(await outcomeOf(closed(), api())).toBe('inactive');
  });

  it('is a mismatch where the given name differs in one letter', async () => {
    const subject = people.subject(2);
    expect(await outcomeOf({ ...subject, ad: `${subject.ad}A` }, api())).toBe('mismatch');
  });

  it('is a mismatch where the surname differs', async () => {
    const subject = people.subject(3);
    expect(await outcomeOf({ ...subject, soyad: `${subject.soyad}OĞLU` }, api())).toBe('mismatch');
  });

  it('is a mismatch where the surname is left out and the register has one', async () => {
    expect(await outcomeOf({ ...people.subject(4), soyad: '' }, api())).toBe('mismatch');
  });

  it('finds a foreigner by the foreigner’s number', async () => {
    expect(await outcomeOf(foreigner(), api())).toBe('match');
  });

  it('matches somebody recorded without a surname by an empty one, and by no other', async () => {
    expect(await outcomeOf(withoutSurname(), api())).toBe('match');
    expect(await outcomeOf({ ...withoutSurname(), soyad: 'KAYA' }, api())).toBe('mismatch');
  });

  it('matches unknown parts of a birth date by the same unknown parts', async () => {
    expect(await outcomeOf(withoutDay(), api())).toBe('match');
    expect(await outcomeOf(withoutMonth(), api())).toBe('match');
  });

  it('takes names as clerks type them: lower case by Turkish rules, doubled blanks', async () => {
    const subject = people.subject(5);
    const typed = {
      ...subject,
      ad: ` ${subject.ad.toLocaleLowerCase('tr')}`,
      soyad: `${subject.soyad.toLocaleLowerCase('tr')}  `,
    };
    expect(await outcomeOf(typed, api())).toBe('match');
  });
}

describe('the combined register, 2024/04/01', () => {
  commonOutcomes(() => undefined);
  combinedDates(() => undefined);
});

describe('the combined register, 2023/02/01', () => {
  let sibling: Sibling;
  beforeAll(async () => {
    sibling = await system.sibling((yaml) => {
      yaml.kps.service = { name: 'BilesikKutukSorgulaKimlikNoServis', version: '2023/02/01' };
    });
  });
  commonOutcomes(() => sibling.api);
  combinedDates(() => sibling.api);

  it('is the version that reached KPS and stands in the book', async () => {
    const mark = (await system.control.seen('kps')).length;
    const { body } = await ask(people.subject(6), { api: sibling.api });
    expect((await system.control.seen('kps', mark)).map(({ action }) => action)).toEqual([
      expect.stringContaining('2023/02/01'),
    ]);
    expect(await feeLine(body.id)).toMatchObject({ service_version: '2023/02/01' });
  });
});

describe('the verification of everything at once, TumKutukDogrula 2025/08/01', () => {
  let sibling: Sibling;
  beforeAll(async () => {
    sibling = await system.sibling((yaml) => {
      yaml.kps.service = { name: 'TumKutukDogrulaServis', version: '2025/08/01' };
    });
  });
  commonOutcomes(() => sibling.api);

  it('is a mismatch where the birth date differs, because what differs is not told', async () => {
    expect(await outcomeOf({ ...people.subject(7), dogumTarihi: '1923-10-29' }, sibling.api)).toBe(
      'mismatch',
    );
  });
});

function combinedDates(api: () => string | undefined): void {
  it('has no record for a number with another birth date', async () => {
    expect(await outcomeOf({ ...people.subject(8), dogumTarihi: '1923-10-29' }, api())).toBe('not-found');
  });

  it('has no record where a part is unknown on one side only', async () => {
    const subject = people.subject(9);
    expect(await outcomeOf({ ...subject, dogumTarihi: `${subject.dogumTarihi.slice(0, 8)}00` }, api())).toBe(
      'not-found',
    );
    const partly = withoutDay();
    expect(await outcomeOf({ ...partly, dogumTarihi: `${partly.dogumTarihi.slice(0, 8)}15` }, api())).toBe(
      'not-found',
    );
  });
}

describe('an answer', () => {
  it('comes with a receipt that names the outcome entry of this very query, by index and hash of its line', async () => {
    const { body } = await ask(people.subject(10));
    const [entry] = await system.sql('SELECT kind, line, leaf_hash FROM bridge.entry WHERE leaf_index = $1', [
      body.receipt.leafIndex,
    ]);
    expect(entry.kind).toBe('query.outcome');
    expect(JSON.parse(entry.line).data).toMatchObject({
      query: body.id,
      outcome: 'match',
      state: 'answered',
    });
    const hash = createHash('sha256')
      .update(Buffer.from([0]))
      .update(entry.line, 'utf8')
      .digest('hex');
    expect(body.receipt.leafHash).toBe(hash);
    expect(entry.leaf_hash.toString('hex')).toBe(hash);
  });

  it('has its intent before it in the log, made before KPS saw the query', async () => {
    const mark = (await system.control.seen('kps')).length;
    const { body } = await ask(people.subject(11));
    const [seen] = await system.control.seen('kps', mark);
    const outcome = JSON.parse((await lineAt(body.receipt.leafIndex)) ?? '{}');
    const intent = JSON.parse((await lineAt(outcome.data.intent)) ?? '{}');
    expect(outcome.data.intent).toBeLessThan(body.receipt.leafIndex);
    expect(intent).toMatchObject({ kind: 'query.intent', data: { query: body.id } });
    expect(seen?.messageId).toBe(`urn:uuid:${intent.data.messageId}`);
    expect(Date.parse(intent.at)).toBeLessThanOrEqual(Date.parse(seen?.at ?? ''));
  });

  it('costs a paying institution two kuruş, and one outside the fee nothing, counted alike', async () => {
    const free = await ask(people.subject(12));
    const paid = await ask(people.subject(12), { client: 'union-portal' });
    expect(await feeLine(free.body.id)).toMatchObject({
      account_id: 'ticaret',
      fee_class: 'outside',
      units: 1,
      sent: true,
      amount_kurus: '0',
      result: 'match',
    });
    expect(await feeLine(paid.body.id)).toMatchObject({
      account_id: 'birlik',
      fee_class: 'paying',
      units: 1,
      sent: true,
      amount_kurus: '2',
      result: 'match',
    });
  });

  it('can be read again by who asked, through the client that asked, and costs nothing more', async () => {
    const { body } = await ask(people.subject(13));
    const before = await system.witness();
    const again = await read(body.id, board);
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ state: 'answered', ...body });
    expect(await system.witness()).toEqual(before);
  });

  it('does not exist for another person, another client, or another id', async () => {
    const { body } = await ask(people.subject(14));
    const other = people.actor('board', 1);
    const answers = [
      await read(body.id, other),
      await read(body.id, board, 'union-portal'),
      await read('00000000-0000-4000-8000-000000000000', board),
      await read('nothing-like-an-id', board),
    ];
    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual(
      Array.from({ length: 4 }, () => [404, 'NOT_FOUND']),
    );
  });
});

async function read(id: string, actor: Actor, client: 'koopbis-core' | 'union-portal' = 'koopbis-core') {
  return system.call({
    client,
    path: `${VERIFICATIONS}/${id}`,
    token: await system.token(actor.kimlikNo, client),
  });
}

async function feeLine(queryId: string) {
  const [line] = await system.sql('SELECT * FROM bridge.fee_line WHERE query_id = $1', [queryId]);
  return line;
}

async function lineAt(leaf: number): Promise<string | undefined> {
  return (await system.sql('SELECT line FROM bridge.entry WHERE leaf_index = $1', [leaf]))[0]?.line;
}
