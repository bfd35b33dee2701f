import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { flatSettings } from '../../../src/config/flat-settings.js';
import { settingsTable } from '../../../src/config/settings-table.js';
import { TURKISH_REASONS } from '../../../src/console/administration/settings/reasons/reasons.js';
import type { ConsolePerson, Language } from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { openStaff } from '../../../src/house/console/open-staff.js';
import { PASSWORD } from '../../config/fixture.js';
import { ConsoleDesk, pageOf } from '../support/console-desk.js';

const HOSTILE = '<script>alert(1)</script>\u202E=cmd';

let desk: ConsoleDesk;
let staff: ReturnType<typeof openStaff>;
let administrator: ConsolePerson;
beforeAll(async () => {
  desk = await ConsoleDesk.open((settings) => {
    settings.limits = {};
    settings.console = { proposalHours: 12 };
    settings.clients = Array.from({ length: 30 }, (_, n) => ({
      ...structuredClone(settings.clients[0]),
      id: `client-${String(n).padStart(2, '0')}`,
      certificates: [`${String(n).padStart(2, '0')}`.repeat(32)],
      institution: n === 7 ? HOSTILE.replace('\u202E', '') : 'Birlik',
    }));
  });
  staff = openStaff(desk.parts());
  administrator = await desk.person(1, [{ role: 'administrator' }]);
});
afterAll(() => desk?.close());

const settings = async (query: Readonly<Record<string, string>> = {}, language: Language = 'tr') =>
  pageOf(await staff.handlers.settings(desk.call('settings', administrator, { query, language })));
const reasonOf = async (ara: string) => rows(await settings({ ara }))[0]?.[3];
const bothReasons = (path: string) => {
  const en = settingsTable().find((one) => one.path === path)?.reason;
  return { tr: TURKISH_REASONS.get(path), en };
};
const clients = async (query: Readonly<Record<string, string>> = {}) =>
  pageOf(await staff.handlers.clients(desk.call('clients', administrator, { query })));
const rows = ({ parts }: Page) => {
  const table = parts.find((one) => one.part === 'table');
  return table?.part === 'table' ? table.rows : [];
};
const nextOf = ({ parts }: Page) => {
  const pager = parts.find((one) => one.part === 'pager');
  return pager?.part === 'pager' ? pager.next : null;
};

/** Every row, over the pages. */
async function all(read: (query: Readonly<Record<string, string>>) => Promise<Page>, most: number) {
  const found: string[] = [];
  let query: Readonly<Record<string, string>> = {};
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await read(query);
    expect(rows(page).length).toBeLessThanOrEqual(most);
    found.push(...rows(page).map(([cell]) => JSON.stringify(cell)));
    const next = nextOf(page);
    if (next === null) return found;
    query = Object.fromEntries(new URL(next, 'https://konsol').searchParams);
  }
  throw new Error('the pages do not end');
}

describe('the page of settings', () => {
  it('shows each setting in force once, a hundred at a time', async () => {
    const paths = [...flatSettings(desk.config).keys()].map((code) => JSON.stringify({ code }));
    expect(await all(settings, 100)).toEqual(paths);
  });

  it('shows no secret and no person that the settings name', async () => {
    for (const ara of ['password', 'key', 'User', 'url']) {
      const html = desk.html(await settings({ ara }), administrator);
      for (const hidden of [PASSWORD, 'birinci@example.org', 'İkinci Kişi', desk.test.appUrl])
        expect(html).not.toContain(hidden);
    }
    const [row] = rows(await settings({ ara: 'accounts[ticaret].password' }));
    expect(row?.slice(0, 2)).toEqual([{ code: 'accounts[ticaret].password' }, { code: '***' }]);
  });

  it('tells a default from what was given, with the reason of the schema', async () => {
    const [given] = rows(await settings({ ara: 'console.proposalHours' }));
    expect(given).toEqual([
      { code: 'console.proposalHours' },
      { code: '12' },
      { tr: 'ayar dosyası', en: 'settings file' },
      {
        tr: expect.stringContaining('ikinci kişiyi ne kadar beklediği'),
        en: expect.stringContaining('waits for the second person'),
      },
    ]);
    const [left] = rows(await settings({ ara: 'console.uploadMaxMb' }));
    expect(left?.[2]).toEqual({ tr: 'varsayılan', en: 'default' });
    const [listed] = rows(await settings({ ara: 'clients[client-03].sourceAddresses[0]' }));
    expect(listed?.[2]).toEqual({ tr: 'ayar dosyası', en: 'settings file' });
  });

  it('gives items of lists, and of lists in them, the reason of their row', async () => {
    expect(await reasonOf('clients[client-03].sourceAddresses[1]')).toEqual(
      bothReasons('clients[].sourceAddresses'),
    );
    expect(await reasonOf('clients[client-29].institution')).toEqual(bothReasons('clients[].institution'));
    expect(await reasonOf('audit.tagKeys[1].key')).toEqual(bothReasons('audit.tagKeys[].key'));
    expect(await reasonOf('accounts[ticaret].agreement.services[0]')).toEqual(
      bothReasons('accounts[].agreement.services'),
    );
  });

  it('has a reason for each setting in force, which the Turkish page shows in Turkish and the English one in English', async () => {
    const without: unknown[] = [];
    for (let sonra: string | null = ''; sonra !== null; ) {
      const page: Page = await settings({ sonra });
      const html = { tr: desk.html(page, administrator, 'tr'), en: desk.html(page, administrator, 'en') };
      for (const [path, , , reason] of rows(page)) {
        if (typeof reason !== 'object' || !('tr' in reason)) without.push(path);
        else {
          expect(html.tr).toContain(reason.tr);
          expect(html.tr).not.toContain(reason.en);
          expect(html.en).toContain(reason.en);
          expect(html.en).not.toContain(reason.tr);
        }
      }
      const next = nextOf(page);
      sonra = next === null ? null : new URL(next, 'https://konsol').searchParams.get('sonra');
    }
    expect(without).toEqual([]);
    // A group that is not set has its own, not that of the list around it.
    expect(await reasonOf('accounts[ticaret].budget')).toEqual(bothReasons('accounts[].budget'));
  });

  it('searches the reasons of the language shown, in capitals as well', async () => {
    const both = rows(await settings({ ara: 'console.proposalHours' }));
    expect(both).toHaveLength(1);
    const found = async (ara: string, language: Language) => rows(await settings({ ara }, language));
    expect(await found('konsoldaki bir kararın İKİNCİ KİŞİYİ', 'tr')).toEqual(both);
    expect(await found('KONSOLDAKİ BİR KARARIN', 'tr')).toEqual(both);
    expect(await found('konsoldaki bir kararın', 'en')).toEqual([]);
    expect(await found('a decision of the CONSOLE', 'en')).toEqual(both);
    expect(await found('a decision of the console', 'tr')).toEqual([]);
  });

  it('finds by any part of path, value or reason, and shows a hostile search harmlessly', async () => {
    expect(rows(await settings({ ara: 'PROPOSALHOURS' })).length).toBeGreaterThan(0);
    const html = desk.html(
      await settings({ ara: `${HOSTILE}${'x'.repeat(300)}`, sonra: HOSTILE }),
      administrator,
    );
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('Aranan ayar yok');
  });

  it('opens for administrators alone', async () => {
    const officer = await desk.person(2, [{ role: 'security-officer' }]);
    for (const id of ['settings', 'clients', 'webhooks'] as const)
      expect(() => desk.call(id, officer)).toThrow('ROLE_REQUIRED');
  });
});

describe('the page of clients', () => {
  it('shows each registered client once, twenty-five at a time, as the settings have it', async () => {
    const found = await all(clients, 25);
    expect(found.map((row) => /client-\d\d/.exec(row)?.[0])).toEqual(desk.config.clients.map(({ id }) => id));
    const [first] = rows(await clients());
    expect((await clients()).parts.at(-1)).toMatchObject({ part: 'pager', first: null });
    expect((await clients({ sonra: 'client-03' })).parts.at(-1)).toMatchObject({
      first: '/konsol/yonetim/istemciler',
    });
    const [client] = desk.config.clients;
    expect(first?.[3]).toEqual({ lines: client?.certificates.map((code) => ({ code })) });
    expect(first?.[4]).toEqual({ lines: [{ code: '127.0.0.1/32' }, { code: '::1/128' }] });
  });

  it('shows a hostile name harmlessly and begins from the first where the place is none of ours', async () => {
    const html = desk.html(await clients({ sonra: HOSTILE }), administrator);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('client-00');
  });
});
