import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../../src/config/secret.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { openStaff } from '../../../src/house/console/open-staff.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';
import { refusalOf } from './role-desk.js';

const HOSTILE = '<script>alert(1)</script>';

let desk: ConsoleDesk;
let staff: ReturnType<typeof openStaff>;
let administrator: ConsolePerson;
let receiver: string;
beforeAll(async () => {
  desk = await ConsoleDesk.open();
  const { config } = desk;
  const webhook = {
    url: 'https://receiver.example/hooks',
    secret: new Secret('whsec_x'),
    privateAddresses: [],
    extraCa: [],
  };
  receiver = config.clients[0]?.id ?? '';
  const clients = config.clients.map((client) => ({ ...client, webhook }));
  staff = openStaff(desk.parts({ config: { ...config, clients } }));
  administrator = await desk.person(1, [{ role: 'administrator' }]);
});
afterAll(() => desk?.close());
beforeEach(() => desk.sql('DELETE FROM bridge.webhook_delivery'));

const letters = async (client: string, from: number, to: number, isDead = true) => {
  await desk.sql(
    `INSERT INTO bridge.webhook_delivery (client_id, position, queued_at, next_at, attempts, problem, dead_at)
     SELECT $1, n, now(), now(), 9, 'timeout', CASE WHEN $4 THEN now() END FROM generate_series($2::bigint, $3::bigint) AS n`,
    [client, from, to, isDead],
  );
};
const page = async (query: Readonly<Record<string, string>> = {}) =>
  pageOf(await staff.handlers.webhooks(desk.call('webhooks', administrator, { query })));
const redrive = (fields: Readonly<Record<string, string>>) =>
  staff.handlers['webhooks.redrive'](desk.call('webhooks.redrive', administrator, { fields: typed(fields) }));
const dead = async () =>
  (
    await desk.sql<{ n: string }>(
      'SELECT position::text AS n FROM bridge.webhook_delivery WHERE dead_at IS NOT NULL ORDER BY position',
    )
  ).map(({ n }) => n);
const rows = (of: Awaited<ReturnType<typeof page>>, n: number) => {
  const tables = of.parts.filter((one) => one.part === 'table');
  return tables[n]?.part === 'table' ? tables[n].rows : [];
};

describe('the page of webhooks', () => {
  it('shows each receiver with what waits and what was given up, as the database has it', async () => {
    await letters(receiver, 1, 3);
    await letters(receiver, 4, 5, false);
    await letters('gone-client', 1, 1);
    const shown = rows(await page(), 0).map((row) => JSON.stringify(row));
    expect(shown).toHaveLength(2);
    expect(shown.find((row) => row.includes(receiver))).toMatch(/"2".*"3"/);
    expect(shown.find((row) => row.includes('gone-client'))).toContain('artık kayıtlı değil');
  });

  it('shows fifty dead letters at a time, each once', async () => {
    await letters(receiver, 1, 60);
    const first = await page({ alici: receiver });
    expect(rows(first, 1)).toHaveLength(50);
    expect(first.parts.find((one) => one.part === 'pager')).toMatchObject({
      first: null,
      next: `/konsol/yonetim/bildirimler?alici=${receiver}&sonra=50`,
    });
    const second = await page({ alici: receiver, sonra: '50' });
    expect(rows(second, 1).map(([position]) => position)).toEqual(
      Array.from({ length: 10 }, (_, n) => String(51 + n)),
    );
  });

  it('shows nobody’s letters for a name that is no receiver’s, harmlessly', async () => {
    const html = desk.html(await page({ alici: HOSTILE, sonra: HOSTILE }), administrator);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('Bırakılan bildirimler');
  });
});

describe('trying again', () => {
  it('takes one letter back into the queue, or all of them, each with its entry', async () => {
    await letters(receiver, 1, 3);
    expect(await redrive({ alici: receiver, sira: '2' })).toMatchObject({ told: 'done' });
    expect(await dead()).toEqual(['1', '3']);
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      kind: 'webhook.redriven',
      data: { client: receiver, count: 1, actor: { session: administrator.session.sessionId } },
    });
    expect(await redrive({ alici: receiver })).toMatchObject({ to: '/konsol/yonetim/bildirimler' });
    expect(await dead()).toEqual([]);
    expect((await desk.lastEntries(1))[0]?.data).toMatchObject({ count: 2 });
  });

  it('is refused for what is no receiver, no letter, or nothing at all', async () => {
    await letters('gone-client', 1, 1);
    for (const fields of [
      { alici: 'gone-client' },
      { alici: receiver },
      { alici: receiver, sira: '7' },
      { alici: receiver, sira: HOSTILE },
      { alici: '' },
    ])
      expect(await refusalOf(redrive(fields))).toBe('NOT_FOUND');
    expect(await dead()).toEqual(['1']);
  });

  it('is an administrator’s alone, whose session still lives', async () => {
    const officer = await desk.person(2, [{ role: 'security-officer' }]);
    expect(() => desk.call('webhooks.redrive', officer)).toThrow('ROLE_REQUIRED');
    await letters(receiver, 1, 1);
    await desk.sql('UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id = $1', [
      administrator.session.sessionId,
    ]);
    expect(await refusalOf(redrive({ alici: receiver }))).toBe('TOKEN_INVALID');
    expect(await dead()).toEqual(['1']);
  });
});
