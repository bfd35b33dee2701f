import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPublisher } from '../../src/audit/checkpoint/publisher.js';
import { auditCommand } from '../../src/commands/audit/audit.js';
import { publisherDepsOf } from '../../src/house/open-evidence.js';
import { asAdmin } from '../../src/storage/embedded/roles.js';
import { issue, pemOf } from '../verifier/support/authority.js';
import { type CommandDesk, openCommandDesk } from './support/command-desk.js';

const OFFICER = 50;
let desk: CommandDesk;

beforeAll(async () => {
  desk = await openCommandDesk({ audit: auditCommand }, []);
  await desk.tokenOf(OFFICER);
  writeFileSync(join(desk.workplace.folder, 'root.pem'), pemOf(await issue({ name: 'Root', ca: true })));
  await desk.settings((settings) => {
    settings.audit.timestamps = { authorities: [{ id: 'tsa', url: 'http://127.0.0.1:1/', ca: 'root.pem' }] };
  });
  await createPublisher(publisherDepsOf(desk.config, desk.test.db)).publish();
}, 60_000);
afterAll(() => desk.close());

const admin = (sql: string) => asAdmin(desk.test.adminUrl, async (ask) => void (await ask(sql)));
const check = async () => {
  const { code, err, out } = await desk.bridge(['audit', 'check', '--json']);
  return { code, err, report: JSON.parse(out) as { size: number; difference: unknown } };
};

describe('bridge audit check', () => {
  it('tells the log at its end what it looked at and that all of it holds, and passes again over that entry', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      const { code, err, report } = await check();
      expect({ code, err, difference: report.difference }).toEqual({ code: 0, err: '', difference: null });
      expect(await desk.lastEntries(1)).toEqual([
        {
          kind: 'log.checked',
          data: { check: null, instance: desk.config.instance, leaf: null, ok: true, size: report.size },
        },
      ]);
    }
  });

  it('tells the log which check failed and at which leaf, and ends with 1 all the same', async () => {
    await admin('UPDATE bridge.entry SET line = replace(line, \'"v":1\', \'"v":2\') WHERE leaf_index = 0');
    const { code, err, report } = await check();
    await admin('UPDATE bridge.entry SET line = replace(line, \'"v":2\', \'"v":1\') WHERE leaf_index = 0');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(report.difference).toMatchObject({ check: 'entries', leaf: 0 });
    const [entry] = await desk.lastEntries(1);
    expect(entry).toEqual({
      kind: 'log.checked',
      data: { check: 'entries', instance: desk.config.instance, leaf: 0, ok: false, size: report.size },
    });
  });

  it('keeps exit code and finding where the log cannot be told of it, and says so beside them', async () => {
    await admin(`CREATE FUNCTION bridge.no_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.kind = 'log.checked' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER no_check BEFORE INSERT ON bridge.entry FOR EACH ROW EXECUTE FUNCTION bridge.no_check()`);
    const sound = await check();
    expect(sound).toMatchObject({ code: 0, report: { difference: null } });
    expect(sound.err).toMatch(/^the log could not be told of this check: [A-Z_]+$/);
    await admin('UPDATE bridge.entry SET line = replace(line, \'"v":1\', \'"v":2\') WHERE leaf_index = 0');
    const broken = await check();
    expect(broken).toMatchObject({ code: 1, report: { difference: { check: 'entries', leaf: 0 } } });
    expect(broken.err).toMatch(/^the log could not be told/);
  });
});
