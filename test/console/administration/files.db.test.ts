import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { openOperation } from '../../../src/house/console/open-operation.js';
import { openStaff } from '../../../src/house/console/open-staff.js';
import { createSystemHealth } from '../../../src/telemetry/system-health.js';
import { digitsOf } from '../../audit/support/parts.js';
import { bytesOf, type CsvRecord, readCsv, readSheets } from '../../fees/export/support/read-back.js';
import { ConsoleDesk, pageOf } from '../support/console-desk.js';

type FileId = 'roles.file' | 'operation.file';

let desk: ConsoleDesk;
let handlers: Pick<ReturnType<typeof openStaff>['handlers'], 'roles' | 'roles.file'> &
  Pick<ReturnType<typeof openOperation>['handlers'], 'operation' | 'operation.file'>;
const people = new Map<string, ConsolePerson>();

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  const health = createSystemHealth([], () => new Date());
  handlers = { ...openStaff(desk.parts()).handlers, ...openOperation(desk.parts({ health })).handlers };
  const own = { ministry: 'ticaret', il: 'Ankara' };
  people.set('administrator', await desk.person(1, [{ role: 'administrator' }]));
  people.set('directorate', await desk.person(2, [{ role: 'directorate', ...own }]));
  people.set('manager', await desk.person(3, [{ role: 'ministry-manager', ministry: 'ticaret' }]));
  people.set('finance', await desk.person(4, [{ role: 'finance' }]));
  // Somebody with two roles, and more than are read at once.
  await desk.person(5, [{ role: 'ministry-central', ministry: 'tarim' }, { role: 'log-inspector' }]);
  for (let n = 0; n < 210; n += 1)
    await desk.sql(
      `INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il) VALUES (gen_random_uuid(), $1, 'directorate', 'tarim', $2)`,
      [Buffer.from(String(n).padStart(16, '0')), n % 2 === 0 ? 'Ankara' : 'Çorum'],
    );
});
afterAll(() => desk?.close());

const by = (name: string) => people.get(name) as ConsolePerson;

async function file(id: FileId, format: string, who = 'administrator', query: Record<string, string> = {}) {
  const answer = await handlers[id](desk.call(id, by(who), { params: { format }, query }));
  if (answer.kind !== 'file') throw new Error(answer.kind);
  return { ...answer, body: answer.body as Readable };
}
const csv = async (...asked: Parameters<typeof file>): Promise<readonly CsvRecord[]> =>
  readCsv((await file(...asked)).body);
const roles = (who?: string, query?: Record<string, string>) => csv('roles.file', 'csv', who, query);

/** Text of the rows of the tables of a page, cell by cell. */
function cellsOf(html: string): readonly (readonly string[])[] {
  const text = (part: string) =>
    part
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&#39;', "'")
      .replace(/\s+/g, ' ')
      .trim();
  return html.split(/<tr>|<\/table>/).map((row) =>
    row
      .split(/<t[dh][^>]*>/)
      .slice(1)
      .map(text),
  );
}

describe('the file of roles that stand', () => {
  it('says what the page says of each, all of them, whoever holds several by one number', async () => {
    const records = await roles();
    expect(Object.keys(records[0] ?? {})).toEqual(['Rol', 'Kişi', 'Günler', 'Kaynak']);
    const [{ count } = { count: '' }] = await desk.sql<{ count: string }>(
      'SELECT count(*) FROM bridge.authority_role',
    );
    expect(records).toHaveLength(Number(count));
    const page = pageOf(await handlers.roles(desk.call('roles', by('administrator'))));
    const shown = cellsOf(desk.html(page, by('administrator'))).filter(([, person]) =>
      person?.startsWith('***'),
    );
    expect(shown).toHaveLength(50);
    expect(records.slice(0, 50).map((one) => [one.Rol, one.Kişi, one.Günler])).toEqual(
      shown.map((cells) => cells.slice(0, 3)),
    );
    const persons = records.map((one) => one.Kişi);
    const several = new Set(persons.filter((one, i) => persons.indexOf(one) !== i));
    expect(several.size).toBe(1);
    const [both] = several;
    expect(records.filter((one) => one.Kişi === both).map((one) => one.Rol)).toEqual([
      expect.stringContaining('denet'),
      expect.stringContaining('merkez'),
    ]);
  });

  it('is the same as XLSX, with its filter above it', async () => {
    const records = await roles('administrator', { rol: 'finance' });
    const { body } = await file('roles.file', 'xlsx', 'administrator', { rol: 'finance' });
    const sheet = (await readSheets(body)).get('Roller') ?? [];
    expect(sheet.slice(0, 3).map(([name]) => name)).toEqual(['Süzgeç: Rol', 'Kişiler', 'Hazırlandı']);
    expect(sheet.slice(4)).toEqual(records.map((one) => Object.values(one)));
    expect(records).toHaveLength(1);
  });

  it('reaches as far as the page: a manager’s own ministry, a directorate’s representatives', async () => {
    expect((await roles('manager')).map((one) => one.Rol)).toEqual([
      expect.stringContaining('Ticaret'),
      expect.stringContaining('Ticaret'),
    ]);
    expect(await roles('directorate')).toEqual([]);
    expect(() => desk.call('roles.file', by('finance'))).toThrow('ROLE_REQUIRED');
  });

  it('holds nobody’s number and no tag, in either form', async () => {
    for (const format of ['csv', 'xlsx']) {
      const bytes = await bytesOf((await file('roles.file', format)).body);
      for (const n of [1, 2, 3, 4, 5]) expect(bytes.includes(digitsOf(n))).toBe(false);
      const tag = desk.log.tagger.tag('authority', by('administrator').officer.person).toString('hex');
      expect(bytes.includes(tag)).toBe(false);
    }
  });
});

describe('the file of what ends', () => {
  it('has each certificate, key and secret of the page with its days left, and no secret', async () => {
    const records = await csv('operation.file', 'csv');
    expect(Object.keys(records[0] ?? {})).toEqual([
      ...['Tür', 'Ad', 'Bitiş', 'Son yazılış', 'Kalan gün', 'Parmak izi (SHA-256)'],
    ]);
    const page = pageOf(await handlers.operation(desk.call('operation', by('administrator'))));
    const shown = cellsOf(desk.html(page, by('administrator')));
    const certificates = records.filter((one) => one.Tür === 'Sertifika');
    const secrets = records.filter((one) => one.Tür === 'Gizli bilgi');
    expect([certificates.length > 0, secrets.length]).toEqual([
      true,
      new Set(secrets.map((one) => one.Ad)).size,
    ]);
    expect(shown.filter(([kind]) => kind === 'Sertifika').map((cells) => cells.slice(0, 5))).toEqual(
      certificates.map((one) => [one.Tür, one.Ad, one.Bitiş, one['Kalan gün'], one['Parmak izi (SHA-256)']]),
    );
    for (const one of secrets)
      expect(shown).toContainEqual([one.Ad, one['Son yazılış'], one['Kalan gün'] || '–']);
    expect(secrets.some((one) => one['Kalan gün'] === '')).toBe(true);
    const bytes = (await bytesOf((await file('operation.file', 'csv')).body)).toString('utf8');
    for (const { password } of desk.config.accounts) expect(bytes).not.toContain(password.reveal());
  });

  it('has days as numbers in XLSX, and adds nothing up', async () => {
    const sheet = (await readSheets((await file('operation.file', 'xlsx')).body)).get('Süreler') ?? [];
    const certificates = sheet.filter(([kind]) => kind === 'Sertifika');
    expect(certificates.every((row) => typeof row[4] === 'number')).toBe(true);
    expect(sheet.flat()).not.toContain('TOPLAM');
  });

  it('is for administrators alone', () => {
    for (const who of ['manager', 'directorate', 'finance'])
      expect(() => desk.call('operation.file', by(who))).toThrow('ROLE_REQUIRED');
  });
});

describe.each(['roles.file', 'operation.file'] as const)('%s', (id) => {
  it('is one entry that says so and in what form; a form that there is not is none', async () => {
    const size = async () =>
      Number((await desk.sql<{ n: string }>('SELECT size AS n FROM bridge.log_head'))[0]?.n);
    const before = await size();
    const { body, name } = await file(id, 'csv');
    await bytesOf(body);
    expect(name).toMatch(/^(roller|sureler)-\d{4}-\d{2}-\d{2}\.csv$/);
    const [entry] = await desk.lastEntries(1);
    expect(entry).toMatchObject({ kind: 'console.opened', data: { page: id, about: 'csv' } });
    for (const format of ['pdf', 'CSV', ''])
      await expect(file(id, format)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await size()).toBe(before + 1);
  });

  it('lies behind links of its page', async () => {
    const page = id === 'roles.file' ? 'roles' : 'operation';
    const html = desk.html(
      pageOf(await handlers[page](desk.call(page, by('administrator')))),
      by('administrator'),
    );
    const path = id === 'roles.file' ? 'roller' : 'sureler';
    for (const format of ['xlsx', 'csv'])
      expect(html).toContain(`href="/konsol/yonetim/${path}/dosya/${format}"`);
  });
});
