import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type Issued, issueCa, issueLeaf } from '../../certs-example/issue.js';
import { SERVER } from '../../certs-example/profile.js';
import { startBrowser } from '../support/browser.js';
import { keyPin, serverKey } from '../support/server-key.js';

const servers: Server[] = [];
let browser: Browser;
let ca: Issued;
let foreign: Issued;
let ours: string;
let others: string;
let chained: string;

/** A server on a free port of loopback. */
async function serve({ certPem, keyPem }: Issued, chain = ''): Promise<string> {
  const server = createServer({ cert: certPem + chain, key: keyPem }, (_request, response) =>
    response.end('<title>here</title>'),
  );
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

async function titleAt(origin: string): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.goto(origin);
    return await page.title();
  } finally {
    await page.close();
  }
}

beforeAll(async () => {
  const now = new Date();
  ca = await issueCa('koopbis-sandbox-ca', now);
  foreign = await issueCa('koopbis-foreign-ca', now);
  ours = await serve(await issueLeaf(SERVER, ca, now));
  others = await serve(await issueLeaf(SERVER, foreign, now));
  // Sends a CA along that did not sign it.
  chained = await serve(await issueLeaf(SERVER, foreign, now), ca.certPem);
  browser = await startBrowser({ trustedKeys: [await serverKey(ours, ca.certPem)] });
});
afterAll(async () => {
  await browser?.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a browser that trusts one server’s key', () => {
  test('opens that server', async () => {
    await expect(titleAt(ours)).resolves.toBe('here');
  });

  test('refuses a server with a certificate of another CA', async () => {
    await expect(titleAt(others)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  });

  test('refuses a server of another CA that sends the trusted CA’s certificate along', async () => {
    await expect(titleAt(chained)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  });

  test('is given no pin of a server that another CA vouches for', async () => {
    await expect(serverKey(others, ca.certPem)).rejects.toThrow();
    await expect(serverKey(chained, ca.certPem)).rejects.toThrow();
  });

  test('without pins refuses even the sandbox’s own server', async () => {
    const plain = await startBrowser();
    try {
      const page = await plain.newPage();
      await expect(page.goto(ours)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
    } finally {
      await plain.close();
    }
  });

  test('a certificate of another key has another pin', () => {
    expect(keyPin(ca.certPem)).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(keyPin(foreign.certPem)).not.toBe(keyPin(ca.certPem));
  });
});
