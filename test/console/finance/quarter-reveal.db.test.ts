import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulQuarter, quarterDays } from '../../../src/calendar/istanbul-day.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { openQuarters } from '../../../src/house/console/open-quarters.js';
import { readEntries } from '../../audit/support/log.js';
import { masterKeys } from '../../audit/support/parts.js';
import { type House, type Instance, openHouse, someone } from '../../verification/support/house.js';
import { typed } from '../support/console-desk.js';
import { errorsOf, partsOf, QuarterDesk, shown, tableOf } from './quarter-desk.js';

const WHO = [someone(1), someone(2), someone(3)];
const REASON = 'İl müdürlüğünün 12 sayılı yazısı';

let house: House;
let bridge: Instance;
let quarters: QuarterDesk;
let officer: ConsolePerson;
let handlers: QuarterDesk['handlers'];
let quarter: string;

beforeAll(async () => {
  house = await openHouse();
  bridge = house.instance();
  for (const [i, who] of WHO.entries()) {
    await house.addSeat(who);
    const { token } = await house.signIn(who);
    for (let n = 0; n <= i; n += 1) expect(await bridge.ask({ token })).toBe('match');
  }
  quarter = istanbulQuarter(house.now);
  // The pages stand over the book and the log of this house; the officer is one of the desk.
  quarters = await QuarterDesk.open();
  officer = await quarters.finance(1);
  const { config } = quarters.desk;
  handlers = openQuarters({
    ...quarters.parts,
    ...{ db: house.test.db, config, log: { ...quarters.desk.log, appender: bridge.appender, masterKeys } },
  }).handlers;
});
afterAll(async () => {
  await house.close();
  await quarters.close();
});

const call = (id: 'quarter.users' | 'quarter.reveal', fields: Record<string, string> = {}) =>
  handlers[id](
    quarters.desk.call(id, officer, { params: { quarter }, at: house.now, fields: typed(fields) }),
  );
const pageOf = (answer: Answer): Page => (answer as { page: Page }).page;
const users = (page: Page) =>
  tableOf(page, 'Kullanıcılar').rows.map((row) => [shown(row[0] ?? ''), Number(row[3])] as const);
const lastRead = async () => {
  const entries = await readEntries(house.test.db);
  return JSON.parse(entries.at(-1)?.line ?? '{}') as {
    kind: string;
    data: Record<string, unknown>;
    sealed: object;
  };
};

describe('numbers of users', () => {
  it('are masked on the page, with one form that opens them for a reason', async () => {
    const page = pageOf(await call('quarter.users'));
    expect(users(page).map(([user]) => user)).toEqual(['*** (1)', '*** (2)', '*** (3)']);
    const forms = partsOf(page, 'form').filter(({ method }) => method === 'post');
    expect(forms.map(({ action }) => action)).toEqual([`/konsol/mali/ceyrek/${quarter}/kullanicilar`]);
    const html = quarters.desk.html(page, officer);
    for (const who of WHO) expect(html).not.toContain(who.reveal());
  });

  it('are shown in full for a reason that stands in the log, beside each one’s own sums, on this page alone', async () => {
    const answer = await call('quarter.reveal', { gerekce: REASON });
    expect(answer).toMatchObject({ kind: 'page' });
    expect((answer as { status?: number }).status).toBeUndefined();
    const page = pageOf(answer);
    expect(new Map(users(page))).toEqual(new Map(WHO.map((who, i) => [who.reveal(), i + 1])));
    const { data, kind } = await lastRead();
    expect([kind, data]).toEqual([
      'fees.read',
      {
        account: null,
        actor: expect.objectContaining({ session: officer.session.sessionId }),
        client: 'konsol',
        detail: 'users',
        format: 'text',
        instance: 'bridge-1',
        osUser: null,
        reason: REASON,
        requestId: expect.any(String),
        revealed: true,
        ...quarterDays(quarter),
      },
    ]);
    const links = partsOf(page, 'pager').map(({ next }) => next);
    expect(JSON.stringify([page.title, links, page.back])).not.toMatch(/[1-9]\d{10}/);
    expect(users(pageOf(await call('quarter.users'))).map(([user]) => user)).toEqual([
      '*** (1)',
      '*** (2)',
      '*** (3)',
    ]);
  });

  it.each([
    ['', 'doldurun'],
    ['10000000146 için', 'kimlik numarası'],
    ['x'.repeat(501), 'En çok 500'],
  ])('stay masked where the reason is %j: it comes back with what is wrong', async (gerekce, says) => {
    const answer = await call('quarter.reveal', { gerekce });
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    expect(errorsOf(pageOf(answer))).toEqual({ gerekce: expect.stringContaining(says) });
    expect(users(pageOf(answer)).map(([user]) => user)).toEqual(['*** (1)', '*** (2)', '*** (3)']);
    expect((await lastRead()).data).toMatchObject({ revealed: false, reason: null });
  });

  it('are gone with the person’s key', async () => {
    await house.test.db.query({ text: 'DELETE FROM bridge.person_key' });
    const page = pageOf(await call('quarter.reveal', { gerekce: REASON }));
    expect(users(page).map(([user]) => user)).toEqual(['silinmiş', 'silinmiş', 'silinmiş']);
  });
});
