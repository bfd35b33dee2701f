import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import {
  fetchCheckpoint,
  hashOfLine,
  readCheckpoint,
  type SeenCheckpoint,
  treeHash,
} from '../support/public-files.js';
import { BUILT, type System, startSystem, type Yaml } from '../support/system.js';
import { Asking, until } from '../support/system-asking.js';

const NEXT = 'log.example/after-the-loss';

let system: System;
let asking: Asking;
let vkey: string;
/** The head that stood outside the database when the backup was brought back. */
let lost: SeenCheckpoint;
let tokens: { admin: string; officer: string; otherOfficer: string };

beforeAll(async () => {
  system = await startSystem();
  asking = new Asking(system);
  vkey = await lastKey();
  const file = async (is: string, place = 0) => {
    const person = system.sandbox.people.filter((one) => one.is.includes(is) && one.stepUpTotp !== null)[
      place
    ];
    const token = await signIn(system.sandbox, person?.kimlikNo ?? '', {
      client: 'koopbis-core',
      stepUp: true,
    });
    const path = join(system.layout.secrets, `token-${is}-${place}`);
    writeFileSync(path, token, { mode: 0o600 });
    return path;
  };
  tokens = {
    admin: await file('administrator'),
    officer: await file('security-officer'),
    otherOfficer: await file('security-officer', 1),
  };
  expect((await asking.ask()).status).toBe(200);
  // Rights on a database are not copied with it.
  await admin(
    'CREATE DATABASE backup OWNER bridge_owner TEMPLATE bridge',
    'REVOKE ALL ON DATABASE backup FROM PUBLIC',
    'GRANT CONNECT ON DATABASE backup TO bridge_app',
  );
  for (let i = 0; i < 8; i += 1) expect((await asking.ask()).status).toBe(200);
  const size = await asking.entries();
  await until(async () => readWitness().size >= size);
  lost = readWitness();
  await system.bridge.kill9();
  await admin('ALTER DATABASE bridge RENAME TO lost', 'ALTER DATABASE backup RENAME TO bridge');
});
afterAll(() => system?.stop());

async function lastKey(): Promise<string> {
  const [row] = await system.sql(
    `SELECT line FROM bridge.entry WHERE kind = 'log.key-changed' ORDER BY leaf_index DESC LIMIT 1`,
  );
  return JSON.parse(row.line).data.to;
}

const readWitness = (key = vkey) => readCheckpoint(readFileSync(system.layout.checkpointFile, 'utf8'), key);

/** Statements that need the database `bridge` without anybody in it; whoever comes back meanwhile is sent away again. */
async function admin(...statements: string[]): Promise<void> {
  const client = new pg.Client({
    connectionString: system.sandbox.database.replace(/\/[^/]*$/, '/postgres'),
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('ALTER DATABASE bridge WITH ALLOW_CONNECTIONS false');
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bridge'`);
    await until(async () => {
      const { rowCount } = await client.query(`SELECT 1 FROM pg_stat_activity WHERE datname = 'bridge'`);
      return rowCount === 0;
    });
    for (const statement of statements) await client.query(statement);
    await client.query('ALTER DATABASE bridge WITH ALLOW_CONNECTIONS true');
  } finally {
    await client.end();
  }
}

function change(apply: (yaml: Yaml) => void): void {
  const yaml = parse(readFileSync(system.layout.configFile, 'utf8'));
  apply(yaml);
  writeFileSync(system.layout.configFile, stringify(yaml), { mode: 0o600 });
}

function bridge(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, BRIDGE_CONFIG: system.layout.configFile };
  return new Promise((resolve) =>
    execFile(process.execPath, [join(BUILT, 'src/cli.js'), ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    ),
  );
}

const goOn = (first = tokens.admin, second = tokens.officer, reason = 'Yedekten dönüldü, disk arızası') =>
  bridge(
    'audit',
    'continue',
    '--token-file',
    first,
    '--second-token-file',
    second,
    '--reason',
    reason,
    '--json',
  );

describe('after a backup was restored', () => {
  it('the bridge does not start, and says why and where to read on', async () => {
    await expect(system.bridge.start()).rejects.toThrow(/LOG_SHORTER/);
    const log = system.bridge.log();
    expect(log).toMatch(
      new RegExp(`entries, but ${lost.size} were signed: the database was restored from a backup`),
    );
    expect(log).toContain('docs/recipes.md');
    expect(readWitness().note).toBe(lost.note);
  });

  it('nobody goes on under the old name', async () => {
    expect(await goOn()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/audit\.origin still names a log/),
    });
    expect(readWitness().note).toBe(lost.note);
  });

  it('a new name alone does not start it either', async () => {
    change((yaml) => {
      yaml.audit.origin = NEXT;
    });
    await expect(system.bridge.start()).rejects.toThrow(/bridge audit continue/);
  });

  it('two persons must let it go on, an administrator and a security officer, for a reason without a number', async () => {
    const alone = await goOn(tokens.admin, tokens.admin);
    expect([alone.code, alone.err]).toEqual([
      1,
      expect.stringMatching(/ROLE_REQUIRED|SECOND_PERSON_REQUIRED/),
    ]);
    const officers = await goOn(tokens.officer, tokens.otherOfficer);
    expect([officers.code, officers.err]).toEqual([1, expect.stringContaining('ROLE_REQUIRED')]);
    const number = system.sandbox.people[0]?.kimlikNo ?? '';
    const named = await goOn(tokens.admin, tokens.officer, `kişi ${number}`);
    expect(named.code).toBe(2);
    expect(named.err).not.toContain(number);
    expect(readWitness().note).toBe(lost.note);
  });

  it('they do: the entry says what was lost, the old witness is kept, the bridge serves under the new name', async () => {
    const done = await goOn();
    expect(done).toMatchObject({ code: 0 });
    const told = JSON.parse(done.out);
    expect(told).toMatchObject({ oldOrigin: lost.origin, newOrigin: NEXT, leafIndex: expect.any(Number) });
    await system.bridge.start();
    const [row] = await system.sql(
      `SELECT leaf_index::int AS leaf, line FROM bridge.entry WHERE kind = 'log.continued'`,
    );
    expect(row.leaf).toBe(told.leafIndex);
    const { data, sealed } = JSON.parse(row.line);
    expect(data).toMatchObject({
      oldOrigin: lost.origin,
      oldSize: lost.size,
      oldRoot: lost.root.toString('base64'),
      oldNote: lost.note,
      newOrigin: NEXT,
      reason: 'Yedekten dönüldü, disk arızası',
      actor: { acr: 'urn:koopbis:acr:step-up' },
      second: { acr: 'urn:koopbis:acr:step-up' },
    });
    expect(data.heldSize).toBeLessThan(lost.size);
    expect(data.heldRoot).toBe(treeHash(await linesTo(data.heldSize)).toString('base64'));
    expect(Object.keys(sealed).sort()).toEqual(['actor.number', 'second.number']);
    const folder = dirname(system.layout.checkpointFile);
    const [kept = '', ...more] = readdirSync(folder).filter(
      (name) => name !== basename(system.layout.checkpointFile),
    );
    expect(more).toEqual([]);
    expect(readFileSync(join(folder, kept), 'utf8')).toBe(lost.note);
  });

  it('every head under the new name is one of the tree that goes on; none was ever signed that contradicts it', async () => {
    const key = await lastKey();
    expect(key.startsWith(`${NEXT}+`)).toBe(true);
    const { body } = await asking.ask();
    const { web, ca } = system.sandbox;
    await until(async () => (await fetchCheckpoint(web, ca, key)).size > body.receipt.leafIndex);
    const rows = await system.sql('SELECT origin, size::int, root FROM bridge.log_checkpoint');
    const ours = rows.filter(({ origin }) => origin === NEXT);
    expect(ours.length).toBeGreaterThan(0);
    for (const { size, root } of ours) expect(treeHash(await linesTo(size))).toEqual(root);
    expect(readWitness(key).origin).toBe(NEXT);
  });

  it('and it is not done twice', async () => {
    expect(await goOn()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/audit\.origin still names a log/),
    });
  });
});

const linesTo = async (size: number) =>
  (await system.sql('SELECT line FROM bridge.entry WHERE leaf_index < $1 ORDER BY leaf_index', [size])).map(
    (row) => hashOfLine(row.line),
  );
