import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import { doctorCommand } from '../../src/commands/doctor.js';
import { migrateCommand } from '../../src/commands/migrate.js';
import { type RunningBridge, startBridge } from '../../src/main.js';
import { silentLog } from '../../src/telemetry/log.js';
import { asOwner } from '../audit/support/log.js';
import { type Loose, makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { run } from './support.js';

let workplace: Workplace;
let test: TestDatabase;
let running: RunningBridge | undefined;

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase();
});

afterEach(async () => {
  await running?.stop('test');
  running = undefined;
});

afterAll(async () => {
  await test.drop();
  workplace.remove();
});

const urls = () => ({ APP_URL: test.appUrl, OWNER_URL: test.ownerUrl });

function load(change: (settings: Loose) => void = () => undefined) {
  return workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, ownerUrl: { env: 'OWNER_URL' } };
    settings.listeners.service.port = 0;
    settings.listeners.web.port = 0;
    settings.audit.timestamps = { authorities: [] };
    settings.listeners.ops = { port: 0 };
    settings.kps.sts.url = 'https://127.0.0.1:1/sts';
    settings.kps.routing.url = 'https://127.0.0.1:1/kps';
    change(settings);
  }, urls());
}

async function start(change?: (settings: Loose) => void): Promise<RunningBridge> {
  running = await startBridge(await load(change), silentLog, () => undefined);
  return running;
}

const get = (bridge: RunningBridge, path: string) => fetch(`http://127.0.0.1:${bridge.ports.ops}${path}`);

const connections = async () => {
  const text =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'bridge%'";
  return (await test.db.query({ text })).rows.length;
};

/** The server takes a moment to notice that a client has gone. */
async function untilDisconnected(): Promise<void> {
  while ((await connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

const command = async (name: string, ...args: string[]) => {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ migrate: migrateCommand, doctor: doctorCommand }, [name, ...args], env);
};

/** Commands whose use stands in the log; none before there is one. */
async function uses(): Promise<readonly string[]> {
  const there = await test.db.query({ text: "SELECT 1 WHERE to_regclass('bridge.entry') IS NOT NULL" });
  if (there.count === 0) return [];
  const text = "SELECT line FROM bridge.entry WHERE kind = 'command.run' ORDER BY leaf_index";
  const { rows } = await test.db.query<{ line: string }>({ text });
  return rows.map(({ line }) => checkLine(line).data.command as string);
}

describe('a bridge over a database that somebody else runs', () => {
  it('is refused by an empty one where migrations are a person’s to run; bridge migrate brings it up, once', async () => {
    const byHand = (settings: Loose) => {
      settings.database.migrateOnStart = false;
    };
    await expect(start(byHand)).rejects.toMatchObject({ code: 'SCHEMA_OLDER' });
    await untilDisconnected();
    const early = await command('doctor');
    expect(early.out).toMatch(/^FAIL database: SCHEMA_OLDER: /m);
    expect(early.err).toMatch(/could not be recorded in the audit log \(SCHEMA_OLDER\)$/);
    expect(await uses()).toEqual([]);
    expect(JSON.parse((await command('migrate', '--json')).out)).toEqual({ from: 0, to: expect.any(Number) });
    expect(await command('migrate')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^schema \d+: nothing to do$/),
    });
    expect((await command('doctor')).out).toMatch(/^ok {3}database: /m);
    expect(await uses()).toEqual(['migrate', 'migrate', 'doctor']);
    expect((await get(await start(byHand), '/readyz')).status).toBe(200);
  });

  it('stops whole: twice the same, no port and no connection left', async () => {
    const bridge = await start();
    expect((await get(bridge, '/livez')).status).toBe(200);
    expect(await connections()).toBeGreaterThan(0);
    await Promise.all([bridge.stop('SIGTERM'), bridge.stop('SIGINT')]);
    await untilDisconnected();
    await expect(get(bridge, '/livez')).rejects.toThrow();
    const again = createServer().listen(bridge.ports.service, '127.0.0.1');
    await new Promise((resolve) => again.once('listening', resolve));
    again.close();
  });

  it.each([
    ...['entry', 'fee_line', 'fee_correction', 'fee_figure', 'fee_import', 'fee_notice', 'fee_payment'],
    ...['fee_stop_lift', 'fee_tariff_switch'],
  ])('does not start as a role that could change bridge.%s', async (name) => {
    const table = `bridge.${name}`;
    await asOwner(test, `GRANT UPDATE ON ${table} TO bridge_app`);
    try {
      const refusal = { code: 'START_REFUSED', fields: { part: 'database-role', reason: 'update', table } };
      await expect(start()).rejects.toMatchObject(refusal);
    } finally {
      await asOwner(test, `REVOKE UPDATE ON ${table} FROM bridge_app`);
    }
  });

  it('that cannot start leaves nothing behind: neither its service port nor connections', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const failing = start((settings) => {
      settings.listeners.ops.port = port;
    });
    await expect(failing).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await untilDisconnected();
    taken.close();
  });

  it('is refused where an account has no price today: money is never guessed', async () => {
    await asOwner(
      test,
      `INSERT INTO bridge.fee_tariff_switch VALUES ('rg-31168', '2020-06-27', 3, 'per-input-datum', NULL, 'RG 31168', NULL)`,
    );
    try {
      const priceless = start((settings) => {
        settings.fees = { inputs: [] };
      });
      await expect(priceless).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/^fees: .*ticaret/),
      });
    } finally {
      await asOwner(test, `DELETE FROM bridge.fee_tariff_switch WHERE row_id = 'rg-31168'`);
    }
    await untilDisconnected();
  });

  it('is refused where a row of the tariff says something else than when it was switched on', async () => {
    const edited = start((settings) => {
      settings.fees = {
        tariff: [
          { id: 'rg-27399', from: '2009-11-07', amountKurus: 9, basis: 'per-query', gazette: 'RG 27399' },
        ],
      };
    });
    await expect(edited).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^fees\.tariff: rg-27399 /),
    });
    await untilDisconnected();
  });

  it('makes room ahead in the log at its start: the next partition is there before it is reached', async () => {
    const partitions = async () => {
      const text =
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'bridge.entry'::regclass";
      return (await test.db.query<{ name: string }>({ text })).rows.map((row) => row.name).sort();
    };
    await start();
    await running?.stop('test');
    expect(await partitions()).toEqual(['bridge.entry_000000']);
    // A log that is half full, as far as its head tells: 2^19 + 12 leaves, three roots.
    const text = 'UPDATE bridge.log_head SET size = 524300, compact_range = $1';
    await test.db.query({ text, values: [Buffer.alloc(96)] });
    // Whose entries are not there: nothing is served on it.
    await expect(start()).rejects.toMatchObject({ code: 'LOG_INCONSISTENT' });
    expect(await partitions()).toEqual(['bridge.entry_000000', 'bridge.entry_000001']);
  });
});
