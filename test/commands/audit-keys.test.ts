import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSigner } from '../../src/audit/note/note.js';
import { keysCommand } from '../../src/commands/audit/keys.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { run } from './support.js';

let workplace: Workplace;
beforeAll(async () => {
  workplace = await makeWorkplace();
});
afterAll(() => workplace.remove());

it('tells the verifier keys with the fingerprints that the verifier shows, and never the private key', async () => {
  const old = 'log.example/test+00000000+AQ'.padEnd('log.example/test+00000000+'.length + 44, 'A');
  const pem = readFileSync(join(workplace.folder, 'checkpoint.key'), 'utf8');
  const other = createSigner('log.example/test', pem).key.text;
  await workplace.load((settings) => {
    settings.audit.oldCheckpointKeys = [other];
  });
  const env = { ...workplace.env, BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  const { code, out, err } = await run({ keys: keysCommand }, ['keys', '--json'], env);
  expect(code).toBe(0);
  const sha256 = createHash('sha256').update(other, 'utf8').digest('hex');
  expect(JSON.parse(out)).toEqual([
    { key: other, sha256, use: 'signs' },
    { key: other, sha256, use: 'verifies' },
  ]);
  expect(`${out}${err}`).not.toContain(pem.split('\n')[1]);
  await workplace.load((settings) => {
    settings.audit.oldCheckpointKeys = [old];
  });
  expect((await run({ keys: keysCommand }, ['keys'], env)).code).toBe(1);
});
