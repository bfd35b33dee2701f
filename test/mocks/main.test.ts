import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { freePortRow } from '../../mocks/sandbox/free-ports.js';
import { ACCOUNT, BILESIK_2024, bilesikBody, people } from './support/harness.js';
import { queryXml, readToken, rstXml, send } from './support/reference-client.js';
import { basic, CUSTOMER, identity, post, timeStampReq, USER } from './support/tsa-client.js';
import { makeTsaCertificates, type TsaCertificates } from './support/tsa-harness.js';
import { statusOf } from './support/tsa-reply.js';

let certificates: TsaCertificates;
let directory: string;
let settings: Record<string, unknown>;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  certificates = await makeTsaCertificates();
});
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mocks-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text, { mode: 0o600 });
    return name;
  };
  const control = await freePortRow(4);
  const [sts, kps, tsa] = [control + 1, control + 2, control + 3];
  const person = {
    ...people.alive,
    password: 'x',
    edevletTotp: null,
    stepUpTotp: null,
    level: '1',
    is: ['nobody'],
  };
  settings = {
    dataDirectory: 'data',
    worldFile: file('world.json', JSON.stringify({ people: [person], cooperatives: [] })),
    control: { host: '127.0.0.1', port: control },
    sts: { host: '127.0.0.1', port: sts, url: `https://localhost:${sts}/Services/Issuer.svc/IWSTrust13` },
    kps: { host: '127.0.0.1', port: kps, url: `https://localhost:${kps}/Services/RoutingService.svc` },
    tls: {
      cert: file('c.pem', certificates.server.certPem),
      key: file('k.pem', certificates.server.keyPem),
      clientCa: file('ca.pem', certificates.ca),
    },
    tsa: {
      host: '127.0.0.1',
      port: tsa,
      cert: file('tsa.pem', certificates.tsa.certPem),
      key: file('tsa-key.pem', certificates.tsa.keyPem),
      customers: [
        { customerNo: CUSTOMER.customerNo, passwordFile: file('tsa-password', `${CUSTOMER.password}\n`) },
      ],
      users: [{ userName: USER.userName, passwordFile: file('tsa-user-password', `${USER.password}\n`) }],
    },
    accounts: [
      {
        userName: ACCOUNT.userName,
        passwordFile: file('password', `${ACCOUNT.password}\n`),
        sourceAddresses: ['127.0.0.1'],
      },
    ],
    tokenLifetimeS: 600,
  };
});
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  running.clear();
  rmSync(directory, { recursive: true, force: true });
});

function start(...options: string[]): ChildProcess {
  const path = join(directory, 'settings.json');
  writeFileSync(path, JSON.stringify(settings));
  const loader = resolve('test/support/typescript-loader.mjs');
  const child = spawn(process.execPath, ['--import', loader, resolve('mocks/main.ts'), path, ...options], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  return child;
}

async function ready(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'mocks ready') return;
  }
  throw new Error('ended before it was ready');
}

const url = (system: 'sts' | 'kps') => (settings[system] as { url: string }).url;
const control = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`http://127.0.0.1:${(settings.control as { port: number }).port}${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await response.json()) as Record<string, unknown>;
};
async function ask(): Promise<number> {
  const transport = {
    ca: certificates.ca,
    cert: certificates.client.certPem,
    key: certificates.client.keyPem,
  };
  const urls = { sts: url('sts'), kps: url('kps') };
  const token = readToken(
    (await send(transport, { url: urls.sts, body: rstXml(urls, { password: ACCOUNT.password }) })).text,
  );
  const body = queryXml(urls.kps, token, {
    action: BILESIK_2024,
    body: bilesikBody('2024/04/01', people.alive),
  });
  return (await send(transport, { url: urls.kps, body })).status;
}

describe('the process of the stand-ins', () => {
  it('answers once it says that it is ready, and ends cleanly on SIGTERM', async () => {
    const child = start();
    await ready(child);
    expect(await ask()).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('gives time stamps to the customers and users of its settings', async () => {
    await ready(start());
    const { port } = settings.tsa as { port: number };
    const stamp = async (path: string, headers: Record<string, string>) =>
      statusOf((await post(`http://127.0.0.1:${port}${path}`, { body: timeStampReq(), headers })).body)
        .status;
    expect(await stamp('/', { identity: identity() })).toBe(0);
    expect(await stamp('/basic', basic())).toBe(0);
  });

  it('loses nothing that it saw to kill -9, and keeps a patched world', async () => {
    const first = start();
    await ready(first);
    expect(await ask()).toBe(200);
    const changed = await control('PATCH', `/people/${people.alive.kimlikNo}`, { durum: 'ölüm' });
    expect(changed).toMatchObject({ durum: 'ölüm' });
    const before = await control('GET', '/seen?system=kps');
    first.kill('SIGKILL');
    await once(first, 'exit');
    const second = start();
    await ready(second);
    expect(await control('GET', '/seen?system=kps')).toEqual(before);
    expect(readFileSync(join(directory, 'world.json'), 'utf8')).toContain('ölüm');
  });

  it('goes away with its parent where it was told to', async () => {
    const child = start('--with-parent');
    await ready(child);
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.each<[string, () => void, RegExp]>([
    ['an unknown key', () => Object.assign(settings, { colour: 'red' }), /colour/],
    [
      'a control interface open to the network',
      () => Object.assign(settings, { control: { host: '0.0.0.0', port: 0 } }),
      /loopback/,
    ],
    ['no account', () => Object.assign(settings, { accounts: [] }), /accounts/],
    [
      'a time stamping authority open to the network',
      () => Object.assign(settings.tsa as object, { host: '0.0.0.0' }),
      /loopback/,
    ],
    ['a missing file', () => Object.assign(settings, { worldFile: 'nowhere.json' }), /nowhere\.json/],
  ])('refuses to start with %s and says why', async (_what, change, message) => {
    change();
    const child = start();
    let printed = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    expect(printed).toMatch(message);
    expect(printed).not.toContain(ACCOUNT.password);
  });
});
