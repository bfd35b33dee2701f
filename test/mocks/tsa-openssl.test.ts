import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digest, identity, integer, timeStampReq } from './support/tsa-client.js';
import {
  makeTsaCertificates,
  startTsaHarness,
  type TsaCertificates,
  type TsaHarness,
} from './support/tsa-harness.js';

const openssl = (...args: string[]) => {
  const { status, stdout, stderr, error } = spawnSync('openssl', args, { encoding: 'utf8', timeout: 30_000 });
  return { status, text: `${stdout}${stderr}`, missing: error !== undefined };
};
const missing = openssl('version').missing;
if (missing) process.stderr.write('tsa-openssl.test.ts: skipped, there is no openssl on this machine\n');

// The tokens are checked without it too, in tsa-tokens.test.ts.
(missing ? describe.skip : describe)('the openssl command', () => {
  let certificates: TsaCertificates;
  let stand: TsaHarness;
  let directory: string;
  const file = (name: string, content?: string | Buffer) => {
    const path = join(directory, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };

  beforeAll(async () => {
    certificates = await makeTsaCertificates();
    stand = await startTsaHarness(certificates);
    directory = mkdtempSync(join(tmpdir(), 'tsa-openssl-'));
    file('ca.pem', certificates.tsaCa);
    file('signer.pem', certificates.tsa.certPem);
    file('other-ca.pem', certificates.ca);
    file('data', 'checkpoint');
  });
  afterAll(async () => {
    await stand?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function stamped(body = timeStampReq(), path = '/plain', headers = {}): Promise<string> {
    return file('reply.tsr', (await stand.stamp(path, body, headers)).body);
  }
  const verify = (reply: string, ...more: string[]) =>
    openssl('ts', '-verify', '-in', reply, '-CAfile', file('ca.pem'), ...more);

  it('verifies a token against data and CA', async () => {
    expect(verify(await stamped(), '-data', file('data'))).toMatchObject({
      status: 0,
      text: expect.stringContaining('Verification: OK'),
    });
  });

  it('verifies the answer to a query of its own, nonce and policy with it', async () => {
    const query = file('own.tsq');
    const made = openssl(
      'ts',
      '-query',
      '-data',
      file('data'),
      '-sha256',
      '-cert',
      '-tspolicy',
      '2.999.3161.1',
      '-out',
      query,
    );
    expect(made).toMatchObject({ status: 0 });
    const reply = await stamped(readFileSync(query), '/', { identity: identity() });
    expect(verify(reply, '-queryfile', query)).toMatchObject({ status: 0 });
  });

  it('verifies a token without certificates where it is given the signer', async () => {
    const reply = await stamped(timeStampReq({ certReq: null }));
    expect(verify(reply, '-data', file('data')).status).not.toBe(0);
    expect(verify(reply, '-data', file('data'), '-untrusted', file('signer.pem'))).toMatchObject({
      status: 0,
    });
  });

  it('refuses other data, another nonce and another CA', async () => {
    const reply = await stamped(timeStampReq({ nonce: integer(5) }));
    expect(verify(reply, '-data', file('other', 'checkpoinT')).status).not.toBe(0);
    const query = file('nonce.tsq', timeStampReq({ nonce: integer(6) }));
    expect(verify(reply, '-queryfile', query)).toMatchObject({
      text: expect.stringContaining('nonce mismatch'),
    });
    const elsewhere = openssl(
      'ts',
      '-verify',
      '-in',
      reply,
      '-CAfile',
      file('other-ca.pem'),
      '-data',
      file('data'),
    );
    expect(elsewhere.status).not.toBe(0);
  });

  it('refuses what the fault wrong-imprint gives', async () => {
    await stand.control('POST', '/faults', { system: 'tsa', kind: 'wrong-imprint', count: 1 });
    const wrong = verify(await stamped(), '-digest', digest('checkpoint').toString('hex'));
    expect(wrong).toMatchObject({ text: expect.stringContaining('message imprint mismatch') });
  });

  it('reads a rejection with its reason', async () => {
    const reply = await stamped(timeStampReq({ imprint: Buffer.alloc(31) }));
    const { text } = openssl('ts', '-reply', '-in', reply, '-text');
    expect(text).toContain('Status: Rejected.');
    expect(text).toContain('the data submitted has the wrong format');
  });
});
