import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS, type AccessId } from '../../src/console/access.js';
import type { AccessRow } from '../../src/console/access-row.js';
import { EntryLook } from '../support/browser-entries.js';
import { ConsoleTab } from '../support/console-tab.js';
import { processesIn } from '../support/sandbox-run.js';
import { type System, startSystem } from '../support/system.js';
import { People } from '../support/system-people.js';
import { type Shown, SigningIn } from '../support/system-sign-in.js';

const SCRIPT = '<script>alert(1)</script>';
const HOSTILE = [
  SCRIPT,
  '"><img src=x onerror=alert(1)>',
  '\u202E\u200F',
  'ğ'.repeat(300),
  "' OR 1=1 --",
  '-1',
  '9'.repeat(40),
  '{{7*7}}<%= 7*7 %>',
  '%00%0d%0aSet-Cookie: a=b',
  '__proto__',
];
/** Every name that a page of the console reads behind the question mark, and some that none does. */
const NAMES =
  'ara soz don dil kirilim ceyrek sonra once durum rol donem bakis kapat al unvan mersis sinif gun bas son bicim okuma hesap hizmet gorunum imlec il tur cursor sayfa'.split(
    ' ',
  );
const ROLES = ['security-officer', 'finance', 'administrator', 'directorate'] as const;

let system: System;
let signing: SigningIn;
let people: People;
let look: EntryLook;
const tabs = new Map<string, ConsoleTab>();

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 20 });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  look = new EntryLook(system);
  for (const role of ROLES) {
    const { kimlikNo } = people.staff((one) => one.split(':')[0] === role);
    tabs.set(
      role,
      await ConsoleTab.open(
        signing,
        people.person((one) => one.kimlikNo === kimlikNo),
      ),
    );
  }
  await tabOf('finance').stepUp();
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

const tabOf = (role: string): ConsoleTab => tabs.get(role) as ConsoleTab;
const ROWS = Object.entries(ACCESS) as readonly (readonly [AccessId, AccessRow])[];
/** Pages that this role opens; an example of each address. `parameter`: what stands for each. */
const pathsOf = (role: string, parameter: string): string[] =>
  ROWS.filter(
    ([, { audience, method }]) =>
      method === 'GET' && (typeof audience === 'string' || (audience as readonly string[]).includes(role)),
  ).map(([, { path }]) => path.replaceAll(/:[A-Za-z]+/g, encodeURIComponent(parameter)));

function expectNotReflected(path: string, { headers, status, text }: Shown): void {
  expect([path.slice(0, 80), status < 500]).toEqual([path.slice(0, 80), true]);
  expect([path, /<script>alert|<img src=x/.test(text)]).toEqual([path, false]);
  expect(JSON.stringify(headers)).not.toMatch(/"a=b|<script/);
}

describe('what stands in an address', () => {
  it.each(ROLES)('behind the question mark is never shown raw, and breaks no page of %s', async (role) => {
    for (const value of HOSTILE) {
      const query = new URLSearchParams(
        // An address has an end: what is long stands in three places.
        NAMES.slice(0, value.length > 100 ? 3 : NAMES.length).map((name): [string, string] => [name, value]),
      );
      // A number of eleven digits and more is nobody's here; it is looked at below.
      for (const path of pathsOf(role, '1'))
        expectNotReflected(path, await tabOf(role).get(`${path}?${query}`));
    }
  });

  it.each(ROLES)('in place of an id is not found, and breaks no page of %s', async (role) => {
    for (const value of HOSTILE.filter((one) => one.length < 1000))
      for (const path of pathsOf(role, value)) expectNotReflected(path, await tabOf(role).get(path));
  });

  it('leads nobody elsewhere, and says nothing that is not ours', async () => {
    const officer = tabOf('security-officer');
    for (const away of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/konsol/..//evil.example',
      '/konsol/%2e%2e/',
    ]) {
      const { location } = await officer.get(`/konsol/dil?dil=tr&don=${encodeURIComponent(away)}`);
      expect([away, location?.href]).toEqual([away, `${system.sandbox.web}/konsol`]);
    }
    const told = await officer.tab.get('/konsol/oturumlarim?soz=approved', {
      'sec-fetch-site': 'cross-site',
    });
    expect(told.text).not.toContain('role="status"');
  });
});

describe('a person’s number', () => {
  it('that is written into an address or a text stands in no entry and no line of the process’s log', async () => {
    const { kimlikNo } = people.subject(7);
    await look.since();
    for (const role of ROLES)
      for (const path of [...pathsOf(role, kimlikNo), `/konsol/${kimlikNo}`])
        await tabOf(role).get(`${path}?ara=${kimlikNo}&unvan=${kimlikNo}&sonra=${kimlikNo}&soz=${kimlikNo}`);
    const wrong = await tabOf('security-officer').send('/konsol/guvenlik/arama', {
      ...{ authority: `${kimlikNo} için`, documentNo: kimlikNo, date: '2026-01-05' },
    });
    expect(wrong.status).toBe(422);
    const tariff = await tabOf('finance').send('/konsol/mali/tarife', { gerekce: `kişi ${kimlikNo}` });
    expect(tariff.status).toBe(422);
    const entries = await look.since();
    expect(entries.length).toBeGreaterThan(50);
    expect(entries.filter((entry) => JSON.stringify(entry).includes(kimlikNo))).toEqual([]);
    expect(system.bridge.log()).not.toContain(kimlikNo);
  });
});

describe('files that are no figures', () => {
  const MIB = 1024 * 1024;

  async function upload(name: string, bytes: Buffer, csrf = tabOf('finance').csrf): Promise<Shown> {
    const boundary = 'konsol-sinir';
    const field = (one: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${one}"\r\n\r\n${value}\r\n`;
    const head = [
      field('csrf', csrf),
      field('hesap', account()),
      ...[field('ilk', '2026-07-01'), field('son', '2026-09-30')],
      `--${boundary}\r\nContent-Disposition: form-data; name="dosya"; filename="${name}"\r\n`,
      'Content-Type: application/octet-stream\r\n\r\n',
    ].join('');
    return tabOf('finance').tab.ask('POST', '/konsol/mali/mutabakat', {
      headers: {
        origin: system.sandbox.web,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    });
  }

  const account = () =>
    /accounts:\n\s*- id: (\S+)/.exec(readFileSync(system.layout.configFile, 'utf8'))?.[1] ?? '';
  const taken = async () =>
    (await system.sql("SELECT count(*)::int AS n FROM bridge.entry WHERE kind = 'figures.imported'"))[0].n;

  it('eleven megabytes are refused, before anything is read', async () => {
    await look.since();
    const { content, status } = await upload('buyuk.csv', Buffer.alloc(11 * MIB, 'a'));
    expect([status, content.code]).toEqual([413, 'BODY_TOO_LARGE']);
    expect((await look.since(/^console\./)).map(({ data }) => [data.action, data.code])).toEqual([
      ['reconciliation.upload', 'BODY_TOO_LARGE'],
    ]);
  });

  it('a workbook that unpacks to half a gigabyte is refused beside its field, quickly and within memory', async () => {
    const started = Date.now();
    const before = residentKb();
    const { content, status, text } = await upload('bomba.xlsx', bomb());
    expect([status, content.page]).toEqual([422, 'reconciliation.upload']);
    expect(text).toMatch(/class="[^"]*error/);
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(residentKb() - before).toBeLessThan(300 * 1024);
  });

  it.each([
    ['a program with the name of a workbook', 'sayilar.xlsx', Buffer.from('MZ\u0090\u0000\u0003', 'latin1')],
    ['a PDF', 'sayilar.pdf', Buffer.from('%PDF-1.7\n%%EOF\n')],
    ['a page of HTML with the name of a table', 'sayilar.csv', Buffer.from(`<html>${SCRIPT}</html>`)],
    ['a table whose headings are hostile', 'sayilar.csv', Buffer.from(`${SCRIPT};=cmd|x\n1;2\n`)],
    ['nothing', 'bos.csv', Buffer.alloc(0)],
    ['bytes that are no text', 'sayilar.csv', Buffer.from([0xff, 0xfe, 0x00, 0x01, 0xc3])],
    ['a name that is hostile', `${SCRIPT.replaceAll('"', '')}.csv`, Buffer.from('a;b\n1;2\n')],
    ['a name that climbs', '../../../etc/passwd.csv', Buffer.from('a;b\n1;2\n')],
  ])('%s is refused beside its field, and nothing is taken in', async (_what, name, bytes) => {
    const shown = await upload(name, bytes);
    expect([shown.status, shown.content.page, shown.content.code]).toEqual([
      422,
      'reconciliation.upload',
      null,
    ]);
    expectNotReflected(name, shown);
    expect(await taken()).toBe(0);
  });

  it('a file of another session’s form is refused', async () => {
    const { content, status } = await upload('a.csv', Buffer.from('a;b\n'), tabOf('administrator').csrf);
    expect([status, content.code]).toEqual([403, 'FORM_INVALID']);
  });

  /** What the bridge holds of the machine's memory. */
  function residentKb(): number {
    const running = processesIn(system.layout.directory).filter(({ command }) => command.includes('cli.js'));
    const sizes = running.map(({ pid }) => {
      const [, size = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return Number(size);
    });
    expect(sizes).not.toEqual([]);
    return Math.max(...sizes);
  }
});

/** A workbook of a few hundred kilobytes whose only sheet is half a gigabyte of spaces. */
function bomb(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'konsol-'));
  execFileSync('python3', ['-c', BOMB], { cwd: folder });
  return readFileSync(join(folder, 'bomb.xlsx'));
}

const BOMB = `
import zipfile
M = 'http://schemas.openxmlformats.org/'
with zipfile.ZipFile('bomb.xlsx', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('[Content_Types].xml', '<Types xmlns="%spackage/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>' % M)
    z.writestr('_rels/.rels', '<Relationships xmlns="%spackage/2006/relationships"><Relationship Id="r1" Type="%sofficeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>' % (M, M))
    z.writestr('xl/workbook.xml', '<workbook xmlns="%sspreadsheetml/2006/main" xmlns:r="%sofficeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>' % (M, M))
    z.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="%spackage/2006/relationships"><Relationship Id="r1" Type="%sofficeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>' % (M, M))
    with z.open('xl/worksheets/sheet1.xml', 'w') as s:
        s.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
        for _ in range(512): s.write(b' ' * (1 << 20))
        s.write(b'</sheetData></worksheet>')
`;
