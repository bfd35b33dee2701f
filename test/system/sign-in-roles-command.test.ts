import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import { type Form, formWith } from '../../mocks/sandbox/walk/read-page.js';
import { type System, startSystem } from '../support/system.js';
import { bridgeCommand, type CommandRan } from '../support/system-command.js';
import { People } from '../support/system-people.js';
import { codeOf, mark, SigningIn } from '../support/system-sign-in.js';

type Person = ReturnType<People['nobody']>;

let system: System;
let signing: SigningIn;
let people: People;
let admin: Person;
let officer: Person;
/** With step-up, of one sign-in each; both live for minutes. */
let adminToken: string;
let officerToken: string;
/** Files of tokens. */
let adminFile: string;
let officerFile: string;
/** Persons without a role who can sign in. */
let nobodies: readonly Person[];
/** Everything that a command wrote. */
const written: string[] = [];

beforeAll(async () => {
  system = await startSystem({ people: 400, cooperatives: 40 });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  admin = people.person(({ is }) => is.includes('administrator'));
  officer = people.person(({ is }) => is.includes('security-officer'));
  nobodies = system.sandbox.people.filter(
    ({ is, durum, edevletTotp }) => is.includes('nobody') && durum === 'açık' && edevletTotp !== null,
  );
  const stepped = (person: Person) =>
    signIn(system.sandbox, person.kimlikNo, { client: 'koopbis-core', stepUp: true });
  [adminToken, officerToken] = [await stepped(admin), await stepped(officer)];
  [adminFile, officerFile] = [inFile('admin', adminToken), inFile('officer', officerToken)];
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

function inFile(name: string, text: string): string {
  const file = join(system.layout.directory, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

async function run(args: readonly string[], input = ''): Promise<CommandRan> {
  const ran = await bridgeCommand(system, args, input);
  written.push(ran.out, ran.err);
  return ran;
}

const refusal = (code: string) => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^${code}: `)),
});

async function decisions(from: number) {
  const entries = await signing.entries(from);
  return entries.filter(({ kind }) => kind === 'role.decided').map(({ data }) => data);
}

describe('bridge roles grant', () => {
  it('--bootstrap is refused while an administrator exists', async () => {
    const [one] = nobodies;
    const ran = await run(['roles', 'grant', 'administrator', '--bootstrap'], one?.kimlikNo);
    expect(ran).toMatchObject(refusal('STATE_CONFLICT'));
    const command = 'roles grant --bootstrap';
    expect((await signing.entries()).slice(-2)).toMatchObject([
      { kind: 'command.run', data: { command } },
      {
        kind: 'command.refused',
        data: { actor: null, code: 'STATE_CONFLICT', command, reason: 'administrator-exists' },
      },
    ]);
  });

  it('gives administrator only by two persons, and nobody is both of them', async () => {
    const number = nobodies[0]?.kimlikNo as string;
    const alone = ['roles', 'grant', 'administrator', '--token-file', adminFile];
    expect(await run(alone, number)).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    expect(await run([...alone, '--second-token-file', adminFile], number)).toMatchObject(
      refusal('SECOND_PERSON_REQUIRED'),
    );
    const from = await signing.size();
    const both = [...alone, '--second-token-file', officerFile];
    expect(await run(both, number)).toMatchObject({ code: 0, err: '' });
    const [decided] = await decisions(from);
    expect(decided).toMatchObject({ decision: 'granted', role: 'administrator', bootstrap: false });
    expect(decided.second.session).not.toBe(decided.actor.session);
  });

  it('asks for step-up', async () => {
    const plain = await signIn(system.sandbox, admin.kimlikNo, { client: 'koopbis-core', stepUp: false });
    expect(await run(['roles', 'grant', 'finance'], `${plain}\n${nobodies[1]?.kimlikNo}`)).toMatchObject(
      refusal('STEP_UP_REQUIRED'),
    );
  });

  it('refuses a pair that must not meet in one person', async () => {
    const input = `${adminToken}\n${officer.kimlikNo}`;
    expect(await run(['roles', 'grant', 'finance'], input)).toMatchObject(refusal('STATE_CONFLICT'));
  });

  it('gives a role that counts with the person’s next call, and takes it away with the session that has nothing left', async () => {
    const chosen = nobodies[2] as Person;
    const { il, ilgiliBakanlik: ministry, mersisNo } = people.cooperative(({ durum }) => durum === 'faal');
    const role = `directorate:${ministry}/${il}`;
    const { accessToken } = await signing.tokens(chosen);
    const { kimlikNo, ad, soyad, dogumTarihi } = people.subject();
    const body = {
      purpose: 'resen-kontrol',
      cooperative: mersisNo,
      subject: { kimlikNo, ad, soyad, dogumTarihi },
    };
    expect((await system.call({ token: accessToken, body })).status).toBe(403);
    expect(await run(['roles', 'grant', role], `${adminToken}\n${chosen.kimlikNo}`)).toMatchObject({
      code: 0,
    });
    expect((await system.call({ token: accessToken, body })).status).toBe(200);
    expect(await run(['roles', 'revoke', role], `${adminToken}\n${chosen.kimlikNo}`)).toMatchObject({
      code: 0,
    });
    expect((await system.call({ token: accessToken, body })).body.code).toBe('TOKEN_INVALID');
    const anew = await signing.tokens(chosen);
    expect((await system.call({ token: anew.accessToken, body })).body.code).toBe(
      'NOT_AUTHORISED_FOR_COOPERATIVE',
    );
  });
});

describe('bridge roles import', () => {
  const LETTER = ['--letter-no', 'E-45.01', '--letter-date', '2026-05-04'];

  it('grants what stands in a file, all of it on one letter', async () => {
    const [one, two] = nobodies.slice(10, 12) as [Person, Person];
    const file = inFile(
      'roles.csv',
      `\uFEFFkimlikNo;role\r\n${one.kimlikNo};ministry-central:ticaret\r\n${two.kimlikNo};directorate:tarim/Van\r\n`,
    );
    const from = await signing.size();
    const ran = await run(['roles', 'import', file, ...LETTER, '--token-file', adminFile, '--json']);
    expect([ran.code, ran.err, JSON.parse(ran.out).granted]).toEqual([0, '', 2]);
    const decided = await decisions(from);
    expect(decided.map(({ letter }) => letter)).toEqual(Array(2).fill({ no: 'E-45.01', date: '2026-05-04' }));
  });

  it('grants nothing where one line is wrong, and says which without saying whose', async () => {
    const [one, two] = nobodies.slice(12, 14) as [Person, Person];
    const file = inFile(
      'bad.csv',
      `${one.kimlikNo};finance\n${two.kimlikNo}0;finance\n${two.kimlikNo};king\n`,
    );
    const from = await signing.size();
    const ran = await run(['roles', 'import', file, ...LETTER, '--token-file', adminFile]);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/line 2: IDENTITY_NUMBER_INVALID/);
    expect(ran.err).toMatch(/line 3: REQUEST_INVALID/);
    expect(ran.err).toContain('nothing was granted');
    expect(await decisions(from)).toEqual([]);
  });
});

describe('bridge sessions', () => {
  it('lists the living ones without naming anybody, and ends one at once', async () => {
    const person = nobodies[3] as Person;
    const { accessToken, tab } = await signing.tokens(person);
    const input = `${officerToken}\n${JSON.stringify({ person: person.kimlikNo })}`;
    const ran = await run(['sessions', 'list', '--person', '--json'], input);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const [session] = JSON.parse(ran.out).sessions;
    expect(session).toMatchObject({ acr: 'urn:koopbis:acr:two-step', clients: ['koopbis-core'] });
    const reason = JSON.stringify({ reason: 'Görevden ayrıldı' });
    const end = (token: string) => run(['sessions', 'end', session.sessionId], `${token}\n${reason}`);
    expect(await end(officerToken)).toMatchObject(refusal('ROLE_REQUIRED'));
    expect(await end(accessToken)).toMatchObject(refusal('ROLE_REQUIRED'));
    expect((await tab.get('/hesabim')).status).toBe(200);
    expect(await end(adminToken)).toMatchObject({ code: 0, err: '' });
    expect((await tab.get('/hesabim')).location?.pathname).toBe('/oidc/auth');
    expect(await end(adminToken)).toMatchObject(refusal('STATE_CONFLICT'));
  });

  it('tells its use where it is used wrongly: exit 2', async () => {
    for (const args of [['sessions'], ['sessions', 'end'], ['sessions', 'end', 'x'], ['sessions', 'stop']])
      expect((await run(args, adminToken)).code).toBe(2);
    expect((await run(['sessions', '--help'])).code).toBe(0);
  });
});

describe('bridge step-up reset', () => {
  it('takes a lost second step away: its codes are worth nothing, and a new one is set up after a fresh sign-in', async () => {
    const inspector = people.person(({ is }) => is.includes('log-inspector'));
    const body = JSON.stringify({ person: inspector.kimlikNo, reason: 'Telefon kayboldu' });
    expect(await run(['step-up', 'reset'], `${officerToken}\n${body}`)).toMatchObject(
      refusal('ROLE_REQUIRED'),
    );
    expect(await run(['step-up', 'reset'], `${adminToken}\n${body}`)).toMatchObject({ code: 0, err: '' });
    expect((await signing.entries()).at(-1)).toMatchObject({
      kind: 'step-up.removed',
      data: { reason: 'Telefon kayboldu' },
    });
    expect(await run(['step-up', 'reset'], `${adminToken}\n${body}`)).toMatchObject(refusal('NOT_FOUND'));
    const tab = signing.tab();
    await signing.signIn(tab, inspector);
    const asked = { acr_values: 'urn:koopbis:acr:step-up' };
    const missing = await signing.onward(tab, signing.begin('koopbis-core', asked).url);
    expect(missing.content.page).toBe('step-up-missing');
    const page = await tab.get('/hesabim/ikinci-adim');
    const [, shown = ''] = /<code class="secret">([A-Z2-7\s]+)<\/code>/.exec(page.text) ?? [];
    const form = formWith(page.content, 'kod', 'csrf') as Form;
    const done = await tab.submit(page, form, { kod: codeOf(shown.replaceAll(/\s/g, '')) });
    expect(mark(done).slice(0, 2)).toEqual([200, 'recovery-codes']);
  });
});

describe('after all of it', () => {
  it('no identity number, name or token stands in anything that a command wrote', () => {
    const text = written.join('\n');
    const named = [admin, officer, ...nobodies].filter(({ kimlikNo }) => text.includes(kimlikNo));
    expect([named, text.includes(adminToken), text.includes(officerToken)]).toEqual([[], false, false]);
  });

  it('the log and the tables of roles tell the same: audit check', async () => {
    expect(await run(['audit', 'check'])).toMatchObject({ code: 0 });
  });
});
