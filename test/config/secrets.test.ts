import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeKey32 } from '../../src/config/key32.js';
import { Secret } from '../../src/config/secret.js';
import { type Loose, makeWorkplace, PASSWORD, problemsOf, type Workplace } from './fixture.js';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace();
});
afterAll(() => place.remove());

const withPassword = (password: unknown, env?: Record<string, string>) =>
  problemsOf(
    place.load((settings: Loose) => {
      settings.accounts[0].password = password;
    }, env),
  );

describe('a secret in the settings', () => {
  it.each([
    ['a literal string', PASSWORD],
    ['a number', 1234567],
    ['a list', [PASSWORD]],
    ['a mapping with the value', { value: PASSWORD }],
    ['a mapping whose key is the value', { [PASSWORD]: null }],
    ['a variable name that is the value', { env: PASSWORD }],
    ['a file name that is the value', { file: PASSWORD }],
    ['both sources', { file: PASSWORD, env: 'KPS_PASSWORD' }],
    ['no source', {}],
    ['nothing', null],
  ])('is refused as %s, and not repeated', async (_what, password) => {
    const problems = await withPassword(password);
    expect(problems.length).toBeGreaterThan(0);
    for (const line of problems) expect(line).toMatch(/^accounts\[0\]\.password/);
    expect(problems.join('\n')).not.toMatch(/hunter2|1234567/);
  });

  it('written as a literal is told how to be written', async () => {
    expect(await withPassword(PASSWORD)).toEqual([
      'accounts[0].password: must be { file: … } or { env: … }, never the value itself',
    ]);
  });

  it.each([
    ['is empty', '', 'is empty'],
    ['holds a line end only', '\n', 'is empty'],
    ['is larger than 64 KiB', 'x'.repeat(65_537), 'is larger than 64 KiB'],
    ['is not text', Buffer.from([0xff, 0xfe, 0x41]), 'is not UTF-8 text'],
    ['holds a NUL', 'a\0b', 'holds a NUL character'],
  ])('is refused where its file %s', async (_what, content, problem) => {
    place.write('bad', content);
    expect(await withPassword({ file: 'bad' })).toEqual([`accounts[0].password: ${problem}`]);
  });

  it('of exactly 64 KiB is read whole', async () => {
    place.write('large', 'x'.repeat(65_536));
    const config = await place.load((settings) => {
      settings.accounts[0].password = { file: 'large' };
    });
    expect(config.accounts[0]?.password.reveal()).toHaveLength(65_536);
  });

  it('is refused where its file is a folder or a pipe that nobody writes to', async () => {
    mkdirSync(join(place.folder, 'folder'));
    execFileSync('mkfifo', [join(place.folder, 'pipe')]);
    for (const file of ['folder', 'pipe']) {
      expect(await withPassword({ file })).toEqual(['accounts[0].password: is not a regular file']);
    }
  });

  it('is refused where its variable is not set or empty', async () => {
    expect(await withPassword({ env: 'NOT_SET' })).toEqual([
      'accounts[0].password: the environment variable that it names is not set',
    ]);
    expect(await withPassword({ env: 'EMPTY' }, { EMPTY: '' })).toEqual(['accounts[0].password: is empty']);
  });

  it.each([
    [0o640, true],
    [0o604, true],
    [0o600, false],
    [0o400, false],
  ])('in a file of mode %o warns: %s', async (mode, warns) => {
    place.write('password', PASSWORD, mode);
    const config = await place.load((settings) => {
      settings.accounts[0].password = { file: 'password' };
    });
    expect(config.warnings.map((line) => line.split(':')[0])).toEqual(warns ? ['accounts[0].password'] : []);
  });
});

describe('what a secret must look like', () => {
  it.each([
    ['31 bytes of hex', 'ab'.repeat(31)],
    ['33 bytes of base64', Buffer.alloc(33, 7).toString('base64')],
    ['a word', 'password'],
    ['base64 with spare bits set', `${'A'.repeat(42)}B=`],
  ])('refuses %s as a key of the audit log', async (_what, text) => {
    place.write('bad.key', text);
    const problems = await problemsOf(
      place.load((settings) => {
        settings.audit.masterKeys[0].key = { file: 'bad.key' };
      }),
    );
    expect(problems).toEqual(['audit.masterKeys[0].key: must be 32 bytes, as base64 or hex']);
    expect(() => decodeKey32(new Secret(text))).toThrow('a key must be 32 bytes');
  });

  it('refuses one key in two places of the audit log, also in two spellings', async () => {
    const key = Buffer.alloc(32, 9);
    const problems = await problemsOf(
      place.load(
        (settings) => {
          settings.audit.masterKeys[0].key = { env: 'ONE' };
          settings.audit.tagKeys[0].key = { env: 'TWO' };
        },
        { ONE: key.toString('hex'), TWO: key.toString('base64') },
      ),
    );
    expect(problems).toEqual(['audit.tagKeys[0].key: is the same key as audit.masterKeys[0].key']);
  });

  it('refuses a repeated key id', async () => {
    const problems = await problemsOf(
      place.load(
        (settings) => {
          settings.audit.tagKeys.push({ id: 1, key: { env: 'K' } });
        },
        { K: 'cd'.repeat(32) },
      ),
    );
    expect(problems).toEqual(['audit.tagKeys[1].id: is also the id of audit.tagKeys[0]']);
  });

  it.each(['mysql://u:hunter2@h/d', 'postgres://h', 'hunter2'])(
    'refuses %s as a database, without repeating it',
    async (url) => {
      const problems = await problemsOf(
        place.load(
          (settings) => {
            settings.database = { url: { env: 'DB' }, migrateOnStart: false };
          },
          { DB: url },
        ),
      );
      expect(problems).toEqual(['database.url: must be a postgres:// URL with host and database']);
    },
  );

  it('refuses a certificate in the place of a key, an encrypted key, and a key in the place of a certificate', async () => {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    });
    place.write('encrypted.key', privateKey);
    for (const file of ['server.crt', 'encrypted.key']) {
      expect(
        await problemsOf(
          place.load((settings) => {
            settings.listeners.service.key = { file };
          }),
        ),
      ).toEqual(['listeners.service.key: must be an unencrypted private key in PEM']);
    }
    expect(
      await problemsOf(
        place.load((settings) => {
          settings.listeners.service.clientCa = 'server.key';
        }),
      ),
    ).toEqual(['listeners.service.clientCa: must be a file of PEM certificates']);
  });
});

describe('Secret', () => {
  it('prints as *** in every way that prints, and reveals its value only when asked', () => {
    const secret = new Secret(PASSWORD);
    const printed = [
      String(secret),
      `${secret}`,
      `${`${secret as unknown as string}`}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }, { showHidden: true }),
      JSON.stringify(Object.entries(secret)),
      [secret].join(),
    ];
    for (const text of printed) expect(text).not.toContain(PASSWORD);
    expect(printed.slice(0, 3)).toEqual(['***', '***', '***']);
    expect(secret.reveal()).toBe(PASSWORD);
  });
});
