import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseCidr } from '../../src/config/cidr.js';
import { editDistance, nearestName } from '../../src/config/nearest-name.js';
import { packageRoot } from '../../src/config/package-root.js';
import { settingsTable } from '../../src/config/settings-table.js';

describe('the table of settings', () => {
  const rows = settingsTable();

  it('gives each setting a reason that is a sentence', () => {
    expect(rows.length).toBeGreaterThan(80);
    for (const { path, reason } of rows)
      expect([path, reason.length > 15, /[.!]$/.test(reason)]).toEqual([path, true, true]);
  });

  it('tells default, type and what is required', () => {
    const row = (path: string) => rows.find((candidate) => candidate.path === path);
    expect(row('listeners.service.port')).toMatchObject({ type: 'number', default: '8443' });
    expect(row('environment')).toMatchObject({
      type: 'development | sandbox | production',
      default: '"production"',
    });
    expect(row('instance')).toMatchObject({ default: 'the host name' });
    expect(row('accounts[].password')).toMatchObject({ type: 'secret', default: 'required' });
    expect(row('kps.proxy')).toMatchObject({ default: 'none' });
    expect(row('kps.breakerResetMinutes')).toMatchObject({ default: 'null' });
    expect(row('kps.clientCertificate.pfx')).toMatchObject({ type: 'file', default: 'none' });
  });

  it('names each setting once', () => {
    expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
  });
});

describe('the nearest name', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['same', 'same', 0],
    ['flaw', 'lawn', 2],
  ])('of %s and %s differs by %i', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
  });

  it('ignores case, takes the first of equals, and is undefined where nothing is known', () => {
    expect(nearestName('TIMEOUTMS', ['stsTimeoutMs', 'timeoutMs'])).toBe('timeoutMs');
    expect(nearestName('x', ['a', 'b'])).toBe('a');
    expect(nearestName('x', [])).toBeUndefined();
  });

  it('takes an abbreviation for one slip', () => {
    expect(nearestName('dir', ['port', 'directory'])).toBe('directory');
    expect(nearestName('portNumber', ['host', 'port'])).toBe('port');
  });

  it('of a key as long as a file is found at once', () => {
    expect(nearestName('x'.repeat(1_000_000), ['port'])).toBe('port');
  });
});

describe('a network in CIDR form', () => {
  it.each([
    ['127.0.0.1/32', 4, 32],
    ['10.1.0.0/16', 4, 16],
    ['128.0.0.0/1', 4, 1],
    ['::1/128', 6, 128],
    ['2001:db8::/32', 6, 32],
    ['fe80:0:0:0:0:0:0:0/10', 6, 10],
  ])('%s is read', (text, family, prefix) => {
    expect(parseCidr(text)).toEqual({ ok: true, family, prefix });
  });

  it.each([
    '',
    '10.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '::/129',
    'localhost/8',
    '10.0.0.0/8 ',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.1/8',
    '2001:db8::1/32',
    '::ffff:10.0.0.0/104',
    'fe80::1%eth0/128',
  ])('%p is refused', (text) => {
    expect(parseCidr(text).ok).toBe(false);
  });
});

describe('the folder of the package', () => {
  it('is the one with package.json and the WSDLs beside it', () => {
    expect(existsSync(join(packageRoot(), 'package.json'))).toBe(true);
    expect(existsSync(join(packageRoot(), 'src', 'config', 'package-root.ts'))).toBe(true);
  });

  it('is found from dist/src as from src', () => {
    const root = packageRoot();
    expect(packageRoot(pathToFileURL(join(root, 'dist', 'src', 'config', 'package-root.js')).href)).toBe(
      root,
    );
  });

  it('is refused where no package.json of ours is above', () => {
    expect(() => packageRoot('file:///usr/lib/other/file.js')).toThrow(
      'package.json of koopbis-bridge not found',
    );
  });
});
