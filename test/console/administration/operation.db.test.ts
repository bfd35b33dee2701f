import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { openOperation } from '../../../src/house/console/open-operation.js';
import { keepStates, readStates } from '../../../src/house/health/keep-states.js';
import { createSystemHealth } from '../../../src/telemetry/system-health.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';

let desk: ConsoleDesk;
let administrator: ConsolePerson;
let operation: ReturnType<typeof openOperation>;
const health = createSystemHealth(['kps:birlik', 'sts:birlik', 'mersis'], () => new Date());

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  administrator = await desk.person(1, [{ role: 'administrator' }]);
  operation = openOperation(desk.parts({ health }));
});
afterAll(() => desk?.close());

async function shown(): Promise<string> {
  const { handlers } = operation;
  return desk.html(pageOf(await handlers.operation(desk.call('operation', administrator))), administrator);
}

/** Text of a row of the page that holds `mark`. */
function row(html: string, mark: string): string {
  const found = html.split('<tr>').find((one) => one.includes(mark)) ?? '';
  return found
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('the state of the operation', () => {
  it('shows what each instance has written, one that went silent as silent', async () => {
    health.answered('kps:birlik', 41);
    health.stopped('sts:birlik', 'password-refused');
    await keepStates(desk.test.db, 'bridge-1', health.seen(new Date()), new Date());
    await keepStates(desk.test.db, 'bridge-2', health.seen(new Date()), new Date(Date.now() - 61_000));
    const html = await shown();
    const rows = html.split('<tr>').map((one) => one.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '));
    expect(
      rows
        .filter((one) => one.includes('birlik') && one.includes('bridge-1'))
        .map((one) => one.includes('Çalışıyor') || one.includes('Durduruldu')),
    ).toEqual([true, true]);
    expect(rows.filter((one) => one.includes('bridge-2')).every((one) => one.includes('haber yok'))).toBe(
      true,
    );
    expect(rows.some((one) => one.includes('bridge-1') && one.includes('password-refused'))).toBe(true);
    expect(rows.some((one) => one.includes('parola reddedildi'))).toBe(true);
    expect(rows.find((one) => one.includes('MERSİS') && one.includes('bridge-1'))).toContain(
      'Henüz sorulmadı',
    );
  });

  it('keeps what an instance saw before its restart until it sees something else', async () => {
    const fresh = createSystemHealth(['kps:birlik'], () => new Date());
    await keepStates(desk.test.db, 'bridge-1', fresh.seen(new Date()), new Date());
    const kept = (await readStates(desk.test.db)).find(
      ({ instance, system }) => instance === 'bridge-1' && system === 'kps:birlik',
    );
    expect(kept).toMatchObject({ state: 'unused', calls: 0 });
    expect(kept?.lastOkAt).toBeInstanceOf(Date);
  });

  it('forgets an instance that has written nothing for a day', async () => {
    await keepStates(desk.test.db, 'gone', health.seen(new Date()), new Date(Date.now() - 90_000_000));
    await keepStates(desk.test.db, 'bridge-1', health.seen(new Date()), new Date());
    expect((await readStates(desk.test.db)).map(({ instance }) => instance)).not.toContain('gone');
  });

  it('counts the days of certificates and of secret files, and shows no secret', async () => {
    const html = await shown();
    expect(row(html, 'listeners.web.key')).toMatch(/ 36\d$/);
    const secrets = JSON.stringify(desk.config.accounts[0]?.password.reveal());
    expect(html).not.toContain(secrets.slice(1, -1));
    expect(html).toContain('Sertifika');
  });

  it('is for administrators alone', async () => {
    const finance = await desk.person(2, [{ role: 'finance' }]);
    expect(() => desk.call('operation', finance)).toThrow('ROLE_REQUIRED');
  });
});

describe('a maintenance window', () => {
  const istanbul = (ms: number) => new Date(Date.now() + ms + 3 * 3_600_000).toISOString().slice(0, 16);
  const form = (values: Record<string, string>) => ({
    fields: typed({ sistem: 'kps', bas: '', son: istanbul(3_600_000), neden: 'NVİ duyurusu 12', ...values }),
  });
  const open = (values: Record<string, string> = {}) =>
    operation.handlers['maintenance.open'](desk.call('maintenance.open', administrator, form(values)));

  it.each([
    ['neden', '', 'Bu alanı doldurun'],
    ['neden', 'kişi 10000000146', 'kimlik numarası yazmayın'],
    ['neden', 'a'.repeat(501), 'En çok 500 karakter'],
    ['son', 'yarın', 'Gün ve saati seçin'],
    ['son', '2026-02-31T10:00', 'Gün ve saati seçin'],
    ['son', '2020-01-01T10:00', 'Bitiş, başlangıçtan sonra'],
    ['bas', '2020-01-01T10:00', 'Başlangıç geçmişte olamaz'],
    ['sistem', 'nvi', 'Listeden bir sistem seçin'],
  ])('with a wrong %s (%s) comes back with what was typed and what is wrong', async (field, value, says) => {
    const answer = await open({ [field]: value });
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    const html = desk.html(pageOf(answer), administrator);
    expect(html).toContain(says);
    expect(html).toContain(
      'NVİ duyurusu 12' === value || field === 'neden' ? 'Düzeltilmesi gerekenler' : 'NVİ duyurusu 12',
    );
    expect(await desk.sql('SELECT 1 FROM bridge.maintenance_window')).toEqual([]);
  });

  it('is opened, shown, refused where it overlaps, and closed once, with an entry each', async () => {
    expect(await open({ neden: '<b>=cmd</b>' })).toEqual({
      kind: 'see-other',
      to: '/konsol/yonetim/bakim',
      told: 'done',
    });
    const [day = '', time = ''] = istanbul(3_600_000).split('T');
    // Overlaps, so what was written in Turkish form was understood.
    const turkish = pageOf(await open({ son: `${day.split('-').reverse().join('.')} ${time}` }));
    expect(desk.html(turkish, administrator)).toContain('açık bir bakım zaten var');
    expect(await open()).toMatchObject({ kind: 'page', status: 422 });
    const page = pageOf(await operation.handlers.maintenance(desk.call('maintenance', administrator)));
    const html = desk.html(page, administrator);
    expect(html).toContain('&lt;b&gt;=cmd&lt;/b&gt;');
    expect(await shown()).toContain('bakımda');
    const [{ window } = { window: '' }] = await desk.sql<{ window: string }>(
      'SELECT window_id AS window FROM bridge.maintenance_window',
    );
    const close = () =>
      operation.handlers['maintenance.close'](
        desk.call('maintenance.close', administrator, { params: { window } }),
      );
    await close();
    await expect(close()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    const kinds = (await desk.lastEntries(2)).map(({ kind }) => kind);
    expect(kinds).toEqual(['maintenance.opened', 'maintenance.closed']);
  });

  it('of another’s making is not found by a made-up id', async () => {
    for (const window of ['x', '00000000-0000-4000-8000-000000000000'])
      await expect(
        operation.handlers['maintenance.close'](
          desk.call('maintenance.close', administrator, { params: { window } }),
        ),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
